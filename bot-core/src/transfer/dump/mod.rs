//! Reads the XML files of a Stack Exchange data dump: a row at a time, in constant memory, past whatever is broken.
//!
//! The format is that of <https://meta.stackexchange.com/questions/2677>: a file a table, an element `row` a row, its columns
//! as attributes. Reads files and knows `forum`'s time; what the rows mean for a forum is decided elsewhere.

mod fault;
mod fields;
mod history;
mod posts;
mod rows;
mod scan;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::marker::PhantomData;
use std::path::Path;

pub use fault::{ExpectedValue, Fault, SkipReason, Skipped};
pub use history::{CloseReason, ClosingEntry, HistoryKind, HistoryOrigin, HistoryRow};
pub use posts::{Licence, PostKind, PostRow};
pub use rows::{CommentRow, LinkKind, LinkRow, TagRow, UserRow, VoteKind, VoteRow};

use fields::Fields;
use scan::{ScanItem, Scanner};

/// The longest row that is read, in bytes: a longer one is skipped. A post has at most 30,000 characters.
pub const ROW_BYTES: usize = 64 << 20;
/// How much is read from a file at once, in bytes.
const CHUNK: usize = 256 << 10;

/// A post's number on its site: its `Id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePost(pub i64);

/// A user's number on their site: its `Id`. -1 is the site's own user, Community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceUser(pub i64);

/// A row of one of the files.
pub trait Row: Sized + sealed::Read {
    /// The name of the file's outermost element, in small letters.
    const TABLE: &'static str;
}

mod sealed {
    use super::{Fields, SkipReason};

    /// How a row is read: known to this module only.
    pub trait Read: Sized {
        /// The row of these attributes, or why there is none.
        fn read(fields: &Fields<'_>) -> Result<Self, SkipReason>;
    }
}

/// How much of a file was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// Bytes of the whole file, as it was when it was opened.
    pub total: u64,
}

/// The rows of one file, in its order. One that can't be read is given as [`Skipped`], and reading goes on after it.
#[derive(Debug)]
pub struct DumpRows<R, S = BufReader<File>> {
    scanner: Scanner<S>,
    total: u64,
    /// Rows begun.
    count: u64,
    /// Rows with bytes that are no UTF-8.
    lossy: u64,
    row: PhantomData<R>,
}

impl<R: Row> DumpRows<R> {
    /// Opens a file. Fails where it can't be read, is no XML, or holds another table.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let unreadable = |source: std::io::Error| Fault::Open {
            path: path.to_owned(),
            source: source.into(),
        };
        let file = File::open(path).map_err(unreadable)?;
        let total = file.metadata().map_err(unreadable)?.len();
        Self::new(BufReader::with_capacity(CHUNK, file), total, path)
    }
}

impl<R: Row, S: BufRead> DumpRows<R, S> {
    /// Reads what is not a plain file, `total` bytes in all; `name` is what a [`Fault`] calls it.
    pub fn new(source: S, total: u64, name: &Path) -> Result<Self, Fault> {
        Self::with_limit(source, total, name, ROW_BYTES)
    }

    fn with_limit(source: S, total: u64, name: &Path, most: usize) -> Result<Self, Fault> {
        let path = || name.to_owned();
        let mut scanner = Scanner::new(source, most);
        let table = scanner.table().map_err(|source| Fault::Open {
            path: path(),
            source: source.into(),
        })?;
        match table {
            Some(found) if found == R::TABLE => Ok(Self {
                scanner,
                total,
                count: 0,
                lossy: 0,
                row: PhantomData,
            }),
            Some(found) => Err(Fault::Table {
                path: path(),
                found,
                wanted: R::TABLE,
            }),
            None => Err(Fault::NoXml { path: path() }),
        }
    }

    /// How much was read so far.
    pub fn progress(&self) -> Progress {
        Progress {
            read: self.scanner.read(),
            total: self.total,
        }
    }

    /// How many of the rows so far had bytes that are no UTF-8; each such place became a `\u{FFFD}`.
    pub fn lossy(&self) -> u64 {
        self.lossy
    }

    /// A row that was read whole.
    fn whole(&mut self) -> Result<R, Skipped> {
        let bytes = self.scanner.row();
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            self.lossy += 1;
        }
        let read = Fields::of(&text).and_then(|fields| R::read(&fields));
        read.map_err(|why| self.skipped(why))
    }

    /// The row that was read last, or its beginning, as skipped.
    fn skipped(&self, why: SkipReason) -> Skipped {
        Skipped {
            row: self.count,
            byte: self.scanner.began(),
            id: fields::id(&String::from_utf8_lossy(self.scanner.row())),
            why,
        }
    }

    /// What is not a row, as skipped.
    fn between(&self, why: SkipReason) -> Skipped {
        Skipped {
            row: self.count,
            byte: self.scanner.began(),
            id: None,
            why,
        }
    }
}

impl<R: Row, S: BufRead> Iterator for DumpRows<R, S> {
    type Item = Result<R, Skipped>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.scanner.next();
        if matches!(
            found,
            ScanItem::Row | ScanItem::TooLong | ScanItem::Broken | ScanItem::CutOff
        ) {
            self.count += 1;
        }
        Some(match found {
            ScanItem::Row => self.whole(),
            ScanItem::TooLong => Err(self.skipped(SkipReason::TooLong)),
            ScanItem::Broken => Err(self.skipped(SkipReason::Broken)),
            ScanItem::CutOff => Err(self.skipped(SkipReason::CutOff)),
            ScanItem::Stray => Err(self.between(SkipReason::Stray)),
            ScanItem::Unclosed => Err(self.between(SkipReason::Unclosed)),
            ScanItem::Failed(source) => Err(self.between(SkipReason::Unreadable(source.into()))),
            ScanItem::End => return None,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
