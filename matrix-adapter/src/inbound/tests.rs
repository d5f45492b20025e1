//! Events as homeservers send them, and what is heard of them.

use serde_json::{Value, json};

use super::*;

mod hostile;

const OWN: &str = "@stoa:localhost";

/// An event of mira's, changed by `with`.
fn event(kind: &str, content: Value, with: Value) -> Value {
    let mut event = json!({
        "type": kind,
        "event_id": "$event",
        "sender": "@mira:localhost",
        "origin_server_ts": 1_700_000_000_123_i64,
        "content": content,
        "unsigned": { "membership": "join", "age": 12 },
    });
    if let (Some(event), Some(with)) = (event.as_object_mut(), with.as_object()) {
        event.extend(with.clone());
    }
    event
}

fn heard(event: &Value) -> Option<EventMeaning> {
    read(OWN, &event.to_string()).expect("a well-formed event")
}

fn what(kind: &str, content: Value) -> Option<IncomingEvent> {
    match heard(&event(kind, content, json!({})))? {
        EventMeaning::UserEvent(user_event) => Some(user_event.what),
        other => panic!("not somebody's deed: {other:?}"),
    }
}

fn message(content: Value) -> Option<IncomingEvent> {
    what("m.room.message", content)
}

fn key(text: &str) -> MessageKey {
    MessageKey(text.to_owned())
}

fn said(text: &str, reply_to: Option<&str>, thread: Option<&str>) -> Option<IncomingEvent> {
    Some(IncomingEvent::Said {
        message: key("$event"),
        text: text.to_owned(),
        reply_to: reply_to.map(key),
        thread: thread.map(key),
    })
}

#[test]
fn a_message_is_heard_with_who_and_when() {
    let event = event(
        "m.room.message",
        json!({ "msgtype": "m.text", "body": "!ask Why?" }),
        json!({}),
    );
    let user_event = UserEvent {
        id: key("$event"),
        by: PersonKey("@mira:localhost".to_owned()),
        at: Timestamp(1_700_000_000_123),
        witness: Witness::Present,
        files: Files::None,
        what: said("!ask Why?", None, None).expect("said"),
    };
    assert_eq!(heard(&event), Some(EventMeaning::UserEvent(user_event)));
}

#[test]
fn notices_are_not_heard_and_what_is_not_in_words_is_no_command() {
    for kind in ["m.notice", "org.example.custom"] {
        assert_eq!(
            message(json!({ "msgtype": kind, "body": "!ask Why?" })),
            None
        );
    }
    for kind in ["m.emote", "m.image"] {
        assert_eq!(
            message(json!({ "msgtype": kind, "body": "!ask Why?" })),
            said("…", None, None)
        );
    }
}

#[test]
fn marks_that_only_the_html_has_are_read_from_it() {
    let rich = |body: &str, html: &str| {
        let format = "org.matrix.custom.html";
        message(
            json!({ "msgtype": "m.text", "body": body, "format": format, "formatted_body": html }),
        )
    };
    assert_eq!(
        rich("!answer Six weeks", "!answer <b>Six</b> weeks"),
        said("!answer **Six** weeks", None, None)
    );
    // As it was typed it is best.
    assert_eq!(
        rich(
            "!answer __Six__ weeks",
            "!answer <strong>Six</strong> weeks"
        ),
        said("!answer __Six__ weeks", None, None)
    );
    assert_eq!(
        rich(
            "ivo: 2 * 3",
            "<a href=\"https://matrix.to/#/@ivo:localhost\">ivo</a>: 2 * 3"
        ),
        said("ivo: 2 * 3", None, None)
    );
}

#[test]
fn what_is_covered_in_the_specifications_plain_form_keeps_its_words() {
    let rich = |body: &str, html: &str| {
        let format = "org.matrix.custom.html";
        message(
            json!({ "msgtype": "m.text", "body": body, "format": format, "formatted_body": html }),
        )
    };
    let html = |command: &str| {
        format!("{command} <em>It</em> was <span data-mx-spoiler>the butler</span>, so")
    };
    assert_eq!(
        rich(
            "!answer *It* was [Spoiler](mxc://localhost/abc), so",
            &html("!answer")
        ),
        said("!answer *It* was ||the butler||, so", None, None)
    );
    assert_eq!(
        rich(
            "!answer [Spoiler for the end](mxc://localhost/abc)",
            "!answer <span data-mx-spoiler=\"the end\">They<br><br>part</span>"
        ),
        said("!answer the end: ||They\npart||", None, None)
    );
    // In a title nothing can be uncovered.
    assert_eq!(
        rich(
            "!ask It was [Spoiler](mxc://localhost/abc)?",
            "!ask It was <span data-mx-spoiler>the butler</span>?<br>He <span data-mx-spoiler>did</span>."
        ),
        said("!ask It was ▇▇▇?\nHe ||did||.", None, None)
    );
}

