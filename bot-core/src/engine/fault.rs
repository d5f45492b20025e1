//! What can go wrong in the engine: whatever goes wrong below it, and a task that ended.

use crate::panics::{Panicked, caught};
use crate::{search, store, transfer};

/// Something of ours broke. Its text is for the log and the operator; people in chat get a code.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// The search index.
    #[error(transparent)]
    Search(#[from] search::SearchFault),
    /// An import or export.
    #[error(transparent)]
    Transfer(#[from] transfer::Fault),
    /// What was done panicked.
    #[error("something was left undone")]
    Panicked(#[from] Panicked),
    /// A thread or task ended before it was done.
    #[error("a task ended before it was done")]
    Task,
}

impl Fault {
    /// Whether nothing can be kept until the operator does something: the process should end and say so.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.of_store().is_some_and(store::Fault::is_fatal)
    }

    /// What is wrong with the store, if that is it.
    pub(super) fn of_store(&self) -> Option<&store::Fault> {
        match self {
            Self::Store(fault)
            | Self::Search(search::SearchFault::Store(fault))
            | Self::Transfer(transfer::Fault::Store(fault)) => Some(fault),
            Self::Search(_) | Self::Transfer(_) | Self::Panicked(_) | Self::Task => None,
        }
    }

    /// Whether what was done broke by itself, such as over a row that can't be read: something else may well be done.
    pub(super) fn is_of_one(&self) -> bool {
        self.is_panic() || matches!(self, Self::Store(store::Fault::Sql { .. }))
    }

    /// Whether a mistake in the program showed: the same again would break the same way.
    pub(super) fn is_panic(&self) -> bool {
        match self {
            Self::Panicked(_) | Self::Store(store::Fault::Panicked(_)) => true,
            Self::Store(_) | Self::Search(_) | Self::Transfer(_) | Self::Task => false,
        }
    }
}

/// Runs what blocks on a thread where it may. Where it panics, that is a fault.
pub(super) async fn blocking<T, F>(work: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Fault> + Send + 'static,
{
    tokio::task::spawn_blocking(move || caught(work))
        .await
        .map_err(|_| Fault::Task)??
}
