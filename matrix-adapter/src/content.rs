//! The contents of the events that the bot sends. Pure.
//!
//! Each says by `m.mentions` that it means nobody, so that no name in it notifies anyone.

use bot_core::platform::{MessageKey, SendKey};
use serde_json::{Value, json};

use crate::inbound::KEY;
use crate::render::RenderedMessage;

/// What a message hangs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hangs {
    /// The root of the thread that it goes to.
    pub thread: Option<MessageKey>,
    /// The message that it replies to.
    pub reply_to: Option<MessageKey>,
}

/// A card under a name by which it is found again; in a thread, its first part for clients that know none.
pub(crate) fn card(drawn: &RenderedMessage, key: &SendKey, thread: Option<&MessageKey>) -> Value {
    let mut content = message("m.text", drawn);
    content[KEY] = json!(key.0);
    if let Some(root) = thread {
        content["m.relates_to"] = json!({
            "rel_type": "m.thread",
            "event_id": root.0,
            "is_falling_back": true,
            "m.in_reply_to": { "event_id": root.0 },
        });
    }
    content
}

/// What a card shows from now on. What stands outside of `m.new_content` is for clients that know no edits.
pub(crate) fn edit(drawn: &RenderedMessage, of: &MessageKey) -> Value {
    let before = drawn.half();
    let before = RenderedMessage {
        body: format!("* {}", before.body),
        html: format!("* {}", before.html),
    };
    let mut content = message("m.text", &before);
    content["m.new_content"] = message("m.text", drawn);
    content["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": of.0 });
    content
}

/// A quiet reply: a notice, which rings nowhere; under a name by which it is found again, where it has one.
pub(crate) fn notice(drawn: &RenderedMessage, hangs: &Hangs, key: Option<&SendKey>) -> Value {
    let mut content = message("m.notice", drawn);
    if let Some(key) = key {
        content[KEY] = json!(key.0);
    }
    let reply = |to: &MessageKey| json!({ "event_id": to.0 });
    match (&hangs.thread, &hangs.reply_to) {
        (Some(root), to) => {
            content["m.relates_to"] = json!({
                "rel_type": "m.thread",
                "event_id": root.0,
                "is_falling_back": to.is_none(),
                "m.in_reply_to": reply(to.as_ref().unwrap_or(root)),
            });
        }
        (None, Some(to)) => content["m.relates_to"] = json!({ "m.in_reply_to": reply(to) }),
        (None, None) => {}
    }
    content
}

fn message(kind: &str, drawn: &RenderedMessage) -> Value {
    json!({
        "msgtype": kind,
        "body": drawn.body,
        "format": "org.matrix.custom.html",
        "formatted_body": drawn.html,
        "m.mentions": {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn() -> RenderedMessage {
        RenderedMessage {
            body: "#42 Why?".to_owned(),
            html: "<h3>#42 Why?</h3>".to_owned(),
        }
    }

    fn key(text: &str) -> MessageKey {
        MessageKey(text.to_owned())
    }

    #[test]
    fn a_card_in_a_thread_carries_its_key_and_means_nobody() {
        let root = key("$root");
        let content = card(&drawn(), &SendKey("card.7".to_owned()), Some(&root));
        let expected = json!({
            "msgtype": "m.text",
            "body": "#42 Why?",
            "format": "org.matrix.custom.html",
            "formatted_body": "<h3>#42 Why?</h3>",
            "m.mentions": {},
            "stoa.key": "card.7",
            "m.relates_to": {
                "rel_type": "m.thread",
                "event_id": "$root",
                "is_falling_back": true,
                "m.in_reply_to": { "event_id": "$root" },
            },
        });
        assert_eq!(content, expected);
    }

    #[test]
    fn an_edit_means_nobody_inside_and_outside() {
        let content = edit(&drawn(), &key("$card"));
        let nobody = json!({});
        assert_eq!(content["m.mentions"], nobody);
        assert_eq!(content["m.new_content"]["m.mentions"], nobody);
        assert_eq!(
            content["m.new_content"]["formatted_body"],
            "<h3>#42 Why?</h3>"
        );
        assert_eq!(content["body"], "* #42 Why?");
        assert_eq!(
            content["m.relates_to"],
            json!({ "rel_type": "m.replace", "event_id": "$card" })
        );
    }

    #[test]
    fn a_notice_goes_where_was_spoken() {
        let relation = |thread: Option<&str>, reply_to: Option<&str>| {
            let hangs = Hangs {
                thread: thread.map(key),
                reply_to: reply_to.map(key),
            };
            let content = notice(&drawn(), &hangs, None);
            assert_eq!(content["msgtype"], "m.notice");
            content.get("m.relates_to").cloned()
        };
        assert_eq!(relation(None, None), None);
        let reply = json!({ "m.in_reply_to": { "event_id": "$said" } });
        assert_eq!(relation(None, Some("$said")), Some(reply));
        let threaded = json!({
            "rel_type": "m.thread",
            "event_id": "$root",
            "is_falling_back": false,
            "m.in_reply_to": { "event_id": "$said" },
        });
        assert_eq!(relation(Some("$root"), Some("$said")), Some(threaded));
    }

    #[test]
    fn the_change_of_the_largest_card_fits_into_an_encrypted_event() {
        let drawn = RenderedMessage {
            body: "x".repeat(16_000),
            html: "x".repeat(16_000),
        };
        let content = edit(&drawn, &MessageKey("$card".to_owned()));
        assert_eq!(content["m.new_content"]["body"], drawn.body);
        // Encrypted, it is a third larger, and an event has more around it.
        assert!(content.to_string().len() * 4 / 3 + 2_048 <= 64 * 1024);
    }
}
