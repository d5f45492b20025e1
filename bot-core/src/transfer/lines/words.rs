//! What is wrong with a line, in words for whoever wrote it: those of the library that reads it are for programmers.

use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::read::Wrong;

/// What other files call what ours have, where the two names look nothing alike.
const OTHERWISE: [(&str, &[&str]); 7] = [
    (
        "title",
        &["question", "subject", "summary", "heading", "name", "topic"],
    ),
    (
        "body",
        &[
            "text",
            "content",
            "description",
            "details",
            "markdown",
            "message",
        ],
    ),
    (
        "answer",
        &["reply", "response", "solution", "accepted_answer"],
    ),
    (
        "tags",
        &["categories", "category", "topics", "labels", "keywords"],
    ),
    (
        "author",
        &["user", "owner", "poster", "asker", "username", "by"],
    ),
    (
        "at",
        &[
            "date",
            "time",
            "created",
            "created_at",
            "createdAt",
            "timestamp",
        ],
    ),
    ("id", &["_id", "uuid", "key", "question_id", "questionId"]),
];

/// What serde says of a line, in words that help.
pub(super) fn wrong(error: &serde_json::Error, line: &str) -> Wrong {
    match error.classify() {
        Category::Data => Wrong::new(data(error, line)),
        Category::Eof => Wrong {
            reason: "they are no JSON".to_owned(),
            detail: Some(format!(
                "it ends in the middle, at character {}",
                error.column()
            )),
            is_cut: true,
        },
        // JSON it is, but of a kind that can't stand there.
        Category::Syntax if serde_json::from_str::<IgnoredAny>(line).is_ok() => Wrong::new(
            format!("{} is not what it has to be", their(line, error.column())),
        ),
        Category::Syntax | Category::Io => Wrong {
            reason: "they are no JSON".to_owned(),
            detail: Some(format!("at character {}", error.column())),
            is_cut: false,
        },
    }
}

/// What is wrong with what is said in JSON.
fn data(error: &serde_json::Error, line: &str) -> String {
    let said = error.to_string();
    let said = said
        .rsplit_once(" at line ")
        .map_or(&*said, |(said, _)| said);
    let names: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    if let Some(mistake) = said.strip_prefix("invalid ") {
        return kind(mistake, line, error.column());
    }
    match names.as_slice() {
        [found, known @ ..] if said.starts_with("unknown field ") => unknown(found, known),
        [found, known @ ..] if said.starts_with("unknown variant ") => format!(
            "{} is “{found}”, not one of {}",
            their(line, error.column()),
            known.join(", ")
        ),
        [missing] if said.starts_with("missing field ") => {
            format!("something in them has no `{missing}`")
        }
        [twice] if said.starts_with("duplicate field ") => {
            format!("they have `{twice}` twice in one place")
        }
        // What the format itself says, as of moments and tags.
        _ => said.to_owned(),
    }
}

/// A field that there is not.
fn unknown(found: &str, known: &[&str]) -> String {
    let meant = OTHERWISE
        .iter()
        .find(|(ours, theirs)| known.contains(ours) && theirs.contains(&found))
        .map(|(ours, _)| *ours);
    let near = || {
        let near = known
            .iter()
            .map(|name| (strsim::damerau_levenshtein(found, name), *name))
            .min();
        near.filter(|(far, _)| *far <= found.chars().count().max(4) / 2)
            .map(|(_, near)| near)
    };
    match meant.or_else(near) {
        Some(meant) => format!("there is no field `{found}`; is it `{meant}`?"),
        None => format!("there is no field `{found}`"),
    }
}

/// A value of another kind than it has to be: `type: integer 2, expected a string`.
fn kind(mistake: &str, line: &str, column: usize) -> String {
    let their = their(line, column);
    let Some((found, expected)) = mistake
        .split_once(": ")
        .and_then(|(_, rest)| rest.rsplit_once(", expected "))
    else {
        return format!("{their} is not what it has to be");
    };
    match expected_kind(expected) {
        Some(expected) => format!("{their} is {}, not {expected}", found_kind(found)),
        None => format!("{their} can’t be {}", found_kind(found)),
    }
}

fn found_kind(found: &str) -> &'static str {
    match found.split(' ').next().unwrap_or_default() {
        "null" | "unit" => "empty (null)",
        "boolean" => "true or false",
        "integer" if found.contains('-') => "a number below 0",
        "integer" => "a number",
        "floating" | "number" => "a number with a point",
        "string" | "character" => "a text",
        "sequence" => "a list",
        "map" => "an object",
        _ => "something else",
    }
}

fn expected_kind(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "a string" | "a borrowed string" | "string" => "a text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "u32" | "u64" => "a whole number from 0 to 4294967295",
        "i32" | "i64" => "a whole number",
        _ if expected.starts_with("struct ") => "an object in braces",
        _ if expected.starts_with("enum ") || expected.starts_with("variant ") => {
            "a word in quotes"
        }
        _ => return None,
    })
}

/// The field that stands before a place in a line, as whose it is told.
fn their(line: &str, column: usize) -> String {
    match field(line, column) {
        Some(field) => format!("their `{field}`"),
        None => "something in them".to_owned(),
    }
}

/// The name of the last field that begins before a place in a line of JSON.
fn field(line: &str, column: usize) -> Option<String> {
    let before = line.as_bytes().get(..column).unwrap_or(line.as_bytes());
    let (mut text, mut last, mut field) = (Vec::new(), None, None);
    let (mut is_in, mut is_escaped) = (false, false);
    for byte in before {
        match (is_in, byte) {
            (true, _) if is_escaped => is_escaped = false,
            (true, b'\\') => is_escaped = true,
            (true, b'"') => {
                is_in = false;
                last = Some(std::mem::take(&mut text));
            }
            (true, byte) => text.push(*byte),
            (false, b'"') => is_in = true,
            (false, b':') => field = last.take(),
            (false, byte) if byte.is_ascii_whitespace() => {}
            (false, _) => last = None,
        }
    }
    field.map(|field| String::from_utf8_lossy(&field).into_owned())
}
