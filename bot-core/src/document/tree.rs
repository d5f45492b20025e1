//! What a document is made of. People's text is in it as plain text, never as markup: each platform's renderer escapes
//! every string of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::forum::{Address, PostId, PostKind, Timestamp, Vote};
use crate::names::{MessageKey, PlaceKey};

/// Something to show: a post's card, a reply, a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its parts, top to bottom.
    pub blocks: Vec<Block>,
    /// The messages in the place it goes to that show the posts it speaks of; the renderer makes links of them.
    pub links: BTreeMap<Address, MessageKey>,
    /// The post that it is the card of, if it is a post's: what a platform needs to put it where such posts go.
    pub subject: Option<Subject>,
    /// What can be done with the post that it is the card of, the most usual first; each platform offers it in its own way. It is no part of
    /// what is shown: a card that differs in nothing else is not edited.
    pub actions: Vec<Action>,
    /// Which page it is, if it is one of several.
    pub page: Option<PageNumber>,
    /// The posts whose text it holds, if it is not the card of one: the message that shows it goes when one of them does.
    pub holds: BTreeSet<PostId>,
    /// The post that votes on the message and replies to it are about, if it is not the card of one.
    pub shows: Option<PostId>,
}

/// Something that can be done with the post of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To vote on it, or take the vote back.
    Vote(Vote),
    /// To answer it.
    Answer,
    /// To accept it as the answer.
    Accept,
    /// To comment on it.
    Comment,
    /// To change it.
    Edit,
    /// To see its earlier texts.
    History,
    /// To see all of it.
    Whole,
}

/// Which page of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// What a card is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The post.
    pub address: Address,
    /// Question, answer or comment.
    pub kind: PostKind,
    /// A question's title, on one line; none of one that is hidden. People's text.
    pub title: Option<String>,
    /// A question's tags. People's text.
    pub tags: Vec<String>,
    /// Of a question, whether an answer was accepted; of an answer, whether it was.
    pub accepted: bool,
}

impl Subject {
    /// A question of which nothing but its number may be told.
    #[must_use]
    pub const fn untitled(address: Address) -> Self {
        Self {
            address,
            kind: PostKind::Question,
            title: None,
            tags: Vec::new(),
            accepted: false,
        }
    }
}

/// A part that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Block {
    /// The card's title.
    Title(Vec<Inline>),
    /// A heading inside a text, or over a part of a list.
    Heading(Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Small print: votes, dates, hints.
    Small(Vec<Inline>),
    /// A block of code.
    Code {
        /// The language named at the fence: ASCII letters, digits, `+`, `-`, `#` only.
        language: Option<String>,
        /// The code, without a newline at its end.
        text: String,
    },
    /// A quotation, or what is set in from the rest.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// The number of the first item, where the items are numbered.
        first: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A rule between parts.
    Rule,
}

/// What a part of a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// That an answer is accepted, or which.
    Accepted,
    /// How many votes a post has.
    Score,
    /// That a question has no answers.
    Unanswered,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Inline {
    /// Plain text; may be people's.
    Text(String),
    /// Stressed.
    Emphasis(Vec<Inline>),
    /// Strongly stressed.
    Strong(Vec<Inline>),
    /// Struck through.
    Strike(Vec<Inline>),
    /// Covered until the reader wants to see it.
    Spoiler(Vec<Inline>),
    /// Code in a line.
    Code(String),
    /// A word that was searched for.
    Mark(String),
    /// What a reader looks for; drawn like the rest where nothing sets it off.
    Fact(Fact, Vec<Inline>),
    /// A link; its scheme is one of http, https, mailto, matrix.
    Link {
        /// Where it leads; may be people's: escape it.
        to: String,
        /// What it shows.
        text: Vec<Inline>,
    },
    /// A post, by its address.
    Address(Address),
    /// A room or channel; each platform's renderer links to it where it can.
    Place {
        /// The platform's name for it.
        key: PlaceKey,
        /// What people call it. People's text.
        name: String,
    },
    /// A moment; shown by its words, or in a form that ages by itself.
    Time {
        /// When.
        at: Timestamp,
        /// The same in words, absolute.
        words: String,
    },
    /// A line's end inside a paragraph.
    Break,
}
