//! The application and its commands, and direct channels.

use serde_json::{Value, json};

use super::{
    Answer, Call, Reply, id,
    refusal::{NO_ROUTE, UNKNOWN_APPLICATION, UNKNOWN_USER},
};
use crate::{
    check::{Problems, commands},
    world::World,
};

impl Call {
    /// Below `/applications` and `/oauth2/applications`.
    pub(super) fn application(self, world: &mut World, steps: &[&str]) -> Answer {
        let steps = steps.strip_prefix(&["applications"]).unwrap_or(steps);
        match (self.method.as_str(), steps) {
            ("GET", ["@me"]) => Ok(Reply::Json(application_json(world))),
            (method @ ("GET" | "PUT"), [app, "commands"]) => {
                if id(app) != Some(world.app) {
                    return Err(UNKNOWN_APPLICATION);
                }
                if method == "GET" {
                    return Ok(Reply::Json(Value::Array(world.commands.clone())));
                }
                self.register(world)
            }
            _ => Err(NO_ROUTE),
        }
    }

    /// Replaces all commands, of all kinds.
    fn register(mut self, world: &mut World) -> Answer {
        let commands = match self.body.remove("") {
            Some(Value::Array(commands)) => commands,
            _ => Vec::new(),
        };
        let mut problems = Problems::default();
        commands::read(&mut problems, &commands);
        problems.finish(world, "commands")?;
        let old = std::mem::take(&mut world.commands);
        for mut command in commands {
            let kind = command.get("type").cloned().unwrap_or(json!(1));
            let same = old
                .iter()
                .find(|it| it["name"] == command["name"] && it["type"] == kind);
            let id = match same {
                Some(same) => same["id"].clone(),
                None => json!(world.new_id()),
            };
            command["id"] = id;
            command["type"] = kind;
            command["application_id"] = json!(world.app);
            command["version"] = json!(world.new_id());
            for (key, otherwise) in [
                ("description", json!("")),
                ("default_member_permissions", Value::Null),
                ("nsfw", json!(false)),
                ("contexts", Value::Null),
                ("integration_types", json!([0])),
            ] {
                if command.get(key).is_none() {
                    command[key] = otherwise;
                }
            }
            world.commands.push(command);
        }
        Ok(Reply::Json(Value::Array(world.commands.clone())))
    }

    pub(super) fn open_direct(self, world: &mut World) -> Answer {
        let mut problems = Problems::default();
        problems.only("", &self.body, &["recipient_id"]);
        let user = problems.id("", &self.body, "recipient_id");
        if user.is_none() {
            problems.required("recipient_id");
        }
        problems.finish(world, "opening a direct channel")?;
        let user = user.filter(|user| world.users.contains_key(user) && *user != world.bot);
        let user = user.ok_or(UNKNOWN_USER)?;
        let channel = world.direct(user);
        Ok(Reply::Json(world.channel_json(channel)))
    }
}

fn application_json(world: &World) -> Value {
    json!({
        "id": world.app,
        "name": world.name_of(world.bot),
        "icon": null,
        "description": "",
        "bot_public": true,
        "bot_require_code_grant": false,
        "bot": world.user_json(world.bot),
        "verify_key": "0".repeat(64),
        "team": null,
        "flags": 0,
        "tags": [],
        "approximate_guild_count": world.guilds.values().filter(|guild| guild.has_bot).count(),
    })
}
