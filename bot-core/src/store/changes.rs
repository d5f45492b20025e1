//! The change log and the documents that followers of it read: the search index above all.

use std::collections::HashMap;

use super::change_log::Touch;
use super::db::{self, Connection, ErrorKind, OptionalExtension, Row, column, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use crate::forum::{ForumId, PostId, Seq};

/// Which store this is, and which copy of it: what is derived from another is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreIdentity {
    /// The store's own name, random.
    pub store: String,
    /// Another in each copy.
    pub epoch: i64,
}

/// A change as its followers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its place in the log.
    pub seq: Seq,
    /// The question that it belongs to.
    pub question: PostId,
    /// What it touched.
    pub touch: Touch,
}

/// A question with all its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionDocument {
    /// The question.
    pub question: PostId,
    /// Its forum.
    pub forum: ForumId,
    /// Its number there.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its text: Markdown.
    pub body: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Who asked.
    pub author: String,
    /// Its visible answers, oldest first.
    pub answers: Vec<AnswerText>,
    /// Its visible comments and those of its visible answers, oldest first: Markdown.
    pub comments: Vec<String>,
    /// Its votes: ups less downs.
    pub net: i64,
    /// Whether one of its visible answers is accepted.
    pub answered: bool,
    /// Whether it is there to be found.
    pub visible: bool,
}

/// An answer's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerText {
    /// Who answered.
    pub author: String,
    /// Markdown.
    pub body: String,
    /// Whether it is the accepted one.
    pub accepted: bool,
    /// Its votes: ups less downs.
    pub net: i64,
}

/// What changes about a question without its text changing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreRow {
    /// The question.
    pub question: PostId,
    /// Its votes: ups less downs.
    pub net: i64,
    /// Whether one of its visible answers is accepted.
    pub answered: bool,
    /// How many visible answers it has.
    pub answers: u32,
    /// Whether it is closed.
    pub closed: bool,
    /// The forum whose lists have it; none where it can't be seen.
    pub listed: Option<ForumId>,
    /// Its number there.
    pub number: u32,
    /// When it was asked, plus when its newest visible answer was written (if there is none, when it was asked): ms.
    pub activity: i64,
}

const DOCUMENT: &str =
    "SELECT post.id, post.forum, post.number, text.title, text.body, identity.name,
    score.ups - score.downs AS net, accepted.id, post.withdrawn_at IS NULL AND post.hidden_at IS NULL AS visible
    FROM post JOIN identity ON identity.id = post.author LEFT JOIN text ON text.post = post.id
    LEFT JOIN score ON score.post = post.id
    LEFT JOIN post AS accepted ON accepted.id = post.accepted AND accepted.hidden_at IS NULL WHERE post.kind = 0";
const SCORE: &str =
    "SELECT post.id, coalesce(score.ups - score.downs, 0) AS net, accepted.id IS NOT NULL AS answered, post.answers,
    post.closed_at IS NOT NULL AS closed,
    CASE WHEN post.withdrawn_at IS NULL AND post.hidden_at IS NULL THEN post.forum END AS listed, post.number,
    post.at + coalesce(post.answered_at, post.at) AS activity
    FROM post LEFT JOIN score ON score.post = post.id
    LEFT JOIN post AS accepted ON accepted.id = post.accepted AND accepted.hidden_at IS NULL WHERE post.kind = 0";

impl Reader {
    /// Which store this is.
    pub fn identity(&self) -> Result<StoreIdentity, Fault> {
        self.with(|conn| {
            conn.query_row("SELECT id, epoch FROM store", [], |row| {
                Ok(StoreIdentity {
                    store: row.get(0)?,
                    epoch: row.get(1)?,
                })
            })
        })
        .during("reading the store's name")
    }

    /// The newest change; 0 where there is none.
    pub fn last_seq(&self) -> Result<Seq, Fault> {
        self.with(last_seq).during("reading the newest change")
    }

