//! What the inbox holds is read by later versions: its JSON is pinned by a line for each variant.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::forum::tests::variants::variants;

use crate::platform::Seclusion;

/// A line for each outcome of [`outcomes`].
const KEPT: &str = include_str!("kept.jsonl");

/// A line for each refusal, and for each kind of what there can be too many of.
const KEPT_REFUSALS: &str = include_str!("kept_refusals.jsonl");

fn post() -> Address {
    Address::question(42).with_answer(1).with_comment(2)
}

fn place(key: &str, name: &str) -> NamedPlace {
    NamedPlace {
        key: PlaceKey(key.to_owned()),
        name: name.to_owned(),
    }
}

fn mira() -> Account {
    Account {
        name: "mira".to_owned(),
        platform: "matrix".to_owned(),
        account: "@mira:x".to_owned(),
        id: "@mira:x".to_owned(),
        place: Some(Whereabouts {
            platform: "matrix".to_owned(),
            id: "!cellar:x".to_owned(),
            server: false,
        }),
    }
}

fn sol() -> Account {
    Account {
        name: "sol".to_owned(),
        platform: "discord".to_owned(),
        account: "sol".to_owned(),
        id: "7".to_owned(),
        place: None,
    }
}

fn brewing() -> Community {
    Community {
        name: "Brewing".to_owned(),
        place: Some(Whereabouts {
            platform: "discord".to_owned(),
            id: "100".to_owned(),
            server: true,
        }),
        questions: 7,
        seclusion: Seclusion {
            encrypted: true,
            private: false,
        },
    }
}

fn baking() -> Community {
    Community {
        name: "Baking".to_owned(),
        place: None,
        questions: 0,
        seclusion: Seclusion {
            encrypted: false,
            private: true,
        },
    }
}

/// Each outcome but the refusals; several where a part can be missing.
fn outcomes() -> Vec<Outcome> {
    let code = || "E75X-Y223".to_owned();
    let voted = |vote| Outcome::Voted {
        on: post(),
        vote,
        score: Score { ups: 3, downs: 4 },
    };
    vec![
        Outcome::Nothing,
        Outcome::Hinted,
        Outcome::Posted(post()),
        Outcome::Edited(post()),
        Outcome::Withdrawn(post()),
        Outcome::Hidden(post()),
        Outcome::Screened(post()),
        Outcome::MessageRemoved(post()),
        Outcome::CardRemoved(post()),
        Outcome::Unhidden(post()),
        voted(Some(Vote::Up)),
        voted(Some(Vote::Down)),
        voted(None),
        Outcome::Accepted(Address::question(42).with_answer(1)),
        Outcome::Unaccepted(Address::question(42)),
        Outcome::LinkCode(code()),
        Outcome::LinkAsked {
            code: code(),
            other: mira(),
        },
        Outcome::LinkWaits {
            code: code(),
            other: sol(),
        },
        Outcome::Linked(mira()),
        Outcome::Unlinked,
        Outcome::ForumCode(code()),
        Outcome::JoinAsked {
            code: code(),
            joins: true,
            mine: brewing(),
            by: Some(mira()),
            other: baking(),
        },
        Outcome::JoinAsked {
            code: code(),
            joins: false,
            mine: baking(),
            by: None,
            other: brewing(),
        },
        Outcome::JoinWaits {
            code: code(),
            other: brewing(),
        },
        Outcome::Joined {
            other: brewing(),
            by: Some(mira()),
            brought: 3,
        },
        Outcome::Joined {
            other: baking(),
            by: None,
            brought: 3,
        },
        Outcome::LeaveAsked(brewing()),
        Outcome::Left {
            other: brewing(),
            took: 3,
        },
        Outcome::PartAsked {
            other: brewing(),
            which: "brewing".to_owned(),
        },
        Outcome::Parted {
            other: brewing(),
            took: 3,
        },
        Outcome::WhichJoined(vec![
            (brewing(), "brewing".to_owned()),
            (baking(), "baking".to_owned()),
        ]),
        Outcome::Broken("x7k2pq".to_owned()),
        Outcome::WhichPost,
        Outcome::WhichForum(vec![
            (ForumId(3), place("!kitchen:x", "Kitchen")),
            (ForumId(4), place("!cellar:x", "Cellar")),
        ]),
        Outcome::Chosen(place("!kitchen:x", "Kitchen")),
        Outcome::Confirm {
            places: vec![place("!kitchen:x", "Kitchen")],
            others: 2,
            name: "mira".to_owned(),
        },
        Outcome::Dropped,
        Outcome::ConfirmDelete(post()),
        Outcome::NotDeleted,
        Outcome::NothingWaits,
        Outcome::All(vec![
            Outcome::Posted(Address::question(42)),
            Outcome::Refused(Refusal::NotAdmin),
        ]),
    ]
}

