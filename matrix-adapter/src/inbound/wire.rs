//! Events as they come: the few keys that are read of them. Everything may be missing or wrong.
//!
//! A key that an event can do without is [`lenient`]: of a wrong type, it is as if it were not there. One that it can't do
//! without is an error. Nothing is read of an event that nests deeper than `serde_json` goes, 128 levels.

use serde::de::{DeserializeOwned, Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Files, Witness};

/// An event of a timeline.
#[derive(Deserialize)]
pub(super) struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    pub event_id: String,
    pub sender: String,
    origin_server_ts: Option<Value>,
    #[serde(default)]
    content: Value,
    #[serde(default, deserialize_with = "lenient")]
    unsigned: Option<Unsigned>,
    /// What a redaction takes away, before room version 11.
    #[serde(default, deserialize_with = "lenient")]
    pub redacts: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub state_key: Option<String>,
}

/// What the homeserver adds.
#[derive(Deserialize)]
struct Unsigned {
    #[serde(default, deserialize_with = "lenient")]
    membership: Option<String>,
    redacted_because: Option<IgnoredAny>,
    replaces_state: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "lenient")]
    prev_content: Option<MemberContent>,
}

/// A value, or none where it is of another type.
fn lenient<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(from)?;
    // What is read is never a list; serde would take one for the fields of an object.
    Ok((!value.is_array())
        .then(|| T::deserialize(value).ok())
        .flatten())
}

impl Event {
    /// Its content, read as what its kind promises.
    pub(super) fn content<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        if !self.content.is_object() {
            return Err(serde_json::Error::custom("the content is no object"));
        }
        T::deserialize(&self.content)
    }

    /// Whether its content is gone.
    pub(super) fn is_redacted(&self) -> bool {
        let unsigned = self.unsigned.as_ref();
        unsigned.is_some_and(|unsigned| unsigned.redacted_because.is_some())
    }

    /// Whether the bot was there; none where the homeserver says that it was not.
    pub(super) fn witness(&self) -> Option<Witness> {
        let unsigned = self.unsigned.as_ref();
        match unsigned.and_then(|unsigned| unsigned.membership.as_deref()) {
            None => Some(Witness::Unsaid),
            Some("join") => Some(Witness::Present),
            Some(_) => None,
        }
    }

    /// When, in milliseconds since 1970; 0 where it is not said.
    pub(super) fn at(&self) -> i64 {
        let at = self.origin_server_ts.as_ref();
        at.and_then(Value::as_i64).unwrap_or_default().max(0)
    }

    /// The content that this state had before, as far as it is told.
    pub(super) fn content_before(&self) -> Option<&MemberContent> {
        let unsigned = self.unsigned.as_ref()?;
        unsigned.prev_content.as_ref()
    }

    /// Whether this state was something else before.
    pub(super) fn replaces(&self) -> bool {
        let unsigned = self.unsigned.as_ref();
        unsigned.is_some_and(|unsigned| unsigned.replaces_state.is_some())
    }
}

/// Somebody's being in a room.
#[derive(Deserialize)]
pub(super) struct MemberContent {
    #[serde(default)]
    pub membership: String,
    /// Whether the events of who is thrown out are taken away with that.
    #[serde(default, deserialize_with = "lenient")]
    redact_events: Option<bool>,
    /// The same, as long as it is proposed only.
    #[serde(
        rename = "org.matrix.msc4293.redact_events",
        default,
        deserialize_with = "lenient"
    )]
    redact_events_proposed: Option<bool>,
}

impl MemberContent {
    /// Whether somebody is thrown out with all that they wrote.
    pub(super) fn removes_words(&self) -> bool {
        let is_out = self.membership == "ban" || self.membership == "leave";
        is_out && self.redact_events.or(self.redact_events_proposed) == Some(true)
    }
}

/// A message that changes none.
#[derive(Deserialize)]
pub(super) struct Message {
    pub msgtype: String,
    pub body: String,
    #[serde(default, deserialize_with = "lenient")]
    format: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    formatted_body: Option<String>,
    /// A file's own name, where the body is what is said of it.
    #[serde(default, deserialize_with = "lenient")]
    filename: Option<String>,
}

impl Message {
    /// The text with its marks as HTML, if the client sent that too.
    pub(super) fn html(&self) -> Option<&str> {
        let is_html = self.format.as_deref() == Some("org.matrix.custom.html");
        self.formatted_body.as_deref().filter(|_| is_html)
    }

