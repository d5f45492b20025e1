//! The names of chats and of what is in them: of places, messages and people there. Every module may know them; they
//! know only how a platform describes itself.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::conventions::Conventions;
#[cfg(test)]
use crate::conventions::{Commands, Edits, Input, Reactions, Replies, Threads};

/// A chat that the forum is served in. To the core it is nothing but its name, and what it says of itself.
#[derive(Clone, Copy)]
pub struct Platform(&'static Conventions);

impl Platform {
    /// The platform that describes itself so.
    #[must_use]
    pub const fn new(conventions: &'static Conventions) -> Self {
        Self(conventions)
    }

    /// Its name in the store and the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// How things are done there.
    #[must_use]
    pub const fn conventions(self) -> &'static Conventions {
        self.0
    }
}

impl PartialEq for Platform {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Platform {}

impl PartialOrd for Platform {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Platform {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl Hash for Platform {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Declares a platform's own name for something: opaque text that the core keeps and hands back.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

keys! {
    /// A place: a Matrix room's id, a Discord channel's.
    PlaceKey,
    /// A message, or on Matrix any event: reactions too.
    MessageKey,
    /// A person: a Matrix user's id, a Discord user's.
    PersonKey,
    /// The core's own name for one message to send: the same key again means the same message (Matrix: the
    /// transaction id, and the value of the content key by which a sent message is found again). ASCII, at most 60 long.
    SendKey,
}

/// Platforms for tests: two as there are, and a third that nobody ships.
#[cfg(test)]
impl Platform {
    /// A chat whose edits can be looked through.
    pub const MATRIX: Self = Self::new(&Conventions::of_chat("matrix"));
    /// A chat with commands of its own.
    pub const DISCORD: Self = Self::new(&Conventions {
        commands: Commands::Own,
        replies: Replies::Pass,
        reactions: Reactions::ByMessage,
        edits: Edits::Replace,
        threads: Threads::Named,
        page_weight: 6_000,
        hits_per_page: 5,
        ..Conventions::of_chat("discord")
    });
    /// Lines that one person types.
    pub const TERMINAL: Self = Self::new(&Conventions {
        input: Input::Lines,
        edits: Edits::Replace,
        replies: Replies::Pass,
        ..Conventions::of_chat("terminal")
    });
}
