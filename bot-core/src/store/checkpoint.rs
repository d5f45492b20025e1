//! Checkpoints, off the commit path: a thread of its own moves the write-ahead log into the database file.
//!
//! While the writer goes on, that never gets to the log's end, and a log that is never done with only grows: each commit
//! then makes the file longer, which costs the disk twice. So when the thread has moved nearly all of it, the writer moves
//! the few pages that came meanwhile, and the next commit begins the log anew, over the old one.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// After how many actions the log is moved: some six pages each, so that it stays at 50 MB. Moving it more often costs more:
/// at 500, votes from many at once came to 54 % of bare SQLite, at 2,000 to 93 % (`cargo bench -p bot-core --bench store`).
use super::db::Connection;
const ACTIONS: usize = 2_000;

/// The checkpointing thread; ends and is waited for when dropped.
pub(super) struct Checkpointer {
    actions: usize,
    ask: Option<SyncSender<()>>,
    moved: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own to the database. Without a thread the log only grows.
    pub(super) fn start(path: &Path) -> Self {
        let (ask, asked) = sync_channel(1);
        let path = path.to_owned();
        let moved = Arc::<AtomicBool>::default();
        let tell = moved.clone();
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || work(&path, &asked, &tell))
            .inspect_err(|error| tracing::error!(%error, "no thread for checkpoints"))
            .ok();
        Self {
            actions: 0,
            ask: Some(ask),
            moved,
            thread,
        }
    }

    /// Tells it of a commit of so many actions; `conn` is the writer's own, between two transactions.
    pub(super) fn committed(&mut self, actions: usize, conn: &Connection) {
        if self.moved.swap(false, Ordering::AcqRel) {
            checkpoint(conn);
        }
        self.actions += actions;
        if self.actions < ACTIONS {
            return;
        }
        if let Some(ask) = &self.ask
            && !matches!(ask.try_send(()), Err(TrySendError::Full(())))
        {
            self.actions = 0;
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

fn work(path: &Path, asked: &Receiver<()>, moved: &AtomicBool) {
    let conn = match Connection::open(path) {
        Ok(conn) => conn,
        Err(error) => {
            tracing::error!(%error, "no connection for checkpoints");
            return;
        }
    };
    while asked.recv().is_ok() {
        checkpoint(&conn);
        moved.store(true, Ordering::Release);
    }
}

/// Moves as much of the log as is not being read.
fn checkpoint(conn: &Connection) {
    if let Err(error) = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
        tracing::warn!(%error, "the write-ahead log could not be moved into the database");
    }
}
