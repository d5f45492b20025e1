//! The index's folder: opens an index that can be trusted, says what is wrong with any other, and makes an empty one.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::index::SegmentComponent;
use tantivy::store::Compressor;
use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, TantivyError};

use super::fault::{RebuildReason, SearchFault};
use super::schema::{SCHEMA_VERSION, schema};
use super::tokens::WordTokenizer;
use crate::forum::Seq;
use crate::store::{Reader, StoreIdentity};

/// Up to so many bytes, every byte is checked at the start; beyond, the ends of the files are, which shows what was cut
/// off. The rest shows when it is read.
const CHECKED_BYTES: u64 = 64 * 1024 * 1024;
/// What the names of tantivy's lock files begin with.
const LOCKS: &str = ".tantivy-";

/// What a commit says of itself: of which store it is and how much of it it knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    schema: u32,
    store: String,
    epoch: i64,
    seq: i64,
    extent: Extent,
}

/// How much of the store an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Extent {
    /// Everything up to the mark's sequence number.
    Whole,
    /// What was read until now.
    Partly,
}

impl Mark {
    /// The mark of an index that knows the store up to `seq`.
    pub fn new(identity: &StoreIdentity, seq: Seq, extent: Extent) -> Self {
        Self {
            schema: SCHEMA_VERSION,
            store: identity.store.clone(),
            epoch: identity.epoch,
            seq: seq.0,
            extent,
        }
    }

    /// As it is kept in the commit.
    pub fn payload(&self) -> String {
        serde_json::to_string(self).expect("numbers and a string always serialise")
    }
}

/// An index that is open.
pub(super) struct Home {
    pub index: Index,
    pub reader: IndexReader,
    /// The last change that it knows.
    pub seq: Seq,
}

/// How closely an index is looked at before it is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scrutiny {
    /// Every byte of a small index, the ends of the files of a large one.
    Start,
    /// Every byte.
    Full,
}

/// Opens the index in a folder, or says why it can't be used.
pub(super) fn open(
    dir: &Path,
    store: &Reader,
    scrutiny: Scrutiny,
) -> Result<Result<Home, RebuildReason>, SearchFault> {
    let identity = store.identity()?;
    let last = store.last_seq()?;
    // Damaged files make tantivy panic where it trusts them.
    let opened = catch_unwind(AssertUnwindSafe(|| open_sound(dir, scrutiny)));
    let (index, reader, mark) = match opened.unwrap_or(Err(RebuildReason::Damaged)) {
        Ok(opened) => opened,
        Err(why) => return Ok(Err(why)),
    };
    let seq = Seq(mark.seq);
    if mark.schema != SCHEMA_VERSION {
        return Ok(Err(RebuildReason::OtherVersion));
    }
    if (&mark.store, mark.epoch) != (&identity.store, identity.epoch) {
        return Ok(Err(RebuildReason::OtherStore));
    }
    if mark.extent == Extent::Partly {
        return Ok(Err(RebuildReason::Unfinished));
    }
    if seq > last {
        return Ok(Err(RebuildReason::AheadOfStore));
    }
    if seq < store.pruned()? {
        return Ok(Err(RebuildReason::LeftBehind));
    }
    Ok(Ok(Home { index, reader, seq }))
}

fn open_sound(dir: &Path, scrutiny: Scrutiny) -> Result<(Index, IndexReader, Mark), RebuildReason> {
    if !dir.join("meta.json").exists() {
        return Err(RebuildReason::Missing);
    }
    let damaged = |error: TantivyError| {
        tracing::debug!(%error, "the search index can't be opened");
        RebuildReason::Damaged
    };
    let index = Index::open_in_dir(dir).map_err(damaged)?;
    if index.schema() != schema().0 {
        return Err(RebuildReason::OtherVersion);
    }
    let payload = index.load_metas().map_err(damaged)?.payload;
    let payload = payload.ok_or(RebuildReason::Unfinished)?;
    let mark = serde_json::from_str(&payload).map_err(|_| RebuildReason::OtherVersion)?;
    index
        .tokenizers()
        .register(WordTokenizer::NAME, WordTokenizer::new());
    // Opening the segments looks at the ends of all their files but the positions'.
    let reader = reader(&index).map_err(damaged)?;
    for segment in index.searchable_segments().map_err(damaged)? {
        segment
            .open_read(SegmentComponent::Positions)
            .map_err(|_| RebuildReason::Damaged)?;
    }
    let every_byte = match scrutiny {
        Scrutiny::Start => size(dir).is_ok_and(|bytes| bytes <= CHECKED_BYTES),
        Scrutiny::Full => true,
    };
    if every_byte && !index.validate_checksum().map_err(damaged)?.is_empty() {
        return Err(RebuildReason::Damaged);
    }
    Ok((index, reader, mark))
}

/// Makes an empty index in the place of whatever is in the folder.
pub(super) fn create(dir: &Path) -> Result<Home, SearchFault> {
    let in_folder = |source| SearchFault::Folder {
        path: dir.to_owned(),
        source,
    };
    fs::create_dir_all(dir).map_err(in_folder)?;
    let directory = MmapDirectory::open(dir).map_err(TantivyError::from)?;
    let lock = directory
        .acquire_lock(&INDEX_WRITER_LOCK)
        .map_err(|error| lock_fault(dir, error))?;
    clear(dir).map_err(in_folder)?;
    let index = Index::builder()
        .schema(schema().0)
        .settings(IndexSettings {
            docstore_compression: Compressor::None,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        })
        .create_in_dir(dir)?;
    drop(lock);
    index
        .tokenizers()
        .register(WordTokenizer::NAME, WordTokenizer::new());
    let reader = reader(&index)?;
    Ok(Home {
        index,
        reader,
        seq: Seq(0),
    })
}

/// What a lock that could not be had means.
pub(super) fn lock_fault(dir: &Path, error: LockError) -> SearchFault {
    match error {
        LockError::LockBusy => SearchFault::Busy {
            path: dir.to_owned(),
        },
        LockError::IoError(_) => TantivyError::LockFailure(error, None).into(),
    }
}

fn reader(index: &Index) -> tantivy::Result<IndexReader> {
    index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .doc_store_cache_num_blocks(0)
        .try_into()
}

/// Removes all files but the locks.
fn clear(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let is_lock = entry.file_name().to_string_lossy().starts_with(LOCKS);
        if is_lock {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn size(dir: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(dir)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}
