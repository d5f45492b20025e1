//! How long what is kept for a time only is kept: settings.

use std::time::Duration;

/// How long what is kept for a time only is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Who an event was of, and what came of it.
    pub heard: Duration,
    /// How many of the newest changes stay in the change log, whether or not anything follows them still.
    pub changes: u64,
}

impl Default for Retention {
    /// 30 days, from the forum's rules, and 100,000 changes.
    fn default() -> Self {
        Self {
            heard: Duration::from_secs(30 * 24 * 60 * 60),
            changes: 100_000,
        }
    }
}
