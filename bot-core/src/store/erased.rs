//! What was erased, kept apart from the database as keyed hashes: a backup that is put in its place brings back what was erased
//! since, and that is then erased again.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::changes::StoreIdentity;
use super::db::params;
use super::erased_list::{self as file, ERASED, ErasedList, Flaw, ListState};
use super::fault::{During, Fault};
use super::forget::{Forgetting, Gone};
use super::reader::Reader;
use crate::forum::{IdentityId, PostId, Seq, Timestamp};

/// How many posts are looked at at a time.
const PAGE: u32 = 1_000;

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

fn failed(dir: &Path) -> impl Fn(io::Error) -> Fault {
    let path = dir.join(ERASED);
    move |source| Fault::Folder {
        path: path.clone(),
        source: Arc::new(source),
    }
}

/// What is wrong with a folder's list, if something is: `was_erased` says whether anything has to be in it.
fn flaw_of(
    found: &ListState,
    dir: &Path,
    was_erased: impl FnOnce() -> Result<bool, Fault>,
) -> Result<Option<Flaw>, Fault> {
    let path = dir.join(ERASED);
    let has_nothing = match found {
        ListState::Headless => return Ok(Some(Flaw::Head { path })),
        ListState::List(list) if list.damaged > 0 => {
            let lines = list.damaged;
            return Ok(Some(Flaw::Lines { path, lines }));
        }
        ListState::List(list) => list.known.is_empty() && !list.anew,
        ListState::Nothing => true,
    };
    let lost = has_nothing && was_erased()?;
    Ok(lost.then_some(Flaw::Lost { path }))
}

/// What is wrong with a folder's list, if something is: `was_erased` says whether anything has to be in it.
pub(super) fn flaw_where(
    dir: &Path,
    was_erased: impl FnOnce() -> Result<bool, Fault>,
) -> Result<Option<Flaw>, Fault> {
    let found = file::read(&dir.join(ERASED)).map_err(failed(dir))?;
    flaw_of(&found, dir, was_erased)
}

/// What is wrong with the list of what was erased, if something is. Changes nothing.
///
/// # Errors
/// When it or the store can't be read.
pub fn erased_flaw(dir: &Path, reader: &Reader) -> Result<Option<Flaw>, Fault> {
    flaw_where(dir, || reader.was_wiped())
}

/// Reads the list, or begins one. One that is damaged or lost is written anew, with what of it can be read and what the database
/// knows as withdrawn; what was there is kept aside.
fn open(dir: &Path, reader: &Reader) -> Result<ErasedList, Fault> {
    let path = dir.join(ERASED);
    let found = file::read(&path).map_err(failed(dir))?;
    let flaw = flaw_of(&found, dir, || reader.was_wiped())?;
    match (found, &flaw) {
        (ListState::List(list), None) => return Ok(list),
        (ListState::Nothing | ListState::Headless, None) => {
            file::write(&path, &ErasedList::new(&path).key, "").map_err(failed(dir))?;
        }
        (found, Some(flaw)) => {
            // An empty file has nothing to keep.
            let aside = match &found {
                ListState::Nothing => None,
                ListState::Headless | ListState::List(_) => {
                    Some(file::keep_aside(&path).map_err(failed(dir))?)
                }
            };
            tracing::error!(
                aside = aside.map(|aside| aside.display().to_string()),
                "{flaw}; it is mended now"
            );
            mend(dir, reader, found)?;
        }
    }
    match file::read(&path).map_err(failed(dir))? {
        ListState::List(list) => Ok(list),
        ListState::Nothing | ListState::Headless => {
            Err(failed(dir)(io::ErrorKind::InvalidData.into()))
        }
    }
}

/// Writes the list anew, from what of it can be read and what the store knows as withdrawn.
fn mend(dir: &Path, reader: &Reader, found: ListState) -> Result<(), Fault> {
    let path = dir.join(ERASED);
    let identity = reader.identity()?;
    let mut list = match found {
        ListState::List(list) => list,
        ListState::Nothing | ListState::Headless => ErasedList::new(&path),
    };
    if list.known.is_empty() {
        // All that it knows is from this copy of the store: nothing of that stands in it.
        list.lines = format!("anew\ncopy {}\n", copy_name(&identity));
    }
    let lines = new_lines(&list, &identity, &withdrawn(reader)?);
    list.lines.push_str(&lines);
    file::write(&path, &list.key, &list.lines).map_err(failed(dir))
}

