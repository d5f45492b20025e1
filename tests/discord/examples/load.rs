//! How much the fake itself can bear: people send so many commands a second for so long, and a bot that does nothing else answers
//! each at once. What it prints is what a measured bot's numbers contain of the fake. With `tls` the bot answers over TLS.
//!
//! `cargo run --release -p discord --example load -- 200 60`

use std::time::{Duration, Instant};

use discord::{Discord, Interaction, intents};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{task::JoinSet, time};
use tokio_tungstenite::tungstenite::Message;

const AGENT: &str = "DiscordBot (https://example.org, 1)";

#[tokio::main]
async fn main() {
    let number = |at, otherwise| {
        let given = std::env::args().nth(at).and_then(|it| it.parse().ok());
        given.unwrap_or(otherwise)
    };
    let (rate, seconds): (u64, u64) = (number(1, 200), number(2, 60));
    let is_secure = std::env::args().nth(3).is_some_and(|it| it == "tls");
    let discord = Discord::start().await;
    discord.keep_requests(100);
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let bot = tokio::spawn(answer_all(Bot::of(&discord, is_secure)));
    let commands = |discord: &Discord| (!discord.commands().is_empty()).then_some(());
    discord.wait_until("the commands", commands).await;
    discord.wait_connected(1).await;

    let start = Instant::now();
    let mut beat = time::interval(Duration::from_micros(1_000_000 / rate));
    let mut waiting: JoinSet<Interaction> = JoinSet::new();
    for _ in 0..rate * seconds {
        beat.tick().await;
        let asked = mira.command(&help, "ask", &[]).await;
        waiting.spawn(async move {
            asked.answered().await;
            asked
        });
    }
    let sent = start.elapsed();
    let mut times: Vec<Duration> = waiting
        .join_all()
        .await
        .iter()
        .filter_map(Interaction::took)
        .collect();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 1_000).copied();
    println!("{} answered, all sent within {sent:.1?}", times.len());
    for (name, share) in [("p50", 500), ("p95", 950), ("p99", 990), ("p99.9", 999)] {
        println!("{name:>6} {:.2?}", at(share).unwrap_or_default());
    }
    println!("   max {:.2?}", times.last().copied().unwrap_or_default());
    println!("violations: {:?}", discord.violations());
    bot.abort();
}

/// All that the bot needs to know.
struct Bot {
    http: serenity_reqwest::Client,
    rest: String,
    gateway: String,
    token: String,
    app: String,
}

impl Bot {
    fn of(discord: &Discord, is_secure: bool) -> Self {
        let authority = serenity_reqwest::Certificate::from_pem(discord.ca_pem().as_bytes());
        let http = serenity_reqwest::Client::builder()
            .no_proxy()
            .add_root_certificate(authority.expect("the fake's own certificate is one"))
            .user_agent(AGENT)
            .build();
        Self {
            http: http.expect("a client with one more certificate can be made"),
            rest: if is_secure {
                discord.tls_url()
            } else {
                discord.rest_url()
            },
            gateway: discord.gateway_url(),
            token: discord.token().to_owned(),
            app: discord.application_id().to_string(),
        }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Option<u16> {
        let method = method.parse().ok()?;
        let request = self
            .http
            .request(method, format!("{}/api/v10{path}", self.rest))
            .header("authorization", format!("Bot {}", self.token))
            .header("content-type", "application/json")
            .body(body.to_string());
        Some(request.send().await.ok()?.status().as_u16())
    }
}

/// A bot that answers each interaction with a message, as soon as it hears of it.
async fn answer_all(bot: Bot) -> Option<()> {
    let bot = std::sync::Arc::new(bot);
    let commands = json!([{ "name": "ask", "description": "Ask" }]);
    bot.send(
        "PUT",
        &format!("/applications/{}/commands", bot.app),
        &commands,
    )
    .await?;
    let (mut socket, _) = tokio_tungstenite::connect_async(&bot.gateway).await.ok()?;
    let asked = intents::GUILDS | intents::GUILD_MESSAGES;
    let hello = json!({ "op": 2, "d": { "token": bot.token, "intents": asked, "properties": {} } });
    socket.send(hello.to_string().into()).await.ok()?;
    while let Some(Ok(frame)) = socket.next().await {
        let Message::Text(text) = frame else { continue };
        let frame: Value = serde_json::from_str(&text).ok()?;
        if frame["t"] != "INTERACTION_CREATE" {
            continue;
        }
        let bot = std::sync::Arc::clone(&bot);
        tokio::spawn(async move {
            let (id, token) = (frame["d"]["id"].as_str()?, frame["d"]["token"].as_str()?);
            let data = json!({ "content": "here", "allowed_mentions": { "parse": [] } });
            let body = json!({ "type": 4, "data": data });
            bot.send(
                "POST",
                &format!("/interactions/{id}/{token}/callback"),
                &body,
            )
            .await
        });
    }
    None
}
