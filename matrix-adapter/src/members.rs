//! Who was ever in a room, which rooms somebody is in with the bot, and whether they may write there: looked up in the SDK's store once, and
//! known from state events after that, so that a message in a conversation costs no look at each of the bot's rooms.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::events::room::member::MembershipState;
use matrix_sdk::ruma::events::room::power_levels::RoomPowerLevels;
use matrix_sdk::ruma::events::{AnySyncStateEvent, MessageLikeEventType};
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, RoomId, UserId};
use matrix_sdk::sync::{JoinedRoomUpdate, RoomUpdates, State};
use matrix_sdk::{Client, Room, RoomMemberships};
use serde::Deserialize;

use crate::failure::Failure;

/// Of how many people it is known which rooms they are in: those who talked with the bot alone lately.
const PEOPLE: usize = 10_000;
/// Of how many rooms it is known who may do what.
const ROOMS: usize = 1_000;

/// What is known of who is where.
#[derive(Debug, Default)]
pub(crate) struct Members(Mutex<KnownMembers>);

#[derive(Debug, Default)]
struct KnownMembers {
    rooms: HashMap<OwnedRoomId, Company>,
    people: HashMap<OwnedUserId, BTreeSet<OwnedRoomId>>,
    /// Who may do what, of the rooms that people who talk with the bot alone share with it.
    powers: HashMap<OwnedRoomId, Arc<RoomPowerLevels>>,
    /// How many sync responses were heard: what was looked up before one may be of before it.
    heard: u64,
}

/// Who was ever in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Company {
    /// The bot and one person at the most.
    Two,
    /// Others too; that never changes.
    More,
}

/// How much a sync response tells of who is where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    /// Every change since the last one.
    Everything,
    /// Not everything: what was known has to be looked up again.
    NotAll,
}

/// A membership event, as far as it is looked at.
#[derive(Deserialize)]
struct Member {
    #[serde(rename = "type")]
    kind: String,
    state_key: OwnedUserId,
    content: Membership,
}

#[derive(Deserialize)]
struct Membership {
    membership: MembershipState,
}

impl Members {
    fn known(&self) -> MutexGuard<'_, KnownMembers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears what a sync response tells of who came and went.
    pub(crate) fn hear(&self, rooms: &RoomUpdates, tells: Tells) {
        let mut known = self.known();
        let heard = known.heard.wrapping_add(1);
        if tells == Tells::NotAll {
            *known = KnownMembers {
                heard,
                ..KnownMembers::default()
            };
            return;
        }
        known.heard = heard;
        for (room, update) in &rooms.joined {
            known.update(room, update);
        }
        for room in rooms.left.keys() {
            known.forget(room);
        }
    }

    /// Whether nobody but the bot and one person at the most has been in a room, or invited, since it began.
    pub(crate) async fn were_two(&self, room: &Room) -> Result<bool, Failure> {
        let heard = {
            let known = self.known();
            if let Some(company) = known.rooms.get(room.room_id()) {
                return Ok(*company == Company::Two);
            }
            known.heard
        };
        let company = if room.active_members_count() > 2 {
            Company::More
        } else {
            // Who has left is among them: a room keeps the latest membership of everybody.
            let members = room.members(RoomMemberships::empty()).await?;
            let others = members.iter().filter(|member| {
                member.user_id() != room.own_user_id()
                    && *member.membership() != MembershipState::Knock
            });
            match others.count() {
                0 | 1 => Company::Two,
                _ => Company::More,
            }
        };
        let mut known = self.known();
        // What was heard meanwhile may say something else.
        if known.heard == heard {
            known.rooms.insert(room.room_id().to_owned(), company);
        }
        Ok(company == Company::Two)
    }

    /// The rooms that both the bot and this person are in; spaces left out.
    pub(crate) async fn shared(
        &self,
        client: &Client,
        person: &UserId,
    ) -> Result<BTreeSet<OwnedRoomId>, Failure> {
        let heard = {
            let known = self.known();
            if let Some(rooms) = known.people.get(person) {
                return Ok(rooms.clone());
            }
            known.heard
        };
        let mut rooms = BTreeSet::new();
        for room in client.joined_rooms() {
            if room.is_space() {
                continue;
            }
            // Members come lazily at first: the first look asks the homeserver for all of them.
            let member = match room.get_member(person).await.map_err(Failure::from) {
                Ok(member) => member,
                // The bot has just left it.
                Err(Failure::Closed { .. } | Failure::Refused { .. }) => continue,
                Err(failure) => return Err(failure),
            };
            if member.is_some_and(|member| *member.membership() == MembershipState::Join) {
                rooms.insert(room.room_id().to_owned());
            }
        }
        let mut known = self.known();
        if known.heard == heard {
            if known.people.len() >= PEOPLE {
                known.people.clear();
            }
            known.people.insert(person.to_owned(), rooms.clone());
        }
        Ok(rooms)
    }
}

