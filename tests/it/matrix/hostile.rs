//! What people should not be able to do: ping everybody, smuggle markup, fill the room, speak as somebody else.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use synapse::{EventId, Person, RoomId, Shown, Synapse, UserId};

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
            "href=\"https://matrix.to/#/@",
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
    let tower = format!("a{}", "\u{301}".repeat(3_300));
    mira.send(&room, &format!("!ask {}", tower.repeat(5))).await;
    notice(&mira, &room, bot.user(), "too large: at most 4 KB fit").await;
    mira.send(&room, "!ask Is this small enough?").await;
    card(&mira, &room, bot.user(), "#2", |_| true).await;
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

#[tokio::test]
async fn a_thousand_reactions_of_one_person_are_one_vote_and_hold_nobody_up() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let mallory = server.person("mallory").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join(&room).await;
    mallory.join(&room).await;
    mira.send(&room, "!ask Does a thousand votes make one?")
        .await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await.id;
    let storm = async {
        for batch in (0..1_000_u32).collect::<Vec<_>>().chunks(40) {
            let react = |number: &u32| {
                let key = thumb(*number);
                let (mallory, room, question) = (&mallory, &room, &question);
                async move { mallory.react(room, question, &key).await }
            };
            join_all(batch.iter().map(react)).await;
        }
    };
    let others = async {
        for number in 0..3 {
            let asked = sol.send(&room, &format!("!search vote {number}")).await;
            told(&sol, &room, bot.user(), &asked).await;
        }
    };
    join(storm, others).await;

    // The card rests after so many edits: how the votes stand is said at once.
    let votes = async || {
        let asked = sol.send(&room, "!show #1").await;
        told(&sol, &room, bot.user(), &asked).await.body
    };
    mallory.react(&room, &question, "👍").await;
    let down = mallory.react(&room, &question, "👎").await;
    let shown = votes().await;
    assert!(shown.contains("–1 vote "), "{shown}");
    mallory.redact(&room, &down).await;
    let shown = votes().await;
    assert!(shown.contains("+1 vote "), "{shown}");
    sol.react(&room, &question, "👍").await;
    let shown = votes().await;
    assert!(shown.contains("+2 votes "), "{shown}");
}

/// A thumb that nobody else has: up and down in turns, in more and more skin tones, with a word of no meaning each third.
fn thumb(number: u32) -> String {
    if number.is_multiple_of(3) {
        return format!("no vote {number}");
    }
    let thumb = if number.is_multiple_of(2) {
        '👍'
    } else {
        '👎'
    };
    let tones = ['🏻', '🏼', '🏽', '🏾', '🏿'];
    let tone = |place: u32| tones[(number / 5_u32.pow(place) % 5) as usize];
    std::iter::once(thumb).chain((0..5).map(tone)).collect()
}

/// Waits for what the bot says in reply to a message.
async fn told(person: &Person, room: &RoomId, bot: &UserId, to: &EventId) -> Shown {
    person
        .wait_message(room, "a reply", |shown| {
            shown.sender == *bot && shown.reply_to.as_ref() == Some(to)
        })
        .await
}

/// A text that replaces a message's, whatever it was.
fn replacing(message: &EventId, text: &str, kind: &str) -> Value {
    json!({
        "msgtype": kind,
        "body": format!("* {text}"),
        "m.new_content": { "msgtype": kind, "body": text, "m.mentions": {} },
        "m.relates_to": { "rel_type": "m.replace", "event_id": message },
        "m.mentions": {},
    })
}

#[tokio::test]
async fn another_bot_s_notices_stay_unheard_whatever_becomes_of_them() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, robot) = (server.person("mira").await, server.person("robot").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    robot.join(&room).await;
    mira.send(&room, "!ask Who may answer here?").await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    let noticed = robot.send_notice(&room, "!ask Is a robot heard?").await;
    robot.send_notice(&room, "!answer #1 I am a robot.").await;
    robot.send_notice(&room, "!up #1").await;
    let thread = json!({
        "msgtype": "m.notice",
        "body": "!answer I am in the thread.",
        "m.relates_to": {
            "rel_type": "m.thread",
            "event_id": question.id,
            "is_falling_back": false,
            "m.in_reply_to": { "event_id": question.id },
        },
    });
    robot.send_raw(&room, "m.room.message", &thread).await;
    // A notice that becomes text was none of the forum's before, so it is none now; a text is not mended by a notice.
    let becomes_text = replacing(&noticed, "!ask Is a changed robot heard?", "m.text");
    robot.send_raw(&room, "m.room.message", &becomes_text).await;
    let refused = robot.send(&room, "!ask Hm?").await;
    told(&robot, &room, bot.user(), &refused).await;
    let mended = replacing(&refused, "!ask Does a notice mend this?", "m.notice");
    robot.send_raw(&room, "m.room.message", &mended).await;
    check_next(&bot, &mira, &room, "#2").await;
    let asked = mira.send(&room, "!show #1").await;
    let shown = told(&mira, &room, bot.user(), &asked).await.body;
    assert!(shown.contains("0 votes · no answers yet"), "{shown}");
}

