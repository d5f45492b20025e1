//! What is put aside of a row until its post comes.

use serde::{Deserialize, Serialize};

use super::super::dump::{
    CloseReason, ClosingEntry, CommentRow, HistoryKind, HistoryRow, SourceUser,
};
use crate::forum::{ClosingReason, Timestamp};

/// A comment.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Aside {
    pub by: Who,
    pub at: i64,
    pub ups: u32,
    pub text: String,
    pub licence: Option<String>,
}

/// Whose something is: a user's number, or what they were called when they had one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Who {
    pub user: Option<i64>,
    pub name: Option<String>,
}

/// Something that was done to a post.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PostAction {
    pub by: Who,
    pub at: i64,
    pub revision: String,
    pub comment: Option<String>,
    pub text: String,
    pub part: ActionTarget,
}

/// What it was done to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ActionTarget {
    Title,
    Body,
    Tags,
    /// It was closed: why, and as a duplicate of which.
    Closed(ClosingReason, Vec<i64>),
    Reopened,
}

impl Who {
    pub fn new(user: Option<SourceUser>, name: Option<&String>) -> Self {
        Self {
            user: user.map(|user| user.0),
            name: name.cloned(),
        }
    }
}

impl Aside {
    pub fn of(row: &CommentRow) -> Self {
        Self {
            by: Who::new(row.user, row.user_name.as_ref()),
            at: row.at.0,
            ups: u32::try_from(row.score).unwrap_or(0),
            text: row.text.clone(),
            licence: row
                .licence
                .as_ref()
                .map(|licence| licence.name().to_owned()),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers always serialise")
    }

    pub fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).expect("what was written is read")
    }
}

impl PostAction {
    pub fn of(row: &HistoryRow, part: ActionTarget) -> Self {
        Self {
            by: Who::new(row.user, row.user_name.as_ref()),
            at: row.at.0,
            revision: row.revision.clone(),
            comment: row.comment.clone(),
            text: match part {
                ActionTarget::Title | ActionTarget::Body | ActionTarget::Tags => {
                    row.text.clone().unwrap_or_default()
                }
                ActionTarget::Closed(..) | ActionTarget::Reopened => String::new(),
            },
            part,
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers always serialise")
    }

    pub fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).expect("what was written is read")
    }

    pub fn at(&self) -> Timestamp {
        Timestamp(self.at)
    }
}

impl ActionTarget {
    /// What a row of the history is about, if it is about what is taken.
    pub fn of(row: &HistoryRow) -> Option<Self> {
        match &row.kind {
            HistoryKind::Title(_) => Some(Self::Title),
            HistoryKind::Body(_) => Some(Self::Body),
            HistoryKind::Tags(_) => Some(Self::Tags),
            HistoryKind::Closed(closing) => Some(Self::closed(closing)),
            HistoryKind::Reopened(_) => Some(Self::Reopened),
            HistoryKind::Deleted
            | HistoryKind::Undeleted
            | HistoryKind::Locked
            | HistoryKind::Unlocked
            | HistoryKind::CommunityOwned
            | HistoryKind::Other(_) => None,
        }
    }

    fn closed(closing: &ClosingEntry) -> Self {
        let reason = closing.reason.map_or(ClosingReason::Unsaid, why);
        let others = closing.duplicates.iter().map(|other| other.0).collect();
        Self::Closed(reason, others)
    }
}

/// Why, in the forum's words.
fn why(reason: CloseReason) -> ClosingReason {
    match reason {
        CloseReason::Duplicate => ClosingReason::Duplicate,
        CloseReason::OffTopic => ClosingReason::OffTopic,
        CloseReason::Unclear | CloseReason::NotReal => ClosingReason::Unclear,
        CloseReason::TooBroad => ClosingReason::TooBroad,
        CloseReason::OpinionBased | CloseReason::Argumentative => ClosingReason::Opinion,
        CloseReason::TooLocalized => ClosingReason::TooLocal,
        CloseReason::GeneralReference => ClosingReason::Reference,
        CloseReason::Noise => ClosingReason::Noise,
        CloseReason::Other(_) => ClosingReason::Unsaid,
    }
}
