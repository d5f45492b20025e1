//! Accounts that are one person: joined, parted, and what they count for recounted.
//!
//! What somebody said and wrote belongs to their account; a member is only the grouping of a person's accounts in a forum.

use super::change_log::Entry;
use super::counters::Counter;
use super::db::params;
use super::fault::{During, Fault};
use super::tx::Tx;
use crate::forum::{ForumId, IdentityId, MemberId, PostId, Score, Timestamp};

/// The accounts of the person whose account ?1 is, that one too.
const ACCOUNTS: &str =
    "SELECT id FROM identity WHERE id = ?1 OR person = (SELECT person FROM identity WHERE id = ?1)";

/// An account as others are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// What its person calls themselves.
    pub name: String,
    /// The platform's name.
    pub platform: String,
    /// The name that no other account there has.
    pub account: String,
    /// The platform's name for it.
    pub key: String,
}

impl Tx<'_> {
    /// Makes an account a member of a forum: the member that another account of the same person is, if one is.
    pub(super) fn enrol(
        &self,
        forum: ForumId,
        identity: IdentityId,
        at: Timestamp,
    ) -> Result<MemberId, Fault> {
        let known = self.one(
            "looking for a person's member",
            &format!("SELECT member FROM membership WHERE forum = ?2 AND identity IN ({ACCOUNTS}) LIMIT 1"),
            params![identity.0, forum.0],
            |row| row.get(0).map(MemberId),
        )?;
        let member = match known {
            Some(member) => member,
            None => MemberId(self.new_member(forum, at)?),
        };
        self.run(
            "making a member",
            "INSERT INTO membership (forum, identity, member) VALUES (?1, ?2, ?3)",
            params![forum.0, identity.0, member.0],
        )?;
        Ok(member)
    }

    fn new_member(&self, forum: ForumId, at: Timestamp) -> Result<i64, Fault> {
        let id = self.next_id(Counter::Member)?;
        self.run(
            "making a member",
            "INSERT INTO member (id, forum, at) VALUES (?1, ?2, ?3)",
            params![id, forum.0, at.0],
        )?;
        Ok(id)
    }

    /// An account as others are told of it.
    pub fn account(&self, identity: IdentityId) -> Result<Option<AccountRow>, Fault> {
        self.one(
            "reading an account",
            "SELECT name, platform, coalesce(account, key), key FROM identity WHERE id = ?1",
            [identity.0],
            |row| {
                Ok(AccountRow {
                    name: row.get(0)?,
                    platform: row.get(1)?,
                    account: row.get(2)?,
                    key: row.get(3)?,
                })
            },
        )
    }

    /// Whether two accounts are one person's.
    pub fn is_one(&self, one: IdentityId, other: IdentityId) -> Result<bool, Fault> {
        self.one(
            "comparing two accounts",
            &format!("SELECT ?2 IN ({ACCOUNTS})"),
            params![one.0, other.0],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// Whether a person has other accounts besides this one.
    pub fn is_linked(&self, identity: IdentityId) -> Result<bool, Fault> {
        self.one(
            "reading an account",
            "SELECT person IS NOT NULL FROM identity WHERE id = ?1",
            [identity.0],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// Makes two accounts, with those that they were joined with before, one person in every forum, and counts again what they count for.
    pub fn unite(&self, one: IdentityId, other: IdentityId, now: Timestamp) -> Result<(), Fault> {
        self.run(
            "joining two accounts",
            "WITH all_of AS (SELECT id FROM identity WHERE id IN (?1, ?2)
                 OR person IN (SELECT person FROM identity WHERE id IN (?1, ?2) AND person IS NOT NULL))
             UPDATE identity SET person = (SELECT min(id) FROM all_of) WHERE id IN (SELECT id FROM all_of)",
            params![one.0, other.0],
        )?;
        let before = self.members_of(one)?;
        self.run(
            "joining two members",
            &format!(
                "UPDATE membership SET member =
                     (SELECT min(same.member) FROM membership AS same
                      WHERE same.forum = membership.forum AND same.identity IN ({ACCOUNTS}))
                 WHERE identity IN ({ACCOUNTS})"
            ),
            [one.0],
        )?;
        for member in before {
            self.run(
                "forgetting members that nobody is",
                "DELETE FROM member WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM membership WHERE member = ?1)",
                [member.0],
            )?;
        }
        for post in self.said_and_written_by(one)? {
            self.recount(post, now)?;
        }
        Ok(())
    }

    /// Makes an account a person of its own again in every forum, and counts again what it and those it was joined with count for.
    pub fn part(&self, identity: IdentityId, now: Timestamp) -> Result<(), Fault> {
        let touched = self.said_and_written_by(identity)?;
        let shared: Vec<ForumId> = self
            .sql(
                "SELECT forum FROM membership AS own WHERE identity = ?1 AND EXISTS
                     (SELECT 1 FROM membership WHERE member = own.member AND identity <> ?1)",
            )
            .and_then(|mut found| {
                found
                    .query_map([identity.0], |row| row.get(0).map(ForumId))?
                    .collect()
            })
            .during("reading shared members")?;
        self.run(
            "parting accounts",
            "UPDATE identity SET person =
                 (SELECT CASE WHEN count(*) > 1 THEN min(id) END FROM identity AS rest
                  WHERE rest.person = (SELECT person FROM identity WHERE id = ?1) AND rest.id <> ?1)
             WHERE id <> ?1 AND person = (SELECT person FROM identity WHERE id = ?1)",
            [identity.0],
        )?;
        self.run(
            "parting accounts",
            "UPDATE identity SET person = NULL WHERE id = ?1",
            [identity.0],
        )?;
        for forum in shared {
            let member = self.new_member(forum, now)?;
            self.run(
                "parting members",
                "UPDATE membership SET member = ?3 WHERE forum = ?1 AND identity = ?2",
                params![forum.0, identity.0, member],
            )?;
        }
        for post in touched {
            self.recount(post, now)?;
        }
        Ok(())
    }

    /// The members that the accounts of a person are.
    fn members_of(&self, identity: IdentityId) -> Result<Vec<MemberId>, Fault> {
        self.sql(&format!(
            "SELECT DISTINCT member FROM membership WHERE identity IN ({ACCOUNTS})"
        ))
        .and_then(|mut found| {
            found
                .query_map([identity.0], |row| row.get(0).map(MemberId))?
                .collect()
        })
        .during("reading a person's members")
    }

    /// The posts whose votes depend on which accounts are one person's: those that two of them voted on, and those that one of them wrote
    /// and one of them voted on.
    fn said_and_written_by(&self, identity: IdentityId) -> Result<Vec<PostId>, Fault> {
        self.sql(&format!(
            "WITH accounts AS ({ACCOUNTS})
             SELECT post FROM saying WHERE identity IN (SELECT id FROM accounts) GROUP BY post HAVING count(DISTINCT identity) > 1
             UNION
             SELECT post.id FROM post JOIN saying ON saying.post = post.id
             WHERE post.author IN (SELECT id FROM accounts) AND saying.identity IN (SELECT id FROM accounts)"
        ))
        .and_then(|mut found| {
            found
                .query_map([identity.0], |row| row.get(0).map(PostId))?
                .collect()
        })
        .during("reading what a person voted on")
    }

    /// Counts the votes on a post from nothing: those that were imported without a voter, and of each member the latest saying
    /// that stands, but for its author's.
    pub(super) fn recount(&self, post: PostId, now: Timestamp) -> Result<(), Fault> {
        let counted = self.one(
            "counting votes again",
            "SELECT count(*) FILTER (WHERE vote = 1) + (SELECT coalesce(max(carried_ups), 0) FROM score WHERE post = ?1),
                 count(*) FILTER (WHERE vote = -1) + (SELECT coalesce(max(carried_downs), 0) FROM score WHERE post = ?1) FROM
                 (SELECT saying.vote, row_number() OVER (PARTITION BY membership.member ORDER BY saying.nth DESC) AS latest FROM post
                  JOIN saying ON saying.post = post.id AND saying.standing = 1
                  JOIN membership ON membership.identity = saying.identity AND membership.forum = post.forum
                  WHERE post.id = ?1 AND membership.member IS DISTINCT FROM
                      (SELECT member FROM membership AS author WHERE author.forum = post.forum AND author.identity = post.author)) AS said
             WHERE said.latest = 1",
            [post.0],
            |row| Ok(Score { ups: row.get(0)?, downs: row.get(1)? }),
        )?;
        let counted = counted.unwrap_or_default();
        if counted == self.score(post)? {
            return Ok(());
        }
        self.run(
            "counting votes again",
            "INSERT INTO score (post, ups, downs) VALUES (?1, ?2, ?3)
             ON CONFLICT (post) DO UPDATE SET ups = excluded.ups, downs = excluded.downs",
            params![post.0, counted.ups, counted.downs],
        )?;
        let Some(forum) = self.post(post)?.map(|post| post.forum) else {
            return Ok(());
        };
        self.log(forum, post, Entry::Recounted.into(), now)
            .map(drop)
    }
}

#[cfg(test)]
impl Tx<'_> {
    /// The votes on a post, as they are kept, and counted from nothing.
    pub fn recounted_for_test(&self, post: PostId) -> Result<(Score, Score), Fault> {
        let kept = self.score(post)?;
        self.recount(post, Timestamp(0))?;
        Ok((kept, self.score(post)?))
    }
}
