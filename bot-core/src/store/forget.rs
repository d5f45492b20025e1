//! What is to be gone from every file of the storage folder: written with the change that takes it away, kept until it is gone.
//! A row holds no text.

use super::db::{self, Connection, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::{IdentityId, PostId, Seq, Timestamp};

/// What took something away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Gone {
    /// A post was withdrawn.
    Withdrawn,
    /// A post was hidden: its text stays in the database, and leaves the search index.
    Hidden,
    /// An edit was removed, that which this event had made.
    Edit(String),
}

impl Gone {
    /// As the columns `kind` and `event` say it.
    fn columns(&self) -> (i64, &str) {
        match self {
            Self::Withdrawn => (0, ""),
            Self::Hidden => (1, ""),
            Self::Edit(event) => (2, event),
        }
    }

    fn read(kind: i64, event: String) -> Self {
        match kind {
            0 => Self::Withdrawn,
            1 => Self::Hidden,
            _ => Self::Edit(event),
        }
    }
}

/// Something that is to be gone from every file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgetting {
    /// The post.
    pub post: PostId,
    /// When it was posted.
    pub at: Timestamp,
    /// By whom.
    pub author: IdentityId,
    /// The question that it is or hangs on: the search index has the texts of both in one document.
    pub question: PostId,
    /// What took it away.
    pub gone: Gone,
    /// The change that did.
    pub seq: Seq,
}

impl Tx<'_> {
    /// Notes that a post's text, or one of its texts, is to be gone from every file.
    pub(super) fn forget_text(&self, post: PostId, gone: &Gone) -> Result<(), Fault> {
        let (kind, event) = gone.columns();
        self.run(
            "noting what is to be forgotten",
            "INSERT INTO forgetting (post, kind, event, question, seq)
             SELECT id, ?2, ?3, question, ?4 FROM post WHERE id = ?1
             ON CONFLICT (post, kind, event) DO UPDATE SET seq = excluded.seq",
            params![post.0, kind, event, self.newest().unwrap_or_default().0],
        )
        .map(drop)
    }

    /// Notes that these are gone.
    pub fn forgotten(&self, gone: &[Forgetting]) -> Result<(), Fault> {
        forgotten(self.conn, gone).during("noting what is forgotten")
    }
}

/// Notes that these are gone; what was taken away once more meanwhile stays to be done.
pub(super) fn forgotten(conn: &Connection, gone: &[Forgetting]) -> db::Result<()> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM forgetting WHERE post = ?1 AND kind = ?2 AND event = ?3 AND seq = ?4",
    )?;
    for one in gone {
        let (kind, event) = one.gone.columns();
        statement.execute(params![one.post.0, kind, event, one.seq.0])?;
    }
    Ok(())
}

impl Reader {
    /// What is to be gone from every file and is not yet, `most` at most.
    pub fn forgetting(&self, most: u32) -> Result<Vec<Forgetting>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT forgetting.post, forgetting.question, forgetting.kind, forgetting.event, forgetting.seq, post.at, post.author
                 FROM forgetting CROSS JOIN post ON post.id = forgetting.post
                 ORDER BY forgetting.post, forgetting.kind, forgetting.event LIMIT ?1",
            )?
            .query_map([most], |row| {
                Ok(Forgetting {
                    post: PostId(row.get(0)?),
                    question: PostId(row.get(1)?),
                    gone: Gone::read(row.get(2)?, row.get(3)?),
                    seq: Seq(row.get(4)?),
                    at: Timestamp(row.get(5)?),
                    author: IdentityId(row.get(6)?),
                })
            })?
            .collect()
        })
        .during("reading what is to be forgotten")
    }
}
