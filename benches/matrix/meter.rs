//! What stands between the bot and the server and looks at the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::wire::Message;

/// How a command was replied to.
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// From the sync response with the command to the request with the reply, less what the server took meanwhile for keys.
    pub own: Duration,
    /// From that request to its answer, and what the server took for keys before.
    pub server: Duration,
}

/// A command whose reply is waited for: by whom, and when the bot got it.
struct Awaited {
    sender: String,
    heard: Option<Instant>,
    /// What the server has taken since then for what the reply needs first.
    keys: Duration,
    tell: oneshot::Sender<Reply>,
}

/// By the room.
type Awaiting = Arc<Mutex<HashMap<String, Awaited>>>;

/// The proxy and what it waits for.
#[derive(Clone)]
pub struct Meter {
    url: Arc<str>,
    awaiting: Awaiting,
}

impl Meter {
    /// Puts one in front of a server, for as long as the runtime lives.
    pub async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = server.trim_start_matches("http://").to_owned();
        let awaiting = Awaiting::default();
        let shared = Arc::clone(&awaiting);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, awaiting) = (server.clone(), Arc::clone(&shared));
                // A connection that breaks off is the bot's to notice.
                tokio::spawn(async move { pass(stream, &server, &awaiting).await });
            }
        });
        Self {
            url: url.into(),
            awaiting,
        }
    }

    /// Where the bot finds it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the reply to the next message of this person in this room.
    pub fn expect(&self, room: &str, sender: &str) -> oneshot::Receiver<Reply> {
        let (tell, told) = oneshot::channel();
        let awaited = Awaited {
            sender: sender.to_owned(),
            heard: None,
            keys: Duration::ZERO,
            tell,
        };
        let mut awaiting = self.awaiting.lock().expect("no panic");
        awaiting.insert(room.to_owned(), awaited);
        told
    }
}

/// Hands on one connection, message for message.
async fn pass(stream: TcpStream, server: &str, awaiting: &Awaiting) -> Result<()> {
    stream.set_nodelay(true)?;
    let there = TcpStream::connect(server).await?;
    there.set_nodelay(true)?;
    let (mut bot, mut server) = (BufReader::new(stream), BufReader::new(there));
    loop {
        let Some(request) = Message::read(&mut bot).await? else {
            return Ok(());
        };
        let begun = Instant::now();
        let first = String::from_utf8_lossy(&request.first).into_owned();
        server.write_all(&request.bytes()).await?;
        let response = Message::read(&mut server).await?;
        let response = response.context("the server broke off")?;
        let answered = Instant::now();
        if first.starts_with("GET") && first.contains("/v3/sync?") {
            heard(awaiting, &response.body);
        } else if let Some(room) = reply_in(&first, &request.body) {
            sent(awaiting, &room, begun, answered);
        } else if is_for_keys(&first) {
            waited(awaiting, begun, answered);
        }
        bot.write_all(&response.bytes()).await?;
    }
}

/// Notes what a sync response brings, just before the bot gets it.
fn heard(awaiting: &Awaiting, body: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    let mut awaiting = awaiting.lock().expect("no panic");
    for (room, update) in body["rooms"]["join"].as_object().into_iter().flatten() {
        let Some(awaited) = awaiting.get_mut(room) else {
            continue;
        };
        let events = update["timeline"]["events"].as_array();
        let is_it = |event: &Value| {
            let kind = event["type"].as_str().unwrap_or_default();
            event["sender"] == awaited.sender.as_str()
                && matches!(kind, "m.room.message" | "m.room.encrypted")
        };
        if events.into_iter().flatten().any(is_it) {
            awaited.heard.get_or_insert_with(Instant::now);
        }
    }
}

/// The room that a reply or a new card goes to; cards' edits are no replies. What is encrypted is known by the names that Stoa gives.
fn reply_in(first: &str, body: &[u8]) -> Option<String> {
    let path = first.strip_prefix("PUT ")?.split_once("/v3/rooms/")?.1;
    let (room, rest) = path.split_once("/send/m.room.")?;
    let (kind, transaction) = rest.split_once('/')?;
    let is_reply = match kind {
        "message" => !String::from_utf8_lossy(body).contains("\"m.replace\""),
        _ => transaction.starts_with('r') || transaction.starts_with('p'),
    };
    is_reply.then(|| {
        room.replace("%21", "!")
            .replace("%3A", ":")
            .replace("%3a", ":")
    })
}

/// Whether a request has to be answered before something can be encrypted: for whom, and that they got the key.
fn is_for_keys(first: &str) -> bool {
    ["/keys/claim ", "/keys/query ", "/sendToDevice/", "/members"]
        .iter()
        .any(|part| first.contains(part))
}

/// Notes what the server took for keys, with all whose replies may wait for them.
fn waited(awaiting: &Awaiting, begun: Instant, answered: Instant) {
    let mut awaiting = awaiting.lock().expect("no panic");
    for awaited in awaiting.values_mut() {
        if let Some(heard) = awaited.heard {
            awaited.keys += answered.saturating_duration_since(begun.max(heard));
        }
    }
}

fn sent(awaiting: &Awaiting, room: &str, begun: Instant, answered: Instant) {
    let mut awaiting = awaiting.lock().expect("no panic");
    if awaiting
        .get(room)
        .is_some_and(|awaited| awaited.heard.is_some())
        && let Some(awaited) = awaiting.remove(room)
        && let Some(heard) = awaited.heard
    {
        let reply = Reply {
            own: (begun - heard).saturating_sub(awaited.keys),
            server: answered - begun + awaited.keys,
        };
        // Nobody waits where the bench has failed already.
        let _ = awaited.tell.send(reply);
    }
}
