//! Hears what happened in a room: tells the core, in order, and has its answers sent.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use bot_core::crash::{self, Point};
use bot_core::engine::{Core, Fault, Stop};
use bot_core::platform::{
    Audience, Incoming, MessageKey, PersonKey, Place, PlaceKey, PlaceKind, Platform, Reply,
    SendKey, What,
};
use bot_core::settings::MatrixSettings;
use matrix_sdk::Room;
use matrix_sdk::ruma::events::room::power_levels::RoomPowerLevels;
use matrix_sdk::ruma::{OwnedUserId, UserId};
use matrix_sdk::sync::Timeline;
use tokio::sync::mpsc;
use tokio::task::JoinError;

use crate::direct::Asked;
use crate::failure::Failure;
use crate::fault::MatrixFault;
use crate::inbound::{self, Deed, Files, Heard};
use crate::latency::Latency;
use crate::members::Members;
use crate::outbound;
use crate::persist::{Patience, Stopped, persevere, persist};
use crate::replies::{Replies, Spot, spot};
use crate::rooms::{self, Named};
use crate::timeline::Happened;
use crate::undecrypted::{Held, Hint};

/// How many answers of a room wait while one is sent.
const WAITING: usize = 64;

/// Who hears.
pub(crate) struct Ear {
    pub core: Core,
    pub own: OwnedUserId,
    pub settings: Arc<MatrixSettings>,
    pub named: Arc<Named>,
    pub members: Arc<Members>,
    pub replies: Replies,
    pub latency: Latency,
    pub stop: Stop,
}

/// Why hearing ended early.
pub(crate) enum End {
    /// The stop came; what was heard is heard again after the next start.
    Stop,
    /// Nothing can be kept any more.
    Fault(Fault),
    /// A task died.
    Died(JoinError),
}

impl From<JoinError> for End {
    fn from(error: JoinError) -> Self {
        Self::Died(error)
    }
}

impl From<End> for MatrixFault {
    /// Why nothing can go on; the stop is no fault, and is looked for before.
    fn from(end: End) -> Self {
        match end {
            End::Fault(fault) => fault.into(),
            End::Died(error) => Self::Task {
                why: error.to_string(),
            },
            End::Stop => Self::Task {
                why: "the stop came".to_owned(),
            },
        }
    }
}

impl From<Stopped> for End {
    fn from(_: Stopped) -> Self {
        Self::Stop
    }
}

impl From<Fault> for End {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What is to be sent in answer to something.
struct Answer {
    reply: Option<Reply>,
    unreact: Option<MessageKey>,
    spot: Spot,
    person: PersonKey,
}

/// An answer for one person alone, and the room that it is about. They are sent when all rooms are heard, one after the
/// other, so that nobody gets two direct rooms.
pub(crate) struct Private {
    room: Room,
    person: PersonKey,
    reply: Reply,
    /// The refused reaction that it is about, which goes last: once it is gone, it does not come again after a crash.
    unreact: Option<MessageKey>,
}

/// A room while it is listened to: what is the same for all that happens in it.
struct Listening<'a> {
    room: &'a Room,
    powers: RoomPowerLevels,
    received: Instant,
}

/// What is left to do after a room is heard.
#[derive(Default)]
pub(crate) struct Left {
    /// What is to be said in private.
    pub private: Vec<Private>,
    /// What could not be heard yet.
    pub held: Vec<Held>,
}

/// What came of looking at an event again.
pub(crate) enum Again {
    /// It can't be decrypted still.
    Sealed,
    /// It is dealt with, or gone.
    Done(Left),
}

/// How far a timeline has to reach back.
#[derive(Clone, Debug)]
pub(crate) enum Timeframe {
    /// To this sync token: what is missing is read.
    Since(String),
    /// As far as it does: the bot had to leave the room and can't look back.
    AsItIs,
}

