//! What was done to posts: revisions, and closing with its reasons.
//!
//! The numbers are those of `PostHistoryTypes` and `CloseReasonTypes` in the format's description.

use serde::Deserialize;

use super::fields::Fields;
use super::posts::licence;
use super::sealed::Read;
use super::{Licence, Row, SkipReason, SourcePost, SourceUser};
use crate::forum::Timestamp;

/// A row of `PostHistory.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// Its number.
    pub id: i64,
    /// The post.
    pub post: SourcePost,
    /// What was done.
    pub kind: HistoryKind,
    /// The same for all that was done at once.
    pub revision: String,
    /// When.
    pub at: Timestamp,
    /// Who did it; none for somebody whose account is deleted.
    pub user: Option<SourceUser>,
    /// What they were called, where there is no account.
    pub user_name: Option<String>,
    /// What they said to it; of closing, the reason's number.
    pub comment: Option<String>,
    /// What came of it: a title, a text in Markdown, tags, or JSON with who voted.
    pub text: Option<String>,
    /// Under which licence its text stands.
    pub licence: Option<Licence>,
}

/// What was done to a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryKind {
    /// Its title was written.
    Title(HistoryOrigin),
    /// Its text was written.
    Body(HistoryOrigin),
    /// Its tags were chosen.
    Tags(HistoryOrigin),
    /// It was closed.
    Closed(ClosingEntry),
    /// It was opened again, by these.
    Reopened(Vec<SourceUser>),
    /// It was deleted.
    Deleted,
    /// That was undone.
    Undeleted,
    /// It was locked.
    Locked,
    /// That was undone.
    Unlocked,
    /// It was given to the community.
    CommunityOwned,
    /// Something else: its `PostHistoryTypeId`.
    Other(i64),
}

/// How something came to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryOrigin {
    /// At first.
    Initial,
    /// By an edit.
    Edit,
    /// By going back to an earlier revision.
    Rollback,
}

/// How a question was closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosingEntry {
    /// Why, if that is said.
    pub reason: Option<CloseReason>,
    /// The questions that ask the same.
    pub duplicates: Vec<SourcePost>,
    /// Who voted for it.
    pub voters: Vec<SourceUser>,
}

/// Why a question was closed. Those without another number are from before 2013.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// It was asked before: 101, earlier 1.
    Duplicate,
    /// It is about something else: 102, earlier 2.
    OffTopic,
    /// It is not clear what is asked: 103.
    Unclear,
    /// It would take too much to answer: 104.
    TooBroad,
    /// Answers would be opinions: 105.
    OpinionBased,
    /// Subjective and argumentative: 3.
    Argumentative,
    /// Not a real question: 4.
    NotReal,
    /// It would help nobody else: 7.
    TooLocalized,
    /// Any reference has the answer: 10.
    GeneralReference,
    /// Noise, or pointless: 20.
    Noise,
    /// Another, by its number.
    Other(i64),
}

impl CloseReason {
    /// The reason of a number.
    #[must_use]
    pub fn of(number: i64) -> Self {
        match number {
            1 | 101 => Self::Duplicate,
            2 | 102 => Self::OffTopic,
            103 => Self::Unclear,
            104 => Self::TooBroad,
            105 => Self::OpinionBased,
            3 => Self::Argumentative,
            4 => Self::NotReal,
            7 => Self::TooLocalized,
            10 => Self::GeneralReference,
            20 => Self::Noise,
            other => Self::Other(other),
        }
    }
}

/// The JSON of closing and opening; what is not there, or not known, is left out.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct HistoryComment {
    original_question_ids: Vec<i64>,
    close_reason_id: Option<i64>,
    voters: Vec<HistoryVoter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HistoryVoter {
    id: i64,
}

impl HistoryComment {
    /// What the text says; nothing, where it is no such JSON.
    fn of(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    fn voters(&self) -> Vec<SourceUser> {
        self.voters.iter().map(|by| SourceUser(by.id)).collect()
    }
}

impl ClosingEntry {
    fn of(comment: Option<&str>, text: Option<&str>) -> Self {
        let told = HistoryComment::of(text);
        let number = comment.and_then(|comment| comment.trim().parse().ok());
        let duplicates = told.original_question_ids.iter();
        Self {
            reason: number.or(told.close_reason_id).map(CloseReason::of),
            duplicates: duplicates.map(|&id| SourcePost(id)).collect(),
            voters: told.voters(),
        }
    }
}

impl HistoryKind {
    fn of(number: i64, comment: Option<&str>, text: Option<&str>) -> Self {
        match number {
            1 => Self::Title(HistoryOrigin::Initial),
            2 => Self::Body(HistoryOrigin::Initial),
            3 => Self::Tags(HistoryOrigin::Initial),
            4 => Self::Title(HistoryOrigin::Edit),
            5 => Self::Body(HistoryOrigin::Edit),
            6 => Self::Tags(HistoryOrigin::Edit),
            7 => Self::Title(HistoryOrigin::Rollback),
            8 => Self::Body(HistoryOrigin::Rollback),
            9 => Self::Tags(HistoryOrigin::Rollback),
            10 => Self::Closed(ClosingEntry::of(comment, text)),
            11 => Self::Reopened(HistoryComment::of(text).voters()),
            12 => Self::Deleted,
            13 => Self::Undeleted,
            14 => Self::Locked,
            15 => Self::Unlocked,
            16 => Self::CommunityOwned,
            other => Self::Other(other),
        }
    }
}

impl Row for HistoryRow {
    const TABLE: &'static str = "posthistory";
}

impl Read for HistoryRow {
    fn read(fields: &Fields<'_>) -> Result<Self, SkipReason> {
        let comment = fields.text("Comment");
        let text = fields.text("Text");
        let number = fields.needed_number("PostHistoryTypeId")?;
        Ok(Self {
            id: fields.needed_number("Id")?,
            post: SourcePost(fields.needed_number("PostId")?),
            kind: HistoryKind::of(number, comment.as_deref(), text.as_deref()),
            revision: fields.text("RevisionGUID").unwrap_or_default(),
            at: fields.needed_date("CreationDate")?,
            user: fields.user("UserId")?,
            user_name: fields.text("UserDisplayName"),
            comment,
            text,
            licence: licence(fields),
        })
    }
}
