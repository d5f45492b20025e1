//! Writes the index: operations become commits, the whole store becomes a new index. One at a time for a folder.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::{IndexWriter, TantivyError};

use super::fault::{RebuildReason, SearchFault};
use super::home::{Extent, Home, Mark, lock_fault};
use super::schema::{Fields, schema};
use super::snapshot::Snapshot;
use crate::forum::{PostId, Seq};
use crate::panics;
use crate::store::{QuestionDocument, Reader, StoreIdentity};

/// What the writer may hold in memory before it writes a segment, while it follows changes: the least that tantivy takes.
/// It is freed with each commit.
const FOLLOW_BYTES: usize = 15_000_000;
/// The same while it takes in a whole store: fewer and larger segments.
const FILL_BYTES: usize = 50_000_000;
/// How much text is read between two commits of a whole build, so that memory stays flat.
const COMMIT_BYTES: usize = 12 * 1024 * 1024;
/// The most questions in a segment that is made of others: it is written anew when one of its texts is to be gone for good, within
/// a minute.
const SEGMENT_DOCUMENTS: usize = 250_000;
/// How many documents are read at a time.
const PAGE: usize = 200;

/// Something to do to the index.
pub(super) enum Operation {
    /// The question is as this document says.
    Put(QuestionDocument),
    /// The question can't be found any more.
    Drop(PostId),
}

/// Whether to go on with something long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BuildFlow {
    /// Go on.
    On,
    /// Leave it.
    Stop,
}

/// What a writer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriterPurpose {
    /// Taking in a whole store.
    Fill,
    /// Following changes.
    Follow,
}

impl WriterPurpose {
    /// What is to be done with an index that was just opened.
    pub fn of(unfilled: Option<RebuildReason>) -> Self {
        match unfilled {
            Some(_) => Self::Fill,
            None => Self::Follow,
        }
    }
}

/// The one writer of an index.
pub(super) struct Keeper {
    pub(super) home: Home,
    pub(super) writer: IndexWriter,
    pub(super) fields: Fields,
    pub(super) dir: PathBuf,
    identity: StoreIdentity,
}

impl Keeper {
    /// Takes the index's writing lock.
    pub fn new(
        home: Home,
        dir: &Path,
        store: &Reader,
        work: WriterPurpose,
    ) -> Result<Self, SearchFault> {
        let writer = writer(&home, dir, work)?;
        Ok(Self {
            writer,
            home,
            fields: schema().1,
            dir: dir.to_owned(),
            identity: store.identity()?,
        })
    }

    /// The last change that the index knows for good.
    pub fn seq(&self) -> Seq {
        self.home.seq
    }

    /// The index as of the last commit.
    pub fn snapshot(&self) -> Result<Arc<Snapshot>, SearchFault> {
        Ok(Arc::new(Snapshot::new(
            self.home.reader.searcher(),
            &self.fields,
        )?))
    }

    /// Does these operations, and commits them as the store's state at `seq`.
    pub fn commit(&mut self, operations: &[Operation], seq: Seq) -> Result<(), SearchFault> {
        for operation in operations {
            let (Operation::Put(QuestionDocument { question, .. }) | Operation::Drop(question)) =
                operation;
            self.writer
                .delete_term(self.fields.question_term(*question));
            if let Operation::Put(document) = operation {
                self.put(document)?;
            }
        }
        self.seal(seq, Extent::Whole)
    }

    /// Adds a question. One over which this panics can't be found; the others can.
    fn put(&self, document: &QuestionDocument) -> Result<(), SearchFault> {
        match panics::caught(|| self.fields.document(document)) {
            Ok(made) => drop(self.writer.add_document(made)?),
            Err(panicked) => {
                let error = &panicked as &dyn std::error::Error;
                let question = document.question.0;
                tracing::error!(question, error, "a question is not indexed: it broke");
            }
        }
        Ok(())
    }