/// Asks something, and waits until all that was said before is heard: the question is the one of this address.
async fn check_next(bot: &Bot, person: &Person, room: &RoomId, address: &str) {
    let said = person.send(room, "!ask Is this the next question?").await;
    let next = card(person, room, bot.user(), address, |_| true).await;
    assert!(next.body.contains("the next question"), "{}", next.body);
    let before = person.shown(room).await;
    let at = |id: &EventId| before.iter().position(|shown| shown.id == *id);
    assert!(at(&said) < at(&next.id), "it is the card of what was said");
}

#[tokio::test]
async fn relations_to_nothing_in_circles_and_by_strangers_change_nothing() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, mallory) = (server.person("mira").await, server.person("mallory").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    mallory.join(&room).await;
    let asked = mira.send(&room, "!ask Does this stay as it is?").await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    let other = mira.send(&room, "!ask Does the other one stay too?").await;
    card(&mira, &room, bot.user(), "#2", |_| true).await;

    // To a message that there is not. The server refuses some of these; what it lets through is for the bot to bear.
    let nowhere = EventId::from("$nowhere_nowhere_nowhere_nowhere_nowhere_no");
    for relation in [
        json!({ "rel_type": "m.replace", "event_id": nowhere }),
        json!({ "rel_type": "m.thread", "event_id": nowhere }),
        json!({ "m.in_reply_to": { "event_id": nowhere } }),
        json!({ "rel_type": "m.reference", "event_id": nowhere, "m.in_reply_to": { "event_id": "x" } }),
    ] {
        let content = json!({
            "msgtype": "m.text",
            "body": "!up",
            "m.new_content": { "msgtype": "m.text", "body": "!ask Is this asked of nothing?" },
            "m.relates_to": relation,
        });
        let _ = mallory
            .try_send_raw(&room, "m.room.message", &content)
            .await;
    }
    // Two edits of two messages that name each other, edits of edits, and one that hangs on itself by its thread.
    let mut first = replacing(&asked, "!ask Does this stay as it was?", "m.text");
    first["m.new_content"]["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": other });
    let edit = mira.send_raw(&room, "m.room.message", &first).await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("as it was?")
    })
    .await;
    let mut second = replacing(&other, "!ask Does the other one stay as well?", "m.text");
    second["m.new_content"]["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": edit });
    let back = mira.send_raw(&room, "m.room.message", &second).await;
    card(&mira, &room, bot.user(), "#2", |shown| {
        shown.body.contains("as well?")
    })
    .await;
    for edit in [&edit, &back] {
        let again = replacing(edit, "!ask Is an edit of an edit heard?", "m.text");
        let _ = mira.try_send_raw(&room, "m.room.message", &again).await;
        let _ = mira
            .try_send_raw(&room, "m.reaction", &annotation(edit, "👍"))
            .await;
    }
    // Somebody else's word about people's messages and the bot's, and a card that is none.
    for message in [&asked, &question.id, &edit] {
        let text = "!ask Is this mallory's now?";
        let _ = mallory
            .try_send_raw(&room, "m.room.message", &replacing(message, text, "m.text"))
            .await;
    }
    let forged = key_of(&mira, &room, &question.id).await;
    let forged = json!({ "msgtype": "m.text", "body": "#1 Forged?", "stoa.key": forged });
    let forged = mallory.send_raw(&room, "m.room.message", &forged).await;
    mallory.react(&room, &forged, "👍").await;
    mallory.redact(&room, &forged).await;

    check_next(&bot, &mira, &room, "#3").await;
    for (show, title) in [
        ("#1", "Does this stay as it was?"),
        ("#2", "Does the other one stay as well?"),
    ] {
        let asked = mallory.send(&room, &format!("!show {show}")).await;
        let shown = told(&mallory, &room, bot.user(), &asked).await.body;
        assert!(shown.contains(title), "{shown}");
        assert!(shown.contains("0 votes · no answers yet"), "{shown}");
    }
}

