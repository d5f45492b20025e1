//! The gateway: sessions, what each of them is told, and the faults that it can have. The socket itself is in `socket`.

mod decode;
mod dispatch;
pub(crate) mod handshake;
mod session;
mod shards;
pub(crate) mod socket;

use axum::extract::ws::Utf8Bytes;
use serde_json::Value;

pub(crate) use dispatch::{Event, bare};
pub(crate) use session::Session;

use crate::Id;

/// What a socket is to do.
#[derive(Debug, Clone)]
pub(crate) enum Out {
    Text {
        text: Utf8Bytes,
        /// The interaction that it tells of.
        interaction: Option<Id>,
    },
    /// A close frame with this code, or with none.
    Close(Option<u16>),
    /// The line goes dead without a close frame.
    Drop,
}

impl Out {
    /// A frame that is no dispatch.
    pub(crate) fn frame(frame: &Value) -> Self {
        Self::Text {
            text: frame.to_string().into(),
            interaction: None,
        }
    }
}

/// All of the gateway's state.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    pub(crate) sessions: Vec<Session>,
    held: Option<Vec<Event>>,
    /// How often the next dispatch of a kind goes out, where not once.
    duplicate: Option<String>,
    pub(crate) refuse_resume: bool,
    pub(crate) mute_heartbeats: bool,
    turns: shards::Turns,
    pub(crate) identifies: u64,
    pub(crate) resumes: u64,
    pub(crate) heartbeats: u64,
}

impl Gateway {
    pub(crate) fn hold(&mut self) {
        self.held.get_or_insert_default();
    }

    pub(crate) fn duplicate_next(&mut self, kind: &str) {
        self.duplicate = Some(kind.to_owned());
    }

    /// Sends the newest dispatch of a kind again, to all who got it: a late duplicate. Whether there was any.
    pub(crate) fn repeat_last(&self, kind: &str) -> bool {
        let repeated = self.sessions.iter().map(|it| it.repeat_last(kind));
        repeated.fold(false, |any, it| any | it)
    }

    /// Ends the sockets that are open. Sessions stay, as they do when a line breaks.
    pub(crate) fn disconnect(&mut self, how: &Out) -> usize {
        let open = self.sessions.iter_mut().filter(|it| it.line.is_some());
        open.map(|session| session.end(how.clone())).count()
    }

    /// Says something that is no dispatch to all who are connected.
    pub(crate) fn say(&self, frame: &Value) -> usize {
        let open = self.sessions.iter().filter(|it| it.line.is_some());
        open.map(|session| session.say(frame)).count()
    }

    /// Ends all sessions; their sockets are told nothing more.
    pub(crate) fn forget_sessions(&mut self) {
        for session in &mut self.sessions {
            session.can_resume = false;
            session.line = None;
        }
    }

    pub(crate) fn connected(&self) -> usize {
        let open = self.sessions.iter().filter(|it| it.line.is_some());
        open.count()
    }
}
