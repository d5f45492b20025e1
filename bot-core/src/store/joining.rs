//! Forums that join another, and leave it again: questions, places and members go along, and nothing of it is half.

use serde::{Deserialize, Serialize};

use super::change_log::Entry;
use super::db::{self, OptionalExtension, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::rows;
use super::tx::Tx;
use crate::forum::{Address, ForumId, IdentityId, PlaceId, PostId, Seq, Timestamp};
use crate::platform::Seclusion;

/// The change since which a card is stale that can wait until no other is: its number is another, and nothing else.
const WHENEVER: i64 = 1 << 62;

/// A forum as its admins are told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "CommunityFields", into = "CommunityFields")]
pub struct Community {
    /// What people call it: the name of its oldest place or of the server that is of, else its own.
    pub name: String,
    /// Where that is.
    pub place: Option<Whereabouts>,
    /// How many questions it has that are not withdrawn.
    pub questions: u64,
    /// What keeps others from reading in any of its open places.
    pub seclusion: Seclusion,
}

/// A forum as it is serialised: its name, how many questions, whether a place of it is encrypted, whether one is not public, where it
/// is, which rows of earlier versions lack.
#[derive(Serialize, Deserialize)]
struct CommunityFields(
    String,
    u64,
    bool,
    bool,
    #[serde(default)] Option<Whereabouts>,
);

impl From<Community> for CommunityFields {
    fn from(forum: Community) -> Self {
        let Seclusion { encrypted, private } = forum.seclusion;
        Self(forum.name, forum.questions, encrypted, private, forum.place)
    }
}

impl From<CommunityFields> for Community {
    fn from(fields: CommunityFields) -> Self {
        let CommunityFields(name, questions, encrypted, private, place) = fields;
        let seclusion = Seclusion { encrypted, private };
        Self {
            name,
            place,
            questions,
            seclusion,
        }
    }
}

/// Where a place is, by names that nobody can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The platform's name.
    pub platform: String,
    /// The platform's name for the server that the place is of, else for the place.
    pub id: String,
    /// Whether it is the server's.
    pub server: bool,
}

/// A forum with its places, for whoever runs the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForumRow {
    /// Its name.
    pub name: String,
    /// The name of the forum that it joined.
    pub joined: Option<String>,
    /// How many questions it has that are not withdrawn.
    pub questions: u64,
    /// Its places: platform, name or key, whether it is open.
    pub places: Vec<(String, String, bool)>,
}

