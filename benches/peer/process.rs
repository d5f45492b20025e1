//! The plain bots' processes, and what a process takes of the processor.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The plain bots' forum, which fills a database when it is run by itself.
pub const FORUM: &str = include_str!("forum.py");
/// What Linux counts in, for every program: a hundredth of a second.
const TICK: Duration = Duration::from_millis(10);

/// A plain bot while it runs; ends when it is dropped.
pub struct Python {
    child: Child,
    /// Where it finds its modules, and says what is wrong.
    dir: tempfile::TempDir,
}

impl Python {
    /// Starts one: its script, and what the script is told.
    pub fn start(name: &str, requirements: &str, script: &str, told: &[String]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("forum.py"), FORUM).expect("writes");
        fs::write(dir.path().join("bot.py"), script).expect("writes");
        let log = File::create(dir.path().join("log")).expect("a log");
        let child = python(name, requirements)
            .arg(dir.path().join("bot.py"))
            .args(told)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the same file"))
            .stderr(log)
            .spawn()
            .expect("starts");
        Self { child, dir }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let said = fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        if !said.is_empty() {
            eprintln!("--- the plain bot said ---\n{said}");
        }
    }
}

/// Python with these packages.
pub fn python(name: &str, requirements: &str) -> Command {
    let python = synapse::python_with(name, requirements);
    Command::new(python.unwrap_or_else(|error| panic!("{error:#}")))
}

/// How long a process has had the processor so far, all its threads together, as Linux tells; nothing elsewhere.
pub fn processor(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name, in brackets, may have spaces in it.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2);
    let ticks: u32 = ticks.map(|ticks| ticks.parse().unwrap_or(0)).sum();
    TICK * ticks
}
