//! The world behind its lock, and the bell that rings whenever it changed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::world::World;

/// What the server, the gateway and people share.
#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    bell: watch::Sender<u64>,
    stop: watch::Sender<bool>,
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self {
            world: Mutex::new(world),
            bell: watch::Sender::new(0),
            stop: watch::Sender::new(false),
        }
    }

    /// Looks, and changes nothing.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the world, and wakes all who wait.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let result = change(&mut self.lock());
        self.bell.send_modify(|count| *count += 1);
        result
    }

    /// Notes what nobody waits for: no bell rings.
    pub(crate) fn note(&self, note: impl FnOnce(&mut World)) {
        note(&mut self.lock());
    }

    /// Hears of each change from now on.
    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Comes back when the fake is stopped.
    pub(crate) async fn stopped(&self) {
        // The sender lives as long as this does, so that waiting cannot fail.
        let _ = self.stop.subscribe().wait_for(|stopped| *stopped).await;
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        // A test that panicked while it looked has changed nothing by that.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
