//! `stoa status`: whether the bot runs, and how far it is behind.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, bail};
use bot_core::engine::Reading;
use bot_core::store::Reader;

use super::Context;
use crate::control::{self, Answer, PlatformReport, Report, Request};

const EXAMPLES: &str = "\
Examples:
  stoa status
  stoa status --json

Asks the running `stoa run`. `behind` is how many changes of the forum are not
shown yet, at most. Without a running one it says what waits, and exits with 1, as it
does where something of the running one does not work.";

/// Say whether the bot runs, and how far it is behind
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Says it.
pub fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let asked = control::ask(&context.dir, &Request::Status {});
    let report = match super::runtime()?.block_on(asked)? {
        Some(Answer::Status(report)) => report,
        Some(answer) => bail!(control::done(answer)?),
        None => stopped(context)?,
    };
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        write!(out, "{}", shown(&report))?;
    }
    let works = report.running && report.writer == Some(true) && report.index == Some(true);
    let ended = |platform: &PlatformReport| platform.serving == "ended";
    Ok(match works && !report.platforms.iter().any(ended) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// How the forum is that no process serves.
fn stopped(context: &Context) -> Result<Report> {
    let reader = Reader::open(&context.dir)?;
    let reading = Reading::open(&context.dir, &context.settings.forum.language)?;
    let newest = reader.last_seq()?.0;
    let behind = newest.saturating_sub(reading.indexed().0);
    let waiting = reader.waiting()?.into_iter();
    Ok(Report {
        running: false,
        writer: None,
        newest,
        index: None,
        index_behind: u64::try_from(behind).unwrap_or(0),
        platforms: waiting
            .map(|waiting| PlatformReport {
                platform: waiting.platform,
                serving: "no".to_owned(),
                behind: None,
                cards: waiting.cards,
                stale: waiting.stale,
                removals: waiting.removals,
            })
            .collect(),
    })
}

fn shown(report: &Report) -> String {
    let works = |works| match works {
        Some(true) => "works",
        Some(false) => "does not answer",
        None => "not running",
    };
    let index = match report.index {
        Some(false) => "does not follow",
        index => works(index),
    };
    let mut lines = vec![
        format!("{:<11}{}", "writer", works(report.writer)),
        format!("{:<11}change {}", "newest", report.newest),
        format!("{:<11}{index}, {} behind", "index", report.index_behind),
    ];
    for platform in &report.platforms {
        let serving = match (platform.serving.as_str(), platform.behind) {
            ("yes", Some(behind)) => format!("served, {behind} behind"),
            ("begun", _) => "being served".to_owned(),
            ("ended", _) => "no longer served".to_owned(),
            _ => "not served".to_owned(),
        };
        lines.push(format!(
            "{:<11}{serving}; waiting: {} cards, {} edits, {} removals",
            platform.platform, platform.cards, platform.stale, platform.removals
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}
