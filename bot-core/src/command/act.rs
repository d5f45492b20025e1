//! What changes the forum.

use super::target::Target;
use crate::forum::{Address, Vote};

/// What somebody wants to change. Texts are as they were written; the rules check them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Ask a question.
    Ask {
        /// Its title.
        title: String,
        /// Its text.
        body: String,
        /// Its tags.
        tags: Vec<String>,
    },
    /// Answer a question.
    Answer {
        /// Which; an answer's or comment's address means its question.
        question: Target,
        /// The text.
        body: String,
    },
    /// Comment on a post.
    Comment {
        /// Which.
        on: Target,
        /// The text.
        body: String,
    },
    /// Change a post; what is none stays.
    Edit {
        /// Which.
        post: Target,
        /// A new title.
        title: Option<String>,
        /// A new text.
        body: Option<String>,
        /// New tags.
        tags: Option<Vec<String>>,
        /// Why.
        reason: Option<String>,
        /// The number of the revision that it was made from, where that is known: what was left as it was there is not changed.
        seen: Option<u32>,
    },
    /// Take a post back.
    Delete {
        /// Which.
        post: Target,
    },
    /// Hide a post.
    Hide {
        /// Which.
        post: Target,
    },
    /// Show a hidden post again.
    Unhide {
        /// Which.
        post: Target,
    },
    /// Take the messages away that a hidden post was made from.
    RemoveMessage {
        /// Which post.
        post: Target,
    },
    /// Have this vote on a post.
    SetVote {
        /// Which.
        post: Target,
        /// The vote.
        vote: Vote,
    },
    /// Press the button of a vote on a post: have it, or none where it is the one that stands.
    PressVote {
        /// Which.
        post: Target,
        /// The vote.
        vote: Vote,
    },
    /// Have no vote on a post.
    Unvote {
        /// Which.
        post: Target,
    },
    /// Accept an answer.
    Accept {
        /// Which.
        answer: Target,
    },
    /// Take the accepting back.
    Unaccept {
        /// The question.
        question: Target,
    },
}

impl Act {
    /// Whether it says all of a post of the kind that this one is of.
    #[must_use]
    pub fn writes(&self, post: Address) -> bool {
        match self {
            Self::Ask { .. } => post.answer.is_none() && post.comment.is_none(),
            Self::Answer { .. } => post.answer.is_some() && post.comment.is_none(),
            Self::Comment { .. } => post.comment.is_some(),
            Self::Edit { .. }
            | Self::Delete { .. }
            | Self::Hide { .. }
            | Self::Unhide { .. }
            | Self::RemoveMessage { .. }
            | Self::SetVote { .. }
            | Self::PressVote { .. }
            | Self::Unvote { .. }
            | Self::Accept { .. }
            | Self::Unaccept { .. } => false,
        }
    }

    /// Whether it votes, or takes a vote back.
    #[must_use]
    pub const fn is_vote(&self) -> bool {
        matches!(
            self,
            Self::SetVote { .. } | Self::PressVote { .. } | Self::Unvote { .. }
        )
    }

    /// The change of a post whose author left nothing but its text in their message: a question's first line is its title. None where
    /// there is no text.
    #[must_use]
    pub fn text_of(post: Address, text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let body = text.to_owned();
        Some(if post.comment.is_some() {
            Self::Comment {
                on: Target::Here,
                body,
            }
        } else if post.answer.is_some() {
            Self::Answer {
                question: Target::Here,
                body,
            }
        } else {
            let (title, body) = text.split_once('\n').unwrap_or((text, ""));
            Self::Edit {
                post: Target::Here,
                title: Some(title.trim().to_owned()),
                body: Some(body.trim_start_matches('\n').to_owned()),
                tags: None,
                reason: None,
                seen: None,
            }
        })
    }
}
