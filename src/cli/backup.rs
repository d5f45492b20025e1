//! `stoa backup`: a copy of the forum, made while it is served.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bot_core::store::{PartialFile, Reader};

use super::Context;
use crate::output::{self, Output};
use crate::signals;

const EXAMPLES: &str = "\
Examples:
  stoa backup forum-backup.db
  stoa backup \"/backup/stoa-$(date +%F).db\"
  stoa backup --force /backup/stoa.db
  stoa backup - | gzip > forum-backup.db.gz

Works beside a running `stoa run`. The file is a database of one moment, and
appears whole or not at all; one that is there already is replaced only with
--force. The search index is not in it, since it is built from the database.
`stoa restore` puts it back.";

/// What a copy is called in the storage folder until it is written to where it can't be made.
const PASSING: &str = "stoa.backup";

/// Write a copy of the whole forum to a file
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The file, or a pipe or device that is there; `-` is standard output
    file: PathBuf,
    /// Replace a file that is there already
    #[arg(long)]
    force: bool,
}

/// Writes it.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let reader = Reader::open(&context.dir)?;
    let output = Output::of(&args.file, args.force, &context.dir)?;
    let is_stdout = output.is_stdout();
    let size = match output {
        Output::File(file) => {
            copied(&reader, &file)?;
            fs::metadata(&file).map_or(0, |file| file.len())
        }
        // SQLite writes files only.
        Output::Stdout | Output::Device(_) => passed_on(&reader, output, &context.dir)?,
    };
    if !is_stdout {
        let (file, size) = (args.file.display(), indicatif::HumanBytes(size));
        writeln!(io::stdout(), "ok {file} ({size})")?;
    }
    Ok(())
}

/// Makes a copy; where a signal ends it, there is none.
fn copied(reader: &Reader, to: &Path) -> Result<()> {
    let (reader, to) = (reader.clone(), to.to_owned());
    let is_whole = signals::blocking(move |stop| {
        let asked = stop.clone();
        reader.backup_until(&to, move || asked.is_requested())
    })??;
    if !is_whole {
        bail!("stopped before the end; nothing was written");
    }
    Ok(())
}

/// Makes a copy that has no name, and writes it; gives its size.
fn passed_on(reader: &Reader, output: Output, dir: &Path) -> Result<u64> {
    let making = || format!("a copy can’t be made in {}", dir.display());
    let part = PartialFile::make(&dir.join(PASSING)).with_context(making)?;
    copied(reader, part.path())?;
    let mut copy = File::open(part.path()).with_context(making)?;
    let size = copy.metadata().with_context(making)?.len();
    drop(part);
    output.write(move |to, is_stopped| {
        output::copy(&mut copy, to, is_stopped).context("the copy can’t be passed on")
    })?;
    Ok(size)
}
