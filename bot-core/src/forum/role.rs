//! Who may: what a platform claims of an actor, and the role that the forum reads from it.

/// What a platform knows of an actor in a place, as it says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claims {
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

/// What an actor may do in a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Is in the room.
    Member,
    /// Keeps order: Matrix power level from 50.
    Moderator,
    /// Decides about the forum: Matrix power level from 100.
    Admin,
}

impl Role {
    /// The role that `claims` amount to.
    #[must_use]
    pub fn from_claims(claims: Claims) -> Self {
        match claims {
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
        let role = |level| Role::from_claims(Claims::Matrix(Power::Level(level)));
        assert_eq!((role(-1), role(49)), (Role::Member, Role::Member));
        assert_eq!((role(50), role(99)), (Role::Moderator, Role::Moderator));
        assert_eq!(role(100), Role::Admin);
        assert_eq!(
            Role::from_claims(Claims::Matrix(Power::Infinite)),
            Role::Admin
        );
    }
}
