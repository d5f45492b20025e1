//! What could not be decrypted yet, and what hangs on it: kept with the forum, heard once its keys come, and answered with a
//! hint if they don't.
//!
//! A room does not wait for it: what others say meanwhile is heard. But what relates to something that waits (its edit, a
//! reaction to it) waits with it, so that it means what it meant when it was said. Each event is a value of its own in the ledger.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bot_core::engine::{Fault, Ledger};
use bot_core::platform::{MessageKey, PersonKey, PlaceKey};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use matrix_sdk::Client;
use matrix_sdk::encryption::backups::BackupState;
use matrix_sdk::ruma::UserId;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// How long keys are waited for before a hint is given: with most of them that are late, it is less than a second.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many events are kept of one person in a room, and of a room. A further one pushes out the oldest of whoever has most there.
const OF_A_PERSON: usize = 32;
const OF_A_ROOM: usize = 256;

/// An event that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// The event.
    pub event: MessageKey,
    /// Who sent it.
    pub by: PersonKey,
    /// The session by whose key it can be read; none where it can be read already.
    pub session: Option<String>,
    /// The event that it relates to, if it means nothing without that one.
    pub about: Option<MessageKey>,
    /// Whether its sender is told.
    pub hint: Hint,
}

/// Whether a sender is told that the bot can't read something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Hint {
    /// Not yet.
    Due,
    /// They are.
    Given,
    /// There is nothing to tell.
    None,
}

/// Why to look at what waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wakeup {
    /// These keys came, of these rooms.
    Keys(HashMap<PlaceKey, HashSet<String>>),
    /// Any key may have come.
    Any,
}

/// Why to look at what waits in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RetryReason {
    /// The keys of these sessions came.
    Keys(HashSet<String>),
    /// Any key may have come.
    Any,
    /// Patience is at an end for some.
    Late,
}

/// What waits in a room, in the order in which it was heard of; kept with the forum.
pub(crate) struct Undecrypted {
    ledger: Ledger,
    /// What its keys in the ledger begin with.
    begin: String,
    waiting: Waiting,
    /// What is to be kept, or not any more.
    changes: Vec<(String, Option<String>)>,
}

/// What waits, by the number that it has in the room.
#[derive(Debug, Default)]
struct Waiting {
    all: Vec<Waits>,
    /// The number of the next. None is given twice: what is dealt with goes from the ledger a little later.
    next: u64,
}

#[derive(Debug)]
struct Waits {
    number: u64,
    held: Held,
    since: Instant,
}

/// How an event is kept.
#[derive(Serialize, Deserialize)]
struct Stored {
    room: String,
    event: String,
    by: String,
    session: Option<String>,
    about: Option<String>,
    hint: Hint,
}

/// What all keys in the ledger begin with.
fn begin(own: &UserId) -> String {
    format!("undecrypted {own} ")
}

/// Reads what waited when the process ended, by room.
pub(crate) async fn kept(
    ledger: &Ledger,
    own: &UserId,
) -> Result<HashMap<PlaceKey, Undecrypted>, Fault> {
    split_up(ledger, own).await?;
    let mut rooms = HashMap::new();
    for (key, value) in ledger.list(&begin(own)).await? {
        let number = key
            .rsplit(' ')
            .next()
            .and_then(|number| number.parse().ok());
        let stored = serde_json::from_str::<Stored>(&value);
        let (Some(number), Ok(stored)) = (number, stored) else {
            // What is not read any more is only not retried.
            ledger.change(vec![(key, None)]).await?;
            continue;
        };
        let room = PlaceKey(stored.room.clone());
        let waits = Waits {
            number,
            held: stored.into(),
            since: Instant::now(),
        };
        rooms
            .entry(room.clone())
            .or_insert_with(|| Undecrypted::new(ledger.clone(), own, &room))
            .waiting
            .push(waits);
    }
    Ok(rooms)
}

/// Older versions kept all in one value.
async fn split_up(ledger: &Ledger, own: &UserId) -> Result<(), Fault> {
    let key = format!("undecrypted {own}");
    let Some(value) = ledger.get(&key).await? else {
        return Ok(());
    };
    let stored: Vec<Stored> = serde_json::from_str(&value).unwrap_or_default();
    let mut changes = vec![(key, None)];
    for (number, stored) in stored.into_iter().enumerate() {
        let key = numbered(&within(own, &stored.room), number as u64);
        changes.push((key, serde_json::to_string(&stored).ok()));
    }
    ledger.change(changes).await
}

/// What the keys of a room begin with.
fn within(own: &UserId, room: &str) -> String {
    format!("{}{room} ", begin(own))
}

/// The key of an event with a number: in the order of those.
fn numbered(begin: &str, number: u64) -> String {
    format!("{begin}{number:020}")
}

