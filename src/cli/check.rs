//! `stoa check`: says of everything that serving needs whether it is right, and what to do where it is not.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use bot_core::engine::{Fault, Reading};
use bot_core::finding::{Finding, Verdict};
use bot_core::forum::Seq;
use bot_core::search::SearchFault;
use bot_core::settings::{DiscordSettings, MatrixSettings};
use bot_core::store::{self, DATABASE, Reader};
use bot_core::text::Texts;

use super::{Context, runtime};
use crate::log::{self, Loudness};
use crate::say;

const EXAMPLES: &str = "\
Examples:
  stoa check
  stoa check --online

Each line begins with `ok`, `advice` or `problem`; behind the arrow stands what
to do. The exit code is 1 if there is a problem. Works beside a running
`stoa run`.";

/// What the storage folder's lock is called.
const LOCK: &str = "stoa.lock";

/// Say what is not right yet, and what to do
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Ask the platforms too: login, rooms, channels, permissions
    #[arg(long)]
    online: bool,
}

/// The lines, and whether all is well so far.
struct Report {
    problems: u32,
}

impl Report {
    fn ok(&self, line: &str) -> io::Result<()> {
        writeln!(io::stdout(), "ok {line}")
    }

    /// Reports what could be better: a sentence that says how behind its first semicolon.
    fn advice(&self, room: &str, sentence: &str) -> io::Result<()> {
        let (what, how) = sentence.split_once("; ").unwrap_or((sentence, "see to it"));
        writeln!(io::stdout(), "advice {room}: {what} → {how}")
    }

    fn problem(&mut self, what: &str, remedy: &str) -> io::Result<()> {
        self.problems = self.problems.saturating_add(1);
        writeln!(io::stdout(), "problem {what} → {remedy}")
    }

    /// Reports what a platform's check found.
    fn found(&mut self, platform: &str, finding: Finding) -> io::Result<()> {
        let what = format!("{platform}: {}", finding.what);
        match finding.verdict {
            Verdict::Good => self.ok(&what),
            Verdict::Better(how) => self.advice(&what, &how),
            Verdict::Wrong(problem) => self.wrong(&what, &problem),
        }
    }

    /// Reports a failure.
    fn failed(&mut self, room: &str, error: &anyhow::Error) -> io::Result<()> {
        self.wrong(room, &say::sentence(error))
    }

    /// Reports a sentence that says what to do behind its first semicolon.
    fn wrong(&mut self, room: &str, sentence: &str) -> io::Result<()> {
        let (what, remedy) = sentence
            .split_once("; ")
            .unwrap_or((sentence, "see what it says, and try again"));
        self.problem(&format!("{room}: {what}"), remedy)
    }
}

