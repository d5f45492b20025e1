//! Numbers that are given once: the ids of rows, and the places of changes in the log. Each table has a row of `counter` with the number
//! that it was given last, so that numbers are given alike on every database, and none twice.
//!
//! Numbers may have gaps. A change that is committed later has a greater one: who follows the log by them misses none.

use std::cell::Cell;

use super::db::{self, params};
use super::fault::{During, Fault};
use super::tx::Tx;
use crate::forum::Seq;

/// How many places in the log are taken from the counter at a time. A vote then writes the counter's page once in so many times; what
/// is not used when the process ends is a gap.
const RESERVED: i64 = 64;

/// The number that was given last in the outbox, for statements that add several rows: see [`Tx::count_outbox`].
pub(super) const GIVEN: &str = "(SELECT last FROM counter WHERE name = 'outbox')";

/// A table whose rows are numbered by a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counter {
    Forum,
    Place,
    Identity,
    Member,
    Post,
    Surface,
    Outbox,
    Origin,
    WrongCode,
    TextCopy,
}

impl Counter {
    /// The name of its row, which is that of the table.
    const fn name(self) -> &'static str {
        match self {
            Self::Forum => "forum",
            Self::Place => "place",
            Self::Identity => "identity",
            Self::Member => "member",
            Self::Post => "post",
            Self::Surface => "surface",
            Self::Outbox => "outbox",
            Self::Origin => "origin",
            Self::WrongCode => "wrong_code",
            Self::TextCopy => "text_copy",
        }
    }
}

/// Places in the log that are reserved for the writer and not used yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reserved {
    /// The next one.
    next: i64,
    /// How many there are from it on.
    left: i64,
}

/// The writer's places in the log. What is undone in the database is to be undone here too: see [`Self::restore`].
#[derive(Debug, Default)]
pub(super) struct Sequence(Cell<Reserved>);

impl Sequence {
    /// What is reserved now.
    pub fn reserved(&self) -> Reserved {
        self.0.get()
    }

    /// Makes this what is reserved: what the database holds is what it was then.
    pub fn restore(&self, reserved: Reserved) {
        self.0.set(reserved);
    }

    /// Takes so many in a row, if there are as many; gives the first.
    fn take(&self, many: i64) -> Option<i64> {
        let Reserved { next, left } = self.0.get();
        if left < many {
            return None;
        }
        self.0.set(Reserved {
            next: next + many,
            left: left - many,
        });
        Some(next)
    }
}

impl Tx<'_> {
    /// The next number of a table.
    pub(super) fn next_id(&self, counter: Counter) -> Result<i64, Fault> {
        let given = self.one(
            "numbering a row",
            "UPDATE counter SET last = last + 1 WHERE name = ?1 RETURNING last",
            [counter.name()],
            |row| row.get(0),
        )?;
        given.ok_or_else(|| Fault::of_statement("numbering a row", db::Error::no_row()))
    }

    /// Notes the greatest number in the outbox, whose rows were numbered by the statement that added them, from the counter on.
    pub(super) fn count_outbox(&self) -> Result<(), Fault> {
        self.run(
            "numbering what is to be posted",
            "UPDATE counter SET last = (SELECT max(id) FROM outbox) WHERE name = 'outbox' AND last < (SELECT max(id) FROM outbox)",
            [],
        )
        .map(drop)
    }

    /// Notes the greatest number of a message that holds text, as [`Self::count_outbox`] does.
    pub(super) fn count_text_copies(&self) -> Result<(), Fault> {
        self.run(
            "numbering messages",
            "UPDATE counter SET last = (SELECT max(id) FROM text_copy) WHERE name = 'text_copy' AND last < (SELECT max(id) FROM text_copy)",
            [],
        )
        .map(drop)
    }

    /// Places in the log for so many changes, one behind the other: the first of them.
    pub(super) fn next_seq(&self, many: i64) -> Result<Seq, Fault> {
        const WHAT: &str = "numbering a change";
        if let Some(first) = self.sequence.take(many) {
            return Ok(Seq(first));
        }
        let reserved = many.max(RESERVED);
        let last: i64 = self
            .sql("UPDATE counter SET last = last + ?1 WHERE name = 'change_log' RETURNING last")
            .and_then(|mut statement| statement.query_row(params![reserved], |row| row.get(0)))
            .during(WHAT)?;
        let first = last - reserved + 1;
        self.sequence.restore(Reserved {
            next: first + many,
            left: reserved - many,
        });
        Ok(Seq(first))
    }
}
