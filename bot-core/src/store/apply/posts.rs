//! Posts and their texts: added, edited, withdrawn.

use crate::fingerprint;
use crate::forum::{
    Author, ForumId, IdentityId, NewPost, PostId, Reason, Text, Timestamp, Title, folded,
};
use crate::store::counters::Counter;
use crate::store::db::params;
use crate::store::fault::{During, Fault};
use crate::store::rows::{self, ANSWER, COMMENT, QUESTION};
use crate::store::tx::Tx;

impl Tx<'_> {
    /// Adds a post, with its text, its tags and a score.
    pub(super) fn add(
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
        Ok(id)
    }

    /// Gives a question these tags, in their order.
    pub(in crate::store) fn set_tags(
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
    pub(super) fn edit(
        &self,
        post: PostId,
        text: &Text,
        by: IdentityId,
        at: Timestamp,
        reason: Option<&Reason>,
    ) -> Result<(), Fault> {
        let old_tags = rows::tags(self.conn, post).map(|tags| tags.join(" "));
        let old_tags = old_tags.during("reading tags")?;
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
                text.title.as_ref().map(Title::as_str),
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
    pub(super) fn withdraw(
        &self,
        post: PostId,
        by: Option<IdentityId>,
        at: Timestamp,
    ) -> Result<(), Fault> {
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
        ] {
            self.run(what, sql, [post.0])?;
        }
        Ok(())
    }
}
