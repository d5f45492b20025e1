//! The log: what is written to stderr, and in what form.

use std::env;
use std::io::{self, IsTerminal};

use anyhow::{Result, anyhow};
use bot_core::settings::{LogFormat, LogSettings, SettingOrigin};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

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
    // At `debug` what was done is told with the time that it took: what Stoa does, not each step of what it stands on.
    let log = tracing_subscriber::fmt::layer()
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(io::stderr);
    let log = match settings.format {
        LogFormat::Pretty => log.compact().with_ansi(colours(&io::stderr())).boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    let ours = filter_fn(|what| what.is_event() || is_ours(what.target()));
    tracing_subscriber::registry()
        .with(log.with_filter(ours))
        .with(filter)
        .init();
    Ok(())
}

/// Whether a module is one of Stoa's.
fn is_ours(module: &str) -> bool {
    let name = module.split("::").next().unwrap_or_default();
    ["stoa", "bot_core", "matrix_adapter", "discord_adapter"].contains(&name)
}

/// Whether what is written there may have colours.
pub fn colours(to: &impl IsTerminal) -> bool {
    draws(to) && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether what is written there may move about and be drawn over: a terminal that knows escape sequences.
pub fn draws(to: &impl IsTerminal) -> bool {
    to.is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}
