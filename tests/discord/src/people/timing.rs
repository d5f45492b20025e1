//! How long the bot takes for an interaction, by the wall's clock and not by the fake's.

use std::{
    panic::Location,
    time::{Duration, Instant},
};

use tokio::time::timeout;

use super::Interaction;
use crate::{
    discord::{PATIENCE, last_words},
    world::interactions::{self, First},
};

impl Interaction {
    fn own<T>(&self, look: impl FnOnce(&interactions::Interaction) -> T) -> T {
        self.shared
            .look(|world| look(&world.interactions[&self.id]))
    }

    /// When the bot was told: when the event was put on a gateway's socket for the first time. `None` when it never was, as when
    /// no session is connected; then it may still come with a resume, or is lost.
    #[must_use]
    pub fn told_at(&self) -> Option<Instant> {
        self.own(|interaction| interaction.told)
    }

    /// When the request came that was the bot's first response.
    #[must_use]
    pub fn answered_at(&self) -> Option<Instant> {
        self.own(|interaction| interaction.answered)
    }

    /// How long the bot took from the one to the other.
    #[must_use]
    pub fn took(&self) -> Option<Duration> {
        self.own(|it| Some(it.answered?.saturating_duration_since(it.told?)))
    }

    /// Whether the bot put its answer off at first.
    #[must_use]
    pub fn was_put_off(&self) -> bool {
        let put_off = |first: &First| matches!(first, First::Deferred | First::DeferredUpdate);
        self.own(|it| it.first.as_ref().is_some_and(put_off))
    }

    /// Waits for the first response for at most so long; whether it came.
    pub fn answered_within(&self, patience: Duration) -> impl Future<Output = bool> + use<> {
        let mut bell = self.own(|interaction| interaction.bell.subscribe());
        async move {
            let answered = timeout(patience, bell.wait_for(|answered| *answered)).await;
            answered.is_ok_and(|bell| bell.is_ok())
        }
    }

    /// Waits for the first response, whatever it is. Of all ways to wait this is the cheapest: it wakes once, and not whenever
    /// anything changes.
    ///
    /// # Panics
    /// After 20 seconds.
    #[track_caller]
    pub fn answered(&self) -> impl Future<Output = ()> {
        let here = Location::caller();
        let mut bell = self.own(|interaction| interaction.bell.subscribe());
        async move {
            let answered = timeout(PATIENCE, bell.wait_for(|answered| *answered)).await;
            assert!(
                answered.is_ok(),
                "{here}: waited in vain for a response to {}\n{}",
                self.what,
                last_words(&self.shared)
            );
        }
    }
}
