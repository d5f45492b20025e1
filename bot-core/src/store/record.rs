//! A forum's posts as files hold them: what an import gives to the store and an export takes from it. As JSON, they are the format
//! that `docs/import.md` describes: what is not said is left out, and what is not known is an error.

use serde::de::{self, Deserializer};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::forum::{ClosingReason, Hider, Timestamp, Vote};

/// The version of the format.
pub const VERSION: u32 = 1;

/// A moment: in a file, RFC 3339 with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

/// An account on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRecord {
    /// The platform's name in the store.
    pub platform: String,
    /// The platform's name for the account.
    #[serde(deserialize_with = "id")]
    pub key: String,
    /// What people call it; empty where nobody knows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
}

/// Where a post was imported from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginRecord {
    /// What the import was called.
    pub source: String,
    /// The post's name there.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// The address of the site.
    #[serde(default, skip_serializing_if = "is_default")]
    pub site: Option<String>,
    /// The licence of its text.
    #[serde(default, skip_serializing_if = "is_default")]
    pub licence: Option<String>,
    /// Whether it belonged to the community there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wiki: bool,
}

/// Where a post was first written, if that was in another store, or under another number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenIn {
    /// The name of that store.
    pub store: String,
    /// The post's address there: `#1.2`.
    pub address: String,
}

/// Who wrote the present text, where that is not the one that was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edited {
    /// Who.
    pub by: AccountRecord,
    /// When.
    pub at: Moment,
    /// Why, in their words.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reason: Option<String>,
}

/// An earlier text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// A question's title.
    #[serde(default, skip_serializing_if = "is_default")]
    pub title: Option<String>,
    /// Markdown.
    pub body: String,
    /// A question's tags.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Vec<String>,
    /// Who wrote it.
    pub by: AccountRecord,
    /// When.
    pub at: Moment,
    /// Why, in their words.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reason: Option<String>,
}

/// One saying of a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoteRecord {
    /// Who.
    pub by: AccountRecord,
    /// Which way.
    pub vote: Vote,
    /// The reaction by which it was said, if it was one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reaction: Option<String>,
    /// Whether it counts no more, though its reaction may still hang.
    #[serde(default, skip_serializing_if = "is_default")]
    pub spent: bool,
}

/// Votes whose voters are not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Carried {
    /// For.
    #[serde(skip_serializing_if = "is_default")]
    pub ups: u32,
    /// Against.
    #[serde(skip_serializing_if = "is_default")]
    pub downs: u32,
}

/// That a post is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hidden {
    /// Since when.
    pub at: Moment,
    /// As what whoever hid it did.
    #[serde(rename = "as")]
    pub role: Hider,
    /// Who, where that is known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub by: Option<AccountRecord>,
    /// When it is withdrawn, unless it is shown before.
    #[serde(default, skip_serializing_if = "is_default")]
    pub withdraw_at: Option<Moment>,
}

/// That a post was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// When.
    pub at: Moment,
    /// By whom, where that is known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub by: Option<AccountRecord>,
}

/// The accepted answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// Its number under the question.
    pub answer: u32,
    /// The reaction that accepted it, if one did.
    #[serde(default, skip_serializing_if = "is_default")]
    pub via: Option<String>,
}

/// That a question is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// When.
    pub at: Moment,
    /// Why.
    pub why: ClosingReason,
}

/// The number that a question had in a forum before that joined this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The forum's name.
    pub forum: String,
    /// The number.
    pub number: u32,
}

/// What a question has to do with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// It is about something like it.
    Related,
    /// It asks the same.
    Duplicate,
}

/// That a question has to do with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The question: its number with a `#` before it, or its name at its origin.
    #[serde(deserialize_with = "id")]
    pub from: String,
    /// The other, said so.
    #[serde(deserialize_with = "id")]
    pub to: String,
    /// What it has to do with it.
    pub kind: Relation,
}

/// The greatest number that is taken from a file: as many again, and twice that, are left for what comes behind it.
pub const GREATEST_NUMBER: u32 = 1_000_000_000;

/// What an export says of the forum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The format's version.
    pub stoa: u32,
    /// The forum's name.
    pub forum: String,
    /// The number given last.
    pub questions: u32,
    /// The name of the store that wrote it, by which its posts are known again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub store: Option<String>,
    /// Which copy of that store it was.
    #[serde(default, skip_serializing_if = "is_default")]
    pub epoch: Option<i64>,
}

