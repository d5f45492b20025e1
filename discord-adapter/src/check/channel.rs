//! What is said of a channel that the forum is in: its kind, what the bot may do there, and a forum channel's tags. Pure.

use bot_core::finding::Finding;
use serde::Deserialize;
use serenity::model::channel::PermissionOverwrite;
use serenity::model::id::{ChannelId, GuildId, RoleId, UserId};

use super::KnownBy;
use crate::permissions::{self, In, Need, Server, USED};
use crate::render::is_solved;

/// Discord's numbers for kinds of channels: <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>.
const TEXT: u64 = 0;
const ANNOUNCEMENTS: u64 = 5;
const FORUM: u64 = 15;
/// The flag of a forum channel whose posts need a tag.
const REQUIRE_TAG: u64 = 1 << 4;

/// A channel, as far as it matters.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ChannelInfo {
    #[serde(rename = "type")]
    pub(super) kind: u64,
    pub(super) guild_id: Option<GuildId>,
    pub(super) name: Option<String>,
    /// The channel that a thread hangs in.
    pub(super) parent_id: Option<ChannelId>,
    #[serde(default)]
    pub(super) flags: u64,
    #[serde(default)]
    pub(super) permission_overwrites: Vec<PermissionOverwrite>,
    #[serde(default)]
    pub(super) available_tags: Vec<Tag>,
}

/// A tag of a forum channel.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Tag {
    pub(super) name: String,
}

/// What is said of a channel of this server where the bot has these roles.
pub(super) fn said(
    what: &str,
    told: &ChannelInfo,
    server: &Server,
    own: UserId,
    roles: &[RoleId],
) -> Vec<Finding> {
    let channel = match told.kind {
        TEXT | ANNOUNCEMENTS => In::Text,
        FORUM => In::Forum,
        10..=12 => {
            let parent = told.parent_id.map(|id| format!(" {id}"));
            let problem = format!(
                "it is a thread; name the channel{} that it is in",
                parent.unwrap_or_default()
            );
            return vec![Finding::wrong(what, problem)];
        }
        _ => {
            let problem = "questions can’t have threads in a channel of this kind; name a text channel or a forum";
            return vec![Finding::wrong(what, problem.to_owned())];
        }
    };
    let mut findings = rights(what, told, channel, server, own, roles);
    if channel == In::Forum {
        findings.extend(tags(what, told));
    }
    findings
}

/// What the bot may do there.
fn rights(
    what: &str,
    told: &ChannelInfo,
    channel: In,
    server: &Server,
    own: UserId,
    roles: &[RoleId],
) -> Vec<Finding> {
    let allowed = permissions::allowed(server, own, roles, &told.permission_overwrites);
    let lacking = || USED.iter().filter(|used| !used.is_in(allowed));
    let needed = permissions::missing(allowed, channel);
    let mut findings = vec![match needed.as_slice() {
        [] => Finding::good(format!("{what} lets the bot do what it must")),
        needed => Finding::wrong(
            what,
            format!(
                "the bot may not: {}; allow it to the bot’s role, in the channel’s permissions or the server’s",
                needed.join(", ")
            ),
        ),
    }];
    findings.extend(lacking().filter_map(|used| match used.need {
        Need::Must => None,
        Need::May(without) => Some(Finding::better(
            what,
            format!(
                "{without}; allow the bot’s role {}, in the channel’s permissions or the server’s",
                used.name(channel)?
            ),
        )),
    }));
    findings
}

/// What is said of a forum channel's tags.
fn tags(what: &str, told: &ChannelInfo) -> Vec<Finding> {
    let mut findings = Vec::new();
    if told.flags & REQUIRE_TAG != 0 {
        findings.push(Finding::better(
            what,
            "posts need a tag there, so a question that has none of the channel’s gets the first of them; switch off “Require people to select tags when posting” in the channel’s settings".to_owned(),
        ));
    }
    if !told.available_tags.iter().any(|tag| is_solved(&tag.name)) {
        findings.push(Finding::better(
            what,
            "no tag tells which questions are answered; make one called Solved in the channel’s settings".to_owned(),
        ));
    }
    findings
}

/// What is said of a channel that is not there.
pub(super) fn gone(what: String, known: KnownBy) -> Option<Finding> {
    match known {
        KnownBy::Named => Some(Finding::wrong(
            what,
            "there is none with this number; see whether it is right: Discord’s developer mode has Copy Channel ID".to_owned(),
        )),
        KnownBy::Open => Some(Finding::better(
            what,
            "there is none with this number any more; nothing has to be done, the bot leaves it when it next has something to post there".to_owned(),
        )),
    }
}

/// What is said of a channel that the bot does not see.
pub(super) fn unseen(what: String, known: KnownBy) -> Option<Finding> {
    match known {
        KnownBy::Named | KnownBy::Open => Some(Finding::wrong(
            what,
            "the bot can’t see it; allow the bot’s role View Channel in the channel’s permissions, or invite the bot to the server again".to_owned(),
        )),
    }
}
