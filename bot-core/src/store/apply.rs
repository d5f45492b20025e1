//! Makes the changes that the rules decided: rows, scores, the change log, stale cards, what is to be posted.

use super::counters::{Counter, GIVEN};
use super::db::{self, params};
use super::fault::Fault;
use super::forget::Gone;
use super::record::GREATEST_NUMBER;
use super::rows::{self, ANSWER, COMMENT, QUESTION};
use super::text_copies::CARD_KEY;
use super::tx::Tx;
use crate::fingerprint;
use crate::forum::{
    Author, Change, ForumId, Hiding, IdentityId, NewPost, PostId, Reason, Score, Seq, Source, Text,
    Timestamp, Vote, folded,
};
use crate::platform::MessageKey;

/// Numbers questions from behind the greatest number that is not too great.
const FIRST_FREE_QUESTION: &str = "UPDATE forum SET questions = 1 + (SELECT coalesce(max(given.number), 0) FROM post AS given WHERE given.forum = ?1 AND given.kind = 0 AND given.number < ?2)
     WHERE id = ?1 RETURNING questions";

/// What a logged change touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The question's title, text, tags, answers, or what is accepted.
    Text,
    /// Votes only.
    Score,
}

impl Touch {
    /// As the column says it.
    pub(super) const fn column(self) -> i64 {
        match self {
            Self::Text => 0,
            Self::Score => 1,
        }
    }
}

