//! Finds the questions that have one of several terms, for each of some words: block after block, the newest first, until
//! there are enough. A block is a row of bits for each word, so that the work is bounded whatever the words are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Term};

use super::blocks::{BLOCK, Block};
use super::scores::View;
use super::snapshot::{Part, Snapshot};
use crate::forum::{ForumId, PostId};

/// How many numbers hold a block's bits.
const BITS: usize = BLOCK as usize / 64;

/// What is gathered.
pub(super) struct Gathering<'a> {
    pub snapshot: &'a Snapshot,
    /// The blocks in rounds.
    pub rounds: &'a [Vec<Block>],
    /// The questions' forum.
    pub forum: ForumId,
    /// For each word the terms of which a question has one.
    pub words: Vec<Vec<Term>>,
    /// How many questions are enough.
    pub enough: usize,
}

impl Gathering<'_> {
    /// The questions with most votes of the first round that has enough, or of all; the newer of equals first.
    pub fn gather(&self, view: &mut View<'_>) -> tantivy::Result<Vec<PostId>> {
        let mut best = BinaryHeap::new();
        for round in self.rounds {
            for (place, part) in self.snapshot.parts().enumerate() {
                let begin = round.partition_point(|block| block.part < place);
                let end = round.partition_point(|block| block.part <= place);
                let blocks = round.get(begin..end).unwrap_or_default();
                if !blocks.is_empty() {
                    self.look(&part, blocks, view, &mut best)?;
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
        view: &mut View<'_>,
        best: &mut BinaryHeap<Reverse<(i64, PostId)>>,
    ) -> tantivy::Result<()> {
        let mut words = self
            .words
            .iter()
            .map(|terms| Rows::open(part, terms))
            .collect::<tantivy::Result<Vec<_>>>()?;
        if words.iter().any(|word| word.lists.is_empty()) {
            return Ok(());
        }
        // The rarest says soonest that there is nothing.
        words.sort_by_key(|word| word.documents);
        for block in blocks {
            let mut found = [u64::MAX; BITS];
            for word in &mut words {
                let row = word.row(block);
                let mut any = 0;
                for (found, row) in found.iter_mut().zip(row) {
                    *found &= row;
                    any |= *found;
                }
                if any == 0 {
                    break;
                }
            }
            for doc in docs(block, &found) {
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

/// The documents of a block whose bits are set.
fn docs<'a>(block: &Block, row: &'a [u64; BITS]) -> impl Iterator<Item = DocId> + use<'a> {
    let starts = (block.from..).step_by(64);
    row.iter().zip(starts).flat_map(|(&bits, start)| {
        let mut left = bits;
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let bit = left.trailing_zeros();
            left &= left - 1;
            Some(start + bit)
        })
    })
}

/// The documents of a segment that have one of several terms, as rows of bits.
struct Rows {
    lists: Vec<List>,
    documents: u64,
}

/// The documents that have one term, up to which they were read.
struct List {
    postings: BlockSegmentPostings,
    at: usize,
}

impl Rows {
    fn open(part: &Part<'_>, terms: &[Term]) -> tantivy::Result<Self> {
        let (mut lists, mut documents) = (Vec::new(), 0);
        for term in terms {
            let index = part.segment.inverted_index(term.field())?;
            let Some(postings) = index.read_block_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            documents += u64::from(postings.doc_freq());
            lists.push(List { postings, at: 0 });
        }
        Ok(Self { lists, documents })
    }

    /// The bits of a block that comes behind those before.
    fn row(&mut self, block: &Block) -> [u64; BITS] {
        let mut row = [0; BITS];
        for list in &mut self.lists {
            list.mark(block, &mut row);
        }
        self.lists.retain(|list| !list.is_over());
        row
    }
}

impl List {
    fn is_over(&self) -> bool {
        self.postings.docs().is_empty()
    }

    /// Sets the bits of a block that comes behind those before.
    fn mark(&mut self, block: &Block, row: &mut [u64; BITS]) {
        let is_behind = |doc: &DocId| *doc >= block.from;
        if !self.postings.docs().get(self.at).is_some_and(is_behind) {
            self.at = self.postings.seek(block.from);
        }
        while !self.is_over() {
            for doc in self.postings.docs().get(self.at..).unwrap_or_default() {
                if *doc >= block.to {
                    return;
                }
                let bit = (doc - block.from) as usize;
                if let Some(bits) = row.get_mut(bit / 64) {
                    *bits |= 1 << (bit % 64);
                }
                self.at += 1;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}
