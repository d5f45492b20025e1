//! Serves one chat: posts what is to be posted and brings cards up to date, whenever something changed, until the stop. Hidden
//! posts whose time has come are withdrawn by whoever serves first.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::sync::watch;
use tokio::time::Instant;

use super::fault::blocking;
use super::pace::Paces;
use super::{Core, Fault, Stop, acts};
use crate::forum::{Seq, Timestamp};
use crate::platform::{ChatPlatform, Platform};
use crate::store::{self, Tx};

/// How many stale cards are looked at in one go.
const STALE: u32 = 100;
/// How many edits are on their way at the same time.
const AT_ONCE: usize = 8;
/// How long until the work list is looked at again when a read or write failed.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// How many hidden posts are withdrawn in one go.
const WITHDRAWN: u32 = 100;
/// The shortest and longest time until it is looked again whether a hidden post is to be withdrawn: a machine's clock may be set,
/// and its timers stand still while it sleeps.
const WITHDRAWAL: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3600));

/// How long settling waits for the index, which has 250 ms to follow.
const INDEXED_WITHIN: Duration = Duration::from_secs(10);

/// What a pass over the work list left.
enum Left {
    /// Nothing: everything up to this change is shown. Besides, when to look whether a hidden post is to be withdrawn, if one waits
    /// for that.
    Nothing(Seq, Option<Instant>),
    /// More that can be done at once.
    More,
    /// Something that has to wait until then.
    Until(Instant),
}

impl Core {
    /// Posts, edits and removes cards through `chat` until the stop; what is on its way then is finished.
    ///
    /// Fails only where nothing can be kept any more.
    pub async fn serve<P: ChatPlatform>(&self, chat: Arc<P>, stop: Stop) -> Result<(), Fault> {
        let served = self.inner.served(chat.platform());
        served.send_replace(Served::Behind);
        let ended = self.serve_until(chat, stop, &served).await;
        let why = match &ended {
            Err(Fault::Store(fault)) => Some(fault.clone()),
            Ok(()) | Err(_) => None,
        };
        served.send_replace(Served::Ended(why));
        ended
    }

