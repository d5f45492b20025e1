//! Messages that hold text of posts and are no surfaces of theirs: replies, shared pages, cards that another took the place of, what
//! people wrote themselves; and the names of threads. They are kept so that they can be taken away, or named anew, when a post
//! is hidden, withdrawn, or loses a text.
//!
//! A row is kept as long as its message can stand: it goes when the message does. A reply that is not known to have been sent is looked
//! for, and forgotten after 30 days.

use std::collections::BTreeSet;

use super::counters::Counter;
use super::db::{self, Connection, Row, column, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::{
    CopyId, ForumId, IdentityId, OutboxId, PlaceId, PostId, Seq, SurfaceId, Timestamp,
};
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform, SendKey};

/// When a message that is not known to have been sent is looked for first, in milliseconds: what is on its way is told of sooner.
const LOOKED_FOR_AFTER: i64 = 60_000;

/// The newest change.
const NEWEST: &str = "(SELECT coalesce(max(seq), 0) FROM change_log)";

/// The name of the card of the post `post.id` in the place `place.id`: it is another one than that of each card that was there before it.
pub(super) const CARD_KEY: &str = "'p' || place.id || '-' || post.id
    || (SELECT CASE count(*) WHEN 0 THEN '' ELSE '.' || count(*) END
        FROM text_copy_post JOIN text_copy ON text_copy.id = text_copy_post.copy
        WHERE text_copy_post.post = post.id AND text_copy.place = place.id AND text_copy.kind IN (1, 2))
    || '-' || (SELECT substr(id, 1, 8) || epoch FROM store)";

/// What kind of message holds a post's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyKind {
    /// A reply or a shared page of the bot's.
    Reply,
    /// A card of the bot's that is to go.
    Card,
    /// A card that is gone, or was never posted: nothing is to be done about it.
    Former,
    /// What a person wrote.
    Theirs,
}

impl CopyKind {
    const fn column(self) -> i64 {
        match self {
            Self::Reply => 0,
            Self::Card => 1,
            Self::Former => 2,
            Self::Theirs => 3,
        }
    }

    const fn read(column: i64) -> Self {
        match column {
            0 => Self::Reply,
            1 => Self::Card,
            3 => Self::Theirs,
            _ => Self::Former,
        }
    }
}

/// A message about which something is to be done: it is to be taken away, or to be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextCopy {
    /// The row.
    pub id: CopyId,
    /// What it is.
    pub kind: CopyKind,
    /// The place.
    pub place: PlaceId,
    /// The platform's name for it.
    pub place_key: PlaceKey,
    /// The name under which it was to be sent.
    pub key: Option<SendKey>,
    /// The message; none where it is not known whether it was sent.
    pub message: Option<MessageKey>,
    /// The root of the thread that it was sent to.
    pub thread: Option<MessageKey>,
    /// Who wrote it, if a person did.
    pub person: Option<PersonKey>,
    /// The moderator who has it taken away while its post is hidden.
    pub moderator: Option<PersonKey>,
    /// A post whose text it holds.
    pub post: PostId,
    /// Whether such a post was withdrawn.
    pub withdrawn: bool,
    /// When it was to be sent.
    pub at: Timestamp,
    /// The change since which it is to be taken away.
    pub stale: Option<Seq>,
    /// How often that failed, or it was not found.
    pub attempts: u32,
    /// Not before.
    pub next_at: Timestamp,
}

/// A thread whose name may not be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadName {
    /// The place.
    pub place: PlaceId,
    /// The platform's name for it.
    pub place_key: PlaceKey,
    /// The message that the thread hangs on.
    pub message: MessageKey,
    /// The question that it is named after.
    pub post: PostId,
    /// The change since which it may not be true.
    pub since: Seq,
    /// How often naming it failed.
    pub attempts: u32,
    /// Not before.
    pub next_at: Timestamp,
}

