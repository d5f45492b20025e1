//! What can go wrong with the store: the disk, the file, the database. Never what a person may not do.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::ErrorCode;

use crate::panics::Panicked;

/// The store failed. Its text is for the log and the operator, never for people in chat.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// A statement failed.
    #[error("{what}")]
    Sql {
        /// What was being attempted.
        what: &'static str,
        /// What SQLite said.
        source: Arc<rusqlite::Error>,
    },
    /// The folder can't be made or read.
    #[error("the folder {} can't be used; check `storage.dir` and who may write there", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// A file that was asked for can't be written.
    #[error("{} can’t be written", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// A backup can't be read.
    #[error("the backup {} can't be read", path.display())]
    Backup {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// Another process of Stoa works on this store.
    #[error("{} is in use by another `stoa`; stop that one first", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// There is no store to read yet.
    #[error("there is no forum in {} yet; start `stoa run` or `stoa console` once", path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The database was written by an older version, and reading changes nothing.
    #[error("{} was written by an older version of Stoa; start `stoa run` or `stoa console` once, which brings it up to date and keeps a copy", path.display())]
    Older {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a newer version.
    #[error("{} was written by a newer version of Stoa; install that version, or restore a backup", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The file can't be written.
    #[error("{} can't be written; give the user that runs `stoa` write access to it and its folder", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file is no database, or is damaged.
    #[error("{} is damaged or not Stoa's database; restore a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// No space is left.
    #[error("the disk of {} is full; free some space and start again: nothing that was confirmed is lost", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The disk does not take what is written, or does not give back what was.
    #[error("the disk of {} fails: look at the system's log; nothing that was confirmed is lost", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
    },
    /// Another program holds the database.
    #[error("{} is locked by another program; close it", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The store has been stopped.
    #[error("the store has stopped")]
    Stopped,
    /// What was done panicked. It is undone.
    #[error("an action was undone")]
    Panicked(#[from] Panicked),
}

impl Fault {
    /// Whether nothing can be written until the operator does something: the process should end and say so.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Full { .. }
                | Self::Disk { .. }
                | Self::ReadOnly { .. }
                | Self::Damaged { .. }
                | Self::Stopped
        )
    }

    /// Whether nothing is wrong but that a statement was asked to end.
    pub(super) fn is_interruption(&self) -> bool {
        matches!(self, Self::Sql { source, .. }
            if source.sqlite_error_code() == Some(ErrorCode::OperationInterrupted))
    }

    /// Names the cause where SQLite's code says it is the file's or the disk's, with the file it is about.
    pub(crate) fn about(self, path: &std::path::Path) -> Self {
        let Self::Sql { source, .. } = &self else {
            return self;
        };
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::SystemIoFailure) => Self::Disk { path },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path }
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            _ => self,
        }
    }

    /// Whether the whole batch failed with this statement, not the one action.
    pub(crate) fn fails_batch(&self) -> bool {
        let source = match self {
            Self::Sql { source, .. } => source,
            Self::Panicked(_) => return false,
            _ => return true,
        };
        matches!(
            source.sqlite_error_code(),
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::OutOfMemory
                    | ErrorCode::ReadOnly
                    | ErrorCode::DatabaseCorrupt
                    | ErrorCode::NotADatabase
                    | ErrorCode::DatabaseBusy
            )
        )
    }
}

/// Says what was being attempted when a statement failed.
pub(crate) trait During<T> {
    /// Turns the failure into a [`Fault`].
    fn during(self, what: &'static str) -> Result<T, Fault>;
}

impl<T> During<T> for rusqlite::Result<T> {
    fn during(self, what: &'static str) -> Result<T, Fault> {
        self.map_err(|source| Fault::Sql {
            what,
            source: Arc::new(source),
        })
    }
}
