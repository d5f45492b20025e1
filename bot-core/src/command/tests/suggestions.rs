//! What is suggested to somebody who mistyped a command.

use super::*;

fn suggested(text: &str) -> Option<&'static str> {
    match parse(text, ROOM) {
        Parsed::Unknown { near, .. } => Some(near.name),
        Parsed::Nothing => None,
        other => panic!("{text:?} is {other:?}"),
    }
}

#[test]
fn no_suggestion_is_the_opposite_of_what_was_meant() {
    for opposite in [
        "!undelete",
        "!udelete",
        "!nudelete",
        "!unremove",
        "!unanswer",
        "!uncomment",
        "!unedit",
    ] {
        assert_eq!(suggested(opposite), None, "{opposite}");
    }
    for (typed, undoes) in [
        ("!unhid", "unhide"),
        ("!uhide", "unhide"),
        ("!nhide", "unhide"),
        ("!nuhide", "unhide"),
        ("!uaccept", "unaccept"),
        ("!unacept", "unaccept"),
        ("!unvot", "unvote"),
        ("!noaccept", "unaccept"),
        ("!dehide", "unhide"),
        ("!ulink", "unlink"),
        ("!unlnik", "unlink"),
    ] {
        assert_eq!(suggested(typed), Some(undoes), "{typed}");
    }
    for command in COMMANDS {
        let Some(undone) = suggested_for(&format!("un{}", command.name)) else {
            continue;
        };
        assert!(undone.starts_with("un"), "un{} is {undone}", command.name);
    }
}

/// What is suggested, if it is no command itself.
fn suggested_for(word: &str) -> Option<&'static str> {
    named(word)
        .is_none()
        .then(|| suggested(&format!("!{word}")))
        .flatten()
}

#[test]
fn what_can_not_be_undone_is_suggested_only_for_one_wrong_letter() {
    for (typed, near) in [
        ("!delte", Some("delete")),
        ("!deltee", Some("delete")),
        ("!dellate", None),
        ("!remvoe", Some("remove")),
        ("!rmve", None),
        ("!nswer", Some("answer")),
        ("!acept", Some("accept")),
    ] {
        assert_eq!(suggested(typed), near, "{typed}");
    }
}
