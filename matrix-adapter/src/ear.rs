//! Hears what happened in a room: tells the core, in order, and has its answers sent.

use std::sync::Arc;
use std::time::Instant;

use bot_core::engine::{Core, Fault, Stop};
use bot_core::platform::{Audience, Incoming, MessageKey, PersonKey, Place, Platform, Reply};
use bot_core::settings::MatrixSettings;
use matrix_sdk::Room;
use matrix_sdk::ruma::events::room::power_levels::RoomPowerLevels;
use matrix_sdk::ruma::{OwnedUserId, UserId};
use matrix_sdk::sync::Timeline;
use tokio::sync::mpsc;
use tokio::task::JoinError;

use crate::inbound::{Deed, Heard};
use crate::latency::Latency;
use crate::persist::{Stopped, persist};
use crate::replies::{Replies, Spot, spot};
use crate::rooms::{self, Named};
use crate::timeline::Happened;

/// How many answers of a room wait while one is sent.
const WAITING: usize = 64;

/// Who hears.
pub(crate) struct Ear {
    pub core: Core,
    pub own: OwnedUserId,
    pub settings: Arc<MatrixSettings>,
    pub named: Arc<Named>,
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
}

/// A room while it is listened to: what is the same for all that happens in it.
struct Listening<'a> {
    room: &'a Room,
    powers: RoomPowerLevels,
    received: Instant,
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
    /// Hears a room's part of a sync response. Gives what is to be said in private.
    pub(crate) async fn hear(
        &self,
        room: &Room,
        timeline: &Timeline,
        frame: Timeframe,
        received: Instant,
    ) -> Result<Vec<Private>, End> {
        let own = self.own.as_str();
        let mut happened = Happened::new(own, timeline);
        let mut since_then = received;
        if let Timeframe::Since(since) = frame
            && timeline.limited
        {
            let filled = persist("reading what was missed", &self.stop, || async {
                let mut filled = Happened::new(own, timeline);
                filled.fill(own, room, timeline, &since).await?;
                Ok(filled)
            });
            happened = filled.await?.unwrap_or(happened);
            // Waiting for the homeserver is not the bot's own share of a reply.
            since_then = Instant::now();
        }
        let listening = Listening {
            room,
            powers: room.power_levels_or_default().await,
            received: since_then,
        };
        let (send, receive) = mpsc::channel(WAITING);
        // Answers go out while the next event is heard.
        let (heard, private) = tokio::join!(
            self.tell(&listening, happened.in_order(), send),
            self.answer(room, receive)
        );
        // That the answers could not be sent explains why they could not be handed over.
        let private = private?;
        heard?;
        Ok(private)
    }

    /// Tells the core what happened, oldest first.
    async fn tell(
        &self,
        listening: &Listening<'_>,
        happened: Vec<Heard>,
        answers: mpsc::Sender<Answer>,
    ) -> Result<(), End> {
        for heard in happened {
            if self.stop.is_requested() {
                // What was heard is done; the rest comes again.
                return Err(End::Stop);
            }
            let deed = match heard {
                Heard::Own { key, message } => {
                    let sent = self.core.sent(Platform::Matrix, &key, &message).await;
                    self.core_did("keeping where a card is", sent)?;
                    continue;
                }
                Heard::Arrived => continue,
                Heard::Deed(deed) => deed,
            };
            if let Some(answer) = self.deed(listening, deed).await? {
                answers.send(answer).await.map_err(|_| End::Stop)?;
            }
        }
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
        let incoming = Incoming {
            platform: Platform::Matrix,
            id: Some(deed.id),
            actor: rooms::actor(listening.room, &listening.powers, &user).await,
            place: self.place(listening.room, Some(&user)).await,
            at: deed.at,
            what: deed.what,
        };
        let response = self.core.hear(incoming).await?;
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

    /// Sends a room's answers in their order; gives those for one person alone.
    async fn answer(
        &self,
        room: &Room,
        mut answers: mpsc::Receiver<Answer>,
    ) -> Result<Vec<Private>, End> {
        let mut private = Vec::new();
        while let Some(answer) = answers.recv().await {
            if let Some(reaction) = &answer.unreact {
                persist("taking a refused reaction away", &self.stop, || {
                    self.replies.unreact(room, reaction)
                })
                .await?;
            }
            let Some(reply) = answer.reply else {
                continue;
            };
            match reply.audience {
                Audience::Place => {
                    persist("replying", &self.stop, || {
                        self.replies.here(room, &answer.spot, &reply)
                    })
                    .await?;
                }
                Audience::Person => private.push(Private {
                    room: room.clone(),
                    person: answer.person,
                    reply,
                }),
            }
        }
        Ok(private)
    }

    /// Says what is for one person alone.
    pub(crate) async fn say_alone(&self, private: Vec<Private>) -> Result<(), End> {
        for Private {
            room,
            person,
            reply,
        } in &private
        {
            persist("replying in private", &self.stop, || {
                self.replies.alone(room, person, reply)
            })
            .await?;
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

    /// The room as a place.
    pub(crate) async fn place(&self, room: &Room, person: Option<&UserId>) -> Place {
        rooms::place(room, &self.named, person).await
    }
}
