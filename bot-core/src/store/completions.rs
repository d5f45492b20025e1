//! What people may mean by what they have typed so far: titles and tags of one forum.

use super::db::{self, Connection, OptionalExtension, Row, params};
use super::fault::{During, Fault};
use super::reader::Reader;
use crate::forum::{Address, ForumId, PostId};

/// How many of the newest questions say which tags are used much.
const TELLING: u32 = 1_000;

/// A question's address and title.
pub type Titled = (Address, String);

/// Questions of the forum ?1 that can be seen, with their titles; more conditions and an order follow.
const TITLED: &str = "SELECT post.number, text.title FROM post JOIN text ON text.post = post.id
    WHERE post.forum = ?1 AND post.kind = 0 AND post.withdrawn_at IS NULL AND post.hidden_at IS NULL
    AND text.title IS NOT NULL";

impl Reader {
    /// The titles of a forum's newest questions, the newest first.
    pub fn newest_titles(&self, forum: ForumId, most: usize) -> Result<Vec<Titled>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(&format!("{TITLED} ORDER BY post.number DESC LIMIT ?2"))?
                .query_map(params![forum.0, limit(most)], titled)?
                .collect()
        })
        .during("reading the newest titles")
    }

    /// The titles of a forum's questions whose numbers begin with the digits of `number`, the least number first.
    pub fn titles_by_number(
        &self,
        forum: ForumId,
        number: u32,
        most: usize,
    ) -> Result<Vec<Titled>, Fault> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(&format!(
                "{TITLED} AND post.number BETWEEN ?2 AND ?3 ORDER BY post.number LIMIT ?4"
            ))?;
            let (mut titles, mut first, mut many) = (Vec::new(), i64::from(number), 1);
            while titles.len() < most && first <= i64::from(u32::MAX) {
                let left = limit(most.saturating_sub(titles.len()));
                for row in
                    statement.query_map(params![forum.0, first, first + many - 1, left], titled)?
                {
                    titles.push(row?);
                }
                (first, many) = (first * 10, many * 10);
            }
            Ok(titles)
        })
        .during("reading titles by number")
    }

    /// The titles of these questions, in their order; those that can't be seen in the forum are left out.
    pub fn titles_of(&self, forum: ForumId, questions: &[PostId]) -> Result<Vec<Titled>, Fault> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(&format!("{TITLED} AND post.id = ?2"))?;
            let mut titles = Vec::with_capacity(questions.len());
            for question in questions {
                titles.extend(
                    statement
                        .query_row(params![forum.0, question.0], titled)
                        .optional()?,
                );
            }
            Ok(titles)
        })
        .during("reading titles")
    }

    /// Those of these tags that a question has which can be seen in the forum, in their order.
    pub fn tags_in_use(&self, forum: ForumId, tags: Vec<String>) -> Result<Vec<String>, Fault> {
        self.with(|conn| {
            let mut statement =
                conn.prepare_cached(&format!("{TAGGED} AND tag.name = ?2 LIMIT 1"))?;
            let mut used = Vec::with_capacity(tags.len());
            for tag in tags {
                if statement.exists(params![forum.0, tag])? {
                    used.push(tag);
                }
            }
            Ok(used)
        })
        .during("reading whether tags are used")
    }

    /// The tags of a forum that begin so: first those that its newest 1,000 questions have most, then by name.
    pub fn tags_from(
        &self,
        forum: ForumId,
        begin: &str,
        most: usize,
    ) -> Result<Vec<String>, Fault> {
        self.with(|conn| {
            let mut tags: Vec<String> = conn
                .prepare_cached(
                    "SELECT tag.name FROM (SELECT id FROM post WHERE forum = ?1 AND kind = 0
                         AND withdrawn_at IS NULL AND hidden_at IS NULL ORDER BY number DESC LIMIT ?4) AS recent
                     JOIN tag ON tag.post = recent.id WHERE substr(tag.name, 1, length(?2)) = ?2
                     GROUP BY tag.name ORDER BY count(*) DESC, tag.name LIMIT ?3",
                )?
                .query_map(params![forum.0, begin, limit(most), TELLING], |row| row.get(0))?
                .collect::<db::Result<_>>()?;
            let mut last = first_tag(conn, forum, begin)?;
            while tags.len() < most
                && let Some(name) = last.filter(|name| name.starts_with(begin))
            {
                last = tag_after(conn, forum, &name)?;
                if !tags.contains(&name) {
                    tags.push(name);
                }
            }
            Ok(tags)
        })
        .during("reading tags")
    }
}

/// The tags of the forum ?1 that a question has which can be seen; where they begin, and their order, follow. Withdrawn questions
/// have none.
const TAGGED: &str = "SELECT tag.name FROM tag CROSS JOIN post ON post.id = tag.post
    WHERE tag.forum = ?1 AND post.hidden_at IS NULL";

fn first_tag(conn: &Connection, forum: ForumId, from: &str) -> db::Result<Option<String>> {
    conn.prepare_cached(&format!(
        "{TAGGED} AND tag.name >= ?2 ORDER BY tag.name LIMIT 1"
    ))?
    .query_row(params![forum.0, from], |row| row.get(0))
    .optional()
}

fn tag_after(conn: &Connection, forum: ForumId, name: &str) -> db::Result<Option<String>> {
    conn.prepare_cached(&format!(
        "{TAGGED} AND tag.name > ?2 ORDER BY tag.name LIMIT 1"
    ))?
    .query_row(params![forum.0, name], |row| row.get(0))
    .optional()
}

fn titled(row: &Row<'_>) -> db::Result<Titled> {
    Ok((Address::question(row.get(0)?), row.get(1)?))
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
