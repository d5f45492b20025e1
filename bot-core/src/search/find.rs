//! Goes through what a plan finds and keeps the best.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::DocId;
use tantivy::query::Weight as Lookout;

use super::plan::{Plan, Sieve};
use super::scores::{Scores, View};
use super::snapshot::{Part, Snapshot};
use crate::forum::PostId;

/// How many results are counted where a plan ranks: nobody leafs further, and what comes later fits badly.
const COUNTED: usize = 100;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The questions of the page asked for, best first, with how well they fit: only comparable within one search.
    pub hits: Vec<(PostId, f32)>,
    /// How many there are on all pages. Where words are searched for, counting ends at 100 or at the page asked for,
    /// whichever is later.
    pub total: usize,
}

/// Where a page begins and how long it is.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub skip: usize,
    pub take: usize,
}

/// Finds what a plan looks for.
pub(super) fn find(
    snapshot: &Snapshot,
    plan: &Plan,
    scores: &Scores,
    cut: Cut,
) -> tantivy::Result<Found> {
    match plan {
        Plan::Nothing => Ok(Found::default()),
        Plan::Ranked(lookout, sieve) => ranked(snapshot, lookout.as_ref(), sieve, scores, cut),
        Plan::Listed(lookout, sieve) => listed(snapshot, lookout.as_ref(), sieve, scores, cut),
    }
}

fn ranked(
    snapshot: &Snapshot,
    lookout: &dyn Lookout,
    sieve: &Sieve,
    scores: &Scores,
    cut: Cut,
) -> tantivy::Result<Found> {
    let mut best = Best::new(COUNTED.max(cut.skip.saturating_add(cut.take)));
    let mut view = sieve.looks_at_scores().then(|| scores.view());
    for part in snapshot.parts() {
        let threshold = best.full_from().map_or(f32::MIN, |fit: Fit| fit.0);
        lookout.for_each_pruning(threshold, part.segment, &mut |doc, fit| {
            if let Some(question) = kept(&part, doc, sieve, view.as_mut()) {
                best.add(Fit(fit), question);
            }
            best.full_from().map_or(f32::MIN, |fit| fit.0)
        })?;
    }
    drop(view);
    let mut view = scores.view();
    let mut found: Vec<_> = best
        .into_found()
        .map(|(fit, question)| (fit, view.score(question).net, question))
        .collect();
    found.sort_by_key(|&found| Reverse(found));
    Ok(Found {
        total: found.len(),
        hits: found
            .into_iter()
            .skip(cut.skip)
            .take(cut.take)
            .map(|(fit, _, question)| (question, fit.0))
            .collect(),
    })
}

fn listed(
    snapshot: &Snapshot,
    lookout: &dyn Lookout,
    sieve: &Sieve,
    scores: &Scores,
    cut: Cut,
) -> tantivy::Result<Found> {
    let mut best = Best::new(cut.skip.saturating_add(cut.take));
    let mut view = scores.view();
    let mut total = 0;
    for part in snapshot.parts() {
        lookout.for_each_no_score(part.segment, &mut |docs| {
            for &doc in docs {
                if let Some(question) = kept(&part, doc, sieve, Some(&mut view)) {
                    total += 1;
                    best.add(view.score(question).net, question);
                }
            }
        })?;
    }
    let mut found: Vec<_> = best.into_found().collect();
    found.sort_by_key(|&found| Reverse(found));
    let page = found.into_iter().skip(cut.skip).take(cut.take);
    Ok(Found {
        hits: page.map(|(_, question)| (question, 0.0)).collect(),
        total,
    })
}

/// The question that a document is, where it is not deleted and stays in the sieve.
fn kept(part: &Part<'_>, doc: DocId, sieve: &Sieve, view: Option<&mut View<'_>>) -> Option<PostId> {
    if part.segment.is_deleted(doc) {
        return None;
    }
    if let Some(forum) = sieve.forum
        && part.columns.forum.first(doc) != Some(forum.0)
    {
        return None;
    }
    let question = PostId(part.columns.question.first(doc)?);
    let stays = view.is_none_or(|view| sieve.keeps(view.score(question)));
    stays.then_some(question)
}

/// How well a document fits; never NaN.
#[derive(Clone, Copy, Debug)]
struct Fit(f32);

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

/// The best so far, the newer of equals.
struct Best<K> {
    most: usize,
    kept: BinaryHeap<Reverse<(K, PostId)>>,
}

impl<K: Ord + Copy> Best<K> {
    fn new(most: usize) -> Self {
        Self {
            most,
            kept: BinaryHeap::new(),
        }
    }

    fn add(&mut self, worth: K, question: PostId) {
        self.kept.push(Reverse((worth, question)));
        if self.kept.len() > self.most {
            self.kept.pop();
        }
    }

    /// The least worth that is kept, once there are enough.
    fn full_from(&self) -> Option<K> {
        if self.kept.len() < self.most {
            return None;
        }
        self.kept.peek().map(|Reverse((worth, _))| *worth)
    }

    fn into_found(self) -> impl Iterator<Item = (K, PostId)> {
        self.kept.into_iter().map(|Reverse(found)| found)
    }
}
