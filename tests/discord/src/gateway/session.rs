//! A session: what a bot has going at the gateway. It outlives its socket, and keeps what it was told for a resume.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::{Out, dispatch::framed};
use crate::Id;

/// How many dispatches a session keeps. Who asks for older ones may not resume.
const KEPT: usize = 10_000;

/// A dispatch that was sent.
#[derive(Debug)]
struct Sent {
    seq: u64,
    kind: &'static str,
    out: Out,
}

/// What a bot has going.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) intents: u64,
    pub(crate) shard: (u64, u64),
    pub(crate) line: Option<UnboundedSender<Out>>,
    pub(crate) can_resume: bool,
    seq: u64,
    sent: VecDeque<Sent>,
}

impl Session {
    pub(crate) const fn new(
        id: String,
        intents: u64,
        shard: (u64, u64),
        line: UnboundedSender<Out>,
    ) -> Self {
        Self {
            id,
            intents,
            shard,
            line: Some(line),
            can_resume: true,
            seq: 0,
            sent: VecDeque::new(),
        }
    }

    /// Sends a dispatch, and keeps it for a resume.
    pub(crate) fn send(
        &mut self,
        kind: &'static str,
        data: &Value,
        interaction: Option<Id>,
        times: usize,
    ) {
        if self.line.is_none() && !self.can_resume {
            return;
        }
        self.seq += 1;
        let text = Utf8Bytes::from(framed(kind, self.seq, data));
        let out = Out::Text { text, interaction };
        for _ in 0..times {
            self.put(out.clone());
        }
        if self.sent.len() == KEPT {
            self.sent.pop_front();
        }
        let seq = self.seq;
        self.sent.push_back(Sent { seq, kind, out });
    }

    /// Says something that is no dispatch.
    pub(crate) fn say(&self, frame: &Value) {
        self.put(Out::frame(frame));
    }

    /// Ends its socket, if it has one.
    pub(crate) fn end(&mut self, how: Out) {
        self.put(how);
        self.line = None;
    }

    fn put(&self, out: Out) {
        if let Some(line) = &self.line {
            // A socket that has just gone takes nothing more; the session keeps what it is for.
            let _ = line.send(out);
        }
    }

    /// Whether all that came after a number is still there.
    pub(crate) fn knows(&self, seq: u64) -> bool {
        let first = self.sent.front().map_or(1, |sent| sent.seq);
        (first - 1..=self.seq).contains(&seq)
    }

    /// Sends all again that came after a number.
    pub(crate) fn replay(&self, after: u64) {
        for sent in self.sent.iter().filter(|sent| sent.seq > after) {
            self.put(sent.out.clone());
        }
    }

    /// Sends the newest dispatch of a kind again. Whether there is one, and somebody to hear it.
    pub(crate) fn repeat_last(&self, kind: &str) -> bool {
        let last = self.sent.iter().rev().find(|sent| sent.kind == kind);
        let (Some(last), Some(line)) = (last, &self.line) else {
            return false;
        };
        line.send(last.out.clone()).is_ok()
    }
}
