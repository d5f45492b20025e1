//! The cards of answers and comments.

use super::parts::{self, at, author, card, edited, facts, hidden_card, tombstone, votes};
use super::question::folded;
use super::{actions, origin};
use crate::document::{Block, Card, Inline, Subject};
use crate::forum::{Condition, PostKind, PostView};
use crate::text::{Arg, Key, Texts};

/// The card of an answer: its text, folded where it is long, its votes and dates. Of a hidden one, that it is, and of a
/// withdrawn one, that it was.
#[must_use]
pub fn answer(texts: &Texts, prefix: &str, post: &PostView, accepted: bool) -> Card {
    posted(texts, prefix, title(texts, post, accepted), post, accepted)
}

/// The card of a comment. Of a hidden one, that it is, and of a withdrawn one, that it was.
#[must_use]
pub fn comment(texts: &Texts, prefix: &str, post: &PostView) -> Card {
    let title = head(texts, Key::CommentTitle, post);
    posted(texts, prefix, title, post, false)
}

/// The card of a post below a question.
fn posted(
    texts: &Texts,
    prefix: &str,
    title: Vec<Inline>,
    post: &PostView,
    accepted: bool,
) -> Card {
    match post.condition {
        Condition::Withdrawn => return card(vec![tombstone(texts, post.address)]),
        Condition::Hidden(hiding) => return hidden_card(texts, prefix, post, hiding),
        Condition::Visible => {}
    }
    let mut blocks = vec![Block::Title(title)];
    blocks.extend(folded(texts, prefix, post));
    blocks.push(state(texts, post));
    blocks.extend(origin::line(texts, post));
    Card {
        subject: Some(Subject {
            address: post.address,
            kind: post.kind,
            title: None,
            tags: Vec::new(),
            accepted,
        }),
        actions: actions::of_post(post.kind, accepted),
        ..card(blocks)
    }
}

/// Whose answer it is, and whether it is accepted.
pub(super) fn title(texts: &Texts, post: &PostView, accepted: bool) -> Vec<Inline> {
    match accepted {
        true => parts::accepted(head(texts, Key::AnswerTitleAccepted, post)),
        false => head(texts, Key::AnswerTitle, post),
    }
}

/// Whose post it is, as the message `key` says it.
pub(super) fn head(texts: &Texts, key: Key, post: &PostView) -> Vec<Inline> {
    texts.line(
        key,
        &[
            ("address", at(post.address)),
            ("author", Arg::Text(&author(texts, post))),
        ],
    )
}

/// The votes and dates of an answer or comment.
pub(super) fn state(texts: &Texts, post: &PostView) -> Block {
    facts(texts, dates(texts, post))
}

/// The same, fact by fact; a comment that nobody voted for says nothing of votes.
pub(super) fn dates(texts: &Texts, post: &PostView) -> Vec<Vec<Inline>> {
    let mut line = Vec::new();
    if post.kind != PostKind::Comment || post.score.net() != 0 {
        line.push(vec![votes(texts, post.score)]);
    }
    line.push(vec![texts.time(post.at)]);
    line.extend(edited(texts, post));
    line
}
