//! What stands between the bot and the homeserver, and notes when votes come and edits go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::wire::Message;

/// What was seen, by the message that it is about.
#[derive(Default)]
struct Seen {
    /// When the bot was first told of a reaction.
    reacted: HashMap<String, Instant>,
    /// When the requests came that edit it.
    edited: HashMap<String, Vec<Instant>>,
}

/// The proxy and what it saw.
pub struct Meter {
    url: String,
    seen: Arc<Mutex<Seen>>,
    edits: watch::Receiver<u64>,
}

impl Meter {
    /// Puts one in front of a server, for as long as the runtime lives.
    pub async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = server.trim_start_matches("http://").to_owned();
        let seen = Arc::<Mutex<Seen>>::default();
        let (tell, edits) = watch::channel(0);
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, seen, tell) = (server.clone(), Arc::clone(&shared), tell.clone());
                // A connection that breaks off is the bot's to notice.
                tokio::spawn(async move { pass(stream, &server, &seen, &tell).await });
            }
        });
        Self { url, seen, edits }
    }

    /// Where the bot finds it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// When the bot was told of a reaction to a message.
    pub fn reacted(&self, message: &str) -> Option<Instant> {
        let seen = self.seen.lock().expect("no panic");
        seen.reacted.get(message).copied()
    }

    /// When requests came that edit a message.
    pub fn edited(&self, message: &str) -> Vec<Instant> {
        let seen = self.seen.lock().expect("no panic");
        seen.edited.get(message).cloned().unwrap_or_default()
    }

    /// Waits until a message was edited after `since`; gives when the request came.
    pub async fn edited_after(&self, message: &str, since: Instant) -> Instant {
        let mut edits = self.edits.clone();
        loop {
            edits.mark_unchanged();
            let edited = self.edited(message);
            if let Some(at) = edited.into_iter().find(|at| *at > since) {
                return at;
            }
            edits.changed().await.expect("the proxy runs");
        }
    }
}

/// Hands on one connection, message for message.
async fn pass(
    stream: TcpStream,
    server: &str,
    seen: &Mutex<Seen>,
    tell: &watch::Sender<u64>,
) -> Result<()> {
    stream.set_nodelay(true)?;
    let there = TcpStream::connect(server).await?;
    there.set_nodelay(true)?;
    let (mut bot, mut server) = (BufReader::new(stream), BufReader::new(there));
    loop {
        let Some(request) = Message::read(&mut bot).await? else {
            return Ok(());
        };
        let first = String::from_utf8_lossy(&request.first).into_owned();
        if first.starts_with("PUT ") && first.contains("/send/m.room.message/e") {
            edit(seen, &request.body);
            tell.send_modify(|edits| *edits += 1);
        }
        server.write_all(&request.bytes()).await?;
        let response = Message::read(&mut server).await?;
        let response = response.context("the server broke off")?;
        if first.starts_with("GET") && first.contains("/v3/sync?") {
            reactions(seen, &response.body);
        }
        bot.write_all(&response.bytes()).await?;
    }
}

/// Notes an edit.
fn edit(seen: &Mutex<Seen>, body: &[u8]) {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(message) = body["m.relates_to"]["event_id"].as_str() {
        let mut seen = seen.lock().expect("no panic");
        let edited = seen.edited.entry(message.to_owned()).or_default();
        edited.push(Instant::now());
    }
}

/// Notes the reactions that a sync response brings, just before the bot gets it.
fn reactions(seen: &Mutex<Seen>, body: &[u8]) {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let now = Instant::now();
    let mut seen = seen.lock().expect("no panic");
    for (_, room) in body["rooms"]["join"].as_object().into_iter().flatten() {
        let events = room["timeline"]["events"].as_array();
        for event in events.into_iter().flatten() {
            if let Some(on) = event["content"]["m.relates_to"]["event_id"].as_str()
                && event["type"] == "m.reaction"
            {
                seen.reacted.entry(on.to_owned()).or_insert(now);
            }
        }
    }
}
