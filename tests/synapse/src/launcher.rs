//! The process beside the server that starts and ends it, and ends itself with the server when this process is gone.
//!
//! Blocking: call it where blocking is allowed.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// What the launcher can be told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Start Synapse and wait until it listens.
    Start,
    /// Let it end in order.
    Stop,
    /// End it at once.
    Kill,
    /// Halt it: its connections stay open, nothing answers.
    Freeze,
    /// Let it go on.
    Thaw,
}

impl Order {
    fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Kill => "kill",
            Self::Freeze => "freeze",
            Self::Thaw => "thaw",
        }
    }
}

/// A running launcher. Dropping it kills the server and removes its folder.
#[derive(Debug)]
pub(crate) struct Launcher {
    process: Child,
    /// `None` only while dropping: closing it is what ends the launcher.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
}

impl Launcher {
    /// Starts the launcher, not yet the server.
    pub(crate) fn spawn(python: &Path) -> Result<Self> {
        let mut process = Command::new(python)
            .args(["-I", "-c", include_str!("launcher.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {}", python.display()))?;
        let orders = process.stdin.take();
        let mut answers = BufReader::new(
            process
                .stdout
                .take()
                .expect("standard output was asked for"),
        );
        let folder = PathBuf::from(answer(&mut answers)?);
        Ok(Self {
            process,
            orders,
            answers,
            folder,
        })
    }

    /// The server's data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Has an order carried out and waits until it is.
    pub(crate) fn order(&mut self, order: Order) -> Result<()> {
        let pipe = self.orders.as_mut().expect("taken only by drop");
        // In one piece: the launcher takes each that it reads for an order.
        let line = format!("{}\n", order.word());
        pipe.write_all(line.as_bytes())
            .context("telling Synapse's launcher what to do")?;
        let answer = answer(&mut self.answers)?;
        match answer.strip_prefix("error ") {
            Some(why) => bail!("Synapse could not be told to {}: {why}", order.word()),
            None => Ok(()),
        }
    }
}

impl Drop for Launcher {
    fn drop(&mut self) {
        drop(self.orders.take());
        self.process.wait().ok();
    }
}

fn answer(answers: &mut BufReader<ChildStdout>) -> Result<String> {
    let mut line = String::new();
    let length = answers
        .read_line(&mut line)
        .context("listening to Synapse's launcher")?;
    if length == 0 {
        bail!("Synapse's launcher ended without an answer");
    }
    Ok(line.trim_end().to_owned())
}
