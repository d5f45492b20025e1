//! Questions that may have been asked before: how certain it is that one answers what is being asked, as a probability.
//!
//! The probability is a logistic regression over what the question and the text have in common. Its weights were fitted on
//! judged sets, each query once as it is and once with all that answers it taken away, so that it also knows what it is to find
//! nothing. `docs/search.md` says how it was checked, and how far it is off.

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Term};

use super::found::Candidate;
use super::plan::Ranking;
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::spans::{SpanKind, spans};
use super::stop::is_stop;
use super::tokens::Stems;
use super::words::{AskedWord, Frequencies};
use crate::forum::PostId;

/// A question that may have been asked before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similar {
    /// The question.
    pub question: PostId,
    /// How likely it answers what is being asked, from 0 to 1.
    pub certainty: f32,
    /// What that is taken from.
    pub evidence: Evidence,
}

impl Similar {
    /// A question that was found, by what it has in common with what is asked.
    pub(super) fn judged(question: PostId, evidence: Evidence) -> Self {
        Self {
            question,
            certainty: evidence.certainty(),
            evidence,
        }
    }

    /// A question whose title is what is asked.
    pub(super) fn same(question: PostId) -> Self {
        Self {
            question,
            certainty: SAME,
            evidence: Evidence::ALL,
        }
    }
}

/// How likely a question is an answer whose title is what is asked.
const SAME: f32 = 0.99;

/// What a question has in common with what is asked, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// How much of what is asked stands somewhere in the question's texts; rare words are more.
    pub anywhere: f32,
    /// How much of it stands in the title.
    pub in_title: f32,
    /// How much of the title is in what is asked.
    pub of_title: f32,
    /// How alike the title and what is asked are, letter by letter.
    pub alike: f32,
    /// How well it fits by its words, in parts of the best that is possible.
    pub fit: f32,
    /// How much it says that what is asked stands somewhere: one rare word may stand there by chance, many hardly do.
    pub weight: f32,
}

/// How rare the words are together, as BM25 reckons it, that say half of what words can say.
const HALF: f32 = 10.0;

/// What each part of the evidence counts, in its order.
const WEIGHTS: [f32; 7] = [-0.177, -1.157, 1.263, 3.030, 4.403, 6.152, 4.892];
/// What it is without any.
const BIAS: f32 = -6.703;

impl Evidence {
    /// All that is possible.
    const ALL: Self = Self {
        anywhere: 1.0,
        in_title: 1.0,
        of_title: 1.0,
        alike: 1.0,
        fit: 1.0,
        weight: 1.0,
    };

    /// Each part of it, in the order in which they are declared, and how far the title and the words fit both.
    #[must_use]
    pub fn parts(&self) -> [f32; 7] {
        [
            self.anywhere,
            self.in_title,
            self.of_title,
            self.alike,
            self.fit,
            self.weight,
            self.of_title * self.fit,
        ]
    }

    /// The probability that a question with this evidence answers what is asked.
    #[must_use]
    pub fn certainty(&self) -> f32 {
        let sum: f32 = self
            .parts()
            .iter()
            .zip(WEIGHTS)
            .map(|(part, w)| part * w)
            .sum();
        1.0 / (1.0 + (-(BIAS + sum)).exp())
    }
}

/// What is looked at.
pub(super) struct Judge<'a> {
    pub snapshot: &'a Snapshot,
    pub fields: &'a Fields,
    pub ranking: &'a Ranking,
}

impl Judge<'_> {
    /// The evidence for a question that was found.
    pub fn evidence(&self, found: &Candidate, title: &str) -> tantivy::Result<Evidence> {
        let all: f32 = self.ranking.asked.iter().map(|asked| asked.rarity).sum();
        let anywhere = self.standing(found, self.fields.all)?;
        Ok(Evidence {
            anywhere: share(anywhere, all),
            weight: share(anywhere, anywhere + HALF),
            in_title: share(self.standing(found, self.fields.title)?, all),
            of_title: self.of_title(title)?,
            alike: self.ranking.rerank.alike(title),
            fit: share(self.by_content(found)?, self.ranking.most),
        })
    }

    /// How well its words fit, without what the search adds for how they stand and how they are said.
    fn by_content(&self, found: &Candidate) -> tantivy::Result<f32> {
        let Some(part) = self.snapshot.parts().nth(found.part) else {
            return Ok(0.0);
        };
        let mut scorer = self.ranking.by_content.scorer(part.segment, 1.0)?;
        if scorer.doc() < found.doc {
            scorer.seek(found.doc);
        }
        Ok(match scorer.doc() == found.doc {
            true => scorer.score(),
            false => 0.0,
        })
    }

    /// How rare the asked words are, in all, that stand in a field of the question.
    fn standing(&self, found: &Candidate, field: Field) -> tantivy::Result<f32> {
        let Some(part) = self.snapshot.parts().nth(found.part) else {
            return Ok(0.0);
        };
        let index = part.segment.inverted_index(field)?;
        let mut sum = 0.0;
        for asked in &self.ranking.asked {
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
        for span in spans(title).filter(|span| span.kind == SpanKind::Word) {
            let stem = stems.stem(span.word);
            if stem.is_empty() || is_stop(stem) || seen.iter().any(|known| known == stem) {
                continue;
            }
            seen.push(stem.to_owned());
            let rarity = known.rarity(self.fields, stem)?;
            all += rarity;
            let meant = |asked: &AskedWord| asked.meant.iter().any(|meant| meant == stem);
            if self.ranking.asked.iter().any(meant) {
                shared += rarity;
            }
        }
        Ok(share(shared, all))
    }
}

/// A part of all there is, from 0 to 1 whatever the rounding; none of nothing.
fn share(part: f32, all: f32) -> f32 {
    debug_assert!(
        part <= all * 1.001,
        "{part} is no part of {all}: what is possible was counted too low"
    );
    if all > 0.0 {
        (part / all).clamp(0.0, 1.0)
    } else {
        0.0
    }
}
