//! Forums, places and people inside a transaction: looked up, and made known where they are not.

use rusqlite::params;

use super::fault::Fault;
use super::rows::{self, PlaceRow};
use super::tx::Tx;
use crate::forum::limit::Experience;
use crate::forum::{Author, ForumId, IdentityId, MemberId, PlaceId, Timestamp};
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
        self.insert(
            "making a forum",
            "INSERT INTO forum (name, at) VALUES (?1, ?2)",
            params![name, at.0],
        )
        .map(ForumId)
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
        self.one(
            "writing a place",
            "INSERT INTO place (platform, key, forum, name, direct) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (platform, key) DO UPDATE SET
                 forum = excluded.forum, name = coalesce(excluded.name, name), direct = excluded.direct, open = 1
             RETURNING id",
            params![platform.name(), key.0, forum.map(|f| f.0), name, direct],
            |row| row.get(0).map(PlaceId),
        )
        .map(|id| PlaceRow { id: id.unwrap_or(PlaceId(0)), forum, direct })
    }

    /// Says that a place was left behind for another.
    pub fn set_successor(&self, place: PlaceId, successor: PlaceId) -> Result<(), Fault> {
        self.run(
            "leaving a place behind",
            "UPDATE place SET successor = ?2 WHERE id = ?1 AND successor IS NOT ?2",
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
            "UPDATE place SET name = ?2 WHERE id = ?1 AND name IS NOT ?2",
            params![place.0, name],
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

    /// The person behind an account in a forum, made known where they are not; their name is brought up to date.
    pub fn person(
        &self,
        forum: ForumId,
        platform: Platform,
        key: &PersonKey,
        name: &str,
        at: Timestamp,
    ) -> Result<Author, Fault> {
        let identity = self.identity(platform, key, name)?;
        let member = match self.member(forum, identity)? {
            Some(member) => member,
            None => self.enrol(forum, identity, at)?,
        };
        Ok(Author { identity, member })
    }

    /// An account, made known where it is not; its name is brought up to date.
    pub fn identity(
        &self,
        platform: Platform,
        key: &PersonKey,
        name: &str,
    ) -> Result<IdentityId, Fault> {
        let known = self.one(
            "reading an identity",
            "SELECT id, name FROM identity WHERE platform = ?1 AND key = ?2",
            params![platform.name(), key.0],
            |row| Ok((IdentityId(row.get(0)?), row.get::<_, String>(1)?)),
        )?;
        match known {
            Some((id, known_as)) => {
                // Not everything that somebody does comes with their name.
                if known_as != name && !name.is_empty() {
                    self.run(
                        "renaming an identity",
                        "UPDATE identity SET name = ?2 WHERE id = ?1",
                        params![id.0, name],
                    )?;
                }
                Ok(id)
            }
            None => self
                .insert(
                    "making an identity",
                    "INSERT INTO identity (platform, key, name) VALUES (?1, ?2, ?3)",
                    params![platform.name(), key.0, name],
                )
                .map(IdentityId),
        }
    }

    /// Since when a member is in a forum, and how many of their posts can be seen there: no more than `most` are counted.
    pub fn experience(
        &self,
        forum: ForumId,
        member: MemberId,
        most: u32,
    ) -> Result<Option<Experience>, Fault> {
        self.one(
            "reading how long a member is there",
            "SELECT at, (SELECT count(*) FROM (SELECT 1 AS one FROM membership JOIN post ON post.author = membership.identity
                WHERE membership.member = ?2 AND membership.forum = ?1 AND post.forum = ?1
                AND post.hidden_at IS NULL AND post.withdrawn_at IS NULL LIMIT ?3) AS visible)
             FROM member WHERE id = ?2",
            params![forum.0, member.0, most],
            |row| {
                Ok(Experience {
                    since: Timestamp(row.get(0)?),
                    posts: row.get(1)?,
                })
            },
        )
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
