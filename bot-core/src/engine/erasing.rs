//! Erases again what a backup that was put in the store's place brought back.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Fault, importing};
use crate::chance::Clock;
use crate::forum::{self, Change, Timestamp};
use crate::store::{self, Gone, Mark, Restored, Store, Tx};

/// How many posts are erased together.
const TOGETHER: usize = 100;
/// How many are wiped off the files together.
const WIPED: u32 = 10_000;
/// How often, and how long apart, wiping is tried where another program reads.
const TRIES: u32 = 100;
const AGAIN: Duration = Duration::from_millis(100);

/// Puts a copy of `from` in the place of the store in a folder, without what was erased there since. What was there is kept beside
/// it for seven days, under the name that is given, and what it knew as deleted stays so. Blocking.
pub fn restore(dir: &Path, from: &Path, clock: &dyn Clock) -> Result<Restored, Fault> {
    let restored = store::restore(dir, from)?;
    let store = Arc::new(Store::open(dir)?);
    if erase_again(&store, clock.now())? > 0 {
        let mut gone = store.reader().forgetting(WIPED)?;
        gone.retain(|gone| gone.gone != Gone::Hidden);
        for _ in 0..TRIES {
            if store.wipe(&gone)? {
                break;
            }
            std::thread::sleep(AGAIN);
        }
    }
    // It is searched at once. What can't be built now is built by the next start.
    if let Err(error) = importing::index(dir, &store, &mut |_| ControlFlow::Continue(())) {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the search index is not built yet"
        );
    }
    store.stop();
    Ok(restored)
}

/// Erases what was erased before and stands in the store again; gives how many texts that were. Blocking.
pub(super) fn erase_again(store: &Arc<Store>, now: Timestamp) -> Result<usize, store::Fault> {
    let returned = store.returned()?;
    let mut failed = None;
    for marks in returned.chunks(TOGETHER) {
        // A thread that drives a runtime may not wait itself.
        let erased = std::thread::scope(|scope| {
            let erasing = scope.spawn(|| erase_each(store, marks, now));
            erasing.join().unwrap_or(Err(store::Fault::Stopped))
        });
        failed = failed.or(erased.err());
    }
    // Nothing is served before all of it is gone.
    if let Some(fault) = failed {
        return Err(fault);
    }
    if !returned.is_empty() {
        tracing::warn!(
            texts = returned.len(),
            "a backup brought back what was erased since it was made: that is erased again"
        );
    }
    store.gone_through()?;
    Ok(returned.len())
}

/// Erases these, each by itself: one that can't be keeps no other from it. Fails where one did.
fn erase_each(store: &Store, marks: &[Mark], now: Timestamp) -> Result<(), store::Fault> {
    let mut pending = Vec::new();
    for mark in marks {
        let (post, mark) = (mark.post, mark.clone());
        pending.push((post, store.begin(1, move |tx| erase(tx, &mark, now))?));
    }
    let mut failed = Ok(());
    for (post, erasing) in pending {
        if let Err(fault) = erasing.wait() {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(
                post = post.0,
                error,
                "what a backup brought back could not be erased again"
            );
            failed = failed.and(Err(fault));
        }
    }
    failed
}

fn erase(tx: &Tx<'_>, mark: &Mark, now: Timestamp) -> Result<(), store::Fault> {
    let Some(post) = tx.post(mark.post)? else {
        return Ok(());
    };
    let accepted = tx.accepted(post.question)?.map(|(answer, _)| answer);
    let changes = match &mark.event {
        None => forum::erased(&post, accepted, now),
        Some(event) => vec![Change::EditRemoved {
            post: post.id,
            event: event.clone(),
            by: None,
        }],
    };
    tx.apply(post.forum, &changes, now).map(drop)
}
