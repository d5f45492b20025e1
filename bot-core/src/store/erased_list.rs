//! The file `erased.list`: what was erased, as keyed hashes. It may be damaged by whatever damages files: the lines that can be read
//! hold, what can't is kept aside and said, and a line is only ever added behind a whole one.
//!
//! A random key; for each text that was erased the change that did it, and a hash of which it was, never of what it said; the name of
//! each copy of the store for which all lines above were gone through; `anew` where the list was lost and begun again.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::part::PartialFile;
use crate::chance;
use crate::forum::Seq;

/// The file's name in the storage folder.
pub const ERASED: &str = "erased.list";
/// What the first line begins with, before the key.
const HEAD: &str = "stoa-erased 1 ";
/// How many bytes of a hash are kept.
const HASH: usize = 16;

/// The hash of something that was erased.
pub(super) type Hash = [u8; HASH];

/// What is wrong with the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is not there, or has nothing, though something was erased.
    #[error("{} is missing or empty, though posts were deleted; a backup can bring back what was deleted, so put the file back from a copy: else the next start writes it anew from the database, which no longer knows removed edits", path.display())]
    Lost {
        /// The file.
        path: PathBuf,
    },
    /// Its first line can't be read, without which the others say nothing.
    #[error("{} is damaged in its first line, without which none of it can be used; a backup can bring back what was deleted, so put the file back from a copy: else the next start keeps it aside and writes it anew from the database, which no longer knows removed edits", path.display())]
    Head {
        /// The file.
        path: PathBuf,
    },
    /// Some of its lines can't be read.
    #[error("{} is damaged: lines that can’t be read: {lines}; a backup can bring back what they were about, so put the file back from a copy: else the next start keeps it aside and mends it from the database, which no longer knows removed edits", path.display())]
    Lines {
        /// The file.
        path: PathBuf,
        /// How many.
        lines: usize,
    },
}

/// What a line says.
enum Entry {
    Erased { edit: bool, seq: Seq, hash: Hash },
    Copy(String),
    Anew,
}

impl Entry {
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            [kind @ ("post" | "edit"), seq, hash] => Some(Self::Erased {
                edit: *kind == "edit",
                seq: Seq(seq.parse().ok()?),
                hash: bytes(hash)?,
            }),
            ["copy", copy] => Some(Self::Copy((*copy).to_owned())),
            ["anew"] => Some(Self::Anew),
            _ => None,
        }
    }

    /// What older versions added to a line that was broken off.
    fn glued(line: &str) -> Option<(Self, &str)> {
        ["post ", "edit "].into_iter().find_map(|kind| {
            let tail = line.get(line.rfind(kind)?..)?;
            Some((Self::parse(tail)?, tail))
        })
    }
}

/// The list as it was read.
pub(super) struct ErasedList {
    pub path: PathBuf,
    pub key: [u8; 32],
    /// What was erased.
    pub known: HashSet<Hash>,
    /// The newest change of those since the last copy of the store was gone through.
    pub newest: Seq,
    /// The copy that was gone through last.
    pub copy: Option<String>,
    /// Whether edits are among them.
    pub has_edits: bool,
    /// Whether it was lost before, and has nothing for that reason.
    pub anew: bool,
    /// The lines that can be read.
    pub lines: String,
    /// How many can't.
    pub damaged: usize,
}

/// What is found in place of the list.
pub(super) enum ListState {
    Nothing,
    Headless,
    List(ErasedList),
}

/// Reads the list, whatever is in it.
pub(super) fn read(path: &Path) -> io::Result<ListState> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ListState::Nothing),
        Err(error) => return Err(error),
    };
    if text.is_empty() {
        return Ok(ListState::Nothing);
    }
    let text = String::from_utf8_lossy(&text);
    let head = text.lines().next().and_then(|line| line.strip_prefix(HEAD));
    let Some(key) = head.and_then(bytes::<32>) else {
        return Ok(ListState::Headless);
    };
    let mut list = ErasedList {
        key,
        ..ErasedList::new(path)
    };
    for line in text.split_inclusive('\n').skip(1) {
        list.take(line);
    }
    Ok(ListState::List(list))
}

impl ErasedList {
    /// One that has nothing, with a key of its own; it is not written yet.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            key: new_key(),
            known: HashSet::new(),
            newest: Seq(0),
            copy: None,
            has_edits: false,
            anew: false,
            lines: String::new(),
            damaged: 0,
        }
    }

    fn take(&mut self, line: &str) {
        let ended = line.ends_with('\n');
        let line = line.trim_end_matches(['\n', '\r']);
        let (read, line) = match Entry::parse(line) {
            // Its name may be longer.
            Some(Entry::Copy(_)) if !ended => (None, line),
            Some(read) => (Some(read), line),
            None if line.is_empty() => return,
            None => {
                self.damaged += 1;
                match Entry::glued(line) {
                    Some((read, line)) => (Some(read), line),
                    None => return,
                }
            }
        };
        match read {
            Some(Entry::Erased { edit, seq, hash }) => {
                self.known.insert(hash);
                self.newest = self.newest.max(seq);
                self.has_edits |= edit;
            }
            Some(Entry::Copy(copy)) => {
                self.copy = Some(copy);
                self.newest = Seq(0);
            }
            Some(Entry::Anew) => self.anew = true,
            None => {
                self.damaged += 1;
                return;
            }
        }
        self.lines.push_str(line);
        self.lines.push('\n');
    }

    /// The hash of what is said.
    pub fn hash(&self, said: &str) -> Hash {
        let hash = blake3::keyed_hash(&self.key, said.as_bytes());
        let mut short = [0; HASH];
        short.copy_from_slice(&hash.as_bytes()[..HASH]);
        short
    }

    /// Adds lines behind whatever the file ends with; on disk when this returns.
    pub fn add(&self, lines: &str) -> io::Result<()> {
        let mut file = File::options().read(true).append(true).open(&self.path)?;
        let mut last = [b'\n'];
        if file.metadata()?.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        let broken_off = last != [b'\n'];
        let begin = if broken_off { "\n" } else { "" };
        file.write_all(format!("{begin}{lines}").as_bytes())?;
        file.sync_data()
    }
}

/// The line of something that was erased.
pub(super) fn line(edit: bool, seq: Seq, hash: &Hash) -> String {
    let kind = if edit { "edit" } else { "post" };
    format!("{kind} {} {}\n", seq.0, hex(hash))
}

/// Writes the list, in place of what is there.
pub(super) fn write(path: &Path, key: &[u8; 32], lines: &str) -> io::Result<()> {
    let part = PartialFile::make(path)?;
    fs::write(part.path(), format!("{HEAD}{}\n{lines}", hex(key)))?;
    part.finish()
}

/// Keeps a copy of the list as it is under another name, which is given.
pub(super) fn keep_aside(path: &Path) -> io::Result<PathBuf> {
    let names = (1_u32..).map(|n| path.with_extension(format!("damaged-{n}.list")));
    let mut free = names.filter(|name| !name.exists());
    let aside = free
        .next()
        .unwrap_or_else(|| path.with_extension("damaged"));
    fs::copy(path, &aside)?;
    Ok(aside)
}

/// A key that nobody knows.
fn new_key() -> [u8; 32] {
    let mut key = [0; 32];
    let mut rng = chance::System;
    for part in key.chunks_exact_mut(8) {
        part.copy_from_slice(&chance::Rng::next(&mut rng).to_le_bytes());
    }
    key
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    (hex.len() == 2 * N).then_some(bytes)
}