    /// Whether somebody speaks, and whether with files; what only bots say is none, nor is a file without words.
    pub(super) fn speech(&self) -> Option<Files> {
        let has_words = self
            .filename
            .as_ref()
            .is_some_and(|name| *name != self.body);
        match self.msgtype.as_str() {
            "m.text" => Some(Files::None),
            "m.image" | "m.file" | "m.video" | "m.audio" if has_words => Some(Files::Some),
            _ => None,
        }
    }

    /// Whether somebody says something that is not said in words, or not to anybody.
    pub(super) fn is_wordless(&self) -> bool {
        let kinds = [
            "m.emote",
            "m.image",
            "m.file",
            "m.video",
            "m.audio",
            "m.location",
        ];
        kinds.contains(&self.msgtype.as_str())
    }
}

/// The change of a message. What stands beside its new content is for clients that know no changes.
#[derive(Deserialize)]
pub(super) struct ReplacedContent {
    #[serde(rename = "m.new_content")]
    new_content: Option<Map<String, Value>>,
}

/// A message of the bot's own.
#[derive(Deserialize)]
pub(super) struct OwnContent {
    /// [`super::KEY`].
    #[serde(rename = "stoa.key", default, deserialize_with = "lenient")]
    pub key: Option<String>,
}

/// A message that is encrypted still: what it hangs on is not.
#[derive(Deserialize)]
pub(super) struct Encrypted {
    pub session_id: String,
}

/// What a message hangs on, as it is said.
#[derive(Deserialize)]
pub(super) struct Hanging {
    #[serde(rename = "m.relates_to", default, deserialize_with = "lenient")]
    relates_to: Option<Map<String, Value>>,
}

/// A reaction.
#[derive(Deserialize)]
pub(super) struct ReactionContent {
    #[serde(rename = "m.relates_to")]
    relates_to: Map<String, Value>,
}

/// A redaction.
#[derive(Deserialize)]
pub(super) struct Redaction {
    pub redacts: Option<String>,
}

/// What a message hangs on.
pub(super) enum RelatesTo {
    None,
    Reply(String),
    Thread {
        root: String,
        reply_to: Option<String>,
    },
    Replaces(String),
}

impl ReplacedContent {
    /// What the message says from now on, if that is said.
    pub(super) fn now(self) -> Result<Option<Message>, serde_json::Error> {
        let now = self.new_content.map(Value::Object);
        now.map(Message::deserialize).transpose()
    }
}

impl Hanging {
    /// What it hangs on. In a thread, the reply that is only there for clients without threads is none.
    pub(super) fn relation(&self) -> RelatesTo {
        let Some(to) = &self.relates_to else {
            return RelatesTo::None;
        };
        let falls_back = to.get("is_falling_back") == Some(&Value::Bool(true));
        match (text(to, "rel_type").as_deref(), text(to, "event_id")) {
            (Some("m.replace"), Some(of)) => RelatesTo::Replaces(of),
            (Some("m.thread"), Some(root)) => RelatesTo::Thread {
                root,
                reply_to: self.reply().filter(|_| !falls_back),
            },
            _ => self.reply().map_or(RelatesTo::None, RelatesTo::Reply),
        }
    }

    /// The message that it replies to, if only for clients without threads: its text may begin with that message's.
    pub(super) fn reply(&self) -> Option<String> {
        let reply = self.relates_to.as_ref()?.get("m.in_reply_to")?;
        text(reply.as_object()?, "event_id")
    }
}

impl ReactionContent {
    /// The event that was reacted to, and with what.
    pub(super) fn annotation(&self) -> Option<(String, String)> {
        let to = &self.relates_to;
        let annotates = text(to, "rel_type").as_deref() == Some("m.annotation");
        let on = text(to, "event_id").zip(text(to, "key"));
        on.filter(|_| annotates)
    }
}

/// The text under a key; what is none is not there.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key)?.as_str().map(str::to_owned)
}

/// The kind of an event.
pub(super) fn kind(json: &str) -> Result<String, serde_json::Error> {
    #[derive(Deserialize)]
    struct EventType {
        #[serde(rename = "type")]
        kind: String,
    }
    serde_json::from_str::<EventType>(json).map(|kind| kind.kind)
}
