//! People and what they have: guilds, channels, messages, and what the bot shows them.

mod channel;
mod command;
mod guild;
mod interaction;
mod message;
mod modal;
mod options;
mod person;
mod presses;
mod sight;
mod timing;

pub use channel::Channel;
pub use guild::Guild;
pub use interaction::{Choice, Interaction, Response};
pub use message::Message;
pub use modal::{Input, Modal};
pub use person::Person;
