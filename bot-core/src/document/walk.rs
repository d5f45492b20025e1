//! Going through a document in the order in which it is read.

use std::collections::BTreeSet;

use super::{Block, Card, Inline};
use crate::forum::Address;

/// Whether a walk goes on inside the part that it has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// To the parts in it, if it has any.
    Into,
    /// To what comes after it.
    Over,
}

/// Shows each part of these blocks' lines to `see`, the outer before those in it.
pub fn in_blocks<'a>(blocks: &'a [Block], see: &mut impl FnMut(&'a Inline) -> Walk) {
    for block in blocks {
        match block {
            Block::Title(line)
            | Block::Heading(line)
            | Block::Paragraph(line)
            | Block::Small(line) => in_line(line, see),
            Block::Quote(blocks) => in_blocks(blocks, see),
            Block::List { items, .. } => items.iter().for_each(|item| in_blocks(item, see)),
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

/// Shows each part of a line to `see`, the outer before those in it.
pub fn in_line<'a>(line: &'a [Inline], see: &mut impl FnMut(&'a Inline) -> Walk) {
    for part in line {
        match see(part) {
            Walk::Into => in_line(part.inside(), see),
            Walk::Over => {}
        }
    }
}

impl Inline {
    /// The parts that it holds: none where it is a text, a name or a moment.
    #[must_use]
    pub fn inside(&self) -> &[Self] {
        match self {
            Self::Emphasis(parts)
            | Self::Strong(parts)
            | Self::Strike(parts)
            | Self::Spoiler(parts)
            | Self::Fact(_, parts)
            | Self::Link { text: parts, .. } => parts,
            Self::Text(_)
            | Self::Code(_)
            | Self::Mark(_)
            | Self::Address(_)
            | Self::Place { .. }
            | Self::Time { .. }
            | Self::Break => &[],
        }
    }
}

impl Card {
    /// The posts that it speaks of.
    #[must_use]
    pub fn addresses(&self) -> BTreeSet<Address> {
        let mut found = BTreeSet::new();
        in_blocks(&self.blocks, &mut |part| {
            if let Inline::Address(address) = part {
                found.insert(*address);
            }
            Walk::Into
        });
        found
    }
}
