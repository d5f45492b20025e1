//! Takes what questions said earlier off every file of the index.
//!
//! A document that is deleted stays in its segment, which only learns that it counts no more; so do its words in the segment's
//! dictionary. Segments that have such a document of the questions are written anew without it, one by one, while the index is
//! searched and changed on. Then nobody may look at the old files any more, and they are removed.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use tantivy::index::SegmentId;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Index, SegmentReader, TERMINATED};

use super::fault::SearchFault;
use super::keeper::Keeper;
use crate::forum::PostId;

/// After how long a segment that is there still is to be written anew once more: another merge had it, or it failed.
const AGAIN: Duration = Duration::from_secs(5);

/// Whether more is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purging {
    /// No file has anything any more.
    Done,
    /// Segments are being written anew, or old files are there still.
    On,
}

/// The segments that are being written anew, and since when.
#[derive(Default)]
pub(super) struct Rewriting(HashMap<SegmentId, Instant>);

/// What one step came to.
pub(super) struct PurgeStep {
    pub purging: Purging,
    /// Whether searches are to look at other segments from now on.
    pub moved: bool,
}

/// Whether any word of an index is such a one: of all files of segments that are in its folder, deleted documents' words too.
///
/// # Errors
/// When the index can't be read, or has files of segments that it does not list: those can't be looked into.
pub fn words(dir: &Path, is_it: impl Fn(&str) -> bool) -> tantivy::Result<bool> {
    let index = Index::open_in_dir(dir)?;
    let segments = index.searchable_segments()?;
    let known: HashSet<SegmentId> = segments.iter().map(tantivy::Segment::id).collect();
    if has_other_files(dir, &known)? {
        return Err(tantivy::TantivyError::InvalidArgument(
            "there are files of segments that are not in the index".to_owned(),
        ));
    }
    for segment in segments {
        let reader = SegmentReader::open(&segment)?;
        for (field, entry) in index.schema().fields() {
            if !entry.is_indexed() {
                continue;
            }
            let terms = reader.inverted_index(field)?;
            let mut terms = terms.terms().stream()?;
            while let Some((term, _)) = terms.next() {
                if std::str::from_utf8(term).is_ok_and(&is_it) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

impl Keeper {
    /// One step of taking what these questions said earlier off the files.
    pub fn purge(
        &mut self,
        questions: &[PostId],
        rewriting: &mut Rewriting,
    ) -> Result<PurgeStep, SearchFault> {
        let looked_at = ids(self.home.reader.searcher().segment_readers());
        self.home.reader.reload()?;
        let searcher = self.home.reader.searcher();
        let moved = ids(searcher.segment_readers()) != looked_at;
        let mut has_any = false;
        for segment in searcher.segment_readers() {
            if !self.has_deleted(segment, questions)? {
                continue;
            }
            has_any = true;
            let id = segment.segment_id();
            let begun = rewriting.0.get(&id);
            if begun.is_none_or(|begun| begun.elapsed() > AGAIN) {
                rewriting.0.insert(id, Instant::now());
                // It goes on by itself, and the next steps see what became of it.
                drop(self.writer.merge(&[id]));
            }
        }
        // Merges that are under way may have begun before the text was taken away.
        let segments = ids(searcher.segment_readers());
        let others =
            has_other_files(&self.dir, &segments).map_err(|source| SearchFault::Folder {
                path: self.dir.clone(),
                source,
            })?;
        let clean = !has_any && !moved && !others;
        let purging = if clean { Purging::Done } else { Purging::On };
        Ok(PurgeStep {
            purging,
            moved: moved || purging == Purging::On,
        })
    }

    /// Removes the files that nothing needs any more.
    pub fn take_away(&self) -> Result<(), SearchFault> {
        self.writer.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Whether a segment has a deleted document of one of the questions.
    fn has_deleted(
        &self,
        segment: &SegmentReader,
        questions: &[PostId],
    ) -> Result<bool, SearchFault> {
        if segment.num_deleted_docs() == 0 {
            return Ok(false);
        }
        let index = segment.inverted_index(self.fields.question)?;
        for question in questions {
            let term = self.fields.question_term(*question);
            let found = index
                .read_postings(&term, IndexRecordOption::Basic)
                .map_err(tantivy::TantivyError::from)?;
            let Some(mut found) = found else { continue };
            while found.doc() != TERMINATED {
                if segment.is_deleted(found.doc()) {
                    return Ok(true);
                }
                found.advance();
            }
        }
        Ok(false)
    }
}

/// Whether there are files of segments other than these.
fn has_other_files(dir: &Path, segments: &HashSet<SegmentId>) -> std::io::Result<bool> {
    let names: HashSet<String> = segments.iter().map(SegmentId::uuid_string).collect();
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let of = name.split('.').next().unwrap_or_default();
        // The lists of segments and the locks have no text; a segment's name has 32 digits.
        if of.len() == 32 && !names.contains(of) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn ids(segments: &[SegmentReader]) -> HashSet<SegmentId> {
    segments.iter().map(SegmentReader::segment_id).collect()
}
