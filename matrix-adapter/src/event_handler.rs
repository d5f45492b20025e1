//! Hears what happened in a room: tells the core, and has its answers sent.

use std::sync::Arc;
use std::time::Instant;

use bot_core::backoff::Backoff;
use bot_core::crash::{self, Point};
use bot_core::engine::{Core, Fault, Stop};
use bot_core::panics::{self, PanicPoint, Panicked};
use bot_core::platform::{
    Audience, CommonPlace, Incoming, IncomingEvent, MessageKey, PersonKey, Place, PlaceKey,
    PlaceKind, Reply, SendKey, Writes,
};
use bot_core::settings::MatrixSettings;
use bot_core::text::Key;
use bot_core::turns::{Turns, Width};
use matrix_sdk::Room;
use matrix_sdk::ruma::{OwnedUserId, UserId};
use tokio::sync::mpsc;
use tokio::task::JoinError;

use crate::PLATFORM;
use crate::direct::Solicited;
use crate::failure::Failure;
use crate::fault::MatrixFault;
use crate::inbound::{EventMeaning, Files, UserEvent};
use crate::latency::Latency;
use crate::members::Members;
use crate::outbound;
use crate::persist::{Stopped, persist};
use crate::replies::{Replies, ReplyTarget, spot};
use crate::room_context::RoomContext;
use crate::rooms::{self, Named};
use crate::timeline;

/// Who hears.
pub(crate) struct EventHandler {
    pub core: Core,
    pub own: OwnedUserId,
    pub settings: Arc<MatrixSettings>,
    pub named: Arc<Named>,
    pub members: Arc<Members>,
    pub replies: Replies,
    pub latency: Latency,
    /// Whose turn it is to be told something alone.
    pub alone: Turns,
    /// That the session may have ended.
    pub doubts: mpsc::Sender<()>,
    pub stop: Stop,
}

/// How many people are told something alone at the same time, one thing each.
pub(crate) const ALONE: Width = Width {
    all: 16,
    place: 16,
    person: 1,
};

/// How many talk in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// The bot and one person.
    Two,
    /// More.
    More,
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
pub(crate) struct EventReply {
    reply: Option<Reply>,
    /// The refused reaction that it is about, which goes last: once it is gone, it does not come again after a crash.
    unreact: Option<MessageKey>,
    spot: ReplyTarget,
    person: PersonKey,
}

/// What came of looking at an event again.
pub(crate) enum Recheck {
    /// It can't be decrypted still.
    Undecrypted,
    /// It can be: what somebody did by it, if it is anything to the bot, and not gone.
    Open(Option<Box<UserEvent>>),
}

impl EventHandler {
    /// Looks again at an event that could not be decrypted.
    pub(crate) async fn again(&self, room: &Room, event: &MessageKey) -> Result<Recheck, End> {
        let Ok(id) = outbound::event(event) else {
            return Ok(Recheck::Open(None));
        };
        let look = async || match room.event(&id, None).await.map_err(Failure::from) {
            Ok(read) => Ok(Some(read)),
            Err(Failure::Closed { .. } | Failure::Refused { .. }) => Ok(None),
            Err(failure) => Err(failure),
        };
        let user_event = "looking again at what can’t be decrypted";
        let read = match persist(user_event, &self.stop, look).await? {
            // The homeserver has trouble: another time.
            None => return Ok(Recheck::Undecrypted),
            Some(None) => return Ok(Recheck::Open(None)),
            Some(Some(read)) => read,
        };
        let (heard, _) = timeline::read(self.own.as_str(), &[read], &|_| true);
        Ok(match heard.into_iter().next() {
            Some(EventMeaning::Undecrypted(_)) => Recheck::Undecrypted,
            Some(EventMeaning::UserEvent(user_event)) => Recheck::Open(Some(Box::new(user_event))),
            Some(EventMeaning::Own { .. } | EventMeaning::Arrived) | None => Recheck::Open(None),
        })
    }

