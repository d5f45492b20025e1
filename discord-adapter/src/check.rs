//! What `stoa check --online` says of Discord: whether it is reached and knows the bot, takes another session, has the
//! commands, and lets the bot do what it needs where the forum is. Looks only; beside a running bot too.

mod application;
mod channel;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

use bot_core::engine::{Narrowness, SharedPlace};
use bot_core::finding::Finding;
use bot_core::settings::DiscordSettings;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serenity::http::Route;
use serenity::model::id::{ApplicationId, ChannelId, GuildId, RoleId, UserId};

use crate::connection;
use crate::fault::DiscordFault;
use crate::names;
use crate::permissions::{self, Server};
use crate::rest::{Failure, MISSING_ACCESS, Rest, UNKNOWN_CHANNEL};
use crate::servers::{ViewedPlace, wider};

/// Looks at Discord as the settings reach it, and at the channels: those of the settings, and those `places` that the store
/// knows. What can't be reached ends the list.
#[must_use]
pub fn check(
    settings: DiscordSettings,
    places: Vec<SharedPlace>,
) -> BoxFuture<'static, Vec<Finding>> {
    Box::pin(async move {
        let mut findings = Vec::new();
        if let Err(fault) = look(&settings, &places, &mut findings).await {
            findings.push(Finding::wrong("access", fault.to_string()));
        }
        findings
    })
}

async fn look(
    settings: &DiscordSettings,
    places: &[SharedPlace],
    findings: &mut Vec<Finding>,
) -> Result<(), DiscordFault> {
    let rest = Rest::new(connection::way(settings)?);
    let own = connection::preflight(&rest, settings).await?;
    let rest = rest.of(own.application);
    findings.push(Finding::good(format!(
        "{} answers and knows the token",
        connection::address(settings)
    )));
    findings.extend(gateway(&rest, settings).await);
    let (of_application, servers) = application(&rest, own.application).await;
    findings.extend(of_application);
    findings.push(commands(&rest, own.application).await);
    if servers != Some(0) {
        findings.extend(channels(&rest, own.user, settings, places).await);
    }
    Ok(())
}

/// What Discord says of beginning to listen.
#[derive(Deserialize)]
struct Sessions {
    url: String,
    shards: u64,
    session_start_limit: Limit,
}

#[derive(Deserialize)]
struct Limit {
    total: u64,
    remaining: u64,
    /// In milliseconds.
    reset_after: u64,
}

/// Whether the bot can listen: whether the gateway is there, and takes one session more.
async fn gateway(rest: &Rest, settings: &DiscordSettings) -> Vec<Finding> {
    let said = match rest.read::<Sessions>(Route::GatewayBot).await {
        Ok(said) => said,
        Err(failure) => return vec![untold("the gateway", &failure)],
    };
    let url = settings.gateway_url.as_ref().unwrap_or(&said.url);
    let what = format!("the gateway {url}");
    let there = match connection::connects(url).await {
        Ok(()) => Finding::good(format!("{what} can be reached")),
        Err(why) => Finding::wrong(
            what,
            format!("it can’t be reached ({why}); check the network and `discord.gateway_url`"),
        ),
    };
    vec![there, sessions(&said)]
}

/// Whether the gateway takes one session more.
fn sessions(said: &Sessions) -> Finding {
    let Limit {
        total,
        remaining,
        reset_after,
    } = said.session_start_limit;
    if remaining == 0 {
        let minutes = reset_after.div_ceil(60_000);
        let (hours, minutes) = (minutes / 60, minutes % 60);
        return Finding::wrong(
            "sessions",
            format!(
                "the bot was started so often that Discord takes none of the {total} of a day any more; leave it stopped for {hours} h {minutes} min, and see in its log why it began anew so often"
            ),
        );
    }
    let shards = match said.shards {
        1 => "one shard is enough".to_owned(),
        shards => format!("Discord recommends {shards} shards, which `stoa run` uses"),
    };
    Finding::good(format!(
        "sessions: {remaining} of {total} are left until the next day; {shards}"
    ))
}

/// What is said of the application, and in how many servers its bot is, where Discord tells.
async fn application(rest: &Rest, id: ApplicationId) -> (Vec<Finding>, Option<u64>) {
    match rest.read(Route::Oauth2ApplicationCurrent).await {
        Ok(told) => (application::said(&told, id), told.servers()),
        Err(failure) => (vec![untold("the application", &failure)], None),
    }
}

async fn commands(rest: &Rest, id: ApplicationId) -> Finding {
    let route = Route::Commands { application_id: id };
    match rest.read::<Vec<_>>(route).await {
        Ok(registered) => application::commands(&registered),
        Err(failure) => untold("the commands", &failure),
    }
}

/// The bot's place in a server.
#[derive(Clone, Deserialize)]
struct BotMember {
    roles: Vec<RoleId>,
}

/// The servers that were asked for.
type Servers = HashMap<GuildId, Result<(Server, BotMember), Failure>>;

/// How a channel is known to be one of the forum's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KnownBy {
    /// The settings name it.
    Named,
    /// The forum was opened there.
    Open,
}

