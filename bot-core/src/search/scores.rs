//! Votes and answers of each question, in memory, 16 bytes a question: a vote changes a number here and nothing in the
//! index. Knows the store's reader; does not know tantivy.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crate::forum::PostId;
use crate::store::{Fault, Reader, ScoreRow};

/// How many rows are read at a time.
const PAGE: usize = 10_000;
/// Set in [`Row::answers`] where an answer is accepted.
const ACCEPTED: u32 = 1 << 31;
/// Set in [`Row::answers`] where the question is closed.
const CLOSED: u32 = 1 << 30;

/// What is known of a question's votes and answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Score {
    /// Up minus down votes of the question.
    pub net: i64,
    /// Whether an answer is accepted.
    pub accepted: bool,
    /// How many answers can be seen.
    pub answers: u32,
    /// Whether the question is closed.
    pub closed: bool,
}

/// A question's score, packed.
#[derive(Clone, Copy, Debug)]
struct Row {
    question: i64,
    net: i32,
    answers: u32,
}

impl Row {
    fn new(row: &ScoreRow) -> Self {
        let accepted = if row.answered { ACCEPTED } else { 0 };
        let closed = if row.closed { CLOSED } else { 0 };
        Self {
            question: row.question.0,
            net: i32::try_from(row.net).unwrap_or(if row.net < 0 { i32::MIN } else { i32::MAX }),
            answers: row.answers.min(CLOSED - 1) | accepted | closed,
        }
    }

    fn score(self) -> Score {
        Score {
            net: i64::from(self.net),
            accepted: self.answers & ACCEPTED != 0,
            answers: self.answers & (CLOSED - 1),
            closed: self.answers & CLOSED != 0,
        }
    }
}

/// The scores of all questions, by id.
#[derive(Debug, Default)]
pub(super) struct Scores {
    /// None until they are read.
    rows: RwLock<Option<Vec<Row>>>,
}

impl Scores {
    /// Reads them all from the store, unless they are there already.
    pub fn load(&self, store: &Reader) -> Result<(), Fault> {
        if self.view().rows.is_some() {
            return Ok(());
        }
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if rows.is_some() {
            return Ok(());
        }
        let mut read = Vec::new();
        let mut after = PostId(0);
        loop {
            let page = store.scores_after(after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = last.question;
            read.extend(page.iter().map(Row::new));
        }
        read.shrink_to_fit();
        *rows = Some(read);
        Ok(())
    }

    /// Takes over changed rows, where the scores were read before.
    pub fn update(&self, changed: &[ScoreRow]) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        let Some(rows) = rows.as_mut() else { return };
        for row in changed.iter().map(Row::new) {
            match rows.binary_search_by_key(&row.question, |known| known.question) {
                Ok(at) => rows[at] = row,
                Err(at) => rows.insert(at, row),
            }
        }
    }

    /// A view of the scores, for one search. Changes wait for it.
    pub fn view(&self) -> View<'_> {
        View {
            rows: self.rows.read().unwrap_or_else(PoisonError::into_inner),
            at: 0,
        }
    }
}

/// The scores as one search sees them. Quickest when questions are asked for in the order of their ids.
pub(super) struct View<'a> {
    rows: RwLockReadGuard<'a, Option<Vec<Row>>>,
    /// Where the last question was found.
    at: usize,
}

impl View<'_> {
    /// A question's score; no votes and no answers where it isn't known.
    pub fn score(&mut self, question: PostId) -> Score {
        let Some(rows) = self.rows.as_deref() else {
            return Score::default();
        };
        let next = rows.get(self.at + 1);
        if next.is_some_and(|row| row.question == question.0) {
            self.at += 1;
        } else if let Ok(at) = rows.binary_search_by_key(&question.0, |row| row.question) {
            self.at = at;
        } else {
            return Score::default();
        }
        rows.get(self.at)
            .map_or_else(Score::default, |row| row.score())
    }
}
