//! The command line: what can be said to `stoa`, a file a subcommand. Wiring only.

mod backup;
mod check;
mod completions;
mod console;
mod demo;
mod export;
mod forum;
mod import;
mod moderate;
mod reindex;
mod restore;
mod run;
mod search;
mod stats;
mod status;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bot_core::chance::System;
use bot_core::engine::{Core, MAIN, Options};
use bot_core::settings::{FILE_NAME, Settings};
use clap::{Parser, Subcommand};

use crate::control::{self, Answer, Request};
use crate::folders::Folders;
use crate::log::{self, Loudness};
use crate::privacy;

const EXAMPLES: &str = "\
Examples:
  stoa                          the forum in the terminal: !ask, !search, !help
  stoa console --demo           the same, with a dozen questions to look around in
  stoa search backup sqlite     search from the shell
  stoa import stackexchange DIR bring the questions of a Stack Exchange site
  stoa check --online           say what is not right yet, and what to do
  stoa run                      serve the forum in Discord and Matrix

Settings: --config FILE, else ./stoa.toml, else stoa.toml in your
configuration folder. A variable overrides the file: STOA__MATRIX__PASSWORD is
`password` in the section [matrix]. Without any, all but `stoa run` works.

Exit codes: 0 done, 1 failed, 2 misused.";

/// A question-and-answer forum inside Discord and Matrix, and in the terminal
#[derive(Debug, Parser)]
#[command(name = "stoa", version, after_help = EXAMPLES)]
pub struct Cli {
    /// The settings file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The forum that is meant, by `search`, `console`, `hide`, `show`, `import`, `export`, `demo` and `forum code`; else main
    #[arg(long, global = true, value_name = "NAME")]
    forum: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Status(status::Args),
    /// Hide a post, as a moderator does
    Hide(moderate::Args),
    /// Show a hidden post again
    Show(moderate::Args),
    Console(console::Args),
    Search(search::Args),
    Reindex(reindex::Args),
    Check(check::Args),
    Import(import::Args),
    Demo(demo::Args),
    Export(export::Args),
    Forum(forum::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Stats(stats::Args),
    Completions(completions::Args),
}

/// What the settings and the command line say together.
struct Context {
    settings: Settings,
    /// The folder of the forum.
    dir: PathBuf,
    /// The forum that is meant.
    forum: String,
    /// Whether that was said.
    names_forum: bool,
    /// Where a settings file of the current folder would be.
    usual: PathBuf,
}

impl Command {
    /// What a command is called that no single forum can be meant by.
    fn for_all(&self) -> Option<&'static str> {
        Some(match self {
            Self::Run(_) => "run",
            Self::Status(_) => "status",
            Self::Reindex(_) => "reindex",
            Self::Check(_) => "check",
            Self::Backup(_) => "backup",
            Self::Restore(_) => "restore",
            Self::Completions(_) => "completions",
            Self::Forum(args) if args.is_list() => "forum list",
            Self::Console(_)
            | Self::Search(_)
            | Self::Import(_)
            | Self::Demo(_)
            | Self::Export(_)
            | Self::Forum(_)
            | Self::Hide(_)
            | Self::Show(_)
            | Self::Stats(_) => return None,
        })
    }
}

