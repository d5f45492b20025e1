//! One-time codes: kept until they are used or too late.

use super::counters::Counter;
use super::db::{self, Row, params};
use super::fault::{During, Fault};
use super::tx::Tx;
use crate::forum::{IdentityId, Pact, PlaceId, Side, Speaker, Timestamp, pact};

/// What a code joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Two accounts: its sides are identities.
    Persons,
    /// Two forums.
    Forums,
}

impl CodeKind {
    const fn column(self) -> i64 {
        match self {
            Self::Persons => 0,
            Self::Forums => 1,
        }
    }
}

/// Reads one side of a code from five columns, the first of which is at `at`.
fn side(row: &Row<'_>, at: usize) -> db::Result<Side<i64>> {
    let by = match (row.get(at + 2)?, row.get(at + 3)?) {
        (Some(identity), Some(place)) => Some(Speaker {
            identity: IdentityId(identity),
            place: PlaceId(place),
        }),
        _ => None,
    };
    Ok(Side {
        is: row.get(at)?,
        agrees: row.get(at + 1)?,
        by,
        told: row.get::<_, Option<i64>>(at + 4)?.map(IdentityId),
    })
}

impl Tx<'_> {
    /// A code of this kind; its sides are row ids.
    pub fn code(&self, kind: CodeKind, code: &str) -> Result<Option<Pact<i64>>, Fault> {
        self.one(
            "reading a code",
            "SELECT until, used, maker, maker_agrees, maker_by, maker_place, maker_told,
                 taker, taker_agrees, taker_by, taker_place, taker_told
             FROM code WHERE code = ?1 AND kind = ?2",
            params![code, kind.column()],
            |row| {
                Ok(Pact {
                    until: Timestamp(row.get(0)?),
                    used: row.get(1)?,
                    maker: side(row, 2)?,
                    taker: match row.get::<_, Option<i64>>(7)? {
                        Some(_) => Some(side(row, 7)?),
                        None => None,
                    },
                })
            },
        )
    }

    /// Keeps a code as it is now. A new one takes the place of those that its side made and that were not used; those that have been too late for
    /// a day go.
    pub fn set_code(
        &self,
        kind: CodeKind,
        code: &str,
        pact: &Pact<i64>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        self.run(
            "forgetting old codes",
            "DELETE FROM code WHERE until < ?1 OR (kind = ?2 AND maker = ?3 AND used = 0 AND code <> ?4)",
            params![now.0.saturating_sub(DAY), kind.column(), pact.maker.is, code],
        )?;
        let by = |side: Option<&Side<i64>>| side.and_then(|side| side.by);
        let (maker, taker) = (&pact.maker, pact.taker.as_ref());
        self.run(
            "keeping a code",
            "INSERT INTO code (code, kind, until, used, maker, maker_agrees, maker_by, maker_place, maker_told,
                 taker, taker_agrees, taker_by, taker_place, taker_told)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (code) DO UPDATE SET used = excluded.used,
                 maker = excluded.maker, maker_agrees = excluded.maker_agrees, maker_by = excluded.maker_by,
                 maker_place = excluded.maker_place, maker_told = excluded.maker_told,
                 taker = excluded.taker, taker_agrees = excluded.taker_agrees, taker_by = excluded.taker_by,
                 taker_place = excluded.taker_place, taker_told = excluded.taker_told",
            params![
                code,
                kind.column(),
                pact.until.0,
                pact.used,
                maker.is,
                maker.agrees,
                maker.by.map(|by| by.identity.0),
                maker.by.map(|by| by.place.0),
                maker.told.map(|told| told.0),
                taker.map(|taker| taker.is),
                taker.is_some_and(|taker| taker.agrees),
                by(taker).map(|by| by.identity.0),
                by(taker).map(|by| by.place.0),
                taker.and_then(|taker| taker.told).map(|told| told.0),
            ],
        )
        .map(drop)
    }

    /// When a person last said codes that were none, by whichever account, the newest first, as many as matter to [`pact::waits_until`].
    pub fn wrong_codes(&self, identity: IdentityId) -> Result<Vec<Timestamp>, Fault> {
        self.sql(
            "SELECT wrong_code.at FROM identity AS own JOIN identity AS account
                 ON account.id = own.id OR account.person = own.person
             JOIN wrong_code ON wrong_code.identity = account.id
             WHERE own.id = ?1 ORDER BY wrong_code.at DESC LIMIT ?2",
        )
        .and_then(|mut found| {
            found
                .query_map(params![identity.0, pact::WRONG_MOST], |row| {
                    row.get(0).map(Timestamp)
                })?
                .collect()
        })
        .during("counting wrong codes")
    }

    /// Keeps that somebody said a code that was none, and forgets what counts no more.
    pub fn said_wrong_code(&self, identity: IdentityId, now: Timestamp) -> Result<(), Fault> {
        self.run(
            "forgetting wrong codes",
            "DELETE FROM wrong_code WHERE identity = ?1 AND at <= ?2",
            params![identity.0, now.0.saturating_sub(pact::WRONG_WITHIN)],
        )?;
        self.run(
            "keeping a wrong code",
            "INSERT INTO wrong_code (id, identity, at) VALUES (?1, ?2, ?3)",
            params![self.next_id(Counter::WrongCode)?, identity.0, now.0],
        )
        .map(drop)
    }
}
