//! A card that an adapter brings up to date itself, because somebody pressed a button on it: what they see changes at once, with
//! the answer to them, and no edit is sent besides.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::fault::blocking;
use super::{Core, Fault};
use crate::document::Card;
use crate::forum::{Seq, SurfaceId};
use crate::platform::{MessageKey, PlaceKey, Platform, SendKey};
use crate::store::Shown;

/// The longest that a card is left to an adapter.
const PATIENCE: Duration = Duration::from_secs(3);

/// The cards that are left to adapters for the moment, until when, by how many.
pub(super) type HeldCards = Mutex<HashMap<(Platform, MessageKey), (Instant, u32)>>;

/// A card that is left to an adapter, as long as this lives, but for 3 s at most.
pub struct Drawing {
    left: Arc<HeldCards>,
    woken: watch::Sender<()>,
    card: (Platform, MessageKey),
}

/// What a card shows now.
#[derive(Clone, Debug)]
pub struct CurrentCard {
    /// The card.
    pub card: Card,
    /// The name of this drawing, as that of an edit.
    pub key: SendKey,
    surface: SurfaceId,
    seen: Seq,
    hash: i64,
}

impl Core {
    /// Leaves a card to the adapter, which is about to have something done that changes it.
    #[must_use]
    pub fn drawing(&self, platform: Platform, message: &MessageKey) -> Drawing {
        let card = (platform, message.clone());
        let until = Instant::now() + PATIENCE;
        let mut left = lock(&self.inner.left);
        let (latest, count) = left.entry(card.clone()).or_insert((until, 0));
        *latest = until;
        *count += 1;
        drop(left);
        Drawing {
            left: Arc::clone(&self.inner.left),
            woken: self.inner.woken.clone(),
            card,
        }
    }

    /// What a card shows now; none where the message is no card, or nothing is left to show.
    pub async fn drawn(
        &self,
        platform: Platform,
        place: &PlaceKey,
        message: &MessageKey,
    ) -> Result<Option<CurrentCard>, Fault> {
        let core = self.clone();
        let (place, message) = (place.clone(), message.clone());
        let drawn = blocking(move || {
            let reader = core.inner.store.reader();
            let Some(place) = reader.place(platform, &place)? else {
                return Ok(None);
            };
            let Some((surface, post)) = reader.card_at(place.id, &message)? else {
                return Ok(None);
            };
            // In this order: what changes in between is looked at once more.
            let seen = reader.last_seq()?;
            let shown = reader.shown(post)?.unwrap_or(Shown::Gone);
            let card = core.inner.card(platform, &shown, place.id)?;
            Ok(card.map(|(card, hash)| CurrentCard {
                card,
                key: core.key('e', surface, seen),
                surface,
                seen,
                hash,
            }))
        });
        drawn.await
    }

    /// The adapter has shown it.
    pub async fn was_drawn(&self, drawn: CurrentCard) -> Result<(), Fault> {
        let store = &self.inner.store;
        Ok(store
            .act(move |tx| tx.refreshed(drawn.surface, drawn.seen, drawn.hash))
            .await?)
    }

    /// Until when a card is left to an adapter.
    pub(super) fn left_until(&self, platform: Platform, message: &MessageKey) -> Option<Instant> {
        let left = lock(&self.inner.left);
        let (until, _) = left.get(&(platform, message.clone()))?;
        (*until > Instant::now()).then_some(*until)
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        let mut left = lock(&self.left);
        if let Some((_, count)) = left.get_mut(&self.card) {
            *count -= 1;
            if *count == 0 {
                left.remove(&self.card);
            }
        }
        drop(left);
        self.woken.send_replace(());
    }
}

fn lock(
    left: &HeldCards,
) -> std::sync::MutexGuard<'_, HashMap<(Platform, MessageKey), (Instant, u32)>> {
    left.lock().unwrap_or_else(PoisonError::into_inner)
}
