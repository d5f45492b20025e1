//! Who is told of what: intents, shards, and what the bot may not see.

use serde_json::{Value, json};

use super::{decode, shards::is_on_shard};
use crate::{Id, intents::MESSAGE_CONTENT, permissions, world::World};

/// Something that is to be told.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    kind: &'static str,
    intent: u64,
    data: Value,
    /// What sessions get that may not read what people write.
    blank: Option<Value>,
}

impl Event {
    pub(crate) const fn new(kind: &'static str, intent: u64, data: Value) -> Self {
        let blank = None;
        Self {
            kind,
            intent,
            data,
            blank,
        }
    }

    pub(crate) const fn kind(&self) -> &'static str {
        self.kind
    }

    /// The channel that it is about or that it happened in, if any.
    pub(crate) fn place(&self) -> Option<Id> {
        let is_about_it = self.kind.starts_with("CHANNEL_") || self.kind.starts_with("THREAD_");
        id_in(&self.data, if is_about_it { "id" } else { "channel_id" })
    }

    fn guild(&self) -> Option<Id> {
        let is_about_it = matches!(self.kind, "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE");
        id_in(&self.data, if is_about_it { "id" } else { "guild_id" })
    }

    fn interaction(&self) -> Option<Id> {
        let is_one = self.kind == "INTERACTION_CREATE";
        is_one.then(|| id_in(&self.data, "id")).flatten()
    }
}

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
            None => self.send_out(event),
        }
    }

    /// Tells all that was held back.
    pub(crate) fn release_events(&mut self) {
        for event in self.gateway.held.take().unwrap_or_default() {
            self.send_out(event);
        }
    }

    /// Drops what was held back: an outage in which events are lost.
    pub(crate) fn lose_events(&mut self) {
        self.gateway.held = None;
    }

    /// Tells an event to all whom it concerns.
    pub(crate) fn tell(&mut self, event: &Event) {
        let is_twice = self.gateway.duplicate.as_deref() == Some(event.kind);
        if is_twice {
            self.gateway.duplicate = None;
        }
        self.tell_times(event, if is_twice { 2 } else { 1 });
    }

    pub(crate) fn tell_twice(&mut self, event: &Event) {
        self.tell_times(event, 2);
    }

    fn tell_times(&mut self, event: &Event, times: usize) {
        self.check_event(event.kind, &event.data);
        let guild = event.guild();
        for session in &mut self.gateway.sessions {
            let wants = event.intent == 0 || session.intents & event.intent != 0;
            if !wants || !is_on_shard(guild, session.shard) {
                continue;
            }
            let may_read = session.intents & MESSAGE_CONTENT != 0;
            let data = match &event.blank {
                Some(blank) if !may_read => blank,
                Some(_) | None => &event.data,
            };
            session.send(event.kind, data, event.interaction(), times);
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
        let guild = event.guild().and_then(|guild| self.guilds.get(&guild));
        if guild.is_some_and(|guild| !guild.has_bot || !guild.is_available) {
            return true;
        }
        let place = event.place();
        let place = place.filter(|place| self.channels.contains_key(place));
        place.is_some_and(|place| !self.may(place, self.bot, permissions::VIEW_CHANNEL))
    }
}

/// A dispatch as text. The type comes first: that is where decoders look for it.
pub(super) fn framed(kind: &str, seq: u64, data: &Value) -> String {
    format!(r#"{{"t":"{kind}","s":{seq},"op":0,"d":{data}}}"#)
}

fn id_in(data: &Value, key: &str) -> Option<Id> {
    data.get(key)?.as_str()?.parse().ok()
}

/// A frame that is no dispatch.
pub(crate) fn bare(op: u8, data: &Value) -> Value {
    json!({ "t": null, "s": null, "op": op, "d": data })
}
