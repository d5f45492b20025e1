//! Crash points: every step between an event's arrival and the last edited card has a name at which a test can end the
//! process, as abruptly as a power cut. A release knows none of it.
//!
//! The variable `STOA_CRASH_AT` names a folder. Whoever comes by a point and finds a file by its name there takes the file
//! away and dies: one file is one death. If it is a named pipe, they stand still there instead until the test has written to it.

macro_rules! points {
    ($($name:ident: $says:literal,)*) => {
        /// A step at which the process can be ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Point {
            $(#[doc = $says] $name,)*
        }

        impl Point {
            /// All of them, in the order of an action's way.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What is happening, as the end of “the process ends when …”.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$name => $says,)*
                }
            }
        }
    };
}

points! {
    SyncReceived: "a sync response has come",
    BeforeHearing: "the core is about to hear of an event",
    BeforeBegin: "a transaction is about to begin",
    AfterBegin: "a transaction has begun",
    ActionApplied: "an action is applied, in its savepoint",
    BeforeCommit: "a transaction is about to be committed",
    AfterCommit: "a transaction is committed, and nobody was told",
    AfterHearing: "the core has told the adapter what to say",
    BeforeReply: "a reply is about to be sent",
    AfterReply: "a reply is sent",
    BeforePrivateReply: "a private reply is about to be sent",
    AfterPrivateReply: "a private reply is sent",
    BeforeUnreact: "a refused reaction is about to be taken away",
    AfterUnreact: "a refused reaction is taken away",
    BeforeAttempt: "the attempt to post a card is about to be kept",
    AfterAttempt: "the attempt to post a card is kept",
    BeforePost: "a card is about to be posted",
    AfterPost: "a card is posted",
    PostKept: "it is kept that a card is posted",
    BeforeEcho: "a posted card has come back by the sync",
    AfterEcho: "it is kept that a card has come back",
    BeforeEdit: "a card is about to be edited",
    AfterEdit: "a card is edited",
    EditKept: "it is kept that a card is edited",
    BeforeRemoval: "a card is about to be taken away",
    HalfRemoved: "a card's edits are taken away, the card is not",
    AfterRemoval: "a card is taken away",
    RemovalKept: "it is kept that a card is taken away",
    BeforeCursor: "the sync's cursor is about to be kept",
    AfterCursor: "the sync's cursor is kept",
}

/// The process comes by this point, and ends here if a test wants it to.
#[inline]
pub fn here(point: Point) {
    #[cfg(debug_assertions)]
    stop_if_wanted(point);
    #[cfg(not(debug_assertions))]
    let _ = point;
}

#[cfg(debug_assertions)]
fn stop_if_wanted(point: Point) {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::LazyLock;

    static FOLDER: LazyLock<Option<PathBuf>> =
        LazyLock::new(|| std::env::var_os("STOA_CRASH_AT").map(PathBuf::from));
    let Some(folder) = &*FOLDER else { return };
    let path = folder.join(format!("{point:?}"));
    let Ok(there) = fs::symlink_metadata(&path) else {
        return;
    };
    // Whoever takes it away first is the one.
    let taken = path.with_extension("taken");
    if fs::rename(&path, &taken).is_err() {
        return;
    }
    if there.is_file() {
        std::process::abort();
    }
    // Opening waits for the test to come, reading for it to go.
    if let Err(error) = fs::read(&taken) {
        tracing::error!(%error, "a crash point could not be held");
    }
}
