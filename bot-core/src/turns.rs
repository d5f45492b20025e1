//! Whose turn it is to be heard: places and people take turns, so that who says much holds up nobody but themselves.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::names::{MessageKey, PersonKey, PlaceKey};

/// How many are heard at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// In all.
    pub all: usize,
    /// Of one place.
    pub place: usize,
    /// Of one person, wherever they are.
    pub person: usize,
}

/// Who is being heard, and who waits: whoever came first is first among the people of a place, among the places, and among what one
/// person does. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Turns {
    all: Arc<Semaphore>,
    places: Keyed<PlaceKey>,
    people: Keyed<PersonKey>,
}

/// A turn; it ends when this is dropped.
#[derive(Debug)]
pub struct Turn {
    _all: Option<OwnedSemaphorePermit>,
    _place: KeyedPermit<PlaceKey>,
    _person: KeyedPermit<PersonKey>,
}

impl Turns {
    /// Nobody is heard yet; as many at once as this.
    #[must_use]
    pub fn new(width: Width) -> Self {
        Self {
            all: Arc::new(Semaphore::new(width.all)),
            places: Keyed::new(width.place),
            people: Keyed::new(width.person),
        }
    }

    /// Waits for the turn of a person in a place.
    pub async fn turn(&self, place: &PlaceKey, person: &PersonKey) -> Turn {
        // The narrowest first: who waits for their own turn takes no place from others.
        let person = self.people.permit(person).await;
        let place = self.places.permit(place).await;
        Turn {
            // It is never closed.
            _all: Arc::clone(&self.all).acquire_owned().await.ok(),
            _place: place,
            _person: person,
        }
    }
}

/// How many may be at once of each key, and how many hold a permit of it or wait for one.
type Used<K> = Arc<Mutex<HashMap<K, (Arc<Semaphore>, usize)>>>;

/// So many at once of each key; keys that nobody needs are forgotten.
#[derive(Debug)]
struct Keyed<K> {
    width: usize,
    used: Used<K>,
}

/// One who holds a permit of a key, or waits for one.
#[derive(Debug)]
struct Holder<K: Hash + Eq> {
    key: K,
    used: Used<K>,
}

#[derive(Debug)]
struct KeyedPermit<K: Hash + Eq> {
    _permit: Option<OwnedSemaphorePermit>,
    _holder: Holder<K>,
}

impl<K> Clone for Keyed<K> {
    fn clone(&self) -> Self {
        Self {
            width: self.width,
            used: Arc::clone(&self.used),
        }
    }
}

impl<K: Clone + Hash + Eq> Keyed<K> {
    fn new(width: usize) -> Self {
        Self {
            width,
            used: Arc::default(),
        }
    }

    async fn permit(&self, key: &K) -> KeyedPermit<K> {
        let (semaphore, holder) = {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            let (semaphore, holders) = used
                .entry(key.clone())
                .or_insert_with(|| (Arc::new(Semaphore::new(self.width)), 0));
            *holders += 1;
            let holder = Holder {
                key: key.clone(),
                used: Arc::clone(&self.used),
            };
            (Arc::clone(semaphore), holder)
        };
        KeyedPermit {
            _permit: semaphore.acquire_owned().await.ok(),
            _holder: holder,
        }
    }
}

impl<K: Hash + Eq> Drop for Holder<K> {
    fn drop(&mut self) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, holders)) = used.get_mut(&self.key) {
            *holders -= 1;
            if *holders == 0 {
                used.remove(&self.key);
            }
        }
    }
}

/// Something that waits in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What it is known by, if anything can be about it.
    pub id: Option<MessageKey>,
    /// Whose it is.
    pub by: PersonKey,
    /// What it is about.
    pub about: Option<MessageKey>,
}

/// What waits in one place: its people take turns, what one of them did stays in order, and what is about something that waits
/// comes after it.
#[derive(Debug)]
pub struct PlaceQueue<T> {
    people: HashMap<PersonKey, VecDeque<InLine<T>>>,
    /// Those who have something in line, the one whose turn it is first.
    turns: VecDeque<PersonKey>,
    /// What waits, by what it is known by.
    ids: HashSet<MessageKey>,
    length: usize,
}

#[derive(Debug)]
struct InLine<T> {
    id: Option<MessageKey>,
    /// What was in line before it, and is to be done before it.
    after: Option<MessageKey>,
    what: T,
}

impl<T> Default for PlaceQueue<T> {
    fn default() -> Self {
        Self {
            people: HashMap::new(),
            turns: VecDeque::new(),
            ids: HashSet::new(),
            length: 0,
        }
    }
}

impl<T> PlaceQueue<T> {
    /// Puts something at the end of its person's part.
    pub fn push(&mut self, waiting: Waiting, what: T) {
        let Waiting { id, by, about } = waiting;
        // Only what is there already is waited for, so that no two ever wait for each other.
        let after = about.filter(|about| self.ids.contains(about));
        self.ids.extend(id.clone());
        self.length += 1;
        let own = self.people.entry(by.clone()).or_default();
        if own.is_empty() {
            self.turns.push_back(by);
        }
        own.push_back(InLine { id, after, what });
    }

