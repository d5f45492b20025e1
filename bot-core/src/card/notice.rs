//! Short replies: what was done, what is missing, what went wrong on our side.

use super::parts::{at, card, command, named, said, sentence, text};
use super::{Block, Card};
use crate::forum::{Address, Score, Vote};
use crate::text::{Arg, Key, Texts};

/// That a question is asked.
#[must_use]
pub fn asked(texts: &Texts, question: Address) -> Card {
    sentence(texts, Key::DoneAsked, &[("address", at(question))])
}

/// That an answer is posted.
#[must_use]
pub fn answered(texts: &Texts, answer: Address) -> Card {
    sentence(texts, Key::DoneAnswered, &[("address", at(answer))])
}

/// That a comment is posted.
#[must_use]
pub fn commented(texts: &Texts, comment: Address) -> Card {
    sentence(texts, Key::DoneCommented, &[("address", at(comment))])
}

/// That a post is changed.
#[must_use]
pub fn edited(texts: &Texts, post: Address) -> Card {
    sentence(texts, Key::DoneEdited, &[("address", at(post))])
}

/// That a post is taken back.
#[must_use]
pub fn withdrawn(texts: &Texts, post: Address) -> Card {
    sentence(texts, Key::DoneWithdrawn, &[("address", at(post))])
}

/// That a post is hidden. `prefix` stands before commands.
#[must_use]
pub fn hidden(texts: &Texts, prefix: &str, post: Address) -> Card {
    let unhide = command(prefix, format_args!("unhide {post}"));
    sentence(
        texts,
        Key::DoneHidden,
        &[("address", at(post)), ("command", unhide)],
    )
}

/// That a hidden post is shown again.
#[must_use]
pub fn unhidden(texts: &Texts, post: Address) -> Card {
    sentence(texts, Key::DoneUnhidden, &[("address", at(post))])
}

/// That an answer is accepted.
#[must_use]
pub fn accepted(texts: &Texts, answer: Address) -> Card {
    sentence(texts, Key::DoneAccepted, &[("answer", at(answer))])
}

/// That a question has no accepted answer any more.
#[must_use]
pub fn unaccepted(texts: &Texts, question: Address) -> Card {
    sentence(texts, Key::DoneUnaccepted, &[("question", at(question))])
}

/// How a person's vote on a post stands now, and the post's votes with it.
#[must_use]
pub fn voted(texts: &Texts, post: Address, vote: Option<Vote>, score: Score) -> Card {
    let key = match vote {
        Some(Vote::Up) => Key::DoneVotedUp,
        Some(Vote::Down) => Key::DoneVotedDown,
        None => Key::DoneVotedNone,
    };
    let votes = texts.votes(score);
    sentence(
        texts,
        key,
        &[("address", at(post)), ("votes", Arg::Text(&votes))],
    )
}

/// That a command lacks something; `usage` is how it is typed, prefix and all.
#[must_use]
pub fn missing_argument(texts: &Texts, usage: &str) -> Card {
    sentence(
        texts,
        Key::MissingArgument,
        &[("usage", command("", usage))],
    )
}

/// That there is no such command as was `said`, and the `command` that is nearest to it; both without `prefix`.
#[must_use]
pub fn did_you_mean(texts: &Texts, prefix: &str, said_name: &str, nearest: &str) -> Card {
    sentence(
        texts,
        Key::DidYouMean,
        &[
            ("said", command(prefix, said(said_name))),
            ("command", command(prefix, nearest)),
        ],
    )
}

/// That in a direct message it can't be told which forum is meant; `forums` are the names of those that both share.
#[must_use]
pub fn which_forum<'a>(texts: &Texts, forums: impl IntoIterator<Item = &'a str>) -> Card {
    let item = |name| vec![Block::Paragraph(text(named(name)))];
    card(vec![
        Block::Paragraph(texts.line(Key::WhichForum, &[])),
        Block::List {
            first: None,
            items: forums.into_iter().map(item).collect(),
        },
    ])
}

/// That a message can't be read, because it is encrypted and its key has not come.
#[must_use]
pub fn undecryptable(texts: &Texts) -> Card {
    sentence(texts, Key::Undecryptable, &[])
}

/// That something broke on our side; `code` is in the log beside what it was.
#[must_use]
pub fn fault(texts: &Texts, code: &str) -> Card {
    sentence(texts, Key::Fault, &[("code", command("", code))])
}
