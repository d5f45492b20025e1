//! The thread that keeps the index true: follows the store's change log from the last commit on, builds the index anew
//! where it can't be trusted, and tells when a change can be found.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::fault::{BuildProgress, RebuildReason, Rebuilt, SearchFault};
use super::home::{self, Scrutiny};
use super::keeper::{BuildFlow, Keeper, WriterPurpose, operations};
use super::purge::{Purging, Rewriting};
use super::shared::{IndexTask, Purge, SharedIndex};
use super::wait::block_on;
use crate::backoff::Doubling;
use crate::forum::{PostId, Seq};
use crate::panics;
use crate::store::{Logged, Reader, Touch};

/// How many changes are read at a time.
const PAGE: usize = 500;
/// After how many votes without a change of text the index is committed just to remember how far it has read.
const SILENT: i64 = 5_000;
/// How often it is looked whether segments that are written anew are done.
const PURGING: Duration = Duration::from_millis(100);
/// The longest wait after a fault.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The waits after faults.
const PAUSES: Doubling = Doubling::new(Duration::from_secs(1), LONGEST_PAUSE);

/// The running thread; ends when it is stopped or dropped.
#[derive(Debug)]
pub struct Indexer {
    shared: Arc<SharedIndex>,
    thread: Option<JoinHandle<()>>,
}

impl Indexer {
    /// Stops the thread and waits for it: what it had begun is committed. A build that goes on is left, and begun anew at
    /// the next start.
    pub fn stop(self) {
        drop(self);
    }

    pub(super) fn start(follower: Follower) -> Result<Self, SearchFault> {
        let shared = follower.shared.clone();
        let thread = Builder::new()
            .name("search-indexer".to_owned())
            .spawn(move || follower.run())
            .map_err(SearchFault::Thread)?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.shared.orders.send_replace(IndexTask::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that keeps the search index panicked");
        }
    }
}

/// What the thread works with.
pub(super) struct Follower {
    pub dir: PathBuf,
    pub store: Reader,
    pub announced: watch::Receiver<Seq>,
    pub orders: watch::Receiver<IndexTask>,
    pub shared: Arc<SharedIndex>,
    pub purges: watch::Receiver<Purge>,
    /// The index, unless it has to be opened again.
    pub keeper: Option<Keeper>,
    /// Why it has to be filled first, if so.
    pub unfilled: Option<RebuildReason>,
}

/// What ended a wait.
enum News {
    Changes,
    Leave(Leave),
}

/// Why changes are not followed any more.
enum Leave {
    Check,
    Stop,
}

impl From<Leave> for News {
    fn from(leave: Leave) -> Self {
        Self::Leave(leave)
    }
}

impl Follower {
    fn run(mut self) {
        let mut faults = 0_u32;
        loop {
            let begun = Instant::now();
            let served = panics::caught(|| self.serve());
            let Err(fault) = served.unwrap_or_else(|panicked| Err(panicked.into())) else {
                return;
            };
            if begun.elapsed() > LONGEST_PAUSE {
                faults = 0;
            }
            let pause = PAUSES.after(faults);
            if let SearchFault::Store(fault) = &fault
                && fault.is_fatal()
            {
                self.shared.failed.send_replace(Some(fault.clone()));
            }
            tracing::error!(
                error = &fault as &dyn std::error::Error,
                "the search index stands still; trying again in {pause:?}"
            );
            self.keeper = None;
            if self.stopped_within(pause) {
                return;
            }
            faults = faults.saturating_add(1);
        }
    }

    /// Keeps the index until told to stop.
    fn serve(&mut self) -> Result<(), SearchFault> {
        self.shared.scores.load(&self.store)?;
        let mut keeper = match self.keeper.take() {
            Some(keeper) => keeper,
            None => self.reopen(Scrutiny::Start)?,
        };
        loop {
            if let Some(why) = self.unfilled {
                match self.fill(keeper, why)? {
                    (filled, BuildFlow::On) => keeper = filled,
                    (left, BuildFlow::Stop) => return left.close(),
                }
            }
            match self.follow(&mut keeper)? {
                Leave::Stop => return keeper.close(),
                Leave::Check => {
                    keeper.close()?;
                    keeper = self.reopen(Scrutiny::Full)?;
                }
            }
        }
    }

    /// Opens the index, or makes an empty one where it can't be trusted.
    fn reopen(&mut self, scrutiny: Scrutiny) -> Result<Keeper, SearchFault> {
        let (home, why) = match home::open(&self.dir, &self.store, scrutiny)? {
            Ok(home) => (home, None),
            Err(why) => (home::create(&self.dir)?, Some(why)),
        };
        let keeper = Keeper::new(home, &self.dir, &self.store, WriterPurpose::of(why))?;
        if why.is_some() {
            self.shared.indexed.send_replace(Seq(0));
        }
        self.unfilled = why;
        self.shared.publish(keeper.snapshot()?);
        Ok(keeper)
    }

