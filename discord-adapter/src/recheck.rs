//! Which messages' reactions are to be read again, and when. Events of reactions come late, twice or not at all, and have no
//! numbers to tell: a while after the last of them what hangs on the message is read, and that is the truth. Channels take turns,
//! and of each one message is read at a time.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bot_core::platform::MessageKey;
use serenity::model::id::ChannelId;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::names;

/// How many channels' messages are read at the same time.
const AT_ONCE: usize = 4;
/// How many messages can be waiting to be read at once, and how many to be quiet for long enough. What does not fit is found by
/// reading the recent ones.
const SOON: usize = 2_000;
const LATER: usize = 10_000;

/// The messages that are to be read again; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Rechecks {
    again: Arc<Mutex<RecheckQueue>>,
    /// That there is something new to look at.
    changed: Arc<Notify>,
}

/// What is to be read now.
#[derive(Debug)]
pub(crate) enum DueRecheck {
    /// A message.
    Message(Recheck),
    /// The recent ones, since some were left out.
    Recent,
}

/// A message that is read; until this is dropped, no other of its channel is.
#[derive(Debug)]
pub(crate) struct Recheck {
    /// It.
    pub(crate) message: MessageKey,
    /// Its channel.
    pub(crate) channel: ChannelId,
    rechecks: Rechecks,
}

impl Rechecks {
    /// Nothing yet; messages are read when they have been quiet for so long.
    pub(crate) fn after(quiet: Duration) -> Self {
        Self {
            again: Arc::new(Mutex::new(RecheckQueue::after(quiet))),
            changed: Arc::default(),
        }
    }

    /// These are to be read as soon as possible, in this order.
    pub(crate) fn soon(&self, messages: Vec<MessageKey>) {
        self.lock().soon(messages, Instant::now());
        self.changed.notify_one();
    }

    /// The reactions of a message changed just now, or could not be read.
    pub(crate) fn later(&self, message: MessageKey) {
        self.lock().later(message, Instant::now());
        self.changed.notify_one();
    }

    /// Something happened to nobody knows which messages: the recent ones are to be read a while later.
    pub(crate) fn missed(&self) {
        self.lock().missed(Instant::now());
        self.changed.notify_one();
    }