    /// The changes after `seq`, oldest first, `limit` at most.
    pub fn changes_after(&self, seq: Seq, limit: usize) -> Result<Vec<Logged>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT seq, question, touch FROM change_log WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            )?
            .query_map(
                params![seq.0, i64::try_from(limit).unwrap_or(i64::MAX)],
                |row| {
                    Ok(Logged {
                        seq: Seq(row.get(0)?),
                        question: PostId(row.get(1)?),
                        touch: if row.get::<_, i64>(2)? == Touch::Text.column() {
                            Touch::Text
                        } else {
                            Touch::Score
                        },
                    })
                },
            )?
            .collect()
        })
        .during("reading the change log")
    }

    /// These questions as documents; those that do not exist are left out.
    pub fn documents(&self, ids: &[PostId]) -> Result<Vec<QuestionDocument>, Fault> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(&format!("{DOCUMENT} AND post.id = ?1"))?;
            let mut documents = Vec::with_capacity(ids.len());
            for id in ids {
                for row in statement.query_map([id.0], |row| Ok(document(row, conn)))? {
                    documents.extend(readable(*id, row?)?);
                }
            }
            Ok(documents)
        })
        .during("reading documents")
    }

    /// Questions as documents in the order of their ids, from behind `after`.
    pub fn documents_after(
        &self,
        after: PostId,
        limit: usize,
    ) -> Result<Vec<QuestionDocument>, Fault> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(&format!(
                "{DOCUMENT} AND post.id > ?1 ORDER BY post.id LIMIT ?2"
            ))?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![after.0, limit], |row| {
                Ok((PostId(row.get(0)?), document(row, conn)))
            })?;
            let mut documents = Vec::new();
            for row in rows {
                let (question, document) = row?;
                documents.extend(readable(question, document)?);
            }
            Ok(documents)
        })
        .during("reading documents")
    }

    /// The titles of these questions; those that have none are left out.
    pub fn titles(&self, ids: &[PostId]) -> Result<HashMap<PostId, String>, Fault> {
        self.with(|conn| {
            let mut statement = conn
                .prepare_cached("SELECT title FROM text WHERE post = ?1 AND title IS NOT NULL")?;
            let mut titles = HashMap::with_capacity(ids.len());
            for id in ids {
                let title = statement.query_row([id.0], |row| row.get(0)).optional()?;
                titles.extend(title.map(|title| (*id, title)));
            }
            Ok(titles)
        })
        .during("reading titles")
    }

    /// Scores in the order of the questions' ids, from behind `after`.
    pub fn scores_after(&self, after: PostId, limit: usize) -> Result<Vec<ScoreRow>, Fault> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(&format!(
                "{SCORE} AND post.id > ?1 ORDER BY post.id LIMIT ?2"
            ))?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![after.0, limit], |row| {
                Ok((PostId(row.get(0)?), score(row)))
            })?;
            let mut scores = Vec::new();
            for row in rows {
                let (question, score) = row?;
                scores.extend(readable(question, score)?);
            }
            Ok(scores)
        })
        .during("reading scores")
    }

    /// The scores of these questions.
    pub fn score_rows(&self, ids: &[PostId]) -> Result<Vec<ScoreRow>, Fault> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(&format!("{SCORE} AND post.id = ?1"))?;
            let mut rows: HashMap<PostId, ScoreRow> = HashMap::with_capacity(ids.len());
            for id in ids {
                for row in statement.query_map([id.0], |row| Ok(score(row)))? {
                    rows.extend(readable(*id, row?)?.map(|row| (*id, row)));
                }
            }
            Ok(rows.into_values().collect())
        })
        .during("reading scores")
    }
}

/// What was read of a question; none where what is kept of it makes no sense, which is said: that is a mistake in the program, and keeps
/// no other question from being found.
fn readable<T>(question: PostId, read: db::Result<T>) -> db::Result<Option<T>> {
    match read {
        Err(error) if matches!(error.kind(), ErrorKind::NoRow | ErrorKind::Value) => {
            tracing::error!(question = question.0, %error, "a question is left out of the index: it can't be read");
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// The newest change; 0 where there is none.
pub(super) fn last_seq(conn: &Connection) -> db::Result<Seq> {
    conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM change_log")?
        .query_row([], |row| row.get(0).map(Seq))
}

fn score(row: &Row<'_>) -> db::Result<ScoreRow> {
    Ok(ScoreRow {
        question: PostId(row.get(column!(SCORE, "post.id"))?),
        net: row.get(column!(SCORE, "net"))?,
        answered: row.get(column!(SCORE, "answered"))?,
        answers: row.get(column!(SCORE, "post.answers"))?,
        closed: row.get(column!(SCORE, "closed"))?,
        listed: row
            .get::<_, Option<i64>>(column!(SCORE, "listed"))?
            .map(ForumId),
        number: row.get(column!(SCORE, "post.number"))?,
        activity: row.get(column!(SCORE, "activity"))?,
    })
}

fn document(row: &Row<'_>, conn: &Connection) -> db::Result<QuestionDocument> {
    let question = PostId(row.get(column!(DOCUMENT, "post.id"))?);
    let accepted: Option<i64> = row.get(column!(DOCUMENT, "accepted.id"))?;
    let answers = conn
        .prepare_cached(
            "SELECT identity.name, text.body, post.id, coalesce(score.ups - score.downs, 0)
             FROM post JOIN text ON text.post = post.id JOIN identity ON identity.id = post.author
             LEFT JOIN score ON score.post = post.id
             WHERE post.question = ?1 AND post.kind = 1 AND post.withdrawn_at IS NULL AND post.hidden_at IS NULL
             ORDER BY post.number",
        )?
        .query_map([question.0], |row| {
            Ok(AnswerText {
                author: row.get(0)?,
                body: row.get(1)?,
                accepted: Some(row.get::<_, i64>(2)?) == accepted,
                net: row.get(3)?,
            })
        })?
        .collect::<db::Result<_>>()?;
    let comments = conn
        .prepare_cached(
            "SELECT text.body FROM post JOIN text ON text.post = post.id JOIN post AS parent ON parent.id = post.parent
             WHERE post.question = ?1 AND post.kind = 2 AND post.withdrawn_at IS NULL AND post.hidden_at IS NULL
             AND parent.hidden_at IS NULL
             ORDER BY post.id",
        )?
        .query_map([question.0], |row| row.get(0))?
        .collect::<db::Result<_>>()?;
    Ok(QuestionDocument {
        question,
        forum: ForumId(row.get(column!(DOCUMENT, "post.forum"))?),
        number: row.get(column!(DOCUMENT, "post.number"))?,
        title: row
            .get::<_, Option<String>>(column!(DOCUMENT, "text.title"))?
            .unwrap_or_default(),
        body: row
            .get::<_, Option<String>>(column!(DOCUMENT, "text.body"))?
            .unwrap_or_default(),
        tags: super::rows::tags(conn, question)?,
        author: row.get(column!(DOCUMENT, "identity.name"))?,
        answers,
        comments,
        net: row
            .get::<_, Option<i64>>(column!(DOCUMENT, "net"))?
            .unwrap_or(0),
        answered: accepted.is_some(),
        visible: row.get(column!(DOCUMENT, "visible"))?,
    })
}
