//! Messages: how they come, change and go.

use serde_json::{Value, json};

use super::{World, channels::Kind, reactions::Reaction};
use crate::{Id, intents};

/// Only for who caused it.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// "is thinking".
pub(crate) const LOADING: u64 = 1 << 7;
/// A thread starts from it.
pub(crate) const HAS_THREAD: u64 = 1 << 5;

/// An attached file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// A message. What it mentions is what would be shown as such, not who was pinged.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: Id,
    pub(crate) channel: Id,
    pub(crate) author: Id,
    pub(crate) kind: u8,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) files: Vec<File>,
    pub(crate) flags: u64,
    pub(crate) created: i64,
    pub(crate) edited: Option<i64>,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) ephemeral_to: Option<Id>,
    pub(crate) interaction: Option<Id>,
    pub(crate) reply_to: Option<Id>,
    pub(crate) nonce: Option<Value>,
    pub(crate) mentions: Vec<Id>,
    pub(crate) mention_roles: Vec<Id>,
    pub(crate) mention_everyone: bool,
}

impl Message {
    pub(crate) fn new(id: Id, channel: Id, author: Id, created: i64) -> Self {
        Self {
            id,
            channel,
            author,
            kind: 0,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            files: Vec::new(),
            flags: 0,
            created,
            edited: None,
            reactions: Vec::new(),
            ephemeral_to: None,
            interaction: None,
            reply_to: None,
            nonce: None,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
        }
    }
}

impl World {
    pub(crate) fn draft(&mut self, channel: Id, author: Id) -> Message {
        Message::new(self.new_id(), channel, author, self.now)
    }

    pub(crate) fn message(&self, channel: Id, id: Id) -> Option<&Message> {
        self.messages.get(&channel)?.get(&id)
    }

    pub(crate) fn message_mut(&mut self, channel: Id, id: Id) -> Option<&mut Message> {
        self.messages.get_mut(&channel)?.get_mut(&id)
    }

    /// Puts a new message into its channel and tells of it.
    pub(crate) fn post(&mut self, message: Message) -> Id {
        let (id, place, is_public) = (message.id, message.channel, message.ephemeral_to.is_none());
        self.messages.entry(place).or_default().insert(id, message);
        if is_public {
            let now = self.now;
            let channel = self.channel_mut(place);
            channel.last_message = Some(id);
            if let Some(thread) = &mut channel.thread {
                thread.active = now;
                thread.total_messages += 1;
            }
            self.dispatch_message("MESSAGE_CREATE", place, id);
        }
        id
    }

    /// Tells of a message that was changed.
    pub(crate) fn changed(&mut self, channel: Id, id: Id) {
        let is_public = self
            .message(channel, id)
            .is_some_and(|message| message.ephemeral_to.is_none());
        if is_public {
            self.dispatch_message("MESSAGE_UPDATE", channel, id);
        }
    }

    fn dispatch_message(&mut self, event: &'static str, channel: Id, id: Id) {
        let Some(message) = self.message(channel, id) else {
            return;
        };
        let full = self.message_event_json(message);
        let is_direct = self.channel(channel).kind == Kind::Direct;
        let is_open =
            is_direct || message.author == self.bot || message.mentions.contains(&self.bot);
        let intent = if is_direct {
            intents::DIRECT_MESSAGES
        } else {
            intents::GUILD_MESSAGES
        };
        let blank = (!is_open).then(|| blanked(full.clone()));
        self.dispatch_or_blank(event, intent, full, blank);
    }

    pub(crate) fn delete_message(&mut self, channel: Id, id: Id) {
        let gone = self
            .messages
            .get_mut(&channel)
            .and_then(|messages| messages.remove(&id));
        let Some(gone) = gone else {
            return;
        };
        if gone.ephemeral_to.is_some() {
            return;
        }
        let mut data = json!({ "id": id, "channel_id": channel });
        self.name_guild(channel, &mut data);
        self.dispatch("MESSAGE_DELETE", self.message_intent(channel), data);
    }

    pub(crate) fn delete_messages(&mut self, channel: Id, ids: &[Id]) {
        if let Some(messages) = self.messages.get_mut(&channel) {
            messages.retain(|id, _| !ids.contains(id));
        }
        let mut data = json!({ "ids": ids, "channel_id": channel });
        self.name_guild(channel, &mut data);
        self.dispatch("MESSAGE_DELETE_BULK", self.message_intent(channel), data);
    }

    pub(crate) fn message_intent(&self, channel: Id) -> u64 {
        match self.channel(channel).kind {
            Kind::Direct => intents::DIRECT_MESSAGES,
            _ => intents::GUILD_MESSAGES,
        }
    }

    pub(crate) fn name_guild(&self, channel: Id, data: &mut Value) {
        if let Some(guild) = self.channel(channel).guild {
            data["guild_id"] = json!(guild);
        }
    }
}

/// What is left of a message for who may not read what people write.
pub(crate) fn blanked(mut message: Value) -> Value {
    message["content"] = json!("");
    for key in ["embeds", "components", "attachments"] {
        message[key] = json!([]);
    }
    message
}
