//! Checkpoints, off the commit path: a thread of its own moves the write-ahead log into the database file.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

/// After how many commits the log is looked at.
const COMMITS: u32 = 200;

/// The checkpointing thread; ends and is waited for when dropped.
pub(super) struct Checkpointer {
    commits: u32,
    ask: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own to the database. Without a thread the log only grows.
    pub(super) fn start(path: &Path) -> Self {
        let (ask, asked) = sync_channel(1);
        let path = path.to_owned();
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || work(path, &asked))
            .inspect_err(|error| tracing::error!(%error, "no thread for checkpoints"))
            .ok();
        Self {
            commits: 0,
            ask: Some(ask),
            thread,
        }
    }

    /// Tells it of a commit.
    pub(super) fn nudge(&mut self) {
        self.commits += 1;
        if self.commits < COMMITS {
            return;
        }
        if let Some(ask) = &self.ask
            && !matches!(ask.try_send(()), Err(TrySendError::Full(())))
        {
            self.commits = 0;
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.ask.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpointing thread panicked");
        }
    }
}

fn work(path: PathBuf, asked: &Receiver<()>) {
    let conn = match Connection::open(&path) {
        Ok(conn) => conn,
        Err(error) => {
            tracing::error!(%error, "no connection for checkpoints");
            return;
        }
    };
    while asked.recv().is_ok() {
        let checkpoint = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if let Err(error) = checkpoint {
            tracing::warn!(%error, "the write-ahead log could not be checkpointed");
        }
    }
}
