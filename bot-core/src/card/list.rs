//! Lists of questions.

use super::parts::{self, accepted, answers, asked, card, command, facts, title, votes};
use crate::document::{Block, Card};
use crate::forum::{Page, QuestionView};
use crate::text::{Key, Texts};

/// A page of questions under a heading, such as [`Key::ListRecent`]. `next` is the command, prefix and all, that shows the
/// next page. `prefix` stands before other commands.
#[must_use]
pub fn list(
    texts: &Texts,
    prefix: &str,
    heading: Key,
    page: &Page<QuestionView>,
    next: Option<&str>,
) -> Card {
    let mut blocks = vec![Block::Title(texts.line(heading, &[]))];
    if page.total == 0 {
        let ask = command(prefix, "ask");
        blocks.push(Block::Paragraph(
            texts.line(Key::ListEmpty, &[("command", ask)]),
        ));
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
