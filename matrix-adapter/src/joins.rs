//! Getting into rooms: those that the settings name, and those that people invite the bot to. Off the sync loop, with
//! patience: the first try to join over federation is often refused.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::engine::Stop;
use bot_core::settings::MatrixSettings;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use matrix_sdk::ruma::{
    OwnedRoomId, OwnedRoomOrAliasId, OwnedServerName, RoomAliasId, RoomId, RoomOrAliasId,
};
use matrix_sdk::{Client, Room, RoomState};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::failure::Failure;
use crate::rooms::Named;

/// The longest wait.
const MOST: Duration = Duration::from_secs(300);
/// The waits between tries.
const WAITS: Doubling = Doubling::new(Duration::from_secs(2), MOST);
/// How often an invitation is tried before it is left alone, about half an hour.
const TRIES: u32 = 12;
/// How many invitations may wait to be looked at; a further one is found at the next start.
const WAITING: usize = 1_024;
/// How many joins are under way at once.
const AT_ONCE: usize = 8;

/// Whose invitations are followed, and where they go.
pub(crate) struct Invites {
    settings: Arc<MatrixSettings>,
    named: Arc<Named>,
    send: mpsc::Sender<PendingJoin>,
}

/// A room that is to be joined, and the servers that know it.
struct PendingJoin {
    room: OwnedRoomOrAliasId,
    via: Vec<OwnedServerName>,
    kind: JoinReason,
}

/// What waits to be joined.
pub(crate) struct Joins {
    client: Client,
    named: Arc<Named>,
    receive: mpsc::Receiver<PendingJoin>,
    waiting: BTreeMap<OwnedRoomOrAliasId, Try>,
}

/// A room that could not be joined yet.
struct Try {
    kind: JoinReason,
    via: Vec<OwnedServerName>,
    at: Instant,
    failed: u32,
    backoff: Backoff,
}

/// Why a room is to be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum JoinReason {
    /// The settings name it: it is tried for ever.
    Named,
    /// Somebody invited the bot.
    Invited,
    /// It took the place of a room that the bot is in: it is tried for ever.
    Successor,
}

/// Both ends.
pub(crate) fn joins(
    client: Client,
    settings: Arc<MatrixSettings>,
    named: Arc<Named>,
) -> (Invites, Joins) {
    let (send, receive) = mpsc::channel(WAITING);
    let joins = Joins {
        client,
        named: Arc::clone(&named),
        receive,
        waiting: BTreeMap::new(),
    };
    let invites = Invites {
        settings,
        named,
        send,
    };
    (invites, joins)
}

/// Whose invitations are followed, for the operator; `own` is the bot's user id.
pub(crate) fn welcome(settings: &MatrixSettings, own: &str) -> String {
    match &settings.allow_invites_from {
        Some(patterns) => patterns.to_string(),
        None => {
            let server = own.split_once(':').map_or("", |(_, server)| server);
            format!("@*:{server}")
        }
    }
}

impl Invites {
    /// Follows an invitation, if it comes from somebody whose are, or to a room that the settings name.
    pub(crate) async fn consider(&self, room: &Room) {
        if room.state() != RoomState::Invited {
            return;
        }
        let inviter = room.invite_details().await.map(|invite| invite.inviter_id);
        let welcome = inviter.as_ref().is_ok_and(|inviter| {
            let allowed = match &self.settings.allow_invites_from {
                Some(patterns) => patterns.fit(inviter.as_str()),
                None => inviter.server_name() == room.own_user_id().server_name(),
            };
            allowed && !self.settings.ignore.fit(inviter.as_str())
        });
        if welcome || self.named.has(room.room_id()) || is_successor(room) {
            self.want(PendingJoin {
                room: room.room_id().to_owned().into(),
                via: Vec::new(),
                kind: JoinReason::Invited,
            });
        } else {
            tracing::info!(room = %room.room_id(), "an invitation is not followed: `matrix.allow_invites_from` does not name who sent it (where it is not set, only the bot's own server is welcome)");
        }
    }

    /// Follows a room to the one that takes its place, if there is one and the bot is not there yet.
    pub(crate) async fn follow(&self, room: &Room) {
        let Some(successor) = room.successor_room() else {
            return;
        };
        let there = room.client().get_room(&successor.room_id);
        if there.is_some_and(|there| there.state() == RoomState::Joined) {
            return;
        }
        tracing::info!(room = %room.room_id(), successor = %successor.room_id, "the room was upgraded; following it");
        self.want(PendingJoin {
            room: successor.room_id.into(),
            // Those who upgraded it are there first.
            via: room.route().await.unwrap_or_default(),
            kind: JoinReason::Successor,
        });
    }

    fn want(&self, wanted: PendingJoin) {
        if let Err(full) = self.send.try_send(wanted) {
            let room = full.into_inner().room;
            tracing::warn!(%room, "too many rooms to be joined at once; this one is joined at the next start");
        }
    }
}

/// Whether a room takes the place of one that the bot is in.
fn is_successor(room: &Room) -> bool {
    let joined = room.client().joined_rooms();
    joined.iter().any(|left| {
        left.successor_room()
            .is_some_and(|successor| successor.room_id == room.room_id())
    })
}

