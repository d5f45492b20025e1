//! Gives records to the store in small batches: while one is written, the next is made.

use std::sync::Arc;

use super::report::Report;
use super::{Fault, Options};
use crate::store::record::{Answer, Comment, Head, Item, Question};
use crate::store::{ImportRequest, Intake, Pending, Store, Taken};

/// The most rows of a commit; a post that has more goes alone.
const ROWS: usize = 500;
/// How much text a batch has about, in bytes.
const BYTES: usize = 2 << 20;

/// Where an item stands in what is read.
#[derive(Clone, Debug)]
pub(super) struct ItemPosition {
    /// What it is.
    pub what: &'static str,
    /// Which: a file, a row or line, an id.
    pub which: String,
}

/// The way into the store.
pub(super) struct Feed<'s> {
    store: &'s Store,
    intake: Arc<Intake>,
    items: Vec<Item>,
    spots: Vec<ItemPosition>,
    rows: usize,
    bytes: usize,
    pending: Option<(Pending<Taken>, Vec<ItemPosition>)>,
    pub report: Report,
}

impl<'s> Feed<'s> {
    /// Begins an import, or goes on with one; `head` is what an export says of itself.
    pub fn begin(store: &'s Store, options: &Options, head: Option<Head>) -> Result<Self, Fault> {
        let options = options.clone();
        let intake = store.begin(1, move |tx| {
            tx.intake(&ImportRequest {
                forum: &options.forum,
                source: &options.source,
                site: options.site.as_deref(),
                head: head.as_ref(),
                trust: options.trust,
                now: options.now,
            })
        })?;
        Ok(Self {
            store,
            intake: Arc::new(intake.wait()?),
            items: Vec::new(),
            spots: Vec::new(),
            rows: 0,
            bytes: 0,
            pending: None,
            report: Report::default(),
        })
    }

    /// What the keys of the source's accounts begin with.
    pub fn prefix(&self) -> &str {
        &self.intake.prefix
    }

    /// Whether the accounts of what is imported are those of people who are here.
    pub fn is_trusted(&self) -> bool {
        self.intake.trusted
    }

    /// What the import is called.
    pub fn source(&self) -> &str {
        &self.intake.source
    }

    /// Gives one thing.
    pub fn push(&mut self, item: Item, spot: ItemPosition) -> Result<(), Fault> {
        let (rows, bytes) = weight(&item);
        if self.rows + rows > ROWS || self.bytes + bytes > BYTES {
            self.flush()?;
        }
        self.rows += rows;
        self.bytes += bytes;
        self.items.push(item);
        self.spots.push(spot);
        Ok(())
    }

    /// Has the store begin with what is there, when it is done with what it had.
    fn flush(&mut self) -> Result<(), Fault> {
        self.settle()?;
        if self.items.is_empty() {
            return Ok(());
        }
        let items = std::mem::take(&mut self.items);
        let intake = self.intake.clone();
        let pending = self
            .store
            .begin(self.rows, move |tx| tx.take(&intake, &items))?;
        self.pending = Some((pending, std::mem::take(&mut self.spots)));
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    /// Waits for the store.
    fn settle(&mut self) -> Result<(), Fault> {
        let Some((pending, spots)) = self.pending.take() else {
            return Ok(());
        };
        let taken = pending.wait()?;
        self.report.add(&taken);
        for (at, why) in &taken.refused {
            if let Some(spot) = spots.get(*at) {
                self.report
                    .skip(spot.what, why.to_string(), || spot.which.clone());
            }
        }
        Ok(())
    }

    /// All that was given is on disk when this returns.
    pub fn finish(&mut self) -> Result<(), Fault> {
        self.flush()?;
        self.settle()?;
        // What is not whole may go on later.
        if !self.report.stopped && self.report.cut.is_none() {
            let intake = self.intake.clone();
            self.store
                .begin(1, move |tx| tx.end_intake(&intake))?
                .wait()?;
        }
        Ok(())
    }
}

/// How many rows an item makes about, and how many bytes.
fn weight(item: &Item) -> (usize, usize) {
    match item {
        Item::Head(_) | Item::Link(_) => (1, 64),
        Item::Person(accounts) => (accounts.len(), 256),
        Item::Question(question) => question_weight(question),
        Item::Answer { answer, .. } => answer_weight(answer),
    }
}

fn question_weight(question: &Question) -> (usize, usize) {
    let own = of(
        question.body.as_deref(),
        question
            .revisions
            .iter()
            .map(|revision| revision.body.len()),
        question.votes.len(),
    );
    let answer = question
        .answer
        .as_ref()
        .map_or((0, 0), |body| (1, body.len()));
    let comments = question.comments.iter().map(comment_weight);
    let answers = question.answers.iter().map(answer_weight);
    comments.chain(answers).chain([answer]).fold(own, add)
}

fn answer_weight(answer: &Answer) -> (usize, usize) {
    let own = of(
        answer.body.as_deref(),
        answer.revisions.iter().map(|revision| revision.body.len()),
        answer.votes.len(),
    );
    answer.comments.iter().map(comment_weight).fold(own, add)
}

fn comment_weight(comment: &Comment) -> (usize, usize) {
    of(
        comment.body.as_deref(),
        comment.revisions.iter().map(|revision| revision.body.len()),
        comment.votes.len(),
    )
}

fn of(
    body: Option<&str>,
    revisions: impl ExactSizeIterator<Item = usize>,
    votes: usize,
) -> (usize, usize) {
    let rows = 1 + revisions.len() + votes;
    (rows, body.map_or(0, str::len) + revisions.sum::<usize>())
}

fn add(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    (one.0 + other.0, one.1 + other.1)
}
