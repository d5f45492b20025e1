//! What Matrix says of itself to the core, and what power levels make of people there. Pure.

use bot_core::card::fold;
use bot_core::conventions::{Commands, Conventions, Edits, Input, Reactions, Replies, Threads};
use bot_core::forum::Role;
use bot_core::names::Platform;

/// Matrix, as the core knows it.
pub const PLATFORM: Platform = Platform::new(&Conventions {
    name: "matrix",
    commands: Commands::Typed,
    input: Input::Messages,
    replies: Replies::Stay,
    reactions: Reactions::ById,
    edits: Edits::LeaveTraces,
    threads: Threads::Nameless,
    page_weight: fold::PAGE,
    hits_per_page: 10,
});

/// The role of somebody with this power level in a room: most people have 0, moderators 50, admins 100. Creators of a room from
/// version 12 on stand above all levels, which is none here.
pub(crate) const fn role(level: Option<i64>) -> Role {
    match level {
        None | Some(100..) => Role::Admin,
        Some(50..) => Role::Moderator,
        Some(_) => Role::Member,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_levels_make_roles() {
        for (level, meant) in [
            (Some(-1), Role::Member),
            (Some(49), Role::Member),
            (Some(50), Role::Moderator),
            (Some(99), Role::Moderator),
            (Some(100), Role::Admin),
            (None, Role::Admin),
        ] {
            assert_eq!(role(level), meant, "{level:?}");
        }
    }
}
