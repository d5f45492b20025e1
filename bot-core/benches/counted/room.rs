//! A chat with one room that is in memory only, a clock and numbers that are the same each time.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bot_core::chance::{Clock, Rng};
use bot_core::conventions::Conventions;
use bot_core::forum::{Role, Timestamp};
use bot_core::platform::{
    Actor, ChatPlatform, EditRate, Editing, Incoming, IncomingEvent, MessageKey, Naming, PersonKey,
    Place, PlaceKey, PlaceKind, Platform, Posting, Removing, Seclusion, SendError, SendKey,
    Telling,
};
use std::time::Duration;

/// The chat that is measured.
pub const CHAT: Platform = Platform::new(&Conventions::of_chat("matrix"));

/// When all begins.
pub const NOW: Timestamp = Timestamp(1_700_000_000_000);
/// A second passes from one act to the next.
const SECOND: i64 = 1_000;

/// A clock that is moved by hand.
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn new() -> Self {
        Self(AtomicI64::new(NOW.0))
    }

    pub fn move_on(&self) {
        self.0.fetch_add(SECOND, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The same numbers each time.
pub struct Numbers(pub u64);

impl Rng for Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0
    }
}

/// The room: what is posted gets a name and is forgotten.
#[derive(Default)]
pub struct Room {
    posted: AtomicU64,
}

impl ChatPlatform for Room {
    fn platform(&self) -> Platform {
        CHAT
    }

    fn pace(&self) -> EditRate {
        EditRate {
            least: Duration::ZERO,
            most: Duration::ZERO,
        }
    }

    async fn post(&self, _posting: &Posting) -> Result<MessageKey, SendError> {
        Ok(card(self.posted.fetch_add(1, Ordering::SeqCst)))
    }

    async fn find(
        &self,
        _place: &PlaceKey,
        _thread: Option<&MessageKey>,
        _key: &SendKey,
    ) -> Result<Option<MessageKey>, SendError> {
        Ok(None)
    }

    async fn edit(&self, _editing: &Editing) -> Result<(), SendError> {
        Ok(())
    }

    async fn remove(&self, _removing: &Removing) -> Result<(), SendError> {
        Ok(())
    }

    async fn name(&self, _naming: &Naming) -> Result<(), SendError> {
        Ok(())
    }

    async fn tell(&self, _telling: &Telling) -> Result<(), SendError> {
        Ok(())
    }
}

/// The name of the card that was posted as this one, counted from 0.
pub fn card(number: u64) -> MessageKey {
    MessageKey(format!("$card{number:08}"))
}

pub fn place() -> Place {
    Place {
        key: PlaceKey("!room".to_owned()),
        name: Some("Room".to_owned()),
        kind: PlaceKind::Named,
        seclusion: Seclusion::default(),
    }
}

/// Something that a person does there, the nth event.
pub fn event(
    person: usize,
    nth: usize,
    at: Timestamp,
    what: impl FnOnce(MessageKey) -> IncomingEvent,
) -> Incoming {
    let id = MessageKey(format!("$event{nth:08}"));
    Incoming {
        platform: CHAT,
        what: what(id.clone()),
        id: Some(id),
        actor: Actor {
            key: PersonKey(format!("@person{person:08}:example.org")),
            name: format!("person {person:08}"),
            account: None,
            role: Role::Member,
        },
        place: place(),
        at,
    }
}
