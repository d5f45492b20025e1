//! Inside a transaction: the facts that rules ask for, read where no other action can come between.

use std::cell::Cell;

use super::counters::{Counter, Reserved, Sequence};
use super::db::{self, CachedStatement, Connection, OptionalExtension, Row, column, params};
use super::fault::{During, Fault};
use super::lookups::ReceivedEvent;
use super::rows::{self, POST};
use crate::fingerprint;
use crate::forum::{
    Address, Author, Ballot, Basis, Body, ForumId, IdentityId, MemberId, PlaceId, Post, PostId,
    SayingId, Score, Seq, Source, Tags, Text, Timestamp, Title, Vote, VoteEntry,
};
use crate::platform::{MessageKey, PersonKey, Platform};

/// An open transaction of the writer.
pub struct Tx<'c> {
    pub(super) conn: &'c Connection,
    pub(super) sequence: &'c Sequence,
    newest: Cell<Option<Seq>>,
}

/// How far a transaction is, to come back to when what is done from there on is undone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    newest: Option<Seq>,
    reserved: Reserved,
}

impl<'c> Tx<'c> {
    pub(super) fn new(conn: &'c Connection, sequence: &'c Sequence) -> Self {
        Self {
            conn,
            sequence,
            newest: Cell::new(None),
        }
    }

    /// The newest change that this transaction made.
    pub(super) fn newest(&self) -> Option<Seq> {
        self.newest.get()
    }

    pub(super) fn logged(&self, seq: Seq) {
        self.newest.set(Some(seq));
    }

