//! What an import puts aside until its turn comes: on disk, so that memory stays flat however large a dump is. It is gone when it is
//! dropped, and when the process ends in any way.

use std::path::PathBuf;

use super::db::{self, CachedStatement, Connection, OptionalExtension, params};
use super::fault::{During, Fault};

/// How much of it is held in memory, in KiB.
const CACHE: &str = "PRAGMA cache_size = -16000";

const TABLES: &str = "
    CREATE TABLE name (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE vote (post INTEGER PRIMARY KEY, ups INTEGER NOT NULL, downs INTEGER NOT NULL) STRICT;
    CREATE TABLE seen (post INTEGER PRIMARY KEY, kind INTEGER NOT NULL) STRICT;
    CREATE TABLE aside (shelf INTEGER NOT NULL, post INTEGER NOT NULL, nth INTEGER NOT NULL, value BLOB NOT NULL) STRICT;";

/// Where something is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Comments.
    Comments,
    /// What was done to posts.
    History,
    /// Answers that came before their questions.
    Early,
    /// Questions that ask the same as others: what a post is put aside for, and the other.
    Links,
}

/// What a post is that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenPost {
    /// A question.
    Question,
    /// An answer.
    Answer,
    /// Something that is not taken.
    Other,
}

/// What was put aside for posts that never came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orphans {
    /// How many there are.
    pub count: u64,
    /// The posts of some of them.
    pub examples: Vec<i64>,
}

/// It.
pub struct Scratch {
    conn: Connection,
}

impl Scratch {
    /// An empty one.
    pub fn new() -> Result<Self, Fault> {
        let open = || -> db::Result<Connection> {
            let conn = Connection::open_nameless()?;
            conn.execute_batch(CACHE)?;
            conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")?;
            conn.execute_batch(TABLES)?;
            conn.execute_batch("BEGIN")?;
            conn.set_prepared_statement_cache_capacity(32);
            Ok(conn)
        };
        open()
            .during("putting aside")
            .map(|conn| Self { conn })
            .map_err(aside)
    }

