//! The stop signal: asked for once, heard by every task.

use tokio::sync::watch;

/// Asks for the stop.
pub struct Stopper(watch::Sender<bool>);

/// Hears of the stop; cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// A stop signal's two ends.
#[must_use]
pub fn stop() -> (Stopper, Stop) {
    let (send, receive) = watch::channel(false);
    (Stopper(send), Stop(receive))
}

impl Stopper {
    /// Asks everybody to finish what was begun and end.
    pub fn request(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether the stop has been asked for.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the stop is asked for, or whoever could ask is gone.
    pub async fn requested(&self) {
        let mut receive = self.0.clone();
        // An error means that the other end is gone, which is a stop too.
        let _ = receive.wait_for(|stop| *stop).await;
    }
}