    /// How far it is.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            newest: self.newest.get(),
            reserved: self.sequence.reserved(),
        }
    }

    /// Forgets what was done since: it was undone.
    pub(super) fn forget_since(&self, mark: Mark) {
        self.newest.set(mark.newest);
        self.sequence.restore(mark.reserved);
    }

    pub(super) fn sql(&self, sql: &str) -> db::Result<CachedStatement<'c>> {
        self.conn.prepare_cached(sql)
    }

    /// One row, if there is one.
    pub(super) fn one<T>(
        &self,
        what: &'static str,
        sql: &str,
        params: impl db::Params,
        read: impl FnOnce(&Row<'_>) -> db::Result<T>,
    ) -> Result<Option<T>, Fault> {
        self.sql(sql)
            .and_then(|mut s| s.query_row(params, read).optional())
            .during(what)
    }

    /// Runs a statement; gives how many rows it changed.
    pub(super) fn run(
        &self,
        what: &'static str,
        sql: &str,
        params: impl db::Params,
    ) -> Result<usize, Fault> {
        self.sql(sql)
            .and_then(|mut s| s.execute(params))
            .during(what)
    }

    /// Does something, and undoes it: gives what would come of it.
    pub fn tried<T>(&self, run: impl FnOnce(&Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let mark = self.mark();
        self.run("opening a savepoint", "SAVEPOINT trial", [])?;
        // Where it fails, the whole action is undone.
        let value = run(self)?;
        self.run("undoing a trial", "ROLLBACK TO trial", [])?;
        self.run("releasing a savepoint", "RELEASE trial", [])?;
        self.forget_since(mark);
        Ok(value)
    }

    /// What came of an event that was heard before.
    pub fn heard(&self, platform: Platform, event: &MessageKey) -> Result<Option<String>, Fault> {
        self.one(
            "reading the inbox",
            "SELECT outcome FROM inbox WHERE platform = ?1 AND key = ?2",
            params![platform.name(), event.0],
            |row| row.get(0),
        )
    }

    /// Keeps what came of an event, which changed the message `edits` if it changed one.
    pub fn hear(
        &self,
        platform: Platform,
        event: &MessageKey,
        edits: Option<&MessageKey>,
        heard: &ReceivedEvent,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let edits = edits.map(|message| &message.0);
        let here = heard.here.map(|here| here.0);
        self.run(
            "writing the inbox",
            "INSERT INTO inbox (platform, key, person, outcome, at, edits, here)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                platform.name(),
                event.0,
                heard.person.0,
                heard.outcome,
                at.0,
                edits,
                here
            ],
        )
        .map(drop)
    }

    /// Keeps that an event was heard, and nothing of whom or what came of it.
    pub fn hear_barely(
        &self,
        platform: Platform,
        event: &MessageKey,
        at: Timestamp,
    ) -> Result<(), Fault> {
        self.run(
            "writing the inbox",
            "INSERT INTO inbox (platform, key, person, outcome, at) VALUES (?1, ?2, '', '', ?3) ON CONFLICT DO NOTHING",
            params![platform.name(), event.0, at.0],
        )
        .map(drop)
    }

    /// Puts another outcome in the place of an event's own: it was mended.
    pub fn mend(&self, platform: Platform, event: &MessageKey, outcome: &str) -> Result<(), Fault> {
        self.run(
            "mending the inbox",
            "UPDATE inbox SET outcome = ?3 WHERE platform = ?1 AND key = ?2",
            params![platform.name(), event.0, outcome],
        )
        .map(drop)
    }

    /// The post that was made from a message.
    pub fn made_from(&self, place: PlaceId, message: &MessageKey) -> Result<Option<PostId>, Fault> {
        self.one(
            "reading a source",
            "SELECT post FROM surface WHERE place = ?1 AND message = ?2 AND kind = 1",
            params![place.0, message.0],
            |row| row.get(0).map(PostId),
        )
    }

    /// The post whose card a message is.
    pub fn card_of_message(
        &self,
        place: PlaceId,
        message: &MessageKey,
    ) -> Result<Option<PostId>, Fault> {
        self.one(
            "reading a card",
            "SELECT post FROM surface WHERE place = ?1 AND message = ?2 AND kind = 0",
            params![place.0, message.0],
            |row| row.get(0).map(PostId),
        )
    }

    /// The messages of an account in a place from which posts were made, with these.
    pub fn written_in(
        &self,
        place: PlaceId,
        platform: Platform,
        person: &PersonKey,
    ) -> Result<Vec<(MessageKey, PostId)>, Fault> {
        self.sql(
            "SELECT surface.message, surface.post FROM identity JOIN post ON post.author = identity.id
             JOIN surface ON surface.post = post.id AND surface.place = ?1 AND surface.kind = 1
             WHERE identity.platform = ?2 AND identity.key = ?3",
        )
        .and_then(|mut statement| {
            statement
                .query_map(params![place.0, platform.name(), person.0], |row| {
                    Ok((MessageKey(row.get(0)?), PostId(row.get(1)?)))
                })?
                .collect()
        })
        .during("reading what somebody wrote")
    }

    /// Keeps that a message is the one from which a post was made.
    pub fn keep_source(
        &self,
        place: PlaceId,
        message: &MessageKey,
        post: PostId,
    ) -> Result<(), Fault> {
        self.run(
            "keeping a source",
            "INSERT INTO surface (id, place, message, post, kind) VALUES (?4, ?1, ?2, ?3, 1) ON CONFLICT DO NOTHING",
            params![place.0, message.0, post.0, self.next_id(Counter::Surface)?],
        )
        .map(drop)
    }

    /// Notes that a message is gone: nothing is shown by it any more. That a card was there stays known, so that none is
    /// posted again in its place.
    pub fn end_surface(&self, place: PlaceId, message: &MessageKey) -> Result<(), Fault> {
        self.run(
            "ending a source",
            "DELETE FROM surface WHERE place = ?1 AND message = ?2 AND kind = 1",
            params![place.0, message.0],
        )?;
        self.run(
            "ending a card",
            "UPDATE surface SET kind = 2, stale = NULL WHERE place = ?1 AND message = ?2",
            params![place.0, message.0],
        )?;
        self.end_copy(place, message)
    }

    /// A post's facts.
    pub fn post(&self, id: PostId) -> Result<Option<Post>, Fault> {
        self.one(
            "reading a post",
            &format!("{POST} WHERE post.id = ?1"),
            [id.0],
            facts,
        )
    }

    /// The post at an address of a forum.
    pub fn post_at(&self, forum: ForumId, address: Address) -> Result<Option<Post>, Fault> {
        match rows::resolve(self.conn, forum, address).during("finding an address")? {
            Some(id) => self.post(id),
            None => Ok(None),
        }
    }

    /// A post's present text; none once it is withdrawn.
    pub fn text(&self, post: PostId) -> Result<Option<Text>, Fault> {
        let found = self.one(
            "reading a text",
            "SELECT title, body FROM text WHERE post = ?1",
            [post.0],
            |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?)),
        )?;
        let Some((title, body)) = found else {
            return Ok(None);
        };
        let tags = rows::tags(self.conn, post).during("reading tags")?;
        Ok(Some(Text {
            title: title.map(Title::kept),
            body: Body::kept(body),
            tags: Tags::kept(tags),
        }))
    }

    /// The number of a post's present text; none where it has none.
    pub fn revision(&self, post: PostId) -> Result<Option<u32>, Fault> {
        self.one(
            "reading a text's number",
            "SELECT revision FROM text WHERE post = ?1",
            [post.0],
            |row| row.get(0),
        )
    }

    /// The text that an edit was made from, which saw this revision of the post.
    pub fn basis(&self, post: PostId, seen: u32) -> Result<Basis, Fault> {
        let present = self.one(
            "reading a text's number",
            "SELECT revision = ?2 FROM text WHERE post = ?1",
            params![post.0, seen],
            |row| row.get(0),
        )?;
        if present == Some(true) {
            return Ok(Basis::Present);
        }
        let earlier = self.one(
            "reading an earlier text",
            "SELECT title, body, tags FROM revision WHERE post = ?1 AND number = ?2",
            params![post.0, seen],
            |row| {
                let (title, body, tags): (Option<String>, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let tags = tags.split_whitespace().map(str::to_owned);
                Ok(Text {
                    title: title.map(Title::kept),
                    body: Body::kept(body),
                    tags: Tags::kept(tags.collect()),
                })
            },
        )?;
        Ok(earlier.map_or(Basis::Gone, Basis::Earlier))
    }

    /// A question's accepted answer, and the reaction that accepted it.
    pub fn accepted(&self, question: PostId) -> Result<Option<(PostId, Option<String>)>, Fault> {
        self.one(
            "reading the accepted answer",
            "SELECT accepted, accepted_via FROM post WHERE id = ?1 AND accepted IS NOT NULL",
            [question.0],
            |row| Ok((PostId(row.get(0)?), row.get(1)?)),
        )
    }

    /// The question whose accepted answer was accepted by this reaction.
    pub fn accepted_by(&self, reaction: &MessageKey) -> Result<Option<PostId>, Fault> {
        self.one(
            "reading what a reaction accepted",
            "SELECT id FROM post WHERE accepted_via = ?1",
            [&reaction.0],
            |row| row.get(0).map(PostId),
        )
    }

    /// One of the forum's newest 50 questions that can be seen and says the same as this one.
    pub fn same_question(&self, forum: ForumId, folded: &str) -> Result<Option<Address>, Fault> {
        self.one(
            "looking for the same question",
            "SELECT newest.number FROM (SELECT id, number, hidden_at FROM post WHERE forum = ?1 AND kind = 0 ORDER BY number DESC LIMIT 50)
             AS newest JOIN text ON text.post = newest.id WHERE text.same = ?2 AND newest.hidden_at IS NULL LIMIT 1",
            params![forum.0, fingerprint::of_text(folded)],
            |row| row.get(0).map(Address::question),
        )
    }

    /// A hidden post could not be withdrawn: that is tried again later.
    pub fn put_withdrawal_off(&self, post: PostId, until: Timestamp) -> Result<(), Fault> {
        self.run(
            "putting a withdrawal off",
            "UPDATE post SET withdraw_at = ?2 WHERE id = ?1 AND withdraw_at < ?2",
            params![post.0, until.0],
        )
        .map(drop)
    }

    /// What a member has said of a post: the standing sayings of all their identities, in order.
    pub fn ballot(&self, forum: ForumId, member: MemberId, post: PostId) -> Result<Ballot, Fault> {
        self.sql(
            "SELECT saying.nth, saying.identity, saying.reaction, saying.vote FROM membership
             JOIN saying ON saying.identity = membership.identity AND saying.post = ?3
             WHERE membership.member = ?2 AND membership.forum = ?1 AND saying.standing = 1 ORDER BY saying.nth",
        )
        .and_then(|mut statement| {
            statement.query_map(params![forum.0, member.0, post.0], saying)?.collect()
        })
        .during("reading a ballot")
        .map(Ballot)
    }

    /// The vote that a reaction said, and on what.
    pub fn said_by(
        &self,
        reaction: &MessageKey,
    ) -> Result<Option<(SayingId, IdentityId, PostId)>, Fault> {
        self.one(
            "reading a reaction's vote",
            "SELECT nth, identity, post FROM saying WHERE reaction = ?1 AND standing = 1",
            [&reaction.0],
            |row| {
                Ok((
                    SayingId(row.get(0)?),
                    IdentityId(row.get(1)?),
                    PostId(row.get(2)?),
                ))
            },
        )
    }

    /// What a reaction voted on, whether or not that counts still.
    pub fn voted_by(&self, reaction: &MessageKey) -> Result<Option<PostId>, Fault> {
        self.one(
            "reading a reaction's vote",
            "SELECT post FROM saying WHERE reaction = ?1",
            [&reaction.0],
            |row| row.get(0).map(PostId),
        )
    }

    /// The member that an identity is in a forum.
    pub fn member_of(
        &self,
        forum: ForumId,
        identity: IdentityId,
    ) -> Result<Option<MemberId>, Fault> {
        self.member(forum, identity)
    }

    /// The votes on a post.
    pub fn score(&self, post: PostId) -> Result<Score, Fault> {
        self.one(
            "reading a score",
            "SELECT ups, downs FROM score WHERE post = ?1",
            [post.0],
            |row| {
                Ok(Score {
                    ups: row.get(0)?,
                    downs: row.get(1)?,
                })
            },
        )
        .map(Option::unwrap_or_default)
    }

    /// Writes a value of an adapter's ledger.
    pub fn set_ledger(&self, platform: Platform, key: &str, value: &str) -> Result<(), Fault> {
        self.run(
            "writing the ledger",
            "INSERT INTO ledger (platform, key, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (platform, key) DO UPDATE SET value = excluded.value",
            params![platform.name(), key, value],
        )
        .map(drop)
    }

    /// Takes a value out of an adapter's ledger.
    pub fn unset_ledger(&self, platform: Platform, key: &str) -> Result<(), Fault> {
        self.run(
            "taking a value out of the ledger",
            "DELETE FROM ledger WHERE platform = ?1 AND key = ?2",
            params![platform.name(), key],
        )
        .map(drop)
    }
}

