//! The direct rooms, in which the bot speaks with one person alone: found, or made.
//!
//! What is said there may be meant for nobody else: a room counts only if the bot itself made it, and if, as the homeserver says just
//! before, exactly the bot and that person are in it or invited. Making a room is the one request that a homeserver does twice where it
//! is sent twice. So it is sent once, and when its answer is lost, the room is looked for before another is made.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use bot_core::platform::PersonKey;
use matrix_sdk::ruma::api::client::membership::{get_member_events, joined_rooms};
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::api::client::state::get_state_event_for_key::v3::{
    Request as StateRequest, StateEventFormat,
};
use matrix_sdk::ruma::events::room::encryption::RoomEncryptionEventContent;
use matrix_sdk::ruma::events::room::member::MembershipState;
use matrix_sdk::ruma::events::{InitialStateEvent, StateEventType};
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, RoomId, UserId};
use matrix_sdk::{Client, Room, RoomState};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::members::Members;
use crate::outbound::once;
use crate::rooms;

/// The power that inviting others takes in a room that the bot makes: its own.
const INVITE: u32 = 100;

/// Finds and makes direct rooms.
pub(crate) struct Directs {
    client: Client,
    own: OwnedUserId,
    members: Arc<Members>,
    /// Those that were made lately: the homeserver tells of them only with the next sync.
    made: Mutex<HashMap<PersonKey, OwnedRoomId>>,
    /// Those of which the homeserver said that the bot made them: that never changes.
    own_rooms: Mutex<HashSet<OwnedRoomId>>,
}

/// Whether somebody asked for what they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Solicited {
    /// They did: where they left the direct room, they get a new one.
    Yes,
    /// They didn't: who left it is left in peace.
    No,
}

/// What a room is to two who want to be alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RoomFit {
    /// Exactly the two are there.
    Alone,
    /// The bot is alone there: the person left, or declined.
    Left,
    /// It is none for that.
    No,
}

impl Directs {
    /// Of this client's account.
    pub(crate) fn new(client: Client, own: OwnedUserId, members: Arc<Members>) -> Self {
        Self {
            client,
            own,
            members,
            made: Mutex::default(),
            own_rooms: Mutex::default(),
        }
    }

    /// A room with exactly one person: the one that it is about, if it is such; else the direct room, made if there is none, and
    /// encrypted if the room that it is about is. None where they left it and asked for nothing.
    pub(crate) async fn with(
        &self,
        about: &Room,
        person: &PersonKey,
        asked: Solicited,
    ) -> Result<Option<Room>, Failure> {
        let Ok(user) = UserId::parse(&person.0) else {
            return Ok(None);
        };
        let is_secret = about.latest_encryption_state().await?.is_encrypted();
        if rooms::is_direct(about, &self.members).await?
            && self.present(about.room_id()).await? == self.two(&user)
        {
            return Ok(Some(about.clone()));
        }
        let made = self.lately(person);
        let made = made.and_then(|made| self.client.get_room(&made));
        let mut has_left = false;
        let mut looked_at = HashSet::new();
        for room in made.into_iter().chain(self.client.get_dm_rooms(&user)) {
            if !looked_at.insert(room.room_id().to_owned()) {
                continue;
            }
            match self.fit(&room, &user, is_secret).await? {
                RoomFit::Alone => return Ok(Some(room)),
                RoomFit::Left => has_left = true,
                RoomFit::No => {}
            }
        }
        if has_left && asked == Solicited::No {
            return Ok(None);
        }
        if let Some(room) = self.unnoted(&user, is_secret, &looked_at).await? {
            return Ok(Some(room));
        }
        let made = match self.untold(&user, is_secret).await? {
            Some(made) => made,
            None => self.make(&user, is_secret).await?,
        };
        // The SDK knows it from now on.
        let room = self.client.join_room_by_id(&made).await?;
        self.note(person, made);
        let account = self.client.account();
        if let Err(error) = account.mark_as_dm(room.room_id(), &[user]).await {
            // It is found all the same: the bot makes no others.
            tracing::debug!(%error, "a direct room could not be noted as one");
        }
        Ok(Some(room))
    }

    /// Makes one in which the person may invite nobody. Once: if the answer is lost, it may be there all the same.
    async fn make(&self, user: &UserId, is_secret: bool) -> Result<OwnedRoomId, Failure> {
        let mut request = Request::new();
        request.invite = vec![user.to_owned()];
        request.is_direct = true;
        // Whom a trusted one invites has all the power of who made it.
        request.preset = Some(RoomPreset::PrivateChat);
        let powers = Raw::new(&json!({ "invite": INVITE })).map(Raw::cast_unchecked);
        request.power_level_content_override = powers.ok();
        if is_secret {
            let encryption = RoomEncryptionEventContent::with_recommended_defaults();
            let encryption = InitialStateEvent::with_empty_state_key(encryption);
            request.initial_state = vec![encryption.to_raw_any()];
        }
        let made = self
            .client
            .send(request)
            .with_request_config(once())
            .await?;
        Ok(made.room_id)
    }

