//! `stoa restore`: a backup in the place of the forum.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use bot_core::chance::System;
use bot_core::engine;
use bot_core::store::Reader;

use super::Context;

const EXAMPLES: &str = "\
Examples:
  stoa restore forum-backup.db

`stoa run` and `stoa console` must be stopped first. What the backup replaces
is kept beside it in the storage folder for 7 days, so that this can be taken
back. What was deleted since the backup was made stays deleted. The search index
is built anew by itself.";

/// Put a backup in the place of the forum
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What `stoa backup` wrote
    file: PathBuf,
}

/// Restores it.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let kept = engine::restore(&context.dir, &args.file, &System)?;
    let questions = Reader::open(&context.dir)?.totals()?.questions;
    let mut out = io::stdout();
    let file = args.file.display();
    writeln!(
        out,
        "ok {file} is the forum now ({})",
        super::questions(questions)
    )?;
    if let Some(kept) = kept {
        writeln!(
            out,
            "what it replaced is kept for 7 days: {}",
            kept.display()
        )?;
    }
    Ok(())
}
