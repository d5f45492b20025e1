//! The channels that the bot sees: which server a channel is of, and which channel a thread hangs in.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use serenity::http::Route;
use serenity::model::channel::PermissionOverwrite;
use serenity::model::id::ChannelId;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::platform::{CommonPlace, MessageKey, PlaceKey};

use crate::names;
use crate::recent_map::RecentMap;
use crate::rest::{Failure, Rest};

/// Discord's numbers for kinds of channels.
const FORUM: u64 = 15;
const THREADS: [u64; 3] = [10, 11, 12];
const PRIVATE_THREAD: u64 = 12;
/// Voice channels, categories, stages, directories and media channels: questions can't have threads there, or not of text.
const UNFIT: [u64; 5] = [2, 4, 13, 14, 16];

/// That a forum channel's posts must have a tag.
const REQUIRE_TAG: u64 = 1 << 4;
/// The permission to see a channel, as a bit.
const VIEW_CHANNEL: u64 = 1 << 10;
/// How often it is tried to look at a channel, and the waits between.
const TRIES: u32 = 3;
const PAUSES: Doubling = Doubling::new(Duration::from_millis(100), Duration::from_secs(1));
/// How many threads and conversations are known at most: anybody can begin one. Those that nothing happens in are forgotten, and
/// asked for when it does.
const OTHERS: usize = 20_000;

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Channel {
    /// The server it is of; a conversation is of none.
    pub(crate) guild: Option<u64>,
    /// What people call it.
    pub(crate) name: Option<String>,
    /// What kind it is.
    pub(crate) kind: ChannelKind,
    /// Whether it is kept from those who have no role that may see it; a thread, from those whom nobody added.
    pub(crate) private: bool,
    /// Whether it is a thread that only moderators write in.
    pub(crate) locked: bool,
    /// The tags that it has as a forum channel's post, by their ids.
    pub(crate) applied: Vec<String>,
    /// What it says of roles and people.
    pub(crate) overwrites: Vec<PermissionOverwrite>,
}

/// The tags of a forum channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ForumTags {
    /// Those that posts can have, by id and name, but for those that only moderators give.
    pub(crate) available: Vec<(String, String)>,
    /// Those that only moderators give, by id: the bot gives them to no question, and takes them from none.
    pub(crate) moderated: Vec<String>,
    /// Whether each post must have one.
    pub(crate) required: bool,
}

/// What kind a channel is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChannelKind {
    /// One with messages.
    Text,
    /// One with posts, each a thread.
    Forum(ForumTags),
    /// A thread in another channel.
    Thread(ChannelId),
    /// One that can't be a place of the forum.
    Unfit,
}

impl Channel {
    /// As Discord's JSON has it.
    pub(crate) fn read(channel: &Value) -> Option<(ChannelId, Self)> {
        let number = |name: &str| channel.get(name)?.as_str().and_then(names::id);
        let id = number("id")?;
        let number_of_kind = channel.get("type")?.as_u64()?;
        let kind = match number_of_kind {
            FORUM => {
                let tags = channel.get("available_tags").and_then(Value::as_array);
                let tag = |tag: &Value| {
                    let text = |name: &str| Some(tag.get(name)?.as_str()?.to_owned());
                    Some((text("id")?, text("name")?))
                };
                let (moderated, available): (Vec<_>, Vec<_>) = tags
                    .into_iter()
                    .flatten()
                    .partition(|tag| tag["moderated"] == true);
                let moderated = moderated.into_iter().filter_map(tag);
                let flags = channel.get("flags").and_then(Value::as_u64);
                ChannelKind::Forum(ForumTags {
                    available: available.into_iter().filter_map(tag).collect(),
                    moderated: moderated.map(|(id, _)| id).collect(),
                    required: flags.unwrap_or_default() & REQUIRE_TAG != 0,
                })
            }
            kind if THREADS.contains(&kind) => {
                ChannelKind::Thread(ChannelId::new(number("parent_id")?))
            }
            kind if UNFIT.contains(&kind) => ChannelKind::Unfit,
            _ => ChannelKind::Text,
        };
        let name = channel.get("name").and_then(Value::as_str);
        let channel = Self {
            guild: number("guild_id"),
            name: name.map(str::to_owned),
            kind,
            private: number_of_kind == PRIVATE_THREAD || is_private(channel),
            locked: channel["thread_metadata"]["locked"] == true,
            applied: applied(channel),
            overwrites: overwrites(channel),
        };
        Some((ChannelId::new(id), channel))
    }
}

