//! The words by which files say what is one of several: those of `docs/import.md`, whatever the code calls them.

use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

use super::*;
use crate::forum::tests::variants::variants;

fn moment() -> Moment {
    Moment(Timestamp(1_796_000_000_000))
}

/// Whether `parts` are written as these lines, and read from them.
fn check_said<T: Serialize + DeserializeOwned + std::fmt::Debug + PartialEq>(
    parts: &[T],
    lines: &[String],
) {
    assert_eq!(parts.len(), lines.len());
    for (part, line) in parts.iter().zip(lines) {
        assert_eq!(serde_json::to_string(part).expect("it serialises"), *line);
        let read: T = serde_json::from_str(line).expect("it is read");
        assert_eq!(read, *part);
    }
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_closed_question_says_why_in_the_words_of_the_format() {
    let words = [
        "duplicate",
        "off-topic",
        "unclear",
        "too-broad",
        "opinion",
        "too-local",
        "reference",
        "noise",
        "unsaid",
    ];
    let why = [
        ClosingReason::Duplicate,
        ClosingReason::OffTopic,
        ClosingReason::Unclear,
        ClosingReason::TooBroad,
        ClosingReason::Opinion,
        ClosingReason::TooLocal,
        ClosingReason::Reference,
        ClosingReason::Noise,
        ClosingReason::Unsaid,
    ];
    let parts = why.map(|why| Closed { at: moment(), why });
    let lines = words.map(|word| format!(r#"{{"at":"2026-11-30T00:53:20.000Z","why":"{word}"}}"#));
    check_said(&parts, &lines);
    assert_eq!(variants::<ClosingReason>(), set(&words));
}

#[test]
fn a_hidden_post_says_by_whom_in_the_words_of_the_format() {
    let words = ["author", "moderator", "unknown"];
    let parts = [Hider::Author, Hider::Moderator, Hider::Unknown].map(|role| Hidden {
        at: moment(),
        role,
        by: None,
        withdraw_at: None,
    });
    let lines = words.map(|word| format!(r#"{{"at":"2026-11-30T00:53:20.000Z","as":"{word}"}}"#));
    check_said(&parts, &lines);
    assert_eq!(variants::<Hider>(), set(&words));
}

#[test]
fn a_vote_says_its_way_in_the_words_of_the_format() {
    let words = ["up", "down"];
    let parts = [Vote::Up, Vote::Down].map(|vote| VoteRecord {
        by: AccountRecord {
            platform: "matrix".to_owned(),
            key: "@mira:x".to_owned(),
            name: String::new(),
        },
        vote,
        reaction: None,
        spent: false,
    });
    let lines = words
        .map(|word| format!(r#"{{"by":{{"platform":"matrix","key":"@mira:x"}},"vote":"{word}"}}"#));
    check_said(&parts, &lines);
    assert_eq!(variants::<Vote>(), set(&words));
}
