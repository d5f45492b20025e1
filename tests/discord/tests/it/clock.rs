//! What the fake's clock brings about. How long interactions live is in `strict`.

use std::time::Duration;

use discord::Discord;
use serde_json::{Value, json};

use crate::{
    gateway::Socket,
    rest::{ask, silent},
};

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn threads_are_archived_when_they_have_been_quiet_for_long_enough() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let forum = guild.forum_channel("questions", &[]).await;
    let mira = guild.person("mira").await;
    let path = format!("/channels/{}/threads", forum.id());
    let body = json!({ "name": "Eggs?", "auto_archive_duration": 60, "message": silent("How?") });
    ask(&discord, "POST", &path, body).await;
    let short = forum.threads().pop().unwrap();
    let long = mira.posts(&forum, "Pots?", "Which?", &[]).await;
    let mut socket = Socket::ready(&discord, 0, 1).await;

    discord.advance(HOUR / 2);
    mira.says(&short, "Anybody?").await;
    discord.advance(HOUR - Duration::from_millis(1));
    assert!(!short.is_archived(), "somebody wrote");
    let due = discord.now() + 1;
    discord.advance(5 * HOUR);
    assert!(short.is_archived() && !long.is_archived());
    let told = socket.until("THREAD_UPDATE").await.pop().unwrap();
    assert_eq!(told["d"]["id"], short.id().to_string());
    let state = &told["d"]["thread_metadata"];
    assert_eq!(state["archived"], true);
    let at: jiff::Timestamp = state["archive_timestamp"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(at.as_millisecond(), due, "at its own moment");

    let messages = format!("/channels/{}/messages", short.id());
    let refused = ask(&discord, "POST", &messages, silent("x")).await.1;
    assert_eq!(refused["code"], 50_083);
    let path = format!("/channels/{}", short.id());
    ask(&discord, "PATCH", &path, json!({ "archived": false })).await;
    discord.advance(HOUR / 2);
    assert_eq!(ask(&discord, "POST", &messages, silent("x")).await.0, 200);
    discord.advance(24 * HOUR);
    assert!(short.is_archived() && long.is_archived());
    let active = format!("/guilds/{}/threads/active", guild.id());
    let active = ask(&discord, "GET", &active, Value::Null).await.1;
    assert_eq!(active["threads"], json!([]));
    assert_eq!(discord.violations(), []);
}
