//! Finds the questions that have one of several terms, for each of some words: block after block, the newest first, until
//! there are enough. A block is a row of bits for each word, so that the work is bounded whatever the words are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader, Term};

use super::blocks::{BLOCK, Block};
use super::scores::View;
use super::snapshot::{SegmentColumns, Snapshot};
use crate::forum::{ForumId, PostId};

/// How many numbers hold a block's bits.
const BITS: usize = BLOCK as usize / 64;
/// A list of so many documents is read at once: as many as tantivy keeps together.
const SHORT: u32 = 128;

/// The bits of a block's documents.
type Row = [u64; BITS];
/// The bits of no document.
const NONE: Row = [0; BITS];

/// What is gathered.
pub(super) struct Gathering<'a> {
    pub snapshot: &'a Snapshot,
    /// The blocks in rounds.
    pub rounds: &'a [Vec<Block>],
    /// The questions' forum.
    pub forum: ForumId,
    /// A question has all of these; at least one.
    pub words: Vec<&'a Sought>,
    /// Questions that have this too come first.
    pub first: &'a Sought,
    /// How many questions are enough.
    pub enough: usize,
}

impl Gathering<'_> {
    /// Questions, at most [`Self::enough`]: first those that come first, then by votes, the newer of equals first. Blocks are
    /// looked through until there are enough, and then only for those that come first, until there are enough of these.
    pub fn gather(&self, view: &mut View<'_>) -> tantivy::Result<Vec<PostId>> {
        let (mut first, mut rest) = (Best::new(self.enough), Best::new(self.enough));
        for round in self.rounds {
            let all_come_first = first.count() + rest.count() >= self.enough;
            if first.count() >= self.enough {
                break;
            }
            for (place, part) in self.snapshot.parts().enumerate() {
                let begin = round.partition_point(|block| block.part < place);
                let end = round.partition_point(|block| block.part <= place);
                let blocks = round.get(begin..end).unwrap_or_default();
                let Some(coming_first) = self.first.parts.get(place) else {
                    continue;
                };
                let mut lists: Vec<&Lists> = self
                    .words
                    .iter()
                    .filter_map(|word| word.parts.get(place))
                    .collect();
                if all_come_first {
                    lists.push(coming_first);
                }
                if blocks.is_empty() || lists.iter().any(|lists| lists.documents == 0) {
                    continue;
                }
                // The rarest says soonest that there is nothing.
                lists.sort_by_key(|lists| lists.documents);
                let mut words = opened(&lists)?;
                let mut coming_first = BitRows::open(coming_first)?;
                for block in blocks {
                    let all = row_of_all(&mut words, block);
                    if all == NONE {
                        continue;
                    }
                    let before = coming_first.row(block);
                    for doc in docs(block, &both(&all, &before)) {
                        first.extend(self.scored(&part, doc, view));
                    }
                    if !all_come_first {
                        let after = before.map(|bits| !bits);
                        for doc in docs(block, &both(&all, &after)) {
                            rest.extend(self.scored(&part, doc, view));
                        }
                    }
                }
            }
        }
        let mut found = first.into_questions();
        found.extend(rest.into_questions());
        found.truncate(self.enough);
        Ok(found)
    }

    /// The votes of the question that a document is, where it can be seen in the forum.
    fn scored(
        &self,
        part: &SegmentColumns<'_>,
        doc: DocId,
        view: &mut View<'_>,
    ) -> Option<(i64, PostId)> {
        let forum = part.columns.forum.first(doc);
        if part.segment.is_deleted(doc) || forum != Some(self.forum.0) {
            return None;
        }
        let question = PostId(part.columns.question.first(doc)?);
        Some((view.score(question).net, question))
    }
}

/// The questions with most votes so far, the newer of equals.
struct Best {
    most: usize,
    kept: BinaryHeap<Reverse<(i64, PostId)>>,
}

impl Best {
    fn new(most: usize) -> Self {
        Self {
            most,
            kept: BinaryHeap::new(),
        }
    }

    fn extend(&mut self, found: Option<(i64, PostId)>) {
        self.kept.extend(found.map(Reverse));
        if self.kept.len() > self.most {
            self.kept.pop();
        }
    }

    fn count(&self) -> usize {
        self.kept.len()
    }

    /// Those with most votes first.
    fn into_questions(self) -> Vec<PostId> {
        let sorted = self.kept.into_sorted_vec().into_iter();
        sorted.map(|Reverse((_, question))| question).collect()
    }
}

fn opened<'a>(lists: &[&'a Lists]) -> tantivy::Result<Vec<BitRows<'a>>> {
    lists.iter().map(|lists| BitRows::open(lists)).collect()
}

fn both(one: &Row, other: &Row) -> Row {
    std::array::from_fn(|place| match (one.get(place), other.get(place)) {
        (Some(one), Some(other)) => one & other,
        (Some(_) | None, Some(_) | None) => 0,
    })
}

