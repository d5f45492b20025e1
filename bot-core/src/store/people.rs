//! Forums, places and people inside a transaction: looked up, and made known where they are not.

use super::counters::Counter;
use super::db::{self, Connection, OptionalExtension, params};
use super::fault::{During, Fault};
use super::names::{Naming, skeleton_of};
use super::reader::Reader;
use super::rows::{self, ANSWER, PlaceRow, QUESTION};
use super::tx::Tx;
use crate::conventions::Threads;
use crate::forum::limit::Experience;
use crate::forum::{Author, Counted, ForumId, IdentityId, MemberId, PlaceId, Timestamp};
use crate::platform::{PersonKey, PlaceKey, Platform, Seclusion};

impl Tx<'_> {
    /// The forum of this name, made where it is missing.
    pub fn forum(&self, name: &str, at: Timestamp) -> Result<ForumId, Fault> {
        let found = self.one(
            "reading a forum",
            "SELECT id FROM forum WHERE name = ?1",
            [name],
            |row| row.get(0).map(ForumId),
        )?;
        if let Some(id) = found {
            return Ok(id);
        }
        let id = self.next_id(Counter::Forum)?;
        self.run(
            "making a forum",
            "INSERT INTO forum (id, name, at) VALUES (?1, ?2, ?3)",
            params![id, name, at.0],
        )?;
        Ok(ForumId(id))
    }

    /// A place, if it is known.
    pub fn place(&self, platform: Platform, key: &PlaceKey) -> Result<Option<PlaceRow>, Fault> {
        self.one(
            "reading a place",
            rows::PLACE,
            params![platform.name(), key.0],
            rows::place,
        )
    }

    /// Makes a place known, or gives it another forum and name, and opens it.
    pub fn set_place(
        &self,
        platform: Platform,
        key: &PlaceKey,
        forum: Option<ForumId>,
        name: Option<&str>,
        direct: bool,
    ) -> Result<PlaceRow, Fault> {
        let id = match self.place(platform, key)? {
            Some(known) => known.id.0,
            None => self.next_id(Counter::Place)?,
        };
        let names_threads = platform.conventions().threads == Threads::Named;
        self.run(
            "writing a place",
            "INSERT INTO place (id, platform, key, forum, name, direct, names_threads) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (platform, key) DO UPDATE SET
                 forum = excluded.forum, name = coalesce(excluded.name, place.name), direct = excluded.direct, open = 1",
            params![id, platform.name(), key.0, forum.map(|f| f.0), name, direct, names_threads],
        )?;
        Ok(PlaceRow {
            id: PlaceId(id),
            forum,
            direct,
        })
    }

    /// Says that a place was left behind for another.
    pub fn set_successor(&self, place: PlaceId, successor: PlaceId) -> Result<(), Fault> {
        self.run(
            "leaving a place behind",
            "UPDATE place SET successor = ?2 WHERE id = ?1 AND successor IS DISTINCT FROM ?2",
            params![place.0, successor.0],
        )
        .map(drop)
    }

    /// Whether nothing was ever asked in a forum.
    pub fn is_empty(&self, forum: ForumId) -> Result<bool, Fault> {
        self.one(
            "looking whether a forum is empty",
            "SELECT questions = 0 FROM forum WHERE id = ?1",
            [forum.0],
            |row| row.get(0),
        )
        .map(|empty| empty.unwrap_or(true))
    }

    /// Gives a place the name that people call it by now.
    pub fn rename_place(&self, place: PlaceId, name: &str) -> Result<(), Fault> {
        self.run(
            "renaming a place",
            "UPDATE place SET name = ?2 WHERE id = ?1 AND name IS DISTINCT FROM ?2",
            params![place.0, name],
        )
        .map(drop)
    }

    /// Says which server a place is of, and what people call that.
    pub fn set_server(
        &self,
        platform: Platform,
        place: &PlaceKey,
        id: &str,
        name: &str,
    ) -> Result<(), Fault> {
        self.run(
            "keeping which server a place is of",
            "UPDATE place SET server = ?3, server_name = ?4 WHERE platform = ?1 AND key = ?2
             AND (server IS DISTINCT FROM ?3 OR server_name IS DISTINCT FROM ?4)",
            params![platform.name(), place.0, id, name],
        )
        .map(drop)
    }

    /// Says what keeps others from reading in a place.
    pub fn set_seclusion(&self, place: PlaceId, seclusion: Seclusion) -> Result<(), Fault> {
        let Seclusion { encrypted, private } = seclusion;
        self.run(
            "keeping who can read in a place",
            "UPDATE place SET encrypted = ?2, private = ?3 WHERE id = ?1 AND (encrypted <> ?2 OR private <> ?3)",
            params![place.0, encrypted, private],
        )
        .map(drop)
    }

    /// Says whether the bot can speak in a place. Closing drops what was to be posted there.
    pub fn set_place_open(
        &self,
        platform: Platform,
        key: &PlaceKey,
        open: bool,
    ) -> Result<(), Fault> {
        self.run(
            "opening or closing a place",
            "UPDATE place SET open = ?3 WHERE platform = ?1 AND key = ?2 AND open <> ?3",
            params![platform.name(), key.0, open],
        )?;
        if !open {
            self.run(
                "emptying a closed place's outbox",
                "DELETE FROM outbox WHERE place IN (SELECT id FROM place WHERE platform = ?1 AND key = ?2)",
                params![platform.name(), key.0],
            )?;
        }
        Ok(())
    }

    /// The accounts that are this member.
    pub fn accounts_of(&self, member: MemberId) -> Result<Vec<IdentityId>, Fault> {
        accounts_of(self.conn, member).during("reading a member's accounts")
    }

    /// What an account asked, answered and commented in a forum since then, oldest first.
    pub fn posts_since(
        &self,
        forum: ForumId,
        author: IdentityId,
        since: Timestamp,
    ) -> Result<Vec<(Counted, Timestamp)>, Fault> {
        posts_since(self.conn, forum, author, since).during("reading what somebody wrote lately")
    }

    /// The person behind an account in a forum, made known where they are not; their name is brought up to date.
    pub fn person<'n>(
        &self,
        forum: ForumId,
        platform: Platform,
        key: &PersonKey,
        named: impl Into<Naming<'n>>,
        at: Timestamp,
    ) -> Result<Author, Fault> {
        let identity = self.identity(platform, key, named)?;
        let member = match self.member(forum, identity)? {
            Some(member) => member,
            None => self.enrol(forum, identity, at)?,
        };
        Ok(Author { identity, member })
    }

    /// An account, made known where it is not; its names are brought up to date.
    pub fn identity<'n>(
        &self,
        platform: Platform,
        key: &PersonKey,
        named: impl Into<Naming<'n>>,
    ) -> Result<IdentityId, Fault> {
        let said: Naming<'_> = named.into();
        let known = self.one(
            "reading an identity",
            "SELECT id, name, account FROM identity WHERE platform = ?1 AND key = ?2",
            params![platform.name(), key.0],
            |row| {
                let known = (row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?);
                Ok((IdentityId(row.get(0)?), known))
            },
        )?;
        let Some((id, (name, account))) = known else {
            let skeleton = skeleton_of(platform.name(), said.account.unwrap_or(&key.0), said.name);
            let id = self.next_id(Counter::Identity)?;
            self.run(
                "making an identity",
                "INSERT INTO identity (id, platform, key, name, account, skeleton) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![id, platform.name(), key.0, said.name, said.account, skeleton],
            )?;
            return Ok(IdentityId(id));
        };
        // Not everything that somebody does comes with their names.
        let now = Naming {
            name: if said.name.is_empty() {
                &name
            } else {
                said.name
            },
            account: said.account.or(account.as_deref()),
        };
        if now.name != name || now.account != account.as_deref() {
            self.rename(id, platform.name(), &key.0, now)?;
        }
        Ok(id)
    }

    /// Since when a member is in a forum, and how many of their posts can be seen there: no more than `most` are counted.
    pub fn experience(
        &self,
        forum: ForumId,
        member: MemberId,
        most: u32,
    ) -> Result<Option<Experience>, Fault> {
        experience(self.conn, forum, member, most).during("reading how long a member is there")
    }

    pub(super) fn member(
        &self,
        forum: ForumId,
        identity: IdentityId,
    ) -> Result<Option<MemberId>, Fault> {
        self.one(
            "reading a member",
            "SELECT member FROM membership WHERE forum = ?1 AND identity = ?2",
            params![forum.0, identity.0],
            |row| row.get(0).map(MemberId),
        )
    }
}

