//! The best of what was found, looked at once more: words that stand together as in the search, and titles that are like
//! it. Too much work for all that is found, and worth it for those that people see.

use std::cmp::Ordering;
use std::collections::HashMap;

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Term};

use super::found::Candidate;
use super::snapshot::Snapshot;

/// How far apart two words still stand together, in words.
const TOGETHER: u32 = 3;
/// How many letters a part of a title has by which it is compared.
const PART: usize = 4;
/// How much of a search is compared with titles, in characters: much longer than any title.
const COMPARED: usize = 300;

/// A few letters that follow each other.
type Ngram = [char; PART];

/// What is looked for in the best.
pub(super) struct Rerank {
    field: Field,
    /// Each word once.
    words: Vec<Term>,
    /// Words that follow each other, by their places in `words`, and what it counts that they stand together.
    pairs: Vec<(usize, usize, f32)>,
    parts: Vec<Ngram>,
    likeness: f32,
}

impl Rerank {
    /// Looks in `field` for words that follow each other: each with how rare it is; and for titles like `said`.
    pub fn new(
        field: Field,
        rarity: &[(Term, f32)],
        said: &str,
        proximity: f32,
        likeness: f32,
    ) -> Self {
        let pairs = match proximity {
            0.0 => Vec::new(),
            _ => (0..rarity.len())
                .zip(1..)
                .zip(rarity.windows(2))
                .filter_map(|((first, second), pair)| match pair {
                    [(_, one), (_, other)] => Some((first, second, proximity * (one + other))),
                    _ => None,
                })
                .collect(),
        };
        let said: String = said.chars().take(COMPARED).collect();
        Self {
            field,
            words: rarity.iter().map(|(term, _)| term.clone()).collect(),
            pairs,
            parts: parts(&said),
            likeness,
        }
    }

    /// What a question gains by its title; `top` is what the best one has so far.
    pub fn by_title(&self, title: &str, top: f32) -> f32 {
        match self.likeness {
            0.0 => 0.0,
            likeness => likeness * top * self.alike(title),
        }
    }

    /// How alike a title is to what was said, from 0 to 1: Dice's coefficient of their parts of four letters.
    pub fn alike(&self, title: &str) -> f32 {
        let here = parts(title);
        let shared = shared(&here, &self.parts);
        2.0 * shared as f32 / (here.len() + self.parts.len()).max(1) as f32
    }

    /// What each question gains by words that stand together in it.
    pub fn by_words(&self, snapshot: &Snapshot, found: &[Candidate]) -> tantivy::Result<Vec<f32>> {
        let mut gains = vec![0.0; found.len()];
        if self.pairs.is_empty() {
            return Ok(gains);
        }
        for (place, part) in snapshot.parts().enumerate() {
            let mut here: Vec<(usize, DocId)> = found
                .iter()
                .enumerate()
                .filter(|(_, found)| found.part == place)
                .map(|(at, found)| (at, found.doc))
                .collect();
            if here.is_empty() {
                continue;
            }
            here.sort_by_key(|&(_, doc)| doc);
            let index = part.segment.inverted_index(self.field)?;
            let mut positions: HashMap<(usize, DocId), Vec<u32>> = HashMap::new();
            for (word, term) in self.words.iter().enumerate() {
                let read = index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?;
                let Some(mut postings) = read else { continue };
                for &(_, doc) in &here {
                    if postings.doc() < doc {
                        postings.seek(doc);
                    }
                    if postings.doc() == doc {
                        let mut at = Vec::new();
                        postings.positions(&mut at);
                        positions.insert((word, doc), at);
                    }
                }
            }
            for &(at, doc) in &here {
                let gain: f32 = self
                    .pairs
                    .iter()
                    .filter_map(|&(first, second, counts)| {
                        let first = positions.get(&(first, doc))?;
                        let second = positions.get(&(second, doc))?;
                        let times = together(first, second) as f32;
                        Some(counts * times / (times + 1.0))
                    })
                    .sum();
                if let Some(sum) = gains.get_mut(at) {
                    *sum += gain;
                }
            }
        }
        Ok(gains)
    }
}

/// How many of the positions have one of the others near; both are in order.
fn together(first: &[u32], second: &[u32]) -> usize {
    let mut from = 0;
    first
        .iter()
        .filter(|&&at| {
            while second.get(from).is_some_and(|other| other + TOGETHER < at) {
                from += 1;
            }
            second
                .iter()
                .skip(from)
                .take_while(|&&other| other <= at + TOGETHER)
                .any(|&other| other != at)
        })
        .count()
}

/// A text in parts of four letters that overlap, each once and in order; words in lower case, one space around each.
fn parts(text: &str) -> Vec<Ngram> {
    let mut letters = Vec::with_capacity(text.len() + 2);
    letters.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        match c.is_alphanumeric() {
            true => letters.push(c),
            false if letters.last() != Some(&' ') => letters.push(' '),
            false => {}
        }
    }
    if letters.last() != Some(&' ') {
        letters.push(' ');
    }
    let mut parts: Vec<Ngram> = letters
        .windows(PART)
        .filter_map(|part| part.try_into().ok())
        .collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// How many parts two texts share; both have theirs in order.
fn shared(mut here: &[Ngram], mut there: &[Ngram]) -> usize {
    let mut count = 0;
    while let ([first, ours @ ..], [other, theirs @ ..]) = (here, there) {
        let order = first.cmp(other);
        if order != Ordering::Greater {
            here = ours;
        }
        if order != Ordering::Less {
            there = theirs;
        }
        count += usize::from(order == Ordering::Equal);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_together_within_three_in_either_order() {
        assert_eq!(together(&[1, 10, 20], &[4, 9, 30]), 2);
        assert_eq!(together(&[5], &[5]), 0);
        assert_eq!(together(&[], &[5]), 0);
        assert_eq!(together(&[5, 6, 7], &[6]), 2);
    }

    #[test]
    fn a_title_that_is_the_search_counts_most() {
        let field = Field::from_field_id(0);
        let rerank = Rerank::new(field, &[], "How long do kegs keep?", 0.5, 0.3);
        let gain = |title| rerank.by_title(title, 10.0);
        assert!((gain("how long do KEGS keep") - 3.0).abs() < 1e-6);
        assert!(gain("How long does a keg keep") > gain("How do I clean a keg"));
        assert!(gain("Wine") < 0.1);
        assert!(gain("").abs() < 1e-6);
    }
}
