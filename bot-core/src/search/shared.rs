//! What searches and the indexing thread share.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::fault::Rebuilt;
use super::scores::Scores;
use super::snapshot::Snapshot;
use crate::forum::{PostId, Seq};
use crate::store::Fault;

/// What the indexing thread is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexTask {
    /// Follow the change log.
    Follow,
    /// Look at every byte of the index: it broke where it was read.
    Check,
    /// End.
    Stop,
}

/// Questions of whose earlier texts no file of the index is to have anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Purge {
    /// Which request it is, counted from 1; 0: there was none yet.
    pub number: u64,
    /// The questions.
    pub questions: Vec<PostId>,
    /// The change that took the last of the texts away.
    pub seq: Seq,
}

/// Shared by all.
pub(super) struct SharedIndex {
    snapshot: RwLock<Arc<Snapshot>>,
    pub scores: Scores,
    pub indexed: watch::Sender<Seq>,
    pub orders: watch::Sender<IndexTask>,
    pub rebuilt: watch::Sender<Option<Rebuilt>>,
    /// The last change that the index on disk knows: what is older, it never reads again.
    pub committed: watch::Sender<Seq>,
    /// What is to be purged, one request after the other.
    pub purge: watch::Sender<Purge>,
    /// The number of the last request that was carried out.
    pub purged: watch::Sender<u64>,
    /// What is wrong with the store, where it can't be followed until the operator does something.
    pub failed: watch::Sender<Option<Fault>>,
}

impl std::fmt::Debug for SharedIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("indexed", &*self.indexed.borrow())
            .field("rebuilt", &*self.rebuilt.borrow())
            .finish_non_exhaustive()
    }
}

impl SharedIndex {
    pub fn new(snapshot: Arc<Snapshot>, indexed: Seq, rebuilt: Option<Rebuilt>) -> Self {
        Self {
            snapshot: RwLock::new(snapshot),
            scores: Scores::default(),
            indexed: watch::Sender::new(indexed),
            orders: watch::Sender::new(IndexTask::Follow),
            rebuilt: watch::Sender::new(rebuilt),
            committed: watch::Sender::new(Seq(0)),
            purge: watch::Sender::default(),
            purged: watch::Sender::default(),
            failed: watch::Sender::default(),
        }
    }

    /// The index as of the last commit.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Has searches look at this from now on.
    pub fn publish(&self, snapshot: Arc<Snapshot>) {
        let before = std::mem::replace(
            &mut *self
                .snapshot
                .write()
                .unwrap_or_else(PoisonError::into_inner),
            snapshot,
        );
        drop(before);
    }

    /// Tells the indexing thread, if there is one, that the index broke where it was read.
    pub fn distrust(&self) {
        self.orders.send_if_modified(|order| {
            let news = *order == IndexTask::Follow;
            if news {
                *order = IndexTask::Check;
            }
            news
        });
    }

    /// The order to check the index was followed.
    pub fn checked(&self) {
        self.orders.send_if_modified(|order| {
            if *order == IndexTask::Check {
                *order = IndexTask::Follow;
            }
            false
        });
    }
}
