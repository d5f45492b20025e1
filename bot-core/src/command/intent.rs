//! What somebody wants, however they said it.

use super::table::Command;
use crate::forum::{Address, Vote};

/// Which post is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one at this address.
    At(Address),
    /// The one that the message hangs on.
    Here,
}

/// Which questions are to be listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// What somebody wants. Texts are as they were written; the rules check them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
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
    /// Show a post's earlier texts.
    History {
        /// Which.
        post: Target,
        /// The page, from 1.
        page: u32,
    },
    /// Find questions.
    Search {
        /// What for.
        query: String,
        /// The page, from 1.
        page: u32,
    },
    /// Find questions that may be the same.
    Similar {
        /// What would be asked.
        text: String,
    },
    /// Show a question with all that hangs on it.
    Show {
        /// Which.
        post: Target,
        /// The page, from 1.
        page: u32,
    },
    /// List questions.
    Questions {
        /// Which.
        order: ListOrder,
        /// Only those with this tag.
        tag: Option<String>,
        /// The page, from 1.
        page: u32,
    },
    /// Have another account be the same person.
    Link {
        /// The code that the other account was given, or this one; none to be given one.
        code: Option<String>,
        /// Whether that is agreed to.
        agrees: bool,
    },
    /// Have this account be a person of its own again.
    Unlink,
    /// Have forums become one, or two again.
    Forum(Union),
    /// Show what can be said.
    Help {
        /// About this command only.
        topic: Option<&'static Command>,
    },
}

impl Intent {
    /// Whether it only shows something: it changes nothing, however often it is asked for.
    #[must_use]
    pub fn is_view(&self) -> bool {
        match self {
            Self::History { .. }
            | Self::Search { .. }
            | Self::Similar { .. }
            | Self::Show { .. }
            | Self::Questions { .. }
            | Self::Help { .. } => true,
            Self::Ask { .. }
            | Self::Answer { .. }
            | Self::Comment { .. }
            | Self::Edit { .. }
            | Self::Delete { .. }
            | Self::Hide { .. }
            | Self::Unhide { .. }
            | Self::RemoveMessage { .. }
            | Self::SetVote { .. }
            | Self::PressVote { .. }
            | Self::Unvote { .. }
            | Self::Accept { .. }
            | Self::Unaccept { .. }
            | Self::Link { .. }
            | Self::Unlink
            | Self::Forum(_) => false,
        }
    }

    /// Whether it says all of a post of the kind that this one is of.
    #[must_use]
    pub fn writes(&self, post: Address) -> bool {
        match self {
            Self::Ask { .. } => post.answer.is_none() && post.comment.is_none(),
            Self::Answer { .. } => post.answer.is_some() && post.comment.is_none(),
            Self::Comment { .. } => post.comment.is_some(),
            _ => false,
        }
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

    /// Whether it votes, or takes a vote back.
    #[must_use]
    pub fn is_vote(&self) -> bool {
        matches!(
            self,
            Self::SetVote { .. } | Self::PressVote { .. } | Self::Unvote { .. }
        )
    }

    /// The same view at another page; what has a single page stays as it is. None where it is no view.
    #[must_use]
    pub fn at_page(self, page: u32) -> Option<Self> {
        Some(match self {
            Self::History { post, .. } => Self::History { post, page },
            Self::Search { query, .. } => Self::Search { query, page },
            Self::Show { post, .. } => Self::Show { post, page },
            Self::Questions { order, tag, .. } => Self::Questions { order, tag, page },
            Self::Similar { .. } | Self::Help { .. } => self,
            Self::Ask { .. }
            | Self::Answer { .. }
            | Self::Comment { .. }
            | Self::Edit { .. }
            | Self::Delete { .. }
            | Self::Hide { .. }
            | Self::Unhide { .. }
            | Self::RemoveMessage { .. }
            | Self::SetVote { .. }
            | Self::PressVote { .. }
            | Self::Unvote { .. }
            | Self::Accept { .. }
            | Self::Unaccept { .. }
            | Self::Link { .. }
            | Self::Unlink
            | Self::Forum(_) => return None,
        })
    }
}

/// What becomes of a place's forum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Union {
    /// A code is made, by which another can join it.
    Code,
    /// It joins the one whose code it is; or lets the one join that said the code.
    Join {
        /// The code.
        code: String,
        /// Whether that is agreed to.
        agrees: bool,
    },
    /// It leaves the one that it joined, or one that joined it is parted from it.
    Leave {
        /// The own name of the one that is to be parted; none where there is but one.
        which: Option<String>,
        /// Whether that is really meant.
        agrees: bool,
    },
}
