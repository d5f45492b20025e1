//! Serves one chat: posts what is to be posted and brings cards up to date, whenever something changed, until the stop. Hidden
//! posts whose time has come are withdrawn by whoever serves first.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use tokio::time::Instant;

use super::fault::blocking;
use super::pace::Paces;
use super::refresh::Refreshed;
use super::worklist::{AT_ONCE, Job, JobId, Worklist};
use super::{Core, Fault, Stop, acts};
use crate::forum::{PostId, Seq, Timestamp};
use crate::panics;
use crate::platform::{ChatPlatform, Platform};
use crate::store;

/// How many stale cards of a place are looked at in one go, and of all places.
const STALE: (u32, u32) = (32, 2_000);
/// How long until the work list is looked at again when a read or write failed.
const AFTER_FAULT: Duration = Duration::from_secs(5);
/// How long until it is looked at again while something is on its way: many changes are one look.
const LOOKED_AT: Duration = Duration::from_millis(20);
/// How long a card waits that broke while it was drawn or edited: a mistake in the program, which does not mend itself.
const BROKEN: Duration = Duration::from_secs(300);

/// How many hidden posts are withdrawn in one go.
const WITHDRAWN: u32 = 100;
/// The shortest and longest time until it is looked again whether a hidden post is to be withdrawn: a machine's clock may be set,
/// and its timers stand still while it sleeps.
const WITHDRAWAL: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3600));

/// How long settling waits for the index, which has 250 ms to follow.
const INDEXED_WITHIN: Duration = Duration::from_secs(10);

/// What a look at the work list found.
enum NextWork {
    /// Nothing: everything up to this change is shown. Besides, when to look whether a hidden post is to be withdrawn, or a reply was
    /// sent, if something waits for that.
    Nothing(Seq, Option<Instant>),
    /// More that can be looked at at once.
    More,
    /// Something to do, or that is being done; and when something else is to be looked at, if it has to wait.
    Work(Option<Instant>),
}

/// What came of a job.
type Done = (JobId, Result<Option<Refreshed>, Fault>);

