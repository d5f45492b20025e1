//! `stoa demo`: a made-up forum of any size, for trying Stoa out and for measuring it.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bot_core::chance::{Clock as _, System};
use bot_core::engine::Source;
use bot_core::made::{Forum, Lines};
use bot_core::store::{DATABASE, Reader};
use bot_core::transfer::Options;

use super::Context;
use super::import::{self, Telling};
use crate::output::{self, Output};

const EXAMPLES: &str = "\
Examples:
  stoa demo --posts 20000
  stoa demo --posts 1000000 --forum large
  stoa demo --posts 1000 --seed 7 --to made.jsonl

The same seed makes the same forum. It is put into an empty forum only, or into
a file that `stoa import jsonl` reads. `stoa console --demo` is a small one that
can be read.";

/// Make a forum of made-up questions and answers
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// How many questions and answers it has
    #[arg(long, value_name = "N", value_parser = super::whole)]
    posts: u64,
    /// Which one is made
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = super::whole)]
    seed: u64,
    /// Write it to a file instead; `-` is standard output
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// With --to: replace a file that is there already
    #[arg(long, requires = "to")]
    force: bool,
}

/// Makes it.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let lines = Lines::of(Forum::new(args.posts, args.seed));
    match &args.to {
        Some(file) => write(lines, file, args, context),
        None => fill(lines, args, context),
    }
}

fn write(mut lines: Lines, file: &Path, args: &Args, context: &Context) -> Result<()> {
    let writing = format!("{} can’t be written", file.display());
    let output = Output::of(file, args.force, &context.dir)?;
    output.write(move |to, is_stopped| output::copy(&mut lines, to, is_stopped).context(writing))
}

fn fill(lines: Lines, args: &Args, context: &Context) -> Result<()> {
    if questions(context)? > 0 {
        bail!(
            "the forum {} has questions already; --forum NAME names an empty one",
            context.forum
        );
    }
    let options = Options {
        forum: context.forum.clone(),
        source: format!("demo {} {}", args.posts, args.seed),
        site: None,
        // Its people exist nowhere else, whoever has used the store.
        trust: true,
        now: System.now(),
    };
    let telling = Telling {
        posts: Some(args.posts),
        stopped: format!(
            "stopped before the end; what was made so far stays in the forum {}, and --forum NAME makes it anew in another",
            context.forum
        ),
    };
    import::take(context, options, telling, |taking| {
        taking(Source::Lines {
            from: Box::new(BufReader::new(lines)),
            total: 0,
            name: "the demo".to_owned(),
        })
    })
}

/// How many questions the forum has.
fn questions(context: &Context) -> Result<u64> {
    if !context.dir.join(DATABASE).exists() {
        return Ok(0);
    }
    let forums = Reader::open(&context.dir)?.forum_rows()?;
    let this = forums.iter().find(|forum| forum.name == context.forum);
    Ok(this.map_or(0, |forum| forum.questions))
}
