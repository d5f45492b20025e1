//! A question with all that hangs on it, in pages.

use super::answer::{dates, head};
use super::parts::{facts, paged, title, tombstone};
use super::{Block, Card, answer, markdown, question};
use crate::forum::{AnswerView, Condition, PostView, ThreadView};
use crate::text::{Key, Texts};

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
        Condition::Withdrawn => head.push(tombstone(texts, asked.address)),
    }
    blocks.extend(thread.comments.iter().map(|post| comment(texts, post)));
    for one in &thread.answers {
        blocks.push(Block::Rule);
        blocks.extend(answered(texts, one));
    }
    let command = format!("{prefix}show {}", asked.address);
    paged(texts, head, blocks, most, page, &command)
}

/// An answer with its comments.
fn answered(texts: &Texts, one: &AnswerView) -> Vec<Block> {
    let post = &one.post;
    let mut blocks = match post.condition {
        Condition::Visible => {
            let key = if one.accepted {
                Key::AnswerTitleAccepted
            } else {
                Key::AnswerTitle
            };
            let mut blocks = vec![Block::Heading(head(texts, key, post))];
            blocks.extend(markdown(&post.body));
            blocks.push(answer::state(texts, post));
            blocks
        }
        Condition::Withdrawn => vec![tombstone(texts, post.address)],
    };
    blocks.extend(one.comments.iter().map(|post| comment(texts, post)));
    blocks
}

/// A comment, set in.
fn comment(texts: &Texts, post: &PostView) -> Block {
    Block::Quote(match post.condition {
        Condition::Visible => {
            let mut line = vec![head(texts, Key::CommentHead, post)];
            line.extend(dates(texts, post));
            let mut blocks = vec![facts(texts, line)];
            blocks.extend(markdown(&post.body));
            blocks
        }
        Condition::Withdrawn => vec![tombstone(texts, post.address)],
    })
}
