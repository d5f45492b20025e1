//! A channel as readable text that is the same in each run: names instead of ids, for snapshots.

use serde_json::Value;

use crate::{
    Id,
    world::{
        World,
        channels::Kind,
        messages::{LOADING, Message},
    },
};

/// All that stands in a channel, oldest first, its threads and posts indented below where they start.
pub(crate) fn write(world: &World, channel: Id) -> String {
    write_those(world, channel, &|_| true)
}

/// Those messages that are so, with their threads.
pub(crate) fn write_those(world: &World, channel: Id, are_so: &Which<'_>) -> String {
    let mut text = String::new();
    messages(world, channel, are_so, &mut text);
    for thread in world.threads_of(channel) {
        let is_below_message = world.message(channel, thread).is_some();
        if !is_below_message {
            let (title, inner) = thread_lines(world, thread, are_so);
            text.push_str(&format!("{title}\n"));
            indent(&inner, &mut text);
        }
    }
    text
}

/// Which messages are to be written.
type Which<'a> = dyn Fn(&Message) -> bool + 'a;

fn messages(world: &World, channel: Id, are_so: &Which<'_>, text: &mut String) {
    let all = world.messages.get(&channel).into_iter();
    let all = all.flat_map(|messages| messages.values());
    for message in all.filter(|message| are_so(message)) {
        text.push_str(&one(world, message));
        text.push('\n');
        let has_thread = message.id != channel && world.channels.contains_key(&message.id);
        if has_thread {
            let (title, inner) = thread_lines(world, message.id, are_so);
            indent(&format!("{title}\n{inner}"), text);
        }
    }
}

/// A thread's title, and what stands in it.
fn thread_lines(world: &World, thread: Id, are_so: &Which<'_>) -> (String, String) {
    let channel = world.channel(thread);
    let mut title = format!("# {}", channel.name);
    if let Some(state) = &channel.thread {
        let forum = channel.parent.map(|parent| world.channel(parent));
        let tags = forum.into_iter().flat_map(|forum| &forum.tags);
        for tag in tags.filter(|tag| state.tags.contains(&tag.id)) {
            title.push_str(&format!(" [{}]", tag.name));
        }
        if state.is_locked {
            title.push_str(" (locked)");
        } else if state.is_archived {
            title.push_str(" (archived)");
        }
    }
    let mut inner = String::new();
    messages(world, thread, are_so, &mut inner);
    (title, inner)
}

fn indent(inner: &str, text: &mut String) {
    for line in inner.lines() {
        text.push_str("    ");
        text.push_str(line);
        text.push('\n');
    }
}

/// One message: `name: text`, then what else is on it, indented by two.
pub(crate) fn one(world: &World, message: &Message) -> String {
    let mut head = world.name_of(message.author).to_owned();
    if let Some(replied) = message
        .reply_to
        .and_then(|id| world.message(message.channel, id))
    {
        head.push_str(&format!(" (to {})", world.name_of(replied.author)));
    }
    if let Some(who) = message.ephemeral_to {
        head.push_str(&format!(" (only {} sees this)", world.name_of(who)));
    }
    let mut lines = Vec::new();
    if message.flags & LOADING != 0 {
        lines.push("(is thinking)".to_owned());
    }
    lines.extend(named(world, &message.content).lines().map(str::to_owned));
    if message.edited.is_some() {
        match lines.last_mut() {
            Some(last) => last.push_str(" (edited)"),
            None => lines.push("(edited)".to_owned()),
        }
    }
    if message.kind == 18 {
        lines.push("(started a thread)".to_owned());
    }
    message
        .embeds
        .iter()
        .for_each(|it| embed(world, it, &mut lines));
    lines.extend(
        message
            .files
            .iter()
            .map(|file| format!("(file {}, {} bytes)", file.name, file.bytes.len())),
    );
    for row in &message.components {
        let parts = row["components"].as_array().into_iter().flatten();
        lines.push(parts.map(part).collect::<Vec<_>>().join(" "));
    }
    let reactions = message.reactions.iter().map(|reaction| {
        let names: Vec<_> = reaction
            .users
            .iter()
            .chain(&reaction.bursts)
            .map(|user| world.name_of(*user))
            .collect();
        format!("{} {}", reaction.emoji.name, names.join(", "))
    });
    let reactions: Vec<_> = reactions.collect();
    if !reactions.is_empty() {
        lines.push(format!("[{}]", reactions.join("; ")));
    }
    let text = format!("{head}: {}", lines.join("\n  "));
    if world
        .channels
        .get(&message.channel)
        .is_some_and(|channel| channel.kind == Kind::Forum)
    {
        return format!("(in a forum itself) {text}");
    }
    text
}

fn embed(world: &World, embed: &Value, lines: &mut Vec<String>) {
    let text = |value: &Value| value.as_str().map(|text| named(world, text));
    if let Some(author) = text(&embed["author"]["name"]) {
        lines.push(format!("| {author}"));
    }
    if let Some(title) = text(&embed["title"]) {
        let url = embed["url"].as_str().map(|_| " (link)").unwrap_or_default();
        lines.push(format!("| **{title}**{url}"));
    }
    if let Some(description) = text(&embed["description"]) {
        lines.extend(description.lines().map(|line| format!("| {line}")));
    }
    for field in embed["fields"].as_array().into_iter().flatten() {
        let name = text(&field["name"]).unwrap_or_default();
        let value = text(&field["value"]).unwrap_or_default();
        lines.push(format!("| {name}: {}", value.replace('\n', " / ")));
    }
    if let Some(footer) = text(&embed["footer"]["text"]) {
        lines.push(format!("| _{footer}_"));
    }
}

fn part(part: &Value) -> String {
    let off = if part["disabled"] == true { " off" } else { "" };
    if part["type"] == 2 {
        let link = if part["style"] == 5 { " ↗" } else { "" };
        return format!("[{}{link}{off}]", label(part));
    }
    let placeholder = part["placeholder"].as_str().unwrap_or_default();
    let options = part["options"].as_array().into_iter().flatten();
    let options: Vec<_> = options
        .filter_map(|option| option["label"].as_str())
        .collect();
    format!("<{placeholder}: {}{off}>", options.join(" | "))
}

/// All buttons and menus of a message, in order.
pub(crate) fn parts(message: &Message) -> Vec<Value> {
    let rows = message.components.iter();
    rows.filter_map(|row| row["components"].as_array())
        .flatten()
        .cloned()
        .collect()
}

/// What stands on a button: its label, or else its emoji.
pub(crate) fn label(button: &Value) -> String {
    let label = button["label"].as_str().filter(|label| !label.is_empty());
    let text = label.or_else(|| button["emoji"]["name"].as_str());
    text.unwrap_or_default().to_owned()
}

/// A text with names for the ids in it. Links to messages become `<link>`.
pub(crate) fn named(world: &World, text: &str) -> String {
    let mut named = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(at);
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let (number, after) = digits.split_at(end);
        named.push_str(before);
        // Snowflakes are that long; smaller numbers are people's.
        let id = number.parse::<Id>().ok().filter(|_| number.len() >= 17);
        match id {
            Some(id) => named.push_str(&name_of(world, id)),
            None => named.push_str(number),
        }
        rest = after;
    }
    named.push_str(rest);
    named
}

fn name_of(world: &World, id: Id) -> String {
    if let Some(user) = world.users.get(&id) {
        return user.name.clone();
    }
    if let Some(channel) = world.channels.get(&id) {
        return channel.name.clone();
    }
    if let Some(guild) = world.guilds.get(&id) {
        return guild.name.clone();
    }
    "$id".to_owned()
}
