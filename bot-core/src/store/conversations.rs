//! Conversations: which forum one is about, where its person agreed to publish, and what waits for their word.

use super::db::{OptionalExtension, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::{ForumId, PlaceId, PostId, Timestamp};
use crate::platform::{CommonPlace, MessageKey, PlaceKey, Platform, SendKey, Writes};

/// A forum that the person of a conversation shares with the bot, and a place of it where both are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedForum {
    /// The forum.
    pub forum: ForumId,
    /// The oldest of the places that both are in.
    pub place: PlaceKey,
    /// What people call that place; the forum's own name where it has none.
    pub name: String,
    /// The most that the person may write in any of those places; what was left behind for another place doesn't count.
    pub writes: Writes,
}

/// A place that shows a forum's posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPlace {
    /// The platform's name for it.
    pub key: PlaceKey,
    /// What people call it.
    pub name: String,
}

/// What somebody wants published from a conversation, until they agree to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The event by which they wanted it.
    pub event: MessageKey,
    /// The forum that they were asked about; none where they have yet to say which one is meant.
    pub forum: Option<ForumId>,
    /// The message that it was said in, if it was.
    pub message: Option<MessageKey>,
    /// The post that the message hangs on.
    pub here: Option<PostId>,
    /// What they want, in the engine's words.
    pub wanted: String,
    /// The key of the message by which they were asked.
    pub reply: SendKey,
    /// That message, once it is known that it was sent.
    pub prompt: Option<MessageKey>,
}

impl Tx<'_> {
    /// The forums of the places named, conversations left out: each once, in the order they were made.
    pub fn shared_forums(
        &self,
        platform: Platform,
        places: &[CommonPlace],
    ) -> Result<Vec<SharedForum>, Fault> {
        let mut found: Vec<(i64, SharedForum)> = Vec::new();
        for CommonPlace { key, writes } in places {
            let shared = self.one(
                "reading a place's forum",
                "SELECT place.id, forum.id, coalesce(place.server_name, place.name, forum.name), place.successor IS NULL
                 FROM place JOIN forum ON forum.id = place.forum
                 WHERE place.platform = ?1 AND place.key = ?2 AND place.direct = 0",
                params![platform.name(), key.0],
                |row| {
                    let shared = SharedForum {
                        forum: ForumId(row.get(1)?),
                        place: key.clone(),
                        name: row.get(2)?,
                        writes: match row.get(3)? {
                            true => *writes,
                            false => Writes::Nothing,
                        },
                    };
                    Ok((row.get(0)?, shared))
                },
            )?;
            found.extend(shared);
        }
        found.sort_by_key(|(place, shared)| (shared.forum, *place));
        let mut forums: Vec<SharedForum> = found.into_iter().map(|(_, shared)| shared).collect();
        forums.dedup_by(|other, first| {
            let is_same = other.forum == first.forum;
            if is_same {
                first.writes = first.writes.max(other.writes);
            }
            is_same
        });
        Ok(forums)
    }

    /// The forum that was chosen for a conversation.
    pub fn chosen(&self, conversation: PlaceId) -> Result<Option<ForumId>, Fault> {
        self.one(
            "reading what a conversation is about",
            "SELECT forum FROM conversation WHERE place = ?1",
            [conversation.0],
            |row| row.get(0).map(ForumId),
        )
    }

    /// Keeps which forum a conversation is about.
    pub fn choose(&self, conversation: PlaceId, forum: ForumId) -> Result<(), Fault> {
        self.run(
            "keeping what a conversation is about",
            "INSERT INTO conversation (place, forum) VALUES (?1, ?2)
             ON CONFLICT (place) DO UPDATE SET forum = excluded.forum",
            params![conversation.0, forum.0],
        )
        .map(drop)
    }

    /// Whether it was agreed to that what is said in a conversation is published in a forum.
    pub fn has_agreed(&self, conversation: PlaceId, forum: ForumId) -> Result<bool, Fault> {
        self.one(
            "reading what was agreed to",
            "SELECT 1 FROM agreed WHERE place = ?1 AND forum = ?2",
            params![conversation.0, forum.0],
            |_| Ok(()),
        )
        .map(|agreed| agreed.is_some())
    }

    /// Keeps that it was agreed to.
    pub fn agree(&self, conversation: PlaceId, forum: ForumId, at: Timestamp) -> Result<(), Fault> {
        self.run(
            "keeping what was agreed to",
            "INSERT INTO agreed (place, forum, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![conversation.0, forum.0, at.0],
        )
        .map(drop)
    }

    /// The open places that show a forum's posts, conversations left out: the platform of each, and what people call it.
    pub fn open_places(&self, forum: ForumId) -> Result<Vec<(String, OpenPlace)>, Fault> {
        self.sql(
            "SELECT platform, key, coalesce(name, key) FROM place
             WHERE forum = ?1 AND direct = 0 AND open = 1 AND successor IS NULL ORDER BY id",
        )
        .and_then(|mut statement| {
            statement
                .query_map([forum.0], |row| {
                    let place = OpenPlace {
                        key: PlaceKey(row.get(1)?),
                        name: row.get(2)?,
                    };
                    Ok((row.get(0)?, place))
                })?
                .collect()
        })
        .during("reading a forum's places")
    }

    /// Keeps what waits for a person's word; what was wanted by the same event, or said in the same message, is forgotten.
    pub fn wait_for_word(
        &self,
        conversation: PlaceId,
        waiting: &Waiting,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<(), Fault> {
        if let Some(message) = &waiting.message {
            self.forget_said(conversation, message)?;
        }
        let Waiting {
            event,
            forum,
            message,
            here,
            wanted,
            reply,
            prompt: _,
        } = waiting;
        self.run(
            "keeping what waits to be agreed to",
            "INSERT INTO waiting (place, event, forum, message, here, wanted, reply, at, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (place, event) DO UPDATE SET forum = excluded.forum, wanted = excluded.wanted, until = excluded.until",
            params![
                conversation.0,
                event.0,
                forum.map(|forum| forum.0),
                message.as_ref().map(|message| &message.0),
                here.map(|here| here.0),
                wanted,
                reply.0,
                at.0,
                until.0
            ],
        )
        .map(drop)
    }

    /// What waits for a person's word in a conversation, in the order it was said.
    pub fn waiting(&self, conversation: PlaceId, now: Timestamp) -> Result<Vec<Waiting>, Fault> {
        self.sql(
            "SELECT event, forum, message, here, wanted, reply, prompt FROM waiting
             WHERE place = ?1 AND until > ?2 ORDER BY at, event",
        )
        .and_then(|mut statement| {
            statement
                .query_map(params![conversation.0, now.0], |row| {
                    Ok(Waiting {
                        event: MessageKey(row.get(0)?),
                        forum: row.get::<_, Option<i64>>(1)?.map(ForumId),
                        message: row.get::<_, Option<String>>(2)?.map(MessageKey),
                        here: row.get::<_, Option<i64>>(3)?.map(PostId),
                        wanted: row.get(4)?,
                        reply: SendKey(row.get(5)?),
                        prompt: row.get::<_, Option<String>>(6)?.map(MessageKey),
                    })
                })?
                .collect()
        })
        .during("reading what waits to be agreed to")
    }

    /// Says which forum the person was asked about, and by the message of which key.
    pub fn ask_about(
        &self,
        conversation: PlaceId,
        forum: ForumId,
        reply: &SendKey,
    ) -> Result<(), Fault> {
        self.run(
            "keeping what was asked",
            "UPDATE waiting SET forum = ?2, reply = ?3, prompt = NULL WHERE place = ?1",
            params![conversation.0, forum.0, reply.0],
        )
        .map(drop)
    }

    /// Forgets one thing that waits.
    pub fn forget_wanted(&self, conversation: PlaceId, event: &MessageKey) -> Result<(), Fault> {
        self.run(
            "forgetting what waits to be agreed to",
            "DELETE FROM waiting WHERE place = ?1 AND event = ?2",
            params![conversation.0, event.0],
        )
        .map(drop)
    }

    /// Forgets what was said in a message that waits; gives whether there was anything.
    pub fn forget_said(&self, conversation: PlaceId, message: &MessageKey) -> Result<bool, Fault> {
        self.run(
            "forgetting what waits to be agreed to",
            "DELETE FROM waiting WHERE place = ?1 AND message = ?2",
            params![conversation.0, message.0],
        )
        .map(|gone| gone > 0)
    }

    /// Forgets what nobody agreed to in time; gives how much that was.
    pub fn forget_late(&self, now: Timestamp) -> Result<usize, Fault> {
        self.run(
            "forgetting what waited too long",
            "DELETE FROM waiting WHERE until <= ?1",
            [now.0],
        )
    }

    /// Keeps which message a person was asked by.
    pub fn asked_by(&self, reply: &SendKey, message: &MessageKey) -> Result<(), Fault> {
        self.run(
            "keeping by what was asked",
            "UPDATE waiting SET prompt = ?2 WHERE reply = ?1",
            params![reply.0, message.0],
        )
        .map(drop)
    }
}

