//! People whose client encrypts and is not the SDK's: matrix-nio, in a Python process for each of them.
//!
//! `nio.py` is that process: it does one command after the other and ends when its standard input is closed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use matrix_sdk::ruma::{EventId, OwnedEventId};
use serde::Deserialize;
use serde_json::{Value, json};
use synapse::{Account, RoomId, UserId};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::pipe::{Receiver, Sender};

use crate::people::{Lock, Read};

/// Every package with its version.
const REQUIREMENTS: &str = include_str!("nio-requirements.txt");

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(40);

/// A human with matrix-nio.
pub struct Nio {
    child: Child,
    /// `None` only while dropping: closing it ends the process.
    commands: Option<Sender>,
    answers: BufReader<Receiver>,
    /// What the process says besides its answers.
    complaints: File,
}

/// An event that is no state, as it came to their client.
#[derive(Clone, Debug, Deserialize)]
pub struct Wire {
    pub sender: String,
    /// The event's type; the one inside of what was decrypted.
    pub kind: String,
    pub how: How,
}

/// What their client made of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// The server could have read it.
    Open,
    Decrypted,
    /// It has no key for it.
    Sealed,
    /// It was taken back before it came.
    Redacted,
    /// It is against the schemas of nio.
    Malformed,
}

/// A room as their client sees it.
#[derive(Debug, Deserialize)]
struct Look {
    joined: Vec<String>,
    wire: Vec<Wire>,
    messages: Vec<Message>,
}

#[derive(Debug, Deserialize)]
struct Message {
    id: String,
    sender: String,
    msgtype: String,
    body: String,
    thread: Option<String>,
    reactions: Vec<String>,
    encrypted: bool,
}

