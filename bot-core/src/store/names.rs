//! How people are told apart: what is kept of a name so that those that look the same are found by an index, and how a name is
//! read.

use super::db::{self, Connection, Row, params};
use super::fault::{During, Fault};
use super::rows::{DELETED, IMPORTED};
use super::tx::Tx;
use crate::forum::{AccountName, IdentityId, PersonName, own_name, person_skeleton};

/// Which skeletons are kept. Another version of the rule, or of Unicode's list of look-alikes, has them all made anew.
const VERSION: &str = "1 unicode-security 0.1.3";
/// Where the store keeps that, in the ledger of no platform.
const LEDGER: (&str, &str) = ("store", "skeletons");
/// How many rows are read at once.
const PAGE: i64 = 1_000;

/// What a platform says of a person.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'n> {
    /// What people call them there; empty where it was not said.
    pub name: &'n str,
    /// The name that no other account there has, where that is not the account's key and is known.
    pub account: Option<&'n str>,
}

impl<'n> From<&'n str> for Naming<'n> {
    fn from(name: &'n str) -> Self {
        Self {
            name,
            account: None,
        }
    }
}

impl<'n> From<&'n String> for Naming<'n> {
    fn from(name: &'n String) -> Self {
        name.as_str().into()
    }
}

/// Reads a name from four columns, the first of which is at `at`: the name, the platform, the account, and whether somebody else in the
/// forum looks the same.
pub(super) fn person_name(row: &Row<'_>, at: usize) -> db::Result<PersonName> {
    let name = own_name(row.text(at)?);
    let platform = row.text(at + 1)?;
    if !acts(platform) {
        return Ok(PersonName {
            name,
            account: None,
        });
    }
    let looks_the_same: bool = row.get(at + 3)?;
    let account = match looks_the_same || name.is_empty() {
        true => row.get(at + 2)?,
        false => String::new(),
    };
    Ok(PersonName {
        name: if name.is_empty() {
            account.clone()
        } else {
            name
        },
        account: looks_the_same.then(|| AccountName {
            account,
            platform: platform.to_owned(),
        }),
    })
}

/// Whether somebody can act by an account of a platform.
fn acts(platform: &str) -> bool {
    platform != IMPORTED && platform != DELETED
}

/// What is kept to find those who look the same; none for an account by which nobody can act.
pub(super) fn skeleton_of(platform: &str, account: &str, name: &str) -> Option<String> {
    acts(platform).then(|| person_skeleton(name, account))
}

impl Tx<'_> {
    /// Brings an account's names up to date; what is not said stays.
    pub(super) fn rename(
        &self,
        identity: IdentityId,
        platform: &str,
        key: &str,
        naming: Naming<'_>,
    ) -> Result<(), Fault> {
        let skeleton = skeleton_of(platform, naming.account.unwrap_or(key), naming.name);
        self.run(
            "renaming an identity",
            "UPDATE identity SET name = ?2, account = ?3, skeleton = ?4 WHERE id = ?1",
            params![identity.0, naming.name, naming.account, skeleton],
        )
        .map(drop)
    }
}

/// Makes the skeletons of all accounts, unless they are those of this version.
pub(super) fn fill(conn: &Connection) -> Result<(), Fault> {
    const WHAT: &str = "folding names";
    let kept: Option<String> = conn
        .query_row(
            "SELECT max(value) FROM ledger WHERE platform = ?1 AND key = ?2",
            [LEDGER.0, LEDGER.1],
            |row| row.get(0),
        )
        .during(WHAT)?;
    if kept.as_deref() == Some(VERSION) {
        return Ok(());
    }
    conn.immediately(|| {
        let mut after = 0_i64;
        loop {
            let rows = page(conn, after)?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            for (id, skeleton) in rows {
                conn.prepare_cached("UPDATE identity SET skeleton = ?2 WHERE id = ?1")?
                    .execute(params![id, skeleton])?;
            }
        }
        conn.execute(
            "INSERT INTO ledger (platform, key, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (platform, key) DO UPDATE SET value = excluded.value",
            [LEDGER.0, LEDGER.1, VERSION],
        )
        .map(drop)
    })
    .during(WHAT)
}

/// Accounts behind `after`, in the order of their ids, with their skeletons.
fn page(conn: &Connection, after: i64) -> db::Result<Vec<(i64, Option<String>)>> {
    conn.prepare_cached(
        "SELECT id, platform, coalesce(account, key), name FROM identity WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?
    .query_map([after, PAGE], |row| {
        let (platform, account): (String, String) = (row.get(1)?, row.get(2)?);
        let name: String = row.get(3)?;
        Ok((row.get(0)?, skeleton_of(&platform, &account, &name)))
    })?
    .collect()
}
