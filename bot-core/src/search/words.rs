//! Which words of a query are looked for: the rarest, and what those that nobody wrote were meant to be. What each counts
//! was measured (`docs/search.md`).

use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, Query as Lookup, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::near::{Near, Reach, Typed, near};
use super::query::{Query, Weight, Word};
use super::recipe::Recipe;
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::spans::SpanKind;

/// The most that BM25 gives a word, beside how rare it is: k1 + 1.
const BM25_MOST: f32 = 2.2;
/// What being called by its number counts: more than words can.
const NUMBER: f32 = 1_000.0;
/// A word that nobody wrote has one letter wrong if it is as long as this, two if it is as long as that; in characters.
const ONE_WRONG: usize = 4;
const TWO_WRONG: usize = 8;
/// How many words a misspelt one may have meant.
const MEANT: usize = 3;
/// How many words that nobody wrote are thought about: a text in another language has hundreds.
const THOUGHT_ABOUT: usize = 15;
/// The fewest characters of a word that is a part of another.
const PART: usize = 3;

/// How many documents have a term, each counted once.
pub(super) struct Frequencies<'a> {
    snapshot: &'a Snapshot,
    known: HashMap<Term, u64>,
}

impl<'a> Frequencies<'a> {
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            known: HashMap::new(),
        }
    }

    fn count(&mut self, field: Field, stem: &str) -> tantivy::Result<(Term, u64)> {
        let term = Term::from_field_text(field, stem);
        if let Some(count) = self.known.get(&term) {
            return Ok((term, *count));
        }
        let count = self.snapshot.doc_freq(&term)?;
        self.known.insert(term.clone(), count);
        Ok((term, count))
    }

    /// How rare a word is in all texts.
    pub fn rarity(&mut self, fields: &Fields, stem: &str) -> tantivy::Result<f32> {
        let (_, with) = self.count(fields.all, stem)?;
        Ok(self.rarity_of(with))
    }

    /// How rare a word is that so many documents have: BM25's idf, as tantivy has it.
    fn rarity_of(&self, with: u64) -> f32 {
        let (all, with) = (self.snapshot.documents as f32, with as f32);
        ((all - with + 0.5).max(0.0) / (with + 0.5)).ln_1p()
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
pub(super) struct QueryWords {
    /// A result has at least one of these.
    content: Vec<Sought>,
    /// These only add to it.
    stop: Vec<Sought>,
    numbers: Vec<Term>,
    /// How many documents have each of the content's words in each field, in all.
    pub occurrences: u64,
    /// More than the content's words can count in any document.
    pub most: f32,
    /// The content's words in the order in which they were said, with how rare each is (BM25's idf).
    pub rarity: Vec<(Term, f32)>,
    /// What each of the content's words was taken for.
    pub asked: Vec<AskedWord>,
    /// Those that were taken for others: what they were taken for.
    pub meant: Vec<String>,
}

/// A word of a query with what it was taken for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AskedWord {
    /// The word itself; others where nobody wrote it, none where that leads to nothing.
    pub meant: Vec<String>,
    /// How rare it is (BM25's idf), as many times as it was said.
    pub rarity: f32,
}

/// A word, how many questions have it, and how often it was said.
#[derive(Clone, Debug, PartialEq)]
struct CountedWord {
    stem: String,
    questions: u64,
    times: f32,
}

impl QueryWords {
    /// Picks the rarest words of a query. Stop words are looked for in titles, everywhere if there are no others.
    pub fn choose(
        query: &Query,
        fields: &Fields,
        known: &mut Frequencies<'_>,
        recipe: &Recipe,
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
        let (mut meant, mut thoughts) = (Vec::new(), 0);
        for word in query.weighing(content) {
            let stem = word.stem.as_str();
            let (_, questions) = known.count(fields.all, stem)?;
            let meanings = if questions > 0 {
                vec![counted(stem, questions)]
            } else if word.kind == SpanKind::Whole {
                // Its parts say what it means.
                continue;
            } else if thoughts < THOUGHT_ABOUT {
                thoughts += 1;
                let meanings = meanings(stem, fields, known, recipe)?;
                let stems = meanings.iter().map(|word| word.stem.clone());
                words.meant.extend(stems);
                meanings
            } else {
                Vec::new()
            };
            let first = meanings.first().map_or(stem, |word| word.stem.as_str());
            let times = recipe.times(word.times);
            words.asked.push(AskedWord {
                rarity: known.rarity(fields, first)? * times,
                meant: meanings.iter().map(|word| word.stem.clone()).collect(),
            });
            for word in meanings {
                add(&mut meant, CountedWord { times, ..word });
            }
        }
        if recipe.compounds {
            joined(query, &mut meant, fields, known)?;
        }
        for word in rarest(meant, recipe.rarest, known) {
            words.add_content(&word, fields, known, recipe)?;
        }
        if let Some(stop) = stop {
            let mut counted = Vec::new();
            for stem in query.stems(stop) {
                let (_, questions) = known.count(fields.title, stem)?;
                counted.extend((questions > 0).then(|| self::counted(stem, questions)));
            }
            for word in rarest(counted, recipe.rarest, known) {
                let (term, _) = known.count(fields.title, &word.stem)?;
                let counts = recipe.stop;
                words.stop.push(Sought { term, counts });
            }
        }
        Ok(words)
    }