impl Tx<'_> {
    /// The forum in which a forum's questions are: itself, or the one that it joined.
    pub fn joined(&self, forum: ForumId) -> Result<ForumId, Fault> {
        let mut at = forum;
        while let Some(next) = self.one(
            "reading what a forum joined",
            "SELECT joined FROM forum WHERE id = ?1 AND joined IS NOT NULL",
            [at.0],
            |row| row.get(0).map(ForumId),
        )? {
            at = next;
        }
        Ok(at)
    }

    /// Says which forum a place goes back to when that leaves the one that it joined.
    pub fn set_home(&self, place: PlaceId, home: ForumId) -> Result<(), Fault> {
        self.run(
            "keeping a place's own forum",
            "UPDATE place SET home = ?2 WHERE id = ?1 AND forum <> ?2",
            params![place.0, home.0],
        )
        .map(drop)
    }

    /// The address that a post has now whose question had another number in a place before its forum joined another.
    pub fn formerly(&self, place: PlaceId, address: Address) -> Result<Option<Address>, Fault> {
        let found = rows::formerly(self.conn, place, address.question)
            .during("looking an old number up")?;
        Ok(found.map(|(_, question)| Address {
            question,
            ..address
        }))
    }

    /// Says from which side of forums that joined a post was written; nothing where that is the forum's own.
    pub fn set_side(&self, post: PostId, side: ForumId) -> Result<(), Fault> {
        self.run(
            "keeping which side a post is of",
            "UPDATE post SET side = ?2 WHERE id = ?1 AND forum <> ?2",
            params![post.0, side.0],
        )
        .map(drop)
    }

    /// The forum that a place had before it joined another.
    pub fn home(&self, place: PlaceId) -> Result<Option<ForumId>, Fault> {
        self.one(
            "reading a place's own forum",
            "SELECT home FROM place WHERE id = ?1 AND home IS NOT NULL",
            [place.0],
            |row| row.get(0).map(ForumId),
        )
    }

    /// Where a place is.
    pub fn whereabouts(&self, place: PlaceId) -> Result<Option<Whereabouts>, Fault> {
        self.one(
            "reading where a place is",
            "SELECT platform, coalesce(server, key), server IS NOT NULL FROM place WHERE id = ?1",
            [place.0],
            |row| {
                Ok(Whereabouts {
                    platform: row.get(0)?,
                    id: row.get(1)?,
                    server: row.get(2)?,
                })
            },
        )
    }

    /// A forum as its admins are told of it.
    pub fn community(&self, forum: ForumId) -> Result<Option<Community>, Fault> {
        self.described(
            forum,
            "SELECT coalesce((SELECT coalesce(server_name, name) FROM place WHERE forum = ?1 AND direct = 0
                     AND coalesce(server_name, name) IS NOT NULL ORDER BY id LIMIT 1), name),
                 (SELECT count(*) FROM post WHERE forum = ?1 AND kind = 0 AND withdrawn_at IS NULL),
                 EXISTS (SELECT 1 FROM place WHERE forum = ?1 AND direct = 0 AND open = 1 AND encrypted = 1),
                 EXISTS (SELECT 1 FROM place WHERE forum = ?1 AND direct = 0 AND open = 1 AND private = 1),
                 (SELECT id FROM place WHERE forum = ?1 AND direct = 0 ORDER BY id LIMIT 1)
             FROM forum WHERE id = ?1",
        )
    }

    /// A forum that joined another, as the admins of that are told of it.
    pub fn former_community(&self, forum: ForumId) -> Result<Option<Community>, Fault> {
        self.described(
            forum,
            "SELECT coalesce((SELECT coalesce(server_name, name) FROM place WHERE home = ?1 AND direct = 0
                     AND coalesce(server_name, name) IS NOT NULL ORDER BY id LIMIT 1), name),
                 (SELECT count(*) FROM former JOIN post ON post.id = former.question
                  WHERE former.forum = ?1 AND withdrawn_at IS NULL),
                 EXISTS (SELECT 1 FROM place WHERE home = ?1 AND direct = 0 AND open = 1 AND encrypted = 1),
                 EXISTS (SELECT 1 FROM place WHERE home = ?1 AND direct = 0 AND open = 1 AND private = 1),
                 (SELECT id FROM place WHERE home = ?1 AND direct = 0 ORDER BY id LIMIT 1)
             FROM forum WHERE id = ?1",
        )
    }

    fn described(&self, forum: ForumId, sql: &str) -> Result<Option<Community>, Fault> {
        let found = self.one("reading a forum", sql, [forum.0], |row| {
            let community = Community {
                name: row.get(0)?,
                place: None,
                questions: row.get(1)?,
                seclusion: Seclusion {
                    encrypted: row.get(2)?,
                    private: row.get(3)?,
                },
            };
            Ok((community, row.get::<_, Option<i64>>(4)?))
        })?;
        let Some((community, place)) = found else {
            return Ok(None);
        };
        let place = place.map(|place| self.whereabouts(PlaceId(place)));
        Ok(Some(Community {
            place: place.transpose()?.flatten(),
            ..community
        }))
    }

    /// The forums that joined a forum, with their own names.
    pub fn joiners(&self, forum: ForumId) -> Result<Vec<(ForumId, String)>, Fault> {
        self.sql("SELECT id, name FROM forum WHERE joined = ?1 ORDER BY id")
            .and_then(|mut found| {
                found
                    .query_map([forum.0], |row| Ok((ForumId(row.get(0)?), row.get(1)?)))?
                    .collect()
            })
            .during("reading which forums joined")
    }

    /// Has a forum join another: its questions get the next numbers there, in their order, and keep their old ones for when it leaves; its
    /// places and members go along. No card is posted; those that are there are brought up to date when nothing else is to be done.
    pub fn join(&self, joining: ForumId, into: ForumId, now: Timestamp) -> Result<(), Fault> {
        self.run(
            "keeping the numbers of before",
            "INSERT INTO former (forum, number, question) SELECT forum, number, id FROM post WHERE forum = ?1 AND kind = 0",
            [joining.0],
        )?;
        let joined = self.one(
            "counting what joins",
            "SELECT count(*) FROM former WHERE forum = ?1",
            [joining.0],
            |row| row.get(0),
        )?;
        self.make_room(into, joined.unwrap_or(0))?;
        for (what, sql) in [
            (
                "numbering what joins",
                "UPDATE post SET forum = ?2, side = coalesce(side, ?1),
                     number = (SELECT questions FROM forum WHERE id = ?2) + joining.nth FROM
                     (SELECT question, row_number() OVER (ORDER BY number) AS nth FROM former WHERE forum = ?1) AS joining
                 WHERE post.id = joining.question",
            ),
            (
                "counting what joined",
                "UPDATE forum SET questions = questions + (SELECT count(*) FROM former WHERE forum = ?1) WHERE id = ?2",
            ),
            (
                "moving what hangs on what joined",
                "UPDATE post SET forum = ?2, side = coalesce(side, ?1) WHERE forum = ?1
                 AND question IN (SELECT question FROM former WHERE forum = ?1)",
            ),
            ("moving tags", "UPDATE tag SET forum = ?2 WHERE forum = ?1"),
            (
                "moving places",
                "UPDATE place SET home = coalesce(home, ?1), forum = ?2 WHERE forum = ?1",
            ),
            (
                "joining a forum",
                "UPDATE forum SET joined = ?2 WHERE id = ?1",
            ),
        ] {
            self.run(what, sql, params![joining.0, into.0])?;
        }
        let people = self.people("SELECT identity FROM membership WHERE forum = ?1", joining)?;
        self.enrol_all(&people, into, now)?;
        self.moved(Entry::Joined, joining, into, now)
    }

    /// Has a forum leave the one that it joined: what it brought along goes back with what hangs on it, under the old numbers; what was
    /// asked since stays. Gives how many questions went.
    pub fn leave(&self, leaving: ForumId, now: Timestamp) -> Result<usize, Fault> {
        let of = self.joined(leaving)?;
        let gone = self.run(
            "numbering what leaves",
            "UPDATE post SET forum = ?1, number = former.number FROM former
             WHERE former.forum = ?1 AND post.id = former.question",
            [leaving.0],
        )?;
        for (what, sql) in [
            (
                "moving what hangs on what left",
                "UPDATE post SET forum = ?1 WHERE kind <> 0 AND forum = ?2
                 AND question IN (SELECT question FROM former WHERE forum = ?1)",
            ),
            (
                "forgetting which side posts are of",
                "WITH RECURSIVE own (id) AS (SELECT CAST(?1 AS BIGINT) UNION SELECT forum.id FROM forum JOIN own ON forum.joined = own.id)
                 UPDATE post SET side = NULL WHERE side IS NOT NULL AND (forum = ?2 AND side IN (SELECT id FROM own)
                     OR forum = ?1 AND (side = ?1 OR side NOT IN (SELECT id FROM own)))",
            ),
            (
                "moving tags",
                "UPDATE tag SET forum = ?1 WHERE forum = ?2 AND post IN (SELECT question FROM former WHERE forum = ?1)",
            ),
            (
                "moving places",
                "WITH RECURSIVE own (id) AS (SELECT CAST(?1 AS BIGINT) UNION SELECT forum.id FROM forum JOIN own ON forum.joined = own.id)
                 UPDATE place SET forum = ?1, home = CASE WHEN home = ?1 THEN NULL ELSE home END
                 WHERE forum = ?2 AND home IN (SELECT id FROM own)",
            ),
        ] {
            self.run(what, sql, params![leaving.0, of.0])?;
        }
        self.run(
            "leaving a forum",
            "UPDATE forum SET joined = NULL WHERE id = ?1",
            [leaving.0],
        )?;
        self.run(
            "forgetting what would be posted elsewhere",
            "DELETE FROM outbox WHERE attempts = 0 AND
                 (SELECT forum FROM place WHERE id = outbox.place) IS DISTINCT FROM (SELECT forum FROM post WHERE id = outbox.post)",
            [],
        )?;
        let people = self.people(
            "SELECT post.author FROM former JOIN post ON post.question = former.question JOIN identity ON identity.id = post.author
             WHERE former.forum = ?1 AND post.forum = ?1 AND identity.platform NOT IN ('imported', 'deleted')
             UNION SELECT saying.identity FROM former JOIN post ON post.question = former.question
             JOIN saying ON saying.post = post.id WHERE former.forum = ?1 AND post.forum = ?1",
            leaving,
        )?;
        self.enrol_all(&people, leaving, now)?;
        self.moved(Entry::Left, leaving, leaving, now)?;
        self.run(
            "forgetting the numbers of before",
            "WITH RECURSIVE own (id) AS (SELECT id FROM forum WHERE joined = ?1 UNION SELECT forum.id FROM forum JOIN own ON forum.joined = own.id)
             DELETE FROM former WHERE question IN (SELECT question FROM former WHERE forum = ?1) AND forum NOT IN (SELECT id FROM own)",
            [leaving.0],
        )?;
        Ok(gone)
    }

    fn people(&self, sql: &str, forum: ForumId) -> Result<Vec<IdentityId>, Fault> {
        self.sql(sql)
            .and_then(|mut found| {
                found
                    .query_map([forum.0], |row| row.get(0).map(IdentityId))?
                    .collect()
            })
            .during("reading who goes along")
    }

    fn enrol_all(
        &self,
        people: &[IdentityId],
        forum: ForumId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        for identity in people {
            if self.member(forum, *identity)?.is_none() {
                self.enrol(forum, *identity, now)?;
            }
        }
        Ok(())
    }

    /// Writes down that questions are in another forum: those that were `of` a forum before, and are in `forum` now.
    fn moved(
        &self,
        entry: Entry,
        of: ForumId,
        forum: ForumId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let many = self.one(
            "counting what moves",
            "SELECT count(*) FROM former WHERE forum = ?1",
            [of.0],
            |row| row.get::<_, i64>(0),
        )?;
        if let Some(many) = many.filter(|many| *many > 0) {
            let first = self.next_seq(many)?;
            self.run(
                "writing the change log",
                "INSERT INTO change_log (seq, forum, question, post, touch, what, at)
                 SELECT ?6 + row_number() OVER (ORDER BY number), ?2, question, question, ?3, ?4, ?5 FROM former WHERE forum = ?1",
                params![
                    of.0,
                    forum.0,
                    entry.touch().column(),
                    entry.name(),
                    now.0,
                    first.0 - 1
                ],
            )?;
            self.logged(Seq(first.0 + many - 1));
        }
        self.run(
            "marking cards stale",
            "UPDATE surface SET stale = ?2 WHERE kind = 0 AND stale IS NULL AND post IN
                 (SELECT post.id FROM former JOIN post ON post.question = former.question WHERE former.forum = ?1)",
            params![of.0, WHENEVER],
        )
        .map(drop)
    }
}

