//! How long to wait before what failed is tried again: twice as long after each failure, up to a most. What many do at the same moment is
//! spread, since all of them fail together when what they need is gone.

use std::time::Duration;

use crate::chance::{self, Rng, System};

/// Waits that double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubling {
    first: Duration,
    most: Duration,
}

impl Doubling {
    /// From `first` to `most`.
    #[must_use]
    pub const fn new(first: Duration, most: Duration) -> Self {
        Self { first, most }
    }

    /// The wait after a failure before which so many tries in a row failed.
    #[must_use]
    pub fn after(self, before: u32) -> Duration {
        self.first
            .saturating_mul(2_u32.saturating_pow(before))
            .min(self.most)
    }
}

/// The waits between the tries of one thing.
#[derive(Clone, Debug)]
pub struct Backoff<R = System> {
    waits: Doubling,
    /// How many tries in a row failed.
    failed: u32,
    rng: R,
}

impl<R: Rng> Backoff<R> {
    /// Before the first try. The random numbers need not be secret, only others than those of whoever else waits.
    pub const fn new(waits: Doubling, rng: R) -> Self {
        Self {
            waits,
            failed: 0,
            rng,
        }
    }

    /// A try failed: the wait before the next. At least what the platform asked for, and between half and all of the own measure.
    pub fn wait(&mut self, asked: Option<Duration>) -> Duration {
        let measure = self.waits.after(self.failed);
        self.failed = self.failed.saturating_add(1);
        let half = measure / 2;
        let spread = u64::try_from(half.as_millis()).unwrap_or(u64::MAX);
        let more = Duration::from_millis(chance::below(&mut self.rng, spread).saturating_add(1));
        (half + more.min(half)).max(asked.unwrap_or_default())
    }

    /// A try went well: the next failure is the first again.
    pub const fn reset(&mut self) {
        self.failed = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Gives the same number each time.
    struct Fixed(u64);

    impl Rng for Fixed {
        fn next(&mut self) -> u64 {
            self.0
        }
    }

    #[test]
    fn waits_double_up_to_the_most() {
        let waits = Doubling::new(SECOND, 5 * SECOND);
        let seconds = [0, 1, 2, 3, 40, u32::MAX].map(|before| waits.after(before).as_secs());
        assert_eq!(seconds, [1, 2, 4, 5, 5, 5]);
    }

    #[test]
    fn waits_are_spread_over_the_upper_half_and_begin_anew_after_a_success() {
        for (number, millis) in [
            (0, [501, 1_001, 2_001, 2_001]),
            (499, [1_000, 1_500, 2_500, 2_500]),
            (1_999, [1_000, 2_000, 4_000, 4_000]),
        ] {
            let mut backoff = Backoff::new(Doubling::new(SECOND, 4 * SECOND), Fixed(number));
            assert_eq!([(); 4].map(|()| backoff.wait(None).as_millis()), millis);
            backoff.reset();
            assert_eq!(backoff.wait(None).as_millis(), millis[0]);
        }
    }

    #[test]
    fn what_a_platform_asks_for_is_waited_for() {
        let mut backoff = Backoff::new(Doubling::new(SECOND, 4 * SECOND), Fixed(0));
        assert_eq!(backoff.wait(Some(60 * SECOND)), 60 * SECOND);
        // Not less than the own measure.
        assert_eq!(backoff.wait(Some(Duration::ZERO)).as_millis(), 1_001);
    }
}
