//! Guilds: who is in them, with which roles.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{World, channels::Kind};
use crate::{Id, intents, permissions};

/// A guild.
#[derive(Debug)]
pub(crate) struct Guild {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) owner: Id,
    pub(crate) roles: BTreeMap<Id, Role>,
    pub(crate) members: BTreeMap<Id, Member>,
    /// Whether the bot is in it.
    pub(crate) has_bot: bool,
    /// Whether it is there for anybody: outages happen.
    pub(crate) is_available: bool,
    /// How many threads can be active at once.
    pub(crate) most_threads: usize,
    /// What people took away that others had written, oldest first.
    pub(crate) deletions: Vec<Deletion>,
}

/// An entry of the audit log: a message that somebody took away who had not written it.
#[derive(Debug)]
pub(crate) struct Deletion {
    pub(crate) id: Id,
    pub(crate) by: Id,
    pub(crate) author: Id,
    pub(crate) channel: Id,
}

/// Discord's most active threads of a guild.
const MOST_THREADS: usize = 1_000;

impl Deletion {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "user_id": self.by,
            "target_id": self.author,
            "action_type": 72,
            "options": { "channel_id": self.channel, "count": "1" },
        })
    }
}

/// A role.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) permissions: u64,
    pub(crate) is_managed: bool,
}

/// Somebody's place in a guild.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) nick: Option<String>,
    pub(crate) roles: Vec<Id>,
    pub(crate) joined: i64,
    /// Whether they are timed out: they may do nothing but look.
    pub(crate) is_timed_out: bool,
}

impl World {
    /// A guild of an owner of its own, where the bot is a member.
    pub(crate) fn new_guild(&mut self, name: &str) -> Id {
        let owner = self.new_user("owner", false);
        let id = self.new_guild_id();
        let everyone = Role {
            id,
            name: "@everyone".to_owned(),
            permissions: permissions::EVERYONE,
            is_managed: false,
        };
        self.guilds.insert(
            id,
            Guild {
                id,
                name: name.to_owned(),
                owner,
                roles: BTreeMap::from([(id, everyone)]),
                members: BTreeMap::new(),
                has_bot: true,
                is_available: true,
                most_threads: MOST_THREADS,
                deletions: Vec::new(),
            },
        );
        self.join(id, owner);
        let name = self.name_of(self.bot).to_owned();
        let role = self.new_role(id, &name, permissions::BOT, true);
        let bot = self.bot;
        self.join(id, bot);
        self.guild_mut(id)
            .members
            .get_mut(&bot)
            .expect("it has just joined")
            .roles
            .push(role);
        self.dispatch_guild(id);
        id
    }

    /// Somebody takes away what somebody else wrote: the audit log has it.
    pub(crate) fn log_deletion(&mut self, channel: Id, author: Id, by: Id) {
        let Some(guild) = self.channel(channel).guild else {
            return;
        };
        let id = self.new_id();
        let deletion = Deletion {
            id,
            by,
            author,
            channel,
        };
        let mut event = deletion.json();
        self.guild_mut(guild).deletions.push(deletion);
        // Only who may read the log is told of it.
        if self.guild_rights(guild, self.bot) & permissions::VIEW_AUDIT_LOG != 0 {
            event["guild_id"] = json!(guild);
            self.dispatch(
                "GUILD_AUDIT_LOG_ENTRY_CREATE",
                intents::GUILD_MODERATION,
                event,
            );
        }
    }

    pub(crate) fn guild_mut(&mut self, id: Id) -> &mut Guild {
        self.guilds
            .get_mut(&id)
            .expect("guilds are never forgotten")
    }

    fn has_bot(&self, guild: Id) -> bool {
        let guild = self.guilds.get(&guild);
        guild.is_some_and(|guild| guild.members.contains_key(&self.bot))
    }

    pub(crate) fn new_role(
        &mut self,
        guild: Id,
        name: &str,
        permissions: u64,
        managed: bool,
    ) -> Id {
        let id = self.new_id();
        let role = Role {
            id,
            name: name.to_owned(),
            permissions,
            is_managed: managed,
        };
        self.guild_mut(guild).roles.insert(id, role);
        if self.has_bot(guild) {
            let data = json!({ "guild_id": guild, "role": self.role_json(guild, id) });
            self.dispatch("GUILD_ROLE_CREATE", intents::GUILDS, data);
        }
        id
    }

