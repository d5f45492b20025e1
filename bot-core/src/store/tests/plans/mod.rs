//! No statement of the store costs more the more a forum has: the plan of each, on a new and on a filled database, without
//! and with statistics.
//!
//! What a statement reads must be one row of a unique key, few rows of a key that is in [`FEW`], or stand in [`GROWS`] with the
//! reason why it may grow.

mod allowed;
mod filled;
pub(super) mod sources;

use std::collections::{BTreeMap, BTreeSet};

use self::allowed::{FEW, GROWS};
use self::sources::{Statement, statements};
use crate::store::db::Connection;
use crate::store::open;

/// What one line of a plan reads.
#[derive(Debug, PartialEq, Eq)]
enum Reads {
    /// Nothing, or what another line reads.
    Nothing,
    /// One row: the first or last of an index, or that of a unique key.
    Row,
    /// As many rows as the named key has.
    Rows(String),
    /// Everything that the named table or index has.
    All(String),
}

/// A table's keys, as the plans name them.
struct Keys {
    /// The columns of each unique index, and of the primary key of a table without row ids.
    unique: BTreeMap<String, usize>,
    /// The indexes that SQLite made for constraints, by their tables: their names say nothing.
    made: BTreeMap<String, String>,
    tables: BTreeSet<String>,
    /// The indexes that have only some rows of their tables.
    partial: BTreeSet<String>,
}

impl Keys {
    fn new(conn: &Connection) -> Self {
        let read = |sql: &str| -> Vec<(String, String, usize)> {
            let mut found = conn.prepare(sql).expect("prepares");
            let rows = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            rows.expect("reads")
                .map(|row| row.expect("a row"))
                .map(|(index, table, columns): (_, _, u32)| (index, table, columns as usize))
                .collect()
        };
        let indexes = read(
            "SELECT list.name, tables.name, (SELECT count(*) FROM pragma_index_info(list.name)) FROM sqlite_schema AS tables
             JOIN pragma_index_list(tables.name) AS list WHERE tables.type = 'table' AND list.\"unique\"",
        );
        let keys = read(
            "SELECT tables.name, tables.name, (SELECT count(*) FROM pragma_table_info(tables.name) WHERE pk > 0)
             FROM sqlite_schema AS tables WHERE tables.type = 'table'",
        );
        let partial = read(
            "SELECT list.name, tables.name, 0 FROM sqlite_schema AS tables
             JOIN pragma_index_list(tables.name) AS list WHERE tables.type = 'table' AND list.partial",
        );
        Self {
            partial: partial.into_iter().map(|(index, ..)| index).collect(),
            tables: keys.iter().map(|(table, ..)| table.clone()).collect(),
            made: indexes
                .iter()
                .filter(|(index, ..)| index.starts_with("sqlite_autoindex_"))
                .map(|(index, table, _)| (index.clone(), table.clone()))
                .collect(),
            unique: indexes
                .into_iter()
                .chain(keys)
                .map(|(key, _, columns)| (key, columns))
                .collect(),
        }
    }

    /// What a line of a plan reads; `names` are the tables by the names that they have in the statement.
    fn reads(&self, line: &str, names: &BTreeMap<String, String>) -> Reads {
        assert!(
            !line.contains("AUTOMATIC"),
            "{line}: SQLite would make this index each time"
        );
        let Some((verb @ ("SEARCH" | "SCAN"), rest)) = line.split_once(' ') else {
            return Reads::Nothing;
        };
        let (name, how) = rest.split_once(' ').unwrap_or((rest, ""));
        let Some(table) = names.get(name).filter(|table| self.tables.contains(*table)) else {
            return Reads::Nothing;
        };
        let how = how.trim_end_matches("LEFT-JOIN").trim();
        let (by, given) = match how.split_once(" (") {
            Some((by, given)) => (by, Some(given.strip_suffix(')').unwrap_or(given))),
            None => (how, None),
        };
        let index = by.rsplit_once("INDEX ").map(|(_, index)| index);
        let by_row = by.contains("INTEGER PRIMARY KEY");
        let key = match index {
            Some(index) => index,
            None if by_row => "row",
            None => table,
        };
        let shown = match self.made.get(key) {
            Some(table) => table,
            None if by_row => table,
            None => key,
        };
        match (verb, given) {
            ("SEARCH", None) => Reads::Row,
            ("SEARCH", Some("rowid=?")) => Reads::Row,
            // The row's own key besides.
            ("SEARCH", Some(given)) if given.ends_with(" AND rowid=?") => Reads::Row,
            ("SEARCH", Some(given)) => {
                let whole = self.unique.get(key).is_some_and(|columns| {
                    given.split(" AND ").count() == *columns && !given.contains(['<', '>'])
                });
                match whole {
                    true => Reads::Row,
                    false => Reads::Rows(format!("{shown} ({given})")),
                }
            }
            _ if self.partial.contains(key) => Reads::All(key.to_owned()),
            _ => Reads::All(table.clone()),
        }
    }
}

