//! How the forum is: whether it can keep anything, and how far index and platforms are behind.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fault::blocking;
use super::serve::Served;
use super::{Core, Fault};
use crate::forum::Seq;

/// How long the writer has to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// How the forum is at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whether the store's writer does what it is asked, within five seconds.
    pub writer: Alive,
    /// The newest change that is on disk.
    pub newest: Seq,
    /// Whether the index follows the store.
    pub index: Alive,
    /// How many changes the index is behind, at most: numbers of changes have gaps.
    pub index_behind: u64,
    /// The platforms that are served, or for which something waits.
    pub platforms: Vec<PlatformStatus>,
}

/// Whether something does its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alive {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// How far a platform is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformStatus {
    /// Its name.
    pub platform: String,
    /// Whether it is served.
    pub serving: Serving,
    /// Cards that wait to be posted there.
    pub cards: u64,
    /// Cards there that wait to be brought up to date.
    pub stale: u64,
    /// Messages there that wait to be taken away, and threads that wait for another name.
    pub removals: u64,
}

impl PlatformStatus {
    /// One where nothing waits.
    fn new(platform: &str, serving: Serving) -> Self {
        Self {
            platform: platform.to_owned(),
            serving,
            cards: 0,
            stale: 0,
            removals: 0,
        }
    }
}

/// Whether a platform's cards are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serving {
    /// Nobody does, in this process.
    No,
    /// They are; how many changes those that were shown last are behind is not known yet.
    Begun,
    /// They are, and are so many changes behind, at most.
    Behind(u64),
    /// They are no more: nothing could be kept.
    Ended,
}

impl Core {
    /// How the forum is now.
    pub async fn status(&self) -> Result<Status, Fault> {
        let answered = tokio::time::timeout(ANSWERS_WITHIN, self.inner.store.act(|_| Ok(())));
        let writer = match answered.await {
            Ok(Ok(())) => Alive::Yes,
            Ok(Err(_)) | Err(_) => Alive::No,
        };
        let reader = self.inner.store.reader().clone();
        let (newest, waiting) =
            blocking(move || Ok((reader.last_seq()?, reader.waiting()?))).await?;
        let search = &self.inner.reading.search;
        let behind = |reached: Seq| u64::try_from(newest.0.saturating_sub(reached.0)).unwrap_or(0);
        let mut platforms: BTreeMap<String, PlatformStatus> = BTreeMap::new();
        for (platform, served) in self.inner.all_served() {
            let serving = match served {
                Served::Behind => Serving::Begun,
                Served::UpTo(reached) => Serving::Behind(behind(reached)),
                Served::Ended(None) => continue,
                Served::Ended(Some(_)) => Serving::Ended,
            };
            let status = PlatformStatus::new(platform.name(), serving);
            platforms.insert(status.platform.clone(), status);
        }
        for waits in waiting {
            let name = waits.platform.clone();
            let status = platforms.entry(name.clone());
            let status = status.or_insert_with(|| PlatformStatus::new(&name, Serving::No));
            status.cards = waits.cards;
            status.stale = waits.stale;
            status.removals = waits.removals;
        }
        Ok(Status {
            writer,
            newest,
            index: match search.failed() {
                None => Alive::Yes,
                Some(_) => Alive::No,
            },
            index_behind: behind(search.cursor()),
            platforms: platforms.into_values().collect(),
        })
    }
}
