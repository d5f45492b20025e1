//! Votes and answers of each question, in memory, 32 bytes a question: a vote changes a number here and nothing in the
//! index. Lists are made from them. Knows the store's reader; does not know tantivy.

use std::cmp::Reverse;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::found::{Best, Cut};
use crate::forum::{ForumId, PostId};
use crate::store::{Fault, Order, Reader, ScoreRow};

/// How many rows are read at a time.
const PAGE: usize = 10_000;
/// Set in [`PackedScore::answers`] where an answer is accepted.
const ACCEPTED: u32 = 1 << 31;
/// Set in [`PackedScore::answers`] where the question is closed.
const CLOSED: u32 = 1 << 30;
/// What an answer or a vote is worth where most goes on, in ms of activity.
const HEAT: i64 = 160_000_000;

/// What is known of a question's votes and answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct QuestionScore {
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
struct PackedScore {
    question: i64,
    activity: i64,
    /// 0 where it is on no list.
    forum: u32,
    number: u32,
    net: i32,
    answers: u32,
}

impl PackedScore {
    fn new(row: &ScoreRow) -> Self {
        let accepted = if row.answered { ACCEPTED } else { 0 };
        let closed = if row.closed { CLOSED } else { 0 };
        Self {
            question: row.question.0,
            activity: row.activity,
            forum: row.listed.map_or(0, listing_forum),
            number: row.number,
            net: i32::try_from(row.net).unwrap_or(if row.net < 0 { i32::MIN } else { i32::MAX }),
            answers: row.answers.min(CLOSED - 1) | accepted | closed,
        }
    }

    fn answers(self) -> u32 {
        self.answers & (CLOSED - 1)
    }

    fn score(self) -> QuestionScore {
        QuestionScore {
            net: i64::from(self.net),
            accepted: self.answers & ACCEPTED != 0,
            answers: self.answers(),
            closed: self.answers & CLOSED != 0,
        }
    }

    /// What a list is ordered by before the numbers; none where the question is not on it.
    fn place(self, order: Order) -> Option<i64> {
        match order {
            Order::Recent => Some(0),
            Order::Unanswered => (self.answers() == 0).then_some(0),
            Order::Votes => Some(i64::from(self.net)),
            Order::Hot => {
                let goes_on = i64::from(self.answers()) + i64::from(self.net);
                Some(self.activity.saturating_add(HEAT.saturating_mul(goes_on)))
            }
        }
    }
}

/// A forum as rows know it. The numbers of forums begin at 1; what no row can hold is on no list, and lists of it are empty.
fn listing_forum(forum: ForumId) -> u32 {
    u32::try_from(forum.0).unwrap_or(0)
}

/// The scores of all questions, by id.
#[derive(Debug, Default)]
pub(super) struct Scores {
    /// None until they are read.
    rows: RwLock<Option<Vec<PackedScore>>>,
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
            read.extend(page.iter().map(PackedScore::new));
        }
        read.shrink_to_fit();
        *rows = Some(read);
        Ok(())
    }

    /// Takes over changed rows, where the scores were read before.
    pub fn update(&self, changed: &[ScoreRow]) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        let Some(rows) = rows.as_mut() else { return };
        for row in changed.iter().map(PackedScore::new) {
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
    rows: RwLockReadGuard<'a, Option<Vec<PackedScore>>>,
    /// Where the last question was found.
    at: usize,
}

impl View<'_> {
    /// A page of a forum's list, and how many questions are on all pages. `tagged`: only these, in the order of their ids.
    pub fn list(
        &mut self,
        forum: ForumId,
        order: Order,
        tagged: Option<&[PostId]>,
        cut: Cut,
    ) -> (Vec<PostId>, usize) {
        let forum = listing_forum(forum);
        let mut best = Best::new(cut.skip.saturating_add(cut.take));
        let mut total = 0;
        let mut look = |row: PackedScore| {
            if row.forum == forum
                && forum != 0
                && let Some(place) = row.place(order)
            {
                total += 1;
                best.add((place, row.number, row.question));
            }
        };
        // The newest first: in most orders hardly any other is better.
        match tagged {
            Some(tagged) => tagged
                .iter()
                .rev()
                .filter_map(|question| self.row(*question))
                .for_each(&mut look),
            None => self.rows().iter().rev().copied().for_each(&mut look),
        }
        let mut best: Vec<_> = best.into_found().collect();
        best.sort_unstable_by_key(|&found| Reverse(found));
        let page = best.into_iter().skip(cut.skip);
        (page.map(|(.., question)| PostId(question)).collect(), total)
    }

    fn rows(&self) -> &[PackedScore] {
        self.rows.as_deref().unwrap_or_default()
    }

    /// A question's score; no votes and no answers where it isn't known.
    pub fn score(&mut self, question: PostId) -> QuestionScore {
        self.row(question)
            .map_or_else(QuestionScore::default, PackedScore::score)
    }

    fn row(&mut self, question: PostId) -> Option<PackedScore> {
        let rows = self.rows.as_deref()?;
        let next = self.at + 1;
        self.at = match rows.get(next) {
            Some(row) if row.question == question.0 => next,
            _ => rows
                .binary_search_by_key(&question.0, |row| row.question)
                .ok()?,
        };
        rows.get(self.at).copied()
    }
}