impl Members {
    /// Whether somebody who is in a room may write there.
    pub(crate) async fn may_write(&self, room: &Room, person: &UserId) -> bool {
        let (known, heard) = {
            let known = self.known();
            (known.powers.get(room.room_id()).cloned(), known.heard)
        };
        let powers = match known {
            Some(powers) => powers,
            None => {
                let powers = Arc::new(room.power_levels_or_default().await);
                let mut known = self.known();
                if known.heard == heard {
                    if known.powers.len() >= ROOMS {
                        known.powers.clear();
                    }
                    let room = room.room_id().to_owned();
                    known.powers.insert(room, Arc::clone(&powers));
                }
                powers
            }
        };
        may_write(&powers, person, room.encryption_state().is_encrypted())
    }
}

/// Whether somebody may write in a room with these powers: as an encrypted message where they are encrypted.
fn may_write(powers: &RoomPowerLevels, person: &UserId, is_encrypted: bool) -> bool {
    let kind = match is_encrypted {
        true => MessageLikeEventType::RoomEncrypted,
        false => MessageLikeEventType::RoomMessage,
    };
    powers.user_can_send_message(person, kind)
}

impl KnownMembers {
    /// Takes in what is new in a room, in the order in which it happened.
    fn update(&mut self, room: &OwnedRoomId, update: &JoinedRoomUpdate) {
        let timeline = update.timeline.events.iter().map(TimelineEvent::raw);
        match &update.state {
            State::Before(state) => {
                state.iter().for_each(|event| self.state(room, event));
                timeline.for_each(|event| self.changed(room, event.json().get()));
            }
            State::After(state) => {
                timeline.for_each(|event| self.changed(room, event.json().get()));
                state.iter().for_each(|event| self.state(room, event));
            }
        }
    }

    fn state(&mut self, room: &OwnedRoomId, event: &Raw<AnySyncStateEvent>) {
        self.changed(room, event.json().get());
    }

    /// Takes in an event, if it says that somebody came, went, or was invited, or who may do what.
    fn changed(&mut self, room: &OwnedRoomId, json: &str) {
        if json.contains("m.room.power_levels") {
            // They are looked up again. That an event only speaks of them does no harm.
            self.powers.remove(room);
        }
        if !json.contains("m.room.member") {
            return;
        }
        let Ok(Member {
            kind,
            state_key: person,
            content: Membership { membership },
        }) = serde_json::from_str(json)
        else {
            return;
        };
        if kind != "m.room.member" {
            return;
        }
        if self.rooms.get(room) == Some(&Company::Two) {
            // It is counted again.
            self.rooms.remove(room);
        }
        if let Some(rooms) = self.people.get_mut(&person) {
            if membership == MembershipState::Join {
                rooms.insert(room.clone());
            } else {
                rooms.remove(room);
            }
        }
    }

