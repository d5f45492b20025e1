//! Completes what is being typed: the questions whose titles have all the words typed so far, and tags. Words are looked
//! up as they were typed, and with typing errors only where that finds nothing.

use std::collections::HashMap;

use tantivy::Term;
use tantivy::schema::Field;

use super::begun::{SHORT, Start, folded_tag, of_forum, tag_of};
use super::blocks::rounds;
use super::draft::{Draft, DraftWord, errors_in};
use super::gather::{Gathering, Sought};
use super::near::{EDITS_MAX, Near, Reach, Typed, near, near_behind};
use super::schema::Fields;
use super::scores::Scores;
use super::snapshot::Snapshot;
use crate::forum::{ForumId, PostId};

/// How many words may be meant by one that was begun: those that most titles have.
const BEGUN_MAX: usize = 200;
/// How many by one that may have typing errors.
const ERRORS_MAX: usize = 64;

/// Where to look.
pub(super) struct Completing<'a> {
    pub snapshot: &'a Snapshot,
    pub fields: &'a Fields,
    pub scores: &'a Scores,
    pub forum: ForumId,
}

/// What a word that was typed may mean.
struct Meaning {
    /// What a title has one of that has the word.
    anywhere: Sought,
    /// What a title has one of that begins with it.
    first: Sought,
}

impl Completing<'_> {
    /// Questions whose titles have all the words, at most `most`: first those whose titles begin with the first word, then by
    /// votes, the newer of equals first. Where there are more, the newer ones are looked at.
    pub fn titles(&self, draft: &Draft, most: usize) -> tantivy::Result<Vec<PostId>> {
        let rounds = rounds(self.snapshot);
        let mut view = self.scores.view();
        let mut meanings = Meanings::new(self, draft);
        let small = match self.small_forum()? {
            Some(forum) => Some(Sought::open(self.snapshot, &[forum])?),
            None => None,
        };
        for pardon in meanings.pardons()? {
            let Some((first, mut words)) = meanings.of(&pardon)? else {
                continue;
            };
            if words.iter().all(|word| word.is_known()) {
                words.extend(small.iter());
                let gathering = Gathering {
                    snapshot: self.snapshot,
                    rounds: &rounds,
                    forum: self.forum,
                    words,
                    first: &first.first,
                    enough: most,
                };
                let found = gathering.gather(&mut view)?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
            if meanings.is_in_vain(&pardon) {
                break;
            }
        }
        Ok(Vec::new())
    }

    /// What finds the forum's questions, where they are few among those of other forums.
    fn small_forum(&self) -> tantivy::Result<Option<Term>> {
        let forum = self.fields.forum_term(self.forum);
        let in_forum = self.snapshot.searcher.doc_freq(&forum)?;
        Ok((in_forum.saturating_mul(4) < self.snapshot.documents).then_some(forum))
    }

    /// What a word may mean that has so many errors at most.
    fn meaning(&self, word: &DraftWord, errors: u8) -> tantivy::Result<Meaning> {
        let Fields { title, heading, .. } = *self.fields;
        let mut anywhere = vec![Term::from_field_text(title, &word.stem)];
        let first = match (word.typed, errors) {
            (Typed::Begun, 0) if is_short(&word.folded) => {
                anywhere.push(self.start(Start::Word, &word.folded));
                vec![self.start(Start::First, &word.folded)]
            }
            (typed, errors) => {
                if typed == Typed::Whole && errors > 0 {
                    let stems = self.near(title, &word.stem, errors, typed)?;
                    anywhere.extend(in_field(title, &stems));
                }
                // An error in a word's ending makes its stem another one.
                let words = self.near(heading, &word.folded, errors, typed)?;
                anywhere.extend(in_field(heading, &words));
                let first = words.iter();
                first
                    .map(|near| self.start(Start::FirstWhole, &near.stem))
                    .collect()
            }
        };
        Ok(Meaning {
            anywhere: Sought::open(self.snapshot, &anywhere)?,
            first: Sought::open(self.snapshot, &first)?,
        })
    }

    fn near(
        &self,
        field: Field,
        word: &str,
        edits: u8,
        typed: Typed,
    ) -> tantivy::Result<Vec<Near>> {
        let most = if edits == 0 { BEGUN_MAX } else { ERRORS_MAX };
        near(self.snapshot, field, word, Reach { edits, typed, most })
    }

    fn start(&self, start: Start, text: &str) -> Term {
        Term::from_field_text(self.fields.start, &start.term(text))
    }

    /// Tags of the forum that begin so, at most `most`, those first that more questions have. What no question has any
    /// more may be among them.
    pub fn tags(&self, typed: &str, most: usize) -> tantivy::Result<Vec<String>> {
        let begin = folded_tag(typed);
        let behind = of_forum(self.forum);
        for edits in 0..=errors_in(&begin) {
            let reach = Reach {
                edits,
                typed: Typed::Begun,
                most,
            };
            let near = near_behind(self.snapshot, self.fields.label, &behind, &begin, reach)?;
            if !near.is_empty() {
                let tags = near.iter().filter_map(|near| tag_of(&near.stem));
                return Ok(tags.map(str::to_owned).collect());
            }
        }
        Ok(Vec::new())
    }
}

