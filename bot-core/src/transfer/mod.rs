//! Import and export: what comes from elsewhere into a forum, and how a forum is taken elsewhere.
//!
//! Each importer makes the store's records of what it reads, the store takes them in. Knows `forum` and `store`; says nothing to
//! people but by its report. All calls block.

pub mod dump;
mod fault;
mod feed;
mod lines;
mod looks;
mod report;
mod stack_exchange;

pub use fault::Fault;
pub use lines::{export, lines};
pub use looks::{Looks, Takes};
pub use report::{Cut, Report, Skips};
pub use stack_exchange::{POSTS, stack_exchange};

use crate::forum::Timestamp;

/// What is imported, and where it goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The forum; made where it is missing.
    pub forum: String,
    /// What the import is called: under the same name, what came before is known again.
    pub source: String,
    /// The address of the site that it comes from.
    pub site: Option<String>,
    /// Whether accounts in it are taken for those of people who are here, though the forum is in use.
    pub trust: bool,
    /// The present.
    pub now: Timestamp,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Bytes read.
    pub read: u64,
    /// Bytes of all there is to read; 0 where nobody knows.
    pub total: u64,
    /// Posts that were taken in or were there already.
    pub posts: u64,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    On,
    /// Leave it where it is.
    Stop,
}
