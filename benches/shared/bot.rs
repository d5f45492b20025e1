//! The bot's process, and what it holds in memory.

use std::fmt;
use std::fs::{self, File};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Where a bot has its settings and its log; what it stores is in `run` in it.
pub struct Folder {
    pub dir: TempDir,
}

/// The bot while it runs; ends when it is dropped.
pub struct Bot<'a> {
    folder: &'a Folder,
    pub child: Child,
}

/// What a process holds in memory, in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// All of it.
    resident: u64,
    /// What is not a mapped file, such as a page of the search index.
    pub own: u64,
}

/// A bench's few people do as much as it asks of them.
const NO_LIMITS: &str = "[limits]\nquestions = 0\nnewcomer_questions = 0\nanswers = 0\ncomments = 0\nedits = 0\nvotes = 0\n";

impl Folder {
    /// One with the sections of platforms in its settings.
    pub fn configured(platforms: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let settings = format!(
            "[storage]\ndir = {:?}\n\n{NO_LIMITS}\n{platforms}\n",
            dir.path().join("run")
        );
        fs::write(dir.path().join("stoa.toml"), settings).expect("writes");
        Self { dir }
    }

    /// A command with its settings.
    pub fn stoa(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
        command
            .arg("--config")
            .arg(self.dir.path().join("stoa.toml"))
            .args(arguments);
        command
    }
}

impl<'a> Bot<'a> {
    /// Starts it.
    pub fn start(folder: &'a Folder) -> Self {
        let log = File::create(folder.dir.path().join("log")).expect("a log");
        let child = folder
            .stoa(&["run"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("starts");
        Self { folder, child }
    }

    /// What it holds now.
    pub fn memory(&self) -> Memory {
        Memory::of(self.child.id())
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("runs").success(), "it runs still");
        let ended = self.child.wait().expect("ends");
        let log = fs::read_to_string(self.folder.dir.path().join("log")).unwrap_or_default();
        assert!(ended.success(), "{log}");
    }
}

impl Drop for Bot<'_> {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Memory {
    /// What a process holds now, as Linux tells; nothing elsewhere.
    pub fn of(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let of = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            let number = line.and_then(|line| line.split_whitespace().next());
            number.and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        Self {
            resident: of("VmRSS:"),
            own: of("RssAnon:"),
        }
    }

    /// How much more it was from one figure to the next, in the mean of a straight line through all of them, in KiB.
    pub fn growth(sizes: &[Self]) -> f64 {
        let count = sizes.len() as f64;
        let mean_at = (count - 1.0) / 2.0;
        let mean = sizes.iter().map(|size| size.own as f64).sum::<f64>() / count;
        let (mut together, mut alone) = (0.0, 0.0);
        for (at, size) in sizes.iter().enumerate() {
            let away = at as f64 - mean_at;
            together += away * (size.own as f64 - mean);
            alone += away * away;
        }
        if alone == 0.0 { 0.0 } else { together / alone }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |kib: u64| kib as f64 / 1024.0;
        write!(f, "{:.1} MiB ({:.1})", mib(self.resident), mib(self.own))
    }
}
