//! Answers people: quietly where they spoke, or in a direct room, and takes refused reactions away.

use std::sync::Arc;

use bot_core::crash::{self, Point};
use bot_core::platform::{IncomingEvent, MessageKey, PersonKey, Reply};
use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedUserId;

use crate::content::{self, Hangs};
use crate::direct::Solicited;
use crate::failure::Failure;
use crate::inbound;
use crate::outbound::{self, Outbound};

/// Who answers.
pub(crate) struct Replies {
    own: OwnedUserId,
    outbound: Arc<Outbound>,
}

impl Replies {
    /// Answers through this client.
    pub(crate) fn new(own: OwnedUserId, outbound: Arc<Outbound>) -> Self {
        Self { own, outbound }
    }

    /// Says it where it was asked; gives the message.
    pub(crate) async fn here(
        &self,
        room: &Room,
        spot: &ReplyTarget,
        reply: &Reply,
    ) -> Result<MessageKey, Failure> {
        let drawn = self.outbound.draw(&reply.card, room).await;
        let hangs = match spot {
            ReplyTarget::Here(hangs) => hangs.clone(),
            ReplyTarget::With(message) => Hangs {
                thread: thread(room, message).await,
                reply_to: Some(message.clone()),
            },
        };
        // What holds text of posts is found again by its name, and so is what asks something.
        let key = (!reply.card.holds.is_empty() || reply.asks.is_some()).then_some(&reply.key);
        let content = content::notice(&drawn, &hangs, key);
        crash::here(Point::BeforeReply);
        let sent = outbound::send(room, content, &reply.key).await?;
        crash::here(Point::AfterReply);
        Ok(sent)
    }

    /// Says it to one person alone; links lead into the room that it is about. Who left the direct room is left in peace, unless they
    /// asked for what is said.
    pub(crate) async fn alone(
        &self,
        about: &Room,
        person: &PersonKey,
        asked: Solicited,
        reply: &Reply,
    ) -> Result<(), Failure> {
        self.outbound
            .alone(about, person, asked, (&reply.card, &reply.key))
            .await
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
}

/// Where the answer to something belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReplyTarget {
    /// Here.
    Here(Hangs),
    /// With this message, whatever thread it is in.
    With(MessageKey),
}

/// Where the answer to something belongs.
pub(crate) fn spot(what: &IncomingEvent) -> ReplyTarget {
    match what {
        IncomingEvent::Said {
            message, thread, ..
        } => ReplyTarget::Here(Hangs {
            thread: thread.clone(),
            reply_to: Some(message.clone()),
        }),
        IncomingEvent::Rewrote { message, .. } => ReplyTarget::With(message.clone()),
        IncomingEvent::Reacted { on, .. } => ReplyTarget::With(on.clone()),
        IncomingEvent::Removed { .. }
        | IncomingEvent::MessageGone { .. }
        | IncomingEvent::WordsRemoved { .. }
        | IncomingEvent::SurfacesGone { .. }
        | IncomingEvent::Decided { .. }
        | IncomingEvent::Commanded { .. } => ReplyTarget::Here(Hangs::default()),
    }
}

/// The root of the thread that a message is in, as far as it can be found out.
async fn thread(room: &Room, message: &MessageKey) -> Option<MessageKey> {
    let id = outbound::event(message).ok()?;
    let event = room.event(&id, None).await.ok()?;
    inbound::thread(event.raw().json().get())
}
