//! The gateway: sessions, what each of them is told, and the faults that it can have. The socket itself is in `socket`.

mod decode;
mod dispatch;
pub(crate) mod handshake;
mod shards;
pub(crate) mod socket;

use tokio::sync::mpsc::UnboundedSender;

use serde_json::Value;

/// What a socket is to do.
#[derive(Debug)]
pub(crate) enum Out {
    Text(String),
    /// A close frame with this code, or with none.
    Close(Option<u16>),
    /// The line goes dead without a close frame.
    Drop,
}

/// Something that is to be told.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    kind: &'static str,
    intent: u64,
    data: Value,
    /// What sessions get that may not read what people write.
    blank: Option<Value>,
}

/// What a bot has going; it outlives its socket.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) intents: u64,
    pub(crate) shard: (u64, u64),
    pub(crate) seq: u64,
    sent: Vec<(u64, &'static str, String)>,
    pub(crate) line: Option<UnboundedSender<Out>>,
    pub(crate) can_resume: bool,
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
        let mut any = false;
        for session in &self.sessions {
            let last = session.sent.iter().rev().find(|(_, it, _)| *it == kind);
            if let (Some((_, _, frame)), Some(line)) = (last, &session.line) {
                any |= line.send(Out::Text(frame.clone())).is_ok();
            }
        }
        any
    }

    /// Ends the sockets that are open. Sessions stay, as they do when a line breaks.
    pub(crate) fn disconnect(&mut self, how: impl Fn() -> Out) -> usize {
        let mut count = 0;
        for session in &mut self.sessions {
            if let Some(line) = session.line.take() {
                count += usize::from(line.send(how()).is_ok());
            }
        }
        count
    }

    /// Says something that is no dispatch to all who are connected.
    pub(crate) fn say(&self, frame: &Value) -> usize {
        let lines = self
            .sessions
            .iter()
            .filter_map(|session| session.line.as_ref());
        lines
            .filter(|line| line.send(Out::Text(frame.to_string())).is_ok())
            .count()
    }

    pub(crate) fn forget_sessions(&mut self) {
        for session in &mut self.sessions {
            session.can_resume = false;
        }
    }

    pub(crate) fn connected(&self) -> usize {
        self.sessions
            .iter()
            .filter(|session| session.line.is_some())
            .count()
    }
}
