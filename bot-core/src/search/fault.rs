//! What can go wrong with the index, and why one is built anew.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::panics::Panicked;
use crate::store;

/// The search broke.
#[derive(Debug, thiserror::Error)]
pub enum SearchFault {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// The index could not be read or written.
    #[error("working on the search index")]
    Index(#[from] tantivy::TantivyError),
    /// The folder of the index could not be used.
    #[error("using the search index's folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody else writes to the index.
    #[error("the search index in {} is in use by another process", path.display())]
    Busy {
        /// Its folder.
        path: PathBuf,
    },
    /// There is no index that could be used.
    #[error("there is no search index to use: {why}")]
    Unusable {
        /// What is wrong with it.
        why: RebuildReason,
    },
    /// The index is damaged where it was looked at. It is built anew where somebody writes to it.
    #[error("the search index is damaged")]
    Damaged,
    /// Something about it panicked.
    #[error("the search broke")]
    Panicked(#[from] Panicked),
    /// The thread that keeps the index could not be started.
    #[error("starting the thread that keeps the search index")]
    Thread(#[source] io::Error),
}

/// Why an index has to be built anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebuildReason {
    /// There was none.
    Missing,
    /// Its files are cut off, changed or partly gone.
    Damaged,
    /// Another version of Stoa made it.
    OtherVersion,
    /// It is that of another store, or of this one before it was restored from a backup.
    OtherStore,
    /// It knows of more changes than the store.
    AheadOfStore,
    /// The change log does not reach back to where it stopped any more.
    LeftBehind,
    /// Building it was broken off.
    Unfinished,
}

impl fmt::Display for RebuildReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "there was none",
            Self::Damaged => "its files are damaged",
            Self::OtherVersion => "it was made by another version",
            Self::OtherStore => "it belongs to another store or to one before it was restored",
            Self::AheadOfStore => "it is ahead of the store",
            Self::LeftBehind => "the change log does not reach back that far any more",
            Self::Unfinished => "building it was broken off",
        })
    }
}

/// An index was built anew, or is being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Why.
    pub why: RebuildReason,
    /// How many questions it has so far.
    pub documents: u64,
    /// How far it is.
    pub progress: BuildProgress,
}

/// How far the building of an index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildProgress {
    /// Going on; what was read so far is found.
    Going,
    /// All of the store is in it.
    Done,
}
