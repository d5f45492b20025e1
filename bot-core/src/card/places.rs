//! What the admins of places are told that share a forum, or that don't.

use super::parts::{card, named};
use crate::document::{Block, Card, Inline};
use crate::text::{Arg, Key, Texts};

/// A place's name, which leads there.
#[must_use]
pub fn place_link(name: &str, url: &str) -> Inline {
    Inline::Link {
        to: url.to_owned(),
        text: vec![Inline::Text(named(name))],
    }
}

/// A sentence about a place and another one.
#[must_use]
pub fn on_places(texts: &Texts, key: Key, place: Inline, other: Inline) -> Card {
    let args = [("place", Arg::Node(place)), ("other", Arg::Node(other))];
    card(vec![Block::Paragraph(texts.line(key, &args))])
}
