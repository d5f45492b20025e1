//! People in rooms that may be encrypted or not: the same is done by a plain client or by one that encrypts.

use std::collections::BTreeMap;

use matrix_sdk::ruma::EventId as SdkEventId;
use synapse::{EventId, Person, RoomId, RoomOptions, Synapse, UserId};

use crate::people::Keyed;

/// Whether a room is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Encrypted,
}

/// A human, with the client that the room asks for.
pub enum Human {
    Plain(Box<Person>),
    Keyed(Box<Keyed>),
}

/// A message as their client shows it.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    /// The start of the sender's name, which is the same in every run.
    pub by: String,
    pub sender: String,
    pub msgtype: String,
    pub body: String,
    pub thread: Option<String>,
    pub reactions: BTreeMap<String, usize>,
}

impl Human {
    /// Somebody new.
    pub async fn new(server: &Synapse, name: &str, kind: Kind) -> Self {
        match kind {
            Kind::Plain => Self::Plain(Box::new(server.person(name).await)),
            Kind::Encrypted => {
                let account = server.account(name).await;
                Self::Keyed(Box::new(Keyed::log_in(server.url(), &account).await))
            }
        }
    }

    /// A room of theirs in which the bot is a moderator.
    pub async fn room_with(&self, name: &str, bot: &UserId) -> RoomId {
        match self {
            Self::Plain(person) => {
                let options = RoomOptions::public().invite(bot);
                let room = person.create_room(name, options).await;
                person.wait_joined(&room, bot.as_str()).await;
                person.set_power(&room, bot, 50).await;
                room
            }
            Self::Keyed(person) => {
                let room = person.room_with(name, bot).await;
                person.set_power(&room, bot, 50).await;
                room
            }
        }
    }

    pub async fn join(&self, room: &RoomId) {
        match self {
            Self::Plain(person) => person.join(room).await,
            Self::Keyed(person) => person.join(room).await,
        }
    }

    /// Says something; gives the message.
    pub async fn send(&self, room: &RoomId, text: &str) -> String {
        match self {
            Self::Plain(person) => person.send(room, text).await.to_string(),
            Self::Keyed(person) => person.send(room, text).await.to_string(),
        }
    }

    pub async fn in_thread(&self, room: &RoomId, root: &str, text: &str) {
        match self {
            Self::Plain(person) => {
                person.in_thread(room, &EventId::from(root), text).await;
            }
            Self::Keyed(person) => person.in_thread(room, &event(root), text).await,
        }
    }

    pub async fn edit(&self, room: &RoomId, message: &str, text: &str) {
        match self {
            Self::Plain(person) => {
                person.edit(room, &EventId::from(message), text).await;
            }
            Self::Keyed(person) => person.edit(room, &event(message), text).await,
        }
    }

    /// Reacts to a message; gives the reaction.
    pub async fn react(&self, room: &RoomId, message: &str, key: &str) -> String {
        match self {
            Self::Plain(person) => {
                let reaction = person.react(room, &EventId::from(message), key).await;
                reaction.to_string()
            }
            Self::Keyed(person) => person.react(room, &event(message), key).await.to_string(),
        }
    }

    pub async fn redact(&self, room: &RoomId, what: &str) {
        match self {
            Self::Plain(person) => {
                person.redact(room, &EventId::from(what)).await;
            }
            Self::Keyed(person) => person.redact(room, &event(what)).await,
        }
    }

    /// Waits until `look` finds something among the messages, at most a while.
    pub async fn wait<T>(
        &self,
        room: &RoomId,
        what: &str,
        mut look: impl FnMut(&[Message]) -> Option<T>,
    ) -> T {
        match self {
            Self::Plain(person) => {
                person
                    .wait_for(room, what, |shown| look(&plain(shown)))
                    .await
            }
            Self::Keyed(person) => person.wait(room, what, |read| look(&keyed(read))).await,
        }
    }

    /// Waits for an invitation and follows it.
    pub async fn wait_invited(&self, by: &UserId) -> RoomId {
        match self {
            Self::Plain(person) => {
                let room = person.wait_invite(by.as_str()).await;
                person.join(&room).await;
                room
            }
            Self::Keyed(person) => person.wait_invited().await,
        }
    }

    /// How many invitations they have.
    pub async fn invitations(&self) -> usize {
        match self {
            Self::Plain(person) => {
                let news = person.get("/_matrix/client/v3/sync").await.expect("syncs");
                let invited = news["rooms"]["invite"].as_object();
                invited.map_or(0, serde_json::Map::len)
            }
            Self::Keyed(person) => person.invitations().await,
        }
    }

    /// The messages as their client shows them now.
    pub async fn read(&self, room: &RoomId) -> Vec<Message> {
        match self {
            Self::Plain(person) => plain(&person.shown(room).await),
            Self::Keyed(person) => keyed(&person.read(room).await),
        }
    }
}

fn event(id: &str) -> matrix_sdk::ruma::OwnedEventId {
    SdkEventId::parse(id).expect("an event's id")
}

/// The name that an account was made with.
fn by(sender: &str) -> String {
    let name = sender.trim_start_matches('@').split(['-', ':']).next();
    name.unwrap_or_default().to_owned()
}

fn plain(shown: &[synapse::Shown]) -> Vec<Message> {
    let message = |shown: &synapse::Shown| Message {
        id: shown.id.to_string(),
        by: by(shown.sender.as_str()),
        sender: shown.sender.to_string(),
        msgtype: shown.msgtype.clone(),
        body: shown.body.clone(),
        thread: shown.thread.as_ref().map(ToString::to_string),
        reactions: shown
            .reactions
            .iter()
            .map(|(key, by)| (key.clone(), by.len()))
            .collect(),
    };
    shown.iter().map(message).collect()
}

fn keyed(read: &[crate::people::Read]) -> Vec<Message> {
    let message = |read: &crate::people::Read| Message {
        id: read.id.to_string(),
        by: by(&read.sender),
        sender: read.sender.clone(),
        msgtype: read.msgtype.clone(),
        body: read.body.clone(),
        thread: read.thread.clone(),
        reactions: read.reactions.clone(),
    };
    read.iter().map(message).collect()
}
