//! What a platform's check found: a thing that was looked at, and how it is. Pure.

/// A thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, and how it is where all is well.
    pub what: String,
    /// How it is.
    pub verdict: Verdict,
}

/// How a thing is that was looked at. What to do stands behind the first semicolon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// The bot works, but for this.
    Better(String),
    /// This is wrong.
    Wrong(String),
}

impl Finding {
    /// All is well with `what`.
    #[must_use]
    pub fn good(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            verdict: Verdict::Good,
        }
    }

    /// The bot works, and could do so better: a sentence that says `how` behind its first semicolon.
    #[must_use]
    pub fn better(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            verdict: Verdict::Better(how.into()),
        }
    }

    /// Something is wrong with `what`: a sentence that says what to do behind its first semicolon.
    #[must_use]
    pub fn wrong(what: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            verdict: Verdict::Wrong(problem.into()),
        }
    }
}