    async fn serve_until<P: ChatPlatform>(
        &self,
        chat: Arc<P>,
        stop: Stop,
        served: &watch::Sender<Served>,
    ) -> Result<(), Fault> {
        let mut announced = self.inner.store.announced();
        let mut woken = self.inner.woken.subscribe();
        let mut paces = Paces::default();
        while !stop.is_requested() {
            announced.mark_unchanged();
            woken.mark_unchanged();
            let left = match self.pass(&chat, &mut paces, &stop).await {
                Ok(left) => left,
                Err(fault) if fault.is_fatal() => return Err(fault),
                Err(fault) => {
                    tracing::error!(platform = %chat.platform(), error = &fault as &dyn std::error::Error, "cards could not be served");
                    Left::Until(Instant::now() + AFTER_FAULT)
                }
            };
            let until = match left {
                Left::More => continue,
                Left::Nothing(seq, withdrawal) => {
                    served.send_replace(Served::UpTo(seq));
                    withdrawal
                }
                Left::Until(until) => Some(until),
            };
            let timer = async {
                match until {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.requested() => break,
                changed = announced.changed() => if changed.is_err() { break },
                _ = woken.changed() => {}
                () = timer => {}
            }
        }
        Ok(())
    }

    /// Goes over the work list once.
    async fn pass<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        paces: &mut Paces,
        stop: &Stop,
    ) -> Result<Left, Fault> {
        let platform = chat.platform();
        let reader = self.inner.store.reader().clone();
        let looking = reader.clone();
        let (seq, due, withdrawal) = blocking(move || {
            Ok((
                looking.last_seq()?,
                looking.due(platform)?,
                looking.next_withdrawal()?,
            ))
        })
        .await?;
        let (wall, now) = (self.inner.clock.now(), Instant::now());
        if withdrawal.is_some_and(|at| at <= wall) && self.withdraw_due(wall).await? > 0 {
            return Ok(Left::More);
        }
        let (soon, late) = WITHDRAWAL;
        let withdrawal = withdrawal.map(|at| now + at.since(wall).clamp(soon, late));
        let mut next: Option<Instant> = None;
        let mut earliest = |at: Instant| next = Some(next.map_or(at, |next: Instant| next.min(at)));
        let (ready, waiting): (Vec<_>, Vec<_>) =
            due.into_iter().partition(|due| due.next_at <= wall);
        for due in &waiting {
            earliest(now + due.next_at.since(wall));
        }
        // Cards that have to wait don't keep others from being looked at.
        let (mut open, mut after) = (Vec::new(), None);
        loop {
            let looking = reader.clone();
            let page =
                blocking(move || Ok(looking.stale(platform, after.as_ref(), STALE)?)).await?;
            let is_last = page.len() < STALE as usize;
            after = page.last().cloned();
            for stale in page {
                let paced = paces.wait(stale.surface, stale.condition, now);
                match paced.max(self.left_until(platform, &stale.message)) {
                    Some(until) => earliest(until),
                    None => open.push(stale),
                }
            }
            if is_last || !open.is_empty() {
                break;
            }
        }
        let did = !ready.is_empty() || !open.is_empty();
        let mut ready = ready.into_iter().peekable();
        while ready.peek().is_some() && !stop.is_requested() {
            try_join_all(
                ready
                    .by_ref()
                    .take(AT_ONCE)
                    .map(|due| self.deliver(chat, due)),
            )
            .await?;
        }
        let mut open = open.into_iter().peekable();
        while open.peek().is_some() && !stop.is_requested() {
            let looked = try_join_all(
                open.by_ref()
                    .take(AT_ONCE)
                    .map(|stale| self.refresh(chat, stale)),
            )
            .await?;
            for refreshed in looked {
                refreshed.note(paces, chat.pace(), Instant::now());
            }
        }
        paces.tidy(Instant::now());
        Ok(match next {
            _ if did => Left::More,
            Some(until) => Left::Until(withdrawal.map_or(until, |at| until.min(at))),
            None => Left::Nothing(seq, withdrawal),
        })
    }

    /// Withdraws hidden posts whose sources are gone and whose time has come; gives how many there were.
    async fn withdraw_due(&self, now: Timestamp) -> Result<usize, Fault> {
        let due = move |tx: &Tx<'_>| acts::withdraw_due(tx, now, WITHDRAWN);
        Ok(self.inner.store.act(due).await?)
    }

    /// Waits until nothing is left to post or to bring up to date on a platform that is served, and until the index has
    /// everything that is on disk now. Fails where the serving has ended.
    pub async fn settled(&self, platform: Platform) -> Result<(), Fault> {
        let reader = self.inner.store.reader().clone();
        let seq = blocking(move || Ok(reader.last_seq()?)).await?;
        let mut served = self.inner.served(platform).subscribe();
        self.inner.woken.send_replace(());
        let reached = served
            .wait_for(|served| match served {
                Served::Behind => false,
                Served::UpTo(reached) => *reached >= seq,
                Served::Ended(_) => true,
            })
            .await
            .map_err(|_| Fault::Task)?
            .clone();
        if let Served::Ended(why) = reached {
            return Err(why.map_or(Fault::Task, Fault::Store));
        }
        let search = self.inner.reading.search.clone();
        blocking(move || {
            if !search.caught_up(seq, INDEXED_WITHIN) {
                tracing::warn!("the search index is slow to follow");
            }
            Ok(())
        })
        .await
    }
}

/// How far a platform's cards are true.
#[derive(Clone, Debug)]
pub(super) enum Served {
    /// Not known yet.
    Behind,
    /// Up to this change.
    UpTo(Seq),
    /// Nobody serves them any more, because of this.
    Ended(Option<store::Fault>),
}
