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
    /// Those whose reaction is a super reaction.
    pub(crate) bursts: Vec<Id>,
}

/// The two types of reactions, by Discord's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Normal = 0,
    Burst = 1,
}

impl Reaction {
    fn of(emoji: &Emoji) -> Self {
        Self {
            emoji: emoji.clone(),
            users: Vec::new(),
            bursts: Vec::new(),
        }
    }

    /// Who reacted so.
    pub(crate) const fn who(&self, how: Type) -> &Vec<Id> {
        match how {
            Type::Normal => &self.users,
            Type::Burst => &self.bursts,
        }
    }

    const fn who_mut(&mut self, how: Type) -> &mut Vec<Id> {
        match how {
            Type::Normal => &mut self.users,
            Type::Burst => &mut self.bursts,
        }
    }
}

impl World {
    fn reaction_intent(&self, channel: Id) -> u64 {
        match self.channel(channel).kind {
            Kind::Direct => intents::DIRECT_MESSAGE_REACTIONS,
            _ => intents::GUILD_MESSAGE_REACTIONS,
        }
    }

    /// Adds a reaction; nothing when it is there already.
    pub(crate) fn react(&mut self, channel: Id, message: Id, user: Id, emoji: &Emoji, how: Type) {
        let Some(state) = self.message_mut(channel, message) else {
            return;
        };
        let author = state.author;
        if !state.reactions.iter().any(|it| it.emoji == *emoji) {
            state.reactions.push(Reaction::of(emoji));
        }
        let reaction = state.reactions.iter_mut().find(|it| it.emoji == *emoji);
        let users = reaction.expect("it is there now").who_mut(how);
        if users.contains(&user) {
            return;
        }
        users.push(user);
        let mut data = self.reaction_json(channel, message, user, emoji, how);
        data["message_author_id"] = json!(author);
        if how == Type::Burst {
            data["burst_colors"] = json!(["#ffcc4d"]);
        }
        if let Some(guild) = self.channel(channel).guild {
            data["member"] = self.member_json(guild, user);
        }
        let intent = self.reaction_intent(channel);
        self.dispatch("MESSAGE_REACTION_ADD", intent, data);
    }

    /// Takes somebody's reactions with an emoji away, of both types. Whether there was one.
    pub(crate) fn unreact(&mut self, channel: Id, message: Id, user: Id, emoji: &Emoji) -> bool {
        let normal = self.unreact_so(channel, message, user, emoji, Type::Normal);
        self.unreact_so(channel, message, user, emoji, Type::Burst) || normal
    }

    fn unreact_so(&mut self, channel: Id, message: Id, user: Id, emoji: &Emoji, how: Type) -> bool {
        let Some(state) = self.message_mut(channel, message) else {
            return false;
        };
        let Some(reaction) = state.reactions.iter_mut().find(|it| it.emoji == *emoji) else {
            return false;
        };
        let users = reaction.who_mut(how);
        let before = users.len();
        users.retain(|it| *it != user);
        if users.len() == before {
            return false;
        }
        state
            .reactions
            .retain(|it| !it.users.is_empty() || !it.bursts.is_empty());
        let data = self.reaction_json(channel, message, user, emoji, how);
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

    fn reaction_json(&self, channel: Id, message: Id, user: Id, emoji: &Emoji, how: Type) -> Value {
        let mut data = json!({
            "channel_id": channel,
            "message_id": message,
            "user_id": user,
            "emoji": emoji.json(),
            "burst": how == Type::Burst,
            "type": how as u8,
        });
        self.name_guild(channel, &mut data);
        data
    }
}