/// The tags of a forum channel's post, by their ids.
fn applied(channel: &Value) -> Vec<String> {
    let applied = channel.get("applied_tags").and_then(Value::as_array);
    let ids = applied.into_iter().flatten().filter_map(Value::as_str);
    ids.map(str::to_owned).collect()
}

/// What a channel says of roles and people; what can't be read says nothing.
fn overwrites(channel: &Value) -> Vec<PermissionOverwrite> {
    let told = channel.get("permission_overwrites");
    let told = told.and_then(Value::as_array).into_iter().flatten();
    told.filter_map(|overwrite| serde_json::from_value(overwrite.clone()).ok())
        .collect()
}

/// Whether a channel is kept from everybody who has no role that may see it: so says its overwrite for the role that all have,
/// which has the server's number.
fn is_private(channel: &Value) -> bool {
    let everybody = channel.get("guild_id");
    let overwrites = channel
        .get("permission_overwrites")
        .and_then(Value::as_array);
    let denied = |overwrite: &Value| {
        let denied = overwrite.get("deny")?.as_str()?.parse::<u64>().ok()?;
        Some(overwrite.get("id") == everybody && denied & VIEW_CHANNEL != 0)
    };
    overwrites
        .into_iter()
        .flatten()
        .any(|overwrite| denied(overwrite) == Some(true))
}

/// Where something happened: in a place, perhaps in a thread there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    /// The place's channel.
    pub(crate) place: ChannelId,
    /// What people call it.
    pub(crate) name: Option<String>,
    /// The server; a conversation is of none.
    pub(crate) guild: Option<u64>,
    /// The message that roots the thread.
    pub(crate) root: Option<MessageKey>,
    /// Whether the place's channel is kept from some.
    pub(crate) private: bool,
    /// Whether it happened in a thread that only those see who were added to it.
    pub(crate) in_private_thread: bool,
    /// Of a conversation, the open places that its person and the bot share.
    pub(crate) common: Option<Vec<CommonPlace>>,
}

impl Location {
    /// The place's name.
    pub(crate) fn key(&self) -> PlaceKey {
        names::place(self.place)
    }
}

/// The channels that were seen.
pub(crate) struct Channels {
    known: Mutex<KnownChannel>,
}

struct KnownChannel {
    /// The channels of the servers that the bot is in.
    of_servers: HashMap<ChannelId, Channel>,
    /// All others: threads and conversations.
    others: RecentMap<ChannelId, Channel>,
}

impl KnownChannel {
    fn get(&mut self, id: ChannelId) -> Option<&Channel> {
        let others = &mut self.others;
        let of_server = self.of_servers.get(&id);
        of_server.or_else(|| others.get(&id).map(|other| &*other))
    }

    fn insert(&mut self, id: ChannelId, channel: Channel) -> Option<Channel> {
        let is_thread = matches!(channel.kind, ChannelKind::Thread(_));
        match channel.guild {
            Some(_) if !is_thread => self.of_servers.insert(id, channel),
            Some(_) | None => self.others.insert(id, channel),
        }
    }
}

impl Default for Channels {
    fn default() -> Self {
        let known = KnownChannel {
            of_servers: HashMap::new(),
            others: RecentMap::new(OTHERS),
        };
        Self {
            known: Mutex::new(known),
        }
    }
}

impl Channels {
    /// Learns of a channel, or that it has changed; gives what it was before, where it was known.
    pub(crate) fn learn(&self, id: ChannelId, channel: Channel) -> Option<Channel> {
        self.known().insert(id, channel)
    }

    /// Learns of a channel unless more is known of it.
    pub(crate) fn learn_new(&self, id: ChannelId, channel: &Channel) {
        let mut known = self.known();
        if known.get(id).is_none() {
            known.insert(id, channel.clone());
        }
    }

    /// Whether a channel is known, so that nobody has to be asked.
    pub(crate) fn knows(&self, id: ChannelId) -> bool {
        self.known().get(id).is_some()
    }

    /// Whether a channel is known to be one with posts.
    pub(crate) fn is_forum(&self, id: ChannelId) -> bool {
        let mut known = self.known();
        known
            .get(id)
            .is_some_and(|channel| matches!(channel.kind, ChannelKind::Forum(_)))
    }

    /// Whether a channel is known to be one that can't be a place.
    pub(crate) fn is_unfit(&self, id: ChannelId) -> bool {
        let mut known = self.known();
        known
            .get(id)
            .is_some_and(|channel| channel.kind == ChannelKind::Unfit)
    }

    /// What people call a channel, where it is known.
    pub(crate) fn name(&self, id: u64) -> Option<String> {
        self.known().get(ChannelId::new(id))?.name.clone()
    }

    /// The server of a channel, where it is known.
    pub(crate) fn guild_of(&self, id: ChannelId) -> Option<u64> {
        self.known().get(id)?.guild
    }

