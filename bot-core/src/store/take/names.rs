//! What is known by which name: origins, posts that came before, accounts, links.

use super::{Export, ImportBatch, Intake, Refused, Under};
use crate::forum::{self, ForumId, IdentityId, PostId};
use crate::store::counters::Counter;
use crate::store::db::{self, Row, params};
use crate::store::fault::{During, Fault};
use crate::store::names::skeleton_of;
use crate::store::record::{
    AccountRecord, Link, Moment, OriginRecord, PostRecord, Question, Relation,
};
use crate::store::rows::{self, DELETED, DUPLICATE, IMPORTED, QUESTION, RELATED};
use crate::store::tx::Tx;

/// Where imports of one name come from.
pub(super) struct OriginRow {
    pub id: i64,
    /// The newest number of the forum before.
    pub base: u32,
    pub name: String,
}

/// Where a post of an export was first written: what it is known by in every store.
#[derive(Clone, Copy)]
pub(super) struct FirstWritten<'k> {
    store: &'k str,
    address: &'k str,
    at: Moment,
    /// Whether it was in this store.
    pub is_here: bool,
}

impl FirstWritten<'_> {
    fn key(&self) -> String {
        format!("{}@{}", self.address, self.at.0.0)
    }
}

impl Intake {
    /// Where a post was first written: where it says so, else in the store that exported it. None where nobody says.
    pub(super) fn first_written<'k>(
        &'k self,
        post: &PostRecord<'k>,
        address: &ExportName<'k>,
    ) -> Option<FirstWritten<'k>> {
        let at = address.at?;
        let (store, address, is_here) = match post.written_in {
            Some(said) => (&*said.store, &*said.address, said.store == self.own),
            None => (
                self.store.as_deref()?,
                address.key?,
                self.export == Some(Export::Own),
            ),
        };
        Some(FirstWritten {
            store,
            address,
            at,
            is_here,
        })
    }
}

/// What a post of an export is called by.
#[derive(Clone, Copy)]
pub(super) struct ExportName<'k> {
    /// `#1.2`, as it is there.
    pub key: Option<&'k str>,
    pub kind: i64,
    /// Two copies of one store may have given the same number to two posts.
    pub at: Option<Moment>,
    pub under: Option<Under<'k>>,
}

impl ExportName<'_> {
    /// What it is known by.
    fn exactly(&self) -> Option<String> {
        let key = self.key?;
        Some(match self.at {
            Some(at) => format!("{key}@{}", at.0.0),
            None => key.to_owned(),
        })
    }
}

/// An origin in a forum or in one that joined the same: which, and in what order, says what follows.
const ORIGIN: &str = "WITH RECURSIVE family (id) AS (SELECT CAST(?2 AS BIGINT) UNION SELECT forum.id FROM forum JOIN family ON forum.joined = family.id)
    SELECT id, base, name, store FROM origin WHERE forum IN (SELECT id FROM family)";

