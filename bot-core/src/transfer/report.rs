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

/// That a file ends before it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The file.
    pub file: String,
    /// How that shows, and where.
    pub how: String,
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
    /// The file that was cut off, if one was.
    pub cut: Option<Cut>,
    /// Whether an export's head was read: then a file is one, however little is in it.
    pub is_export: bool,
    /// Whether the search index has all of it.
    pub is_indexed: bool,
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

    /// Adds what was left out elsewhere.
    pub(super) fn add_skipped(&mut self, other: Self) {
        for ((what, why), skips) in other.skipped {
            self.skip_many(what, why, skips.count, || skips.examples);
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

    /// Whether nothing that was read is of any use.
    #[must_use]
    pub fn is_useless(&self) -> bool {
        self.posts() + self.taken.known + self.taken.links == 0 && !self.is_export && !self.stopped
    }

    /// Whether the forum is another than before.
    #[must_use]
    pub fn changed(&self) -> bool {
        let taken = &self.taken;
        self.posts() + taken.recounted + taken.links + taken.accepted + taken.closed > 0
    }
}