impl Reader {
    /// Whether something waits for a person's word in a conversation: by the message that asked for it, if one is named.
    pub fn is_waiting(
        &self,
        conversation: PlaceId,
        prompt: Option<&MessageKey>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        self.with(|conn| match prompt {
            Some(prompt) => conn
                .prepare_cached(
                    "SELECT 1 FROM waiting WHERE prompt = ?2 AND place = ?1 AND until > ?3 LIMIT 1",
                )?
                .query_row(params![conversation.0, prompt.0, now.0], |_| Ok(()))
                .optional(),
            None => conn
                .prepare_cached("SELECT 1 FROM waiting WHERE place = ?1 AND until > ?2 LIMIT 1")?
                .query_row(params![conversation.0, now.0], |_| Ok(()))
                .optional(),
        })
        .during("looking whether something waits to be agreed to")
        .map(|found| found.is_some())
    }

    /// Whether nothing was ever asked in a forum.
    pub fn is_empty(&self, forum: ForumId) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached("SELECT questions = 0 FROM forum WHERE id = ?1")?
                .query_row([forum.0], |row| row.get(0))
                .optional()
        })
        .during("looking whether a forum is empty")
        .map(|empty| empty.unwrap_or(true))
    }

    /// Whether a forum is shown in places, and all of them are encrypted. The terminal is the operator's own and counts as neither.
    pub fn is_only_encrypted(&self, forum: ForumId) -> Result<bool, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT count(*) > 0 AND count(*) FILTER (WHERE encrypted = 0) = 0 FROM place
                 WHERE forum = ?1 AND direct = 0 AND open = 1 AND successor IS NULL AND platform <> 'terminal'",
            )?
            .query_row([forum.0], |row| row.get(0))
        })
        .during("reading who can read a forum")
    }
}
