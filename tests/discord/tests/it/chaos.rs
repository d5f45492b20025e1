//! Chaos: the same from the same seed, and never more than a correct bot can bear.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use discord::{Chaos, Discord, Fault, Guild};
use serde_json::{Value, json};

use crate::{
    bot::Bot,
    gateway::{Heard, Socket},
    rest::{ask, silent},
};

/// A request that may get no answer (0).
async fn attempt(discord: &Discord, method: &str, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/api/v10{path}", discord.rest_url());
    let request = reqwest::Client::new()
        .request(method.parse().unwrap(), url)
        .header("user-agent", "DiscordBot (https://example.org, 1)")
        .header("authorization", format!("Bot {}", discord.token()))
        .json(&body);
    let Ok(answer) = request.send().await else {
        return (0, Value::Null);
    };
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

/// How sixty messages fare, and what the log of it says of it.
async fn sixty(seed: u64) -> (Vec<u16>, Vec<String>) {
    let discord = Discord::start().await;
    let help = discord.guild("Kitchen").await.text_channel("help").await;
    let path = format!("/channels/{}/messages", help.id());
    discord.chaos(Chaos::seeded(seed).strength(60));
    let mut statuses = Vec::new();
    for number in 0..60 {
        let body = silent(&number.to_string());
        statuses.push(attempt(&discord, "POST", &path, body).await.0);
    }
    assert_eq!(discord.violations(), []);
    (statuses, discord.chaos_log())
}

#[tokio::test]
async fn the_same_seed_gives_the_same_chaos() {
    let (one, again, other) = tokio::join!(sixty(3), sixty(3), sixty(4));
    assert_eq!(one, again);
    assert_ne!(one, other);
    let kinds: BTreeSet<u16> = one.0.iter().copied().collect();
    assert_eq!(kinds, BTreeSet::from([0, 200, 429, 500, 502]));
    let failed = |statuses: &[u16]| statuses.iter().all(|status| *status != 200);
    assert!(!one.0.windows(3).any(failed), "three in a row: {:?}", one.0);
}

async fn commanded(discord: &Discord, guild: &Guild) -> discord::Person {
    let path = format!("/applications/{}/commands", discord.application_id());
    let commands = json!([{ "name": "ask", "description": "Ask" }]);
    assert_eq!(ask(discord, "PUT", &path, commands).await.0, 200);
    guild.person("mira").await
}

#[tokio::test]
async fn who_answers_an_interaction_twice_gets_through() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = commanded(&discord, &guild).await;
    discord.chaos(Chaos::seeded(1).strength(100));
    let mut unheard = 0;
    for _ in 0..40 {
        let asked = mira.command(&help, "ask", &[]).await;
        let path = format!(
            "/interactions/{0}/interaction-token-{0}/callback",
            asked.id()
        );
        let (mut status, _) = attempt(&discord, "POST", &path, json!({ "type": 5 })).await;
        if status != 204 {
            let told;
            (status, told) = attempt(&discord, "POST", &path, json!({ "type": 5 })).await;
            unheard += u16::from(told["code"] == 40_060);
        }
        assert!(status == 204 || status == 400, "{status}");
        assert!(asked.is_answered());
    }
    assert!(unheard > 0, "some were done without a word");
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn events_come_twice_late_and_among_strangers_but_all_come() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let mut socket = Socket::ready(&discord, 0, 1).await;
    socket.until("GUILD_CREATE").await;
    discord.chaos(Chaos::seeded(5).strength(80).without_sockets());
    let mut sent = Vec::new();
    for number in 0..60 {
        sent.push(mira.says(&help, &number.to_string()).await.id().to_string());
    }
    discord.calm();
    help.delete().await;
    let frames = socket.until("CHANNEL_DELETE").await;
    let mut numbers = Vec::new();
    let (mut came, mut unknown, mut unreadable) = (Vec::new(), 0, 0);
    for frame in &frames {
        numbers.push(frame["s"].as_u64().unwrap());
        match frame["t"].as_str().unwrap() {
            "MESSAGE_CREATE" if frame["d"]["author"]["bot"] == true => unreadable += 1,
            "MESSAGE_CREATE" => came.push(frame["d"]["id"].as_str().unwrap().to_owned()),
            "CHANNEL_DELETE" => {}
            _ => unknown += 1,
        }
    }
    assert!(numbers.is_sorted(), "late events have late numbers");
    assert!(unknown > 3 && unreadable > 1, "{unknown} {unreadable}");
    assert!(came.len() > sent.len(), "some come twice");
    assert!(!came.is_sorted(), "some come late");
    assert_eq!(came.iter().collect::<BTreeSet<_>>(), sent.iter().collect());
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn serenity_lives_with_what_nobody_knows() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let bot = Bot::start(&discord).await;
    let first = mira.says(&help, "hello").await;
    discord.chaos(Chaos::seeded(5).strength(90).without_sockets());
    for emoji in ["👍", "👎", "🎉", "🥚", "🍳", "🔥"] {
        mira.react(&first, emoji).await;
    }
    discord.calm();
    mira.command(&help, "slow", &[]).await.message().await;
    let seen = bot.seen.lock().unwrap();
    assert!(seen.reactions >= 6, "{}", seen.reactions);
    assert!(!seen.unknown.is_empty());
    assert_eq!(discord.violations(), []);
}

