//! Hears what happens, in order: reactions, and what is gone. What somebody waits for has a task of its own.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bot_core::command::Reaction;
use bot_core::engine::{Core, Stop};
use bot_core::forum::{Claims, Timestamp};
use bot_core::platform::{
    Actor, Audience, Incoming, MessageKey, Place, PlaceKind, Platform, Response, What,
};
use bot_core::settings::{DiscordSettings, Snowflake};
use serde_json::json;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, UserId};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::channels::{Channels, Spot};
use crate::fault::DiscordFault;
use crate::inbound::Inbound;
use crate::names;
use crate::outbound::Outbound;
use crate::rest::{Failure, Rest};

/// How many messages' reactions are compared after a session began.
const COMPARED: u32 = 500;
/// The emoji that mean something, as they are asked for.
const EMOJI: [&str; 3] = ["👍", "👎", "✅"];
/// How many people's reactions come at once.
const PAGE: usize = 100;

/// When something happened, where Discord does not say: when it is heard.
pub(crate) const UNSAID: Timestamp = Timestamp(i64::MAX);

/// The ear.
pub(crate) struct Ear {
    pub(crate) core: Core,
    pub(crate) rest: Rest,
    pub(crate) channels: Arc<Channels>,
    pub(crate) outbound: Arc<Outbound>,
    pub(crate) settings: Arc<DiscordSettings>,
    pub(crate) own: UserId,
    pub(crate) lost: Arc<AtomicBool>,
}

