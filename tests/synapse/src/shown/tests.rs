//! What is shown of hand-made timelines.

use serde_json::{Value, json};

use super::show;

fn message(id: &str, sender: &str, body: &str) -> Value {
    json!({ "type": "m.room.message", "event_id": id, "sender": sender, "content": { "msgtype": "m.text", "body": body } })
}

fn edit(id: &str, sender: &str, of: &str, body: &str) -> Value {
    json!({ "type": "m.room.message", "event_id": id, "sender": sender, "content": {
        "msgtype": "m.text",
        "body": format!("* {body}"),
        "m.new_content": { "msgtype": "m.text", "body": body },
        "m.relates_to": { "rel_type": "m.replace", "event_id": of },
    } })
}

fn reaction(id: &str, sender: &str, of: &str, key: &str) -> Value {
    json!({ "type": "m.reaction", "event_id": id, "sender": sender, "content": {
        "m.relates_to": { "rel_type": "m.annotation", "event_id": of, "key": key },
    } })
}

#[test]
fn the_last_edit_of_the_sender_counts() {
    let shown = show(&[
        message("$1", "@mira:x", "one"),
        edit("$2", "@mira:x", "$1", "two"),
        edit("$3", "@mira:x", "$1", "three"),
        edit("$4", "@sol:x", "$1", "not mine to say"),
    ]);
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].body.as_str(), shown[0].edits), ("three", 2));
}

#[test]
fn what_is_redacted_is_gone_in_each_room_version() {
    let shown = show(&[
        message("$1", "@mira:x", "old way"),
        message("$2", "@mira:x", "new way"),
        message("$3", "@mira:x", "already empty"),
        message("$4", "@mira:x", "stays"),
        edit("$5", "@mira:x", "$1", "the edit of something redacted"),
        json!({ "type": "m.room.redaction", "event_id": "$6", "sender": "@mira:x", "redacts": "$1", "content": {} }),
        json!({ "type": "m.room.redaction", "event_id": "$7", "sender": "@mira:x", "content": { "redacts": "$2" } }),
        json!({ "type": "m.room.message", "event_id": "$3", "sender": "@mira:x", "content": {},
                "unsigned": { "redacted_because": {} } }),
    ]);
    let bodies: Vec<_> = shown.iter().map(|message| message.body.as_str()).collect();
    assert_eq!(bodies, ["stays"]);
}

#[test]
fn reactions_are_gathered_even_if_they_come_before_the_message() {
    let shown = show(&[
        reaction("$1", "@sol:x", "$3", "👍"),
        reaction("$2", "@mira:x", "$3", "👍"),
        message("$3", "@mira:x", "hello"),
        reaction("$4", "@sol:x", "$3", "✅"),
        json!({ "type": "m.room.redaction", "event_id": "$5", "sender": "@sol:x", "redacts": "$4", "content": {} }),
    ]);
    assert_eq!((shown[0].count("👍"), shown[0].count("✅")), (2, 0));
}

#[test]
fn a_reply_for_old_clients_is_none() {
    let in_thread = |is_falling_back: bool| {
        let mut event = message("$2", "@sol:x", "there");
        event["content"]["m.relates_to"] = json!({
            "rel_type": "m.thread", "event_id": "$1", "is_falling_back": is_falling_back,
            "m.in_reply_to": { "event_id": "$1" },
        });
        show(&[event]).remove(0)
    };
    assert_eq!(in_thread(true).thread.as_deref(), Some("$1"));
    assert_eq!(in_thread(true).reply_to, None);
    assert_eq!(in_thread(false).reply_to.as_deref(), Some("$1"));
}