    /// The channel that a thread hangs in, where it is known.
    pub(crate) fn parent_of(&self, id: ChannelId) -> Option<ChannelId> {
        match self.known().get(id)?.kind {
            ChannelKind::Thread(parent) => Some(parent),
            ChannelKind::Text | ChannelKind::Forum(_) | ChannelKind::Unfit => None,
        }
    }

    /// Forgets a channel that is gone.
    pub(crate) fn forget(&self, id: ChannelId) {
        let mut known = self.known();
        known.of_servers.remove(&id);
        known.others.remove(&id);
    }

    /// Forgets the channels of a server that the bot is not in any more.
    pub(crate) fn forget_guild(&self, guild: u64) {
        let mut known = self.known();
        let stays = |channel: &Channel| channel.guild != Some(guild);
        known.of_servers.retain(|_, channel| stays(channel));
        known.others.retain(stays);
    }

    /// The channels of a server that are no threads.
    pub(crate) fn of_guild(&self, guild: u64) -> Vec<ChannelId> {
        let known = self.known();
        let all = known.of_servers.iter();
        let of = all.filter(|(_, channel)| channel.guild == Some(guild));
        of.map(|(id, _)| *id).collect()
    }

    /// A channel, asked for where it is not known.
    pub(crate) async fn get(&self, rest: &Rest, id: ChannelId) -> Result<Channel, Failure> {
        let known = self.known().get(id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let mut tries = 1;
        let mut backoff = Backoff::new(PAUSES, System);
        let asked = loop {
            let route = Route::Channel { channel_id: id };
            match rest.get(route, Vec::new()).await {
                // Whoever waits has perhaps written much.
                Err(Failure::Trouble { why }) if tries < TRIES => {
                    tracing::debug!(%why, "a channel is looked at again");
                    tries += 1;
                    tokio::time::sleep(backoff.wait(None)).await;
                }
                asked => break asked?,
            }
        };
        let (_, channel) = Channel::read(&asked).ok_or_else(|| Failure::Trouble {
            why: format!("Discord says of the channel {id} what can't be read"),
        })?;
        self.learn(id, channel.clone());
        Ok(channel)
    }

    /// The place that a channel is, or whose thread it is.
    pub(crate) async fn location(&self, rest: &Rest, id: ChannelId) -> Result<Location, Failure> {
        let channel = self.get(rest, id).await?;
        let ChannelKind::Thread(parent) = channel.kind else {
            return Ok(Location {
                place: id,
                name: channel.name,
                guild: channel.guild,
                root: None,
                private: channel.private,
                in_private_thread: false,
                common: None,
            });
        };
        let above = self.get(rest, parent).await?;
        // A thread has the number of the message that it hangs on, which in a forum is the first in it.
        let root = match above.kind {
            ChannelKind::Forum(_) => format!("{id}/{id}"),
            ChannelKind::Text | ChannelKind::Thread(_) | ChannelKind::Unfit => {
                format!("{parent}/{id}")
            }
        };
        Ok(Location {
            place: parent,
            name: above.name,
            guild: above.guild.or(channel.guild),
            root: Some(MessageKey(root)),
            private: above.private,
            in_private_thread: channel.private,
            common: None,
        })
    }

    fn known(&self) -> MutexGuard<'_, KnownChannel> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(guild: u64, kind: ChannelKind) -> Channel {
        Channel {
            guild: Some(guild),
            name: None,
            kind,
            private: false,
            locked: false,
            applied: Vec::new(),
            overwrites: Vec::new(),
        }
    }

    #[test]
    fn threads_are_forgotten_and_the_channels_of_servers_are_not() {
        let channels = Channels::default();
        let (help, attic) = (ChannelId::new(1), ChannelId::new(2));
        channels.learn(help, channel(7, ChannelKind::Text));
        channels.learn(attic, channel(8, ChannelKind::Text));
        for thread in 100..100 + OTHERS as u64 * 2 {
            let thread = ChannelId::new(thread);
            channels.learn(thread, channel(7, ChannelKind::Thread(help)));
            // Something happens in the first now and then.
            assert_eq!(channels.parent_of(ChannelId::new(100)), Some(help));
        }
        assert!(channels.known().others.len() <= OTHERS);
        assert!(!channels.knows(ChannelId::new(101)));
        assert_eq!(
            (channels.of_guild(7), channels.of_guild(8)),
            (vec![help], vec![attic])
        );
        channels.forget_guild(7);
        assert!(!channels.knows(help) && !channels.knows(ChannelId::new(100)));
        assert!(channels.knows(attic));
    }
}
