//! Small facts that reading needs: addresses, places, messages, what was heard, counts.

use std::collections::BTreeMap;

use super::db::{self, Connection, OptionalExtension, column, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::rows::{self, POST, PlaceRow};
use super::tx::facts;
use super::views::site_host;
use crate::forum::{Address, ForumId, PlaceId, Post, PostId, Seq, Timestamp};
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform};

/// How much a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Forums.
    pub forums: u64,
    /// Open places.
    pub places: u64,
    /// Members.
    pub members: u64,
    /// Visible questions.
    pub questions: u64,
    /// Visible questions with an accepted answer that can be seen.
    pub accepted: u64,
    /// Visible questions without an answer.
    pub unanswered: u64,
    /// Visible answers.
    pub answers: u64,
    /// Visible comments.
    pub comments: u64,
    /// Votes that count.
    pub votes: u64,
    /// Cards that wait to be posted.
    pub outbox: u64,
    /// Cards that wait to be brought up to date.
    pub stale: u64,
    /// The newest change.
    pub seq: Seq,
}

/// What is known of a place, and of messages there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageContext {
    /// The place.
    pub place: Option<PlaceRow>,
    /// The post that the message shows on which another hangs.
    pub here: Option<PostId>,
    /// The post that was made from the message that something is about.
    pub about: Option<PostId>,
    /// What is kept of that message.
    pub heard: Option<ReceivedEvent>,
}

/// What is kept of an event that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedEvent {
    /// Whose it was.
    pub person: PersonKey,
    /// What came of it, in the engine's words.
    pub outcome: String,
    /// The post that it hung on, where it is a message that can be mended.
    pub here: Option<PostId>,
}

/// Reads [`Totals`].
const TOTALS: &str = "SELECT (SELECT count(*) FROM forum) AS forums,
    (SELECT count(*) FROM place WHERE open = 1 AND successor IS NULL) AS places,
    (SELECT count(*) FROM member) AS members,
    count(*) FILTER (WHERE kind = 0) AS questions,
    count(*) FILTER (WHERE kind = 0 AND EXISTS
        (SELECT 1 FROM post AS answer WHERE answer.id = post.accepted AND answer.hidden_at IS NULL)) AS accepted,
    count(*) FILTER (WHERE kind = 0 AND answers = 0) AS unanswered,
    count(*) FILTER (WHERE kind = 1) AS answers, count(*) FILTER (WHERE kind = 2) AS comments,
    (SELECT coalesce(sum(ups + downs), 0) FROM score) AS votes,
    (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM surface WHERE stale IS NOT NULL) AS stale,
    (SELECT coalesce(max(seq), 0) FROM change_log) AS seq
    FROM post WHERE withdrawn_at IS NULL AND hidden_at IS NULL";

impl Reader {
    /// The post at an address of a forum, hidden and withdrawn ones too.
    pub fn resolve(&self, forum: ForumId, address: Address) -> Result<Option<PostId>, Fault> {
        self.with(|conn| rows::resolve(conn, forum, address))
            .during("finding an address")
    }