    fn add_content(
        &mut self,
        word: &CountedWord,
        fields: &Fields,
        known: &mut Frequencies<'_>,
        recipe: &Recipe,
    ) -> tantivy::Result<()> {
        for (field, counts) in [(fields.title, recipe.title), (fields.all, 1.0)] {
            let (term, count) = known.count(field, &word.stem)?;
            let counts = counts * word.times;
            if count > 0 && counts > 0.0 {
                self.occurrences += count;
                self.most += counts * known.rarity_of(count) * BM25_MOST;
                self.content.push(Sought { term, counts });
            }
        }
        let rarity = known.rarity(fields, &word.stem)?;
        let (term, _) = known.count(fields.all, &word.stem)?;
        self.rarity.push((term, rarity));
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.content.is_empty() && self.numbers.is_empty()
    }

    /// Looks for documents that have more than stop words.
    pub fn content(&self) -> Box<dyn Lookup> {
        let numbers = self.numbers.iter().map(|term| -> Box<dyn Lookup> {
            let number = TermQuery::new(term.clone(), IndexRecordOption::Basic);
            Box::new(ConstScoreQuery::new(Box::new(number), NUMBER))
        });
        let words = self.content.iter().map(Sought::lookup);
        Box::new(BooleanQuery::union(words.chain(numbers).collect()))
    }

    /// Looks for stop words, where there are any.
    pub fn stop(&self) -> Option<Box<dyn Lookup>> {
        if self.stop.is_empty() {
            return None;
        }
        let words = self.stop.iter().map(Sought::lookup).collect();
        Some(Box::new(BooleanQuery::union(words)))
    }
}

/// The words that say most, by how rare they are and how often they were said, in the order they came in.
fn rarest(words: Vec<CountedWord>, most: usize, known: &Frequencies<'_>) -> Vec<CountedWord> {
    if words.len() <= most {
        return words;
    }
    let says = |word: &CountedWord| known.rarity_of(word.questions) * word.times;
    let mut order: Vec<(usize, CountedWord)> = words.into_iter().enumerate().collect();
    order.sort_by(|(_, one), (_, other)| says(other).total_cmp(&says(one)));
    order.truncate(most);
    order.sort_by_key(|&(place, _)| place);
    order.into_iter().map(|(_, word)| word).collect()
}

/// Adds a word, or counts it again.
fn add(words: &mut Vec<CountedWord>, word: CountedWord) {
    match words.iter_mut().find(|known| known.stem == word.stem) {
        Some(known) => known.times += word.times,
        None => words.push(word),
    }
}

/// What a word that nobody wrote may be misspelt for, or else what it is made of.
fn meanings(
    stem: &str,
    fields: &Fields,
    known: &mut Frequencies<'_>,
    recipe: &Recipe,
) -> tantivy::Result<Vec<CountedWord>> {
    let mut meant = Vec::new();
    if recipe.spelling {
        meant = spelt(stem, fields, known)?;
    }
    if recipe.compounds && meant.is_empty() {
        meant = parted(stem, fields, known)?;
    }
    Ok(meant)
}

/// The words of the fewest wrong letters, those that the most questions have.
fn spelt(
    stem: &str,
    fields: &Fields,
    known: &Frequencies<'_>,
) -> tantivy::Result<Vec<CountedWord>> {
    let edits = match stem.chars().count() {
        // A number is what it is.
        _ if stem.contains(|c: char| c.is_ascii_digit()) => return Ok(Vec::new()),
        ..ONE_WRONG => return Ok(Vec::new()),
        ONE_WRONG..TWO_WRONG => 1,
        _ => 2,
    };
    let reach = Reach {
        edits,
        typed: Typed::Whole,
        most: MEANT,
    };
    let near = near(known.snapshot, fields.all, stem, reach)?;
    let least = near.first().map(|word| word.edits);
    let meant = near.into_iter().filter(|word| Some(word.edits) == least);
    Ok(meant
        .map(
            |Near {
                 stem, documents, ..
             }| counted(&stem, documents),
        )
        .collect())
}

/// The two words that a word is made of: those of whose rarer one there are most.
fn parted(
    stem: &str,
    fields: &Fields,
    known: &mut Frequencies<'_>,
) -> tantivy::Result<Vec<CountedWord>> {
    let places: Vec<usize> = stem.char_indices().map(|(at, _)| at).collect();
    let (mut best, mut parts) = (0, Vec::new());
    let last = places.len().saturating_sub(PART);
    for &at in places.get(PART..=last).unwrap_or_default() {
        let (first, second) = stem.split_at(at);
        let (_, with_first) = known.count(fields.all, first)?;
        if with_first <= best {
            continue;
        }
        let (_, with_second) = known.count(fields.all, second)?;
        if with_second.min(with_first) > best {
            best = with_second.min(with_first);
            parts = vec![counted(first, with_first), counted(second, with_second)];
        }
    }
    Ok(parts)
}

/// Adds words that are two of the query's, which follow each other, in one.
fn joined(
    query: &Query,
    meant: &mut Vec<CountedWord>,
    fields: &Fields,
    known: &mut Frequencies<'_>,
) -> tantivy::Result<()> {
    let words: Vec<&Word> = query
        .words
        .iter()
        .filter(|word| word.kind == SpanKind::Word)
        .collect();
    for pair in words.windows(2) {
        let [first, second] = pair else { continue };
        let long = |word: &str| word.chars().nth(PART - 1).is_some();
        if !long(&first.stem) || !long(&second.stem) {
            continue;
        }
        let word = format!("{}{}", first.stem, second.stem);
        let (_, questions) = known.count(fields.all, &word)?;
        if questions > 0 && meant.iter().all(|known| known.stem != word) {
            meant.push(counted(&word, questions));
        }
    }
    Ok(())
}

fn counted(stem: &str, questions: u64) -> CountedWord {
    CountedWord {
        stem: stem.to_owned(),
        questions,
        times: 1.0,
    }
}