    fn fill(
        &mut self,
        keeper: Keeper,
        why: RebuildReason,
    ) -> Result<(Keeper, BuildFlow), SearchFault> {
        let begun = Instant::now();
        if why == RebuildReason::Missing {
            tracing::info!("building the search index");
        } else {
            tracing::warn!(%why, "building the search index anew");
        }
        let orders = self.orders.clone();
        let report = |documents, progress| {
            self.shared.rebuilt.send_replace(Some(Rebuilt {
                why,
                documents,
                progress,
            }));
        };
        let mut count = 0;
        report(0, BuildProgress::Going);
        let (keeper, flow) = keeper.fill(
            &self.dir,
            &self.store,
            |done| {
                count = done;
                report(done, BuildProgress::Going);
                match *orders.borrow() {
                    IndexTask::Stop => BuildFlow::Stop,
                    IndexTask::Follow | IndexTask::Check => BuildFlow::On,
                }
            },
            |snapshot| self.shared.publish(snapshot),
        )?;
        if flow == BuildFlow::On {
            report(count, BuildProgress::Done);
            self.shared.indexed.send_replace(keeper.seq());
            self.unfilled = None;
            tracing::info!(
                questions = count,
                took_ms = begun.elapsed().as_millis(),
                "the search index is built"
            );
        }
        Ok((keeper, flow))
    }

    /// Takes over changes as they come.
    fn follow(&mut self, keeper: &mut Keeper) -> Result<Leave, SearchFault> {
        let mut read = keeper.seq();
        let mut rewriting = Rewriting::default();
        self.shared.committed.send_replace(keeper.seq());
        self.shared.indexed.send_replace(read);
        loop {
            self.announced.mark_unchanged();
            loop {
                let changes = self.store.changes_after(read, PAGE)?;
                let Some(last) = changes.last() else { break };
                let last = last.seq;
                self.take_over(keeper, &changes, last)?;
                self.shared.committed.send_replace(keeper.seq());
                read = last;
                self.shared.indexed.send_replace(read);
                if changes.len() < PAGE {
                    break;
                }
            }
            let purging = self.purge(keeper, &mut rewriting, read)?;
            match self.news(purging) {
                News::Changes => {}
                News::Leave(leave) => {
                    if read != keeper.seq() {
                        keeper.commit(&[], read)?;
                    }
                    return Ok(leave);
                }
            }
        }
    }

    fn take_over(
        &self,
        keeper: &mut Keeper,
        changes: &[Logged],
        last: Seq,
    ) -> Result<(), SearchFault> {
        let (mut texts, mut scores) = (HashSet::new(), HashSet::new());
        for change in changes {
            // Answers that come and go, and those accepted, are in the scores too.
            scores.insert(change.question);
            match change.touch {
                Touch::Text => {
                    texts.insert(change.question);
                }
                Touch::Score => {}
            }
        }
        let scores: Vec<PostId> = scores.into_iter().collect();
        self.shared.scores.update(&self.store.score_rows(&scores)?);
        if !texts.is_empty() {
            let ids: Vec<PostId> = texts.iter().copied().collect();
            let operations = operations(&texts, self.store.documents(&ids)?);
            keeper.commit(&operations, last)?;
            self.shared.publish(keeper.snapshot()?);
        } else if last.0 - keeper.seq().0 > SILENT {
            keeper.commit(&[], last)?;
        }
        Ok(())
    }

    /// Goes on with what is to be purged, if anything is; says whether more is to be done.
    fn purge(
        &self,
        keeper: &mut Keeper,
        rewriting: &mut Rewriting,
        read: Seq,
    ) -> Result<Purging, SearchFault> {
        let wanted = self.shared.purge.borrow().clone();
        if wanted.number == *self.shared.purged.borrow() || wanted.seq > read {
            return Ok(Purging::Done);
        }
        let step = keeper.purge(&wanted.questions, rewriting)?;
        if step.moved {
            self.shared.publish(keeper.snapshot()?);
            // What nobody looks at any more can be taken away now.
            keeper.take_away()?;
        }
        if step.purging == Purging::Done {
            *rewriting = Rewriting::default();
            self.shared.purged.send_replace(wanted.number);
        }
        Ok(step.purging)
    }

    /// Waits for changes, an order, something to purge, or for a moment if that is under way.
    fn news(&mut self, purging: Purging) -> News {
        let (announced, orders) = (&mut self.announced, &mut self.orders);
        let purges = &mut self.purges;
        let until = match purging {
            Purging::Done => None,
            Purging::On => Some(Instant::now() + PURGING),
        };
        let waiting = async {
            tokio::select! {
                biased;
                order = orders.wait_for(|order| *order != IndexTask::Follow) => match order.as_deref() {
                    Ok(IndexTask::Check) => Leave::Check.into(),
                    Ok(IndexTask::Follow | IndexTask::Stop) | Err(_) => Leave::Stop.into(),
                },
                changed = announced.changed() => match changed {
                    Ok(()) => News::Changes,
                    Err(_) => Leave::Stop.into(),
                },
                purge = purges.changed() => match purge {
                    Ok(()) => News::Changes,
                    Err(_) => Leave::Stop.into(),
                },
            }
        };
        let news = block_on(waiting, until).unwrap_or(News::Changes);
        if matches!(news, News::Leave(Leave::Check)) {
            self.shared.checked();
        }
        news
    }

    /// Waits a while; says whether it was stopped meanwhile.
    fn stopped_within(&mut self, pause: Duration) -> bool {
        let stop = self.orders.wait_for(|order| *order == IndexTask::Stop);
        block_on(stop, Some(Instant::now() + pause)).is_some()
    }
}
