//! People whose client encrypts: the SDK's own, with its keys in memory.

use std::collections::BTreeMap;
use std::time::Duration;

use matrix_sdk::config::SyncSettings;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::filter::FilterDefinition;
use matrix_sdk::ruma::{EventId, OwnedEventId, RoomId, UserId};
use matrix_sdk::{Client, Room};
use serde_json::{Value, json};
use synapse::Account;

use crate::proxy::Withheld;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(40);

/// A human with a client that encrypts.
pub struct Keyed {
    client: Client,
}

/// A message as their client shows it.
#[derive(Clone, Debug)]
pub struct Read {
    pub id: OwnedEventId,
    pub sender: String,
    pub msgtype: String,
    pub body: String,
    pub thread: Option<String>,
    /// Emoji by how many people.
    pub reactions: BTreeMap<String, usize>,
    pub lock: Lock,
}

/// Whether the server could have read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    Open,
    Encrypted,
}

impl Keyed {
    /// Logs in on a new device.
    pub async fn log_in(url: &str, account: &Account) -> Self {
        let client = Client::builder().homeserver_url(url).build().await;
        let client = client.expect("a client");
        let login = client
            .matrix_auth()
            .login_username(account.localpart.as_str(), &account.password);
        login.send().await.expect("logs in");
        let person = Self { client };
        person.sync(Duration::ZERO).await;
        person
    }

    /// Their client, for what is done here only once.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The room, which they are in.
    pub fn room(&self, id: &synapse::RoomId) -> Room {
        let id = RoomId::parse(id.as_str()).expect("a room's id");
        self.client.get_room(&id).expect("they are in the room")
    }

    /// Enters a room that is open to all.
    pub async fn join(&self, room: &synapse::RoomId) {
        let id = RoomId::parse(room.as_str()).expect("a room's id");
        self.client.join_room_by_id(&id).await.expect("joins");
        self.sync(Duration::ZERO).await;
    }

    /// Gives somebody a power level in a room of theirs.
    pub async fn set_power(&self, room: &synapse::RoomId, who: &synapse::UserId, level: i64) {
        let who = UserId::parse(who.as_str()).expect("a user");
        let level = level.try_into().expect("a level");
        self.sync(Duration::ZERO).await;
        let room = self.room(room);
        let set = room.update_power_levels(vec![(&who, level)]).await;
        set.expect("sets a power level");
    }

    /// How many invitations they have.
    pub async fn invitations(&self) -> usize {
        self.sync(Duration::ZERO).await;
        self.client.invited_rooms().len()
    }

    /// An encrypted room of theirs that the bot is in.
    pub async fn room_with(&self, name: &str, bot: &synapse::UserId) -> synapse::RoomId {
        let mut request = matrix_sdk::ruma::api::client::room::create_room::v3::Request::new();
        request.name = Some(name.to_owned());
        request.preset =
            Some(matrix_sdk::ruma::api::client::room::create_room::v3::RoomPreset::PublicChat);
        request.invite = vec![UserId::parse(bot.as_str()).expect("a user")];
        let encryption = json!({
            "type": "m.room.encryption",
            "state_key": "",
            "content": { "algorithm": "m.megolm.v1.aes-sha2" },
        });
        let raw = serde_json::value::to_raw_value(&encryption).expect("JSON");
        request.initial_state = vec![matrix_sdk::ruma::serde::Raw::from_json(raw)];
        let room = self
            .client
            .create_room(request)
            .await
            .expect("makes a room");
        let id = synapse::RoomId::from(room.room_id().as_str());
        self.wait_joined(&id, bot).await;
        id
    }

    /// Waits until somebody is in the room.
    pub async fn wait_joined(&self, room: &synapse::RoomId, who: &synapse::UserId) {
        self.wait_events(room, &format!("{who} to join"), |events| {
            let joined = events.iter().any(|event| {
                event["type"] == "m.room.member"
                    && event["state_key"] == who.as_str()
                    && event["content"]["membership"] == "join"
            });
            joined.then_some(())
        })
        .await;
    }

