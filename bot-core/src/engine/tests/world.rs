//! A room that exists in memory only, the people in it, a clock that tests move and dice that always fall the same.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

use super::super::*;
use crate::card::{Style, plain};
use crate::chance;
use crate::forum::{Role, Timestamp};
use crate::platform::{
    Actor, ChatPlatform, CommonPlace, EditRate, Editing, Incoming, IncomingEvent, MessageKey,
    Naming, Place, PlaceKey, PlaceKind, Posting, Removing, Response, Seclusion, SendError, SendKey,
    Telling, Whose, Writes,
};

/// A clock that tests move.
#[derive(Default)]
pub(super) struct ManualClock(pub(super) AtomicI64);

impl chance::Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The same numbers each time.
pub(super) struct SeededRng(pub(super) u64);

impl SeededRng {
    /// Less than `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        // The low bits repeat too soon.
        usize::try_from(chance::Rng::next(self) >> 33).unwrap_or(0) % sides
    }
}

impl chance::Rng for SeededRng {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0
    }
}

/// A message of the bot in the room.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) key: SendKey,
    pub(super) thread: Option<MessageKey>,
    pub(super) text: String,
    pub(super) edits: u32,
    /// What it said before its edits, which can still be read.
    pub(super) before: Vec<String>,
}

/// A chat with one room.
#[derive(Default)]
pub(super) struct Room {
    /// Which platform it is of; Matrix where nothing else is said.
    platform: Option<Platform>,
    pub(super) messages: Mutex<BTreeMap<String, Message>>,
    pub(super) refuse: Mutex<Option<SendError>>,
    /// How long a card rests after an edit.
    pub(super) rest: Duration,
    /// How often a card was to be taken away.
    pub(super) removals: AtomicUsize,
    /// How many messages there were, gone ones too.
    posted: AtomicUsize,
    /// The people's messages that were taken away.
    pub(super) taken: Mutex<Vec<MessageKey>>,
    /// Whether the bot may not take people's messages away.
    pub(super) powerless: AtomicBool,
    /// What was told to people alone.
    pub(super) told: Mutex<Vec<String>>,
    /// Tells that something was posted, edited or taken away.
    news: Notify,
}

impl Room {
    fn trouble(&self) -> Result<(), SendError> {
        self.refuse
            .lock()
            .expect("no panic")
            .take()
            .map_or(Ok(()), Err)
    }
}

impl ChatPlatform for Room {
    fn platform(&self) -> Platform {
        self.platform.unwrap_or(Platform::MATRIX)
    }

    fn pace(&self) -> EditRate {
        EditRate {
            least: self.rest,
            most: self.rest,
        }
    }

    async fn post(&self, posting: &Posting) -> Result<MessageKey, SendError> {
        self.trouble()?;
        let mut messages = self.messages.lock().expect("no panic");
        let name = format!("$card{}", self.posted.fetch_add(1, Ordering::SeqCst) + 1);
        let text = plain(&posting.card, Style::Plain);
        messages.insert(
            name.clone(),
            Message {
                key: posting.key.clone(),
                thread: posting.thread.clone(),
                text,
                edits: 0,
                before: Vec::new(),
            },
        );
        self.news.notify_one();
        Ok(MessageKey(name))
    }

    async fn find(
        &self,
        _place: &PlaceKey,
        _thread: Option<&MessageKey>,
        key: &SendKey,
    ) -> Result<Option<MessageKey>, SendError> {
        let messages = self.messages.lock().expect("no panic");
        Ok(messages
            .iter()
            .find(|(_, message)| message.key == *key)
            .map(|(name, _)| MessageKey(name.clone())))
    }

    async fn edit(&self, editing: &Editing) -> Result<(), SendError> {
        self.trouble()?;
        let mut messages = self.messages.lock().expect("no panic");
        let message = messages
            .get_mut(&editing.message.0)
            .expect("only sent messages are edited");
        let before = std::mem::replace(&mut message.text, plain(&editing.card, Style::Plain));
        message.before.push(before);
        message.edits += 1;
        self.news.notify_one();
        Ok(())
    }

    async fn remove(&self, removing: &Removing) -> Result<(), SendError> {
        self.removals.fetch_add(1, Ordering::SeqCst);
        self.trouble()?;
        if removing.whose == Whose::Theirs {
            if self.powerless.load(Ordering::SeqCst) {
                let why = "not allowed".to_owned();
                return Err(SendError::Refused { why });
            }
            let mut taken = self.taken.lock().expect("no panic");
            taken.push(removing.message.clone());
        }
        self.messages
            .lock()
            .expect("no panic")
            .remove(&removing.message.0);
        self.news.notify_one();
        Ok(())
    }

    async fn name(&self, naming: &Naming) -> Result<(), SendError> {
        panic!("a room's threads have no names: {naming:?}")
    }

