//! A room as a readable chat for snapshots, with nothing in it that differs from run to run. Pure.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write,
};

use serde_json::Value;

use crate::{EventId, Shown, UserId, shown};

/// More than these who reacted alike are counted, not named.
const NAMED: usize = 5;

/// The shortest event id is 44 characters long, the shortest room id 18 and a server name.
const EVENT_ID: usize = 40;
const ROOM_ID: usize = 18;

pub(crate) fn write(events: &[Value]) -> String {
    let names = shown::names(events);
    let messages = shown::show(events);
    let by_id: HashMap<&EventId, &Shown> = messages
        .iter()
        .map(|message| (&message.id, message))
        .collect();
    let mut threads: HashMap<&EventId, Vec<&Shown>> = HashMap::new();
    for message in &messages {
        if let Some(root) = &message.thread {
            threads.entry(root).or_default().push(message);
        }
    }

    let mut text = String::new();
    let mut written = HashSet::new();
    for message in &messages {
        // A thread stands below its root, or where it began if the root is gone.
        let root = match &message.thread {
            None => {
                text.push_str(&line(message, "", &by_id, &names));
                &message.id
            }
            Some(root) if by_id.contains_key(root) => continue,
            Some(root) => root,
        };
        if written.insert(root) {
            for reply in threads.get(root).into_iter().flatten() {
                text.push_str(&line(reply, "  ", &by_id, &names));
            }
        }
    }
    scrub(&text, &names)
}

fn line(
    message: &Shown,
    indent: &str,
    by_id: &HashMap<&EventId, &Shown>,
    names: &BTreeMap<UserId, String>,
) -> String {
    let mut head = message.name.clone();
    if let Some(to) = &message.reply_to {
        let to = by_id.get(to).map_or("a removed message", |to| &to.name);
        write!(head, " (to {to})").ok();
    }
    match message.msgtype.as_str() {
        "m.text" => {}
        kind => drop(write!(
            head,
            " ({})",
            kind.strip_prefix("m.").unwrap_or(kind)
        )),
    }
    let body = message
        .body
        .trim_end()
        .replace('\n', &format!("\n{indent}  "));
    let mut line = format!("{indent}{head}: {body}");
    if message.edits > 0 {
        line.push_str(" (edited)");
    }
    if !message.reactions.is_empty() {
        let reactions = message.reactions.iter().map(|(key, people)| {
            let mut people: Vec<&str> = people
                .iter()
                .map(|id| names.get(id).map_or("", String::as_str))
                .collect();
            people.sort_unstable();
            let people = if people.len() > NAMED {
                format!("×{}", people.len())
            } else {
                people.join(", ")
            };
            format!("{key} {people}")
        });
        write!(line, " [{}]", reactions.collect::<Vec<_>>().join(" · ")).ok();
    }
    line.push('\n');
    // An empty line in a body is indented to nothing.
    let lines: Vec<&str> = line.split('\n').map(str::trim_end).collect();
    lines.join("\n")
}

/// Ids as names, `$event` and `!room`, and servers without their ports, also where a link has them percent-encoded.
fn scrub(text: &str, names: &BTreeMap<UserId, String>) -> String {
    let mut text = text.to_owned();
    let mut people: Vec<_> = names.iter().collect();
    // Long ones first, since `@person-a1` is also the start of `@person-a12`.
    people.sort_by_key(|(id, _)| std::cmp::Reverse(id.len()));
    for (id, name) in &people {
        let encoded = id.replace('@', "%40").replace(':', "%3A");
        let name = format!("@{name}");
        text = text.replace(id.as_str(), &name).replace(&encoded, &name);
    }
    for server in people.iter().filter_map(|(id, _)| id.split_once(':')) {
        if let Some((host, port)) = server.1.split_once(':') {
            text = text.replace(&format!("{host}:{port}"), host);
            text = text.replace(&format!("{host}%3A{port}"), host);
        }
    }
    for (id, name) in people {
        // Only those that were made up here: a plain one may be an ordinary word.
        if shown::localpart(id).contains('-') {
            text = text.replace(shown::localpart(id), name);
        }
    }
    for (raw, encoded, least, name) in [
        ("$", "%24", EVENT_ID, "$event"),
        ("!", "%21", ROOM_ID, "!room"),
    ] {
        text = scrub_ids(&text, raw, least, name);
        text = scrub_ids(&text, encoded, least, name);
    }
    text
}

fn scrub_ids(text: &str, sigil: &str, least: usize, name: &str) -> String {
    let is_of_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut pieces = text.split(sigil);
    let mut scrubbed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(is_of_id);
        if piece.len() - rest.len() < least {
            scrubbed.push_str(sigil);
            scrubbed.push_str(piece);
            continue;
        }
        let rest = rest
            .strip_prefix(":localhost")
            .or_else(|| rest.strip_prefix("%3Alocalhost"))
            .unwrap_or(rest);
        scrubbed.push_str(name);
        scrubbed.push_str(rest);
    }
    scrubbed
}

#[cfg(test)]
mod tests;
