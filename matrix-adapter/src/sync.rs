//! The sync loop: one long poll after the other, what a response brings to each room, and the cursor as far as all is done.
//!
//! The SDK's own loops pause after quick answers, and its handlers hold each other up; so the responses are read here.

use std::collections::HashMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::crash::{self, Point};
use bot_core::engine::{Stop, Stopper};
use bot_core::platform::{Place, PlaceKey, PlaceKind};
use bot_core::settings::Login;
use matrix_sdk::ruma::OwnedRoomId;
use matrix_sdk::ruma::events::MessageLikeEventType::RoomMessage;
use matrix_sdk::sync::RoomUpdates;
use matrix_sdk::{Client, Error, Room};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::PLATFORM;
use crate::event_handler::{End, EventHandler};
use crate::failure::Failure;
use crate::fault::MatrixFault;
use crate::joins::{self, Invites};
use crate::lane::{Gap, RoomBatch};
use crate::lanes::Lanes;
use crate::login::{self, SessionState};
use crate::members::Tells;
use crate::persist::persist;
use crate::plain_response::KeysLeft;
use crate::progress::SyncProgress;
use crate::rest::Rest;
use crate::rooms;
use crate::saved_session;
use crate::session::{Cursor, Knows, blocking};
use crate::sync_request::{Asking, Told};
use crate::timeline;
use crate::undecrypted;
use futures_util::StreamExt as _;

/// The waits while it can't be reached.
const WAITS: Doubling = Doubling::new(Duration::from_millis(500), Duration::from_secs(60));
/// How many rooms of a response are opened at once.
const ROOMS_AT_ONCE: usize = 16;
/// How long the cursor waits at least after it was kept.
const PAUSE: Duration = Duration::from_secs(1);

/// The loop and where it stands.
pub(crate) struct Listener {
    pub client: Client,
    pub rest: Rest,
    pub handler: Arc<EventHandler>,
    pub invites: Invites,
    pub cursor: Cursor,
    /// When it was kept last.
    pub kept_at: tokio::time::Instant,
    /// The sync token of the last response.
    pub at: Option<String>,
    /// Whether no response came yet.
    pub first: bool,
    pub progress: SyncProgress,
    pub lanes: Lanes,
    /// Has the rooms finish what they began.
    pub stopper: Arc<Stopper>,
    /// That the session may have ended.
    pub doubts: mpsc::Receiver<()>,
    pub knows: Knows,
    /// The device's keys left of which the SDK was told last.
    pub keys: Option<KeysLeft>,
    /// The adapter's folder, and that of the SDK's store in it.
    pub dir: PathBuf,
    pub store: PathBuf,
    /// The places that the core was told of, as it was told of them.
    pub opened: HashMap<OwnedRoomId, (Place, Voice)>,
    pub reach: Reach,
}

/// Why listening ended in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// The stop came.
    Stop,
    /// The session has expired: it can be taken up again by logging in on the same device.
    Expired,
}

/// What is to be done about a sync that failed.
enum Failed {
    /// Try again, after as long as the homeserver asked for.
    Wait(Option<Duration>),
    /// The session has expired.
    Expired,
}

/// Whether the bot may write in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    May,
    MayNot,
}

/// Whether the homeserver answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Not yet asked.
    #[default]
    Unknown,
    Answers,
    Silent,
}

impl Listener {
    /// Listens until the stop, or until the session has to be taken up again. `caught_up` is called when it is known what was
    /// missed.
    pub(crate) async fn listen(
        mut self,
        stop: Stop,
        caught_up: impl FnOnce() + Send,
    ) -> Result<Over, MatrixFault> {
        let over = self.listen_until(&stop, caught_up).await;
        if over.is_ok() {
            // Without the stop it is the session that has ended: nothing can be answered any more.
            self.stopper.request();
            self.lanes.finished().await?;
        }
        // Also where the session has ended for good: the next one goes on from there.
        if let Some(done) = self.progress.done() {
            let kept = self.cursor.advance(done).await;
            if over.is_ok() {
                kept?;
            }
        }
        over
    }