impl Reader {
    /// The person behind an account in a forum; none where they have done nothing there.
    pub fn author(
        &self,
        forum: ForumId,
        platform: Platform,
        key: &PersonKey,
    ) -> Result<Option<Author>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT identity.id, membership.member FROM identity JOIN membership ON membership.identity = identity.id
                 WHERE identity.platform = ?1 AND identity.key = ?2 AND membership.forum = ?3",
            )?
            .query_row(params![platform.name(), key.0, forum.0], |row| {
                Ok(Author {
                    identity: IdentityId(row.get(0)?),
                    member: MemberId(row.get(1)?),
                })
            })
            .optional()
        })
        .during("reading a member")
    }

    /// The same as [`Tx::accounts_of`].
    pub fn accounts_of(&self, member: MemberId) -> Result<Vec<IdentityId>, Fault> {
        self.with(|conn| accounts_of(conn, member))
            .during("reading a member's accounts")
    }

    /// The same as [`Tx::posts_since`].
    pub fn posts_since(
        &self,
        forum: ForumId,
        author: IdentityId,
        since: Timestamp,
    ) -> Result<Vec<(Counted, Timestamp)>, Fault> {
        self.with(|conn| posts_since(conn, forum, author, since))
            .during("reading what somebody wrote lately")
    }

    /// The same as [`Tx::experience`].
    pub fn experience(
        &self,
        forum: ForumId,
        member: MemberId,
        most: u32,
    ) -> Result<Option<Experience>, Fault> {
        self.with(|conn| experience(conn, forum, member, most))
            .during("reading how long a member is there")
    }
}

