//! The one writer: a thread that takes actions from a bounded queue, lets each undo itself alone, and commits them together.
//!
//! An action that comes alone, while nothing is written or waits, is done by who asks for it: handing it to the thread and back wakes two
//! threads, which takes as long as the disk does.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{block_in_place, yield_now};

use super::checkpoint::Checkpointer;
use super::counters::Sequence;
use super::db::{self, Connection};
use super::fault::{During, Fault};
use super::open;
use super::tx::Tx;
use crate::crash::{self, Point};
use crate::forum::Seq;
use crate::panics;

/// How many actions may wait.
const QUEUE: usize = 1024;
/// The most actions in one transaction.
const BATCH: usize = 256;
/// How long a transaction waits for actions that should be on their way: as many as came with the one before. A part of
/// what the commit costs that each of them would pay alone; who acts alone never waits.
const STRAGGLERS: Duration = Duration::from_micros(50);

/// How a transaction begins.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The way to the writer; cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    // Let go before the queue, so that the thread, which ends with the queue, closes the database.
    shared: Arc<WriterState>,
    queue: mpsc::Sender<Box<dyn Job>>,
}

/// What the thread shares with those who write for themselves.
struct WriterState {
    writing: Mutex<Writing>,
    /// How many actions have come and are not done.
    present: AtomicUsize,
    /// Whether several came at once lately: then they are better off together.
    crowded: AtomicBool,
}

/// What is written with, by one at a time.
struct Writing {
    // Ends before the connection does.
    checkpoints: Checkpointer,
    conn: Connection,
    sequence: Sequence,
    path: PathBuf,
    announce: watch::Sender<Seq>,
}

/// What runs on the writer's thread, and who is told when it is on disk.
trait Job: Send {
    /// Does it, inside a savepoint.
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Fault>;
    /// How many actions of a person it is as much as.
    fn weight(&self) -> usize;
    /// Hears whether it is on disk.
    fn finish(self: Box<Self>, outcome: Result<(), Fault>);
}

struct Action<T, F> {
    work: F,
    value: Option<T>,
    weight: usize,
    reply: oneshot::Sender<Result<T, Fault>>,
    arrival: Arrival,
}

/// Counts an action from when it comes until it is done or given up.
struct Arrival(Arc<WriterState>);

impl Drop for Arrival {
    fn drop(&mut self) {
        self.0.present.fetch_sub(1, Ordering::AcqRel);
    }
}

impl<T, F> Job for Action<T, F>
where
    T: Send,
    F: FnMut(&Tx<'_>) -> Result<T, Fault> + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Fault> {
        self.value = Some((self.work)(tx)?);
        Ok(())
    }

    fn weight(&self) -> usize {
        self.weight
    }

    fn finish(self: Box<Self>, outcome: Result<(), Fault>) {
        // Whoever hears of it may be back at once.
        drop(self.arrival);
        let value = match (outcome, self.value) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(Fault::Stopped),
            (Err(fault), _) => Err(fault),
        };
        // Who asked may have gone away; what was done stays done.
        let _ = self.reply.send(value);
    }
}

/// What the writer was given to do.
pub struct Pending<T>(oneshot::Receiver<Result<T, Fault>>);

impl<T> Pending<T> {
    /// Waits until it is on disk. Blocking.
    pub fn wait(self) -> Result<T, Fault> {
        self.0.blocking_recv().map_err(|_| Fault::Stopped)?
    }
}

