//! A query becomes what tantivy looks for: its words, and its conditions.

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EnableScoring, Occur, PhraseQuery, Query as Lookup,
    TermQuery, Weight as Lookout,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::query::{ConditionKind, Query, Sense};
use super::recipe::Recipe;
use super::rerank::Rerank;
use super::schema::Fields;
use super::sieve::Sieve;
use super::snapshot::Snapshot;
use super::words::{AskedWord, Frequencies, QueryWords};
use crate::forum::ForumId;

/// Up to so many occurrences, going through all of them is quicker than working out which can be left out. Measured in
/// `benches/search`.
const FEW: u64 = 100_000;

/// What to look for.
pub(super) enum Plan {
    /// Nothing can be found.
    Nothing,
    /// Questions by how well they fit.
    Ranked(Ranking, Sieve),
    /// Questions that meet the conditions, by votes.
    Listed(Box<dyn Lookout>, Sieve),
}

/// How questions are ranked.
pub(super) struct Ranking {
    /// Finds them, and says how well each fits.
    pub by_content: Box<dyn Lookout>,
    /// What stop words add for the best of them. These are too many to be looked for from the start.
    pub by_stop_words: Option<Box<dyn Lookout>>,
    /// More than their content can count.
    pub most: f32,
    /// What is looked for in the best of them.
    pub rerank: Rerank,
    /// How many of them these are.
    pub reranked: usize,
    /// What each word was taken for.
    pub asked: Vec<AskedWord>,
    /// What words that nobody wrote were taken for.
    pub meant: Vec<String>,
    /// How to go through what is found.
    pub pace: ScanMode,
}

/// How to go through documents that are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScanMode {
    /// Look at each.
    Each,
    /// Leave out those that can't be among the best.
    Skipping,
}

impl Plan {
    /// Whether scores decide what is found.
    pub fn needs_scores(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Ranked(_, sieve) => sieve.looks_at_scores(),
            Self::Listed(..) => true,
        }
    }
}

/// Decides how to look for a query in a forum.
pub(super) fn plan(
    query: &Query,
    forum: ForumId,
    fields: &Fields,
    snapshot: &Snapshot,
    recipe: &Recipe,
) -> tantivy::Result<Plan> {
    if query.is_blank() || snapshot.documents == 0 {
        return Ok(Plan::Nothing);
    }
    let mut known = Frequencies::new(snapshot);
    let forum_term = fields.forum_term(forum);
    let in_forum = snapshot.searcher.doc_freq(&forum_term)?;
    let words = QueryWords::choose(query, fields, &mut known, recipe)?;
    let must_have_words = !query.words.is_empty() || !query.numbers.is_empty();
    if in_forum == 0 || (must_have_words && words.is_empty()) {
        return Ok(Plan::Nothing);
    }
    let conditions = wanted(query, fields);
    let unscoring = EnableScoring::disabled_from_searcher(&snapshot.searcher);
    let unwanted = unwanted(query, fields)
        .map(|lookup| lookup.weight(unscoring))
        .transpose()?;
    if !must_have_words {
        let lookup = narrowed(vec![must(exactly(forum_term))], conditions);
        let sieve = Sieve::new(query, None, unwanted);
        return Ok(Plan::Listed(lookup.weight(unscoring)?, sieve));
    }
    let scoring = EnableScoring::enabled_from_statistics_provider(&known, &snapshot.searcher);
    // A small forum's questions are looked up; in a large one nearly everything found is in it anyway.
    let small = in_forum * 4 < snapshot.documents;
    let (lookup, forum) = if small {
        let clauses = vec![must(words.content()), must(unscored(exactly(forum_term)))];
        (narrowed(clauses, conditions), None)
    } else if conditions.is_empty() {
        // Alone, a union of words is pruned by what the best documents already have.
        (words.content(), Some(forum))
    } else {
        (
            narrowed(vec![must(words.content())], conditions),
            Some(forum),
        )
    };
    let ranking = Ranking {
        by_content: lookup.weight(scoring)?,
        most: words.most,
        by_stop_words: words.stop().map(|stop| stop.weight(scoring)).transpose()?,
        rerank: Rerank::new(
            fields.all,
            &words.rarity,
            &query.said,
            recipe.proximity,
            recipe.likeness,
        ),
        reranked: recipe.reranked,
        asked: words.asked,
        meant: words.meant,
        pace: if words.occurrences <= FEW {
            ScanMode::Each
        } else {
            ScanMode::Skipping
        },
    };
    Ok(Plan::Ranked(ranking, Sieve::new(query, forum, unwanted)))
}

/// The conditions that a result must meet, as far as the index can tell.
fn wanted(query: &Query, fields: &Fields) -> Vec<(Occur, Box<dyn Lookup>)> {
    let wanted = query.whats(Sense::Wanted).filter_map(|what| {
        let lookup = condition(what, fields)?;
        Some(match what {
            // Exact words add to how well a question fits.
            ConditionKind::Exact(_) => must(lookup),
            ConditionKind::Tag(_)
            | ConditionKind::By(_)
            | ConditionKind::Is(_)
            | ConditionKind::Score(_) => must(unscored(lookup)),
        })
    });
    wanted.collect()
}

/// What finds all that a result must not be, as far as the index can tell.
fn unwanted(query: &Query, fields: &Fields) -> Option<Box<dyn Lookup>> {
    let lookups: Vec<_> = query
        .whats(Sense::Unwanted)
        .filter_map(|what| condition(what, fields))
        .collect();
    (!lookups.is_empty()).then(|| either(lookups.into_iter()))
}

fn condition(what: &ConditionKind, fields: &Fields) -> Option<Box<dyn Lookup>> {
    match what {
        ConditionKind::Exact(stems) => Some(in_a_row(fields.all, stems)),
        ConditionKind::Tag(tag) => Some(exactly(Term::from_field_text(fields.tag, tag))),
        ConditionKind::By(name) => Some(exactly(Term::from_field_text(fields.author, name))),
        ConditionKind::Is(_) | ConditionKind::Score(_) => None,
    }
}

/// These clauses and all the conditions.
fn narrowed(
    mut clauses: Vec<(Occur, Box<dyn Lookup>)>,
    conditions: Vec<(Occur, Box<dyn Lookup>)>,
) -> Box<dyn Lookup> {
    clauses.extend(conditions);
    Box::new(BooleanQuery::new(clauses))
}

/// The stems one after another in one field.
fn in_a_row(field: Field, stems: &[String]) -> Box<dyn Lookup> {
    let terms: Vec<Term> = stems
        .iter()
        .map(|stem| Term::from_field_text(field, stem))
        .collect();
    match terms.as_slice() {
        [] => Box::new(AllQuery),
        [term] => exactly(term.clone()),
        _ => Box::new(PhraseQuery::new(terms)),
    }
}

fn exactly(term: Term) -> Box<dyn Lookup> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn unscored(lookup: Box<dyn Lookup>) -> Box<dyn Lookup> {
    Box::new(ConstScoreQuery::new(lookup, 0.0))
}

fn either(lookups: impl Iterator<Item = Box<dyn Lookup>>) -> Box<dyn Lookup> {
    Box::new(BooleanQuery::union(lookups.collect()))
}

fn must(lookup: Box<dyn Lookup>) -> (Occur, Box<dyn Lookup>) {
    (Occur::Must, lookup)
}
