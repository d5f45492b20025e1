//! A question with all that hangs on it, in pages.

use super::answer::{dates, head};
use super::parts::{self, facts, paged, screen, title, tombstone};
use super::{answer, markdown, origin, question};
use crate::document::{Block, Card};
use crate::forum::{Address, AnswerView, Condition, PostView, ThreadView, Timestamp};
use crate::text::{Arg, Key, Texts};

/// A page, from 1, of a question with its comments, answers and their comments, nothing folded; a page beyond the last is
/// the last. `most` is a page's weight. `prefix` stands before commands.
#[must_use]
pub fn show(texts: &Texts, prefix: &str, thread: &ThreadView, most: usize, page: u32) -> Card {
    let asked = &thread.question.post;
    let mut head = Vec::new();
    let mut blocks = Vec::new();
    match asked.condition {
        Condition::Visible => {
            head.push(Block::Title(title(texts, &thread.question)));
            blocks.extend(markdown(&asked.body));
            blocks.extend(question::state(texts, &thread.question));
        }
        Condition::Hidden(hiding) => head.push(screen(texts, prefix, asked.address, hiding)),
        Condition::Withdrawn => head.push(tombstone(texts, asked.address)),
    }
    let comments = thread.comments.iter();
    blocks.extend(comments.map(|post| comment(texts, prefix, post)));
    for one in &thread.answers {
        blocks.push(Block::Rule);
        blocks.extend(answered(texts, prefix, one));
    }
    let command = format!("{prefix}show {}", asked.address);
    paged(texts, head, blocks, most, page, &command)
}

/// A page, from 1, of one answer of a question with the answer's comments, nothing folded; a page beyond the last is the last.
/// `most` is a page's weight. `prefix` stands before commands.
#[must_use]
pub fn show_answer(
    texts: &Texts,
    prefix: &str,
    (thread, one): (&ThreadView, &AnswerView),
    most: usize,
    page: u32,
) -> Card {
    let head = match thread.question.post.condition {
        Condition::Visible => vec![Block::Title(title(texts, &thread.question))],
        Condition::Hidden(_) | Condition::Withdrawn => Vec::new(),
    };
    let command = format!("{prefix}show {}", one.post.address);
    paged(
        texts,
        head,
        answered(texts, prefix, one),
        most,
        page,
        &command,
    )
}

/// The same where votes on the message and replies to it are about the question, with when it was so: it is not kept up to date.
#[must_use]
pub fn as_of(texts: &Texts, mut shown: Card, at: Timestamp, question: Address) -> Card {
    let args = [
        ("at", Arg::Node(texts.time(at))),
        ("post", parts::at(question)),
    ];
    let line = texts.line(Key::ShowAsOf, &args);
    shown.blocks.push(Block::Small(line));
    shown
}

/// An answer with its comments.
fn answered(texts: &Texts, prefix: &str, one: &AnswerView) -> Vec<Block> {
    let post = &one.post;
    let mut blocks = match post.condition {
        Condition::Visible => {
            let title = answer::title(texts, post, one.accepted);
            let mut blocks = vec![Block::Heading(title)];
            blocks.extend(markdown(&post.body));
            blocks.push(answer::state(texts, post));
            blocks.extend(origin::line(texts, post));
            blocks
        }
        Condition::Hidden(hiding) => vec![screen(texts, prefix, post.address, hiding)],
        Condition::Withdrawn => vec![tombstone(texts, post.address)],
    };
    let comments = one.comments.iter();
    blocks.extend(comments.map(|post| comment(texts, prefix, post)));
    blocks
}

/// A comment, set in.
fn comment(texts: &Texts, prefix: &str, post: &PostView) -> Block {
    Block::Quote(match post.condition {
        Condition::Visible => {
            let mut line = vec![head(texts, Key::CommentHead, post)];
            line.extend(dates(texts, post));
            if let Some(from) = &post.origin {
                line.extend(origin::licence(texts, from));
            }
            let mut blocks = vec![facts(texts, line)];
            blocks.extend(markdown(&post.body));
            blocks
        }
        Condition::Hidden(hiding) => vec![screen(texts, prefix, post.address, hiding)],
        Condition::Withdrawn => vec![tombstone(texts, post.address)],
    })
}
