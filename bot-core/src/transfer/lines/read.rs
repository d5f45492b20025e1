//! One line: what it says, or what is wrong with it.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::words;
use crate::forum::{clean, one_line};
use crate::store::record::{
    AccountRecord, Comment, GREATEST_NUMBER, Head, Item, Link, Question, VERSION,
};

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// In general.
    pub reason: String,
    /// In particular.
    pub detail: Option<String>,
    /// Whether it ends before it should.
    pub is_cut: bool,
}

impl Wrong {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            detail: None,
            is_cut: false,
        }
    }
}

/// What tells the kinds of lines apart.
#[derive(Deserialize)]
struct Peek {
    stoa: Option<IgnoredAny>,
    person: Option<IgnoredAny>,
    link: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonLine {
    person: Vec<AccountRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkLine {
    link: Link,
}

/// What a line says; nothing, where it is blank.
pub(super) fn item(line: &[u8]) -> Result<Option<Item>, Wrong> {
    let text = std::str::from_utf8(line).map_err(|error| Wrong {
        // A letter that only begins at the end was cut with its file.
        is_cut: error.error_len().is_none(),
        ..Wrong::new("they are no UTF-8")
    })?;
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    is_object(text)?;
    let peek: Peek = parse(text)?;
    if peek.stoa.is_some() {
        let head: Head = parse(text)?;
        if head.stoa != VERSION {
            return Err(Wrong::new("they are of a newer version of Stoa"));
        }
        is_in_bounds("questions", Some(head.questions))?;
        return Ok(Some(Item::Head(head)));
    }
    if peek.person.is_some() {
        let line: PersonLine = parse(text)?;
        return Ok(Some(Item::Person(line.person)));
    }
    if peek.link.is_some() {
        let line: LinkLine = parse(text)?;
        return Ok(Some(Item::Link(line.link)));
    }
    let mut question: Question = parse(text)?;
    tidy(&mut question);
    check(&question)?;
    name_children(&mut question);
    Ok(Some(Item::Question(Box::new(question))))
}

/// A line that is no object can say nothing.
fn is_object(text: &str) -> Result<(), Wrong> {
    if text.starts_with('{') {
        return Ok(());
    }
    parse::<IgnoredAny>(text)?;
    Err(Wrong::new("they are no object such as {\"id\": …}"))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Wrong> {
    serde_json::from_str(text).map_err(|error| words::wrong(&error, text))
}

/// Brings what people wrote into the form that the forum keeps.
fn tidy(question: &mut Question) {
    question.title = one_line(&question.title);
    for tag in &mut question.tags {
        *tag = clean(tag).to_lowercase();
    }
    question.tags.retain(|tag| !tag.is_empty());
    let mut known = std::collections::BTreeSet::new();
    question.tags.retain(|tag| known.insert(tag.clone()));
    // An answer of nothing is none.
    question.answer.take_if(|answer| answer.trim().is_empty());
}

/// Gives an id to what hangs on a question that has one, where it has none itself: its number, or its place, by which it is known when the
/// file comes again.
fn name_children(question: &mut Question) {
    let Some(id) = question.id.clone() else {
        return;
    };
    name_comments(&id, &mut question.comments);
    for (nth, answer) in (1..).zip(&mut question.answers) {
        if answer.id.is_none() && answer.origin.is_none() {
            let number = answer.number.unwrap_or(nth);
            answer.id = Some(format!("{id}/answers/{number}"));
        }
        if let Some(id) = &answer.id {
            name_comments(id, &mut answer.comments);
        }
    }
}

fn name_comments(on: &str, comments: &mut [Comment]) {
    for (nth, comment) in (1..).zip(comments) {
        if comment.id.is_none() && comment.origin.is_none() {
            let number: u32 = comment.number.unwrap_or(nth);
            comment.id = Some(format!("{on}/comments/{number}"));
        }
    }
}

/// Whether there is all that a question needs.
fn check(question: &Question) -> Result<(), Wrong> {
    if question.id.is_none() && question.number.is_none() {
        return Err(Wrong::new("they have no `id`"));
    }
    if question.id.as_ref().is_some_and(|id| id.trim().is_empty()) {
        return Err(Wrong::new("their `id` is empty"));
    }
    if question.withdrawn.is_none() && question.title.is_empty() {
        return Err(Wrong::new("they have no `title`"));
    }
    is_in_bounds("number", question.number)?;
    for former in &question.formerly {
        is_in_bounds("number", Some(former.number))?;
    }
    for answer in &question.answers {
        has_body(&answer.body, answer.withdrawn.is_some(), "an answer")?;
        is_in_bounds("number", answer.number)?;
        check_comments(&answer.comments)?;
    }
    check_comments(&question.comments)
}

fn check_comments(comments: &[Comment]) -> Result<(), Wrong> {
    comments.iter().try_for_each(|comment| {
        has_body(&comment.body, comment.withdrawn.is_some(), "a comment")?;
        is_in_bounds("number", comment.number)
    })
}

/// Whether a number leaves room for those that come behind it.
fn is_in_bounds(field: &str, number: Option<u32>) -> Result<(), Wrong> {
    if number.is_some_and(|number| number > GREATEST_NUMBER) {
        return Err(Wrong::new(format!(
            "their `{field}` is above {GREATEST_NUMBER}"
        )));
    }
    Ok(())
}

fn has_body(body: &Option<String>, withdrawn: bool, what: &str) -> Result<(), Wrong> {
    if body.is_none() && !withdrawn {
        return Err(Wrong::new(format!("{what} of theirs has no `body`")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_ends_within_a_letter_was_cut() {
        let line = r#"{"id": "1", "title": "Жизнь"}"#;
        let within = line.find('и').expect("is there") + 1;
        let wrong = item(&line.as_bytes()[..within]).err();
        assert!(wrong.is_some_and(|wrong| wrong.is_cut));
        let wrong = item(b"{\"id\": \"\xff1\"}").err();
        assert!(wrong.is_some_and(|wrong| !wrong.is_cut));
    }
}
