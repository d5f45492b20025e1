//! What hand-made timelines look like.

use serde_json::{Value, json};

use super::write;

fn joins(who: &str, name: &str) -> Value {
    json!({ "type": "m.room.member", "event_id": format!("$join{name}"), "sender": who, "state_key": who,
            "content": { "membership": "join", "displayname": name } })
}

fn message(id: &str, sender: &str, body: &str, relates_to: Value) -> Value {
    json!({ "type": "m.room.message", "event_id": id, "sender": sender,
            "content": { "msgtype": "m.text", "body": body, "m.relates_to": relates_to } })
}

#[test]
fn a_thread_stands_below_its_root() {
    let (mira, sol) = ("@mira-a1:localhost", "@sol-a2:localhost");
    let thread = json!({ "rel_type": "m.thread", "event_id": "$1", "is_falling_back": true });
    let chat = write(&[
        joins(mira, "mira"),
        joins(sol, "sol"),
        message("$1", mira, "Why?", Value::Null),
        message("$2", sol, "Something else", Value::Null),
        message("$3", sol, "Because\n\nof that", thread),
        message(
            "$4",
            mira,
            "Thanks",
            json!({ "m.in_reply_to": { "event_id": "$2" } }),
        ),
    ]);
    let expected =
        "mira: Why?\n  sol: Because\n\n    of that\nsol: Something else\nmira (to sol): Thanks\n";
    assert_eq!(chat, expected);
}

#[test]
fn ids_become_names() {
    let mira = "@mira-a1:localhost";
    let event = format!("${}", "aB3-_".repeat(9));
    let body = format!(
        "{mira} wrote https://matrix.to/#/%21{room}%3Alocalhost/%24{event_end}?via=localhost for $5, says mira-a1! {event}",
        room = "r".repeat(18),
        event_end = event.trim_start_matches('$'),
    );
    let chat = write(&[joins(mira, "mira"), message("$1", mira, &body, Value::Null)]);
    let expected = "mira: @mira wrote https://matrix.to/#/!room/$event?via=localhost for $5, says mira! $event\n";
    assert_eq!(chat, expected);
}

#[test]
fn servers_lose_their_ports() {
    let mira = "@mira-a1:localhost:41234";
    let room = "r".repeat(18);
    let body = format!(
        "{mira} is in !{room}:localhost:41234, https://matrix.to/#/%21{room}%3Alocalhost%3A41234?via=localhost%3A41234"
    );
    let chat = write(&[joins(mira, "mira"), message("$1", mira, &body, Value::Null)]);
    let expected = "mira: @mira is in !room, https://matrix.to/#/!room?via=localhost\n";
    assert_eq!(chat, expected);
}
