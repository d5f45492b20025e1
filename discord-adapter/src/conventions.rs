//! What Discord says of itself to the core, and what its permissions make of people there. Pure.

use bot_core::conventions::{Commands, Conventions, Edits, Input, Reactions, Replies, Threads};
use bot_core::forum::Role;
use bot_core::names::Platform;

/// Discord, as the core knows it.
pub const PLATFORM: Platform = Platform::new(&Conventions {
    name: "discord",
    commands: Commands::Own,
    input: Input::Messages,
    replies: Replies::Pass,
    reactions: Reactions::ByMessage,
    edits: Edits::Replace,
    threads: Threads::Named,
    // What is left of a page without HTML has to fit into 4,096 characters.
    page_weight: 6_000,
    hits_per_page: 5,
});

/// The permissions that make a role, as bits: <https://discord.com/developers/docs/topics/permissions>, "Bitwise Permission
/// Flags" (`ADMINISTRATOR`, `MANAGE_GUILD`; `MANAGE_MESSAGES`, `MANAGE_THREADS`, `MODERATE_MEMBERS`).
const ADMIN: u64 = (1 << 3) | (1 << 5);
const MODERATOR: u64 = (1 << 13) | (1 << 34) | (1 << 40);

/// The role of somebody with these permissions in a channel: who administers or manages the server is an admin; who may manage
/// messages or threads, or time members out, a moderator. A server's owner has all permissions.
pub(crate) const fn role(permissions: u64) -> Role {
    if permissions & ADMIN != 0 {
        return Role::Admin;
    }
    if permissions & MODERATOR != 0 {
        return Role::Moderator;
    }
    Role::Member
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bits are those of Discord's documentation, topics/permissions: VIEW_CHANNEL 1 << 10, SEND_MESSAGES 1 << 11.
    #[test]
    fn permissions_make_roles() {
        let talks = (1 << 10) | (1 << 11);
        assert_eq!((role(0), role(talks)), (Role::Member, Role::Member));
        for (bit, meant) in [
            (1, Role::Member),     // KICK_MEMBERS
            (3, Role::Admin),      // ADMINISTRATOR
            (5, Role::Admin),      // MANAGE_GUILD
            (13, Role::Moderator), // MANAGE_MESSAGES
            (34, Role::Moderator), // MANAGE_THREADS
            (40, Role::Moderator), // MODERATE_MEMBERS
        ] {
            assert_eq!(role(talks | 1 << bit), meant, "1 << {bit}");
        }
    }
}
