//! `stoa reindex`: the search index built anew.

use std::io::{self, Write};
use std::time::Duration;

use anyhow::Result;
use bot_core::engine;
use indicatif::{ProgressBar, ProgressStyle};

use super::Context;
use crate::log::draws;

const EXAMPLES: &str = "\
The index is derived from the database: nothing is lost with it. `stoa run`
and `stoa console` build it anew themselves where it is missing or damaged.
Both must be stopped first.";

/// How many questions lie between two lines of progress where there is no terminal.
const STEP: u64 = 10_000;

/// Build the search index anew
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// Builds it.
pub fn run(context: &Context) -> Result<()> {
    let mut out = io::stdout();
    let questions = if draws(&io::stderr()) {
        let style = ProgressStyle::with_template("{spinner} {human_pos} questions read, {per_sec}");
        let bar = ProgressBar::new_spinner();
        bar.set_style(style.expect("the template is well formed"));
        bar.enable_steady_tick(Duration::from_millis(100));
        let questions = engine::reindex(&context.dir, |read| bar.set_position(read))?;
        bar.finish_and_clear();
        questions
    } else {
        let mut next = STEP;
        engine::reindex(&context.dir, |read| {
            if read >= next {
                // Progress that nobody can read is no reason to stop.
                let _ = writeln!(io::stderr(), "{read} questions read");
                next = read.saturating_add(STEP);
            }
        })?
    };
    writeln!(out, "ok {} in the index", super::questions(questions))?;
    Ok(())
}
