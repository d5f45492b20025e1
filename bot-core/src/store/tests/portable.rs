//! What the store asks of its database is asked in words that PostgreSQL takes as well.

use std::collections::BTreeSet;

use postgresql::PostgreSql;

use super::plans::sources::{Statement, sources, statements};
use crate::store::db::{Connection, postgresql};
use crate::store::open;

/// Statements that only SQLite is asked: they are about its own tables.
const SQLITE_ONLY: &[&str] = &["FROM sqlite_", "FROM pragma_"];

/// The tables and indexes of a new database, as PostgreSQL has them.
fn schema(conn: &Connection) -> String {
    let mut made = conn
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, rowid")
        .expect("prepares");
    let made = made.query_map([], |row| row.get::<_, String>(0));
    let mut made: Vec<String> = made
        .expect("reads")
        .map(|sql| translated(&sql.expect("a row")))
        .collect();
    made.push(String::new());
    made.join(";\n")
}

/// What makes a table or an index, with PostgreSQL's types.
fn translated(sql: &str) -> String {
    sql.lines()
        .map(|line| line.split_once("--").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join(" ")
        .replace(") STRICT, WITHOUT ROWID", ")")
        .replace(") STRICT", ")")
        .replace(" INTEGER", " BIGINT")
        .replace(" BLOB", " BYTEA")
        .replace(" TEXT", " TEXT COLLATE \"C\"")
}

fn portable() -> Vec<Statement> {
    let all: BTreeSet<Statement> = statements();
    all.into_iter()
        .filter(|one| !SQLITE_ONLY.iter().any(|part| one.sql.contains(part)))
        .collect()
}

#[test]
fn every_statement_is_taken_by_sqlite_and_by_postgresql() {
    let dir = tempfile::tempdir().expect("a folder");
    let conn = open::writable(dir.path()).expect("opens");
    let statements = portable();
    assert!(
        statements.len() > 200,
        "the sources are read: {}",
        statements.len()
    );
    let mut wrong = Vec::new();
    for Statement { file, sql } in &statements {
        if let Err(error) = conn.prepare(sql) {
            wrong.push(format!("{file}: SQLite says: {error}\n    {sql}"));
        }
    }
    let server = PostgreSql::start().expect("PostgreSQL runs");
    server
        .run(&schema(&conn))
        .expect("the tables can be made in PostgreSQL");
    let asked: Vec<String> = statements.iter().map(|one| postgresql(&one.sql)).collect();
    for refused in server.refused(&asked).expect("PostgreSQL answers") {
        let Statement { file, sql } = &statements[refused.at];
        wrong.push(format!(
            "{file}: PostgreSQL says: {}\n    {sql}",
            refused.why
        ));
    }
    assert!(
        wrong.is_empty(),
        "{} statements are taken by one database only; ARCHITECTURE.md says what to write:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The tables whose rows have numbers, by the column that holds it.
fn numbered(conn: &Connection) -> Vec<(String, String)> {
    let mut keys = conn
        .prepare(
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND columns.name IN ('id', 'seq') AND columns.type = 'INTEGER' AND columns.pk = 1",
        )
        .expect("prepares");
    let keys = keys.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    keys.expect("reads")
        .map(|key| key.expect("a row"))
        .collect()
}

#[test]
fn every_row_that_has_a_number_gets_it_from_a_counter() {
    let dir = tempfile::tempdir().expect("a folder");
    let conn = open::writable(dir.path()).expect("opens");
    let keys = numbered(&conn);
    assert!(keys.len() > 9, "{keys:?}");
    let mut wrong = Vec::new();
    for (table, column) in &keys {
        let counted = conn.query_row("SELECT last FROM counter WHERE name = ?1", [table], |row| {
            row.get::<_, i64>(0)
        });
        if counted.is_err() {
            wrong.push(format!("{table} has no counter"));
        }
        let begin = format!("INSERT INTO {table} (");
        for Statement { file, sql } in portable() {
            let columns = sql
                .split_once(&begin)
                .and_then(|(_, rest)| rest.split_once(')'));
            if columns.is_some_and(|(columns, _)| !columns.split(", ").any(|one| one == column)) {
                wrong.push(format!(
                    "{file} leaves {column} to the database:\n    {sql}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files that say what only SQLite understands: its settings, its copies, its files, and how its writer begins.
const OF_SQLITE: &[&str] = &[
    "backup.rs",
    "checkpoint.rs",
    "open.rs",
    "reader.rs",
    "wipe.rs",
    "writer.rs",
];

#[test]
fn what_only_sqlite_understands_is_said_in_few_files() {
    let words = ["PRAGMA", "VACUUM", "BEGIN IMMEDIATE", "ATTACH", "ANALYZE"];
    let files = sources().into_iter().filter(|(_, texts)| {
        let mut texts = texts.iter();
        texts.any(|text| words.iter().any(|word| text.value.contains(word)))
    });
    let files: Vec<String> = files.map(|(file, _)| file).collect();
    assert_eq!(files, OF_SQLITE);
}
