//! The neutral document: what is shown, before any platform draws it. Texts put words into it, cards build it, platforms
//! draw it.
//!
//! `tree` is its types, `walk` goes through it, `hash` tells whether what it shows is another. Pure; may know
//! [`crate::forum`] and [`crate::names`] only.

mod hash;
mod tree;
mod walk;

pub use hash::content_hash;
pub use tree::{Action, Block, Card, Fact, Inline, PageNumber, Subject};
pub use walk::{Walk, in_blocks, in_line};

#[cfg(test)]
mod tests;
