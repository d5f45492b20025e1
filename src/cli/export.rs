//! `stoa export`: all that a forum holds, as lines of JSON.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};
use bot_core::engine;
use bot_core::store::Reader;
use bot_core::transfer::Flow;

use super::Context;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  stoa export forum.jsonl
  stoa export --force forum.jsonl
  stoa export --forum brewing brewing.jsonl
  stoa export - | gzip > forum.jsonl.gz

Works beside a running `stoa run`. The file is of one moment, and appears whole
or not at all; one that is there already is replaced only with --force. It
holds all that the forum holds: questions, answers, comments, who wrote them,
earlier texts, tags, votes, what is accepted and closed; of what is hidden or
withdrawn the numbers only.
`stoa import jsonl` reads it. Which message shows which post is not in it:
`stoa backup` has that.";

/// Write a forum as lines of JSON
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The file, or a pipe or device that is there; `-` is standard output
    file: PathBuf,
    /// Replace a file that is there already
    #[arg(long)]
    force: bool,
}

/// Exports.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let known = Reader::open(&context.dir)?;
    if known.forum(&context.forum)?.is_none() {
        match known.forums()?.as_slice() {
            [] => bail!("there is nothing to export yet"),
            forums => bail!("{}", super::no_forum(&context.forum, forums)),
        }
    }
    let output = Output::of(&args.file, args.force, &context.dir)?;
    let is_stdout = output.is_stdout();
    let (dir, forum) = (context.dir.clone(), context.forum.clone());
    let name = match is_stdout {
        true => "standard output".to_owned(),
        false => args.file.display().to_string(),
    };
    let said = name.clone();
    let questions = output.write(move |to, is_stopped| {
        let mut on = |_| match is_stopped() {
            true => Flow::Stop,
            false => Flow::On,
        };
        let written = engine::export(&dir, &forum, to, &name, &mut on)?;
        Ok(written.unwrap_or_default())
    })?;
    if !is_stdout {
        let questions = super::questions(questions);
        writeln!(io::stdout(), "ok {questions} written to {said}")?;
    }
    Ok(())
}
