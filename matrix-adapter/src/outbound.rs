//! Sends cards, edits and takes them away: Matrix as the core sees it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bot_core::crash::{self, Point};
use bot_core::document::Card;
use bot_core::platform::{
    ChatPlatform, EditRate, Editing, MessageKey, Naming, PersonKey, PlaceKey, Platform, Posting,
    Removing, SendError, SendKey, Telling, Whose,
};
use futures_util::StreamExt as _;
use matrix_sdk::config::RequestConfig;
use matrix_sdk::room::{IncludeRelations, MessagesOptions, RelationsOptions};
use matrix_sdk::ruma::api::client::redact::redact_event;
use matrix_sdk::ruma::events::relation::RelationType;
use matrix_sdk::ruma::{EventId, OwnedEventId, OwnedRoomId, OwnedServerName, OwnedUserId, uint};
use matrix_sdk::{Client, Room};
use serde_json::Value;

use crate::PLATFORM;
use crate::content::{self, Hangs};
use crate::crypto;
use crate::direct::{Directs, Solicited};
use crate::failure::Failure;
use crate::inbound;
use crate::members::Members;
use crate::render::{self, RenderedMessage};
use crate::rooms::joined;

/// The longest that sending may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long the servers named in links are taken to be the same.
const ROUTE_FOR: Duration = Duration::from_secs(600);
/// How far back the bot's own messages are looked through for one that was sent: pages of a hundred.
const PAGES: usize = 10;
/// How many edits of a card are taken away at once.
const AT_ONCE: usize = 4;

/// Matrix as the core sees it.
pub(crate) struct Outbound {
    client: Client,
    own: OwnedUserId,
    directs: Directs,
    routes: Mutex<HashMap<OwnedRoomId, (Instant, Vec<OwnedServerName>)>>,
}

impl Outbound {
    /// Sends through this client.
    pub(crate) fn new(client: Client, own: OwnedUserId, members: Arc<Members>) -> Self {
        Self {
            directs: Directs::new(client.clone(), own.clone(), members),
            client,
            own,
            routes: Mutex::default(),
        }
    }

    /// Draws a card whose links lead into this room.
    pub(crate) async fn draw(&self, card: &Card, room: &Room) -> RenderedMessage {
        let via = match card.links.is_empty() {
            true => Vec::new(),
            false => self.route(room).await,
        };
        let link = |message: &MessageKey| {
            let id = EventId::parse(&message.0).ok()?;
            let uri = room
                .room_id()
                .matrix_to_event_uri_via(id, via.iter().cloned());
            Some(uri.to_string())
        };
        render::draw(card, &link)
    }

    /// The servers by which the room can be found.
    async fn route(&self, room: &Room) -> Vec<OwnedServerName> {
        let known = {
            let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
            routes.get(room.room_id()).cloned()
        };
        if let Some((since, route)) = known
            && since.elapsed() < ROUTE_FOR
        {
            return route;
        }
        // A link without them still leads those who are in the room.
        let route = room.route().await.unwrap_or_default();
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.insert(room.room_id().to_owned(), (Instant::now(), route.clone()));
        route
    }

    /// Says something to one person alone; links lead into the room that it is about. Who left the direct room is left in peace, unless
    /// they asked for what is said.
    pub(crate) async fn alone(
        &self,
        about: &Room,
        person: &PersonKey,
        asked: Solicited,
        (card, key): (&Card, &SendKey),
    ) -> Result<(), Failure> {
        let Some(room) = self.directs.with(about, person, asked).await? else {
            tracing::debug!("a private reply is not sent: the person left the direct room");
            return Ok(());
        };
        let drawn = self.draw(card, about).await;
        let content = content::notice(&drawn, &Hangs::default(), None);
        crash::here(Point::BeforePrivateReply);
        send(&room, content, key).await?;
        crash::here(Point::AfterPrivateReply);
        Ok(())
    }

    fn room(&self, place: &PlaceKey) -> Result<Room, SendError> {
        joined(&self.client, place).ok_or_else(|| SendError::PlaceClosed {
            why: "the bot is not in the room".to_owned(),
        })
    }
}

/// One try: whoever calls decides about another.
pub(crate) fn once() -> RequestConfig {
    RequestConfig::new().disable_retry().timeout(TIMEOUT)
}

/// Sends a message under a name; again under the same name it is the same message.
pub(crate) async fn send(
    room: &Room,
    content: Value,
    key: &SendKey,
) -> Result<MessageKey, Failure> {
    let sent = room
        .send_raw("m.room.message", content)
        .with_transaction_id(key.0.as_str().into())
        .with_request_config(once())
        .await?;
    Ok(MessageKey(sent.response.event_id.to_string()))
}

/// Takes an event away.
pub(crate) async fn redact(room: &Room, event: OwnedEventId, name: &str) -> Result<(), Failure> {
    let request = redact_event::v3::Request::new(room.room_id().to_owned(), event, name.into());
    room.client()
        .send(request)
        .with_request_config(once())
        .await?;
    Ok(())
}

/// An event's name, as Matrix takes it.
pub(crate) fn event(message: &MessageKey) -> Result<OwnedEventId, SendError> {
    EventId::parse(&message.0).map_err(|error| SendError::Refused {
        why: format!("{message} is no event: {error}"),
    })
}

impl ChatPlatform for Outbound {
    fn platform(&self) -> Platform {
        PLATFORM
    }