impl Ear {
    /// Hears a room's part of a sync response, in which `waiting` can't be decrypted yet.
    pub(crate) async fn hear(
        &self,
        room: &Room,
        timeline: &Timeline,
        frame: Timeframe,
        received: Instant,
        waiting: HashSet<MessageKey>,
    ) -> Result<Left, End> {
        let own = self.own.as_str();
        let mut happened = Happened::new(own, timeline);
        let mut since_then = received;
        if let Timeframe::Since(since) = frame
            && timeline.limited
        {
            let endless = Patience::Endless;
            let filled = persevere("reading what was missed", &self.stop, endless, || async {
                let mut filled = Happened::new(own, timeline);
                filled.fill(own, room, timeline, &since).await?;
                Ok(filled)
            });
            happened = filled.await?.unwrap_or(happened);
            // Waiting for the homeserver is not the bot's own share of a reply.
            since_then = Instant::now();
        }
        self.carry_out(room, happened.in_order(), since_then, waiting)
            .await
    }

    /// Looks again at an event that could not be decrypted, and hears it if it can be now.
    pub(crate) async fn again(&self, room: &Room, event: &MessageKey) -> Result<Again, End> {
        let Ok(id) = outbound::event(event) else {
            return Ok(Again::Done(Left::default()));
        };
        let look = async || match room.event(&id, None).await.map_err(Failure::from) {
            Ok(read) => Ok(Some(read)),
            Err(Failure::Closed { .. } | Failure::Refused { .. }) => Ok(None),
            Err(failure) => Err(failure),
        };
        let deed = "looking again at what can’t be decrypted";
        let read = match persist(deed, &self.stop, look).await? {
            // The homeserver has trouble: another time.
            None => return Ok(Again::Sealed),
            // It is gone.
            Some(None) => return Ok(Again::Done(Left::default())),
            Some(Some(read)) => read,
        };
        let happened = match inbound::read(self.own.as_str(), read.raw().json().get()) {
            Ok(Some(Heard::Sealed(_))) => return Ok(Again::Sealed),
            Ok(heard) => heard.into_iter().collect(),
            Err(error) => {
                tracing::debug!(%error, "an event can't be read");
                Vec::new()
            }
        };
        let left = self.carry_out(room, happened, Instant::now(), HashSet::new());
        Ok(Again::Done(left.await?))
    }

    /// Tells the core what happened in a room, and answers.
    async fn carry_out(
        &self,
        room: &Room,
        happened: Vec<Heard>,
        received: Instant,
        waiting: HashSet<MessageKey>,
    ) -> Result<Left, End> {
        if happened.is_empty() {
            return Ok(Left::default());
        }
        let listening = Listening {
            room,
            powers: room.power_levels_or_default().await,
            received,
        };
        let (send, receive) = mpsc::channel(WAITING);
        // Answers go out while the next event is heard.
        let (heard, private) = tokio::join!(
            self.tell(&listening, happened, waiting, send),
            self.answer(room, receive)
        );
        // That the answers could not be sent explains why they could not be handed over.
        let private = private?;
        let held = heard?;
        Ok(Left { private, held })
    }

    /// Tells the core what happened, oldest first. Gives what can't be told yet: what can't be decrypted, and what is about
    /// that.
    async fn tell(
        &self,
        listening: &Listening<'_>,
        happened: Vec<Heard>,
        mut waiting: HashSet<MessageKey>,
        answers: mpsc::Sender<Answer>,
    ) -> Result<Vec<Held>, End> {
        let place = PlaceKey(listening.room.room_id().to_string());
        let mut held = Vec::new();
        for heard in happened {
            if self.stop.is_requested() {
                // What was heard is done; the rest comes again.
                return Err(End::Stop);
            }
            let deed = match heard {
                Heard::Own { key, message } => {
                    crash::here(Point::BeforeEcho);
                    let sent = self.core.sent(Platform::Matrix, &key, &message).await;
                    self.core_did("keeping where a card is", sent)?;
                    crash::here(Point::AfterEcho);
                    continue;
                }
                Heard::Arrived => continue,
                Heard::Sealed(sealed) => {
                    if self.settings.ignore.fit(&sealed.by.0) {
                        continue;
                    }
                    waiting.insert(sealed.id.clone());
                    held.push(Held {
                        room: place.clone(),
                        event: sealed.id,
                        by: sealed.by,
                        session: Some(sealed.session),
                        hint: match sealed.changes {
                            Some(_) => Hint::None,
                            None => Hint::Due,
                        },
                        about: sealed.changes,
                    });
                    continue;
                }
                Heard::Deed(deed) => deed,
            };
            if let Some(about) = deed.about().filter(|about| waiting.contains(about)) {
                held.push(Held {
                    room: place.clone(),
                    event: deed.id.clone(),
                    by: deed.by.clone(),
                    session: None,
                    about: Some(about.clone()),
                    hint: Hint::None,
                });
                waiting.insert(deed.id);
                continue;
            }
            if let Some(answer) = self.deed(listening, deed).await? {
                answers.send(answer).await.map_err(|_| End::Stop)?;
            }
        }
        Ok(held)
    }

