//! What a person says: messages, replies, threads, edits, reactions and redactions, as ordinary clients send them.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::{EventId, Failed, Person, RoomId, UserId, person::room_path, wire::segment};

impl Person {
    /// Says something in plain text, mentioning nobody.
    pub async fn send(&self, room: &RoomId, text: &str) -> EventId {
        self.message(room, plain("m.text", text)).await
    }

    /// Says something, or gives why not.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn try_send(&self, room: &RoomId, text: &str) -> Result<EventId, Failed> {
        self.try_send_raw(room, "m.room.message", &plain("m.text", text))
            .await
    }

    /// Says something as bots do.
    pub async fn send_notice(&self, room: &RoomId, text: &str) -> EventId {
        self.message(room, plain("m.notice", text)).await
    }

    /// Says something with formatting.
    pub async fn send_html(&self, room: &RoomId, body: &str, html: &str) -> EventId {
        let mut content = plain("m.text", body);
        content["format"] = json!("org.matrix.custom.html");
        content["formatted_body"] = json!(html);
        self.message(room, content).await
    }

    /// Says something to somebody: their name as a link, a colon and the text, as clients do it when a name is picked.
    pub async fn mention(&self, room: &RoomId, who: &UserId, name: &str, text: &str) -> EventId {
        let mut content = plain("m.text", &format!("{name}: {text}"));
        content["format"] = json!("org.matrix.custom.html");
        content["formatted_body"] = json!(format!(
            "<a href=\"https://matrix.to/#/{who}\">{name}</a>: {text}"
        ));
        content["m.mentions"] = json!({ "user_ids": [who] });
        self.message(room, content).await
    }

    /// Sends any event.
    pub async fn send_raw(&self, room: &RoomId, kind: &str, content: &Value) -> EventId {
        let answer = self.try_send_raw(room, kind, content).await;
        self.must(&format!("sends {kind}"), answer)
    }

    /// Sends any event, or gives why not.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn try_send_raw(
        &self,
        room: &RoomId,
        kind: &str,
        content: &Value,
    ) -> Result<EventId, Failed> {
        let path = room_path(
            room,
            &format!("send/{}/{}", segment(kind), self.transaction()),
        );
        self.api
            .put(&path, content)
            .await
            .map(|answer| event_id(&answer))
    }

    /// Replies to a message.
    pub async fn reply(&self, room: &RoomId, to: &EventId, text: &str) -> EventId {
        let mut content = plain("m.text", text);
        content["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": to } });
        self.message(room, content).await
    }

    /// Says something in the thread that hangs on a message.
    pub async fn in_thread(&self, room: &RoomId, root: &EventId, text: &str) -> EventId {
        let mut content = plain("m.text", text);
        content["m.relates_to"] = thread(root, root, true);
        self.message(room, content).await
    }

    /// Replies to a message within a thread.
    pub async fn reply_in_thread(
        &self,
        room: &RoomId,
        root: &EventId,
        to: &EventId,
        text: &str,
    ) -> EventId {
        let mut content = plain("m.text", text);
        content["m.relates_to"] = thread(root, to, false);
        self.message(room, content).await
    }

    /// Replaces a message's text. The server lets anybody send this about anybody's message.
    pub async fn edit(&self, room: &RoomId, event: &EventId, text: &str) -> EventId {
        let mut content = plain("m.text", &format!("* {text}"));
        content["m.new_content"] = plain("m.text", text);
        content["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": event });
        self.message(room, content).await
    }

    /// Reacts to a message; gives the reaction, for taking it back.
    pub async fn react(&self, room: &RoomId, event: &EventId, key: &str) -> EventId {
        let relation = json!({ "rel_type": "m.annotation", "event_id": event, "key": key });
        self.send_raw(room, "m.reaction", &json!({ "m.relates_to": relation }))
            .await
    }

    /// Takes an event back: a message, a reaction, an edit.
    pub async fn redact(&self, room: &RoomId, event: &EventId) -> EventId {
        let path = room_path(
            room,
            &format!("redact/{}/{}", segment(event), self.transaction()),
        );
        let answer = self.api.put(&path, &json!({})).await;
        event_id(&self.must("takes an event back", answer))
    }

    async fn message(&self, room: &RoomId, content: Value) -> EventId {
        self.send_raw(room, "m.room.message", &content).await
    }

    fn transaction(&self) -> u64 {
        self.sent.fetch_add(1, Ordering::Relaxed)
    }
}

fn plain(kind: &str, text: &str) -> Value {
    json!({ "msgtype": kind, "body": text, "m.mentions": {} })
}

fn thread(root: &EventId, to: &EventId, is_falling_back: bool) -> Value {
    json!({
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": is_falling_back,
        "m.in_reply_to": { "event_id": to },
    })
}

fn event_id(answer: &Value) -> EventId {
    EventId::from(
        answer
            .get("event_id")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )
}