impl Undecrypted {
    /// Nothing waits in this room yet.
    pub(crate) fn new(ledger: Ledger, own: &UserId, room: &PlaceKey) -> Self {
        Self {
            ledger,
            begin: within(own, &room.0),
            waiting: Waiting::default(),
            changes: Vec::new(),
        }
    }

    /// Adds what can't be heard yet, to be kept by [`Self::keep`].
    pub(crate) fn add(&mut self, room: &PlaceKey, held: Held) {
        let value = serde_json::to_string(&Stored::new(room, &held)).ok();
        let (number, given_up) = self.waiting.add(held, Instant::now());
        if let Some(number) = number {
            self.changes.push((numbered(&self.begin, number), value));
        }
        if let Some(given_up) = given_up {
            tracing::warn!(%room, by = %given_up.held.by, "too much can’t be decrypted; the oldest of it is given up");
            self.changes
                .push((numbered(&self.begin, given_up.number), None));
        }
    }

    /// Whether this event waits.
    pub(crate) fn has(&self, event: &MessageKey) -> bool {
        self.waiting
            .all
            .iter()
            .any(|waits| waits.held.event == *event)
    }

    /// Whether a change of this message by this person waits for its key.
    pub(crate) fn has_change(&self, message: &MessageKey, by: &PersonKey) -> bool {
        let mut held = self.waiting.all.iter().map(|waits| &waits.held);
        held.any(|held| {
            held.session.is_some() && held.about.as_ref() == Some(message) && held.by == *by
        })
    }

    /// When patience is next at an end.
    pub(crate) fn late_at(&self) -> Option<Instant> {
        self.waiting.late_at()
    }

    /// What waits, in order, with whether this concerns it.
    pub(crate) fn concerned(&self, why: &RetryReason) -> Vec<(Held, bool)> {
        let now = Instant::now();
        let waiting = self.waiting.all.iter();
        waiting
            .map(|waits| (waits.held.clone(), waits.is_concerned(why, now)))
            .collect()
    }

    /// Whether somebody was told already of something here that waits.
    pub(crate) fn is_told(&self, person: &PersonKey) -> bool {
        let mut held = self.waiting.all.iter().map(|waits| &waits.held);
        held.any(|held| held.by == *person && held.hint == Hint::Given)
    }

    /// Notes that a sender is told, to be kept by [`Self::keep`].
    pub(crate) fn told(&mut self, room: &PlaceKey, event: &MessageKey) {
        for waits in &mut self.waiting.all {
            if waits.held.event == *event {
                waits.held.hint = Hint::Given;
                let value = serde_json::to_string(&Stored::new(room, &waits.held)).ok();
                self.changes
                    .push((numbered(&self.begin, waits.number), value));
            }
        }
    }

    /// Takes one out. Gives the key that it has in the ledger, to be taken out of there once it is dealt with.
    pub(crate) fn take(&mut self, event: &MessageKey) -> Option<String> {
        let waiting = &mut self.waiting.all;
        let at = waiting
            .iter()
            .position(|waits| waits.held.event == *event)?;
        Some(numbered(&self.begin, waiting.remove(at).number))
    }

    /// The changes of a message that waited longer than this one of the same person, which says what the message says by now: none of them
    /// is to undo it when its key comes. They are taken out, to be kept by [`Self::keep`].
    pub(crate) fn overtake(&mut self, message: &MessageKey, by: &PersonKey, change: &MessageKey) {
        for waits in self.waiting.overtake(message, by, change) {
            self.changes
                .push((numbered(&self.begin, waits.number), None));
        }
    }

    /// Takes all out, to be kept by [`Self::keep`].
    pub(crate) fn leave(&mut self) {
        for waits in self.waiting.all.drain(..) {
            self.changes
                .push((numbered(&self.begin, waits.number), None));
        }
    }

    /// Keeps what has changed.
    pub(crate) async fn keep(&mut self) -> Result<(), Fault> {
        self.ledger.change(std::mem::take(&mut self.changes)).await
    }
}

impl Waiting {
    /// Adds one that has a number; the next ones have later numbers.
    fn push(&mut self, waits: Waits) {
        self.next = self.next.max(waits.number + 1);
        self.all.push(waits);
    }

    /// Adds one, unless it is there. Gives its number, and what is given up for it.
    fn add(&mut self, held: Held, now: Instant) -> (Option<u64>, Option<Waits>) {
        if self.all.iter().any(|waits| waits.held.event == held.event) {
            return (None, None);
        }
        let given_up = self.too_much(&held.by).map(|at| self.all.remove(at));
        let number = self.next;
        self.push(Waits {
            number,
            held,
            since: now,
        });
        (Some(number), given_up)
    }

