//! Gives all that a forum holds as records, as of one moment, one question after the other.

use std::ops::ControlFlow;

use super::db::{self, Connection, OptionalExtension, Row, column, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use super::record::{
    Accepted, AccountRecord, Answer, Carried, Closed, Comment, Edited, Former, Head, Item, Link,
    Moment, OriginRecord, Question, Relation, Revision, VERSION, VoteRecord, Withdrawn, WrittenIn,
};
use super::rows::{self, ANSWER, COMMENT, DUPLICATE};
use crate::forum::{Address, ForumId, Timestamp, Vote};

/// Whoever takes the records; they say whether to go on.
pub type Taker<'t> = dyn FnMut(Item) -> ControlFlow<()> + 't;

const POST: &str = "SELECT post.id, post.number, post.at, post.author, post.withdrawn_at, post.withdrawn_by,
    post.hidden_at, post.hidden_as, post.hidden_by, post.withdraw_at, text.title, text.body, text.author, text.at, text.reason,
    coalesce(score.carried_ups, 0) AS carried_ups, coalesce(score.carried_downs, 0) AS carried_downs,
    origin.name, imported.key, origin.site, imported.licence, imported.wiki,
    post.closed_at, post.closed_as, accepted.number, post.accepted_via, written_in.store, written_in.address
    FROM post LEFT JOIN text ON text.post = post.id LEFT JOIN score ON score.post = post.id
    LEFT JOIN imported ON imported.post = post.id LEFT JOIN origin ON origin.id = imported.origin
    LEFT JOIN written_in ON written_in.post = post.id
    LEFT JOIN post AS accepted ON accepted.id = post.accepted";

impl Reader {
    /// Gives a forum: what it is, who is one person, its questions in the order of their numbers with what hangs on them, and the
    /// links between them. All of it is of one moment. Says whether it was given to its end.
    pub fn export(&self, forum: ForumId, give: &mut Taker<'_>) -> Result<ControlFlow<()>, Fault> {
        self.with(|conn| {
            let head = head(conn, forum)?;
            let store = head.store.clone().unwrap_or_default();
            if give(Item::Head(head)).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            for person in persons(conn, forum)? {
                if give(Item::Person(person)).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            let mut ids =
                conn.prepare("SELECT id FROM post WHERE forum = ?1 AND kind = 0 ORDER BY number")?;
            let mut ids = ids.query([forum.0])?;
            while let Some(row) = ids.next()? {
                let Some(question) = question(conn, &store, row.get(0)?)? else {
                    continue;
                };
                if give(Item::Question(Box::new(question))).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            links(conn, forum, give)
        })
        .during("reading a forum")
    }
}

fn head(conn: &Connection, forum: ForumId) -> db::Result<Head> {
    conn.query_row(
        "SELECT forum.name, forum.questions, store.id, store.epoch FROM forum, store WHERE forum.id = ?1",
        [forum.0],
        |row| {
            Ok(Head {
                stoa: VERSION,
                forum: row.get(0)?,
                questions: row.get(1)?,
                store: row.get(2)?,
                epoch: row.get(3)?,
            })
        },
    )
}

/// The people of a forum who have several accounts, each with all of them.
fn persons(conn: &Connection, forum: ForumId) -> db::Result<Vec<Vec<AccountRecord>>> {
    let rows: Vec<(i64, AccountRecord)> = conn
        .prepare(
            "SELECT person, platform, key, name FROM identity WHERE person IN
                 (SELECT identity.person FROM membership JOIN identity ON identity.id = membership.identity WHERE membership.forum = ?1)
             ORDER BY person, id",
        )?
        .query_map([forum.0], |row| Ok((row.get(0)?, account_at(row, 1)?)))?
        .collect::<db::Result<_>>()?;
    let mut persons: Vec<(i64, Vec<AccountRecord>)> = Vec::new();
    for (person, account) in rows {
        match persons.last_mut().filter(|(last, _)| *last == person) {
            Some((_, accounts)) => accounts.push(account),
            None => persons.push((person, vec![account])),
        }
    }
    Ok(persons.into_iter().map(|(_, accounts)| accounts).collect())
}

fn links(conn: &Connection, forum: ForumId, give: &mut Taker<'_>) -> db::Result<ControlFlow<()>> {
    let mut links = conn.prepare(
        "SELECT post.number, other.number, link.kind FROM post JOIN link ON link.question = post.id JOIN post AS other ON other.id = link.other
         WHERE post.forum = ?1 AND post.kind = 0 AND other.forum = ?1 ORDER BY post.number, other.number, link.kind",
    )?;
    let mut links = links.query([forum.0])?;
    while let Some(row) = links.next()? {
        let (from, to): (u32, u32) = (row.get(0)?, row.get(1)?);
        let link = Link {
            from: format!("#{from}"),
            to: format!("#{to}"),
            kind: if row.get::<_, i64>(2)? == DUPLICATE {
                Relation::Duplicate
            } else {
                Relation::Related
            },
        };
        if give(Item::Link(link)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// A post as it is read, with what only questions have.
struct PostToExport {
    id: i64,
    common: Comment,
    title: String,
    closed: Option<Closed>,
    accepted: Option<Accepted>,
}

/// What a post that was written here is known by, where its question had another number when it was asked.
#[derive(Clone, Copy)]
struct OriginalQuestion<'s> {
    store: &'s str,
    address: Address,
}

impl OriginalQuestion<'_> {
    fn keep(asked: Option<Self>, post: &mut Comment) {
        if post.written_in.is_none() {
            post.written_in = asked.map(|asked| WrittenIn {
                store: asked.store.to_owned(),
                address: asked.address.to_string(),
            });
        }
    }

    fn at(self, address: Address) -> Self {
        Self { address, ..self }
    }
}

fn question(conn: &Connection, store: &str, id: i64) -> db::Result<Option<Question>> {
    let found = conn
        .prepare_cached(&format!("{POST} WHERE post.id = ?1"))?
        .query_row([id], |row| read(conn, row))
        .optional()?;
    let Some(mut post) = found else {
        return Ok(None);
    };
    let asked = first_number(conn, id)?.map(|number| OriginalQuestion {
        store,
        address: Address::question(number),
    });
    OriginalQuestion::keep(asked, &mut post.common);
    let mut answers = Vec::new();
    for answer in children(conn, id, ANSWER, asked)? {
        let number = answer.common.number.unwrap_or_default();
        let answered = asked.map(|asked| asked.at(asked.address.with_answer(number)));
        answers.push(Answer {
            comments: comments(conn, answer.id, answered)?,
            ..Answer::of(answer.common)
        });
    }
    Ok(Some(Question {
        title: post.title,
        tags: match post.common.body {
            Some(_) => rows::tags(conn, crate::forum::PostId(id))?,
            None => Vec::new(),
        },
        closed: post.closed,
        formerly: formerly(conn, id)?,
        accepted: post.accepted,
        comments: comments(conn, id, asked)?,
        answers,
        ..Question::of(post.common)
    }))
}

/// The number that a question was asked under, if its forum has joined another since.
fn first_number(conn: &Connection, question: i64) -> db::Result<Option<u32>> {
    conn.prepare_cached(
        "SELECT number FROM former WHERE question = ?1 AND NOT EXISTS
             (SELECT 1 FROM former AS before JOIN forum ON forum.id = before.forum
              WHERE before.question = ?1 AND forum.joined = former.forum)
         ORDER BY former.forum LIMIT 1",
    )?
    .query_row([question], |row| row.get(0))
    .optional()
}

fn comments(
    conn: &Connection,
    on: i64,
    asked: Option<OriginalQuestion<'_>>,
) -> db::Result<Vec<Comment>> {
    let comments = children(conn, on, COMMENT, asked)?;
    Ok(comments
        .into_iter()
        .map(|read| Comment::of(read.common))
        .collect())
}

/// What hangs on a post, of which it may be known by another address.
fn children(
    conn: &Connection,
    parent: i64,
    kind: i64,
    asked: Option<OriginalQuestion<'_>>,
) -> db::Result<Vec<PostToExport>> {
    let mut children: Vec<PostToExport> = conn
        .prepare_cached(&format!(
            "{POST} WHERE post.parent = ?1 AND post.kind = ?2 ORDER BY post.number"
        ))?
        .query_map(params![parent, kind], |row| read(conn, row))?
        .collect::<db::Result<_>>()?;
    for child in &mut children {
        let number = child.common.number.unwrap_or_default();
        let own = asked.map(|asked| {
            asked.at(match kind {
                ANSWER => asked.address.with_answer(number),
                _ => asked.address.with_comment(number),
            })
        });
        OriginalQuestion::keep(own, &mut child.common);
    }
    Ok(children)
}

fn read(conn: &Connection, row: &Row<'_>) -> db::Result<PostToExport> {
    let id: i64 = row.get(column!(POST, "post.id"))?;
    let (at, author): (i64, i64) = (
        row.get(column!(POST, "post.at"))?,
        row.get(column!(POST, "post.author"))?,
    );
    // What is hidden is not given away: it is exported like what was withdrawn, as no more than its number.
    let is_hidden = row
        .get::<_, Option<i64>>(column!(POST, "post.hidden_at"))?
        .is_some();
    let body: Option<String> = if is_hidden {
        None
    } else {
        row.get(column!(POST, "text.body"))?
    };
    let common = Comment {
        number: Some(row.get(column!(POST, "post.number"))?),
        id: None,
        edited: if body.is_some() {
            edited(conn, row, (author, at))?
        } else {
            None
        },
        body,
        author: account(conn, Some(author))?,
        at: Some(moment(at)),
        revisions: if is_hidden {
            Vec::new()
        } else {
            revisions(conn, id)?
        },
        votes: votes(conn, id)?,
        carried: Carried {
            ups: row.get(column!(POST, "carried_ups"))?,
            downs: row.get(column!(POST, "carried_downs"))?,
        },
        hidden: None,
        withdrawn: withdrawn(conn, row)?,
        origin: origin(row)?,
        written_in: written_in(row)?,
    };
    let accepted: Option<u32> = row.get(column!(POST, "accepted.number"))?;
    let via = row.get(column!(POST, "post.accepted_via"))?;
    let closed = row
        .get::<_, Option<i64>>(column!(POST, "post.closed_at"))?
        .zip(row.get(column!(POST, "post.closed_as"))?);
    Ok(PostToExport {
        id,
        common,
        title: if is_hidden {
            String::new()
        } else {
            row.get::<_, Option<String>>(column!(POST, "text.title"))?
                .unwrap_or_default()
        },
        closed: closed.map(|(at, why)| Closed {
            at: moment(at),
            why: rows::why(why),
        }),
        accepted: accepted.map(|answer| Accepted { answer, via }),
    })
}

fn edited(conn: &Connection, row: &Row<'_>, posted: (i64, i64)) -> db::Result<Option<Edited>> {
    let (by, at, reason): (i64, i64, Option<String>) = (
        row.get(column!(POST, "text.author"))?,
        row.get(column!(POST, "text.at"))?,
        row.get(column!(POST, "text.reason"))?,
    );
    if (by, at) == posted && reason.is_none() {
        return Ok(None);
    }
    Ok(account(conn, Some(by))?.map(|by| Edited {
        by,
        at: moment(at),
        reason,
    }))
}

fn withdrawn(conn: &Connection, row: &Row<'_>) -> db::Result<Option<Withdrawn>> {
    let hidden_at: Option<i64> = row.get(column!(POST, "post.hidden_at"))?;
    let (at, by) = match row
        .get::<_, Option<i64>>(column!(POST, "post.withdrawn_at"))?
        .or(hidden_at)
    {
        Some(at) => (
            at,
            row.get::<_, Option<i64>>(column!(POST, "post.withdrawn_by"))?
                .or(row.get(column!(POST, "post.hidden_by"))?),
        ),
        None => return Ok(None),
    };
    Ok(Some(Withdrawn {
        at: moment(at),
        by: account(conn, by)?,
    }))
}

fn origin(row: &Row<'_>) -> db::Result<Option<OriginRecord>> {
    let Some(source) = row.get(column!(POST, "origin.name"))? else {
        return Ok(None);
    };
    Ok(Some(OriginRecord {
        source,
        id: row.get(column!(POST, "imported.key"))?,
        site: row.get(column!(POST, "origin.site"))?,
        licence: row.get(column!(POST, "imported.licence"))?,
        wiki: row.get(column!(POST, "imported.wiki"))?,
    }))
}

fn written_in(row: &Row<'_>) -> db::Result<Option<WrittenIn>> {
    let Some(store) = row.get(column!(POST, "written_in.store"))? else {
        return Ok(None);
    };
    let address: String = row.get(column!(POST, "written_in.address"))?;
    let address = address.split('@').next().unwrap_or_default();
    Ok(Some(WrittenIn {
        store,
        address: address.to_owned(),
    }))
}

fn revisions(conn: &Connection, post: i64) -> db::Result<Vec<Revision>> {
    conn.prepare_cached(
        "SELECT identity.platform, identity.key, identity.name, title, body, tags, at, reason FROM revision
         JOIN identity ON identity.id = revision.author WHERE post = ?1 ORDER BY number",
    )?
    .query_map([post], |row| {
        Ok(Revision {
            by: account_at(row, 0)?,
            title: row.get(3)?,
            body: row.get(4)?,
            tags: row
                .get::<_, String>(5)?
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            at: moment(row.get(6)?),
            reason: row.get(7)?,
        })
    })?
    .collect()
}

fn votes(conn: &Connection, post: i64) -> db::Result<Vec<VoteRecord>> {
    conn.prepare_cached(
        "SELECT identity.platform, identity.key, identity.name, vote, reaction, standing FROM saying
         JOIN identity ON identity.id = saying.identity WHERE post = ?1 ORDER BY saying.nth",
    )?
    .query_map([post], |row| {
        Ok(VoteRecord {
            by: account_at(row, 0)?,
            vote: if row.get::<_, i64>(3)? > 0 {
                Vote::Up
            } else {
                Vote::Down
            },
            reaction: row.get(4)?,
            spent: !row.get::<_, bool>(5)?,
        })
    })?
    .collect()
}

fn formerly(conn: &Connection, question: i64) -> db::Result<Vec<Former>> {
    conn.prepare_cached(
        "SELECT forum.name, former.number FROM former JOIN forum ON forum.id = former.forum WHERE question = ?1 ORDER BY forum.name",
    )?
    .query_map([question], |row| {
        Ok(Former {
            forum: row.get(0)?,
            number: row.get(1)?,
        })
    })?
    .collect()
}

fn account(conn: &Connection, id: Option<i64>) -> db::Result<Option<AccountRecord>> {
    let Some(id) = id else { return Ok(None) };
    conn.prepare_cached("SELECT platform, key, name FROM identity WHERE id = ?1")?
        .query_row([id], |row| account_at(row, 0))
        .optional()
}

/// The account in three columns from here.
fn account_at(row: &Row<'_>, first: usize) -> db::Result<AccountRecord> {
    Ok(AccountRecord {
        platform: row.get(first)?,
        key: row.get(first + 1)?,
        name: row.get(first + 2)?,
    })
}

fn moment(at: i64) -> Moment {
    Moment(Timestamp(at))
}
