//! What a person sees: whole timelines, and waiting for something to show up.
//!
//! Waiting follows `/sync` from the person's own cursor and keeps the rooms that were looked at, so that each step costs only what
//! is new. After a gap the room is read again from its start.

use std::{
    collections::{HashMap, HashSet},
    mem,
    panic::Location,
    sync::{MutexGuard, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{Person, RoomId, Shown, person::room_path, shown, transcript, wire::segment};

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(90);

/// Synapse's most for one page of `/messages`.
const PAGE: usize = 1000;

/// What a person has seen so far.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    since: Option<String>,
    rooms: HashMap<RoomId, Timeline>,
    invites: HashMap<RoomId, Value>,
}

#[derive(Debug, Default)]
struct Timeline {
    events: Vec<Value>,
    known: HashSet<String>,
    /// How many gaps the server has told of so far.
    gaps: u64,
    /// How many of them were already there when the room was last read from its start.
    read: Option<u64>,
}

impl Timeline {
    fn is_whole(&self) -> bool {
        self.read == Some(self.gaps)
    }

    fn add(&mut self, event: Value) {
        let id = event
            .get("event_id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if self.known.insert(id.to_owned()) {
            self.events.push(event);
        }
    }
}

impl Person {
    /// The room's whole timeline from its start, as the server gives it now.
    pub async fn events(&self, room: &RoomId) -> Vec<Value> {
        let mut events = Vec::new();
        let mut from = String::new();
        loop {
            let path = room_path(room, &format!("messages?dir=f&limit={PAGE}{from}"));
            let answer = self.api.get(&path).await;
            let mut page = self.must("reads a room", answer);
            let chunk = page["chunk"].take();
            let Value::Array(chunk) = chunk else {
                return events;
            };
            let is_last = chunk.is_empty();
            events.extend(chunk);
            let Some(end) = page["end"].as_str().filter(|_| !is_last) else {
                return events;
            };
            from = format!("&from={}", segment(end));
        }
    }

    /// The room's messages as a client shows them now.
    pub async fn shown(&self, room: &RoomId) -> Vec<Shown> {
        shown::show(&self.history(room).await)
    }

    /// The room as a readable chat that is the same in each run: a line a message, `name: text`, threads indented below their
    /// root, replies as `sol (to mira)`, notices as `bot (notice)`, then `(edited)` and `[👍 mira, sol]`. Ids become names,
    /// `$event` and `!room`.
    pub async fn transcript(&self, room: &RoomId) -> String {
        transcript::write(&self.history(room).await)
    }

    /// Waits until `look` finds something among the messages shown, at most 30 seconds. It looks at once, and after each news.
    ///
    /// # Panics
    /// When the time is up, with `what` was waited for and the room's transcript.
    #[track_caller]
    pub fn wait_for<T>(
        &self,
        room: &RoomId,
        what: &str,
        mut look: impl FnMut(&[Shown]) -> Option<T>,
    ) -> impl Future<Output = T> {
        let here = Location::caller();
        async move {
            self.wait(room, what, here, |events| look(&shown::show(events)))
                .await
        }
    }

    /// Waits until a message is shown that `is_it`, at most 30 seconds, and gives it.
    ///
    /// # Panics
    /// When the time is up, with `what` was waited for and the room's transcript.
    #[track_caller]
    pub fn wait_message(
        &self,
        room: &RoomId,
        what: &str,
        is_it: impl Fn(&Shown) -> bool,
    ) -> impl Future<Output = Shown> {
        self.wait_for(room, what, move |shown| {
            shown.iter().find(|message| is_it(message)).cloned()
        })
    }

    /// Waits until an event of any type is in the room that `is_it`, at most 30 seconds, and gives it.
    ///
    /// # Panics
    /// When the time is up, with `what` was waited for and the room's transcript.
    #[track_caller]
    pub fn wait_event(
        &self,
        room: &RoomId,
        what: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> impl Future<Output = Value> {
        let here = Location::caller();
        async move {
            self.wait(room, what, here, |events| {
                events.iter().find(|event| is_it(event)).cloned()
            })
            .await
        }
    }

    /// Waits until somebody is in the room, at most 30 seconds.
    ///
    /// # Panics
    /// When the time is up, with the room's transcript.
    #[track_caller]
    pub fn wait_joined(&self, room: &RoomId, who: &str) -> impl Future<Output = ()> {
        let here = Location::caller();
        async move {
            let joined = |events: &[Value]| {
                let about =
                    |event: &&Value| event["type"] == "m.room.member" && event["state_key"] == who;
                let last = events.iter().rev().find(about)?;
                (last["content"]["membership"] == "join").then_some(())
            };
            self.wait(room, &format!("{who} to join"), here, joined)
                .await;
        }
    }

    /// Waits for an invitation by somebody, at most 30 seconds, and gives the room.
    ///
    /// # Panics
    /// When the time is up.
    #[track_caller]
    pub fn wait_invite(&self, by: &str) -> impl Future<Output = RoomId> {
        let here = Location::caller();
        async move {
            let deadline = Instant::now() + PATIENCE;
            let mut patience = Duration::ZERO;
            loop {
                self.sync(patience).await;
                let invites = &self.inbox().invites;
                if let Some((room, _)) = invites
                    .iter()
                    .find(|(_, state)| is_invited(state, &self.user_id, by))
                {
                    return room.clone();
                }
                patience = deadline.saturating_duration_since(Instant::now());
                assert!(
                    !patience.is_zero(),
                    "{here}: {} waited in vain for an invitation by {by}",
                    self.name
                );
            }
        }
    }

    /// How many unread messages of the room would make a client ring, because they mention this person or the whole room.
    pub async fn highlights(&self, room: &RoomId) -> u64 {
        self.unread(room, "highlight_count").await
    }

    /// How many unread messages of the room count as news. A notice never does.
    pub async fn notifications(&self, room: &RoomId) -> u64 {
        self.unread(room, "notification_count").await
    }

    /// The whole timeline; where it does not go back to the room's beginning, as on a server that came later, it follows the
    /// memberships that it lacks.
    async fn history(&self, room: &RoomId) -> Vec<Value> {
        let timeline = self.events(room).await;
        let first = timeline.first();
        if first.is_some_and(|event| event["type"] == "m.room.create") {
            return timeline;
        }
        let mut events = self.members(room).await;
        events.retain(|member| {
            let who = &member["state_key"];
            !timeline
                .iter()
                .any(|event| event["type"] == "m.room.member" && event["state_key"] == *who)
        });
        events.extend(timeline);
        events
    }

    /// Who is or was in the room, once the server knows all of them.
    async fn members(&self, room: &RoomId) -> Vec<Value> {
        let answer = self.api.get(&room_path(room, "members")).await;
        let mut answer = self.must("reads who is in a room", answer);
        match answer["chunk"].take() {
            Value::Array(members) => members,
            _ => Vec::new(),
        }
    }

    async fn unread(&self, room: &RoomId, key: &str) -> u64 {
        // The server remembers answers to equal requests for two minutes: the number makes each one different.
        let number = 1 + self.sent.fetch_add(1, Ordering::Relaxed);
        let none = json!({ "types": [], "limit": number });
        let filter = json!({
            "room": { "rooms": [room], "timeline": { "limit": 1 }, "state": none, "ephemeral": none },
            "presence": none,
            "account_data": none,
        });
        let answer = self
            .api
            .get(&format!(
                "/_matrix/client/v3/sync?filter={}",
                segment(&filter.to_string())
            ))
            .await;
        let answer = self.must("counts unread messages", answer);
        let counts = &answer["rooms"]["join"][room.as_str()]["unread_notifications"];
        let Some(count) = counts[key].as_u64() else {
            panic!("{} is not in {room}", self.name)
        };
        count
    }

    async fn wait<T>(
        &self,
        room: &RoomId,
        what: &str,
        here: &Location<'_>,
        mut look: impl FnMut(&[Value]) -> Option<T>,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut patience = Duration::ZERO;
        loop {
            self.sync(patience).await;
            self.fill(room).await;
            if let Some(found) = look(
                self.inbox()
                    .rooms
                    .get(room)
                    .map_or(&[], |room| &room.events),
            ) {
                return found;
            }
            patience = deadline.saturating_duration_since(Instant::now());
            if patience.is_zero() {
                let seen = self.transcript(room).await;
                panic!(
                    "{here}: {} waited {} s in vain for {what}. The room:\n{seen}",
                    self.name,
                    PATIENCE.as_secs()
                );
            }
        }
    }

    /// Reads the room from its start if it was never looked at, or something of it is missing.
    async fn fill(&self, room: &RoomId) {
        let gaps = {
            let mut inbox = self.inbox();
            let timeline = inbox.rooms.entry(room.clone()).or_default();
            if timeline.is_whole() {
                return;
            }
            timeline.gaps
        };
        let events = self.history(room).await;
        let mut inbox = self.inbox();
        let timeline = inbox.rooms.entry(room.clone()).or_default();
        // Events of a running sync may have come in meanwhile: they are at the end.
        let newer = mem::take(&mut timeline.events);
        timeline.known.clear();
        events
            .into_iter()
            .chain(newer)
            .for_each(|event| timeline.add(event));
        timeline.read = Some(gaps);
    }

    /// Takes in what is new, waiting for it up to `patience`.
    async fn sync(&self, patience: Duration) {
        let since = self.inbox().since.clone();
        let none = json!({ "types": [] });
        let filter = json!({
            "room": { "timeline": { "limit": 100 }, "state": { "lazy_load_members": true }, "ephemeral": none },
            "presence": none,
            "account_data": none,
        });
        let mut path = format!(
            "/_matrix/client/v3/sync?filter={}",
            segment(&filter.to_string())
        );
        if let Some(since) = &since {
            path.push_str(&format!(
                "&since={}&timeout={}",
                segment(since),
                patience.as_millis()
            ));
        }
        let answer = self.api.get(&path).await;
        let answer = self.must("waits for news", answer);
        self.inbox().take_in(answer);
    }

    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox {
    fn take_in(&mut self, mut answer: Value) {
        for kind in ["join", "leave"] {
            let Value::Object(rooms) = answer["rooms"][kind].take() else {
                continue;
            };
            for (room, mut news) in rooms {
                let room = RoomId::from(room);
                self.invites.remove(&room);
                let Some(timeline) = self.rooms.get_mut(&room) else {
                    continue;
                };
                timeline.gaps += u64::from(news["timeline"]["limited"] == true);
                let Value::Array(events) = news["timeline"]["events"].take() else {
                    continue;
                };
                events.into_iter().for_each(|event| timeline.add(event));
            }
        }
        if let Value::Object(rooms) = answer["rooms"]["invite"].take() {
            self.invites.extend(
                rooms
                    .into_iter()
                    .map(|(room, state)| (RoomId::from(room), state)),
            );
        }
        self.since = answer["next_batch"].as_str().map(str::to_owned);
    }
}

fn is_invited(invite: &Value, who: &str, by: &str) -> bool {
    let events = invite["invite_state"]["events"].as_array();
    events.is_some_and(|events| {
        events
            .iter()
            .any(|event| event["state_key"] == who && event["sender"] == by)
    })
}