    async fn listen_until(
        &mut self,
        stop: &Stop,
        caught_up: impl FnOnce() + Send,
    ) -> Result<Over, MatrixFault> {
        let mut caught_up = Some(caught_up);
        let mut unread: Option<mpsc::Receiver<()>> = None;
        let mut backoff = Backoff::new(WAITS, System);
        let client = self.client.clone();
        let mut news = undecrypted::news(&client).await;
        while !stop.is_requested() {
            let asking = Asking {
                since: self.at.clone(),
                knows: self.knows,
                first: self.first,
                keys: self.keys.clone(),
            };
            // A task of its own, so that the SDK never stands still in the middle of a response. Dropped, it ends.
            let mut sync = JoinSet::new();
            let through = client.clone();
            sync.spawn(async move { asking.ask(&through).await });
            let response = loop {
                let read = async {
                    match &mut unread {
                        Some(unread) => unread.recv().await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    Some(response) = sync.join_next() => break Some(response.map_err(End::from)?),
                    () = stop.requested() => break None,
                    // All rooms have read what they missed.
                    _ = read => {
                        unread = None;
                        if let Some(caught_up) = caught_up.take() {
                            caught_up();
                        }
                    }
                    // Before the first response it is not known what was missed.
                    Some(news) = news.next(), if !self.first => self.lanes.look(news),
                    Some(()) = self.doubts.recv() => if let Some(Failed::Expired) = self.doubted().await? {
                        return Ok(Over::Expired);
                    },
                    ended = self.lanes.ended() => ended?,
                    token = due(&self.progress, &self.cursor, self.kept_at) => self.keep(token).await?,
                }
            };
            sync.shutdown().await;
            let Some(response) = response else {
                continue;
            };
            let received = Instant::now();
            let response = match response {
                Ok(response) => response,
                Err(error) => {
                    let asked = match self.failed(&error).await? {
                        Failed::Wait(asked) => asked,
                        Failed::Expired => return Ok(Over::Expired),
                    };
                    let wait = backoff.wait(asked);
                    tokio::select! {
                        () = tokio::time::sleep(wait) => continue,
                        () = stop.requested() => break,
                    }
                }
            };
            crash::here(Point::SyncReceived);
            backoff.reset();
            self.answered();
            let Told {
                next,
                rooms,
                knows,
                keys,
            } = response;
            let tells = match (self.knows, knows) {
                (Knows::All, Knows::All) => Tells::Everything,
                (Knows::Nothing, _) | (_, Knows::Nothing) => Tells::NotAll,
            };
            self.handler.members.hear(&rooms, tells);
            let (send, receive) = mpsc::channel(1);
            // The SDK gives the same response only once: what the homeserver did not let be done is done again here.
            let opened = loop {
                match self.open_all(&rooms, stop).await {
                    Err(End::Stop) if !stop.is_requested() => {}
                    opened => break opened,
                }
                if let Some(Failed::Expired) = self.doubted().await? {
                    return Ok(Over::Expired);
                }
                tokio::select! {
                    () = tokio::time::sleep(backoff.wait(None)) => {}
                    () = stop.requested() => return Ok(Over::Stop),
                }
            };
            match opened {
                Ok(()) => {}
                Err(End::Stop) => continue,
                Err(end) => return Err(end.into()),
            }
            self.give(rooms, &next, received, self.first.then_some(send))
                .await?;
            if self.first {
                self.lanes.resume(&self.client).await?;
                unread = Some(receive);
            }
            backoff.reset();
            self.at = Some(next);
            self.knows = knows;
            self.keys = keys;
            self.first = false;
        }
        Ok(Over::Stop)
    }

    /// Moves the cursor on.
    async fn keep(&mut self, token: String) -> Result<(), MatrixFault> {
        crash::here(Point::BeforeCursor);
        self.cursor.advance(token).await?;
        self.kept_at = tokio::time::Instant::now();
        crash::here(Point::AfterCursor);
        Ok(())
    }

    /// Tells the core of the places that a response speaks of.
    async fn open_all(&mut self, rooms: &RoomUpdates, stop: &Stop) -> Result<(), End> {
        if self.first {
            let (client, handler) = (&self.client, &self.handler);
            persist("finding the rooms of the settings", stop, || {
                joins::resolve(client, &handler.settings, &handler.named)
            })
            .await?;
        }
        let mut there: Vec<Room> = Vec::new();
        for (id, update) in &rooms.joined {
            let Some(room) = self.room(id) else { continue };
            // What a room is only changes with its state: talk alone costs no look.
            if !self.opened.contains_key(id) || timeline::has_state(update) {
                there.push(room);
            }
        }
        if self.first {
            there.extend(
                self.client
                    .joined_rooms()
                    .into_iter()
                    .filter(|room| !room.is_space()),
            );
            there.dedup_by(|one, other| one.room_id() == other.room_id());
        }
        for room in &there {
            self.invites.follow(room).await;
            tokio::select! {
                () = self.lanes.settled(room) => {}
                () = stop.requested() => return Err(End::Stop),
            }
        }
        self.open(there).await
    }

    /// Gives the rooms what a response brings. Before the first cursor everything is history.
    async fn give(
        &mut self,
        rooms: RoomUpdates,
        next: &str,
        received: Instant,
        unread: Option<mpsc::Sender<()>>,
    ) -> Result<(), End> {
        let part = self.progress.begin(next.to_owned());
        let since = self.at.clone();
        let joined = rooms.joined.into_iter().map(|(id, update)| {
            let has_state = timeline::has_state(&update);
            (id, update.timeline, has_state, false)
        });
        let left = rooms.left.into_iter();
        let left = left.map(|(id, update)| (id, update.timeline, true, true));
        for (id, timeline, has_state, is_last) in joined.chain(left) {
            if is_last && self.opened.remove(&id).is_some() {
                tracing::info!(room = %id, "the bot is not in the room any more");
            }
            let (Some(since), Some(room)) = (&since, self.room(&id)) else {
                if is_last {
                    let place = PlaceKey(id.to_string());
                    let closed = self.handler.core.place_closed(PLATFORM, &place).await;
                    self.handler.core_did("closing a place", closed)?;
                }
                continue;
            };
            if timeline.events.is_empty() && !timeline.limited && !has_state {
                continue;
            }
            let gap = timeline.prev_batch.filter(|_| timeline.limited && !is_last);
            let batch = RoomBatch {
                events: timeline.events,
                gap: gap.map(|until| Gap {
                    until,
                    since: since.clone(),
                }),
                has_state,
                is_last,
                received,
                part: part.another(),
                unread: unread.clone(),
            };
            self.lanes.give(&room, batch, next, since);
        }
        let mut invited: Vec<Room> = rooms
            .invited
            .keys()
            .filter_map(|id| self.client.get_room(id))
            .collect();
        if self.first {
            invited = self.client.invited_rooms();
        }
        for room in &invited {
            self.invites.consider(room).await;
        }
        part.done();
        Ok(())
    }

    /// A room for talking in.
    fn room(&self, id: &OwnedRoomId) -> Option<Room> {
        self.client.get_room(id).filter(|room| !room.is_space())
    }

    /// Tells the core of places that are new to it or have changed, and of those where the bot may write again: the core
    /// takes a place that refuses its cards for closed.
    async fn open(&mut self, rooms: Vec<Room>) -> Result<(), End> {
        // Where a room was upgraded, only the newer one is a place.
        let rooms = rooms
            .into_iter()
            .filter(|room| !rooms::is_left_behind(room));
        let opening = rooms.map(|room| {
            let (handler, known) = (
                Arc::clone(&self.handler),
                self.opened.get(room.room_id()).cloned(),
            );
            async move {
                let before = rooms::left_behind(&room);
                if before
                    .as_ref()
                    .is_some_and(|before| handler.named.has(before.room_id()))
                {
                    handler.named.add(room.room_id().to_owned());
                }
                let place = handler.place(&room, None).await?;
                if known.is_none() && !matches!(place.kind, PlaceKind::Direct { .. }) {
                    let name = &place.name;
                    tracing::info!(room = %room.room_id(), name, "serving a room");
                }
                let powers = room.power_levels_or_default().await;
                let voice = match powers.user_can_send_message(&handler.own, RoomMessage) {
                    true => Voice::May,
                    false => Voice::MayNot,
                };
                let same = known.is_some_and(|(known, before)| {
                    known == place && (voice == before || voice == Voice::MayNot)
                });
                if !same {
                    let opened = match before {
                        Some(before) => {
                            let from = PlaceKey(before.room_id().to_string());
                            handler.core.place_moved(PLATFORM, &from, &place).await
                        }
                        None => handler.core.place_opened(PLATFORM, &place).await,
                    };
                    handler.core_did("opening a place", opened)?;
                }
                Ok((room.room_id().to_owned(), (place, voice)))
            }
        });
        let opened = some_at_once(opening).await?;
        self.opened.extend(opened);
        Ok(())
    }

    /// Notes that the homeserver answers.
    fn answered(&mut self) {
        if self.reach == Reach::Silent {
            tracing::info!("the homeserver answers again");
        }
        self.reach = Reach::Answers;
    }

    /// What a failed sync means, or why nothing can go on.
    async fn failed(&mut self, error: &Error) -> Result<Failed, MatrixFault> {
        if !matches!(error, Error::Http(_)) {
            return Err(MatrixFault::Store {
                path: self.store.clone(),
                why: error.to_string(),
            });
        }
        let failure = Failure::from(error);
        if let Failure::LoggedOut { .. } = failure
            && let Some(expired) = self.doubted().await?
        {
            return Ok(expired);
        }
        let why = failure.why();
        if self.reach == Reach::Silent {
            tracing::debug!(why, "the homeserver still does not answer");
        } else {
            tracing::warn!(
                why,
                "the homeserver does not answer; trying again until it does"
            );
            self.reach = Reach::Silent;
        }
        Ok(Failed::Wait(failure.after()))
    }

    /// What it means that the homeserver took the session for none: nothing, unless it says so when it is asked.
    async fn doubted(&mut self) -> Result<Option<Failed>, MatrixFault> {
        let token = self.client.access_token().unwrap_or_default();
        match (
            login::standing(&self.rest, &token).await,
            &self.handler.settings.login,
        ) {
            // Nobody says so but a homeserver that is coming or going.
            (SessionState::Good, _) => Ok(None),
            (SessionState::Expired, Login::Password(_)) => Ok(Some(Failed::Expired)),
            (SessionState::Expired, Login::Token(_)) => {
                let why = "it has expired".to_owned();
                Err(self.logged_out(why).await)
            }
            (SessionState::Ended { why }, _) => Err(self.logged_out(why).await),
        }
    }

    /// Forgets the session, so that the next start logs in anew.
    async fn logged_out(&self, why: String) -> MatrixFault {
        let dir = self.dir.clone();
        let forgotten = blocking(move || {
            saved_session::forget(&dir);
            Ok(())
        });
        if let Err(fault) = forgotten.await {
            return fault;
        }
        match self.handler.settings.login {
            Login::Password(_) => MatrixFault::LoggedOut {
                user: self.handler.own.to_string(),
                why,
            },
            Login::Token(_) => MatrixFault::Token { why },
        }
    }
}

/// The sync token up to which all is done, when it is time to keep it. After a crash all that came after the cursor comes again, and
/// changes nothing: so not each step has to be kept at once.
async fn due(progress: &SyncProgress, cursor: &Cursor, kept_at: tokio::time::Instant) -> String {
    let token = progress.beyond(cursor.at()).await;
    if cursor.at().is_none() {
        // Without any, the next start would take all that was said meanwhile for history.
        return token;
    }
    tokio::time::sleep_until(kept_at + PAUSE).await;
    progress.beyond(cursor.at()).await
}

/// Runs them all, a few at a time. All are finished even where one fails.
async fn some_at_once<T, F>(work: impl Iterator<Item = F>) -> Result<Vec<T>, End>
where
    T: Send + 'static,
    F: Future<Output = Result<T, End>> + Send + 'static,
{
    let mut work = work;
    let mut tasks = JoinSet::new();
    let mut done = Vec::new();
    let mut end = None;
    loop {
        while end.is_none() && tasks.len() < ROOMS_AT_ONCE {
            match work.next() {
                Some(next) => drop(tasks.spawn(next)),
                None => break,
            }
        }
        match tasks.join_next().await {
            Some(Ok(Ok(finished))) => done.push(finished),
            Some(Ok(Err(failed))) => end = Some(failed),
            Some(Err(died)) => end = Some(died.into()),
            None => return end.map_or(Ok(done), Err),
        }
    }
}
