//! Wires the adapter's parts and owns their tasks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bot_core::backoff::{Backoff, Doubling};
use bot_core::chance::System;
use bot_core::engine::{self, Core, Stop};
use bot_core::settings::DiscordSettings;
use bot_core::text::Texts;
use bot_core::turns::{Turns, Width};
use futures_util::future::BoxFuture;
use serenity::http::Route;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::PLATFORM;
use crate::answer::Answering;
use crate::channels::Channels;
use crate::commands::{self, ApplicationCommand};
use crate::connection::{self, BotIdentity};
use crate::direct::Acquaintances;
use crate::event_handler::{EventHandler, HINTED};
use crate::fault::DiscordFault;
use crate::gateway::{self, EventQueues};
use crate::lanes::Lanes;
use crate::outbound::Outbound;
use crate::pages;
use crate::recent_map::RecentMap;
use crate::recheck::Rechecks;
use crate::rest::Rest;
use crate::servers::Servers;

/// How many events wait at most; what comes beyond is found again by comparing.
const WAITING: usize = 10_000;
/// How much of what nobody waits for the core is told at the same time.
const AT_ONCE: Width = Width {
    all: 64,
    place: 8,
    person: 4,
};
/// Under which name the ledger has the hash of the commands that were registered last.
const COMMANDS: &str = "commands";
/// The waits between tries to reach Discord.
const WAITS: Doubling = Doubling::new(Duration::from_secs(1), Duration::from_secs(60));

/// Serves the forum on Discord until the stop; what was begun is finished.
///
/// Discord is waited for where it can't be reached.
///
/// The future is boxed so that its code is compiled with this crate, once, and not again by whoever awaits it.
///
/// # Errors
/// When it can't begin or go on, with one sentence that says what to do.
#[must_use]
pub fn run(
    settings: DiscordSettings,
    core: Core,
    stop: Stop,
) -> BoxFuture<'static, Result<(), DiscordFault>> {
    Box::pin(serve_until(settings, core, stop))
}

async fn serve_until(
    settings: DiscordSettings,
    core: Core,
    stop: Stop,
) -> Result<(), DiscordFault> {
    let settings = Arc::new(settings);
    let rest = Rest::new(connection::way(&settings)?);
    let Some(own) = reached(&rest, &settings, &stop).await? else {
        return Ok(());
    };
    tracing::info!(user = %own.user, "serving the forum on Discord");

    let rest = rest.of(own.application);
    let texts = core.texts().clone();
    register(&core, &rest, &texts).await?;
    let channels = Arc::new(Channels::default());
    let outbound = Arc::new(Outbound {
        rest: rest.clone(),
        channels: Arc::clone(&channels),
        own: own.user,
        texts,
    });
    let (events, happened) = mpsc::channel(WAITING);
    let (waiters, waiting) = mpsc::channel(WAITING);
    let rows = EventQueues {
        waiters,
        events,
        told: Arc::default(),
        lost: Arc::default(),
    };
    let handler = Arc::new(EventHandler {
        core: core.clone(),
        rest,
        channels,
        servers: Servers::default(),
        acquaintances: Acquaintances::default(),
        outbound: Arc::clone(&outbound),
        settings: Arc::clone(&settings),
        own: own.user,
        rows: rows.clone(),
        told: watch::Sender::new(0),
        lanes: Lanes::new(),
        rechecks: Rechecks::after(settings.read_again_after),
        turns: Turns::new(AT_ONCE),
        answering: Answering::new(),
        hinted: Mutex::new(RecentMap::new(HINTED)),
    });

    let (stopper, halt) = engine::stop();
    let ended = gateway::listen(
        connection::http(&settings)?,
        own,
        (rows, core.clone()),
        halt.clone(),
    )?;
    let mut tasks: JoinSet<Result<(), DiscordFault>> = JoinSet::new();
    tasks.spawn(async move {
        ended.await.unwrap_or_else(|_| {
            Err(DiscordFault::Gateway {
                why: "the thread that listens broke off".to_owned(),
            })
        })
    });
    tasks.spawn(async move {
        stop.requested().await;
        Ok(())
    });
    tasks.spawn(Arc::clone(&handler).answer_all(waiting, halt.clone()));
    tasks.spawn(Arc::clone(&handler).hear_all(happened, halt.clone()));
    tasks.spawn(pages::tidy(core.clone(), halt.clone()));
    tasks.spawn(async move { Ok(core.serve(outbound, halt).await?) });

    let mut over = Ok(());
    while let Some(task) = tasks.join_next().await {
        stopper.request();
        let ended = task.unwrap_or_else(|error| {
            Err(DiscordFault::Gateway {
                why: format!("a part of the bot broke off: {error}"),
            })
        });
        if over.is_ok() {
            over = ended;
        }
    }
    over
}

/// Who the bot is, as soon as Discord says so; none where the stop came before.
async fn reached(
    rest: &Rest,
    settings: &DiscordSettings,
    stop: &Stop,
) -> Result<Option<BotIdentity>, DiscordFault> {
    let mut backoff = Backoff::new(WAITS, System);
    let preflight = async || {
        let own = connection::preflight(rest, settings).await?;
        let connected = connection::connects(&own.gateway).await;
        connected.map_err(|why| DiscordFault::NoGateway {
            address: own.gateway.clone(),
            why,
        })?;
        Ok(own)
    };
    loop {
        let failed = tokio::select! {
            own = preflight() => match own {
                Err(fault @ (DiscordFault::Unreachable { .. } | DiscordFault::NoTls { .. } | DiscordFault::NoGateway { .. })) => fault,
                own => return own.map(Some),
            },
            () = stop.requested() => return Ok(None),
        };
        let wait = backoff.wait(None);
        tracing::warn!(
            "{failed}; it is tried again in {} s",
            wait.as_secs_f32().ceil()
        );
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.requested() => return Ok(None),
        }
    }
}

/// Whether Discord has as many commands as these: another program may have registered its own in their place.
async fn are_there(rest: &Rest, commands: &[ApplicationCommand]) -> bool {
    let route = Route::Commands {
        application_id: rest.application(),
    };
    match rest.get(route, Vec::new()).await {
        Ok(known) => known.as_array().map(Vec::len) == Some(commands.len()),
        // They were there.
        Err(_) => true,
    }
}

/// Registers the commands, where they are others than those that were registered last. Failing to is not fatal: those of
/// before still work.
async fn register(core: &Core, rest: &Rest, texts: &Texts) -> Result<(), DiscordFault> {
    let commands = commands::all(texts, &commands::locales(texts));
    let hash = match serde_json::to_value(&commands) {
        Ok(written) => commands::hash(&written),
        Err(error) => {
            tracing::error!(%error, "the commands could not be written as JSON");
            return Ok(());
        }
    };
    let ledger = core.ledger(PLATFORM);
    if ledger.get(COMMANDS).await?.as_ref() == Some(&hash) && are_there(rest, &commands).await {
        return Ok(());
    }
    match rest.register(&commands).await {
        Ok(()) => ledger.set(COMMANDS, &hash).await?,
        Err(failure) => tracing::error!(
            %failure,
            "the commands could not be registered; those that Discord knows still work"
        ),
    }
    Ok(())
}
