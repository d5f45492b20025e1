//! Buttons, menus and dialogs: what people do with what the bot shows.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Interaction, Message, Modal, Person};
use crate::{
    Id, transcript,
    world::{World, interactions::Asked},
};

impl Person {
    pub(crate) fn interact(
        &self,
        world: &mut World,
        asked: Asked,
        channel: Id,
        source: Option<Id>,
        data: &Value,
        what: String,
    ) -> Interaction {
        let id = world.interact(asked, self.id, channel, source, data);
        let shared = Arc::clone(&self.shared);
        Interaction { shared, id, what }
    }

    /// They click a button, by its label or custom id.
    ///
    /// # Panics
    /// When there is none, or they cannot click it.
    pub async fn click(&self, message: &Message, button: &str) -> Interaction {
        let part = self.part(message, |part| {
            part["type"] == 2 && (part["custom_id"] == button || transcript::label(part) == button)
        });
        let part = part.unwrap_or_else(|| {
            panic!(
                "{} finds no button {button:?} on\n{}",
                self.name,
                message.shown()
            )
        });
        assert!(part["custom_id"].is_string(), "{button:?} is a link");
        let data = json!({ "component_type": 2, "custom_id": part["custom_id"], "id": part["id"] });
        self.press(message, &part, &data, format!("the click on {button:?}"))
    }

    /// A click as no client makes it: with an id that no button of the message has, as of one that was there once.
    pub async fn forges_click(&self, message: &Message, custom_id: &str) -> Interaction {
        let data = json!({ "component_type": 2, "custom_id": custom_id, "id": 1 });
        let what = format!("the forged click {custom_id:?}");
        self.press(message, &json!({}), &data, what)
    }

    /// A dialog as no client sends it: with another id than it has.
    pub async fn forges_submit(
        &self,
        modal: &Modal,
        custom_id: &str,
        texts: &[(&str, &str)],
    ) -> Interaction {
        let mut data = modal.filled(texts, &self.name);
        data["custom_id"] = json!(custom_id);
        let what = format!("the forged dialog {custom_id:?}");
        self.shared.change(|world| {
            let (channel, source) = (modal.channel, modal.source);
            self.interact(world, Asked::Modal, channel, source, &data, what)
        })
    }

    /// They choose in a menu, by its custom id or placeholder, options by their label or value. In menus of people, roles or
    /// channels, options are names.
    ///
    /// # Panics
    /// When there is none, or they cannot choose that.
    pub async fn choose(&self, message: &Message, menu: &str, options: &[&str]) -> Interaction {
        let part = self.part(message, |part| {
            part["type"] != 2 && (part["custom_id"] == menu || part["placeholder"] == menu)
        });
        let part = part.unwrap_or_else(|| {
            panic!(
                "{} finds no menu {menu:?} on\n{}",
                self.name,
                message.shown()
            )
        });
        let least = part["min_values"].as_u64().unwrap_or(1);
        let most = part["max_values"].as_u64().unwrap_or(1);
        let count = options.len() as u64;
        assert!(
            (least..=most).contains(&count),
            "{menu:?} takes {least} to {most} options"
        );
        let mut data = json!({ "component_type": part["type"], "custom_id": part["custom_id"], "id": part["id"] });
        if part["type"] == 3 {
            let known = part["options"].as_array().cloned().unwrap_or_default();
            let value = |name: &&str| {
                let option = known
                    .iter()
                    .find(|it| it["label"] == *name || it["value"] == *name);
                option.unwrap_or_else(|| panic!("{menu:?} has no option {name:?}"))["value"].clone()
            };
            data["values"] = options.iter().map(value).collect();
        } else {
            self.shared
                .look(|world| self.resolve_values(world, &part, options, &mut data));
        }
        self.press(message, &part, &data, format!("the choice in {menu:?}"))
    }

    fn resolve_values(&self, world: &World, part: &Value, names: &[&str], data: &mut Value) {
        let kind = match part["type"].as_u64() {
            Some(5) => 6,
            Some(6) => 8,
            Some(7) => 9,
            _ => 7,
        };
        let mut resolved = json!({});
        let value = |name: &&str| self.named(world, kind, name, &mut resolved);
        let values: Vec<Value> = names.iter().map(value).collect();
        data["values"] = json!(values);
        data["resolved"] = resolved;
    }

    fn part(&self, message: &Message, is_it: impl Fn(&Value) -> bool) -> Option<Value> {
        message
            .get(transcript::parts)
            .into_iter()
            .find(|part| is_it(part))
    }

    fn press(&self, message: &Message, part: &Value, data: &Value, what: String) -> Interaction {
        assert!(
            part["disabled"] != json!(true),
            "{} cannot press what is disabled",
            self.name
        );
        self.shared.change(|world| {
            self.must_see(world, message.channel, message.id, "presses what is on");
            self.interact(
                world,
                Asked::Component,
                message.channel,
                Some(message.id),
                data,
                what,
            )
        })
    }

    /// They fill in a dialog, fields by custom id or label, and send it.
    ///
    /// # Panics
    /// When it is not theirs, or a field does not take such a text.
    pub async fn submit(&self, modal: &Modal, texts: &[(&str, &str)]) -> Interaction {
        assert!(modal.user == self.id, "the dialog is not {}'s", self.name);
        let data = modal.filled(texts, &self.name);
        let what = format!("the dialog {:?}", modal.title());
        self.shared.change(|world| {
            self.must_be_able(world, modal.channel, 0, "send a dialog");
            self.interact(
                world,
                Asked::Modal,
                modal.channel,
                modal.source,
                &data,
                what,
            )
        })
    }
}