/// Finds out which rooms the settings name. An alias that can't be resolved now is left to [`Joins`].
pub(crate) async fn resolve(
    client: &Client,
    settings: &MatrixSettings,
    named: &Named,
) -> Result<(), Failure> {
    for room in &settings.rooms {
        if let Ok(id) = RoomId::parse(room) {
            named.add(id);
        } else if let Ok(alias) = RoomAliasId::parse(room) {
            match client
                .resolve_room_alias(&alias)
                .await
                .map_err(Failure::from)
            {
                Ok(found) => named.add(found.room_id),
                Err(failure @ (Failure::Closed { .. } | Failure::Refused { .. })) => {
                    tracing::warn!(
                        room,
                        why = failure.why(),
                        "a room of `matrix.rooms` is not known to the homeserver; see whether its alias is right"
                    );
                }
                Err(failure) => return Err(failure),
            }
        } else {
            tracing::warn!(
                room,
                "an entry of `matrix.rooms` is neither a room's id (!…) nor an alias (#…)"
            );
        }
    }
    Ok(())
}

impl Joins {
    /// Joins until the stop.
    pub(crate) async fn serve(mut self, settings: Arc<MatrixSettings>, stop: Stop) {
        for room in &settings.rooms {
            if let Ok(room) = RoomOrAliasId::parse(room) {
                self.wait(PendingJoin {
                    room,
                    via: Vec::new(),
                    kind: JoinReason::Named,
                });
            }
        }
        let mut under_way: FuturesUnordered<BoxFuture<'static, Tried>> = FuturesUnordered::new();
        loop {
            let now = Instant::now();
            let free = AT_ONCE.saturating_sub(under_way.len());
            for (room, via) in self.due(now, free) {
                under_way.push(Box::pin(join(self.client.clone(), room, via)));
            }
            let next = match free {
                0 => None,
                _ => self.waiting.values().map(|waiting| waiting.at).min(),
            };
            let timer = async {
                match next {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.requested() => return,
                Some((room, joined)) = under_way.next() => self.tried(room, joined),
                Some(wanted) = self.receive.recv() => self.wait(wanted),
                () = timer => {}
            }
        }
    }

    /// Puts a room on the list, to be tried at once: an invitation may open what was closed before.
    fn wait(&mut self, wanted: PendingJoin) {
        let PendingJoin { room, via, kind } = wanted;
        let now = Instant::now();
        let waiting = self.waiting.entry(room).or_insert_with(|| Try {
            kind,
            via,
            at: now,
            failed: 0,
            backoff: Backoff::new(WAITS, System),
        });
        waiting.at = waiting.at.min(now);
    }

    /// The rooms that are to be tried now, at most so many; they are not due again before their outcome is known.
    fn due(
        &mut self,
        now: Instant,
        most: usize,
    ) -> Vec<(OwnedRoomOrAliasId, Vec<OwnedServerName>)> {
        let due = self
            .waiting
            .iter_mut()
            .filter(|(_, waiting)| waiting.at <= now);
        due.take(most)
            .map(|(room, waiting)| {
                waiting.at = now + MOST;
                (room.clone(), waiting.via.clone())
            })
            .collect()
    }

    /// Notes what came of a try.
    fn tried(&mut self, room: OwnedRoomOrAliasId, joined: Result<OwnedRoomId, Failure>) {
        let Some(waiting) = self.waiting.get_mut(&room) else {
            return;
        };
        match joined {
            Ok(id) => {
                if waiting.kind == JoinReason::Named {
                    self.named.add(id);
                }
                self.waiting.remove(&room);
            }
            Err(failure) => {
                waiting.failed += 1;
                let why = failure.why();
                match waiting.kind {
                    JoinReason::Named if waiting.failed == 1 => {
                        tracing::warn!(%room, why, "a room of `matrix.rooms` can't be joined yet; invite the bot, or see whether the name is right");
                    }
                    JoinReason::Invited if waiting.failed >= TRIES => {
                        tracing::warn!(%room, why, "an invitation could not be followed; it is tried again at the next start");
                        self.waiting.remove(&room);
                        return;
                    }
                    JoinReason::Named | JoinReason::Invited | JoinReason::Successor => {
                        tracing::debug!(%room, why, "a room can't be joined yet");
                    }
                }
                waiting.at = Instant::now() + waiting.backoff.wait(failure.after());
            }
        }
    }
}

/// A try to join, and what came of it.
type Tried = (OwnedRoomOrAliasId, Result<OwnedRoomId, Failure>);

async fn join(client: Client, room: OwnedRoomOrAliasId, via: Vec<OwnedServerName>) -> Tried {
    let known = <&RoomId>::try_from(&*room)
        .ok()
        .and_then(|id| client.get_room(id));
    if let Some(known) = known.filter(|known| known.state() == RoomState::Joined) {
        return (room, Ok(known.room_id().to_owned()));
    }
    let joined = client.join_room_by_id_or_alias(&room, &via).await;
    let joined = joined.map(|joined| joined.room_id().to_owned());
    (room, joined.map_err(Failure::from))
}
