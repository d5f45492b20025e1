//! What a room and the people in it are to the forum, read from what the SDK keeps of them.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use bot_core::platform::{Actor, PersonKey, Place, PlaceKey, PlaceKind, Seclusion};
use matrix_sdk::ruma::events::room::power_levels::{RoomPowerLevels, UserPowerLevel};
use matrix_sdk::ruma::{OwnedRoomId, RoomId, UserId};
use matrix_sdk::{Client, Room, RoomDisplayName, RoomState};

use crate::conventions::role;
use crate::failure::Failure;
use crate::members::Members;

/// The rooms that the settings name, by id. Shared: aliases are added as they are found out.
#[derive(Debug, Default)]
pub(crate) struct Named(RwLock<BTreeSet<OwnedRoomId>>);

impl Named {
    /// Adds one.
    pub(crate) fn add(&self, room: OwnedRoomId) {
        let mut named = self.0.write().unwrap_or_else(PoisonError::into_inner);
        named.insert(room);
    }

    /// Whether it is one.
    pub(crate) fn has(&self, room: &RoomId) -> bool {
        let named = self.0.read().unwrap_or_else(PoisonError::into_inner);
        named.contains(room)
    }
}

/// Whether a room is a conversation of one person with the bot: it is marked as one, or has neither name nor open doors, and nobody else
/// has been in it or invited since it began. A room with a name is a place for more people even while there is only one.
pub(crate) async fn is_direct(room: &Room, members: &Members) -> Result<bool, Failure> {
    let marked = room.is_direct().await.unwrap_or(false) && room.is_public() != Some(true);
    let nameless = room.name().is_none_or(|name| name.is_empty())
        && room.canonical_alias().is_none()
        && room.is_public() == Some(false);
    if !marked && !nameless {
        return Ok(false);
    }
    // It began where the first room did that it took the place of.
    let mut looked_at = BTreeSet::new();
    let mut at = room.clone();
    while looked_at.insert(at.room_id().to_owned()) {
        if !members.were_two(&at).await? {
            return Ok(false);
        }
        let Some(before) = at.predecessor_room() else {
            return Ok(true);
        };
        match room.client().get_room(&before.room_id) {
            Some(before) => at = before,
            // Who was there nobody can tell.
            None => return Ok(false),
        }
    }
    Ok(false)
}

/// A room as a place of this kind.
pub(crate) async fn place(room: &Room, kind: PlaceKind) -> Place {
    Place {
        key: key(room.room_id()),
        name: name(room).await,
        kind,
        seclusion: Seclusion {
            encrypted: room.encryption_state().is_encrypted(),
            private: room.is_public() != Some(true),
        },
    }
}

/// A room's name as the core keeps it.
pub(crate) fn key(room: &RoomId) -> PlaceKey {
    PlaceKey(room.to_string())
}

/// What people call a room.
async fn name(room: &Room) -> Option<String> {
    let name = match room.cached_display_name() {
        Some(name) => name,
        None => room.display_name().await.ok()?,
    };
    match name {
        RoomDisplayName::Named(name)
        | RoomDisplayName::Aliased(name)
        | RoomDisplayName::Calculated(name) => Some(name),
        RoomDisplayName::EmptyWas(_) | RoomDisplayName::Empty => None,
    }
}

/// Who does something in a room.
pub(crate) async fn actor(room: &Room, powers: &RoomPowerLevels, person: &UserId) -> Actor {
    let name = name_of(room, person).await;
    let name = name.filter(|name| !name.trim().is_empty());
    let level = match powers.for_user(person) {
        UserPowerLevel::Infinite => None,
        UserPowerLevel::Int(level) => Some(level.into()),
        // A kind that is not known yet gives no power.
        _ => Some(0),
    };
    Actor {
        key: PersonKey(person.to_string()),
        name: name.unwrap_or_else(|| person.localpart().to_owned()),
        account: None,
        role: role(level),
    }
}

/// The name that somebody has in a room. The SDK's whole member takes six reads of its store, each on another thread; this is one.
async fn name_of(room: &Room, person: &UserId) -> Option<String> {
    let client = room.client();
    let profile = client.state_store().get_profile(room.room_id(), person);
    if let Ok(Some(profile)) = profile.await {
        return profile.content.displayname;
    }
    let member = match room.get_member_no_sync(person).await {
        Ok(Some(member)) => Some(member),
        Ok(None) | Err(_) => room.get_member(person).await.ok().flatten(),
    };
    member.and_then(|member| member.display_name().map(str::to_owned))
}

/// The room whose place a room has taken, as both say: the bot is in both.
pub(crate) fn left_behind(room: &Room) -> Option<Room> {
    let before = room.predecessor_room()?;
    let before = room.client().get_room(&before.room_id)?;
    let after = before.successor_room()?;
    (after.room_id == room.room_id()).then_some(before)
}

/// Whether another room has taken the place of this one, and the bot is there.
pub(crate) fn is_left_behind(room: &Room) -> bool {
    let after = room.successor_room();
    let after = after.and_then(|after| room.client().get_room(&after.room_id));
    after.is_some_and(|after| {
        after.state() == RoomState::Joined
            && left_behind(&after).is_some_and(|before| before.room_id() == room.room_id())
    })
}

/// The room of a place, if the bot is in it.
pub(crate) fn joined(client: &Client, place: &PlaceKey) -> Option<Room> {
    let id = RoomId::parse(&place.0).ok()?;
    let room = client.get_room(&id)?;
    (room.state() == RoomState::Joined).then_some(room)
}
