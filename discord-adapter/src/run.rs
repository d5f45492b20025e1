//! Wires the adapter's parts and owns their tasks.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bot_core::engine::{self, Core, Stop};
use bot_core::platform::Platform;
use bot_core::settings::DiscordSettings;
use serenity::http::Http;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::channels::Channels;
use crate::commands;
use crate::ear::Ear;
use crate::fault::DiscordFault;
use crate::gateway;
use crate::outbound::Outbound;
use crate::reach;
use crate::rest::Rest;
use crate::words::Speak;

/// How many events wait at most; what comes beyond is found again by comparing.
const WAITING: usize = 10_000;
/// Under which name the ledger has the hash of the commands that were registered last.
const COMMANDS: &str = "commands";

/// Serves the forum on Discord until the stop; what was begun is finished.
///
/// # Errors
/// When it can't begin or go on, with one sentence that says what to do.
pub async fn run(settings: DiscordSettings, core: Core, stop: Stop) -> Result<(), DiscordFault> {
    let settings = Arc::new(settings);
    let (http, gateway_http) = both(&settings)?;
    let own = reach::preflight(&http, &settings).await?;
    http.set_application_id(own.application);
    gateway_http.set_application_id(own.application);
    tracing::info!(user = %own.user, "serving the forum on Discord");

    let rest = Rest::new(Arc::new(http), own.application);
    let speak = Speak::of(&core);
    register(&core, &rest, &speak).await?;
    let channels = Arc::new(Channels::default());
    let outbound = Arc::new(Outbound {
        rest: rest.clone(),
        channels: Arc::clone(&channels),
        own: own.user,
        speak,
    });
    let lost = Arc::new(AtomicBool::new(false));
    let ear = Arc::new(Ear {
        core: core.clone(),
        rest,
        channels,
        outbound: Arc::clone(&outbound),
        settings: Arc::clone(&settings),
        own: own.user,
        lost: Arc::clone(&lost),
    });
    open_named(&ear, &settings).await?;

    let (stopper, halt) = engine::stop();
    let (events, waiting) = mpsc::channel(WAITING);
    let url = settings.gateway_url.clone();
    let ended = gateway::listen(gateway_http, url, own.user, events, lost, halt.clone())?;
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
    let (listened, served) = (halt.clone(), halt);
    tasks.spawn(async move { ear.listen(waiting, listened).await });
    tasks.spawn(async move { Ok(core.serve(outbound, served).await?) });

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

fn both(settings: &DiscordSettings) -> Result<(Http, Http), DiscordFault> {
    Ok((reach::http(settings)?, reach::http(settings)?))
}

/// Registers the commands, where they are others than those that were registered last. Failing to is not fatal: those of
/// before still work.
async fn register(core: &Core, rest: &Rest, speak: &Speak) -> Result<(), DiscordFault> {
    let commands = commands::all(speak.words());
    let hash = commands::hash(&commands);
    let ledger = core.ledger(Platform::Discord);
    if ledger.get(COMMANDS).await?.as_ref() == Some(&hash) {
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

/// Opens the places that the settings name.
async fn open_named(ear: &Ear, settings: &DiscordSettings) -> Result<(), DiscordFault> {
    for channel in &settings.channels {
        let id = serenity::model::id::ChannelId::new(channel.0);
        match ear.channels.spot(&ear.rest, id).await {
            Ok(spot) => {
                let place = ear.described(&spot);
                ear.core.place_opened(Platform::Discord, &place).await?;
            }
            Err(failure) => tracing::warn!(
                %channel,
                %failure,
                "a channel of discord.channels can't be looked at"
            ),
        }
    }
    Ok(())
}