/// Does what was said.
pub fn run(cli: Cli) -> Result<ExitCode> {
    let command = cli
        .command
        .unwrap_or(Command::Console(console::Args::default()));
    if let (Some(_), Some(name)) = (&cli.forum, command.for_all()) {
        bail!("`stoa {name}` is about all forums together; leave --forum out");
    }
    let loudness = match &command {
        Command::Run(_) => Loudness::Default,
        Command::Completions(args) => {
            completions::run(args)?;
            return Ok(ExitCode::SUCCESS);
        }
        // Tells of unusable settings itself, beside what else it finds.
        Command::Check(args) => return check::run(args, cli.config.as_deref()),
        Command::Console(_)
        | Command::Search(_)
        | Command::Reindex(_)
        | Command::Import(_)
        | Command::Demo(_)
        | Command::Export(_)
        | Command::Forum(_)
        | Command::Hide(_)
        | Command::Show(_)
        | Command::Status(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::Stats(_) => Loudness::Quiet,
    };
    let context = Context::new(cli.config, cli.forum)?;
    log::start(&context.settings.log, loudness)?;
    match command {
        Command::Run(_) => run::run(context)?,
        Command::Console(args) => console::run(&args, &context)?,
        Command::Search(args) => search::run(&args, &context)?,
        Command::Reindex(_) => reindex::run(&context)?,
        Command::Export(args) => export::run(&args, &context)?,
        Command::Import(args) => import::run(args, &context)?,
        Command::Demo(args) => demo::run(&args, &context)?,
        Command::Forum(args) => forum::run(&args, &context)?,
        Command::Hide(args) => moderate::hide(args, &context)?,
        Command::Show(args) => moderate::show(args, &context)?,
        Command::Status(args) => return status::run(&args, &context),
        Command::Backup(args) => backup::run(&args, &context)?,
        Command::Restore(args) => restore::run(&args, &context)?,
        Command::Stats(args) => stats::run(&args, &context)?,
        Command::Check(_) | Command::Completions(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

impl Context {
    fn new(config: Option<PathBuf>, forum: Option<String>) -> Result<Self> {
        let folders = Folders::find()?;
        let settings = Settings::load(config.as_deref(), variables(), &folders.settings)?;
        let usual = folders.settings.here.join(FILE_NAME);
        let dir = folders.state(&settings)?;
        Ok(Self {
            settings,
            dir,
            names_forum: forum.is_some(),
            forum: forum.unwrap_or_else(|| MAIN.to_owned()),
            usual,
        })
    }

    /// Opens the forum: one process at a time.
    fn open(&self) -> Result<Core> {
        let forum = &self.settings.forum;
        let options = Options {
            dir: self.dir.clone(),
            prefix: forum.prefix.clone(),
            language: forum.language.clone(),
            similar: self.settings.search.similar,
            limits: self.settings.limits,
            retention: self.settings.storage.retention,
        };
        Ok(Core::open(options, Arc::new(System), Box::new(System))?)
    }

    /// What comes of a request: of the process that serves the forum, else it is carried out here.
    fn asked(&self, request: &Request) -> Result<Answer> {
        let runtime = runtime()?;
        if let Some(answer) = runtime.block_on(control::ask(&self.dir, request))? {
            return Ok(answer);
        }
        let core = self.open()?;
        runtime.block_on(async {
            let answer = control::answer(&core, &self.settings.forum.prefix, request).await;
            core.close().await;
            answer
        })
    }

    /// What is wrong where others than its owner can read a settings file with secrets in it.
    fn readable_secrets(&self) -> Option<String> {
        let (file, secrets) = (self.settings.file.as_deref()?, &self.settings.secrets);
        if secrets.is_empty() || !privacy::is_readable_by_others(file) {
            return None;
        }
        Some(format!(
            "{} has a secret in it ({}) and can be read by others; chmod 600 it, or put the secret in a file of its own",
            file.display(),
            secrets.join(", ")
        ))
    }

    /// The settings file, or where one would be read from.
    fn file(&self) -> &Path {
        self.settings.file.as_deref().unwrap_or(&self.usual)
    }
}

/// The environment; what is not text can be no setting.
fn variables() -> impl Iterator<Item = (String, String)> {
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// A whole number, as somebody writes it on the command line.
fn whole(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| "write a whole number from 0 on".to_owned())
}

/// The user of this system.
fn user() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "me".to_owned())
}

/// The runtime on which core and adapters run.
fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the threads that serve")
}

/// So many questions, in words.
fn questions(count: u64) -> String {
    match count {
        1 => "one question".to_owned(),
        many => format!("{many} questions"),
    }
}

/// That there is no forum of a name, and which there are.
pub fn no_forum(name: &str, known: &[String]) -> String {
    match known {
        [] => format!("there is no forum called {name}; leave --forum out for the forum {MAIN}"),
        known => format!("there is no forum called {name}, only {}", known.join(", ")),
    }
}
