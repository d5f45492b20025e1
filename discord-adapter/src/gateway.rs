//! Listens to Discord's gateway on a thread of its own: on one thread, handlers run in the order of the events.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bot_core::engine::Stop;
use serenity::all::{Context, GatewayIntents, RawEventHandler};
use serenity::async_trait;
use serenity::client::ClientBuilder;
use serenity::http::Http;
use serenity::model::event::Event;
use serenity::model::id::UserId;
use tokio::sync::{mpsc, oneshot};

use crate::fault::DiscordFault;
use crate::inbound::{self, Inbound};

/// What the bot asks to be told. Not what people write: commands, dialogs and menus carry their text.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::GUILD_MESSAGE_REACTIONS)
    .union(GatewayIntents::DIRECT_MESSAGES);

/// Puts events in a row before anything else is done.
struct Row {
    events: mpsc::Sender<Inbound>,
    own: UserId,
    lost: Arc<AtomicBool>,
}

#[async_trait]
impl RawEventHandler for Row {
    async fn raw_event(&self, _: Context, event: Event) {
        for inbound in inbound::from_event(event, self.own) {
            // Waiting here would let a later event go first. What is lost is found again by comparing.
            if self.events.try_send(inbound).is_err() {
                self.lost.store(true, Ordering::Release);
            }
        }
    }
}

/// Listens until the stop, or until Discord wants no more of it; the receiver hears how it ended.
pub(crate) fn listen(
    http: Http,
    gateway_url: Option<String>,
    own: UserId,
    events: mpsc::Sender<Inbound>,
    lost: Arc<AtomicBool>,
    stop: Stop,
) -> Result<oneshot::Receiver<Result<(), DiscordFault>>, DiscordFault> {
    let (ended, end) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(DiscordFault::Thread)?;
    std::thread::Builder::new()
        .name("discord-gateway".to_owned())
        .spawn(move || {
            let row = Row { events, own, lost };
            let over = runtime.block_on(serve(http, gateway_url, row, &stop));
            // Whoever asked is gone only when the process ends.
            drop(ended.send(over));
        })
        .map_err(DiscordFault::Thread)?;
    Ok(end)
}

async fn serve(
    http: Http,
    gateway_url: Option<String>,
    row: Row,
    stop: &Stop,
) -> Result<(), DiscordFault> {
    let refused = |error: serenity::Error| DiscordFault::Gateway {
        why: error.to_string(),
    };
    let built = ClientBuilder::new_with_http(http, INTENTS)
        .raw_event_handler(row)
        .await;
    let mut client = built.map_err(refused)?;
    if let Some(url) = gateway_url {
        *client.ws_url.lock().await = url;
    }
    let shards = Arc::clone(&client.shard_manager);
    tokio::select! {
        ended = client.start_autosharded() => ended.map_err(refused),
        () = stop.requested() => {
            shards.shutdown_all().await;
            Ok(())
        }
    }
}
