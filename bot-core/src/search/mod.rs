//! Finding what was asked before. The only place that knows tantivy; knows `forum` and the store's reader.
//!
//! The index follows the store's change log and is derived from it: an index that is missing, damaged, or of another
//! store is built anew while it is searched. How far it has read is in its own commits, as (store, restore epoch,
//! sequence number). All calls block.

mod begun;
mod blocks;
mod called;
mod complete;
mod draft;
mod excerpt;
mod fault;
mod find;
mod found;
mod gather;
mod home;
mod indexer;
mod keeper;
mod near;
mod plan;
mod purge;
mod query;
mod recipe;
mod rerank;
mod same;
mod schema;
mod scores;
mod shared;
mod sieve;
mod similar;
mod snapshot;
mod spans;
mod stop;
mod tokens;
mod wait;
mod words;

use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

pub use draft::{Draft, Fitting, TitleFit};
pub use excerpt::{Excerpts, on_one_line};
pub use fault::{BuildProgress, RebuildReason, Rebuilt, SearchFault};
pub use found::Found;
pub use indexer::Indexer;
pub use purge::words;
pub use query::Query;
pub use recipe::Recipe;
pub use similar::{Evidence, Similar};

use crate::forum::{ForumId, PostId, Seq};
use crate::store::{self, Listing, Reader};
use called::Called;
use complete::Completing;
use find::Gathered;
use found::Cut;
use home::Scrutiny;
use indexer::Follower;
use keeper::{BuildFlow, Keeper, WriterPurpose};
use plan::Plan;
use schema::Fields;
use shared::{Purge, SharedIndex};
use similar::Judge;
use snapshot::Snapshot;
use tokens::SharedStems;

/// How long a list waits for what changed just before: as long as most commits of the index take.
const MOMENT: Duration = Duration::from_millis(50);

/// The read side of the index. Cheap to clone; every clone sees the same.
#[derive(Clone)]
pub struct Search {
    shared: Arc<SharedIndex>,
    store: Reader,
    fields: Fields,
    recipe: Recipe,
    stems: SharedStems,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Search").field(&self.shared).finish()
    }
}

impl Search {
    /// Opens the index read only, for a command beside a running process. It stays as it is now.
    ///
    /// Fails with [`SearchFault::Unusable`] where there is no index that can be trusted.
    pub fn open_beside(dir: &Path, store: Reader) -> Result<Self, SearchFault> {
        let home = home::open(dir, &store, Scrutiny::Start)?
            .map_err(|why| SearchFault::Unusable { why })?;
        let fields = schema::schema().1;
        let snapshot = Arc::new(Snapshot::new(home.reader.searcher(), &fields)?);
        Ok(Self {
            shared: Arc::new(SharedIndex::new(snapshot, home.seq, None)),
            store,
            fields,
            recipe: Recipe::default(),
            stems: SharedStems::default(),
        })
    }

    /// Opens the index, or makes an empty one where it can't be trusted, and starts the thread that keeps it:
    /// `announced` wakes it. Says at once in [`Self::rebuilt`] whether all of the store is read in again, which goes on
    /// while it is searched.
    ///
    /// Fails with [`SearchFault::Busy`] where another process keeps the index.
    pub fn open(
        dir: &Path,
        store: Reader,
        announced: watch::Receiver<Seq>,
    ) -> Result<(Self, Indexer), SearchFault> {
        let (home, unfilled) = match home::open(dir, &store, Scrutiny::Start)? {
            Ok(home) => (home, None),
            Err(why) => (home::create(dir)?, Some(why)),
        };
        let seq = home.seq;
        let keeper = Keeper::new(home, dir, &store, WriterPurpose::of(unfilled))?;
        let rebuilt = unfilled.map(|why| Rebuilt {
            why,
            documents: 0,
            progress: BuildProgress::Going,
        });
        let shared = Arc::new(SharedIndex::new(keeper.snapshot()?, seq, rebuilt));
        let indexer = Indexer::start(Follower {
            dir: dir.to_owned(),
            store: store.clone(),
            announced,
            orders: shared.orders.subscribe(),
            shared: shared.clone(),
            purges: shared.purge.subscribe(),
            keeper: Some(keeper),
            unfilled,
        })?;
        let search = Self {
            shared,
            store,
            fields: schema::schema().1,
            recipe: Recipe::default(),
            stems: SharedStems::default(),
        };
        Ok((search, indexer))
    }

