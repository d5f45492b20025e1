//! A segment's documents in blocks, and the order in which blocks are looked through: the newest first, so that there is
//! no need to look at the rest where the newest suffice.

use tantivy::DocId;

use super::snapshot::Snapshot;

/// How many documents a block has. Few in tests, which then have many blocks.
pub(super) const BLOCK: u32 = if cfg!(test) { 64 } else { 4_096 };
/// How many blocks are looked through in a round; the last round has all the rest.
const ROUNDS: [usize; 2] = [4, 28];
/// How many documents of a block tell how new it is. They are mostly in the order of their age.
const TELLING: u32 = 16;

/// A block of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Block {
    /// The place of the segment.
    pub part: usize,
    /// The first document.
    pub from: DocId,
    /// The document behind the last one.
    pub to: DocId,
}

/// All blocks in rounds, the newest round first. Those of a round are in the order of the segments and documents.
pub(super) fn rounds(snapshot: &Snapshot) -> Vec<Vec<Block>> {
    let mut aged: Vec<(i64, Block)> = Vec::new();
    for (place, part) in snapshot.parts().enumerate() {
        let end = part.segment.max_doc();
        for from in (0..end).step_by(BLOCK as usize) {
            let to = end.min(from.saturating_add(BLOCK));
            let told = (from..to)
                .step_by((BLOCK / TELLING) as usize)
                .chain([to.saturating_sub(1)]);
            let newest = told
                .filter_map(|doc| part.columns.question.first(doc))
                .max();
            let block = Block {
                part: place,
                from,
                to,
            };
            aged.push((newest.unwrap_or(i64::MIN), block));
        }
    }
    aged.sort_by_key(|(newest, _)| std::cmp::Reverse(*newest));
    let mut blocks = aged.into_iter().map(|(_, block)| block);
    let mut rounds: Vec<Vec<Block>> = ROUNDS
        .iter()
        .map(|&count| blocks.by_ref().take(count).collect())
        .collect();
    rounds.push(blocks.collect());
    for round in &mut rounds {
        round.sort();
    }
    rounds
}
