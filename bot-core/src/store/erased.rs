//! What was erased, kept apart from the database as keyed hashes: a backup that is put in its place brings back what was erased
//! since, and that is then erased again.
//!
//! A file of lines, only ever added to: a random key; for each text that was erased the change that did it, and a hash of which it was,
//! never of what it said; and the name of each copy of the store for which all lines above were gone through.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::db::params;
use super::fault::{During, Fault};
use super::forget::{Forgetting, Gone};
use super::reader::Reader;
use crate::chance;
use crate::forum::{IdentityId, PostId, Seq, Timestamp};

/// The file's name in the storage folder.
pub const ERASED: &str = "erased.list";
/// What the first line begins with, before the key.
const HEAD: &str = "stoa-erased 1 ";
/// How many posts are looked at at a time.
const PAGE: u32 = 1_000;
/// How many bytes of a hash are kept.
const HASH: usize = 16;

/// A text of a post, and by which facts it is known in every copy of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The post.
    pub post: PostId,
    /// When it was posted.
    pub at: Timestamp,
    /// By whom.
    pub author: IdentityId,
    /// One of its texts: the event that made it. None means all of them.
    pub event: Option<String>,
}

/// The list of what was erased.
pub(super) struct Erased {
    path: PathBuf,
    key: [u8; 32],
    /// By hash, with the change.
    known: HashSet<[u8; HASH]>,
    /// The newest change of those since the last copy of the store was gone through.
    newest: Seq,
    /// The copy that was gone through last.
    copy: Option<String>,
    /// Whether edits are among them.
    has_edits: bool,
}

impl Erased {
    /// Reads the list, or begins one.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        let path = dir.join(ERASED);
        let read = || -> io::Result<Self> {
            let mut text = String::new();
            match File::open(&path) {
                Ok(mut file) => drop(file.read_to_string(&mut text)?),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            let key = text.lines().next().and_then(|line| line.strip_prefix(HEAD));
            let (key, text) = match key.and_then(bytes::<32>) {
                Some(key) => (key, text.as_str()),
                None => (begin(&path)?, ""),
            };
            let mut erased = Self {
                path: path.clone(),
                key,
                known: HashSet::new(),
                newest: Seq(0),
                copy: None,
                has_edits: false,
            };
            text.lines().skip(1).for_each(|line| erased.take(line));
            Ok(erased)
        };
        read().map_err(|source| Fault::Folder {
            path: path.clone(),
            source: Arc::new(source),
        })
    }

    /// Takes a line; one that was broken off says nothing.
    fn take(&mut self, line: &str) {
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some(kind @ ("post" | "edit")), Some(seq), Some(hash)) => {
                let (Ok(seq), Some(hash)) = (seq.parse(), bytes(hash)) else {
                    return;
                };
                self.known.insert(hash);
                self.newest = self.newest.max(Seq(seq));
                self.has_edits |= kind == "edit";
            }
            (Some("copy"), Some(copy), None) => {
                self.copy = Some(copy.to_owned());
                self.newest = Seq(0);
            }
            _ => {}
        }
    }

    fn hash(&self, store: &str, mark: &Mark) -> [u8; HASH] {
        let (post, at, by) = (mark.post.0, mark.at.0, mark.author.0);
        let said = format!("{store} {post} {at} {by} {:?}", mark.event);
        let hash = blake3::keyed_hash(&self.key, said.as_bytes());
        let mut short = [0; HASH];
        short.copy_from_slice(&hash.as_bytes()[..HASH]);
        short
    }

    /// Adds lines; on disk when this returns.
    fn add(&self, lines: &str) -> Result<(), Fault> {
        let write = || -> io::Result<()> {
            let mut file = File::options().append(true).open(&self.path)?;
            file.write_all(lines.as_bytes())?;
            file.sync_data()
        };
        write().map_err(|source| Fault::Folder {
            path: self.path.clone(),
            source: Arc::new(source),
        })
    }
}

