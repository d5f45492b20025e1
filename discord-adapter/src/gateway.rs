//! Listens to Discord's gateway on a thread of its own: on one thread, handlers run in the order of the events.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bot_core::engine::{Core, Stop};
use bot_core::panics;
use serenity::all::{Context, GatewayIntents, RawEventHandler};
use serenity::async_trait;
use serenity::client::ClientBuilder;
use serenity::http::Http;
use serenity::model::event::Event;
use serenity::model::id::UserId;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::PLATFORM;
use crate::connection::BotIdentity;
use crate::fault::DiscordFault;
use crate::inbound::{self, Inbound, Unread, Used};

/// What the bot asks to be told. Not what people write: commands, dialogs and menus carry their text.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MODERATION)
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::GUILD_MESSAGE_REACTIONS)
    .union(GatewayIntents::DIRECT_MESSAGES);

/// Where events go: what somebody waits for has a row of its own, so that it waits for nothing else.
#[derive(Clone)]
pub(crate) struct EventQueues {
    /// Who waits for something, and when they were heard.
    pub(crate) waiters: mpsc::Sender<(Waiter, QueuedEvent)>,
    /// Everything else, in order.
    pub(crate) events: mpsc::Sender<Inbound>,
    /// How much of that there was.
    pub(crate) told: Arc<AtomicU64>,
    /// That something was lost, since too much happened at once.
    pub(crate) lost: Arc<AtomicBool>,
}

/// Somebody who waits to be answered.
#[derive(Debug)]
pub(crate) enum Waiter {
    /// They used something.
    Used(Box<Used>),
    /// What they used could not be read.
    Unread(Unread),
}

/// When something was heard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueuedEvent {
    /// The moment.
    pub(crate) at: Instant,
    /// After how many events that nobody waits for.
    pub(crate) after: u64,
}

impl EventQueues {
    /// Puts something in its row. Waiting here would let a later event go first. What is lost is found again by comparing.
    pub(crate) fn put(&self, inbound: Inbound) {
        let lost = match inbound {
            Inbound::Used(used) => self.put_waiter(Waiter::Used(used)),
            Inbound::Unread(unread) => self.put_waiter(Waiter::Unread(unread)),
            event => {
                let sent = self.events.try_send(event);
                if sent.is_ok() {
                    self.told.fetch_add(1, Ordering::AcqRel);
                }
                sent.is_err()
            }
        };
        if lost {
            self.lost.store(true, Ordering::Release);
        }
    }
}

impl EventQueues {
    /// Whether there was no room for it.
    fn put_waiter(&self, waiter: Waiter) -> bool {
        let heard = QueuedEvent {
            at: Instant::now(),
            after: self.told.load(Ordering::Acquire),
        };
        self.waiters.try_send((waiter, heard)).is_err()
    }
}

/// Puts events in their rows before anything else is done.
struct QueueingHandler {
    rows: EventQueues,
    own: UserId,
    core: Core,
}

#[async_trait]
impl RawEventHandler for QueueingHandler {
    async fn raw_event(&self, _: Context, event: Event) {
        let waits = inbound::waits(&event);
        match panics::caught(|| inbound::from_event(event, self.own)) {
            Ok(told) => told.into_iter().for_each(|inbound| self.rows.put(inbound)),
            Err(why) => match waits {
                Some((id, token, channel)) => self.rows.put(Inbound::Unread(Unread {
                    id,
                    token,
                    channel,
                    why,
                })),
                None => {
                    drop(self.core.trouble(PLATFORM, &why));
                    self.rows.lost.store(true, Ordering::Release);
                }
            },
        }
    }
}

/// Listens until the stop, or until Discord wants no more of it; the receiver hears how it ended.
pub(crate) fn listen(
    http: Http,
    own: BotIdentity,
    (rows, core): (EventQueues, Core),
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
            let over = runtime.block_on(serve(http, own, (rows, core), &stop));
            // Whoever asked is gone only when the process ends.
            drop(ended.send(over));
        })
        .map_err(DiscordFault::Thread)?;
    Ok(end)
}

async fn serve(
    http: Http,
    own: BotIdentity,
    (rows, core): (EventQueues, Core),
    stop: &Stop,
) -> Result<(), DiscordFault> {
    let refused = |error: serenity::Error| DiscordFault::Gateway {
        why: error.to_string(),
    };
    let row = QueueingHandler {
        rows,
        own: own.user,
        core,
    };
    let built = ClientBuilder::new_with_http(http, INTENTS)
        .raw_event_handler(row)
        .await;
    let mut client = built.map_err(refused)?;
    // Serenity has asked for itself, and taken the public address where it got no answer.
    *client.ws_url.lock().await = own.gateway;
    let shards = Arc::clone(&client.shard_manager);
    tokio::select! {
        // One connection is begun each five seconds, which every `max_concurrency` allows.
        ended = client.start_shards(own.shards) => ended.map_err(refused),
        () = stop.requested() => {
            shards.shutdown_all().await;
            Ok(())
        }
    }
}
