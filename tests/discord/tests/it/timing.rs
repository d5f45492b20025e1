//! How long a bot takes, and what long runs need.

use discord::{Discord, Response};
use serde_json::{Value, json};

use crate::{bot::Bot, gateway::Socket, rest::ask};

#[tokio::test]
async fn what_a_bot_takes_is_measured_on_the_wire() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let path = format!("/applications/{}/commands", discord.application_id());
    let commands = json!([{ "name": "ask", "description": "Ask" }]);
    ask(&discord, "PUT", &path, commands).await;

    let untold = mira.command(&help, "ask", &[]).await;
    assert_eq!((untold.told_at(), untold.took()), (None, None));

    let mut socket = Socket::ready(&discord, 0, 1).await;
    let asked = mira.command(&help, "ask", &[]).await;
    let frame = socket.until("INTERACTION_CREATE").await.pop().unwrap();
    assert_eq!(frame["d"]["id"], asked.id().to_string());
    let told = asked.told_at().unwrap();
    assert_eq!(asked.took(), None);
    let path = format!(
        "/interactions/{0}/interaction-token-{0}/callback",
        asked.id()
    );
    // What is refused answers nothing.
    ask(&discord, "POST", &path, json!({ "type": 7 })).await;
    assert_eq!(asked.answered_at(), None);
    ask(&discord, "POST", &path, json!({ "type": 5 })).await;
    asked.answered().await;
    let took = asked.took().unwrap();
    assert_eq!(asked.answered_at().unwrap() - told, took);
    assert!(told.elapsed() >= took);
    assert_eq!(discord.take_violations().len(), 1);
}

#[tokio::test]
async fn a_real_client_is_measured_too() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let _bot = Bot::start(&discord).await;
    let asked = mira.command(&help, "ask", &[("title", "How?")]).await;
    asked.answered().await;
    assert!(matches!(asked.response().await, Response::Message(_)));
    assert!(asked.took().is_some());
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn requests_may_be_forgotten() {
    let discord = Discord::start().await;
    let mut paths = Vec::new();
    for path in ["/users/@me", "/gateway", "/gateway/bot"] {
        ask(&discord, "GET", path, Value::Null).await;
    }
    discord.keep_requests(2);
    paths.extend(discord.requests().into_iter().map(|it| it.path));
    ask(&discord, "GET", "/users/@me", Value::Null).await;
    let gateway = discord.requests_that(|it| it.path.starts_with("/gateway"));
    paths.extend(gateway.into_iter().map(|it| it.path));
    assert_eq!(paths, ["/gateway", "/gateway/bot", "/gateway/bot"]);
    discord.forget_requests();
    assert!(discord.requests().is_empty());
}
