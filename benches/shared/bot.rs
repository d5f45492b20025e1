//! The bot's process, and what it holds in memory.

use std::fmt;
use std::fs::{self, File};
use std::process::{Child, Command, Stdio};

/// The bot while it runs; ends when it is dropped.
pub struct Bot {
    folder: tempfile::TempDir,
    child: Child,
}

/// What a process holds in memory, in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// All of it.
    resident: u64,
    /// What is not a mapped file, such as a page of the search index.
    own: u64,
}

impl Bot {
    /// Starts it with the section of a platform in its settings, and a storage folder of its own.
    pub fn start(platform: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = format!(
            "[storage]\ndir = {:?}\n\n{platform}\n",
            folder.path().join("run"),
        );
        let config = folder.path().join("stoa.toml");
        fs::write(&config, settings).expect("writes");
        let log = File::create(folder.path().join("log")).expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_stoa"))
            .arg("--config")
            .arg(config)
            .arg("run")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("starts");
        Self { folder, child }
    }

    /// What it holds now, as Linux tells; nothing elsewhere.
    pub fn memory(&self) -> Memory {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).unwrap_or_default();
        let of = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            let number = line.and_then(|line| line.split_whitespace().next());
            number.and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        Memory {
            resident: of("VmRSS:"),
            own: of("RssAnon:"),
        }
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("runs").success(), "it runs still");
        let ended = self.child.wait().expect("ends");
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(ended.success(), "{log}");
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Memory {
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
