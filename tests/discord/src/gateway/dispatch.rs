//! Who is told of what: intents, shards, and what the bot may not see.

use serde_json::{Value, json};

use super::{Event, Out, Session, decode, shards::is_on_shard};
use crate::{Id, intents::MESSAGE_CONTENT, permissions, world::World};

impl World {
    /// Tells all sessions that asked for it; an intent of 0 goes to all.
    pub(crate) fn dispatch(&mut self, kind: &'static str, intent: u64, data: Value) {
        self.dispatch_or_blank(kind, intent, data, None);
    }

    /// Tells sessions that may not read what people write only `blank`.
    pub(crate) fn dispatch_or_blank(
        &mut self,
        kind: &'static str,
        intent: u64,
        data: Value,
        blank: Option<Value>,
    ) {
        let event = Event {
            kind,
            intent,
            data,
            blank,
        };
        if self.is_hidden(&event) {
            return;
        }
        match &mut self.gateway.held {
            Some(held) => held.push(event),
            None => self.tell(&event),
        }
    }

    /// Tells all that was held back.
    pub(crate) fn release_events(&mut self) {
        for event in self.gateway.held.take().unwrap_or_default() {
            self.tell(&event);
        }
    }

    /// Drops what was held back: an outage in which events are lost.
    pub(crate) fn lose_events(&mut self) {
        self.gateway.held = None;
    }

    fn tell(&mut self, event: &Event) {
        self.check_event(event.kind, &event.data);
        let is_twice = self.gateway.duplicate.as_deref() == Some(event.kind);
        if is_twice {
            self.gateway.duplicate = None;
        }
        let guild = guild_of(event);
        for session in &mut self.gateway.sessions {
            let wants = event.intent == 0 || session.intents & event.intent != 0;
            if wants && is_on_shard(guild, session.shard) {
                session.tell(event, is_twice);
            }
        }
    }

    /// Notes an event that is not as twilight-model knows it.
    pub(crate) fn check_event(&mut self, kind: &str, data: &Value) {
        if let Some(wrong) = decode::check(&framed(kind, 1, data)) {
            self.violation("event", format!("{kind} is not decoded: {wrong}"));
        }
    }

    /// Whether the bot is not there, or cannot see the place.
    fn is_hidden(&self, event: &Event) -> bool {
        if matches!(event.kind, "INTERACTION_CREATE" | "GUILD_DELETE") {
            return false;
        }
        let guild = guild_of(event).and_then(|guild| self.guilds.get(&guild));
        if guild.is_some_and(|guild| !guild.has_bot || !guild.is_available) {
            return true;
        }
        let is_about_place =
            event.kind.starts_with("CHANNEL_") || event.kind.starts_with("THREAD_");
        let place = if is_about_place { "id" } else { "channel_id" };
        let place = id_in(&event.data, place).filter(|place| self.channels.contains_key(place));
        place.is_some_and(|place| !self.may(place, self.bot, permissions::VIEW_CHANNEL))
    }
}

impl Session {
    fn tell(&mut self, event: &Event, is_twice: bool) {
        let may_read = self.intents & MESSAGE_CONTENT != 0;
        let data = match &event.blank {
            Some(blank) if !may_read => blank,
            _ => &event.data,
        };
        let times = if is_twice { 2 } else { 1 };
        self.send(event.kind, data, times);
    }

    /// Sends a dispatch, and keeps it for a resume.
    pub(crate) fn send(&mut self, kind: &'static str, data: &Value, times: usize) {
        self.seq += 1;
        let frame = framed(kind, self.seq, data);
        if let Some(line) = &self.line {
            for _ in 0..times {
                // A socket that has just gone takes nothing more; the session keeps the frame.
                let _ = line.send(Out::Text(frame.clone()));
            }
        }
        self.sent.push((self.seq, kind, frame));
    }

    /// Sends all again that came after a sequence number.
    pub(crate) fn replay(&self, after: u64) {
        let Some(line) = &self.line else {
            return;
        };
        for (_, _, frame) in self.sent.iter().filter(|(seq, _, _)| *seq > after) {
            let _ = line.send(Out::Text(frame.clone()));
        }
    }
}

/// A dispatch as text. The type comes first: that is where decoders look for it.
fn framed(kind: &str, seq: u64, data: &Value) -> String {
    format!(r#"{{"t":"{kind}","s":{seq},"op":0,"d":{data}}}"#)
}

fn guild_of(event: &Event) -> Option<Id> {
    let key = if matches!(event.kind, "GUILD_CREATE" | "GUILD_DELETE") {
        "id"
    } else {
        "guild_id"
    };
    id_in(&event.data, key)
}

fn id_in(data: &Value, key: &str) -> Option<Id> {
    data.get(key)?.as_str()?.parse().ok()
}

/// A frame that is no dispatch.
pub(crate) fn bare(op: u8, data: &Value) -> Value {
    json!({ "t": null, "s": null, "op": op, "d": data })
}
