//! Rooms and people take turns: whoever says much, or is answered slowly, holds up nobody else, and nothing is lost by it.

use futures_util::future::join_all;
use serde_json::{Value, json};
use synapse::{EventId, Person, RoomId, Synapse};

use super::{card, notice};
use crate::proxy::Proxy;
use crate::world::Bot;

/// How many commands make a flood.
const FLOOD: usize = 40;
/// How many answers may be on their way before somebody else's turn comes: those that wait to be sent, and a few.
const ON_THEIR_WAY: usize = 10;

/// Asks the bot for so many things in a room, as fast as the homeserver takes them; gives the messages.
async fn flood(person: &Person, room: &RoomId, many: usize) -> Vec<EventId> {
    let said = (0..many).map(async |nth| person.send(room, &format!("!search flood{nth}")).await);
    join_all(said).await
}

/// Waits until the bot has answered so many messages in a room; gives which, in the order of the answers.
async fn answered(person: &Person, room: &RoomId, bot: &Bot, many: usize) -> Vec<EventId> {
    let what = format!("{many} answers");
    let all = |shown: &[synapse::Shown]| {
        let own = shown
            .iter()
            .filter(|shown| shown.sender == *bot.user() && shown.msgtype == "m.notice");
        let answered: Vec<_> = own.filter_map(|shown| shown.reply_to.clone()).collect();
        (answered.len() >= many).then_some(answered)
    };
    person.wait_for(room, &what, all).await
}

#[tokio::test]
async fn a_search_in_one_room_is_answered_while_a_flood_waits_in_another() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    bot.start();
    let (loud, quiet) = (server.person("loud").await, server.person("quiet").await);
    let noise = bot.room_of(&loud, "Noise").await;
    let library = bot.room_of(&quiet, "Library").await;
    // Nothing that is said in the loud room is answered for now.
    let gate = proxy.gate("PUT", own_part(&noise));
    let asked = flood(&loud, &noise, FLOOD).await;
    quiet.send(&library, "!search peace").await;
    notice(&quiet, &library, bot.user(), "“peace”").await;
    // The cursor has not passed what was not answered: after a crash all of it is, once each.
    bot.kill();
    gate.open();
    bot.start();
    let mut answered = answered(&loud, &noise, &bot, FLOOD).await;
    quiet.send(&library, "!search harmony").await;
    notice(&quiet, &library, bot.user(), "“harmony”").await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    let mut asked = asked;
    answered.sort();
    asked.sort();
    assert_eq!(answered, asked);
    let shown = quiet.shown(&library).await;
    let own = shown.iter().filter(|shown| shown.sender == *bot.user());
    assert_eq!(own.count(), 2);
}

#[tokio::test]
async fn what_one_asks_is_answered_before_all_that_another_asked_before() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    bot.start();
    let (loud, quiet) = (server.person("loud").await, server.person("quiet").await);
    let room = bot.room_of(&loud, "Noise").await;
    quiet.join(&room).await;
    let gate = proxy.gate("PUT", own_part(&room));
    flood(&loud, &room, FLOOD).await;
    let asked = quiet.send(&room, "!search peace").await;
    gate.open();
    let answered = answered(&quiet, &room, &bot, FLOOD + 1).await;
    let at = answered.iter().position(|answered| *answered == asked);
    assert!(
        at.is_some_and(|at| at <= ON_THEIR_WAY),
        "answered as number {at:?}"
    );
}

#[tokio::test]
async fn of_much_that_was_missed_all_is_heard_in_order() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask Is anybody there?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    // More than is kept in memory, of which the homeserver tells only the last in a response: what is kept is read in turn.
    let long = "flour and water ".repeat(3_600);
    let mut asked = Vec::new();
    for nth in 0..45 {
        match nth % 3 {
            0 => drop(mira.send(&room, &format!("we talk about {long}")).await),
            _ => asked.push(mira.send(&room, &format!("!search {nth} {long}")).await),
        }
    }
    mira.send(&room, "!ask Is this heard at last?").await;
    bot.start();
    card(&mira, &room, bot.user(), "#2", |_| true).await;
    let answered = answered(&mira, &room, &bot, asked.len()).await;
    assert_eq!(answered, asked);
}

#[tokio::test]
async fn what_can_not_be_decrypted_where_nothing_is_encrypted_is_not_kept() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    bot.start();
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    let by = mira.user_id().to_string();
    proxy.rewrite("GET", "/sync", usize::MAX, move |response| {
        let rooms = response
            .pointer_mut("/rooms/join")
            .and_then(Value::as_object_mut);
        for (_, news) in rooms.into_iter().flatten() {
            let events = news.pointer_mut("/timeline/events");
            if let Some(events) = events.and_then(Value::as_array_mut) {
                let sealed = (0..50).map(|nth| {
                    json!({
                        "type": "m.room.encrypted", "sender": by, "origin_server_ts": 1,
                        "event_id": format!("$sealedevent{nth}"),
                        "content": {
                            "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "A",
                            "session_id": "s", "sender_key": "k", "device_id": "D",
                        },
                    })
                });
                events.splice(0..0, sealed);
            }
        }
    });
    mira.send(&room, "!ask Is this heard?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    let kept = bot_core::remains::of(&bot.storage(), "undecrypted").expect("the folder is read");
    assert_eq!(kept, Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn whoever_says_what_breaks_the_bot_is_told_a_code_and_all_others_go_on() {
    let server = Synapse::shared().await;
    let mut bot = Bot::new(server, server.url()).await;
    bot.environment("STOA_PANICS", "1");
    bot.start();
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join(&room).await;
    for step in ["event", "action", "view", "adapter"] {
        let said = format!("!search panic-at-{step}");
        let said = match step {
            "action" => "!ask Is this a panic-at-action?".to_owned(),
            _ => said,
        };
        let said = mira.send(&room, &said).await;
        let told = mira
            .wait_message(&room, "a code", |shown| {
                shown.sender == *bot.user() && shown.reply_to.as_ref() == Some(&said)
            })
            .await;
        let code = told
            .body
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
        let log = bot.log();
        let is_logged = |word: &str| word.len() == 6 && log.contains(word);
        assert!(code.clone().any(is_logged), "{step}: {}", told.body);
        assert!(!told.body.contains("panic at"), "{}", told.body);
        sol.send(&room, &format!("!search after{step}")).await;
        notice(&sol, &room, bot.user(), &format!("“after{step}”")).await;
    }
    // What broke does not come again.
    assert!(bot.stop().await.success(), "{}", bot.log());
    bot.start();
    sol.send(&room, "!search peace").await;
    notice(&sol, &room, bot.user(), "“peace”").await;
    let shown = sol.shown(&room).await;
    let own = shown.iter().filter(|shown| shown.sender == *bot.user());
    assert_eq!(own.count(), 9, "{shown:?}");
}

/// What a room's id has of its own, as it stands in a path.
fn own_part(room: &RoomId) -> &str {
    let id = room.as_str().trim_start_matches('!');
    id.split_once(':').map_or(id, |(own, _)| own)
}
