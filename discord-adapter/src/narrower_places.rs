//! Places that are narrower than others of their forum: found when a server's channels or roles change, and told to who manages it.

use std::collections::BTreeSet;

use bot_core::document::Card;
use bot_core::engine::{Narrowness, PlaceLink, PlaceNotice};
use bot_core::platform::PlaceKey;
use bot_core::turns::Turn;
use serenity::model::id::{ChannelId, GuildId, RoleId};

use crate::PLATFORM;
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::names;
use crate::permissions;
use crate::rest::Failure;
use crate::servers::{ViewedPlace, wider};

impl EventHandler {
    /// The roles that view a channel of a server.
    pub(crate) async fn viewers(
        &self,
        guild: u64,
        channel: ChannelId,
    ) -> Result<BTreeSet<RoleId>, Failure> {
        let server = self.servers.get(&self.rest, GuildId::new(guild)).await?;
        let channel = self.channels.get(&self.rest, channel).await?;
        Ok(permissions::viewers(&server, &channel.overwrites))
    }

    /// The places of a server whose channels are there, and who can view each.
    pub(crate) async fn viewed(
        &self,
        guild: u64,
    ) -> Result<Result<Vec<ViewedPlace>, Failure>, DiscordFault> {
        let channels = self.channels.of_guild(guild);
        let keys = channels.iter().map(|id| names::place(*id)).collect();
        let places = self.core.shared_places(PLATFORM, keys).await?;
        if places.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        let server = match self.servers.get(&self.rest, GuildId::new(guild)).await {
            Ok(server) => server,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut viewed = Vec::new();
        for place in places {
            let Some(id) = names::channel(&place.key) else {
                continue;
            };
            match self.channels.get(&self.rest, id).await {
                Ok(channel) => viewed.push(ViewedPlace {
                    place,
                    channel: id,
                    name: channel.name.unwrap_or_default(),
                    viewers: permissions::viewers(&server, &channel.overwrites),
                }),
                Err(failure) => return Ok(Err(failure)),
            }
        }
        viewed.sort_by_key(|place| place.channel);
        Ok(Ok(viewed))
    }

    /// Warns who manages a server of each place that is narrower than another of its forum, once, unless its admin agreed to that.
    pub(crate) async fn warn_of_narrow(&self, guild: u64) -> Result<(), DiscordFault> {
        let viewed = {
            let _turn = self.turn_of_server(guild).await;
            self.viewed(guild).await?
        };
        let mut all = match viewed {
            Ok(all) => all,
            Err(failure) => {
                tracing::debug!(%failure, "who can view a server's channels is not told");
                return Ok(());
            }
        };
        all.retain(|place| place.place.open);
        self.says_served(guild, &all);
        for place in &all {
            let said = match (wider(&all, place), place.place.narrowness) {
                (Some(other), Narrowness::Unsaid) => {
                    if !self.warns(guild, place, other).await {
                        continue;
                    }
                    Narrowness::Warned
                }
                (None, Narrowness::Warned) => Narrowness::Unsaid,
                (Some(_), Narrowness::Warned | Narrowness::Agreed)
                | (None, Narrowness::Unsaid | Narrowness::Agreed) => continue,
            };
            let key = &place.place.key;
            self.core.set_narrowness(PLATFORM, key, said).await?;
        }
        Ok(())
    }

    /// Logs in which channels of a server the forum is, where that is others than it was logged.
    fn says_served(&self, guild: u64, open: &[ViewedPlace]) {
        let channels = open.iter().map(|place| place.channel).collect();
        if !self.servers.newly_served(guild, channels) {
            return;
        }
        let name = self.servers.name(guild).unwrap_or_default();
        let named = open
            .iter()
            .map(|place| format!("#{} ({})", place.name, place.channel));
        let channels = named.collect::<Vec<_>>().join(", ");
        if channels.is_empty() {
            tracing::info!(
                server = guild,
                name,
                "the forum is open in no channel of a server; /forum open says where it is to be"
            );
        } else {
            tracing::info!(server = guild, name, channels, "serving a server");
        }
    }

    /// Waits for the turn of what happens to a server.
    pub(crate) async fn turn_of_server(&self, guild: u64) -> Turn {
        let (server, nobody) = (PlaceKey(guild.to_string()), names::nobody(guild));
        self.turns.turn(&server, &nobody).await
    }

    /// Warns of a place; false where that is to be tried again.
    async fn warns(&self, guild: u64, place: &ViewedPlace, other: &ViewedPlace) -> bool {
        tracing::warn!(
            place = %place.channel,
            other = %other.channel,
            server = guild,
            "not everybody who can view one place can view the other, and they share a forum; say /forum open there to part them or to agree"
        );
        let Ok(server) = self.servers.get(&self.rest, GuildId::new(guild)).await else {
            return false;
        };
        let about = (place.channel, place.name.as_str());
        let card = self.notice(PlaceNotice::BecameNarrower, Some(guild), about, other);
        let body = self.outbound.draw(&card, Some(guild), None, None);
        let body = body.named(format!("n{}", place.channel));
        match self.outbound.whisper(server.owner_id, &body).await {
            Ok(()) => true,
            Err(failure) if failure.passes() => {
                tracing::debug!(%failure, "who owns a server is told later");
                false
            }
            Err(failure) => {
                tracing::debug!(%failure, "who owns a server takes no direct messages");
                true
            }
        }
    }

    /// What is said of a place and another one, with links to both.
    pub(crate) fn notice(
        &self,
        notice: PlaceNotice,
        guild: Option<u64>,
        (channel, name): (ChannelId, &str),
        other: &ViewedPlace,
    ) -> Card {
        let url = |channel: ChannelId| names::channel_link(channel, guild);
        let (here, there) = (url(channel), url(other.channel));
        let (name, other_name) = (format!("#{name}"), format!("#{}", other.name));
        let link = |name, url| PlaceLink { name, url };
        self.core
            .notice_of_places(notice, link(&name, &here), link(&other_name, &there))
    }
}
