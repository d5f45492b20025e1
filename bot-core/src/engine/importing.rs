//! Imports, after which the search index comes, and exports.

use std::io::{BufRead, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use super::{Fault, INDEX};
use crate::forum::Seq;
use crate::search::{Search, SearchFault};
use crate::store::{self, Reader, Store};
use crate::transfer::{self, Flow, ImportProgress, Options, Report};

/// With so many changes behind it, an index is quicker built anew than brought up to date.
const MANY: i64 = 2_000;
/// How long is waited at a time for the index.
const WAIT: Duration = Duration::from_millis(250);

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
pub enum ImportStep {
    /// Posts are read and taken.
    Taking(ImportProgress),
    /// The search index is brought up to date: so many questions are in it.
    Indexing(u64),
}

/// Imports into the store in a folder, which nothing else may have open, and brings its index up to date. Blocking.
pub fn import(
    dir: &Path,
    source: Source<'_>,
    options: &Options,
    on: &mut dyn FnMut(ImportStep) -> Flow,
) -> Result<Report, Fault> {
    let store = Store::open(dir)?;
    let mut taking = |progress| on(ImportStep::Taking(progress));
    let mut report = match source {
        Source::StackExchange(dump) => {
            transfer::stack_exchange(&store, dump, options, &mut taking)?
        }
        Source::Lines { from, total, name } => {
            transfer::lines(&store, from, total, &name, options, &mut taking)?
        }
    };
    // What is taken is found, also where a stop was asked for before; only one that comes now leaves the index.
    let was_stopped = report.stopped;
    let indexed = index(
        dir,
        &store,
        &mut |read| match on(ImportStep::Indexing(read)) {
            Flow::Stop if !was_stopped => ControlFlow::Break(()),
            Flow::On | Flow::Stop => ControlFlow::Continue(()),
        },
    )?;
    report.is_indexed = indexed.is_continue();
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

/// Hears how many questions the index has, and says whether to go on.
type Progressing<'p> = dyn FnMut(u64) -> ControlFlow<()> + 'p;

/// Brings the index up to date with the store, unless it is left before.
pub(super) fn index(
    dir: &Path,
    store: &Store,
    progress: &mut Progressing<'_>,
) -> Result<ControlFlow<()>, Fault> {
    followed(dir, store, progress).map_err(|fault| match fault {
        Fault::Search(SearchFault::Index(_) | SearchFault::Folder { .. })
            if store::has_no_room(&dir.join(INDEX)) =>
        {
            let path = dir.join(INDEX);
            store::Fault::Full { path }.into()
        }
        fault => fault,
    })
}

/// Has the index follow the store to its end.
fn followed(
    dir: &Path,
    store: &Store,
    progress: &mut Progressing<'_>,
) -> Result<ControlFlow<()>, Fault> {
    let folder = dir.join(INDEX);
    let newest = store.reader().last_seq()?;
    let at = match Search::open_beside(&folder, store.reader().clone()) {
        Ok(search) => Some(search.cursor()),
        Err(SearchFault::Unusable { .. } | SearchFault::Damaged) => None,
        Err(fault) => return Err(fault.into()),
    };
    match at {
        Some(Seq(at)) if at == newest.0 => Ok(ControlFlow::Continue(())),
        Some(Seq(at)) if newest.0 - at <= MANY => {
            let mut going = progress(0);
            let (search, indexer) =
                Search::open(&folder, store.reader().clone(), store.announced())?;
            while going.is_continue() && !search.caught_up(newest, WAIT) {
                if let Some(fault) = search.failed() {
                    return Err(fault.into());
                }
                going = progress(search.documents());
            }
            indexer.stop();
            Ok(going)
        }
        Some(_) | None => {
            let built = Search::reindex(&folder, store.reader().clone(), progress)?;
            Ok(match built {
                Some(_) => ControlFlow::Continue(()),
                None => ControlFlow::Break(()),
            })
        }
    }
}