    /// A post's address.
    pub fn address(&self, post: PostId) -> Result<Option<Address>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(&format!("{POST} WHERE post.id = ?1"))?
                .query_row([post.0], rows::post)
                .optional()
        })
        .during("reading an address")
        .map(|row| row.map(|row| row.address))
    }

    /// A post's facts.
    pub fn facts(&self, post: PostId) -> Result<Option<Post>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(&format!("{POST} WHERE post.id = ?1"))?
                .query_row([post.0], facts)
                .optional()
        })
        .during("reading a post")
    }

    /// The number of a post's present text; none where it has none.
    pub fn revision(&self, post: PostId) -> Result<Option<u32>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT revision FROM text WHERE post = ?1")?
                .query_row([post.0], |row| row.get(0))
                .optional()
        })
        .during("reading a text's number")
    }

    /// When a post was hidden; none where it is not.
    pub fn hidden_since(&self, post: PostId) -> Result<Option<Timestamp>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT hidden_at FROM post WHERE id = ?1")?
                .query_row([post.0], |row| row.get::<_, Option<i64>>(0))
                .optional()
        })
        .during("reading when a post was hidden")
        .map(|at| at.flatten().map(Timestamp))
    }

    /// The id that a post has where it was imported from.
    pub fn key_of(&self, post: PostId) -> Result<Option<String>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT key FROM imported WHERE post = ?1")?
                .query_row([post.0], |row| row.get(0))
                .optional()
        })
        .during("reading an origin")
    }

    /// The number of a forum's question that a post of a site belongs to, by the post's key there; `host` is the site's name.
    ///
    /// A site whose address was not given is known by what its import is called.
    pub fn original(&self, forum: ForumId, host: &str, key: &str) -> Result<Option<u32>, Fault> {
        self.with(|conn| {
            let mut origins = conn.prepare_cached("SELECT id, name, site FROM origin")?;
            let mut origins = origins.query([])?;
            while let Some(row) = origins.next()? {
                let (name, site): (String, Option<String>) = (row.get(1)?, row.get(2)?);
                let known = site.as_deref().map_or(Some(name.as_str()), site_host);
                if known.is_none_or(|known| !known.eq_ignore_ascii_case(host)) {
                    continue;
                }
                let found = conn
                    .prepare_cached(
                        "SELECT question.number FROM imported JOIN post ON post.id = imported.post
                         JOIN post AS question ON question.id = post.question
                         WHERE imported.origin = ?1 AND imported.key = ?2 AND question.forum = ?3",
                    )?
                    .query_row(params![row.get::<_, i64>(0)?, key, forum.0], |row| {
                        row.get(0)
                    })
                    .optional()?;
                if found.is_some() {
                    return Ok(found);
                }
            }
            Ok(None)
        })
        .during("looking for an original")
    }

    /// When the next hidden post is to be withdrawn, or what waits for somebody's word forgotten.
    pub fn next_withdrawal(&self) -> Result<Option<Timestamp>, Fault> {
        self.with(next_withdrawal)
            .during("reading when a post is to be withdrawn")
    }

    /// The hidden posts that are to be withdrawn by now, those first whose time came first; `most` at most.
    pub fn withdrawals_due(&self, now: Timestamp, most: u32) -> Result<Vec<PostId>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT id FROM post WHERE withdraw_at <= ?1 ORDER BY withdraw_at LIMIT ?2",
            )?
            .query_map(params![now.0, most], |row| row.get(0).map(PostId))?
            .collect()
        })
        .during("reading what is to be withdrawn")
    }

    /// The question that a post is or hangs on.
    pub fn question_of(&self, post: PostId) -> Result<Option<PostId>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT question FROM post WHERE id = ?1")?
                .query_row([post.0], |row| row.get(0).map(PostId))
                .optional()
        })
        .during("reading a post's question")
    }

    /// The cards that show these posts in a place.
    pub fn links(
        &self,
        forum: ForumId,
        place: PlaceId,
        addresses: impl IntoIterator<Item = Address>,
    ) -> Result<BTreeMap<Address, MessageKey>, Fault> {
        self.with(|conn| {
            let mut links = BTreeMap::new();
            for address in addresses {
                if let Some(post) = rows::resolve(conn, forum, address)?
                    && let Some(message) = card_of(conn, place, post)?
                {
                    links.insert(address, message);
                }
            }
            Ok(links)
        })
        .during("reading links")
    }

    /// The cards that show these posts in other open places of a place's server, where their names lead there too: of posts that
    /// are older than the place's opening there is none in it.
    pub fn links_in_server(
        &self,
        forum: ForumId,
        place: PlaceId,
        addresses: impl IntoIterator<Item = Address>,
    ) -> Result<BTreeMap<Address, MessageKey>, Fault> {
        self.with(|conn| {
            let mut links = BTreeMap::new();
            for address in addresses {
                let Some(post) = rows::resolve(conn, forum, address)? else {
                    continue;
                };
                let message = conn
                    .prepare_cached(
                        "SELECT surface.message FROM surface JOIN place AS there ON there.id = surface.place
                         JOIN place AS here ON here.platform = there.platform AND here.server = there.server
                         WHERE surface.post = ?2 AND surface.kind = 0 AND here.id = ?1 AND there.open = 1 AND there.direct = 0
                         ORDER BY surface.id LIMIT 1",
                    )?
                    .query_row(params![place.0, post.0], |row| row.get(0).map(MessageKey))
                    .optional()?;
                links.extend(message.map(|message| (address, message)));
            }
            Ok(links)
        })
        .during("reading links to other channels")
    }

    /// The card that shows a post in a place.
    pub fn card_of(&self, place: PlaceId, post: PostId) -> Result<Option<MessageKey>, Fault> {
        self.with(|conn| card_of(conn, place, post))
            .during("reading a card's message")
    }

    /// A place, if it is known.
    pub fn place(&self, platform: Platform, key: &PlaceKey) -> Result<Option<PlaceRow>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(rows::PLACE)?
                .query_row(params![platform.name(), key.0], rows::place)
                .optional()
        })
        .during("reading a place")
    }

    /// The forum of a post.
    pub fn forum_of(&self, post: PostId) -> Result<Option<ForumId>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT forum FROM post WHERE id = ?1")?
                .query_row([post.0], |row| row.get(0).map(ForumId))
                .optional()
        })
        .during("reading a post's forum")
    }

    /// The forum that a place belongs to.
    pub fn forum_of_place(&self, place: PlaceId) -> Result<Option<ForumId>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT forum FROM place WHERE id = ?1")?
                .query_row([place.0], |row| row.get::<_, Option<i64>>(0))
                .optional()
        })
        .during("reading a place's forum")
        .map(|forum| forum.flatten().map(ForumId))
    }

    /// What is kept of a message that was heard before; none for what changed another message.
    pub fn heard(
        &self,
        platform: Platform,
        event: &MessageKey,
    ) -> Result<Option<ReceivedEvent>, Fault> {
        self.with(|conn| heard(conn, platform, event))
            .during("reading the inbox")
    }

    /// What is known of a place and, there, of a message that another hangs on and of one that something is `about`.
    pub fn message_context(
        &self,
        platform: Platform,
        place: &PlaceKey,
        hangs_on: Option<&MessageKey>,
        about: Option<&MessageKey>,
    ) -> Result<MessageContext, Fault> {
        self.with(|conn| {
            let place = conn
                .prepare_cached(rows::PLACE)?
                .query_row(params![platform.name(), place.0], rows::place)
                .optional()?;
            Ok(MessageContext {
                place,
                here: match (place, hangs_on) {
                    (Some(place), Some(message)) => surface(conn, place.id, message)?,
                    _ => None,
                },
                about: match (place, about) {
                    (Some(place), Some(message)) => source(conn, place.id, message)?,
                    _ => None,
                },
                heard: match about {
                    Some(message) => heard(conn, platform, message)?,
                    None => None,
                },
            })
        })
        .during("reading what a message hangs on")
    }

    /// The post that a message shows in a place, if it shows one.
    pub fn surface(&self, place: PlaceId, message: &MessageKey) -> Result<Option<PostId>, Fault> {
        self.with(|conn| surface(conn, place, message))
            .during("reading a surface")
    }

    /// Whether a place has no card of a post, which is not hidden, and none was taken away there.
    pub fn lacks_card(&self, place: PlaceId, post: PostId) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT NOT EXISTS (SELECT 1 FROM surface WHERE post = ?2 AND place = ?1 AND kind <> 1)
                 AND NOT EXISTS (SELECT 1 FROM post WHERE id = ?2 AND hidden_at IS NOT NULL)",
            )?
            .query_row(params![place.0, post.0], |row| row.get(0))
        })
        .during("looking for a card")
    }

    /// Whether a message or reaction means anything to the forum: it shows a post, was made one, is a vote, accepts, or asks whether
    /// something is to be published.
    pub fn matters(&self, platform: Platform, message: &MessageKey) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM saying WHERE reaction = ?2)
                 OR EXISTS (SELECT 1 FROM spent WHERE reaction = ?2)
                 OR EXISTS (SELECT 1 FROM post WHERE accepted_via = ?2)
                 OR EXISTS (SELECT 1 FROM surface WHERE message = ?2
                            AND (SELECT platform FROM place WHERE id = surface.place) = ?1)
                 OR EXISTS (SELECT 1 FROM text_copy WHERE message = ?2
                            AND (SELECT platform FROM place WHERE id = text_copy.place) = ?1)
                 OR EXISTS (SELECT 1 FROM inbox WHERE platform = ?1 AND key = ?2)
                 OR EXISTS (SELECT 1 FROM waiting WHERE prompt = ?2)",
            )?
            .query_row(params![platform.name(), message.0], |row| row.get(0))
        })
        .during("looking a message up")
    }

    /// The forum of this name, or the one that it joined.
    pub fn forum(&self, name: &str) -> Result<Option<ForumId>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "WITH RECURSIVE at (id, joined) AS (SELECT id, joined FROM forum WHERE name = ?1
                     UNION SELECT forum.id, forum.joined FROM forum JOIN at ON forum.id = at.joined)
                 SELECT id FROM at WHERE joined IS NULL",
            )?
            .query_row([name], |row| row.get(0).map(ForumId))
            .optional()
        })
        .during("reading a forum")
    }

    /// The names of all forums, in the order they were made.
    pub fn forums(&self) -> Result<Vec<String>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT name FROM forum ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
        .during("reading the forums")
    }

    /// The open places of a platform that several people share, in the order they were first opened. Those that were left behind
    /// for another are not among them.
    pub fn places(&self, platform: Platform) -> Result<Vec<PlaceKey>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT key FROM place WHERE platform = ?1 AND direct = 0 AND open = 1 AND successor IS NULL ORDER BY id",
            )?
            .query_map([platform.name()], |row| row.get(0).map(PlaceKey))?
            .collect()
        })
        .during("reading a platform's places")
    }

    /// A value of an adapter's ledger.
    pub fn ledger(&self, platform: Platform, key: &str) -> Result<Option<String>, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT value FROM ledger WHERE platform = ?1 AND key = ?2")?
                .query_row(params![platform.name(), key], |row| row.get(0))
                .optional()
        })
        .during("reading the ledger")
    }

    /// The values of an adapter's ledger whose keys begin like this, with their keys, in the order of those.
    pub fn ledger_from(
        &self,
        platform: Platform,
        begin: &str,
    ) -> Result<Vec<(String, String)>, Fault> {
        let end = format!("{begin}{}", char::MAX);
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT key, value FROM ledger WHERE platform = ?1 AND key >= ?2 AND key < ?3 ORDER BY key",
            )?
            .query_map(params![platform.name(), begin, end], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
        })
        .during("reading a part of the ledger")
    }

    /// How much the store holds.
    pub fn totals(&self) -> Result<Totals, Fault> {
        self.with(|conn| {
            conn.query_row(TOTALS, [], |row| {
                Ok(Totals {
                    forums: row.get(column!(TOTALS, "forums"))?,
                    places: row.get(column!(TOTALS, "places"))?,
                    members: row.get(column!(TOTALS, "members"))?,
                    questions: row.get(column!(TOTALS, "questions"))?,
                    accepted: row.get(column!(TOTALS, "accepted"))?,
                    unanswered: row.get(column!(TOTALS, "unanswered"))?,
                    answers: row.get(column!(TOTALS, "answers"))?,
                    comments: row.get(column!(TOTALS, "comments"))?,
                    votes: row.get(column!(TOTALS, "votes"))?,
                    outbox: row.get(column!(TOTALS, "outbox"))?,
                    stale: row.get(column!(TOTALS, "stale"))?,
                    seq: Seq(row.get(column!(TOTALS, "seq"))?),
                })
            })
        })
        .during("counting")
    }
}

