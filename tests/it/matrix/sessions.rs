//! Sessions that expire, are renewed, are ended: and a homeserver that comes and goes.

use serde_json::{Value, json};
use synapse::Synapse;

use super::{card, notice};
use crate::proxy::Proxy;
use crate::world::Bot;

/// The bot's kept session.
fn kept(bot: &Bot) -> Value {
    let path = bot.storage().join("matrix").join("session.json");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The devices of the bot's account, as the homeserver lists them to somebody who logs in for that and out again.
async fn devices(server: &Synapse, bot: &Bot) -> Vec<String> {
    let other = server.log_in(bot.account()).await;
    let devices = other.get("/_matrix/client/v3/devices").await;
    let devices = devices.expect("lists");
    let out = other.post("/_matrix/client/v3/logout", &json!({})).await;
    out.expect("logs out");
    let devices = devices["devices"].as_array().expect("a list").iter();
    let named = devices.filter(|device| device["display_name"] == "Stoa");
    named
        .map(|device| device["device_id"].to_string())
        .collect()
}

#[tokio::test]
async fn access_tokens_that_expire_are_renewed_and_kept_and_nobody_notices() {
    let server = Synapse::start_with(json!({ "refreshable_access_token_lifetime": "2s" })).await;
    let mut bot = Bot::running(&server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    let (mut tokens, mut asked) = (vec![kept(&bot)["access_token"].clone()], 0);
    while tokens.len() < 4 {
        asked += 1;
        mira.send(&room, &format!("!ask Is this asked as number {asked}?"))
            .await;
        card(&mira, &room, bot.user(), &format!("#{asked}"), |_| true).await;
        let token = kept(&bot)["access_token"].clone();
        if tokens.last() != Some(&token) {
            tokens.push(token);
        }
    }
    bot.kill();
    bot.start();
    asked += 1;
    mira.send(&room, "!ask Is this asked after a crash?").await;
    card(&mira, &room, bot.user(), &format!("#{asked}"), |_| true).await;
    let shown = mira.shown(&room).await;
    let cards = shown
        .iter()
        .filter(|shown| shown.msgtype == "m.text" && shown.sender == *bot.user());
    assert_eq!(cards.count(), asked, "one card each");
    assert_eq!(devices(&server, &bot).await.len(), 1);
    assert!(
        !bot.log().contains("logged in to Matrix again"),
        "{}",
        bot.log()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_expires_is_taken_up_again_on_the_same_device() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    bot.start();
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask Is this asked before?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    let device = kept(&bot)["device_id"].clone();

    // While it runs.
    proxy.expire_sessions();
    for number in 2..=6 {
        mira.send(&room, &format!("!ask Is this asked as number {number}?"))
            .await;
        mira.send(&room, &format!("!up #{}", number - 1)).await;
    }
    let last = card(&mira, &room, bot.user(), "#6", |_| true).await;
    assert!(last.body.contains("number 6"), "{}", last.body);
    assert_eq!(
        bot.log().matches("logged in to Matrix again").count(),
        1,
        "{}",
        bot.log()
    );

    // While it is down.
    assert!(bot.stop().await.success(), "{}", bot.log());
    proxy.expire_sessions();
    let (_, said) = tokio::task::block_in_place(|| bot.says(&["check", "--online"]));
    assert!(said.contains("logged in as"), "{said}");
    assert!(said.contains("is verified"), "{said}");
    proxy.expire_sessions();
    mira.send(&room, "!ask Is this asked while it is down?")
        .await;
    bot.start();
    card(&mira, &room, bot.user(), "#7", |_| true).await;
    mira.send(&room, "!show #7").await;
    notice(&mira, &room, bot.user(), "while it is down").await;
    assert_eq!(
        bot.log().matches("logged in to Matrix again").count(),
        2,
        "{}",
        bot.log()
    );
    assert_eq!(kept(&bot)["device_id"], device);
    assert_eq!(devices(server, &bot).await.len(), 1);

    let shown = mira.shown(&room).await;
    for number in 1..=7 {
        let beginning = format!("#{number} ");
        let cards = shown.iter().filter(|shown| {
            shown.sender == *bot.user()
                && shown.msgtype == "m.text"
                && shown.body.starts_with(&beginning)
        });
        assert_eq!(cards.count(), 1, "#{number}");
    }
    // One's own posts: each is refused in private once, and said here where it was a command.
    let replies = shown
        .iter()
        .filter(|shown| shown.msgtype == "m.notice" && shown.body.contains("own posts"));
    assert_eq!(replies.count(), 5);
}

#[tokio::test]
async fn a_session_that_is_ended_is_said_in_one_sentence_and_the_next_start_makes_another() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask Is this asked before?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    let before = devices(server, &bot).await;
    let other = server.log_in(bot.account()).await;
    let ended = other
        .post("/_matrix/client/v3/logout/all", &json!({}))
        .await;
    ended.expect("ends all sessions");
    let status = bot.ended().await;
    assert_eq!(status.code(), Some(1));
    let log = bot.log();
    let last = log.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("stoa: ")
            && last.contains("ended the session of")
            && last.contains("start again"),
        "{log}"
    );
    mira.send(&room, "!ask Is this asked after it?").await;
    bot.start();
    card(&mira, &room, bot.user(), "#2", |_| true).await;
    let after = devices(server, &bot).await;
    assert!(after.len() == 1 && after != before, "{before:?} {after:?}");
}

#[tokio::test]
async fn a_homeserver_that_is_killed_frozen_and_brought_back_is_ridden_out() {
    let server = Synapse::start().await;
    let mut bot = Bot::running(&server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask Is this asked before?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    let mut asked = 1;
    for round in 0..3 {
        // What the bot is about to answer when the server goes.
        asked += 1;
        mira.send(&room, &format!("!ask Is this asked in round {round}?"))
            .await;
        match round {
            0 => server.kill().await,
            1 => server.stop().await,
            _ => {
                server.freeze().await;
                server.thaw().await;
            }
        }
        server.restart().await;
        card(&mira, &room, bot.user(), &format!("#{asked}"), |_| true).await;
    }
    let shown = mira.shown(&room).await;
    let order: Vec<&str> = shown
        .iter()
        .filter(|shown| shown.sender == *bot.user() && shown.msgtype == "m.text")
        .filter_map(|shown| shown.body.split(' ').next())
        .collect();
    assert_eq!(order, ["#1", "#2", "#3", "#4"]);
    assert!(bot.stop().await.success(), "{}", bot.log());
}