fn accounts_of(conn: &Connection, member: MemberId) -> db::Result<Vec<IdentityId>> {
    conn.prepare_cached("SELECT identity FROM membership WHERE member = ?1")?
        .query_map([member.0], |row| row.get(0).map(IdentityId))?
        .collect()
}

fn posts_since(
    conn: &Connection,
    forum: ForumId,
    author: IdentityId,
    since: Timestamp,
) -> db::Result<Vec<(Counted, Timestamp)>> {
    conn.prepare_cached(
        "SELECT kind, at FROM post WHERE author = ?1 AND at > ?2 AND forum = ?3 ORDER BY at",
    )?
    .query_map(params![author.0, since.0, forum.0], |row| {
        let what = match row.get(0)? {
            QUESTION => Counted::Question,
            ANSWER => Counted::Answer,
            _ => Counted::Comment,
        };
        Ok((what, Timestamp(row.get(1)?)))
    })?
    .collect()
}

fn experience(
    conn: &Connection,
    forum: ForumId,
    member: MemberId,
    most: u32,
) -> db::Result<Option<Experience>> {
    conn.prepare_cached(
        "SELECT at, (SELECT count(*) FROM (SELECT 1 AS one FROM membership JOIN post ON post.author = membership.identity
            WHERE membership.member = ?2 AND membership.forum = ?1 AND post.forum = ?1
            AND post.hidden_at IS NULL AND post.withdrawn_at IS NULL LIMIT ?3) AS visible)
         FROM member WHERE id = ?2",
    )?
    .query_row(params![forum.0, member.0, most], |row| {
        Ok(Experience {
            since: Timestamp(row.get(0)?),
            posts: row.get(1)?,
        })
    })
    .optional()
}