    /// Tells a sender that the bot can't read what they sent.
    pub(crate) async fn hint(&self, room: &Room, event: &MessageKey) -> Result<(), End> {
        let reply = Reply {
            card: self.core.undecryptable(),
            audience: Audience::Place,
            // One event gets one hint: its name names the hint.
            key: SendKey(format!("hint.{event}")),
            asks: None,
        };
        let spot = Spot::With(event.clone());
        persist("hinting at what can’t be decrypted", &self.stop, || {
            self.replies.here(room, &spot, &reply)
        })
        .await?;
        Ok(())
    }

    /// Tells the core of one deed. Most of what people do is none of the forum's: that costs one look at the store.
    async fn deed(&self, listening: &Listening<'_>, deed: Deed) -> Result<Option<Answer>, End> {
        if self.settings.ignore.fit(&deed.by.0) {
            return Ok(None);
        }
        if let Some(about) = deed.about() {
            let matters = self.core.matters(Platform::Matrix, about).await;
            // Where that is not known, the core says what it makes of it.
            if self.core_did("looking an event up", matters)? == Some(false) {
                return Ok(None);
            }
        }
        let Ok(user) = UserId::parse(&deed.by.0) else {
            return Ok(None);
        };
        let spot = spot(&deed.what);
        let person = deed.by.clone();
        let what = match deed.files {
            Files::None => deed.what,
            Files::Some => self.with_files(listening.room, &deed.id, deed.what),
        };
        let incoming = Incoming {
            platform: Platform::Matrix,
            id: Some(deed.id),
            actor: rooms::actor(listening.room, &listening.powers, &user).await,
            place: self.place(listening.room, Some(&user)).await?,
            at: deed.at,
            what,
        };
        crash::here(Point::BeforeHearing);
        let response = self.core.hear(incoming).await?;
        crash::here(Point::AfterHearing);
        if response.reply.is_none() && response.unreact.is_none() {
            return Ok(None);
        }
        if response.reply.is_some() {
            self.latency.note(listening.received.elapsed());
        }
        Ok(Some(Answer {
            reply: response.reply,
            unreact: response.unreact,
            spot,
            person,
        }))
    }

    /// What was said, and that the files which came with it are in its message.
    fn with_files(&self, room: &Room, event: &MessageKey, mut what: What) -> What {
        let (text, message) = match &mut what {
            What::Said { text, message, .. } | What::Rewrote { text, message } => (text, message),
            What::Commanded { .. }
            | What::Decided { .. }
            | What::Reacted { .. }
            | What::Removed { .. }
            | What::MessageGone { .. }
            | What::SurfacesGone { .. } => return what,
        };
        if let Ok(id) = outbound::event(message).or_else(|_| outbound::event(event)) {
            let words = self.core.words("message-files");
            let link = room.room_id().matrix_to_event_uri(id);
            text.push_str(&format!("\n\n[{words}]({link})"));
        }
        what
    }

    /// Sends a room's answers in their order; gives those for one person alone.
    async fn answer(
        &self,
        room: &Room,
        mut answers: mpsc::Receiver<Answer>,
    ) -> Result<Vec<Private>, End> {
        let mut private = Vec::new();
        while let Some(answer) = answers.recv().await {
            match answer.reply {
                Some(reply) if reply.audience == Audience::Person => {
                    private.push(Private {
                        room: room.clone(),
                        person: answer.person,
                        reply,
                        unreact: answer.unreact,
                    });
                    continue;
                }
                Some(reply) => self.say_here(room, &answer.spot, &reply).await?,
                None => {}
            }
            self.unreact(room, answer.unreact).await?;
        }
        Ok(private)
    }