/// Checks everything.
pub fn run(args: &Args, config: Option<&Path>) -> Result<ExitCode> {
    let mut report = Report { problems: 0 };
    match Context::new(config.map(Path::to_owned), None) {
        Ok(context) => {
            match &context.settings.file {
                Some(file) => report.ok(&format!("settings: {}", file.display()))?,
                None => report.ok(&format!(
                    "settings: the defaults, since there is no {}",
                    context.file().display()
                ))?,
            }
            if let Err(error) = log::start(&context.settings.log, Loudness::Quiet) {
                report.failed("settings", &error)?;
            }
            if let Some(what) = context.readable_secrets() {
                report.advice("settings", &what)?;
            }
            check_language(&mut report, &context.settings.forum.language)?;
            check_store(&mut report, &context)?;
            check_privacy(&mut report, &context.dir)?;
            if context.settings.discord.is_none() && context.settings.matrix.is_none() {
                report.ok("platforms: none is set up; discord.token or matrix.homeserver is what `stoa run` needs first")?;
            }
            if let Some(discord) = context.settings.discord {
                check_discord(&mut report, discord, &context.dir, args.online)?;
            }
            if let Some(matrix) = context.settings.matrix {
                check_matrix(&mut report, matrix, &context.dir, args.online)?;
            }
        }
        Err(error) => report.failed("settings", &error)?,
    }
    Ok(match report.problems {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Says whether there are texts in the language of the settings.
fn check_language(report: &mut Report, language: &str) -> io::Result<()> {
    if Texts::ships(language) {
        return Ok(());
    }
    report.problem(
        &format!(
            "settings: forum.language is \"{language}\", which there are no texts in, so that English is shown"
        ),
        "set it to \"en\"",
    )
}

/// Says what of the storage folder others can read.
fn check_privacy(report: &mut Report, dir: &Path) -> Result<()> {
    match store::open_to_others(dir) {
        Ok(open) if open.is_empty() => {
            report.ok("privacy: the storage folder is its owner’s alone")?
        }
        Ok(open) => report.problem(
            &format!(
                "privacy: others can read {}{}",
                open.first().unwrap_or(&dir.to_owned()).display(),
                match open.len() {
                    1 => String::new(),
                    many => format!(" and {} more", many - 1),
                }
            ),
            "the next start of `stoa` takes that from them",
        )?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => report.problem(
            &format!(
                "privacy: {} can’t be looked through: {}",
                dir.display(),
                say::without_number(&error.to_string())
            ),
            "give it to the user that runs `stoa`",
        )?,
    }
    Ok(())
}

fn check_store(report: &mut Report, context: &Context) -> Result<()> {
    let dir = &context.dir;
    let store = match Reader::open(dir) {
        Ok(store) => store,
        Err(store::Fault::Missing { .. }) => {
            return match store::could_keep(dir) {
                Ok(()) => Ok(report.ok(&format!(
                    "store: none yet in {}; the first start makes it",
                    dir.display()
                ))?),
                Err(error) => Ok(report.problem(
                    &format!(
                        "store: none yet in {}, and none can be made there: {}",
                        dir.display(),
                        say::without_number(&error.to_string())
                    ),
                    "set storage.dir to a folder that the user that runs `stoa` may write to",
                )?),
            };
        }
        Err(fault) => return Ok(report.failed("store", &fault.into())?),
    };
    match store.integrity() {
        Ok(None) => report.ok(&format!("store: {} is whole", dir.join(DATABASE).display()))?,
        // What SQLite says of it is for its own developers.
        Ok(Some(_)) => report.problem(
            &format!("store: {} is damaged", dir.join(DATABASE).display()),
            "stop `stoa` and restore a backup",
        )?,
        Err(fault) => report.failed("store", &fault.into())?,
    }
    match store::erased_flaw(dir, &store) {
        Ok(None) => {}
        Ok(Some(flaw)) => report.wrong("deletions", &flaw.to_string())?,
        Err(fault) => report.failed("deletions", &fault.into())?,
    }
    let served = is_served(dir);
    match served {
        Ok(true) => report.ok("lock: a `stoa` works on this store now")?,
        Ok(false) => report.ok("lock: free")?,
        Err(error) => report.problem(
            &format!(
                "lock: {} can’t be opened: {}",
                dir.join(LOCK).display(),
                say::without_number(&error.to_string())
            ),
            "give the user that runs `stoa` access to it",
        )?,
    }
    let language = &context.settings.forum.language;
    match Reading::open(dir, language)
        .and_then(|index| Ok((index.documents(), index.indexed(), store.totals()?.seq)))
    {
        Ok((documents, indexed, newest)) => {
            report.ok(&format!(
                "index: {}{}",
                super::questions(documents),
                behind(indexed, newest)
            ))?;
        }
        // It holds nothing of its own.
        Err(Fault::Search(SearchFault::Unusable { why })) => report.advice(
            "index",
            &format!("it can’t be used, because {why}; the next start of `stoa` builds it anew, and so does `stoa reindex`"),
        )?,
        Err(fault) => report.failed("index", &fault.into())?,
    }
    Ok(())
}

/// How far the index is behind the store; it catches up by itself.
fn behind(indexed: Seq, newest: Seq) -> String {
    match newest.0.saturating_sub(indexed.0) {
        ..=0 => ", up to date".to_owned(),
        1 => ", one change behind, which it catches up with when `stoa` runs".to_owned(),
        many => format!(", {many} changes behind, which it catches up with when `stoa` runs"),
    }
}

/// Whether another process holds the folder's lock.
fn is_served(dir: &Path) -> io::Result<bool> {
    match File::open(dir.join(LOCK))?.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn check_discord(
    report: &mut Report,
    discord: DiscordSettings,
    dir: &Path,
    online: bool,
) -> Result<()> {
    report.ok(&format!(
        "discord: by way of {}",
        discord.proxy.as_deref().unwrap_or("https://discord.com")
    ))?;
    if !online {
        return Ok(());
    }
    // What is wrong with the store is said already.
    let places = Reader::open(dir).and_then(|store| {
        let open = store.places(discord_adapter::PLATFORM)?;
        store.shared_places(discord_adapter::PLATFORM, &open)
    });
    let check = discord_adapter::check(discord, places.unwrap_or_default());
    for finding in runtime()?.block_on(check) {
        report.found("discord", finding)?;
    }
    Ok(())
}

fn check_matrix(
    report: &mut Report,
    matrix: MatrixSettings,
    dir: &Path,
    online: bool,
) -> Result<()> {
    report.ok(&format!("matrix: {} on {}", matrix.user, matrix.homeserver))?;
    if !online {
        return Ok(());
    }
    let findings = runtime()?.block_on(matrix_adapter::check(matrix, dir.to_owned()));
    for finding in findings {
        report.found("matrix", finding)?;
    }
    Ok(())
}
