//! The log: what is written to stderr, and in what form.

use std::env;
use std::io::{self, IsTerminal};

use anyhow::{Result, anyhow};
use bot_core::settings::{LogFormat, LogSettings, SettingOrigin};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// What quiet commands log. That an index is built anew they say in their own words, and tantivy warns of what is no trouble.
const QUIET: &str = "warn,bot_core::search::indexer=error,tantivy=error";

/// How much a command logs where the settings don't say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loudness {
    /// What the default settings say: `stoa run`, whose log is its only voice.
    Default,
    /// Warnings and worse: commands that print an answer.
    Quiet,
}

/// Begins to log.
pub fn start(settings: &LogSettings, loudness: Loudness) -> Result<()> {
    let level = match (loudness, &settings.level_from) {
        (Loudness::Quiet, SettingOrigin::Defaults) => QUIET,
        (Loudness::Quiet | Loudness::Default, _) => settings.level.as_str(),
    };
    let filter = EnvFilter::try_new(level).map_err(|_| {
        anyhow!(
            "log.level in {} is \"{level}\", which can’t be read; write error, warn, info, debug or trace",
            settings.level_from
        )
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // At `debug` what was done is told with the time that it took.
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(io::stderr);
    match settings.format {
        LogFormat::Pretty => log.compact().with_ansi(colours(&io::stderr())).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Whether what is written there may have colours.
pub fn colours(to: &impl IsTerminal) -> bool {
    draws(to) && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether what is written there may move about and be drawn over: a terminal that knows escape sequences.
pub fn draws(to: &impl IsTerminal) -> bool {
    to.is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}
