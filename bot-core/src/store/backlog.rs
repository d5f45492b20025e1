//! How much waits to be done on each platform.

use std::collections::BTreeMap;

use super::fault::{During, Fault};
use super::reader::Reader;

/// What waits on a platform, in its open places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// The platform's name.
    pub platform: String,
    /// Cards to be posted.
    pub cards: u64,
    /// Cards to be brought up to date.
    pub stale: u64,
    /// Messages to be taken away and threads to be named.
    pub removals: u64,
}

/// One of the counts.
type Count = fn(&mut Backlog) -> &mut u64;

impl Reader {
    /// What waits on each platform on which anything does.
    pub fn waiting(&self) -> Result<Vec<Backlog>, Fault> {
        const COUNTS: [(Count, &str); 4] = [
            (
                |waiting| &mut waiting.cards,
                "SELECT place.platform, count(*) FROM outbox JOIN place ON place.id = outbox.place
                 WHERE place.open = 1 GROUP BY place.platform",
            ),
            (
                |waiting| &mut waiting.stale,
                "SELECT place.platform, count(*) FROM surface JOIN place ON place.id = surface.place
                 WHERE place.open = 1 AND surface.stale IS NOT NULL GROUP BY place.platform",
            ),
            (
                |waiting| &mut waiting.removals,
                "SELECT place.platform, count(*) FROM text_copy JOIN place ON place.id = text_copy.place
                 WHERE place.open = 1 AND text_copy.stale IS NOT NULL GROUP BY place.platform",
            ),
            (
                |waiting| &mut waiting.removals,
                "SELECT place.platform, count(*) FROM thread_name JOIN place ON place.id = thread_name.place
                 WHERE place.open = 1 GROUP BY place.platform",
            ),
        ];
        let counted = self.with(|conn| {
            let mut all: BTreeMap<String, Backlog> = BTreeMap::new();
            for (part, sql) in COUNTS {
                let mut statement = conn.prepare_cached(sql)?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let platform: String = row.get(0)?;
                    let waiting = all.entry(platform.clone()).or_default();
                    waiting.platform = platform;
                    *part(waiting) += row.get::<_, u64>(1)?;
                }
            }
            Ok(all.into_values().collect())
        });
        counted.during("counting what waits")
    }
}
