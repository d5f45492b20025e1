//! A made-up forum as a file of lines of JSON, as `stoa import jsonl` reads it.

use std::io::{self, Read};

use serde_json::{Value, json};

use super::{Forum, MadePost, Question};

/// The platform of people who do not exist.
const PLATFORM: &str = "made";

/// The lines, made while they are read.
#[derive(Debug)]
pub struct Lines {
    questions: Forum,
    /// Whose line comes next; everybody's comes before the first question's.
    person: u64,
    made: u64,
    line: Vec<u8>,
    read: usize,
}

impl Lines {
    /// The lines of a forum.
    #[must_use]
    pub fn of(forum: Forum) -> Self {
        Self {
            questions: forum,
            person: 0,
            made: 0,
            line: Vec::new(),
            read: 0,
        }
    }

    /// The next line: a person's, or after all of them a question's.
    fn next(&mut self) -> Option<Value> {
        if self.person < self.questions.people() {
            let person = json!({ "person": [account(self.person)] });
            self.person += 1;
            return Some(person);
        }
        let question = self.questions.next()?;
        self.made += 1;
        Some(line(self.made, &question))
    }
}

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.line.len() {
            let Some(next) = self.next() else {
                return Ok(0);
            };
            self.line.clear();
            serde_json::to_writer(&mut self.line, &next)?;
            self.line.push(b'\n');
            self.read = 0;
        }
        let mut left = self.line.get(self.read..).unwrap_or_default();
        let count = left.read(into)?;
        self.read += count;
        Ok(count)
    }
}

fn line(number: u64, question: &Question) -> Value {
    let answers: Vec<Value> = question.answers.iter().map(post).collect();
    let mut line = post(&question.post);
    line["id"] = json!(number.to_string());
    line["title"] = json!(question.title);
    line["tags"] = json!(question.tags);
    if let Some(at) = question.accepted {
        line["accepted"] = json!({ "answer": at + 1 });
    }
    line["answers"] = Value::Array(answers);
    line
}

fn post(post: &MadePost) -> Value {
    let comments = post.comments.iter().map(|(author, when, body)| {
        json!({ "body": body, "author": account(*author), "at": moment(*when) })
    });
    json!({
        "body": post.body,
        "author": account(post.author),
        "at": moment(post.at),
        "carried": { "ups": post.ups, "downs": post.downs },
        "comments": comments.collect::<Vec<_>>(),
    })
}

fn account(number: u64) -> Value {
    json!({ "platform": PLATFORM, "key": number.to_string(), "name": format!("member {number}") })
}

/// As RFC 3339 says it.
fn moment(milliseconds: i64) -> Value {
    let at = jiff::Timestamp::from_millisecond(milliseconds);
    at.map_or(Value::Null, |at| Value::String(format!("{at:.3}")))
}
