//! A question's card.

use super::fold::{CARD_FOLD, fold};
use super::parts::{
    accepted, answers, asked, at, card, command, edited, facts, hidden_card, joined, tag, text,
    title, title_text, tombstone, votes,
};
use super::{actions, markdown, origin};
use crate::document::{Block, Card, Subject};
use crate::forum::{Address, Condition, PostView, QuestionView};
use crate::text::{Arg, Key, Texts};

/// The card of a question: its text, folded where it is long, its votes and dates, and how to take part where nobody did
/// yet. `prefix` stands before commands. Of a hidden question, that it is, and of a withdrawn one, that it was.
#[must_use]
pub fn question(texts: &Texts, prefix: &str, question: &QuestionView) -> Card {
    let post = &question.post;
    match post.condition {
        Condition::Withdrawn => return card(vec![tombstone(texts, post.address)]),
        Condition::Hidden(hiding) => return hidden_card(texts, prefix, post, hiding),
        Condition::Visible => {}
    }
    let mut blocks = vec![Block::Title(title(texts, question))];
    blocks.extend(folded(texts, prefix, post));
    blocks.extend(state(texts, question));
    if question.answers == 0 && question.closing.is_none() {
        let answer = command(prefix, format_args!("answer {} …", post.address));
        blocks.push(Block::Small(
            texts.line(Key::QuestionHint, &[("command", answer)]),
        ));
    }
    Card {
        subject: Some(Subject {
            address: post.address,
            kind: post.kind,
            title: Some(title_text(&question.title)),
            tags: question.tags.iter().map(|name| tag(name)).collect(),
            accepted: question.accepted.is_some(),
        }),
        actions: actions::of_question(question.closing.is_some()),
        ..card(blocks)
    }
}

/// A post's text as its card shows it, and how to see all of it where it is cut off.
pub(super) fn folded(texts: &Texts, prefix: &str, post: &PostView) -> Vec<Block> {
    let (mut blocks, cut) = fold(markdown(&post.body), CARD_FOLD);
    if cut {
        let question = Address::question(post.address.question);
        let show = command(prefix, format_args!("show {question}"));
        blocks.push(Block::Small(texts.line(Key::Folded, &[("command", show)])));
    }
    blocks
}

/// A question's tags, votes and dates, and its accepted answer.
pub(super) fn state(texts: &Texts, question: &QuestionView) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !question.tags.is_empty() {
        let tags = question.tags.iter().map(|name| text(tag(name))).collect();
        let tags = Arg::Nodes(joined(texts, Key::Comma, tags));
        blocks.push(Block::Small(texts.line(Key::Tags, &[("tags", tags)])));
    }
    let post = &question.post;
    let mut line = vec![
        vec![votes(texts, post.score)],
        answers(texts, question.answers),
        asked(texts, post),
    ];
    line.extend(edited(texts, post));
    blocks.push(facts(texts, line));
    if let Some(answer) = question.accepted {
        blocks.push(Block::Paragraph(accepted(
            texts.line(Key::Answered, &[("answer", at(answer))]),
        )));
    }
    if let Some(closing) = &question.closing {
        blocks.push(Block::Paragraph(origin::closed(texts, closing)));
    }
    blocks.extend(origin::line(texts, post));
    blocks
}
