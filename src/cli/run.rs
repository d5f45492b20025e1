//! `stoa run`: serves the forum on every platform that is configured, until it is told to stop.

use anyhow::{Context as _, Result, bail};
use bot_core::engine::{Core, MAIN, Stop, stop};
use bot_core::platform::Platform;
use discord_adapter::DiscordFault;
use matrix_adapter::MatrixFault;
#[cfg(unix)]
use tokio::task::JoinHandle;
use tokio::task::JoinSet;

use super::{Context, runtime};
#[cfg(unix)]
use crate::control::Server;
use crate::{console, say, signals};

const EXAMPLES: &str = "\
Examples:
  stoa check --online   say first what is not right yet
  stoa run
  STOA__LOG__FORMAT=json stoa run --config /etc/stoa.toml

Ctrl-C or SIGTERM stops it: what was begun is finished first. Another one ends
it at once.";

/// Serve the forum where the settings say
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// Serves it.
pub fn run(context: Context) -> Result<()> {
    if context.settings.matrix.is_none() && context.settings.discord.is_none() {
        bail!(
            "there is nothing to serve: set matrix.homeserver or discord.token, in {} or by the variables \
             STOA__MATRIX__HOMESERVER and STOA__DISCORD__TOKEN; `stoa console` works without",
            context.file().display()
        );
    }
    if let Some(what) = context.readable_secrets() {
        tracing::warn!("{what}");
    }
    let core = context.open()?;
    tracing::info!(dir = %context.dir.display(), "the forum is open");
    if let Some(why) = core.rebuilt() {
        tracing::warn!("{why}");
    }
    runtime()?.block_on(async {
        signals::guard(async |asked| {
            let served = serve(context, &core, &asked).await;
            core.close().await;
            tracing::info!("the forum is closed");
            served
        })
        .await
        .context("listening for Ctrl-C")?
    })
}

/// The platforms that are being served; each gives how it ended.
type Platforms = JoinSet<(Platform, Result<(), Failed>)>;

/// A platform that can't be served any more.
struct Failed {
    /// Whether nothing can be kept any more.
    fatal: bool,
    why: anyhow::Error,
}

impl From<MatrixFault> for Failed {
    fn from(fault: MatrixFault) -> Self {
        let fatal = matches!(&fault, MatrixFault::Core(fault) if fault.is_fatal());
        let why = fault.into();
        Self { fatal, why }
    }
}

impl From<DiscordFault> for Failed {
    fn from(fault: DiscordFault) -> Self {
        let fatal = matches!(&fault, DiscordFault::Core(fault) if fault.is_fatal());
        let why = fault.into();
        Self { fatal, why }
    }
}

/// Serves all platforms until the stop. One that fails does not stop the others; it fails only where none is left, or
/// where nothing can be kept any more.
async fn serve(context: Context, core: &Core, asked: &Stop) -> Result<()> {
    // A console that was killed left its place open; nobody sits there now.
    let console = console::place(MAIN).key;
    core.place_closed(console::TERMINAL, &console).await?;
    let (stopper, stop) = stop();
    #[cfg(unix)]
    let answering = answer(&context, core, &stop);
    let mut platforms = Platforms::new();
    if let Some(settings) = context.settings.matrix {
        tracing::info!(
            homeserver = settings.homeserver,
            user = settings.user,
            "serving Matrix"
        );
        let (core, dir, stop) = (core.clone(), context.dir, stop.clone());
        platforms.spawn(async move {
            let ended = matrix_adapter::run(settings, dir, core, stop).await;
            (matrix_adapter::PLATFORM, ended.map_err(Failed::from))
        });
    }
    if let Some(settings) = context.settings.discord {
        let (core, stop) = (core.clone(), stop.clone());
        platforms.spawn(async move {
            let ended = discord_adapter::run(settings, core, stop).await;
            (discord_adapter::PLATFORM, ended.map_err(Failed::from))
        });
    }
    let mut failed = None;
    loop {
        let ended = tokio::select! {
            ended = platforms.join_next() => ended,
            () = asked.requested(), if !stop.is_requested() => {
                stopper.request();
                continue;
            }
        };
        let Some(ended) = ended else { break };
        let (platform, ended) = ended.context("a platform ended before it was done")?;
        let Err(Failed { fatal, why: error }) = ended else {
            tracing::info!(%platform, "stopped");
            continue;
        };
        if fatal {
            stopper.request();
        } else if !platforms.is_empty() {
            tracing::error!(%platform, "{}; the other platforms are served on", say::sentence(&error));
            continue;
        }
        failed.get_or_insert(error);
    }
    #[cfg(unix)]
    {
        stopper.request();
        answering.await.context("ending the control socket")?;
    }
    failed.map_or(Ok(()), Err)
}

/// Answers what commands ask of this process, until the stop. Where the socket can't be made, the forum is served without.
#[cfg(unix)]
fn answer(context: &Context, core: &Core, stop: &Stop) -> JoinHandle<()> {
    let (core, stop) = (core.clone(), stop.clone());
    let prefix = context.settings.forum.prefix.clone();
    let bound = Server::bind(&context.dir);
    tokio::spawn(async move {
        match bound {
            Ok(server) => server.serve(&core, &prefix, &stop).await,
            Err(error) => {
                tracing::warn!(%error, "no control socket: `stoa hide`, `show`, `status` and `console` don’t reach this process");
            }
        }
    })
}