impl Writer {
    /// Starts the thread on its connection.
    pub(super) fn start(
        conn: Connection,
        path: PathBuf,
        announce: watch::Sender<Seq>,
    ) -> Result<(Self, JoinHandle<()>), Fault> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let checkpoints = Checkpointer::start(&path);
        let shared = Arc::new(WriterState {
            writing: Mutex::new(Writing {
                conn,
                sequence: Sequence::default(),
                path,
                announce,
                checkpoints,
            }),
            present: AtomicUsize::new(0),
            crowded: AtomicBool::new(false),
        });
        let thread_shared = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                thread_shared.work(jobs);
                // What an import brought is planned for by who opens the store next.
                if let Err(error) = open::keep_statistics(&thread_shared.writing().conn) {
                    tracing::warn!(%error, "the statistics could not be kept");
                }
            })
            .map_err(|source| Fault::Folder {
                path: PathBuf::new(),
                source: Arc::new(source),
            })?;
        Ok((Self { shared, queue }, thread))
    }

    /// Queues `work`, as much as so many actions, without waiting for it. Blocks while the queue is full.
    pub(super) fn begin<T, F>(&self, weight: usize, work: F) -> Result<Pending<T>, Fault>
    where
        T: Send + 'static,
        F: FnMut(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (job, outcome) = job(weight, work, self.shared.arrive());
        self.queue.blocking_send(job).map_err(|_| Fault::Stopped)?;
        Ok(Pending(outcome))
    }

    /// Does `work` in the next transaction and gives what it gave, once that is on disk. `work` is run once, but for a batch
    /// that is tried again after another action in it failed to undo itself.
    pub(super) async fn act<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnMut(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (job, outcome) = job(1, work, self.shared.arrive());
        if self.shared.is_alone() {
            // Whoever is about to come as well comes now.
            yield_now().await;
        }
        if let Some(job) = self.shared.do_alone(job) {
            self.queue.send(job).await.map_err(|_| Fault::Stopped)?;
        }
        outcome.await.map_err(|_| Fault::Stopped)?
    }
}

/// An action that is there, and where is told what came of it.
fn job<T, F>(
    weight: usize,
    work: F,
    arrival: Arrival,
) -> (Box<dyn Job>, oneshot::Receiver<Result<T, Fault>>)
where
    T: Send + 'static,
    F: FnMut(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
{
    let (reply, outcome) = oneshot::channel();
    let action = Action {
        work,
        value: None,
        weight,
        reply,
        arrival,
    };
    (Box::new(action), outcome)
}

impl WriterState {
    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arrive(self: &Arc<Self>) -> Arrival {
        self.present.fetch_add(1, Ordering::AcqRel);
        Arrival(Arc::clone(self))
    }

    /// Whether the action that has come is the only one, and may be done by whoever asks for it.
    fn is_alone(&self) -> bool {
        let may_block = Handle::try_current()
            .is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
        may_block
            && !self.crowded.load(Ordering::Acquire)
            && self.present.load(Ordering::Acquire) == 1
    }

    /// Does an action here and now if it is alone; gives it back if not.
    fn do_alone(&self, job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        let mut writing = match self.writing.try_lock() {
            Ok(writing) => writing,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Some(job),
        };
        // Looked at under the lock: what came before is done before.
        if !self.is_alone() {
            return Some(job);
        }
        block_in_place(|| match writing.begins_at_once() {
            true => {
                writing.write(job, None);
                None
            }
            // Another program holds the database: the thread waits for it.
            false => Some(job),
        })
    }

    /// The thread: until every sender is gone.
    fn work(&self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        let mut expected = 1;
        while let Some(first) = jobs.blocking_recv() {
            let done = self.writing().write(first, Some((&mut jobs, expected)));
            self.crowded.store(done > 1, Ordering::Release);
            expected = done;
        }
    }
}

impl Writing {
    /// Begins a transaction, if nobody has to be waited for.
    fn begins_at_once(&self) -> bool {
        let begun = self.conn.busy_timeout(Duration::ZERO);
        let begun = begun.and_then(|()| execute(&self.conn, BEGIN));
        if let Err(error) = self.conn.busy_timeout(open::BUSY) {
            tracing::error!(%error, "the writer will not wait for other programs");
        }
        begun.is_ok()
    }

    /// Does an action, and those that wait behind it, in a transaction; says how many. For one that is alone it is begun already.
    fn write(&mut self, first: Box<dyn Job>, behind: Option<Behind<'_>>) -> usize {
        let mut batch = WriteBatch { done: Vec::new() };
        let reserved = self.sequence.reserved();
        let filled = batch.fill((&self.conn, &self.sequence), first, behind);
        let many = batch.done.len();
        match filled {
            Ok(seq) => {
                if let Some(seq) = seq {
                    self.announce.send_replace(seq);
                }
                let written = batch.done.iter().map(|(job, _)| job.weight()).sum();
                batch.finish(None);
                self.checkpoints.committed(written, &self.conn);
            }
            Err(fault) => {
                if !self.conn.is_autocommit() && self.conn.execute_batch("ROLLBACK").is_err() {
                    tracing::error!("a failed transaction could not be undone");
                }
                self.sequence.restore(reserved);
                let fault = fault.about(&self.path);
                tracing::error!(
                    error = &fault as &dyn std::error::Error,
                    "a batch could not be written"
                );
                batch.finish(Some(&fault));
            }
        }
        many
    }
}

/// What waits behind an action, and how many are expected in all.
type Behind<'a> = (&'a mut mpsc::Receiver<Box<dyn Job>>, usize);

