//! Questions and answers, and whatever else is a post on such a site.

use super::fields::Fields;
use super::sealed::Read;
use super::{Row, SkipReason, SourcePost, SourceUser};
use crate::forum::Timestamp;

/// A row of `Posts.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostRow {
    /// Its number.
    pub id: SourcePost,
    /// What it is.
    pub kind: PostKind,
    /// The accepted answer of a question.
    pub accepted: Option<SourcePost>,
    /// When it was posted.
    pub at: Timestamp,
    /// Votes for it, less those against it.
    pub score: i64,
    /// Its text, as HTML.
    pub body: String,
    /// Who wrote it; none for somebody whose account is deleted.
    pub owner: Option<SourceUser>,
    /// What they were called, where there is no account.
    pub owner_name: Option<String>,
    /// Who edited it last.
    pub last_editor: Option<SourceUser>,
    /// What they were called, where there is no account.
    pub last_editor_name: Option<String>,
    /// When it was edited last.
    pub last_edit_at: Option<Timestamp>,
    /// A question's title, as plain text; of other posts mostly empty.
    pub title: String,
    /// A question's tags.
    pub tags: Vec<String>,
    /// Since when the question is closed.
    pub closed_at: Option<Timestamp>,
    /// Since when it belongs to the community.
    pub community_owned_at: Option<Timestamp>,
    /// Under which licence its text stands; older dumps don't say.
    pub licence: Option<Licence>,
}

/// What a post is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostKind {
    /// A question.
    Question,
    /// An answer.
    Answer {
        /// The question.
        to: SourcePost,
    },
    /// Something else, such as the description of a tag: its `PostTypeId`.
    Other(i64),
}

/// The licence of a text: Creative Commons Attribution-ShareAlike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Version 2.5.
    BySa25,
    /// Version 3.0.
    BySa30,
    /// Version 4.0.
    BySa40,
    /// Another, as the row says it.
    Other(String),
}

impl Licence {
    /// The licence that a row names.
    #[must_use]
    pub fn of(name: String) -> Self {
        match name.as_str() {
            "CC BY-SA 2.5" => Self::BySa25,
            "CC BY-SA 3.0" => Self::BySa30,
            "CC BY-SA 4.0" => Self::BySa40,
            _ => Self::Other(name),
        }
    }

    /// What it is called, as in the row.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::BySa25 => "CC BY-SA 2.5",
            Self::BySa30 => "CC BY-SA 3.0",
            Self::BySa40 => "CC BY-SA 4.0",
            Self::Other(name) => name,
        }
    }
}

impl Row for PostRow {
    const TABLE: &'static str = "posts";
}

impl Read for PostRow {
    fn read(fields: &Fields<'_>) -> Result<Self, SkipReason> {
        let id = SourcePost(fields.needed_number("Id")?);
        let kind = match fields.needed_number("PostTypeId")? {
            1 => PostKind::Question,
            2 => PostKind::Answer {
                to: SourcePost(fields.needed_number("ParentId")?),
            },
            other => PostKind::Other(other),
        };
        let title = match kind {
            PostKind::Question => fields.needed_text("Title")?,
            PostKind::Answer { .. } | PostKind::Other(_) => {
                fields.text("Title").unwrap_or_default()
            }
        };
        Ok(Self {
            id,
            kind,
            accepted: fields.number("AcceptedAnswerId")?.map(SourcePost),
            at: fields.needed_date("CreationDate")?,
            score: fields.number("Score")?.unwrap_or(0),
            body: fields.needed_text("Body")?,
            owner: fields.user("OwnerUserId")?,
            owner_name: fields.text("OwnerDisplayName"),
            last_editor: fields.user("LastEditorUserId")?,
            last_editor_name: fields.text("LastEditorDisplayName"),
            last_edit_at: fields.date("LastEditDate")?,
            title,
            tags: fields
                .text("Tags")
                .map_or_else(Vec::new, |tags| split(&tags)),
            closed_at: fields.date("ClosedDate")?,
            community_owned_at: fields.date("CommunityOwnedDate")?,
            licence: licence(fields),
        })
    }
}

/// The licence of a row's text.
pub(super) fn licence(fields: &Fields<'_>) -> Option<Licence> {
    fields.text("ContentLicense").map(Licence::of)
}

/// The tags in `<a><b>`, as older dumps have them, or in `|a|b|`.
fn split(tags: &str) -> Vec<String> {
    let tags = tags.split(['<', '>', '|']).map(str::trim);
    tags.filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}
