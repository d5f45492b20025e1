//! What may be used where: what writes or votes is nothing for whom Discord keeps from writing, and not in a private thread.

use bot_core::command::{Act, Intent};
use bot_core::text::{Key, Texts};
use serenity::model::permissions::Permissions;

use crate::channels::Location;
use crate::commands::{Asked, Menu, intent, menu};
use crate::custom_id::Press;
use crate::inbound::{Use, Used};

/// Whether the bot sees the channel in which something was used, as far as Discord says.
pub(super) fn sees(used: &Used) -> bool {
    let view = Permissions::VIEW_CHANNEL.bits();
    used.app_permissions.is_none_or(|all| all & view != 0)
}

/// What is said to whom Discord keeps from writing where they are: the bot does not write, vote or accept for them. What they said before
/// they may still take back.
pub(super) fn kept_from(used: &Used, location: &Location, texts: &Texts) -> Option<Key> {
    if !publishes(&used.what, texts) && !decides(&used.what, texts) {
        return None;
    }
    silenced(used, location)
}

/// What is said to whom Discord keeps from writing where they are now, whatever they want.
pub(super) fn silenced(used: &Used, location: &Location) -> Option<Key> {
    let may = |right: Permissions| used.permissions & right.bits() != 0;
    let is_locked = used.thread.as_ref().is_some_and(|thread| thread.locked);
    if is_locked && !may(Permissions::MANAGE_THREADS) {
        return Some(Key::DiscordLocked);
    }
    (used.timed_out || !may_speak(used, location)).then_some(Key::DiscordMayNotWrite)
}

/// Whether somebody may write where they are, but for a timeout.
fn may_speak(used: &Used, location: &Location) -> bool {
    let right = match location.root {
        Some(_) => Permissions::SEND_MESSAGES_IN_THREADS,
        None => Permissions::SEND_MESSAGES,
    };
    used.permissions & right.bits() != 0
}

/// Whether somebody votes by it, says what is accepted, or has what was hidden shown again.
fn decides(what: &Use, texts: &Texts) -> bool {
    match what {
        Use::Slash(name, options) => matches!(
            intent(name, options),
            Ok(Asked::Intent(Intent::Act(
                Act::SetVote { .. }
                    | Act::PressVote { .. }
                    | Act::Accept { .. }
                    | Act::Unaccept { .. }
                    | Act::Unhide { .. }
            )))
        ),
        Use::Menu { name, .. } => menu(name, texts) == Some(Menu::Accept),
        Use::Button { id, .. } => matches!(
            Press::parse(id),
            Ok(Press::Up(_) | Press::Down(_) | Press::Accept(_))
        ),
        Use::Dialog { .. } | Use::Typing(..) => false,
    }
}

/// Whether something that people write would be shown to all by it.
pub(super) fn publishes(what: &Use, texts: &Texts) -> bool {
    match what {
        Use::Slash(name, options) => match intent(name, options) {
            Ok(Asked::Dialog(..)) => true,
            Ok(Asked::Intent(Intent::Act(act))) => writes(&act),
            Ok(
                Asked::Intent(Intent::View(_) | Intent::Link(_)) | Asked::Forum(_) | Asked::Which,
            )
            | Err(_) => false,
        },
        Use::Menu { name, .. } => match menu(name, texts) {
            Some(Menu::Question | Menu::Answer) => true,
            Some(Menu::Accept) | None => false,
        },
        Use::Button { id, .. } => matches!(
            Press::parse(id),
            Ok(Press::Answer(_) | Press::Comment(_) | Press::Edit(_) | Press::Draft(_))
        ),
        Use::Dialog { .. } => true,
        Use::Typing(..) => false,
    }
}

/// Whether something that somebody wrote is in it, which would be shown to all.
fn writes(act: &Act) -> bool {
    match act {
        Act::Ask { .. } | Act::Answer { .. } | Act::Comment { .. } | Act::Edit { .. } => true,
        Act::Delete { .. }
        | Act::Hide { .. }
        | Act::Unhide { .. }
        | Act::RemoveMessage { .. }
        | Act::SetVote { .. }
        | Act::PressVote { .. }
        | Act::Unvote { .. }
        | Act::Accept { .. }
        | Act::Unaccept { .. } => false,
    }
}
