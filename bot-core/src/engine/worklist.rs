//! What is to be posted and edited in one chat, in the order in which it is done: places take turns, so that a thousand cards of one
//! place hold up no other's. Pure.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::forum::{CopyId, OutboxId, PlaceId, PostId, SurfaceId};
use crate::store::{Due, Stale, TextCopy, ThreadName};

/// How many cards of a chat are on their way at the same time.
pub(super) const AT_ONCE: usize = 16;
/// How many edits, removals and names of one place are.
const OF_A_PLACE: usize = 4;

/// Something to do in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// Post a card.
    Post(Due),
    /// Bring a card up to date.
    Edit(Stale),
    /// Take a message away, or look for it.
    Remove(TextCopy),
    /// Name a thread.
    Name(ThreadName),
}

/// Which of the jobs that are being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum JobId {
    /// The posting of this row.
    Post(PlaceId, OutboxId),
    /// The edit of this card.
    Edit(PlaceId, SurfaceId),
    /// The removal of this message.
    Remove(PlaceId, CopyId),
    /// The naming of this question's thread.
    Name(PlaceId, PostId),
}

impl JobId {
    fn place(self) -> PlaceId {
        match self {
            Self::Post(place, _)
            | Self::Edit(place, _)
            | Self::Remove(place, _)
            | Self::Name(place, _) => place,
        }
    }
}

impl Job {
    /// Which it is.
    pub(super) fn id(&self) -> JobId {
        match self {
            Self::Post(due) => JobId::Post(due.place, due.id),
            Self::Edit(stale) => JobId::Edit(stale.place, stale.surface),
            Self::Remove(copy) => JobId::Remove(copy.place, copy.id),
            Self::Name(name) => JobId::Name(name.place, name.post),
        }
    }
}

/// What is planned, and what is being done.
#[derive(Debug, Default)]
pub(super) struct Worklist {
    lanes: HashMap<PlaceId, PlaceWork>,
    /// The places for which something is planned, the one whose turn it is first.
    turns: VecDeque<PlaceId>,
    running: usize,
}

/// A place's part.
#[derive(Debug, Default)]
struct PlaceWork {
    post: Option<Due>,
    /// Edits, removals and names.
    changes: VecDeque<Job>,
    /// A place's cards go out in order.
    posting: bool,
    changing: HashSet<JobId>,
}

impl PlaceWork {
    fn next(&mut self) -> Option<Job> {
        if !self.posting
            && let Some(due) = self.post.take()
        {
            self.posting = true;
            return Some(Job::Post(due));
        }
        if self.changing.len() < OF_A_PLACE
            && let Some(job) = self.changes.pop_front()
        {
            self.changing.insert(job.id());
            return Some(job);
        }
        None
    }

    fn is_idle(&self) -> bool {
        self.post.is_none() && self.changes.is_empty() && !self.posting && self.changing.is_empty()
    }
}

impl Worklist {
    /// Forgets what is planned and not begun.
    pub(super) fn clear(&mut self) {
        for lane in self.lanes.values_mut() {
            lane.post = None;
            lane.changes.clear();
        }
        self.lanes.retain(|_, lane| !lane.is_idle());
    }

    /// Plans something, unless it is being done.
    pub(super) fn plan(&mut self, job: Job) {
        let id = job.id();
        let place = id.place();
        let lane = self.lanes.entry(place).or_default();
        match job {
            Job::Post(due) if !lane.posting => lane.post = Some(due),
            Job::Edit(_) | Job::Remove(_) | Job::Name(_) if !lane.changing.contains(&id) => {
                lane.changes.push_back(job);
            }
            Job::Post(_) | Job::Edit(_) | Job::Remove(_) | Job::Name(_) => return,
        }
        // Whoever had a turn keeps its place behind the others.
        if !self.turns.contains(&place) {
            self.turns.push_back(place);
        }
    }

    /// What to begin now; none where nothing is planned, or enough is on its way.
    pub(super) fn next(&mut self) -> Option<Job> {
        if self.running >= AT_ONCE {
            return None;
        }
        for _ in 0..self.turns.len() {
            let place = self.turns.pop_front()?;
            let Some(lane) = self.lanes.get_mut(&place) else {
                continue;
            };
            let job = lane.next();
            if lane.post.is_some() || !lane.changes.is_empty() {
                self.turns.push_back(place);
            }
            if job.is_some() {
                self.running += 1;
                return job;
            }
        }
        None
    }