impl Nio {
    /// Logs in on a new device.
    pub async fn log_in(url: &str, account: &Account) -> Self {
        let python = || synapse::python_with("nio", REQUIREMENTS);
        let python = tokio::task::spawn_blocking(python)
            .await
            .expect("no panic")
            .unwrap_or_else(|error| panic!("{error:#}"));
        let complaints = tempfile::tempfile().expect("a file");
        let mut child = Command::new(python)
            .args(["-I", "-c", include_str!("nio.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints.try_clone().expect("the same file"))
            .spawn()
            .expect("starts");
        let commands = OwnedFd::from(child.stdin.take().expect("it is piped"));
        let answers = OwnedFd::from(child.stdout.take().expect("it is piped"));
        let mut person = Self {
            child,
            commands: Some(Sender::from_owned_fd(commands).expect("a pipe")),
            answers: BufReader::new(Receiver::from_owned_fd(answers).expect("a pipe")),
            complaints,
        };
        let login = json!({
            "do": "log_in",
            "url": url,
            "user": account.localpart,
            "password": account.password,
        });
        person.tell(login).await;
        person
    }

    /// An encrypted room of theirs that the bot is in.
    pub async fn room_with(&mut self, name: &str, bot: &UserId) -> RoomId {
        let create = json!({ "do": "create", "name": name, "invite": [bot] });
        let room = self.tell(create).await;
        let room = RoomId::from(room.as_str().expect("a room's id"));
        let joined = |look: &Look| look.joined.iter().any(|user| *bot == **user).then_some(());
        self.wait_look(&room, &format!("{bot} to join"), joined)
            .await;
        room
    }

    /// Joins a room that is public or that they are invited to.
    pub async fn join(&mut self, room: &RoomId) {
        self.tell(json!({ "do": "join", "room": room })).await;
    }

    /// Says something.
    pub async fn send(&mut self, room: &RoomId, text: &str) -> OwnedEventId {
        let send = json!({ "do": "send", "room": room, "text": text });
        self.tell_event(send).await
    }

    /// Says something in a thread.
    pub async fn in_thread(&mut self, room: &RoomId, root: &EventId, text: &str) -> OwnedEventId {
        let send = json!({ "do": "in_thread", "room": room, "root": root, "text": text });
        self.tell_event(send).await
    }

    /// Replaces a message's text.
    pub async fn edit(&mut self, room: &RoomId, event: &EventId, text: &str) -> OwnedEventId {
        let edit = json!({ "do": "edit", "room": room, "event": event, "text": text });
        self.tell_event(edit).await
    }

    /// Reacts to a message.
    pub async fn react(&mut self, room: &RoomId, event: &EventId, key: &str) -> OwnedEventId {
        let react = json!({ "do": "react", "room": room, "event": event, "key": key });
        self.tell_event(react).await
    }

    /// Takes an event back.
    pub async fn redact(&mut self, room: &RoomId, event: &EventId) -> OwnedEventId {
        let redact = json!({ "do": "redact", "room": room, "event": event });
        self.tell_event(redact).await
    }

    /// Waits until `look` finds something among the messages, at most a while.
    pub async fn wait<T>(
        &mut self,
        room: &RoomId,
        what: &str,
        mut look: impl FnMut(&[Read]) -> Option<T>,
    ) -> T {
        self.wait_look(room, what, |seen| look(&read(&seen.messages)))
            .await
    }

    /// Waits for a message.
    pub async fn wait_message(
        &mut self,
        room: &RoomId,
        what: &str,
        is_it: impl Fn(&Read) -> bool,
    ) -> Read {
        self.wait(room, what, |read| {
            read.iter().find(|read| is_it(read)).cloned()
        })
        .await
    }

    /// The messages as their client shows them; it hears what is new only while it waits.
    pub async fn read(&mut self, room: &RoomId) -> Vec<Read> {
        read(&self.look(room).await.messages)
    }

    /// All that came to their client and is no state, in order; it hears what is new only while it waits.
    pub async fn wire(&mut self, room: &RoomId) -> Vec<Wire> {
        self.look(room).await.wire
    }

    async fn wait_look<T>(
        &mut self,
        room: &RoomId,
        what: &str,
        mut look: impl FnMut(&Look) -> Option<T>,
    ) -> T {
        let mut last = None;
        let waiting = async {
            loop {
                let seen = last.insert(self.look(room).await);
                if let Some(found) = look(seen) {
                    return found;
                }
                self.tell(json!({ "do": "sync", "wait": 20_000 })).await;
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain for {what}; there is {last:#?}"),
        }
    }

    async fn look(&mut self, room: &RoomId) -> Look {
        let seen = self.tell(json!({ "do": "look", "room": room })).await;
        serde_json::from_value(seen).expect("what nio.py says of a room")
    }

    async fn tell_event(&mut self, command: Value) -> OwnedEventId {
        let event = self.tell(command).await;
        event_id(event.as_str().unwrap_or_default())
    }

    /// Has a command done and gives what came of it.
    async fn tell(&mut self, command: Value) -> Value {
        let commands = self.commands.as_mut().expect("taken only by drop");
        let line = format!("{command}\n");
        let told = commands.write_all(line.as_bytes()).await;
        told.expect("nio.py listens");
        let mut answer = String::new();
        let length = self.answers.read_line(&mut answer).await.expect("a pipe");
        assert!(length > 0, "nio.py ended instead of doing {command}");
        let mut answer: Value = serde_json::from_str(&answer).expect("JSON");
        if let Some(error) = answer["error"].as_str() {
            panic!("nio.py was told {command}: {error}");
        }
        answer["ok"].take()
    }
}

impl Drop for Nio {
    fn drop(&mut self) {
        drop(self.commands.take());
        // It removes its folder, so it is waited for and not killed.
        self.child.wait().ok();
        if std::thread::panicking() {
            let mut said = String::new();
            self.complaints.rewind().ok();
            self.complaints.read_to_string(&mut said).ok();
            eprintln!("--- nio.py besides its answers ---\n{said}");
        }
    }
}

fn read(messages: &[Message]) -> Vec<Read> {
    let read = messages.iter().map(|message| Read {
        id: event_id(&message.id),
        sender: message.sender.clone(),
        msgtype: message.msgtype.clone(),
        body: message.body.clone(),
        thread: message.thread.clone(),
        reactions: message
            .reactions
            .iter()
            .fold(BTreeMap::new(), |mut all, key| {
                *all.entry(key.clone()).or_default() += 1;
                all
            }),
        lock: match message.encrypted {
            true => Lock::Encrypted,
            false => Lock::Open,
        },
    });
    read.collect()
}

fn event_id(text: &str) -> OwnedEventId {
    EventId::parse(text).expect("an event's id")
}
