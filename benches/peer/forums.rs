//! The forum that both bots have: made up, put into Stoa's store and into the plain bots' database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bot_core::made::Forum;
use tempfile::TempDir;

use crate::bot::Folder;
use crate::process;

const SEED: u64 = 1;
/// How many different searches and half-typed titles there are.
const WORDS: usize = 500;
/// How much of a title somebody has typed.
const TYPED: usize = 10;
/// Written last into a folder with a forum.
const COMPLETE: &str = "complete";
const DATABASE: &str = "plain.db";
const STORE: &str = "run";

/// A forum in a folder.
pub struct Made {
    pub questions: u64,
    pub posts: u64,
    pub people: u64,
    dir: PathBuf,
    /// Where nothing is kept for the next time.
    _temporary: Option<TempDir>,
}

/// What people type.
pub struct Words {
    /// How many questions there are to show and vote on.
    pub questions: u64,
    pub searches: Vec<String>,
    pub titles: Vec<String>,
}

impl Made {
    /// One of about so many questions.
    pub fn forum(questions: u64) -> Self {
        let posts = questions * 3;
        let (parent, temporary) = match std::env::var_os("STOA_BENCH_FORUMS") {
            Some(kept) => (PathBuf::from(kept), None),
            None => {
                let dir = tempfile::tempdir().expect("a folder");
                (dir.path().to_owned(), Some(dir))
            }
        };
        let made = Self {
            questions: Forum::new(posts, SEED).count() as u64,
            posts,
            people: Forum::new(posts, SEED).people(),
            dir: parent.join(posts.to_string()),
            _temporary: temporary,
        };
        if !made.dir.join(COMPLETE).exists() {
            made.fill();
        }
        made
    }

    fn fill(&self) {
        let _ = fs::remove_dir_all(&self.dir);
        fs::create_dir_all(&self.dir).expect("a folder");
        let settings = self.dir.join("stoa.toml");
        let store = format!("[storage]\ndir = {:?}\n", self.dir.join(STORE));
        fs::write(&settings, store).expect("writes");
        let posts = self.posts.to_string();
        let demo = |more: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
            command.arg("--config").arg(&settings);
            command.args(["demo", "--posts", &posts]).args(more);
            command
        };
        let taken = demo(&[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(taken.expect("runs").success(), "stoa demo fills a store");
        let mut lines = demo(&["--to", "-"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("runs");
        let filled = process::python("peer-discord", crate::REQUIREMENTS)
            .args(["-c", process::FORUM])
            .arg(self.dir.join(DATABASE))
            .stdin(lines.stdout.take().expect("it is piped"))
            .status();
        assert!(filled.expect("runs").success(), "forum.py fills a database");
        assert!(lines.wait().expect("ends").success(), "stoa demo writes");
        fs::write(self.dir.join(COMPLETE), "").expect("writes");
    }

    /// Copies both into a folder.
    pub fn give(&self, to: &Folder) {
        copy(&self.dir, to.dir.path());
    }

    /// Where the plain bots' copy is in a folder.
    pub fn database(&self, folder: &Folder) -> String {
        folder.dir.path().join(DATABASE).display().to_string()
    }
}

impl Words {
    pub fn of(made: &Made) -> Self {
        let forum = || Forum::new(made.posts, SEED);
        let titles = forum().take(WORDS).map(|question| {
            let typed: String = question.title.chars().take(TYPED).collect();
            typed.trim().to_owned()
        });
        Self {
            questions: made.questions,
            searches: forum().queries(WORDS).collect(),
            titles: titles.collect(),
        }
    }
}

/// Writes a folder's settings anew, with these platforms: where the servers are is known only when they run.
pub fn settle(folder: &Folder, platforms: &str) {
    let store = folder.dir.path().join(STORE);
    let settings = format!("[storage]\ndir = {store:?}\n\n{platforms}\n");
    fs::write(folder.dir.path().join("stoa.toml"), settings).expect("writes");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("it is there").is_dir() {
            copy(&entry.path(), &to);
        } else if entry.file_name() != "stoa.toml" {
            fs::copy(entry.path(), to).expect("copies");
        }
    }
}
