//! The names of chats and of what is in them: of places, messages and people there. Every module may know them; they
//! know none.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A chat that the forum is served in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Discord.
    Discord,
    /// Matrix.
    Matrix,
    /// The terminal.
    Terminal,
}

impl Platform {
    /// Its name in the store and the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Matrix => "matrix",
            Self::Terminal => "terminal",
        }
    }

    /// Whether what a message said before an edit can still be read there: then only taking it away takes its text away.
    #[must_use]
    pub const fn edits_leave_traces(self) -> bool {
        match self {
            Self::Matrix => true,
            // What scrolled by in a terminal can't be reached by anybody.
            Self::Discord | Self::Terminal => false,
        }
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
