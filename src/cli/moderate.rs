//! `stoa hide` and `stoa show`: what a moderator does in a chat, from the shell; beside a running bot through that.

use std::io::{self, Write};

use anyhow::Result;

use super::Context;
use crate::control::{self, OnPost, Request};

const EXAMPLES: &str = "\
Examples:
  stoa hide 42           the question #42 of the forum `main`
  stoa hide 42.1 --forum brewing
  stoa show 42.1

Works beside a running `stoa run`, which does it then, and without one. Whoever
can run this moderates every forum of the store.";

/// Which post.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Its number, such as 42, 42.1 or 42/c1
    #[arg(value_name = "POST")]
    post: String,
}

/// Hides it.
pub fn hide(args: Args, context: &Context) -> Result<()> {
    act(Request::Hide(on(args, context)), context)
}

/// Shows it again.
pub fn show(args: Args, context: &Context) -> Result<()> {
    act(Request::Show(on(args, context)), context)
}

fn on(args: Args, context: &Context) -> OnPost {
    OnPost {
        forum: context.forum.clone(),
        post: args.post,
        name: super::user(),
    }
}

fn act(request: Request, context: &Context) -> Result<()> {
    let text = control::done(context.asked(&request)?)?;
    writeln!(io::stdout(), "{text}")?;
    Ok(())
}
