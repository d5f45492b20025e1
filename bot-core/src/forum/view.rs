//! What a reader sees: posts as the store reads them and cards show them. Plain facts, no rules.

use serde::{Deserialize, Serialize};

use super::{Address, PersonName, PostId, PostKind, Score, Timestamp};

/// A post's standing towards its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Everybody sees it.
    Visible,
    /// Nobody is shown its text until it is shown again.
    Hidden(Hiding),
    /// It was taken back; its text is gone, its number stays.
    Withdrawn,
}

/// How a post is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hiding {
    /// Who hid it, which says who may show it again.
    pub by: Hider,
    /// When it is withdrawn, unless it is shown again before: its source is gone.
    pub withdrawal: Option<Timestamp>,
}

/// Who hid a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hider {
    /// Its author.
    Author,
    /// A moderator; its author can't show it again.
    Moderator,
    /// Nobody knows who: the message from which it was made is gone.
    Unknown,
}

/// Who last changed a post's text, where readers are told (after 300 s, or by somebody else).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedBy {
    /// The editor.
    pub name: PersonName,
    /// When.
    pub at: Timestamp,
}

/// Where a post was imported from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What that is called: a site, a file. Written by people: escape it.
    pub source: String,
    /// The original's address, where it is known. Written by people: escape it.
    pub link: Option<String>,
    /// Under which licence its text stands, where that is said. Written by people: escape it.
    pub licence: Option<String>,
    /// Whose it is there.
    pub ownership: Ownership,
}

/// Whose an imported post is, where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Its author's.
    Author,
    /// Somebody's whose account is deleted.
    Deleted,
    /// The community's: anybody edits it.
    Wiki,
}

/// One post as its readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostView {
    /// The post.
    pub id: PostId,
    /// How people speak of it.
    pub address: Address,
    /// Question, answer or comment.
    pub kind: PostKind,
    /// Whether its text can be seen.
    pub condition: Condition,
    /// The author, as people see them.
    pub author: PersonName,
    /// Markdown; empty while hidden and once withdrawn. Written by people: escape it.
    pub body: String,
    /// The votes of its members.
    pub score: Score,
    /// When it was posted.
    pub at: Timestamp,
    /// The edit that readers are told of.
    pub edited: Option<EditedBy>,
    /// Where it was imported from, if it was.
    pub origin: Option<Origin>,
}

/// A question without what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionView {
    /// The question itself.
    pub post: PostView,
    /// Its title; empty while hidden and once withdrawn. Written by people: escape it.
    pub title: String,
    /// Its tags, in the order they were given; none while hidden.
    pub tags: Vec<String>,
    /// How many visible answers it has.
    pub answers: u32,
    /// Its accepted answer, if that can be seen.
    pub accepted: Option<Address>,
    /// How it was closed, if it is.
    pub closing: Option<super::Closing>,
}

/// An answer with its comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerView {
    /// The answer itself.
    pub post: PostView,
    /// Whether it is the accepted one.
    pub accepted: bool,
    /// Its comments, oldest first.
    pub comments: Vec<PostView>,
}

/// A question with all that hangs on it: the accepted answer first, the others by score, then oldest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadView {
    /// The question.
    pub question: QuestionView,
    /// Its comments, oldest first.
    pub comments: Vec<PostView>,
    /// Its answers in the order they are shown.
    pub answers: Vec<AnswerView>,
}

/// A part of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Plain text, markup taken out. Written by people: escape it.
    pub text: String,
    /// Whether it is a word that was searched for.
    pub marked: bool,
}

/// A question that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The question.
    pub question: QuestionView,
    /// Why it was found: a passage of the question, its words marked. Empty where the title says it all.
    pub excerpt: Vec<Piece>,
    /// Its accepted (else best) answer.
    pub answer: Option<HitAnswer>,
}

/// The answer that goes with a found question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitAnswer {
    /// The store's name for it.
    pub id: PostId,
    /// Its address.
    pub address: Address,
    /// The author.
    pub author: PersonName,
    /// Its votes.
    pub score: Score,
    /// Whether it is the accepted one (else it is the best).
    pub accepted: bool,
    /// The passage that fits the search best, its words marked.
    pub excerpt: Vec<Piece>,
}

/// One page of something that has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Its number, from 1.
    pub number: u32,
    /// How many pages there are; 0 where there is nothing.
    pub pages: u32,
    /// How many items there are on all pages together.
    pub total: u64,
    /// Whether there are more than that: they were not counted to their end.
    pub more: bool,
}

/// A tag, and how many questions have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagView {
    /// The tag. People's text.
    pub name: String,
    /// How many questions that can be seen have it.
    pub questions: u32,
    /// The question that has it, if no other has.
    pub sole: Option<PostId>,
}

/// An earlier (or the present) text of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionView {
    /// From 1, the text it was posted with.
    pub number: u32,
    /// Who wrote this text.
    pub author: PersonName,
    /// When.
    pub at: Timestamp,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// A question's title.
    pub title: Option<String>,
    /// Markdown.
    pub body: String,
}
