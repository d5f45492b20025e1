//! Lines, good and bad.

use super::read::item;
use crate::store::record::Item;

/// What is wrong with a line.
fn wrong(line: &str) -> String {
    item(line.as_bytes()).expect_err("a bad line").reason
}

#[test]
fn the_shortest_line_is_a_question_with_one_answer() {
    let docs = include_str!("../../../../docs/import.md");
    let line = docs.lines().find(|line| line.starts_with("{\"id\""));
    let read = item(line.expect("an example").as_bytes()).expect("a good line");
    let Some(Item::Question(question)) = read else {
        panic!("{read:?} is no question");
    };
    assert_eq!(question.title, "How do I reset it?");
    assert_eq!(question.tags, ["setup", "reset"]);
    assert_eq!(
        question.answer.as_deref(),
        Some("Hold the button for 10 s.")
    );
}

#[test]
fn tags_are_a_text_or_a_list_and_each_is_there_once() {
    for tags in [r#""Rust,  c++ rust""#, r#"["rust", "C++", "", "rust"]"#] {
        let line = format!(r#"{{"id":"1","title":"Which tags?","tags":{tags}}}"#);
        let Ok(Some(Item::Question(question))) = item(line.as_bytes()) else {
            panic!("{line} is no question");
        };
        assert_eq!(question.tags, ["rust", "c++"]);
    }
}

#[test]
fn a_line_that_is_wrong_says_what_is() {
    for (line, why) in [
        ("{", "they are no JSON"),
        ("7", "they are no object such as {\"id\": …}"),
        (
            r#"{"id":"1","titel":"x"}"#,
            "there is no field `titel`; is it `title`?",
        ),
        (r#"{"id":"1","colour":"x"}"#, "there is no field `colour`"),
        (
            r#"{"id":"1","question":"x"}"#,
            "there is no field `question`; is it `title`?",
        ),
        (
            r#"{"id":"1","title":"x","answers":[{"text":"x"}]}"#,
            "there is no field `text`; is it `body`?",
        ),
        ("[1, 2, 3]", "they are no object such as {\"id\": …}"),
        ("Hello", "they are no JSON"),
        (
            r#"{"id":"1","title":2}"#,
            "their `title` is a number, not a text in quotes",
        ),
        (
            r#"{"id":"1","title":"x","body":["x"]}"#,
            "their `body` is a list, not a text in quotes",
        ),
        (
            r#"{"id":"1","title":"x","number":-3}"#,
            "their `number` is a number below 0, not a whole number from 0 to 4294967295",
        ),
        (
            r#"{"id":"1","title":"x","comments":"x"}"#,
            "their `comments` is a text, not a list",
        ),
        (
            r#"{"id":"1","title":"x","author":"mira"}"#,
            "their `author` is a text, not an object in braces",
        ),
        (
            r#"{"id":"1","title":"x","author":{"platform":"imported"}}"#,
            "something in them has no `key`",
        ),
        (
            r#"{"id":"1","title":"x","title":"y"}"#,
            "they have `title` twice in one place",
        ),
        (
            r#"{"id":"1","title":"x","votes":[{"by":{"platform":"x","key":"y"},"vote":"left"}]}"#,
            "their `vote` is “left”, not one of up, down",
        ),
        (
            r#"{"id":true,"title":"x"}"#,
            "an id is a text or a whole number",
        ),
        (
            r#"{"id":"1","title":"x","answers":[{"boddy":"x"}]}"#,
            "there is no field `boddy`; is it `body`?",
        ),
        (
            r#"{"id":"1","title":"x","answers":[{}]}"#,
            "an answer of theirs has no `body`",
        ),
        (
            r#"{"id":"1","title":"x","comments":[{}]}"#,
            "a comment of theirs has no `body`",
        ),
        (r#"{"id":"1","title":" \n"}"#, "they have no `title`"),
        (r#"{"title":"x"}"#, "they have no `id`"),
        (r#"{"id":" ","title":"x"}"#, "their `id` is empty"),
        (
            r#"{"id":"1","title":"x","tags":7}"#,
            "tags are a text or a list of texts",
        ),
        (
            r#"{"stoa":2,"forum":"main","questions":1}"#,
            "they are of a newer version of Stoa",
        ),
        (
            r#"{"id":"1","title":"x","number":4294967295}"#,
            "their `number` is above 1000000000",
        ),
        (
            r#"{"id":"1","title":"x","number":1000000001}"#,
            "their `number` is above 1000000000",
        ),
        (
            r#"{"id":"1","title":"x","answers":[{"number":4294967295,"body":"x"}]}"#,
            "their `number` is above 1000000000",
        ),
        (
            r#"{"id":"1","title":"x","comments":[{"number":4294967295,"body":"x"}]}"#,
            "their `number` is above 1000000000",
        ),
        (
            r#"{"id":"1","title":"x","answers":[{"body":"x","comments":[{"number":4000000000,"body":"x"}]}]}"#,
            "their `number` is above 1000000000",
        ),
        (
            r#"{"id":"1","title":"x","formerly":[{"forum":"y","number":4000000000}]}"#,
            "their `number` is above 1000000000",
        ),
        (
            r#"{"stoa":1,"forum":"main","questions":4294967295}"#,
            "their `questions` is above 1000000000",
        ),
        (
            r#"{"id":"1","title":"x","at":"yesterday"}"#,
            "“yesterday” is no moment such as 2026-11-23T12:56:00.000Z",
        ),
    ] {
        assert_eq!(wrong(line), why, "{line}");
    }
    assert_eq!(item(b"  \r\n"), Ok(None));
    assert_eq!(
        item(b"\xFF").expect_err("a bad line").reason,
        "they are no UTF-8"
    );
}

#[test]
fn an_id_may_be_a_number() {
    let id = |line: &str| match item(line.as_bytes()) {
        Ok(Some(Item::Question(question))) => question.id,
        other => panic!("{line} is no question: {other:?}"),
    };
    assert_eq!(id(r#"{"id":42,"title":"x"}"#).as_deref(), Some("42"));
    assert_eq!(id(r#"{"id":-1,"title":"x"}"#).as_deref(), Some("-1"));
    assert_eq!(id(r#"{"id":"042","title":"x"}"#).as_deref(), Some("042"));
    let link = item(br#"{"link":{"from":7,"to":"8","kind":"related"}}"#);
    assert!(
        matches!(&link, Ok(Some(Item::Link(link))) if link.from == "7" && link.to == "8"),
        "{link:?}"
    );
}

/// A whole line, with every field that there is.
const WHOLE: &str = r##"{"number":1,"id":"1","title":"x","tags":["a"],"body":"x","author":{"platform":"a","key":"b","name":"c"},"at":"2026-11-23T12:56:00.000Z","edited":{"by":{"platform":"a","key":"b"},"at":"2026-11-23T12:56:00.000Z","reason":"r"},"revisions":[{"title":"t","body":"b","tags":["a"],"by":{"platform":"a","key":"b"},"at":"2026-11-23T12:56:00.000Z","reason":"r"}],"votes":[{"by":{"platform":"a","key":"b"},"vote":"up","reaction":"r","spent":true}],"carried":{"ups":1,"downs":1},"hidden":{"at":"2026-11-23T12:56:00.000Z","as":"author","by":{"platform":"a","key":"b"},"withdraw_at":"2026-11-23T12:56:00.000Z"},"withdrawn":{"at":"2026-11-23T12:56:00.000Z","by":{"platform":"a","key":"b"}},"origin":{"source":"s","id":"i","site":"s","licence":"l","wiki":true},"closed":{"at":"2026-11-23T12:56:00.000Z","why":"noise"},"formerly":[{"forum":"f","number":1}],"accepted":{"answer":1,"via":"v"},"answer":"x","comments":[{"body":"x"}],"answers":[{"number":1,"body":"x","comments":[{"body":"x"}]}]}"##;

/// All values in a piece of JSON, each replaced in turn by all kinds of others.
fn spoilt(value: &serde_json::Value) -> Vec<serde_json::Value> {
    use serde_json::{Value, json};
    let others = [
        json!(null),
        json!(true),
        json!(2),
        json!(-2),
        json!(2.5),
        json!(u64::MAX),
        json!("no such thing"),
        json!([]),
        json!([2]),
        json!({}),
        json!({ "x": 1 }),
    ];
    let mut all = others.to_vec();
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                for spoilt in spoilt(inner) {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), spoilt);
                    all.push(Value::Object(fields));
                }
                let mut fields = fields.clone();
                fields.remove(name);
                all.push(Value::Object(fields));
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                for spoilt in spoilt(inner) {
                    let mut items = items.clone();
                    items.splice(at..=at, [spoilt]);
                    all.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn no_line_is_refused_in_a_programmers_words() {
    let whole: serde_json::Value = serde_json::from_str(WHOLE).expect("JSON");
    assert!(matches!(
        item(WHOLE.as_bytes()),
        Ok(Some(Item::Question(_)))
    ));
    let mut refused = 0;
    for line in spoilt(&whole) {
        let Err(wrong) = item(line.to_string().as_bytes()) else {
            continue;
        };
        refused += 1;
        let said = format!("{} {}", wrong.reason, wrong.detail.unwrap_or_default());
        for word in [
            "invalid",
            "expected",
            "EOF",
            "u32",
            "u64",
            "i64",
            "integer",
            "sequence",
            "struct",
            "variant",
            "missing field",
            "unknown field",
            "boolean",
            "untagged",
        ] {
            assert!(!said.contains(word), "{line}: {said}");
        }
    }
    assert!(refused > 300, "{refused}");
}

#[test]
fn every_field_is_in_the_docs() {
    let docs = include_str!("../../../../docs/import.md");
    let none = wrong(r#"{"id":"1","":1}"#);
    assert!(none.starts_with("there is no field"), "{none}");
    let error = serde_json::from_str::<crate::store::record::Question>(r#"{"":1}"#);
    let said = error.expect_err("unknown").to_string();
    let fields: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
    assert!(fields.len() > 15, "{said}");
    for field in fields {
        assert!(
            docs.contains(&format!("`{field}`")),
            "{field} is not in the docs"
        );
    }
}
