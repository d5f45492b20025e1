//! Reactions: who reacted with what, in the order in which they did.

use serde_json::{Value, json};

use super::{World, channels::Kind};
use crate::{Id, intents};

/// An emoji: a Unicode one, or one of a guild's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Emoji {
    pub(crate) id: Option<Id>,
    pub(crate) name: String,
}

impl Emoji {
    /// As it stands in an address: `👍` or `name:id`. `None` when it is no emoji.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if let Some((name, id)) = text.split_once(':') {
            let is_name =
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let id = id.parse().ok()?;
            return is_name.then(|| Self {
                id: Some(id),
                name: name.to_owned(),
            });
        }
        let is_keycap = text.ends_with('\u{20e3}');
        let is_unicode = !text.is_empty()
            && text.chars().count() <= 16
            && text.chars().all(|c| !c.is_ascii() && !c.is_alphanumeric());
        (is_keycap || is_unicode).then(|| Self {
            id: None,
            name: text.to_owned(),
        })
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name })
    }
}

/// All who reacted with one emoji.
#[derive(Debug, Clone)]
pub(crate) struct Reaction {
    pub(crate) emoji: Emoji,
    pub(crate) users: Vec<Id>,
}

impl World {
    fn reaction_intent(&self, channel: Id) -> u64 {
        match self.channel(channel).kind {
            Kind::Direct => intents::DIRECT_MESSAGE_REACTIONS,
            Kind::Text | Kind::Thread | Kind::Forum => intents::GUILD_MESSAGE_REACTIONS,
        }
    }

    /// Adds a reaction; nothing when it is there already.
    pub(crate) fn react(&mut self, channel: Id, message: Id, user: Id, emoji: &Emoji) {
        let Some(state) = self.message_mut(channel, message) else {
            return;
        };
        let author = state.author;
        let reaction = state.reactions.iter_mut().find(|it| it.emoji == *emoji);
        match reaction {
            Some(reaction) if reaction.users.contains(&user) => return,
            Some(reaction) => reaction.users.push(user),
            None => state.reactions.push(Reaction {
                emoji: emoji.clone(),
                users: vec![user],
            }),
        }
        let mut data = self.reaction_json(channel, message, emoji);
        data["user_id"] = json!(user);
        data["burst"] = json!(false);
        data["type"] = json!(0);
        data["message_author_id"] = json!(author);
        if let Some(guild) = self.channel(channel).guild {
            data["member"] = self.member_json(guild, user);
        }
        let intent = self.reaction_intent(channel);
        self.dispatch("MESSAGE_REACTION_ADD", intent, data);
    }

    /// Takes a reaction away. Whether there was one.
    pub(crate) fn unreact(&mut self, channel: Id, message: Id, user: Id, emoji: &Emoji) -> bool {
        let Some(state) = self.message_mut(channel, message) else {
            return false;
        };
        let Some(reaction) = state.reactions.iter_mut().find(|it| it.emoji == *emoji) else {
            return false;
        };
        let before = reaction.users.len();
        reaction.users.retain(|it| *it != user);
        if reaction.users.len() == before {
            return false;
        }
        state.reactions.retain(|it| !it.users.is_empty());
        let mut data = self.reaction_json(channel, message, emoji);
        data["user_id"] = json!(user);
        data["burst"] = json!(false);
        data["type"] = json!(0);
        let intent = self.reaction_intent(channel);
        self.dispatch("MESSAGE_REACTION_REMOVE", intent, data);
        true
    }

    /// Takes away all reactions of a message, or all with one emoji.
    pub(crate) fn clear_reactions(&mut self, channel: Id, message: Id, only: Option<&Emoji>) {
        if let Some(state) = self.message_mut(channel, message) {
            state
                .reactions
                .retain(|it| only.is_some_and(|only| it.emoji != *only));
        }
        let intent = self.reaction_intent(channel);
        let mut data = json!({ "channel_id": channel, "message_id": message });
        self.name_guild(channel, &mut data);
        let Some(emoji) = only else {
            self.dispatch("MESSAGE_REACTION_REMOVE_ALL", intent, data);
            return;
        };
        data["emoji"] = emoji.json();
        self.dispatch("MESSAGE_REACTION_REMOVE_EMOJI", intent, data);
    }

    fn reaction_json(&self, channel: Id, message: Id, emoji: &Emoji) -> Value {
        let mut data =
            json!({ "channel_id": channel, "message_id": message, "emoji": emoji.json() });
        self.name_guild(channel, &mut data);
        data
    }
}