impl Ear {
    /// Listens until the stop; what was begun is finished.
    pub(crate) async fn listen(
        self: Arc<Self>,
        mut events: mpsc::Receiver<Inbound>,
        stop: Stop,
    ) -> Result<(), DiscordFault> {
        let mut waiting: JoinSet<Result<(), DiscordFault>> = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                Some(done) = waiting.join_next(), if !waiting.is_empty() => {
                    match done {
                        Ok(done) => done?,
                        Err(error) => tracing::error!(%error, "an answer to somebody broke off"),
                    }
                }
                event = events.recv() => match event {
                    Some(Inbound::Used(used)) => {
                        let ear = Arc::clone(&self);
                        waiting.spawn(async move { ear.answer(*used).await });
                    }
                    Some(event) => self.hear(event).await?,
                    None => break,
                },
                () = stop.requested() => break,
            }
            if self.lost.swap(false, Ordering::AcqRel) {
                tracing::warn!("too much happened at once; reactions are compared");
                self.compare_recent().await?;
            }
        }
        while let Some(done) = waiting.join_next().await {
            if let Ok(done) = done {
                done?;
            }
        }
        Ok(())
    }

    async fn hear(&self, event: Inbound) -> Result<(), DiscordFault> {
        match event {
            Inbound::Began => self.compare_recent().await,
            Inbound::Channel(id, channel) => {
                self.channels.learn(id, channel);
                Ok(())
            }
            Inbound::ChannelGone(id) => {
                self.channels.forget(id);
                Ok(self
                    .core
                    .place_closed(Platform::Discord, &names::place(id))
                    .await?)
            }
            Inbound::GuildGone(guild) => {
                for place in self.channels.of_guild(guild.get()) {
                    self.core
                        .place_closed(Platform::Discord, &names::place(place))
                        .await?;
                }
                Ok(())
            }
            Inbound::Reaction {
                channel,
                on,
                user,
                name,
                emoji,
                gone,
            } => {
                if self.ignores(user) || Reaction::read(&emoji).is_none() {
                    return Ok(());
                }
                let Some(spot) = self.place(channel).await? else {
                    return Ok(());
                };
                self.reacted(&spot, &on, (user, name), &emoji, gone).await
            }
            Inbound::ReactionsGone { channel, on } => match self.place(channel).await? {
                Some(spot) => self.compare(&spot, &on).await,
                None => Ok(()),
            },
            Inbound::MessagesGone { channel, messages } => {
                let Some(spot) = self.place(channel).await? else {
                    return Ok(());
                };
                for message in messages {
                    let gone = names::message(channel, message);
                    let what = What::Removed { gone };
                    // Discord does not say by whom: it is nobody's doing, and no post is withdrawn by it.
                    self.tell(&spot, (self.own, None), None, what).await?;
                }
                Ok(())
            }
            Inbound::Used(_) => Ok(()),
        }
    }

    /// The open place that a channel is or hangs in.
    pub(crate) async fn place(&self, channel: ChannelId) -> Result<Option<Spot>, DiscordFault> {
        let spot = match self.channels.spot(&self.rest, channel).await {
            Ok(spot) => spot,
            Err(failure) => {
                tracing::debug!(%channel, %failure, "a channel is not known");
                return Ok(None);
            }
        };
        let open = self.core.is_place(Platform::Discord, &spot.key()).await?;
        Ok(open.then_some(spot))
    }

    pub(crate) fn ignores(&self, user: UserId) -> bool {
        user == self.own || self.settings.ignore.contains(&Snowflake(user.get()))
    }

    /// A place as the core knows it.
    pub(crate) fn described(&self, spot: &Spot) -> Place {
        let named = self
            .settings
            .channels
            .contains(&Snowflake(spot.place.get()));
        let kind = match spot.guild {
            _ if named => PlaceKind::Named,
            Some(guild) => PlaceKind::Grouped {
                forum: format!("discord:{guild}"),
            },
            None => PlaceKind::Shared,
        };
        Place {
            key: spot.key(),
            name: spot.name.clone(),
            kind,
        }
    }

    async fn reacted(
        &self,
        spot: &Spot,
        on: &MessageKey,
        who: (UserId, Option<String>),
        emoji: &str,
        gone: bool,
    ) -> Result<(), DiscordFault> {
        let reaction = names::reaction(on, who.0, emoji);
        let what = if gone {
            What::Removed { gone: reaction }
        } else {
            What::Reacted {
                reaction,
                on: on.clone(),
                emoji: emoji.to_owned(),
            }
        };
        let user = who.0;
        let response = self.tell(spot, who, None, what).await?;
        self.complain(spot, user, response).await;
        Ok(())
    }

    /// Tells the core of something; whoever did it may nothing special by it.
    async fn tell(
        &self,
        spot: &Spot,
        (user, name): (UserId, Option<String>),
        id: Option<MessageKey>,
        what: What,
    ) -> Result<Response, DiscordFault> {
        let incoming = Incoming {
            platform: Platform::Discord,
            id,
            actor: Actor {
                key: names::person(user),
                name: name.unwrap_or_default(),
                claims: Claims::Discord {
                    permissions: 0,
                    owner: false,
                },
            },
            place: self.described(spot),
            at: UNSAID,
            what,
        };
        Ok(self.core.hear(incoming).await?)
    }

    /// Takes a refused reaction away and tells its person why, as far as they let the bot.
    async fn complain(&self, spot: &Spot, user: UserId, response: Response) {
        if let Some(reply) = response
            .reply
            .filter(|reply| reply.audience == Audience::Person)
        {
            let body = self.outbound.draw(&reply.card, spot.guild, None, None);
            if let Err(failure) = self.whisper(user, &body).await {
                tracing::debug!(%failure, "somebody takes no direct messages");
            }
        }
        if let Some(reaction) = response.unreact
            && let Some((channel_id, message_id)) = on(&reaction)
            && let Some((_, emoji)) = names::reacted(&reaction)
        {
            let emoji = encoded(emoji);
            let route = Route::ChannelMessageReaction {
                channel_id,
                message_id,
                user_id: user,
                reaction: &emoji,
            };
            if let Err(failure) = self.rest.call(LightMethod::Delete, route, None).await {
                tracing::debug!(%failure, "a refused reaction stays");
            }
        }
    }

    async fn whisper(&self, user: UserId, body: &serde_json::Value) -> Result<(), Failure> {
        let open = json!({ "recipient_id": user.to_string() });
        let route = Route::UserMeDmChannels;
        let channel = self
            .rest
            .call(LightMethod::Post, route, Some(&open))
            .await?;
        let Some(id) = channel["id"].as_str().and_then(names::id) else {
            return Ok(());
        };
        let route = Route::ChannelMessages {
            channel_id: ChannelId::new(id),
        };
        self.rest.call(LightMethod::Post, route, Some(body)).await?;
        Ok(())
    }

    /// Compares the reactions of the latest cards: what happened before a session began was not told.
    async fn compare_recent(&self) -> Result<(), DiscordFault> {
        for (_, message) in self
            .core
            .recent_surfaces(Platform::Discord, COMPARED)
            .await?
        {
            let Some((channel, _)) = names::parts(&message) else {
                continue;
            };
            if let Some(spot) = self.place(channel).await? {
                self.compare(&spot, &message).await?;
            }
        }
        Ok(())
    }

    /// Lets the votes on a message be what its reactions are.
    async fn compare(&self, spot: &Spot, on: &MessageKey) -> Result<(), DiscordFault> {
        let hanging = match self.hanging(on).await {
            Ok(hanging) => hanging,
            Err(failure) => {
                tracing::warn!(message = %on, %failure, "reactions could not be compared");
                return Ok(());
            }
        };
        let known: BTreeSet<MessageKey> = self
            .core
            .reactions_on(Platform::Discord, &spot.key(), on)
            .await?
            .into_iter()
            .collect();
        for gone in known.difference(&hanging) {
            if let Some((user, emoji)) = names::reacted(gone) {
                self.reacted(spot, on, (user, None), emoji, true).await?;
            }
        }
        for new in hanging.difference(&known) {
            // A ✅ that hangs may have been taken back by a command: only a new one accepts.
            let vote = names::reacted(new).filter(|(user, emoji)| {
                !self.ignores(*user) && matches!(Reaction::read(emoji), Some(Reaction::Vote(_)))
            });
            if let Some((user, emoji)) = vote {
                self.reacted(spot, on, (user, None), emoji, false).await?;
            }
        }
        Ok(())
    }

    /// The reactions that hang on a message and mean something.
    async fn hanging(&self, on: &MessageKey) -> Result<BTreeSet<MessageKey>, Failure> {
        let mut hanging = BTreeSet::new();
        let Some((channel_id, message_id)) = names::parts(on) else {
            return Ok(hanging);
        };
        let route = Route::ChannelMessage {
            channel_id,
            message_id,
        };
        let message = self.rest.get(route, Vec::new()).await?;
        let reactions = message["reactions"].as_array().cloned().unwrap_or_default();
        for reaction in reactions {
            let name = reaction["emoji"]["name"].as_str().unwrap_or_default();
            let custom = reaction["emoji"]["id"].is_string();
            if custom
                || !EMOJI
                    .iter()
                    .any(|emoji| Reaction::read(name) == Reaction::read(emoji))
            {
                continue;
            }
            let emoji = encoded(name);
            let mut after = String::new();
            loop {
                let mut params = vec![("limit", PAGE.to_string())];
                if !after.is_empty() {
                    params.push(("after", after.clone()));
                }
                let route = Route::ChannelMessageReactionEmoji {
                    channel_id,
                    message_id,
                    reaction: &emoji,
                };
                let page = self.rest.get(route, params).await?;
                let users: Vec<u64> = page
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|user| names::id(user["id"].as_str()?))
                    .collect();
                let own = self.own.get();
                hanging.extend(
                    users
                        .iter()
                        .filter(|user| **user != own)
                        .map(|user| names::reaction(on, UserId::new(*user), name)),
                );
                match users.last() {
                    Some(last) if users.len() == PAGE => after = last.to_string(),
                    _ => break,
                }
            }
        }
        Ok(hanging)
    }
}

/// The message that a reaction is on.
fn on(reaction: &MessageKey) -> Option<(ChannelId, serenity::model::id::MessageId)> {
    let mut parts = reaction.0.split('/');
    let message = format!("{}/{}", parts.next()?, parts.next()?);
    names::parts(&MessageKey(message))
}

/// An emoji as it stands in an address.
fn encoded(emoji: &str) -> String {
    emoji.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
