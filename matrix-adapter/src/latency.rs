//! How long the bot itself takes: from a sync response to the request that sends the reply to something in it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Parts of each doubling: a figure is at most an eighth too high.
const PARTS: usize = 8;
/// Doublings, from one microsecond to over an hour.
const DOUBLINGS: usize = 33;

/// The shares that were measured, counted in buckets. Shared by whoever replies.
#[derive(Debug)]
pub(crate) struct Latency([AtomicU64; PARTS * DOUBLINGS]);

impl Default for Latency {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; PARTS * DOUBLINGS])
    }
}

impl Latency {
    /// Counts one.
    pub(crate) fn note(&self, share: Duration) {
        let micros = u64::try_from(share.as_micros()).unwrap_or(u64::MAX);
        let bucket = bucket(micros).min(self.0.len() - 1);
        if let Some(count) = self.0.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many were counted.
    pub(crate) fn count(&self) -> u64 {
        self.0
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .sum()
    }

    /// The share, in microseconds, that `hundredths` of all do not exceed; 0 where nothing was counted.
    pub(crate) fn percentile(&self, hundredths: u64) -> u64 {
        let wanted = (self.count() * hundredths).div_ceil(100);
        let mut seen = 0;
        for (bucket, count) in self.0.iter().enumerate() {
            seen += count.load(Ordering::Relaxed);
            if seen >= wanted && seen > 0 {
                return upper(bucket);
            }
        }
        0
    }

    /// Writes what was measured into the log.
    pub(crate) fn log(&self) {
        let replies = self.count();
        if replies > 0 {
            tracing::info!(
                replies,
                p50_us = self.percentile(50),
                p99_us = self.percentile(99),
                "the bot's own share of the replies on Matrix, from sync response to send request"
            );
        }
    }
}

/// The bucket of a figure: the first ones hold one microsecond each, later ones an eighth of a doubling.
fn bucket(micros: u64) -> usize {
    let parts = PARTS as u64;
    if micros < parts {
        return usize::try_from(micros).unwrap_or(0);
    }
    let doubling = micros.ilog2() - parts.ilog2();
    let part = usize::try_from((micros >> doubling) - parts).unwrap_or(0);
    (doubling as usize + 1) * PARTS + part
}

/// The highest figure of a bucket.
fn upper(bucket: usize) -> u64 {
    let (row, part) = (bucket / PARTS, (bucket % PARTS) as u64);
    match row.checked_sub(1) {
        None => part,
        Some(doubling) => ((PARTS as u64 + part + 1) << doubling) - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_at_most_an_eighth_too_high() {
        let latency = Latency::default();
        assert_eq!(latency.percentile(99), 0);
        for micros in 1..=10_000 {
            latency.note(Duration::from_micros(micros));
        }
        assert_eq!(latency.count(), 10_000);
        for (hundredths, exact) in [(50, 5_000), (99, 9_900)] {
            let said = latency.percentile(hundredths);
            assert!(said >= exact && said <= exact + exact / 8, "{said}");
        }
    }

    #[test]
    fn every_figure_lies_in_its_bucket() {
        for micros in [0, 1, 7, 8, 9, 15, 16, 17, 1_000, 123_456, 3_600_000_000] {
            let bucket = bucket(micros);
            assert!(upper(bucket) >= micros);
            assert!(bucket == 0 || upper(bucket - 1) < micros);
        }
    }

    #[test]
    fn what_took_for_ever_is_counted_too() {
        let latency = Latency::default();
        latency.note(Duration::MAX);
        assert_eq!(latency.count(), 1);
    }
}