/// The tables of a statement by the names that they have in it.
fn names(sql: &str) -> BTreeMap<String, String> {
    // What stands behind a parenthesis names what is in it, not the last table there.
    let spaced = sql.replace(['(', ','], " ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut names = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        if !matches!(*word, "FROM" | "JOIN" | "INTO" | "UPDATE") {
            continue;
        }
        let Some(table) = words.get(at + 1) else {
            continue;
        };
        let name = match words.get(at + 2..at + 4) {
            Some(["AS", name]) => name,
            _ => table,
        };
        let before = names.insert((*name).to_owned(), (*table).to_owned());
        assert!(
            before.is_none_or(|before| before == *table),
            "{name} names two tables: give one of them another name:\n{sql}"
        );
    }
    names
}

/// The lines of a statement's plan.
fn plan(conn: &Connection, statement: &Statement) -> Vec<String> {
    let Statement { file, sql } = statement;
    let mut explained = conn
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap_or_else(|error| panic!("{file}: {error}\n{sql}"));
    let lines = explained.query_unbound(|row| row.get(3));
    lines.expect("a plan")
}

#[test]
fn no_statement_costs_more_the_more_a_forum_has() {
    let dir = tempfile::tempdir().expect("a folder");
    let statements = statements();
    assert!(
        statements.len() > 200,
        "the sources are read: {}",
        statements.len()
    );
    let mut wrong = BTreeMap::new();
    let mut grows = BTreeSet::new();
    for database in ["new", "filled"] {
        let dir = dir.path().join(database);
        std::fs::create_dir(&dir).expect("a folder");
        let conn = open::writable(&dir).expect("opens");
        if database == "filled" {
            filled::fill(&conn);
        }
        let keys = Keys::new(&conn);
        for statistics in ["without statistics", "with statistics"] {
            if statistics == "with statistics" {
                open::keep_statistics(&conn).expect("analyses");
            }
            // The tables of the statistics are SQLite's own, and are there when there are some.
            for statement in statements
                .iter()
                .filter(|one| !one.sql.contains("FROM sqlite_stat"))
            {
                let names = names(&statement.sql);
                for line in plan(&conn, statement) {
                    let key = match keys.reads(&line, &names) {
                        Reads::Nothing | Reads::Row => continue,
                        Reads::Rows(key) => key,
                        Reads::All(table) => format!("all of {table}"),
                    };
                    if FEW.iter().any(|(known, _)| *known == key) {
                        continue;
                    }
                    let allowed = GROWS
                        .iter()
                        .position(|(part, known, _)| statement.sql.contains(part) && *known == key);
                    match allowed {
                        Some(at) => drop(grows.insert(at)),
                        None => {
                            let in_which = format!("{database} {statistics}");
                            let entry = (statement.clone(), key);
                            wrong.entry(entry).or_insert_with(Vec::new).push(in_which);
                        }
                    }
                }
            }
        }
    }
    let said: Vec<String> = wrong
        .iter()
        .map(|((statement, key), which)| {
            format!(
                "{} reads {key} ({})\n    {}",
                statement.file,
                which.join(", "),
                statement.sql
            )
        })
        .collect();
    assert!(
        said.is_empty(),
        "{} reads may grow with a forum. Give them an index or another order of joins; or put the key in FEW if there are always \
         few rows of it, or the statement in GROWS with the reason:\n{}",
        said.len(),
        said.join("\n")
    );
    let unused = GROWS
        .iter()
        .enumerate()
        .filter(|(at, _)| !grows.contains(at));
    let unused: Vec<&str> = unused.map(|(_, (part, ..))| *part).collect();
    assert!(
        unused.is_empty(),
        "no statement needs these any more: {unused:?}"
    );
}
