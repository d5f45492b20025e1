//! A message, as people see it now.

use std::sync::Arc;

use serde_json::Value;

use super::Channel;
use crate::{
    Id,
    shared::Shared,
    transcript,
    world::messages::{self, LOADING},
};

/// A message. It shows what stands there when it is asked.
#[derive(Debug, Clone)]
pub struct Message {
    pub(crate) shared: Arc<Shared>,
    pub(crate) channel: Id,
    pub(crate) id: Id,
}

impl Message {
    pub(crate) const fn new(shared: Arc<Shared>, channel: Id, id: Id) -> Self {
        Self {
            shared,
            channel,
            id,
        }
    }

    pub(crate) fn get<T>(&self, look: impl FnOnce(&messages::Message) -> T) -> T {
        self.shared.look(|world| {
            let message = world.message(self.channel, self.id);
            look(message.unwrap_or_else(|| panic!("the message {} was deleted", self.id)))
        })
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.id
    }

    /// Where it stands.
    #[must_use]
    pub fn channel(&self) -> Channel {
        Channel::new(Arc::clone(&self.shared), self.channel)
    }

    /// The thread that starts from it.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn thread(&self) -> Channel {
        let has_one = self
            .shared
            .look(|world| world.channels.contains_key(&self.id));
        assert!(has_one, "no thread starts from the message {}", self.id);
        Channel::new(Arc::clone(&self.shared), self.id)
    }

    /// Whether it is still there.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.shared
            .look(|world| world.message(self.channel, self.id).is_some())
    }

    /// Its text, without embeds.
    #[must_use]
    pub fn content(&self) -> String {
        self.get(|message| message.content.clone())
    }

    /// All that is to be read of it: text, embeds, buttons and reactions, a line each, as in a transcript.
    #[must_use]
    pub fn shown(&self) -> String {
        self.shared.look(|world| {
            let message = world.message(self.channel, self.id);
            let message = message.unwrap_or_else(|| panic!("the message {} was deleted", self.id));
            transcript::one(world, message)
        })
    }

    /// Whether only who caused it sees it.
    #[must_use]
    pub fn is_ephemeral(&self) -> bool {
        self.get(|message| message.ephemeral_to.is_some())
    }

    /// Whether it says only that the bot is thinking.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.get(|message| message.flags & LOADING != 0)
    }

    /// Whether it was edited.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.get(|message| message.edited.is_some())
    }

    /// Its embeds, as the bot sent them.
    #[must_use]
    pub fn embeds(&self) -> Vec<Value> {
        self.get(|message| message.embeds.clone())
    }

    /// Its rows of buttons and menus, as the bot sent them.
    #[must_use]
    pub fn components(&self) -> Vec<Value> {
        self.get(|message| message.components.clone())
    }

    /// The labels of its buttons, in order.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        let parts = self.get(transcript::parts);
        parts
            .iter()
            .filter(|part| part["type"] == 2)
            .map(transcript::label)
            .collect()
    }

    /// Its files: name and content.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let file = |file: &messages::File| (file.name.clone(), file.bytes.clone());
        self.get(|message| message.files.iter().map(file).collect())
    }

    /// Its reactions in order: the emoji, and the names of who reacted.
    #[must_use]
    pub fn reactions(&self) -> Vec<(String, Vec<String>)> {
        self.shared.look(|world| {
            let message = world.message(self.channel, self.id);
            let reactions = message.map_or(&[][..], |message| &message.reactions);
            let named = |reaction: &crate::world::reactions::Reaction| {
                let names = reaction
                    .users
                    .iter()
                    .chain(&reaction.bursts)
                    .map(|user| world.name_of(*user).to_owned());
                (reaction.emoji.name.clone(), names.collect())
            };
            reactions.iter().map(named).collect()
        })
    }

    /// The whole of it, as REST gives it.
    #[must_use]
    pub fn json(&self) -> Value {
        self.shared.look(|world| {
            let message = world.message(self.channel, self.id);
            message.map_or(Value::Null, |message| world.message_json(message))
        })
    }
}
