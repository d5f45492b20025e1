//! What is said below something that one person looked at and shows to all.

use super::parts::person;
use crate::document::{Block, Card};
use crate::forum::PersonName;
use crate::text::{Arg, Key, Texts};

/// The card with a last line that says who shows it. They are named, not mentioned.
#[must_use]
pub fn shared_by(texts: &Texts, mut card: Card, by: &PersonName) -> Card {
    let name = person(texts, by);
    let line = texts.line(Key::SharedBy, &[("person", Arg::Text(&name))]);
    card.blocks.push(Block::Small(line));
    card
}
