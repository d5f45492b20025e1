//! Who waits for an answer: so many at once, places and people in turn.

use bot_core::platform::PlaceKey;
use bot_core::turns::{Turn, Turns, Width};

use super::conversations::{Wish, wish};
use crate::admission::Admission;
use crate::channels::{Channel, ChannelKind};
use crate::commands::{Asked, intent};
use crate::custom_id::{Dialog, Press};
use crate::inbound::{Use, Used};
use crate::names;

/// How many wait at most to be answered.
const ROOM: usize = 10_000;
/// How many are told at the same time that there is no room.
const REFUSALS: usize = 1_000;
/// How much is done at the same time.
const AT_ONCE: Width = Width {
    all: 64,
    place: 8,
    person: 4,
};
/// For how many something is done at the same time for which Discord is asked, which can take long.
const ASKED: Width = Width {
    all: 64,
    place: 2,
    person: 2,
};

/// Who is being answered, and who waits for it.
pub(crate) struct Answering {
    /// Who may wait.
    pub(super) waiting: Admission<PlaceKey>,
    /// Who may be told that they may not.
    pub(super) refused: Admission<PlaceKey>,
    /// Who only looks waits for nobody who does something, which waits for the writer.
    looking: Turns,
    doing: Turns,
    /// Nor does either wait for Discord.
    asking: Turns,
}

impl Answering {
    /// Nobody waits yet.
    pub(crate) fn new() -> Self {
        Self {
            waiting: Admission::new(ROOM),
            refused: Admission::new(REFUSALS),
            looking: Turns::new(AT_ONCE),
            doing: Turns::new(AT_ONCE),
            asking: Turns::new(ASKED),
        }
    }

    /// Waits for somebody's turn to have done what they want.
    pub(super) async fn turn(&self, used: &Used) -> Turn {
        let turns = match wish(&used.what) {
            _ if asks_discord(&used.what) => &self.asking,
            Wish::See => &self.looking,
            Wish::Do => &self.doing,
        };
        turns.turn(&place(used), &names::person(used.user)).await
    }

    /// Waits for somebody's turn to have Discord asked where something was used.
    pub(super) async fn turn_to_ask(&self, used: &Used) -> Turn {
        let asking = &self.asking;
        asking.turn(&place(used), &names::person(used.user)).await
    }
}

/// Whether Discord may have to be asked before something is done.
fn asks_discord(what: &Use) -> bool {
    match what {
        Use::Slash(name, options) => matches!(intent(name, options), Ok(Asked::Forum(_))),
        Use::Button { id, .. } => matches!(Press::parse(id), Ok(Press::Open(_))),
        Use::Dialog { id, .. } => {
            matches!(Dialog::parse(id), Ok(Dialog::Ask { from: Some(_) }))
        }
        Use::Typing(..) | Use::Menu { .. } => false,
    }
}

/// The place whose turn it is: the channel in which something was used, or whose thread that is.
pub(super) fn place(used: &Used) -> PlaceKey {
    let parent = match &used.thread {
        Some(Channel {
            kind: ChannelKind::Thread(parent),
            ..
        }) => Some(*parent),
        Some(_) | None => None,
    };
    names::place(parent.unwrap_or(used.channel))
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use serenity::model::id::{ChannelId, InteractionId, UserId};

    use super::*;
    use crate::commands::OptionValue;

    /// Somebody says a command in a channel.
    fn says(user: u64, channel: u64, name: &str, options: &[(&str, &str)]) -> Used {
        let option = |(name, value): &(&str, &str)| {
            let value = OptionValue::Text((*value).to_owned());
            ((*name).to_owned(), value)
        };
        let options = options.iter().map(option).collect();
        Used {
            id: InteractionId::new(1),
            token: String::new(),
            user: UserId::new(user),
            name: String::new(),
            account: String::new(),
            permissions: 0,
            timed_out: false,
            app_permissions: None,
            roles: Vec::new(),
            channel: ChannelId::new(channel),
            guild: None,
            thread: None,
            what: Use::Slash(name.to_owned(), options),
        }
    }

    /// Looks once whether it is somebody's turn.
    fn has_turn(turn: impl Future<Output = Turn>) -> Option<Turn> {
        match pin!(turn).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_place_takes_no_turn_from_others_nor_who_does_something_from_who_looks() {
        let answering = Answering::new();
        let up = |user| says(user, 1, "up", &[("post", "#1")]);
        let taken: Vec<_> = (0..8)
            .map(|user| has_turn(answering.turn(&up(100 + user))))
            .collect();
        assert!(taken.iter().all(Option::is_some));
        assert!(has_turn(answering.turn(&up(200))).is_none());
        let elsewhere = says(200, 2, "up", &[("post", "#1")]);
        assert!(has_turn(answering.turn(&elsewhere)).is_some());
        let looks = says(200, 1, "show", &[("post", "#1")]);
        assert!(has_turn(answering.turn(&looks)).is_some());
        drop(taken);
        assert!(has_turn(answering.turn(&up(200))).is_some());
    }

    #[test]
    fn threads_take_the_turns_of_their_channel() {
        let mut used = says(5, 77, "show", &[]);
        assert_eq!(place(&used), names::place(ChannelId::new(77)));
        used.thread = Some(Channel {
            guild: Some(1),
            name: None,
            kind: ChannelKind::Thread(ChannelId::new(7)),
            private: false,
            locked: false,
            applied: Vec::new(),
            overwrites: Vec::new(),
        });
        assert_eq!(place(&used), names::place(ChannelId::new(7)));
    }
}