    /// The bot is not in a room any more.
    fn forget(&mut self, room: &RoomId) {
        self.rooms.remove(room);
        self.powers.remove(room);
        for rooms in self.people.values_mut() {
            rooms.remove(room);
        }
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::{room_id, user_id};
    use matrix_sdk::sync::Timeline;
    use serde_json::{Value, json};

    use super::*;

    fn member(person: &str, membership: &str) -> Value {
        json!({
            "type": "m.room.member", "state_key": person, "sender": person, "event_id": "$e:x", "origin_server_ts": 1,
            "content": { "membership": membership },
        })
    }

    fn update(state: State, timeline: &[Value]) -> JoinedRoomUpdate {
        let events = timeline.iter().map(|event| {
            let raw = Raw::new(event).expect("is JSON");
            TimelineEvent::from_plaintext(raw.cast_unchecked())
        });
        JoinedRoomUpdate {
            timeline: Timeline {
                events: events.collect(),
                ..Timeline::default()
            },
            state,
            ..JoinedRoomUpdate::default()
        }
    }

    fn raw(event: &Value) -> Raw<AnySyncStateEvent> {
        Raw::new(event).expect("is JSON").cast_unchecked()
    }

    #[test]
    fn what_two_share_follows_membership_events() {
        let (mira, sol) = (user_id!("@mira:x"), user_id!("@sol:x"));
        let (kitchen, hall) = (room_id!("!kitchen:x"), room_id!("!hall:x"));
        let members = Members::default();
        let people = [(mira, vec![kitchen]), (sol, Vec::new())];
        for (person, rooms) in people {
            let rooms = rooms.into_iter().map(RoomId::to_owned).collect();
            members.known().people.insert(person.to_owned(), rooms);
        }
        let shared = |person: &UserId| {
            let known = members.known();
            let rooms = known
                .people
                .get(person)
                .map(|rooms| rooms.iter().map(ToString::to_string));
            rooms.map(Iterator::collect::<Vec<_>>)
        };
        let hear = |room: &RoomId, update: JoinedRoomUpdate| {
            let mut rooms = RoomUpdates::default();
            rooms.joined.insert(room.to_owned(), update);
            members.hear(&rooms, Tells::Everything);
        };
        let joined = [member("@mira:x", "join"), member("@ivo:x", "join")];
        hear(hall, update(State::Before(Vec::new()), &joined));
        assert_eq!(
            shared(mira),
            Some(vec!["!hall:x".to_owned(), "!kitchen:x".to_owned()])
        );
        // A gap is told beside the timeline: before it, or after it.
        let left = raw(&member("@mira:x", "leave"));
        let back = [member("@mira:x", "join")];
        hear(hall, update(State::Before(vec![left.clone()]), &back));
        assert_eq!(shared(mira).map(|rooms| rooms.len()), Some(2));
        hear(hall, update(State::After(vec![left]), &back));
        assert_eq!(shared(mira), Some(vec!["!kitchen:x".to_owned()]));
        hear(
            kitchen,
            update(State::Before(Vec::new()), &[member("@sol:x", "invite")]),
        );
        assert_eq!(
            shared(sol),
            Some(Vec::new()),
            "who is invited is not in yet"
        );
        hear(
            kitchen,
            update(State::Before(Vec::new()), &[member("@sol:x", "join")]),
        );
        let mut rooms = RoomUpdates::default();
        rooms.left.insert(kitchen.to_owned(), Default::default());
        members.hear(&rooms, Tells::Everything);
        assert_eq!(
            (shared(mira), shared(sol)),
            (Some(Vec::new()), Some(Vec::new()))
        );
        assert_eq!(shared(user_id!("@ivo:x")), None, "nobody asked for them");
        members.hear(&RoomUpdates::default(), Tells::NotAll);
        assert_eq!(shared(mira), None);
    }

    #[test]
    fn who_may_write_follows_the_rooms_power_levels_and_how_it_is_encrypted() {
        use matrix_sdk::ruma::events::room::power_levels::RoomPowerLevelsEventContent;
        use matrix_sdk::ruma::room_version_rules::AuthorizationRules;

        let (mira, sol) = (user_id!("@mira:x"), user_id!("@sol:x"));
        let of = |levels: Value| {
            let content: RoomPowerLevelsEventContent =
                serde_json::from_value(levels).expect("power levels");
            RoomPowerLevels::new(content.into(), &AuthorizationRules::V11, [])
        };
        let may = |levels: Value| {
            let powers = of(levels);
            [mira, sol].map(|who| {
                (
                    may_write(&powers, who, false),
                    may_write(&powers, who, true),
                )
            })
        };
        let (yes, no) = ((true, true), (false, false));
        assert_eq!(may(json!({})), [yes, yes]);
        assert_eq!(may(json!({ "users": { "@sol:x": -1 } })), [yes, no]);
        let quiet = json!({ "users": { "@mira:x": 50 }, "events_default": 10 });
        assert_eq!(may(quiet), [yes, no]);
        let of_events = json!({ "users": { "@mira:x": 50 }, "events": { "m.room.message": 50 } });
        assert_eq!(may(of_events), [yes, (false, true)]);
        let of_events = json!({ "users": { "@mira:x": 50 }, "events": { "m.room.encrypted": 50 } });
        assert_eq!(may(of_events), [yes, (true, false)]);
    }

    #[test]
    fn powers_are_looked_up_again_when_they_change_and_when_not_all_is_told() {
        let members = Members::default();
        let hall = room_id!("!hall:x");
        let knows = || {
            use matrix_sdk::ruma::events::room::power_levels::RoomPowerLevelsEventContent;
            use matrix_sdk::ruma::room_version_rules::AuthorizationRules;
            let rules = &AuthorizationRules::V11;
            let content = RoomPowerLevelsEventContent::new(rules);
            let powers = Arc::new(RoomPowerLevels::new(content.into(), rules, []));
            members.known().powers.insert(hall.to_owned(), powers);
        };
        let hear = |event: Value, tells| {
            let mut rooms = RoomUpdates::default();
            let update = update(State::Before(Vec::new()), &[event]);
            rooms.joined.insert(hall.to_owned(), update);
            members.hear(&rooms, tells);
            members.known().powers.contains_key(hall)
        };
        let levels = json!({
            "type": "m.room.power_levels", "state_key": "", "sender": "@mira:x", "event_id": "$p:x", "origin_server_ts": 1,
            "content": { "users": { "@sol:x": -1 } },
        });
        knows();
        assert!(hear(member("@ivo:x", "join"), Tells::Everything));
        assert!(!hear(levels, Tells::Everything));
        knows();
        assert!(!hear(member("@ivo:x", "join"), Tells::NotAll));
    }

    #[test]
    fn a_room_of_two_is_counted_again_when_somebody_comes_and_one_of_more_never() {
        let members = Members::default();
        let (alone, group) = (room_id!("!alone:x"), room_id!("!group:x"));
        let hear = |room: &RoomId| {
            let mut rooms = RoomUpdates::default();
            let came = [member("@ivo:x", "invite")];
            rooms
                .joined
                .insert(room.to_owned(), update(State::default(), &came));
            members.hear(&rooms, Tells::Everything);
            members.known().rooms.get(room).copied()
        };
        for (room, company) in [(alone, Company::Two), (group, Company::More)] {
            members.known().rooms.insert(room.to_owned(), company);
        }
        assert_eq!((hear(alone), hear(group)), (None, Some(Company::More)));
    }
}
