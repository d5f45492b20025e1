//! What a database says when it fails, and what that means to the store.

use std::fmt;
use std::path::PathBuf;

use rusqlite::{ErrorCode, ffi};

/// What the database gave, or why it did not.
pub type Result<T> = std::result::Result<T, Error>;

/// A statement, or what is done with a connection, failed.
#[derive(Debug)]
pub struct Error(rusqlite::Error);

/// What failed, as far as the store does different things about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The disk is full.
    Full,
    /// The disk gave no room for what processes share; SQLite does not say whether it is full.
    NoSharedMemory,
    /// The disk does not give back what was written.
    Unreadable,
    /// The disk fails in another way.
    Disk,
    /// The file may not be written.
    ReadOnly,
    /// The file may not be opened.
    Closed,
    /// The file is no database, or is damaged.
    Damaged,
    /// Somebody else writes, or reads what is to be changed.
    Busy,
    /// Another statement of this connection is in the way.
    Locked,
    /// There is no memory left.
    Memory,
    /// It was asked to end.
    Interrupted,
    /// There is no such row.
    NoRow,
    /// A value is none that its reader or writer takes.
    Value,
    /// The database refuses the statement, or something else is wrong with it.
    Other,
}

impl Error {
    /// No row, where one was expected.
    pub fn no_row() -> Self {
        Self(rusqlite::Error::QueryReturnedNoRows)
    }

    /// A column holds another kind of value than is read.
    pub(super) fn of_column(at: usize, holds: rusqlite::types::Type) -> Self {
        Self(rusqlite::Error::InvalidColumnType(at, String::new(), holds))
    }

    /// No connection to the database of this folder could be had.
    pub fn unopened(dir: PathBuf) -> Self {
        Self(rusqlite::Error::InvalidPath(dir))
    }

    /// What SQLite says by one of its numbers.
    #[cfg(test)]
    pub fn of_code(extended: i32) -> Self {
        Self(rusqlite::Error::SqliteFailure(
            ffi::Error::new(extended),
            None,
        ))
    }

    /// What failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        let Some(code) = self.0.sqlite_error_code() else {
            return match &self.0 {
                rusqlite::Error::QueryReturnedNoRows => ErrorKind::NoRow,
                _ => ErrorKind::Value,
            };
        };
        let extended = self.0.sqlite_error().map(|error| error.extended_code);
        match code {
            ErrorCode::DiskFull => ErrorKind::Full,
            ErrorCode::SystemIoFailure => match extended {
                Some(ffi::SQLITE_IOERR_SHMSIZE) => ErrorKind::NoSharedMemory,
                Some(
                    ffi::SQLITE_IOERR_READ
                    | ffi::SQLITE_IOERR_SHORT_READ
                    | ffi::SQLITE_IOERR_CORRUPTFS,
                ) => ErrorKind::Unreadable,
                _ => ErrorKind::Disk,
            },
            ErrorCode::ReadOnly => ErrorKind::ReadOnly,
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => ErrorKind::Closed,
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => ErrorKind::Damaged,
            ErrorCode::DatabaseBusy => ErrorKind::Busy,
            ErrorCode::DatabaseLocked => ErrorKind::Locked,
            ErrorCode::OutOfMemory => ErrorKind::Memory,
            ErrorCode::OperationInterrupted => ErrorKind::Interrupted,
            _ => ErrorKind::Other,
        }
    }

    /// Without the text of the statement, which may be long, and without a library's words for a value that is none of ours.
    #[must_use]
    pub fn brief(self) -> Self {
        use rusqlite::Error as Source;
        Self(match self.0 {
            Source::SqlInputError { error, msg, .. } => Source::SqliteFailure(error, Some(msg)),
            Source::FromSqlConversionFailure(..)
            | Source::IntegralValueOutOfRange(..)
            | Source::InvalidColumnType(..)
            | Source::Utf8Error(..) => Source::SqliteFailure(
                ffi::Error::new(ffi::SQLITE_MISMATCH),
                Some("a value there is none that Stoa writes; restore a backup".to_owned()),
            ),
            source => source,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self(error)
    }
}

/// Makes the lack of a row no failure.
pub trait OptionalExtension<T> {
    /// None where there is no such row.
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(Error(rusqlite::Error::QueryReturnedNoRows)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
