//! Waiting between tries: longer after each failure, never all at the same moment.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// How long to wait before the next try.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
}

impl Backoff {
    /// Begins at `first`, doubles, stays at `most`.
    pub(crate) const fn new(first: Duration, most: Duration) -> Self {
        Self {
            first,
            most,
            next: first,
        }
    }

    /// The wait before the next try: at least what the platform asked for, and between half and all of the own measure.
    pub(crate) fn wait(&mut self, asked: Option<Duration>) -> Duration {
        let measure = self.next;
        self.next = (measure * 2).min(self.most);
        let half = measure / 2;
        let spread = u64::try_from(half.as_millis()).unwrap_or(u64::MAX).max(1);
        // Not secret, only different from the others who wait.
        let jitter = Duration::from_millis(RandomState::new().hash_one(()) % spread);
        (half + jitter).max(asked.unwrap_or_default())
    }

    /// Begins anew, after a success.
    pub(crate) const fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_most_and_begin_anew() {
        let second = Duration::from_secs(1);
        let mut backoff = Backoff::new(second, 4 * second);
        for measure in [1, 2, 4, 4] {
            let wait = backoff.wait(None);
            assert!(
                wait >= measure * second / 2 && wait <= measure * second,
                "{wait:?}"
            );
        }
        backoff.reset();
        assert!(backoff.wait(None) <= second);
        assert_eq!(backoff.wait(Some(60 * second)), 60 * second);
    }
}
