//! Short replies: what was done, what is missing, what went wrong on our side.

use super::parts::{self, at, card, command, count, joined, named, person, said, sentence, text};
use crate::document::{Block, Card, Inline};
use crate::forum::{Address, Score, Vote};
use crate::names::PlaceKey;
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

/// A sentence of its own about a post, such as [`Key::NoMore`].
#[must_use]
pub fn about(texts: &Texts, key: Key, post: Address) -> Card {
    sentence(texts, key, &[("address", at(post))])
}

/// That a card which was taken away hides nothing, and what does. `prefix` stands before commands.
#[must_use]
pub fn card_removed(texts: &Texts, prefix: &str, post: Address) -> Card {
    let hide = command(prefix, format_args!("hide {post}"));
    sentence(
        texts,
        Key::CardRemoved,
        &[("address", at(post)), ("command", hide)],
    )
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

/// That a post of somebody else's is hidden, whose own message still stands. `prefix` stands before commands.
#[must_use]
pub fn screened(texts: &Texts, prefix: &str, post: Address) -> Card {
    let args = [
        ("address", at(post)),
        ("command", command(prefix, format_args!("unhide {post}"))),
        ("remove", command(prefix, format_args!("remove {post}"))),
    ];
    sentence(texts, Key::DoneScreened, &args)
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
    let votes = Arg::Node(parts::votes(texts, score));
    sentence(texts, key, &[("address", at(post)), ("votes", votes)])
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

/// That a command has no such option; both as they are typed.
#[must_use]
pub fn unknown_option(texts: &Texts, option: &str, usage: &str) -> Card {
    let args = [
        ("option", command("", said(option))),
        ("usage", command("", usage)),
    ];
    sentence(texts, Key::UnknownOption, &args)
}

/// That a command has no such option but one of another name; all as they are typed.
#[must_use]
pub fn misnamed_option(texts: &Texts, option: &str, near: &str, usage: &str) -> Card {
    let args = [
        ("option", command("", said(option))),
        ("near", command("", near)),
        ("usage", command("", usage)),
    ];
    sentence(texts, Key::MisnamedOption, &args)
}

/// That there is no command of a name, as it was typed.
#[must_use]
pub fn no_such_command(texts: &Texts, said_name: &str) -> Vec<Block> {
    let args = [("said", command("", said(said_name)))];
    sentence(texts, Key::NoSuchCommand, &args).blocks
}

/// That a message has several commands in it, and nothing was done.
#[must_use]
pub fn several_commands(texts: &Texts) -> Card {
    sentence(texts, Key::SeveralCommands, &[])
}

/// That an option has no value; both as they are typed.
#[must_use]
pub fn empty_option(texts: &Texts, option: &str, usage: &str) -> Card {
    let args = [
        ("option", command("", said(option))),
        ("usage", command("", usage)),
    ];
    sentence(texts, Key::EmptyOption, &args)
}

/// That there is no such command as was `said`, and the `command` that is nearest to it; both without `prefix`.
#[must_use]
pub fn did_you_mean(texts: &Texts, prefix: &str, said_name: &str, nearest: &str) -> Card {
    sentence(
        texts,
        Key::DidYouMean,
        &[
            ("said", command("", said(said_name))),
            ("command", command(prefix, nearest)),
        ],
    )
}

/// A place, by the platform's name for it and what people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceLink<'a> {
    /// The platform's name for it.
    pub key: &'a PlaceKey,
    /// What people call it. People's text.
    pub name: &'a str,
}

impl PlaceLink<'_> {
    fn drawn(self) -> Inline {
        Inline::Place {
            key: self.key.clone(),
            name: named(self.name),
        }
    }
}

/// How somebody decides in a conversation what they are asked there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// By what they say, or by a reaction.
    Words,
    /// By buttons below the question.
    Buttons,
}

impl DecidedBy {
    fn choice(self) -> Arg<'static> {
        Arg::Choice(match self {
            Self::Words => "words",
            Self::Buttons => "buttons",
        })
    }

    /// What asks which forums there are.
    fn list(self, prefix: &str) -> Arg<'static> {
        let said = match self {
            Self::Words => "forum",
            Self::Buttons => "forum which",
        };
        command(prefix, said)
    }
}

/// The question which of several forums a conversation is about, each by a `place` of it; `prefix` stands before commands.
#[must_use]
pub fn which_forum<'a>(
    texts: &Texts,
    (by, prefix): (DecidedBy, &str),
    places: impl IntoIterator<Item = PlaceLink<'a>>,
) -> Card {
    let item = |place: PlaceLink<'_>| vec![Block::Paragraph(vec![place.drawn()])];
    let args = [("command", by.list(prefix)), ("by", by.choice())];
    card(vec![
        Block::Paragraph(texts.line(Key::WhichForum, &args)),
        Block::List {
            first: Some(1),
            items: places.into_iter().map(item).collect(),
        },
    ])
}

/// Which forum a conversation is about, by a place of it. `prefix` stands before commands.
#[must_use]
pub fn forum_chosen(texts: &Texts, (by, prefix): (DecidedBy, &str), place: PlaceLink<'_>) -> Card {
    let args = [
        ("place", Arg::Node(place.drawn())),
        ("command", by.list(prefix)),
    ];
    sentence(texts, Key::ForumChosen, &args)
}

/// The question whether what was said in a conversation is to be published: in which places (`others` more show it too), and under
/// which name. `yes` and `no` are the words for it.
#[must_use]
pub fn confirm_publish<'a>(
    texts: &Texts,
    by: DecidedBy,
    places: impl IntoIterator<Item = PlaceLink<'a>>,
    others: u32,
    name: &str,
    (yes, no): (&str, &str),
) -> Card {
    let places = places.into_iter().map(|place| vec![place.drawn()]);
    let name = person(texts, &name.into());
    let args = [
        (
            "places",
            Arg::Nodes(joined(texts, Key::Comma, places.collect())),
        ),
        ("others", count(others)),
        ("name", Arg::Node(Inline::Strong(text(name)))),
        ("by", by.choice()),
        ("yes", command("", yes)),
        ("no", command("", no)),
    ];
    sentence(texts, Key::ConfirmPublish, &args)
}

/// That what waited to be published is forgotten.
#[must_use]
pub fn not_published(texts: &Texts) -> Card {
    sentence(texts, Key::NotPublished, &[])
}

/// The question whether a post is to be deleted for good. `yes` and `no` are the words for it.
#[must_use]
pub fn confirm_delete(texts: &Texts, post: Address, (yes, no): (&str, &str)) -> Card {
    let args = [
        ("post", at(post)),
        ("yes", command("", yes)),
        ("no", command("", no)),
    ];
    sentence(texts, Key::ConfirmDelete, &args)
}

/// That nothing was deleted.
#[must_use]
pub fn not_deleted(texts: &Texts) -> Card {
    sentence(texts, Key::NotDeleted, &[])
}

/// That nothing waits to be published any more.
#[must_use]
pub fn nothing_waits(texts: &Texts) -> Card {
    sentence(texts, Key::NothingWaits, &[])
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
