//! Ctrl-C and SIGTERM: the first asks for a clean stop, the second ends the process at once.

use std::convert::Infallible;
use std::io;

use bot_core::engine::{Stop, Stopper, stop};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Does some work that hears of the stop when a signal asks for it, until it is done.
pub async fn guard<T, F: Future<Output = T>>(work: impl FnOnce(Stop) -> F) -> io::Result<T> {
    let signals = Signals::listen()?;
    let (stopper, stop) = stop();
    tokio::select! {
        done = work(stop) => Ok(done),
        never = signals.heed(&stopper) => match never {},
    }
}

/// The signals that end a process, listened to from the moment this is made.
struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
}

impl Signals {
    /// Begins to listen; must be called on the runtime.
    fn listen() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one.
    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Waits for the next one.
    #[cfg(not(unix))]
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Asks for the stop at the first signal, and ends the process at the second.
    async fn heed(mut self, stopper: &Stopper) -> Infallible {
        self.next().await;
        tracing::info!("stopping: what was begun is finished first; another Ctrl-C ends at once");
        stopper.request();
        self.next().await;
        tracing::warn!("ended at once");
        std::process::exit(1);
    }
}
