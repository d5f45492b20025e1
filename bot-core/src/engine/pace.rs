//! How often a card may be edited: the first edit at once, the next after a pause that grows while changes keep coming.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::forum::SurfaceId;
use crate::platform::Pace;

/// The cards that were edited lately, or that could not be.
#[derive(Debug, Default)]
pub(super) struct Paces(HashMap<SurfaceId, Pause>);

/// A card's pause.
#[derive(Clone, Copy, Debug)]
struct Pause {
    /// No edit before.
    until: Instant,
    /// How long the pause is.
    length: Duration,
}

impl Paces {
    /// When the card may be edited; none for at once.
    pub(super) fn wait(&self, card: SurfaceId, now: Instant) -> Option<Instant> {
        self.0
            .get(&card)
            .map(|pause| pause.until)
            .filter(|until| *until > now)
    }

    /// The card was edited: the next edit waits twice as long if this one came as soon as it could, else as the first.
    pub(super) fn edited(&mut self, card: SurfaceId, pace: Pace, now: Instant) {
        let length = match self.0.get(&card) {
            Some(pause) if now < pause.until + pause.length => (pause.length * 2).min(pace.most),
            Some(_) | None => pace.least,
        };
        self.0.insert(
            card,
            Pause {
                until: now + length,
                length,
            },
        );
    }

    /// The card could not be edited: try again later, each time later.
    pub(super) fn failed(&mut self, card: SurfaceId, after: Option<Duration>, now: Instant) {
        const FIRST: Duration = Duration::from_secs(1);
        const MOST: Duration = Duration::from_secs(300);
        let length = self
            .0
            .get(&card)
            .map_or(FIRST, |pause| (pause.length * 2).clamp(FIRST, MOST));
        self.0.insert(
            card,
            Pause {
                until: now + after.unwrap_or(length).min(MOST),
                length,
            },
        );
    }

    /// Forgets the cards that have been quiet for long.
    pub(super) fn tidy(&mut self, now: Instant) {
        self.0
            .retain(|_, pause| now < pause.until + pause.length * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace {
        least: Duration::from_secs(2),
        most: Duration::from_secs(60),
    };
    const CARD: SurfaceId = SurfaceId(1);

    #[test]
    fn pauses_grow_under_a_storm_and_shrink_back_with_quiet() {
        let mut paces = Paces::default();
        let mut now = Instant::now();
        assert_eq!(paces.wait(CARD, now), None);
        let mut pauses = Vec::new();
        for _ in 0..7 {
            paces.edited(CARD, PACE, now);
            let until = paces.wait(CARD, now).expect("a pause");
            pauses.push((until - now).as_secs());
            now = until;
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60]);
        now += Duration::from_secs(61);
        paces.edited(CARD, PACE, now);
        assert_eq!(paces.wait(CARD, now), Some(now + Duration::from_secs(2)));
        paces.tidy(now + Duration::from_secs(10));
        assert_eq!(paces.wait(CARD, now), None);
    }
}
