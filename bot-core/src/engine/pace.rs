//! How often a card may be edited: the first edit at once, the next after a pause that grows while changes keep coming.
//! A card whose post was hidden or taken back waits for no such pause, since its text is to go; only for a failure.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::backoff::Doubling;
use crate::forum::{Condition, SurfaceId};
use crate::platform::EditRate;

/// The longest pause after a failure.
const LONGEST: Duration = Duration::from_secs(300);
/// The pauses after failures.
const FAILED: Doubling = Doubling::new(Duration::from_secs(1), LONGEST);

/// The cards that were edited lately, or that could not be.
#[derive(Debug, Default)]
pub(super) struct Paces {
    edited: HashMap<SurfaceId, Pause>,
    /// With how often in a row.
    failed: HashMap<SurfaceId, (Pause, u32)>,
}

/// A card's pause.
#[derive(Clone, Copy, Debug)]
struct Pause {
    /// Nothing before.
    until: Instant,
    /// How long the pause is.
    length: Duration,
}

impl Paces {
    /// When the card of a post in this condition may be edited or taken away; none for at once.
    pub(super) fn wait(&self, card: SurfaceId, post: Condition, now: Instant) -> Option<Instant> {
        let edited = match post {
            Condition::Visible => self.edited.get(&card),
            Condition::Hidden(_) | Condition::Withdrawn => None,
        };
        let failed = self.failed.get(&card).map(|(pause, _)| pause);
        let pauses = edited.into_iter().chain(failed);
        pauses
            .map(|pause| pause.until)
            .max()
            .filter(|until| *until > now)
    }

    /// The card was edited: the next edit waits twice as long if this one came as soon as it could, else as the first.
    pub(super) fn edited(&mut self, card: SurfaceId, pace: EditRate, now: Instant) {
        self.failed.remove(&card);
        let length = match self.edited.get(&card) {
            Some(pause) if now < pause.until + pause.length => (pause.length * 2).min(pace.most),
            Some(_) | None => pace.least,
        };
        self.edited.insert(card, Pause::new(length, now));
    }

    /// The card could not be edited: try again later, each time later, or when we were told to.
    pub(super) fn failed(&mut self, card: SurfaceId, after: Option<Duration>, now: Instant) {
        let before = self.failed.get(&card).map_or(0, |(_, times)| *times);
        let length = FAILED.after(before);
        let until = now + after.unwrap_or(length).min(LONGEST);
        let pause = Pause { until, length };
        self.failed.insert(card, (pause, before.saturating_add(1)));
    }

    /// Forgets the cards that have been quiet for long.
    pub(super) fn tidy(&mut self, now: Instant) {
        let is_lately = |pause: &Pause| now < pause.until + pause.length * 2;
        self.edited.retain(|_, pause| is_lately(pause));
        self.failed.retain(|_, (pause, _)| is_lately(pause));
    }
}

impl Pause {
    fn new(length: Duration, now: Instant) -> Self {
        Self {
            until: now + length,
            length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forum::{Hider, Hiding};

    const PACE: EditRate = EditRate {
        least: Duration::from_secs(2),
        most: Duration::from_secs(60),
    };
    const CARD: SurfaceId = SurfaceId(1);

    #[test]
    fn pauses_grow_under_a_storm_and_shrink_back_with_quiet() {
        let mut paces = Paces::default();
        let mut now = Instant::now();
        assert_eq!(paces.wait(CARD, Condition::Visible, now), None);
        let mut pauses = Vec::new();
        for _ in 0..7 {
            paces.edited(CARD, PACE, now);
            let until = paces.wait(CARD, Condition::Visible, now).expect("a pause");
            pauses.push((until - now).as_secs());
            now = until;
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60]);
        now += Duration::from_secs(61);
        paces.edited(CARD, PACE, now);
        assert_eq!(
            paces.wait(CARD, Condition::Visible, now),
            Some(now + Duration::from_secs(2))
        );
        paces.tidy(now + Duration::from_secs(10));
        assert_eq!(paces.wait(CARD, Condition::Visible, now), None);
    }

    #[test]
    fn what_was_taken_back_waits_for_failures_only() {
        let mut paces = Paces::default();
        let now = Instant::now();
        let wait = |paces: &Paces, post, now| paces.wait(CARD, post, now).map(|until| until - now);
        for _ in 0..7 {
            paces.edited(CARD, PACE, now);
        }
        assert_eq!(wait(&paces, Condition::Visible, now), Some(PACE.most));
        assert_eq!(wait(&paces, Condition::Withdrawn, now), None);
        let hiding = Hiding {
            by: Hider::Author,
            withdrawal: None,
        };
        assert_eq!(wait(&paces, Condition::Hidden(hiding), now), None);
        // However busy the card was, a failure is followed by a short pause first.
        let mut later = now;
        let mut pauses = Vec::new();
        for _ in 0..10 {
            paces.failed(CARD, None, later);
            let pause = wait(&paces, Condition::Withdrawn, later).expect("a pause");
            pauses.push(pause.as_secs());
            later += pause;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        let told = Duration::from_secs(7);
        paces.failed(CARD, Some(told), later);
        for post in [Condition::Visible, Condition::Withdrawn] {
            assert_eq!(wait(&paces, post, later), Some(told));
        }
        paces.edited(CARD, PACE, later);
        assert_eq!(wait(&paces, Condition::Withdrawn, later), None);
    }
}
