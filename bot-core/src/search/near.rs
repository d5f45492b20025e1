//! Words near one that was typed, out of all that the index knows: what its beginning or a typing error may have meant.
//! Looks only at the dictionary of a field's words, never at documents.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;

use super::snapshot::Snapshot;

/// The most edits that are ever looked for: the automaton for three is too large.
pub(super) const EDITS_MAX: u8 = 2;
/// The longest word, in characters, that is looked for with edits: the automaton grows with it. Longer ones are found as
/// they are.
const LENGTH_MAX: usize = 32;
/// How many words of a segment are looked at for each number of edits, so that a short beginning takes no longer.
const LOOKED_AT: usize = 10_000;

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    /// Letters that are wrong, missing or too many; two neighbours that are swapped count as one. At most [`EDITS_MAX`].
    pub edits: u8,
    /// How much of the word was typed.
    pub typed: Typed,
    /// How many words are given at most.
    pub most: usize,
}

/// How much of a word was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// All of it.
    Whole,
    /// Its beginning at least; the edits are counted in that.
    Begun,
}

/// A word that is near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Near {
    /// As the field's dictionary has it: a stem, in a field of stems.
    pub stem: String,
    /// How many edits it takes.
    pub edits: u8,
    /// How many documents have it, deleted ones too.
    pub documents: u64,
}

/// The words of a field that are near `word`, which is cut as the field's words are (a stem, in a field of stems): those
/// first that take fewer edits, then those that more documents have, then by name. The first letter may be wrong too.
pub(super) fn near(
    snapshot: &Snapshot,
    field: Field,
    word: &str,
    reach: Reach,
) -> tantivy::Result<Vec<Near>> {
    if word.is_empty() {
        return Ok(Vec::new());
    }
    let edits = match word.chars().nth(LENGTH_MAX) {
        Some(_) => 0,
        None => reach.edits.min(EDITS_MAX),
    };
    let mut found = Found::default();
    for edits in 0..=edits {
        look(snapshot, field, word, (edits, reach.typed), &mut found)?;
    }
    let mut near: Vec<Near> = found.into_near().collect();
    near.sort_by(|one, other| {
        (one.edits, Reverse(one.documents), &one.stem).cmp(&(
            other.edits,
            Reverse(other.documents),
            &other.stem,
        ))
    });
    near.truncate(reach.most);
    Ok(near)
}

/// Words with their edits, and how many documents have them.
#[derive(Default)]
struct Found {
    words: HashMap<Box<[u8]>, (u8, u64)>,
}

impl Found {
    /// Counts a word that takes so many edits, unless it was found with fewer.
    fn add(&mut self, word: &[u8], edits: u8, documents: u64) {
        match self.words.get_mut(word) {
            Some((known, sum)) if *known == edits => *sum += documents,
            Some(_) => {}
            None => {
                self.words.insert(word.into(), (edits, documents));
            }
        }
    }

    fn into_near(self) -> impl Iterator<Item = Near> {
        self.words
            .into_iter()
            .filter_map(|(word, (edits, documents))| {
                Some(Near {
                    stem: String::from_utf8(word.into_vec()).ok()?,
                    edits,
                    documents,
                })
            })
    }
}

/// Looks through every segment's dictionary for words within so many edits.
fn look(
    snapshot: &Snapshot,
    field: Field,
    word: &str,
    (edits, typed): (u8, Typed),
    found: &mut Found,
) -> tantivy::Result<()> {
    // Tantivy keeps what is costly to make, for each number of edits once.
    let term = Term::from_field_text(field, word);
    let automaton = match (edits, typed) {
        (0, _) => None,
        (_, Typed::Whole) => Some(FuzzyTermQuery::new(term, edits, true).automaton()?),
        (_, Typed::Begun) => Some(FuzzyTermQuery::new_prefix(term, edits, true).automaton()?),
    };
    for part in snapshot.parts() {
        let index = part.segment.inverted_index(field)?;
        let words = index.terms();
        match (&automaton, typed) {
            (Some(automaton), _) => {
                let mut stream = words.search(automaton).into_stream()?;
                for _ in 0..LOOKED_AT {
                    let Some((word, info)) = stream.next() else {
                        break;
                    };
                    found.add(word, edits, info.doc_freq.into());
                }
            }
            (None, Typed::Whole) => {
                if let Some(info) = words.get(word)? {
                    found.add(word.as_bytes(), edits, info.doc_freq.into());
                }
            }
            (None, Typed::Begun) => begun(words, word, edits, found)?,
        }
    }
    Ok(())
}

/// Adds the words of a dictionary that begin with `word`.
fn begun(words: &TermDictionary, word: &str, edits: u8, found: &mut Found) -> tantivy::Result<()> {
    let mut stream = words.range().ge(word).into_stream()?;
    for _ in 0..LOOKED_AT {
        match stream.next() {
            Some((known, info)) if known.starts_with(word.as_bytes()) => {
                found.add(known, edits, info.doc_freq.into());
            }
            Some(_) | None => break,
        }
    }
    Ok(())
}
