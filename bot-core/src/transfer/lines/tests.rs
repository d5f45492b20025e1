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
        (
            "7",
            "invalid type: integer `7`, expected an object such as {\"id\": …}",
        ),
        (
            r#"{"id":"1","titel":"x"}"#,
            "there is no field `titel`; is it `title`?",
        ),
        (r#"{"id":"1","colour":"x"}"#, "there is no field `colour`"),
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
