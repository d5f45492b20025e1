//! What people should not be able to do: ping everybody, smuggle markup, fill the room, speak as somebody else.

use serde_json::json;
use synapse::Synapse;

use super::{card, notice};
use crate::world::Bot;

#[tokio::test]
async fn nobody_is_pinged_and_no_markup_gets_through() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, victim) = (server.person("mira").await, server.person("victim").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    victim.join(&room).await;
    let pill = format!("https://matrix.to/#/{}", victim.user_id());
    // Said without mentioning anybody, so that only the bot could.
    mira.send_raw(
        &room,
        "m.room.message",
        &json!({
            "msgtype": "m.text",
            "body": format!("!ask @room {} victim <img src=x onerror=alert(1)> <b>\u{202E}x\u{0}y\n@room [victim]({pill}) <script>alert(1)</script> [x](javascript:alert(1))", victim.user_id()),
            "m.mentions": {}
        }),
    )
    .await;
    let question = card(&victim, &room, bot.user(), "#1", |_| true).await;
    mira.send(&room, "!search @room victim").await;
    let found = notice(&victim, &room, bot.user(), "found for").await;
    for shown in [&question, &found] {
        assert_eq!(shown.mentions, json!({}));
        let html = shown.formatted_body.as_deref().expect("it has HTML");
        for forbidden in [
            "<img",
            "<script",
            "<b>",
            "\u{202E}",
            "\u{0}",
            "href=\"javascript",
        ] {
            assert!(!html.contains(forbidden), "{forbidden:?} in {html}");
        }
        assert!(html.contains("&lt;img src=x"), "{html}");
    }
    assert_eq!(victim.highlights(&room).await, 0);
}

#[tokio::test]
async fn sixty_kilobytes_are_refused_plainly() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(
        &room,
        &format!("!ask Is this too long?\n{}", "x".repeat(60 * 1024)),
    )
    .await;
    notice(
        &mira,
        &room,
        bot.user(),
        "61440 characters of at most 12000",
    )
    .await;
    mira.send(
        &room,
        &format!("!ask Is this long enough?\n{}", "<&> ".repeat(3_000)),
    )
    .await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    let size = question.body.len() + question.formatted_body.map_or(0, |html| html.len());
    assert!(size <= 32 * 1024, "{size}");
    mira.send(&room, &format!("!ask {}", "very ".repeat(6_000)))
        .await;
    notice(
        &mira,
        &room,
        bot.user(),
        "A title has at most 120 characters",
    )
    .await;
}

#[tokio::test]
async fn notices_and_what_was_said_before_the_bot_came_are_not_heard() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = mira
        .create_room("Kitchen", synapse::RoomOptions::public())
        .await;
    mira.send(&room, "!ask Was this asked before the bot came?")
        .await;
    mira.invite(&room, bot.user()).await;
    mira.wait_joined(&room, bot.user().as_str()).await;
    mira.send_notice(&room, "!ask Is a notice heard by the bot?")
        .await;
    // The server refuses some of these; what it lets through is for the bot to bear.
    for (kind, content) in [
        (
            "m.room.message",
            json!({"msgtype": "org.example.odd", "body": "!ask Is this even a message?"}),
        ),
        (
            "m.room.message",
            json!({"msgtype": "m.text", "body": ["!ask"]}),
        ),
        ("m.room.message", json!({})),
        (
            "m.reaction",
            json!({"m.relates_to": {"event_id": 1, "key": {}, "rel_type": []}}),
        ),
        ("m.reaction", json!({"m.relates_to": "all of them"})),
    ] {
        let _ = mira.try_send_raw(&room, kind, &content).await;
    }
    mira.send(&room, "!ask Is this the first question?").await;
    let first = card(&mira, &room, bot.user(), "#1", |_| true).await;
    assert!(
        first.body.contains("Is this the first question?"),
        "{}",
        first.body
    );
}
