//! The rows of a post that is taken in.

use super::{Intake, Under};
use crate::fingerprint;
use crate::forum::{Body, IdentityId, PostId, Timestamp, Title, Vote, clean, folded, one_line};
use crate::store::counters::Counter;
use crate::store::db::params;
use crate::store::fault::Fault;
use crate::store::record::{Carried, GREATEST_NUMBER, PostRecord, Question};
use crate::store::rows::{self, ANSWER};
use crate::store::tx::Tx;

impl Tx<'_> {
    pub(super) fn add_post(
        &self,
        intake: &Intake,
        kind: i64,
        post: &PostRecord<'_>,
        under: Option<Under<'_>>,
        (author, at): (IdentityId, Timestamp),
    ) -> Result<PostId, Fault> {
        let id = self.next_id(Counter::Post)?;
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
                hidden.map(|hidden| rows::hidden_as(hidden.role)),
                hidden_by.map(|by| by.0),
                hidden.and_then(|hidden| hidden.withdraw_at).map(|at| at.0.0),
            ],
        )?;
        if let Some(under) = under.filter(|_| kind == ANSWER && gone.is_none() && hidden.is_none())
        {
            self.run(
                "counting answers",
                "UPDATE post SET answers = answers + 1,
                     answered_at = CASE WHEN answered_at > ?2 THEN answered_at ELSE ?2 END
                 WHERE id = ?1",
                params![under.question.0, at.0],
            )?;
        }
        Ok(PostId(id))
    }

    /// The number that is wanted, if it is free, else the next.
    pub(super) fn number(
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
                "UPDATE forum SET questions = ?2 WHERE id = ?1 AND questions < ?2",
                intake.forum.0,
            ),
            Some(parent) => (
                wanted,
                "SELECT 1 FROM post WHERE parent = ?1 AND number = ?2 AND kind = ?3",
                if kind == ANSWER {
                    "UPDATE post SET last_answer = ?2 WHERE id = ?1 AND last_answer < ?2"
                } else {
                    "UPDATE post SET last_comment = ?2 WHERE id = ?1 AND last_comment < ?2"
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
        if taken.is_some() || wanted == 0 || wanted > GREATEST_NUMBER {
            return self.next_number(intake.forum, kind, under.map(|under| under.parent));
        }
        self.run("numbering a post", keep, params![of, wanted])?;
        Ok(wanted)
    }

    /// The texts of a post: the present one, and those before.
    pub(super) fn add_texts(
        &self,
        intake: &Intake,
        id: PostId,
        post: &PostRecord<'_>,
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
            .map(|title| fingerprint::of_text(&folded(title, &body)));
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
    pub(super) fn add_question(
        &self,
        intake: &Intake,
        id: PostId,
        question: &Question,
    ) -> Result<(), Fault> {
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
            let known = self.one(
                "reading a forum",
                "SELECT 1 FROM forum WHERE name = ?1",
                [&former.forum],
                |_| Ok(()),
            )?;
            if known.is_none() {
                self.run(
                    "making a forum that joined",
                    "INSERT INTO forum (id, name, questions, at, joined) VALUES (?1, ?2, 0, ?3, ?4)",
                    params![self.next_id(Counter::Forum)?, former.forum, intake.now.0, intake.forum.0],
                )?;
            }
            self.run(
                "keeping a number of before",
                "INSERT INTO former (forum, number, question) SELECT id, ?2, ?3 FROM forum WHERE name = ?1 AND joined = ?4 ON CONFLICT DO NOTHING",
                params![former.forum, former.number, id.0, intake.forum.0],
            )?;
            self.run(
                "keeping the newest number of before",
                "UPDATE forum SET questions = ?2 WHERE name = ?1 AND joined = ?3 AND questions < ?2",
                params![former.forum, former.number, intake.forum.0],
            )?;
        }
        Ok(())
    }

    /// The votes on a new post.
    pub(super) fn add_votes(
        &self,
        intake: &Intake,
        id: PostId,
        post: &PostRecord<'_>,
    ) -> Result<(), Fault> {
        self.run(
            "adding a score",
            "INSERT INTO score (post, ups, downs, carried_ups, carried_downs, said) VALUES (?1, ?2, ?3, ?2, ?3, ?4)",
            params![
                id.0,
                post.carried.ups,
                post.carried.downs,
                i64::try_from(post.votes.len()).unwrap_or(i64::MAX)
            ],
        )?;
        for (nth, saying) in (1_i64..).zip(post.votes) {
            let by = self.author(intake, Some(&saying.by))?;
            self.run(
                "keeping a vote",
                "INSERT INTO saying (post, identity, nth, reaction, vote, standing) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id.0,
                    by.0,
                    nth,
                    saying.reaction,
                    match saying.vote {
                        Vote::Up => 1,
                        Vote::Down => -1,
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
    pub(super) fn carry(&self, id: PostId, carried: Carried) -> Result<bool, Fault> {
        self.run(
            "counting imported votes",
            "UPDATE score SET ups = ups - carried_ups + ?2, downs = downs - carried_downs + ?3, carried_ups = ?2, carried_downs = ?3
             WHERE post = ?1 AND (carried_ups <> ?2 OR carried_downs <> ?3)",
            params![id.0, carried.ups, carried.downs],
        )
        .map(|changed| changed > 0)
    }
}