    /// Something is done.
    pub(super) fn done(&mut self, job: JobId) {
        self.running = self.running.saturating_sub(1);
        let place = job.place();
        let Some(lane) = self.lanes.get_mut(&place) else {
            return;
        };
        match job {
            JobId::Post(..) => lane.posting = false,
            JobId::Edit(..) | JobId::Remove(..) | JobId::Name(..) => {
                lane.changing.remove(&job);
            }
        }
        if lane.is_idle() {
            self.lanes.remove(&place);
        }
    }

    /// Whether nothing is planned; something may be on its way.
    pub(super) fn is_begun(&self) -> bool {
        let planned = |lane: &PlaceWork| lane.post.is_some() || !lane.changes.is_empty();
        !self.lanes.values().any(planned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forum::{Condition, PostId, Seq, Timestamp};
    use crate::platform::{MessageKey, PlaceKey, SendKey};

    fn post(place: i64, row: i64) -> Job {
        Job::Post(Due {
            id: OutboxId(row),
            place: PlaceId(place),
            place_key: PlaceKey(place.to_string()),
            post: PostId(row),
            key: SendKey(row.to_string()),
            attempts: 0,
            next_at: Timestamp(0),
        })
    }

    fn edit(place: i64, card: i64) -> Job {
        Job::Edit(Stale {
            surface: SurfaceId(card),
            place: PlaceId(place),
            place_key: PlaceKey(place.to_string()),
            message: MessageKey(card.to_string()),
            post: PostId(card),
            condition: Condition::Visible,
            since: Seq(1),
            shown: None,
            tainted: false,
        })
    }

    fn begun(work: &mut Worklist) -> Vec<JobId> {
        std::iter::from_fn(|| work.next().map(|job| job.id())).collect()
    }

    #[test]
    fn a_thousand_cards_of_one_place_hold_up_no_other_place() {
        let mut work = Worklist::default();
        for card in 0..1_000 {
            work.plan(edit(1, card));
        }
        assert_eq!(begun(&mut work).len(), OF_A_PLACE);
        // Another place's cards begin although none of the first is done.
        work.plan(edit(2, 5_000));
        work.plan(post(2, 1));
        let others = begun(&mut work);
        assert_eq!(
            others,
            [
                JobId::Post(PlaceId(2), OutboxId(1)),
                JobId::Edit(PlaceId(2), SurfaceId(5_000))
            ]
        );
        work.done(JobId::Edit(PlaceId(1), SurfaceId(0)));
        assert_eq!(begun(&mut work), [JobId::Edit(PlaceId(1), SurfaceId(4))]);
    }

    #[test]
    fn places_take_turns_where_all_have_much_to_do() {
        let mut work = Worklist::default();
        for place in 1..=8 {
            for card in 0..10 {
                work.plan(edit(place, place * 100 + card));
            }
        }
        let first = begun(&mut work);
        assert_eq!(first.len(), AT_ONCE);
        for place in 1..=8 {
            let of = |job: &&JobId| matches!(job, JobId::Edit(at, _) if at.0 == place);
            assert_eq!(first.iter().filter(of).count(), 2, "place {place}");
        }
    }

    #[test]
    fn what_is_on_its_way_is_not_begun_again_and_a_places_posts_go_one_by_one() {
        let mut work = Worklist::default();
        work.plan(post(1, 1));
        work.plan(edit(1, 7));
        let first = begun(&mut work);
        work.clear();
        work.plan(post(1, 1));
        work.plan(edit(1, 7));
        assert_eq!(begun(&mut work), []);
        assert!(work.is_begun() && work.running == 2);
        for job in first {
            work.done(job);
        }
        work.plan(post(1, 2));
        assert_eq!(begun(&mut work), [JobId::Post(PlaceId(1), OutboxId(2))]);
        work.done(JobId::Post(PlaceId(1), OutboxId(2)));
        assert_eq!(work.running, 0);
    }
}
