//! What a message says, for somebody who reads it elsewhere: numbers mean something on Discord only. Pure.

use serenity::model::Timestamp;
use serenity::model::channel::Message;
use serenity::model::user::User;

use crate::names;

/// What only the bot's own knowledge of a server tells of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mention {
    /// A channel or thread, by its number.
    Channel(u64),
    /// A role, by its number.
    Role(u64),
}

/// What a message says, with words for people, times, commands and emoji. One that only forwards another says what that says.
pub(crate) fn spoken(message: &Message) -> String {
    if !message.content.is_empty() {
        return with_words(&message.content, |inside| {
            of_message(inside, &message.mentions)
        });
    }
    let forwarded = message.message_snapshots.iter();
    let forwarded = forwarded
        .map(|said| with_words(&said.content, |inside| of_message(inside, &said.mentions)));
    forwarded.collect::<Vec<_>>().join("\n\n")
}

/// Whether pictures or files are with a message, or with one that it forwards.
pub(crate) fn has_files(message: &Message) -> bool {
    let mut forwarded = message.message_snapshots.iter();
    !message.attachments.is_empty() || forwarded.any(|said| !said.attachments.is_empty())
}

/// The text with the names of the channels and roles that it mentions, as far as they are known.
pub(crate) fn with_names(text: &str, known: impl Fn(Mention) -> Option<String>) -> String {
    with_words(text, |inside| {
        let (sign, mention) = match inside.strip_prefix("@&") {
            Some(role) => ('@', Mention::Role(names::id(role)?)),
            None => ('#', Mention::Channel(names::id(inside.strip_prefix('#')?)?)),
        };
        known(mention).map(|name| named(sign, &name))
    })
}

/// The text with words for what stands between angle brackets, where there are some.
fn with_words(content: &str, words: impl Fn(&str) -> Option<String>) -> String {
    let mut parts = content.split('<');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let read = part
            .split_once('>')
            .and_then(|(inside, behind)| Some((words(inside)?, behind)));
        match read {
            Some((words, behind)) => {
                text.push_str(&words);
                text.push_str(behind);
            }
            None => {
                text.push('<');
                text.push_str(part);
            }
        }
    }
    text
}

/// The words for a mention that a message explains itself.
fn of_message(inside: &str, mentions: &[User]) -> Option<String> {
    person(inside, mentions)
        .or_else(|| emoji(inside))
        .or_else(|| time(inside))
        .or_else(|| command(inside))
}

/// The name of a person whom a message mentions, as text in Markdown.
fn person(inside: &str, mentions: &[User]) -> Option<String> {
    let id = inside.strip_prefix('@')?.trim_start_matches('!');
    let id = names::id(id)?;
    let user = mentions.iter().find(|user| user.id.get() == id)?;
    let name = user.global_name.as_deref().unwrap_or(&user.name);
    Some(named('@', name))
}

/// A name behind its sign, with no markup in it.
fn named(sign: char, name: &str) -> String {
    let mut named = String::from(sign);
    for c in name.chars() {
        if "*`[<|~\\".contains(c) {
            named.push('\\');
        }
        named.push(c);
    }
    named
}

/// A server's own emoji, by its name.
fn emoji(inside: &str) -> Option<String> {
    let inside = inside.strip_prefix('a').unwrap_or(inside);
    let (name, id) = inside.strip_prefix(':')?.split_once(':')?;
    names::id(id).map(|_| format!(":{name}:"))
}

/// A moment, which each client shows in its own time: `t:1618953630:R`.
fn time(inside: &str) -> Option<String> {
    let seconds = inside.strip_prefix("t:")?;
    let seconds = seconds
        .split_once(':')
        .map_or(seconds, |(seconds, _)| seconds);
    let moment = Timestamp::from_unix_timestamp(seconds.parse().ok()?).ok()?;
    let written = moment.to_string();
    let (day, time) = written.split_once('T')?;
    Some(format!("{day} {} UTC", time.get(..5)?))
}

/// A slash command that can be pressed: `/forum open:1234`.
fn command(inside: &str) -> Option<String> {
    let (name, id) = inside.strip_prefix('/')?.rsplit_once(':')?;
    names::id(id).map(|_| format!("/{name}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn user(id: &str, name: &str) -> Value {
        json!({ "id": id, "username": name, "discriminator": "0", "avatar": null, "global_name": null })
    }

    fn message(content: &str, more: Value) -> Message {
        let mut message = json!({
            "id": "7", "channel_id": "8", "author": user("9", "mira"), "content": content,
            "timestamp": "2026-11-23T11:40:00Z", "edited_timestamp": null, "tts": false,
            "mention_everyone": false, "mentions": [user("4", "so*l")], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": false, "type": 0,
        });
        let (all, more) = (message.as_object_mut(), more.as_object().cloned());
        all.expect("an object").extend(more.unwrap_or_default());
        serde_json::from_value(message).expect("a message")
    }

    #[test]
    fn mentions_become_words() {
        let said = |text| spoken(&message(text, json!({})));
        assert_eq!(said("<@4> and <@!4>, <@5>"), r"@so\*l and @so\*l, <@5>");
        assert_eq!(said("<:keg:12> <a:pour:13>"), ":keg: :pour:");
        assert_eq!(
            said("at <t:1764000000:R> or <t:0>"),
            "at 2025-11-24 16:00 UTC or 1970-01-01 00:00 UTC"
        );
        assert_eq!(said("say </forum open:12>"), "say /forum open");
        assert_eq!(
            said("1 < 2 > 0 and <t:x> </a> <"),
            "1 < 2 > 0 and <t:x> </a> <"
        );
    }

    #[test]
    fn channels_and_roles_have_the_names_that_the_server_gives_them() {
        let known = |mention| match mention {
            Mention::Channel(3) => Some("help_me".to_owned()),
            Mention::Role(4) => Some("brewers".to_owned()),
            Mention::Channel(_) | Mention::Role(_) => None,
        };
        assert_eq!(
            with_names("<#3> <@&4> <#5> <@&6> <@7>", known),
            "#help_me @brewers <#5> <@&6> <@7>"
        );
    }

    #[test]
    fn a_forwarded_message_says_what_the_other_says() {
        let forwarded = json!({ "message_snapshots": [{ "message": {
            "content": "Does <@4> know?", "timestamp": "2026-11-23T11:40:00Z", "edited_timestamp": null,
            "mentions": [user("4", "tom")], "attachments": [], "embeds": [], "type": 0,
        }}]});
        let forwards = message("", forwarded);
        assert_eq!(spoken(&forwards), "Does @tom know?");
        assert!(!has_files(&forwards));
    }
}
