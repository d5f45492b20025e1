//! Tells the core what happened in a channel: reactions, and what is gone. Reads reactions again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bot_core::command::ReactionMeaning;
use bot_core::crash::{self, Point};
use bot_core::document::{Block, Card, Inline};
use bot_core::engine::{Core, Fault};
use bot_core::fingerprint;
use bot_core::forum::{Role, Timestamp, Vote};
use bot_core::panics::{self, PanicPoint};
use bot_core::platform::{
    Actor, Audience, Incoming, IncomingEvent, MessageKey, Place, PlaceKind, Response, Seclusion,
};
use bot_core::settings::{DiscordSettings, Snowflake};
use bot_core::text::Key;
use bot_core::turns::Turns;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, MessageId, UserId};
use tokio::sync::watch;

use crate::PLATFORM;
use crate::answer::Answering;
use crate::channels::{Channels, Location};
use crate::direct::Acquaintances;
use crate::dispatch::LaneTask;
use crate::fault::DiscordFault;
use crate::gateway::EventQueues;
use crate::inbound::{Inbound, PersonNames};
use crate::lanes::Lanes;
use crate::names;
use crate::outbound::Outbound;
use crate::recent_map::RecentMap;
use crate::recheck::Rechecks;
use crate::rest::{Failure, Rest, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE};
use crate::servers::Servers;

/// The emoji that mean something, as they are asked for.
const EMOJI: [&str; 3] = ["👍", "👎", "✅"];
/// How many people's reactions come at once.
const PAGE: usize = 100;
/// The types of reactions by number and name, normal ones and super reactions: Discord lists each by itself.
const TYPES: [(u8, &str); 2] = [(0, "normal"), (1, "burst")];

/// Of how many people it is remembered that they were told how a post is hidden.
pub(crate) const HINTED: usize = 1_000;

/// When something happened, where Discord does not say: when it is heard.
pub(crate) const UNSAID: Timestamp = Timestamp(i64::MAX);

/// Hears what happens on Discord and tells the core.
pub(crate) struct EventHandler {
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
    pub(crate) rows: EventQueues,
    /// How much of what happened is learned and waits in its lane, of what nobody waits for.
    pub(crate) told: watch::Sender<u64>,
    pub(crate) lanes: Lanes<LaneTask>,
    pub(crate) rechecks: Rechecks,
    /// Whose turn it is that the core is told of what nobody waits for.
    pub(crate) turns: Turns,
    /// Whose turn it is to be answered.
    pub(crate) answering: Answering,
    /// Who was told lately that a message which they took away hides nothing.
    pub(crate) hinted: Mutex<RecentMap<UserId, ()>>,
}

impl EventHandler {
    /// Hears of something that happened in a channel.
    pub(crate) async fn hear(&self, event: Inbound) -> Result<(), DiscordFault> {
        match event {
            Inbound::Sent { card, key } => {
                crash::here(Point::BeforeEcho);
                self.core.sent(PLATFORM, &key, &card).await?;
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
                if let Some(called) = &name {
                    panics::here(PanicPoint::Event, &called.name);
                }
                self.reaction(channel, on, (user, name), &emoji, gone).await
            }
            Inbound::ReactionsGone { channel, on } => {
                if let Some(location) = self.place(channel).await?
                    && self.shows_a_post(&location, &on).await?
                {
                    self.rechecks.soon(vec![on.clone()]);
                    self.rechecks.later(on);
                }
                Ok(())
            }
            Inbound::MessageGone { channel, message } => {
                // Discord does not say by whom.
                let what = IncomingEvent::MessageGone { gone: message };
                self.gone(channel, what).await
            }
            Inbound::MessagesGone { channel, messages } => {
                let what = IncomingEvent::SurfacesGone { gone: messages };
                self.gone(channel, what).await
            }
            Inbound::TookOurs { channel, user } => self.hints(channel, user).await,
            Inbound::ThreadGone { thread, parent } => {
                self.channels.forget(thread);
                let (platform, place) = (PLATFORM, names::place(parent));
                let begin = format!("{thread}/");
                let gone = self.core.surfaces_from(platform, &place, &begin).await?;
                if gone.is_empty() {
                    return Ok(());
                }
                let what = IncomingEvent::SurfacesGone { gone };
                self.gone(parent, what).await
            }
            // These are learned where they come in.
            Inbound::Began
            | Inbound::Channel(..)
            | Inbound::Server(_)
            | Inbound::Role(..)
            | Inbound::RoleGone(..)
            | Inbound::ChannelGone(..)
            | Inbound::GuildGone(_)
            | Inbound::Used(_)
            | Inbound::Unread(_) => Ok(()),
        }
    }