    /// What is to be done now; what was given before is taken to be done.
    pub fn take(&mut self) -> Option<T> {
        self.take_of(|_| true)
    }

    /// The same, of those people whose turn it may be.
    pub fn take_of(&mut self, may: impl Fn(&PersonKey) -> bool) -> Option<T> {
        for _ in 0..self.turns.len() {
            let person = self.turns.pop_front()?;
            let Some(own) = self.people.get_mut(&person) else {
                continue;
            };
            if !may(&person) {
                self.turns.push_back(person);
                continue;
            }
            let first = own.front();
            let waits = first.and_then(|first| first.after.as_ref());
            if waits.is_some_and(|after| self.ids.contains(after)) {
                self.turns.push_back(person);
                continue;
            }
            let next = own.pop_front();
            if own.is_empty() {
                self.people.remove(&person);
            } else {
                self.turns.push_back(person);
            }
            let next = next?;
            if let Some(id) = &next.id {
                self.ids.remove(id);
            }
            self.length -= 1;
            return Some(next.what);
        }
        None
    }

    /// Whether something of a person is in line.
    #[must_use]
    pub fn has(&self, person: &PersonKey) -> bool {
        self.people.contains_key(person)
    }

    /// How much is in line.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// How many things of a person are done one right after the other, while more of theirs wait, before they rest in between.
const AT_ONCE: u32 = 10;
/// How many times as long as the last of them took, and how long at least: what a platform has to do for an answer is not over when it
/// has taken it.
const REST: u32 = 3;
const LEAST: Duration = Duration::from_millis(500);
/// Who did nothing for so long begins anew.
const ANEW: Duration = Duration::from_secs(10);

/// How fast a place goes through what its people do and is to be answered: of somebody who does a lot, most of the time is left to others,
/// in other places too: they wait for the same platform.
#[derive(Debug, Default)]
pub struct TurnPace {
    busy: HashMap<PersonKey, Busy>,
}

/// Somebody who did something just now.
#[derive(Debug)]
struct Busy {
    /// How much, without a pause.
    done: u32,
    /// When their next thing is done at the earliest.
    until: Instant,
}

impl TurnPace {
    /// Something of a person was done, which took so long.
    pub fn done(&mut self, by: PersonKey, took: Duration, now: Instant) {
        self.busy.retain(|_, busy| now < busy.until + ANEW);
        let busy = self.busy.entry(by).or_insert(Busy {
            done: 0,
            until: now,
        });
        busy.done = busy.done.saturating_add(1);
        let rest = match busy.done {
            ..AT_ONCE => Duration::ZERO,
            AT_ONCE.. => took.saturating_mul(REST).clamp(LEAST, ANEW),
        };
        busy.until = now + rest;
    }

    /// Whether a person's next thing can be done.
    #[must_use]
    pub fn is_rested(&self, person: &PersonKey, now: Instant) -> bool {
        self.busy.get(person).is_none_or(|busy| busy.until <= now)
    }

    /// When the next of those who rest has rested; none where nobody rests.
    #[must_use]
    pub fn rested_at(&self, now: Instant) -> Option<Instant> {
        let resting = self.busy.values().map(|busy| busy.until);
        resting.filter(|until| *until > now).min()
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use proptest::prelude::*;

    use super::*;

    fn person(name: &str) -> PersonKey {
        PersonKey(name.to_owned())
    }

    fn place(name: &str) -> PlaceKey {
        PlaceKey(name.to_owned())
    }

    fn said(id: &str, by: &str, about: Option<&str>) -> Waiting {
        let key = |id: &str| MessageKey(id.to_owned());
        Waiting {
            id: Some(key(id)),
            by: person(by),
            about: about.map(key),
        }
    }

    /// Puts these in line, each what it is known by.
    fn line(of: &[(&str, &str, Option<&str>)]) -> PlaceQueue<String> {
        let mut line = PlaceQueue::default();
        for (id, by, about) in of {
            line.push(said(id, by, *about), (*id).to_owned());
        }
        line
    }

    fn all(mut line: PlaceQueue<String>) -> Vec<String> {
        let all: Vec<_> = std::iter::from_fn(|| line.take()).collect();
        assert!(line.is_empty() && line.ids.is_empty() && line.people.is_empty());
        all
    }

    /// Looks once whether it is somebody's turn.
    fn has_turn<F: Future>(waits: std::pin::Pin<&mut F>) -> Option<F::Output> {
        match waits.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        }
    }

