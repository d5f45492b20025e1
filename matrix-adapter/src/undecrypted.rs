//! What could not be decrypted yet, and what hangs on it: kept with the forum, heard once its keys come, and answered with a
//! hint if they don't.
//!
//! A room does not wait for it: what others say meanwhile is heard. But what relates to something that waits (its edit, a
//! reaction to it) waits with it, so that it means what it meant when it was said.

use std::collections::HashSet;
use std::time::Duration;

use bot_core::engine::{Fault, Ledger};
use bot_core::platform::{MessageKey, PersonKey, PlaceKey};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use matrix_sdk::Client;
use matrix_sdk::encryption::backups::BackupState;
use matrix_sdk::ruma::UserId;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep_until};

/// How long keys are waited for before a hint is given: with most of them that are late, it is less than a second.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many events are kept, of all rooms. A further one pushes the oldest out.
const MOST: usize = 256;

/// An event that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// Its room.
    pub room: PlaceKey,
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
pub(crate) enum News {
    /// These keys came.
    Keys(HashSet<(PlaceKey, String)>),
    /// Any key may have come.
    Any,
    /// Patience is at an end for some.
    Late,
}

/// What waits, in the order in which it was heard of.
#[derive(Debug, Default)]
struct Waiting(Vec<(Held, Instant)>);

/// What waits, kept with the forum.
pub(crate) struct Undecrypted {
    ledger: Ledger,
    key: String,
    waiting: Waiting,
}

/// How it is kept.
#[derive(Serialize, Deserialize)]
struct Stored {
    room: String,
    event: String,
    by: String,
    session: Option<String>,
    about: Option<String>,
    hint: Hint,
}

impl Undecrypted {
    /// Reads what waited when the process ended.
    pub(crate) async fn open(ledger: Ledger, own: &UserId) -> Result<Self, Fault> {
        let key = format!("undecrypted {own}");
        let stored = ledger.get(&key).await?.unwrap_or_default();
        // What is not read any more is only not retried.
        let stored: Vec<Stored> = serde_json::from_str(&stored).unwrap_or_default();
        let mut waiting = Waiting::default();
        for stored in stored {
            waiting.add(stored.into(), Instant::now());
        }
        Ok(Self {
            ledger,
            key,
            waiting,
        })
    }

    /// The next reason to look at what waits. Nothing is lost where this is given up before it ends.
    pub(crate) async fn next(&self, news: &mut BoxStream<'static, News>) -> News {
        let late = async {
            match self.waiting.late_at() {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(news) = news.next() => news,
            () = late => News::Late,
        }
    }

    /// Adds what can't be heard yet.
    pub(crate) async fn add(&mut self, held: Vec<Held>) -> Result<(), Fault> {
        if held.is_empty() {
            return Ok(());
        }
        for held in held {
            if self.waiting.add(held, Instant::now()) == Room::Full {
                tracing::warn!(
                    most = MOST,
                    "too much can’t be decrypted; the oldest of it is given up"
                );
            }
        }
        self.keep().await
    }

    /// Those that wait in a room.
    pub(crate) fn ids(&self, room: &PlaceKey) -> HashSet<MessageKey> {
        self.of(room).map(|held| held.event.clone()).collect()
    }

    /// The rooms in which something waits.
    pub(crate) fn rooms(&self) -> Vec<PlaceKey> {
        let mut rooms: Vec<PlaceKey> = Vec::new();
        for (held, _) in &self.waiting.0 {
            if !rooms.contains(&held.room) {
                rooms.push(held.room.clone());
            }
        }
        rooms
    }

    /// What waits in a room, in order, with whether the news concern it.
    pub(crate) fn concerned(&self, room: &PlaceKey, news: &News) -> Vec<(Held, bool)> {
        let now = Instant::now();
        let here = self.waiting.0.iter().filter(|(held, _)| held.room == *room);
        here.map(|(held, since)| (held.clone(), concerns(news, held, *since, now)))
            .collect()
    }

    /// Whether somebody was told already of something in this room that waits.
    pub(crate) fn is_told(&self, room: &PlaceKey, person: &PersonKey) -> bool {
        self.of(room)
            .any(|held| held.by == *person && held.hint == Hint::Given)
    }

    /// Notes that a sender is told, to be kept by [`Self::keep`].
    pub(crate) fn told(&mut self, event: &MessageKey) {
        for (held, _) in self.waiting.0.iter_mut() {
            if held.event == *event {
                held.hint = Hint::Given;
            }
        }
    }

    /// Takes one out, to be kept by [`Self::keep`].
    pub(crate) fn done(&mut self, event: &MessageKey) {
        self.waiting.0.retain(|(held, _)| held.event != *event);
    }

    /// Takes a room out, to be kept by [`Self::keep`].
    pub(crate) fn leave(&mut self, room: &PlaceKey) {
        self.waiting.0.retain(|(held, _)| held.room != *room);
    }

    /// Keeps what waits, as it is now.
    pub(crate) async fn keep(&self) -> Result<(), Fault> {
        let stored = self.waiting.0.iter().map(|(held, _)| Stored::from(held));
        let stored: Vec<Stored> = stored.collect();
        let text = serde_json::to_string(&stored).unwrap_or_default();
        self.ledger.set(&self.key, &text).await
    }

    fn of(&self, room: &PlaceKey) -> impl Iterator<Item = &Held> {
        let held = self.waiting.0.iter().map(|(held, _)| held);
        held.filter(move |held| held.room == *room)
    }
}

/// Whether there was room for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Free,
    Full,
}