    /// Whether what happened can be anything to the forum, as far as that is to be seen at once: of what several people say to each
    /// other hardly anything is.
    pub(crate) fn is_ours(&self, heard: &EventMeaning, company: Company) -> bool {
        match heard {
            EventMeaning::Own { .. } | EventMeaning::Arrived => true,
            EventMeaning::Undecrypted(sealed) => !self.settings.ignore.fit(&sealed.by.0),
            EventMeaning::UserEvent(user_event) => {
                let speaks = match &user_event.what {
                    IncomingEvent::Said { text, .. } => {
                        company == Company::Two || self.core.is_spoken_to(text)
                    }
                    IncomingEvent::Rewrote { .. }
                    | IncomingEvent::Commanded { .. }
                    | IncomingEvent::Decided { .. }
                    | IncomingEvent::Reacted { .. }
                    | IncomingEvent::Removed { .. }
                    | IncomingEvent::MessageGone { .. }
                    | IncomingEvent::WordsRemoved { .. }
                    | IncomingEvent::SurfacesGone { .. } => true,
                };
                speaks && !self.settings.ignore.fit(&user_event.by.0)
            }
        }
    }

    /// The bot's own message was seen.
    pub(crate) async fn echo(&self, key: &SendKey, message: &MessageKey) -> Result<(), End> {
        crash::here(Point::BeforeEcho);
        let sent = self.core.sent(PLATFORM, key, message).await;
        self.core_did("keeping where a card is", sent)?;
        crash::here(Point::AfterEcho);
        Ok(())
    }

    /// Waits a while after something was left undone, since the session may have ended; whoever reads the sync looks whether it has.
    pub(crate) async fn doubt(&self, backoff: &mut Backoff) -> Result<(), End> {
        if self.stop.is_requested() {
            return Err(End::Stop);
        }
        // One doubt is as good as two.
        let _ = self.doubts.try_send(());
        tokio::select! {
            () = tokio::time::sleep(backoff.wait(None)) => Ok(()),
            () = self.stop.requested() => Err(End::Stop),
        }
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
        let spot = ReplyTarget::With(event.clone());
        persist("hinting at what can’t be decrypted", &self.stop, || {
            self.replies.here(room, &spot, &reply)
        })
        .await?;
        Ok(())
    }

    /// Tells the core of one thing that somebody did. Most of what people do is none of the forum's: that costs one look at the store.
    pub(crate) async fn user_event(
        &self,
        context: &RoomContext,
        user_event: UserEvent,
        received: Instant,
    ) -> Result<Option<EventReply>, End> {
        if let Some(about) = user_event.about() {
            let matters = self.core.matters(PLATFORM, about).await;
            // Where that is not known, the core says what it makes of it.
            if self.core_did("looking an event up", matters)? == Some(false) {
                return Ok(None);
            }
        }
        let Ok(user) = UserId::parse(&user_event.by.0) else {
            return Ok(None);
        };
        if let IncomingEvent::Said { text, .. } = &user_event.what {
            panics::here(PanicPoint::Adapter, text);
        }
        let spot = spot(&user_event.what);
        let person = user_event.by.clone();
        let what = match user_event.files {
            Files::None => user_event.what,
            Files::Some => self.with_files(context.room(), &user_event.id, user_event.what),
        };
        let incoming = Incoming {
            platform: PLATFORM,
            id: Some(user_event.id),
            actor: context.actor(&user).await,
            place: self.place(context.room(), Some(&user)).await?,
            at: user_event.at,
            what,
        };
        crash::here(Point::BeforeHearing);
        let response = self.core.hear(incoming).await?;
        crash::here(Point::AfterHearing);
        if response.reply.is_none() && response.unreact.is_none() {
            return Ok(None);
        }
        if response.reply.is_some() {
            self.latency.note(received.elapsed());
        }
        Ok(Some(EventReply {
            reply: response.reply,
            unreact: response.unreact,
            spot,
            person,
        }))
    }

    /// What is said to somebody over whose event the adapter broke.
    pub(crate) fn broken(&self, user_event: &UserEvent, panicked: &Panicked) -> EventReply {
        let reply = Reply {
            card: self.core.trouble(PLATFORM, panicked),
            audience: Audience::Place,
            key: SendKey(format!("broken.{}", user_event.id)),
            asks: None,
        };
        EventReply {
            reply: Some(reply),
            unreact: None,
            spot: spot(&user_event.what),
            person: user_event.by.clone(),
        }
    }

