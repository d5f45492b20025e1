//! Commands: typed, half-typed, and from the menus of messages and people.

use serde_json::{Value, json};

use super::{Channel, Interaction, Message, Person};
use crate::{
    Id, permissions as may,
    world::{World, interactions::Asked},
};

impl Person {
    /// They send a slash command. A subcommand's name follows its command's: `question close`. Values are what people type: a
    /// number, a name of a person, channel or role, or a choice.
    ///
    /// # Panics
    /// When the bot has registered no such command, or they may not use it, or an option does not go with it.
    pub async fn command(
        &self,
        channel: &Channel,
        command: &str,
        options: &[(&str, &str)],
    ) -> Interaction {
        self.shared.change(|world| {
            let mut data = self.found(world, 1, command, channel.id);
            let mut resolved = json!({});
            let mut leaf = leaf_of(&mut data);
            let known = leaf.known.clone();
            for (name, _) in options {
                assert!(
                    known.iter().any(|it| it["name"] == *name),
                    "/{command} has no option {name}"
                );
            }
            for option in &known {
                let name = option["name"].as_str().unwrap_or_default();
                match options.iter().find(|(it, _)| *it == name) {
                    Some((_, typed)) => {
                        leaf.filled
                            .push(self.option(world, option, typed, &mut resolved))
                    }
                    None => assert!(option["required"] != json!(true), "/{command} needs {name}"),
                }
            }
            let data = finish(data, leaf.filled, &resolved);
            self.interact(
                world,
                Asked::Command,
                channel.id,
                None,
                &data,
                format!("/{command}"),
            )
        })
    }

    /// They have typed this much of an option. Others may be filled already.
    ///
    /// # Panics
    /// When the bot has registered no such command, or the option does not complete.
    pub async fn complete(
        &self,
        channel: &Channel,
        command: &str,
        option: &str,
        typed: &str,
    ) -> Interaction {
        self.complete_with(channel, command, (option, typed), &[])
            .await
    }

    /// Like [`Person::complete`], with other options that are filled already.
    ///
    /// # Panics
    /// When the bot has registered no such command, or the option does not complete.
    pub async fn complete_with(
        &self,
        channel: &Channel,
        command: &str,
        (option, typed): (&str, &str),
        others: &[(&str, &str)],
    ) -> Interaction {
        self.shared.change(|world| {
            let mut data = self.found(world, 1, command, channel.id);
            let mut resolved = json!({});
            let leaf = leaf_of(&mut data);
            let find = |name: &str| {
                let known = leaf.known.iter().find(|it| it["name"] == name);
                known.unwrap_or_else(|| panic!("/{command} has no option {name}"))
            };
            let asked = find(option);
            assert!(
                asked["autocomplete"] == json!(true),
                "/{command} {option} does not complete"
            );
            // What is half-typed goes as a text, whatever it is to become.
            let mut filled = vec![
                json!({ "name": option, "type": asked["type"], "value": typed, "focused": true }),
            ];
            for (name, typed) in others {
                filled.push(self.option(world, find(name), typed, &mut resolved));
            }
            let data = finish(data, filled, &resolved);
            let what = format!("/{command} {option}: {typed:?}");
            self.interact(world, Asked::Autocomplete, channel.id, None, &data, what)
        })
    }

    /// They take a command from the menu of a message.
    ///
    /// # Panics
    /// When the bot has registered no such command, or the message is gone.
    pub async fn menu(&self, message: &Message, command: &str) -> Interaction {
        self.shared.change(|world| {
            let mut data = self.found(world, 3, command, message.channel);
            let target = self.must_see(world, message.channel, message.id, "opens the menu of");
            data["target_id"] = json!(message.id);
            data["resolved"] =
                json!({ "messages": { message.id.to_string(): world.message_json(target) } });
            let data = finish(data, Vec::new(), &json!({}));
            self.interact(
                world,
                Asked::Command,
                message.channel,
                None,
                &data,
                format!("the menu {command:?}"),
            )
        })
    }

