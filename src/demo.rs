//! The demo forum: fills an empty store with `data/demo/demo.toml`, as if its people had said it all.
//!
//! Everything goes through the core like what anybody says; nothing is written past its rules. The format is described in
//! `data/demo/README.md`.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bot_core::chance::{self, Rng, System};
use bot_core::engine::Core;
use bot_core::forum::{Address, Role, Timestamp};
use bot_core::platform::{Actor, Incoming, IncomingEvent, MessageKey, PersonKey, Place};
use serde::Deserialize;

use crate::console::TERMINAL;

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/demo/demo.toml"));

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Demo {
    question: Vec<DemoQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemoQuestion {
    title: String,
    by: String,
    days_ago: f64,
    tags: Vec<String>,
    body: String,
    up: Vec<String>,
    down: Vec<String>,
    accepted: Option<u32>,
    #[serde(default)]
    answer: Vec<DemoAnswer>,
    #[serde(default)]
    comment: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemoAnswer {
    by: String,
    hours_later: f64,
    body: String,
    up: Vec<String>,
    down: Vec<String>,
    #[serde(default)]
    comment: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    by: String,
    hours_later: f64,
    body: String,
}

/// Something that one of them says at some time.
struct DemoVote {
    at: Timestamp,
    by: String,
    text: String,
}

/// How many questions there are.
pub fn len() -> Result<usize> {
    Ok(read()?.question.len())
}

/// Fills the place's forum, which has to be empty. What is in the file counts back from `now`.
pub async fn fill(core: &Core, place: &Place, prefix: &str, now: Timestamp) -> Result<()> {
    let session = chance::token(&mut System as &mut dyn Rng);
    for (number, saying) in sayings(read()?, prefix, now).into_iter().enumerate() {
        let message = MessageKey(format!("demo-{session}-{number}"));
        let incoming = Incoming {
            platform: TERMINAL,
            id: Some(message.clone()),
            actor: Actor {
                key: PersonKey(format!("demo:{}", saying.by)),
                name: saying.by,
                account: None,
                role: Role::Admin,
            },
            place: place.clone(),
            at: saying.at,
            what: IncomingEvent::Said {
                message,
                text: saying.text,
                reply_to: None,
                thread: None,
            },
        };
        core.hear(incoming)
            .await
            .context("filling the demo forum")?;
    }
    // Nothing of it waits to be shown there: who comes in looks around by themselves.
    core.place_closed(TERMINAL, &place.key)
        .await
        .context("filling the demo forum")?;
    let totals = core.reading().clone();
    let questions = tokio::task::spawn_blocking(move || totals.totals())
        .await?
        .context("counting the demo forum")?
        .questions;
    if questions != len()? as u64 {
        bail!(
            "only {questions} questions of the demo were taken; the file does not fit this version"
        );
    }
    Ok(())
}

fn read() -> Result<Demo> {
    toml::from_str(FILE).context("reading the demo forum")
}

/// Everything that is said, in the order of time.
fn sayings(demo: Demo, prefix: &str, now: Timestamp) -> Vec<DemoVote> {
    let mut all = Vec::new();
    for (question, number) in demo.question.into_iter().zip(1..) {
        let asked = before(now, question.days_ago);
        let at = Address::question(number);
        let mut said = Sayings {
            all: &mut all,
            prefix,
        };
        let tags = match question.tags.join(",") {
            tags if tags.is_empty() => tags,
            tags => format!(" --tag {tags}"),
        };
        said.add(
            asked,
            &question.by,
            &format!("ask {}{tags}\n{}", question.title, question.body),
        );
        said.votes(asked, at, &question.up, &question.down);
        for comment in &question.comment {
            said.comment(asked, at, comment);
        }
        for (answer, number) in question.answer.iter().zip(1..) {
            let (at, when) = (at.with_answer(number), later(asked, answer.hours_later));
            said.add(
                when,
                &answer.by,
                &format!("answer #{}\n{}", at.question, answer.body),
            );
            said.votes(when, at, &answer.up, &answer.down);
            for comment in &answer.comment {
                said.comment(asked, at, comment);
            }
            if question.accepted == Some(number) {
                said.add(when, &question.by, &format!("accept {at}"));
            }
        }
    }
    // A stable sort: votes stay behind what they are on.
    all.sort_by_key(|saying: &DemoVote| saying.at);
    all
}

/// Sayings being put together.
struct Sayings<'a> {
    all: &'a mut Vec<DemoVote>,
    prefix: &'a str,
}

impl Sayings<'_> {
    fn add(&mut self, at: Timestamp, by: &str, command: &str) {
        self.all.push(DemoVote {
            at,
            by: by.to_owned(),
            text: format!("{}{command}", self.prefix),
        });
    }

    fn votes(&mut self, at: Timestamp, post: Address, up: &[String], down: &[String]) {
        for by in up {
            self.add(at, by, &format!("up {post}"));
        }
        for by in down {
            self.add(at, by, &format!("down {post}"));
        }
    }

    fn comment(&mut self, asked: Timestamp, on: Address, comment: &Comment) {
        let at = later(asked, comment.hours_later);
        self.add(at, &comment.by, &format!("comment {on}\n{}", comment.body));
    }
}

fn before(now: Timestamp, days: f64) -> Timestamp {
    let past = Duration::try_from_secs_f64(days * 86_400.0).unwrap_or_default();
    Timestamp(
        now.0
            .saturating_sub(i64::try_from(past.as_millis()).unwrap_or(0)),
    )
}

fn later(asked: Timestamp, hours: f64) -> Timestamp {
    asked.plus(Duration::try_from_secs_f64(hours * 3_600.0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_said_after_what_it_is_about_and_before_now() {
        let now = Timestamp(1_750_000_000_000);
        let demo = read().expect("is well formed");
        let titles: Vec<_> = demo
            .question
            .iter()
            .map(|question| question.title.clone())
            .collect();
        let said = sayings(demo, "!", now);
        assert!(said.is_sorted_by_key(|saying| saying.at));
        assert!(said.iter().all(|saying| saying.at < now));
        let asked: Vec<_> = said
            .iter()
            .filter_map(|saying| saying.text.strip_prefix("!ask "))
            .collect();
        assert_eq!(asked.len(), titles.len());
        for (asked, title) in asked.iter().zip(&titles) {
            assert!(
                asked.starts_with(title.as_str()),
                "{title} does not get the number of its place in the file"
            );
        }
        // An answer's votes and comments come after it.
        for (at, saying) in said.iter().enumerate() {
            let Some((_, rest)) = saying.text.split_once('#') else {
                continue;
            };
            let address = rest.split_whitespace().next().unwrap_or_default();
            let Ok(address) = address.parse::<Address>() else {
                continue;
            };
            let earlier = said.iter().take(at);
            let answers = earlier
                .filter(|saying| {
                    saying
                        .text
                        .starts_with(&format!("!answer #{}\n", address.question))
                })
                .count();
            assert!(
                answers >= address.answer.unwrap_or(0) as usize,
                "{}",
                saying.text
            );
        }
    }
}