/// The bits of the documents that have all words.
fn row_of_all(words: &mut [BitRows<'_>], block: &Block) -> Row {
    let mut all = [u64::MAX; BITS];
    for word in words {
        all = both(&all, &word.row(block));
        if all == NONE {
            break;
        }
    }
    all
}

/// The documents of a block whose bits are set.
fn docs<'a>(block: &Block, row: &'a Row) -> impl Iterator<Item = DocId> + use<'a> {
    let starts = (block.from..).step_by(64);
    row.iter().zip(starts).flat_map(|(&bits, start)| {
        let mut left = bits;
        std::iter::from_fn(move || {
            let bit = left.trailing_zeros();
            left &= left.checked_sub(1)?;
            Some(start + bit)
        })
    })
}

/// The documents that have one of several terms.
pub(super) struct Sought {
    /// Those of each segment.
    parts: Vec<Lists>,
}

/// The documents of a segment that have one of several terms.
#[derive(Default)]
struct Lists {
    /// Those that have one of the rare terms, in order.
    few: Vec<DocId>,
    /// Where those are that have one of the others.
    long: Vec<(Arc<InvertedIndexReader>, TermInfo)>,
    /// How many there are; some may count twice.
    documents: u64,
}

impl Sought {
    /// Looks the terms up.
    pub fn open(snapshot: &Snapshot, terms: &[Term]) -> tantivy::Result<Self> {
        let parts = snapshot.parts().map(|part| Lists::open(&part, terms));
        Ok(Self {
            parts: parts.collect::<tantivy::Result<_>>()?,
        })
    }

    /// Whether a document has one of the terms.
    pub fn is_known(&self) -> bool {
        self.parts.iter().any(|lists| lists.documents > 0)
    }
}

impl Lists {
    fn open(part: &SegmentColumns<'_>, terms: &[Term]) -> tantivy::Result<Self> {
        let mut lists = Self::default();
        for term in terms {
            let index = part.segment.inverted_index(term.field())?;
            let Some(info) = index.get_term_info(term)? else {
                continue;
            };
            lists.documents += u64::from(info.doc_freq);
            if info.doc_freq > SHORT {
                lists.long.push((index, info));
                continue;
            }
            let mut postings =
                index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            while !postings.docs().is_empty() {
                lists.few.extend_from_slice(postings.docs());
                postings.advance();
            }
        }
        lists.few.sort_unstable();
        Ok(lists)
    }
}

/// The same as rows of bits.
struct BitRows<'a> {
    few: &'a [DocId],
    long: Vec<Long>,
}

/// The documents that have one term, up to which they were read.
struct Long {
    postings: BlockSegmentPostings,
    at: usize,
}

impl<'a> BitRows<'a> {
    fn open(lists: &'a Lists) -> tantivy::Result<Self> {
        let long = lists.long.iter().map(|(index, info)| {
            let basic = IndexRecordOption::Basic;
            let postings = index.read_block_postings_from_terminfo(info, basic)?;
            Ok(Long { postings, at: 0 })
        });
        Ok(Self {
            few: &lists.few,
            long: long.collect::<tantivy::Result<_>>()?,
        })
    }

    /// The bits of a block that comes behind those before.
    fn row(&mut self, block: &Block) -> Row {
        let mut row = NONE;
        let begin = self.few.partition_point(|doc| *doc < block.from);
        let here = self.few.iter().skip(begin);
        for doc in here.take_while(|doc| **doc < block.to) {
            set(&mut row, block, *doc);
        }
        for list in &mut self.long {
            list.mark(block, &mut row);
        }
        row
    }
}

impl Long {
    /// Sets the bits of a block that comes behind those before.
    fn mark(&mut self, block: &Block, row: &mut Row) {
        let is_before = |doc: &DocId| *doc < block.from;
        match (
            self.postings.docs().get(self.at),
            self.postings.docs().last(),
        ) {
            (_, Some(last)) if is_before(last) => self.at = self.postings.seek(block.from),
            (Some(doc), Some(_)) if is_before(doc) => {
                self.at = self.postings.docs().partition_point(is_before);
            }
            (Some(_) | None, Some(_) | None) => {}
        }
        loop {
            let docs = self.postings.docs();
            let Some(last) = docs.last() else { return };
            let end = match *last < block.to {
                true => docs.len(),
                false => docs.partition_point(|doc| *doc < block.to),
            };
            for doc in docs.get(self.at..end).unwrap_or_default() {
                set(row, block, *doc);
            }
            if end < docs.len() {
                self.at = end;
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

#[inline]
fn set(row: &mut Row, block: &Block, doc: DocId) {
    let bit = doc.wrapping_sub(block.from) as usize;
    if let Some(bits) = row.get_mut(bit / 64) {
        *bits |= 1 << (bit % 64);
    }
}
