//! Time as tests want it: it stands still until it is moved.

use jiff::Timestamp;

use crate::id::EPOCH;

/// Where every clock starts: 2026-03-02T09:00:00Z, in Unix milliseconds.
pub(crate) const START: i64 = 1_772_442_000_000;

/// When the first guild was made: before the start, at a moment with which that guild is shard 0's, whatever the count up to 10.
pub(crate) const FIRST_GUILD: i64 = EPOCH + 349_272_000_000;

/// How long an interaction may stay without a first response.
pub(crate) const FIRST_RESPONSE: i64 = 3_000;

/// How long the token of an interaction is good for.
pub(crate) const TOKEN_LIFE: i64 = 15 * 60 * 1_000;

/// A moment as Discord writes it.
pub(crate) fn written(millis: i64) -> String {
    Timestamp::from_millisecond(millis)
        .expect("the clock starts in 2026 and is moved by minutes")
        .strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00")
        .to_string()
}
