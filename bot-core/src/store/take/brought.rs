//! What a newer dump or export says of questions that are there already: which answer is accepted, and whether they are closed. It is
//! brought where nobody here has decided otherwise since, that is where all stands as the import before left it.

use super::ImportBatch;
use crate::forum::{Change, Condition, PostId, Timestamp};
use crate::store::db::{self, Row, params};
use crate::store::fault::Fault;
use crate::store::record::Closed;
use crate::store::rows;
use crate::store::tx::Tx;

/// What is said of a question, here or by an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    accepted: Option<PostId>,
    /// Since when it is closed, and why.
    closed: Option<(i64, i64)>,
}

impl Tx<'_> {
    /// Keeps what came with a question.
    pub(super) fn keep_brought(&self, question: PostId) -> Result<(), Fault> {
        let here = self.state(question)?;
        self.set_brought(question, here)
    }

    /// Brings which answer is accepted.
    pub(super) fn bring_accepted(
        &self,
        batch: &mut ImportBatch<'_>,
        question: PostId,
        said: Option<PostId>,
    ) -> Result<(), Fault> {
        let Some((here, known)) = self.states(question)? else {
            return Ok(());
        };
        if said == known.accepted {
            return Ok(());
        }
        if said != here.accepted {
            if here.accepted != known.accepted || !self.may_be_accepted(said)? {
                batch.taken.decided += 1;
                return Ok(());
            }
            let change = match said {
                Some(answer) => Change::Accepted {
                    question,
                    answer,
                    via: None,
                    by: None,
                },
                None => Change::Unaccepted { question, by: None },
            };
            self.apply(batch.intake.forum, &[change], batch.intake.now)?;
            batch.taken.accepted += 1;
        }
        self.set_brought(
            question,
            State {
                accepted: said,
                ..known
            },
        )
    }

    /// Brings whether it is closed.
    pub(super) fn bring_closed(
        &self,
        batch: &mut ImportBatch<'_>,
        question: PostId,
        said: Option<&Closed>,
    ) -> Result<(), Fault> {
        let Some((here, known)) = self.states(question)? else {
            return Ok(());
        };
        let mut said = said.map(|closed| (closed.at.0.0, rows::closed_as(closed.why)));
        // A dump without its history doesn't say why.
        if let (Some((at, why)), Some((since, known))) = (&mut said, here.closed)
            && *at == since
            && rows::why(*why) == crate::forum::ClosingReason::Unsaid
        {
            *why = known;
        }
        if said == known.closed {
            return Ok(());
        }
        if said != here.closed {
            if here.closed != known.closed {
                batch.taken.decided += 1;
                return Ok(());
            }
            let change = match said {
                Some((at, why)) => Change::Closed {
                    question,
                    at: Timestamp(at),
                    why: rows::why(why),
                    by: None,
                },
                None => Change::Reopened { question, by: None },
            };
            self.apply(batch.intake.forum, &[change], batch.intake.now)?;
            batch.taken.closed += 1;
        }
        self.set_brought(
            question,
            State {
                closed: said,
                ..known
            },
        )
    }

    /// Whether nobody here decided otherwise than the import before which answer is accepted.
    pub(super) fn accepts_as_brought(&self, question: PostId) -> Result<bool, Fault> {
        let here = self.state(question)?.accepted;
        let brought = self.brought(question)?.and_then(|brought| brought.accepted);
        Ok(here == brought)
    }

    /// What is said of a question here, and what the import before said of it; none where it can't be seen.
    fn states(&self, question: PostId) -> Result<Option<(State, State)>, Fault> {
        if !self.is_seen(question)? {
            return Ok(None);
        }
        let here = self.state(question)?;
        // Of an import before this was kept: it closed what is closed, but an answer that is accepted may be one that was accepted here.
        let unknown = State {
            accepted: None,
            closed: here.closed,
        };
        Ok(Some((here, self.brought(question)?.unwrap_or(unknown))))
    }

    /// Whether a post can be seen.
    fn is_seen(&self, post: PostId) -> Result<bool, Fault> {
        let post = self.post(post)?;
        Ok(post.is_some_and(|post| post.condition == Condition::Visible))
    }

    fn may_be_accepted(&self, answer: Option<PostId>) -> Result<bool, Fault> {
        match answer {
            Some(answer) => self.is_seen(answer),
            None => Ok(true),
        }
    }

    fn state(&self, question: PostId) -> Result<State, Fault> {
        let state = self.one(
            "reading what a question is",
            "SELECT accepted, closed_at, closed_as FROM post WHERE id = ?1",
            [question.0],
            state,
        )?;
        Ok(state.unwrap_or_default())
    }

    fn brought(&self, question: PostId) -> Result<Option<State>, Fault> {
        self.one(
            "reading what an import brought",
            "SELECT accepted, closed_at, closed_as FROM brought WHERE question = ?1",
            [question.0],
            state,
        )
    }

    fn set_brought(&self, question: PostId, state: State) -> Result<(), Fault> {
        self.run(
            "keeping what an import brought",
            "INSERT INTO brought (question, accepted, closed_at, closed_as) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (question) DO UPDATE SET accepted = excluded.accepted, closed_at = excluded.closed_at, closed_as = excluded.closed_as",
            params![
                question.0,
                state.accepted.map(|answer| answer.0),
                state.closed.map(|(at, _)| at),
                state.closed.map(|(_, why)| why)
            ],
        )
        .map(drop)
    }
}

fn state(row: &Row<'_>) -> db::Result<State> {
    let since: Option<i64> = row.get(1)?;
    Ok(State {
        accepted: row.get::<_, Option<i64>>(0)?.map(PostId),
        closed: since.zip(row.get(2)?),
    })
}
