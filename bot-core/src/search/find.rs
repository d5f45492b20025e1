//! Goes through what a plan finds and keeps the best.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::query::Weight as Lookout;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use super::found::{Best, Candidate, Cut, Fit, Found};
use super::plan::{Ranking, ScanMode};
use super::scores::{Scores, View};
use super::sieve::Sieve;
use super::snapshot::{SegmentColumns, Snapshot};
use crate::forum::{ForumId, PostId};

/// How many results are counted where a plan ranks: nobody leafs further, and what comes later fits badly.
const COUNTED: usize = 100;

/// Questions that were found by words, to be looked at once more.
pub(super) struct Gathered<'p> {
    ranking: &'p Ranking,
    /// Best first.
    candidates: Vec<Candidate>,
    /// Whether there are more.
    more: bool,
}

/// Finds what a plan ranks.
pub(super) fn gather<'p>(
    snapshot: &Snapshot,
    ranking: &'p Ranking,
    sieve: &Sieve,
    scores: &Scores,
    cut: Cut,
) -> tantivy::Result<Gathered<'p>> {
    let most = COUNTED.max(cut.skip.saturating_add(cut.take));
    // One more than are counted says whether there are more.
    let mut candidates = candidates(snapshot, ranking, sieve, scores, most.saturating_add(1))?;
    if let Some(stop_words) = &ranking.by_stop_words {
        add(snapshot, stop_words.as_ref(), &mut candidates)?;
    }
    best_first(&mut candidates, scores);
    let more = candidates.len() > most;
    candidates.truncate(most);
    Ok(Gathered {
        ranking,
        candidates,
        more,
    })
}

impl Gathered<'_> {
    /// The best, whose titles are needed.
    pub fn head(&self) -> Vec<PostId> {
        let head = self.candidates.iter().take(self.ranking.reranked);
        head.map(|candidate| candidate.question).collect()
    }

    /// Looks at the best once more.
    pub fn look_again(
        &mut self,
        snapshot: &Snapshot,
        titles: &HashMap<PostId, String>,
        scores: &Scores,
    ) -> tantivy::Result<()> {
        let top = self.candidates.first().map_or(0.0, |best| best.fit.0);
        let rerank = &self.ranking.rerank;
        let many = self.ranking.reranked.min(self.candidates.len());
        let (head, _) = self.candidates.split_at_mut(many);
        let gains = rerank.by_words(snapshot, head)?;
        for (candidate, gain) in head.iter_mut().zip(gains) {
            let title = titles.get(&candidate.question).map_or("", String::as_str);
            candidate.fit.0 += gain + rerank.by_title(title, top);
        }
        // What they gain is never less than nothing: the others stay behind them.
        best_first(head, scores);
        Ok(())
    }

    /// What was found, best first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// A page of it.
    pub fn page(self, cut: Cut) -> Found {
        Found {
            total: self.candidates.len(),
            more: self.more,
            meant: self.ranking.meant.clone(),
            hits: self
                .candidates
                .into_iter()
                .skip(cut.skip)
                .take(cut.take)
                .map(|candidate| (candidate.question, candidate.fit.0))
                .collect(),
        }
    }
}

fn best_first(candidates: &mut [Candidate], scores: &Scores) {
    let mut view = scores.view();
    candidates.sort_by_cached_key(|candidate| {
        let net = view.score(candidate.question).net;
        Reverse((candidate.fit, net, candidate.question))
    });
}

/// The documents that fit best.
fn candidates(
    snapshot: &Snapshot,
    ranking: &Ranking,
    sieve: &Sieve,
    scores: &Scores,
    most: usize,
) -> tantivy::Result<Vec<Candidate>> {
    let mut best = Best::new(most);
    let mut view = sieve.looks_at_scores().then(|| scores.view());
    let least = |best: &Best<Candidate>| best.full_from().map_or(f32::MIN, |last| last.fit.0);
    for (place, part) in snapshot.parts().enumerate() {
        let unwanted = sieve.unwanted_in(part.segment)?;
        let begin = least(&best);
        let mut threshold = begin;
        let mut take = |doc, fit| {
            if fit > threshold
                && !unwanted.contain(doc)
                && let Some(question) = kept(&part, doc, sieve, view.as_mut())
            {
                best.add(Candidate {
                    fit: Fit(fit),
                    question,
                    part: place,
                    doc,
                });
                threshold = least(&best);
            }
            threshold
        };
        match ranking.pace {
            ScanMode::Each => ranking.by_content.for_each(part.segment, &mut |doc, fit| {
                take(doc, fit);
            })?,
            ScanMode::Skipping => {
                ranking
                    .by_content
                    .for_each_pruning(begin, part.segment, &mut take)?;
            }
        }
    }
    Ok(best.into_found().collect())
}

/// Adds to each candidate's fit what `lookout` says of it.
fn add(
    snapshot: &Snapshot,
    lookout: &dyn Lookout,
    candidates: &mut [Candidate],
) -> tantivy::Result<()> {
    candidates.sort_by_key(|candidate| (candidate.part, candidate.doc));
    for (place, part) in snapshot.parts().enumerate() {
        let begin = candidates.partition_point(|candidate| candidate.part < place);
        let end = candidates.partition_point(|candidate| candidate.part <= place);
        let Some(here @ [_, ..]) = candidates.get_mut(begin..end) else {
            continue;
        };
        let mut scorer = lookout.scorer(part.segment, 1.0)?;
        for candidate in here {
            if scorer.doc() < candidate.doc {
                scorer.seek(candidate.doc);
            }
            if scorer.doc() == candidate.doc {
                candidate.fit.0 += scorer.score();
            }
        }
    }
    Ok(())
}

/// Finds what a plan lists.
pub(super) fn listed(
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
        let unwanted = sieve.unwanted_in(part.segment)?;
        lookout.for_each_no_score(part.segment, &mut |docs| {
            for &doc in docs.iter().filter(|&&doc| !unwanted.contain(doc)) {
                if let Some(question) = kept(&part, doc, sieve, Some(&mut view)) {
                    total += 1;
                    best.add((view.score(question).net, question));
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
        more: false,
        meant: Vec::new(),
    })
}

/// The questions of a forum that have a term, the newest first.
pub(super) fn by_term(
    snapshot: &Snapshot,
    term: &Term,
    forum: ForumId,
    most: usize,
) -> tantivy::Result<Vec<PostId>> {
    let mut best = Best::new(most);
    for part in snapshot.parts() {
        let index = part.segment.inverted_index(term.field())?;
        let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
            continue;
        };
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            if !part.segment.is_deleted(doc)
                && part.columns.forum.first(doc) == Some(forum.0)
                && let Some(question) = part.columns.question.first(doc)
            {
                best.add(PostId(question));
            }
            postings.advance();
        }
    }
    let mut found: Vec<PostId> = best.into_found().collect();
    found.sort_by_key(|&question| Reverse(question));
    Ok(found)
}

/// The question that a document is, where it is not deleted and stays in the sieve.
fn kept(
    part: &SegmentColumns<'_>,
    doc: DocId,
    sieve: &Sieve,
    view: Option<&mut View<'_>>,
) -> Option<PostId> {
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