/// When the next hidden post is to be withdrawn, or what waits for somebody's word forgotten.
pub(super) fn next_withdrawal(conn: &Connection) -> db::Result<Option<Timestamp>> {
    conn.prepare_cached(
        "SELECT min(due.at) FROM
             (SELECT min(withdraw_at) AS at FROM post WHERE withdraw_at IS NOT NULL
              UNION ALL SELECT min(until) FROM waiting) AS due",
    )?
    .query_row([], |row| Ok(row.get::<_, Option<i64>>(0)?.map(Timestamp)))
}

fn heard(
    conn: &Connection,
    platform: Platform,
    event: &MessageKey,
) -> db::Result<Option<ReceivedEvent>> {
    conn.prepare_cached(
        "SELECT person, outcome, here FROM inbox \
         WHERE platform = ?1 AND key = ?2 AND edits IS NULL",
    )?
    .query_row(params![platform.name(), event.0], |row| {
        Ok(ReceivedEvent {
            person: PersonKey(row.get(0)?),
            outcome: row.get(1)?,
            here: row.get::<_, Option<i64>>(2)?.map(PostId),
        })
    })
    .optional()
}

fn surface(conn: &Connection, place: PlaceId, message: &MessageKey) -> db::Result<Option<PostId>> {
    let shown = conn
        .prepare_cached("SELECT post FROM surface WHERE place = ?1 AND message = ?2 AND kind < 2")?
        .query_row(params![place.0, message.0], |row| row.get(0).map(PostId))
        .optional()?;
    if shown.is_some() {
        return Ok(shown);
    }
    conn.prepare_cached(
        "SELECT text_copy.shows FROM text_copy
         WHERE text_copy.place = ?1 AND text_copy.message = ?2 AND text_copy.shows IS NOT NULL
         UNION ALL
         SELECT text_copy_post.post FROM text_copy JOIN text_copy_post ON text_copy_post.copy = text_copy.id
         WHERE text_copy.place = ?1 AND text_copy.message = ?2 AND text_copy.kind IN (1, 2)",
    )?
    .query_row(params![place.0, message.0], |row| row.get(0).map(PostId))
    .optional()
}

fn source(conn: &Connection, place: PlaceId, message: &MessageKey) -> db::Result<Option<PostId>> {
    conn.prepare_cached("SELECT post FROM surface WHERE place = ?1 AND message = ?2 AND kind = 1")?
        .query_row(params![place.0, message.0], |row| row.get(0).map(PostId))
        .optional()
}

fn card_of(conn: &Connection, place: PlaceId, post: PostId) -> db::Result<Option<MessageKey>> {
    conn.prepare_cached("SELECT message FROM surface WHERE post = ?2 AND place = ?1 AND kind = 0 ORDER BY id LIMIT 1")?
        .query_row(params![place.0, post.0], |row| row.get(0).map(MessageKey))
        .optional()
}
