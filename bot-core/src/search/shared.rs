//! What searches and the indexing thread share.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::fault::Rebuilt;
use super::scores::Scores;
use super::snapshot::Snapshot;
use crate::forum::Seq;

/// What the indexing thread is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Follow the change log.
    Follow,
    /// Look at every byte of the index: it broke where it was read.
    Check,
    /// End.
    Stop,
}

/// Shared by all.
pub(super) struct Shared {
    snapshot: RwLock<Arc<Snapshot>>,
    pub scores: Scores,
    pub indexed: watch::Sender<Seq>,
    pub orders: watch::Sender<Order>,
    pub rebuilt: watch::Sender<Option<Rebuilt>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("indexed", &*self.indexed.borrow())
            .field("rebuilt", &*self.rebuilt.borrow())
            .finish_non_exhaustive()
    }
}

impl Shared {
    pub fn new(snapshot: Arc<Snapshot>, indexed: Seq, rebuilt: Option<Rebuilt>) -> Self {
        Self {
            snapshot: RwLock::new(snapshot),
            scores: Scores::default(),
            indexed: watch::Sender::new(indexed),
            orders: watch::Sender::new(Order::Follow),
            rebuilt: watch::Sender::new(rebuilt),
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
            let news = *order == Order::Follow;
            if news {
                *order = Order::Check;
            }
            news
        });
    }

    /// The order to check the index was followed.
    pub fn checked(&self) {
        self.orders.send_if_modified(|order| {
            if *order == Order::Check {
                *order = Order::Follow;
            }
            false
        });
    }
}