    pub(crate) fn delete_role(&mut self, guild: Id, role: Id) {
        let state = self.guild_mut(guild);
        state.roles.remove(&role);
        for member in state.members.values_mut() {
            member.roles.retain(|it| *it != role);
        }
        let data = json!({ "guild_id": guild, "role_id": role });
        self.dispatch("GUILD_ROLE_DELETE", intents::GUILDS, data);
    }

    /// Somebody comes in, without any role.
    pub(crate) fn join(&mut self, guild: Id, user: Id) {
        let joined = self.now;
        let member = Member {
            nick: None,
            roles: Vec::new(),
            joined,
            is_timed_out: false,
        };
        self.guild_mut(guild).members.insert(user, member);
        if user != self.bot && self.has_bot(guild) {
            let mut data = self.member_json(guild, user);
            data["guild_id"] = json!(guild);
            self.dispatch("GUILD_MEMBER_ADD", intents::GUILD_MEMBERS, data);
        }
    }

    /// Somebody goes.
    pub(crate) fn leave(&mut self, guild: Id, user: Id) {
        self.guild_mut(guild).members.remove(&user);
        let data = json!({ "guild_id": guild, "user": self.user_json(user) });
        self.dispatch("GUILD_MEMBER_REMOVE", intents::GUILD_MEMBERS, data);
    }

    pub(crate) fn add_role(&mut self, guild: Id, user: Id, role: Id) {
        let member = self.guild_mut(guild).members.get_mut(&user);
        let member = member.expect("roles are given to members");
        if !member.roles.contains(&role) {
            member.roles.push(role);
        }
        self.dispatch_member(guild, user);
    }

    pub(crate) fn dispatch_member(&mut self, guild: Id, user: Id) {
        let mut data = self.member_json(guild, user);
        data["guild_id"] = json!(guild);
        let intent = if user == self.bot {
            0
        } else {
            intents::GUILD_MEMBERS
        };
        self.dispatch("GUILD_MEMBER_UPDATE", intent, data);
    }

    pub(crate) fn dispatch_guild(&mut self, guild: Id) {
        let data = self.guild_create_json(guild);
        self.dispatch("GUILD_CREATE", intents::GUILDS, data);
    }

    /// The bot is put out of a guild.
    pub(crate) fn remove_bot(&mut self, guild: Id) {
        let bot = self.bot;
        let state = self.guild_mut(guild);
        state.has_bot = false;
        state.members.remove(&bot);
        self.dispatch("GUILD_DELETE", intents::GUILDS, json!({ "id": guild }));
    }

    /// The bot is let in again, with its role.
    pub(crate) fn readd_bot(&mut self, guild: Id) {
        let bot = self.bot;
        let now = self.now;
        let state = self.guild_mut(guild);
        let role = state.roles.values().find(|role| role.is_managed);
        let roles = role.map(|role| role.id).into_iter().collect();
        state.has_bot = true;
        let member = Member {
            nick: None,
            roles,
            joined: now,
            is_timed_out: false,
        };
        state.members.insert(bot, member);
        self.dispatch_guild(guild);
    }

    /// An outage starts or ends.
    pub(crate) fn set_available(&mut self, guild: Id, available: bool) {
        self.guild_mut(guild).is_available = available;
        if available {
            self.dispatch_guild(guild);
        } else {
            let data = json!({ "id": guild, "unavailable": true });
            self.dispatch("GUILD_DELETE", intents::GUILDS, data);
        }
    }

    /// The direct channel between the bot and somebody, made when there is none.
    pub(crate) fn direct(&mut self, user: Id) -> Id {
        let found = self
            .channels
            .values()
            .find(|channel| channel.kind == Kind::Direct && channel.recipient == Some(user));
        if let Some(channel) = found {
            return channel.id;
        }
        self.new_direct(user)
    }
}