    fn pace(&self) -> EditRate {
        EditRate {
            least: Duration::from_secs(2),
            most: Duration::from_secs(60),
        }
    }

    async fn post(&self, posting: &Posting) -> Result<MessageKey, SendError> {
        let room = self.room(&posting.place)?;
        let drawn = self.draw(&posting.card, &room).await;
        let content = content::card(&drawn, &posting.key, posting.thread.as_ref());
        Ok(send(&room, content, &posting.key).await?)
    }

    /// A room's threads are in its one timeline.
    async fn find(
        &self,
        place: &PlaceKey,
        _thread: Option<&MessageKey>,
        key: &SendKey,
    ) -> Result<Option<MessageKey>, SendError> {
        let room = self.room(place)?;
        let mut from: Option<String> = None;
        for _ in 0..PAGES {
            let mut options = MessagesOptions::backward().from(from.as_deref());
            options.limit = uint!(100);
            options.filter.senders = Some(vec![self.own.clone()]);
            options.filter.types = Some(vec![
                "m.room.message".to_owned(),
                "m.room.encrypted".to_owned(),
            ]);
            let page = room.messages(options).await.map_err(Failure::from)?;
            let mut chunk = page.chunk;
            crypto::unlock(&room, &mut chunk).await?;
            let own = chunk
                .iter()
                .filter_map(|event| inbound::own_key(self.own.as_str(), event.raw().json().get()));
            if let Some((_, message)) = own.into_iter().find(|(found, _)| found == key) {
                return Ok(Some(message));
            }
            match page.end {
                Some(end) if from.as_ref() != Some(&end) => from = Some(end),
                Some(_) | None => break,
            }
        }
        Ok(None)
    }

    async fn edit(&self, editing: &Editing) -> Result<(), SendError> {
        let room = self.room(&editing.place)?;
        let drawn = self.draw(&editing.card, &room).await;
        send(&room, content::edit(&drawn, &editing.message), &editing.key).await?;
        Ok(())
    }

    async fn remove(&self, removing: &Removing) -> Result<(), SendError> {
        let room = self.room(&removing.place)?;
        let message = event(&removing.message)?;
        let by = match removing.whose {
            Whose::Own => Some(self.own.clone()),
            // Anybody can send what pretends to change another's message.
            Whose::Theirs => sender(&room, &message).await?,
        };
        let edits = match by {
            Some(by) => edits(&room, &by, &message).await?,
            None => Vec::new(),
        };
        // The message goes last: while it stands, its edits can be listed.
        let mut gone = futures_util::stream::iter(edits.into_iter().map(|edit| {
            let (room, name) = (room.clone(), format!("{}.{edit}", removing.key));
            async move { redact(&room, edit, &name).await }
        }))
        .buffer_unordered(AT_ONCE);
        while let Some(gone) = gone.next().await {
            gone.map_err(not_for_us)?;
        }
        crash::here(Point::HalfRemoved);
        redact(&room, message, &removing.key.0)
            .await
            .map_err(not_for_us)
    }

    /// A room's threads have no names.
    async fn name(&self, _: &Naming) -> Result<(), SendError> {
        Ok(())
    }

    async fn tell(&self, telling: &Telling) -> Result<(), SendError> {
        let about = self.room(&telling.place)?;
        let said = (&telling.card, &telling.key);
        let told = self
            .alone(&about, &telling.person, Solicited::No, said)
            .await;
        // Whoever can't be invited can't be told.
        told.map_err(not_for_us)
    }
}

/// What the bot may not besides speaking, such as taking messages away, it may not: nothing waits for that.
fn not_for_us(failure: Failure) -> SendError {
    match failure {
        Failure::Closed { why } => SendError::Refused { why },
        Failure::Unreachable { .. }
        | Failure::Slower { .. }
        | Failure::Trouble { .. }
        | Failure::LoggedOut { .. }
        | Failure::Refused { .. } => failure.into(),
    }
}

/// Who sent a message; none where that is not known.
async fn sender(room: &Room, message: &OwnedEventId) -> Result<Option<OwnedUserId>, Failure> {
    match room.event(message, None).await.map_err(Failure::from) {
        Ok(event) => Ok(event.sender()),
        Err(Failure::Refused { .. } | Failure::Closed { .. }) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The edits of a message by whoever sent it: taking the message away leaves them.
async fn edits(
    room: &Room,
    by: &OwnedUserId,
    message: &OwnedEventId,
) -> Result<Vec<OwnedEventId>, Failure> {
    let mut edits = Vec::new();
    let mut from = None;
    loop {
        let options = RelationsOptions {
            from,
            limit: Some(uint!(100)),
            include_relations: IncludeRelations::RelationsOfType(RelationType::Replacement),
            ..RelationsOptions::default()
        };
        let page = match room
            .relations(message.clone(), options)
            .await
            .map_err(Failure::from)
        {
            Ok(page) => page,
            // The message is not there: nothing hangs on it.
            Err(Failure::Refused { .. }) => return Ok(edits),
            Err(failure) => return Err(failure),
        };
        let own = |edit: &&matrix_sdk::deserialized_responses::TimelineEvent| {
            edit.sender().as_ref() == Some(by)
        };
        edits.extend(
            page.chunk
                .iter()
                .filter(own)
                .filter_map(|edit| edit.event_id()),
        );
        match page.next_batch_token {
            Some(next) => from = Some(next),
            None => return Ok(edits),
        }
    }
}