    /// Somebody reacted, or took it back.
    async fn reaction(
        &self,
        channel: ChannelId,
        on: MessageKey,
        who: (UserId, Option<PersonNames>),
        emoji: &str,
        gone: bool,
    ) -> Result<(), DiscordFault> {
        let user = who.0;
        let Some(location) = self.location(channel).await else {
            return Ok(());
        };
        let turn = self.turns.turn(&location.key(), &names::person(user)).await;
        if !self.is_open(&location).await? {
            return Ok(());
        }
        let response = self.tell_reaction(&location, &on, who, emoji, gone).await?;
        let shows = self.shows_a_post(&location, &on).await?;
        // What follows waits for Discord: others are not to wait for that.
        drop(turn);
        let reaction = names::reaction(&on, user, emoji);
        self.complain(&location, (user, &reaction), response)
            .await?;
        // Events come late, twice, or not at all; what hangs there in the end is what counts.
        if shows {
            self.rechecks.later(on);
        }
        Ok(())
    }

    /// Tells a moderator who took a message of the bot's away how the post itself is hidden: once.
    async fn hints(&self, channel: ChannelId, user: UserId) -> Result<(), DiscordFault> {
        let Some(location) = self.place(channel).await? else {
            return Ok(());
        };
        let is_new = |hinted: &mut RecentMap<UserId, ()>| hinted.insert(user, ()).is_none();
        if self.ignores(user) || !is_new(&mut lock(&self.hinted)) {
            return Ok(());
        }
        let text = self.outbound.texts.say(Key::DiscordCardRemoved, &[]);
        let card = Card {
            blocks: vec![Block::Paragraph(vec![Inline::Text(text)])],
            ..Card::default()
        };
        let body = self.outbound.draw(&card, location.guild, None, None);
        if let Err(failure) = self.outbound.whisper(user, &body).await {
            tracing::debug!(%failure, "somebody takes no direct messages");
        }
        Ok(())
    }

    /// Tells the core that messages are gone, by whomever.
    async fn gone(&self, channel: ChannelId, what: IncomingEvent) -> Result<(), DiscordFault> {
        let Some(location) = self.location(channel).await else {
            return Ok(());
        };
        let nobody = names::nobody(channel.get());
        let _turn = self.turns.turn(&location.key(), &nobody).await;
        if self.is_open(&location).await? {
            self.tell(&location, (self.own, None), None, what).await?;
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
            let (platform, id) = (PLATFORM, guild.to_string());
            self.core.of_server(platform, places, id, &name).await?;
        }
        Ok(())
    }

    pub(crate) async fn channel_gone(&self, id: ChannelId) -> Result<(), DiscordFault> {
        self.channels.forget(id);
        let key = names::place(id);
        Ok(self.core.place_closed(PLATFORM, &key).await?)
    }

    /// Opens the places that the settings name.
    pub(crate) async fn open_named(&self) -> Result<(), DiscordFault> {
        for channel in &self.settings.channels {
            self.open(ChannelId::new(channel.0)).await?;
        }
        Ok(())
    }

