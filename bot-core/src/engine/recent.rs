//! What people did within the last hour, for the rules that limit it.
//!
//! It is kept in memory, by account: a vote must not write one row more. An account keeps what it did when it is joined with another or
//! parted from it. After a restart the store tells what was asked, answered and commented in the hour before; edits and votes begin anew,
//! since no index has them by author and time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::forum::limit::Experience;
use crate::forum::{
    Author, Counted, ForumId, IdentityId, Limits, MemberId, Refusal, Role, Timestamp, limit,
};
use crate::store::{Fault, Reader, Tx};

/// Above so many accounts, those that did nothing within the hour are forgotten.
const ACCOUNTS: usize = 1_024;

/// The limits, and who did how much of what lately.
#[derive(Debug)]
pub(super) struct RecentActs {
    /// The limits.
    pub limits: Limits,
    by: Arc<Mutex<People>>,
    /// Whether acts are only tried, and not counted.
    trial: bool,
}

#[derive(Debug)]
struct People {
    /// What each account did in a forum.
    acts: HashMap<(ForumId, IdentityId), Acts>,
    /// The accounts that are one member.
    members: HashMap<(ForumId, MemberId), Vec<IdentityId>>,
    /// How many accounts there may be before it is looked which can be forgotten.
    room: usize,
}

/// What one account did in a forum: each kind with its moment, in the order in which it was done.
#[derive(Debug, Default)]
struct Acts {
    done: Vec<(Counted, Timestamp)>,
    /// Whether it has the posts of before this process began.
    has_posts: bool,
}

impl Acts {
    fn are_over(&self, now: Timestamp) -> bool {
        self.done
            .iter()
            .all(|(_, at)| now.since(*at) >= limit::WINDOW)
    }
}

impl RecentActs {
    pub(super) fn new(limits: Limits) -> Self {
        let by = People {
            acts: HashMap::new(),
            members: HashMap::new(),
            room: ACCOUNTS,
        };
        Self {
            limits,
            by: Arc::new(Mutex::new(by)),
            trial: false,
        }
    }

    /// The same for an act that is only tried, to see whether it would be refused.
    pub(super) fn for_trial(&self) -> Arc<Self> {
        Arc::new(Self {
            limits: self.limits,
            by: Arc::clone(&self.by),
            trial: true,
        })
    }

    /// When a member did this within the hour before `now`, by whichever of their accounts, oldest first.
    pub(super) fn of(
        &self,
        tx: &Tx<'_>,
        forum: ForumId,
        by: Author,
        what: Counted,
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, Fault> {
        let mut people = self.people();
        let People { acts, members, .. } = &mut *people;
        let accounts = members.entry((forum, by.member)).or_default();
        if !accounts.contains(&by.identity) {
            *accounts = tx.accounts_of(by.member)?;
        }
        let mut recent = Vec::new();
        for account in accounts {
            let acts = acts.entry((forum, *account)).or_default();
            if !acts.has_posts && is_post(what) {
                let posts = tx.posts_since(forum, *account, now.minus(limit::WINDOW))?;
                acts.done.extend(posts);
                acts.has_posts = true;
            }
            acts.done.retain(|(_, at)| now.since(*at) < limit::WINDOW);
            let same = acts.done.iter().filter(|(done, _)| *done == what);
            recent.extend(same.map(|(_, at)| *at));
        }
        recent.sort_unstable();
        Ok(recent)
    }

    /// The same as [`Self::of`] for whoever only looks: nothing is remembered of it, and the writer waits for nothing.
    pub(super) fn look(
        &self,
        reader: &Reader,
        forum: ForumId,
        by: Author,
        what: Counted,
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, Fault> {
        let mut recent = Vec::new();
        for account in reader.accounts_of(by.member)? {
            let (mut done, has_posts) = {
                let people = self.people();
                let acts = people.acts.get(&(forum, account));
                acts.map_or((Vec::new(), false), |acts| {
                    (acts.done.clone(), acts.has_posts)
                })
            };
            if !has_posts && is_post(what) {
                done.extend(reader.posts_since(forum, account, now.minus(limit::WINDOW))?);
            }
            let same = done
                .into_iter()
                .filter(|(done, at)| *done == what && now.since(*at) < limit::WINDOW);
            recent.extend(same.map(|(_, at)| at));
        }
        recent.sort_unstable();
        Ok(recent)
    }

    /// Refuses one more act where a member of this role did so many of its kind. Whether they are new is only looked up where it makes a
    /// difference.
    pub(super) fn refuses(
        &self,
        what: Counted,
        role: Role,
        acts: &[Timestamp],
        now: Timestamp,
        experience: impl FnOnce() -> Result<Option<Experience>, Fault>,
    ) -> Result<Result<(), Refusal>, Fault> {
        let limits = &self.limits;
        let allowed = |newcomer| limit::within(what, limits.most(what, newcomer), acts, now);
        let newcomer = allowed(true).is_err()
            && allowed(false).is_ok()
            && experience()?.is_some_and(|experience| limits.is_newcomer(role, experience, now));
        Ok(allowed(newcomer))
    }

    /// Counts one more.
    pub(super) fn count(&self, forum: ForumId, by: IdentityId, what: Counted, now: Timestamp) {
        if self.trial {
            return;
        }
        let mut people = self.people();
        let done = &mut people.acts.entry((forum, by)).or_default().done;
        done.push((what, now));
        if people.acts.len() > people.room {
            people.acts.retain(|_, acts| !acts.are_over(now));
            people.members.clear();
            people.room = (2 * people.acts.len()).max(ACCOUNTS);
        }
    }

    /// Which accounts are one member may be another from here on.
    pub(super) fn regroup(&self) {
        self.people().members.clear();
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.by.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it is a post, which the store has with its moment.
fn is_post(what: Counted) -> bool {
    match what {
        Counted::Question | Counted::Answer | Counted::Comment => true,
        Counted::Edit | Counted::Vote => false,
    }
}
