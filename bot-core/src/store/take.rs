//! Takes in what was imported. Quietly: nothing is posted or told, a card that is there already is brought up to date, and the
//! search follows the change log. What is there already stays as it is.

use std::collections::BTreeSet;

use rusqlite::params;

use super::apply::Touch;
use super::fault::Fault;
use super::record::{Account, Answer, Comment, Item, Link, Post, Question, Relation, Way};
use super::rows::{self, ANSWER, COMMENT, DELETED, DUPLICATE, IMPORTED, QUESTION, RELATED};
use super::tx::Tx;
use crate::forum::{
    self, Body, ForumId, IdentityId, PostId, Timestamp, Title, clean, folded, one_line,
};

/// An import that goes on: what it is called, and where it goes.
#[derive(Clone, Debug)]
pub struct Intake {
    origin: i64,
    base: u32,
    /// The forum.
    pub forum: ForumId,
    /// What the import is called.
    pub source: String,
    /// What the keys of the source's accounts begin with: two sources may have the same name in two forums.
    pub prefix: String,
    /// When it is taken in.
    pub now: Timestamp,
}

/// What was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// New questions.
    pub questions: u64,
    /// New answers.
    pub answers: u64,
    /// New comments.
    pub comments: u64,
    /// Earlier texts of new posts.
    pub revisions: u64,
    /// Links between questions that were not there.
    pub links: u64,
    /// Posts that were there already.
    pub known: u64,
    /// Posts that were there already, with other votes that nobody is known to have said.
    pub recounted: u64,
    /// Items that could not be taken, by their places among all.
    pub refused: Vec<(usize, Refused)>,
}

/// Why an item can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Refused {
    /// It belongs to a question that is not there.
    #[error("its question is not there")]
    NoQuestion,
    /// It links to a question that is not there.
    #[error("a question that it names is not there")]
    NoSuchLink,
}

/// A post that something hangs on.
#[derive(Clone, Copy)]
struct Under<'k> {
    parent: PostId,
    question: PostId,
    /// The parent's address in an export.
    key: Option<&'k str>,
}

/// What a post that was looked for is.
enum Found {
    Known(PostId),
    Added(PostId),
}

impl Found {
    fn id(&self) -> PostId {
        match self {
            Self::Known(id) | Self::Added(id) => *id,
        }
    }
}

/// What came with a batch so far.
struct Batch<'i> {
    intake: &'i Intake,
    taken: Taken,
    touched: BTreeSet<PostId>,
}

