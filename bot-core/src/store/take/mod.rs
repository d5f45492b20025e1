//! Takes in what was imported. Quietly: nothing is posted or told, a card that is there already is brought up to date, and the
//! search follows the change log. What is there already stays as it is.

mod brought;
mod names;
mod posts;

use std::collections::BTreeSet;

use crate::forum::{self, ForumId, PostId, Timestamp};
use crate::store::change_log::Entry;
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::record::{Answer, Comment, Head, Item, PostRecord, Question};
use crate::store::rows::{ANSWER, COMMENT, QUESTION};
use crate::store::tx::Tx;

/// An import that goes on: what it is called, and where it goes.
#[derive(Clone, Debug)]
pub struct Intake {
    origin: i64,
    base: u32,
    /// The newest post before.
    newest: PostId,
    /// The forum.
    pub forum: ForumId,
    /// The forum that it is for, whatever that joined.
    home: ForumId,
    /// The name of this store.
    own: String,
    /// The name of the store that wrote what is imported, where that is said.
    store: Option<String>,
    /// Whether it says so, and whether that is this one.
    export: Option<Export>,
    /// What the import is called.
    pub source: String,
    /// What the keys of the source's accounts begin with: two sources may have the same name in two forums.
    pub prefix: String,
    /// Whether its accounts are those of people who are here: it began in an empty store, or whoever runs the bot says so.
    pub trusted: bool,
    /// When it is taken in.
    pub now: Timestamp,
}

/// Whose export is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Export {
    /// Another store's, or that of another forum.
    Others,
    /// This forum's own.
    Own,
}

/// What is to be imported, and where to.
#[derive(Clone, Copy, Debug)]
pub struct ImportRequest<'a> {
    /// The forum; made where it is missing.
    pub forum: &'a str,
    /// What the import is called.
    pub source: &'a str,
    /// The address of the site that it comes from.
    pub site: Option<&'a str>,
    /// What it says of itself, if it is an export.
    pub head: Option<&'a Head>,
    /// Whether its accounts are taken for those of people who are here.
    pub trust: bool,
    /// The present.
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
    /// Questions that were there already of which another answer is accepted now, or none.
    pub accepted: u64,
    /// Questions that were there already and are closed now, or open again.
    pub closed: u64,
    /// The same of questions of which something else was decided here, which stays.
    pub decided: u64,
    /// Items that could not be taken, by their places among all.
    pub refused: Vec<(usize, Refused)>,
}

/// Why an item can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Refused {
    /// It belongs to a question that is not there.
    #[error("its question is not there")]
    NoQuestion,
    /// Another of what is imported has its id.
    #[error("another before it has the same id")]
    Twice,
    /// Another post of that id came with an earlier import of that name.
    #[error(
        "another post of that id came before under this name; give this import one of its own with --source"
    )]
    Another,
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
enum KnownPost {
    /// It came before.
    Known(PostId),
    /// It was written here.
    Own(PostId),
    Added(PostId),
    Another,
}

impl KnownPost {
    fn id(&self) -> Option<PostId> {
        match self {
            Self::Known(id) | Self::Own(id) | Self::Added(id) => Some(*id),
            Self::Another => None,
        }
    }
}

/// What came with a batch so far.
struct ImportBatch<'i> {
    intake: &'i Intake,
    taken: Taken,
    touched: BTreeSet<PostId>,
    /// Which item is taken.
    at: usize,
}

impl ImportBatch<'_> {
    fn refuse(&mut self, why: Refused) {
        self.taken.refused.push((self.at, why));
    }
}