/// A client that comes again whenever its socket ends, until it is told of a deleted channel. Gives the texts that it heard, and
/// how often it could not resume.
async fn stubborn(discord: &Discord) -> (Vec<String>, usize) {
    let (mut heard, mut anew) = (Vec::new(), 0);
    let (mut session, mut seq) = (Value::Null, Value::Null);
    loop {
        let mut socket = Socket::open(discord).await;
        if session.is_null() {
            anew += 1;
            socket.identify(discord, &Value::Null).await;
        } else {
            let data = json!({ "token": discord.token(), "session_id": session, "seq": seq });
            socket.say(json!({ "op": 6, "d": data })).await;
        }
        while let Heard::Frame(frame) = socket.next().await {
            match (frame["op"].as_u64(), frame["t"].as_str()) {
                (Some(7), _) => break,
                (Some(9), _) => {
                    if frame["d"] == false {
                        session = Value::Null;
                    }
                    break;
                }
                (_, Some("READY")) => session = frame["d"]["session_id"].clone(),
                (_, Some("MESSAGE_CREATE")) => {
                    heard.push(frame["d"]["id"].as_str().unwrap().to_owned());
                }
                (_, Some("CHANNEL_DELETE")) => return (heard, anew),
                _ => {}
            }
            seq = frame["s"].clone();
        }
    }
}

#[tokio::test]
async fn sockets_break_and_only_lost_sessions_lose_events() {
    let (mut resumed, mut identified) = (0, 0);
    for seed in 0..12 {
        let discord = Discord::start().await;
        let guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        let mira = guild.person("mira").await;
        let talk = async {
            discord.wait_connected(1).await;
            discord.chaos(Chaos::seeded(seed).strength(100).without_events());
            let mut sent = Vec::new();
            for number in 0..60 {
                sent.push(mira.says(&help, &number.to_string()).await.id().to_string());
            }
            let log = discord.chaos_log();
            discord.calm();
            discord.wait_connected(1).await;
            help.delete().await;
            (sent, log)
        };
        let ((heard, anew), (sent, log)) = tokio::join!(stubborn(&discord), talk);
        assert!(!log.is_empty());
        if anew == 1 {
            assert_eq!(heard, sent, "{log:?}");
        } else {
            assert!(heard.iter().all(|it| sent.contains(it)), "{log:?}");
        }
        resumed += discord.resumes();
        identified += discord.identifies();
        assert_eq!(discord.violations(), []);
    }
    assert!(resumed > 5 && identified > 14, "{resumed} {identified}");
}

#[tokio::test]
async fn requests_are_slow_or_too_many_of_all() {
    let discord = Discord::start().await;
    let by = Duration::from_millis(120);
    discord.fail(Fault::slow("GET", "/users/@me", by));
    discord.fail(Fault::too_many_shared("GET", "/users/@me", by));
    let start = Instant::now();
    assert_eq!(ask(&discord, "GET", "/users/@me", Value::Null).await.0, 200);
    assert!(start.elapsed() >= by);
    let url = format!("{}/api/v10/users/@me", discord.rest_url());
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.headers()["x-ratelimit-scope"], "shared");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["retry_after"], 0.12);
    assert_eq!(body["global"], false);
}
