//! From a room's events to the messages that a client shows: edits applied, redacted ones gone, reactions gathered. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::{EventId, UserId};

/// One message as a client shows it. Redacted messages are not shown at all.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The message's own event, not that of its latest edit.
    pub id: EventId,
    /// Who wrote it.
    pub sender: UserId,
    /// Their latest display name in the room.
    pub name: String,
    /// `m.text`, `m.notice` and so on.
    pub msgtype: String,
    /// The latest plain text.
    pub body: String,
    /// The latest HTML.
    pub formatted_body: Option<String>,
    /// The message on which the thread hangs that this one is in.
    pub thread: Option<EventId>,
    /// The message that this one answers; none when a thread's message names one only for clients that know no threads.
    pub reply_to: Option<EventId>,
    /// The latest content's `m.mentions`, `Null` when it has none. Whether an edit rang is in the edit itself, see
    /// [`crate::Person::events`].
    pub mentions: Value,
    /// How often the sender has edited it.
    pub edits: usize,
    /// Who reacted, by reaction key.
    pub reactions: BTreeMap<String, BTreeSet<UserId>>,
}

impl Shown {
    /// How many people reacted with this key.
    #[must_use]
    pub fn count(&self, key: &str) -> usize {
        self.reactions.get(key).map_or(0, BTreeSet::len)
    }
}

/// The messages in the order in which they were first sent.
pub(crate) fn show(events: &[Value]) -> Vec<Shown> {
    let names = names(events);
    let redacted = redacted(events);
    let mut shown: Vec<Shown> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let living = || {
        events
            .iter()
            .filter(|event| !redacted.contains(text(&event["event_id"])))
    };
    for event in
        living().filter(|event| event["type"] == "m.room.message" && relation(event) != "m.replace")
    {
        places.insert(text(&event["event_id"]), shown.len());
        shown.push(message(event, &names));
    }
    // Relations in a second pass: the server may give one before what it relates to.
    for event in living() {
        let target = text(&event["content"]["m.relates_to"]["event_id"]);
        let Some(message) = places.get(target).and_then(|place| shown.get_mut(*place)) else {
            continue;
        };
        match (text(&event["type"]), relation(event)) {
            ("m.room.message", "m.replace") if message.sender == text(&event["sender"]) => {
                message.edits += 1;
                rewrite(message, &event["content"]["m.new_content"]);
            }
            ("m.reaction", "m.annotation") => {
                let key = text(&event["content"]["m.relates_to"]["key"]).to_owned();
                message
                    .reactions
                    .entry(key)
                    .or_default()
                    .insert(UserId::from(text(&event["sender"])));
            }
            _ => {}
        }
    }
    shown
}

/// Everybody's latest display name; the user id's local part where there is none.
pub(crate) fn names(events: &[Value]) -> BTreeMap<UserId, String> {
    let mut names = BTreeMap::new();
    for event in events {
        let sender = text(&event["sender"]);
        names
            .entry(UserId::from(sender))
            .or_insert_with(|| localpart(sender).to_owned());
        if event["type"] == "m.room.member" {
            let who = text(&event["state_key"]);
            let name = event["content"]["displayname"].as_str();
            match name.filter(|name| !name.is_empty()) {
                Some(name) => drop(names.insert(UserId::from(who), name.to_owned())),
                None => drop(
                    names
                        .entry(UserId::from(who))
                        .or_insert_with(|| localpart(who).to_owned()),
                ),
            }
        }
    }
    names
}

/// A user id's part between `@` and `:`.
pub(crate) fn localpart(user_id: &str) -> &str {
    let start = user_id.strip_prefix('@').unwrap_or(user_id);
    start
        .split_once(':')
        .map_or(start, |(localpart, _)| localpart)
}

fn redacted(events: &[Value]) -> HashSet<&str> {
    let mut redacted = HashSet::new();
    for event in events {
        if event["unsigned"]["redacted_because"].is_object() {
            redacted.insert(text(&event["event_id"]));
        }
        if event["type"] == "m.room.redaction" {
            // In the content from room version 11 on, beside it before.
            redacted.extend(
                [&event["redacts"], &event["content"]["redacts"]]
                    .into_iter()
                    .filter_map(Value::as_str),
            );
        }
    }
    redacted
}

fn message(event: &Value, names: &BTreeMap<UserId, String>) -> Shown {
    let sender = UserId::from(text(&event["sender"]));
    let relates = &event["content"]["m.relates_to"];
    let thread = (relation(event) == "m.thread").then(|| EventId::from(text(&relates["event_id"])));
    let reply_to = relates["m.in_reply_to"]["event_id"]
        .as_str()
        .map(EventId::from);
    let is_fallback = thread.is_some() && relates["is_falling_back"] == true;
    let mut message = Shown {
        id: EventId::from(text(&event["event_id"])),
        name: names.get(&sender).cloned().unwrap_or_default(),
        sender,
        msgtype: String::new(),
        body: String::new(),
        formatted_body: None,
        thread,
        reply_to: reply_to.filter(|_| !is_fallback),
        mentions: Value::Null,
        edits: 0,
        reactions: BTreeMap::new(),
    };
    rewrite(&mut message, &event["content"]);
    message
}

fn rewrite(message: &mut Shown, content: &Value) {
    message.msgtype = text(&content["msgtype"]).to_owned();
    message.body = text(&content["body"]).to_owned();
    message.formatted_body = content["formatted_body"].as_str().map(str::to_owned);
    message.mentions = content["m.mentions"].clone();
}

fn relation(event: &Value) -> &str {
    text(&event["content"]["m.relates_to"]["rel_type"])
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
