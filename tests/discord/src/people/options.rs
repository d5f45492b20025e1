//! The options of a command: from what people type to what is sent.

use serde_json::{Value, json};

use super::Person;
use crate::{Id, clock::written, permissions as may, world::World};

impl Person {
    /// An option as it is sent. Panics when it does not take such a value.
    pub(crate) fn option(
        &self,
        world: &World,
        option: &Value,
        typed: &str,
        resolved: &mut Value,
    ) -> Value {
        let name = option["name"].as_str().unwrap_or_default();
        let kind = option["type"].as_u64().unwrap_or_default();
        let choices = option["choices"]
            .as_array()
            .filter(|choices| !choices.is_empty());
        let value = match choices {
            Some(choices) => {
                let is_it =
                    |choice: &&Value| choice["name"] == typed || plain(&choice["value"]) == typed;
                let choice = choices.iter().find(is_it);
                choice.unwrap_or_else(|| panic!("{name} has no choice {typed:?}"))["value"].clone()
            }
            None => self.value(world, option, kind, typed, resolved),
        };
        json!({ "name": name, "type": kind, "value": value })
    }

    fn value(
        &self,
        world: &World,
        option: &Value,
        kind: u64,
        typed: &str,
        resolved: &mut Value,
    ) -> Value {
        let name = &option["name"];
        let bad = |what: &str| -> ! { panic!("the option {name} takes {what}, not {typed:?}") };
        let within = |number: f64| {
            let least = option["min_value"].as_f64().unwrap_or(f64::MIN);
            let most = option["max_value"].as_f64().unwrap_or(f64::MAX);
            if !(least..=most).contains(&number) {
                bad(&format!("{least} to {most}"));
            }
        };
        match kind {
            3 => {
                let count = typed.chars().count() as u64;
                let least = option["min_length"].as_u64().unwrap_or(1);
                let most = option["max_length"].as_u64().unwrap_or(6000);
                if !(least..=most).contains(&count) {
                    bad(&format!("{least} to {most} characters"));
                }
                json!(typed)
            }
            4 => match typed.parse::<i64>() {
                Ok(number) => {
                    within(number as f64);
                    json!(number)
                }
                Err(_) => bad("a whole number"),
            },
            5 => match typed {
                "true" => json!(true),
                "false" => json!(false),
                _ => bad("true or false"),
            },
            10 => match typed.parse::<f64>() {
                Ok(number) => {
                    within(number);
                    json!(number)
                }
                Err(_) => bad("a number"),
            },
            6..=9 => self.named(world, kind, typed, resolved),
            _ => bad("what the fake has not"),
        }
    }

    /// A person, channel or role by name or id: its id, and what it is in `resolved`.
    pub(crate) fn named(
        &self,
        world: &World,
        kind: u64,
        typed: &str,
        resolved: &mut Value,
    ) -> Value {
        let typed = typed.trim_start_matches(['@', '#']);
        let id = typed.parse::<Id>().ok();
        let guild = world.guilds.get(&self.guild);
        let user = || {
            let mut users = world.users.values();
            users
                .find(|user| user.name == typed || Some(user.id) == id)
                .map(|user| user.id)
        };
        let channel = || {
            let mut channels = world.channels.values();
            let channel = channels.find(|it| {
                it.guild == Some(self.guild)
                    && (it.name == typed || Some(it.id) == id)
                    && world.may(it.id, self.id, may::VIEW_CHANNEL)
            });
            channel.map(|channel| channel.id)
        };
        let role = || {
            let mut roles = guild.into_iter().flat_map(|guild| guild.roles.values());
            roles
                .find(|role| role.name == typed || Some(role.id) == id)
                .map(|role| role.id)
        };
        if let Some(user) = user().filter(|_| matches!(kind, 6 | 9)) {
            resolved["users"][user.to_string()] = world.user_json(user);
            if guild.is_some_and(|guild| guild.members.contains_key(&user)) {
                let mut member = world.partial_member_json(self.guild, user);
                member["permissions"] = json!(world.guild_rights(self.guild, user).to_string());
                resolved["members"][user.to_string()] = member;
            }
            return json!(user);
        }
        if let Some(channel) = channel().filter(|_| kind == 7) {
            let mut place = world.channel_json(channel);
            place["permissions"] = json!(world.rights(channel, self.id).to_string());
            resolved["channels"][channel.to_string()] = place;
            return json!(channel);
        }
        if let Some(role) = role().filter(|_| matches!(kind, 8 | 9)) {
            resolved["roles"][role.to_string()] = world.role_json(self.guild, role);
            return json!(role);
        }
        panic!(
            "nothing here is called {typed:?} (at {})",
            written(world.now)
        )
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
