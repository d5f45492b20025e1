//! What the bot has to be allowed on Discord and why, and what it is allowed in a channel. Pure.

use std::collections::BTreeSet;

use serde::Deserialize;
use serenity::model::channel::{PermissionOverwrite, PermissionOverwriteType};
use serenity::model::id::{GuildId, RoleId, UserId};
use serenity::model::permissions::Permissions;

/// What the bot asks for when it is invited, as Discord numbers permissions: all that it uses, nothing else.
pub const PERMISSIONS: u64 = {
    let (mut all, mut at) = (0, 0);
    while at < USED.len() {
        all |= USED[at].permission.bits();
        at += 1;
    }
    all
};

/// A permission that the bot uses.
#[derive(Debug)]
pub(crate) struct Used {
    permission: Permissions,
    /// What a channel's settings call it.
    text: &'static str,
    /// What a forum channel's settings call it; none where it is not used there.
    forum: Option<&'static str>,
    /// How bad it is to lack it.
    pub(crate) need: Need,
}

/// How much a permission is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Without it no card can be posted and kept true.
    Must,
    /// Without it this is missing.
    May(&'static str),
}

/// All of them. Reactions are read and taken away, never added.
pub(crate) const USED: [Used; 8] = [
    Used {
        permission: Permissions::VIEW_CHANNEL,
        text: "View Channel",
        forum: Some("View Channel"),
        need: Need::Must,
    },
    Used {
        permission: Permissions::SEND_MESSAGES,
        text: "Send Messages",
        forum: Some("Create Posts"),
        need: Need::Must,
    },
    Used {
        permission: Permissions::CREATE_PUBLIC_THREADS,
        text: "Create Public Threads",
        // Whoever may create posts there needs no more.
        forum: None,
        need: Need::Must,
    },
    Used {
        permission: Permissions::SEND_MESSAGES_IN_THREADS,
        text: "Send Messages in Threads",
        forum: Some("Send Messages in Posts"),
        need: Need::Must,
    },
    Used {
        permission: Permissions::EMBED_LINKS,
        text: "Embed Links",
        forum: Some("Embed Links"),
        need: Need::Must,
    },
    Used {
        permission: Permissions::READ_MESSAGE_HISTORY,
        text: "Read Message History",
        forum: Some("Read Message History"),
        need: Need::Must,
    },
    Used {
        permission: Permissions::MANAGE_MESSAGES,
        text: "Manage Messages",
        forum: Some("Manage Messages"),
        need: Need::May(
            "reactions that don’t count, such as a vote on one’s own post, stay to be seen",
        ),
    },
    Used {
        permission: Permissions::MANAGE_THREADS,
        text: "Manage Threads",
        forum: Some("Manage Posts"),
        need: Need::May(
            "posts of questions that were taken back stay, and cards in locked threads are not kept true",
        ),
    },
];

/// Whether a channel is a forum: its settings call some permissions otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum In {
    Text,
    Forum,
}

impl Used {
    /// What the channel's settings call it; none where it is not used there.
    pub(crate) const fn name(&self, channel: In) -> Option<&'static str> {
        match channel {
            In::Text => Some(self.text),
            In::Forum => self.forum,
        }
    }

    /// Whether it is among these.
    pub(crate) fn is_in(&self, allowed: Permissions) -> bool {
        allowed.contains(self.permission)
    }
}

/// What is missing of all that the bot must be allowed in a channel, as the channel's settings call it.
pub(crate) fn missing(allowed: Permissions, channel: In) -> Vec<&'static str> {
    let needed = USED.iter().filter(|used| used.need == Need::Must);
    let missing = needed.filter(|used| !used.is_in(allowed));
    missing.filter_map(|used| used.name(channel)).collect()
}

/// A server, as far as permissions go.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Server {
    pub(crate) id: GuildId,
    pub(crate) name: String,
    pub(crate) owner_id: UserId,
    pub(crate) roles: Vec<ServerRole>,
}

/// A role.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ServerRole {
    pub(crate) id: RoleId,
    /// What people call it.
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) permissions: Permissions,
    /// What Discord gave it to, if it did.
    #[serde(default)]
    pub(crate) tags: RoleTags,
}

/// What a role was given to that nobody can be given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct RoleTags {
    /// The bot whose own it is.
    pub(crate) bot_id: Option<UserId>,
}