impl Reader {
    /// The question that had this number in a place before its forum joined another, and the number that it has now.
    pub fn formerly(&self, place: PlaceId, number: u32) -> Result<Option<(PostId, u32)>, Fault> {
        self.with(|conn| rows::formerly(conn, place, number))
            .during("looking an old number up")
    }

    /// The number that a question had in a place before its forum joined another.
    pub fn former_number(&self, place: PlaceId, question: PostId) -> Result<Option<u32>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT former.number FROM place JOIN former ON former.forum = place.home
                 WHERE place.id = ?1 AND former.question = ?2",
            )?
            .query_row(params![place.0, question.0], |row| row.get(0))
            .optional()
        })
        .during("looking an old number up")
    }

    /// All forums with their places, in the order they were made.
    pub fn forum_rows(&self) -> Result<Vec<ForumRow>, Fault> {
        self.with(|conn| {
            let mut places = conn.prepare_cached(
                "SELECT platform, coalesce(name, key), open FROM place
                 WHERE (home = ?1 OR forum = ?1 AND home IS NULL) AND direct = 0 AND successor IS NULL ORDER BY id",
            )?;
            conn.prepare_cached(
                "SELECT forum.name, target.name, forum.id,
                     (SELECT count(*) FROM post WHERE post.forum = forum.id AND kind = 0 AND withdrawn_at IS NULL)
                 FROM forum LEFT JOIN forum AS target ON target.id = forum.joined ORDER BY forum.id",
            )?
            .query_map([], |row| {
                let id: i64 = row.get(2)?;
                Ok(ForumRow {
                    name: row.get(0)?,
                    joined: row.get(1)?,
                    questions: row.get(3)?,
                    places: places
                        .query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                        .collect::<db::Result<_>>()?,
                })
            })?
            .collect()
        })
        .during("listing forums")
    }
}
