//! Lanes: what happens in different channels is done side by side, and what happens in one is done one by one. The people of a
//! channel take turns. A lane is there as long as something waits in it. Pure.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bot_core::platform::{MessageKey, PersonKey};
use bot_core::turns::{PlaceQueue, Waiting};
use serenity::model::id::{ChannelId, GuildId};
use tokio::sync::watch;

use crate::admission::{Admission, Admitted};

/// How much waits at most in all lanes together, in messages that it is about: what does not fit is found by comparing.
const ROOM: usize = 50_000;

/// What is done one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LaneKey {
    /// What happens in a channel or thread.
    Channel(ChannelId),
    /// What happens to a server.
    Server(GuildId),
}

/// How something waits in its lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LanePosition {
    /// Whose it is.
    pub(crate) by: PersonKey,
    /// The message that it tells of, if it is one that is there now.
    pub(crate) id: Option<MessageKey>,
    /// What it is about.
    pub(crate) about: About,
}

/// What something is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// No message.
    Nothing,
    /// A message: it comes after what tells that this is there.
    Message(MessageKey),
    /// Messages that are gone: it comes after all that is about them.
    Gone(Vec<MessageKey>),
    /// The whole channel is gone: it comes after all.
    All,
}

/// The lanes in which something waits.
#[derive(Debug)]
pub(crate) struct Lanes<T> {
    admission: Admission<LaneKey>,
    lanes: Mutex<HashMap<LaneKey, Lane<T>>>,
}

#[derive(Debug)]
struct Lane<T> {
    queue: Queue<(T, Admitted<LaneKey>)>,
    /// How much was put into it.
    told: u64,
    /// How much of that is done.
    done: watch::Sender<u64>,
    /// Whether what was given last is being done.
    busy: bool,
}

/// What came of putting something into a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put<T> {
    /// The lane is new: somebody has to take from it.
    Begins,
    /// Somebody takes from it already.
    Waits,
    /// There is no room for it.
    Refused(T),
}

/// What waited in some lanes at a moment.
#[derive(Debug)]
pub(crate) struct Pending(Vec<(watch::Receiver<u64>, u64)>);

impl Pending {
    /// Waits until that is done.
    pub(crate) async fn done(mut self) {
        for (done, told) in &mut self.0 {
            // An error means that the lane is empty.
            drop(done.wait_for(|done| *done >= *told).await);
        }
    }
}

impl<T> Lanes<T> {
    /// No lane yet.
    pub(crate) fn new() -> Self {
        Self {
            admission: Admission::new(ROOM),
            lanes: Mutex::default(),
        }
    }

    /// Puts something into a lane.
    pub(crate) fn put(&self, key: LaneKey, place: LanePosition, what: T) -> Put<T> {
        let weight = match &place.about {
            About::Gone(messages) => messages.len().max(1),
            About::Nothing | About::Message(_) | About::All => 1,
        };
        let Some(admitted) = self.admission.admit(&key, weight) else {
            return Put::Refused(what);
        };
        let mut lanes = self.lock();
        let begins = !lanes.contains_key(&key);
        let lane = lanes.entry(key).or_insert_with(|| Lane {
            queue: Queue::default(),
            told: 0,
            done: watch::Sender::new(0),
            busy: false,
        });
        lane.queue.push(place, (what, admitted));
        lane.told += 1;
        match begins {
            true => Put::Begins,
            false => Put::Waits,
        }
    }

    /// What is to be done next in a lane, which ends where that is nothing. What was given before is done.
    pub(crate) fn next(&self, key: LaneKey) -> Option<T> {
        let mut lanes = self.lock();
        let lane = lanes.get_mut(&key)?;
        if std::mem::take(&mut lane.busy) {
            lane.done.send_modify(|done| *done += 1);
        }
        match lane.queue.next() {
            Some((what, _)) => {
                lane.busy = true;
                Some(what)
            }
            None => {
                lanes.remove(&key);
                None
            }
        }
    }

    /// What waits in these lanes now, or is being done.
    pub(crate) fn pending(&self, keys: impl IntoIterator<Item = LaneKey>) -> Pending {
        let lanes = self.lock();
        let lanes = keys.into_iter().filter_map(|key| lanes.get(&key));
        Pending(
            lanes
                .map(|lane| (lane.done.subscribe(), lane.told))
                .collect(),
        )
    }

    /// The channels that have a lane now.
    pub(crate) fn channels(&self) -> Vec<ChannelId> {
        let lanes = self.lock();
        let channels = lanes.keys().filter_map(|key| match key {
            LaneKey::Channel(channel) => Some(*channel),
            LaneKey::Server(_) => None,
        });
        channels.collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LaneKey, Lane<T>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What waits in one lane.
#[derive(Debug)]
struct Queue<T> {
    line: PlaceQueue<InLine<T>>,
    /// How much is in line that tells of a message or is about it.
    about: HashMap<MessageKey, usize>,
    /// What is about something that is gone, and so waits for what is in line, in order.
    last: VecDeque<(LanePosition, T)>,
}

#[derive(Debug)]
struct InLine<T> {
    /// The messages that it tells of or is about.
    messages: [Option<MessageKey>; 2],
    what: T,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            line: PlaceQueue::default(),
            about: HashMap::new(),
            last: VecDeque::new(),
        }
    }
}

impl<T> Queue<T> {
    fn push(&mut self, place: LanePosition, what: T) {
        let about = match &place.about {
            About::Gone(_) | About::All => {
                self.last.push_back((place, what));
                return;
            }
            About::Message(message) => Some(message.clone()),
            About::Nothing => None,
        };
        let messages = [place.id.clone(), about.clone()];
        for message in messages.iter().flatten() {
            *self.about.entry(message.clone()).or_default() += 1;
        }
        let LanePosition { by, id, .. } = place;
        let waiting = Waiting { id, by, about };
        self.line.push(waiting, InLine { messages, what });
    }

