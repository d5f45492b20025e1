//! Hears what happens, in order: reactions, and what is gone. What somebody waits for has a task of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bot_core::command::Reaction;
use bot_core::crash::{self, Point};
use bot_core::engine::{Core, Stop};
use bot_core::forum::{Claims, Timestamp, Vote};
use bot_core::platform::{
    Actor, Audience, Incoming, MessageKey, Place, PlaceKind, Platform, Response, Seclusion, What,
};
use bot_core::settings::{DiscordSettings, Snowflake};
use serde_json::json;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, UserId};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::again::Again;
use crate::channels::{Channels, Spot};
use crate::direct::Acquaintances;
use crate::fault::DiscordFault;
use crate::gateway::Rows;
use crate::inbound::{Called, Inbound};
use crate::names;
use crate::outbound::Outbound;
use crate::rest::{Failure, Rest, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE};
use crate::servers::Servers;

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
    pub(crate) servers: Servers,
    /// Who is in which server.
    pub(crate) acquaintances: Acquaintances,
    pub(crate) outbound: Arc<Outbound>,
    pub(crate) settings: Arc<DiscordSettings>,
    pub(crate) own: UserId,
    /// Where what happens is heard.
    pub(crate) rows: Rows,
    /// How much of what happened has been dealt with, of what nobody waits for.
    pub(crate) done: watch::Sender<u64>,
}

