//! Conversations with the bot: which open places their person can view, asked of Discord each time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bot_core::platform::{CommonPlace, Writes};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serenity::http::Route;
use serenity::model::Timestamp;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};
use serenity::model::permissions::Permissions;
use tokio::time::Instant;

use crate::PLATFORM;
use crate::event_handler::EventHandler;
use crate::fault::DiscordFault;
use crate::names;
use crate::permissions;
use crate::recent_map::RecentMap;
use crate::rest::{Failure, UNKNOWN_MEMBER};

/// How long it is believed that somebody is not in a server. That they are is never believed for longer than it takes.
const ABSENT: Duration = Duration::from_secs(60);
/// How many people, and how many absences, are remembered at most.
const KEPT: usize = 50_000;
/// How many servers are asked at most whether somebody is in them, and in how many they are remembered to have been met.
const MOST: usize = 100;
/// How many servers are asked at the same time.
const AT_ONCE: usize = 8;

/// Who was seen in which server, and who was not.
pub(crate) struct Acquaintances {
    /// Who used something there since the start.
    met: Mutex<RecentMap<UserId, BTreeSet<GuildId>>>,
    /// Who was not there when that was last asked.
    absent: Mutex<RecentMap<(GuildId, UserId), Instant>>,
}

impl Default for Acquaintances {
    fn default() -> Self {
        Self {
            met: Mutex::new(RecentMap::new(KEPT)),
            absent: Mutex::new(RecentMap::new(KEPT)),
        }
    }
}

impl Acquaintances {
    /// Somebody uses something in a server.
    pub(crate) fn meet(&self, guild: GuildId, user: UserId) {
        lock(&self.absent).remove(&(guild, user));
        let mut met = lock(&self.met);
        match met.get(&user) {
            Some(guilds) => {
                if guilds.len() < MOST {
                    guilds.insert(guild);
                }
            }
            None => {
                met.insert(user, BTreeSet::from([guild]));
            }
        }
    }

    /// The servers of these in which somebody may be: those in which they were met first, and no more than can be asked.
    fn worth_asking(&self, user: UserId, guilds: impl Iterator<Item = GuildId>) -> Vec<GuildId> {
        let met = lock(&self.met).get(&user).map(|met| met.clone());
        let met = met.unwrap_or_default();
        let mut guilds: Vec<_> = guilds
            .filter(|guild| !self.is_absent(*guild, user))
            .collect();
        guilds.sort_by_key(|guild| (!met.contains(guild), *guild));
        if guilds.len() > MOST {
            tracing::debug!(
                servers = guilds.len(),
                "not all servers are asked whether somebody is in them"
            );
            guilds.truncate(MOST);
        }
        guilds
    }

    fn is_absent(&self, guild: GuildId, user: UserId) -> bool {
        let asked = lock(&self.absent).get(&(guild, user)).copied();
        asked.is_some_and(|asked| asked.elapsed() < ABSENT)
    }

    fn is_not_there(&self, guild: GuildId, user: UserId) {
        lock(&self.absent).insert((guild, user), Instant::now());
    }
}

fn lock<T>(known: &Mutex<T>) -> MutexGuard<'_, T> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What somebody and the bot have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Common {
    /// The open places that they can view, and what they may write in each: no more is written for them from a conversation.
    pub(crate) places: Vec<CommonPlace>,
    /// The server of all of these, where there is only one.
    pub(crate) guild: Option<u64>,
    /// What they are called in that server.
    pub(crate) name: Option<String>,
}

/// Somebody's place in a server, as Discord tells it.
#[derive(Debug, Deserialize)]
struct ServerMember {
    nick: Option<String>,
    roles: Vec<RoleId>,
    #[serde(default)]
    pending: bool,
    communication_disabled_until: Option<Timestamp>,
}

impl ServerMember {
    /// Whether the server lets them do anything at this moment.
    fn may_act(&self, at: Timestamp) -> bool {
        let quiet = self
            .communication_disabled_until
            .is_some_and(|until| until > at);
        !self.pending && !quiet
    }
}

