//! The sync loop: one long poll after the other, all that a response brings, then the cursor.
//!
//! The SDK's own loops pause after quick answers, and its handlers hold each other up; so the responses are read here.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bot_core::crash::{self, Point};
use bot_core::engine::Stop;
use bot_core::platform::{Place, PlaceKey, Platform};
use bot_core::settings::Login;
use matrix_sdk::ruma::OwnedRoomId;
use matrix_sdk::ruma::events::MessageLikeEventType::RoomMessage;
use matrix_sdk::sync::{RoomUpdates, Timeline};
use matrix_sdk::{Client, Error, Room};
use tokio::task::JoinSet;

use crate::asking::{Asking, Told};
use crate::backoff::Backoff;
use crate::ear::{Again, Ear, End, Left, Timeframe};
use crate::failure::Failure;
use crate::fault::MatrixFault;
use crate::joins::{self, Invites};
use crate::keep;
use crate::login::{self, Standing};
use crate::members::Tells;
use crate::persist::persist;
use crate::rest::Rest;
use crate::rooms;
use crate::session::{Cursor, Knows, blocking};
use crate::timeline;
use crate::undecrypted::{self, Hint, News, Undecrypted};

/// The waits while it can't be reached.
const FIRST: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(60);
/// How many rooms of a response are heard at once.
const ROOMS_AT_ONCE: usize = 16;

/// The loop and where it stands.
pub(crate) struct Listener {
    pub client: Client,
    pub rest: Rest,
    pub ear: Arc<Ear>,
    pub invites: Invites,
    pub cursor: Cursor,
    pub undecrypted: Undecrypted,
    pub knows: Knows,
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
    /// Listens until the stop, or until the session has to be taken up again. `caught_up` is called when the first response is
    /// dealt with.
    pub(crate) async fn listen(
        mut self,
        stop: Stop,
        caught_up: impl FnOnce() + Send,
    ) -> Result<Over, MatrixFault> {
        let mut caught_up = Some(caught_up);
        let mut backoff = Backoff::new(FIRST, MOST);
        let client = self.client.clone();
        let mut news = undecrypted::news(&client).await;
        while !stop.is_requested() {
            let asking = Asking {
                since: self.cursor.at().map(str::to_owned),
                knows: self.knows,
                first: caught_up.is_some(),
            };
            // A task of its own, so that the SDK never stands still in the middle of a response. Dropped, it ends.
            let mut sync = JoinSet::new();
            let through = client.clone();
            sync.spawn(async move { asking.ask(&through).await });
            let response = loop {
                let next = self.undecrypted.next(&mut news);
                let news = tokio::select! {
                    Some(response) = sync.join_next() => break Some(response.map_err(End::from)?),
                    () = stop.requested() => break None,
                    // Before the first response it is not known what was missed.
                    news = next, if caught_up.is_none() => news,
                };
                match self.look_again(&news).await {
                    Ok(()) => {}
                    Err(End::Stop) => break None,
                    Err(end) => return Err(end.into()),
                }
            };
            sync.shutdown().await;
            // Without the stop it is the session that has ended: the next sync says so.
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
            let Told { next, rooms, knows } = response;
            let tells = match (self.knows, knows) {
                (Knows::All, Knows::All) => Tells::Everything,
                (Knows::Nothing, _) | (_, Knows::Nothing) => Tells::NotAll,
            };
            self.ear.members.hear(&rooms, tells);
            let first = caught_up.is_some();
            // The SDK gives the same response only once: what the homeserver did not let be answered is dealt with again here.
            let taken = loop {
                match self.take(rooms.clone(), received, first, &stop).await {
                    Err(End::Stop) if !stop.is_requested() => {}
                    taken => break taken,
                }
                if let Some(Failed::Expired) = self.doubted().await? {
                    return Ok(Over::Expired);
                }
                tokio::select! {
                    () = tokio::time::sleep(backoff.wait(None)) => {}
                    () = stop.requested() => return Ok(Over::Stop),
                }
            };
            match taken {
                Ok(()) => {
                    crash::here(Point::BeforeCursor);
                    self.cursor.advance(next).await?;
                    crash::here(Point::AfterCursor);
                }
                Err(End::Stop) => continue,
                Err(end) => return Err(end.into()),
            }
            backoff.reset();
            self.knows = knows;
            if let Some(caught_up) = caught_up.take() {
                caught_up();
            }
        }
        Ok(Over::Stop)
    }

