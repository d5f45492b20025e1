//! Chaos: faults of all kinds by chance, from a seed. It never asks more of a bot than Discord does: what it lets fail, it
//! lets through when it is tried again.

mod events;
mod requests;
mod rng;
mod sockets;

use std::collections::BTreeMap;

use crate::{Discord, gateway::Event};
use requests::Streak;
use rng::SeededRng;

/// What chaos there is to be. The same seed gives the same faults to the same events and requests.
///
/// - Requests: 429 of a route, of all routes and shared; 500 and 502 with a page of HTML, with or without what was asked done; a line
///   that breaks before or after it was done; and slow answers, a few of nearly 3 seconds. Of those that belong to one
///   interaction never two in a row fail, of others never three. `GET /gateway` is spared.
/// - Events: sent twice, behind as many as five later ones, in another order than their neighbours, after an event that nobody
///   knows, and after a message with a component that nobody knows. Interactions are sent twice at the worst: they have no time
///   to lose. What is late comes with later events or with [`Discord::calm`].
/// - Sockets: dropped, closed with 4000, 4009, 1001 or no code, told to reconnect (op 7), told that the session is invalid (op 9,
///   with and without hope), a resume refused, a heartbeat without its acknowledgement. Where a session is lost, so is what
///   happens until the next IDENTIFY; otherwise it comes with the resume.
#[derive(Debug, Clone)]
pub struct Chaos {
    seed: u64,
    strength: u64,
    requests: bool,
    events: bool,
    sockets: bool,
    late: bool,
}

impl Chaos {
    /// All that there is, to ten in a hundred requests and events.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self {
            seed,
            strength: 10,
            requests: true,
            events: true,
            sockets: true,
            late: true,
        }
    }

    /// To so many in a hundred requests and events. Sockets break ten times more rarely.
    #[must_use]
    pub const fn strength(mut self, in_a_hundred: u64) -> Self {
        self.strength = in_a_hundred;
        self
    }

    /// Lets all requests through.
    #[must_use]
    pub const fn without_requests(mut self) -> Self {
        self.requests = false;
        self
    }

    /// Lets all events through, each once and in order.
    #[must_use]
    pub const fn without_events(mut self) -> Self {
        self.events = false;
        self
    }

    /// Leaves the gateway's sockets alone.
    #[must_use]
    pub const fn without_sockets(mut self) -> Self {
        self.sockets = false;
        self
    }

    /// Leaves events in their order.
    #[must_use]
    pub const fn in_order(mut self) -> Self {
        self.late = false;
        self
    }
}

/// The chaos that there is now.
#[derive(Debug)]
pub(crate) struct Sky {
    how: Chaos,
    /// For events and sockets, which happen one after the other.
    rng: SeededRng,
    streaks: BTreeMap<String, Streak>,
    /// Events that are late, and behind how many more they are to come.
    late: Vec<(u64, Event)>,
    /// How many events there must still be until a socket may break again.
    quiet: u64,
    log: Vec<String>,
}

impl Sky {
    fn new(how: Chaos) -> Self {
        Self {
            rng: SeededRng::of(how.seed, "the gateway"),
            how,
            streaks: BTreeMap::new(),
            late: Vec::new(),
            quiet: 0,
            log: Vec::new(),
        }
    }

    /// The last so many things that happened.
    pub(crate) fn last(&self, count: usize) -> impl Iterator<Item = &String> {
        let from = self.log.len().saturating_sub(count);
        self.log.iter().skip(from)
    }
}

impl Discord {
    /// Lets this chaos come, in place of what there was. Faults that a test asks for come first.
    pub fn chaos(&self, chaos: Chaos) {
        self.calm();
        self.shared
            .change(|world| world.chaos = Some(Sky::new(chaos)));
    }

    /// Ends the chaos. Events that were late come now.
    pub fn calm(&self) {
        self.shared.change(|world| {
            let sky = world.chaos.take();
            for (_, event) in sky.into_iter().flat_map(|sky| sky.late) {
                world.tell(&event);
            }
        });
    }

    /// What the chaos has done so far, a line each. Empty when there is none.
    #[must_use]
    pub fn chaos_log(&self) -> Vec<String> {
        self.shared.look(|world| {
            let log = world.chaos.iter().flat_map(|sky| &sky.log);
            log.cloned().collect()
        })
    }
}
