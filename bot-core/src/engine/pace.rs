//! How often a card may be edited: the first edit at once, the next after a pause that grows while changes keep coming.
//! A card whose post was hidden or taken back waits for no such pause, since its text is to go; only for a failure.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::forum::{Condition, SurfaceId};
use crate::platform::Pace;

/// The first pause after a failure, and the longest.
const FAILED: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));

/// The cards that were edited lately, or that could not be.
#[derive(Debug, Default)]
pub(super) struct Paces {
    edited: HashMap<SurfaceId, Pause>,
    failed: HashMap<SurfaceId, Pause>,
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
        let pauses = edited.into_iter().chain(self.failed.get(&card));
        pauses
            .map(|pause| pause.until)
            .max()
            .filter(|until| *until > now)
    }

    /// The card was edited: the next edit waits twice as long if this one came as soon as it could, else as the first.
    pub(super) fn edited(&mut self, card: SurfaceId, pace: Pace, now: Instant) {
        self.failed.remove(&card);
        let length = match self.edited.get(&card) {
            Some(pause) if now < pause.until + pause.length => (pause.length * 2).min(pace.most),
            Some(_) | None => pace.least,
        };
        self.edited.insert(card, Pause::new(length, now));
    }

    /// The card could not be edited: try again later, each time later, or when we were told to.
    pub(super) fn failed(&mut self, card: SurfaceId, after: Option<Duration>, now: Instant) {
        let (first, most) = FAILED;
        let length = match self.failed.get(&card) {
            Some(pause) => (pause.length * 2).min(most),
            None => first,
        };
        let until = now + after.unwrap_or(length).min(most);
        self.failed.insert(card, Pause { until, length });
    }

    /// Forgets the cards that have been quiet for long.
    pub(super) fn tidy(&mut self, now: Instant) {
        for pauses in [&mut self.edited, &mut self.failed] {
            pauses.retain(|_, pause| now < pause.until + pause.length * 2);
        }
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

    const PACE: Pace = Pace {
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