    /// They take a command from the menu of a person.
    ///
    /// # Panics
    /// When the bot has registered no such command.
    pub async fn person_menu(
        &self,
        channel: &Channel,
        person: &Self,
        command: &str,
    ) -> Interaction {
        self.shared.change(|world| {
            let mut data = self.found(world, 2, command, channel.id);
            let mut resolved = json!({});
            data["target_id"] = self.named(world, 6, &person.id.to_string(), &mut resolved);
            data["resolved"] = resolved;
            let data = finish(data, Vec::new(), &json!({}));
            self.interact(
                world,
                Asked::Command,
                channel.id,
                None,
                &data,
                format!("the menu {command:?}"),
            )
        })
    }

    /// What is sent of a command, with all its options below `known`.
    fn found(&self, world: &World, kind: u64, command: &str, channel: Id) -> Value {
        let mut names = command.split(' ');
        let first = if kind == 1 {
            names.next().unwrap_or_default()
        } else {
            command
        };
        let found = world
            .commands
            .iter()
            .find(|it| it["name"] == first && it["type"] == kind);
        let found = found.unwrap_or_else(|| {
            let known: Vec<_> = world
                .commands
                .iter()
                .map(|it| it["name"].to_string())
                .collect();
            panic!(
                "the bot has registered no {first:?}, only {}",
                known.join(", ")
            )
        });
        self.must_be_able(
            world,
            channel,
            may::USE_APPLICATION_COMMANDS,
            "use commands",
        );
        // A number here; Discord's pages also let it be one in a text.
        let needed = &found["default_member_permissions"];
        let needed = needed
            .as_u64()
            .or_else(|| needed.as_str()?.parse::<u64>().ok());
        let rights = world.rights(channel, self.id);
        // In direct messages there is nobody to give rights.
        let needed = needed.filter(|_| world.channel(channel).guild.is_some());
        assert!(
            needed.is_none_or(
                |needed| rights & needed == needed && (needed != 0 || rights == may::ALL)
            ),
            "{} may not use {command:?}",
            self.name
        );
        let context = u8::from(world.channel(channel).guild.is_none());
        let contexts = found["contexts"].as_array();
        assert!(
            contexts.is_none_or(|contexts| contexts.contains(&json!(context))),
            "{command:?} is not offered there"
        );
        let mut data = json!({
            "id": found["id"],
            "name": found["name"],
            "type": kind,
            "known": found["options"],
            "path": [],
        });
        for name in names.filter(|_| kind == 1) {
            let below = data["known"]
                .as_array()
                .and_then(|known| known.iter().find(|it| it["name"] == name));
            let below = below
                .filter(|it| it["type"].as_u64().is_some_and(|kind| kind <= 2))
                .cloned();
            let below = below.unwrap_or_else(|| panic!("the bot has registered no {command:?}"));
            data["known"] = below["options"].clone();
            if let Value::Array(path) = &mut data["path"] {
                path.push(json!({ "name": below["name"], "type": below["type"] }));
            }
        }
        data
    }
}

/// The innermost options: those that there are, and those that are filled.
struct Leaf {
    known: Vec<Value>,
    filled: Vec<Value>,
}

fn leaf_of(data: &mut Value) -> Leaf {
    let known = match data["known"].take() {
        Value::Array(known) => known,
        _ => Vec::new(),
    };
    let is_group = known
        .iter()
        .any(|it| it["type"].as_u64().is_some_and(|kind| kind <= 2));
    assert!(!is_group, "{} needs a subcommand", data["name"]);
    let filled = Vec::new();
    Leaf { known, filled }
}

/// Puts the filled options below the subcommand, where there is one, and takes out what only served to get here.
fn finish(mut data: Value, filled: Vec<Value>, resolved: &Value) -> Value {
    let path = data["path"].take();
    let steps = path.as_array().into_iter().flatten().rev();
    let options = steps.fold(filled, |options, step| {
        let mut step = step.clone();
        step["options"] = json!(options);
        vec![step]
    });
    if let Value::Object(data) = &mut data {
        data.remove("known");
        data.remove("path");
        if !options.is_empty() {
            data.insert("options".to_owned(), json!(options));
        }
        if resolved.as_object().is_some_and(|it| !it.is_empty()) {
            data.insert("resolved".to_owned(), resolved.clone());
        }
    }
    data
}
