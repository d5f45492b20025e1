//! What came of an import: what was taken, and what was not and why.

use std::collections::BTreeMap;

use crate::store::Taken;

/// How many examples are named of each reason.
pub(super) const EXAMPLES: usize = 3;

/// What was left out for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skips {
    /// How many.
    pub count: u64,
    /// The first of them: a file, a row or line, an id.
    pub examples: Vec<String>,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was taken; what was refused is among `skipped`.
    pub taken: Taken,
    /// What was left out, by what and why.
    pub skipped: BTreeMap<(&'static str, String), Skips>,
    /// What could not be looked at, in whole sentences.
    pub notes: Vec<String>,
    /// Whether it was left before its end.
    pub stopped: bool,
}

impl Report {
    /// Notes that one thing was left out: what it is, why, and which.
    pub(super) fn skip(
        &mut self,
        what: &'static str,
        why: impl Into<String>,
        which: impl FnOnce() -> String,
    ) {
        self.skip_many(what, why, 1, || vec![which()]);
    }

    /// Notes that several were left out.
    pub(super) fn skip_many(
        &mut self,
        what: &'static str,
        why: impl Into<String>,
        count: u64,
        which: impl FnOnce() -> Vec<String>,
    ) {
        if count == 0 {
            return;
        }
        let skips = self.skipped.entry((what, why.into())).or_default();
        skips.count += count;
        if skips.examples.len() < EXAMPLES {
            let left = EXAMPLES - skips.examples.len();
            skips.examples.extend(which().into_iter().take(left));
        }
    }

    /// Adds what a batch gave.
    pub(super) fn add(&mut self, taken: &Taken) {
        let all = &mut self.taken;
        all.questions += taken.questions;
        all.answers += taken.answers;
        all.comments += taken.comments;
        all.revisions += taken.revisions;
        all.links += taken.links;
        all.known += taken.known;
        all.recounted += taken.recounted;
        all.accepted += taken.accepted;
        all.closed += taken.closed;
        all.decided += taken.decided;
    }

    /// How many posts were taken.
    #[must_use]
    pub fn posts(&self) -> u64 {
        self.taken.questions + self.taken.answers + self.taken.comments
    }

    /// Whether the forum is another than before.
    #[must_use]
    pub fn changed(&self) -> bool {
        let taken = &self.taken;
        self.posts() + taken.recounted + taken.links + taken.accepted + taken.closed > 0
    }
}