    /// Says something.
    pub async fn send(&self, room: &synapse::RoomId, text: &str) -> OwnedEventId {
        self.send_raw(room, "m.room.message", plain(text)).await
    }

    /// Says something in a thread.
    pub async fn in_thread(&self, room: &synapse::RoomId, root: &EventId, text: &str) {
        let mut content = plain(text);
        content["m.relates_to"] = json!({
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": true,
            "m.in_reply_to": { "event_id": root },
        });
        self.send_raw(room, "m.room.message", content).await;
    }

    /// Replaces a message's text.
    pub async fn edit(&self, room: &synapse::RoomId, event: &EventId, text: &str) {
        let mut content = plain(&format!("* {text}"));
        content["m.new_content"] = plain(text);
        content["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": event });
        self.send_raw(room, "m.room.message", content).await;
    }

    /// Reacts to a message.
    pub async fn react(&self, room: &synapse::RoomId, event: &EventId, key: &str) -> OwnedEventId {
        let relation = json!({ "rel_type": "m.annotation", "event_id": event, "key": key });
        let content = json!({ "m.relates_to": relation });
        self.send_raw(room, "m.reaction", content).await
    }

    /// Takes an event back.
    pub async fn redact(&self, room: &synapse::RoomId, event: &EventId) {
        let redacted = self.room(room).redact(event, None, None).await;
        redacted.expect("takes an event back");
    }

    async fn send_raw(&self, room: &synapse::RoomId, kind: &str, content: Value) -> OwnedEventId {
        let sent = self.room(room).send_raw(kind, content).await;
        sent.expect("sends").response.event_id
    }

    /// Waits until `look` finds something among the messages, at most a while.
    pub async fn wait<T>(
        &self,
        room: &synapse::RoomId,
        what: &str,
        mut look: impl FnMut(&[Read]) -> Option<T>,
    ) -> T {
        self.wait_events(room, what, |events| look(&read(events)))
            .await
    }

    /// Waits for a message of this sender.
    pub async fn wait_message(
        &self,
        room: &synapse::RoomId,
        what: &str,
        is_it: impl Fn(&Read) -> bool,
    ) -> Read {
        self.wait(room, what, |read| {
            read.iter().find(|read| is_it(read)).cloned()
        })
        .await
    }

    /// The messages as their client shows them now.
    pub async fn read(&self, room: &synapse::RoomId) -> Vec<Read> {
        read(&self.events(room).await)
    }

    async fn wait_events<T>(
        &self,
        room: &synapse::RoomId,
        what: &str,
        mut look: impl FnMut(&[Value]) -> Option<T>,
    ) -> T {
        let waiting = async {
            loop {
                if let Some(found) = look(&self.events(room).await) {
                    return found;
                }
                self.sync(Duration::from_secs(20)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => {
                let read = self.read(room).await;
                panic!("waited in vain for {what}; there is {read:#?}")
            }
        }
    }

    /// Waits until something holds that is not in a room, at most a while; looks whenever there may be news.
    pub async fn wait_until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let waiting = async {
            while !holds().await {
                self.sync(Duration::from_millis(300)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "waited in vain for {what}");
    }

    /// Waits for an invitation and follows it.
    pub async fn wait_invited(&self) -> synapse::RoomId {
        let invited = async || !self.client.invited_rooms().is_empty();
        self.wait_until("an invitation", invited).await;
        let room = self.client.invited_rooms().remove(0);
        room.join().await.expect("joins");
        self.sync(Duration::ZERO).await;
        synapse::RoomId::from(room.room_id().as_str())
    }

    /// Somebody's devices, and whether their owner's identity vouches for each.
    pub async fn devices(&self, of: &synapse::UserId) -> BTreeMap<String, bool> {
        let of = UserId::parse(of.as_str()).expect("a user");
        let encryption = self.client.encryption();
        let known = encryption.request_user_identity(&of).await;
        known.expect("the server tells");
        let devices = encryption.get_user_devices(&of).await.expect("a store");
        let vouched = |device: matrix_sdk::encryption::identities::Device| {
            let id = device.device_id().to_string();
            (id, device.is_cross_signed_by_owner())
        };
        devices.devices().map(vouched).collect()
    }

    /// Sends what was withheld of theirs after all, straight to the server.
    pub async fn put(&self, server: &str, withheld: &Withheld) {
        let token = self.client.access_token().expect("they are logged in");
        let request = reqwest::Client::new()
            .put(format!("{server}{}", withheld.path))
            .bearer_auth(token)
            .header("content-type", "application/json")
            .body(withheld.body.clone());
        let answer = request.send().await.expect("the server answers");
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Hears what is new.
    pub async fn sync(&self, wait: Duration) {
        let settings = SyncSettings::new()
            .timeout(wait)
            .filter(FilterDefinition::default().into());
        self.client.sync_once(settings).await.expect("syncs");
    }

    /// The whole timeline, decrypted as far as they can.
    async fn events(&self, room: &synapse::RoomId) -> Vec<Value> {
        let room = self.room(room);
        let mut events = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let mut options = MessagesOptions::forward().from(from.as_deref());
            options.limit = 500_u32.into();
            let page = room.messages(options).await.expect("reads the room");
            for event in &page.chunk {
                let mut value: Value =
                    serde_json::from_str(event.raw().json().get()).expect("JSON");
                value["encrypted"] = json!(event.encryption_info().is_some());
                events.push(value);
            }
            match page.end {
                Some(end) if !page.chunk.is_empty() => from = Some(end),
                Some(_) | None => return events,
            }
        }
    }
}

fn plain(text: &str) -> Value {
    json!({ "msgtype": "m.text", "body": text, "m.mentions": {} })
}

/// From a timeline to the messages that a client shows: edits applied, redacted ones gone.
fn read(events: &[Value]) -> Vec<Read> {
    let mut shown: Vec<Read> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for event in events {
        let content = &event["content"];
        let relation = &content["m.relates_to"];
        let to = relation["event_id"].as_str();
        let target = to.and_then(|to| places.get(to)).copied();
        match (text(&event["type"]), text(&relation["rel_type"])) {
            ("m.room.message", "m.replace") => {
                if let Some(at) = target.filter(|at| shown[*at].sender == text(&event["sender"])) {
                    shown[at].body = text(&content["m.new_content"]["body"]).to_owned();
                }
            }
            ("m.reaction", "m.annotation") => {
                if let Some(at) = target {
                    let key = text(&relation["key"]).to_owned();
                    *shown[at].reactions.entry(key).or_default() += 1;
                }
            }
            ("m.room.message", rel_type) if content["body"].is_string() => {
                let id = text(&event["event_id"]);
                places.insert(id, shown.len());
                shown.push(Read {
                    id: EventId::parse(id).expect("an event's id"),
                    sender: text(&event["sender"]).to_owned(),
                    msgtype: text(&content["msgtype"]).to_owned(),
                    body: text(&content["body"]).to_owned(),
                    thread: to.filter(|_| rel_type == "m.thread").map(str::to_owned),
                    reactions: BTreeMap::new(),
                    lock: match event["encrypted"] == true {
                        true => Lock::Encrypted,
                        false => Lock::Open,
                    },
                });
            }
            _ => {}
        }
    }
    shown
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Logs in without a client, on a device that has no keys yet; gives the access token.
pub async fn token(url: &str, account: &Account) -> String {
    let body = json!({
        "type": "m.login.password",
        "identifier": { "type": "m.id.user", "user": account.localpart },
        "password": account.password,
    });
    let login = reqwest::Client::new()
        .post(format!("{url}/_matrix/client/v3/login"))
        .json(&body);
    let answer = login.send().await.expect("the server answers");
    let answer: Value = answer.json().await.expect("JSON");
    text(&answer["access_token"]).to_owned()
}
