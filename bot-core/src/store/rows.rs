//! Rows as the forum's types: what the writer and the readers share.

use super::db::{self, Connection, OptionalExtension, Row, column, column_number, params};
use crate::forum::{
    Address, ClosingReason, Condition, ForumId, Hider, Hiding, IdentityId, PlaceId, PostId,
    PostKind, Standing, Timestamp,
};

/// A place as the store knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// The place.
    pub id: PlaceId,
    /// The forum it belongs to; none for a direct place whose person has yet to say which.
    pub forum: Option<ForumId>,
    /// Whether it is a conversation of one person with the bot.
    pub direct: bool,
}

/// Reads a place by its platform and key.
pub(super) const PLACE: &str =
    "SELECT id, forum, direct FROM place WHERE platform = ?1 AND key = ?2";

/// A row of [`PLACE`].
pub(super) fn place(row: &Row<'_>) -> db::Result<PlaceRow> {
    Ok(PlaceRow {
        id: PlaceId(row.get(0)?),
        forum: row.get::<_, Option<i64>>(1)?.map(ForumId),
        direct: row.get(2)?,
    })
}

/// Reads posts with what their addresses are made of, the forums from which they were written, and the members that their authors are;
/// a WHERE clause follows.
pub(super) const POST: &str = "SELECT post.id, post.question, post.kind, post.forum, post.author, post.at,
    post.withdrawn_at IS NOT NULL AS withdrawn, post.number, question.number, parent.kind, parent.number, post.hidden_as, post.withdraw_at,
    question.closed_at IS NOT NULL AS closed, coalesce(post.side, post.forum) AS side,
    coalesce((SELECT member FROM membership WHERE membership.forum = post.forum AND membership.identity = post.author), 0) AS member
    FROM post JOIN post AS question ON question.id = post.question LEFT JOIN post AS parent ON parent.id = post.parent";

/// A row of [`POST`].
#[derive(Clone, Copy, Debug)]
pub(super) struct PostRow {
    pub id: PostId,
    pub question: PostId,
    pub kind: PostKind,
    pub forum: ForumId,
    pub author: IdentityId,
    pub at: Timestamp,
    pub condition: Condition,
    pub standing: Standing,
    pub address: Address,
}

/// Whether [`post`] can read the rows of a `SELECT`: whether the columns that it reads stand where [`POST`] has them.
pub(super) const fn can_read(select: &str) -> bool {
    let mut nth = 0;
    while nth < READ.len() {
        if column_number(select, READ[nth]) != column_number(POST, READ[nth]) {
            return false;
        }
        nth += 1;
    }
    true
}

/// The columns that [`post`] reads.
const READ: [&str; 14] = [
    "post.id",
    "post.question",
    "post.kind",
    "post.forum",
    "post.author",
    "post.at",
    "withdrawn",
    "post.number",
    "question.number",
    "parent.kind",
    "parent.number",
    "post.hidden_as",
    "post.withdraw_at",
    "closed",
];

/// Reads the first fourteen columns of [`POST`].
pub(super) fn post(row: &Row<'_>) -> db::Result<PostRow> {
    let kind = kind(row.get(column!(POST, "post.kind"))?);
    let number: u32 = row.get(column!(POST, "post.number"))?;
    let question = Address::question(row.get(column!(POST, "question.number"))?);
    let parent: Option<i64> = row.get(column!(POST, "parent.kind"))?;
    let address = match (kind, parent) {
        (PostKind::Question, _) => question,
        (PostKind::Answer, _) => question.with_answer(number),
        (PostKind::Comment, Some(ANSWER)) => question
            .with_answer(row.get(column!(POST, "parent.number"))?)
            .with_comment(number),
        (PostKind::Comment, _) => question.with_comment(number),
    };
    Ok(PostRow {
        id: PostId(row.get(column!(POST, "post.id"))?),
        question: PostId(row.get(column!(POST, "post.question"))?),
        kind,
        forum: ForumId(row.get(column!(POST, "post.forum"))?),
        author: IdentityId(row.get(column!(POST, "post.author"))?),
        at: Timestamp(row.get(column!(POST, "post.at"))?),
        condition: condition(
            row.get(column!(POST, "withdrawn"))?,
            row.get(column!(POST, "post.hidden_as"))?,
            row.get(column!(POST, "post.withdraw_at"))?,
        ),
        standing: if row.get(column!(POST, "closed"))? {
            Standing::Closed
        } else {
            Standing::Open
        },
        address,
    })
}

/// What the columns `withdrawn_at IS NOT NULL`, `hidden_as` and `withdraw_at` say.
pub(super) fn condition(
    withdrawn: bool,
    hidden_as: Option<i64>,
    withdraw_at: Option<i64>,
) -> Condition {
    let by = match (withdrawn, hidden_as) {
        (true, _) => return Condition::Withdrawn,
        (false, None) => return Condition::Visible,
        (false, Some(BY_AUTHOR)) => Hider::Author,
        (false, Some(BY_MODERATOR)) => Hider::Moderator,
        (false, Some(_)) => Hider::Unknown,
    };
    Condition::Hidden(Hiding {
        by,
        withdrawal: withdraw_at.map(Timestamp),
    })
}

