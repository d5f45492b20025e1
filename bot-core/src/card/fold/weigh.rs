//! What a document weighs: an upper bound of the bytes that Matrix needs for it, as plain text and as HTML together, in
//! JSON. The costs are those of the longest form that a renderer gives a part.

use crate::document::{Block, Inline};

/// A tag pair of a block, with the lines between blocks.
pub(super) const BLOCK: usize = 40;
/// A block of code: two tags, the language's class, the fences.
pub(super) const CODE: usize = 80;
/// An item's tags and its marker.
pub(super) const ITEM: usize = 48;
/// A mark's tags in both forms.
pub(super) const MARK: usize = 32;
/// A spoiler's marks in both forms.
pub(super) const SPOILER: usize = 45;
/// A link's tags without its address.
const LINK: usize = 32;
/// A post's address with a link to the message that shows it.
const ADDRESS: usize = 400;
/// A moment in both forms, without its words.
const TIME: usize = 64;
/// A line end in both forms.
const LINE: usize = 10;
/// What a level of quotes adds to each line.
pub(super) const INDENT: usize = 4;

/// What the document weighs, in bytes.
#[must_use]
pub fn weight(blocks: &[Block]) -> usize {
    of_blocks(blocks, 0)
}

/// What blocks weigh at `indent` bytes from the margin.
fn of_blocks(blocks: &[Block], indent: usize) -> usize {
    usize::MAX - blocks_taken_from(usize::MAX, blocks, indent).unwrap_or_default()
}

/// How much room there is still when blocks have taken theirs; none where that is not enough. Looks at no more than that.
fn blocks_taken_from(room: usize, blocks: &[Block], indent: usize) -> Option<usize> {
    let mut blocks = blocks.iter();
    blocks.try_fold(room, |left, block| taken_from(left, block, indent))
}

/// The same of a block.
pub(super) fn taken_from(room: usize, block: &Block, indent: usize) -> Option<usize> {
    let left = room.checked_sub(own(block, indent))?;
    match block {
        Block::Title(parts)
        | Block::Heading(parts)
        | Block::Paragraph(parts)
        | Block::Small(parts) => parts_taken_from(left, parts, indent),
        Block::Code { text, .. } => text_taken_from(left, text, indent),
        Block::Quote(blocks) => blocks_taken_from(left, blocks, indent + INDENT),
        Block::List { first, items } => {
            let marker = marker(*first, items.len());
            items.iter().try_fold(left, |left, item| {
                let left = left.checked_sub(of_item(&[], indent, marker))?;
                blocks_taken_from(left, item, indent + marker)
            })
        }
        Block::Rule => Some(left),
    }
}

/// What a block weighs without what is in it.
pub(super) fn own(block: &Block, indent: usize) -> usize {
    match block {
        Block::Code { language, .. } => of_fences(language.as_deref(), indent),
        Block::Title(_)
        | Block::Heading(_)
        | Block::Paragraph(_)
        | Block::Small(_)
        | Block::Quote(_)
        | Block::List { .. }
        | Block::Rule => of_tags(indent),
    }
}

/// What a block's tags weigh.
pub(super) fn of_tags(indent: usize) -> usize {
    BLOCK + 2 * indent
}

/// What stands around code.
pub(super) fn of_fences(language: Option<&str>, indent: usize) -> usize {
    CODE + 2 * language.map_or(0, str::len) + 2 * indent
}

/// What a list's item weighs, where the list's markers are `marker` wide.
pub(super) fn of_item(item: &[Block], indent: usize, marker: usize) -> usize {
    ITEM + indent + of_blocks(item, indent + marker)
}

/// How wide the widest marker of a list is: what it adds to each line of an item.
pub(super) fn marker(first: Option<u64>, items: usize) -> usize {
    first.map_or(2, |first| {
        let last = first.saturating_add(u64::try_from(items).unwrap_or(u64::MAX));
        last.to_string().len() + 2
    })
}

/// How much room there is still when the parts of a line have taken theirs; none where that is not enough.
fn parts_taken_from(room: usize, parts: &[Inline], indent: usize) -> Option<usize> {
    let mut parts = parts.iter();
    parts.try_fold(room, |left, part| part_taken_from(left, part, indent))
}

/// The same of a part of a line.
pub(super) fn part_taken_from(room: usize, part: &Inline, indent: usize) -> Option<usize> {
    let marked = |own| room.checked_sub(own);
    match part {
        Inline::Text(text) => text_taken_from(room, text, indent),
        Inline::Code(text) | Inline::Mark(text) => text_taken_from(marked(MARK)?, text, indent),
        Inline::Emphasis(parts) | Inline::Strong(parts) | Inline::Strike(parts) => {
            parts_taken_from(marked(MARK)?, parts, indent)
        }
        Inline::Spoiler(parts) => parts_taken_from(marked(SPOILER)?, parts, indent),
        Inline::Fact(_, parts) => parts_taken_from(room, parts, indent),
        Inline::Link { to, text } => parts_taken_from(marked(link(to))?, text, indent),
        Inline::Address(_) => marked(ADDRESS),
        Inline::Place { key, name } => text_taken_from(marked(link(&key.0))?, name, indent),
        Inline::Time { words, .. } => text_taken_from(marked(TIME)?, words, indent),
        Inline::Break => marked(LINE + indent),
    }
}

/// The same of a text.
pub(super) fn text_taken_from(room: usize, text: &str, indent: usize) -> Option<usize> {
    let mut chars = text.chars();
    chars.try_fold(room, |left, c| left.checked_sub(of_char(c, indent)))
}

/// What a link weighs without its text.
pub(super) fn link(to: &str) -> usize {
    LINK + of_text(to, 0)
}

/// What text weighs.
pub(super) fn of_text(text: &str, indent: usize) -> usize {
    text.chars().map(|c| of_char(c, indent)).sum()
}

/// What a character weighs: once as it is, once as HTML, each as JSON has it.
pub(super) fn of_char(c: char, indent: usize) -> usize {
    match c {
        '"' => 2 + 6,
        '<' | '>' | '&' | '\'' => 1 + 6,
        '\\' | '\t' => 2 + 2,
        // In code, each makes the fences on both sides longer.
        '`' => 2 + 2,
        '\n' => LINE + indent,
        _ => 2 * c.len_utf8(),
    }
}

/// How many levels of marks and links are inside each other in a line.
pub(in super::super) fn depth_of(parts: &[Inline]) -> usize {
    let deepest = parts.iter().map(|part| match part {
        Inline::Emphasis(parts)
        | Inline::Strong(parts)
        | Inline::Strike(parts)
        | Inline::Spoiler(parts) => 1 + depth_of(parts),
        Inline::Link { text, .. } => 1 + depth_of(text),
        Inline::Fact(_, parts) => depth_of(parts),
        Inline::Text(_)
        | Inline::Code(_)
        | Inline::Mark(_)
        | Inline::Address(_)
        | Inline::Place { .. }
        | Inline::Time { .. }
        | Inline::Break => 0,
    });
    deepest.max().unwrap_or(0)
}

/// How many levels of quotes, lists and marks are inside each other.
#[cfg(test)]
pub(in super::super) fn depth(blocks: &[Block]) -> usize {
    let deepest = blocks.iter().map(|block| match block {
        Block::Title(parts)
        | Block::Heading(parts)
        | Block::Paragraph(parts)
        | Block::Small(parts) => depth_of(parts),
        Block::Quote(blocks) => 1 + depth(blocks),
        Block::List { items, .. } => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
        Block::Code { .. } | Block::Rule => 0,
    });
    deepest.max().unwrap_or(0)
}
