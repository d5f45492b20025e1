//! What members did within the last hour, for the rules that limit it.
//!
//! Kept in memory: a vote must not write one row more, and what a restart forgets is an hour at the most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::forum::{Counted, ForumId, Limits, MemberId, Timestamp, limit};

/// Above so many members, those who did nothing within the hour are forgotten.
const MEMBERS: usize = 1_024;

/// The limits, and who did how much of what lately.
#[derive(Debug)]
pub(super) struct RecentActs {
    /// The limits.
    pub limits: Limits,
    by: Arc<Mutex<Members>>,
    /// Whether acts are only tried, and not counted.
    trial: bool,
}

#[derive(Debug, Default)]
struct Members {
    acts: HashMap<(ForumId, MemberId, Counted), Vec<Timestamp>>,
    /// How many there may be before it is looked who can be forgotten.
    room: usize,
}

impl RecentActs {
    pub(super) fn new(limits: Limits) -> Self {
        let by = Members {
            acts: HashMap::new(),
            room: MEMBERS,
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

    /// When a member did this within the hour before `now`, oldest first.
    pub(super) fn of(
        &self,
        forum: ForumId,
        member: MemberId,
        what: Counted,
        now: Timestamp,
    ) -> Vec<Timestamp> {
        let mut by = self.by.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(acts) = by.acts.get_mut(&(forum, member, what)) else {
            return Vec::new();
        };
        acts.retain(|at| now.since(*at) < limit::WINDOW);
        acts.clone()
    }

    /// Counts one more.
    pub(super) fn count(&self, forum: ForumId, member: MemberId, what: Counted, now: Timestamp) {
        if self.trial {
            return;
        }
        let mut by = self.by.lock().unwrap_or_else(PoisonError::into_inner);
        by.acts.entry((forum, member, what)).or_default().push(now);
        if by.acts.len() > by.room {
            by.acts
                .retain(|_, acts| acts.last().is_some_and(|at| now.since(*at) < limit::WINDOW));
            by.room = (2 * by.acts.len()).max(MEMBERS);
        }
    }
}
