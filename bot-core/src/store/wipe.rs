//! Wipes what was deleted off the database file and its write-ahead log.
//!
//! `secure_delete` overwrites what is deleted, in new versions of its pages: the old ones stay in the write-ahead log until that is
//! written over. So the log is moved into the file and cut off. Besides, SQLite leaves copies of rows that it moved from one page
//! to another in the free space of the first: that is overwritten here, where SQLite never reads.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::db::{self, Connection};
use super::fault::{During, Fault};
use super::forget::{Forgetting, forgotten};
use super::open;
use crate::crash::{self, Point};

/// How long the log's end waits for readers. Nothing is written meanwhile, so it is short; it is tried again.
const READERS: Duration = Duration::from_millis(100);
/// How long the writer is waited for.
const WRITER: Duration = Duration::from_secs(5);
/// How often it is tried to find nothing written between the log's end and the lock.
const TRIES: u32 = 20;
/// How much of the file is read at a time.
const CHUNK: usize = 1024 * 1024;
/// From so many pages on (137 GB), a page that continues a long row can begin like one that has rows.
const MOST_PAGES: u64 = 0x0200_0000;

/// Wipes one database. There must be one at a time, and no other handle on the file may be closed while SQLite has it open: that would
/// let go of SQLite's locks. So this keeps its own until the store is closed.
pub struct Wiper {
    conn: Connection,
    log: PathBuf,
    path: PathBuf,
    file: File,
}

impl Wiper {
    pub(super) fn open(dir: &Path) -> Result<Self, Fault> {
        let path = dir.join(open::DATABASE);
        let conn = open::beside(&path)?;
        let file = File::options().read(true).write(true).open(&path);
        Ok(Self {
            conn,
            log: super::restore::with(&path, "-wal"),
            file: file.map_err(|source| Fault::Folder {
                path: path.clone(),
                source: Arc::new(source),
            })?,
            path,
        })
    }

