//! A room as it is while things are heard in it: looked at again whenever something of its state has changed.

use std::collections::HashMap;

use bot_core::platform::Actor;
use matrix_sdk::Room;
use matrix_sdk::ruma::events::room::power_levels::RoomPowerLevels;
use matrix_sdk::ruma::{OwnedUserId, UserId};
use tokio::sync::Mutex;

use crate::rooms;

/// Of how many people who do something is it known who they are there.
const PEOPLE: usize = 1_000;

/// A room, with the power of its people.
pub(crate) struct RoomContext {
    room: Room,
    powers: RoomPowerLevels,
    actors: Mutex<HashMap<OwnedUserId, Actor>>,
}

impl RoomContext {
    /// Looks at a room.
    pub(crate) async fn of(room: &Room) -> Self {
        Self {
            room: room.clone(),
            powers: room.power_levels_or_default().await,
            actors: Mutex::default(),
        }
    }

    /// The room.
    pub(crate) const fn room(&self) -> &Room {
        &self.room
    }

    /// Who somebody is there.
    pub(crate) async fn actor(&self, person: &UserId) -> Actor {
        let mut actors = self.actors.lock().await;
        if let Some(actor) = actors.get(person) {
            return actor.clone();
        }
        let actor = rooms::actor(&self.room, &self.powers, person).await;
        if actors.len() >= PEOPLE {
            actors.clear();
        }
        actors.insert(person.to_owned(), actor.clone());
        actor
    }
}
