//! Completes what is being typed: the questions whose titles have all the words typed so far, and tags. Words are looked
//! up as they were typed, and with typing errors only where that finds nothing.

use std::collections::HashSet;

use tantivy::Term;
use tantivy::schema::Field;

use super::begun::{SHORT, Start, folded_tag, of_forum, tag_of};
use super::blocks::rounds;
use super::draft::{Draft, DraftWord};
use super::gather::Gathering;
use super::near::{Near, Reach, Typed, near, near_behind};
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

impl Completing<'_> {
    /// Questions whose titles have all the words, at most `most`: first those whose titles begin with the first of them,
    /// then by votes, the newer of equals first. In a large forum the newer ones are enough.
    pub fn titles(&self, draft: &Draft, most: usize) -> tantivy::Result<Vec<PostId>> {
        let Some(first) = draft.words.first() else {
            return Ok(Vec::new());
        };
        let rounds = rounds(self.snapshot);
        let small = self.small_forum()?;
        let mut view = self.scores.view();
        for errors in 0..=draft.errors() {
            let mut words = draft
                .words
                .iter()
                .map(|word| self.terms(word, errors))
                .collect::<tantivy::Result<Vec<_>>>()?;
            if let Some(forum) = &small {
                words.push(vec![forum.clone()]);
            }
            let mut gathering = Gathering {
                snapshot: self.snapshot,
                rounds: &rounds,
                forum: self.forum,
                words,
                enough: most,
            };
            let mut found = gathering.gather(&mut view)?;
            if found.is_empty() {
                continue;
            }
            gathering.words.push(self.first_terms(first, errors)?);
            let mut all = gathering.gather(&mut view)?;
            let known: HashSet<PostId> = all.iter().copied().collect();
            found.retain(|question| !known.contains(question));
            all.append(&mut found);
            all.truncate(most);
            return Ok(all);
        }
        Ok(Vec::new())
    }

    /// What finds the forum's questions, where they are few among those of other forums.
    fn small_forum(&self) -> tantivy::Result<Option<Term>> {
        let forum = self.fields.forum_term(self.forum);
        let in_forum = self.snapshot.searcher.doc_freq(&forum)?;
        Ok((in_forum.saturating_mul(4) < self.snapshot.documents).then_some(forum))
    }

    /// What a title has one of that has the word.
    fn terms(&self, word: &DraftWord, errors: u8) -> tantivy::Result<Vec<Term>> {
        let errors = errors.min(word.errors());
        let stem = Term::from_field_text(self.fields.title, &word.stem);
        let mut terms = vec![stem];
        match (word.typed, errors) {
            (Typed::Whole, 0) => {}
            (Typed::Whole, _) => {
                // An error in its ending makes its stem another one.
                for (field, word) in [
                    (self.fields.title, &word.stem),
                    (self.fields.heading, &word.folded),
                ] {
                    let near = self.near(field, word, errors, Typed::Whole)?;
                    terms.extend(in_field(field, near));
                }
            }
            (Typed::Begun, 0) if is_short(&word.folded) => {
                terms.push(self.start(Start::Word, &word.folded));
            }
            (Typed::Begun, _) => {
                let near = self.near(self.fields.heading, &word.folded, errors, Typed::Begun)?;
                terms.extend(in_field(self.fields.heading, near));
            }
        }
        Ok(terms)
    }

    /// What a title has one of that begins with the word.
    fn first_terms(&self, word: &DraftWord, errors: u8) -> tantivy::Result<Vec<Term>> {
        let errors = errors.min(word.errors());
        if word.typed == Typed::Begun && errors == 0 && is_short(&word.folded) {
            return Ok(vec![self.start(Start::First, &word.folded)]);
        }
        let near = self.near(self.fields.heading, &word.folded, errors, word.typed)?;
        let firsts = near.iter();
        Ok(firsts
            .map(|near| self.start(Start::FirstWhole, &near.stem))
            .collect())
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
        let errors = Draft::parse(&begin).errors();
        for edits in 0..=errors {
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

fn is_short(word: &str) -> bool {
    word.chars().nth(SHORT).is_none()
}

fn in_field(field: Field, near: Vec<Near>) -> Vec<Term> {
    near.into_iter()
        .map(|near| Term::from_field_text(field, &near.stem))
        .collect()
}
