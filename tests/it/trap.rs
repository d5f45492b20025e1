//! Crash points, armed: the bot dies at one, or stands still there.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bot_core::crash::Point;
use bot_core::remains;

/// How often the bot dies at a point: the second time it is on its way back.
pub const DEATHS: u32 = 2;
/// What a process that aborts itself ends by.
pub const SIGABRT: i32 = 6;

/// A point at which something waits for the bot.
pub struct Trap {
    point: Point,
    folder: PathBuf,
    set: Cell<u32>,
}

impl Trap {
    pub fn new(point: Point, folder: &Path) -> Self {
        Self {
            point,
            folder: folder.to_owned(),
            set: Cell::new(0),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("{:?}", self.point))
    }

    /// It dies there.
    pub fn set_death(&self) {
        fs::write(self.path(), "").expect("writes");
        self.set.set(self.set.get() + 1);
    }

    /// It stands still there.
    pub fn set_pipe(&self) {
        let made = Command::new("mkfifo").arg(self.path()).status();
        assert!(made.expect("runs").success(), "a pipe is made");
        self.set.set(1);
    }

    /// Takes it away; false where the bot did so first.
    pub fn take_away(&self) -> bool {
        fs::remove_file(self.path()).is_ok()
    }

    /// How often it was set.
    pub fn is_set(&self) -> u32 {
        self.set.get()
    }

    /// Waits until the bot has come by the pipe; it goes on when what this gives is dropped.
    pub async fn held(&self) -> fs::File {
        let path = self.path();
        let open = move || {
            let pipe = fs::File::options().write(true).open(&path);
            // The bot may have come by already, and renamed it.
            pipe.or_else(|_| {
                let taken = path.with_extension("taken");
                fs::File::options().write(true).open(taken)
            })
        };
        // Opening waits for the bot to come by.
        let opened = tokio::task::spawn_blocking(open).await;
        opened.expect("no panic").expect("a pipe")
    }

    /// Lets go whoever waits for the bot at the pipe.
    pub fn let_go(&self) {
        let _ = fs::File::options().read(true).write(true).open(self.path());
    }
}

/// Has something taken back, and waits until a bot that runs has taken it off its files: until none of these words stands in any, which
/// is looked at whenever the bot says that they are clean. Fails where that takes more than its minute.
pub async fn cleaned(storage: &Path, points: &Path, words: &[&str], taken_back: impl Future) {
    let trap = Trap::new(Point::FilesClean, points);
    trap.set_pipe();
    taken_back.await;
    let looking = async {
        loop {
            let held = trap.held().await;
            if words.iter().all(|word| holders(storage, word).is_empty()) {
                return;
            }
            // Something else was taken off: the next time, then.
            trap.set_pipe();
            drop(held);
        }
    };
    let minute = std::time::Duration::from_secs(60);
    if tokio::time::timeout(minute, looking).await.is_err() {
        trap.let_go();
        let left = words.iter().map(|word| holders(storage, word));
        panic!(
            "of {words:?} there still stand {:?}",
            left.collect::<Vec<_>>()
        );
    }
}

/// The files of the storage folder that have a word. An index that is just being written can't be looked into: then once more.
pub fn holders(storage: &Path, word: &str) -> Vec<PathBuf> {
    let looked = (0..10_000).find_map(|_| remains::of(storage, word).ok());
    looked.expect("the folder can be read")
}
