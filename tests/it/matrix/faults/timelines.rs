//! What a homeserver may make of a timeline: events that are no such thing, events that come twice, in the wrong order, or so
//! many that it tells of the last ones only.

use std::collections::HashMap;
use std::sync::Mutex;

use futures_util::future::join_all;
use serde_json::{Value, json};
use synapse::{EventId, Person, Shown, Synapse};

use super::super::{card, notice};
use super::{TestContext, addresses};
use crate::world::Bot;

/// Changes each room's timeline in a sync response; `room` is its id.
fn timelines(response: &mut Value, mut change: impl FnMut(&str, &mut Vec<Value>)) {
    let rooms = response.pointer_mut("/rooms/join");
    let rooms = rooms.and_then(Value::as_object_mut);
    for (room, news) in rooms.into_iter().flatten() {
        let events = news.pointer_mut("/timeline/events");
        if let Some(events) = events.and_then(Value::as_array_mut) {
            change(room, events);
        }
    }
}

/// Events of all kinds that are read, each with something in it that is not what it should be.
fn rubbish(by: &str, card: &str) -> Vec<Value> {
    let good = [
        (
            "m.room.message",
            json!({ "msgtype": "m.text", "body": "!ask Is this nonsense?" }),
        ),
        (
            "m.room.message",
            json!({
                "m.new_content": { "msgtype": "m.text", "body": "!ask Is this nonsense?" },
                "m.relates_to": { "rel_type": "m.replace", "event_id": card },
            }),
        ),
        (
            "m.reaction",
            json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": card, "key": "👍" } }),
        ),
        ("m.room.redaction", json!({ "redacts": card })),
        ("m.room.member", json!({ "membership": "join" })),
        (
            "m.room.encrypted",
            json!({ "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "A", "session_id": "s" }),
        ),
    ];
    let wrong = [
        json!(null),
        json!(7),
        json!(-7.5),
        json!(true),
        json!(""),
        json!("all of them"),
        json!([]),
        json!(["m.text"]),
        json!({}),
    ];
    let mut events = vec![json!(null), json!(7), json!("event"), json!([]), json!({})];
    for (kind, content) in good {
        let event =
            json!({ "type": kind, "sender": by, "content": content, "origin_server_ts": 1 });
        for path in paths(&event) {
            // When it was is only shown, and may be missing.
            if path[0] == "origin_server_ts" {
                continue;
            }
            for wrong in wrong.iter().map(Some).chain([None]) {
                let mut event = event.clone();
                event["event_id"] = json!(format!("$rubbish{}", events.len()));
                if let Some(state_key) = (kind == "m.room.member").then_some(by) {
                    event["state_key"] = json!(state_key);
                }
                put(&mut event, &path, wrong);
                events.push(event);
            }
        }
    }
    for key in ["event_id", "unsigned", "state_key", "redacts"] {
        for wrong in &wrong {
            let mut event = json!({ "type": "m.room.redaction", "sender": by, "content": {} });
            event["event_id"] = json!(format!("$rubbish{}", events.len()));
            event[key] = wrong.clone();
            events.push(event);
        }
    }
    for kind in [
        "org.example.odd",
        "m.room.name",
        "m.room.topic",
        "m.room.tombstone",
    ] {
        let content = json!({ "name": 7, "topic": [], "replacement_room": {} });
        let id = format!("$rubbish{}", events.len());
        events.push(json!({ "type": kind, "sender": by, "event_id": id, "content": content }));
    }
    events
}

/// The ways to each value in an object.
fn paths(object: &Value) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (key, value) in object.as_object().into_iter().flatten() {
        all.push(vec![key.clone()]);
        for mut deeper in paths(value) {
            deeper.insert(0, key.clone());
            all.push(deeper);
        }
    }
    all
}

/// Puts a value in the place of another, or takes that one away.
fn put(object: &mut Value, path: &[String], value: Option<&Value>) {
    match (path, value) {
        ([last], None) => drop(
            object
                .as_object_mut()
                .and_then(|object| object.remove(last)),
        ),
        ([last], Some(value)) => object[last.as_str()] = value.clone(),
        ([first, rest @ ..], value) => put(&mut object[first.as_str()], rest, value),
        ([], _) => {}
    }
}

#[tokio::test]
async fn events_that_are_none_are_passed_over_and_those_around_them_are_heard() {
    let mut context = TestContext::new(Synapse::shared().await).await;
    context.ask(1..=1).await;
    let first = context.card(1, |_| true).await;
    let rubbish = rubbish(context.mira.user_id().as_str(), first.id.as_str());
    let many = rubbish.len();
    context
        .proxy
        .rewrite("GET", "/sync", usize::MAX, move |response| {
            timelines(response, |_, events| {
                let between = events
                    .iter()
                    .cloned()
                    .flat_map(|event| [event, rubbish[0].clone()]);
                *events = rubbish
                    .iter()
                    .cloned()
                    .chain(between)
                    .chain(rubbish.iter().cloned())
                    .collect();
            });
            for part in ["account_data", "to_device"] {
                response[part] = json!({ "events": rubbish[..200] });
            }
        });
    context.ask(2..=4).await;
    context.sol.react(&context.room, &first.id, "👍").await;
    context
        .card(1, |shown| shown.body.contains("+1 vote "))
        .await;
    assert!(context.bot.stop().await.success(), "{}", context.bot.log());
    // The cursor has moved: nothing is heard again.
    context.bot.start();
    context.ask(5..=5).await;
    context.mira.send(&context.room, "!show #1").await;
    let shown = notice(
        &context.mira,
        &context.room,
        context.bot.user(),
        "number 1?",
    )
    .await;
    assert!(shown.body.contains("+1 vote "), "{}", shown.body);
    assert_eq!(
        context.said("m.text", 1).await,
        addresses(1..=5),
        "{many} pieces"
    );
}

#[tokio::test]
async fn events_that_come_again_and_again_count_once() {
    let mut context = TestContext::new(Synapse::shared().await).await;
    let (mira, sol, room) = (&context.mira, &context.sol, &context.room);
    // Each event twice in a response, and everything again in each further one.
    let before: Mutex<HashMap<String, Vec<Value>>> = Mutex::default();
    context
        .proxy
        .rewrite("GET", "/sync", usize::MAX, move |response| {
            timelines(response, |room, events| {
                let mut before = before.lock().expect("no panic");
                let all = before.entry(room.to_owned()).or_default();
                all.append(events);
                *events = all
                    .iter()
                    .flat_map(|event| [event.clone(), event.clone()])
                    .collect();
                events.extend(all.iter().cloned());
            });
        });
    context.ask(1..=2).await;
    let first = context.card(1, |_| true).await;
    let vote = sol.react(room, &first.id, "👍").await;
    context
        .card(1, |shown| shown.body.contains("+1 vote "))
        .await;
    sol.redact(room, &vote).await;
    context
        .card(1, |shown| shown.body.contains("0 votes"))
        .await;
    sol.send(room, "!answer #1 It comes again.").await;
    card(mira, room, context.bot.user(), "#1.1", |_| true).await;
    sol.send(room, "!search nowhere").await;
    notice(mira, room, context.bot.user(), "“nowhere”").await;
    // What was taken back stays so, though the 👍 has come again since.
    sol.send(room, "!show #1").await;
    let shown = notice(mira, room, context.bot.user(), "number 1?").await;
    assert!(shown.body.contains("0 votes · 1 answer"), "{}", shown.body);
    context.ask(3..=3).await;
    assert!(context.bot.stop().await.success(), "{}", context.bot.log());
    assert_eq!(context.said("m.text", 1).await, ["#1", "#2", "#1.1", "#3"]);
    assert_eq!(context.said("m.notice", 0).await.len(), 2);
}

#[tokio::test]
async fn events_that_come_in_the_wrong_order_are_taken_as_they_come() {
    let mut context = TestContext::new(Synapse::shared().await).await;
    context.ask(1..=2).await;
    let first = context.card(1, |_| true).await;
    assert!(context.bot.stop().await.success(), "{}", context.bot.log());
    context.proxy.rewrite("GET", "/sync", 1, |response| {
        timelines(response, |_, events| events.reverse());
    });
    let (mira, sol, room) = (&context.mira, &context.sol, &context.room);
    sol.react(room, &first.id, "👍").await;
    let taken_back = mira.react(room, &first.id, "👎").await;
    mira.redact(room, &taken_back).await;
    sol.send(room, "!ask Is this heard at last?").await;
    sol.send(room, "!answer #3 It is, too late for me.").await;
    sol.send(room, "!answer #2 This one is heard.").await;
    context.bot.start();
    // The answer came before its question; all else holds in any order.
    card(mira, room, context.bot.user(), "#2.1", |_| true).await;
    let refused = notice(mira, room, context.bot.user(), "There is no #3.").await;
    let asked = context
        .card(3, |shown| shown.body.contains("at last?"))
        .await;
    assert!(asked.body.contains("no answers yet"), "{}", asked.body);
    context
        .card(1, |shown| shown.body.contains("+1 vote "))
        .await;
    // Said again by an edit, as any refused command.
    let again = refused.reply_to.expect("it is a reply");
    sol.edit(room, &again, "!answer #3 It is, in time.").await;
    card(mira, room, context.bot.user(), "#3.1", |_| true).await;
}

/// How many people talk while the bot is away, and how much each says.
const PEOPLE: usize = 40;
const EACH: usize = 30;

#[tokio::test]
async fn an_hour_of_a_busy_room_is_caught_up_with_in_order() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let people = server.people(PEOPLE, "guest").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    join_all(people.iter().map(|person| person.join(&room))).await;
    let mut posts: Vec<EventId> = Vec::new();
    for number in 1..=5 {
        mira.send(&room, &format!("!ask What of number {number}?"))
            .await;
        posts.push(
            card(&mira, &room, bot.user(), &format!("#{number}"), |_| true)
                .await
                .id,
        );
    }
    assert!(bot.stop().await.success(), "{}", bot.log());

    // Each says something of everything; every tenth thing is meant for the bot.
    let talk = async |nth: usize, person: &Person| {
        for at in 0..EACH {
            match at % 10 {
                0 => drop(
                    person
                        .send(&room, &format!("!search nothing{nth}x{at}"))
                        .await,
                ),
                1 if at < 10 => {
                    let key = if nth.is_multiple_of(4) {
                        "👎"
                    } else {
                        "👍"
                    };
                    for post in &posts {
                        person.react(&room, post, key).await;
                    }
                }
                2 => drop(person.react(&room, &posts[at / 10], "🎉").await),
                _ => drop(person.send(&room, &format!("We talk, {at}.")).await),
            }
        }
    };
    join_all(
        people
            .iter()
            .enumerate()
            .map(|(nth, person)| talk(nth, person)),
    )
    .await;
    bot.start();
    for number in 1..=5 {
        let voted = |shown: &Shown| shown.body.contains("+20 votes ");
        card(&mira, &room, bot.user(), &format!("#{number}"), voted).await;
    }

    let shown = mira.shown(&room).await;
    let asked: Vec<&EventId> = shown
        .iter()
        .filter(|shown| shown.body.starts_with("!search"))
        .map(|shown| &shown.id)
        .collect();
    let all = |shown: &[Shown]| {
        let notices = shown.iter().filter(|shown| shown.msgtype == "m.notice");
        let answered: Vec<_> = notices.filter_map(|shown| shown.reply_to.clone()).collect();
        (answered.len() >= asked.len()).then_some(answered)
    };
    let answered = mira.wait_for(&room, "all answers", all).await;
    assert_eq!(answered.len(), PEOPLE * EACH / 10);
    // People take turns; what one of them asked is answered in its order.
    for person in &people {
        let asked = shown
            .iter()
            .filter(|shown| shown.sender == *person.user_id() && shown.body.starts_with("!search"));
        let asked: Vec<&EventId> = asked.map(|shown| &shown.id).collect();
        let answers = answered.iter().filter(|answer| asked.contains(answer));
        assert_eq!(answers.collect::<Vec<_>>(), asked);
    }
}