impl Tx<'_> {
    /// Begins an import, or goes on with one of this name: into the forum of that name, made where it is missing, or the one that it joined.
    pub fn intake(
        &self,
        forum: &str,
        source: &str,
        site: Option<&str>,
        now: Timestamp,
    ) -> Result<Intake, Fault> {
        let home = self.forum(forum, now)?;
        let into = self.joined(home)?;
        let (origin, base) = self.origin(home, into, source, site)?;
        Ok(Intake {
            origin,
            base,
            forum: into,
            source: source.to_owned(),
            prefix: format!("{forum}/{source}/"),
            now,
        })
    }

    /// The origin of this name in a forum, or in one that joined the same.
    fn origin(
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

    /// Takes items in, in their order.
    pub fn take(&self, intake: &Intake, items: &[Item]) -> Result<Taken, Fault> {
        let mut batch = Batch {
            intake,
            taken: Taken::default(),
            touched: BTreeSet::new(),
        };
        for (at, item) in items.iter().enumerate() {
            let refused = match item {
                Item::Head(head) => {
                    self.run(
                        "counting questions",
                        "UPDATE forum SET questions = max(questions, ?2) WHERE id = ?1",
                        params![intake.forum.0, intake.base.saturating_add(head.questions)],
                    )?;
                    None
                }
                Item::Person(accounts) => {
                    self.take_person(intake, accounts)?;
                    None
                }
                Item::Question(question) => {
                    self.take_question(&mut batch, question)?;
                    None
                }
                Item::Answer { to, answer } => self.take_late(&mut batch, to, answer)?,
                Item::Link(link) => self.take_link(&mut batch, link)?,
            };
            batch.taken.refused.extend(refused.map(|why| (at, why)));
        }
        for question in &batch.touched {
            self.log(intake.forum, *question, Touch::Text, "imported", intake.now)?;
        }
        Ok(batch.taken)
    }

    fn take_question(&self, batch: &mut Batch<'_>, question: &Question) -> Result<(), Fault> {
        let key = question.number.map(|number| format!("#{number}"));
        let found = self.take_post(
            batch,
            QUESTION,
            question.post(),
            key.as_deref(),
            None,
            Some(question),
        )?;
        let id = found.id();
        let under = Under {
            parent: id,
            question: id,
            key: key.as_deref(),
        };
        for comment in &question.comments {
            self.take_comment(batch, under, comment)?;
        }
        for answer in &question.answers {
            self.take_answer(batch, under, answer)?;
        }
        if let Some(body) = &question.answer {
            let answer = Answer {
                id: question.id.as_ref().map(|id| format!("{id}/answer")),
                body: Some(body.clone()),
                at: question.at,
                ..Answer::default()
            };
            self.take_answer(batch, under, &answer)?;
        }
        if let (Found::Added(_), Some(accepted)) = (&found, &question.accepted) {
            self.run(
                "accepting what was accepted",
                "UPDATE post SET accepted_via = ?3, accepted =
                     (SELECT id FROM post AS answer WHERE answer.parent = ?1 AND answer.kind = 1 AND answer.number = ?2)
                 WHERE id = ?1",
                params![id.0, accepted.answer, accepted.via],
            )?;
        }
        Ok(())
    }

    /// An answer whose question came before.
    fn take_late(
        &self,
        batch: &mut Batch<'_>,
        to: &str,
        answer: &Answer,
    ) -> Result<Option<Refused>, Fault> {
        let question = self
            .by_id(batch.intake.origin, to)?
            .map(|question| self.post(question))
            .transpose()?
            .flatten()
            .filter(|post| post.kind == forum::PostKind::Question);
        let Some(question) = question else {
            return Ok(Some(Refused::NoQuestion));
        };
        let under = Under {
            parent: question.id,
            question: question.id,
            key: None,
        };
        self.take_answer(batch, under, answer)?;
        Ok(None)
    }

    fn take_answer(
        &self,
        batch: &mut Batch<'_>,
        under: Under<'_>,
        answer: &Answer,
    ) -> Result<(), Fault> {
        let key = under
            .key
            .zip(answer.number)
            .map(|(parent, number)| format!("{parent}.{number}"));
        let found = self.take_post(
            batch,
            ANSWER,
            answer.post(),
            key.as_deref(),
            Some(under),
            None,
        )?;
        let id = found.id();
        if let (Found::Added(_), Some(own)) = (&found, &answer.id) {
            self.accept_expected(under.question, id, own)?;
        }
        let under = Under {
            parent: id,
            question: under.question,
            key: key.as_deref(),
        };
        for comment in &answer.comments {
            self.take_comment(batch, under, comment)?;
        }
        Ok(())
    }

    /// Accepts an answer for which its question has waited.
    fn accept_expected(&self, question: PostId, answer: PostId, key: &str) -> Result<(), Fault> {
        let expected = self.run(
            "looking for what was accepted",
            "UPDATE imported SET accepts = NULL WHERE post = ?1 AND accepts = ?2",
            params![question.0, key],
        )?;
        if expected > 0 {
            self.run(
                "accepting what was accepted",
                "UPDATE post SET accepted = ?2 WHERE id = ?1 AND accepted IS NULL",
                params![question.0, answer.0],
            )?;
        }
        Ok(())
    }

    fn take_comment(
        &self,
        batch: &mut Batch<'_>,
        under: Under<'_>,
        comment: &Comment,
    ) -> Result<(), Fault> {
        let key = under
            .key
            .zip(comment.number)
            .map(|(parent, number)| format!("{parent}/c{number}"));
        self.take_post(
            batch,
            COMMENT,
            comment.post(),
            key.as_deref(),
            Some(under),
            None,
        )
        .map(drop)
    }

    /// Adds a post, unless it is there.
    fn take_post(
        &self,
        batch: &mut Batch<'_>,
        kind: i64,
        post: Post<'_>,
        key: Option<&str>,
        under: Option<Under<'_>>,
        question: Option<&Question>,
    ) -> Result<Found, Fault> {
        let intake = batch.intake;
        if let Some(id) = self.known(intake, &post, key)? {
            batch.taken.known += 1;
            if post.id.is_some() && self.carry(id, post.carried)? {
                batch.taken.recounted += 1;
                self.log(intake.forum, id, Touch::Score, "recounted", intake.now)?;
            }
            return Ok(Found::Known(id));
        }
        let author = self.author(intake, post.author)?;
        let at = post.at.map_or(intake.now, |at| at.0);
        let id = self.add_post(intake, kind, &post, under, (author, at))?;
        if post.withdrawn.is_none() {
            self.add_texts(intake, id, &post, (author, at), question)?;
        }
        if let Some(question) = question {
            self.add_question(intake, id, question)?;
        }
        self.add_votes(intake, id, &post)?;
        self.keep_origin(intake, id, &post, key, question)?;
        match kind {
            QUESTION => batch.taken.questions += 1,
            ANSWER => batch.taken.answers += 1,
            _ => batch.taken.comments += 1,
        }
        batch.taken.revisions += post.revisions.len() as u64;
        batch
            .touched
            .insert(under.map_or(id, |under| under.question));
        Ok(Found::Added(id))
    }

    /// The post that came before under the same name.
    fn known(
        &self,
        intake: &Intake,
        post: &Post<'_>,
        key: Option<&str>,
    ) -> Result<Option<PostId>, Fault> {
        if let Some(id) = post.id {
            return self.by_id(intake.origin, id);
        }
        if let Some(origin) = post.origin {
            let (from, _) = self.origin(
                intake.forum,
                intake.forum,
                &origin.source,
                origin.site.as_deref(),
            )?;
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
    fn by_id(&self, origin: i64, id: &str) -> Result<Option<PostId>, Fault> {
        self.one(
            "looking for what came before",
            "SELECT post FROM imported WHERE origin = ?1 AND key = ?2",
            params![origin, id],
            |row| row.get(0).map(PostId),
        )
    }

    /// The post of an address in an export.
    fn by_address(&self, origin: i64, address: &str) -> Result<Option<PostId>, Fault> {
        self.one(
            "looking for what came before",
            "SELECT post FROM received WHERE origin = ?1 AND key = ?2",
            params![origin, address],
            |row| row.get(0).map(PostId),
        )
    }

    fn add_post(
        &self,
        intake: &Intake,
        kind: i64,
        post: &Post<'_>,
        under: Option<Under<'_>>,
        (author, at): (IdentityId, Timestamp),
    ) -> Result<PostId, Fault> {
        let id: i64 = self
            .one(
                "numbering a post",
                "SELECT coalesce(max(id), 0) + 1 FROM post",
                [],
                |row| row.get(0),
            )?
            .unwrap_or(1);
        let number = self.number(intake, kind, post.number, under)?;
        let gone = post.withdrawn;
        let gone_by = self.somebody(intake, gone.and_then(|gone| gone.by.as_ref()))?;
        let hidden = post.hidden.filter(|_| gone.is_none());
        let hidden_by = self.somebody(intake, hidden.and_then(|hidden| hidden.by.as_ref()))?;
        self.run(
            "adding a post",
            "INSERT INTO post (id, forum, kind, question, parent, number, author, at, withdrawn_at, withdrawn_by,
                 hidden_at, hidden_as, hidden_by, withdraw_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                id,
                intake.forum.0,
                kind,
                under.map_or(id, |under| under.question.0),
                under.map(|under| under.parent.0),
                number,
                author.0,
                at.0,
                gone.map(|gone| gone.at.0.0),
                gone_by.map(|by| by.0),
                hidden.map(|hidden| hidden.at.0.0),
                hidden.map(|hidden| rows::hidden_as(hidden.role.into())),
                hidden_by.map(|by| by.0),
                hidden.and_then(|hidden| hidden.withdraw_at).map(|at| at.0.0),
            ],
        )?;
        if let Some(under) = under.filter(|_| kind == ANSWER && gone.is_none() && hidden.is_none())
        {
            self.run(
                "counting answers",
                "UPDATE post SET answers = answers + 1 WHERE id = ?1",
                [under.question.0],
            )?;
        }
        Ok(PostId(id))
    }

    /// The number that is wanted, if it is free, else the next.
    fn number(
        &self,
        intake: &Intake,
        kind: i64,
        wanted: Option<u32>,
        under: Option<Under<'_>>,
    ) -> Result<u32, Fault> {
        let of = under.map(|under| under.parent);
        let Some(wanted) = wanted else {
            return self.next_number(intake.forum, kind, of);
        };
        let (wanted, taken, keep, of) = match of {
            None => (
                intake.base.saturating_add(wanted),
                "SELECT 1 FROM post WHERE forum = ?1 AND number = ?2 AND kind = 0 AND ?3 = 0",
                "UPDATE forum SET questions = max(questions, ?2) WHERE id = ?1",
                intake.forum.0,
            ),
            Some(parent) => (
                wanted,
                "SELECT 1 FROM post WHERE parent = ?1 AND number = ?2 AND kind = ?3",
                if kind == ANSWER {
                    "UPDATE post SET last_answer = max(last_answer, ?2) WHERE id = ?1"
                } else {
                    "UPDATE post SET last_comment = max(last_comment, ?2) WHERE id = ?1"
                },
                parent.0,
            ),
        };
        let taken = self.one(
            "looking for a number",
            taken,
            params![of, wanted, kind],
            |_| Ok(()),
        )?;
        if taken.is_some() || wanted == 0 {
            return self.next_number(intake.forum, kind, under.map(|under| under.parent));
        }
        self.run("numbering a post", keep, params![of, wanted])?;
        Ok(wanted)
    }

    /// The texts of a post: the present one, and those before.
    fn add_texts(
        &self,
        intake: &Intake,
        id: PostId,
        post: &Post<'_>,
        (author, at): (IdentityId, Timestamp),
        question: Option<&Question>,
    ) -> Result<(), Fault> {
        for (revision, number) in post.revisions.iter().zip(1_u32..) {
            let by = self.author(intake, Some(&revision.by))?;
            self.run(
                "keeping a revision",
                "INSERT INTO revision (post, number, title, body, tags, author, at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    id.0,
                    number,
                    revision.title.as_deref().map(one_line),
                    clean(&revision.body),
                    revision.tags.join(" "),
                    by.0,
                    revision.at.0.0,
                    revision.reason.as_deref().map(one_line)
                ],
            )?;
        }
        let (by, since, reason) = match post.edited {
            Some(edited) => (
                self.author(intake, Some(&edited.by))?,
                edited.at.0,
                edited.reason.as_deref(),
            ),
            None => (author, at, None),
        };
        let title = question.map(|question| Title::kept(one_line(&question.title)));
        let body = Body::kept(clean(post.body.unwrap_or_default()));
        let same = title
            .as_ref()
            .map(|title| rows::fingerprint(&folded(title, &body)));
        self.run(
            "adding a text",
            "INSERT INTO text (post, title, body, revision, author, at, reason, same) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                id.0,
                title.as_ref().map(Title::as_str),
                body.as_str(),
                post.revisions.len() + 1,
                by.0,
                since.0,
                reason.map(one_line),
                same
            ],
        )
        .map(drop)
    }

    /// What only questions have.
    fn add_question(&self, intake: &Intake, id: PostId, question: &Question) -> Result<(), Fault> {
        if question.withdrawn.is_none() {
            for (position, tag) in (0_i64..).zip(&question.tags) {
                self.run(
                    "adding tags",
                    "INSERT INTO tag (post, position, forum, name) VALUES (?1, ?2, ?3, ?4)",
                    params![id.0, position, intake.forum.0, tag],
                )?;
            }
        }
        if let Some(closed) = question
            .closed
            .as_ref()
            .filter(|_| question.withdrawn.is_none())
        {
            self.run(
                "closing what was closed",
                "UPDATE post SET closed_at = ?2, closed_as = ?3 WHERE id = ?1",
                params![id.0, closed.at.0.0, rows::closed_as(closed.why)],
            )?;
        }
        for former in &question.formerly {
            self.run(
                "making a forum that joined",
                "INSERT OR IGNORE INTO forum (name, questions, at, joined) SELECT ?1, 0, ?2, ?3 WHERE ?1 <> (SELECT name FROM forum WHERE id = ?3)",
                params![former.forum, intake.now.0, intake.forum.0],
            )?;
            self.run(
                "keeping a number of before",
                "INSERT OR IGNORE INTO former (forum, number, question) SELECT id, ?2, ?3 FROM forum WHERE name = ?1 AND joined = ?4",
                params![former.forum, former.number, id.0, intake.forum.0],
            )?;
            self.run(
                "keeping the newest number of before",
                "UPDATE forum SET questions = max(questions, ?2) WHERE name = ?1 AND joined = ?3",
                params![former.forum, former.number, intake.forum.0],
            )?;
        }
        Ok(())
    }

    /// The votes on a new post.
    fn add_votes(&self, intake: &Intake, id: PostId, post: &Post<'_>) -> Result<(), Fault> {
        self.run(
            "adding a score",
            "INSERT INTO score (post, ups, downs, carried_ups, carried_downs) VALUES (?1, ?2, ?3, ?2, ?3)",
            params![id.0, post.carried.ups, post.carried.downs],
        )?;
        for saying in post.votes {
            let by = self.author(intake, Some(&saying.by))?;
            self.run(
                "keeping a vote",
                "INSERT INTO saying (post, identity, reaction, vote, standing) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    id.0,
                    by.0,
                    saying.reaction,
                    match saying.vote {
                        Way::Up => 1,
                        Way::Down => -1,
                    },
                    !saying.spent
                ],
            )?;
        }
        if !post.votes.is_empty() {
            self.recount(id, intake.now)?;
        }
        Ok(())
    }

    /// Sets the votes of a post that nobody is known to have said; says whether they were others.
    fn carry(&self, id: PostId, carried: super::record::Carried) -> Result<bool, Fault> {
        self.run(
            "counting imported votes",
            "UPDATE score SET ups = ups - carried_ups + ?2, downs = downs - carried_downs + ?3, carried_ups = ?2, carried_downs = ?3
             WHERE post = ?1 AND (carried_ups <> ?2 OR carried_downs <> ?3)",
            params![id.0, carried.ups, carried.downs],
        )
        .map(|changed| changed > 0)
    }

    /// Keeps where a new post comes from.
    fn keep_origin(
        &self,
        intake: &Intake,
        id: PostId,
        post: &Post<'_>,
        key: Option<&str>,
        question: Option<&Question>,
    ) -> Result<(), Fault> {
        let origin = match (post.origin, post.id) {
            (Some(origin), None) => {
                let (from, _) = self.origin(
                    intake.forum,
                    intake.forum,
                    &origin.source,
                    origin.site.as_deref(),
                )?;
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

    fn somebody(
        &self,
        intake: &Intake,
        account: Option<&Account>,
    ) -> Result<Option<IdentityId>, Fault> {
        account
            .map(|account| self.author(intake, Some(account)))
            .transpose()
    }

    /// The account, made known where it is not, and a member where it can act. Nobody in particular is one of the source's.
    fn author(&self, intake: &Intake, account: Option<&Account>) -> Result<IdentityId, Fault> {
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
                "INSERT INTO identity (platform, key, name) VALUES (?1, ?2, ?3)",
                params![account.platform, account.key, account.name],
            )?),
        };
        let acts = account.platform != IMPORTED && account.platform != DELETED;
        if acts && self.member(intake.forum, id)?.is_none() {
            self.enrol(intake.forum, id, intake.now)?;
        }
        Ok(id)
    }

    fn take_person(&self, intake: &Intake, accounts: &[Account]) -> Result<(), Fault> {
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

    fn take_link(&self, batch: &mut Batch<'_>, link: &Link) -> Result<Option<Refused>, Fault> {
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
            return Ok(Some(Refused::NoSuchLink));
        };
        if from == to {
            return Ok(None);
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
        Ok(None)
    }
}
