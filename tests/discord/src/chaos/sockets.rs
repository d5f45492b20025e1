//! What the chaos does to the gateway's sockets and sessions.

use serde_json::json;

use super::Sky;
use crate::{
    gateway::{Out, bare},
    world::World,
};

/// How many events there are at least between two troubles, so that a bot comes in again before the next.
const QUIET: u64 = 20;

/// What happens to one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Dropped,
    /// Closed with this code, or none. 4009 ends the session, too.
    Closed(Option<u16>),
    /// Told to reconnect, op 7.
    Reconnect,
    /// Told that it is invalid, op 9.
    Invalid {
        can_resume: bool,
    },
    /// Closed, and then not taken back.
    Refused,
}

impl Sky {
    /// What happens to a socket at an event, and whether before it. Interactions are sent first: nobody asks twice.
    pub(crate) fn trouble(&mut self, kind: &str) -> Option<(Trouble, bool)> {
        self.quiet = self.quiet.saturating_sub(1);
        if !self.how.sockets || self.quiet > 0 || !self.rng.falls(self.how.strength) {
            return None;
        }
        self.quiet = QUIET;
        let trouble = match self.rng.throw(10) {
            0 | 1 => Trouble::Dropped,
            2 => Trouble::Closed(None),
            3 => Trouble::Closed(Some(1001)),
            4 => Trouble::Closed(Some(4000)),
            5 => Trouble::Closed(Some(4009)),
            6 => Trouble::Reconnect,
            7 => Trouble::Invalid { can_resume: true },
            8 => Trouble::Invalid { can_resume: false },
            _ => Trouble::Refused,
        };
        let is_first = kind != "INTERACTION_CREATE" && self.rng.throw(2) == 0;
        self.log.push(format!("{kind}: {trouble:?}"));
        Some((trouble, is_first))
    }

    /// Whether a heartbeat stays without its acknowledgement.
    pub(crate) fn swallows_heartbeat(&mut self) -> bool {
        let swallows = self.how.sockets && self.quiet == 0 && self.rng.falls(self.how.strength);
        if swallows {
            self.quiet = QUIET;
            self.log.push("a heartbeat is not acknowledged".to_owned());
        }
        swallows
    }

    fn one_of(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        usize::try_from(self.rng.throw(count)).unwrap_or_default()
    }
}

impl World {
    /// Brings trouble to one of those who are connected, if any.
    pub(crate) fn break_socket(&mut self, trouble: Trouble) {
        let connected = self.gateway.connected();
        let which = self.chaos.as_mut().map_or(0, |sky| sky.one_of(connected));
        let sessions = self.gateway.sessions.iter_mut();
        let mut connected = sessions.filter(|session| session.line.is_some());
        let Some(session) = connected.nth(which) else {
            return;
        };
        match trouble {
            Trouble::Dropped => session.end(Out::Drop),
            Trouble::Closed(code) => {
                session.can_resume &= code != Some(4009);
                session.end(Out::Close(code));
            }
            Trouble::Reconnect => session.say(&bare(7, &json!(null))),
            Trouble::Invalid { can_resume } => {
                session.say(&bare(9, &json!(can_resume)));
                if !can_resume {
                    session.can_resume = false;
                    session.line = None;
                }
            }
            Trouble::Refused => {
                session.can_resume = false;
                session.end(Out::Close(Some(4000)));
            }
        }
    }
}
