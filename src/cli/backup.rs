//! `stoa backup`: a copy of the forum, made while it is served.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bot_core::store::Reader;

use super::Context;

const EXAMPLES: &str = "\
Examples:
  stoa backup forum-backup.db
  stoa backup \"/backup/stoa-$(date +%F).db\"

Works beside a running `stoa run`. The file is a database of one moment, and
appears whole or not at all; one of that name is replaced. The search index is
not in it, since it is built from the database. `stoa restore` puts it back.";

/// Write a copy of the whole forum to a file
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Where to
    file: PathBuf,
}

/// Writes it.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    if in_folder(&args.file, &context.dir) {
        bail!(
            "{} is in the storage folder itself; name a file in another folder, best on another disk",
            args.file.display()
        );
    }
    Reader::open(&context.dir)?.backup(&args.file)?;
    let size = fs::metadata(&args.file).map_or(0, |file| file.len());
    writeln!(
        io::stdout(),
        "ok {} ({})",
        args.file.display(),
        indicatif::HumanBytes(size)
    )?;
    Ok(())
}

/// Whether the file would lie in the folder.
fn in_folder(file: &Path, folder: &Path) -> bool {
    let above = match file.parent() {
        Some(above) if above != Path::new("") => above,
        _ => Path::new("."),
    };
    match (fs::canonicalize(above), fs::canonicalize(folder)) {
        (Ok(above), Ok(folder)) => above == folder,
        _ => false,
    }
}
