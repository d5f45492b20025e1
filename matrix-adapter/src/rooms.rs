//! What a room and the people in it are to the forum, read from what the SDK keeps of them.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use bot_core::forum::{Claims, Power};
use bot_core::platform::{Actor, PersonKey, Place, PlaceKey, PlaceKind, Seclusion};
use matrix_sdk::ruma::events::room::power_levels::{RoomPowerLevels, UserPowerLevel};
use matrix_sdk::ruma::{OwnedRoomId, RoomId, UserId};
use matrix_sdk::{Client, Room, RoomDisplayName, RoomMemberships, RoomState};

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

/// Whether two talk alone: the room is marked as a conversation, or has neither name nor open doors, and nobody else is in
/// it or invited. A room with a name is a place for more people even while there is only one.
pub(crate) async fn is_direct(room: &Room) -> bool {
    let people = match room.active_members_count() {
        // The homeserver did not count.
        0 => match room.members_no_sync(RoomMemberships::ACTIVE).await {
            Ok(members) => members.len() as u64,
            Err(_) => return false,
        },
        people => people,
    };
    let marked = room.is_direct().await.unwrap_or(false);
    let nameless = room.name().is_none_or(|name| name.is_empty())
        && room.canonical_alias().is_none()
        && room.is_public() == Some(false);
    people <= 2 && (marked || nameless)
}

/// A room as a place, for what this person does there; nobody where it is about the room itself.
pub(crate) async fn place(room: &Room, named: &Named, person: Option<&UserId>) -> Place {
    let kind = if named.has(room.room_id()) {
        PlaceKind::Named
    } else if is_direct(room).await {
        let common = match person {
            Some(person) => common(&room.client(), person).await,
            None => Vec::new(),
        };
        PlaceKind::Direct { common }
    } else {
        PlaceKind::Shared
    };
    Place {
        key: PlaceKey(room.room_id().to_string()),
        name: name(room).await,
        kind,
        seclusion: Seclusion {
            encrypted: room.encryption_state().is_encrypted(),
            private: room.is_public() != Some(true),
        },
    }
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

/// The rooms of more than two that both the bot and this person are in.
async fn common(client: &Client, person: &UserId) -> Vec<PlaceKey> {
    let mut common = Vec::new();
    for room in client.joined_rooms() {
        if !room.is_space() && !is_direct(&room).await && is_in(&room, person).await {
            common.push(PlaceKey(room.room_id().to_string()));
        }
    }
    common
}

/// Whether somebody is in a room.
async fn is_in(room: &Room, person: &UserId) -> bool {
    // Members come lazily: the first look asks the homeserver for all of them.
    let member = match room.get_member(person).await {
        Ok(member) => member,
        Err(_) => room.get_member_no_sync(person).await.ok().flatten(),
    };
    member.is_some_and(|member| RoomMemberships::JOIN.matches(member.membership()))
}

/// Who does something in a room.
pub(crate) async fn actor(room: &Room, powers: &RoomPowerLevels, person: &UserId) -> Actor {
    let member = match room.get_member_no_sync(person).await {
        Ok(Some(member)) => Some(member),
        Ok(None) | Err(_) => room.get_member(person).await.ok().flatten(),
    };
    let name = member.as_ref().and_then(|member| member.display_name());
    let name = name.filter(|name| !name.trim().is_empty());
    let power = match powers.for_user(person) {
        UserPowerLevel::Infinite => Power::Infinite,
        UserPowerLevel::Int(level) => Power::Level(level.into()),
        // A kind that is not known yet gives no power.
        _ => Power::Level(0),
    };
    Actor {
        key: PersonKey(person.to_string()),
        name: name.unwrap_or(person.localpart()).to_owned(),
        claims: Claims::Matrix(power),
    }
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