    #[test]
    fn who_says_much_holds_up_nobody_else() {
        let order = all(line(&[
            ("a1", "ada", None),
            ("a2", "ada", None),
            ("a3", "ada", None),
            ("b1", "ben", None),
            ("b2", "ben", None),
            ("c1", "cem", None),
        ]));
        assert_eq!(order, ["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    #[test]
    fn who_does_a_lot_rests_in_between_and_others_go_on() {
        let (mut pace, mut now) = (TurnPace::default(), Instant::now());
        let (loud, quiet) = (person("loud"), person("quiet"));
        let took = LEAST;
        for _ in 1..AT_ONCE {
            now += took;
            pace.done(loud.clone(), took, now);
            assert!(pace.is_rested(&loud, now));
        }
        assert_eq!(pace.rested_at(now), None);
        pace.done(loud.clone(), took, now);
        assert!(!pace.is_rested(&loud, now) && pace.is_rested(&quiet, now));
        assert_eq!(pace.rested_at(now), Some(now + took * REST));
        let mut line = line(&[("l1", "loud", None), ("q1", "quiet", None)]);
        let rested = |now| {
            let pace = &pace;
            move |person: &PersonKey| pace.is_rested(person, now)
        };
        assert!(line.has(&loud) && line.has(&quiet));
        assert_eq!(line.take_of(rested(now)).as_deref(), Some("q1"));
        assert!(!line.has(&quiet));
        assert_eq!(line.take_of(rested(now)), None);
        assert_eq!(line.len(), 1);
        now += took * REST;
        assert_eq!(line.take_of(rested(now)).as_deref(), Some("l1"));
        // After a pause nobody rests, and nothing is remembered of anybody.
        now += ANEW;
        pace.done(quiet, took, now);
        assert_eq!(pace.busy.len(), 1);
        pace.done(loud.clone(), took, now);
        assert!(pace.is_rested(&loud, now));
    }

    #[test]
    fn what_is_about_something_that_waits_comes_after_it() {
        let order = all(line(&[
            ("a1", "ada", None),
            ("a2", "ada", None),
            ("vote", "ben", Some("a2")),
            ("unvote", "ben", Some("vote")),
            ("c1", "cem", Some("something of yesterday")),
        ]));
        assert_eq!(order, ["a1", "c1", "a2", "vote", "unvote"]);
    }

    #[test]
    fn a_place_and_a_person_take_no_more_than_their_part() {
        let turns = Turns::new(Width {
            all: 3,
            place: 2,
            person: 1,
        });
        let (room, other) = (place("room"), place("other"));
        let (ada, ben, cem) = (person("ada"), person("ben"), person("cem"));
        let first = has_turn(pin!(turns.turn(&room, &ada))).expect("nobody else is there");
        let mut again = pin!(turns.turn(&other, &ada));
        assert!(has_turn(again.as_mut()).is_none(), "one at a time of each");
        let second = has_turn(pin!(turns.turn(&room, &ben))).expect("the room has two");
        let mut third = pin!(turns.turn(&room, &cem));
        assert!(has_turn(third.as_mut()).is_none(), "the room has two only");
        drop(first);
        let third = has_turn(third.as_mut()).expect("one is done");
        let again = has_turn(again.as_mut()).expect("the other place is free");
        drop((second, third, again));
        assert!(turns.places.used.lock().expect("no panic").is_empty());
        assert!(turns.people.used.lock().expect("no panic").is_empty());
    }

    #[test]
    fn who_gives_up_waiting_leaves_nothing_behind() {
        let turns = Turns::new(Width {
            all: 1,
            place: 1,
            person: 1,
        });
        let first = has_turn(pin!(turns.turn(&place("room"), &person("ada"))));
        {
            let (other, ben) = (place("other"), person("ben"));
            let mut waits = pin!(turns.turn(&other, &ben));
            assert!(has_turn(waits.as_mut()).is_none());
        }
        assert_eq!(turns.people.used.lock().expect("no panic").len(), 1);
        drop(first);
        assert!(turns.people.used.lock().expect("no panic").is_empty());
    }

    proptest! {
        #[test]
        fn a_line_gives_all_each_persons_in_order_and_nothing_before_what_it_is_about(
            pushed in prop::collection::vec((0..4_u8, prop::option::of(0..40_usize)), 0..40)
        ) {
            let mut line = PlaceQueue::default();
            for (at, (by, about)) in pushed.iter().enumerate() {
                let about = about.map(|about| about.to_string());
                let waiting = said(&at.to_string(), &by.to_string(), about.as_deref());
                line.push(waiting, at);
            }
            let given: Vec<usize> = std::iter::from_fn(|| line.take()).collect();
            prop_assert_eq!(given.len(), pushed.len());
            let place = |what: usize| given.iter().position(|given| *given == what);
            for (at, (by, about)) in pushed.iter().enumerate() {
                if let Some(about) = about.filter(|about| *about < at) {
                    prop_assert!(place(about) < place(at));
                }
                for (before, (other, _)) in pushed.iter().enumerate().take(at) {
                    if other == by {
                        prop_assert!(place(before) < place(at));
                    }
                }
            }
        }
    }
}
