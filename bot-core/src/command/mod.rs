//! What people can say: the table of commands, the parser of what they wrote, and what their reactions mean.
//!
//! Declared once, for every platform: the parser, the help and the suggestions are made from the one table. Knows the
//! forum's words and the names of texts; does nothing itself.

mod emoji;
mod intent;
mod parse;
mod table;

pub use emoji::Reaction;
pub use intent::{Intent, ListOrder, Target, Union};
pub use parse::{AGREED, Bare, CODE, DECLINED, Parsed, Speech, WrongOption, code, parse};
pub use table::{COMMANDS, Command, Opt, Param, Verb, named};

#[cfg(test)]
mod tests;