#[test]
fn links_to_rooms_and_formulas_are_words_in_a_title() {
    let rich = |body: &str, html: &str| {
        let format = "org.matrix.custom.html";
        message(
            json!({ "msgtype": "m.text", "body": body, "format": format, "formatted_body": html }),
        )
    };
    let pill = "<a href=\"https://matrix.to/#/#beer:localhost\">#beer:localhost</a>";
    assert_eq!(
        rich(
            "!ask Who reads #beer:localhost?\nSee #beer:localhost",
            &format!("!ask Who reads {pill}?<br>See {pill}")
        ),
        said(
            "!ask Who reads #beer:localhost?\nSee [#beer:localhost](https://matrix.to/#/#beer:localhost)",
            None,
            None
        )
    );
    assert_eq!(
        rich(
            "!ask What is x_1 * 2?",
            "!ask What is <span data-mx-maths=\"x_1\"><code>x_1</code></span> * 2?"
        ),
        said("!ask What is x_1 * 2?", None, None)
    );
}

#[test]
fn a_picture_speaks_by_its_caption() {
    let picture =
        json!({ "msgtype": "m.image", "body": "!ask Why is it flat?", "filename": "keg.png" });
    let heard = heard(&event("m.room.message", picture, json!({})));
    let Some(EventMeaning::UserEvent(user_event)) = heard else {
        panic!("a deed");
    };
    assert_eq!(user_event.files, Files::Some);
    assert_eq!(
        Some(user_event.what),
        said("!ask Why is it flat?", None, None)
    );
    assert_eq!(
        message(json!({ "msgtype": "m.image", "body": "!ask.png", "filename": "!ask.png" })),
        said("…", None, None)
    );
}

#[test]
fn a_reply_is_heard_without_what_it_replies_to() {
    let reply = |body: &str| {
        message(json!({
            "msgtype": "m.text",
            "body": body,
            "m.relates_to": { "m.in_reply_to": { "event_id": "$card" } },
        }))
    };
    let body = "> <@stoa:localhost> #42 Why?\n> two lines\n\n!answer so";
    assert_eq!(reply(body), said("!answer so", Some("$card"), None));
    let body = "> <@stoa:localhost> #42\n!answer so\n> really";
    assert_eq!(
        reply(body),
        said("!answer so\n> really", Some("$card"), None)
    );
    assert_eq!(
        reply("> a quote\n\n!answer"),
        said("> a quote\n\n!answer", Some("$card"), None)
    );
    assert_eq!(
        reply("> <@stoa:localhost> all"),
        said("", Some("$card"), None)
    );
    // Without a relation it is what somebody typed.
    let typed = message(json!({ "msgtype": "m.text", "body": "> <@a:b> x" }));
    assert_eq!(typed, said("> <@a:b> x", None, None));
}

#[test]
fn in_a_thread_only_a_real_reply_is_one() {
    let thread = |falling_back: bool| {
        message(json!({
            "msgtype": "m.text",
            "body": "!answer so",
            "m.relates_to": {
                "rel_type": "m.thread",
                "event_id": "$root",
                "is_falling_back": falling_back,
                "m.in_reply_to": { "event_id": "$last" },
            },
        }))
    };
    assert_eq!(thread(true), said("!answer so", None, Some("$root")));
    let relation = json!({ "rel_type": "m.thread", "event_id": "$root" });
    let content = json!({ "msgtype": "m.text", "body": "x", "m.relates_to": relation });
    let inside = event("m.room.message", content, json!({})).to_string();
    assert_eq!(super::thread(&inside), Some(key("$root")));
    assert_eq!(super::thread("{}"), None);
    assert_eq!(
        thread(false),
        said("!answer so", Some("$last"), Some("$root"))
    );
}

#[test]
fn of_an_edit_only_the_new_content_is_read() {
    let edit = |new: Value| {
        message(json!({
            "msgtype": "m.text",
            "body": "* !ask Old?",
            "m.new_content": new,
            "m.relates_to": { "rel_type": "m.replace", "event_id": "$source" },
        }))
    };
    let rewrote = IncomingEvent::Rewrote {
        message: key("$source"),
        text: "!ask New?".to_owned(),
    };
    let now = json!({ "msgtype": "m.text", "body": "!ask New?" });
    assert_eq!(edit(now), Some(rewrote));
    assert_eq!(
        edit(json!({ "msgtype": "m.notice", "body": "!ask New?" })),
        None
    );
    assert_eq!(edit(Value::Null), None);
}