    /// What was said, and that the files which came with it are in its message.
    fn with_files(
        &self,
        room: &Room,
        event: &MessageKey,
        mut what: IncomingEvent,
    ) -> IncomingEvent {
        let (text, message) = match &mut what {
            IncomingEvent::Said { text, message, .. }
            | IncomingEvent::Rewrote { text, message } => (text, message),
            IncomingEvent::Commanded { .. }
            | IncomingEvent::Decided { .. }
            | IncomingEvent::Reacted { .. }
            | IncomingEvent::Removed { .. }
            | IncomingEvent::MessageGone { .. }
            | IncomingEvent::WordsRemoved { .. }
            | IncomingEvent::SurfacesGone { .. } => return what,
        };
        if let Ok(id) = outbound::event(message).or_else(|_| outbound::event(event)) {
            let words = self.core.texts().say(Key::MessageFiles, &[]);
            let link = room.room_id().matrix_to_event_uri(id);
            text.push_str(&format!("\n\n[{words}]({link})"));
        }
        what
    }

    /// Sends an answer: in the room, or to its person alone.
    pub(crate) async fn answer(&self, room: &Room, answer: &EventReply) -> Result<(), End> {
        match &answer.reply {
            Some(reply) if reply.audience == Audience::Person => {
                self.say_alone(room, answer, reply).await?;
            }
            Some(reply) => self.say_here(room, &answer.spot, reply).await?,
            None => {}
        }
        self.unreact(room, answer.unreact.as_ref()).await
    }

    /// Says something where it was asked. Where it holds text of posts, that is kept before, and then which message it is: so it can be
    /// taken away when one of them is hidden or withdrawn. After a crash in between it is asked again, and said under the same name.
    async fn say_here(&self, room: &Room, spot: &ReplyTarget, reply: &Reply) -> Result<(), End> {
        let place = PlaceKey(room.room_id().to_string());
        let (platform, card) = (PLATFORM, &reply.card);
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
    async fn unreact(&self, room: &Room, reaction: Option<&MessageKey>) -> Result<(), End> {
        if let Some(reaction) = reaction {
            persist("taking a refused reaction away", &self.stop, || {
                self.replies.unreact(room, reaction)
            })
            .await?;
        }
        Ok(())
    }

    /// Says what is for one person alone.
    async fn say_alone(&self, room: &Room, answer: &EventReply, reply: &Reply) -> Result<(), End> {
        let asked = match answer.unreact {
            Some(_) => Solicited::No,
            None => Solicited::Yes,
        };
        // One after the other, so that nobody gets two direct rooms.
        let _turn = self
            .alone
            .turn(&rooms::key(room.room_id()), &answer.person)
            .await;
        persist("replying in private", &self.stop, || {
            self.replies.alone(room, &answer.person, asked, reply)
        })
        .await?;
        Ok(())
    }

    /// What came of a call of the core, where that failing is no reason to end.
    pub(crate) fn core_did<T>(
        &self,
        user_event: &'static str,
        done: Result<T, Fault>,
    ) -> Result<Option<T>, End> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(fault) if fault.is_fatal() => Err(End::Fault(fault)),
            Err(fault) => {
                let error = &fault as &dyn std::error::Error;
                tracing::error!(error, user_event, "the forum could not do it");
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
    pub(crate) async fn is_direct(&self, room: &Room) -> Result<bool, End> {
        let user_event = "finding out who was in a room";
        let found = persist(user_event, &self.stop, || {
            rooms::is_direct(room, &self.members)
        });
        Ok(found.await?.unwrap_or(false))
    }

    /// The other rooms that both the bot and this person are in, and whether the person may write there: what they may not, the bot does not
    /// do there for them.
    async fn shared(&self, room: &Room, person: &UserId) -> Result<Vec<CommonPlace>, End> {
        let (user_event, client) = ("finding out which rooms are shared", room.client());
        let found = persist(user_event, &self.stop, || {
            self.members.shared(&client, person)
        });
        let shared = found.await?.unwrap_or_default();
        let mut others = Vec::new();
        for shared in shared.iter().filter(|shared| *shared != room.room_id()) {
            let may_write = match client.get_room(shared) {
                Some(shared) => self.members.may_write(&shared, person).await,
                None => false,
            };
            others.push(CommonPlace {
                key: rooms::key(shared),
                writes: match may_write {
                    true => Writes::All,
                    false => Writes::Nothing,
                },
            });
        }
        Ok(others)
    }
}
