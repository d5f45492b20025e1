//! `stoa console`: the forum in the terminal.

use anyhow::{Context as _, Result, bail};
use bot_core::chance::{Clock, System};
use bot_core::engine::{Core, MAIN, Stop};

use super::{Context, runtime};
use crate::console::{self, Hearer, Seat};
#[cfg(unix)]
use crate::control::Connection;
use crate::demo;
use crate::signals;

const EXAMPLES: &str = "\
Examples:
  stoa console --demo
  stoa console --as mira
  printf '!ask How do I …?\\nmore about it\\n!search how\\n' | stoa console

At the prompt a message is a line; a \\ at its end continues it. From a pipe,
lines that do not begin with the prefix continue the message before them.
👍 #1, 👎 #1.1 and ✅ #1.1 react to a post. `exit`, `quit` or Ctrl-D end.

Beside a running `stoa run` what is said is heard by that; Tab then completes
commands only, and one console can be open.";

/// Open the forum in the terminal (what `stoa` alone does)
#[derive(Debug, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Speak as this person; else as the user of this system
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// Fill an empty forum with a dozen questions to look around in
    #[arg(long)]
    demo: bool,
}

/// Opens it.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let name = match &args.name {
        Some(name) if name.trim().is_empty() => bail!("--as is empty; give a name"),
        Some(name) => name.trim().to_owned(),
        None => super::user(),
    };
    let runtime = runtime()?;
    #[cfg(unix)]
    if let Some(connection) = runtime.block_on(Connection::open(&context.dir))? {
        if args.demo {
            bail!("`stoa run` serves this forum, and --demo fills an empty one; stop it first");
        }
        let hearer = Hearer::There(connection);
        let talked =
            signals::guard(async |stop| console::talk(hearer, &seat(context, &name), &stop).await);
        return runtime.block_on(talked).context("listening for Ctrl-C")?;
    }
    let core = context.open()?;
    if let Some(why) = core.rebuilt() {
        eprintln!("stoa: {why}");
    }
    runtime.block_on(async {
        signals::guard(async |stop| {
            let talked = talk(&core, args, context, &name, &stop).await;
            core.clone().close().await;
            talked
        })
        .await
        .context("listening for Ctrl-C")?
    })
}

async fn talk(core: &Core, args: &Args, context: &Context, name: &str, stop: &Stop) -> Result<()> {
    let reading = core.reading().clone();
    let known = tokio::task::spawn_blocking(move || reading.forums()).await??;
    if context.forum != MAIN && !known.contains(&context.forum) {
        bail!(super::no_forum(&context.forum, &known));
    }
    let prefix = context.settings.forum.prefix.as_str();
    if args.demo {
        let reading = core.reading().clone();
        let totals = tokio::task::spawn_blocking(move || reading.totals()).await??;
        if totals.seq.0 == 0 {
            demo::fill(core, &console::place(&context.forum), prefix, System.now()).await?;
            eprintln!(
                "stoa: the forum has {} questions of the demo now",
                demo::len()?
            );
        } else {
            eprintln!(
                "stoa: the forum is not empty, and the demo only fills an empty one: nothing was added"
            );
        }
    }
    let hearer = Hearer::Here(core.clone());
    console::talk(hearer, &seat(context, name), stop).await
}

fn seat<'a>(context: &'a Context, name: &'a str) -> Seat<'a> {
    Seat {
        name,
        forum: &context.forum,
        prefix: &context.settings.forum.prefix,
        dir: &context.dir,
    }
}