/// Makes the file, with a new key.
fn begin(path: &Path) -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    let mut rng = chance::System;
    for part in key.chunks_exact_mut(8) {
        part.copy_from_slice(&chance::Rng::next(&mut rng).to_le_bytes());
    }
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    writeln!(file, "{HEAD}{}", hex(&key))?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    Ok(key)
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

/// Adds to the list what was taken away, so that no backup brings it back.
pub(super) fn remember(dir: &Path, reader: &Reader, gone: &[Forgetting]) -> Result<(), Fault> {
    let erased = Erased::open(dir)?;
    let store = reader.identity()?.store;
    let mut lines = String::new();
    for one in gone {
        let (kind, event) = match &one.gone {
            Gone::Withdrawn => ("post", None),
            Gone::Edit(event) => ("edit", Some(event.clone())),
            Gone::Hidden => continue,
        };
        let mark = Mark {
            post: one.post,
            at: one.at,
            author: one.author,
            event,
        };
        let hash = erased.hash(&store, &mark);
        if !erased.known.contains(&hash) {
            lines.push_str(&format!("{kind} {} {}\n", one.seq.0, hex(&hash)));
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    erased.add(&lines)
}

/// What stands in the store again though it was erased, where this store is another copy or an earlier one than that in which it
/// was; none where it is the same.
pub(super) fn returned(dir: &Path, reader: &Reader) -> Result<Vec<Mark>, Fault> {
    let erased = Erased::open(dir)?;
    let identity = reader.identity()?;
    let same = erased.copy == Some(copy_name(&identity.store, identity.epoch));
    if erased.known.is_empty() || (same && erased.newest <= reader.last_seq()?) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let mut after = PostId(0);
    loop {
        let page = reader.marks_after(after, PAGE, erased.has_edits)?;
        let Some(last) = page.last() else { break };
        after = last.post;
        for mark in page {
            if erased.known.contains(&erased.hash(&identity.store, &mark)) {
                found.push(mark);
            }
        }
    }
    Ok(found)
}

/// Notes that this copy of the store was gone through.
pub(super) fn gone_through(dir: &Path, reader: &Reader) -> Result<(), Fault> {
    let erased = Erased::open(dir)?;
    let identity = reader.identity()?;
    let copy = copy_name(&identity.store, identity.epoch);
    if erased.copy.as_ref() == Some(&copy) {
        return Ok(());
    }
    erased.add(&format!("copy {copy}\n"))
}

fn copy_name(store: &str, epoch: i64) -> String {
    format!("{store}-{epoch}")
}

impl Reader {
    /// The posts that have a text, in the order of their ids, from behind `after`: each as a whole, and with `texts` each of its texts that an
    /// event made.
    fn marks_after(&self, after: PostId, most: u32, texts: bool) -> Result<Vec<Mark>, Fault> {
        self.with(|conn| {
            let mut posts = conn.prepare_cached(
                "SELECT post.id, post.at, post.author, text.event FROM text JOIN post ON post.id = text.post
                 WHERE text.post > ?1 ORDER BY text.post LIMIT ?2",
            )?;
            let mut posts = posts.query(params![after.0, most])?;
            let mut marks = Vec::new();
            while let Some(row) = posts.next()? {
                let post = Mark {
                    post: PostId(row.get(0)?),
                    at: Timestamp(row.get(1)?),
                    author: IdentityId(row.get(2)?),
                    event: None,
                };
                marks.push(post.clone());
                let present: Option<String> = row.get(3)?;
                let mut events: Vec<String> = present.into_iter().collect();
                if texts {
                    let mut earlier = conn.prepare_cached(
                        "SELECT event FROM revision WHERE post = ?1 AND event IS NOT NULL",
                    )?;
                    for event in earlier.query_map([post.post.0], |row| row.get(0))? {
                        events.push(event?);
                    }
                }
                marks.extend(events.into_iter().map(|event| Mark {
                    event: Some(event),
                    ..post.clone()
                }));
            }
            Ok(marks)
        })
        .during("looking for what was erased")
    }
}
