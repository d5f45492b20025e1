//! One-time codes: kept until they are used or too late.

use rusqlite::params;

use super::fault::Fault;
use super::tx::Tx;
use crate::forum::{Pact, Timestamp};

/// What a code joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Two accounts: its sides are identities.
    Persons,
    /// Two forums.
    Forums,
}

impl Kind {
    const fn column(self) -> i64 {
        match self {
            Self::Persons => 0,
            Self::Forums => 1,
        }
    }
}

impl Tx<'_> {
    /// A code of this kind; its sides are row ids.
    pub fn code(&self, kind: Kind, code: &str) -> Result<Option<Pact<i64>>, Fault> {
        self.one(
            "reading a code",
            "SELECT maker, taker, maker_agrees, taker_agrees, until, used FROM code WHERE code = ?1 AND kind = ?2",
            params![code, kind.column()],
            |row| {
                Ok(Pact {
                    maker: row.get(0)?,
                    taker: row.get(1)?,
                    maker_agrees: row.get(2)?,
                    taker_agrees: row.get(3)?,
                    until: Timestamp(row.get(4)?),
                    used: row.get(5)?,
                })
            },
        )
    }

    /// Keeps a code as it is now. A new one takes the place of those that its side made and that were not used; those that have been too late for
    /// a day go.
    pub fn set_code(
        &self,
        kind: Kind,
        code: &str,
        pact: &Pact<i64>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        self.run(
            "forgetting old codes",
            "DELETE FROM code WHERE until < ?1 OR (kind = ?2 AND maker = ?3 AND used = 0 AND code <> ?4)",
            params![now.0.saturating_sub(DAY), kind.column(), pact.maker, code],
        )?;
        self.run(
            "keeping a code",
            "INSERT INTO code (code, kind, until, maker, taker, maker_agrees, taker_agrees, used)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (code) DO UPDATE SET taker = excluded.taker, maker_agrees = excluded.maker_agrees,
                 taker_agrees = excluded.taker_agrees, used = excluded.used",
            params![
                code,
                kind.column(),
                pact.until.0,
                pact.maker,
                pact.taker,
                pact.maker_agrees,
                pact.taker_agrees,
                pact.used
            ],
        )
        .map(drop)
    }
}