    /// Builds the index anew from the store; `progress` hears how many questions are in it, and says whether to go on: one that is
    /// left is begun anew when it is opened next. Gives how many there are; none where it was left.
    ///
    /// Fails with [`SearchFault::Busy`] where another process keeps the index.
    pub fn reindex(
        dir: &Path,
        store: Reader,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Option<u64>, SearchFault> {
        let keeper = Keeper::new(home::create(dir)?, dir, &store, WriterPurpose::Fill)?;
        let on = |done| match progress(done) {
            ControlFlow::Continue(()) => BuildFlow::On,
            ControlFlow::Break(()) => BuildFlow::Stop,
        };
        Ok(match keeper.fill(dir, &store, on, |_| {})? {
            (keeper, BuildFlow::On) => Some(keeper.snapshot()?.searcher.num_docs()),
            (left, BuildFlow::Stop) => {
                left.close()?;
                None
            }
        })
    }

    /// Whether the index was built anew since it was opened, why, and how far that is.
    #[must_use]
    pub fn rebuilt(&self) -> Option<Rebuilt> {
        *self.shared.rebuilt.borrow()
    }

    /// The same, for whoever waits for it.
    #[must_use]
    pub fn rebuilding(&self) -> watch::Receiver<Option<Rebuilt>> {
        self.shared.rebuilt.subscribe()
    }

    /// The `take` best questions of a forum after the best `skip`.
    ///
    /// A query without words gives what meets its conditions, by votes, the newer of equals first. Damage that shows
    /// while searching is [`SearchFault::Damaged`]; the index is then checked, and built anew if need be.
    pub fn find(
        &self,
        forum: ForumId,
        query: &Query,
        skip: usize,
        take: usize,
    ) -> Result<Found, SearchFault> {
        let snapshot = self.shared.snapshot();
        let plan =
            self.reading(|| plan::plan(query, forum, &self.fields, &snapshot, &self.recipe))?;
        if plan.needs_scores() {
            self.shared.scores.load(&self.store)?;
        }
        let (scores, cut) = (&self.shared.scores, Cut { skip, take });
        match &plan {
            Plan::Nothing => Ok(Found::default()),
            Plan::Listed(lookout, sieve) => {
                self.reading(|| find::listed(&snapshot, lookout.as_ref(), sieve, scores, cut))
            }
            Plan::Ranked(ranking, sieve) => {
                let gathered =
                    self.reading(|| find::gather(&snapshot, ranking, sieve, scores, cut))?;
                let gathered = self.looked_again(gathered, &snapshot)?.0;
                Ok(gathered.page(cut))
            }
        }
    }

    /// Finds the passages of several texts that fit a query.
    #[must_use]
    pub fn excerpts<'q>(&self, query: &'q Query) -> Excerpts<'q> {
        Excerpts::new(query, &self.stems)
    }

    /// Reads what somebody typed, as [`Query::parse`] does; an address of a post, or of its original where it was imported from,
    /// calls its question.
    pub fn query(&self, forum: ForumId, text: &str) -> Result<Query, SearchFault> {
        let mut numbers = HashMap::new();
        for (name, called) in query::names(text) {
            let number = match called {
                Called::Address(address) => {
                    let post = self.store.resolve(forum, address)?;
                    post.map(|_| address.question)
                }
                Called::Original { host, key } => self.store.original(forum, &host, &key)?,
            };
            numbers.extend(number.map(|number| (name, number)));
        }
        Ok(Query::parse_knowing(text, &numbers))
    }

    /// The best questions of a forum that may have been asked before, best first; `text` is what is being asked: there are
    /// no filters in it. It is for the caller to say how certain is enough. Questions whose title is the text are always among
    /// them, before all others.
    pub fn similar(
        &self,
        forum: ForumId,
        text: &str,
        most: usize,
    ) -> Result<Vec<Similar>, SearchFault> {
        let snapshot = self.shared.snapshot();
        let same = self.same(forum, text, most, &snapshot)?;
        let (query, recipe) = (Query::plain(text), &self.recipe);
        let plan = self.reading(|| plan::plan(&query, forum, &self.fields, &snapshot, recipe))?;
        let mut similar: Vec<Similar> = same.iter().copied().map(Similar::same).collect();
        let Plan::Ranked(ranking, sieve) = &plan else {
            return Ok(similar);
        };
        let cut = Cut {
            skip: 0,
            take: most,
        };
        let scores = &self.shared.scores;
        let gathered = self.reading(|| find::gather(&snapshot, ranking, sieve, scores, cut))?;
        let (gathered, titles) = self.looked_again(gathered, &snapshot)?;
        let judge = Judge {
            snapshot: &snapshot,
            fields: &self.fields,
            ranking,
        };
        let others = gathered.candidates().iter();
        let others = others.filter(|found| !same.contains(&found.question));
        for found in others.take(most.saturating_sub(same.len())) {
            if let Some(title) = titles.get(&found.question) {
                let evidence = self.reading(|| judge.evidence(found, title))?;
                similar.push(Similar::judged(found.question, evidence));
            }
        }
        Ok(similar)
    }

    /// The questions of a forum whose title is the text, or else its first line, the newest first.
    fn same(
        &self,
        forum: ForumId,
        text: &str,
        most: usize,
        snapshot: &Snapshot,
    ) -> Result<Vec<PostId>, SearchFault> {
        let found = self.titled(forum, text, most, snapshot)?;
        match text.trim().split_once('\n') {
            Some((title, _)) if found.is_empty() => self.titled(forum, title, most, snapshot),
            _ => Ok(found),
        }
    }

    fn titled(
        &self,
        forum: ForumId,
        title: &str,
        most: usize,
        snapshot: &Snapshot,
    ) -> Result<Vec<PostId>, SearchFault> {
        let term = self.fields.same_term(title);
        let found = self.reading(|| find::by_term(snapshot, &term, forum, most))?;
        let titles = self.store.titles(&found)?;
        let asked = same::folded(title);
        let is_same = |question: &PostId| {
            let title = titles.get(question);
            title.is_some_and(|title| same::folded(title) == asked)
        };
        Ok(found.into_iter().filter(is_same).collect())
    }

    /// The best of what was found in their final order, with their titles.
    fn looked_again<'p>(
        &self,
        mut gathered: Gathered<'p>,
        snapshot: &Snapshot,
    ) -> Result<(Gathered<'p>, HashMap<PostId, String>), SearchFault> {
        let titles = self.store.titles(&gathered.head())?;
        let scores = &self.shared.scores;
        self.reading(|| gathered.look_again(snapshot, &titles, scores))?;
        Ok((gathered, titles))
    }

    /// The questions of a page of a list as the store has it now, and how many are on all pages; none where the newest changes
    /// are not taken over yet, nor within a moment.
    pub fn list(
        &self,
        forum: ForumId,
        listing: &Listing,
    ) -> Result<Option<(Vec<PostId>, u64)>, SearchFault> {
        if !self.caught_up(self.store.last_seq()?, MOMENT) {
            return Ok(None);
        }
        self.shared.scores.load(&self.store)?;
        let tagged = match &listing.tag {
            Some(tag) => Some(self.store.tagged(forum, tag)?),
            None => None,
        };
        let cut = Cut {
            skip: usize::try_from(listing.skipped()).unwrap_or(usize::MAX),
            take: usize::try_from(listing.items).unwrap_or(usize::MAX),
        };
        let mut scores = self.shared.scores.view();
        let (page, total) = scores.list(forum, listing.order, tagged.as_deref(), cut);
        Ok(Some((page, total as u64)))
    }

    /// The same index, searched by another recipe.
    #[must_use]
    pub fn with(self, recipe: Recipe) -> Self {
        Self { recipe, ..self }
    }

    /// Questions of a forum whose titles have the words typed so far, at most `most`: first those whose titles begin with
    /// the first word, then by votes, the newer of equals first. Where there are more, the newer ones are looked at.
    ///
    /// A word may have an error from 4 letters on and two from 8 on, where nothing is found otherwise. How a title fits
    /// is said by [`Fitting`].
    pub fn complete_titles(
        &self,
        forum: ForumId,
        draft: &Draft,
        most: usize,
    ) -> Result<Vec<PostId>, SearchFault> {
        self.shared.scores.load(&self.store)?;
        self.completing(forum, |completing| completing.titles(draft, most))
    }

    /// The tags of a forum that begin as typed, at most `most`, those first that are used more; typing errors as in
    /// titles. What no question has any more may be among them for a while.
    pub fn complete_tags(
        &self,
        forum: ForumId,
        typed: &str,
        most: usize,
    ) -> Result<Vec<String>, SearchFault> {
        self.completing(forum, |completing| completing.tags(typed, most))
    }

    fn completing<T>(
        &self,
        forum: ForumId,
        complete: impl FnOnce(Completing<'_>) -> tantivy::Result<T>,
    ) -> Result<T, SearchFault> {
        let snapshot = self.shared.snapshot();
        self.reading(|| {
            complete(Completing {
                snapshot: &snapshot,
                fields: &self.fields,
                scores: &self.shared.scores,
                forum,
            })
        })
    }

    /// Reads the index, and has it checked where that breaks.
    fn reading<T>(&self, read: impl FnOnce() -> tantivy::Result<T>) -> Result<T, SearchFault> {
        // Damaged files make tantivy panic where it trusts them.
        let outcome = catch_unwind(AssertUnwindSafe(read));
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                self.shared.distrust();
                Err(error.into())
            }
            Err(_) => {
                self.shared.distrust();
                Err(SearchFault::Damaged)
            }
        }
    }

    /// The last change that can be found.
    #[must_use]
    pub fn cursor(&self) -> Seq {
        *self.shared.indexed.borrow()
    }

    /// The last change that the index on disk knows: it reads the change log from there on, whatever ends the process.
    #[must_use]
    pub fn committed(&self) -> Seq {
        *self.shared.committed.borrow()
    }

    /// Tells of each change that can be found from now on.
    #[must_use]
    pub fn indexed(&self) -> watch::Receiver<Seq> {
        self.shared.indexed.subscribe()
    }

    /// Waits until the change `seq` can be found, and says whether it can. Where the store can't be read, it waits for nothing.
    pub fn caught_up(&self, seq: Seq, timeout: Duration) -> bool {
        let (mut indexed, mut failed) = (self.indexed(), self.shared.failed.subscribe());
        let reached = async {
            tokio::select! {
                reached = indexed.wait_for(|found| *found >= seq) => reached.is_ok(),
                _ = failed.wait_for(Option::is_some) => false,
            }
        };
        let deadline = Instant::now().checked_add(timeout);
        wait::block_on(reached, deadline).unwrap_or(false)
    }

    /// What is wrong with the store, where it can't be followed until the operator does something.
    #[must_use]
    pub fn failed(&self) -> Option<store::Fault> {
        self.shared.failed.borrow().clone()
    }

    /// Has what these questions said earlier taken off every file of the index, terms included, from the change `seq` on: segments that
    /// have it are written anew. Says whether that is done; if not within `timeout`, it goes on, and may be asked for again.
    pub fn purge(&self, questions: Vec<PostId>, seq: Seq, timeout: Duration) -> bool {
        let mut number = 0;
        let done = *self.shared.purged.borrow();
        self.shared.purge.send_if_modified(|purge| {
            let same = purge.number > done && purge.questions == questions && purge.seq == seq;
            if !same {
                *purge = Purge {
                    number: purge.number + 1,
                    questions,
                    seq,
                };
            }
            number = purge.number;
            !same
        });
        let mut purged = self.shared.purged.subscribe();
        let reached = purged.wait_for(|purged| *purged >= number);
        let deadline = Instant::now().checked_add(timeout);
        matches!(wait::block_on(reached, deadline), Some(Ok(_)))
    }

    /// How many questions the index has.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.shared.snapshot().searcher.num_docs()
    }
}

#[cfg(test)]
mod tests;
