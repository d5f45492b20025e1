//! What is done besides, on a thread of its own: what is to be gone for good is taken off every file, and what is kept for a time only
//! goes when that is over.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, UNIX_EPOCH};

use tokio::sync::oneshot;

use super::{Core, Fault};
use crate::chance::Clock;
use crate::crash::{self, Point};
use crate::forum::{PostId, Retention, Seq, Timestamp};
use crate::panics;
use crate::search::Search;
use crate::store::{self, Forgetting, Gone, HeardKey, Store};

/// How often it is looked whether something is to be gone for good. What comes meanwhile is done together.
const EVERY: Duration = Duration::from_secs(5);
/// How long until it is tried again where somebody reads what is to be wiped.
const AGAIN: Duration = Duration::from_millis(50);
/// How long whoever waits for it waits at most.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much is taken off the files at a time.
const TOGETHER: u32 = 500;
/// How often it is looked whether the end has come while the index is written anew.
const GLANCE: Duration = Duration::from_millis(200);
/// How often it is looked whether something was kept long enough.
const TIDY: Duration = Duration::from_secs(60 * 60);
/// How many events are looked at, and changed, at a time; so many changes leave the log together.
const EVENTS: u32 = 2_000;
const TOUCHED: usize = 200;
const CHANGES: u32 = 2_000;

/// The thread. Ends and is waited for when it is dropped.
pub(super) struct Housekeeping {
    ask: Option<SyncSender<oneshot::Sender<()>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread works with.
pub(super) struct House {
    pub dir: PathBuf,
    pub store: Arc<Store>,
    pub search: Search,
    pub clock: Arc<dyn Clock>,
    pub retention: Retention,
}

impl Housekeeping {
    /// Starts the thread. Without it nothing is lost: what is to be done waits for the next start.
    pub fn start(house: House) -> Self {
        let (ask, asked) = sync_channel(16);
        let ends = Arc::<AtomicBool>::default();
        let working = Working {
            house,
            ends: ends.clone(),
            tidied: None,
        };
        let thread = std::thread::Builder::new()
            .name("housekeeping".to_owned())
            .spawn(move || working.run(&asked))
            .inspect_err(|error| tracing::error!(%error, "no thread for housekeeping"))
            .ok();
        Self {
            ask: Some(ask),
            ends,
            thread,
        }
    }

    /// Has all of it done now; hears when it is.
    fn ask(&self) -> oneshot::Receiver<()> {
        let (tell, done) = oneshot::channel();
        if let Some(ask) = &self.ask {
            // A thread that is gone tells nothing, which the caller sees.
            let _ = ask.send(tell);
        }
        done
    }
}

impl Drop for Housekeeping {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Release);
        drop(self.ask.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the housekeeping thread panicked");
        }
    }
}

/// The thread's own state.
struct Working {
    house: House,
    ends: Arc<AtomicBool>,
    /// When it was last looked whether something was kept long enough.
    tidied: Option<Timestamp>,
}