    /// Waits until something is to be read. May be given up and begun anew.
    pub(crate) async fn next(&self) -> DueRecheck {
        loop {
            let wake = {
                let mut again = self.lock();
                match again.take(Instant::now()) {
                    Some(NextRecheck::Message(channel, message)) => {
                        return DueRecheck::Message(Recheck {
                            message,
                            channel,
                            rechecks: self.clone(),
                        });
                    }
                    Some(NextRecheck::Recent) => return DueRecheck::Recent,
                    None => again.wake(),
                }
            };
            let due = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.changed.notified() => {}
                () = due => {}
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, RecheckQueue> {
        self.again.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Recheck {
    fn drop(&mut self) {
        self.rechecks.lock().reading.remove(&self.channel);
        self.rechecks.changed.notify_one();
    }
}

/// The messages that are to be read again. Pure.
#[derive(Debug)]
struct RecheckQueue {
    /// How long a message has to be quiet.
    quiet: Duration,
    /// At once, as far as there is time: each channel's, in this order.
    soon: HashMap<ChannelId, VecDeque<MessageKey>>,
    /// Those channels, the one whose turn it is first.
    turns: VecDeque<ChannelId>,
    /// All that are in `soon`.
    listed: HashSet<MessageKey>,
    /// When each may have been quiet for long enough, the first first.
    later: BTreeSet<(Instant, MessageKey)>,
    /// The same by message.
    latest: HashMap<MessageKey, Instant>,
    /// The channels of which a message is being read.
    reading: HashSet<ChannelId>,
    /// When the recent ones are to be read, since others were left out.
    missed: Option<Instant>,
}

/// What is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
enum NextRecheck {
    Message(ChannelId, MessageKey),
    Recent,
}

impl RecheckQueue {
    fn after(quiet: Duration) -> Self {
        Self {
            quiet,
            soon: HashMap::new(),
            turns: VecDeque::new(),
            listed: HashSet::new(),
            later: BTreeSet::new(),
            latest: HashMap::new(),
            reading: HashSet::new(),
            missed: None,
        }
    }

    fn soon(&mut self, messages: Vec<MessageKey>, now: Instant) {
        for message in messages {
            if self.listed.contains(&message) {
                continue;
            }
            if self.listed.len() >= SOON {
                self.missed(now);
                return;
            }
            self.list(message);
        }
    }

    fn list(&mut self, message: MessageKey) {
        // A name that is no message's names nothing that could be read.
        let Some((channel, _)) = names::parts(&message) else {
            return;
        };
        self.listed.insert(message.clone());
        let own = self.soon.entry(channel).or_default();
        if own.is_empty() {
            self.turns.push_back(channel);
        }
        own.push_back(message);
    }

    fn later(&mut self, message: MessageKey, now: Instant) {
        let at = now + self.quiet;
        match self.latest.get(&message).copied() {
            Some(before) => {
                self.later.remove(&(before, message.clone()));
            }
            None if self.latest.len() >= LATER => return self.missed(now),
            None => {}
        }
        self.latest.insert(message.clone(), at);
        self.later.insert((at, message));
    }

    fn missed(&mut self, now: Instant) {
        self.missed.get_or_insert(now + self.quiet);
    }

    /// What is to be read now.
    fn take(&mut self, now: Instant) -> Option<NextRecheck> {
        while self.listed.len() < SOON
            && let Some((at, _)) = self.later.first()
            && *at <= now
            && let Some((_, message)) = self.later.pop_first()
        {
            self.latest.remove(&message);
            if !self.listed.contains(&message) {
                self.list(message);
            }
        }
        if self.reading.len() >= AT_ONCE {
            return None;
        }
        for _ in 0..self.turns.len() {
            let channel = self.turns.pop_front()?;
            if self.reading.contains(&channel) {
                self.turns.push_back(channel);
                continue;
            }
            let own = self.soon.get_mut(&channel)?;
            let message = own.pop_front()?;
            if own.is_empty() {
                self.soon.remove(&channel);
            } else {
                self.turns.push_back(channel);
            }
            self.listed.remove(&message);
            self.reading.insert(channel);
            return Some(NextRecheck::Message(channel, message));
        }
        if self.listed.is_empty() && self.missed.is_some_and(|at| at <= now) {
            self.missed = None;
            return Some(NextRecheck::Recent);
        }
        None
    }

    /// When there may be something to be read, if nothing changes before.
    fn wake(&self) -> Option<Instant> {
        let later = self.later.first().map(|(at, _)| *at);
        let later = later.filter(|_| self.listed.len() < SOON);
        let missed = self.missed.filter(|_| self.listed.is_empty());
        later.into_iter().chain(missed).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(channel: u64, message: usize) -> MessageKey {
        MessageKey(format!("{channel}/{message}"))
    }

    fn taken(channel: u64, number: usize) -> Option<NextRecheck> {
        let message = message(channel, number);
        Some(NextRecheck::Message(ChannelId::new(channel), message))
    }

    /// What is to be read now, which is read at once.
    fn read(again: &mut RecheckQueue, now: Instant) -> Option<NextRecheck> {
        let taken = again.take(now);
        again.reading.clear();
        taken
    }

    #[test]
    fn a_message_is_read_when_it_has_been_quiet() {
        let begin = Instant::now();
        let second = |seconds| begin + Duration::from_secs(seconds);
        let mut again = RecheckQueue::after(Duration::from_secs(30));
        assert_eq!((again.take(begin), again.wake()), (None, None));
        again.later(message(1, 1), begin);
        again.later(message(1, 2), second(20));
        again.later(message(1, 1), second(20));
        assert_eq!(again.take(second(30)), None, "it was not quiet");
        assert_eq!(again.wake(), Some(second(50)));
        again.soon(vec![message(1, 3), message(1, 3)], second(30));
        assert_eq!(read(&mut again, second(30)), taken(1, 3));
        assert_eq!(read(&mut again, second(49)), None);
        assert_eq!(read(&mut again, second(50)), taken(1, 1));
        assert_eq!(read(&mut again, second(50)), taken(1, 2));
        assert_eq!((again.take(second(50)), again.wake()), (None, None));
    }

    #[test]
    fn channels_take_turns_and_one_message_of_each_is_read_at_a_time() {
        let now = Instant::now();
        let mut again = RecheckQueue::after(Duration::ZERO);
        again.soon((1..=1_000).map(|number| message(1, number)).collect(), now);
        again.soon(vec![message(2, 1), message(2, 2), message(3, 1)], now);
        assert_eq!(again.take(now), taken(1, 1));
        assert_eq!(again.take(now), taken(2, 1));
        assert_eq!(again.take(now), taken(3, 1));
        assert_eq!(again.take(now), None, "one of each is being read");
        again.reading.remove(&ChannelId::new(2));
        assert_eq!(again.take(now), taken(2, 2));
        again.soon((4..10).map(|channel| message(channel, 1)).collect(), now);
        assert_eq!(again.take(now), taken(4, 1));
        assert_eq!(again.take(now), None, "no more at once");
    }

    #[test]
    fn what_does_not_fit_is_left_to_reading_the_recent_ones() {
        let begin = Instant::now();
        let end = begin + Duration::from_secs(60);
        let mut again = RecheckQueue::after(Duration::from_secs(30));
        for round in 0..3 {
            for number in 1..=LATER + 5 {
                again.later(message(1, number), begin + Duration::from_secs(round));
            }
        }
        assert_eq!((again.later.len(), again.latest.len()), (LATER, LATER));
        again.soon(
            (1..=SOON + 5).map(|number| message(2, number)).collect(),
            begin,
        );
        assert_eq!(again.listed.len(), SOON);
        let mut count = 0;
        while let Some(NextRecheck::Message(..)) = again.take(end) {
            assert!(again.listed.len() <= SOON);
            again.reading.clear();
            count += 1;
        }
        assert_eq!(count, LATER + SOON);
        assert_eq!((again.take(end), again.wake()), (None, None));
    }

    #[tokio::test]
    async fn a_message_is_read_no_second_time_until_the_first_is_done() {
        let rechecks = Rechecks::after(Duration::from_secs(30));
        rechecks.soon(vec![message(1, 1), message(1, 2)]);
        let DueRecheck::Message(first) = rechecks.next().await else {
            panic!("a message");
        };
        let next = rechecks.next();
        tokio::pin!(next);
        tokio::select! {
            biased;
            _ = &mut next => panic!("the first is still being read"),
            () = std::future::ready(()) => {}
        }
        drop(first);
        let DueRecheck::Message(second) = next.await else {
            panic!("a message");
        };
        assert_eq!(second.message, message(1, 2));
    }
}
