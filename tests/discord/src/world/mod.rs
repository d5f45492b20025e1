//! Everything that Discord knows here: guilds, channels, messages, interactions, and what went wrong. Pure state, without sockets;
//! it may dispatch events to sessions, which only queue them.

pub(crate) mod channels;
pub(crate) mod guilds;
pub(crate) mod interactions;
pub(crate) mod json;
pub(crate) mod messages;
pub(crate) mod reactions;
pub(crate) mod rights;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::{
    Id, Request, Violation,
    chaos::Sky,
    clock::{FIRST_GUILD, START},
    faults::Fault,
    gateway::Gateway,
    world::{channels::Channel, guilds::Guild, interactions::Interaction, messages::Message},
};

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) is_bot: bool,
}

/// The whole of it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) app: Id,
    pub(crate) bot: Id,
    pub(crate) token: String,
    /// The privileged intents that are switched on for the application.
    pub(crate) privileged: u64,
    pub(crate) authority: String,
    pub(crate) now: i64,
    last_id: u64,
    /// How many shards a bot is told to have, and how many of them may identify at once.
    pub(crate) shards: u64,
    pub(crate) max_concurrency: u64,
    /// Milliseconds between heartbeats.
    pub(crate) heartbeat: u64,
    pub(crate) users: BTreeMap<Id, User>,
    pub(crate) guilds: BTreeMap<Id, Guild>,
    pub(crate) channels: BTreeMap<Id, Channel>,
    pub(crate) messages: BTreeMap<Id, BTreeMap<Id, Message>>,
    pub(crate) interactions: BTreeMap<Id, Interaction>,
    pub(crate) commands: Vec<Value>,
    pub(crate) gateway: Gateway,
    pub(crate) faults: Vec<Fault>,
    pub(crate) chaos: Option<Sky>,
    pub(crate) requests: VecDeque<Request>,
    /// How many requests are kept.
    pub(crate) requests_kept: usize,
    pub(crate) violations: Vec<Violation>,
    pub(crate) pings: Vec<(Id, String)>,
    /// What the proxy was asked for.
    pub(crate) tunnels: Vec<String>,
    /// Who takes no direct messages.
    pub(crate) closed_to_direct: BTreeSet<Id>,
}

impl World {
    pub(crate) fn new(bot_name: &str, token: &str, privileged: u64) -> Self {
        let mut world = Self {
            app: Id(0),
            bot: Id(0),
            token: token.to_owned(),
            privileged,
            authority: String::new(),
            now: START,
            last_id: 0,
            shards: 1,
            max_concurrency: 1,
            heartbeat: 0,
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            interactions: BTreeMap::new(),
            commands: Vec::new(),
            gateway: Gateway::default(),
            faults: Vec::new(),
            chaos: None,
            requests: VecDeque::new(),
            requests_kept: usize::MAX,
            violations: Vec::new(),
            pings: Vec::new(),
            tunnels: Vec::new(),
            closed_to_direct: BTreeSet::new(),
        };
        world.app = world.new_id();
        world.bot = world.new_user(bot_name, true);
        world
    }

    /// The next snowflake: of now, and larger than any before.
    pub(crate) fn new_id(&mut self) -> Id {
        self.last_id = Id::at(self.now).0.max(self.last_id) + 1;
        Id(self.last_id)
    }

    /// The next guild's snowflake. Guilds are older than the rest and of a millisecond each: what tells shards apart are the
    /// milliseconds, so that guilds go around the shards in the order in which they are made.
    pub(crate) fn new_guild_id(&self) -> Id {
        let count = i64::try_from(self.guilds.len()).unwrap_or_default();
        Id::at(FIRST_GUILD + count)
    }

    pub(crate) fn new_user(&mut self, name: &str, is_bot: bool) -> Id {
        let id = self.new_id();
        let name = name.to_owned();
        self.users.insert(id, User { id, name, is_bot });
        id
    }

    pub(crate) fn user(&self, id: Id) -> &User {
        self.users
            .get(&id)
            .expect("accounts are never deleted, and ids of others are checked first")
    }

    pub(crate) fn name_of(&self, id: Id) -> &str {
        self.users.get(&id).map_or("nobody", |user| &user.name)
    }

    /// Notes a request that was answered, in place of the oldest where there are too many.
    pub(crate) fn note_request(&mut self, request: Request) {
        self.requests.push_back(request);
        let many = self.requests.len().saturating_sub(self.requests_kept);
        self.requests.drain(..many);
    }

    /// Notes what a test should fail for.
    pub(crate) fn violation(&mut self, kind: &'static str, text: impl Into<String>) {
        let text = text.into();
        self.violations.push(Violation { kind, text });
    }
}
