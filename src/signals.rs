//! Ctrl-C and SIGTERM: the first asks for a clean stop, the second ends the process at once.

use std::convert::Infallible;
use std::io;
use std::thread;

use anyhow::{Context as _, Result, bail};
use bot_core::engine::{Stop, Stopper, stop};
use tokio::runtime::Runtime;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// Does some work that hears of the stop when a signal asks for it, until it is done.
pub async fn guard<T, F: Future<Output = T>>(work: impl FnOnce(Stop) -> F) -> io::Result<T> {
    let signals = Signals::listen()?;
    let (stopper, stop) = stop();
    tokio::select! {
        done = work(stop) => Ok(done),
        never = signals.heed(&stopper) => match never {},
    }
}

/// Does some work that blocks and hears of the stop when a signal asks for it, until it is done.
pub fn blocking<T: Send + 'static>(work: impl FnOnce(Stop) -> T + Send + 'static) -> Result<T> {
    let done = runtime()?.block_on(guard(|stop| tokio::task::spawn_blocking(|| work(stop))));
    done.context("listening for Ctrl-C")?
        .context("what was begun ended before it was done")
}

/// Does some work that blocks, and is left where it is when a signal asks for the end: it may wait for somebody who never comes.
pub fn or_leave<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let (tell, told) = oneshot::channel();
    runtime()?.block_on(async {
        let mut signals = Signals::listen().context("listening for Ctrl-C")?;
        thread::spawn(move || tell.send(work()));
        tokio::select! {
            done = told => done.context("what was begun ended before it was done")?,
            () = signals.next() => bail!("stopped before the end"),
        }
    })
}

/// What listens, on this thread.
fn runtime() -> Result<Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.context("starting to listen for Ctrl-C")
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
