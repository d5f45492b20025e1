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
use super::snapshot::{Part, Snapshot};
use crate::forum::{ForumId, PostId};

/// How many numbers hold a block's bits.
const BITS: usize = BLOCK as usize / 64;
/// A list of so many documents is read at once: as many as tantivy keeps together.
const SHORT: u32 = 128;

/// The bits of a block's documents.
type Row = [u64; BITS];

/// What is gathered.
pub(super) struct Gathering<'a> {
    pub snapshot: &'a Snapshot,
    /// The blocks in rounds.
    pub rounds: &'a [Vec<Block>],
    /// The questions' forum.
    pub forum: ForumId,
    /// A question has all of these; at least one.
    pub words: Vec<&'a Sought>,
    /// How many questions are enough.
    pub enough: usize,
}

impl Gathering<'_> {
    /// The questions with most votes of the first rounds that have enough, or of all; the newer of equals first.
    pub fn gather(&self, view: &mut View<'_>) -> tantivy::Result<Vec<PostId>> {
        let mut best = BinaryHeap::new();
        for round in self.rounds {
            for (place, part) in self.snapshot.parts().enumerate() {
                let begin = round.partition_point(|block| block.part < place);
                let end = round.partition_point(|block| block.part <= place);
                let blocks = round.get(begin..end).unwrap_or_default();
                let lists = self.words.iter().map(|word| word.parts.get(place));
                if let Some(mut lists) = lists.collect::<Option<Vec<_>>>()
                    && !blocks.is_empty()
                    && lists.iter().all(|lists| lists.documents > 0)
                {
                    // The rarest says soonest that there is nothing.
                    lists.sort_by_key(|lists| lists.documents);
                    self.look(&part, blocks, &lists, view, &mut best)?;
                }
            }
            if best.len() >= self.enough {
                break;
            }
        }
        let mut best: Vec<(i64, PostId)> = best.into_iter().map(|Reverse(found)| found).collect();
        best.sort_by_key(|&found| Reverse(found));
        Ok(best.into_iter().map(|(_, question)| question).collect())
    }

    /// Looks through blocks of a segment.
    fn look(
        &self,
        part: &Part<'_>,
        blocks: &[Block],
        lists: &[&Lists],
        view: &mut View<'_>,
        best: &mut BinaryHeap<Reverse<(i64, PostId)>>,
    ) -> tantivy::Result<()> {
        let words = lists.iter().map(|lists| Rows::open(lists));
        let mut words = words.collect::<tantivy::Result<Vec<_>>>()?;
        for block in blocks {
            for doc in docs(block, &row_of_all(&mut words, block)) {
                if part.segment.is_deleted(doc)
                    || part.columns.forum.first(doc) != Some(self.forum.0)
                {
                    continue;
                }
                let Some(question) = part.columns.question.first(doc).map(PostId) else {
                    continue;
                };
                best.push(Reverse((view.score(question).net, question)));
                if best.len() > self.enough {
                    best.pop();
                }
            }
        }
        Ok(())
    }
}

/// The bits of the documents that have all words.
fn row_of_all(words: &mut [Rows<'_>], block: &Block) -> Row {
    let mut all = [u64::MAX; BITS];
    for word in words {
        let row = word.row(block);
        for (all, row) in all.iter_mut().zip(row) {
            *all &= row;
        }
        if all == [0; BITS] {
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
    fn open(part: &Part<'_>, terms: &[Term]) -> tantivy::Result<Self> {
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
struct Rows<'a> {
    few: &'a [DocId],
    long: Vec<Long>,
}

/// The documents that have one term, up to which they were read.
struct Long {
    postings: BlockSegmentPostings,
    at: usize,
}

impl<'a> Rows<'a> {
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
        let mut row = [0; BITS];
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
        if let Some(last) = self.postings.docs().last()
            && *last < block.from
        {
            self.at = self.postings.seek(block.from);
        }
        while !self.postings.docs().is_empty() {
            for doc in self.postings.docs().get(self.at..).unwrap_or_default() {
                if *doc >= block.to {
                    return;
                }
                if *doc >= block.from {
                    set(row, block, *doc);
                }
                self.at += 1;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

fn set(row: &mut Row, block: &Block, doc: DocId) {
    let bit = doc.wrapping_sub(block.from) as usize;
    if let Some(bits) = row.get_mut(bit / 64) {
        *bits |= 1 << (bit % 64);
    }
}