    fn next(&mut self) -> Option<T> {
        while self
            .last
            .front()
            .is_some_and(|(place, _)| self.is_due(place))
            && let Some((LanePosition { by, .. }, what)) = self.last.pop_front()
        {
            let (id, about) = (None, None);
            let messages = [None, None];
            self.line
                .push(Waiting { id, by, about }, InLine { messages, what });
        }
        let InLine { messages, what } = self.line.take()?;
        for message in messages.iter().flatten() {
            if let Some(count) = self.about.get_mut(message) {
                *count -= 1;
                if *count == 0 {
                    self.about.remove(message);
                }
            }
        }
        Some(what)
    }

    /// Whether what is about something that is gone can be done in its turn.
    fn is_due(&self, place: &LanePosition) -> bool {
        match &place.about {
            About::Gone(messages) => !messages.iter().any(|gone| self.about.contains_key(gone)),
            About::All => self.line.is_empty(),
            About::Nothing | About::Message(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: LaneKey = LaneKey::Channel(ChannelId::new(1));
    const THERE: LaneKey = LaneKey::Channel(ChannelId::new(2));

    fn key(name: &str) -> MessageKey {
        MessageKey(name.to_owned())
    }

    fn by(name: &str, about: About) -> LanePosition {
        let by = PersonKey(name.to_owned());
        LanePosition {
            by,
            id: None,
            about,
        }
    }

    fn reacts(name: &str, on: &str) -> LanePosition {
        by(name, About::Message(key(on)))
    }

    fn sent(card: &str) -> LanePosition {
        let place = by("the channel", About::Nothing);
        let id = Some(key(card));
        LanePosition { id, ..place }
    }

    /// All that waits in a lane, in its order.
    fn all(lanes: &Lanes<&'static str>, lane: LaneKey) -> Vec<&'static str> {
        std::iter::from_fn(|| lanes.next(lane)).collect()
    }

    #[test]
    fn the_people_of_a_channel_take_turns_and_a_card_is_there_before_what_is_about_it() {
        let lanes = Lanes::new();
        assert_eq!(lanes.put(HERE, reacts("ada", "1/7"), "ada 1"), Put::Begins);
        assert_eq!(lanes.put(HERE, reacts("ada", "1/7"), "ada 2"), Put::Waits);
        lanes.put(HERE, reacts("ada", "1/7"), "ada 3");
        lanes.put(HERE, sent("1/9"), "the card");
        lanes.put(HERE, reacts("ben", "1/9"), "ben, on the card");
        lanes.put(HERE, reacts("cem", "1/7"), "cem");
        let order = [
            "ada 1",
            "the card",
            "ben, on the card",
            "cem",
            "ada 2",
            "ada 3",
        ];
        assert_eq!(all(&lanes, HERE), order);
        assert_eq!(lanes.put(HERE, reacts("ada", "1/7"), "ada"), Put::Begins);
    }

    #[test]
    fn what_is_gone_goes_after_what_people_did_with_it_before() {
        let lanes = Lanes::new();
        for what in ["ada 1", "ada 2", "ada 3"] {
            lanes.put(HERE, reacts("ada", "1/7"), what);
        }
        lanes.put(HERE, reacts("ben", "1/8"), "ben");
        let gone = |messages: &[&str]| {
            let messages = messages.iter().copied().map(key).collect();
            by("the channel", About::Gone(messages))
        };
        lanes.put(HERE, gone(&["1/8", "1/9"]), "8 and 9 are gone");
        lanes.put(HERE, gone(&["1/7"]), "7 is gone");
        lanes.put(HERE, by("the channel", About::All), "the thread is gone");
        let order = [
            "ada 1",
            "ben",
            "ada 2",
            "8 and 9 are gone",
            "ada 3",
            "7 is gone",
            "the thread is gone",
        ];
        assert_eq!(all(&lanes, HERE), order);
    }

    #[tokio::test]
    async fn who_waits_for_a_lane_waits_for_no_other() {
        let lanes = Lanes::new();
        lanes.put(HERE, reacts("ada", "1/7"), "here");
        lanes.put(THERE, reacts("ada", "2/7"), "there");
        assert_eq!(lanes.next(HERE), Some("here"));
        let pending = lanes.pending([THERE]);
        let here = lanes.pending([HERE]);
        assert_eq!(all(&lanes, THERE), ["there"]);
        pending.done().await;
        let done = here.done();
        tokio::pin!(done);
        tokio::select! {
            biased;
            () = &mut done => panic!("it is being done still"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(lanes.next(HERE), None);
        done.await;
        assert!(lanes.channels().is_empty());
        lanes.pending([HERE, THERE]).done().await;
    }

    #[test]
    fn a_flood_in_one_channel_leaves_room_in_all_others() {
        let lanes = Lanes::new();
        let flood = (0..ROOM).take_while(|_| {
            lanes.put(HERE, reacts("ada", "1/7"), "flood") != Put::Refused("flood")
        });
        assert_eq!(flood.count(), ROOM / 5);
        assert_eq!(lanes.put(THERE, reacts("ben", "2/7"), "ben"), Put::Begins);
        assert_eq!(all(&lanes, HERE).len(), ROOM / 5);
        assert_eq!(lanes.put(HERE, reacts("ada", "1/7"), "ada"), Put::Begins);
    }
}
