//! What is known by which name: origins, posts that came before, accounts, links.

use rusqlite::params;

use super::{Batch, Intake, Refused};
use crate::forum::{ForumId, IdentityId, PostId};
use crate::store::fault::Fault;
use crate::store::names::skeleton_of;
use crate::store::record::{Account, Link, Moment, Origin, Post, Question, Relation};
use crate::store::rows::{DELETED, DUPLICATE, IMPORTED, RELATED};
use crate::store::tx::Tx;

impl Tx<'_> {
    /// The origin of this name in a forum, or in one that joined the same.
    pub(super) fn origin(
        &self,
        home: ForumId,
        into: ForumId,
        name: &str,
        site: Option<&str>,
    ) -> Result<(i64, u32), Fault> {
        let found = self.one(
            "reading an origin",
            "WITH RECURSIVE family (id) AS (SELECT ?2 UNION SELECT forum.id FROM forum JOIN family ON forum.joined = family.id)
             SELECT id, base FROM origin WHERE name = ?3 AND forum IN (SELECT id FROM family) ORDER BY forum <> ?1, id LIMIT 1",
            params![home.0, into.0, name],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if let Some((id, base)) = found {
            if site.is_some() {
                self.run(
                    "naming an origin's site",
                    "UPDATE origin SET site = ?2 WHERE id = ?1 AND site IS NOT ?2",
                    params![id, site],
                )?;
            }
            return Ok((id, base));
        }
        let base: u32 = self
            .one(
                "reading a forum's newest number",
                "SELECT questions FROM forum WHERE id = ?1",
                [into.0],
                |row| row.get(0),
            )?
            .unwrap_or_default();
        let id = self.insert(
            "keeping an origin",
            "INSERT INTO origin (forum, name, site, base) VALUES (?1, ?2, ?3, ?4)",
            params![home.0, name, site, base],
        )?;
        Ok((id, base))
    }

    /// The origin that a post says it has.
    fn said_origin(&self, intake: &Intake, said: &Origin) -> Result<i64, Fault> {
        let (forum, site) = (intake.forum, said.site.as_deref());
        let (from, _) = self.origin(forum, forum, &said.source, site)?;
        Ok(from)
    }

    /// Whether a post that came before is of this kind and moment.
    pub(super) fn is_of(&self, id: PostId, kind: i64, at: Option<Moment>) -> Result<bool, Fault> {
        self.one(
            "looking for what came before",
            "SELECT kind = ?2 AND (?3 IS NULL OR at = ?3) FROM post WHERE id = ?1",
            params![id.0, kind, at.map(|at| at.0.0)],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// The post that came before under the same name.
    pub(super) fn known(
        &self,
        intake: &Intake,
        post: &Post<'_>,
        key: Option<&str>,
    ) -> Result<Option<PostId>, Fault> {
        if let Some(id) = post.id {
            return self.by_id(intake.origin, id);
        }
        if let Some(origin) = post.origin {
            let from = self.said_origin(intake, origin)?;
            if let Some(known) = self.by_id(from, &origin.id)? {
                return Ok(Some(known));
            }
        }
        match key {
            Some(key) => self.by_address(intake.origin, key),
            None => Ok(None),
        }
    }

    /// The post of an id at an origin.
    pub(super) fn by_id(&self, origin: i64, id: &str) -> Result<Option<PostId>, Fault> {
        self.one(
            "looking for what came before",
            "SELECT post FROM imported WHERE origin = ?1 AND key = ?2",
            params![origin, id],
            |row| row.get(0).map(PostId),
        )
    }

    /// The post of an address in an export.
    pub(super) fn by_address(&self, origin: i64, address: &str) -> Result<Option<PostId>, Fault> {
        self.one(
            "looking for what came before",
            "SELECT post FROM received WHERE origin = ?1 AND key = ?2",
            params![origin, address],
            |row| row.get(0).map(PostId),
        )
    }

    /// Keeps where a new post comes from.
    pub(super) fn keep_origin(
        &self,
        intake: &Intake,
        id: PostId,
        post: &Post<'_>,
        key: Option<&str>,
        question: Option<&Question>,
    ) -> Result<(), Fault> {
        let origin = match (post.origin, post.id) {
            (Some(origin), None) => {
                let from = self.said_origin(intake, origin)?;
                Some((from, origin.id.as_str()))
            }
            (_, Some(own)) => Some((intake.origin, own)),
            (None, None) => None,
        };
        if let Some((from, own)) = origin {
            self.run(
                "keeping an origin",
                "INSERT INTO imported (post, origin, key, licence, wiki, accepts) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id.0,
                    from,
                    own,
                    post.origin.and_then(|origin| origin.licence.as_deref()),
                    post.origin.is_some_and(|origin| origin.wiki),
                    question.and_then(|question| question.accepts.as_deref()),
                ],
            )?;
        }
        if let Some(key) = key {
            self.run(
                "keeping what came",
                "INSERT OR IGNORE INTO received (origin, key, post) VALUES (?1, ?2, ?3)",
                params![intake.origin, key, id.0],
            )?;
        }
        Ok(())
    }

    pub(super) fn somebody(
        &self,
        intake: &Intake,
        account: Option<&Account>,
    ) -> Result<Option<IdentityId>, Fault> {
        account
            .map(|account| self.author(intake, Some(account)))
            .transpose()
    }

    /// The account, made known where it is not, and a member where it can act. Nobody in particular is one of the source's.
    pub(super) fn author(
        &self,
        intake: &Intake,
        account: Option<&Account>,
    ) -> Result<IdentityId, Fault> {
        let nobody = Account {
            platform: IMPORTED.to_owned(),
            key: intake.prefix.clone(),
            name: String::new(),
        };
        let account = account.unwrap_or(&nobody);
        let known = self.one(
            "reading an identity",
            "SELECT id FROM identity WHERE platform = ?1 AND key = ?2",
            params![account.platform, account.key],
            |row| row.get(0).map(IdentityId),
        )?;
        let id = match known {
            Some(id) => id,
            None => IdentityId(self.insert(
                "making an identity",
                "INSERT INTO identity (platform, key, name, skeleton) VALUES (?1, ?2, ?3, ?4)",
                params![
                    account.platform,
                    account.key,
                    account.name,
                    skeleton_of(&account.platform, &account.key, &account.name)
                ],
            )?),
        };
        let acts = account.platform != IMPORTED && account.platform != DELETED;
        if acts && self.member(intake.forum, id)?.is_none() {
            self.enrol(intake.forum, id, intake.now)?;
        }
        Ok(id)
    }

    pub(super) fn take_person(&self, intake: &Intake, accounts: &[Account]) -> Result<(), Fault> {
        let mut first = None;
        for account in accounts {
            let id = self.author(intake, Some(account))?;
            let one = *first.get_or_insert(id);
            if !self.is_one(one, id)? {
                self.unite(one, id, intake.now)?;
            }
        }
        Ok(())
    }

    pub(super) fn take_link(&self, batch: &mut Batch<'_>, link: &Link) -> Result<(), Fault> {
        let end = |key: &str| -> Result<Option<PostId>, Fault> {
            let origin = batch.intake.origin;
            let post = if key.starts_with('#') {
                self.by_address(origin, key)?
            } else {
                self.by_id(origin, key)?
            };
            let post = post.map(|post| self.post(post)).transpose()?.flatten();
            Ok(post.map(|post| post.question))
        };
        let (Some(from), Some(to)) = (end(&link.from)?, end(&link.to)?) else {
            batch.refuse(Refused::NoSuchLink);
            return Ok(());
        };
        if from == to {
            return Ok(());
        }
        let kind = match link.kind {
            Relation::Related => RELATED,
            Relation::Duplicate => DUPLICATE,
        };
        let added = self.run(
            "linking questions",
            "INSERT OR IGNORE INTO link (question, other, kind) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM post WHERE id IN (?1, ?2) AND withdrawn_at IS NOT NULL)",
            params![from.0, to.0, kind],
        )?;
        if added > 0 {
            batch.taken.links += 1;
            batch.touched.insert(from);
        }
        Ok(())
    }
}
