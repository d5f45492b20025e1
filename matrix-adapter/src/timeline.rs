//! A room's part of a sync response as what happened in it, oldest first, with what the response left out.

use std::collections::HashSet;

use bot_core::platform::MessageKey;
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::uint;
use matrix_sdk::sync::{JoinedRoomUpdate, State, Timeline};
use serde::de::IgnoredAny;

use crate::failure::Failure;
use crate::inbound::{self, Heard, Witness};

/// Whether something of a room's state came in with what happened.
pub(crate) fn has_state(update: &JoinedRoomUpdate) -> bool {
    let beside = match &update.state {
        State::Before(events) | State::After(events) => !events.is_empty(),
    };
    let is_state = |event: &TimelineEvent| {
        let key = event.raw().get_field::<IgnoredAny>("state_key");
        key.is_ok_and(|key| key.is_some())
    };
    beside || update.timeline.limited || update.timeline.events.iter().any(is_state)
}

/// What can be read of an event, by the event's name.
type Read = (MessageKey, Heard);

/// What happened in a room.
#[derive(Default)]
pub(crate) struct Happened {
    /// Newest first, as a homeserver pages.
    newest_first: Vec<Read>,
    seen: HashSet<MessageKey>,
}

/// Whether to look further back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Back {
    Further,
    Far,
}

impl Happened {
    /// Reads a timeline.
    pub(crate) fn new(own: &str, timeline: &Timeline) -> Self {
        let mut happened = Self::default();
        happened.before(own, timeline.events.iter().rev());
        happened
    }

    /// Puts events before what is there; they come newest first.
    fn before<'a>(
        &mut self,
        own: &str,
        newest_first: impl Iterator<Item = &'a TimelineEvent>,
    ) -> Back {
        let mut back = Back::Further;
        for event in newest_first {
            let json = event.raw().json().get();
            match inbound::read(own, json) {
                Ok(Some(heard)) => {
                    if heard == Heard::Arrived {
                        back = Back::Far;
                    }
                    self.add(json, heard);
                }
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, "an event can't be read"),
            }
        }
        back
    }

    fn add(&mut self, json: &str, heard: Heard) {
        // Pages overlap.
        if let Some(name) = inbound::name(json)
            && self.seen.insert(name.clone())
        {
            self.newest_first.push((name, heard));
        }
    }

    /// Fills the gap between a limited timeline and the last sync: pages back until there, or to where the bot came in.
    pub(crate) async fn fill(
        &mut self,
        own: &str,
        room: &Room,
        timeline: &Timeline,
        since: &str,
    ) -> Result<(), Failure> {
        let arrived = self
            .newest_first
            .iter()
            .any(|(_, heard)| *heard == Heard::Arrived);
        let mut from = timeline.prev_batch.clone().filter(|_| !arrived);
        while let Some(at) = from {
            let mut options = MessagesOptions::backward().from(at.as_str());
            options.to = Some(since.to_owned());
            options.limit = uint!(100);
            let page = room.messages(options).await?;
            let back = self.before(own, page.chunk.iter());
            from = page.end.filter(|end| back == Back::Further && *end != at);
        }
        Ok(())
    }

    /// What happened, oldest first. What came before the bot did is left out, unless the homeserver says that it was there.
    pub(crate) fn in_order(self) -> Vec<Heard> {
        let arrived = |(_, heard): &Read| *heard == Heard::Arrived;
        let first = self.newest_first.iter().position(arrived);
        let witnessed = |heard: &Heard| match heard {
            Heard::Deed(deed) => deed.witness == Witness::Present,
            Heard::Sealed(sealed) => sealed.witness == Witness::Present,
            Heard::Own { .. } | Heard::Arrived => true,
        };
        let mut kept: Vec<Heard> = self
            .newest_first
            .into_iter()
            .enumerate()
            .filter(|(at, (_, heard))| first.is_none_or(|first| *at < first) || witnessed(heard))
            .map(|(_, (_, heard))| heard)
            .collect();
        kept.reverse();
        kept
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::serde::Raw;
    use serde_json::{Value, json};

    use super::*;

    const OWN: &str = "@stoa:localhost";

    fn said(id: &str, unsigned: Value) -> Value {
        json!({
            "type": "m.room.message",
            "event_id": id,
            "sender": "@mira:localhost",
            "content": { "msgtype": "m.text", "body": id },
            "unsigned": unsigned,
        })
    }

    fn arrival() -> Value {
        json!({
            "type": "m.room.member",
            "event_id": "$join",
            "sender": OWN,
            "state_key": OWN,
            "content": { "membership": "join" },
        })
    }

    fn timeline(events: Vec<Value>) -> Timeline {
        let event = |event: Value| {
            let raw = serde_json::value::to_raw_value(&event).expect("JSON");
            TimelineEvent::from_plaintext(Raw::from_json(raw))
        };
        Timeline {
            events: events.into_iter().map(event).collect(),
            ..Timeline::default()
        }
    }

    fn heard(happened: Happened) -> Vec<String> {
        let name = |heard| match heard {
            Heard::Deed(deed) => deed.id.0,
            Heard::Sealed(sealed) => sealed.id.0,
            Heard::Own { message, .. } => message.0,
            Heard::Arrived => "arrived".to_owned(),
        };
        happened.in_order().into_iter().map(name).collect()
    }

    #[test]
    fn pages_are_put_before_what_is_there_and_nothing_comes_twice() {
        let newest = timeline(vec![said("$3", json!({})), said("$4", json!({}))]);
        let mut happened = Happened::new(OWN, &newest);
        let page = timeline(vec![
            said("$3", json!({})),
            said("$2", json!({})),
            json!({ "type": "m.room.message" }),
            said("$1", json!({})),
        ]);
        assert_eq!(happened.before(OWN, page.events.iter()), Back::Further);
        assert_eq!(heard(happened), ["$1", "$2", "$3", "$4"]);
    }

    #[test]
    fn history_counts_only_where_the_homeserver_says_that_the_bot_was_there() {
        let all = timeline(vec![
            said("$unsaid", json!({})),
            said("$absent", json!({ "membership": "leave" })),
            said("$before", json!({ "membership": "join" })),
            arrival(),
            said("$after", json!({})),
        ]);
        assert_eq!(
            heard(Happened::new(OWN, &all)),
            ["$before", "arrived", "$after"]
        );
        let mut happened = Happened::default();
        assert_eq!(happened.before(OWN, all.events.iter().rev()), Back::Far);
    }
}
