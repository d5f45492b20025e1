//! Answers people: quietly where they spoke, or in a direct room, and takes refused reactions away.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bot_core::crash::{self, Point};
use bot_core::platform::{MessageKey, PersonKey, Reply, What};
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::events::InitialStateEvent;
use matrix_sdk::ruma::events::room::encryption::RoomEncryptionEventContent;
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, UserId};
use matrix_sdk::{Client, Room, RoomMemberships, RoomState};

use crate::content::{self, Hangs};
use crate::failure::Failure;
use crate::inbound;
use crate::outbound::{self, Outbound};

/// Who answers.
pub(crate) struct Replies {
    client: Client,
    own: OwnedUserId,
    outbound: Arc<Outbound>,
    /// The direct rooms that were made lately: the homeserver tells of them only with the next sync.
    made: Mutex<HashMap<PersonKey, OwnedRoomId>>,
}

impl Replies {
    /// Answers through this client.
    pub(crate) fn new(client: Client, own: OwnedUserId, outbound: Arc<Outbound>) -> Self {
        Self {
            client,
            own,
            outbound,
            made: Mutex::default(),
        }
    }

    /// Says it where it was asked.
    pub(crate) async fn here(
        &self,
        room: &Room,
        spot: &Spot,
        reply: &Reply,
    ) -> Result<(), Failure> {
        let drawn = self.outbound.draw(&reply.card, room).await;
        let hangs = match spot {
            Spot::Here(hangs) => hangs.clone(),
            Spot::With(message) => Hangs {
                thread: thread(room, message).await,
                reply_to: Some(message.clone()),
            },
        };
        let content = content::notice(&drawn, &hangs);
        crash::here(Point::BeforeReply);
        outbound::send(room, content, &reply.key).await?;
        crash::here(Point::AfterReply);
        Ok(())
    }

    /// Says it to one person alone; links lead into the room that it is about. Who left the direct room is left in peace.
    pub(crate) async fn alone(
        &self,
        about: &Room,
        person: &PersonKey,
        reply: &Reply,
    ) -> Result<(), Failure> {
        let Some(room) = self.direct(about, person).await? else {
            tracing::debug!("a private reply is not sent: the person left the direct room");
            return Ok(());
        };
        let drawn = self.outbound.draw(&reply.card, about).await;
        let content = content::notice(&drawn, &Hangs::default());
        crash::here(Point::BeforePrivateReply);
        outbound::send(&room, content, &reply.key).await?;
        crash::here(Point::AfterPrivateReply);
        Ok(())
    }

    /// Takes a refused reaction away, where the bot may.
    pub(crate) async fn unreact(&self, room: &Room, reaction: &MessageKey) -> Result<(), Failure> {
        let powers = room.power_levels_or_default().await;
        if !powers.user_can_redact_event_of_other(&self.own) {
            return Ok(());
        }
        let Ok(event) = outbound::event(reaction) else {
            return Ok(());
        };
        // One reaction is taken away once: its name names the removal.
        crash::here(Point::BeforeUnreact);
        outbound::redact(room, event, &format!("unreact.{reaction}")).await?;
        crash::here(Point::AfterUnreact);
        Ok(())
    }

    /// The direct room with a person, made if there is none: encrypted if the room that it is about is. None where they left
    /// it.
    async fn direct(&self, about: &Room, person: &PersonKey) -> Result<Option<Room>, Failure> {
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
        let mut request = Request::new();
        request.invite = vec![user];
        request.is_direct = true;
        request.preset = Some(RoomPreset::TrustedPrivateChat);
        if about.latest_encryption_state().await?.is_encrypted() {
            let encryption = RoomEncryptionEventContent::with_recommended_defaults();
            let encryption = InitialStateEvent::with_empty_state_key(encryption);
            request.initial_state = vec![encryption.to_raw_any()];
        }
        let room = self.client.create_room(request).await?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(person.clone(), room.room_id().to_owned());
        drop(made);
        Ok(Some(room))
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

    fn lately(&self, person: &PersonKey) -> Option<OwnedRoomId> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(person).cloned()
    }
}

/// Where the answer to something belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// Here.
    Here(Hangs),
    /// With this message, whatever thread it is in.
    With(MessageKey),
}

/// Where the answer to something belongs.
pub(crate) fn spot(what: &What) -> Spot {
    match what {
        What::Said {
            message, thread, ..
        } => Spot::Here(Hangs {
            thread: thread.clone(),
            reply_to: Some(message.clone()),
        }),
        What::Rewrote { message, .. } => Spot::With(message.clone()),
        What::Reacted { on, .. } => Spot::With(on.clone()),
        What::Removed { .. } => Spot::Here(Hangs::default()),
    }
}

/// The root of the thread that a message is in, as far as it can be found out.
async fn thread(room: &Room, message: &MessageKey) -> Option<MessageKey> {
    let id = outbound::event(message).ok()?;
    let event = room.event(&id, None).await.ok()?;
    inbound::thread(event.raw().json().get())
}
