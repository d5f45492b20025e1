//! The few words in which databases differ: statements are written as SQLite takes them, and this is the one place that knows what
//! PostgreSQL is given instead.
//!
//! Hints of a plan are SQLite's: there, `CROSS JOIN … ON` reads the tables in the order in which they stand, and `INDEXED BY` from this
//! index. PostgreSQL plans by its statistics.

/// A statement as PostgreSQL takes it: without hints, with `$1` for `?1`.
pub fn postgresql(sql: &str) -> String {
    let mut words = Vec::new();
    let mut rest = sql.split_whitespace().peekable();
    while let Some(word) = rest.next() {
        match word {
            "CROSS" if rest.peek() == Some(&"JOIN") => {}
            "INDEXED" if rest.peek() == Some(&"BY") => drop(rest.by_ref().take(2).last()),
            word => words.push(word.replace('?', "$")),
        }
    }
    words.join(" ")
}
