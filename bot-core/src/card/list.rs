//! Lists of questions.

use super::parts::{self, accepted, answers, asked, card, command, facts, title, votes};
use crate::document::{Block, Card};
use crate::forum::{Page, QuestionView};
use crate::text::{Arg, Key, Texts};

/// A page of questions under a heading, such as [`Key::ListRecent`], perhaps only those with a tag. `next` is the command, prefix and all, that shows the
/// next page. `prefix` stands before other commands.
#[must_use]
pub fn list(
    texts: &Texts,
    prefix: &str,
    (heading, tag): (Key, Option<&str>),
    page: &Page<QuestionView>,
    next: Option<&str>,
) -> Card {
    let tag = tag.map(parts::tag);
    let mut title = texts.line(heading, &[]);
    if let Some(tag) = &tag {
        let args = [("list", Arg::Nodes(title)), ("tag", Arg::Text(tag))];
        title = texts.line(Key::ListTagged, &args);
    }
    let mut blocks = vec![Block::Title(title)];
    if page.total == 0 {
        blocks.push(Block::Paragraph(match &tag {
            Some(tag) => texts.line(Key::ListEmptyTagged, &[("tag", Arg::Text(tag))]),
            None if heading == Key::ListUnanswered => texts.line(Key::ListEmptyUnanswered, &[]),
            None => texts.line(Key::ListEmpty, &[("command", command(prefix, "ask"))]),
        }));
        return card(blocks);
    }
    let items = page.items.iter().map(|question| listed(texts, question));
    blocks.push(Block::List {
        first: None,
        items: items.collect(),
    });
    parts::page(texts, blocks, (page.number, page.pages), next)
}

/// A question in a list.
fn listed(texts: &Texts, question: &QuestionView) -> Vec<Block> {
    let mut line = vec![
        vec![votes(texts, question.post.score)],
        answers(texts, question.answers),
    ];
    if question.accepted.is_some() {
        line.push(accepted(texts.line(Key::ListAnswered, &[])));
    }
    if question.closing.is_some() {
        line.push(texts.line(Key::ListClosed, &[]));
    }
    line.push(asked(texts, &question.post));
    vec![Block::Paragraph(title(texts, question)), facts(texts, line)]
}