    async fn tell(&self, telling: &Telling) -> Result<(), SendError> {
        self.trouble()?;
        let told = plain(&telling.card, Style::Plain);
        let mut tellings = self.told.lock().expect("no panic");
        tellings.push(format!("{}: {}", telling.person, told.trim_end()));
        Ok(())
    }
}

pub(super) struct World {
    pub(super) core: Core,
    pub(super) room: Arc<Room>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) stopper: Stopper,
    pub(super) served: tokio::task::JoinHandle<Result<(), Fault>>,
    pub(super) events: Mutex<u64>,
    pub(super) dir: tempfile::TempDir,
}

/// The limits that the settings have by default, with fewer votes.
const LIMITS: Limits = Limits {
    questions: 10,
    newcomer_questions: 3,
    answers: 25,
    comments: 20,
    edits: 20,
    votes: 30,
    newcomer_posts: 3,
    newcomer_time: Duration::from_secs(24 * 3_600),
};

impl World {
    pub(super) async fn new() -> Self {
        Self::on(
            tempfile::tempdir().expect("a folder"),
            Arc::default(),
            Arc::default(),
        )
        .await
    }

    /// A world whose cards rest so long after an edit that no test sees the next.
    pub(super) async fn resting() -> Self {
        let room = Room {
            rest: Duration::from_secs(3_600),
            ..Room::default()
        };
        Self::on(
            tempfile::tempdir().expect("a folder"),
            Arc::new(room),
            Arc::default(),
        )
        .await
    }

    /// A world whose room is of this platform.
    pub(super) async fn of(platform: Platform) -> Self {
        let room = Room {
            platform: Some(platform),
            ..Room::default()
        };
        let dir = tempfile::tempdir().expect("a folder");
        Self::on(dir, Arc::new(room), Arc::default()).await
    }

    /// A world in which commands that are typed begin otherwise.
    pub(super) async fn with_prefix(prefix: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        Self::speaking(dir, Arc::default(), Arc::default(), (prefix, "en")).await
    }

    /// A world in which the bot speaks this language.
    pub(super) async fn in_language(language: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        Self::speaking(dir, Arc::default(), Arc::default(), ("!", language)).await
    }

    pub(super) async fn on(
        dir: tempfile::TempDir,
        room: Arc<Room>,
        clock: Arc<ManualClock>,
    ) -> Self {
        Self::speaking(dir, room, clock, ("!", "en")).await
    }

    async fn speaking(
        dir: tempfile::TempDir,
        room: Arc<Room>,
        clock: Arc<ManualClock>,
        (prefix, language): (&str, &str),
    ) -> Self {
        clock.0.fetch_max(1_700_000_000_000, Ordering::SeqCst);
        let options = Options {
            dir: dir.path().to_owned(),
            prefix: prefix.to_owned(),
            language: language.to_owned(),
            similar: InTen::default(),
            limits: LIMITS,
            retention: Retention::default(),
        };
        let core = Core::open(options, clock.clone(), Box::new(SeededRng(7))).expect("opens");
        core.place_opened(room.platform(), &place())
            .await
            .expect("opens");
        let (stopper, stop) = stop();
        let served = tokio::spawn({
            let (core, room) = (core.clone(), room.clone());
            async move { core.serve(room, stop).await }
        });
        Self {
            core,
            room,
            clock,
            stopper,
            served,
            events: Mutex::default(),
            dir,
        }
    }

    pub(super) fn event(&self) -> MessageKey {
        let mut events = self.events.lock().expect("no panic");
        *events += 1;
        MessageKey(format!("$e{events}-{}", self.core.inner.clock.now().0))
    }

    pub(super) async fn does(&self, who: &str, id: MessageKey, what: IncomingEvent) -> Response {
        self.does_in(place(), who, id, what).await
    }

    pub(super) async fn does_in(
        &self,
        place: Place,
        who: &str,
        id: MessageKey,
        what: IncomingEvent,
    ) -> Response {
        let response = self.is_heard(place, who, id, what).await;
        self.core
            .settled(self.room.platform())
            .await
            .expect("settles");
        response
    }

