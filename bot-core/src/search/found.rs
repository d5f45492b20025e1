//! What a search finds, and the best of it. Knows only how tantivy numbers documents.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::DocId;

use crate::forum::PostId;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The questions of the page asked for, best first, with how well they fit: only comparable within one search.
    pub hits: Vec<(PostId, f32)>,
    /// How many there are on all pages. Where words are searched for, counting ends at 100 or at the page asked for,
    /// whichever is later.
    pub total: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// The stems that misspelt words were taken for.
    pub(super) meant: Vec<String>,
}

/// Where a page begins and how long it is.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub skip: usize,
    pub take: usize,
}

/// How well a document fits; never NaN.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit(pub f32);

impl PartialEq for Fit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fit {}

impl PartialOrd for Fit {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fit {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// A document that was found; more where it fits better, or is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub fit: Fit,
    pub question: PostId,
    /// Where it is: the place of its segment, and its own there.
    pub part: usize,
    pub doc: DocId,
}

/// The greatest so far.
pub(super) struct Best<T> {
    most: usize,
    kept: BinaryHeap<Reverse<T>>,
}

impl<T: Ord> Best<T> {
    pub fn new(most: usize) -> Self {
        Self {
            most,
            kept: BinaryHeap::new(),
        }
    }

    pub fn add(&mut self, found: T) {
        if self.full_from().is_some_and(|least| found <= *least) {
            return;
        }
        self.kept.push(Reverse(found));
        if self.kept.len() > self.most {
            self.kept.pop();
        }
    }

    /// The least that is kept, once there are enough.
    pub fn full_from(&self) -> Option<&T> {
        if self.kept.len() < self.most {
            return None;
        }
        self.kept.peek().map(|Reverse(found)| found)
    }

    pub fn into_found(self) -> impl Iterator<Item = T> {
        self.kept.into_iter().map(|Reverse(found)| found)
    }
}
