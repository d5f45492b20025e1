//! A real Synapse for tests, and people who chat on it.
//!
//! [`Synapse::shared`] gives the one server of this test process, [`Synapse::start`] a server of the test's own that may be
//! stopped, killed and frozen, [`Synapse::federating`] several that share rooms and may be cut off from each other. A [`Person`]
//! is a human with a plain Matrix client: they make rooms, talk, react and look at what is shown. Everything goes over HTTP to
//! a homeserver on loopback, so that what a test sees is what a person would see.
//!
//! It may start processes and write to a cache folder (`$STOA_TEST_CACHE`, else `$XDG_CACHE_HOME/stoa-tests`, else
//! `~/.cache/stoa-tests`) and to the temporary folder. It must not know the bot, its core or matrix-sdk: it is the other side.
//!
//! Methods panic with a sentence that says who attempted what, since their callers are tests; the few whose refusal a test may
//! want to see start with `try_` or give a `Result`. Waiting is done by the server's long polling, never by sleeping.

mod certificates;
mod config;
mod federation;
mod ids;
mod launcher;
mod person;
mod program;
mod register;
mod relay;
mod room;
mod server;
mod shown;
mod talk;
mod transcript;
mod watch;
mod wire;

pub use environment::python_with;
pub use federation::Federated;
pub use ids::{EventId, RoomId, UserId};
pub use person::Person;
pub use register::Account;
pub use room::RoomOptions;
pub use server::{OwnSynapse, Synapse};
pub use shown::Shown;
pub use wire::Failed;
