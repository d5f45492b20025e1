//! What a post said before.

use super::markdown;
use super::parts::{at, count, paged, person, said, text, title_text};
use crate::document::{Block, Card, Inline};
use crate::forum::{Address, RevisionView};
use crate::text::{Arg, Key, Texts};

/// A page, from 1, of a post's texts in the order given, nothing folded; a page beyond the last is the last. `most` is
/// a page's weight. `prefix` stands before commands.
#[must_use]
pub fn history(
    texts: &Texts,
    prefix: &str,
    address: Address,
    revisions: &[RevisionView],
    most: usize,
    page: u32,
) -> Card {
    let heading = texts.line(Key::History, &[("address", at(address))]);
    let mut blocks = Vec::new();
    for one in revisions {
        blocks.extend(revision(texts, one));
    }
    let command = format!("{prefix}history {address}");
    paged(
        texts,
        vec![Block::Title(heading)],
        blocks,
        most,
        page,
        &command,
    )
}

/// One text, whose it is and why it was changed.
fn revision(texts: &Texts, one: &RevisionView) -> Vec<Block> {
    let heading = texts.line(
        Key::Revision,
        &[
            ("number", count(one.number)),
            ("author", Arg::Text(&person(texts, &one.author))),
            ("at", Arg::Node(texts.time(one.at))),
        ],
    );
    let mut blocks = vec![Block::Heading(heading)];
    if let Some(reason) = &one.reason {
        let reason = said(reason);
        blocks.push(Block::Small(
            texts.line(Key::RevisionReason, &[("reason", Arg::Text(&reason))]),
        ));
    }
    if let Some(title) = &one.title {
        blocks.push(Block::Paragraph(vec![Inline::Strong(text(title_text(
            title,
        )))]));
    }
    blocks.extend(markdown(&one.body));
    blocks
}