    /// Somebody says something in the room; what comes of it may take its time.
    pub(super) async fn mutters(&self, who: &str, text: &str) {
        let message = self.event();
        let what = IncomingEvent::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: None,
            thread: None,
        };
        self.is_heard(place(), who, message, what).await;
    }

    pub(super) async fn is_heard(
        &self,
        place: Place,
        who: &str,
        id: MessageKey,
        what: IncomingEvent,
    ) -> Response {
        let alone = matches!(place.kind, PlaceKind::Direct { .. });
        let role = match who {
            "mod" => Role::Moderator,
            // Whoever makes a conversation has all power in it.
            _ if alone => Role::Admin,
            _ => Role::Member,
        };
        let incoming = Incoming {
            platform: self.room.platform(),
            id: Some(id),
            actor: Actor {
                key: crate::platform::PersonKey(format!("@{who}:x")),
                name: who.to_owned(),
                account: None,
                role,
            },
            place,
            at: self.core.inner.clock.now(),
            what,
        };
        self.core.hear(incoming).await.expect("the store works")
    }

    /// Waits until the room shows something.
    pub(super) async fn sees(&self, what: &str, shown: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !shown(self) {
                self.room.news.notified().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        assert!(waited.is_ok(), "{what}: {}", self.shown());
    }

    /// Somebody writes; gives the message and what the bot replied.
    pub(super) async fn writes(
        &self,
        who: &str,
        text: &str,
        reply_to: Option<&str>,
    ) -> (MessageKey, String) {
        let message = self.event();
        let what = IncomingEvent::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: reply_to.map(|to| MessageKey(to.to_owned())),
            thread: None,
        };
        let response = self.does(who, message.clone(), what).await;
        (message, said(&response))
    }

    /// Somebody writes to the bot alone, in a room of theirs; `common` is what both are in besides.
    pub(super) async fn whispers(
        &self,
        who: &str,
        text: &str,
        common: &[&str],
        reply_to: Option<&str>,
    ) -> String {
        let message = self.event();
        let what = IncomingEvent::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: reply_to.map(|to| MessageKey(to.to_owned())),
            thread: None,
        };
        let common = common.iter().map(|room| common_place(room)).collect();
        let place = Place {
            key: PlaceKey(format!("!{who}")),
            name: None,
            kind: PlaceKind::Direct { common },
            seclusion: Seclusion::default(),
        };
        said(&self.does_in(place, who, message, what).await)
    }

    pub(super) async fn says(&self, who: &str, text: &str) -> String {
        self.writes(who, text, None).await.1
    }

    pub(super) async fn reacts(&self, who: &str, on: &str, emoji: &str) -> (MessageKey, Response) {
        let reaction = self.event();
        let what = IncomingEvent::Reacted {
            reaction: reaction.clone(),
            on: MessageKey(on.to_owned()),
            emoji: emoji.to_owned(),
        };
        let response = self.does(who, reaction.clone(), what).await;
        (reaction, response)
    }

    pub(super) async fn removes(&self, who: &str, gone: &MessageKey) {
        self.does(
            who,
            self.event(),
            IncomingEvent::Removed { gone: gone.clone() },
        )
        .await;
    }

    pub(super) async fn rewrites(&self, who: &str, message: &MessageKey, text: &str) -> String {
        let what = IncomingEvent::Rewrote {
            message: message.clone(),
            text: text.to_owned(),
        };
        said(&self.does(who, self.event(), what).await)
    }

    pub(super) fn shown(&self) -> String {
        let messages = self.room.messages.lock().expect("no panic");
        let mut lines = Vec::new();
        for (name, message) in messages.iter() {
            let thread = message
                .thread
                .as_ref()
                .map(|root| format!(" in {root}"))
                .unwrap_or_default();
            lines.push(format!("[{name}{thread}]\n{}", message.text.trim_end()));
        }
        lines.join("\n")
    }

    pub(super) fn card(&self, name: &str) -> String {
        self.room
            .messages
            .lock()
            .expect("no panic")
            .get(name)
            .map(|message| message.text.clone())
            .unwrap_or_default()
    }

    pub(super) async fn restarted(self) -> Self {
        self.restarted_after(|_| {}).await
    }

    /// Does something to the folder while nothing works on it, and goes on with it.
    pub(super) async fn restarted_after(self, between: impl FnOnce(&Path)) -> Self {
        self.stopper.request();
        self.served
            .await
            .expect("no panic")
            .expect("the store works");
        self.core.close().await;
        between(self.dir.path());
        let world = Self::on(self.dir, self.room, self.clock).await;
        Self {
            events: self.events,
            ..world
        }
    }
}

/// A room that somebody shares with the bot; they may write there, unless its name is followed by a dash.
pub(super) fn common_place(room: &str) -> CommonPlace {
    let (key, writes) = match room.strip_suffix('-') {
        Some(key) => (key, Writes::Nothing),
        None => (room, Writes::All),
    };
    CommonPlace {
        key: PlaceKey(key.to_owned()),
        writes,
    }
}

pub(super) fn place() -> Place {
    Place {
        key: PlaceKey("!room".to_owned()),
        name: Some("Room".to_owned()),
        kind: PlaceKind::Named,
        seclusion: Seclusion::default(),
    }
}

pub(super) fn said(response: &Response) -> String {
    response
        .reply
        .as_ref()
        .map(|reply| plain(&reply.card, Style::Plain).trim_end().to_owned())
        .unwrap_or_default()
}