/// Reads [`TextCopy`]s.
const COPIES: &str = "SELECT text_copy.id, text_copy.kind, place.key, text_copy.key, text_copy.message, text_copy.thread, text_copy.person,
    (SELECT min(post) FROM text_copy_post WHERE copy = text_copy.id) AS post,
    text_copy.at, text_copy.stale, text_copy.attempts, text_copy.next_at, text_copy.place,
    text_copy.moderator, EXISTS (SELECT 1 FROM text_copy_post JOIN post ON post.id = text_copy_post.post
    WHERE text_copy_post.copy = text_copy.id AND post.withdrawn_at IS NOT NULL) AS withdrawn
    FROM text_copy CROSS JOIN place ON place.id = text_copy.place
    WHERE (text_copy.stale IS NOT NULL OR text_copy.kind = 0 AND text_copy.message IS NULL)
    AND place.platform = ?1 AND place.open = 1
    ORDER BY text_copy.next_at, text_copy.id LIMIT ?2";

fn text_copy(row: &Row<'_>) -> db::Result<TextCopy> {
    Ok(TextCopy {
        id: CopyId(row.get(column!(COPIES, "text_copy.id"))?),
        kind: CopyKind::read(row.get(column!(COPIES, "text_copy.kind"))?),
        place: PlaceId(row.get(column!(COPIES, "text_copy.place"))?),
        place_key: PlaceKey(row.get(column!(COPIES, "place.key"))?),
        key: row
            .get::<_, Option<String>>(column!(COPIES, "text_copy.key"))?
            .map(SendKey),
        message: row
            .get::<_, Option<String>>(column!(COPIES, "text_copy.message"))?
            .map(MessageKey),
        thread: row
            .get::<_, Option<String>>(column!(COPIES, "text_copy.thread"))?
            .map(MessageKey),
        person: row
            .get::<_, Option<String>>(column!(COPIES, "text_copy.person"))?
            .map(PersonKey),
        moderator: row
            .get::<_, Option<String>>(column!(COPIES, "text_copy.moderator"))?
            .map(PersonKey),
        post: PostId(row.get(column!(COPIES, "post"))?),
        withdrawn: row.get(column!(COPIES, "withdrawn"))?,
        at: Timestamp(row.get(column!(COPIES, "text_copy.at"))?),
        stale: row
            .get::<_, Option<i64>>(column!(COPIES, "text_copy.stale"))?
            .map(Seq),
        attempts: row.get(column!(COPIES, "text_copy.attempts"))?,
        next_at: Timestamp(row.get(column!(COPIES, "text_copy.next_at"))?),
    })
}

/// The messages in open places of a platform that are to be taken away or looked for, those first whose time comes first.
pub(super) fn text_copies(
    conn: &Connection,
    platform: Platform,
    most: u32,
) -> db::Result<Vec<TextCopy>> {
    conn.prepare_cached(COPIES)?
        .query_map(params![platform.name(), most], text_copy)?
        .collect()
}

/// The threads in open places of a platform whose names may not be true, those first whose time comes first.
pub(super) fn thread_names(
    conn: &Connection,
    platform: Platform,
    most: u32,
) -> db::Result<Vec<ThreadName>> {
    conn.prepare_cached(
        "SELECT thread_name.place, place.key, thread_name.message, thread_name.post, thread_name.since,
             thread_name.attempts, thread_name.next_at
         FROM thread_name CROSS JOIN place ON place.id = thread_name.place
         WHERE place.platform = ?1 AND place.open = 1 ORDER BY thread_name.next_at LIMIT ?2",
    )?
    .query_map(params![platform.name(), most], |row| {
        Ok(ThreadName {
            place: PlaceId(row.get(0)?),
            place_key: PlaceKey(row.get(1)?),
            message: MessageKey(row.get(2)?),
            post: PostId(row.get(3)?),
            since: Seq(row.get(4)?),
            attempts: row.get(5)?,
            next_at: Timestamp(row.get(6)?),
        })
    })?
    .collect()
}