/// What the words of a draft may mean; each is looked up once.
struct Meanings<'a> {
    completing: &'a Completing<'a>,
    draft: &'a Draft,
    /// By the word's place, and how many errors it may have.
    known: HashMap<(usize, u8), Meaning>,
}

impl<'a> Meanings<'a> {
    fn new(completing: &'a Completing<'a>, draft: &'a Draft) -> Self {
        Self {
            completing,
            draft,
            known: HashMap::new(),
        }
    }

    /// Looks up what the words may mean with so many errors each: the first one, and where all of them are. None where there
    /// is no word.
    fn of(&mut self, pardon: &[u8]) -> tantivy::Result<Option<(&Meaning, Vec<&Sought>)>> {
        for (place, word) in self.draft.words.iter().enumerate() {
            let errors = pardon.get(place).copied().unwrap_or(0);
            if !self.known.contains_key(&(place, errors)) {
                let meaning = self.completing.meaning(word, errors)?;
                self.known.insert((place, errors), meaning);
            }
        }
        let meant = pardon.iter().copied().enumerate();
        let meant = meant.filter_map(|meant| self.known.get(&meant));
        let words = meant.clone().map(|meaning| &meaning.anywhere).collect();
        Ok(meant.clone().next().map(|first| (first, words)))
    }

    /// How many errors to allow each word, one try after the other: none; few in words that no title has as they are; at
    /// last one in the others too.
    fn pardons(&mut self) -> tantivy::Result<Vec<Vec<u8>>> {
        let words = &self.draft.words;
        let none = vec![0; words.len()];
        let exact = self.of(&none)?.map(|(_, words)| words).unwrap_or_default();
        let known: Vec<bool> = exact.iter().map(|word| word.is_known()).collect();
        let mut pardons = vec![none];
        for (in_known, in_unknown) in [(0, 1), (0, EDITS_MAX), (1, EDITS_MAX)] {
            let words = words.iter().zip(&known);
            let pardon = words
                .map(|(word, known)| {
                    word.errors()
                        .min(if *known { in_known } else { in_unknown })
                })
                .collect();
            if !pardons.contains(&pardon) {
                pardons.push(pardon);
            }
        }
        Ok(pardons)
    }

    /// Whether a word means nothing with all the errors that it may have.
    fn is_in_vain(&self, pardon: &[u8]) -> bool {
        let tried = self.draft.words.iter().zip(pardon).enumerate();
        tried.into_iter().any(|(place, (word, &errors))| {
            let meant = self.known.get(&(place, errors));
            errors == word.errors() && meant.is_some_and(|meant| !meant.anywhere.is_known())
        })
    }
}

fn is_short(word: &str) -> bool {
    word.chars().nth(SHORT).is_none()
}

fn in_field(field: Field, near: &[Near]) -> impl Iterator<Item = Term> {
    near.iter()
        .map(move |near| Term::from_field_text(field, &near.stem))
}