    /// Says something where it was asked. Where it holds text of posts, that is kept before, and then which message it is: so it can be
    /// taken away when one of them is hidden or withdrawn. After a crash in between it is asked again, and said under the same name.
    async fn say_here(&self, room: &Room, spot: &Spot, reply: &Reply) -> Result<(), End> {
        let place = PlaceKey(room.room_id().to_string());
        let (platform, card) = (Platform::Matrix, &reply.card);
        let kept = self
            .core
            .will_send(platform, &place, None, &reply.key, card)
            .await;
        if self.core_did("keeping what a reply holds", kept)?.is_none() {
            return Ok(());
        }
        let say = || self.replies.here(room, spot, reply);
        let said = persist("replying", &self.stop, say).await?;
        if let Some(message) = said.filter(|_| !card.holds.is_empty()) {
            let sent = self.core.sent(platform, &reply.key, &message).await;
            self.core_did("keeping which message a reply is", sent)?;
            crash::here(Point::ReplyKept);
        }
        Ok(())
    }

    /// Takes a refused reaction away.
    async fn unreact(&self, room: &Room, reaction: Option<MessageKey>) -> Result<(), End> {
        if let Some(reaction) = &reaction {
            persist("taking a refused reaction away", &self.stop, || {
                self.replies.unreact(room, reaction)
            })
            .await?;
        }
        Ok(())
    }

    /// Says what is for one person alone, and takes away what it is about.
    pub(crate) async fn say_alone(&self, private: Vec<Private>) -> Result<(), End> {
        for Private {
            room,
            person,
            reply,
            unreact,
        } in private
        {
            let asked = match unreact {
                Some(_) => Asked::No,
                None => Asked::Yes,
            };
            persist("replying in private", &self.stop, || {
                self.replies.alone(&room, &person, asked, &reply)
            })
            .await?;
            self.unreact(&room, unreact).await?;
        }
        Ok(())
    }

    /// What came of a call of the core, where that failing is no reason to end.
    pub(crate) fn core_did<T>(
        &self,
        deed: &'static str,
        done: Result<T, Fault>,
    ) -> Result<Option<T>, End> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(fault) if fault.is_fatal() => Err(End::Fault(fault)),
            Err(fault) => {
                let error = &fault as &dyn std::error::Error;
                tracing::error!(error, deed, "the forum could not do it");
                Ok(None)
            }
        }
    }

    /// The room as a place, for what this person does there; nobody where it is about the room itself.
    pub(crate) async fn place(&self, room: &Room, person: Option<&UserId>) -> Result<Place, End> {
        let kind = if self.named.has(room.room_id()) {
            PlaceKind::Named
        } else if self.is_direct(room).await? {
            let common = match person {
                Some(person) => self.shared(room, person).await?,
                None => Vec::new(),
            };
            PlaceKind::Direct { common }
        } else {
            PlaceKind::Shared
        };
        Ok(rooms::place(room, kind).await)
    }

    /// Whether a room is a conversation; where the homeserver doesn't tell who was in it, it is none.
    async fn is_direct(&self, room: &Room) -> Result<bool, End> {
        let deed = "finding out who was in a room";
        let found = persist(deed, &self.stop, || rooms::is_direct(room, &self.members));
        Ok(found.await?.unwrap_or(false))
    }

    /// The other rooms that both the bot and this person are in.
    async fn shared(&self, room: &Room, person: &UserId) -> Result<Vec<PlaceKey>, End> {
        let (deed, client) = ("finding out which rooms are shared", room.client());
        let found = persist(deed, &self.stop, || self.members.shared(&client, person));
        let shared = found.await?.unwrap_or_default();
        let others = shared.iter().filter(|shared| *shared != room.room_id());
        Ok(others.map(|shared| rooms::key(shared)).collect())
    }
}
