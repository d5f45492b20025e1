//! What the chaos does to events, on their way to sessions.

use serde_json::{Value, json};

use super::Sky;
use crate::{Id, gateway::Event, intents, world::World};

/// A kind of component that Discord does not have yet.
const UNKNOWN_PART: u8 = 99;

/// What happens to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Plain,
    Twice,
    /// It comes behind so many others.
    Late(u64),
    /// Something that nobody knows comes before it.
    AfterUnknown(&'static str),
    AfterUnreadable,
}

impl Sky {
    fn fate(&mut self, kind: &str) -> Fate {
        if !self.how.events || !self.rng.falls(self.how.strength * 10) {
            return Fate::Plain;
        }
        let is_urgent = kind == "INTERACTION_CREATE";
        let fate = match self.rng.throw(8) {
            0 | 1 => Fate::Twice,
            2 | 3 if self.how.late && !is_urgent => Fate::Late(1),
            4 if self.how.late && !is_urgent => Fate::Late(2 + self.rng.throw(4)),
            5 => Fate::AfterUnreadable,
            // Two real ones that are not documented, and one that is not even real.
            6 => Fate::AfterUnknown("MESSAGE_REACTION_ADD_MANY"),
            7 => Fate::AfterUnknown("GUILD_JOIN_REQUEST_UPDATE"),
            _ => Fate::AfterUnknown("TOMORROWS_EVENT"),
        };
        self.log.push(format!("{kind}: {fate:?}"));
        fate
    }

    /// One event has gone: which of those that are late come now.
    fn due(&mut self) -> Vec<Event> {
        for (behind, _) in &mut self.late {
            *behind = behind.saturating_sub(1);
        }
        let due = self.late.extract_if(.., |(behind, _)| *behind == 0);
        due.map(|(_, event)| event).collect()
    }
}

impl World {
    /// Sends an event out into the chaos.
    pub(crate) fn send_out(&mut self, event: Event) {
        let Some(sky) = &mut self.chaos else {
            return self.tell(&event);
        };
        let fate = sky.fate(event.kind());
        let trouble = sky.trouble(event.kind());
        if let Some((trouble, _)) = trouble.filter(|(_, is_first)| *is_first) {
            self.break_socket(trouble);
        }
        match fate {
            Fate::Plain => self.tell(&event),
            Fate::Twice => self.tell_twice(&event),
            Fate::AfterUnknown(kind) => {
                let data = json!({ "what": "nobody knows" });
                for session in &mut self.gateway.sessions {
                    session.send(kind, &data, None, 1);
                }
                self.tell(&event);
            }
            Fate::AfterUnreadable => {
                self.tell_unreadable(&event);
                self.tell(&event);
            }
            Fate::Late(_) => {}
        }
        let due = self.chaos.as_mut().map(Sky::due).unwrap_or_default();
        for late in due {
            self.tell(&late);
        }
        if let (Fate::Late(behind), Some(sky)) = (fate, &mut self.chaos) {
            sky.late.push((behind, event));
        }
        if let Some((trouble, false)) = trouble {
            self.break_socket(trouble);
        }
    }

    /// A message of somebody's bot, in the place that an event is about, that is made of what nobody knows. It pings ours, or
    /// else nothing of it would be told.
    fn tell_unreadable(&mut self, beside: &Event) {
        let place = beside.place().filter(|id| self.channels.contains_key(id));
        let Some((place, guild)) = place.and_then(|id| Some((id, self.channel(id).guild?))) else {
            return;
        };
        let data = self.unreadable_json(place, guild);
        self.tell(&Event::new("MESSAGE_CREATE", intents::GUILD_MESSAGES, data));
    }

    fn unreadable_json(&mut self, place: Id, guild: Id) -> Value {
        let id = self.new_id();
        let known = self.users.values().find(|it| it.name == "strange bot");
        let author = known.map(|it| it.id);
        let author = author.unwrap_or_else(|| self.new_user("strange bot", true));
        let mut message = crate::world::messages::Message::new(id, place, author, self.now);
        message.content = format!("<@{}>", self.bot);
        message.mentions = vec![self.bot];
        let part = json!({ "type": UNKNOWN_PART, "id": 2, "what": "nobody knows" });
        message.components = vec![
            json!({ "type": 1, "id": 1, "components": [part] }),
            json!({ "type": UNKNOWN_PART, "id": 3, "what": "nobody knows" }),
        ];
        let mut data = self.message_json(&message);
        data["guild_id"] = json!(guild);
        data["member"] = self.partial_member_json(guild, author);
        data
    }
}
