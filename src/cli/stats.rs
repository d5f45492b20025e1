//! `stoa stats`: what the forum holds, in numbers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::{Result, bail};
use bot_core::store::Reader;

use super::Context;

const EXAMPLES: &str = "\
Examples:
  stoa stats
  stoa stats --json

Counts all forums of the store together. Works beside a running `stoa run`.
`outbox` are cards that wait to be posted, `stale` those that wait to be
brought up to date: both are 0 in a forum that is served and at rest.";

/// Show how much there is
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Shows them.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let reader = Reader::open(&context.dir)?;
    if context.names_forum {
        all_that_is(&reader, &context.forum)?;
    }
    let totals = reader.totals()?;
    let numbers = [
        ("forums", totals.forums),
        ("places", totals.places),
        ("members", totals.members),
        ("questions", totals.questions),
        ("accepted", totals.accepted),
        ("unanswered", totals.unanswered),
        ("answers", totals.answers),
        ("comments", totals.comments),
        ("votes", totals.votes),
        ("outbox", totals.outbox),
        ("stale", totals.stale),
    ];
    let mut out = io::stdout().lock();
    if args.json {
        let object: BTreeMap<_, _> = numbers.into_iter().collect();
        writeln!(out, "{}", serde_json::to_string(&object)?)?;
        return Ok(());
    }
    for (name, number) in numbers {
        writeln!(out, "{name:<11}{number:>10}")?;
    }
    Ok(())
}

/// Whether a forum is all that there is, so that what is counted is of it.
fn all_that_is(reader: &Reader, forum: &str) -> Result<()> {
    match reader.forums()?.as_slice() {
        [only] if only == forum => Ok(()),
        known if known.iter().any(|known| known == forum) => bail!(
            "`stoa stats` counts all forums together, and there are {}; `stoa forum list` says how many questions each has",
            known.join(", ")
        ),
        known => bail!(super::no_forum(forum, known)),
    }
}
