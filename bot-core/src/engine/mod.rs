//! The engine: joins rules, store, search and cards, and is what adapters and the command line talk to.
//!
//! An adapter tells it what happened ([`Core::hear`]) and serves cards ([`Core::serve`]); everything else is in between.

mod action;
mod acts;
mod adopt;
mod conversations;
mod deliver;
mod dialogs;
mod drafts;
mod drawing;
mod erasing;
mod fault;
mod housekeeping;
mod importing;
mod joins;
mod narrower_places;
mod outcome;
mod pace;
mod paged_views;
mod places;
mod reading;
mod recent;
mod refresh;
mod removal;
mod replies;
mod serve;
mod sources;
mod status;
mod stop;
mod stored_json;
mod submit;
mod surfaces;
mod told;
mod view;
mod worklist;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

pub use adopt::Adoption;
pub use dialogs::EditableText;
pub use drafts::Beginning;
pub use drawing::{CurrentCard, Drawing};
pub use erasing::restore;
pub use fault::Fault;
pub use importing::{ImportStep, Source, export, import};
pub use narrower_places::{PlaceLink, PlaceNotice};
pub use places::Ledger;
pub use reading::{FoundPost, RankBy, Reading};
pub use sources::GoneSource;
pub use status::{Alive, PlatformStatus, Serving, Status};
pub use stop::{Stop, Stopper, stop};
pub use surfaces::Surfaced;

pub use crate::store::{DraftKey, Narrowness, SharedPlace};

use fault::blocking;
use housekeeping::{House, Housekeeping};
use recent::RecentActs;
use serve::Served;
use told::LastTold;

use crate::chance::{self, Clock, Rng};
use crate::command::CODE;
use crate::command::OwnWords;
use crate::forum::{InTen, Limits, Retention, Seq};
use crate::platform::Platform;
use crate::search::{Indexer, RebuildReason, Search};
use crate::store::Store;
use crate::text::Texts;

/// The forum of the places that the settings name.
pub const MAIN: &str = "main";
/// The index's folder in the storage folder.
const INDEX: &str = "index";

/// What the core needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// The storage folder.
    pub dir: PathBuf,
    /// What commands begin with.
    pub prefix: String,
    /// The language that the bot speaks: a BCP 47 tag.
    pub language: String,
    /// When similar questions are shown.
    pub similar: InTen,
    /// How much one member may do within an hour.
    pub limits: Limits,
    /// How long what is kept for a time only is kept.
    pub retention: Retention,
}

/// The forum, running; cheap to clone.
#[derive(Clone)]
pub struct Core {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<Store>,
    reading: Reading,
    housekeeping: Mutex<Option<Housekeeping>>,
    indexer: Mutex<Option<Indexer>>,
    prefix: String,
    /// What the forum's language has for words behind commands.
    words: OwnWords,
    similar: InTen,
    /// What members did lately, and how much they may.
    recent: Arc<RecentActs>,
    /// The store and the copy of it that this is, in short.
    era: String,
    clock: Arc<dyn Clock>,
    rng: Mutex<Box<dyn Rng>>,
    /// Asks every platform's task to look at its work list.
    woken: watch::Sender<()>,
    served: Mutex<HashMap<Platform, watch::Sender<Served>>>,
    /// The cards that adapters bring up to date themselves just now.
    left: Arc<drawing::HeldCards>,
    /// Who was told lately why a reaction was refused.
    told: Mutex<LastTold>,
}