impl Ear {
    /// Hears what nobody waits for until the stop, in order. In between, reactions are read again: those of the latest
    /// messages after a session began, and those of a message some time after they changed.
    pub(crate) async fn hear_all(
        self: Arc<Self>,
        mut events: mpsc::Receiver<Inbound>,
        stop: Stop,
    ) -> Result<(), DiscordFault> {
        let mut again = Again::after(self.settings.read_again_after);
        self.open_named().await?;
        loop {
            if self.rows.lost.swap(false, Ordering::AcqRel) {
                tracing::warn!("too much happened at once; reactions are read again");
                again.soon(self.recent().await?);
            }
            let next = again.next(Instant::now());
            let due = async {
                match next {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            // What happens is heard before what is read again, so that one does not keep the other waiting.
            tokio::select! {
                biased;
                () = stop.requested() => break,
                event = events.recv() => match event {
                    Some(event) => {
                        match event {
                            Inbound::Began => again.soon(self.recent().await?),
                            event => self.hear(event, &mut again).await?,
                        }
                        self.done.send_modify(|done| *done += 1);
                    }
                    None => break,
                },
                () = due => if let Some(message) = again.take(Instant::now()) {
                    tokio::select! {
                        read = self.read_again(&message) => if !read? {
                            again.later(message, Instant::now());
                        },
                        () = stop.requested() => break,
                    }
                },
            }
        }
        Ok(())
    }

    async fn hear(&self, event: Inbound, again: &mut Again) -> Result<(), DiscordFault> {
        match event {
            Inbound::Channel(id, channel) => {
                let guild = channel.guild;
                let overwrites = channel.overwrites.clone();
                let before = self.channels.learn(id, channel);
                // The bot may have been away, or have got to see it only now.
                if self.settings.channels.contains(&Snowflake(id.get())) {
                    self.open(id).await?;
                }
                match (guild, before) {
                    (Some(guild), Some(before)) if before.overwrites != overwrites => {
                        self.warn_of_narrow(guild).await
                    }
                    _ => Ok(()),
                }
            }
            Inbound::Server(server) => {
                let guild = server.id.get();
                self.servers.learn(server);
                let places = self.channels.of_guild(guild);
                self.of_server(guild, places).await?;
                self.warn_of_narrow(guild).await
            }
            Inbound::Role(guild, role) => {
                self.servers.learn_role(guild, role);
                self.warn_of_narrow(guild.get()).await
            }
            Inbound::RoleGone(guild, role) => {
                self.servers.forget_role(guild, role);
                self.warn_of_narrow(guild.get()).await
            }
            Inbound::ChannelGone(id) => self.channel_gone(id).await,
            Inbound::GuildGone(guild) => {
                self.servers.forget(guild);
                for place in self.channels.of_guild(guild.get()) {
                    self.core
                        .place_closed(Platform::Discord, &names::place(place))
                        .await?;
                }
                Ok(())
            }
            Inbound::Sent { card, key } => {
                crash::here(Point::BeforeEcho);
                self.core.sent(Platform::Discord, &key, &card).await?;
                crash::here(Point::AfterEcho);
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
                self.reacted(&spot, &on, (user, name), &emoji, gone).await?;
                let key = spot.key();
                let shows = self.core.surface_of(Platform::Discord, &key, &on);
                // Events come late, twice, or not at all; what hangs there in the end is what counts.
                if shows.await?.is_some() {
                    again.later(on, Instant::now());
                }
                Ok(())
            }
            Inbound::ReactionsGone { on } => {
                again.soon(vec![on]);
                Ok(())
            }
            Inbound::MessageGone { channel, message } => {
                // Discord does not say by whom.
                let what = What::MessageGone { gone: message };
                self.gone(channel, what).await
            }
            Inbound::MessagesGone { channel, messages } => {
                let what = What::SurfacesGone { gone: messages };
                self.gone(channel, what).await
            }
            Inbound::ThreadGone { thread, parent } => {
                self.channels.forget(thread);
                let (platform, place) = (Platform::Discord, names::place(parent));
                let begin = format!("{thread}/");
                let gone = self.core.surfaces_from(platform, &place, &begin).await?;
                if gone.is_empty() {
                    return Ok(());
                }
                let what = What::SurfacesGone { gone };
                self.gone(parent, what).await
            }
            Inbound::Began | Inbound::Used(_) => Ok(()),
        }
    }

    /// Tells the core that messages are gone, by whomever.
    async fn gone(&self, channel: ChannelId, what: What) -> Result<(), DiscordFault> {
        if let Some(spot) = self.place(channel).await? {
            self.tell(&spot, (self.own, None), None, what).await?;
        }
        Ok(())
    }

    /// Tells the core which server places are of, if its name is known.
    pub(crate) async fn of_server(
        &self,
        guild: u64,
        places: Vec<ChannelId>,
    ) -> Result<(), DiscordFault> {
        if let Some(name) = self.servers.name(guild) {
            let places = places.into_iter().map(names::place).collect();
            let (platform, id) = (Platform::Discord, guild.to_string());
            self.core.of_server(platform, places, id, &name).await?;
        }
        Ok(())
    }

    async fn channel_gone(&self, id: ChannelId) -> Result<(), DiscordFault> {
        self.channels.forget(id);
        let key = names::place(id);
        Ok(self.core.place_closed(Platform::Discord, &key).await?)
    }

    /// Opens the places that the settings name.
    async fn open_named(&self) -> Result<(), DiscordFault> {
        for channel in &self.settings.channels {
            self.open(ChannelId::new(channel.0)).await?;
        }
        Ok(())
    }

    async fn open(&self, id: ChannelId) -> Result<(), DiscordFault> {
        match self.channels.spot(&self.rest, id).await {
            Ok(spot) => {
                let place = self.described(&spot);
                self.core.place_opened(Platform::Discord, &place).await?;
                if let Some(guild) = spot.guild {
                    self.of_server(guild, vec![spot.place]).await?;
                }
            }
            Err(failure) => tracing::warn!(
                channel = %id,
                %failure,
                "a channel of discord.channels can't be looked at"
            ),
        }
        Ok(())
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
        let kind = match (&spot.common, spot.guild) {
            (Some(common), _) => PlaceKind::Direct {
                common: common.clone(),
            },
            _ if named => PlaceKind::Named,
            (None, Some(guild)) => PlaceKind::Grouped {
                forum: format!("discord:{guild}"),
            },
            (None, None) => PlaceKind::Shared,
        };
        Place {
            key: spot.key(),
            name: spot.name.clone(),
            kind,
            seclusion: Seclusion {
                encrypted: false,
                private: spot.private,
            },
        }
    }

    async fn reacted(
        &self,
        spot: &Spot,
        on: &MessageKey,
        who: (UserId, Option<Called>),
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
        self.complain(spot, user, response).await
    }

    /// Tells the core of something; whoever did it may nothing special by it.
    async fn tell(
        &self,
        spot: &Spot,
        (user, name): (UserId, Option<Called>),
        id: Option<MessageKey>,
        what: What,
    ) -> Result<Response, DiscordFault> {
        let incoming = Incoming {
            platform: Platform::Discord,
            id,
            actor: Actor {
                key: names::person(user),
                name: name
                    .as_ref()
                    .map_or_else(String::new, |called| called.name.clone()),
                account: name.map(|called| called.account),
                claims: Claims::Discord {
                    permissions: 0,
                    roles: Vec::new(),
                },
            },
            place: self.described(spot),
            at: UNSAID,
            what,
        };
        crash::here(Point::BeforeHearing);
        let response = self.core.hear(incoming).await?;
        crash::here(Point::AfterHearing);
        Ok(response)
    }

    /// Takes a refused reaction away and tells its person why, as far as they let the bot. Dying in between does no harm: the
    /// reaction is found hanging, refused again, and told about under the same name.
    async fn complain(
        &self,
        spot: &Spot,
        user: UserId,
        response: Response,
    ) -> Result<(), DiscordFault> {
        if let (Some(reply), Some(reaction)) = (&response.reply, &response.unreact)
            && reply.audience == Audience::Person
        {
            let mut body = self.outbound.draw(&reply.card, spot.guild, None, None);
            body["nonce"] = json!(named(reaction));
            body["enforce_nonce"] = json!(true);
            crash::here(Point::BeforePrivateReply);
            if let Err(failure) = self.outbound.whisper(user, &body).await {
                tracing::debug!(%failure, "somebody takes no direct messages");
            }
            crash::here(Point::AfterPrivateReply);
        }
        if let Some(reaction) = response.unreact
            && let Some((channel_id, message_id)) = names::reacted_on(&reaction)
            && let Some((_, emoji)) = names::reacted(&reaction)
        {
            let emoji = names::encoded(emoji);
            let route = Route::ChannelMessageReaction {
                channel_id,
                message_id,
                user_id: user,
                reaction: &emoji,
            };
            crash::here(Point::BeforeUnreact);
            match self.rest.call(LightMethod::Delete, route, None).await {
                Ok(_) => crash::here(Point::AfterUnreact),
                Err(failure @ Failure::Refused { .. }) => {
                    tracing::debug!(%failure, "a refused reaction stays");
                    self.core.stays_refused(&reaction).await?;
                }
                // It is tried again when the reactions are read again.
                Err(failure) => tracing::debug!(%failure, "a refused reaction stays for now"),
            }
        }
        Ok(())
    }

    /// The latest messages, whose reactions are read again: what happened before a session began was not told.
    async fn recent(&self) -> Result<Vec<MessageKey>, DiscordFault> {
        let recent = self.core.recent_surfaces(Platform::Discord, COMPARED);
        let recent = recent.await?.into_iter();
        Ok(recent.map(|(_, message)| message).collect())
    }

    /// Reads a message's reactions, where it stands in an open place; gives false where that is to be tried again.
    async fn read_again(&self, message: &MessageKey) -> Result<bool, DiscordFault> {
        let Some((channel, _)) = names::parts(message) else {
            return Ok(true);
        };
        match self.place(channel).await? {
            Some(spot) => self.compare(&spot, message).await,
            None => Ok(true),
        }
    }

    /// Lets the votes on a message be what its reactions are; gives false where they could not be read just now.
    async fn compare(&self, spot: &Spot, on: &MessageKey) -> Result<bool, DiscordFault> {
        let hanging = match self.hanging(on).await {
            Ok(hanging) => hanging,
            // It went while nobody told us, or we did not hear.
            Err(failure) if failure.is(UNKNOWN_MESSAGE) || failure.is(UNKNOWN_CHANNEL) => {
                let gone = vec![on.clone()];
                let what = What::SurfacesGone { gone };
                self.tell(spot, (self.own, None), None, what).await?;
                return Ok(true);
            }
            Err(failure) => {
                let again = matches!(failure, Failure::Trouble { .. } | Failure::Slower { .. });
                tracing::debug!(message = %on, %failure, again, "reactions could not be read");
                return Ok(!again);
            }
        };
        let known = self
            .core
            .reactions_on(Platform::Discord, &spot.key(), on)
            .await?;
        let known: BTreeSet<MessageKey> = known.into_iter().collect();
        for gone in known.difference(&hanging) {
            if let Some((user, emoji)) = names::reacted(gone) {
                self.reacted(spot, on, (user, None), emoji, true).await?;
            }
        }
        let mut new: BTreeMap<UserId, Vec<&str>> = BTreeMap::new();
        for (user, emoji) in hanging.difference(&known).filter_map(names::reacted) {
            if !self.ignores(user) {
                new.entry(user).or_default().push(emoji);
            }
        }
        for (user, emoji) in new {
            let votes: BTreeSet<_> = emoji.iter().filter_map(|emoji| vote(emoji)).collect();
            for emoji in emoji {
                // Of 👍 and 👎 together, both new, nobody knows which came later: they count as none.
                if votes.len() < 2 || vote(emoji).is_none() {
                    self.reacted(spot, on, (user, None), emoji, false).await?;
                }
            }
        }
        Ok(true)
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
            let emoji = names::encoded(name);
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
                let users = page.as_array().map(Vec::as_slice).unwrap_or_default();
                // Bots are not people.
                let people = users.iter().filter(|user| user["bot"] != true);
                let people = people.filter_map(|user| names::id(user["id"].as_str()?));
                hanging.extend(people.map(|user| names::reaction(on, UserId::new(user), name)));
                match users.last().and_then(|user| user["id"].as_str()) {
                    Some(last) if users.len() == PAGE => after = last.to_owned(),
                    _ => break,
                }
            }
        }
        Ok(hanging)
    }
}

/// The vote that an emoji is.
fn vote(emoji: &str) -> Option<bool> {
    match Reaction::read(emoji)? {
        Reaction::Vote(vote) => Some(vote == Vote::Up),
        Reaction::Accept => None,
    }
}

/// What a word about a reaction is named for Discord, which knows it again by that for some minutes: 25 characters at most.
fn named(reaction: &MessageKey) -> String {
    let mut name = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(&reaction.0, &mut name);
    format!("r{:016x}", std::hash::Hasher::finish(&name))
}
