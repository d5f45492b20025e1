//! A forum as lines.

use std::io::{self, Write};
use std::ops::ControlFlow;

use serde::Serialize;

use crate::forum::ForumId;
use crate::store::Reader;
use crate::store::record::{AccountRecord, Item, Link};
use crate::transfer::{Fault, Flow};

#[derive(Serialize)]
struct PersonLine<'i> {
    person: &'i [AccountRecord],
}

#[derive(Serialize)]
struct LinkLine<'i> {
    link: &'i Link,
}

/// Writes a forum as it is at this moment, all of it; `name` is what the file is called. `progress` hears how many questions are
/// written. Gives how many there were; none where it was left before its end.
pub fn export(
    reader: &Reader,
    forum: ForumId,
    to: &mut dyn Write,
    name: &str,
    progress: &mut dyn FnMut(u64) -> Flow,
) -> Result<Option<u64>, Fault> {
    let mut questions = 0;
    let mut failed = None;
    let ended = reader.export(forum, &mut |item| {
        if let Err(error) = line(to, &item) {
            failed = Some(error);
            return ControlFlow::Break(());
        }
        if let Item::Question(_) = item {
            questions += 1;
        }
        match progress(questions) {
            Flow::On => ControlFlow::Continue(()),
            Flow::Stop => ControlFlow::Break(()),
        }
    })?;
    let written = match failed {
        Some(error) => Err(error),
        None => to.flush(),
    };
    written.map_err(|source| Fault::Write {
        name: name.to_owned(),
        source,
    })?;
    Ok(ended.is_continue().then_some(questions))
}

fn line(to: &mut dyn Write, item: &Item) -> io::Result<()> {
    match item {
        Item::Head(head) => serde_json::to_writer(&mut *to, head)?,
        Item::Person(person) => serde_json::to_writer(&mut *to, &PersonLine { person })?,
        Item::Question(question) => serde_json::to_writer(&mut *to, question)?,
        Item::Link(link) => serde_json::to_writer(&mut *to, &LinkLine { link })?,
        // An export gives answers with their questions.
        Item::Answer { .. } => return Ok(()),
    }
    to.write_all(b"\n")
}