    /// Takes out what this change overtakes: all changes of the message by this person that are before it, or all where it did not wait.
    fn overtake(
        &mut self,
        message: &MessageKey,
        by: &PersonKey,
        change: &MessageKey,
    ) -> Vec<Waits> {
        let at = self
            .all
            .iter()
            .position(|waits| waits.held.event == *change);
        let (mut before, mut rest) = (std::mem::take(&mut self.all), Vec::new());
        if let Some(at) = at {
            rest = before.split_off(at);
        }
        let (overtaken, kept): (Vec<_>, Vec<_>) = before.into_iter().partition(|waits| {
            let held = &waits.held;
            held.session.is_some() && held.about.as_ref() == Some(message) && held.by == *by
        });
        self.all = kept;
        self.all.append(&mut rest);
        overtaken
    }

    /// The place of what makes room for one more of this person, where that is needed.
    fn too_much(&self, by: &PersonKey) -> Option<usize> {
        let mut many: HashMap<&PersonKey, usize> = HashMap::new();
        for waits in &self.all {
            *many.entry(&waits.held.by).or_default() += 1;
        }
        let whose = if many.get(by).is_some_and(|own| *own >= OF_A_PERSON) {
            by
        } else if self.all.len() >= OF_A_ROOM {
            let most = many.iter().max_by_key(|(person, many)| (**many, *person))?;
            most.0
        } else {
            return None;
        };
        self.all.iter().position(|waits| waits.held.by == *whose)
    }

    fn late_at(&self) -> Option<Instant> {
        let due = self.all.iter().filter(|waits| waits.held.hint == Hint::Due);
        due.map(|waits| waits.since + PATIENCE).min()
    }
}

impl Waits {
    /// Whether it may have become readable, or its sender is to be told.
    fn is_concerned(&self, why: &RetryReason, now: Instant) -> bool {
        match (why, &self.held.session) {
            (RetryReason::Any, _) => true,
            (RetryReason::Keys(keys), Some(session)) => keys.contains(session),
            (RetryReason::Keys(_) | RetryReason::Late, None) => false,
            (RetryReason::Late, Some(_)) => {
                self.held.hint == Hint::Due && now >= self.since + PATIENCE
            }
        }
    }
}

impl From<Stored> for Held {
    fn from(stored: Stored) -> Self {
        Self {
            event: MessageKey(stored.event),
            by: PersonKey(stored.by),
            session: stored.session,
            about: stored.about.map(MessageKey),
            hint: stored.hint,
        }
    }
}

impl Stored {
    fn new(room: &PlaceKey, held: &Held) -> Self {
        Self {
            room: room.0.clone(),
            event: held.event.0.clone(),
            by: held.by.0.clone(),
            session: held.session.clone(),
            about: held.about.as_ref().map(|about| about.0.clone()),
            hint: held.hint,
        }
    }
}

