//! What is kept for a time only: what was heard loses who it was and what came of it, and the change log what everything has followed.

use super::db::params;
use super::fault::{During, Fault};
use super::reader::Reader;
use super::tx::Tx;
use crate::forum::{Seq, Timestamp};

/// A row of the inbox by its key: the platform's name and that of the event.
pub type HeardKey = (String, String);

/// A part of the inbox that was looked through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldEvents {
    /// Those that are to lose what is known of them.
    pub keys: Vec<HeardKey>,
    /// The last row that was looked at; none where there are no more.
    pub last: Option<HeardKey>,
}

impl Reader {
    /// Looks through the inbox from behind `after`, `most` rows at a time, for what was heard before `before`.
    pub fn old_events(
        &self,
        after: &HeardKey,
        before: Timestamp,
        most: u32,
    ) -> Result<OldEvents, Fault> {
        self.with(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT platform, key, at < ?3 AND (person <> '' OR outcome <> '') FROM inbox
                 WHERE (platform, key) > (?1, ?2) ORDER BY platform, key LIMIT ?4",
            )?;
            let mut rows = statement.query(params![after.0, after.1, before.0, most])?;
            let mut found = OldEvents::default();
            while let Some(row) = rows.next()? {
                let key: HeardKey = (row.get(0)?, row.get(1)?);
                if row.get(2)? {
                    found.keys.push(key.clone());
                }
                found.last = Some(key);
            }
            Ok(found)
        })
        .during("looking through the inbox")
    }

    /// The newest change that the change log has lost.
    pub fn pruned(&self) -> Result<Seq, Fault> {
        self.with(|conn| conn.query_row("SELECT pruned FROM store", [], |row| row.get(0)))
            .during("reading how far the change log reaches back")
            .map(Seq)
    }

    /// The change up to which no card has to follow the log any more, and the newest `keep` changes are kept.
    pub fn prunable(&self, keep: u64) -> Result<Seq, Fault> {
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        self.with(|conn| {
            conn.query_row(
                "SELECT coalesce((SELECT max(seq) FROM change_log), 0),
                     coalesce((SELECT min(stale) FROM surface WHERE stale IS NOT NULL), 9223372036854775807)",
                [],
                |row| {
                    let (newest, stale): (i64, i64) = (row.get(0)?, row.get(1)?);
                    Ok(Seq(newest.saturating_sub(keep).min(stale.saturating_sub(1)).max(0)))
                },
            )
        })
        .during("reading what follows the change log")
    }
}

impl Tx<'_> {
    /// Forgets who these events were of and what came of them; that they were heard stays, so that nothing is done twice.
    pub fn forget_events(&self, keys: &[HeardKey]) -> Result<(), Fault> {
        for (platform, key) in keys {
            self.run(
                "forgetting what was heard",
                "UPDATE inbox SET person = '', outcome = '', edits = NULL, here = NULL WHERE platform = ?1 AND key = ?2",
                params![platform, key],
            )?;
        }
        Ok(())
    }

    /// Takes the oldest changes out of the log, `most` at most and none newer than `upto`; gives how many there were.
    pub fn prune_changes(&self, upto: Seq, most: u32) -> Result<usize, Fault> {
        let oldest: Option<i64> = self
            .one(
                "reading the oldest change",
                "SELECT min(seq) FROM change_log",
                [],
                |row| row.get(0),
            )?
            .flatten();
        let Some(oldest) = oldest.filter(|oldest| *oldest <= upto.0) else {
            return Ok(0);
        };
        let last = oldest.saturating_add(i64::from(most) - 1).min(upto.0);
        self.run(
            "noting how far the change log reaches back",
            "UPDATE store SET pruned = ?1 WHERE pruned < ?1",
            [last],
        )?;
        self.run(
            "pruning the change log",
            "DELETE FROM change_log WHERE seq <= ?1",
            [last],
        )
    }
}
