//! Crash points: every step between an event's arrival and the last edited card, and every step by which what was taken back leaves
//! the storage folder, has a name at which a test can end the process, as abruptly as a power cut. A release knows none of it.
//!
//! The variable `STOA_CRASH_AT` names a folder. Whoever comes by a point and finds a file by its name there takes the file
//! away and dies: one file is one death. If it is a named pipe, they stand still there instead until the test has written to it.

macro_rules! points {
    ($($name:ident on $($way:ident)+: $says:literal,)*) => {
        /// A step at which the process can be ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Point {
            $(#[doc = $says] $name,)*
        }

        impl Point {
            /// All of them, in the order of an action's way.
            const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What is happening, as the end of “the process ends when …”.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$name => $says,)*
                }
            }

            /// The ways that lead by it.
            const fn ways(self) -> &'static [CrashRoute] {
                match self {
                    $(Self::$name => &[$(CrashRoute::$way),+],)*
                }
            }
        }
    };
}

points! {
    SyncReceived on Matrix: "a sync response has come",
    InteractionCame on Discord: "an interaction has come",
    BeforeHearing on Matrix Discord: "the core is about to hear of an event",
    BeforeBegin on Matrix Discord: "a transaction is about to begin",
    AfterBegin on Matrix Discord: "a transaction has begun",
    ActionApplied on Matrix Discord: "an action is applied, in its savepoint",
    BeforeCommit on Matrix Discord: "a transaction is about to be committed",
    AfterCommit on Matrix Discord: "a transaction is committed, and nobody was told",
    AfterHearing on Matrix Discord: "the core has told the adapter what to say",
    BeforeReply on Matrix Discord: "a reply is about to be sent",
    AfterReply on Matrix Discord: "a reply is sent",
    ReplyKept on Matrix: "it is kept which message a reply is",
    BeforePrivateReply on Matrix Discord: "a private reply is about to be sent",
    AfterPrivateReply on Matrix Discord: "a private reply is sent",
    BeforeUnreact on Matrix Discord: "a refused reaction is about to be taken away",
    AfterUnreact on Matrix Discord: "a refused reaction is taken away",
    BeforeAttempt on Matrix Discord: "the attempt to post a card is about to be kept",
    AfterAttempt on Matrix Discord: "the attempt to post a card is kept",
    BeforePost on Matrix Discord: "a card is about to be posted",
    BeforeThread on Discord: "a card is posted, and its thread is about to be opened",
    AfterThread on Discord: "a card is posted, and its thread is open",
    AfterPost on Matrix Discord: "a card is posted",
    PostKept on Matrix Discord: "it is kept that a card is posted",
    BeforeEcho on Matrix Discord: "a posted card has come back by the sync or the gateway",
    AfterEcho on Matrix Discord: "it is kept that a card has come back",
    BeforeEdit on Matrix Discord: "a card is about to be edited",
    AfterEdit on Matrix Discord: "a card is edited",
    EditKept on Matrix Discord: "it is kept that a card is edited",
    BeforeReplacement on Matrix Discord: "it is about to be kept that a card is to be taken away",
    ReplacementKept on Matrix Discord: "it is kept that a card is to be taken away",
    BeforeRemoval on Matrix Discord: "a card is about to be taken away",
    HalfRemoved on Matrix: "a card's edits are taken away, the card is not",
    AfterRemoval on Matrix Discord: "a card is taken away",
    RemovalKept on Matrix Discord: "it is kept that a card is taken away",
    BeforeRename on Discord: "a thread is about to be renamed",
    AfterRename on Discord: "a thread is renamed",
    BeforeCursor on Matrix: "the sync's cursor is about to be kept",
    AfterCursor on Matrix: "the sync's cursor is kept",
    BeforeErased on Files: "what was taken back is about to be noted in `erased.list`",
    ErasedKept on Files: "it is noted in `erased.list`",
    IndexPurged on Files: "it is off the search index",
    LogCut on Files: "the write-ahead log is moved into the database and cut off",
    PagesCleaned on Files: "the free space of the database's pages is overwritten",
    FilesClean on Files: "it is kept that no file has it any more",
}

/// The way of an action on a platform, or of what is taken back off the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashRoute {
    /// Matrix's.
    Matrix,
    /// Discord's.
    Discord,
    /// That of what is taken back, off the files of the storage folder.
    Files,
}

impl Point {
    /// Those that a platform's way leads by, in its order.
    pub fn on(way: CrashRoute) -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(move |point| point.ways().contains(&way))
    }
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