impl Waiting {
    /// Adds one, unless it is there.
    fn add(&mut self, held: Held, now: Instant) -> Room {
        if self.0.iter().any(|(other, _)| other.event == held.event) {
            return Room::Free;
        }
        let room = match self.0.len() < MOST {
            true => Room::Free,
            false => {
                self.0.remove(0);
                Room::Full
            }
        };
        self.0.push((held, now));
        room
    }

    /// When patience is next at an end.
    fn late_at(&self) -> Option<Instant> {
        let due = self.0.iter().filter(|(held, _)| held.hint == Hint::Due);
        due.map(|(_, since)| *since + PATIENCE).min()
    }
}

/// Whether news may have made something readable, or its sender to be told.
fn concerns(news: &News, held: &Held, since: Instant, now: Instant) -> bool {
    match (news, &held.session) {
        (News::Any, _) => true,
        (News::Keys(keys), Some(session)) => keys.contains(&(held.room.clone(), session.clone())),
        (News::Keys(_) | News::Late, None) => false,
        (News::Late, Some(_)) => held.hint == Hint::Due && now >= since + PATIENCE,
    }
}

impl From<Stored> for Held {
    fn from(stored: Stored) -> Self {
        Self {
            room: PlaceKey(stored.room),
            event: MessageKey(stored.event),
            by: PersonKey(stored.by),
            session: stored.session,
            about: stored.about.map(MessageKey),
            hint: stored.hint,
        }
    }
}

impl From<&Held> for Stored {
    fn from(held: &Held) -> Self {
        Self {
            room: held.room.0.clone(),
            event: held.event.0.clone(),
            by: held.by.0.clone(),
            session: held.session.clone(),
            about: held.about.as_ref().map(|about| about.0.clone()),
            hint: held.hint,
        }
    }
}

/// Hears of keys that come: from people's devices, and from the backup once it is open. Begins with a look at all.
pub(crate) async fn news(client: &Client) -> BoxStream<'static, News> {
    let backups = client.encryption().backups().state_stream();
    let backups = backups.filter_map(|state| async move {
        match state {
            Ok(BackupState::Enabled) | Err(_) => Some(News::Any),
            Ok(_) => None,
        }
    });
    let first = stream::iter([News::Any]);
    let Some(keys) = client.encryption().room_keys_received_stream().await else {
        return stream::select(first, backups).boxed();
    };
    let keys = keys.map(|keys| match keys {
        Ok(keys) => {
            let keys = keys.into_iter();
            News::Keys(
                keys.map(|key| (PlaceKey(key.room_id.to_string()), key.session_id))
                    .collect(),
            )
        }
        // There were too many to hear of each.
        Err(_) => News::Any,
    });
    stream::select(stream::select(first, backups), keys).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(event: &str, hint: Hint) -> Held {
        Held {
            room: PlaceKey("!room".to_owned()),
            event: MessageKey(event.to_owned()),
            by: PersonKey("@mira:localhost".to_owned()),
            session: Some(format!("session of {event}")),
            about: None,
            hint,
        }
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
        let concerned = |waiting: &Waiting| -> Vec<String> {
            let late = waiting
                .0
                .iter()
                .filter(|(held, since)| concerns(&News::Late, held, *since, late));
            late.map(|(held, _)| held.event.0.clone()).collect()
        };
        assert_eq!(concerned(&waiting), ["$old"]);
    }

    #[test]
    fn a_key_concerns_what_its_session_holds_in_its_room() {
        let now = Instant::now();
        let key = |room: &str| {
            let key = (PlaceKey(room.to_owned()), "session of $a".to_owned());
            News::Keys(HashSet::from([key]))
        };
        let (one, other) = (held("$a", Hint::Due), held("$b", Hint::Due));
        assert!(concerns(&key("!room"), &one, now, now));
        assert!(!concerns(&key("!room"), &other, now, now));
        assert!(!concerns(&key("!other"), &one, now, now));
        assert!(concerns(&News::Any, &other, now, now));
    }

    #[test]
    fn nothing_waits_twice_and_the_oldest_makes_room() {
        let now = Instant::now();
        let mut waiting = Waiting::default();
        for number in 0..MOST {
            let held = held(&format!("${number}"), Hint::Due);
            assert_eq!(waiting.add(held, now), Room::Free);
        }
        assert_eq!(waiting.add(held("$7", Hint::Due), now), Room::Free);
        assert_eq!(waiting.0.len(), MOST);
        assert_eq!(waiting.add(held("$more", Hint::Due), now), Room::Full);
        assert_eq!(waiting.0.len(), MOST);
        assert!(waiting.0.iter().all(|(held, _)| held.event.0 != "$0"));
    }

    #[test]
    fn what_is_kept_is_what_was() {
        let mut before = held("$edit", Hint::None);
        before.about = Some(MessageKey("$said".to_owned()));
        let text = serde_json::to_string(&[Stored::from(&before)]).expect("JSON");
        let after: Vec<Stored> = serde_json::from_str(&text).expect("it is read");
        assert_eq!(
            after.into_iter().map(Held::from).collect::<Vec<_>>(),
            [before]
        );
    }
}