#[test]
fn reactions_come_with_their_emoji_as_it_is() {
    for emoji in ["👍", "👍\u{FE0F}", "👍🏽", "not an emoji"] {
        let on = json!({ "rel_type": "m.annotation", "event_id": "$card", "key": emoji });
        let reacted = IncomingEvent::Reacted {
            reaction: key("$event"),
            on: key("$card"),
            emoji: emoji.to_owned(),
        };
        assert_eq!(
            what("m.reaction", json!({ "m.relates_to": on })),
            Some(reacted)
        );
    }
    let thread = json!({ "rel_type": "m.thread", "event_id": "$card", "key": "👍" });
    assert_eq!(what("m.reaction", json!({ "m.relates_to": thread })), None);
}

#[test]
fn a_redaction_names_what_is_gone_inside_or_beside_its_content() {
    let gone = Some(IncomingEvent::Removed { gone: key("$gone") });
    assert_eq!(
        what("m.room.redaction", json!({ "redacts": "$gone" })),
        gone
    );
    let old = event("m.room.redaction", json!({}), json!({ "redacts": "$gone" }));
    match heard(&old) {
        Some(EventMeaning::UserEvent(user_event)) => assert_eq!(Some(user_event.what), gone),
        other => panic!("not heard: {other:?}"),
    }
    assert_eq!(what("m.room.redaction", json!({})), None);
}

#[test]
fn history_before_the_bot_came_is_not_heard() {
    let text = json!({ "msgtype": "m.text", "body": "!ask Why?" });
    for membership in ["leave", "invite", "ban", "knock"] {
        let unsigned = json!({ "unsigned": { "membership": membership } });
        assert_eq!(
            heard(&event("m.room.message", text.clone(), unsigned)),
            None
        );
    }
    let unsaid = event("m.room.message", text, json!({ "unsigned": {} }));
    match heard(&unsaid) {
        Some(EventMeaning::UserEvent(user_event)) => {
            assert_eq!(user_event.witness, Witness::Unsaid)
        }
        other => panic!("not heard: {other:?}"),
    }
}

#[test]
fn what_is_redacted_already_is_not_heard() {
    let unsigned = json!({ "unsigned": {
        "membership": "join",
        "redacted_because": { "type": "m.room.redaction", "content": {} },
    } });
    for kind in ["m.room.message", "m.reaction"] {
        assert_eq!(heard(&event(kind, json!({}), unsigned.clone())), None);
    }
}

#[test]
fn the_bots_own_messages_are_known_by_their_key() {
    let own = |content: Value| heard(&event("m.room.message", content, json!({ "sender": OWN })));
    let card = json!({ "msgtype": "m.text", "body": "#42 Why?", "stoa.key": "card.7" });
    let sent = EventMeaning::Own {
        key: SendKey("card.7".to_owned()),
        message: key("$event"),
    };
    assert_eq!(own(card), Some(sent));
    assert_eq!(own(json!({ "msgtype": "m.notice", "body": "done" })), None);
    assert_eq!(
        own(json!({ "msgtype": "m.text", "body": "!ask Why?" })),
        None
    );
    let edit = json!({
        "msgtype": "m.text",
        "body": "* #42",
        "stoa.key": "card.7",
        "m.relates_to": { "rel_type": "m.replace", "event_id": "$card" },
    });
    assert_eq!(own(edit), None);
    let forged = json!({ "msgtype": "m.text", "body": "#42", "stoa.key": "card.7" });
    assert_eq!(message(forged), said("#42", None, None));
    let redaction = event(
        "m.room.redaction",
        json!({ "redacts": "$reaction" }),
        json!({ "sender": OWN }),
    );
    assert_eq!(heard(&redaction), None);
}

#[test]
fn a_ban_that_takes_away_what_somebody_wrote_is_told_from_any_other() {
    let banned = |content: Value, sender: &str| {
        let beside = json!({ "sender": sender, "state_key": "@eve:localhost" });
        match heard(&event("m.room.member", content, beside)) {
            Some(EventMeaning::UserEvent(UserEvent { what, .. })) => Some(what),
            _ => None,
        }
    };
    let words = IncomingEvent::WordsRemoved {
        of: PersonKey("@eve:localhost".to_owned()),
    };
    for content in [
        json!({ "membership": "ban", "redact_events": true }),
        json!({ "membership": "leave", "redact_events": true }),
        json!({ "membership": "ban", "org.matrix.msc4293.redact_events": true }),
    ] {
        assert_eq!(banned(content, "@mod:localhost").as_ref(), Some(&words));
    }
    for content in [
        json!({ "membership": "ban" }),
        json!({ "membership": "ban", "redact_events": "yes" }),
        json!({ "membership": "ban", "redact_events": false }),
        json!({ "membership": "join", "redact_events": true }),
    ] {
        assert_eq!(banned(content, "@mod:localhost"), None);
    }
    let left = json!({ "membership": "leave", "redact_events": true });
    assert_eq!(
        banned(left, "@eve:localhost"),
        None,
        "nobody bans themselves"
    );
}