impl Tx<'_> {
    /// Begins an import, or goes on with one of this name or of this store: into the forum of that name, made where it is missing, or
    /// the one that it joined.
    pub fn intake(&self, asked: &ImportRequest<'_>) -> Result<Intake, Fault> {
        let now = asked.now;
        let unused = self.is_unused()?;
        let home = self.forum(asked.forum, now)?;
        let into = self.joined(home)?;
        let own = self.own_name()?;
        let export = Self::export(asked, &own);
        let names::OriginRow {
            id: origin,
            base,
            name,
        } = match export {
            Some((store, export)) => {
                self.origin_of_store(home, into, asked.source, store, export)?
            }
            None => self.origin(home, into, asked.source, asked.site)?,
        };
        if unused {
            self.run(
                "trusting an import",
                "UPDATE origin SET trusted = 1 WHERE id = ?1",
                [origin],
            )?;
        }
        let trusted = self.one(
            "reading whether an import is trusted",
            "SELECT trusted FROM origin WHERE id = ?1",
            [origin],
            |row| row.get::<_, bool>(0),
        )?;
        let newest = self.one(
            "reading the newest post",
            "SELECT max(id) FROM post",
            [],
            |row| row.get::<_, Option<i64>>(0),
        )?;
        let newest = PostId(newest.flatten().unwrap_or_default());
        Ok(Intake {
            origin,
            base,
            newest,
            forum: into,
            home,
            own,
            store: export.map(|(store, _)| store.to_owned()),
            export: export.map(|(_, export)| export),
            prefix: format!("{}/{name}/", asked.forum),
            source: name,
            trusted: asked.trust || trusted.unwrap_or_default(),
            now,
        })
    }

    /// The store that wrote what is imported, where that is said.
    fn export<'a>(asked: &ImportRequest<'a>, own: &str) -> Option<(&'a str, Export)> {
        let head = asked.head?;
        let store = head.store.as_deref()?;
        let is_own = own == store && head.forum == asked.forum;
        let export = if is_own { Export::Own } else { Export::Others };
        Some((store, export))
    }

    fn own_name(&self) -> Result<String, Fault> {
        self.one(
            "reading the store's name",
            "SELECT id FROM store",
            [],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// Whether nobody has used the store yet: no post, and no account with which somebody can act.
    fn is_unused(&self) -> Result<bool, Fault> {
        self.one(
            "reading whether the store is in use",
            "SELECT NOT EXISTS (SELECT 1 FROM post) AND NOT EXISTS (SELECT 1 FROM identity)",
            [],
            |row| row.get(0),
        )
        .map(Option::unwrap_or_default)
    }

    /// An import is done: when it comes again, its accounts are no longer taken as they are.
    pub fn end_intake(&self, intake: &Intake) -> Result<(), Fault> {
        self.run(
            "ending an import",
            "UPDATE origin SET trusted = 0 WHERE id = ?1 AND trusted = 1",
            [intake.origin],
        )
        .map(drop)
    }

    /// Takes items in, in their order.
    pub fn take(&self, intake: &Intake, items: &[Item]) -> Result<Taken, Fault> {
        let mut batch = ImportBatch {
            intake,
            taken: Taken::default(),
            touched: BTreeSet::new(),
            at: 0,
        };
        for (at, item) in items.iter().enumerate() {
            batch.at = at;
            match item {
                Item::Head(head) => self.take_head(intake, head)?,
                Item::Person(accounts) => self.take_person(intake, accounts)?,
                Item::Question(question) => self.take_question(&mut batch, question)?,
                Item::Answer { to, answer } => self.take_late(&mut batch, to, answer)?,
                Item::Link(link) => self.take_link(&mut batch, link)?,
            }
        }
        for question in &batch.touched {
            self.log(intake.forum, *question, Entry::Imported.into(), intake.now)?;
        }
        Ok(batch.taken)
    }

    /// Numbers that were given are not given again, where they are the forum's own.
    fn take_head(&self, intake: &Intake, head: &Head) -> Result<(), Fault> {
        if intake.base > 0 {
            return Ok(());
        }
        self.run(
            "counting questions",
            "UPDATE forum SET questions = ?2 WHERE id = ?1 AND questions < ?2",
            params![intake.forum.0, head.questions],
        )
        .map(drop)
    }

    fn take_question(&self, batch: &mut ImportBatch<'_>, question: &Question) -> Result<(), Fault> {
        let key = question.number.map(|number| format!("#{number}"));
        let found = self.take_post(
            batch,
            QUESTION,
            question.post(),
            key.as_deref(),
            None,
            Some(question),
        )?;
        let Some(id) = found.id() else {
            return Ok(());
        };
        let under = Under {
            parent: id,
            question: id,
            key: key.as_deref(),
        };
        for comment in &question.comments {
            self.take_comment(batch, under, comment)?;
        }
        let mut accepted = None;
        for answer in &question.answers {
            let taken = self.take_answer(batch, under, answer)?;
            let wanted = question.accepted.as_ref().map(|accepted| accepted.answer);
            if wanted.is_some() && wanted == answer.number {
                accepted = taken;
            }
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
        match found {
            KnownPost::Added(_) => {
                if let (Some(answer), Some(said)) = (accepted, &question.accepted) {
                    self.run(
                        "accepting what was accepted",
                        "UPDATE post SET accepted = ?2, accepted_via = ?3 WHERE id = ?1",
                        params![id.0, answer.0, said.via],
                    )?;
                }
                self.keep_brought(id)
            }
            KnownPost::Known(_) if batch.intake.export != Some(Export::Own) => {
                self.bring(batch, id, question, accepted)
            }
            KnownPost::Known(_) | KnownPost::Own(_) | KnownPost::Another => Ok(()),
        }
    }

    /// Brings what became of a question that came before.
    fn bring(
        &self,
        batch: &mut ImportBatch<'_>,
        id: PostId,
        question: &Question,
        accepted: Option<PostId>,
    ) -> Result<(), Fault> {
        self.bring_closed(batch, id, question.closed.as_ref())?;
        let Some(key) = &question.accepts else {
            // An answer that could not be taken is none that is no longer accepted.
            return match (&question.accepted, accepted) {
                (Some(_), None) => Ok(()),
                _ => self.bring_accepted(batch, id, accepted),
            };
        };
        if let Some(answer) = self.by_id(batch.intake.origin, key)? {
            return self.bring_accepted(batch, id, Some(answer));
        }
        // The answer comes later, if it comes.
        if self.accepts_as_brought(id)? {
            self.run(
                "waiting for what was accepted",
                "UPDATE imported SET accepts = ?2 WHERE post = ?1",
                params![id.0, key],
            )?;
        }
        Ok(())
    }

    /// An answer whose question came before.
    fn take_late(
        &self,
        batch: &mut ImportBatch<'_>,
        to: &str,
        answer: &Answer,
    ) -> Result<(), Fault> {
        let question = self
            .by_id(batch.intake.origin, to)?
            .map(|question| self.post(question))
            .transpose()?
            .flatten()
            .filter(|post| post.kind == forum::PostKind::Question);
        let Some(question) = question else {
            batch.refuse(Refused::NoQuestion);
            return Ok(());
        };
        let under = Under {
            parent: question.id,
            question: question.id,
            key: None,
        };
        self.take_answer(batch, under, answer).map(drop)
    }

    /// Gives the answer, wherever it came from.
    fn take_answer(
        &self,
        batch: &mut ImportBatch<'_>,
        under: Under<'_>,
        answer: &Answer,
    ) -> Result<Option<PostId>, Fault> {
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
        let Some(id) = found.id() else {
            return Ok(None);
        };
        if let (KnownPost::Added(_), Some(own)) = (&found, &answer.id) {
            self.accept_expected(batch, under.question, id, own)?;
        }
        let under = Under {
            parent: id,
            question: under.question,
            key: key.as_deref(),
        };
        for comment in &answer.comments {
            self.take_comment(batch, under, comment)?;
        }
        Ok(Some(id))
    }

    /// Accepts an answer for which its question has waited.
    fn accept_expected(
        &self,
        batch: &mut ImportBatch<'_>,
        question: PostId,
        answer: PostId,
        key: &str,
    ) -> Result<(), Fault> {
        let expected = self.run(
            "looking for what was accepted",
            "UPDATE imported SET accepts = NULL WHERE post = ?1 AND accepts = ?2",
            params![question.0, key],
        )?;
        if expected == 0 {
            return Ok(());
        }
        if question <= batch.intake.newest {
            return self.bring_accepted(batch, question, Some(answer));
        }
        self.run(
            "accepting what was accepted",
            "UPDATE post SET accepted = ?2 WHERE id = ?1 AND accepted IS NULL",
            params![question.0, answer.0],
        )?;
        self.keep_brought(question)
    }

    fn take_comment(
        &self,
        batch: &mut ImportBatch<'_>,
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
        batch: &mut ImportBatch<'_>,
        kind: i64,
        post: PostRecord<'_>,
        key: Option<&str>,
        under: Option<Under<'_>>,
        question: Option<&Question>,
    ) -> Result<KnownPost, Fault> {
        let intake = batch.intake;
        let address = names::ExportName {
            key,
            kind,
            at: post.at,
            under,
        };
        let first = intake.first_written(&post, &address);
        if let Some(id) = self.known(intake, &post, &address, first)? {
            if post.id.is_some() && !self.is_of(id, kind, post.at)? {
                batch.refuse(Refused::Another);
                return Ok(KnownPost::Another);
            }
            match post.id.is_some() && id > intake.newest {
                true => batch.refuse(Refused::Twice),
                false => batch.taken.known += 1,
            }
            if post.id.is_some() && self.carry(id, post.carried)? {
                batch.taken.recounted += 1;
                self.log(intake.forum, id, Entry::Recounted.into(), intake.now)?;
            }
            self.keep_address(intake, id, &address)?;
            if post.id.is_none() && post.origin.is_none() {
                self.keep_first_written(id, first.filter(|first| !first.is_here))?;
            }
            return Ok(KnownPost::Known(id));
        }
        let here = match (first, post.written_in) {
            (Some(first), _) if first.is_here => self.written_as(intake, kind, first)?,
            (_, Some(_)) => None,
            (_, None) => self.written_here(intake, post.number, &address, question)?,
        };
        if let Some(id) = here {
            batch.taken.known += 1;
            self.keep_address(intake, id, &address)?;
            return Ok(KnownPost::Own(id));
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
        self.keep_origin(intake, id, &post, question)?;
        self.keep_address(intake, id, &address)?;
        self.keep_first_written(id, first)?;
        match kind {
            QUESTION => batch.taken.questions += 1,
            ANSWER => batch.taken.answers += 1,
            _ => batch.taken.comments += 1,
        }
        batch.taken.revisions += post.revisions.len() as u64;
        batch
            .touched
            .insert(under.map_or(id, |under| under.question));
        Ok(KnownPost::Added(id))
    }
}
