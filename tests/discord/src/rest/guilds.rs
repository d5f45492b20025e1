//! Guilds, as the bot looks at them.

use serde_json::{Value, json};

use super::{
    Answer, Call, Reply, id,
    refusal::{MISSING_ACCESS, NO_ROUTE, UNKNOWN_GUILD, UNKNOWN_MEMBER},
};
use crate::{
    Id,
    world::{World, channels::Kind},
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
