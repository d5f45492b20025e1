//! Who may: what a platform claims of an actor, and the role that the forum reads from it.

/// What a platform knows of an actor in a place, as it says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claims {
    /// Discord: what it says of a member with each interaction. A server's owner has all permissions there.
    Discord {
        /// The bit set of Discord's permissions in the channel.
        permissions: u64,
        /// The numbers of their roles.
        roles: Vec<u64>,
    },
    /// Matrix: the power level in the room; a creator of a version 12 room has all power.
    Matrix(Power),
    /// The terminal: who sits at it owns the store.
    Terminal,
}

/// A Matrix power level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Above every level: a creator, from room version 12 on.
    Infinite,
    /// A level; most people have 0, moderators 50, admins 100.
    Level(i64),
}

/// Discord's permissions that make a role, as bits: <https://discord.com/developers/docs/topics/permissions>, "Bitwise
/// Permission Flags" (`ADMINISTRATOR`, `MANAGE_GUILD`; `MANAGE_MESSAGES`, `MANAGE_THREADS`, `MODERATE_MEMBERS`).
const DISCORD_ADMIN: u64 = (1 << 3) | (1 << 5);
const DISCORD_MODERATOR: u64 = (1 << 13) | (1 << 34) | (1 << 40);

/// What an actor may do in a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Is in the room.
    Member,
    /// Keeps order: Matrix power level from 50; on Discord who may manage messages or threads, or time members out.
    Moderator,
    /// Decides about the forum: Matrix power level from 100; on Discord who administers or manages the server.
    Admin,
}

impl Role {
    /// The role that `claims` amount to.
    #[must_use]
    pub fn from_claims(claims: &Claims) -> Self {
        match *claims {
            Claims::Discord { permissions, .. } if permissions & DISCORD_ADMIN != 0 => Self::Admin,
            Claims::Discord { permissions, .. } if permissions & DISCORD_MODERATOR != 0 => {
                Self::Moderator
            }
            Claims::Discord { .. } => Self::Member,
            Claims::Matrix(Power::Infinite) | Claims::Terminal => Self::Admin,
            Claims::Matrix(Power::Level(level)) if level >= 100 => Self::Admin,
            Claims::Matrix(Power::Level(level)) if level >= 50 => Self::Moderator,
            Claims::Matrix(Power::Level(_)) => Self::Member,
        }
    }

    /// Whether the role includes a moderator's rights.
    #[must_use]
    pub fn moderates(self) -> bool {
        self >= Self::Moderator
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_levels_make_roles() {
        let role = |level| Role::from_claims(&Claims::Matrix(Power::Level(level)));
        assert_eq!((role(-1), role(49)), (Role::Member, Role::Member));
        assert_eq!((role(50), role(99)), (Role::Moderator, Role::Moderator));
        assert_eq!(role(100), Role::Admin);
        assert_eq!(
            Role::from_claims(&Claims::Matrix(Power::Infinite)),
            Role::Admin
        );
    }

    /// The bits are those of Discord's documentation, topics/permissions: VIEW_CHANNEL 1 << 10, SEND_MESSAGES 1 << 11.
    #[test]
    fn discords_permissions_make_roles() {
        let role = |permissions| {
            let roles = vec![7];
            Role::from_claims(&Claims::Discord { permissions, roles })
        };
        let talks = (1 << 10) | (1 << 11);
        assert_eq!((role(0), role(talks)), (Role::Member, Role::Member));
        for (bit, meant) in [
            (1, Role::Member),     // KICK_MEMBERS
            (2, Role::Member),     // BAN_MEMBERS
            (3, Role::Admin),      // ADMINISTRATOR
            (4, Role::Member),     // MANAGE_CHANNELS
            (5, Role::Admin),      // MANAGE_GUILD
            (13, Role::Moderator), // MANAGE_MESSAGES
            (28, Role::Member),    // MANAGE_ROLES
            (34, Role::Moderator), // MANAGE_THREADS
            (40, Role::Moderator), // MODERATE_MEMBERS
        ] {
            assert_eq!(role(talks | 1 << bit), meant, "1 << {bit}");
        }
        assert_eq!(role((1 << 13) | (1 << 5)), Role::Admin);
    }
}