/// Hears of keys that come: from people's devices, and from the backup once it is open. Begins with a look at all.
pub(crate) async fn news(client: &Client) -> BoxStream<'static, Wakeup> {
    let backups = client.encryption().backups().state_stream();
    let backups = backups.filter_map(|state| async move {
        match state {
            Ok(BackupState::Enabled) | Err(_) => Some(Wakeup::Any),
            Ok(_) => None,
        }
    });
    let first = stream::iter([Wakeup::Any]);
    let Some(keys) = client.encryption().room_keys_received_stream().await else {
        return stream::select(first, backups).boxed();
    };
    let keys = keys.map(|keys| match keys {
        Ok(keys) => {
            let mut rooms: HashMap<_, HashSet<_>> = HashMap::new();
            for key in keys {
                let room = PlaceKey(key.room_id.to_string());
                rooms.entry(room).or_default().insert(key.session_id);
            }
            Wakeup::Keys(rooms)
        }
        // There were too many to hear of each.
        Err(_) => Wakeup::Any,
    });
    stream::select(stream::select(first, backups), keys).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> PersonKey {
        PersonKey(format!("@{name}:localhost"))
    }

    fn held(event: &str, hint: Hint) -> Held {
        Held {
            event: MessageKey(event.to_owned()),
            by: person("mira"),
            session: Some(format!("session of {event}")),
            about: None,
            hint,
        }
    }

    #[test]
    fn numbers_go_on_after_a_restart() {
        let mut waiting = Waiting::default();
        waiting.push(Waits {
            number: 7,
            held: held("$a", Hint::None),
            since: Instant::now(),
        });
        let (number, given_up) = waiting.add(held("$b", Hint::None), Instant::now());
        assert_eq!((number, given_up.is_none()), (Some(8), true));
    }

    fn names(waiting: &Waiting) -> Vec<&str> {
        let held = waiting.all.iter().map(|waits| &waits.held);
        held.map(|held| held.event.0.as_str()).collect()
    }

    #[test]
    fn patience_ends_for_those_whose_senders_are_not_told_yet() {
        let now = Instant::now();
        let mut waiting = Waiting::default();
        assert_eq!(waiting.late_at(), None);
        for (event, hint, age) in [
            ("$told", Hint::Given, 3),
            ("$none", Hint::None, 2),
            ("$old", Hint::Due, 1),
            ("$new", Hint::Due, 0),
        ] {
            waiting.add(held(event, hint), now + PATIENCE - Duration::from_secs(age));
        }
        let late = waiting.late_at().expect("somebody is to be told");
        assert_eq!(late, now + 2 * PATIENCE - Duration::from_secs(1));
        let concerned = waiting
            .all
            .iter()
            .filter(|waits| waits.is_concerned(&RetryReason::Late, late));
        let concerned: Vec<_> = concerned.map(|waits| waits.held.event.0.as_str()).collect();
        assert_eq!(concerned, ["$old"]);
    }

    #[test]
    fn a_key_concerns_what_its_session_holds() {
        let now = Instant::now();
        let key = RetryReason::Keys(HashSet::from(["session of $a".to_owned()]));
        let mut waiting = Waiting::default();
        for event in ["$a", "$b"] {
            waiting.add(held(event, Hint::Due), now);
        }
        let concerned = |why: &RetryReason| -> Vec<bool> {
            let waiting = waiting.all.iter();
            waiting.map(|waits| waits.is_concerned(why, now)).collect()
        };
        assert_eq!(concerned(&key), [true, false]);
        assert_eq!(concerned(&RetryReason::Any), [true, true]);
    }

    #[test]
    fn nothing_waits_twice_and_who_sends_much_pushes_out_their_own() {
        let now = Instant::now();
        let mut waiting = Waiting::default();
        let sol = Held {
            by: person("sol"),
            ..held("$sol", Hint::Due)
        };
        waiting.add(sol, now);
        for number in 0..OF_A_PERSON + 5 {
            waiting.add(held(&format!("${number}"), Hint::Due), now);
            waiting.add(held(&format!("${number}"), Hint::Due), now);
        }
        assert_eq!(waiting.all.len(), OF_A_PERSON + 1);
        assert_eq!(names(&waiting)[..2], ["$sol", "$5"]);
    }

    #[test]
    fn in_a_full_room_whoever_has_most_makes_room() {
        let now = Instant::now();
        let mut waiting = Waiting::default();
        let quiet = Held {
            by: person("quiet"),
            ..held("$quiet", Hint::Due)
        };
        waiting.add(quiet, now);
        for number in 0..OF_A_ROOM * 2 {
            let who = number % 20;
            let by = person(&format!("loud{who}"));
            let event = format!("${number}");
            waiting.add(
                Held {
                    by,
                    ..held(&event, Hint::Due)
                },
                now,
            );
        }
        assert_eq!(waiting.all.len(), OF_A_ROOM);
        assert_eq!(names(&waiting).first(), Some(&"$quiet"));
    }

    #[test]
    fn a_later_change_of_a_message_overtakes_the_same_persons_that_wait_for_their_keys() {
        let now = Instant::now();
        let said = MessageKey("$said".to_owned());
        let change = |event: &str, of: &str| Held {
            about: Some(MessageKey(of.to_owned())),
            ..held(event, Hint::None)
        };
        let reaction = Held {
            session: None,
            ..change("$reaction", "$said")
        };
        let of_sol = Held {
            by: person("sol"),
            ..change("$sols", "$said")
        };
        let mut waiting = Waiting::default();
        for held in [
            held("$said", Hint::Due),
            change("$first", "$said"),
            change("$other", "$else"),
            reaction,
            of_sol,
            change("$second", "$said"),
        ] {
            waiting.add(held, now);
        }
        let by = person("mira");
        let mut overtakes = |change: &str| -> Vec<String> {
            let change = MessageKey(change.to_owned());
            let overtaken = waiting.overtake(&said, &by, &change);
            overtaken.into_iter().map(|w| w.held.event.0).collect()
        };
        assert_eq!(overtakes("$first"), [""; 0]);
        assert_eq!(overtakes("$second"), ["$first"]);
        assert_eq!(overtakes("$just said"), ["$second"]);
        assert_eq!(names(&waiting), ["$said", "$other", "$reaction", "$sols"]);
    }

    #[test]
    fn what_is_kept_is_what_was() {
        let mut before = held("$edit", Hint::None);
        before.about = Some(MessageKey("$said".to_owned()));
        let room = PlaceKey("!room".to_owned());
        let text = serde_json::to_string(&Stored::new(&room, &before)).expect("JSON");
        let after: Stored = serde_json::from_str(&text).expect("it is read");
        assert_eq!(Held::from(after), before);
    }
}