impl EventHandler {
    /// The open places that somebody can view at this moment.
    pub(crate) async fn in_common(
        &self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Common, DiscordFault> {
        let mut places: BTreeMap<GuildId, Vec<ChannelId>> = BTreeMap::new();
        for key in self.core.open_places(PLATFORM).await? {
            let Some(id) = names::channel(&key) else {
                continue;
            };
            match self.channels.get(&self.rest, id).await {
                Ok(channel) => {
                    if let Some(guild) = channel.guild {
                        places.entry(GuildId::new(guild)).or_default().push(id);
                    }
                }
                Err(failure) => tracing::debug!(%failure, "a place can't be looked at"),
            }
        }
        let asked = self
            .acquaintances
            .worth_asking(user, places.keys().copied());
        let asked = asked.into_iter().map(|guild| {
            let places = places.get(&guild).map(Vec::as_slice).unwrap_or_default();
            async move { (guild, self.viewed_by(user, at, guild, places).await) }
        });
        let mut found: Vec<_> = stream::iter(asked)
            .buffer_unordered(AT_ONCE)
            .filter_map(|(guild, viewed)| async move { Some((guild, viewed?)) })
            .collect()
            .await;
        found.retain(|(_, (places, _))| !places.is_empty());
        found.sort_by_key(|(guild, _)| *guild);
        let only = match found.as_slice() {
            [(guild, (_, name))] => Some((guild.get(), name.clone())),
            _ => None,
        };
        let (guild, name) = only.unzip();
        Ok(Common {
            places: found
                .into_iter()
                .flat_map(|(_, (places, _))| places)
                .collect(),
            guild,
            name: name.flatten(),
        })
    }

    /// Those of a server's places that somebody can view, and what they are called there; none where they are not in it, or Discord
    /// does not say so.
    async fn viewed_by(
        &self,
        user: UserId,
        at: Timestamp,
        guild: GuildId,
        places: &[ChannelId],
    ) -> Option<(Vec<CommonPlace>, Option<String>)> {
        let route = Route::GuildMember {
            guild_id: guild,
            user_id: user,
        };
        let told = match self.rest.get(route, Vec::new()).await {
            Ok(told) => told,
            Err(failure) => {
                if failure.is(UNKNOWN_MEMBER) {
                    self.acquaintances.is_not_there(guild, user);
                } else {
                    tracing::debug!(%failure, "whether somebody is in a server is not told");
                }
                return None;
            }
        };
        let member: ServerMember = serde_json::from_value(told).ok()?;
        let server = self.servers.get(&self.rest, guild).await.ok()?;
        let mut viewed = Vec::new();
        for place in places {
            let channel: Result<_, Failure> = self.channels.get(&self.rest, *place).await;
            let Ok(channel) = channel else { continue };
            let may = permissions::allowed(&server, user, &member.roles, &channel.overwrites);
            if may.contains(Permissions::VIEW_CHANNEL) {
                viewed.push(CommonPlace {
                    key: names::place(*place),
                    writes: writes(may, &member, at),
                });
            }
        }
        Some((viewed, member.nick))
    }
}

/// What somebody who may do this in a channel may write there at this moment.
fn writes(may: Permissions, member: &ServerMember, at: Timestamp) -> Writes {
    if !member.may_act(at) || !may.contains(Permissions::USE_APPLICATION_COMMANDS) {
        Writes::Nothing
    } else if may.contains(Permissions::SEND_MESSAGES) {
        Writes::All
    } else if may.contains(Permissions::SEND_MESSAGES_IN_THREADS) {
        // Where people make no posts of their own they may still write in those of others.
        Writes::Below
    } else {
        Writes::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_begins_nothing_in_a_channel_may_still_write_below_what_is_there() {
        let member = |quiet: Option<&str>, pending| ServerMember {
            nick: None,
            roles: Vec::new(),
            pending,
            communication_disabled_until: quiet.map(|until| until.parse().expect("a time")),
        };
        let (send, below, commands) = (
            Permissions::SEND_MESSAGES,
            Permissions::SEND_MESSAGES_IN_THREADS,
            Permissions::USE_APPLICATION_COMMANDS,
        );
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = time("2026-01-01T00:00:00Z");
        let of = |may| writes(may, &member(Some("2025-12-31T23:59:59Z"), false), now);
        assert_eq!(of(send | below | commands), Writes::All);
        assert_eq!(of(send | commands), Writes::All);
        assert_eq!(of(below | commands), Writes::Below);
        assert_eq!(of(commands), Writes::Nothing);
        assert_eq!(of(send | below), Writes::Nothing);
        let all = Permissions::all();
        let quiet = member(Some("2026-01-01T00:00:01Z"), false);
        assert_eq!(writes(all, &quiet, now), Writes::Nothing);
        assert_eq!(writes(all, &member(None, true), now), Writes::Nothing);
    }

    #[test]
    fn of_ever_more_people_the_latest_are_remembered() {
        let known = Acquaintances::default();
        let guild = GuildId::new(7);
        let people = KEPT as u64 * 2;
        for user in 1..=people {
            known.meet(guild, UserId::new(user));
            known.is_not_there(GuildId::new(8), UserId::new(user));
        }
        assert!(lock(&known.met).len() <= KEPT && lock(&known.absent).len() <= KEPT);
        let guilds = || [3, 7, 8].into_iter().map(GuildId::new);
        let asked = |user| known.worth_asking(UserId::new(user), guilds());
        assert_eq!(asked(people), [7, 3].map(GuildId::new));
        assert_eq!(asked(1), [3, 7, 8].map(GuildId::new), "they are forgotten");
        for guild in 1..1_000 {
            known.meet(GuildId::new(guild), UserId::new(people));
        }
        let met = lock(&known.met)
            .get(&UserId::new(people))
            .map(|met| met.len());
        assert_eq!(met, Some(MOST));
    }
}
