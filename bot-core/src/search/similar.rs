//! Questions that may have been asked before: how certain it is that one answers what is being asked, as a probability.
//!
//! The probability is a logistic regression over what the question and the text have in common. Its weights were fitted on
//! judged sets, each query once as it is and once with all that answers it taken away, so that it also knows what it is to find
//! nothing. `docs/search.md` says how it was checked, and how far it is off.

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Term};

use super::find::Candidate;
use super::recipe::Recipe;
use super::rerank::Rerank;
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::stop::is_stop;
use super::tokens::{Kind, Stems, spans};
use super::words::{Asked, Frequencies};
use crate::forum::PostId;

/// A question that may have been asked before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similar {
    /// The question.
    pub question: PostId,
    /// How likely it answers what is being asked, from 0 to 1.
    pub certainty: f32,
}

/// What a question has in common with what is asked, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evidence {
    /// How much of what is asked stands somewhere in the question's texts; rare words are more.
    pub anywhere: f32,
    /// How much of it stands in the title.
    pub in_title: f32,
    /// How much of the title is in what is asked.
    pub of_title: f32,
    /// How alike the title and what is asked are, letter by letter.
    pub alike: f32,
    /// How well it fits, in parts of the best that is possible.
    pub fit: f32,
}

/// What each part of the evidence counts, in its order.
const WEIGHTS: [f32; 5] = [3.546, 0.725, 4.059, 3.406, -3.469];
/// What it is without any.
const BIAS: f32 = -4.334;

impl Evidence {
    /// The probability that a question with this evidence answers what is asked.
    #[must_use]
    pub fn certainty(&self) -> f32 {
        let parts = [
            self.anywhere,
            self.in_title,
            self.of_title,
            self.alike,
            self.fit,
        ];
        let sum: f32 = parts.iter().zip(WEIGHTS).map(|(part, w)| part * w).sum();
        1.0 / (1.0 + (-(BIAS + sum)).exp())
    }
}

/// What is looked at.
pub(super) struct Judge<'a> {
    pub snapshot: &'a Snapshot,
    pub fields: &'a Fields,
    pub recipe: &'a Recipe,
    pub rerank: &'a Rerank,
    pub asked: &'a [Asked],
}

impl Judge<'_> {
    /// The evidence for a question that was found.
    pub fn evidence(&self, found: &Candidate, title: &str) -> tantivy::Result<Evidence> {
        let all: f32 = self.asked.iter().map(|asked| asked.rarity).sum();
        let share = |sum: f32| if all > 0.0 { sum / all } else { 0.0 };
        let best = all * BM25_MOST * (1.0 + self.recipe.title);
        Ok(Evidence {
            anywhere: share(self.standing(found, self.fields.all)?),
            in_title: share(self.standing(found, self.fields.title)?),
            of_title: self.of_title(title)?,
            alike: self.rerank.alike(title),
            fit: if best > 0.0 { found.fit() / best } else { 0.0 },
        })
    }

    /// How rare the asked words are, in all, that stand in a field of the question.
    fn standing(&self, found: &Candidate, field: Field) -> tantivy::Result<f32> {
        let Some(part) = self.snapshot.parts().nth(found.part) else {
            return Ok(0.0);
        };
        let index = part.segment.inverted_index(field)?;
        let mut sum = 0.0;
        for asked in self.asked {
            for stem in &asked.meant {
                let term = Term::from_field_text(field, stem);
                let read = index.read_postings(&term, IndexRecordOption::Basic)?;
                let stands = read.is_some_and(|mut postings| {
                    if postings.doc() < found.doc {
                        postings.seek(found.doc);
                    }
                    postings.doc() == found.doc && postings.term_freq() > 0
                });
                if stands {
                    sum += asked.rarity;
                    break;
                }
            }
        }
        Ok(sum)
    }

    fn of_title(&self, title: &str) -> tantivy::Result<f32> {
        let (mut all, mut shared) = (0.0, 0.0);
        let (mut stems, mut seen) = (Stems::new(), Vec::new());
        let mut known = Frequencies::new(self.snapshot);
        for span in spans(title).filter(|span| span.kind == Kind::Word) {
            let stem = stems.stem(span.word);
            if stem.is_empty() || is_stop(stem) || seen.iter().any(|known| known == stem) {
                continue;
            }
            seen.push(stem.to_owned());
            let rarity = known.rarity(self.fields, stem)?;
            all += rarity;
            let meant = |asked: &Asked| asked.meant.iter().any(|meant| meant == stem);
            if self.asked.iter().any(meant) {
                shared += rarity;
            }
        }
        Ok(if all > 0.0 { shared / all } else { 0.0 })
    }
}

/// The most that BM25 gives a word, beside how rare it is: k1 + 1.
const BM25_MOST: f32 = 2.2;
