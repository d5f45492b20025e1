//! What is asked of each document that was found: what isn't quicker looked up beforehand.

use tantivy::query::Weight as Lookout;
use tantivy::{DocId, SegmentReader};

use super::query::{ConditionKind, Query, Sense, State};
use super::scores::QuestionScore;
use crate::forum::ForumId;

/// Decides which documents stay.
pub(super) struct Sieve {
    /// The forum they have to be in, where that was not looked up already.
    pub forum: Option<ForumId>,
    /// Finds those that are not wanted. They are looked up apart: asked to skip what a phrase matches, tantivy 0.27 seeks
    /// backwards in it, which it does not allow itself.
    unwanted: Option<Box<dyn Lookout>>,
    tests: Vec<Test>,
}

/// A condition on a question's score.
struct Test {
    sense: Sense,
    needs: Need,
}

enum Need {
    State(State),
    Net(i64),
}

impl Sieve {
    /// The sieve of a query.
    pub fn new(query: &Query, forum: Option<ForumId>, unwanted: Option<Box<dyn Lookout>>) -> Self {
        let tests = query.conditions.iter().filter_map(|condition| {
            let needs = match condition.what {
                ConditionKind::Is(state) => Need::State(state),
                ConditionKind::Score(least) => Need::Net(least),
                ConditionKind::Exact(_) | ConditionKind::Tag(_) | ConditionKind::By(_) => {
                    return None;
                }
            };
            Some(Test {
                sense: condition.sense,
                needs,
            })
        });
        Self {
            forum,
            unwanted,
            tests: tests.collect(),
        }
    }

    /// Whether scores are asked for.
    pub fn looks_at_scores(&self) -> bool {
        !self.tests.is_empty()
    }

    /// Whether a question with this score stays.
    pub fn keeps(&self, score: QuestionScore) -> bool {
        self.tests.iter().all(|test| {
            let holds = match test.needs {
                Need::State(State::Answered) => score.accepted,
                Need::State(State::Unanswered) => score.answers == 0,
                Need::State(State::Closed) => score.closed,
                Need::Net(least) => score.net >= least,
            };
            holds == (test.sense == Sense::Wanted)
        })
    }

    /// The documents of a segment that are not wanted.
    pub fn unwanted_in(&self, segment: &SegmentReader) -> tantivy::Result<Docs> {
        let Some(unwanted) = &self.unwanted else {
            return Ok(Docs::default());
        };
        let mut docs = Docs {
            marked: vec![false; segment.max_doc() as usize],
        };
        unwanted.for_each_no_score(segment, &mut |found| {
            for &doc in found {
                if let Some(mark) = docs.marked.get_mut(doc as usize) {
                    *mark = true;
                }
            }
        })?;
        Ok(docs)
    }
}

/// Some of a segment's documents.
#[derive(Default)]
pub(super) struct Docs {
    marked: Vec<bool>,
}

impl Docs {
    /// Whether the document is one of them.
    pub fn contain(&self, doc: DocId) -> bool {
        self.marked.get(doc as usize).copied().unwrap_or(false)
    }
}