    /// A room with a person that a crash kept from being noted as their direct one: the bot makes no others.
    async fn unnoted(
        &self,
        user: &UserId,
        is_secret: bool,
        looked_at: &HashSet<OwnedRoomId>,
    ) -> Result<Option<Room>, Failure> {
        for room in self.client.joined_rooms() {
            let made = room.create_content().map(|created| created.creator);
            if made.as_ref() == Some(&self.own)
                && !looked_at.contains(room.room_id())
                && room.get_member_no_sync(user).await?.is_some()
                && self.fit(&room, user, is_secret).await? == RoomFit::Alone
            {
                return Ok(Some(room));
            }
        }
        Ok(None)
    }

    /// The same among the rooms of which the homeserver has not told yet: the answer to its making was lost.
    async fn untold(&self, user: &UserId, is_secret: bool) -> Result<Option<OwnedRoomId>, Failure> {
        let joined = self.client.send(joined_rooms::v3::Request::new()).await?;
        for id in joined.joined_rooms {
            let room = self.client.get_room(&id);
            if room.is_some_and(|room| room.state() == RoomState::Joined) {
                continue;
            }
            let encryption = StateEventType::RoomEncryption;
            if self.is_own(&id).await?
                && self.present(&id).await? == self.two(user)
                && (!is_secret || !self.state(&id, encryption).await?.is_null())
            {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// What a room is to the bot and a person: as secret as it has to be, made by the bot, and with nobody else in it, as the
    /// homeserver says now.
    async fn fit(&self, room: &Room, user: &UserId, is_secret: bool) -> Result<RoomFit, Failure> {
        if room.state() != RoomState::Joined
            || (is_secret && !room.latest_encryption_state().await?.is_encrypted())
            || !self.is_own(room.room_id()).await?
        {
            return Ok(RoomFit::No);
        }
        let present = self.present(room.room_id()).await?;
        Ok(if present == self.two(user) {
            RoomFit::Alone
        } else if present == BTreeSet::from([self.own.clone()]) {
            RoomFit::Left
        } else {
            RoomFit::No
        })
    }

    /// Whether the bot made a room: it sent the event that began it. What that event says besides, of whoever it names as creators, says nothing.
    async fn is_own(&self, room: &RoomId) -> Result<bool, Failure> {
        {
            let known = self.own_rooms.lock();
            if known.unwrap_or_else(PoisonError::into_inner).contains(room) {
                return Ok(true);
            }
        }
        let began = self.state(room, StateEventType::RoomCreate).await?;
        let is_own = began["sender"] == self.own.as_str();
        if is_own {
            let known = self.own_rooms.lock();
            let mut known = known.unwrap_or_else(PoisonError::into_inner);
            known.insert(room.to_owned());
        }
        Ok(is_own)
    }

    /// Who is in a room or invited, as the homeserver says now; nobody where the bot is not, or where that can't be told.
    async fn present(&self, room: &RoomId) -> Result<BTreeSet<OwnedUserId>, Failure> {
        let mut request = get_member_events::v3::Request::new(room.to_owned());
        request.not_membership = Some(MembershipState::Leave);
        let members = match self.client.send(request).await.map_err(Failure::from) {
            Ok(members) => members.chunk,
            Err(Failure::Closed { .. } | Failure::Refused { .. }) => return Ok(BTreeSet::new()),
            Err(failure) => return Err(failure),
        };
        let mut present = BTreeSet::new();
        for member in &members {
            let Ok(member) = serde_json::from_str::<MembershipEvent>(member.json().get()) else {
                // Who can't be told may be anybody: it is no room for two.
                return Ok(BTreeSet::new());
            };
            if let MembershipState::Join | MembershipState::Invite = member.content.membership {
                present.insert(member.state_key);
            }
        }
        Ok(present)
    }

    fn two(&self, user: &UserId) -> BTreeSet<OwnedUserId> {
        BTreeSet::from([self.own.clone(), user.to_owned()])
    }

    /// A room's state as the homeserver has it; nothing where there is none.
    async fn state(&self, room: &RoomId, kind: StateEventType) -> Result<Value, Failure> {
        let mut request = StateRequest::new(room.to_owned(), kind, String::new());
        request.format = StateEventFormat::Event;
        match self.client.send(request).await.map_err(Failure::from) {
            Ok(state) => Ok(serde_json::from_str(state.event_or_content.get()).unwrap_or_default()),
            Err(Failure::Closed { .. } | Failure::Refused { .. }) => Ok(Value::Null),
            Err(failure) => Err(failure),
        }
    }

    fn note(&self, person: &PersonKey, made: OwnedRoomId) {
        let mut lately = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        lately.insert(person.clone(), made);
    }

    fn lately(&self, person: &PersonKey) -> Option<OwnedRoomId> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(person).cloned()
    }
}

/// A membership event, as far as it is looked at.
#[derive(Deserialize)]
struct MembershipEvent {
    state_key: OwnedUserId,
    content: MembershipContent,
}

#[derive(Deserialize)]
struct MembershipContent {
    membership: MembershipState,
}
