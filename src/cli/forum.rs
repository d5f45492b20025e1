//! `stoa forum`: which forums there are, and a code by which another can join one.

use std::io::{self, Write};

use anyhow::Result;
use bot_core::store::Reader;

use super::Context;
use crate::control::{self, Request};

const EXAMPLES: &str = "\
Examples:
  stoa forum list
  stoa forum code                  for the forum `main`
  stoa forum code --forum brewing

A code lets another forum join the one that is named: an admin of the other
says `forum join CODE` in one of its rooms or channels, and agrees. It is good
for one time and half an hour. Whoever can run this has agreed by doing so.";

/// List the forums, or make a code by which another joins one
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: ForumCommand,
}

impl Args {
    /// Whether the forums are to be listed.
    pub fn is_list(&self) -> bool {
        matches!(self.what, ForumCommand::List | ForumCommand::Names)
    }
}

#[derive(Debug, clap::Subcommand)]
enum ForumCommand {
    /// List the forums with their places; works beside a running `stoa run`
    List,
    /// List only the forums' names, for completions
    #[command(hide = true)]
    Names,
    /// Make a code by which another forum joins this one; works beside a running `stoa run`
    Code,
}

/// Does it.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    match args.what {
        ForumCommand::List => list(context),
        ForumCommand::Names => names(context),
        ForumCommand::Code => code(context),
    }
}

fn list(context: &Context) -> Result<()> {
    let mut out = io::stdout().lock();
    for forum in Reader::open(&context.dir)?.forum_rows()? {
        let joined = forum.joined.map(|other| format!(", joined {other}"));
        writeln!(
            out,
            "{}: {}{}",
            forum.name,
            super::questions(forum.questions),
            joined.unwrap_or_default()
        )?;
        for (platform, name, open) in forum.places {
            let closed = if open { "" } else { " (closed)" };
            writeln!(out, "  {platform}  {name}{closed}")?;
        }
    }
    Ok(())
}

fn names(context: &Context) -> Result<()> {
    let mut out = io::stdout().lock();
    for forum in Reader::open(&context.dir)?.forums()? {
        writeln!(out, "{forum}")?;
    }
    Ok(())
}

fn code(context: &Context) -> Result<()> {
    let request = Request::ForumCode {
        forum: context.forum.clone(),
    };
    let code = control::done(context.asked(&request)?)?;
    let mut out = io::stdout();
    writeln!(out, "forum join {code}")?;
    Ok(())
}