    pub(crate) async fn open(&self, id: ChannelId) -> Result<(), DiscordFault> {
        match self.channels.location(&self.rest, id).await {
            Ok(location) if self.channels.is_unfit(location.place) => tracing::warn!(
                channel = %id,
                "a channel of discord.channels is of a kind in which questions can't have threads; name a text channel or a forum"
            ),
            Ok(location) => {
                let place = self.described(&location);
                self.core.place_opened(PLATFORM, &place).await?;
                if let Some(guild) = location.guild {
                    self.of_server(guild, vec![location.place]).await?;
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
    async fn place(&self, channel: ChannelId) -> Result<Option<Location>, DiscordFault> {
        let Some(location) = self.location(channel).await else {
            return Ok(None);
        };
        Ok(self.is_open(&location).await?.then_some(location))
    }

    /// The place that a channel is or hangs in, where Discord says so.
    async fn location(&self, channel: ChannelId) -> Option<Location> {
        match self.channels.location(&self.rest, channel).await {
            Ok(location) => Some(location),
            Err(failure) => {
                tracing::debug!(%channel, %failure, "a channel is not known");
                None
            }
        }
    }

    async fn is_open(&self, location: &Location) -> Result<bool, Fault> {
        self.core.is_place(PLATFORM, &location.key()).await
    }

    /// Whether a message shows a post.
    pub(crate) async fn shows_a_post(
        &self,
        location: &Location,
        message: &MessageKey,
    ) -> Result<bool, Fault> {
        let key = location.key();
        let shown = self.core.surface_of(PLATFORM, &key, message);
        Ok(shown.await?.is_some())
    }

    pub(crate) fn ignores(&self, user: UserId) -> bool {
        user == self.own || self.settings.ignore.contains(&Snowflake(user.get()))
    }

    /// A place as the core knows it.
    pub(crate) fn described(&self, location: &Location) -> Place {
        let named = self
            .settings
            .channels
            .contains(&Snowflake(location.place.get()));
        let kind = match (&location.common, location.guild) {
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
            key: location.key(),
            name: location.name.clone(),
            kind,
            seclusion: Seclusion {
                encrypted: false,
                private: location.private,
            },
        }
    }

    /// Tells the core of a reaction that was found, or found to be gone, in its person's turn.
    async fn reacted(
        &self,
        location: &Location,
        on: &MessageKey,
        user: UserId,
        emoji: &str,
        gone: bool,
    ) -> Result<(), DiscordFault> {
        let turn = self.turns.turn(&location.key(), &names::person(user)).await;
        let told = self.tell_reaction(location, on, (user, None), emoji, gone);
        let response = told.await?;
        drop(turn);
        let reaction = names::reaction(on, user, emoji);
        self.complain(location, (user, &reaction), response).await
    }

    async fn tell_reaction(
        &self,
        location: &Location,
        on: &MessageKey,
        who: (UserId, Option<PersonNames>),
        emoji: &str,
        gone: bool,
    ) -> Result<Response, DiscordFault> {
        let reaction = names::reaction(on, who.0, emoji);
        let what = if gone {
            IncomingEvent::Removed { gone: reaction }
        } else {
            IncomingEvent::Reacted {
                reaction,
                on: on.clone(),
                emoji: emoji.to_owned(),
            }
        };
        self.tell(location, who, None, what).await
    }

    /// Tells the core of something; whoever did it may nothing special by it.
    async fn tell(
        &self,
        location: &Location,
        (user, name): (UserId, Option<PersonNames>),
        id: Option<MessageKey>,
        what: IncomingEvent,
    ) -> Result<Response, DiscordFault> {
        let incoming = Incoming {
            platform: PLATFORM,
            id,
            actor: Actor {
                key: names::person(user),
                name: name
                    .as_ref()
                    .map_or_else(String::new, |called| called.name.clone()),
                account: name.map(|called| called.account),
                role: Role::Member,
            },
            place: self.described(location),
            at: UNSAID,
            what,
        };
        crash::here(Point::BeforeHearing);
        let response = self.core.hear(incoming).await?;
        crash::here(Point::AfterHearing);
        Ok(response)
    }

    /// Tells a person why nothing came of their reaction, as far as they let the bot, and takes away one that was refused. Dying in between does no harm: the
    /// reaction is found hanging, refused again, and told about under the same name.
    async fn complain(
        &self,
        location: &Location,
        (user, reaction): (UserId, &MessageKey),
        response: Response,
    ) -> Result<(), DiscordFault> {
        if let Some(reply) = &response.reply
            && reply.audience == Audience::Person
        {
            let body = self.outbound.draw(&reply.card, location.guild, None, None);
            let body = body.named(named(reaction));
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
            match self
                .rest
                .call(LightMethod::Delete, route, None::<&()>)
                .await
            {
                Ok(_) => crash::here(Point::AfterUnreact),
                Err(failure) if !failure.passes() => {
                    tracing::debug!(%failure, "a refused reaction stays");
                    self.core.stays_refused(&reaction).await?;
                }
                // It is tried again when the reactions are read again.
                Err(failure) => tracing::debug!(%failure, "a refused reaction stays for now"),
            }
        }
        Ok(())
    }

    /// Reads a message's reactions, where it stands in an open place; gives false where that is to be tried again.
    pub(crate) async fn read_again(&self, message: &MessageKey) -> Result<bool, DiscordFault> {
        let Some((channel, _)) = names::parts(message) else {
            return Ok(true);
        };
        match self.place(channel).await? {
            // What shows no post is none of the forum's.
            Some(location) if self.shows_a_post(&location, message).await? => {
                self.compare(&location, message).await
            }
            Some(_) | None => Ok(true),
        }
    }

    /// Lets the votes on a message be what its reactions are; gives false where they could not be read just now.
    async fn compare(&self, location: &Location, on: &MessageKey) -> Result<bool, DiscordFault> {
        let hanging = match self.hanging(on).await {
            Ok(hanging) => hanging,
            // It went while nobody told us, or we did not hear.
            Err(failure) if failure.is(UNKNOWN_MESSAGE) || failure.is(UNKNOWN_CHANNEL) => {
                let gone = vec![on.clone()];
                let what = IncomingEvent::SurfacesGone { gone };
                self.tell(location, (self.own, None), None, what).await?;
                return Ok(true);
            }
            Err(failure) => {
                let again = failure.passes();
                tracing::debug!(message = %on, %failure, again, "reactions could not be read");
                return Ok(!again);
            }
        };
        let known = self
            .core
            .reactions_on(PLATFORM, &location.key(), on)
            .await?;
        let known: BTreeSet<MessageKey> = known.into_iter().collect();
        for gone in known.difference(&hanging) {
            if let Some((user, emoji)) = names::reacted(gone) {
                self.reacted(location, on, user, emoji, true).await?;
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
                    self.reacted(location, on, user, emoji, false).await?;
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
                    .any(|emoji| ReactionMeaning::read(name) == ReactionMeaning::read(emoji))
            {
                continue;
            }
            for (kind, of_type) in TYPES {
                if reaction["count_details"][of_type] == 0 {
                    continue;
                }
                let people = self.who_reacted((channel_id, message_id), name, kind);
                let people = people.await?.into_iter();
                hanging.extend(people.map(|user| names::reaction(on, user, name)));
            }
        }
        Ok(hanging)
    }

    /// The people whose reactions of a type hang on a message with an emoji.
    async fn who_reacted(
        &self,
        (channel_id, message_id): (ChannelId, MessageId),
        emoji: &str,
        kind: u8,
    ) -> Result<Vec<UserId>, Failure> {
        let emoji = names::encoded(emoji);
        let route = Route::ChannelMessageReactionEmoji {
            channel_id,
            message_id,
            reaction: &emoji,
        };
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let mut params = vec![("limit", PAGE.to_string()), ("type", kind.to_string())];
            params.extend(after.map(|after| ("after", after)));
            let page = self.rest.get(route, params).await?;
            let users = page.as_array().map(Vec::as_slice).unwrap_or_default();
            // Bots are not people.
            let people = users.iter().filter(|user| user["bot"] != true);
            let people = people.filter_map(|user| names::id(user["id"].as_str()?));
            all.extend(people.map(UserId::new));
            after = match users.last().and_then(|user| user["id"].as_str()) {
                Some(last) if users.len() == PAGE => Some(last.to_owned()),
                _ => return Ok(all),
            };
        }
    }
}

fn lock<T>(known: &Mutex<T>) -> MutexGuard<'_, T> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The vote that an emoji is.
fn vote(emoji: &str) -> Option<bool> {
    match ReactionMeaning::read(emoji)? {
        ReactionMeaning::Vote(vote) => Some(vote == Vote::Up),
        ReactionMeaning::Accept => None,
    }
}

/// What a word about a reaction is named for Discord, which knows it again by that for some minutes: 25 characters at most.
fn named(reaction: &MessageKey) -> String {
    format!("r{:016x}", fingerprint::of_text(&reaction.0))
}