    /// Deals with all that a response brings.
    async fn take(
        &mut self,
        rooms: RoomUpdates,
        received: Instant,
        first: bool,
        stop: &Stop,
    ) -> Result<(), End> {
        if first {
            let (client, ear) = (&self.client, &self.ear);
            persist("finding the rooms of the settings", stop, || {
                joins::resolve(client, &ear.settings, &ear.named)
            })
            .await?;
        }
        let since = self.cursor.at().map(str::to_owned);
        let mut joined: Vec<(Room, Timeline)> = Vec::new();
        let mut there: Vec<Room> = Vec::new();
        for (id, update) in rooms.joined {
            let Some(room) = self.room(&id) else { continue };
            // What a room is only changes with its state: talk alone costs no look.
            if !self.opened.contains_key(&id) || timeline::has_state(&update) {
                there.push(room.clone());
            }
            joined.push((room, update.timeline));
        }
        if first {
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
        }
        self.open(there).await?;
        // Before the first cursor everything is history.
        let mut left = Left::default();
        if let Some(since) = since {
            left = self.hear(joined, Timeframe::Since(since), received).await?;
        }
        // Before the cursor moves on, what could not be heard is kept.
        self.undecrypted.add(left.held).await?;
        let mut private = left.private;
        for (id, update) in rooms.left {
            if self.cursor.at().is_some()
                && let Some(room) = self.room(&id)
            {
                let timeline = vec![(room, update.timeline)];
                let heard = self.hear(timeline, Timeframe::AsItIs, received).await?;
                private.extend(heard.private);
            }
            if self.opened.remove(&id).is_some() {
                tracing::info!(room = %id, "the bot is not in the room any more");
            }
            let place = PlaceKey(id.to_string());
            let closed = self.ear.core.place_closed(Platform::Matrix, &place).await;
            self.ear.core_did("closing a place", closed)?;
        }
        self.ear.say_alone(private).await?;
        let invited = rooms.invited.keys();
        let mut invited: Vec<Room> = invited.filter_map(|id| self.client.get_room(id)).collect();
        if first {
            invited = self.client.invited_rooms();
        }
        for room in &invited {
            self.invites.consider(room).await;
        }
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
            let (ear, known) = (
                Arc::clone(&self.ear),
                self.opened.get(room.room_id()).cloned(),
            );
            async move {
                let before = rooms::left_behind(&room);
                if before
                    .as_ref()
                    .is_some_and(|before| ear.named.has(before.room_id()))
                {
                    ear.named.add(room.room_id().to_owned());
                }
                let place = ear.place(&room, None).await?;
                let powers = room.power_levels_or_default().await;
                let voice = match powers.user_can_send_message(&ear.own, RoomMessage) {
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
                            ear.core.place_moved(Platform::Matrix, &from, &place).await
                        }
                        None => ear.core.place_opened(Platform::Matrix, &place).await,
                    };
                    ear.core_did("opening a place", opened)?;
                }
                Ok((room.room_id().to_owned(), (place, voice)))
            }
        });
        let opened = some_at_once(opening).await?;
        self.opened.extend(opened);
        Ok(())
    }

    /// Looks again at what could not be decrypted, as far as the news concern it: each room in its order.
    async fn look_again(&mut self, news: &News) -> Result<(), End> {
        let mut private = Vec::new();
        let mut changed = false;
        for place in self.undecrypted.rooms() {
            let Some(room) = rooms::joined(&self.client, &place) else {
                self.undecrypted.leave(&place);
                changed = true;
                continue;
            };
            let mut sealed = HashSet::new();
            for (held, is_concerned) in self.undecrypted.concerned(&place, news) {
                let hangs = held.about.as_ref();
                let waits = hangs.is_some_and(|about| sealed.contains(about))
                    || (held.session.is_some() && !is_concerned);
                let again = match waits {
                    true => Again::Sealed,
                    false => self.ear.again(&room, &held.event).await?,
                };
                match again {
                    Again::Done(left) => {
                        private.extend(left.private);
                        self.undecrypted.done(&held.event);
                        changed = true;
                    }
                    Again::Sealed => {
                        if *news == News::Late && !waits && held.hint == Hint::Due {
                            if !self.undecrypted.is_told(&place, &held.by) {
                                tracing::info!(room = %place, "a message can’t be decrypted; its sender is told");
                                self.ear.hint(&room, &held.event).await?;
                            }
                            self.undecrypted.told(&held.event);
                            changed = true;
                        }
                        sealed.insert(held.event);
                    }
                }
            }
        }
        self.ear.say_alone(private).await?;
        if changed {
            self.undecrypted.keep().await?;
        }
        Ok(())
    }

    /// Hears rooms, several at once, each in its own order.
    async fn hear(
        &self,
        rooms: Vec<(Room, Timeline)>,
        frame: Timeframe,
        received: Instant,
    ) -> Result<Left, End> {
        let hearing = rooms
            .into_iter()
            .filter(|(_, timeline)| !timeline.events.is_empty() || timeline.limited)
            .map(|(room, timeline)| {
                let (ear, frame) = (Arc::clone(&self.ear), frame.clone());
                let place = PlaceKey(room.room_id().to_string());
                let waiting = self.undecrypted.ids(&place);
                async move { ear.hear(&room, &timeline, frame, received, waiting).await }
            });
        let mut all = Left::default();
        for left in some_at_once(hearing).await? {
            all.private.extend(left.private);
            all.held.extend(left.held);
        }
        Ok(all)
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
            &self.ear.settings.login,
        ) {
            // Nobody says so but a homeserver that is coming or going.
            (Standing::Good, _) => Ok(None),
            (Standing::Expired, Login::Password(_)) => Ok(Some(Failed::Expired)),
            (Standing::Expired, Login::Token(_)) => {
                let why = "it has expired".to_owned();
                Err(self.logged_out(why).await)
            }
            (Standing::Ended { why }, _) => Err(self.logged_out(why).await),
        }
    }

    /// Forgets the session, so that the next start logs in anew.
    async fn logged_out(&self, why: String) -> MatrixFault {
        let dir = self.dir.clone();
        let forgotten = blocking(move || {
            keep::forget(&dir);
            Ok(())
        });
        if let Err(fault) = forgotten.await {
            return fault;
        }
        match self.ear.settings.login {
            Login::Password(_) => MatrixFault::LoggedOut {
                user: self.ear.own.to_string(),
                why,
            },
            Login::Token(_) => MatrixFault::Token { why },
        }
    }
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
