//! What people can say: the table of commands, the parser of what they wrote, and what their reactions mean.
//!
//! Each command is declared once, in a file of `list/`, for every platform: the parser, the help, the suggestions and the platforms' own
//! commands are made from the declarations. Knows the forum's words; does nothing itself.

mod act;
mod declaration;
mod emoji;
mod given;
mod link;
mod list;
mod options;
mod paged;
mod parse;
mod suggest;
mod target;
mod words;

pub use act::Act;
pub use declaration::{Command, Does, Opt, Param, Subcommand, Who};
pub use emoji::ReactionMeaning;
pub use given::Given;
pub use link::{JoinCommand, Link};
pub use list::{COMMANDS, Intent, View, build, named, view};
pub use options::WrongOption;
pub use parse::{Bare, Parsed, Speech, parse};
pub use target::{ListOrder, Target};
pub use words::{AGREED, ALL_COMMANDS, CODE, DECLINED, OwnWords, code};

#[cfg(test)]
mod tests;
