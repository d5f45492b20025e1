//! Who chats: somebody who is logged in, and what they do with rooms. Talking is in `talk`, looking in `watch`.

use std::sync::{Mutex, atomic::AtomicU64};

use serde_json::{Value, json};

use crate::{
    Account, RoomId, RoomOptions, UserId,
    watch::Inbox,
    wire::{Api, Failed, segment},
};

/// A human with a plain Matrix client. Belongs to the runtime that made it.
#[derive(Debug)]
pub struct Person {
    pub(crate) name: String,
    pub(crate) user_id: UserId,
    pub(crate) api: Api,
    pub(crate) sent: AtomicU64,
    pub(crate) inbox: Mutex<Inbox>,
}

impl Person {
    pub(crate) async fn log_in(url: &str, account: &Account) -> Self {
        let body = json!({
            "type": "m.login.password",
            "identifier": { "type": "m.id.user", "user": account.localpart },
            "password": account.password,
        });
        let answer = match Api::new(url).post("/_matrix/client/v3/login", &body).await {
            Ok(answer) => answer,
            Err(failed) => panic!("{} logs in: {failed}", account.user_id),
        };
        let token = answer
            .get("access_token")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Self {
            name: account.name.clone(),
            user_id: account.user_id.clone(),
            api: Api::new(url).with_token(token),
            sent: AtomicU64::new(0),
            inbox: Mutex::default(),
        }
    }

    /// The plain name that the test gave, which is the display name until [`Person::set_display_name`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The full user id.
    #[must_use]
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// Changes the display name, in all rooms.
    pub async fn set_display_name(&self, name: &str) {
        let path = format!(
            "/_matrix/client/v3/profile/{}/displayname",
            segment(&self.user_id)
        );
        let answer = self.api.put(&path, &json!({ "displayname": name })).await;
        self.must("sets a display name", answer);
    }

    /// Makes a room and is in it.
    pub async fn create_room(&self, name: &str, options: RoomOptions) -> RoomId {
        self.create(options.set("name", json!(name))).await
    }

    /// Makes a direct room with somebody, who is invited.
    pub async fn create_direct(&self, with: &UserId) -> RoomId {
        self.create(RoomOptions::direct(with)).await
    }

    async fn create(&self, options: RoomOptions) -> RoomId {
        let answer = self
            .api
            .post("/_matrix/client/v3/createRoom", &options.request())
            .await;
        let answer = self.must("makes a room", answer);
        RoomId::from(
            answer
                .get("room_id")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    }

    /// Invites somebody.
    pub async fn invite(&self, room: &RoomId, who: &UserId) {
        self.membership(room, "invite", json!({ "user_id": who }))
            .await;
    }

    /// Joins a room that is public or to which they are invited.
    pub async fn join(&self, room: &RoomId) {
        let answer = self.try_join(room).await;
        self.must("joins a room", answer);
    }

    /// Joins, or says why not.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn try_join(&self, room: &RoomId) -> Result<(), Failed> {
        self.api
            .post(&room_path(room, "join"), &json!({}))
            .await
            .map(drop)
    }

    /// Joins a public room that lives on other servers, by way of one of these, given by name. When this is done, the person's
    /// server knows the room as well as the others do.
    pub async fn join_via(&self, room: &RoomId, servers: &[&str]) {
        let answer = self.try_join_via(room, servers).await;
        self.must("joins a room of another server", answer);
    }

    /// Joins by way of other servers, or says why not.
    ///
    /// # Errors
    /// When the server refuses, cannot reach any of the others, or does not answer.
    pub async fn try_join_via(&self, room: &RoomId, servers: &[&str]) -> Result<(), Failed> {
        // The newer name and the older one, as clients send both.
        let query: Vec<String> = servers
            .iter()
            .map(|server| segment(server))
            .map(|server| format!("via={server}&server_name={server}"))
            .collect();
        let path = format!(
            "/_matrix/client/v3/join/{}?{}",
            segment(room),
            query.join("&")
        );
        self.api.post(&path, &json!({})).await?;
        // Right after a join the server may still be asking for members, and would be of no use to others.
        self.api.get(&room_path(room, "members")).await.map(drop)
    }

    /// Leaves a room, or turns an invitation down.
    pub async fn leave(&self, room: &RoomId) {
        self.membership(room, "leave", json!({})).await;
    }

    /// Puts somebody out of the room.
    pub async fn kick(&self, room: &RoomId, who: &UserId) {
        self.membership(room, "kick", json!({ "user_id": who }))
            .await;
    }

    /// Puts somebody out of the room for good.
    pub async fn ban(&self, room: &RoomId, who: &UserId) {
        self.membership(room, "ban", json!({ "user_id": who }))
            .await;
    }

    /// Takes a ban back.
    pub async fn unban(&self, room: &RoomId, who: &UserId) {
        self.membership(room, "unban", json!({ "user_id": who }))
            .await;
    }

    /// Gives somebody a power level in the room, such as 50 for a moderator.
    pub async fn set_power(&self, room: &RoomId, who: &UserId, level: i64) {
        let mut power = self
            .state(room, "m.room.power_levels", "")
            .await
            .unwrap_or_else(|| json!({}));
        power["users"][who.as_str()] = json!(level);
        self.set_state(room, "m.room.power_levels", "", power).await;
    }

    /// Renames the room.
    pub async fn set_room_name(&self, room: &RoomId, name: &str) {
        self.set_state(room, "m.room.name", "", json!({ "name": name }))
            .await;
    }

    /// Sets a piece of the room's state.
    pub async fn set_state(&self, room: &RoomId, kind: &str, key: &str, content: Value) {
        let path = room_path(room, &format!("state/{}/{}", segment(kind), segment(key)));
        let answer = self.api.put(&path, &content).await;
        self.must(&format!("sets {kind}"), answer);
    }

    /// The content of a piece of the room's state, if it was ever set.
    pub async fn state(&self, room: &RoomId, kind: &str, key: &str) -> Option<Value> {
        let path = room_path(room, &format!("state/{}/{}", segment(kind), segment(key)));
        match self.api.get(&path).await {
            Err(failed) if failed.errcode() == "M_NOT_FOUND" => None,
            answer => Some(self.must(&format!("reads {kind}"), answer)),
        }
    }

    /// Replaces the room by a new one of another version, which the old one points to.
    pub async fn upgrade_room(&self, room: &RoomId, version: &str) -> RoomId {
        let answer = self
            .api
            .post(
                &room_path(room, "upgrade"),
                &json!({ "new_version": version }),
            )
            .await;
        let answer = self.must("upgrades a room", answer);
        RoomId::from(
            answer
                .get("replacement_room")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    }

    /// Any GET request below the server's address, with this person's token.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn get(&self, path: &str) -> Result<Value, Failed> {
        self.api.get(path).await
    }

    /// Any POST request below the server's address, with this person's token.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failed> {
        self.api.post(path, body).await
    }

    /// Any PUT request below the server's address, with this person's token.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, Failed> {
        self.api.put(path, body).await
    }

    async fn membership(&self, room: &RoomId, action: &str, body: Value) {
        let answer = self.api.post(&room_path(room, action), &body).await;
        self.must(&format!("{action} in {room}"), answer);
    }

    pub(crate) fn must<T>(&self, action: &str, answer: Result<T, Failed>) -> T {
        match answer {
            Ok(value) => value,
            Err(failed) => panic!("{} {action}: {failed}", self.name),
        }
    }
}

pub(crate) fn room_path(room: &RoomId, rest: &str) -> String {
    format!("/_matrix/client/v3/rooms/{}/{rest}", segment(room))
}
