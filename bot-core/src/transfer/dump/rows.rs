//! The smaller tables: users, votes, comments, links, tags.

use super::fields::Fields;
use super::posts::licence;
use super::sealed::Read;
use super::{Licence, Row, SkipReason, SourcePost, SourceUser};
use crate::forum::Timestamp;

/// A row of `Users.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Their number.
    pub id: SourceUser,
    /// What they are called; names are not unique.
    pub name: String,
}

/// A row of `Votes.xml`. Who voted is said of favourites and bounties only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteRow {
    /// The post.
    pub post: SourcePost,
    /// What was said of it.
    pub kind: VoteKind,
    /// The day, at midnight.
    pub at: Timestamp,
}

/// What a vote says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteKind {
    /// The asker accepts the answer.
    Accepted,
    /// For the post.
    Up,
    /// Against it.
    Down,
    /// Something else, such as closing or a bounty: its `VoteTypeId`.
    Other(i64),
}

/// A row of `Comments.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    /// Its number, among the comments.
    pub id: i64,
    /// What it comments on.
    pub post: SourcePost,
    /// Votes for it.
    pub score: i64,
    /// Its text, in the site's small Markdown; never HTML.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it; none for somebody whose account is deleted.
    pub user: Option<SourceUser>,
    /// What they were called, where there is no account.
    pub user_name: Option<String>,
    /// Under which licence its text stands.
    pub licence: Option<Licence>,
}

/// A row of `PostLinks.xml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// The post that links.
    pub post: SourcePost,
    /// The post that is linked to.
    pub other: SourcePost,
    /// What the link says.
    pub kind: LinkKind,
}

/// What a link between posts says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// One names the other.
    Linked,
    /// One asks the same as the other.
    Duplicate,
    /// Something else: its `LinkTypeId`.
    Other(i64),
}

/// A row of `Tags.xml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRow {
    /// The tag.
    pub name: String,
    /// How many questions have it.
    pub count: i64,
    /// The post that describes it in a sentence.
    pub excerpt: Option<SourcePost>,
    /// The post that describes it at length.
    pub wiki: Option<SourcePost>,
}

impl Row for UserRow {
    const TABLE: &'static str = "users";
}

impl Read for UserRow {
    fn read(fields: &Fields<'_>) -> Result<Self, SkipReason> {
        Ok(Self {
            id: SourceUser(fields.needed_number("Id")?),
            name: fields.needed_text("DisplayName")?,
        })
    }
}

impl Row for VoteRow {
    const TABLE: &'static str = "votes";
}

impl Read for VoteRow {
    fn read(fields: &Fields<'_>) -> Result<Self, SkipReason> {
        fields.needed_number("Id")?;
        Ok(Self {
            post: SourcePost(fields.needed_number("PostId")?),
            kind: match fields.needed_number("VoteTypeId")? {
                1 => VoteKind::Accepted,
                2 => VoteKind::Up,
                3 => VoteKind::Down,
                other => VoteKind::Other(other),
            },
            at: fields.needed_date("CreationDate")?,
        })
    }
}

impl Row for CommentRow {
    const TABLE: &'static str = "comments";
}

impl Read for CommentRow {
    fn read(fields: &Fields<'_>) -> Result<Self, SkipReason> {
        Ok(Self {
            id: fields.needed_number("Id")?,
            post: SourcePost(fields.needed_number("PostId")?),
            score: fields.number("Score")?.unwrap_or(0),
            text: fields.needed_text("Text")?,
            at: fields.needed_date("CreationDate")?,
            user: fields.user("UserId")?,
            user_name: fields.text("UserDisplayName"),
            licence: licence(fields),
        })
    }
}

impl Row for LinkRow {
    const TABLE: &'static str = "postlinks";
}

impl Read for LinkRow {
    fn read(fields: &Fields<'_>) -> Result<Self, SkipReason> {
        fields.needed_number("Id")?;
        Ok(Self {
            post: SourcePost(fields.needed_number("PostId")?),
            other: SourcePost(fields.needed_number("RelatedPostId")?),
            kind: match fields.needed_number("LinkTypeId")? {
                1 => LinkKind::Linked,
                3 => LinkKind::Duplicate,
                other => LinkKind::Other(other),
            },
        })
    }
}

impl Row for TagRow {
    const TABLE: &'static str = "tags";
}

impl Read for TagRow {
    fn read(fields: &Fields<'_>) -> Result<Self, SkipReason> {
        fields.needed_number("Id")?;
        Ok(Self {
            name: fields.needed_text("TagName")?,
            count: fields.number("Count")?.unwrap_or(0),
            excerpt: fields.number("ExcerptPostId")?.map(SourcePost),
            wiki: fields.number("WikiPostId")?.map(SourcePost),
        })
    }
}
