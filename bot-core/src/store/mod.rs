//! The store: SQLite, the only SQL in the project. One writer commits actions in groups; readers never write.
//!
//! Knows the forum's types and the platforms' names for things; decides nothing.

mod apply;
mod backlog;
mod backup;
mod change_log;
mod changes;
mod checkpoint;
mod codes;
mod completions;
mod conversations;
mod counters;
mod db;
mod drafts;
mod edits;
mod erased;
mod erased_list;
mod export;
mod fault;
mod forget;
mod joining;
mod lookups;
mod names;
mod narrower_places;
mod open;
mod outbox;
mod paged_views;
mod part;
mod people;
mod persons;
mod private;
mod reader;
pub mod record;
mod restore;
mod retention;
mod rows;
mod scratch;
mod surfaces;
mod tags;
mod take;
mod text_copies;
mod tx;
mod views;

mod wipe;
mod words;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread::JoinHandle;

use tokio::sync::watch;

pub use backlog::Backlog;
pub use change_log::Touch;
pub use changes::{AnswerText, Logged, QuestionDocument, ScoreRow, StoreIdentity};
pub use codes::CodeKind;
pub use completions::Titled;
pub use conversations::{OpenPlace, SharedForum, Waiting};
pub use drafts::{DraftKey, DraftRow};
pub use edits::TextPart;
pub use erased::{Mark, erased_flaw};
pub use erased_list::{ERASED, Flaw};
pub use export::Taker;
pub use fault::Fault;
pub(crate) use fault::has_no_room;
pub use forget::{Forgetting, Gone};
pub use joining::{Community, ForumRow, Whereabouts};
pub use lookups::{MessageContext, ReceivedEvent, Totals};
pub use names::Naming;
pub use narrower_places::{Narrowness, SharedPlace};
pub use open::{DATABASE, could_keep};
pub use outbox::{Due, Stale, Undone};
pub use paged_views::PagedView;
pub use part::PartialFile;
pub use persons::AccountRow;
pub use private::open_to_others;
pub use reader::Reader;
pub use restore::{COPIES_KEPT, Restored, is_copy, restore};
pub use retention::{HeardKey, OldEvents};
pub use rows::{DELETED, IMPORTED, PlaceRow};
pub use scratch::{Orphans, Scratch, SeenPost, Shelf};
pub use take::{ImportRequest, Intake, Refused, Taken};
pub use text_copies::{CopyKind, TextCopy, ThreadName};
pub use tx::Tx;
pub use views::{AnswerCard, FoundQuestion, Listing, Order, Shown};

pub use writer::Pending;

use crate::forum::Seq;

/// The store, opened for writing: one process at a time.
pub struct Store {
    dir: PathBuf,
    writer: Mutex<Option<writer::Writer>>,
    reader: Reader,
    announced: watch::Receiver<Seq>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Made when it is needed. Let go after the writer: see [`wipe::Wiper`].
    wiper: Mutex<Option<wipe::Wiper>>,
    // Let go last, when nothing is written any more.
    _lock: open::Lock,
}

impl Store {
    /// Opens the store in a folder, which is made where it is missing; an older database is copied and migrated.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        let lock = open::lock(dir)?;
        let conn = open::writable(dir)?;
        let reader = Reader::open(dir)?;
        let (announce, announced) = watch::channel(reader.last_seq()?);
        let (writer, thread) = writer::Writer::start(conn, dir.join(DATABASE), announce)?;
        let store = Self {
            dir: dir.to_owned(),
            writer: Mutex::new(Some(writer)),
            reader,
            announced,
            thread: Mutex::new(Some(thread)),
            wiper: Mutex::default(),
            _lock: lock,
        };
        // What a process took away that ended at once.
        store.remember_due()?;
        Ok(store)
    }

    /// Keeps apart what is to be gone and is not yet: see [`Self::remember_erased`].
    fn remember_due(&self) -> Result<(), Fault> {
        self.remember_erased(&self.reader.forgetting(u32::MAX)?)
    }

    /// Does something in the next transaction and gives what it gave once that is on disk: durable when this returns.
    pub async fn act<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnMut(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.writer()?.act(work).await
    }

    /// Has something done as [`Self::act`] does, on a thread that may block: it goes on meanwhile. `weight` is how many rows are
    /// written about, which says when the log is moved into the database.
    pub fn begin<T, F>(&self, weight: usize, work: F) -> Result<Pending<T>, Fault>
    where
        T: Send + 'static,
        F: FnMut(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
    {
        self.writer()?.begin(weight, work)
    }

    fn writer(&self) -> Result<writer::Writer, Fault> {
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        writer.clone().ok_or(Fault::Stopped)
    }

    /// Wipes what was deleted until now off the database's files, and notes that `done` is gone. False where somebody reads or
    /// writes: it is to be tried again. Blocking.
    pub fn wipe(&self, done: &[Forgetting]) -> Result<bool, Fault> {
        let mut wiper = self
            .wiper
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let wiper = match &mut *wiper {
            Some(wiper) => wiper,
            None => wiper.insert(wipe::Wiper::open(&self.dir)?),
        };
        wiper.wipe(done)
    }

    /// Keeps apart which of these was erased, so that no backup brings it back. Blocking.
    pub fn remember_erased(&self, gone: &[Forgetting]) -> Result<(), Fault> {
        erased::remember(&self.dir, &self.reader, gone)
    }

    /// What was erased and stands in the store again: a backup or an earlier copy was put in its place. Blocking.
    pub fn returned(&self) -> Result<Vec<Mark>, Fault> {
        erased::returned(&self.dir, &self.reader)
    }

    /// Notes that what [`Self::returned`] gave is erased again. Blocking.
    pub fn gone_through(&self) -> Result<(), Fault> {
        erased::gone_through(&self.dir, &self.reader)
    }

    /// Reads beside the writer.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Tells of the newest change that is on disk.
    #[must_use]
    pub fn announced(&self) -> watch::Receiver<Seq> {
        self.announced.clone()
    }

    /// Ends the writer when what waits for it is done. What was taken away until then no backup brings back. Blocking.
    pub fn stop(&self) {
        drop(
            self.writer
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        let Some(thread) = thread else { return };
        if thread.join().is_err() {
            tracing::error!("the store's writer panicked");
        }
        if let Err(fault) = self.remember_due() {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(
                error,
                "what was deleted is not noted in `erased.list` yet; the next start does it"
            );
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
pub(crate) mod tests;
