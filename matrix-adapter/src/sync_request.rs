//! Asks the homeserver for news, and makes the best of its answer.

use std::time::Duration;

use matrix_sdk::config::{SyncSettings, SyncToken};
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::api::client::filter::{Filter, FilterDefinition, RoomEventFilter};
use matrix_sdk::ruma::api::client::sync::sync_events::v3;
use matrix_sdk::ruma::uint;
use matrix_sdk::sync::{JoinedRoomUpdate, LeftRoomUpdate, RoomUpdates, Timeline};
use matrix_sdk::{Client, Error};

use crate::plain_response::{self, KeysLeft};
use crate::session::{Knows, TIMEOUT};

/// How long the homeserver may wait for something to tell.
const POLL: Duration = Duration::from_secs(30);

/// A question for news.
pub(crate) struct Asking {
    /// The sync token after which they are new; none where everything is.
    pub since: Option<String>,
    /// What the SDK's store knows already.
    pub knows: Knows,
    /// Whether it is the first: nobody waits for its answer, as it tells what was missed.
    pub first: bool,
    /// The keys left of which the SDK was told last.
    pub keys: Option<KeysLeft>,
}

/// What is new.
pub(crate) struct Told {
    /// The sync token up to which this is all.
    pub next: String,
    /// What happened in the rooms.
    pub rooms: RoomUpdates,
    /// What the SDK's store knows now.
    pub knows: Knows,
    /// The keys left of which it was told last.
    pub keys: Option<KeysLeft>,
}

impl Asking {
    /// Asks. Where people only talked, the SDK is spared.
    pub(crate) async fn ask(mut self, client: &Client) -> Result<Told, Error> {
        let mut timeout = if self.first { Duration::ZERO } else { POLL };
        if !self.first && self.knows == Knows::All {
            let response = self.response(client, timeout).await?;
            let (next, keys) = (response.next_batch.clone(), Some(KeysLeft::of(&response)));
            if keys == self.keys
                && let Some(rooms) = plain_response::only(client, response).await?
            {
                return Ok(Told {
                    next,
                    rooms,
                    knows: Knows::All,
                    keys,
                });
            }
            self.keys = keys;
            timeout = Duration::ZERO;
        }
        match client.sync_once(self.settings(timeout)).await {
            Ok(response) => Ok(Told {
                next: response.next_batch,
                rooms: response.rooms,
                knows: Knows::All,
                keys: self.keys,
            }),
            Err(Error::SerdeJson(error)) => {
                tracing::debug!(%error, "a response has something in it of which the SDK can make nothing");
                self.read(client).await
            }
            Err(error) => Err(error),
        }
    }

    /// Asks again, and reads the answer without the SDK: one event without a type, and it would give up all the others in
    /// the response. It has kept what it could read; what was new to it meanwhile it asks for with the next response.
    async fn read(&self, client: &Client) -> Result<Told, Error> {
        let response = self.response(client, Duration::ZERO).await?;
        let mut rooms = RoomUpdates::default();
        for (id, room) in response.rooms.join {
            let update = JoinedRoomUpdate {
                timeline: timeline(room.timeline),
                ..JoinedRoomUpdate::default()
            };
            rooms.joined.insert(id, update);
        }
        for (id, room) in response.rooms.leave {
            let update = LeftRoomUpdate {
                timeline: timeline(room.timeline),
                ..LeftRoomUpdate::default()
            };
            rooms.left.insert(id, update);
        }
        rooms.invited = response.rooms.invite;
        Ok(Told {
            next: response.next_batch,
            rooms,
            knows: Knows::Nothing,
            keys: None,
        })
    }

    /// The homeserver's answer as it is, for which it may wait so long.
    async fn response(&self, client: &Client, timeout: Duration) -> Result<v3::Response, Error> {
        let mut request = v3::Request::new();
        request.since = self.since.clone();
        request.filter = Some(v3::Filter::FilterDefinition(filter(self.knows)));
        request.use_state_after = true;
        request.timeout = Some(timeout);
        let config = client.request_config().timeout(TIMEOUT + timeout);
        Ok(client.send(request).with_request_config(config).await?)
    }

    fn settings(&self, timeout: Duration) -> SyncSettings {
        let token = match &self.since {
            Some(since) => SyncToken::Specific(since.clone()),
            None => SyncToken::NoToken,
        };
        SyncSettings::new()
            .token(token)
            .full_state(self.knows == Knows::Nothing)
            .timeout(timeout)
            .filter(v3::Filter::FilterDefinition(filter(self.knows)))
    }
}

/// A timeline as it came: what is encrypted in it waits to be looked at again.
fn timeline(timeline: v3::Timeline) -> Timeline {
    let events = timeline.events.into_iter();
    Timeline {
        limited: timeline.limited,
        prev_batch: timeline.prev_batch,
        events: events.map(TimelineEvent::from_plaintext).collect(),
    }
}

/// What is of no use is not sent: presence, receipts, typing.
///
/// People come with what they say only where everything is asked for. Later on that would cost more than it saves: with each of
/// the bot's own messages Synapse then tells that it is in the room, takes that for a change of its devices, and has its keys
/// asked for anew; what is to be encrypted meanwhile waits.
fn filter(knows: Knows) -> FilterDefinition {
    let mut filter = FilterDefinition::default();
    filter.presence = Filter::ignore_all();
    filter.room.ephemeral = RoomEventFilter::ignore_all();
    filter.room.account_data = RoomEventFilter::ignore_all();
    if knows == Knows::Nothing {
        filter.room.state = RoomEventFilter::with_lazy_loading();
        filter.room.timeline = RoomEventFilter::with_lazy_loading();
    }
    filter.room.timeline.limit = Some(uint!(100));
    filter
}