#[test]
fn the_bots_coming_is_told_from_a_change_of_its_name() {
    let member = |content: Value, unsigned: Value| {
        heard(&event(
            "m.room.member",
            content,
            json!({ "sender": OWN, "state_key": OWN, "unsigned": unsigned }),
        ))
    };
    let join = || json!({ "membership": "join" });
    let was = |membership: &str| json!({ "prev_content": { "membership": membership } });
    assert_eq!(member(join(), was("invite")), Some(EventMeaning::Arrived));
    assert_eq!(member(join(), json!({})), Some(EventMeaning::Arrived));
    assert_eq!(member(join(), was("join")), None);
    assert_eq!(member(join(), json!({ "replaces_state": "$before" })), None);
    assert_eq!(member(json!({ "membership": "leave" }), was("join")), None);
    let other = event(
        "m.room.member",
        join(),
        json!({ "state_key": "@sol:localhost" }),
    );
    assert_eq!(heard(&other), None);
}

#[test]
fn what_is_encrypted_still_is_known_by_its_session_and_what_it_changes() {
    let sealed = |relation: Value, with: Value| {
        let content = json!({
            "algorithm": "m.megolm.v1.aes-sha2",
            "ciphertext": "…",
            "session_id": "session",
            "m.relates_to": relation,
        });
        heard(&event("m.room.encrypted", content, with))
    };
    let expected = |changes: Option<&str>| {
        Some(EventMeaning::Undecrypted(UndecryptedEvent {
            id: key("$event"),
            by: PersonKey("@mira:localhost".to_owned()),
            witness: Witness::Present,
            session: "session".to_owned(),
            changes: changes.map(key),
        }))
    };
    assert_eq!(sealed(Value::Null, json!({})), expected(None));
    let thread = json!({ "rel_type": "m.thread", "event_id": "$root" });
    assert_eq!(sealed(thread, json!({})), expected(None));
    let edit = json!({ "rel_type": "m.replace", "event_id": "$said" });
    assert_eq!(sealed(edit, json!({})), expected(Some("$said")));
    assert_eq!(sealed(Value::Null, json!({ "sender": OWN })), None);
    let gone = json!({ "unsigned": { "redacted_because": {} } });
    assert_eq!(sealed(Value::Null, gone), None);
    let relation = json!({ "rel_type": "m.thread", "event_id": "$root" });
    let event = event(
        "m.room.encrypted",
        json!({ "session_id": "session", "m.relates_to": relation }),
        json!({}),
    );
    assert_eq!(thread_of(&event), Some(key("$root")));
}

fn thread_of(event: &Value) -> Option<MessageKey> {
    super::thread(&event.to_string())
}

#[test]
fn what_is_malformed_is_an_error_and_never_a_panic() {
    let texts = [
        String::new(),
        "[]".to_owned(),
        json!({ "type": 7 }).to_string(),
        json!({ "type": "m.room.message" }).to_string(),
        event("m.room.message", json!({}), json!({})).to_string(),
        event("m.room.message", json!("text"), json!({})).to_string(),
        event(
            "m.room.message",
            json!({ "msgtype": "m.text", "body": 7 }),
            json!({}),
        )
        .to_string(),
        event("m.reaction", json!({ "m.relates_to": "👍" }), json!({})).to_string(),
        event("m.room.redaction", json!({ "redacts": {} }), json!({})).to_string(),
    ];
    for text in texts {
        assert!(read(OWN, &text).is_err(), "{text}");
    }
}

#[test]
fn a_time_that_is_none_is_the_beginning() {
    for at in [json!("soon"), json!(-5), json!(1.5), Value::Null] {
        let text = json!({ "msgtype": "m.text", "body": "x" });
        match heard(&event(
            "m.room.message",
            text,
            json!({ "origin_server_ts": at }),
        )) {
            Some(EventMeaning::UserEvent(user_event)) => assert_eq!(user_event.at, Timestamp(0)),
            other => panic!("not heard: {other:?}"),
        }
    }
}

#[test]
fn nul_and_bidi_come_through_as_they_are() {
    let text = "!ask \u{0}\u{202E}?";
    assert_eq!(
        message(json!({ "msgtype": "m.text", "body": text })),
        said(text, None, None)
    );
}

#[test]
fn only_what_hangs_on_another_event_is_about_one() {
    let about = |what| {
        UserEvent {
            id: key("$event"),
            by: PersonKey(OWN.to_owned()),
            at: Timestamp(0),
            witness: Witness::Present,
            files: Files::None,
            what,
        }
        .about()
        .cloned()
    };
    assert_eq!(about(said("x", Some("$card"), None).expect("said")), None);
    let gone = IncomingEvent::Removed { gone: key("$gone") };
    assert_eq!(about(gone), Some(key("$gone")));
}
