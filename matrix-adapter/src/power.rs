//! Power levels as the state events say them, for looking at a room without the SDK. Pure.

use serde_json::Value;

/// Who may do what in a room.
pub(crate) struct Powers<'a> {
    levels: &'a Value,
    creation: &'a Value,
}

impl<'a> Powers<'a> {
    /// From the content of `m.room.power_levels`, null where there is none, and the whole event `m.room.create`.
    pub(crate) const fn new(levels: &'a Value, creation: &'a Value) -> Self {
        Self { levels, creation }
    }

    /// Whether somebody may send messages.
    pub(crate) fn may_write(&self, user: &str) -> bool {
        self.reaches(user, self.event("m.room.message"))
    }

    /// Whether somebody may take away what others sent.
    pub(crate) fn may_redact(&self, user: &str) -> bool {
        let needed = self.redact().max(self.event("m.room.redaction"));
        self.reaches(user, needed)
    }

    /// The level that taking away needs.
    pub(crate) fn redact(&self) -> i64 {
        number(self.levels.get("redact")).unwrap_or(50)
    }

    fn event(&self, kind: &str) -> i64 {
        let events = self.levels.get("events");
        number(events.and_then(|events| events.get(kind)))
            .or_else(|| number(self.levels.get("events_default")))
            .unwrap_or(0)
    }

    fn reaches(&self, user: &str, needed: i64) -> bool {
        if self.created(user) && (self.levels.is_null() || self.creators_rule()) {
            return true;
        }
        let users = self.levels.get("users");
        let level = number(users.and_then(|users| users.get(user)))
            .or_else(|| number(self.levels.get("users_default")))
            .unwrap_or(0);
        level >= needed
    }

    /// Whether somebody made the room.
    fn created(&self, user: &str) -> bool {
        let content = self.creation.get("content");
        let more = content.and_then(|content| content.get("additional_creators"));
        let more = more.and_then(Value::as_array);
        let is = |id: &Value| id.as_str() == Some(user);
        self.creation.get("sender").is_some_and(is) || more.is_some_and(|more| more.iter().any(is))
    }

    /// Whether who made the room stands above all levels: from room version 12 on.
    fn creators_rule(&self) -> bool {
        let content = self.creation.get("content");
        let version = content.and_then(|content| content.get("room_version"));
        let version = version.and_then(Value::as_str).unwrap_or("1");
        version.parse::<u32>().is_ok_and(|version| version >= 12)
    }
}

/// A level; very old rooms have them as text.
fn number(level: Option<&Value>) -> Option<i64> {
    let level = level?;
    level
        .as_i64()
        .or_else(|| level.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BOT: &str = "@stoa:localhost";

    fn may(levels: &Value, creation: &Value) -> (bool, bool) {
        let powers = Powers::new(levels, creation);
        (powers.may_write(BOT), powers.may_redact(BOT))
    }

    #[test]
    fn levels_decide() {
        let creation = json!({ "sender": "@mira:localhost", "content": { "room_version": "11" } });
        assert_eq!(may(&json!({}), &creation), (true, false));
        assert_eq!(
            may(&json!({ "users": { BOT: 50 } }), &creation),
            (true, true)
        );
        assert_eq!(
            may(&json!({ "users": { BOT: "50" } }), &creation),
            (true, true)
        );
        assert_eq!(
            may(&json!({ "events_default": 50 }), &creation),
            (false, false)
        );
        let special = json!({ "users_default": 50, "events": { "m.room.redaction": 100 } });
        assert_eq!(may(&special, &creation), (true, false));
    }

    #[test]
    fn creators_stand_above_levels_from_version_12_on() {
        let levels = json!({ "events_default": 100, "redact": 100 });
        let of = |version: &str| json!({ "sender": BOT, "content": { "room_version": version } });
        assert_eq!(may(&levels, &of("12")), (true, true));
        assert_eq!(may(&levels, &of("11")), (false, false));
        let more = json!({
            "sender": "@mira:localhost",
            "content": { "room_version": "12", "additional_creators": [BOT] },
        });
        assert_eq!(may(&levels, &more), (true, true));
    }
}