/// A post's facts, of a row of [`POST`].
pub(super) fn facts(row: &Row<'_>) -> db::Result<Post> {
    let post = rows::post(row)?;
    Ok(Post {
        id: post.id,
        forum: post.forum,
        question: post.question,
        kind: post.kind,
        address: post.address,
        author: Author {
            identity: post.author,
            member: MemberId(row.get(column!(POST, "member"))?),
        },
        condition: post.condition,
        standing: post.standing,
        at: post.at,
        side: ForumId(row.get(column!(POST, "side"))?),
    })
}

fn saying(row: &Row<'_>) -> db::Result<VoteEntry> {
    Ok(VoteEntry {
        id: SayingId(row.get(0)?),
        identity: IdentityId(row.get(1)?),
        source: match row.get::<_, Option<String>>(2)? {
            Some(reaction) => Source::Reaction(reaction),
            None => Source::Command,
        },
        vote: if row.get::<_, i64>(3)? > 0 {
            Vote::Up
        } else {
            Vote::Down
        },
    })
}

#[cfg(test)]
impl Tx<'_> {
    /// Lets the database grow no further, as on a full disk.
    pub fn fill_disk_for_test(&self) -> Result<(), Fault> {
        let pages: i64 = self
            .one("counting pages", "PRAGMA page_count", [], |row| row.get(0))?
            .unwrap_or_default();
        self.conn
            .execute_batch(&format!("PRAGMA max_page_count = {pages}"))
            .during("limiting pages")
    }

    /// All that people wrote and that is kept: texts, revisions, tags.
    pub fn texts_for_test(&self) -> Result<Vec<String>, Fault> {
        self.sql(
            "SELECT coalesce(title, '') || body FROM text
             UNION ALL SELECT coalesce(title, '') || body || tags FROM revision UNION ALL SELECT name FROM tag",
        )
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .during("reading all texts")
    }

    /// Lets nobody delete a post's text, or lets them again.
    pub fn keep_text_for_test(&self, post: PostId, kept: bool) -> Result<(), Fault> {
        let id = post.0;
        self.conn
            .execute_batch(&match kept {
                true => format!(
                    "CREATE TRIGGER kept{id} BEFORE DELETE ON text WHEN OLD.post = {id}
                     BEGIN SELECT RAISE(ABORT, 'it is kept'); END"
                ),
                false => format!("DROP TRIGGER kept{id}"),
            })
            .during("spoiling a text")
    }

    /// Gives a question a number that is none.
    pub fn misnumber_for_test(&self, question: PostId) -> Result<(), Fault> {
        self.run(
            "spoiling a question",
            "UPDATE post SET number = -number, answers = -1 WHERE id = ?1",
            [question.0],
        )
        .map(drop)
    }

    /// Makes a statement fail.
    pub fn fail_for_test(&self) -> Result<(), Fault> {
        self.run(
            "failing on purpose",
            "INSERT INTO score (post) VALUES (NULL), (0), (0)",
            [],
        )
        .map(drop)
    }
}