/// Somebody of whom nothing is said in any channel.
const NOBODY: UserId = UserId::new(1);

/// What somebody may do in a channel: the server's roles, then what the channel says of everybody, of roles, of them:
/// <https://discord.com/developers/docs/topics/permissions#permission-overwrites>.
pub(crate) fn allowed(
    server: &Server,
    user: UserId,
    roles: &[RoleId],
    channel: &[PermissionOverwrite],
) -> Permissions {
    // The role that everybody has has the server's number.
    let everybody = RoleId::new(server.id.get());
    let has = |role: &RoleId| *role == everybody || roles.contains(role);
    let of_roles = server.roles.iter().filter(|role| has(&role.id));
    let base = of_roles.fold(Permissions::empty(), |all, role| all | role.permissions);
    if server.owner_id == user || base.contains(Permissions::ADMINISTRATOR) {
        return Permissions::all();
    }
    let said = |allowed: Permissions, of: &dyn Fn(PermissionOverwriteType) -> bool| {
        let said = channel.iter().filter(|overwrite| of(overwrite.kind));
        let (allow, deny) = said.fold(
            (Permissions::empty(), Permissions::empty()),
            |(allow, deny), overwrite| (allow | overwrite.allow, deny | overwrite.deny),
        );
        (allowed - deny) | allow
    };
    use PermissionOverwriteType as Of;
    let allowed = said(base, &|of| of == Of::Role(everybody));
    let allowed = said(
        allowed,
        &|of| matches!(of, Of::Role(role) if role != everybody && roles.contains(&role)),
    );
    let allowed = said(allowed, &|of| of == Of::Member(user));
    match allowed.contains(Permissions::VIEW_CHANNEL) {
        true => allowed,
        // Who doesn't see it may nothing there.
        false => Permissions::empty(),
    }
}

