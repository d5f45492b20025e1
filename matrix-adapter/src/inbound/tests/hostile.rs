//! Wrong types in every field: a good event of each kind, changed at each place in it. What is read of it is what stands
//! there, and a field that nobody needs loses nothing.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::render::tests::hostile::config;

/// How many pairs of changes are tried where nobody asks for more.
const CASES: u32 = 3_000;

/// A good event, and where in it something is read.
struct Good {
    event: Value,
    /// Without these it may mean nothing.
    needed: &'static [&'static str],
    /// What these say is read where it can be; the event is heard without them.
    told: &'static [&'static str],
}

/// What is needed of every event.
const ALWAYS: &[&str] = &["", "/type", "/event_id", "/sender", "/content"];
/// What is told by every event.
const TOLD: &[&str] = &["/origin_server_ts", "/unsigned", "/unsigned/membership"];
/// What a message's text may be lost by: the homeserver says so by a word of another meaning.
const ABSENT: &str = "/unsigned/membership";

fn good() -> Vec<Good> {
    let good = |kind, content, with, needed, told| Good {
        event: event(kind, content, with),
        needed,
        told,
    };
    let beside = json!({ "redacts": "$gone", "state_key": "x" });
    let content = |relation: Value| {
        json!({
            "msgtype": "m.text",
            "body": "> <@sol:localhost> !ask\n\n!answer so",
            "format": "org.matrix.custom.html",
            "formatted_body": "<font>!answer</font> so",
            "m.mentions": { "user_ids": ["@sol:localhost"], "room": true },
            "m.relates_to": relation,
            "m.new_content": { "msgtype": "m.text", "body": "!answer so", "m.mentions": {} },
            "stoa.key": "card.1",
            "com.example": [{ "a": [1, null] }],
        })
    };
    let unsigned = json!({
        "membership": "join",
        "age": 7,
        "prev_content": { "membership": "invite", "displayname": "Stoa" },
        "m.relations": { "m.replace": { "event_id": "$other" } },
        "transaction_id": "x",
    });
    let member = json!({ "sender": OWN, "state_key": OWN, "unsigned": unsigned });
    let text = &["/content/msgtype", "/content/body"][..];
    let reacted = json!({ "m.relates_to": {
        "rel_type": "m.annotation", "event_id": "$card", "key": "👍", "x": {},
    } });
    let sealed = json!({
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "…",
        "device_id": "DEVICE",
        "sender_key": "key",
        "session_id": "session",
        "m.relates_to": { "rel_type": "m.replace", "event_id": "$said" },
    });
    vec![
        good(
            "m.room.message",
            content(json!({})),
            beside.clone(),
            text,
            &[],
        ),
        good(
            "m.room.message",
            content(json!({ "m.in_reply_to": { "event_id": "$card" }, "x": 7 })),
            beside.clone(),
            text,
            &[
                "/content/m.relates_to",
                "/content/m.relates_to/m.in_reply_to",
                "/content/m.relates_to/m.in_reply_to/event_id",
            ],
        ),
        good(
            "m.room.message",
            content(json!({
                "rel_type": "m.thread",
                "event_id": "$root",
                "is_falling_back": false,
                "m.in_reply_to": { "event_id": "$card" },
            })),
            json!({ "unsigned": unsigned }),
            text,
            &[
                "/content/m.relates_to",
                "/content/m.relates_to/rel_type",
                "/content/m.relates_to/event_id",
                "/content/m.relates_to/is_falling_back",
                "/content/m.relates_to/m.in_reply_to",
                "/content/m.relates_to/m.in_reply_to/event_id",
            ],
        ),
        good(
            "m.room.message",
            content(json!({ "rel_type": "m.replace", "event_id": "$source", "x": [] })),
            beside.clone(),
            &[
                "/content/m.relates_to",
                "/content/m.relates_to/rel_type",
                "/content/m.relates_to/event_id",
                "/content/m.new_content",
                "/content/m.new_content/msgtype",
                "/content/m.new_content/body",
            ],
            &[],
        ),
        good(
            "m.room.message",
            content(json!({ "rel_type": "m.thread", "event_id": "$root" })),
            json!({ "sender": OWN }),
            &["/content/stoa.key"],
            &[],
        ),
        good(
            "m.reaction",
            reacted,
            beside.clone(),
            &[
                "/content/m.relates_to",
                "/content/m.relates_to/rel_type",
                "/content/m.relates_to/event_id",
                "/content/m.relates_to/key",
            ],
            &[],
        ),
        good(
            "m.room.redaction",
            json!({ "redacts": "$gone", "reason": "x" }),
            json!({ "state_key": "x" }),
            &["/content/redacts"],
            &[],
        ),
        good(
            "m.room.redaction",
            json!({ "reason": "x" }),
            beside.clone(),
            &["/redacts"],
            &[],
        ),
        good(
            "m.room.member",
            json!({ "membership": "join", "displayname": "Stoa", "avatar_url": "mxc://x/y" }),
            member,
            &["/state_key", "/content/membership"],
            &[
                "/unsigned/prev_content",
                "/unsigned/prev_content/membership",
            ],
        ),
        good(
            "m.room.encrypted",
            sealed,
            beside,
            &["/content/session_id"],
            &[
                "/content/m.relates_to",
                "/content/m.relates_to/rel_type",
                "/content/m.relates_to/event_id",
            ],
        ),
    ]
}

