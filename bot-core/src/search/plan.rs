//! A query becomes what tantivy looks for. Which words count how much was measured; the numbers are the design's
//! ("What search does").

use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{
    AllQuery, Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, EnableScoring,
    Occur, PhraseQuery, Query as Lookup, TermQuery, Weight as Lookout,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::query::{Query, Sense, Weight, What};
use super::schema::Fields;
use super::sieve::Sieve;
use super::snapshot::Snapshot;
use crate::forum::ForumId;

/// How many words are looked for: those that the fewest questions have.
const RAREST: usize = 15;
/// What a word counts in the title, beside the field of all that matters.
const TITLE: f32 = 1.0;
/// What a word counts in an answer that is not the best one.
const REST: f32 = 0.5;
/// What a stop word counts, in the title.
const STOP: f32 = 0.6;
/// What being called by its number counts: more than words can.
const NUMBER: f32 = 1_000.0;

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
    /// How to go through what is found.
    pub pace: Pace,
}

/// How to go through documents that are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
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
) -> tantivy::Result<Plan> {
    if query.is_blank() || snapshot.documents == 0 {
        return Ok(Plan::Nothing);
    }
    let mut known = Frequencies::new(snapshot);
    let forum_term = fields.forum_term(forum);
    let in_forum = snapshot.searcher.doc_freq(&forum_term)?;
    let words = Words::choose(query, fields, &mut known)?;
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
        by_stop_words: words.stop().map(|stop| stop.weight(scoring)).transpose()?,
        pace: if words.occurrences <= FEW {
            Pace::Each
        } else {
            Pace::Skipping
        },
    };
    Ok(Plan::Ranked(ranking, Sieve::new(query, forum, unwanted)))
}

/// How many documents have a term, each counted once.
struct Frequencies<'a> {
    snapshot: &'a Snapshot,
    known: HashMap<Term, u64>,
}

impl<'a> Frequencies<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            known: HashMap::new(),
        }
    }

    fn count(&mut self, field: Field, stem: &str) -> tantivy::Result<(Term, u64)> {
        let term = Term::from_field_text(field, stem);
        let count = self.snapshot.doc_freq(&term)?;
        self.known.insert(term.clone(), count);
        Ok((term, count))
    }
}

impl Bm25StatisticsProvider for Frequencies<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.snapshot.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.snapshot.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match self.known.get(term) {
            Some(count) => Ok(*count),
            None => self.snapshot.doc_freq(term),
        }
    }
}

/// A word as it is looked for in one field.
#[derive(Clone)]
struct Sought {
    term: Term,
    counts: f32,
}

impl Sought {
    fn lookup(&self) -> Box<dyn Lookup> {
        let lookup = Box::new(TermQuery::new(
            self.term.clone(),
            IndexRecordOption::WithFreqs,
        ));
        Box::new(BoostQuery::new(lookup, self.counts))
    }
}

/// The words that are looked for.
#[derive(Default)]
struct Words {
    /// A result has at least one of these.
    content: Vec<Sought>,
    /// These only add to it.
    stop: Vec<Sought>,
    numbers: Vec<Term>,
    /// How many documents have each of the content's words in each field, in all.
    occurrences: u64,
}

impl Words {
    /// Picks the rarest words of a query. Stop words are looked for in titles, everywhere if there are no others.
    fn choose(
        query: &Query,
        fields: &Fields,
        known: &mut Frequencies<'_>,
    ) -> tantivy::Result<Self> {
        let mut words = Self {
            numbers: query
                .numbers
                .iter()
                .map(|&number| Term::from_field_u64(fields.number, u64::from(number)))
                .collect(),
            ..Self::default()
        };
        let (content, stop) = match query.stems(Weight::Content).next() {
            Some(_) => (Weight::Content, Some(Weight::Stop)),
            None => (Weight::Stop, None),
        };
        for stem in rarest(query.stems(content), fields, known)? {
            words.add_content(&stem, fields, known)?;
        }
        if let Some(stop) = stop {
            for stem in rarest(query.stems(stop), fields, known)? {
                let (term, count) = known.count(fields.title, &stem)?;
                if count > 0 {
                    words.stop.push(Sought { term, counts: STOP });
                }
            }
        }
        Ok(words)
    }

    fn add_content(
        &mut self,
        stem: &str,
        fields: &Fields,
        known: &mut Frequencies<'_>,
    ) -> tantivy::Result<()> {
        let places = [
            (fields.title, TITLE),
            (fields.all, 1.0),
            (fields.rest, REST),
        ];
        for (field, counts) in places {
            let (term, count) = known.count(field, stem)?;
            if count > 0 {
                self.occurrences += count;
                self.content.push(Sought { term, counts });
            }
        }
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.content.is_empty() && self.numbers.is_empty()
    }

    /// Looks for documents that have more than stop words.
    fn content(&self) -> Box<dyn Lookup> {
        let numbers = self.numbers.iter().map(|term| -> Box<dyn Lookup> {
            Box::new(ConstScoreQuery::new(exactly(term.clone()), NUMBER))
        });
        either(self.content.iter().map(Sought::lookup).chain(numbers))
    }

    /// Looks for stop words, where there are any.
    fn stop(&self) -> Option<Box<dyn Lookup>> {
        (!self.stop.is_empty()).then(|| either(self.stop.iter().map(Sought::lookup)))
    }
}

/// The words that the fewest documents have, at most [`RAREST`]; those that none has are left out by the caller.
fn rarest<'q>(
    stems: impl Iterator<Item = &'q str>,
    fields: &Fields,
    known: &mut Frequencies<'_>,
) -> tantivy::Result<Vec<String>> {
    let mut counted = stems
        .map(|stem| {
            let (_, everywhere) = known.count(fields.all, stem)?;
            Ok((everywhere, stem.to_owned()))
        })
        .collect::<tantivy::Result<Vec<_>>>()?;
    if counted.len() > RAREST {
        // A word that no question has can only be in other answers: it comes last.
        counted.sort_by_key(|(count, _)| count.wrapping_sub(1));
        counted.truncate(RAREST);
    }
    Ok(counted.into_iter().map(|(_, stem)| stem).collect())
}

/// The conditions that a result must meet, as far as the index can tell.
fn wanted(query: &Query, fields: &Fields) -> Vec<(Occur, Box<dyn Lookup>)> {
    let wanted = query.whats(Sense::Wanted).filter_map(|what| {
        let lookup = condition(what, fields)?;
        Some(match what {
            // Exact words add to how well a question fits.
            What::Exact(_) => must(lookup),
            What::Tag(_) | What::By(_) | What::Is(_) | What::Score(_) => must(unscored(lookup)),
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

fn condition(what: &What, fields: &Fields) -> Option<Box<dyn Lookup>> {
    match what {
        What::Exact(stems) => Some(either(
            [fields.all, fields.rest]
                .into_iter()
                .map(|field| in_a_row(field, stems)),
        )),
        What::Tag(tag) => Some(exactly(Term::from_field_text(fields.tag, tag))),
        What::By(name) => Some(exactly(Term::from_field_text(fields.author, name))),
        What::Is(_) | What::Score(_) => None,
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
