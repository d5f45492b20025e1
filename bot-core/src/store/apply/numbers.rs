//! The numbers by which people name posts: the next in a forum, or under a parent.

use crate::forum::{ForumId, PostId};
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::record::GREATEST_NUMBER;
use crate::store::rows::{ANSWER, COMMENT};
use crate::store::tx::Tx;

/// Numbers questions from behind the greatest number that is not too great.
const FIRST_FREE_QUESTION: &str = "UPDATE forum SET questions = 1 + (SELECT coalesce(max(given.number), 0) FROM post AS given WHERE given.forum = ?1 AND given.kind = 0 AND given.number < ?2)
     WHERE id = ?1 RETURNING questions";

impl Tx<'_> {
    /// The number of a new post; never given again, whatever becomes of the post.
    pub(in crate::store) fn next_number(
        &self,
        forum: ForumId,
        kind: i64,
        parent: Option<PostId>,
    ) -> Result<u32, Fault> {
        let (next, first_free, of) = match (kind, parent) {
            (ANSWER, Some(parent)) => (
                "UPDATE post SET last_answer = last_answer + 1 WHERE id = ?1 RETURNING last_answer",
                "UPDATE post SET last_answer = 1 + (SELECT coalesce(max(given.number), 0) FROM post AS given WHERE given.parent = ?1 AND given.kind = 1 AND given.number < ?2)
                 WHERE id = ?1 RETURNING last_answer",
                parent.0,
            ),
            (COMMENT, Some(parent)) => (
                "UPDATE post SET last_comment = last_comment + 1 WHERE id = ?1 RETURNING last_comment",
                "UPDATE post SET last_comment = 1 + (SELECT coalesce(max(given.number), 0) FROM post AS given WHERE given.parent = ?1 AND given.kind = 2 AND given.number < ?2)
                 WHERE id = ?1 RETURNING last_comment",
                parent.0,
            ),
            _ => (
                "UPDATE forum SET questions = questions + 1 WHERE id = ?1 RETURNING questions",
                FIRST_FREE_QUESTION,
                forum.0,
            ),
        };
        let number: Option<i64> = self.one("numbering a post", next, [of], |row| row.get(0))?;
        if let Ok(number) = u32::try_from(number.unwrap_or(1)) {
            return Ok(number);
        }
        // A number near the end of what addresses can say was imported before files' numbers had a bound.
        self.one(
            "numbering a post below a number that is too great",
            first_free,
            params![of, GREATEST_NUMBER],
            |row| row.get(0),
        )
        .map(|number| number.unwrap_or(1))
    }

    /// Has a forum's numbers go on below those that are too great, where `count` more don't fit behind them.
    pub(in crate::store) fn make_room(&self, forum: ForumId, count: i64) -> Result<(), Fault> {
        let newest: Option<i64> = self.one(
            "reading a forum's newest number",
            "SELECT questions FROM forum WHERE id = ?1",
            [forum.0],
            |row| row.get(0),
        )?;
        if newest.unwrap_or(0).saturating_add(count) <= i64::from(u32::MAX) {
            return Ok(());
        }
        self.one(
            "making room for numbers",
            FIRST_FREE_QUESTION,
            params![forum.0, GREATEST_NUMBER],
            |row| row.get::<_, i64>(0),
        )
        .map(drop)
    }
}
