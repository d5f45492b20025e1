//! Words near one that was typed, out of all that the index knows: what its beginning or a typing error may have meant.
//! Looks only at the dictionary of a field's words, never at documents.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;

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
    near_behind(snapshot, field, "", word, reach)
}

/// The same among the field's terms that begin with `behind`, which the edits leave alone. The terms are given without it.
pub(super) fn near_behind(
    snapshot: &Snapshot,
    field: Field,
    behind: &str,
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
    let mut found = NearWords::default();
    let whole = format!("{behind}{word}");
    for edits in 0..=edits {
        let sought = Sought {
            behind,
            whole: &whole,
            edits,
            typed: reach.typed,
        };
        sought.look(snapshot, field, &mut found)?;
    }
    let mut near: Vec<Near> = found.into_near(behind).collect();
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
struct NearWords {
    words: HashMap<Box<[u8]>, (u8, u64)>,
}

impl NearWords {
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

    fn into_near(self, behind: &str) -> impl Iterator<Item = Near> {
        self.words.into_iter().filter_map(move |(word, found)| {
            let word = str::from_utf8(&word).ok()?.strip_prefix(behind)?;
            Some(Near {
                stem: word.to_owned(),
                edits: found.0,
                documents: found.1,
            })
        })
    }
}

/// What is looked for with one number of edits.
struct Sought<'a> {
    behind: &'a str,
    /// The word behind that.
    whole: &'a str,
    edits: u8,
    typed: Typed,
}

impl Sought<'_> {
    /// Looks through every segment's dictionary.
    fn look(
        &self,
        snapshot: &Snapshot,
        field: Field,
        found: &mut NearWords,
    ) -> tantivy::Result<()> {
        // Tantivy keeps what is costly to make, for each number of edits once.
        let term = Term::from_field_text(field, self.whole);
        let automaton = match (self.edits, self.typed) {
            (0, _) => None,
            (edits, Typed::Whole) => Some(FuzzyTermQuery::new(term, edits, true).automaton()?),
            (edits, Typed::Begun) => {
                Some(FuzzyTermQuery::new_prefix(term, edits, true).automaton()?)
            }
        };
        for part in snapshot.parts() {
            let index = part.segment.inverted_index(field)?;
            let words = index.terms();
            match (&automaton, self.typed) {
                (Some(automaton), _) => {
                    let mut stream = words.search(automaton).ge(self.behind).into_stream()?;
                    for _ in 0..LOOKED_AT {
                        match stream.next() {
                            Some((word, info)) if word.starts_with(self.behind.as_bytes()) => {
                                found.add(word, self.edits, info.doc_freq.into());
                            }
                            Some(_) | None => break,
                        }
                    }
                }
                (None, Typed::Whole) => {
                    if let Some(info) = words.get(self.whole)? {
                        found.add(self.whole.as_bytes(), self.edits, info.doc_freq.into());
                    }
                }
                (None, Typed::Begun) => {
                    let mut stream = words.range().ge(self.whole).into_stream()?;
                    for _ in 0..LOOKED_AT {
                        match stream.next() {
                            Some((word, info)) if word.starts_with(self.whole.as_bytes()) => {
                                found.add(word, self.edits, info.doc_freq.into());
                            }
                            Some(_) | None => break,
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
