//! Closed questions: they take votes and comments, and no answers.

use serde::{Deserialize, Serialize};

use super::{Address, Post, Refusal, Timestamp};

/// Whether a question takes answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Open,
    /// It does not.
    Closed,
}

/// How a question was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: ClosingReason,
    /// The questions that ask the same and can be seen.
    pub duplicates: Vec<Address>,
}

/// Why a question was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosingReason {
    /// It was asked before.
    Duplicate,
    /// It is about something else than the forum.
    OffTopic,
    /// It is not clear what is asked.
    Unclear,
    /// It would take too much to answer.
    TooBroad,
    /// Answers would be opinions.
    Opinion,
    /// It would help nobody else.
    TooLocal,
    /// Any reference has the answer.
    Reference,
    /// It is noise.
    Noise,
    /// Nobody said.
    Unsaid,
}

/// Refuses an answer to a question that is closed.
pub(super) fn takes_answers(question: &Post) -> Result<(), Refusal> {
    match question.standing {
        Standing::Open => Ok(()),
        Standing::Closed => Err(Refusal::Closed {
            address: question.address,
        }),
    }
}