/// What is put where something else should be; none takes it away.
fn wrong() -> Vec<Option<Value>> {
    let deep = (0..100).fold(json!([]), |inner, _| json!([inner]));
    let mut wrong: Vec<Option<Value>> = [
        Value::Null,
        json!(true),
        json!(7),
        json!(1.5),
        json!(-1),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("x".repeat(70_000)),
        json!([]),
        json!({}),
        json!(["m.text", "!ask"]),
        json!(["m.annotation", "$x", "👍"]),
        json!({ "event_id": ["$x"], "membership": [] }),
        deep,
    ]
    .into_iter()
    .map(Some)
    .collect();
    wrong.push(None);
    wrong
}

/// Every place in an event, as pointers: the whole of it first.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                places(value, &format!("{at}/{key}"), into);
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter().enumerate() {
                places(value, &format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
}

/// Puts something at a place, if there is such a place still.
fn put(event: &mut Value, at: &str, what: Option<&Value>) {
    if let Some(what) = what {
        if let Some(there) = event.pointer_mut(at) {
            *there = what.clone();
        }
        return;
    }
    let (outer, key) = at.rsplit_once('/').unwrap_or(("", at));
    if let Some(object) = event.pointer_mut(outer).and_then(Value::as_object_mut) {
        object.remove(key);
    }
}

/// Whether what is read is what stands in the event.
fn check_honest(event: &Value, heard: &EventMeaning) {
    let at = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let text = |key: &MessageKey, pointer| assert_eq!(at(pointer), Some(key.0.as_str()), "{event}");
    let relation = "/content/m.relates_to/event_id";
    match heard {
        EventMeaning::Own { key, message } => {
            text(message, "/event_id");
            assert_eq!(at("/sender"), Some(OWN));
            assert_eq!(at("/content/stoa.key"), Some(key.0.as_str()));
        }
        EventMeaning::Arrived => assert_eq!(at("/state_key"), Some(OWN)),
        EventMeaning::Undecrypted(sealed) => {
            text(&sealed.id, "/event_id");
            assert_eq!(at("/sender"), Some(sealed.by.0.as_str()));
            assert_eq!(at("/content/session_id"), Some(sealed.session.as_str()));
            sealed.changes.iter().for_each(|to| text(to, relation));
        }
        EventMeaning::UserEvent(user_event) => {
            text(&user_event.id, "/event_id");
            assert_eq!(at("/sender"), Some(user_event.by.0.as_str()));
            match &user_event.what {
                IncomingEvent::Commanded { .. } | IncomingEvent::Decided { .. } => {
                    panic!("Matrix has no commands of its own")
                }
                IncomingEvent::MessageGone { .. } | IncomingEvent::SurfacesGone { .. } => {
                    panic!("Matrix says by whose hand")
                }
                IncomingEvent::Said {
                    message,
                    text: said,
                    reply_to,
                    thread,
                } => {
                    text(message, "/event_id");
                    assert!(at("/content/body").is_some_and(|body| body.ends_with(said)));
                    let replied = "/content/m.relates_to/m.in_reply_to/event_id";
                    reply_to.iter().for_each(|to| text(to, replied));
                    thread.iter().for_each(|root| text(root, relation));
                }
                IncomingEvent::Rewrote {
                    message,
                    text: said,
                } => {
                    text(message, relation);
                    assert_eq!(at("/content/m.new_content/body"), Some(said.as_str()));
                }
                IncomingEvent::Reacted {
                    reaction,
                    on,
                    emoji,
                } => {
                    text(reaction, "/event_id");
                    text(on, relation);
                    assert_eq!(at("/content/m.relates_to/key"), Some(emoji.as_str()));
                }
                IncomingEvent::WordsRemoved { of } => {
                    assert_eq!(at("/state_key"), Some(of.0.as_str()))
                }
                IncomingEvent::Removed { gone } => match at("/content/redacts") {
                    Some(_) => text(gone, "/content/redacts"),
                    None => text(gone, "/redacts"),
                },
            }
        }
    }
}

/// Changes a good event at these places and checks what is heard of it.
fn check_changed(good: &Good, changes: &[(&str, Option<&Value>)]) {
    let mut changed = good.event.clone();
    for (at, what) in changes {
        put(&mut changed, at, *what);
    }
    let now = read(OWN, &changed.to_string());
    if let Ok(Some(now)) = &now {
        check_honest(&changed, now);
    }
    let among = |of: &[&str]| changes.iter().any(|(at, _)| of.contains(at));
    let absent = |(at, what): &(&str, Option<&Value>)| {
        let word = match *at {
            ABSENT => *what,
            "/unsigned" => what.and_then(|what| what.get("membership")),
            _ => None,
        };
        word.is_some_and(Value::is_string)
    };
    if among(ALWAYS) || among(good.needed) || changes.iter().any(absent) {
        return;
    }
    let shown = || format!("{changes:?} of {}", good.event);
    let now = now.unwrap_or_else(|error| panic!("{error}: {}", shown()));
    if among(TOLD) || among(good.told) {
        // Who came before is told by what was before; where that can't be read, it is as if nothing had been.
        assert!(now.is_some(), "{}", shown());
    } else {
        assert_eq!(now, heard(&good.event), "{}", shown());
    }
}

#[test]
fn a_wrong_type_anywhere_is_never_a_panic_and_loses_only_what_it_says() {
    let wrong = wrong();
    for good in good() {
        let all = heard(&good.event).expect("a good event");
        check_honest(&good.event, &all);
        let mut all = Vec::new();
        places(&good.event, "", &mut all);
        for pointer in ALWAYS.iter().chain(good.needed).chain(good.told) {
            assert!(all.iter().any(|at| at == pointer), "{pointer}");
        }
        for at in &all {
            for what in &wrong {
                check_changed(&good, &[(at, what.as_ref())]);
            }
        }
    }
}

#[test]
fn two_wrong_types_are_no_worse() {
    let (good, wrong) = (good(), wrong());
    let mut of = Vec::new();
    for one in &good {
        let mut all = Vec::new();
        places(&one.event, "", &mut all);
        of.push(all);
    }
    let pick = || (any::<usize>(), any::<usize>());
    let tried = TestRunner::new(config(CASES)).run(
        &(any::<usize>(), pick(), pick()),
        |(which, first, second)| {
            let which = which % good.len();
            let change = |(at, what): (usize, usize)| {
                let at = &of[which][at % of[which].len()];
                (at.as_str(), wrong[what % wrong.len()].as_ref())
            };
            check_changed(&good[which], &[change(first), change(second)]);
            Ok(())
        },
    );
    if let Err(failure) = tried {
        panic!("{failure}");
    }
}

#[test]
fn what_nests_a_thousand_deep_is_not_read_where_it_is_looked_at() {
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    for good in good() {
        let mut all = Vec::new();
        places(&good.event, "", &mut all);
        for at in all {
            let mut changed = good.event.clone();
            put(&mut changed, &at, Some(&json!("DEEP")));
            let changed = changed.to_string().replace("\"DEEP\"", &deep);
            // Heard without it, or not at all.
            if let Ok(Some(EventMeaning::UserEvent(user_event))) = read(OWN, &changed) {
                assert_eq!(user_event.id, key("$event"), "{at}");
            }
        }
    }
}

#[test]
fn other_state_is_nothing_whatever_it_says() {
    for what in wrong().into_iter().flatten() {
        for kind in [
            "m.room.tombstone",
            "m.room.create",
            "m.room.power_levels",
            "x",
        ] {
            let state = event(
                kind,
                what.clone(),
                json!({ "state_key": what, "unsigned": what }),
            );
            assert_eq!(heard(&state), None, "{kind}");
        }
    }
}

#[test]
fn what_relates_to_itself_is_read_once() {
    let message = |relation: Value| {
        message(json!({
            "msgtype": "m.text",
            "body": "!ask Why?",
            "m.new_content": { "msgtype": "m.text", "body": "!ask Why not?" },
            "m.relates_to": relation,
        }))
    };
    let reply = json!({ "m.in_reply_to": { "event_id": "$event" } });
    assert_eq!(message(reply), said("!ask Why?", Some("$event"), None));
    let thread = json!({ "rel_type": "m.thread", "event_id": "$event" });
    assert_eq!(message(thread), said("!ask Why?", None, Some("$event")));
    let rewrote = |of| {
        Some(IncomingEvent::Rewrote {
            message: key(of),
            text: "!ask Why not?".to_owned(),
        })
    };
    let edit = |of| json!({ "rel_type": "m.replace", "event_id": of });
    assert_eq!(message(edit("$event")), rewrote("$event"));
    // An edit of an edit is an edit of that edit: the forum knows no message of that name.
    assert_eq!(message(edit("$edit")), rewrote("$edit"));
    let own = json!({ "rel_type": "m.annotation", "event_id": "$event", "key": "👍" });
    let reacted = IncomingEvent::Reacted {
        reaction: key("$event"),
        on: key("$event"),
        emoji: "👍".to_owned(),
    };
    assert_eq!(
        what("m.reaction", json!({ "m.relates_to": own })),
        Some(reacted)
    );
    let gone = IncomingEvent::Removed {
        gone: key("$event"),
    };
    assert_eq!(
        what("m.room.redaction", json!({ "redacts": "$event" })),
        Some(gone)
    );
}

#[test]
fn an_edit_of_another_bots_notice_or_into_one_is_not_heard() {
    let edit = |outside: &str, inside: &str| {
        message(json!({
            "msgtype": outside,
            "body": "* !ask Why?",
            "m.new_content": { "msgtype": inside, "body": "!ask Why?" },
            "m.relates_to": { "rel_type": "m.replace", "event_id": "$said" },
        }))
    };
    assert_eq!(edit("m.text", "m.notice"), None);
    assert_eq!(edit("m.notice", "m.notice"), None);
    let own = json!({ "msgtype": "m.notice", "body": "!up #1" });
    let relation = json!({ "m.in_reply_to": { "event_id": "$card" } });
    assert_eq!(message(own.clone()), None);
    let mut reply = own;
    reply["m.relates_to"] = relation;
    assert_eq!(message(reply), None);
}

#[test]
fn names_are_kept_as_they_are() {
    for name in [
        "@<script>:x",
        "@\u{202E}arim:localhost",
        "@room",
        "@@:",
        "",
        "@a:[::1]:1",
    ] {
        let content = json!({ "msgtype": "m.text", "body": "!ask Why?" });
        match heard(&event("m.room.message", content, json!({ "sender": name }))) {
            Some(EventMeaning::UserEvent(user_event)) => assert_eq!(user_event.by.0, name),
            other => panic!("not heard: {other:?}"),
        }
    }
}