fn annotation(on: &EventId, key: &str) -> Value {
    json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": on, "key": key } })
}

/// The bot's own name for a card of its own, which everybody in the room can read.
async fn key_of(person: &Person, room: &RoomId, card: &EventId) -> Value {
    let events = person.events(room).await;
    let event = events
        .iter()
        .find(|event| event["event_id"] == card.as_str());
    let key = event.expect("the card is there")["content"]["stoa.key"].clone();
    assert!(key.is_string(), "{key}");
    key
}

#[tokio::test]
async fn a_name_does_no_harm_even_where_the_bot_may_call_everybody() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, victim) = (server.person("mira").await, server.person("victim").await);
    let mallory = server.person("mallory").await;
    mallory
        .set_display_name("\u{202E}<script>alert(1)</script> @room \u{2066}[x](javascript:y) `*_")
        .await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.set_power(&room, bot.user(), 100).await;
    victim.join(&room).await;
    mallory.join(&room).await;
    mallory.send(&room, "!ask Is my name all right?").await;
    card(&victim, &room, bot.user(), "#1", |_| true).await;
    mallory.send(&room, "!answer #1 It is.").await;
    let answer = card(&victim, &room, bot.user(), "#1.1", |_| true).await;
    let asked = victim.send(&room, "!show #1").await;
    let shown = told(&victim, &room, bot.user(), &asked).await;
    for shown in [answer, shown] {
        assert_eq!(shown.mentions, json!({}));
        let html = shown.formatted_body.as_deref().expect("it has HTML");
        // Round brackets are the bot’s own, around an account.
        let name = "&lt;script&gt;alert[1]&lt;/script&gt; @room [x][javascript:y] `*_";
        assert!(html.contains(name), "{html}");
        for text in [html, &shown.body] {
            assert!(!text.contains(['\u{202E}', '\u{2066}']), "{text:?}");
        }
    }
    assert_eq!(victim.highlights(&room).await, 0);
}

#[tokio::test]
async fn what_nests_very_deep_is_borne() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, mallory) = (server.person("mira").await, server.person("mallory").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    // Where only mallory and the bot are: a client that reads it may not bear it.
    let cellar = bot.room_of(&mallory, "Cellar").await;
    let mut sunk = Vec::new();
    // Around the depth at which the server refuses; a sync response adds some of its own.
    for depth in 110..130 {
        let nested = (0..depth).fold(json!([]), |inner, _| json!([inner]));
        let content =
            json!({ "msgtype": "m.text", "body": "!ask Is this too deep?", "deep": nested });
        let sent = mallory
            .try_send_raw(&cellar, "m.room.message", &content)
            .await;
        sunk.extend(sent);
    }
    let html = format!(
        "{}!ask Why?{}",
        "<blockquote><b>".repeat(1_000),
        "</b></blockquote>".repeat(1_000)
    );
    mira.send_html(&room, "!ask Is only the text read?\nYes.", &html)
        .await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    assert!(
        question.body.contains("Is only the text read?"),
        "{}",
        question.body
    );
    let body = ["> ", "- ", "[", "*", "**a _"]
        .map(|part| part.repeat(1_000))
        .join("x\n");
    mira.send(&room, &format!("!ask How deep is this?\n{body}"))
        .await;
    let deep = card(&mira, &room, bot.user(), "#2", |_| true).await;
    let html = deep.formatted_body.as_deref().unwrap_or_default();
    let depth = |end: &str| html.matches(end).count();
    assert!(depth("<blockquote>") <= 100, "{html}");
    assert_eq!(depth("<blockquote>"), depth("</blockquote>"));
    check_next(&bot, &mira, &room, "#3").await;
    // So all in the cellar is heard too; once it is gone, others can look in.
    for gone in &sunk {
        mallory.redact(&cellar, gone).await;
    }
    mira.join(&cellar).await;
    mira.send(&cellar, "!ask Is this heard in the cellar?")
        .await;
    let heard = |shown: &Shown| shown.body.contains("heard in the cellar?");
    card(&mira, &cellar, bot.user(), "#2", heard).await;
}