impl Tx<'_> {
    /// The origin of this name in a forum, or in one that joined the same.
    pub(super) fn origin(
        &self,
        home: ForumId,
        into: ForumId,
        name: &str,
        site: Option<&str>,
    ) -> Result<OriginRow, Fault> {
        if let Some((found, _)) = self.named(home, into, name)? {
            if site.is_some() {
                self.run(
                    "naming an origin's site",
                    "UPDATE origin SET site = ?2 WHERE id = ?1 AND site IS DISTINCT FROM ?2",
                    params![found.id, site],
                )?;
            }
            return Ok(found);
        }
        let base = self.newest_number(into)?;
        let id = self.next_id(Counter::Origin)?;
        self.run(
            "keeping an origin",
            "INSERT INTO origin (id, forum, name, site, base) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, home.0, name, site, base],
        )?;
        Ok(OriginRow {
            id,
            base,
            name: name.to_owned(),
        })
    }

    /// The origin of a store's exports, whatever they are called; a new one is called `name`, as far as that is free.
    pub(super) fn origin_of_store(
        &self,
        home: ForumId,
        into: ForumId,
        name: &str,
        store: &str,
        export: Export,
    ) -> Result<OriginRow, Fault> {
        let known = self.one(
            "reading an origin",
            &format!("{ORIGIN} AND store = ?3 ORDER BY forum <> ?1, id LIMIT 1"),
            params![home.0, into.0, store],
            origin_row,
        )?;
        if let Some((known, _)) = known {
            return Ok(known);
        }
        let mut name = name.to_owned();
        if let Some((found, of)) = self.named(home, into, &name)? {
            if of.is_none() && export == Export::Others && self.is_of_exports(found.id)? {
                // It came before stores were named.
                self.run(
                    "naming an origin's store",
                    "UPDATE origin SET store = ?2 WHERE id = ?1",
                    params![found.id, store],
                )?;
                return Ok(found);
            }
            name = format!("{name} ({store})");
        }
        let base = match export {
            // Its numbers are those of the forum.
            Export::Own => 0,
            Export::Others => self.newest_number(into)?,
        };
        let id = self.next_id(Counter::Origin)?;
        self.run(
            "keeping an origin",
            "INSERT INTO origin (id, forum, name, base, store) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, home.0, name, base, store],
        )?;
        Ok(OriginRow { id, base, name })
    }

    /// Whether an export came from an origin.
    fn is_of_exports(&self, origin: i64) -> Result<bool, Fault> {
        self.one(
            "reading an origin",
            "SELECT EXISTS (SELECT 1 FROM received WHERE origin = ?1)",
            [origin],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// The origin of a name, and whose exports it is.
    fn named(
        &self,
        home: ForumId,
        into: ForumId,
        name: &str,
    ) -> Result<Option<(OriginRow, Option<String>)>, Fault> {
        self.one(
            "reading an origin",
            &format!("{ORIGIN} AND name = ?3 ORDER BY forum <> ?1, id LIMIT 1"),
            params![home.0, into.0, name],
            origin_row,
        )
    }

    fn newest_number(&self, forum: ForumId) -> Result<u32, Fault> {
        self.one(
            "reading a forum's newest number",
            "SELECT questions FROM forum WHERE id = ?1",
            [forum.0],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// The origin that a post says it has.
    fn said_origin(&self, intake: &Intake, said: &OriginRecord) -> Result<i64, Fault> {
        let (forum, site) = (intake.forum, said.site.as_deref());
        Ok(self.origin(forum, forum, &said.source, site)?.id)
    }

    /// Whether a post that came before is of this kind and moment.
    pub(super) fn is_of(&self, id: PostId, kind: i64, at: Option<Moment>) -> Result<bool, Fault> {
        self.one(
            "looking for what came before",
            "SELECT kind = ?2 AND (CAST(?3 AS BIGINT) IS NULL OR at = ?3) FROM post WHERE id = ?1",
            params![id.0, kind, at.map(|at| at.0.0)],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// The post that came before under the same name.
    pub(super) fn known(
        &self,
        intake: &Intake,
        post: &PostRecord<'_>,
        address: &ExportName<'_>,
        first: Option<FirstWritten<'_>>,
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
        if let Some(first) = first
            && let Some(known) = self.by_first_written(intake, address.kind, first)?
        {
            return Ok(Some(known));
        }
        let (Some(key), Some(exactly)) = (address.key, address.exactly()) else {
            return Ok(None);
        };
        if let Some(known) = self.by_address(intake.origin, &exactly)? {
            return Ok(Some(known));
        }
        // Those that came before moments were kept.
        if let Some(known) = self.by_address(intake.origin, key)?
            && self.is_of(known, address.kind, address.at)?
        {
            return Ok(Some(known));
        }
        match (intake.export, address.at) {
            (Some(_), Some(at)) => {
                let key = first.map_or(key, |first| first.address);
                self.under_another_name(intake, key, address.kind, at)
            }
            _ => Ok(None),
        }
    }

    /// The post of an address that came before stores were named, whatever that import was called.
    fn under_another_name(
        &self,
        intake: &Intake,
        key: &str,
        kind: i64,
        at: Moment,
    ) -> Result<Option<PostId>, Fault> {
        let origins: Vec<i64> = self
            .sql("SELECT id FROM origin WHERE store IS NULL")
            .and_then(|mut origins| origins.query_map([], |row| row.get(0))?.collect())
            .during("reading origins")?;
        for origin in origins {
            let known = self.one(
                "looking for what came before",
                "SELECT post.id FROM received JOIN post ON post.id = received.post
                 WHERE received.origin = ?1 AND received.key = ?2 AND post.forum = ?3 AND post.kind = ?4 AND post.at = ?5",
                params![origin, key, intake.forum.0, kind, at.0.0],
                |row| row.get(0).map(PostId),
            )?;
            if known.is_some() {
                return Ok(known);
            }
        }
        Ok(None)
    }

    /// The post of this forum that came with any export before, by where it was first written.
    fn by_first_written(
        &self,
        intake: &Intake,
        kind: i64,
        first: FirstWritten<'_>,
    ) -> Result<Option<PostId>, Fault> {
        self.one(
            "looking for what came before",
            "SELECT post.id FROM written_in JOIN post ON post.id = written_in.post
             WHERE written_in.store = ?1 AND written_in.address = ?2 AND post.forum = ?3 AND post.kind = ?4",
            params![first.store, first.key(), intake.forum.0, kind],
            |row| row.get(0).map(PostId),
        )
    }

    /// The post that was first written here under this address, in this forum or in one that joined it since: it has come back.
    pub(super) fn written_as(
        &self,
        intake: &Intake,
        kind: i64,
        first: FirstWritten<'_>,
    ) -> Result<Option<PostId>, Fault> {
        let Ok(address) = first.address.parse::<forum::Address>() else {
            return Ok(None);
        };
        let questions: Vec<PostId> = self
            .sql(
                "WITH RECURSIVE family (id) AS (SELECT CAST(?1 AS BIGINT) UNION SELECT forum.id FROM forum JOIN family ON forum.joined = family.id)
                 SELECT id FROM post WHERE forum = ?1 AND number = ?2 AND kind = 0
                 UNION SELECT question FROM former WHERE forum IN (SELECT id FROM family) AND number = ?2",
            )
            .and_then(|mut found| {
                found
                    .query_map(params![intake.forum.0, address.question], |row| {
                        row.get(0).map(PostId)
                    })?
                    .collect()
            })
            .during("looking for what was written here")?;
        for question in questions {
            let found = rows::hanging(self.conn, question, address)
                .during("looking for what was written here")?;
            if let Some(found) = found
                && self.is_of(found, kind, Some(first.at))?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The post that an export names and that was written here, where the export doesn't say where posts were first written: it has
    /// come back. By way of another store, a question has to have its title, too.
    pub(super) fn written_here(
        &self,
        intake: &Intake,
        number: Option<u32>,
        address: &ExportName<'_>,
        question: Option<&Question>,
    ) -> Result<Option<PostId>, Fault> {
        let (Some(export), Some(number), Some(at)) = (intake.export, number, address.at) else {
            return Ok(None);
        };
        let id = |row: &Row<'_>| row.get(0).map(PostId);
        if let Some(under) = address.under {
            return self.one(
                "looking for what was written here",
                "SELECT id FROM post WHERE parent = ?1 AND kind = ?2 AND number = ?3 AND at = ?4",
                params![under.parent.0, address.kind, number, at.0.0],
                id,
            );
        }
        let mut here = self.one(
            "looking for what was written here",
            "SELECT id FROM post WHERE forum = ?1 AND number = ?2 AND kind = 0 AND at = ?3",
            params![intake.forum.0, number, at.0.0],
            id,
        )?;
        if here.is_none() {
            here = self.one(
                "looking for what was written here",
                "SELECT post.id FROM former JOIN post ON post.id = former.question
                 WHERE former.forum = ?1 AND former.number = ?2 AND post.forum = ?3 AND post.at = ?4",
                params![intake.home.0, number, intake.forum.0, at.0.0],
                id,
            )?;
        }
        let (Some(found), Some(question), Export::Others) = (here, question, export) else {
            return Ok(here);
        };
        let title = self.one(
            "reading a title",
            "SELECT title FROM text WHERE post = ?1",
            [found.0],
            |row| row.get::<_, Option<String>>(0),
        )?;
        let is_same = title.flatten().unwrap_or_default() == question.title;
        Ok(here.filter(|_| is_same))
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
        post: &PostRecord<'_>,
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
        Ok(())
    }

    /// Keeps where a post was first written.
    pub(super) fn keep_first_written(
        &self,
        id: PostId,
        first: Option<FirstWritten<'_>>,
    ) -> Result<(), Fault> {
        let Some(first) = first else { return Ok(()) };
        self.run(
            "keeping where a post was written",
            "INSERT INTO written_in (post, store, address) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![id.0, first.store, first.key()],
        )
        .map(drop)
    }

    /// Keeps what a post of an export is called there, if the export doesn't name its store. Of a question its address too, by which
    /// the links of the same file call it.
    pub(super) fn keep_address(
        &self,
        intake: &Intake,
        id: PostId,
        address: &ExportName<'_>,
    ) -> Result<(), Fault> {
        let bare = address.key.filter(|_| address.kind == QUESTION);
        let exactly = address.exactly().filter(|_| intake.store.is_none());
        for key in [bare, exactly.as_deref()].into_iter().flatten() {
            self.run(
                "keeping what came",
                "INSERT INTO received (origin, key, post) VALUES (?1, ?2, ?3)
                 ON CONFLICT (origin, key) DO UPDATE SET post = excluded.post WHERE received.post <> excluded.post",
                params![intake.origin, key, id.0],
            )?;
        }
        Ok(())
    }

    pub(super) fn somebody(
        &self,
        intake: &Intake,
        account: Option<&AccountRecord>,
    ) -> Result<Option<IdentityId>, Fault> {
        account
            .map(|account| self.author(intake, Some(account)))
            .transpose()
    }

    /// The account, made known where it is not, and a member where it can act. Nobody in particular is one of the source's.
    pub(super) fn author(
        &self,
        intake: &Intake,
        account: Option<&AccountRecord>,
    ) -> Result<IdentityId, Fault> {
        let nobody = AccountRecord {
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
            None => {
                let id = self.next_id(Counter::Identity)?;
                self.run(
                    "making an identity",
                    "INSERT INTO identity (id, platform, key, name, skeleton) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        id,
                        account.platform,
                        account.key,
                        account.name,
                        skeleton_of(&account.platform, &account.key, &account.name)
                    ],
                )?;
                IdentityId(id)
            }
        };
        let acts = account.platform != IMPORTED && account.platform != DELETED;
        if acts && self.member(intake.forum, id)?.is_none() {
            self.enrol(intake.forum, id, intake.now)?;
        }
        Ok(id)
    }

    pub(super) fn take_person(
        &self,
        intake: &Intake,
        accounts: &[AccountRecord],
    ) -> Result<(), Fault> {
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

    pub(super) fn take_link(&self, batch: &mut ImportBatch<'_>, link: &Link) -> Result<(), Fault> {
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
            "INSERT INTO link (question, other, kind) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM post WHERE id IN (?1, ?2) AND withdrawn_at IS NOT NULL)
             ON CONFLICT DO NOTHING",
            params![from.0, to.0, kind],
        )?;
        if added > 0 {
            batch.taken.links += 1;
            batch.touched.insert(from);
        }
        Ok(())
    }
}

fn origin_row(row: &Row<'_>) -> db::Result<(OriginRow, Option<String>)> {
    let origin = OriginRow {
        id: row.get(0)?,
        base: row.get(1)?,
        name: row.get(2)?,
    };
    Ok((origin, row.get(3)?))
}