/// All that the store knows as withdrawn.
fn withdrawn(reader: &Reader) -> Result<Vec<(Seq, Mark)>, Fault> {
    let seq = reader.last_seq()?;
    let mut marks = Vec::new();
    let mut after = PostId(0);
    loop {
        let page = reader.withdrawn_after(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.post;
        marks.extend(page.into_iter().map(|mark| (seq, mark)));
    }
    Ok(marks)
}

/// The lines of what the list does not have yet.
fn new_lines(list: &ErasedList, identity: &StoreIdentity, marks: &[(Seq, Mark)]) -> String {
    let mut lines = String::new();
    for (seq, mark) in marks {
        let hash = hash(list, &identity.store, mark);
        if !list.known.contains(&hash) {
            lines.push_str(&file::line(mark.event.is_some(), *seq, &hash));
        }
    }
    lines
}

fn hash(list: &ErasedList, store: &str, mark: &Mark) -> file::Hash {
    let (post, at, by) = (mark.post.0, mark.at.0, mark.author.0);
    list.hash(&format!("{store} {post} {at} {by} {:?}", mark.event))
}

/// Adds to the list what was taken away, so that no backup brings it back.
pub(super) fn remember(dir: &Path, reader: &Reader, gone: &[Forgetting]) -> Result<(), Fault> {
    let marks: Vec<(Seq, Mark)> = gone.iter().filter_map(mark).collect();
    add(dir, reader, &marks)
}

/// Adds to the list all that a store knows as taken away or withdrawn, before another takes its place. `is_current`: one of another
/// version may not know what is still to be forgotten. Gives why a part of it can't be read; the rest is remembered.
pub(super) fn remember_all(
    dir: &Path,
    reader: &Reader,
    is_current: bool,
) -> Result<Option<Fault>, Fault> {
    let mut unread = None;
    // With the change that did it, which is not known of the others.
    match reader.forgetting(u32::MAX) {
        Ok(due) => remember(dir, reader, &due)?,
        Err(fault) if is_current => unread = Some(fault),
        Err(_) => {}
    }
    match withdrawn(reader) {
        Ok(marks) => add(dir, reader, &marks)?,
        Err(fault) => unread = unread.or(Some(fault)),
    }
    Ok(unread)
}

/// What is to be remembered of something that is taken away.
fn mark(gone: &Forgetting) -> Option<(Seq, Mark)> {
    let event = match &gone.gone {
        Gone::Withdrawn => None,
        Gone::Edit(event) => Some(event.clone()),
        Gone::Hidden => return None,
    };
    let mark = Mark {
        post: gone.post,
        at: gone.at,
        author: gone.author,
        event,
    };
    Some((gone.seq, mark))
}

fn add(dir: &Path, reader: &Reader, marks: &[(Seq, Mark)]) -> Result<(), Fault> {
    if marks.is_empty() {
        return Ok(());
    }
    let list = open(dir, reader)?;
    let lines = new_lines(&list, &reader.identity()?, marks);
    if lines.is_empty() {
        return Ok(());
    }
    list.add(&lines).map_err(failed(dir))
}

/// What stands in the store again though it was erased, where this store is another copy or an earlier one than that in which it
/// was; none where it is the same.
pub(super) fn returned(dir: &Path, reader: &Reader) -> Result<Vec<Mark>, Fault> {
    let erased = open(dir, reader)?;
    let identity = reader.identity()?;
    let same = erased.copy == Some(copy_name(&identity));
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
            if erased
                .known
                .contains(&hash(&erased, &identity.store, &mark))
            {
                found.push(mark);
            }
        }
    }
    Ok(found)
}

/// Notes that this copy of the store was gone through.
pub(super) fn gone_through(dir: &Path, reader: &Reader) -> Result<(), Fault> {
    let erased = open(dir, reader)?;
    let identity = reader.identity()?;
    let copy = copy_name(&identity);
    if erased.copy.as_ref() == Some(&copy) {
        return Ok(());
    }
    erased.add(&format!("copy {copy}\n")).map_err(failed(dir))
}

fn copy_name(identity: &StoreIdentity) -> String {
    let (store, epoch) = (&identity.store, identity.epoch);
    format!("{store}-{epoch}")
}

impl Reader {
    /// Whether anything was ever wiped off this store.
    pub(super) fn was_wiped(&self) -> Result<bool, Fault> {
        self.with(|conn| conn.query_row("SELECT wiped > 0 FROM store", [], |row| row.get(0)))
            .during("reading whether something was erased")
    }

    /// The posts that are withdrawn, in the order of their ids, from behind `after`.
    fn withdrawn_after(&self, after: PostId, most: u32) -> Result<Vec<Mark>, Fault> {
        self.with(|conn| {
            conn.prepare_cached(
                "SELECT id, at, author FROM post WHERE id > ?1 AND withdrawn_at IS NOT NULL ORDER BY id LIMIT ?2",
            )?
            .query_map(params![after.0, most], |row| {
                Ok(Mark {
                    post: PostId(row.get(0)?),
                    at: Timestamp(row.get(1)?),
                    author: IdentityId(row.get(2)?),
                    event: None,
                })
            })?
            .collect()
        })
        .during("reading what is withdrawn")
    }

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