/// Declares kinds of posts: what all have, what stands before it, and what stands behind.
macro_rules! posts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$first:meta])* $before:ident: $of:ty,)* } then { $($(#[$last:meta])* $behind:ident: $to:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            /// Its number; none gets the next.
            #[serde(skip_serializing_if = "is_default")]
            pub number: Option<u32>,
            /// Its name in the file or dump that it is in; short for an `origin`.
            #[serde(deserialize_with = "some_id", skip_serializing_if = "is_default")]
            pub id: Option<String>,
            $($(#[$first])* #[serde(skip_serializing_if = "is_default")] pub $before: $of,)*
            /// Its text: Markdown; none of one that was withdrawn.
            #[serde(skip_serializing_if = "is_default")]
            pub body: Option<String>,
            /// Who wrote it.
            #[serde(skip_serializing_if = "is_default")]
            pub author: Option<AccountRecord>,
            /// When it was posted; else now.
            #[serde(skip_serializing_if = "is_default")]
            pub at: Option<Moment>,
            /// Who wrote its present text.
            #[serde(skip_serializing_if = "is_default")]
            pub edited: Option<Edited>,
            /// Its earlier texts, oldest first.
            #[serde(skip_serializing_if = "is_default")]
            pub revisions: Vec<Revision>,
            /// What was said of it, in that order.
            #[serde(skip_serializing_if = "is_default")]
            pub votes: Vec<VoteRecord>,
            /// Votes that nobody is known to have said.
            #[serde(skip_serializing_if = "is_default")]
            pub carried: Carried,
            /// That it is hidden.
            #[serde(skip_serializing_if = "is_default")]
            pub hidden: Option<Hidden>,
            /// That it was taken back.
            #[serde(skip_serializing_if = "is_default")]
            pub withdrawn: Option<Withdrawn>,
            /// Where it was imported from.
            #[serde(skip_serializing_if = "is_default")]
            pub origin: Option<OriginRecord>,
            /// Where it was first written, if not in the store that exports it under this number.
            #[serde(skip_serializing_if = "is_default")]
            pub written_in: Option<WrittenIn>,
            $($(#[$last])* #[serde(skip_serializing_if = "is_default")] pub $behind: $to,)*
        }

        impl $name {
            /// What all posts have.
            pub(super) fn post(&self) -> PostRecord<'_> {
                PostRecord {
                    number: self.number,
                    id: self.id.as_deref(),
                    body: self.body.as_deref(),
                    author: self.author.as_ref(),
                    at: self.at,
                    edited: self.edited.as_ref(),
                    revisions: &self.revisions,
                    votes: &self.votes,
                    carried: self.carried,
                    hidden: self.hidden.as_ref(),
                    withdrawn: self.withdrawn.as_ref(),
                    origin: self.origin.as_ref(),
                    written_in: self.written_in.as_ref(),
                }
            }

            /// Puts what all posts have in its place.
            pub(crate) fn of(common: Comment) -> Self {
                Self {
                    number: common.number,
                    id: common.id,
                    body: common.body,
                    author: common.author,
                    at: common.at,
                    edited: common.edited,
                    revisions: common.revisions,
                    votes: common.votes,
                    carried: common.carried,
                    hidden: common.hidden,
                    withdrawn: common.withdrawn,
                    origin: common.origin,
                    written_in: common.written_in,
                    $($before: Default::default(),)*
                    $($behind: Default::default(),)*
                }
            }
        }
    )+};
}

posts! {
    /// A question with all that hangs on it.
    Question {
        /// Its title.
        title: String,
        /// Its tags, in their order; in a file, a text of them will do.
        #[serde(deserialize_with = "tags")]
        tags: Vec<String>,
    } then {
        /// That it is closed.
        closed: Option<Closed>,
        /// The numbers it had in forums that joined this one.
        formerly: Vec<Former>,
        /// Its accepted answer.
        accepted: Option<Accepted>,
        /// The id of its accepted answer where both come from, of which that is all that is known.
        #[serde(skip)]
        accepts: Option<String>,
        /// Short for one answer of which no more is known.
        answer: Option<String>,
        /// Its comments, in the order of their numbers.
        comments: Vec<Comment>,
        /// Its answers, in the order of their numbers.
        answers: Vec<Answer>,
    }
    /// An answer with its comments.
    Answer {} then {
        /// Its comments, in the order of their numbers.
        comments: Vec<Comment>,
    }
    /// A comment.
    Comment {} then {}
}

/// What all posts have.
#[derive(Clone, Copy, Debug)]
pub(super) struct PostRecord<'r> {
    pub number: Option<u32>,
    pub id: Option<&'r str>,
    pub body: Option<&'r str>,
    pub author: Option<&'r AccountRecord>,
    pub at: Option<Moment>,
    pub edited: Option<&'r Edited>,
    pub revisions: &'r [Revision],
    pub votes: &'r [VoteRecord],
    pub carried: Carried,
    pub hidden: Option<&'r Hidden>,
    pub withdrawn: Option<&'r Withdrawn>,
    pub origin: Option<&'r OriginRecord>,
    pub written_in: Option<&'r WrittenIn>,
}

/// One thing of a forum.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// What the whole is.
    Head(Head),
    /// Accounts that are one person.
    Person(Vec<AccountRecord>),
    /// A question with what hangs on it.
    Question(Box<Question>),
    /// An answer to a question that came before.
    Answer {
        /// The question's name where both come from.
        to: String,
        /// The answer.
        answer: Box<Answer>,
    },
    /// That a question has to do with another.
    Link(Link),
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What something is called elsewhere: a text, or a number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an id is a text or a whole number")]
enum Id {
    Text(String),
    Number(u64),
    Below(i64),
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        match id {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
            Id::Below(number) => number.to_string(),
        }
    }
}

fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Id::deserialize(from).map(String::from)
}

fn some_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Id>::deserialize(from)?.map(String::from))
}

/// Tags in a list, or in a text with commas or blanks between them.
fn tags<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "tags are a text or a list of texts")]
    enum Tags {
        Text(String),
        List(Vec<String>),
    }
    Ok(match Tags::deserialize(from)? {
        Tags::List(tags) => tags,
        Tags::Text(text) => text
            .split([',', ' ', '\t'])
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let at = jiff::Timestamp::from_millisecond(self.0.0).map_err(serde::ser::Error::custom)?;
        to.collect_str(&format_args!("{at:.3}"))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let at: jiff::Timestamp = text.parse().map_err(|_| {
            de::Error::custom(format!(
                "“{text}” is no moment such as 2026-11-23T12:56:00.000Z"
            ))
        })?;
        Ok(Self(Timestamp(at.as_millisecond())))
    }
}

#[cfg(test)]
mod tests;
