//! What a room is to be like when it is made.

use serde_json::{Map, Value, json};

use crate::UserId;

/// The settings of a new room. Start with [`RoomOptions::public`] or [`RoomOptions::private`].
#[derive(Clone, Debug)]
pub struct RoomOptions {
    body: Map<String, Value>,
    invite: Vec<UserId>,
    state: Vec<Value>,
}

impl RoomOptions {
    /// Anybody may join.
    #[must_use]
    pub fn public() -> Self {
        Self::preset("public_chat")
    }

    /// Only who is invited may join.
    #[must_use]
    pub fn private() -> Self {
        Self::preset("private_chat")
    }

    /// A private room that its members know as a talk between two, with equal power for both, as clients make it.
    pub(crate) fn direct(with: &UserId) -> Self {
        Self::preset("trusted_private_chat")
            .set("is_direct", json!(true))
            .invite(with)
    }

    /// Invites somebody from the start.
    #[must_use]
    pub fn invite(mut self, who: &UserId) -> Self {
        self.invite.push(who.clone());
        self
    }

    /// The room version, such as `"10"` or `"12"`; else the server's default.
    #[must_use]
    pub fn version(self, version: &str) -> Self {
        self.set("room_version", json!(version))
    }

    /// What differs from the usual `m.room.power_levels`, such as `json!({ "events_default": 50 })`.
    #[must_use]
    pub fn power(self, overrides: Value) -> Self {
        self.set("power_level_content_override", overrides)
    }

    /// A state event that is there from the start.
    #[must_use]
    pub fn state(mut self, kind: &str, key: &str, content: Value) -> Self {
        self.state
            .push(json!({ "type": kind, "state_key": key, "content": content }));
        self
    }

    /// Any other key of the request that makes a room.
    #[must_use]
    pub fn set(mut self, key: &str, value: Value) -> Self {
        self.body.insert(key.to_owned(), value);
        self
    }

    pub(crate) fn request(self) -> Value {
        let Self {
            mut body,
            invite,
            state,
        } = self;
        body.insert("invite".to_owned(), json!(invite));
        body.insert("initial_state".to_owned(), json!(state));
        Value::Object(body)
    }

    fn preset(preset: &str) -> Self {
        Self {
            body: Map::new(),
            invite: Vec::new(),
            state: Vec::new(),
        }
        .set("preset", json!(preset))
    }
}
