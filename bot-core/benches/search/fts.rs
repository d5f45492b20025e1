//! SQLite FTS5 as it is commonly used: one table, English stemming, bm25, the words joined by OR.

use std::path::Path;

use rusqlite::Connection;

use crate::corpus::{Corpus, STOP_WORDS};

/// How a query is put.
#[derive(Clone, Copy)]
pub enum Form {
    /// All its words.
    AllWords,
    /// Without the stop words, where others are left.
    NoStopWords,
}

/// A table of documents.
pub struct Fts {
    conn: Connection,
}

impl Fts {
    pub fn build(path: &Path, corpus: &Corpus) -> Self {
        let mut conn = Connection::open(path).expect("a database can be made");
        conn.execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE VIRTUAL TABLE doc USING fts5(title, body, answers, tokenize = 'porter unicode61');",
        )
        .expect("FTS5 is there");
        let tx = conn.transaction().expect("a transaction can begin");
        for text in &corpus.documents {
            tx.prepare_cached("INSERT INTO doc VALUES (?1, ?2, ?3)")
                .and_then(|mut insert| {
                    insert.execute((&text.title, &text.body, text.answers.join("\n")))
                })
                .expect("a document can be added");
        }
        tx.commit().expect("the documents can be kept");
        conn.execute("INSERT INTO doc(doc) VALUES ('optimize')", [])
            .expect("the index can be merged");
        Self { conn }
    }

    /// The size of its index, without the texts, in bytes.
    pub fn index_size(&self) -> u64 {
        let summed = "SELECT sum(length(block)) FROM doc_data";
        let size = self.conn.query_row(summed, [], |row| row.get(0));
        size.expect("the index can be read")
    }

    pub fn search(&self, query: &str, form: Form, top: usize) -> usize {
        let words: Vec<String> = query
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let kept: Vec<&String> = match form {
            Form::AllWords => words.iter().collect(),
            Form::NoStopWords => words
                .iter()
                .filter(|word| !STOP_WORDS.contains(&word.as_str()))
                .collect(),
        };
        let kept = if kept.is_empty() {
            words.iter().collect()
        } else {
            kept
        };
        let quoted: Vec<String> = kept.iter().map(|word| format!("\"{word}\"")).collect();
        let mut statement = self
            .conn
            .prepare_cached("SELECT rowid FROM doc WHERE doc MATCH ?1 ORDER BY rank LIMIT ?2")
            .expect("the statement is sound");
        let found = statement
            .query_map((quoted.join(" OR "), top as i64), |row| {
                row.get::<_, i64>(0)
            })
            .expect("the query is sound");
        found.count()
    }
}