/// The name of the variant that a value was written as.
fn variant(value: &Value) -> String {
    let name = match value {
        Value::Object(fields) => fields.keys().next().map(String::as_str),
        other => other.as_str(),
    };
    name.expect("a variant's name").to_owned()
}

/// The names in a fixture, looked for by `part`.
fn pinned(lines: &str, part: impl Fn(&Value) -> &Value) -> BTreeSet<String> {
    let values = lines.lines().map(serde_json::from_str);
    let values = values.map(|value| value.expect("a line is JSON"));
    values.map(|value: Value| variant(part(&value))).collect()
}

/// Reads what the inbox has of `$ask`.
fn read(line: &str) -> Outcome {
    let event = MessageKey("$ask".to_owned());
    Outcome::decode(line, Platform::MATRIX, &event)
}

fn check_kept(outcome: &Outcome, line: &str) {
    assert_eq!(outcome.encode(), line);
    assert_eq!(read(line), *outcome, "{line}");
}

#[test]
fn each_outcome_is_kept_as_it_always_was_and_read_back() {
    let outcomes = outcomes();
    assert_eq!(outcomes.len(), KEPT.lines().count());
    for (outcome, line) in outcomes.iter().zip(KEPT.lines()) {
        check_kept(outcome, line);
    }
}

#[test]
fn each_refusal_is_kept_as_it_always_was_and_read_back() {
    for line in KEPT_REFUSALS.lines() {
        let refused = read(line);
        assert!(matches!(refused, Outcome::Refused(_)), "{line}");
        check_kept(&refused, line);
    }
}

#[test]
fn no_variant_is_without_its_line() {
    let mut outcomes = pinned(KEPT, |line| line);
    outcomes.extend(pinned(KEPT_REFUSALS, |line| line));
    assert_eq!(outcomes, variants::<Outcome>());
    let refusals = pinned(KEPT_REFUSALS, |line| &line["refused"]);
    assert_eq!(refusals, variants::<Refusal>());
}

#[test]
fn what_earlier_versions_kept_is_read() {
    // Before accounts and forums were told apart by more than their names.
    let mira = Account {
        name: "mira".to_owned(),
        platform: "matrix".to_owned(),
        ..Account::default()
    };
    let brewing = Community {
        place: None,
        ..brewing()
    };
    for (line, outcome) in [
        (
            r#"{"linked":{"name":"mira","platform":"matrix"}}"#,
            Outcome::Linked(mira),
        ),
        (
            r#"{"leave_asked":["Brewing",7,true,false]}"#,
            Outcome::LeaveAsked(brewing.clone()),
        ),
        (
            r#"{"joined":{"other":["Brewing",7,true,false],"brought":3}}"#,
            Outcome::Joined {
                other: brewing.clone(),
                by: None,
                brought: 3,
            },
        ),
        (
            r#"{"join_asked":{"code":"x","joins":true,"mine":["Brewing",7,true,false],"other":["Brewing",7,true,false]}}"#,
            Outcome::JoinAsked {
                code: "x".to_owned(),
                joins: true,
                mine: brewing.clone(),
                by: None,
                other: brewing,
            },
        ),
    ] {
        assert_eq!(read(line), outcome, "{line}");
    }
}

#[test]
fn what_another_version_kept_and_this_one_cannot_read_is_nothing() {
    assert_eq!(read("{\"someday\":1}"), Outcome::Nothing);
}
