//! Guilds, as the bot looks at them.

use serde_json::{Value, json};

use super::{
    Answer, Call, Reply, id,
    refusal::{MISSING_ACCESS, MISSING_PERMISSIONS, NO_ROUTE, UNKNOWN_GUILD, UNKNOWN_MEMBER},
};
use crate::{
    Id, permissions as may,
    world::{
        World,
        channels::Kind,
        guilds::{Deletion, Guild},
    },
};

impl Call {
    /// Below `/guilds/{guild}`.
    pub(super) fn guild(self, world: &World, guild: &str, steps: &[&str]) -> Answer {
        let guild = id(guild).and_then(|id| world.guilds.get(&id));
        let guild = guild.ok_or(UNKNOWN_GUILD)?;
        if !guild.has_bot {
            return Err(MISSING_ACCESS);
        }
        if self.method != "GET" {
            return Err(NO_ROUTE);
        }
        let id = guild.id;
        let answer = match steps {
            [] => world.guild_json(id),
            ["channels"] => channels(world, id, |kind| kind != Kind::Thread),
            ["roles"] => Value::Array(world.roles_json(id)),
            ["threads", "active"] => json!({ "threads": active(world, id), "members": [] }),
            ["audit-logs"] => {
                if world.guild_rights(id, world.bot) & may::VIEW_AUDIT_LOG == 0 {
                    return Err(MISSING_PERMISSIONS);
                }
                self.audit_log(guild)
            }
            ["members", user] => {
                let user = user.parse().ok();
                let user = user.filter(|user| guild.members.contains_key(user));
                world.member_json(id, user.ok_or(UNKNOWN_MEMBER)?)
            }
            _ => return Err(NO_ROUTE),
        };
        Ok(Reply::Json(answer))
    }
}

impl Call {
    /// The deletions of a guild's audit log, newest first: nothing else is written there.
    fn audit_log(&self, guild: &Guild) -> Value {
        let target = self.asked_id("target_id");
        let limit = self.asked("limit").and_then(|it| it.parse().ok());
        let is_asked = self.asked("action_type").is_none_or(|it| it == "72");
        let of_target = |deletion: &&Deletion| {
            is_asked && target.is_none_or(|target| deletion.author == target)
        };
        let entries = guild.deletions.iter().rev().filter(of_target);
        let entries: Vec<Value> = entries
            .take(limit.unwrap_or(50))
            .map(Deletion::json)
            .collect();
        json!({
            "audit_log_entries": entries,
            "application_commands": [],
            "auto_moderation_rules": [],
            "guild_scheduled_events": [],
            "integrations": [],
            "threads": [],
            "users": [],
            "webhooks": [],
        })
    }
}

/// Discord names all channels of a guild here, also those that the bot cannot look into.
fn channels(world: &World, guild: Id, is_one: impl Fn(Kind) -> bool) -> Value {
    let channels = world.channels.values();
    let channels = channels.filter(|it| it.guild == Some(guild) && is_one(it.kind));
    channels.map(|it| world.channel_json(it.id)).collect()
}

fn active(world: &World, guild: Id) -> Vec<Value> {
    let threads = world.channels.values().filter(|it| {
        it.guild == Some(guild)
            && it.kind == Kind::Thread
            && !it.is_archived()
            && world.rights(it.id, world.bot) != 0
    });
    // Newest first.
    threads.rev().map(|it| world.channel_json(it.id)).collect()
}
