//! What messages show, and the reactions that are kept of posts: for adapters that compare their chat with the store.

use std::collections::HashSet;

use super::db::{OptionalExtension, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::{PlaceId, PostId, SurfaceId};
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform};

/// How many of the newest changes are looked at for the latest surfaces: what is older was compared before.
const LOOKED_AT: i64 = 100_000;

impl Reader {
    /// The reactions of a platform that vote on a post, did so until the vote was taken back by a command, or accepted it; where `on` is given, also those that were refused and those
    /// whose acceptance was taken back otherwise.
    ///
    /// By which platform an answer was accepted is known of a reaction that begins with `on`, and of one that was heard as an
    /// event with this name. Where `on` is given, only those that begin with it.
    pub fn reactions(
        &self,
        platform: Platform,
        post: PostId,
        on: Option<&str>,
    ) -> Result<Vec<MessageKey>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT key FROM (
                     SELECT saying.reaction AS key FROM saying JOIN identity ON identity.id = saying.identity
                     WHERE saying.post = ?2 AND saying.reaction IS NOT NULL AND identity.platform = ?1
                     UNION
                     SELECT question.accepted_via FROM post JOIN post AS question ON question.id = post.question
                     WHERE post.id = ?2 AND question.accepted = ?2 AND question.accepted_via IS NOT NULL
                     AND (CAST(?3 AS TEXT) IS NOT NULL OR EXISTS
                          (SELECT 1 FROM inbox WHERE platform = ?1 AND key = question.accepted_via))
                     UNION
                     SELECT reaction FROM spent WHERE reaction >= ?3 AND reaction < ?4) AS reactions
                 WHERE CAST(?3 AS TEXT) IS NULL OR substr(key, 1, length(?3)) = ?3",
            )?
            .query_map(
                params![platform.name(), post.0, on, on.map(end_of)],
                |row| row.get(0).map(MessageKey),
            )?
            .collect()
        })
        .during("reading a post's reactions")
    }

    /// The messages in open places of a platform that show visible posts, those first whose posts were posted, changed or
    /// voted on latest. Looks at the newest 100,000 changes.
    pub fn recent_surfaces(
        &self,
        platform: Platform,
        most: usize,
    ) -> Result<Vec<(PlaceKey, MessageKey)>, Fault> {
        self.with(|conn| {
            // The log decides the order: without CROSS JOIN all of it would be sorted.
            let mut statement = conn.prepare_cached(
                "SELECT surface.id, place.key, surface.message FROM change_log
                 CROSS JOIN surface ON surface.post = change_log.post
                 CROSS JOIN place ON place.id = surface.place CROSS JOIN post ON post.id = surface.post
                 WHERE change_log.seq > (SELECT coalesce(max(seq), 0) FROM change_log) - ?2
                 AND surface.kind < 2 AND place.platform = ?1 AND place.open = 1
                 AND post.withdrawn_at IS NULL AND post.hidden_at IS NULL
                 ORDER BY change_log.seq DESC, surface.id DESC",
            )?;
            let mut rows = statement.query(params![platform.name(), LOOKED_AT])?;
            let (mut known, mut surfaces) = (HashSet::new(), Vec::new());
            while surfaces.len() < most
                && let Some(row) = rows.next()?
            {
                if known.insert(row.get::<_, i64>(0)?) {
                    surfaces.push((PlaceKey(row.get(1)?), MessageKey(row.get(2)?)));
                }
            }
            Ok(surfaces)
        })
        .during("reading the latest surfaces")
    }

    /// The messages in a place that show posts and whose names begin so.
    pub fn surfaces_from(&self, place: PlaceId, begin: &str) -> Result<Vec<MessageKey>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT message FROM surface
                 WHERE message >= ?2 AND substr(message, 1, length(?2)) = ?2 AND place = ?1 AND kind < 2
                 AND message < ?3 ORDER BY id",
            )?
            .query_map(params![place.0, begin, end_of(begin)], |row| {
                row.get(0).map(MessageKey)
            })?
            .collect()
        })
        .during("looking for messages")
    }

    /// The card that a message in a place is, and the post that it shows.
    pub fn card_at(
        &self,
        place: PlaceId,
        message: &MessageKey,
    ) -> Result<Option<(SurfaceId, PostId)>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT id, post FROM surface WHERE place = ?1 AND message = ?2 AND kind = 0",
            )?
            .query_row(params![place.0, message.0], |row| {
                Ok((SurfaceId(row.get(0)?), PostId(row.get(1)?)))
            })
            .optional()
        })
        .during("looking for a card")
    }

    /// Whether a place is known and the bot can speak there.
    pub fn is_open(&self, platform: Platform, key: &PlaceKey) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT open FROM place WHERE platform = ?1 AND key = ?2")?
                .query_row(params![platform.name(), key.0], |row| row.get(0))
                .optional()
        })
        .during("reading whether a place is open")
        .map(Option::unwrap_or_default)
    }

    /// Whether a post is of this person, by whichever of their accounts.
    pub fn is_author(
        &self,
        post: PostId,
        platform: Platform,
        person: &PersonKey,
    ) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM post
                     JOIN membership AS author ON author.forum = post.forum AND author.identity = post.author
                     JOIN identity ON identity.platform = ?2 AND identity.key = ?3
                     JOIN membership AS person ON person.forum = post.forum AND person.identity = identity.id
                     WHERE post.id = ?1 AND person.member = author.member)",
            )?
            .query_row(params![post.0, platform.name(), person.0], |row| row.get(0))
        })
        .during("reading a post's author")
    }

    /// Whether a post is of this account.
    pub fn is_by_account(
        &self,
        post: PostId,
        platform: Platform,
        person: &PersonKey,
    ) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM post JOIN identity ON identity.id = post.author
                     WHERE post.id = ?1 AND identity.platform = ?2 AND identity.key = ?3)",
            )?
            .query_row(params![post.0, platform.name(), person.0], |row| row.get(0))
        })
        .during("reading a post's author")
    }
}

/// What is behind every text that begins so.
fn end_of(begin: &str) -> String {
    format!("{begin}{}", char::MAX)
}

impl Tx<'_> {
    /// Forgets that a reaction that does not hang any more was spent: made again under the same name, it is a new one.
    pub fn forget_spent(&self, reaction: &MessageKey) -> Result<(), Fault> {
        self.run(
            "forgetting a spent reaction",
            "DELETE FROM saying WHERE reaction = ?1 AND standing = 0",
            [&reaction.0],
        )?;
        self.run(
            "forgetting a spent reaction",
            "DELETE FROM spent WHERE reaction = ?1",
            [&reaction.0],
        )
        .map(drop)
    }

    /// Keeps that a reaction counts no more, as long as it hangs.
    pub fn spend(&self, reaction: &MessageKey) -> Result<(), Fault> {
        self.run(
            "spending a reaction",
            "INSERT INTO spent (reaction) VALUES (?1) ON CONFLICT DO NOTHING",
            [&reaction.0],
        )
        .map(drop)
    }

    /// Whether a reaction that hangs counts no more, however often it is heard.
    pub fn is_spent(&self, reaction: &MessageKey) -> Result<bool, Fault> {
        self.one(
            "reading whether a reaction is spent",
            "SELECT 1 FROM spent WHERE reaction = ?1
             UNION ALL SELECT 1 FROM saying WHERE reaction = ?1 AND standing = 0 LIMIT 1",
            [&reaction.0],
            |_| Ok(()),
        )
        .map(|spent| spent.is_some())
    }
}
