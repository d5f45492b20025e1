//! Which post is meant, and which questions.

use serde::{Deserialize, Serialize};

use crate::forum::Address;

/// Which post is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// The one at this address.
    At(Address),
    /// The one that the message hangs on.
    Here,
}

/// Which questions are to be listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListOrder {
    /// Newest first.
    #[default]
    Recent,
    /// Those without an answer.
    Unanswered,
    /// Those much is going on in.
    Hot,
    /// Those with the most votes.
    Votes,
}

impl ListOrder {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Recent, Self::Unanswered, Self::Hot, Self::Votes];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Unanswered => "unanswered",
            Self::Hot => "hot",
            Self::Votes => "votes",
        }
    }

    /// The one that a word in lower case means.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "recent" | "new" | "newest" => Self::Recent,
            "unanswered" | "open" => Self::Unanswered,
            "hot" => Self::Hot,
            "votes" | "top" | "best" => Self::Votes,
            _ => return None,
        })
    }
}