impl Core {
    /// Posts, edits and removes cards through `chat` until the stop; what is on its way then is finished.
    ///
    /// Fails only where nothing can be kept any more.
    pub async fn serve<P: ChatPlatform>(&self, chat: Arc<P>, stop: Stop) -> Result<(), Fault> {
        let served = self.inner.served(chat.platform());
        served.send_replace(Served::Behind);
        let ended = self.serve_until(chat, stop, &served).await;
        let why = ended.as_ref().err().and_then(Fault::of_store).cloned();
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
        let mut work = Worklist::default();
        let mut running: FuturesUnordered<Pin<Box<dyn Future<Output = Done> + Send + '_>>> =
            FuturesUnordered::new();
        // When to look at the work list; something that happens may be a reason to before.
        let mut look: Option<Instant> = Some(Instant::now());
        let mut looked = Instant::now();
        // Something failed: nothing is looked at before.
        let mut rests = Instant::now();
        let mut ended = Ok(());
        while !stop.is_requested() && ended.is_ok() {
            // Without anything on its way what happens is looked at at once.
            let soonest = match running.is_empty() {
                true => rests,
                false => rests.max(looked + LOOKED_AT),
            };
            if look.is_some_and(|at| at.max(soonest) <= Instant::now()) {
                announced.mark_unchanged();
                woken.mark_unchanged();
                let found =
                    panics::caught_while(self.look_through(&chat, &mut work, &mut paces)).await;
                look = match found.unwrap_or_else(|panicked| Err(panicked.into())) {
                    Ok(NextWork::More) => Some(Instant::now()),
                    Ok(NextWork::Nothing(seq, withdrawal)) => {
                        served.send_replace(Served::UpTo(seq));
                        withdrawal
                    }
                    Ok(NextWork::Work(until)) => until,
                    Err(fault) if fault.is_fatal() => {
                        ended = Err(fault);
                        break;
                    }
                    Err(fault) => {
                        tracing::error!(platform = %chat.platform(), error = &fault as &dyn std::error::Error, "cards could not be served");
                        Some(Instant::now() + AFTER_FAULT)
                    }
                };
                looked = Instant::now();
            }
            while let Some(job) = work.next() {
                running.push(Box::pin(self.done(&chat, job)));
            }
            let soonest = match running.is_empty() {
                true => rests,
                false => rests.max(looked + LOOKED_AT),
            };
            let timer = async {
                match look {
                    Some(at) => tokio::time::sleep_until(at.max(soonest)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.requested() => break,
                changed = announced.changed() => match changed {
                    Ok(()) => look = Some(Instant::now()),
                    Err(_) => break,
                },
                _ = woken.changed() => look = Some(Instant::now()),
                Some((job, done)) = running.next(), if !running.is_empty() => {
                    work.done(job);
                    ended = self.noted(&chat, done, &mut paces, &mut rests);
                    // A place's next card is planned when the one before it is done, and what is left when the plan is.
                    if matches!(job, JobId::Post(..)) || work.is_begun() {
                        look = Some(Instant::now());
                    }
                }
                () = timer => {}
            }
        }
        // What is on its way is finished.
        while let Some((_, done)) = running.next().await {
            ended = ended.and(self.noted(&chat, done, &mut paces, &mut rests));
        }
        ended
    }

    /// Does one job. A mistake in the program over one card ends that card's job alone.
    async fn done<P: ChatPlatform>(&self, chat: &Arc<P>, job: Job) -> Done {
        let id = job.id();
        let done = match job {
            Job::Post(due) => {
                let (row, post) = (due.id, due.post);
                let until = self.inner.clock.now().plus(BROKEN);
                let posted = panics::caught_while(self.deliver(chat, due)).await;
                match posted.unwrap_or_else(|panicked| Err(panicked.into())) {
                    Err(fault) if fault.is_panic() => {
                        broke(&fault, post, "a card is not posted: it broke");
                        let given_up = self.inner.store.act(move |tx| tx.give_up(row)).await;
                        given_up.map(|()| None).map_err(Fault::from)
                    }
                    Err(fault) if fault.is_of_one() => {
                        broke(&fault, post, "a card is not posted yet: it broke");
                        let put_off = self.inner.store.act(move |tx| tx.put_off(row, until));
                        put_off.await.map(|()| None).map_err(Fault::from)
                    }
                    posted => posted.map(|()| None),
                }
            }
            Job::Edit(stale) => {
                let (surface, post) = (stale.surface, stale.post);
                let edited = panics::caught_while(self.refresh(chat, stale)).await;
                match edited.unwrap_or_else(|panicked| Err(panicked.into())) {
                    Err(fault) if fault.is_of_one() => {
                        broke(&fault, post, "a card is not edited: it broke");
                        let later = Refreshed::Later(surface, Some(BROKEN));
                        self.doubt(surface).await.map(|()| Some(later))
                    }
                    edited => edited.map(Some),
                }
            }
            Job::Remove(copy) => {
                let (row, post) = (copy.id, copy.post);
                let until = self.inner.clock.now().plus(BROKEN);
                let removed = panics::caught_while(self.remove(chat, copy)).await;
                match removed.unwrap_or_else(|panicked| Err(panicked.into())) {
                    Err(fault) if fault.is_of_one() => {
                        broke(&fault, post, "a message is not taken away: it broke");
                        let put_off = self.inner.store.act(move |tx| tx.put_copy_off(row, until));
                        put_off.await.map(|()| None).map_err(Fault::from)
                    }
                    removed => removed.map(|()| None),
                }
            }
            Job::Name(name) => {
                let (place, message, post) = (name.place, name.message.clone(), name.post);
                let until = self.inner.clock.now().plus(BROKEN);
                let named = panics::caught_while(self.name_thread(chat, name)).await;
                match named.unwrap_or_else(|panicked| Err(panicked.into())) {
                    Err(fault) if fault.is_of_one() => {
                        broke(&fault, post, "a thread is not named: it broke");
                        let store = &self.inner.store;
                        let put_off = store.act(move |tx| tx.put_name_off(place, &message, until));
                        put_off.await.map(|()| None).map_err(Fault::from)
                    }
                    named => named.map(|()| None),
                }
            }
        };
        (id, done)
    }

    /// Notes what came of a job; fails only where nothing can be kept any more.
    fn noted<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        done: Result<Option<Refreshed>, Fault>,
        paces: &mut Paces,
        rests: &mut Instant,
    ) -> Result<(), Fault> {
        let now = Instant::now();
        match done {
            Ok(refreshed) => {
                if let Some(refreshed) = refreshed {
                    refreshed.note(paces, chat.pace(), now);
                }
                Ok(())
            }
            Err(fault) if fault.is_fatal() => Err(fault),
            Err(fault) => {
                tracing::error!(platform = %chat.platform(), error = &fault as &dyn std::error::Error, "cards could not be served");
                *rests = now + AFTER_FAULT;
                Ok(())
            }
        }
    }

    /// Looks at what is to be done, and plans it.
    async fn look_through<P: ChatPlatform>(
        &self,
        chat: &Arc<P>,
        work: &mut Worklist,
        paces: &mut Paces,
    ) -> Result<NextWork, Fault> {
        let platform = chat.platform();
        let reader = self.inner.store.reader().clone();
        let looking = reader.clone();
        let (mut each, most) = STALE;
        let undone = blocking(move || Ok(looking.undone(platform, each, most)?)).await?;
        let store::Undone {
            newest,
            due,
            copies,
            names,
            stale: mut page,
            withdrawal,
        } = undone;
        let (wall, now) = (self.inner.clock.now(), Instant::now());
        if withdrawal.is_some_and(|at| at <= wall) && self.withdraw_due(wall).await? > 0 {
            return Ok(NextWork::More);
        }
        let (soon, late) = WITHDRAWAL;
        let mut later = withdrawal.map(|at| now + at.since(wall).clamp(soon, late));
        let mut next: Option<Instant> = None;
        let mut earliest = |at: Instant| next = Some(next.map_or(at, |next: Instant| next.min(at)));
        work.clear();
        paces.tidy(now);
        let mut all = due.len();
        for due in due {
            match due.next_at <= wall {
                true => work.plan(Job::Post(due)),
                false => earliest(now + due.next_at.since(wall)),
            }
        }
        for copy in copies {
            let is_due = copy.next_at <= wall;
            // Whoever sends it tells of it; it is looked for only where nobody does.
            let is_awaited = copy.message.is_none() && !is_due;
            let at = now + copy.next_at.since(wall);
            all += usize::from(!is_awaited);
            match is_due {
                true => work.plan(Job::Remove(copy)),
                false if is_awaited => later = Some(later.map_or(at, |later| later.min(at))),
                false => earliest(at),
            }
        }
        all += names.len();
        for name in names {
            match name.next_at <= wall {
                true => work.plan(Job::Name(name)),
                false => earliest(now + name.next_at.since(wall)),
            }
        }
        // Cards that have to wait don't keep others from being looked at.
        let (mut from, mut planned) = (0, 0);
        loop {
            let is_last = page.len() < each as usize;
            all += page.len();
            for stale in page {
                let paced = paces.wait(stale.surface, stale.urgency(), now);
                match paced.max(self.left_until(platform, &stale.message)) {
                    Some(until) => earliest(until),
                    None => {
                        planned += 1;
                        work.plan(Job::Edit(stale));
                    }
                }
            }
            if is_last || planned >= AT_ONCE {
                break;
            }
            from += each;
            each = each.saturating_mul(8).min(most);
            let looking = reader.clone();
            page = blocking(move || Ok(looking.stale(platform, (from, each), most)?)).await?;
        }
        Ok(match later {
            Some(at) if all > 0 => NextWork::Work(Some(next.map_or(at, |next| next.min(at)))),
            None if all > 0 => NextWork::Work(next),
            later => NextWork::Nothing(newest, later),
        })
    }

    /// Withdraws hidden posts whose sources are gone and whose time has come, and forgets what nobody agreed to publish in time; gives
    /// how many there were. A post that can't be withdrawn keeps no other waiting, and is tried again later.
    async fn withdraw_due(&self, now: Timestamp) -> Result<usize, Fault> {
        let store = &self.inner.store;
        let reader = store.reader().clone();
        let due = blocking(move || Ok(reader.withdrawals_due(now, WITHDRAWN)?)).await?;
        let mut done = store.act(move |tx| tx.forget_late(now)).await?;
        let withdrawing = due.into_iter().map(|post| async move {
            let withdrawn = store.act(move |tx| acts::withdraw_due(tx, post, now));
            (post, withdrawn.await)
        });
        for (post, withdrawn) in join_all(withdrawing).await {
            match withdrawn {
                Ok(withdrawn) => done += usize::from(withdrawn),
                Err(fault) if fault.is_fatal() => return Err(fault.into()),
                Err(fault) => {
                    tracing::error!(
                        code = self.code(),
                        post = post.0,
                        error = &fault as &dyn std::error::Error,
                        "a hidden post is not withdrawn: trying again in an hour"
                    );
                    let until = now.plus(WITHDRAWAL.1);
                    let put_off = store.act(move |tx| tx.put_withdrawal_off(post, until));
                    put_off.await?;
                }
            }
        }
        Ok(done)
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
            if search.caught_up(seq, INDEXED_WITHIN) {
                return Ok(());
            }
            if let Some(fault) = search.failed() {
                return Err(fault.into());
            }
            tracing::warn!("the search index is slow to follow");
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

/// Says in the log that a card broke.
fn broke(fault: &Fault, post: PostId, what: &str) {
    let error = fault as &dyn std::error::Error;
    tracing::error!(post = post.0, error, "{what}");
}