impl Core {
    /// Opens the forum in a folder, which is made where it is missing, and starts its threads. Blocking.
    pub fn open(options: Options, clock: Arc<dyn Clock>, rng: Box<dyn Rng>) -> Result<Self, Fault> {
        let store = Arc::new(Store::open(&options.dir)?);
        erasing::erase_again(&store, clock.now())?;
        let index = options.dir.join(INDEX);
        let (search, indexer) = Search::open(&index, store.reader().clone(), store.announced())?;
        let reading = Reading {
            store: store.reader().clone(),
            search,
            texts: Texts::new(&options.language),
        };
        let texts = &reading.texts;
        let words = OwnWords::new(|english| texts.word(english));
        let identity = store.reader().identity()?;
        let era = format!("{:.8}{}", identity.store, identity.epoch);
        let housekeeping = Housekeeping::start(House {
            store: store.clone(),
            search: reading.search.clone(),
            dir: options.dir,
            clock: clock.clone(),
            retention: options.retention,
        });
        let inner = Inner {
            store,
            era,
            reading,
            housekeeping: Mutex::new(Some(housekeeping)),
            indexer: Mutex::new(Some(indexer)),
            prefix: options.prefix,
            words,
            similar: options.similar,
            recent: Arc::new(RecentActs::new(options.limits)),
            clock,
            rng: Mutex::new(rng),
            woken: watch::Sender::new(()),
            served: Mutex::default(),
            left: Arc::default(),
            told: Mutex::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Why the index was built anew when it was opened, if it was: a sentence for the operator.
    #[must_use]
    pub fn rebuilt(&self) -> Option<String> {
        let rebuilt = self.inner.reading.search.rebuilt()?;
        // A new forum has no index yet: nothing was lost.
        let new = rebuilt.why == RebuildReason::Missing
            && *self.inner.store.announced().borrow() == Seq(0);
        (!new).then(|| {
            format!(
                "the search index is built anew from the store, because {}",
                rebuilt.why
            )
        })
    }

    /// Finishes what was begun and ends the threads.
    pub async fn close(self) {
        let inner = self.inner;
        let closed = tokio::task::spawn_blocking(move || {
            let housekeeping = inner.housekeeping.lock();
            drop(housekeeping.unwrap_or_else(PoisonError::into_inner).take());
            if let Some(indexer) = inner
                .indexer
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take()
            {
                indexer.stop();
            }
            inner.store.stop();
        });
        if closed.await.is_err() {
            tracing::error!("the forum was not closed in order");
        }
    }

    /// Makes a code by which another forum can join the one of this name, and agrees for that to it; none where there is none of
    /// that name.
    pub async fn forum_code(&self, name: &str) -> Result<Option<String>, Fault> {
        let (reader, name) = (self.inner.store.reader().clone(), name.to_owned());
        let Some(forum) = blocking(move || Ok(reader.forum(&name)?)).await? else {
            return Ok(None);
        };
        let (code, now) = (self.fresh_code(), self.inner.clock.now());
        let made = code.clone();
        let kept = self
            .inner
            .store
            .act(move |tx| joins::invite(tx, forum, &made, now));
        kept.await?;
        Ok(Some(replies::halves(&code)))
    }

    /// A short code for a fault, which people are given and the log has.
    fn code(&self) -> String {
        self.letters(6)
    }

    /// A code that nobody knows yet, by which two sides find each other: about 39 bits.
    fn fresh_code(&self) -> String {
        self.letters(CODE)
    }

    /// So many random letters and digits that look like no others.
    fn letters(&self, many: usize) -> String {
        let mut rng = self
            .inner
            .rng
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        chance::letters(rng.as_mut(), many)
    }
}

impl Inner {
    /// A random number below `bound`.
    fn below(&self, bound: u64) -> u64 {
        chance::below(
            self.rng
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .as_mut(),
            bound,
        )
    }

    /// How far the cards of each platform are true that somebody serves or did.
    fn all_served(&self) -> Vec<(Platform, Served)> {
        let served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let each = served.iter();
        each.map(|(platform, served)| (*platform, served.borrow().clone()))
            .collect()
    }

    /// How far a platform's cards are true, told by whoever serves it.
    fn served(&self, platform: Platform) -> watch::Sender<Served> {
        self.served
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(platform)
            .or_insert_with(|| watch::Sender::new(Served::Behind))
            .clone()
    }
}

/// Builds the index anew from the store; `progress` hears how many questions are in it. Gives how many there are. Blocking.
pub fn reindex(dir: &Path, mut progress: impl FnMut(u64)) -> Result<u64, Fault> {
    let store = Store::open(dir)?;
    let on = |read| {
        progress(read);
        ControlFlow::Continue(())
    };
    let built = Search::reindex(&dir.join(INDEX), store.reader().clone(), on)?;
    Ok(built.unwrap_or_default())
}

#[cfg(test)]
mod tests;
