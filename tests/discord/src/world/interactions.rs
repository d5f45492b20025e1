//! Interactions: what people asked of the bot by commands, buttons and dialogs, and what became of it.

use std::time::Instant;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::World;
use crate::{
    Id,
    clock::{FIRST_RESPONSE, TOKEN_LIFE},
    permissions,
};

/// What all tokens start with; the id follows.
const TOKEN: &str = "interaction-token-";

/// What an interaction is, by Discord's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    Modal = 5,
}

/// The first response.
#[derive(Debug, Clone)]
pub(crate) enum First {
    Message,
    Deferred,
    DeferredUpdate,
    Updated,
    Modal(Value),
    Choices(Vec<Value>),
}

/// One interaction.
#[derive(Debug)]
pub(crate) struct Interaction {
    pub(crate) id: Id,
    pub(crate) token: String,
    pub(crate) asked: Asked,
    pub(crate) user: Id,
    pub(crate) channel: Id,
    pub(crate) made: i64,
    /// The message whose button was clicked, also before a dialog.
    pub(crate) source: Option<Id>,
    pub(crate) first: Option<First>,
    /// The message that `@original` names.
    pub(crate) original: Option<Id>,
    pub(crate) followups: Vec<Id>,
    /// When its event was written to a socket first, and when the request came that was its first response.
    pub(crate) told: Option<Instant>,
    pub(crate) answered: Option<Instant>,
    /// Says `true` once there is a first response.
    pub(crate) bell: watch::Sender<bool>,
    /// Whether the bot knows nothing of its own first response.
    pub(crate) is_unheard: bool,
}

impl World {
    /// Somebody interacts: the bot is told. Gives the interaction's id.
    pub(crate) fn interact(
        &mut self,
        asked: Asked,
        user: Id,
        channel: Id,
        source: Option<Id>,
        data: &Value,
    ) -> Id {
        let id = self.new_id();
        let token = format!("{TOKEN}{id}");
        let event = self.interaction_json(id, &token, asked, user, channel, source, data);
        self.interactions.insert(
            id,
            Interaction {
                id,
                token,
                asked,
                user,
                channel,
                made: self.now,
                source,
                first: None,
                original: None,
                followups: Vec::new(),
                told: None,
                answered: None,
                bell: watch::Sender::new(false),
                is_unheard: false,
            },
        );
        self.dispatch("INTERACTION_CREATE", 0, event);
        id
    }

    #[expect(clippy::too_many_arguments, reason = "it is what the event is made of")]
    fn interaction_json(
        &self,
        id: Id,
        token: &str,
        asked: Asked,
        user: Id,
        channel: Id,
        source: Option<Id>,
        data: &Value,
    ) -> Value {
        let guild = self.channel(channel).guild;
        let mut place = self.channel_json(channel);
        let rights = self.rights(channel, user);
        place["permissions"] = json!(rights.to_string());
        let mut owners = json!({});
        owners["0"] = json!(guild.map_or("0".to_owned(), |guild| guild.to_string()));
        let app_rights = match self.rights(channel, self.bot) {
            // The application acts with the rights of its invitation where its bot cannot look.
            0 => permissions::EMBED_LINKS,
            rights => rights,
        };
        let mut event = json!({
            "id": id,
            "application_id": self.app,
            "type": asked as u8,
            "data": data,
            "channel": place,
            "channel_id": channel,
            "token": token,
            "version": 1,
            "app_permissions": app_rights.to_string(),
            "locale": "en-GB",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": owners,
            "context": if guild.is_some() { 0 } else { 1 },
            "attachment_size_limit": 10_485_760,
        });
        match guild {
            None => event["user"] = self.user_json(user),
            Some(guild) => {
                event["guild_id"] = json!(guild);
                event["guild_locale"] = json!("en-US");
                event["guild"] = json!({ "id": guild, "locale": "en-US", "features": [] });
                let mut member = self.member_json(guild, user);
                member["permissions"] = json!(rights.to_string());
                event["member"] = member;
            }
        }
        if let Some(message) = source.and_then(|source| self.message(channel, source)) {
            event["message"] = self.message_json(message);
        }
        event
    }

    /// An interaction is about to go out to a bot.
    pub(crate) fn told(&mut self, id: Id) {
        if let Some(own) = self.interactions.get_mut(&id) {
            own.told.get_or_insert_with(Instant::now);
        }
    }

    /// A request was done that may have been a first response; `is_told` says whether the bot hears of it.
    pub(crate) fn answered(&mut self, path: &str, came: Instant, is_told: bool) {
        let Some(id) = callback_in(path) else {
            return;
        };
        if let Some(own) = self.interactions.get_mut(&id)
            && own.first.is_some()
            && own.answered.is_none()
        {
            own.answered = Some(came);
            own.is_unheard = !is_told;
            own.bell.send_replace(true);
        }
    }

    /// Whether a path is of a first response that the bot has given without knowing.
    pub(crate) fn is_unheard(&self, path: &str) -> bool {
        let own = callback_in(path).and_then(|id| self.interactions.get(&id));
        own.is_some_and(|own| own.is_unheard)
    }

    /// An interaction that still waits for its first response.
    pub(crate) fn is_in_time(&self, interaction: &Interaction) -> bool {
        self.now - interaction.made <= FIRST_RESPONSE
    }

    /// The interaction of a token that is still good.
    pub(crate) fn by_token(&self, token: &str) -> Option<&Interaction> {
        let id = token.strip_prefix(TOKEN)?.parse().ok()?;
        let own = self.interactions.get(&id)?;
        (self.now - own.made < TOKEN_LIFE).then_some(own)
    }
}

/// The interaction that a path gives the first response to.
fn callback_in(path: &str) -> Option<Id> {
    let (id, _) = path.strip_prefix("/interactions/")?.split_once('/')?;
    id.parse().ok()
}