impl Tx<'_> {
    /// Makes the changes of one action in a forum; gives the post that was added, if one was.
    pub fn apply(
        &self,
        forum: ForumId,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Option<PostId>, Fault> {
        let mut added = None;
        for change in changes {
            match change {
                Change::Posted { author, at, post } => {
                    added = Some(self.add(forum, *author, *at, post)?)
                }
                Change::Edited {
                    post,
                    text,
                    by,
                    at,
                    reason,
                } => {
                    self.edit(*post, text, *by, *at, reason.as_ref())?;
                    self.name_threads(*post)?;
                    self.log(forum, *post, Touch::Text, "edited", now)?;
                }
                Change::EditRemoved { post, event } => {
                    if self.remove_edit(*post, event)? {
                        self.text_removed(forum, *post, now)?;
                        self.forget_text(*post, &Gone::Edit(event.clone()))?;
                    }
                }
                Change::Hidden {
                    post,
                    hiding,
                    by,
                    at,
                } => {
                    self.take_text_away(*post)?;
                    self.hide(*post, *hiding, *by, *at)?;
                    self.log(forum, *post, Touch::Text, "hidden", now)?;
                    self.forget_text(*post, &Gone::Hidden)?;
                }
                Change::Unhidden { post } => {
                    self.unhide(*post)?;
                    self.show_again(*post)?;
                    self.let_theirs_stand(*post)?;
                    self.name_threads(*post)?;
                    self.log(forum, *post, Touch::Text, "unhidden", now)?;
                }
                Change::MessagesRemoved { post, by } => {
                    self.log(forum, *post, Touch::Text, "message removed", now)?;
                    self.remove_theirs(*post, *by, now)?;
                }
                Change::Withdrawn { post, by, at } => {
                    self.take_text_away(*post)?;
                    self.take_theirs_away(*post, now)?;
                    self.withdraw(*post, *by, *at)?;
                    self.log(forum, *post, Touch::Text, "withdrawn", now)?;
                    self.forget_text(*post, &Gone::Withdrawn)?;
                }
                Change::Said {
                    post,
                    identity,
                    source,
                    vote,
                } => self.say(*post, *identity, source, *vote)?,
                Change::TookBack {
                    post,
                    identity,
                    saying,
                } => {
                    self.run(
                        "taking a saying back",
                        "DELETE FROM saying WHERE post = ?1 AND identity = ?2 AND nth = ?3",
                        params![post.0, identity.0, saying.0],
                    )?;
                }
                Change::Spent {
                    post,
                    identity,
                    saying,
                } => {
                    self.run(
                        "spending a saying",
                        "UPDATE saying SET standing = 0 WHERE post = ?1 AND identity = ?2 AND nth = ?3",
                        params![post.0, identity.0, saying.0],
                    )?;
                }
                Change::Scored {
                    post,
                    before,
                    after,
                } => {
                    self.count(*post, *before, *after)?;
                    self.log(forum, *post, Touch::Score, "voted", now)?;
                }
                Change::Accepted {
                    question,
                    answer,
                    via,
                } => {
                    self.accept(*question, Some((*answer, via.as_deref())))?;
                    self.name_threads(*question)?;
                    self.log(forum, *answer, Touch::Text, "accepted", now)?;
                }
                Change::Unaccepted { question } => {
                    let before = self.accept(*question, None)?;
                    self.name_threads(*question)?;
                    self.log(
                        forum,
                        before.unwrap_or(*question),
                        Touch::Text,
                        "unaccepted",
                        now,
                    )?;
                }
            }
        }
        Ok(added)
    }

    fn add(
        &self,
        forum: ForumId,
        author: Author,
        at: Timestamp,
        post: &NewPost,
    ) -> Result<PostId, Fault> {
        let id = PostId(self.next_id(Counter::Post)?);
        let (kind, question, parent, body) = match post {
            NewPost::Question { body, .. } => (QUESTION, id, None, body),
            NewPost::Answer { question, body } => (ANSWER, *question, Some(*question), body),
            NewPost::Comment { on, question, body } => (COMMENT, *question, Some(*on), body),
        };
        let number = self.next_number(forum, kind, parent)?;
        self.run(
            "adding a post",
            "INSERT INTO post (id, forum, kind, question, parent, number, author, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                id.0,
                forum.0,
                kind,
                question.0,
                parent.map(|p| p.0),
                number,
                author.identity.0,
                at.0
            ],
        )?;
        let (title, same) = match post {
            NewPost::Question { title, body, .. } => (
                Some(title.as_str()),
                Some(fingerprint::of_text(&folded(title, body))),
            ),
            NewPost::Answer { .. } | NewPost::Comment { .. } => (None, None),
        };
        self.run(
            "adding a text",
            "INSERT INTO text (post, title, body, author, at, same) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id.0, title, body.as_str(), author.identity.0, at.0, same],
        )?;
        self.run(
            "adding a score",
            "INSERT INTO score (post) VALUES (?1)",
            [id.0],
        )?;
        if let NewPost::Question { tags, .. } = post {
            self.set_tags(forum, id, tags.as_slice())?;
        }
        if kind == ANSWER {
            self.run(
                "counting answers",
                "UPDATE post SET answers = answers + 1,
                     answered_at = CASE WHEN answered_at > ?2 THEN answered_at ELSE ?2 END
                 WHERE id = ?1",
                params![question.0, at.0],
            )?;
        }
        self.log(forum, id, Touch::Text, "posted", at)?;
        self.queue_cards(forum, question, id)?;
        Ok(id)
    }

    /// The number of a new post; never given again, whatever becomes of the post.
    pub(super) fn next_number(
        &self,
        forum: ForumId,
        kind: i64,
        parent: Option<PostId>,
    ) -> Result<u32, Fault> {
        let (next, first_free, of) = match (kind, parent) {
            (ANSWER, Some(parent)) => (
                "UPDATE post SET last_answer = last_answer + 1 WHERE id = ?1 RETURNING last_answer",
                "UPDATE post SET last_answer = 1 + (SELECT coalesce(max(given.number), 0) FROM post AS given WHERE given.parent = ?1 AND given.kind = 1 AND given.number < ?2)
                 WHERE id = ?1 RETURNING last_answer",
                parent.0,
            ),
            (COMMENT, Some(parent)) => (
                "UPDATE post SET last_comment = last_comment + 1 WHERE id = ?1 RETURNING last_comment",
                "UPDATE post SET last_comment = 1 + (SELECT coalesce(max(given.number), 0) FROM post AS given WHERE given.parent = ?1 AND given.kind = 2 AND given.number < ?2)
                 WHERE id = ?1 RETURNING last_comment",
                parent.0,
            ),
            _ => (
                "UPDATE forum SET questions = questions + 1 WHERE id = ?1 RETURNING questions",
                FIRST_FREE_QUESTION,
                forum.0,
            ),
        };
        let number: Option<i64> = self.one("numbering a post", next, [of], |row| row.get(0))?;
        if let Ok(number) = u32::try_from(number.unwrap_or(1)) {
            return Ok(number);
        }
        // A number near the end of what addresses can say was imported before files' numbers had a bound.
        self.one(
            "numbering a post below a number that is too great",
            first_free,
            params![of, GREATEST_NUMBER],
            |row| row.get(0),
        )
        .map(|number| number.unwrap_or(1))
    }

    /// Has a forum's numbers go on below those that are too great, where `count` more don't fit behind them.
    pub(super) fn make_room(&self, forum: ForumId, count: i64) -> Result<(), Fault> {
        let newest: Option<i64> = self.one(
            "reading a forum's newest number",
            "SELECT questions FROM forum WHERE id = ?1",
            [forum.0],
            |row| row.get(0),
        )?;
        if newest.unwrap_or(0).saturating_add(count) <= i64::from(u32::MAX) {
            return Ok(());
        }
        self.one(
            "making room for numbers",
            FIRST_FREE_QUESTION,
            params![forum.0, GREATEST_NUMBER],
            |row| row.get::<_, i64>(0),
        )
        .map(drop)
    }

    pub(super) fn set_tags(
        &self,
        forum: ForumId,
        post: PostId,
        tags: &[String],
    ) -> Result<(), Fault> {
        self.run("changing tags", "DELETE FROM tag WHERE post = ?1", [post.0])?;
        for (position, tag) in (0_i64..).zip(tags) {
            self.run(
                "changing tags",
                "INSERT INTO tag (post, position, forum, name) VALUES (?1, ?2, ?3, ?4)",
                params![post.0, position, forum.0, tag],
            )?;
        }
        Ok(())
    }

    /// Keeps the present text as a revision and puts the new one in its place.
    fn edit(
        &self,
        post: PostId,
        text: &Text,
        by: IdentityId,
        at: Timestamp,
        reason: Option<&Reason>,
    ) -> Result<(), Fault> {
        let old_tags = rows::tags(self.conn, post).map(|tags| tags.join(" "));
        let old_tags = super::fault::During::during(old_tags, "reading tags")?;
        self.run(
            "keeping a revision",
            "INSERT INTO revision (post, number, title, body, tags, author, at, reason, event, elsewhere)
             SELECT post, revision, title, body, ?2, author, at, reason, event, elsewhere FROM text WHERE post = ?1",
            params![post.0, old_tags],
        )?;
        let same = text
            .title
            .as_ref()
            .map(|title| fingerprint::of_text(&folded(title, &text.body)));
        self.run(
            "editing a text",
            "UPDATE text SET title = ?2, body = ?3, revision = revision + 1, author = ?4, at = ?5, reason = ?6, same = ?7, event = NULL
             WHERE post = ?1",
            params![
                post.0,
                text.title.as_ref().map(crate::forum::Title::as_str),
                text.body.as_str(),
                by.0,
                at.0,
                reason.map(Reason::as_str),
                same
            ],
        )?;
        if text.title.is_some() {
            let forum = self.one(
                "reading a post's forum",
                "SELECT forum FROM post WHERE id = ?1",
                [post.0],
                |row| row.get(0),
            )?;
            self.set_tags(ForumId(forum.unwrap_or(0)), post, text.tags.as_slice())?;
        }
        Ok(())
    }

    /// Takes a post back: its text, revisions, tags and source go at once, its number stays.
    fn withdraw(&self, post: PostId, by: Option<IdentityId>, at: Timestamp) -> Result<(), Fault> {
        self.uncount(post)?;
        self.run(
            "withdrawing a post",
            "UPDATE post SET withdrawn_at = ?2, withdrawn_by = ?3,
                 hidden_at = NULL, hidden_as = NULL, hidden_by = NULL, withdraw_at = NULL, closed_at = NULL, closed_as = NULL
             WHERE id = ?1",
            params![post.0, at.0, by.map(|by| by.0)],
        )?;
        for (what, sql) in [
            ("deleting a text", "DELETE FROM text WHERE post = ?1"),
            ("deleting revisions", "DELETE FROM revision WHERE post = ?1"),
            ("deleting tags", "DELETE FROM tag WHERE post = ?1"),
            ("deleting drafts", "DELETE FROM draft WHERE post = ?1"),
            (
                "deleting links",
                "DELETE FROM link WHERE question = ?1 OR other = ?1",
            ),
            (
                "emptying the outbox",
                "DELETE FROM outbox WHERE post = ?1 AND attempts = 0",
            ),
        ] {
            self.run(what, sql, [post.0])?;
        }
        Ok(())
    }

    /// Hides a post, or hides it in another way; since when it is hidden stays.
    fn hide(
        &self,
        post: PostId,
        hiding: Hiding,
        by: Option<IdentityId>,
        at: Timestamp,
    ) -> Result<(), Fault> {
        self.uncount(post)?;
        self.run(
            "hiding a post",
            "UPDATE post SET hidden_at = coalesce(hidden_at, ?2), hidden_as = ?3,
                 hidden_by = coalesce(?4, hidden_by), withdraw_at = ?5
             WHERE id = ?1",
            params![
                post.0,
                at.0,
                rows::hidden_as(hiding.by),
                by.map(|by| by.0),
                hiding.withdrawal.map(|due| due.0)
            ],
        )
        .map(drop)
    }

    /// Shows a hidden post again.
    fn unhide(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "counting answers",
            "UPDATE post SET answers = answers + 1,
                 answered_at = (SELECT max(answer.at) FROM post AS answer
                     WHERE answer.question = post.id AND answer.kind = 1 AND answer.withdrawn_at IS NULL
                     AND (answer.hidden_at IS NULL OR answer.id = ?1))
             WHERE id = (SELECT question FROM post WHERE id = ?1 AND kind = 1 AND hidden_at IS NOT NULL)",
            [post.0],
        )?;
        self.run(
            "showing a post again",
            "UPDATE post SET hidden_at = NULL, hidden_as = NULL, hidden_by = NULL, withdraw_at = NULL WHERE id = ?1",
            [post.0],
        )
        .map(drop)
    }

    /// Counts an answer that can be seen no longer among its question's visible ones.
    fn uncount(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "counting answers",
            "UPDATE post SET answers = answers - 1,
                 answered_at = (SELECT max(answer.at) FROM post AS answer
                     WHERE answer.question = post.id AND answer.kind = 1 AND answer.withdrawn_at IS NULL
                     AND answer.hidden_at IS NULL AND answer.id <> ?1)
             WHERE id = (SELECT question FROM post
                         WHERE id = ?1 AND kind = 1 AND withdrawn_at IS NULL AND hidden_at IS NULL)",
            [post.0],
        )
        .map(drop)
    }

    fn say(
        &self,
        post: PostId,
        identity: IdentityId,
        source: &Source,
        vote: Vote,
    ) -> Result<(), Fault> {
        let reaction = match source {
            Source::Command => None,
            Source::Reaction(reaction) => Some(reaction),
        };
        let vote = match vote {
            Vote::Up => 1,
            Vote::Down => -1,
        };
        let numbered = self.run(
            "numbering a vote",
            "UPDATE score SET said = said + 1 WHERE post = ?1",
            [post.0],
        )?;
        if numbered == 0 {
            self.run(
                "numbering a vote",
                "INSERT INTO score (post, said) VALUES (?1, 1)",
                [post.0],
            )?;
        }
        self.run(
            "keeping a vote",
            "INSERT INTO saying (post, identity, nth, reaction, vote) SELECT post, ?2, said, ?3, ?4 FROM score WHERE post = ?1",
            params![post.0, identity.0, reaction, vote],
        )
        .map(drop)
    }

    fn count(&self, post: PostId, before: Option<Vote>, after: Option<Vote>) -> Result<(), Fault> {
        let shift = |vote| i64::from(after == Some(vote)) - i64::from(before == Some(vote));
        let counted = self.run(
            "counting votes",
            "UPDATE score SET ups = CASE WHEN ups + ?2 > 0 THEN ups + ?2 ELSE 0 END,
                 downs = CASE WHEN downs + ?3 > 0 THEN downs + ?3 ELSE 0 END WHERE post = ?1",
            params![post.0, shift(Vote::Up), shift(Vote::Down)],
        )?;
        if counted > 0 {
            return Ok(());
        }
        let Score { ups, downs } = Score::default().moved(before, after);
        self.run(
            "counting votes",
            "INSERT INTO score (post, ups, downs) VALUES (?1, ?2, ?3)",
            params![post.0, ups, downs],
        )
        .map(drop)
    }

    /// Sets the accepted answer; gives the one before, whose cards are not true any more either. The reaction that had accepted that
    /// one is spent.
    pub(super) fn accept(
        &self,
        question: PostId,
        answer: Option<(PostId, Option<&str>)>,
    ) -> Result<Option<PostId>, Fault> {
        let accepted = self.accepted(question)?;
        let via = accepted.as_ref().and_then(|(_, via)| via.as_deref());
        if let Some(via) = via.filter(|via| answer.and_then(|(_, via)| via) != Some(via)) {
            self.spend(&MessageKey(via.to_owned()))?;
        }
        let before = accepted.map(|(answer, _)| answer);
        self.run(
            "accepting",
            "UPDATE post SET accepted = ?2, accepted_via = ?3 WHERE id = ?1",
            params![
                question.0,
                answer.map(|(id, _)| id.0),
                answer.and_then(|(_, via)| via)
            ],
        )?;
        if let Some(before) = before {
            self.mark_stale(before, self.newest().unwrap_or_default())?;
        }
        Ok(before)
    }

    /// Writes a change down, and marks as stale the cards that it touches.
    pub(super) fn log(
        &self,
        forum: ForumId,
        post: PostId,
        touch: Touch,
        what: &str,
        at: Timestamp,
    ) -> Result<(), Fault> {
        const WHAT: &str = "writing the change log";
        let seq = self.next_seq(1)?;
        let written = self.run(
            WHAT,
            "INSERT INTO change_log (seq, forum, question, post, touch, what, at)
             SELECT ?6, ?1, question, id, ?3, ?4, ?5 FROM post WHERE id = ?2",
            params![forum.0, post.0, touch.column(), what, at.0, seq.0],
        )?;
        if written == 0 {
            return Err(Fault::of_statement(WHAT, db::Error::no_row()));
        }
        self.logged(seq);
        self.mark_stale(post, seq)?;
        if touch == Touch::Text {
            // What it hangs on tells of it: a question of its answers, a tombstone that something hangs on it.
            self.run(
                "marking cards stale",
                "UPDATE surface SET stale = ?2 WHERE kind = 0 AND (stale IS NULL OR stale > ?2)
                 AND post = (SELECT parent FROM post WHERE id = ?1)",
                params![post.0, seq.0],
            )?;
        }
        Ok(())
    }

    fn mark_stale(&self, post: PostId, seq: Seq) -> Result<(), Fault> {
        self.run(
            "marking cards stale",
            "UPDATE surface SET stale = ?2 WHERE post = ?1 AND kind = 0 AND (stale IS NULL OR stale > ?2)",
            params![post.0, seq.0],
        )
        .map(drop)
    }

    /// Puts a card of a new post into the outbox of each open place of its forum, behind the question's own card where
    /// the place has none yet, or somebody took it away. A conversation gets cards only where the forum is its own: those of a place that both share are there.
    fn queue_cards(&self, forum: ForumId, question: PostId, post: PostId) -> Result<(), Fault> {
        if post != question {
            self.replace_ended_cards(forum, question)?;
        }
        for card in [question, post] {
            self.run(
                "filling the outbox",
                &format!(
                    "INSERT INTO outbox (id, place, post, key)
                     SELECT {GIVEN} + row_number() OVER (ORDER BY place.id), place.id, post.id, {CARD_KEY} FROM place JOIN post ON post.id = ?2
                     WHERE place.forum = ?1 AND place.open = 1 AND place.successor IS NULL
                     AND (place.direct = 0 OR place.key = (SELECT name FROM forum WHERE id = ?1))
                     AND NOT EXISTS (SELECT 1 FROM surface WHERE surface.place = place.id AND surface.post = ?2 AND surface.kind <> 1)
                     ON CONFLICT DO NOTHING"
                ),
                params![forum.0, card.0],
            )?;
            self.count_outbox()?;
        }
        Ok(())
    }
}
