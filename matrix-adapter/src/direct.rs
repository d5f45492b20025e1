//! The direct rooms, in which the bot speaks with one person alone: found, or made.
//!
//! Making a room is the one request that a homeserver does twice where it is sent twice. So it is sent once, and when its answer
//! is lost, the room is looked for before another is made.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bot_core::platform::PersonKey;
use matrix_sdk::ruma::api::client::membership::joined_rooms;
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::api::client::state::get_state_event_for_key::v3::{
    Request as StateRequest, StateEventFormat,
};
use matrix_sdk::ruma::events::room::encryption::RoomEncryptionEventContent;
use matrix_sdk::ruma::events::{InitialStateEvent, StateEventType};
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, RoomId, UserId};
use matrix_sdk::{Client, Room, RoomMemberships, RoomState};
use serde_json::Value;

use crate::failure::Failure;
use crate::outbound::once;

/// Finds and makes direct rooms.
pub(crate) struct Directs {
    client: Client,
    own: OwnedUserId,
    /// Those that were made lately: the homeserver tells of them only with the next sync.
    made: Mutex<HashMap<PersonKey, OwnedRoomId>>,
}

impl Directs {
    /// Of this client's account.
    pub(crate) fn new(client: Client, own: OwnedUserId) -> Self {
        Self {
            client,
            own,
            made: Mutex::default(),
        }
    }

    /// The direct room with a person, made if there is none: encrypted if the room that it is about is. None where they left
    /// it.
    pub(crate) async fn with(
        &self,
        about: &Room,
        person: &PersonKey,
    ) -> Result<Option<Room>, Failure> {
        let Ok(user) = UserId::parse(&person.0) else {
            return Ok(None);
        };
        let made = self.lately(person);
        let made = made.and_then(|made| self.client.get_room(&made));
        let mut left = false;
        for room in self.client.get_dm_rooms(&user).chain(made) {
            if room.state() != RoomState::Joined {
                continue;
            }
            match room
                .get_member(&user)
                .await?
                .map(|member| member.membership().clone())
            {
                Some(membership) if RoomMemberships::ACTIVE.matches(&membership) => {
                    return Ok(Some(room));
                }
                Some(_) => left = true,
                // The invitation is on its way.
                None => return Ok(Some(room)),
            }
        }
        if left {
            return Ok(None);
        }
        if let Some(room) = self.unnoted(&user).await? {
            return Ok(Some(room));
        }
        let made = match self.untold(&user).await? {
            Some(made) => made,
            None => self.make(about, &user).await?,
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

    /// Makes one. Once: if the answer is lost, it may be there all the same.
    async fn make(&self, about: &Room, user: &UserId) -> Result<OwnedRoomId, Failure> {
        let mut request = Request::new();
        request.invite = vec![user.to_owned()];
        request.is_direct = true;
        request.preset = Some(RoomPreset::TrustedPrivateChat);
        if about.latest_encryption_state().await?.is_encrypted() {
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
    async fn unnoted(&self, user: &UserId) -> Result<Option<Room>, Failure> {
        for room in self.client.joined_rooms() {
            let creators = room.creators().unwrap_or_default();
            if creators.contains(&self.own)
                && let Some(member) = room.get_member_no_sync(user).await?
                && RoomMemberships::ACTIVE.matches(member.membership())
            {
                return Ok(Some(room));
            }
        }
        Ok(None)
    }

    /// The same among the rooms of which the homeserver has not told yet: the answer to its making was lost.
    async fn untold(&self, user: &UserId) -> Result<Option<OwnedRoomId>, Failure> {
        let joined = self.client.send(joined_rooms::v3::Request::new()).await?;
        for id in joined.joined_rooms {
            let room = self.client.get_room(&id);
            if room.is_some_and(|room| room.state() == RoomState::Joined) {
                continue;
            }
            let made = self.state(&id, StateEventType::RoomCreate, "").await?;
            let of = StateEventType::RoomMember;
            let member = self.state(&id, of, user.as_str()).await?;
            let membership = member.pointer("/content/membership");
            if made["sender"] == self.own.as_str()
                && membership.is_some_and(|is| is == "join" || is == "invite")
            {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// A room's state as the homeserver has it; nothing where there is none.
    async fn state(
        &self,
        room: &RoomId,
        kind: StateEventType,
        key: &str,
    ) -> Result<Value, Failure> {
        let mut request = StateRequest::new(room.to_owned(), kind, key.to_owned());
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