    /// Wipes what was deleted until now, and notes that `done` is gone. False where readers or the writer were in the way: it
    /// is to be tried again.
    pub fn wipe(&mut self, done: &[Forgetting]) -> Result<bool, Fault> {
        if !self.cut_log()? {
            return Ok(false);
        }
        crash::here(Point::LogCut);
        // Now all is in the file. What is changed from here on was not deleted before.
        let unclean = self.unclean_pages().map_err(|error| self.io(error))?;
        for _ in 0..TRIES {
            if !unclean.is_empty() && !self.cut_log()? {
                return Ok(false);
            }
            if self.finish(&unclean, done)? {
                crash::here(Point::FilesClean);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Moves the log into the file and cuts it off.
    fn cut_log(&self) -> Result<bool, Fault> {
        let cut = |conn: &Connection| -> db::Result<bool> {
            conn.busy_timeout(READERS)?;
            conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, bool>(0).map(|busy| !busy)
            })
        };
        cut(&self.conn).during("cutting the write-ahead log off")
    }

    /// Cleans these pages, if the log is empty still, while nothing is written.
    fn finish(&mut self, unclean: &[u64], done: &[Forgetting]) -> Result<bool, Fault> {
        let begun = self.conn.busy_timeout(WRITER);
        begun
            .and_then(|()| self.conn.execute_batch("BEGIN IMMEDIATE"))
            .during("beginning to clean the database")?;
        let cleaned = match unclean.is_empty() || self.log_is_empty() {
            true => self.clean(unclean).map_err(|error| self.io(error)),
            false => Ok(false),
        };
        crash::here(Point::PagesCleaned);
        let end = match cleaned {
            // The writer keeps pages in memory, and forgets them only when another connection has written something.
            Ok(true) => forgotten(&self.conn, done).and_then(|()| {
                self.conn
                    .execute("UPDATE store SET wiped = wiped + 1", [])?;
                self.conn.execute_batch("COMMIT")
            }),
            Ok(false) | Err(_) => self.conn.execute_batch("ROLLBACK"),
        };
        if end.is_err() && !self.conn.is_autocommit() {
            // What was begun must not keep the writer waiting.
            self.conn
                .execute_batch("ROLLBACK")
                .during("ending the cleaning of the database")?;
        }
        end.during("noting what is forgotten")?;
        cleaned
    }

    fn log_is_empty(&self) -> bool {
        fs::metadata(&self.log).map_or(true, |log| log.len() == 0)
    }

    /// The numbers of the pages that have something in their free space, from 0.
    fn unclean_pages(&mut self) -> io::Result<Vec<u64>> {
        let Some(shape) = self.shape()? else {
            return Ok(Vec::new());
        };
        let mut unclean = Vec::new();
        let mut chunk = vec![0; CHUNK.next_multiple_of(shape.page)];
        let mut number = 0;
        self.file.seek(SeekFrom::Start(0))?;
        loop {
            let read = read_full(&mut self.file, &mut chunk)?;
            for page in chunk
                .get(..read)
                .unwrap_or_default()
                .chunks_exact(shape.page)
            {
                let dirty = |free: Range<usize>| {
                    page.get(free)
                        .is_some_and(|free| free.iter().any(|byte| *byte != 0))
                };
                if free_space(page, number == 0, shape.usable)
                    .into_iter()
                    .any(dirty)
                {
                    unclean.push(number);
                }
                number += 1;
            }
            if read < chunk.len() {
                return Ok(unclean);
            }
        }
    }

    /// Overwrites the free space of these pages.
    fn clean(&mut self, pages: &[u64]) -> io::Result<bool> {
        let Some(shape) = self.shape()? else {
            return Ok(true);
        };
        let mut page = vec![0; shape.page];
        for number in pages {
            let at = number * shape.page as u64;
            self.file.seek(SeekFrom::Start(at))?;
            if read_full(&mut self.file, &mut page)? < page.len() {
                continue;
            }
            for free in free_space(&page, *number == 0, shape.usable) {
                self.file.seek(SeekFrom::Start(at + free.start as u64))?;
                self.file.write_all(&vec![0; free.len()])?;
            }
        }
        if !pages.is_empty() {
            self.file.sync_data()?;
        }
        Ok(true)
    }

    /// How the file is cut into pages; none where it can't be told what a page is.
    fn shape(&mut self) -> io::Result<Option<Shape>> {
        let mut head = [0; 100];
        self.file.seek(SeekFrom::Start(0))?;
        if read_full(&mut self.file, &mut head)? < head.len() {
            return Ok(None);
        }
        let page = match number(&head, 16) {
            Some(1) => 65_536,
            Some(page) => page,
            None => return Ok(None),
        };
        let pages = self.file.metadata()?.len() / page.max(1) as u64;
        let usable = page.saturating_sub(head[20].into());
        Ok((page >= 512 && pages < MOST_PAGES).then_some(Shape { page, usable }))
    }

    fn io(&self, source: io::Error) -> Fault {
        Fault::Folder {
            path: self.path.clone(),
            source: Arc::new(source),
        }
    }
}

/// How a database is cut into pages, in bytes.
#[derive(Clone, Copy)]
struct Shape {
    page: usize,
    /// How much of a page SQLite uses.
    usable: usize,
}

/// Where a page of a table or an index has nothing: between the list of its rows and the first of them, and between rows. See "B-tree
/// Pages" in SQLite's file format. Nothing of any other page, and of one that is not as it should be.
fn free_space(page: &[u8], is_first: bool, usable: usize) -> Vec<Range<usize>> {
    let head = if is_first { 100 } else { 0 };
    let listed = match page.get(head) {
        Some(2 | 5) => head + 12,
        Some(10 | 13) => head + 8,
        Some(_) | None => return Vec::new(),
    };
    let (Some(rows), Some(first)) = (number(page, head + 3), number(page, head + 5)) else {
        return Vec::new();
    };
    let first = if first == 0 { 65_536 } else { first };
    let gap = listed + 2 * rows..first;
    if gap.start > gap.end || gap.end > usable {
        return Vec::new();
    }
    let mut free = Vec::new();
    // Each free block between rows says where the next one is, and how long it is itself.
    let mut next = number(page, head + 1).unwrap_or(0);
    let mut behind = gap.end;
    while next != 0 {
        let (Some(then), Some(long)) = (number(page, next), number(page, next + 2)) else {
            return Vec::new();
        };
        if next < behind || long < 4 || next + long > usable {
            return Vec::new();
        }
        free.push(next + 4..next + long);
        behind = next + long;
        next = then;
    }
    free.push(gap);
    free.retain(|free| !free.is_empty());
    free
}

/// A number of two bytes, the larger first.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let (high, low) = (bytes.get(at)?, bytes.get(at + 1)?);
    Some(usize::from(u16::from_be_bytes([*high, *low])))
}

/// Reads until the buffer is full or the file ends; gives how much.
fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut have = 0;
    while let Some(rest) = buffer.get_mut(have..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(read) => have += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(have)
}
