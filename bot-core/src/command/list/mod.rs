//! The commands, a file each. A new one is a file here, its line in the list below, and its texts.

use serde::{Deserialize, Serialize};

use super::act::Act;
use super::declaration::Command;
use super::given::Given;
use super::link::Link;
use super::paged::Paged;
use crate::forum::Vote;

mod accept;
mod answer;
mod ask;
mod comment;
mod delete;
mod down;
mod edit;
mod forum;
mod help;
mod hide;
mod history;
mod link;
mod questions;
mod remove;
mod search;
mod show;
mod similar;
mod tags;
mod unaccept;
mod unhide;
mod unlink;
mod unvote;
mod up;

/// Lists the commands; those that show something with the type that says what.
macro_rules! commands {
    ($($module:ident $(=> $View:ident)?),+ $(,)?) => {
        /// Every command, in the order of the help.
        pub const COMMANDS: &[&Command] = &[$(&$module::COMMAND),+];

        /// What somebody wants to see.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum View {
            $($(#[doc = concat!("By `", stringify!($module), "`.")] $View($module::$View),)?)+
        }

        impl View {
            /// The same at another page, from 1; what has a single page stays as it is.
            #[must_use]
            pub fn at_page(self, page: u32) -> Self {
                match self {
                    $($(Self::$View(view) => Self::$View(view.at_page(page)),)?)+
                }
            }
        }

        $($(impl From<$module::$View> for Intent {
            fn from(view: $module::$View) -> Self {
                Self::View(View::$View(view))
            }
        })?)+

        /// What somebody wants who gave this with a command; none where something that it needs is missing.
        #[must_use]
        pub fn build(command: &Command, given: Given) -> Option<Intent> {
            $(if *command == $module::COMMAND {
                return Some($module::build(given)?.into());
            })+
            None
        }

        /// What each view shows.
        pub mod view {
            $($(pub use crate::command::list::$module::$View;)?)+
        }
    };
}

commands! {
    ask,
    answer,
    comment,
    search => Search,
    similar => Similar,
    show => Show,
    questions => Questions,
    tags => Tags,
    up,
    down,
    unvote,
    accept,
    unaccept,
    edit,
    history => History,
    delete,
    hide,
    unhide,
    remove,
    link,
    unlink,
    forum,
    help => Help,
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// To see something: it changes nothing, however often it is asked for.
    View(View),
    /// To change the forum.
    Act(Act),
    /// To join or part accounts or forums.
    Link(Link),
}

impl From<Act> for Intent {
    fn from(act: Act) -> Self {
        Self::Act(act)
    }
}

impl From<Link> for Intent {
    fn from(link: Link) -> Self {
        Self::Link(link)
    }
}

impl Act {
    /// The command that says it.
    #[must_use]
    pub const fn command(&self) -> &'static Command {
        match self {
            Self::Ask { .. } => &ask::COMMAND,
            Self::Answer { .. } => &answer::COMMAND,
            Self::Comment { .. } => &comment::COMMAND,
            Self::Edit { .. } => &edit::COMMAND,
            Self::Delete { .. } => &delete::COMMAND,
            Self::Hide { .. } => &hide::COMMAND,
            Self::Unhide { .. } => &unhide::COMMAND,
            Self::RemoveMessage { .. } => &remove::COMMAND,
            Self::SetVote { vote, .. } | Self::PressVote { vote, .. } => match vote {
                Vote::Up => &up::COMMAND,
                Vote::Down => &down::COMMAND,
            },
            Self::Unvote { .. } => &unvote::COMMAND,
            Self::Accept { .. } => &accept::COMMAND,
            Self::Unaccept { .. } => &unaccept::COMMAND,
        }
    }
}

/// The command of a name or alias, in any case.
#[must_use]
pub fn named(name: &str) -> Option<&'static Command> {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    let mut commands = COMMANDS.iter().copied();
    commands.find(|command| is(&command.name) || command.aliases.iter().any(is))
}
