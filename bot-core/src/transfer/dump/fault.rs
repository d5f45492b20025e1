//! What can be wrong with a file of a dump, and with a row of it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A file can't be read at all.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// It can't be opened.
    #[error("{} can't be read", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// It is something else, such as an archive that is not unpacked.
    #[error("{} is no XML file of a Stack Exchange dump; if it is an archive, unpack it first", path.display())]
    NoXml {
        /// The file.
        path: PathBuf,
    },
    /// It holds other rows.
    #[error("{} holds `{found}`, not `{wanted}`", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: String,
        /// What was expected.
        wanted: &'static str,
    },
}

/// A row that was left out, or something between rows that is none.
#[derive(Clone, Debug, thiserror::Error)]
#[error("row {row}{}: {why}", NamedId(*id))]
pub struct Skipped {
    /// Which row of the file, from 1; of what is between rows, the row before it.
    pub row: u64,
    /// Where it begins, in bytes from the file's start.
    pub byte: u64,
    /// Its `Id`, where that could be read.
    pub id: Option<i64>,
    /// What is wrong with it.
    pub why: SkipReason,
}

impl Skipped {
    /// Whether nothing of the file could be read after it.
    #[must_use]
    pub fn is_end(&self) -> bool {
        match self.why {
            SkipReason::CutOff | SkipReason::Unclosed | SkipReason::Unreadable(_) => true,
            SkipReason::Missing(_)
            | SkipReason::Bad { .. }
            | SkipReason::Syntax
            | SkipReason::Broken
            | SkipReason::TooLong
            | SkipReason::Stray => false,
        }
    }
}

/// Why a row was left out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SkipReason {
    /// It lacks an attribute that it must have.
    #[error("it has no `{0}`")]
    Missing(&'static str),
    /// An attribute is not what it must be.
    #[error("its `{name}` is no {wanted}: `{found}`")]
    Bad {
        /// The attribute.
        name: &'static str,
        /// What it must be.
        wanted: ExpectedValue,
        /// The beginning of what it is.
        found: String,
    },
    /// Its attributes are not written as XML's.
    #[error("its attributes are no XML")]
    Syntax,
    /// Another element begins before it ends.
    #[error("another element begins in the middle of it")]
    Broken,
    /// It is longer than [`ROW_BYTES`](super::ROW_BYTES).
    #[error("it is too long to be a row")]
    TooLong,
    /// Something stands between the rows that is none.
    #[error("something that is no row follows it")]
    Stray,
    /// The file ends in the middle of the row.
    #[error("the file ends in the middle of it")]
    CutOff,
    /// The file ends without its closing tag: rows may be missing.
    #[error("the file ends after it, without its closing tag: rows may be missing")]
    Unclosed,
    /// The file can't be read on.
    #[error("the file can't be read on")]
    Unreadable(#[source] Arc<std::io::Error>),
}

/// What an attribute must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedValue {
    /// A whole number.
    Number,
    /// A moment, as `2014-01-21T20:26:05.383`.
    Date,
}

impl fmt::Display for ExpectedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "number",
            Self::Date => "date",
        })
    }
}

/// An id in a message, where it is known.
struct NamedId(Option<i64>);

impl fmt::Display for NamedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(id) => write!(f, " (Id {id})"),
            None => Ok(()),
        }
    }
}
