//! The index as it stood at one commit, with what every search needs at hand.

use tantivy::columnar::Column;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader, Term};

use super::schema::{FORUM, Fields, QUESTION};

/// One commit of the index.
pub(super) struct Snapshot {
    pub searcher: Searcher,
    /// A segment's columns, in the order of the segments.
    columns: Vec<Columns>,
    /// How many words a field has in all.
    lengths: Vec<(Field, u64)>,
    /// How many documents the segments have, deleted ones too.
    pub documents: u64,
}

/// What is known of a segment's documents without looking at their words.
#[derive(Clone)]
pub(super) struct Columns {
    pub question: Column<i64>,
    pub forum: Column<i64>,
}

/// A segment with its columns.
pub(super) struct SegmentColumns<'a> {
    pub segment: &'a SegmentReader,
    pub columns: &'a Columns,
}

impl Snapshot {
    /// Looks at what every search of this commit needs.
    pub fn new(searcher: Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let columns = searcher
            .segment_readers()
            .iter()
            .map(|segment| {
                Ok(Columns {
                    question: segment.fast_fields().i64(QUESTION)?,
                    forum: segment.fast_fields().i64(FORUM)?,
                })
            })
            .collect::<tantivy::Result<Vec<_>>>()?;
        let lengths = fields
            .texts()
            .into_iter()
            .map(|field| Ok((field, searcher.total_num_tokens(field)?)))
            .collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Self {
            columns,
            lengths,
            documents: searcher.total_num_docs()?,
            searcher,
        })
    }

    /// The segments.
    pub fn parts(&self) -> impl Iterator<Item = SegmentColumns<'_>> {
        self.searcher
            .segment_readers()
            .iter()
            .zip(&self.columns)
            .map(|(segment, columns)| SegmentColumns { segment, columns })
    }
}

impl Bm25StatisticsProvider for Snapshot {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        match self.lengths.iter().find(|(known, _)| *known == field) {
            Some((_, length)) => Ok(*length),
            None => self.searcher.total_num_tokens(field),
        }
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}
