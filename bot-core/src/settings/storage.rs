//! The section `[storage]`: where the forum is kept.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::fault::SettingsFault;
use super::layers::Layers;
use crate::forum::Retention;

/// Where the forum is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageSettings {
    /// The folder of the database, the index and the sessions; where it is not set, the program decides.
    pub dir: Option<PathBuf>,
    /// What is kept for a time only.
    pub retention: Retention,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The fewest days: an event comes again, and a refused message is mended, within that.
const DAYS_LEAST: u32 = 1;
/// The fewest changes: cards that are on their way look at those since they were drawn.
const CHANGES_LEAST: u64 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section")]
pub(super) struct StorageSection {
    dir: Option<String>,
    keep_events_days: i64,
    keep_changes: i64,
}

impl StorageSection {
    pub(super) fn check(self, layers: &Layers) -> Result<StorageSettings, SettingsFault> {
        if self.dir.as_deref() == Some("") {
            return Err(SettingsFault::WrongValue {
                key: "storage.dir",
                origin: layers.origin("storage.dir"),
                wrong: "is empty".to_owned(),
                remedy: "name a folder, or leave it out",
            });
        }
        let wrong = |key, value: i64, remedy| SettingsFault::WrongValue {
            key,
            origin: layers.origin(key),
            wrong: format!("is {value}"),
            remedy,
        };
        let days = u32::try_from(self.keep_events_days).ok();
        let days = days.filter(|days| *days >= DAYS_LEAST).ok_or_else(|| {
            wrong(
                "storage.keep_events_days",
                self.keep_events_days,
                "write a number of days, 1 or more",
            )
        })?;
        let changes = u64::try_from(self.keep_changes).ok();
        let changes = changes.filter(|changes| *changes >= CHANGES_LEAST);
        let changes = changes.ok_or_else(|| {
            wrong(
                "storage.keep_changes",
                self.keep_changes,
                "write a number, 10000 or more",
            )
        })?;
        Ok(StorageSettings {
            retention: Retention {
                heard: DAY * days,
                changes,
            },
            dir: self.dir.map(|dir| layers.path(&dir)),
        })
    }
}
