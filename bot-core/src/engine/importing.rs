//! Imports, after which the search index comes, and exports.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Duration;

use super::{Fault, INDEX};
use crate::forum::Seq;
use crate::search::{Search, SearchFault};
use crate::store::{Reader, Store};
use crate::transfer::{self, Flow, Options, Progress, Report};

/// With so many changes behind it, an index is quicker built anew than brought up to date.
const MANY: i64 = 2_000;
/// How long is waited at a time for the index.
const WAIT: Duration = Duration::from_secs(60);

/// What is imported.
pub enum Source<'s> {
    /// The folder of a Stack Exchange dump.
    StackExchange(&'s Path),
    /// Lines of JSON.
    Lines {
        /// Them.
        from: Box<dyn BufRead + 's>,
        /// How many bytes they have; 0 where nobody knows.
        total: u64,
        /// What they are called.
        name: String,
    },
}

/// What an import is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Posts are read and taken.
    Taking(Progress),
    /// The search index is brought up to date: so many questions are in it.
    Indexing(u64),
}

/// Imports into the store in a folder, which nothing else may have open, and brings its index up to date. Blocking.
pub fn import(
    dir: &Path,
    source: Source<'_>,
    options: &Options,
    on: &mut dyn FnMut(Step) -> Flow,
) -> Result<Report, Fault> {
    let store = Store::open(dir)?;
    let mut taking = |progress| on(Step::Taking(progress));
    let report = match source {
        Source::StackExchange(dump) => {
            transfer::stack_exchange(&store, dump, options, &mut taking)?
        }
        Source::Lines { from, total, name } => {
            transfer::lines(&store, from, total, &name, options, &mut taking)?
        }
    };
    index(dir, &store, &mut |read| {
        on(Step::Indexing(read));
    })?;
    Ok(report)
}

/// Writes a forum as lines of JSON, beside whoever serves it; `name` is what the file is called. `progress` hears how many questions are
/// written. Gives how many there were; none where there is no such forum, or where it was left before its end. Blocking.
pub fn export(
    dir: &Path,
    forum: &str,
    to: &mut dyn Write,
    name: &str,
    progress: &mut dyn FnMut(u64) -> Flow,
) -> Result<Option<u64>, Fault> {
    let reader = Reader::open(dir)?;
    let Some(forum) = reader.forum(forum)? else {
        return Ok(None);
    };
    Ok(transfer::export(&reader, forum, to, name, progress)?)
}

/// Brings the index up to date with the store.
pub(super) fn index(dir: &Path, store: &Store, progress: &mut dyn FnMut(u64)) -> Result<(), Fault> {
    let folder = dir.join(INDEX);
    let newest = store.reader().last_seq()?;
    let at = match Search::open_beside(&folder, store.reader().clone()) {
        Ok(search) => Some(search.cursor()),
        Err(SearchFault::Unusable { .. } | SearchFault::Damaged) => None,
        Err(fault) => return Err(fault.into()),
    };
    match at {
        Some(Seq(at)) if at == newest.0 => Ok(()),
        Some(Seq(at)) if newest.0 - at <= MANY => {
            progress(0);
            let (search, indexer) =
                Search::open(&folder, store.reader().clone(), store.announced())?;
            while !search.caught_up(newest, WAIT) {
                if let Some(fault) = search.failed() {
                    return Err(fault.into());
                }
                progress(search.documents());
            }
            indexer.stop();
            Ok(())
        }
        Some(_) | None => {
            Search::reindex(&folder, store.reader().clone(), progress)?;
            Ok(())
        }
    }
}