    fn sql(&self, sql: &str) -> db::Result<CachedStatement<'_>> {
        self.conn.prepare_cached(sql)
    }

    fn run(&self, sql: &str, params: impl db::Params) -> Result<usize, Fault> {
        self.sql(sql)
            .and_then(|mut statement| statement.execute(params))
            .during("putting aside")
            .map_err(aside)
    }

    /// Keeps what somebody is called. Says whether they were new.
    pub fn put_name(&self, id: i64, name: &str) -> Result<bool, Fault> {
        self.run(
            "INSERT OR IGNORE INTO name (id, name) VALUES (?1, ?2)",
            params![id, name],
        )
        .map(|added| added > 0)
    }

    /// What somebody is called.
    pub fn name(&self, id: i64) -> Result<Option<String>, Fault> {
        self.sql("SELECT name FROM name WHERE id = ?1")
            .and_then(|mut found| found.query_row([id], |row| row.get(0)).optional())
            .during("looking up what was put aside")
            .map_err(aside)
    }

    /// Counts votes on a post.
    pub fn put_votes(&self, post: i64, ups: u32, downs: u32) -> Result<(), Fault> {
        self.run(
            "INSERT INTO vote (post, ups, downs) VALUES (?1, ?2, ?3)
             ON CONFLICT (post) DO UPDATE SET ups = ups + excluded.ups, downs = downs + excluded.downs",
            params![post, ups, downs],
        )
        .map(drop)
    }

    /// The votes on a post: ups and downs.
    pub fn votes(&self, post: i64) -> Result<(u32, u32), Fault> {
        self.sql("SELECT ups, downs FROM vote WHERE post = ?1")
            .and_then(|mut found| {
                found
                    .query_row([post], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()
            })
            .during("looking up what was put aside")
            .map_err(aside)
            .map(Option::unwrap_or_default)
    }

    /// Notes that a post came. Says whether it is the first of its id.
    pub fn see(&self, post: i64, seen: SeenPost) -> Result<bool, Fault> {
        self.run(
            "INSERT OR IGNORE INTO seen (post, kind) VALUES (?1, ?2)",
            params![post, seen as i64],
        )
        .map(|added| added > 0)
    }

    /// What a post was that came.
    pub fn seen(&self, post: i64) -> Result<Option<SeenPost>, Fault> {
        self.sql("SELECT kind FROM seen WHERE post = ?1")
            .and_then(|mut found| {
                found
                    .query_row([post], |row| row.get::<_, i64>(0))
                    .optional()
            })
            .during("looking up what was put aside")
            .map_err(aside)
            .map(|kind| {
                kind.map(|kind| match kind {
                    0 => SeenPost::Question,
                    1 => SeenPost::Answer,
                    _ => SeenPost::Other,
                })
            })
    }

    /// Puts something aside that belongs to a post, the `nth` of its kind.
    pub fn put(&self, shelf: Shelf, post: i64, nth: i64, value: &[u8]) -> Result<(), Fault> {
        self.run(
            "INSERT INTO aside (shelf, post, nth, value) VALUES (?1, ?2, ?3, ?4)",
            params![shelf as i64, post, nth, value],
        )
        .map(drop)
    }

    /// Makes what was put aside quick to find.
    pub fn sort(&self) -> Result<(), Fault> {
        self.conn
            .execute_batch("CREATE INDEX IF NOT EXISTS aside_post ON aside (shelf, post, nth)")
            .during("sorting what was put aside")
            .map_err(aside)
    }

    /// What was put aside for a post, in order, with its place in it.
    pub fn of(&self, shelf: Shelf, post: i64) -> Result<Vec<(i64, Vec<u8>)>, Fault> {
        self.sql("SELECT nth, value FROM aside WHERE shelf = ?1 AND post = ?2 ORDER BY nth, rowid")
            .and_then(|mut found| {
                found
                    .query_map(params![shelf as i64, post], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })?
                    .collect()
            })
            .during("looking up what was put aside")
            .map_err(aside)
    }

    /// The first thing behind this post and place of all that is on a shelf.
    pub fn next(
        &self,
        shelf: Shelf,
        after: (i64, i64),
    ) -> Result<Option<(i64, i64, Vec<u8>)>, Fault> {
        self.sql(
            "SELECT post, nth, value FROM aside WHERE shelf = ?1 AND (post, nth) > (?2, ?3) ORDER BY post, nth LIMIT 1",
        )
        .and_then(|mut found| {
            found
                .query_row(params![shelf as i64, after.0, after.1], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()
        })
        .during("looking up what was put aside")
            .map_err(aside)
    }

    /// What was put on a shelf for posts that never came.
    pub fn orphans(&self, shelf: Shelf, most: usize) -> Result<Orphans, Fault> {
        self.lonely(
            &format!(
                "FROM aside WHERE shelf = {} AND post NOT IN (SELECT post FROM seen)",
                shelf as i64
            ),
            "count(*)",
            most,
        )
    }

    /// The votes on posts that never came.
    pub fn votes_on_nothing(&self, most: usize) -> Result<Orphans, Fault> {
        self.lonely(
            "FROM vote WHERE post NOT IN (SELECT post FROM seen)",
            "coalesce(sum(ups + downs), 0)",
            most,
        )
    }

    fn lonely(&self, which: &str, count: &str, most: usize) -> Result<Orphans, Fault> {
        let read = || -> db::Result<Orphans> {
            Ok(Orphans {
                count: self
                    .sql(&format!("SELECT {count} {which}"))?
                    .query_row([], |row| row.get(0))?,
                examples: self
                    .sql(&format!(
                        "SELECT DISTINCT post {which} ORDER BY post LIMIT {most}"
                    ))?
                    .query_map([], |row| row.get(0))?
                    .collect::<db::Result<_>>()?,
            })
        };
        read().during("counting what was put aside").map_err(aside)
    }
}

/// Names the disk where what is put aside finds no room: SQLite says only that there is none.
fn aside(fault: Fault) -> Fault {
    let named = ["SQLITE_TMPDIR", "TMPDIR"]
        .iter()
        .find_map(std::env::var_os);
    let folder = named.map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
    fault.about(&folder)
}