impl Reader {
    /// Whether an answer or comment that was not withdrawn hangs on a post.
    pub fn bears(&self, post: PostId) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM post WHERE parent = ?1 AND withdrawn_at IS NULL)",
            )?
            .query_row([post.0], |row| row.get(0))
        })
        .during("reading what hangs on a post")
    }

    /// Whether a message that was sent is known under its name.
    pub fn knows_copy(&self, key: &SendKey, message: &MessageKey) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM text_copy WHERE key = ?1 AND message = ?2)",
            )?
            .query_row(params![key.0, message.0], |row| row.get(0))
        })
        .during("looking a message up")
    }
}

impl Tx<'_> {
    /// Keeps that a message is about to be sent that holds text of these posts. Under the same name it is one message, that holds
    /// what each try of it did. It is to be taken away at once where one of them can't be seen any more.
    pub fn keep_reply(
        &self,
        (place, thread): (PlaceId, Option<&MessageKey>),
        key: &SendKey,
        (posts, shows): (&BTreeSet<PostId>, Option<PostId>),
        at: Timestamp,
    ) -> Result<(), Fault> {
        let known = self.one(
            "looking for a reply",
            "SELECT id FROM text_copy WHERE key = ?1 ORDER BY id LIMIT 1",
            [&key.0],
            |row| row.get(0).map(CopyId),
        )?;
        let copy = match known {
            Some(copy) => copy,
            None => {
                let copy = self.next_copy()?;
                self.run(
                    "keeping a reply",
                    "INSERT INTO text_copy (id, place, kind, key, thread, at, next_at, shows) VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7)",
                    params![
                        copy.0,
                        place.0,
                        key.0,
                        thread.map(|root| &root.0),
                        at.0,
                        at.0.saturating_add(LOOKED_FOR_AFTER),
                        shows.map(|post| post.0)
                    ],
                )?;
                copy
            }
        };
        for post in posts {
            self.holds(copy, *post)?;
        }
        self.run(
            "marking a reply stale",
            &format!(
                "UPDATE text_copy SET stale = {NEWEST} WHERE id = ?1 AND stale IS NULL AND EXISTS
                     (SELECT 1 FROM text_copy_post JOIN post ON post.id = text_copy_post.post
                      WHERE text_copy_post.copy = ?1 AND (post.hidden_at IS NOT NULL OR post.withdrawn_at IS NOT NULL))"
            ),
            [copy.0],
        )
        .map(drop)
    }

    /// Keeps which message was sent under a name, if it is one that holds text of posts; gives whether it is to be taken away.
    pub fn reply_sent(&self, key: &SendKey, message: &MessageKey) -> Result<bool, Fault> {
        let stale = self.one(
            "keeping a reply's message",
            "UPDATE text_copy SET message = ?2, attempts = 0, next_at = 0 WHERE key = ?1 AND message IS NULL
             AND NOT EXISTS (SELECT 1 FROM text_copy AS other WHERE other.key = ?1 AND other.message = ?2) RETURNING stale",
            params![key.0, message.0],
            |row| row.get::<_, Option<i64>>(0),
        )?;
        if let Some(stale) = stale {
            return Ok(stale.is_some());
        }
        // It was sent a second time, when the platform had forgotten the first.
        let first = self.one(
            "looking for a reply",
            "SELECT id, stale FROM text_copy WHERE key = ?1 AND NOT EXISTS
                 (SELECT 1 FROM text_copy AS other WHERE other.key = ?1 AND other.message = ?2) ORDER BY id LIMIT 1",
            params![key.0, message.0],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)),
        )?;
        let Some((first, stale)) = first else {
            return Ok(false);
        };
        let copy = self.next_copy()?;
        self.run(
            "keeping a reply's message",
            "INSERT INTO text_copy (id, place, kind, key, message, thread, at, stale, shows)
             SELECT ?1, place, kind, key, ?3, thread, at, stale, shows FROM text_copy WHERE id = ?2",
            params![copy.0, first, message.0],
        )?;
        self.run(
            "keeping a reply's message",
            "INSERT INTO text_copy_post (post, copy) SELECT post, ?1 FROM text_copy_post WHERE copy = ?2",
            params![copy.0, first],
        )?;
        Ok(stale.is_some())
    }

    /// Keeps that a person wrote a message that holds a post's text: an edit of it, or a command that changed it.
    pub fn keep_theirs(
        &self,
        place: PlaceId,
        message: &MessageKey,
        post: PostId,
        person: Option<&PersonKey>,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let copy = self.next_copy()?;
        let kept = self.run(
            "keeping a person's message",
            "INSERT INTO text_copy (id, place, kind, message, person, at) SELECT ?1, ?2, 3, ?3, ?4, ?5
             WHERE NOT EXISTS (SELECT 1 FROM surface WHERE place = ?2 AND message = ?3) ON CONFLICT DO NOTHING",
            params![
                copy.0,
                place.0,
                message.0,
                person.map(|person| &person.0),
                at.0
            ],
        )?;
        if kept > 0 {
            self.holds(copy, post)?;
        }
        Ok(())
    }

    /// Whether a post was written by this very account.
    pub fn is_author(
        &self,
        post: PostId,
        platform: Platform,
        person: &PersonKey,
    ) -> Result<bool, Fault> {
        self.one(
            "reading a post's author",
            "SELECT 1 FROM post JOIN identity ON identity.id = post.author
             WHERE post.id = ?1 AND identity.platform = ?2 AND identity.key = ?3",
            params![post.0, platform.name(), person.0],
            |_| Ok(()),
        )
        .map(|found| found.is_some())
    }

    /// A text of a post that can still be seen is about to be read no more: each card of it, and each message of the bot's that holds
    /// it, is to be taken away or to lose it, with its edits; a card that goes is posted anew. Said before the post is hidden or withdrawn.
    pub(super) fn take_text_away(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "marking cards stale",
            &format!(
                "UPDATE surface SET tainted = 1, stale = coalesce(stale, {NEWEST}) WHERE post = ?1 AND kind = 0
                 AND EXISTS (SELECT 1 FROM post WHERE id = ?1 AND hidden_at IS NULL AND withdrawn_at IS NULL)"
            ),
            [post.0],
        )?;
        self.run(
            "marking replies stale",
            &format!(
                "UPDATE text_copy SET stale = {NEWEST}, next_at = CASE WHEN message IS NULL THEN next_at ELSE 0 END
                 WHERE stale IS NULL AND kind = 0 AND id IN (SELECT copy FROM text_copy_post WHERE post = ?1)"
            ),
            [post.0],
        )?;
        self.name_threads(post)
    }

    /// What people wrote that held a post's text is to be taken away: the post was withdrawn.
    pub(super) fn take_theirs_away(&self, post: PostId, at: Timestamp) -> Result<(), Fault> {
        loop {
            let source = self.one(
                "reading a source",
                "SELECT surface.id, surface.place, surface.message, identity.key
                 FROM surface JOIN place ON place.id = surface.place JOIN post ON post.id = surface.post
                 LEFT JOIN identity ON identity.id = post.author AND identity.platform = place.platform
                 WHERE surface.post = ?1 AND surface.kind = 1 ORDER BY surface.id LIMIT 1",
                [post.0],
                |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        PlaceId(row.get(1)?),
                        MessageKey(row.get(2)?),
                        row.get::<_, Option<String>>(3)?.map(PersonKey),
                    ))
                },
            )?;
            let Some((surface, place, message, person)) = source else {
                break;
            };
            self.run(
                "deleting a source",
                "DELETE FROM surface WHERE id = ?1",
                [surface],
            )?;
            self.keep_theirs(place, &message, post, person.as_ref(), at)?;
        }
        self.run(
            "marking people's messages stale",
            &format!(
                "UPDATE text_copy SET stale = {NEWEST}, next_at = 0
                 WHERE stale IS NULL AND kind = 3 AND id IN (SELECT copy FROM text_copy_post WHERE post = ?1)"
            ),
            [post.0],
        )
        .map(drop)
    }

    /// Whether a message is known that a person wrote and that holds a post's text.
    pub fn is_written(&self, post: PostId) -> Result<bool, Fault> {
        self.one(
            "looking for a person's message",
            "SELECT 1 FROM surface WHERE post = ?1 AND kind = 1
             UNION ALL SELECT 1 FROM text_copy_post JOIN text_copy ON text_copy.id = text_copy_post.copy
                 WHERE text_copy_post.post = ?1 AND text_copy.kind = 3 LIMIT 1",
            [post.0],
            |_| Ok(()),
        )
        .map(|found| found.is_some())
    }

    /// Whether a person's message is being taken away: that it is gone is then the bot's own doing.
    pub fn is_being_removed(&self, place: PlaceId, message: &MessageKey) -> Result<bool, Fault> {
        self.one(
            "looking a message up",
            "SELECT 1 FROM text_copy WHERE place = ?1 AND message = ?2 AND kind = 3 AND stale IS NOT NULL",
            params![place.0, message.0],
            |_| Ok(()),
        )
        .map(|found| found.is_some())
    }

    /// What people wrote that holds a hidden post's text is to be taken away, as a moderator wants. What the post was made from stays
    /// its source until it is gone: where it can't be taken away, it is heard as before.
    pub(super) fn remove_theirs(
        &self,
        post: PostId,
        by: IdentityId,
        at: Timestamp,
    ) -> Result<(), Fault> {
        self.run(
            "keeping a source",
            "INSERT INTO text_copy (id, place, kind, message, person, at)
             SELECT (SELECT last FROM counter WHERE name = 'text_copy') + row_number() OVER (ORDER BY surface.id),
                 surface.place, 3, surface.message, identity.key, ?2
             FROM surface JOIN place ON place.id = surface.place JOIN post ON post.id = surface.post
             LEFT JOIN identity ON identity.id = post.author AND identity.platform = place.platform
             WHERE surface.post = ?1 AND surface.kind = 1 ON CONFLICT DO NOTHING",
            params![post.0, at.0],
        )?;
        self.count_text_copies()?;
        self.run(
            "keeping what a message holds",
            "INSERT INTO text_copy_post (post, copy)
             SELECT surface.post, text_copy.id
             FROM surface JOIN text_copy ON text_copy.message = surface.message AND text_copy.place = surface.place
             WHERE surface.post = ?1 AND surface.kind = 1 ON CONFLICT DO NOTHING",
            [post.0],
        )?;
        self.run(
            "marking people's messages stale",
            &format!(
                "UPDATE text_copy SET stale = {NEWEST}, attempts = 0, next_at = 0, moderator =
                     (SELECT identity.key FROM identity JOIN place ON place.platform = identity.platform
                      WHERE identity.id = ?2 AND place.id = text_copy.place)
                 WHERE stale IS NULL AND kind = 3 AND id IN (SELECT copy FROM text_copy_post WHERE post = ?1)"
            ),
            params![post.0, by.0],
        )
        .map(drop)
    }

    /// A hidden post is shown again: what people wrote of it and was not taken away yet stays.
    pub(super) fn let_theirs_stand(&self, post: PostId) -> Result<(), Fault> {
        loop {
            let copy = self.one(
                "reading what is being taken away",
                "SELECT text_copy.id FROM text_copy_post JOIN text_copy ON text_copy.id = text_copy_post.copy
                 WHERE text_copy_post.post = ?1 AND text_copy.kind = 3 AND text_copy.stale IS NOT NULL LIMIT 1",
                [post.0],
                |row| row.get(0).map(CopyId),
            )?;
            match copy {
                Some(copy) => self.text_copy_stands(copy)?,
                None => return Ok(()),
            }
        }
    }

    /// A person's message can't be taken away, or is not to be: it is a matter of its post's being withdrawn again.
    pub fn text_copy_stands(&self, copy: CopyId) -> Result<(), Fault> {
        let kept = self.run(
            "keeping that a message stands",
            "UPDATE text_copy SET stale = NULL, attempts = 0, next_at = 0, moderator = NULL WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM text_copy_post JOIN post ON post.id = text_copy_post.post
                  WHERE text_copy_post.copy = ?1 AND post.withdrawn_at IS NOT NULL)
             AND NOT EXISTS (SELECT 1 FROM surface WHERE surface.place = text_copy.place AND surface.message = text_copy.message)",
            [copy.0],
        )?;
        match kept {
            0 => self.forget_copy(copy),
            _ => Ok(()),
        }
    }

    /// A card is to be taken away; where the post still has something to show (`again`), another is posted in its place. The old one's
    /// thread still means the post, and the votes that were made on it stand.
    pub fn replace_card(
        &self,
        surface: SurfaceId,
        again: bool,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let card = self.one(
            "replacing a card",
            "DELETE FROM surface WHERE id = ?1 AND kind = 0 RETURNING place, message, post",
            [surface.0],
            |row| {
                Ok((
                    PlaceId(row.get(0)?),
                    row.get::<_, String>(1)?,
                    PostId(row.get(2)?),
                ))
            },
        )?;
        let Some((place, message, post)) = card else {
            return Ok(());
        };
        let copy = self.next_copy()?;
        self.run(
            "replacing a card",
            &format!(
                "INSERT INTO text_copy (id, place, kind, message, at, stale) VALUES (?1, ?2, ?3, ?4, ?5, {NEWEST})"
            ),
            params![
                copy.0,
                place.0,
                CopyKind::Card.column(),
                message,
                at.0
            ],
        )?;
        self.holds(copy, post)?;
        if again {
            self.queue_again(place, post)?;
        }
        Ok(())
    }

    /// Cards of a question that somebody took away are former ones from now on: another can take their place. Their threads still mean it.
    pub(super) fn replace_ended_cards(
        &self,
        forum: ForumId,
        question: PostId,
    ) -> Result<(), Fault> {
        while let Some((place, message)) = self.one(
            "looking for a card that was taken away",
            "SELECT surface.place, surface.message FROM surface JOIN place ON place.id = surface.place
             WHERE surface.post = ?1 AND surface.kind = 2 AND place.forum = ?2 AND place.open = 1 AND place.successor IS NULL
             ORDER BY surface.id LIMIT 1",
            params![question.0, forum.0],
            |row| Ok((PlaceId(row.get(0)?), row.get::<_, String>(1)?)),
        )? {
            let copy = self.next_copy()?;
            self.run(
                "replacing a card",
                "INSERT INTO text_copy (id, place, kind, message, at) SELECT ?1, ?2, ?3, ?4, at FROM post WHERE id = ?5",
                params![copy.0, place.0, CopyKind::Former.column(), message, question.0],
            )?;
            self.holds(copy, question)?;
            self.run(
                "replacing a card",
                "DELETE FROM surface WHERE place = ?1 AND message = ?2 AND kind = 2",
                params![place.0, message],
            )?;
        }
        Ok(())
    }

    /// Drops a card that was to be posted of a post that is hidden by now: it is posted when that is shown again.
    pub fn set_aside(&self, id: OutboxId, at: Timestamp) -> Result<(), Fault> {
        let row = self.one(
            "setting a card aside",
            "DELETE FROM outbox WHERE id = ?1 RETURNING place, post",
            [id.0],
            |row| Ok((PlaceId(row.get(0)?), PostId(row.get(1)?))),
        )?;
        let Some((place, post)) = row else {
            return Ok(());
        };
        let copy = self.next_copy()?;
        self.run(
            "setting a card aside",
            "INSERT INTO text_copy (id, place, kind, at) SELECT ?1, ?2, ?3, ?4
             WHERE EXISTS (SELECT 1 FROM post WHERE id = ?5 AND hidden_at IS NOT NULL)",
            params![copy.0, place.0, CopyKind::Former.column(), at.0, post.0],
        )
        .and_then(|rows| match rows {
            0 => Ok(()),
            _ => self.holds(copy, post),
        })
    }

    /// Has a post's card posted again where it was taken away because the post was hidden.
    pub(super) fn show_again(&self, post: PostId) -> Result<(), Fault> {
        let mut places = BTreeSet::new();
        let mut read = self
            .sql(
                "SELECT text_copy.place FROM text_copy_post JOIN text_copy ON text_copy.id = text_copy_post.copy
                 WHERE text_copy_post.post = ?1 AND text_copy.kind IN (1, 2)",
            )
            .during("reading where a card was")?;
        let rows = read
            .query_map([post.0], |row| row.get(0).map(PlaceId))
            .during("reading where a card was")?;
        for place in rows {
            places.insert(place.during("reading where a card was")?);
        }
        for place in places {
            self.queue_again(place, post)?;
        }
        Ok(())
    }

    /// Puts a card into a place's outbox where one was before, unless one stands or somebody else took it away.
    fn queue_again(&self, place: PlaceId, post: PostId) -> Result<(), Fault> {
        self.run(
            "filling the outbox",
            &format!(
                "INSERT INTO outbox (id, place, post, key) SELECT ?3, place.id, post.id, {CARD_KEY} FROM place JOIN post ON post.id = ?2
                 WHERE place.id = ?1 AND place.successor IS NULL
                 AND NOT EXISTS (SELECT 1 FROM surface WHERE surface.place = ?1 AND surface.post = ?2 AND surface.kind <> 1)
                 ON CONFLICT DO NOTHING"
            ),
            params![place.0, post.0, self.next_id(Counter::Outbox)?],
        )
        .map(drop)
    }

    /// A message was taken away, or one of the bot's can't be: nothing more is to be done about it.
    pub fn text_copy_gone(&self, copy: CopyId) -> Result<(), Fault> {
        self.run(
            "ending a source",
            "DELETE FROM surface WHERE id IN
                 (SELECT surface.id FROM text_copy
                  JOIN surface ON surface.place = text_copy.place AND surface.message = text_copy.message
                  WHERE text_copy.id = ?1 AND text_copy.kind = 3 AND surface.kind = 1)",
            [copy.0],
        )?;
        let kept = self.run(
            "keeping that a card is gone",
            "UPDATE text_copy SET kind = 2, stale = NULL WHERE id = ?1 AND kind = 1 AND EXISTS
                 (SELECT 1 FROM text_copy_post JOIN post ON post.id = text_copy_post.post
                  WHERE text_copy_post.copy = ?1 AND post.withdrawn_at IS NULL)",
            [copy.0],
        )?;
        match kept {
            0 => self.forget_copy(copy),
            _ => Ok(()),
        }
    }

    /// Forgets a message.
    pub fn forget_copy(&self, copy: CopyId) -> Result<(), Fault> {
        self.run(
            "forgetting a message",
            "DELETE FROM text_copy_post WHERE copy = ?1",
            [copy.0],
        )?;
        self.run(
            "forgetting a message",
            "DELETE FROM text_copy WHERE id = ?1",
            [copy.0],
        )
        .map(drop)
    }

    /// A message is gone by somebody else's hand: nothing is to be done about it any more. A card's thread still means its post.
    pub(super) fn end_copy(&self, place: PlaceId, message: &MessageKey) -> Result<(), Fault> {
        let copy = self.one(
            "looking a message up",
            "SELECT id FROM text_copy WHERE place = ?1 AND message = ?2 AND kind <> 2",
            params![place.0, message.0],
            |row| row.get(0).map(CopyId),
        )?;
        match copy {
            Some(copy) => self.text_copy_gone(copy),
            None => Ok(()),
        }
    }

    /// Keeps that a message could not be taken away now, or was not found.
    pub fn put_copy_off(&self, copy: CopyId, until: Timestamp) -> Result<(), Fault> {
        self.run(
            "putting a removal off",
            "UPDATE text_copy SET attempts = attempts + 1, next_at = ?2 WHERE id = ?1",
            params![copy.0, until.0],
        )
        .map(drop)
    }

    /// The threads below the cards of a question may have to be named or tagged anew, by the change that is logged next: of the question that
    /// the post is, or whose accepted answer.
    pub(super) fn name_threads(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "noting that threads are to be named",
            &format!(
                "INSERT INTO thread_name (place, message, post, since)
                 SELECT surface.place, surface.message, surface.post, {NEWEST} + 1
                 FROM surface JOIN place ON place.id = surface.place
                 WHERE surface.post = (SELECT question.id FROM post JOIN post AS question ON question.id = post.question
                                       WHERE post.id = ?1 AND (question.id = ?1 OR question.accepted = ?1))
                 AND surface.kind IN (0, 2) AND place.names_threads = 1
                 ON CONFLICT (place, message) DO UPDATE SET since = excluded.since, attempts = 0, next_at = 0"
            ),
            [post.0],
        )?;
        // Those below cards that others took the place of.
        self.run(
            "noting that threads are to be named",
            &format!(
                "INSERT INTO thread_name (place, message, post, since)
                 SELECT text_copy.place, text_copy.message, text_copy_post.post, {NEWEST} + 1
                 FROM text_copy_post JOIN text_copy ON text_copy.id = text_copy_post.copy JOIN post ON post.id = text_copy_post.post
                 JOIN place ON place.id = text_copy.place
                 WHERE text_copy_post.post = ?1 AND post.kind = 0 AND text_copy.kind = 2 AND text_copy.message IS NOT NULL
                 AND place.names_threads = 1
                 ON CONFLICT (place, message) DO UPDATE SET since = excluded.since, attempts = 0, next_at = 0"
            ),
            [post.0],
        )
        .map(drop)
    }

    /// A card's thread was named when the question may have been called or tagged otherwise already, or was seen no more.
    pub(super) fn name_doubtful_thread(
        &self,
        place: PlaceId,
        message: &MessageKey,
    ) -> Result<(), Fault> {
        self.run(
            "noting that a thread is to be named",
            &format!(
                "INSERT INTO thread_name (place, message, post, since)
                 SELECT surface.place, surface.message, surface.post, {NEWEST}
                 FROM surface JOIN place ON place.id = surface.place JOIN post ON post.id = surface.post
                 LEFT JOIN text ON text.post = post.id
                 WHERE surface.place = ?1 AND surface.message = ?2 AND post.kind = 0 AND place.names_threads = 1
                 AND (text.revision > 1 OR post.accepted IS NOT NULL OR post.hidden_at IS NOT NULL OR post.withdrawn_at IS NOT NULL)
                 ON CONFLICT DO NOTHING"
            ),
            params![place.0, message.0],
        )
        .map(drop)
    }

    /// A thread has the name that was true at the change `seen`, or can't have one any more.
    pub fn thread_named(
        &self,
        place: PlaceId,
        message: &MessageKey,
        seen: Seq,
    ) -> Result<(), Fault> {
        self.run(
            "keeping a thread's name",
            "DELETE FROM thread_name WHERE place = ?1 AND message = ?2 AND since <= ?3",
            params![place.0, message.0, seen.0],
        )
        .map(drop)
    }

    /// Keeps that a thread could not be named now.
    pub fn put_name_off(
        &self,
        place: PlaceId,
        message: &MessageKey,
        until: Timestamp,
    ) -> Result<(), Fault> {
        self.run(
            "putting a thread's name off",
            "UPDATE thread_name SET attempts = attempts + 1, next_at = ?3 WHERE place = ?1 AND message = ?2",
            params![place.0, message.0, until.0],
        )
        .map(drop)
    }

    fn holds(&self, copy: CopyId, post: PostId) -> Result<(), Fault> {
        self.run(
            "keeping what a message holds",
            "INSERT INTO text_copy_post (post, copy) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![post.0, copy.0],
        )
        .map(drop)
    }

    fn next_copy(&self) -> Result<CopyId, Fault> {
        self.next_id(Counter::TextCopy).map(CopyId)
    }
}