impl fmt::Display for KnownBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Named => " of `discord.channels`",
            Self::Open => "",
        })
    }
}

/// Looks at the channels: those of the settings first, then the others that the store knows.
async fn channels(
    rest: &Rest,
    own: UserId,
    settings: &DiscordSettings,
    places: &[SharedPlace],
) -> Vec<Finding> {
    let named = settings.channels.iter().map(|id| ChannelId::new(id.0));
    let named: Vec<ChannelId> = named.collect();
    let others = places.iter().filter_map(|place| names::channel(&place.key));
    let others = others
        .filter(|id| !named.contains(id))
        .map(|id| (id, KnownBy::Open));
    let mut findings = Vec::new();
    let mut servers = Servers::new();
    let mut viewed = Vec::new();
    let all = named.iter().map(|id| (*id, KnownBy::Named)).chain(others);
    let mut open = false;
    for (id, known) in all {
        open = true;
        let looked = channel(rest, own, (id, known), &mut servers).await;
        findings.extend(looked.findings);
        let place = places.iter().find(|place| place.key == names::place(id));
        if let (Some((name, viewers)), Some(place)) = (looked.viewed, place) {
            viewed.push(ViewedPlace {
                place: place.clone(),
                channel: id,
                name,
                viewers,
            });
        }
    }
    findings.extend(narrow(&viewed));
    if !open {
        findings.push(Finding::wrong(
            "channels",
            "the forum is open in none; say `/forum open` in one while `stoa run` serves it, or name one in `discord.channels`".to_owned(),
        ));
    }
    findings
}

/// Places that are narrower than another of their forum, to which their admin has not agreed.
fn narrow(all: &[ViewedPlace]) -> Vec<Finding> {
    let unagreed = all
        .iter()
        .filter(|place| place.place.narrowness != Narrowness::Agreed);
    let narrow = unagreed.filter_map(|place| Some((place, wider(all, place)?)));
    narrow
        .map(|(place, other)| {
            Finding::better(
                format!("the channel {:?} ({})", place.name, place.channel),
                format!(
                    "not everybody who can view the channel {:?} ({}) can view it, and they share a forum, so that what is asked in one is posted in the other; say `/forum open` there, which asks whether to part them",
                    other.name, other.channel
                ),
            )
        })
        .collect()
}

/// What was found out about a channel.
struct Looked {
    findings: Vec<Finding>,
    /// Its name, and the roles that view it.
    viewed: Option<(String, BTreeSet<RoleId>)>,
}

impl From<Vec<Finding>> for Looked {
    fn from(findings: Vec<Finding>) -> Self {
        Self {
            findings,
            viewed: None,
        }
    }
}

/// Looks at a channel.
async fn channel(
    rest: &Rest,
    own: UserId,
    (id, known): (ChannelId, KnownBy),
    servers: &mut Servers,
) -> Looked {
    let what = format!("the channel {id}{known}");
    let told: channel::ChannelInfo = match rest.read(Route::Channel { channel_id: id }).await {
        Ok(told) => told,
        Err(failure) => {
            let said = if failure.is(UNKNOWN_CHANNEL) {
                channel::gone(what, known)
            } else if failure.is(MISSING_ACCESS) {
                channel::unseen(what, known)
            } else {
                Some(untold(what, &failure))
            };
            return Vec::from_iter(said).into();
        }
    };
    let Some(guild_id) = told.guild_id else {
        let problem = "it is in no server; name a channel of a server";
        return vec![Finding::wrong(what, problem.to_owned())].into();
    };
    let server = match servers.entry(guild_id) {
        Entry::Occupied(asked) => asked.into_mut(),
        Entry::Vacant(new) => new.insert(server(rest, own, guild_id).await),
    };
    match server {
        Ok((server, member)) => {
            let name = told.name.as_deref().unwrap_or_default();
            let what = format!("the channel {name:?} in {:?} ({id}){known}", server.name);
            Looked {
                findings: channel::said(&what, &told, server, own, &member.roles),
                viewed: Some((
                    name.to_owned(),
                    permissions::viewers(server, &told.permission_overwrites),
                )),
            }
        }
        Err(failure) => vec![untold(what, failure)].into(),
    }
}

async fn server(
    rest: &Rest,
    own: UserId,
    guild_id: GuildId,
) -> Result<(Server, BotMember), Failure> {
    let server = rest.read(Route::Guild { guild_id }).await?;
    let route = Route::GuildMember {
        guild_id,
        user_id: own,
    };
    Ok((server, rest.read(route).await?))
}

impl Rest {
    /// Reads something as what is needed of it.
    async fn read<T: serde::de::DeserializeOwned>(&self, route: Route<'_>) -> Result<T, Failure> {
        let told = self.get(route, Vec::new()).await?;
        serde_json::from_value(told).map_err(|error| Failure::Trouble {
            why: format!("Discord's answer can't be read: {error}"),
        })
    }
}

/// What is said where Discord does not tell.
fn untold(what: impl Into<String>, failure: &Failure) -> Finding {
    Finding::wrong(
        what,
        format!("Discord does not tell of it ({failure}); try again later"),
    )
}

#[cfg(test)]
mod tests;
