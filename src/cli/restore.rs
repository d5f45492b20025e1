//! `stoa restore`: a backup in the place of the forum.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bot_core::chance::System;
use bot_core::engine;
use bot_core::store::{DATABASE, Reader};

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
    is_backup(&args.file, &context.dir)?;
    let restored = engine::restore(&context.dir, &args.file, &System)?;
    let questions = Reader::open(&context.dir)?.totals()?.questions;
    let mut out = io::stdout();
    let file = args.file.display();
    writeln!(
        out,
        "ok {file} is the forum now ({})",
        super::questions(questions)
    )?;
    if let Some(kept) = restored.kept {
        writeln!(
            out,
            "what it replaced is kept for 7 days: {}",
            kept.display()
        )?;
    }
    for problem in restored.problems {
        let (what, remedy) = problem
            .split_once("; ")
            .unwrap_or((problem.as_str(), "see to it"));
        writeln!(out, "problem deletions: {what} → {remedy}")?;
    }
    Ok(())
}

/// Says where it can't be one: it is read several times over, and from its end, so it has to be a file.
fn is_backup(file: &Path, dir: &Path) -> Result<()> {
    let shown = file.display();
    if file == Path::new("-") {
        bail!("a backup is restored from a file: save it first, then name the file");
    }
    let Ok(there) = fs::metadata(file) else {
        // What is wrong with it is said where it is opened.
        return Ok(());
    };
    if there.is_dir() {
        bail!("{shown} is a folder; name the file in it that `stoa backup` wrote");
    }
    if !there.is_file() {
        bail!("{shown} is no file; save the backup in one first");
    }
    let (file, forum) = (fs::canonicalize(file), fs::canonicalize(dir.join(DATABASE)));
    if let (Ok(file), Ok(forum)) = (file, forum)
        && file == forum
    {
        bail!("{shown} is the forum itself; name what `stoa backup` wrote");
    }
    Ok(())
}