    /// Fills an empty index with all that the store has. `progress` hears how many questions are in it, and has it left
    /// unfinished when it says so; every commit is searchable at once through `committed`.
    pub fn fill(
        mut self,
        dir: &Path,
        store: &Reader,
        mut progress: impl FnMut(u64) -> BuildFlow,
        committed: impl Fn(Arc<Snapshot>),
    ) -> Result<(Self, BuildFlow), SearchFault> {
        let seq = store.last_seq()?;
        let (mut after, mut bytes, mut done) = (PostId(0), 0, 0);
        loop {
            let page = store.documents_after(after, PAGE)?;
            let Some(last) = page.iter().map(|document| document.question).max() else {
                break;
            };
            after = last;
            for document in page.iter().filter(|document| document.visible) {
                self.put(document)?;
                bytes += size(document);
                done += 1;
            }
            if bytes >= COMMIT_BYTES {
                bytes = 0;
                self.seal(Seq(0), Extent::Partly)?;
                committed(self.snapshot()?);
            }
            if progress(done) == BuildFlow::Stop {
                return Ok((self, BuildFlow::Stop));
            }
        }
        self.seal(seq, Extent::Whole)?;
        let keeper = self.filled(dir)?;
        committed(keeper.snapshot()?);
        Ok((keeper, BuildFlow::On))
    }

    /// A writer for what comes after a whole build, whose segments become as few as they may.
    fn filled(mut self, dir: &Path) -> Result<Self, SearchFault> {
        let (mut together, mut documents) = (Vec::new(), 0);
        for segment in self.home.index.searchable_segment_metas()? {
            if documents + segment.num_docs() as usize > SEGMENT_DOCUMENTS {
                self.merge(&together)?;
                (together, documents) = (Vec::new(), 0);
            }
            documents += segment.num_docs() as usize;
            together.push(segment.id());
        }
        self.merge(&together)?;
        self.home.reader.reload()?;
        // The old writer lets the lock go before the new one takes it.
        drop(self.writer);
        Ok(Self {
            writer: writer(&self.home, dir, WriterPurpose::Follow)?,
            home: self.home,
            fields: self.fields,
            dir: self.dir,
            identity: self.identity,
        })
    }

    fn merge(&mut self, segments: &[SegmentId]) -> Result<(), SearchFault> {
        if segments.len() > 1 {
            self.writer.merge(segments).wait()?;
        }
        Ok(())
    }

    /// Lets go of the index once segments that are being merged are.
    pub fn close(self) -> Result<(), SearchFault> {
        Ok(self.writer.wait_merging_threads()?)
    }

    fn seal(&mut self, seq: Seq, extent: Extent) -> Result<(), SearchFault> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&Mark::new(&self.identity, seq, extent).payload());
        prepared.commit()?;
        self.home.reader.reload()?;
        self.home.seq = seq;
        Ok(())
    }
}

fn writer(home: &Home, dir: &Path, work: WriterPurpose) -> Result<IndexWriter, SearchFault> {
    let heap = match work {
        WriterPurpose::Fill => FILL_BYTES,
        WriterPurpose::Follow => FOLLOW_BYTES,
    };
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(heap)
        // Small merges don't wait for a large one.
        .num_merge_threads(2)
        .build();
    let writer = home
        .index
        .writer_with_options(options)
        .map_err(|error| match error {
            TantivyError::LockFailure(error, _) => lock_fault(dir, error),
            error => error.into(),
        })?;
    writer.set_merge_policy(match work {
        WriterPurpose::Fill => Box::new(NoMergePolicy),
        WriterPurpose::Follow => Box::new(merging()),
    });
    Ok(writer)
}

/// A post at a time makes a segment at a time. Segments of like size are merged by fours, the smallest often and cheaply,
/// which keeps a million questions in about fifteen.
fn merging() -> LogMergePolicy {
    let mut merging = LogMergePolicy::default();
    merging.set_min_num_segments(4);
    merging.set_min_layer_size(500);
    merging.set_level_log_size(2.0);
    merging.set_max_docs_before_merge(SEGMENT_DOCUMENTS);
    merging.set_del_docs_ratio_before_merge(0.3);
    merging
}

/// About how much memory a document takes on its way.
fn size(document: &QuestionDocument) -> usize {
    let answers: usize = document
        .answers
        .iter()
        .map(|answer| answer.body.len())
        .sum();
    document.title.len() + document.body.len() + answers
}

/// What is to be done about questions whose text changed: those that are gone or hidden are dropped.
pub(super) fn operations(
    changed: &HashSet<PostId>,
    documents: Vec<QuestionDocument>,
) -> Vec<Operation> {
    let visible: Vec<QuestionDocument> = documents.into_iter().filter(|d| d.visible).collect();
    let kept: HashSet<PostId> = visible.iter().map(|d| d.question).collect();
    let gone = changed.difference(&kept).copied().map(Operation::Drop);
    gone.chain(visible.into_iter().map(Operation::Put))
        .collect()
}
