//! Erases again what a backup that was put in the store's place brought back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::Fault;
use crate::chance::Clock;
use crate::forum::{self, Change, Timestamp};
use crate::store::{self, Gone, Mark, Store, Tx};

/// How many posts are erased in one transaction.
const TOGETHER: usize = 100;
/// How many are wiped off the files together.
const WIPED: u32 = 10_000;
/// How often, and how long apart, wiping is tried where another program reads.
const TRIES: u32 = 100;
const AGAIN: Duration = Duration::from_millis(100);

/// Puts a copy of `from` in the place of the store in a folder, without what was erased there since. What was there is kept beside
/// it for seven days, under the name that is given. Blocking.
pub fn restore(dir: &Path, from: &Path, clock: &dyn Clock) -> Result<Option<PathBuf>, Fault> {
    let kept = store::restore(dir, from)?;
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
    store.stop();
    Ok(kept)
}

/// Erases what was erased before and stands in the store again; gives how many texts that were. Blocking.
pub(super) fn erase_again(store: &Arc<Store>, now: Timestamp) -> Result<usize, store::Fault> {
    let returned = store.returned()?;
    for marks in returned.chunks(TOGETHER) {
        let marks = marks.to_vec();
        let erase = move |tx: &Tx<'_>| {
            for mark in &marks {
                erase(tx, mark, now)?;
            }
            Ok(())
        };
        // A thread that drives a runtime may not wait itself.
        std::thread::scope(|scope| {
            let erasing = scope.spawn(|| store.begin(TOGETHER, erase)?.wait());
            erasing.join().unwrap_or(Err(store::Fault::Stopped))
        })?;
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
        }],
    };
    tx.apply(post.forum, &changes, now).map(drop)
}