/// An author in the column `hidden_as`.
const BY_AUTHOR: i64 = 0;
/// A moderator in the column `hidden_as`.
const BY_MODERATOR: i64 = 1;
/// Nobody known in the column `hidden_as`.
const BY_UNKNOWN: i64 = 2;

/// As the column `hidden_as` says it.
pub(super) const fn hidden_as(by: Hider) -> i64 {
    match by {
        Hider::Author => BY_AUTHOR,
        Hider::Moderator => BY_MODERATOR,
        Hider::Unknown => BY_UNKNOWN,
    }
}

/// The reasons in the column `closed_as`, by their numbers.
const WHYS: [ClosingReason; 9] = [
    ClosingReason::Duplicate,
    ClosingReason::OffTopic,
    ClosingReason::Unclear,
    ClosingReason::TooBroad,
    ClosingReason::Opinion,
    ClosingReason::TooLocal,
    ClosingReason::Reference,
    ClosingReason::Noise,
    ClosingReason::Unsaid,
];

/// What the column `closed_as` says.
pub(super) fn why(column: i64) -> ClosingReason {
    let known = usize::try_from(column)
        .ok()
        .and_then(|at| WHYS.get(at).copied());
    known.unwrap_or(ClosingReason::Unsaid)
}

/// As the column `closed_as` says it.
pub(super) fn closed_as(why: ClosingReason) -> i64 {
    let at = WHYS.iter().position(|known| *known == why);
    at.and_then(|at| i64::try_from(at).ok()).unwrap_or(8)
}

/// A link that says that a question has to do with another, in the column `kind`.
pub(super) const RELATED: i64 = 0;
/// A link that says that a question asks the same as another, in the column `kind`.
pub(super) const DUPLICATE: i64 = 1;

/// The platform of those who wrote what was imported: nobody can act from there.
pub const IMPORTED: &str = "imported";
/// The platform of those whose accounts were deleted where their posts were imported from.
pub const DELETED: &str = "deleted";

/// A question in the column `kind`.
pub(super) const QUESTION: i64 = 0;
/// An answer in the column `kind`.
pub(super) const ANSWER: i64 = 1;
/// A comment in the column `kind`.
pub(super) const COMMENT: i64 = 2;

/// What the column `kind` says.
pub(super) fn kind(column: i64) -> PostKind {
    match column {
        QUESTION => PostKind::Question,
        ANSWER => PostKind::Answer,
        _ => PostKind::Comment,
    }
}

/// The post at an address, withdrawn or not.
pub(super) fn resolve(
    conn: &Connection,
    forum: ForumId,
    address: Address,
) -> db::Result<Option<PostId>> {
    let question = conn
        .prepare_cached("SELECT id FROM post WHERE forum = ?1 AND number = ?2 AND kind = 0")?
        .query_row(params![forum.0, address.question], |row| {
            row.get(0).map(PostId)
        })
        .optional()?;
    match question {
        Some(question) => hanging(conn, question, address),
        None => Ok(None),
    }
}

/// The post of an address whose question is this one, whatever that's number is.
pub(super) fn hanging(
    conn: &Connection,
    question: PostId,
    address: Address,
) -> db::Result<Option<PostId>> {
    let child = |parent: PostId, kind: i64, number: u32| {
        conn.prepare_cached("SELECT id FROM post WHERE parent = ?1 AND kind = ?2 AND number = ?3")?
            .query_row(params![parent.0, kind, number], |row| {
                row.get(0).map(PostId)
            })
            .optional()
    };
    let mut id = Some(question);
    if let (Some(question), Some(number)) = (id, address.answer) {
        id = child(question, ANSWER, number)?;
    }
    if let (Some(parent), Some(number)) = (id, address.comment) {
        id = child(parent, COMMENT, number)?;
    }
    Ok(id)
}

/// A question's tags in order.
pub(super) fn tags(conn: &Connection, post: PostId) -> db::Result<Vec<String>> {
    conn.prepare_cached("SELECT name FROM tag WHERE post = ?1 ORDER BY position")?
        .query_map([post.0], |row| row.get(0))?
        .collect()
}

/// The question that had this number in a place before its forum joined another, and the number that it has now.
pub(super) fn formerly(
    conn: &Connection,
    place: PlaceId,
    number: u32,
) -> db::Result<Option<(PostId, u32)>> {
    conn.prepare_cached(
        "SELECT post.id, post.number FROM place JOIN former ON former.forum = place.home JOIN post ON post.id = former.question
         WHERE place.id = ?1 AND former.number = ?2",
    )?
    .query_row(params![place.0, number], |row| Ok((PostId(row.get(0)?), row.get(1)?)))
    .optional()
}