/// The roles that view a channel: those whose holders do who have no other, everybody's own (which has the server's number) among
/// them. Bots' own roles are left out, since bots are not people.
pub(crate) fn viewers(server: &Server, channel: &[PermissionOverwrite]) -> BTreeSet<RoleId> {
    let people = server
        .roles
        .iter()
        .filter(|role| role.tags.bot_id.is_none());
    let views = |role: &RoleId| {
        allowed(server, NOBODY, &[*role], channel).contains(Permissions::VIEW_CHANNEL)
    };
    people.map(|role| role.id).filter(views).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: UserId = UserId::new(5);
    const EVERYBODY: RoleId = RoleId::new(1);
    const OWN: RoleId = RoleId::new(7);
    const OTHER: RoleId = RoleId::new(8);
    const VIEW: Permissions = Permissions::VIEW_CHANNEL;
    const SEND: Permissions = Permissions::SEND_MESSAGES;
    const EMBED: Permissions = Permissions::EMBED_LINKS;

    fn server(everybody: Permissions, own: Permissions) -> Server {
        let role = |id, permissions| ServerRole {
            id,
            name: String::new(),
            permissions,
            tags: RoleTags::default(),
        };
        Server {
            id: GuildId::new(EVERYBODY.get()),
            name: "Kitchen".to_owned(),
            owner_id: UserId::new(4),
            roles: vec![
                role(EVERYBODY, everybody),
                role(OWN, own),
                role(OTHER, Permissions::all() - Permissions::ADMINISTRATOR),
            ],
        }
    }

    fn role(role: RoleId, allow: Permissions, deny: Permissions) -> PermissionOverwrite {
        let kind = PermissionOverwriteType::Role(role);
        PermissionOverwrite { allow, deny, kind }
    }

    fn member(user: UserId, allow: Permissions, deny: Permissions) -> PermissionOverwrite {
        let kind = PermissionOverwriteType::Member(user);
        PermissionOverwrite { allow, deny, kind }
    }

    /// What the bot may do where it has its own role and everybody's, which see and write.
    fn may(channel: &[PermissionOverwrite]) -> Permissions {
        allowed(&server(VIEW | SEND, EMBED), BOT, &[OWN], channel)
    }

    #[test]
    fn roles_add_up_and_those_of_others_don_t_count() {
        assert_eq!(may(&[]), VIEW | SEND | EMBED);
        let roleless = allowed(&server(VIEW | SEND, EMBED), BOT, &[], &[]);
        assert_eq!(roleless, VIEW | SEND);
    }

    #[test]
    fn an_administrator_and_the_owner_may_everything_whatever_a_channel_says() {
        let nothing = [
            role(EVERYBODY, Permissions::empty(), Permissions::all()),
            member(BOT, Permissions::empty(), Permissions::all()),
        ];
        let administers = server(Permissions::empty(), Permissions::ADMINISTRATOR);
        assert_eq!(
            allowed(&administers, BOT, &[OWN], &nothing),
            Permissions::all()
        );
        let mut owned = server(Permissions::empty(), Permissions::empty());
        assert_eq!(allowed(&owned, BOT, &[], &nothing), Permissions::empty());
        owned.owner_id = BOT;
        assert_eq!(allowed(&owned, BOT, &[], &nothing), Permissions::all());
    }

    #[test]
    fn a_channel_speaks_of_everybody_then_of_roles_then_of_the_member() {
        let none = Permissions::empty();
        let everybody = role(EVERYBODY, none, SEND);
        assert_eq!(may(std::slice::from_ref(&everybody)), VIEW | EMBED);
        let own = role(OWN, SEND, none);
        // The order of the list does not count, that of the kinds does.
        assert_eq!(may(&[own.clone(), everybody.clone()]), VIEW | SEND | EMBED);
        let of_another = role(OTHER, SEND, none);
        assert_eq!(may(&[everybody.clone(), of_another]), VIEW | EMBED);
        let denied = member(BOT, none, SEND);
        assert_eq!(may(&[denied, own.clone()]), VIEW | EMBED);
        let somebody = member(UserId::new(9), none, SEND);
        assert_eq!(may(&[somebody]), VIEW | SEND | EMBED);
        let allowed = member(BOT, SEND, none);
        assert_eq!(may(&[everybody, allowed]), VIEW | SEND | EMBED);
    }

    #[test]
    fn of_two_roles_one_that_allows_wins() {
        let none = Permissions::empty();
        let channel = [role(OWN, none, SEND), role(OTHER, SEND, none)];
        let both = allowed(&server(VIEW, EMBED), BOT, &[OWN, OTHER], &channel);
        assert!(both.contains(SEND));
        assert!(!may(&channel).contains(SEND));
    }

    #[test]
    fn who_does_not_see_a_channel_may_nothing_there() {
        let hidden = role(EVERYBODY, Permissions::empty(), VIEW);
        assert_eq!(may(&[hidden]), Permissions::empty());
    }

    #[test]
    fn who_views_a_channel_is_told_by_role_and_bots_are_not_people() {
        let none = Permissions::empty();
        let mut server = server(none, VIEW);
        server.roles[2].permissions = none;
        let roles = |ids: &[RoleId]| ids.iter().copied().collect::<BTreeSet<_>>();
        // The server hides everything until a person has a role.
        assert_eq!(viewers(&server, &[]), roles(&[OWN]));
        let for_all = [role(EVERYBODY, VIEW, none)];
        assert_eq!(viewers(&server, &for_all), roles(&[EVERYBODY, OWN, OTHER]));
        let but_one = [role(EVERYBODY, VIEW, none), role(OTHER, none, VIEW)];
        assert_eq!(viewers(&server, &but_one), roles(&[EVERYBODY, OWN]));
        server.roles[1].tags.bot_id = Some(BOT);
        assert_eq!(viewers(&server, &for_all), roles(&[EVERYBODY, OTHER]));
        server.roles[2].permissions = Permissions::ADMINISTRATOR;
        let hidden = [role(EVERYBODY, none, VIEW)];
        assert_eq!(viewers(&server, &hidden), roles(&[OTHER]));
    }

    #[test]
    fn what_the_bot_asks_for_is_what_it_uses() {
        assert_eq!(PERMISSIONS, 326_417_607_680);
        let asked = Permissions::from_bits_truncate(PERMISSIONS);
        assert_eq!(asked.bits(), PERMISSIONS);
        assert!(USED.iter().all(|used| used.is_in(asked)));
        assert!(!asked.contains(Permissions::ADD_REACTIONS));
        assert!(!asked.contains(Permissions::ADMINISTRATOR));
    }
}
