//! What the index holds of a question, and the version of it. A question is found by its title, by one field of all that
//! matters: title ×3, body, tags, answers and comments. While a title or tag is typed, it is found by
//! what [`super::begun`] keeps of it.
//!
//! Votes are not in here: they change too often, and live in [`super::scores`].

use std::cmp::Reverse;

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use super::begun;
use super::same;
use super::tokens::{WordTokenizer, folded_name};
use crate::forum::{ForumId, PostId};
use crate::panics::{self, PanicPoint};
use crate::store::{AnswerText, QuestionDocument};

/// Grows when the fields, or how texts become words, change: an index of another version is built anew.
pub(super) const SCHEMA_VERSION: u32 = 4;
/// How often the title stands in the field of all that matters. From the design's measurements.
const TITLE_TIMES: usize = 3;
/// The most bytes of answers and comments that are looked at, about 250 pages; the best answer is always among them.
const REST_BYTES: usize = 512 * 1024;

/// The fields' names.
mod name {
    pub const QUESTION: &str = "question";
    pub const FORUM: &str = "forum";
    pub const NUMBER: &str = "number";
    pub const TAG: &str = "tag";
    pub const AUTHOR: &str = "author";
    pub const TITLE: &str = "title";
    pub const ALL: &str = "all";
    pub const HEADING: &str = "heading";
    pub const START: &str = "start";
    pub const LABEL: &str = "label";
    pub const SAME: &str = "same";
}
pub(super) use name::{FORUM, QUESTION};

/// The index's fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The question's id.
    pub question: Field,
    /// Its forum's id.
    pub forum: Field,
    /// Its number in the forum.
    pub number: Field,
    /// Each of its tags, as it is.
    pub tag: Field,
    /// The asker's folded name.
    pub author: Field,
    /// The words of the title.
    pub title: Field,
    /// The words of title, body, tags, answers and comments.
    pub all: Field,
    /// The words of the title as they are, folded.
    pub heading: Field,
    /// How the title and its words begin.
    pub start: Field,
    /// Each tag with its forum.
    pub label: Field,
    /// A number that equal titles have.
    pub same: Field,
}

/// The fields that hold words.
pub(super) type TextFields = [Field; 2];

impl Fields {
    /// Those that hold words: title, all.
    pub fn texts(&self) -> TextFields {
        [self.title, self.all]
    }

    /// What finds a question by its id.
    pub fn question_term(&self, question: PostId) -> Term {
        Term::from_field_i64(self.question, question.0)
    }

    /// What finds a forum's questions.
    pub fn forum_term(&self, forum: ForumId) -> Term {
        Term::from_field_i64(self.forum, forum.0)
    }

    /// What finds questions with an equal title.
    pub fn same_term(&self, title: &str) -> Term {
        Term::from_field_u64(self.same, same::number(title))
    }

    /// The document as tantivy takes it.
    pub fn document(&self, document: &QuestionDocument) -> TantivyDocument {
        panics::here(PanicPoint::Index, &document.title);
        let mut made = TantivyDocument::new();
        made.add_i64(self.question, document.question.0);
        made.add_i64(self.forum, document.forum.0);
        made.add_u64(self.number, u64::from(document.number));
        made.add_text(self.author, folded_name(&document.author));
        made.add_text(self.title, &document.title);
        made.add_u64(self.same, same::number(&document.title));
        let begun = begun::begun(&document.title);
        for word in begun.words {
            made.add_text(self.heading, word);
        }
        for start in begun.starts {
            made.add_text(self.start, start);
        }
        for _ in 0..TITLE_TIMES {
            made.add_text(self.all, &document.title);
        }
        made.add_text(self.all, &document.body);
        for tag in &document.tags {
            made.add_text(self.tag, tag.to_lowercase());
            made.add_text(self.all, tag);
            made.add_text(self.label, begun::label(document.forum, tag));
        }
        let mut room = REST_BYTES;
        for text in by_worth(document) {
            if let Some(left) = room.checked_sub(text.len()) {
                made.add_text(self.all, text);
                room = left;
            }
        }
        made
    }
}

/// The answers, the accepted one first, then those with most votes, the earlier of equals; then the comments.
fn by_worth(document: &QuestionDocument) -> impl Iterator<Item = &str> {
    let mut answers: Vec<&AnswerText> = document.answers.iter().collect();
    answers.sort_by_key(|answer| Reverse((answer.accepted, answer.net)));
    let answers = answers.into_iter().map(|answer| answer.body.as_str());
    answers.chain(document.comments.iter().map(String::as_str))
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |record| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(WordTokenizer::NAME)
                .set_index_option(record),
        )
    };
    let raw = || {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic)
                .set_tokenizer("raw"),
        )
    };
    let fields = Fields {
        question: builder.add_i64_field(name::QUESTION, INDEXED | FAST),
        forum: builder.add_i64_field(name::FORUM, INDEXED | FAST),
        number: builder.add_u64_field(name::NUMBER, INDEXED),
        tag: builder.add_text_field(name::TAG, STRING),
        author: builder.add_text_field(name::AUTHOR, STRING),
        title: builder.add_text_field(name::TITLE, words(IndexRecordOption::WithFreqs)),
        all: builder.add_text_field(name::ALL, words(IndexRecordOption::WithFreqsAndPositions)),
        heading: builder.add_text_field(name::HEADING, raw()),
        start: builder.add_text_field(name::START, raw()),
        label: builder.add_text_field(name::LABEL, raw()),
        same: builder.add_u64_field(name::SAME, INDEXED),
    };
    (builder.build(), fields)
}