impl Working {
    fn run(mut self, asked: &Receiver<oneshot::Sender<()>>) {
        loop {
            let tell = match asked.recv_timeout(EVERY) {
                Ok(tell) => Some(tell),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let patience = match tell {
                Some(_) => PATIENCE,
                None => Duration::ZERO,
            };
            self.pass(patience);
            if let Some(tell) = tell {
                // Whoever asked may have gone away.
                let _ = tell.send(());
            }
        }
    }

    /// Does all that is to be done. What fails keeps nothing else from being done.
    fn pass(&mut self, patience: Duration) {
        attempt("what is to be gone was not taken off the files", || {
            self.forget_all(patience)
        });
        let now = self.house.clock.now();
        let due = self.tidied.is_none_or(|tidied| now.since(tidied) >= TIDY);
        if due || !patience.is_zero() {
            self.tidied = Some(now);
            attempt("what was heard long ago was not forgotten", || {
                Ok(self.forget_events(now)?)
            });
            attempt(
                "the change log was not pruned",
                || Ok(self.prune_changes()?),
            );
            attempt("old copies of the database were not removed", || {
                self.remove_copies(now);
                Ok(())
            });
        }
        if !patience.is_zero() {
            // Files that a merge of segments left behind.
            self.purge(Vec::new(), Seq(0));
        }
    }

    /// Takes all off the files that is to be gone from them, as far as nobody reads it for longer than that.
    fn forget_all(&self, patience: Duration) -> Result<(), Fault> {
        let mut waited = Duration::ZERO;
        while !self.ends() {
            let gone = self.house.store.reader().forgetting(TOGETHER)?;
            if gone.is_empty() {
                break;
            }
            if !self.forget(&gone)? {
                if waited >= patience {
                    break;
                }
                std::thread::sleep(AGAIN);
                waited += AGAIN;
            }
        }
        Ok(())
    }

    fn ends(&self) -> bool {
        self.ends.load(Ordering::Acquire)
    }

    /// Takes these off the index and the database; says whether that is done.
    fn forget(&self, gone: &[Forgetting]) -> Result<bool, Fault> {
        // Before anything else, so that no backup brings it back from here on.
        crash::here(Point::BeforeErased);
        self.house.store.remember_erased(gone)?;
        crash::here(Point::ErasedKept);
        let mut questions: Vec<PostId> = gone.iter().map(|gone| gone.question).collect();
        questions.sort_unstable();
        questions.dedup();
        let seq = gone.iter().map(|gone| gone.seq).max().unwrap_or(Seq(0));
        if !self.purge(questions, seq) {
            return Ok(false);
        }
        crash::here(Point::IndexPurged);
        let (hidden, removed): (Vec<Forgetting>, Vec<_>) = gone
            .iter()
            .cloned()
            .partition(|gone| gone.gone == Gone::Hidden);
        if !hidden.is_empty() {
            let done = self.house.store.begin(1, move |tx| tx.forgotten(&hidden))?;
            done.wait()?;
        }
        Ok(removed.is_empty() || self.house.store.wipe(&removed)?)
    }

    /// Takes what these questions said earlier off the index; says whether that is done.
    fn purge(&self, questions: Vec<PostId>, seq: Seq) -> bool {
        while !self.house.search.purge(questions.clone(), seq, GLANCE) {
            if self.ends() {
                return false;
            }
        }
        true
    }

    /// What was heard long ago: who it was, and what came of it. Fails where a part of it stays.
    fn forget_events(&self, now: Timestamp) -> Result<(), store::Fault> {
        let before = now.minus(self.house.retention.heard);
        let mut failed = Ok(());
        let mut after = HeardKey::default();
        loop {
            let found = self
                .house
                .store
                .reader()
                .old_events(&after, before, EVENTS)?;
            for keys in found.keys.chunks(TOUCHED) {
                if self.ends() {
                    return failed;
                }
                let keys = keys.to_vec();
                let done = self
                    .house
                    .store
                    .begin(keys.len(), move |tx| tx.forget_events(&keys))?;
                failed = failed.and(done.wait());
            }
            match found.last {
                Some(last) => after = last,
                None => return failed,
            }
        }
    }

    /// What the index and all cards have followed, but for the newest changes.
    fn prune_changes(&self) -> Result<(), store::Fault> {
        let cards = self
            .house
            .store
            .reader()
            .prunable(self.house.retention.changes)?;
        let upto = cards.min(self.house.search.committed());
        while !self.ends() {
            let pruned = self
                .house
                .store
                .begin(1, move |tx| tx.prune_changes(upto, CHANGES))?;
            if pruned.wait()? == 0 {
                break;
            }
        }
        Ok(())
    }

    /// The copies of the database that a migration or a restore made.
    fn remove_copies(&self, now: Timestamp) {
        let Ok(files) = fs::read_dir(&self.house.dir) else {
            return;
        };
        for file in files.flatten() {
            let is_copy = store::is_copy(&file.file_name().to_string_lossy());
            let made = file.metadata().and_then(|file| file.modified()).ok();
            let made = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
            let Some(made) = made.filter(|_| is_copy) else {
                continue;
            };
            let made = Timestamp(i64::try_from(made.as_millis()).unwrap_or(i64::MAX));
            if now.since(made) < store::COPIES_KEPT {
                continue;
            }
            let path = file.path();
            match fs::remove_file(&path) {
                Ok(()) => {
                    tracing::info!(file = %path.display(), "a copy of the database from before is removed: it was kept for 7 days")
                }
                Err(error) => {
                    tracing::warn!(%error, file = %path.display(), "an old copy of the database could not be removed")
                }
            }
        }
    }
}

/// Does one part of what is to be done; says where it failed or panicked. It is tried again when it is due the next time.
fn attempt(failed: &'static str, part: impl FnOnce() -> Result<(), Fault>) {
    let done = panics::caught(part).unwrap_or_else(|panicked| Err(panicked.into()));
    if let Err(fault) = done {
        let error = &fault as &dyn std::error::Error;
        tracing::error!(error, "{failed}; trying again");
    }
}

impl Core {
    /// Has what is to be gone taken off every file now; this happens by itself within a minute. Waits until it is done, at most a minute
    /// where somebody reads it.
    pub async fn kept_house(&self) -> Result<(), Fault> {
        let asked = {
            let housekeeping = self.inner.housekeeping.lock();
            let housekeeping = housekeeping.unwrap_or_else(PoisonError::into_inner);
            housekeeping.as_ref().map(Housekeeping::ask)
        };
        match asked {
            Some(asked) => asked.await.map_err(|_| Fault::Task),
            None => Err(Fault::Task),
        }
    }
}
