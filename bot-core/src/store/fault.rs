//! What can go wrong with the store: the disk, the file, the database. Never what a person may not do.

use std::path::PathBuf;
use std::sync::Arc;

use super::db::{self, ErrorKind};
use crate::panics::Panicked;

/// Less room than this, in bytes, is none.
const ROOM: u64 = 64 << 10;

/// The store failed. Its text is for the log and the operator, never for people in chat.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// A statement failed.
    #[error("{what}")]
    Sql {
        /// What was being attempted.
        what: &'static str,
        /// What the database said.
        source: Arc<db::Error>,
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
    /// The database was written by an older version, and can't be brought up to this one.
    #[error("{} can’t be brought up to date; what it was is kept beside it, which the version that wrote it reads, or restore a backup", path.display())]
    NotMigrated {
        /// The file.
        path: PathBuf,
        /// What the database said.
        source: Arc<db::Error>,
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
    /// The file can't be read.
    #[error("{} can’t be read; give the user that runs `stoa` access to it and its folder", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
    },
    /// The file is empty, where a forum was kept.
    #[error("{} is empty, though a forum was kept beside it; restore a backup, or take the file away to begin anew", path.display())]
    Empty {
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
                | Self::Empty { .. }
                | Self::Stopped
        )
    }

    /// A statement failed.
    pub(super) fn of_statement(what: &'static str, source: db::Error) -> Self {
        Self::Sql {
            what,
            source: Arc::new(source.brief()),
        }
    }

    /// Whether nothing is wrong but that a statement was asked to end.
    pub(super) fn is_interruption(&self) -> bool {
        matches!(self, Self::Sql { source, .. } if source.kind() == ErrorKind::Interrupted)
    }

    /// Names the cause where the database says it is the file's or the disk's, with the file it is about.
    pub(crate) fn about(self, path: &std::path::Path) -> Self {
        let Self::Sql { source, .. } = &self else {
            return self;
        };
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::Full | ErrorKind::NoSharedMemory => Self::Full { path },
            ErrorKind::Disk | ErrorKind::Unreadable if has_no_room(&path) => Self::Full { path },
            ErrorKind::Disk | ErrorKind::Unreadable => Self::Disk { path },
            ErrorKind::ReadOnly | ErrorKind::Closed => Self::ReadOnly { path },
            ErrorKind::Damaged => Self::Damaged { path },
            ErrorKind::Busy | ErrorKind::Locked => Self::Locked { path },
            ErrorKind::Memory
            | ErrorKind::Interrupted
            | ErrorKind::NoRow
            | ErrorKind::Value
            | ErrorKind::Other => self,
        }
    }

    /// The same, of a file that was only to be read.
    pub(crate) fn about_reading(self, path: &std::path::Path) -> Self {
        match &self {
            Self::Sql { source, .. } if source.kind() == ErrorKind::Closed => Self::Unreadable {
                path: path.to_owned(),
            },
            _ => self.about(path),
        }
    }

    /// What is wrong where the system does not take a file.
    pub(crate) fn of_folder(path: &std::path::Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            std::io::ErrorKind::StorageFull => Self::Full { path },
            _ => Self::Folder {
                path,
                source: Arc::new(source),
            },
        }
    }

    /// Whether the whole batch failed with this statement, not the one action.
    pub(crate) fn fails_batch(&self) -> bool {
        let source = match self {
            Self::Sql { source, .. } => source,
            Self::Panicked(_) => return false,
            _ => return true,
        };
        match source.kind() {
            ErrorKind::Full
            | ErrorKind::NoSharedMemory
            | ErrorKind::Unreadable
            | ErrorKind::Disk
            | ErrorKind::Memory
            | ErrorKind::ReadOnly
            | ErrorKind::Damaged
            | ErrorKind::Busy => true,
            ErrorKind::Closed
            | ErrorKind::Locked
            | ErrorKind::Interrupted
            | ErrorKind::NoRow
            | ErrorKind::Value
            | ErrorKind::Other => false,
        }
    }
}

/// Whether the disk of a file has no room for anything.
#[cfg(unix)]
pub(crate) fn has_no_room(path: &std::path::Path) -> bool {
    let folder = path.parent().unwrap_or(path);
    rustix::fs::statvfs(folder)
        .is_ok_and(|disk| disk.f_blocks > 0 && disk.f_bavail.saturating_mul(disk.f_frsize) < ROOM)
}

#[cfg(not(unix))]
pub(crate) fn has_no_room(_: &std::path::Path) -> bool {
    false
}

/// A statement of a reader that failed, and of which file.
#[derive(Debug)]
pub(super) struct ReadFailed {
    pub(super) source: db::Error,
    pub(super) path: PathBuf,
}

impl<T> During<T> for Result<T, ReadFailed> {
    fn during(self, what: &'static str) -> Result<T, Fault> {
        self.map_err(|failed| Fault::of_statement(what, failed.source).about_reading(&failed.path))
    }
}

/// Says what was being attempted when a statement failed.
pub(crate) trait During<T> {
    /// Turns the failure into a [`Fault`].
    fn during(self, what: &'static str) -> Result<T, Fault>;
}

impl<T> During<T> for db::Result<T> {
    fn during(self, what: &'static str) -> Result<T, Fault> {
        self.map_err(|source| Fault::of_statement(what, source))
    }
}
