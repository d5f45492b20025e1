//! Events as they come: the few keys that are read of them. Everything may be missing or wrong.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::Witness;

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
    unsigned: Option<Unsigned>,
    /// What a redaction takes away, before room version 11.
    pub redacts: Option<String>,
    pub state_key: Option<String>,
}

/// What the homeserver adds.
#[derive(Deserialize)]
struct Unsigned {
    membership: Option<String>,
    redacted_because: Option<IgnoredAny>,
    replaces_state: Option<IgnoredAny>,
    prev_content: Option<Member>,
}

impl Event {
    /// Its content, read as what its kind promises.
    pub(super) fn content<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
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
    pub(super) fn content_before(&self) -> Option<&Member> {
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
pub(super) struct Member {
    #[serde(default)]
    pub membership: String,
}

/// A message.
#[derive(Deserialize)]
pub(super) struct Message {
    pub msgtype: String,
    pub body: String,
    #[serde(flatten)]
    hanging: Hanging,
    #[serde(rename = "m.new_content")]
    pub new_content: Option<NewContent>,
    /// [`super::KEY`].
    #[serde(rename = "stoa.key")]
    pub key: Option<String>,
}

/// A message that is encrypted still: what it hangs on is not.
#[derive(Deserialize)]
pub(super) struct Encrypted {
    pub session_id: String,
    #[serde(flatten)]
    pub hanging: Hanging,
}

/// What a message hangs on, as it is said.
#[derive(Deserialize)]
pub(super) struct Hanging {
    #[serde(rename = "m.relates_to")]
    relates_to: Option<RelatesTo>,
}

/// What a changed message says now.
#[derive(Deserialize)]
pub(super) struct NewContent {
    pub msgtype: String,
    pub body: String,
}

/// A reaction.
#[derive(Deserialize)]
pub(super) struct Reaction {
    #[serde(rename = "m.relates_to")]
    relates_to: RelatesTo,
}

/// A redaction.
#[derive(Deserialize)]
pub(super) struct Redaction {
    pub redacts: Option<String>,
}

#[derive(Deserialize)]
struct RelatesTo {
    rel_type: Option<String>,
    event_id: Option<String>,
    key: Option<String>,
    #[serde(default)]
    is_falling_back: bool,
    #[serde(rename = "m.in_reply_to")]
    in_reply_to: Option<InReplyTo>,
}

#[derive(Deserialize)]
struct InReplyTo {
    event_id: String,
}

/// What a message hangs on.
pub(super) enum Relation {
    None,
    Reply(String),
    Thread {
        root: String,
        reply_to: Option<String>,
    },
    Replaces(String),
}

impl Message {
    /// What it hangs on.
    pub(super) fn relation(&self) -> Relation {
        self.hanging.relation()
    }

    /// Whether its text may begin with what it replies to.
    pub(super) fn is_reply(&self) -> bool {
        let to = self.hanging.relates_to.as_ref();
        to.is_some_and(|to| to.in_reply_to.is_some())
    }
}

impl Hanging {
    /// What it hangs on. In a thread, the reply that is only there for clients without threads is none.
    pub(super) fn relation(&self) -> Relation {
        let Some(to) = &self.relates_to else {
            return Relation::None;
        };
        let reply = to.in_reply_to.as_ref().map(|reply| reply.event_id.clone());
        match (to.rel_type.as_deref(), &to.event_id) {
            (Some("m.replace"), Some(of)) => Relation::Replaces(of.clone()),
            (Some("m.thread"), Some(root)) => Relation::Thread {
                root: root.clone(),
                reply_to: reply.filter(|_| !to.is_falling_back),
            },
            _ => reply.map_or(Relation::None, Relation::Reply),
        }
    }
}

impl Reaction {
    /// The event that was reacted to, and with what.
    pub(super) fn annotation(self) -> Option<(String, String)> {
        let to = self.relates_to;
        let annotates = to.rel_type.as_deref() == Some("m.annotation");
        to.event_id.zip(to.key).filter(|_| annotates)
    }
}

/// The kind of an event.
pub(super) fn kind(json: &str) -> Result<String, serde_json::Error> {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(rename = "type")]
        kind: String,
    }
    serde_json::from_str::<Kind>(json).map(|kind| kind.kind)
}

/// The name of an event.
pub(super) fn name(json: &str) -> Result<String, serde_json::Error> {
    #[derive(Deserialize)]
    struct Name {
        event_id: String,
    }
    serde_json::from_str::<Name>(json).map(|name| name.event_id)
}
