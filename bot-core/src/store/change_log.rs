//! The change log: every change in its order, with who made it and why.
//!
//! Votes have no name there: who voted is kept with the vote, as long as that stands.

use super::db::{self, params};
use super::fault::Fault;
use super::tx::Tx;
use crate::forum::{ForumId, IdentityId, PostId, Seq, Timestamp};

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

/// What happened to a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Posted,
    Edited,
    /// One of its texts was taken out that could be read, such as a removed edit.
    TextRemoved,
    Hidden,
    Unhidden,
    /// The messages that it was made from are to be taken away.
    MessagesRemoved,
    Withdrawn,
    Voted,
    Recounted,
    Accepted,
    Unaccepted,
    Closed,
    Reopened,
    Imported,
    /// Its forum joined the one that it is in now.
    Joined,
    /// Its forum left the one that it was in.
    Left,
}

impl Entry {
    /// As the column `what` says it. Rows are kept: a name stays what it is.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Edited => "edited",
            Self::TextRemoved => "text removed",
            Self::Hidden => "hidden",
            Self::Unhidden => "unhidden",
            Self::MessagesRemoved => "message removed",
            Self::Withdrawn => "withdrawn",
            Self::Voted => "voted",
            Self::Recounted => "recounted",
            Self::Accepted => "accepted",
            Self::Unaccepted => "unaccepted",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Imported => "imported",
            Self::Joined => "joined",
            Self::Left => "left",
        }
    }

    pub(super) const fn touch(self) -> Touch {
        match self {
            Self::Voted | Self::Recounted => Touch::Score,
            Self::Posted
            | Self::Edited
            | Self::TextRemoved
            | Self::Hidden
            | Self::Unhidden
            | Self::MessagesRemoved
            | Self::Withdrawn
            | Self::Accepted
            | Self::Unaccepted
            | Self::Closed
            | Self::Reopened
            | Self::Imported
            | Self::Joined
            | Self::Left => Touch::Text,
        }
    }
}

/// A row of the change log that is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LogRow<'r> {
    pub(super) entry: Entry,
    /// The account that did it; none where nobody did, or it is not known who.
    pub(super) actor: Option<IdentityId>,
    /// Why, in the actor's own words or as a fixed name.
    pub(super) reason: Option<&'r str>,
}

impl From<Entry> for LogRow<'_> {
    fn from(entry: Entry) -> Self {
        Self {
            entry,
            actor: None,
            reason: None,
        }
    }
}

impl Tx<'_> {
    /// Writes a change of a post down, and marks as stale the cards that it touches: gives its number.
    pub(super) fn log(
        &self,
        forum: ForumId,
        post: PostId,
        row: LogRow<'_>,
        at: Timestamp,
    ) -> Result<Seq, Fault> {
        const WHAT: &str = "writing the change log";
        let touch = row.entry.touch();
        let seq = self.next_seq(1)?;
        let written = self.run(
            WHAT,
            "INSERT INTO change_log (seq, forum, question, post, touch, what, at, actor, reason)
             SELECT ?6, ?1, question, id, ?3, ?4, ?5, ?7, ?8 FROM post WHERE id = ?2",
            params![
                forum.0,
                post.0,
                touch.column(),
                row.entry.name(),
                at.0,
                seq.0,
                row.actor.map(|actor| actor.0),
                row.reason
            ],
        )?;
        if written == 0 {
            return Err(Fault::of_statement(WHAT, db::Error::no_row()));
        }
        self.logged(seq);
        self.mark_stale(post, seq)?;
        if touch == Touch::Text {
            self.mark_parent_stale(post, seq)?;
        }
        Ok(seq)
    }

    /// Forgets why a post's texts were changed: a reason can tell what stood in a text that is gone.
    pub(super) fn forget_reasons(&self, post: PostId) -> Result<(), Fault> {
        self.run(
            "forgetting reasons",
            "UPDATE change_log SET reason = NULL WHERE post = ?1 AND reason IS NOT NULL",
            [post.0],
        )
        .map(drop)
    }
}
