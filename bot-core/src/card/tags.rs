//! Lists of tags.

use super::parts::{self, card, command};
use crate::document::{Block, Card};
use crate::forum::{Page, TagView};
use crate::text::{Arg, Key, Texts};

/// A page of tags, perhaps only those that begin so. `next` is the command, prefix and all, that shows the next page. `prefix` stands before
/// other commands.
#[must_use]
pub fn tags(
    texts: &Texts,
    prefix: &str,
    begin: Option<&str>,
    page: &Page<TagView>,
    next: Option<&str>,
) -> Card {
    let title = match begin {
        Some(begin) => texts.line(Key::TagsBegin, &[("tag", Arg::Text(begin))]),
        None => texts.line(Key::TagsAll, &[]),
    };
    let mut blocks = vec![Block::Title(title)];
    if page.items.is_empty() {
        blocks.push(Block::Paragraph(match begin {
            Some(begin) => texts.line(Key::TagsNone, &[("tag", Arg::Text(begin))]),
            None => texts.line(Key::ListEmpty, &[("command", command(prefix, "ask"))]),
        }));
        return card(blocks);
    }
    let items = page.items.iter().map(|tag| {
        let args = [
            ("tag", Arg::Text(&tag.name)),
            ("count", Arg::Number(tag.questions.into())),
        ];
        vec![Block::Paragraph(texts.line(Key::TagsOne, &args))]
    });
    blocks.push(Block::List {
        first: None,
        items: items.collect(),
    });
    parts::page(texts, blocks, (page.number, page.pages), next)
}
