//! Responses in which people only talked: those are read without the SDK.
//!
//! The SDK writes each response to its databases, whatever is in it, and that is most of what a command costs. Of talk it has nothing to
//! keep: it has to know of state, of devices and their keys, and of what takes an event away, which may be one of state. Where there is any
//! of that, the homeserver is asked again, through the SDK.

use std::collections::BTreeMap;

use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::api::client::sync::sync_events::v3::{self, Response};
use matrix_sdk::ruma::events::AnySyncTimelineEvent;
use matrix_sdk::ruma::events::room::encrypted::OriginalSyncRoomEncryptedEvent;
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{OneTimeKeyAlgorithm, OwnedRoomId, RoomId, UInt};
use matrix_sdk::sync::{JoinedRoomUpdate, RoomUpdates, Timeline};
use matrix_sdk::{Client, Error, Room, RoomState};
use serde::Deserialize;

/// What the homeserver has left of the device's keys that others begin with. The SDK makes more when it is told of too few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeysLeft {
    one_time: BTreeMap<OneTimeKeyAlgorithm, UInt>,
    fallback: Option<Vec<OneTimeKeyAlgorithm>>,
}

impl KeysLeft {
    /// As a response tells.
    pub(crate) fn of(response: &Response) -> Self {
        Self {
            one_time: response.device_one_time_keys_count.clone(),
            fallback: response.device_unused_fallback_key_types.clone(),
        }
    }
}

/// An event of a timeline, as far as it is looked at here.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    state_key: Option<serde::de::IgnoredAny>,
}

/// What an event of a timeline is to the SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EventKind {
    Talk,
    Encrypted,
    /// State, what takes an event away, or what can't be read.
    Other,
}

/// What was said in the rooms, if the response has nothing else in it.
pub(crate) async fn only(
    client: &Client,
    response: Response,
) -> Result<Option<RoomUpdates>, Error> {
    if !is_only(client, &response) {
        return Ok(None);
    }
    let mut rooms = RoomUpdates::default();
    for (id, joined) in response.rooms.join {
        let Some(room) = known(client, &id) else {
            return Ok(None);
        };
        let update = JoinedRoomUpdate {
            timeline: opened(&room, joined.timeline).await?,
            ..JoinedRoomUpdate::default()
        };
        rooms.joined.insert(id, update);
    }
    Ok(Some(rooms))
}

/// A room of which the SDK knows that the bot is in it.
fn known(client: &Client, id: &RoomId) -> Option<Room> {
    let room = client.get_room(id);
    room.filter(|room| room.state() == RoomState::Joined)
}

fn is_only(client: &Client, response: &Response) -> bool {
    let Response {
        rooms,
        presence,
        account_data,
        to_device,
        device_lists,
        ..
    } = response;
    let is_talk = |(id, room): (&OwnedRoomId, &v3::JoinedRoom)| {
        let events = &room.timeline.events;
        known(client, id).is_some()
            && !room.timeline.limited
            && room.state.is_empty()
            && room.summary.is_empty()
            && room.account_data.is_empty()
            && events.iter().all(|event| kind(event) != EventKind::Other)
    };
    presence.is_empty()
        && account_data.is_empty()
        && to_device.is_empty()
        && device_lists.is_empty()
        && rooms.leave.is_empty()
        && rooms.invite.is_empty()
        && rooms.knock.is_empty()
        && rooms.join.iter().all(is_talk)
}

fn kind(event: &Raw<AnySyncTimelineEvent>) -> EventKind {
    match event.deserialize_as_unchecked::<Event>() {
        Ok(Event { kind, state_key }) => match kind.as_str() {
            _ if state_key.is_some() => EventKind::Other,
            "m.room.redaction" => EventKind::Other,
            "m.room.encrypted" => EventKind::Encrypted,
            _ => EventKind::Talk,
        },
        Err(_) => EventKind::Other,
    }
}

/// A timeline with what is encrypted in it read, as far as there are keys.
async fn opened(room: &Room, timeline: v3::Timeline) -> Result<Timeline, Error> {
    let mut events = Vec::with_capacity(timeline.events.len());
    for event in timeline.events {
        events.push(match kind(&event) {
            EventKind::Encrypted => {
                let sealed = event.cast_ref_unchecked::<OriginalSyncRoomEncryptedEvent>();
                room.decrypt_event(sealed, None).await?
            }
            EventKind::Talk | EventKind::Other => TimelineEvent::from_plaintext(event),
        });
    }
    Ok(Timeline {
        limited: timeline.limited,
        prev_batch: timeline.prev_batch,
        events,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn kind_of(event: &Value) -> EventKind {
        let raw = Raw::new(event).expect("JSON");
        kind(&raw.cast_unchecked())
    }

    #[test]
    fn what_the_sdk_has_to_know_is_told_from_talk() {
        let said = json!({ "type": "m.room.message", "sender": "@mira:x", "content": { "body": "Hello" } });
        let liked = json!({ "type": "m.reaction", "sender": "@mira:x", "content": {} });
        let sealed = json!({ "type": "m.room.encrypted", "sender": "@mira:x", "content": {} });
        let named =
            json!({ "type": "m.room.name", "state_key": "", "content": { "name": "Beer" } });
        let own_kind = json!({ "type": "org.example.thing", "state_key": "x", "content": {} });
        let taken = json!({ "type": "m.room.redaction", "redacts": "$name", "content": {} });
        let nameless = json!({ "sender": "@mira:x", "content": {} });
        assert_eq!([&said, &liked].map(kind_of), [EventKind::Talk; 2]);
        assert_eq!(kind_of(&sealed), EventKind::Encrypted);
        assert_eq!(
            [&named, &own_kind, &taken, &nameless].map(kind_of),
            [EventKind::Other; 4]
        );
    }
}
