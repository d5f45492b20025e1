//! What can go wrong in the engine: whatever goes wrong below it, and a task that ended.

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
    /// A thread or task ended before it was done.
    #[error("a task ended before it was done")]
    Task,
}

impl Fault {
    /// Whether nothing can be kept until the operator does something: the process should end and say so.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Store(fault) => fault.is_fatal(),
            Self::Search(_) | Self::Transfer(_) | Self::Task => false,
        }
    }
}

/// Runs what blocks on a thread where it may.
pub(super) async fn blocking<T, F>(work: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Fault> + Send + 'static,
{
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Fault::Task)?
}
