//! `stoa export`: all that a forum holds, as lines of JSON.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bot_core::engine;
use bot_core::store::Reader;
use bot_core::transfer::Flow;

use super::Context;

const EXAMPLES: &str = "\
Examples:
  stoa export forum.jsonl
  stoa export --forum brewing brewing.jsonl
  stoa export - | gzip > forum.jsonl.gz

Works beside a running `stoa run`. The file is of one moment, and appears whole
or not at all; one of that name is replaced. It holds all that the
forum holds: questions, answers, comments, who wrote them, earlier texts, tags,
votes, what is accepted, closed, hidden and withdrawn. `stoa import jsonl`
reads it. Which message shows which post is not in it: `stoa backup` has that.";

/// Write a forum as lines of JSON
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The file; `-` is standard output
    file: PathBuf,
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
    if args.file == Path::new("-") {
        let mut out = BufWriter::new(io::stdout().lock());
        written(context, &mut out, "standard output")?;
        return Ok(());
    }
    let name = args.file.display().to_string();
    // Under its own name there is never half of it.
    let part = args.file.with_added_extension("part");
    let writing = || format!("{name} can’t be written");
    let mut out = BufWriter::new(File::create(&part).with_context(writing)?);
    let questions = written(context, &mut out, &name).inspect_err(|_| {
        // What is half there is of no use; that it stays is no harm.
        let _ = fs::remove_file(&part);
    })?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error);
    file.and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&part, &args.file))
        .with_context(writing)?;
    writeln!(
        io::stdout(),
        "ok {} written to {name}",
        super::questions(questions)
    )?;
    Ok(())
}

fn written(context: &Context, to: &mut dyn Write, name: &str) -> Result<u64> {
    let written = engine::export(&context.dir, &context.forum, to, name, &mut |_| Flow::On)?;
    Ok(written.unwrap_or_default())
}