/// The next action that waits; if more are expected, one that comes within a moment too.
fn next_job(jobs: &mut mpsc::Receiver<Box<dyn Job>>, more: bool) -> Option<Box<dyn Job>> {
    let begun = Instant::now();
    loop {
        match jobs.try_recv() {
            Ok(job) => return Some(job),
            Err(_) if more && begun.elapsed() < STRAGGLERS => std::thread::yield_now(),
            Err(_) => return None,
        }
    }
}

/// The actions of one transaction with what came of each.
struct WriteBatch {
    done: Vec<(Box<dyn Job>, Result<(), Fault>)>,
}

impl WriteBatch {
    /// Runs the first action and those that wait behind it, and commits; gives the newest change.
    fn fill(
        &mut self,
        (conn, sequence): (&Connection, &Sequence),
        first: Box<dyn Job>,
        mut behind: Option<Behind<'_>>,
    ) -> Result<Option<Seq>, Fault> {
        let mut next = Some(first);
        crash::here(Point::BeforeBegin);
        let begun = match behind {
            Some(_) => execute(conn, BEGIN),
            None => Ok(()),
        };
        let tx = match begun {
            Ok(()) => Tx::new(conn, sequence),
            Err(source) => {
                self.done.extend(next.take().map(|job| (job, Ok(()))));
                return Err(source).during("beginning a transaction");
            }
        };
        crash::here(Point::AfterBegin);
        let mut is_empty = true;
        while let Some(mut job) = next.take() {
            let outcome = match is_empty {
                true => first_of_all(&tx, |tx| job.run(tx)),
                false => in_savepoint(&tx, |tx| job.run(tx)),
            };
            is_empty &= outcome.is_err();
            let broken = outcome
                .as_ref()
                .err()
                .filter(|fault| fault.fails_batch())
                .cloned();
            self.done.push((job, outcome));
            if let Some(fault) = broken {
                return Err(fault);
            }
            if let Some((jobs, expected)) = &mut behind
                && self.done.len() < BATCH
            {
                next = next_job(jobs, self.done.len() < *expected);
            }
        }
        crash::here(Point::BeforeCommit);
        execute(conn, "COMMIT").during("committing")?;
        crash::here(Point::AfterCommit);
        Ok(tx.newest())
    }

    /// Tells everybody.
    fn finish(self, fault: Option<&Fault>) {
        for (job, outcome) in self.done {
            job.finish(match fault {
                Some(fault) => Err(fault.clone()),
                None => outcome,
            });
        }
    }
}

/// Runs the first action of a transaction: where it fails, there is nothing else to keep, and the transaction is begun anew. A savepoint
/// would have a copy made of each page that it changes.
fn first_of_all(tx: &Tx<'_>, run: impl FnOnce(&Tx<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
    let outcome = caught(tx, run);
    match &outcome {
        Ok(()) => {}
        Err(fault) if fault.fails_batch() => {}
        Err(_) => {
            execute(tx.conn, "ROLLBACK").during("undoing an action")?;
            execute(tx.conn, BEGIN).during("beginning a transaction")?;
        }
    }
    outcome
}

/// Runs one action so that it undoes itself alone when it fails.
fn in_savepoint(tx: &Tx<'_>, run: impl FnOnce(&Tx<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
    let conn = tx.conn;
    execute(conn, "SAVEPOINT action").during("opening a savepoint")?;
    let outcome = caught(tx, run);
    match &outcome {
        Ok(()) => execute(conn, "RELEASE action").during("releasing a savepoint")?,
        Err(fault) if fault.fails_batch() => {}
        Err(_) => {
            execute(conn, "ROLLBACK TO action").during("undoing an action")?;
            execute(conn, "RELEASE action").during("releasing a savepoint")?;
        }
    }
    outcome
}

/// Runs an action; a panic is a fault of its own. What fails changed nothing.
fn caught(tx: &Tx<'_>, run: impl FnOnce(&Tx<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
    let mark = tx.mark();
    let outcome = panics::caught(|| run(tx)).unwrap_or_else(|panicked| Err(panicked.into()));
    if outcome.is_err() {
        tx.forget_since(mark);
    }
    outcome
}

fn execute(conn: &Connection, sql: &str) -> db::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}
