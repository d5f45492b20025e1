//! The core's table of commands as Discord's application commands, and back: what somebody picked, as what they want. Pure.
//!
//! Texts are no options: they have lines, and options have none. What takes one opens a dialog instead.

mod languages;
mod read;

use bot_core::command::{AGREED, ALL_COMMANDS, COMMANDS, Command, ListOrder, Opt, Param, Who};
use bot_core::fingerprint;
use bot_core::forum::cut_utf16;
use bot_core::text::{Key, Texts};
use serde_json::{Value, json};

use crate::dialogs::TITLE_MOST;
use crate::words;
use languages::{Languages, Locale};

pub(crate) use languages::locales;
pub(crate) use read::{Asked, Door, Menu, OptionValue, intent, menu};

/// The command by which a channel becomes a place of the forum, and stops being one.
pub(crate) const FORUM: &str = "forum";
/// Its subcommands for one channel, beside those of the core's.
const OPEN: &str = "open";
const CLOSE: &str = "close";
/// And the one by which somebody says in a conversation which forum they mean.
const MEANT: &str = "which";
/// The names of options.
const POST: &str = "post";
const TITLE: &str = "title";
const WORDS: &str = "words";
const LIST: &str = "list";
const TAG: &str = "tag";
const PAGE: &str = "page";
const COMMAND: &str = "command";
const TAGS: &str = "tags";
const REASON: &str = "reason";
const CODE: &str = "code";
const AGREE: &str = "agree";
const WHICH: &str = "which";
/// The permission to manage a server, as a bit.
const MANAGE_GUILD: u64 = 1 << 5;
/// The most characters of a description; Discord's number.
const DESCRIPTION: usize = 100;
/// The most characters of what is searched for.
const WORDS_MOST: u32 = 300;

/// The kinds of options, by Discord's numbers.
const SUBCOMMAND: u8 = 1;
const STRING: u8 = 3;
const INTEGER: u8 = 4;

/// All commands, as a bulk overwrite of an application's commands takes them: in the forum's language, and for people whose
/// Discord is in one of `locales` in that.
pub(crate) fn all(texts: &Texts, locales: &[Locale]) -> Value {
    let languages = Languages { texts, locales };
    let slash = COMMANDS.iter().map(|command| slash(command, languages));
    let menus = [
        Key::DiscordMenuQuestion,
        Key::DiscordMenuAnswer,
        Key::DiscordMenuAccept,
    ];
    let menus = menus.into_iter().map(|word| {
        let menu = json!({
            "type": 3,
            "name": texts.say(word, &[]),
            "contexts": [0],
            "integration_types": [0],
        });
        languages.named(menu, |texts| Some(texts.say(word, &[])))
    });
    slash.chain(menus).collect::<Vec<_>>().into()
}

/// A name for this very value: the same for equal values, whatever the order of their fields; another, in all likelihood, for
/// another value.
pub(crate) fn hash(value: &Value) -> String {
    let mut canonical = String::new();
    write_canonical(value, &mut canonical);
    format!("{:016x}", fingerprint::of_text(&canonical))
}

/// JSON with the fields of each object in the order of their names.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (name, field) in fields {
                out.push_str(&format!("{}:", Value::from(name.as_str())));
                write_canonical(field, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string());
        }
    }
}

/// A command of the core's.
fn slash(command: &Command, languages: Languages<'_>) -> Value {
    let options = match command.parts {
        [] => {
            let params = command.params.iter();
            let params = params.flat_map(|param| of(*param, command, languages));
            let besides = command.options.iter();
            params
                .chain(besides.map(|option| also(*option, command, languages)))
                .collect()
        }
        _ => subcommands(command, languages),
    };
    let slash = json!({
        "type": 1,
        "name": command.name,
        "options": options,
        // In servers, and in the bot's direct messages.
        "contexts": [0, 1],
        "integration_types": [0],
    });
    let said = |texts: &Texts| words::command(texts, command);
    let mut slash = languages.localized(slash, command.name, said);
    if command.who == Who::Admins {
        slash["default_member_permissions"] = json!(MANAGE_GUILD);
    }
    slash
}

/// The subcommands of a command that consists of several; those for a channel and a conversation besides.
fn subcommands(command: &Command, languages: Languages<'_>) -> Vec<Value> {
    let sub = |name: &str| {
        let sub = json!({ "type": SUBCOMMAND, "name": name });
        let id = format!("{}-{name}", command.name);
        languages.localized(sub, &id, |texts| words::subcommand(texts, command, name))
    };
    let parts = command.parts.iter().map(|part| {
        let params = part.params.iter();
        let options: Vec<_> = params
            .flat_map(|param| of(*param, command, languages))
            .collect();
        let mut sub = sub(part.name);
        if !options.is_empty() {
            sub["options"] = options.into();
        }
        sub
    });
    let (before, behind): (&[_], &[_]) = match command.name {
        FORUM => (&[OPEN, CLOSE], &[MEANT]),
        _ => (&[], &[]),
    };
    let before = before.iter().map(|name| sub(name));
    let behind = behind.iter().map(|name| sub(name));
    before.chain(parts).chain(behind).collect()
}

/// The options that take what a command takes.
fn of(param: Param, command: &Command, languages: Languages<'_>) -> Vec<Value> {
    let text = |name| option(STRING, name, command, languages);
    let with = |mut option: Value, name: &str, value: Value| {
        option[name] = value;
        option
    };
    let completed = |option| with(option, "autocomplete", json!(true));
    let choices = |option, names: &[&str]| {
        let choices = names.iter().map(|name| {
            let choice = json!({ "name": name, "value": name });
            languages.named(choice, |texts| words::name(texts, name, name))
        });
        with(option, "choices", choices.collect::<Vec<_>>().into())
    };
    let required = |option, needed| match needed {
        true => with(option, "required", json!(true)),
        false => option,
    };
    let agrees = || {
        let choice = json!({ "name": languages.texts.word(AGREED), "value": AGREED });
        let choice = languages.named(choice, |texts| words::name(texts, AGREED, AGREED));
        with(text(AGREE), "choices", json!([choice]))
    };
    match param {
        Param::Post => vec![completed(text(POST))],
        Param::Title => vec![title(command, languages)],
        Param::Text { .. } => Vec::new(),
        Param::Code { needed } => {
            let code = with(text(CODE), "max_length", json!(20));
            vec![required(code, needed), agrees()]
        }
        Param::Which => vec![text(WHICH), agrees()],
        Param::Words => {
            let option = completed(text(WORDS));
            let option = with(option, "max_length", json!(WORDS_MOST));
            vec![required(option, true)]
        }
        Param::Page => vec![with(
            option(INTEGER, PAGE, command, languages),
            "min_value",
            json!(1),
        )],
        Param::Order => {
            let choices = ListOrder::ALL.iter().map(|order| {
                let name = |texts: &Texts| cut_utf16(&texts.say(list(*order), &[]), DESCRIPTION);
                let choice = json!({ "name": name(languages.texts), "value": order.name() });
                languages.named(choice, |texts| Some(name(texts)))
            });
            let choices = choices.collect::<Vec<_>>();
            vec![with(text(LIST), "choices", json!(choices))]
        }
        Param::Tag { .. } => vec![completed(text(TAG))],
        Param::Topic => {
            let names = COMMANDS.iter().map(|command| command.name);
            let names: Vec<_> = names.chain([ALL_COMMANDS]).collect();
            vec![choices(text(COMMAND), &names)]
        }
    }
}

/// What a list is called.
const fn list(order: ListOrder) -> Key {
    match order {
        ListOrder::Recent => Key::ListRecent,
        ListOrder::Unanswered => Key::ListUnanswered,
        ListOrder::Hot => Key::ListHot,
        ListOrder::Votes => Key::ListVotes,
    }
}

/// The option that takes what can be said besides.
fn also(opt: Opt, command: &Command, languages: Languages<'_>) -> Value {
    let text = |name| option(STRING, name, command, languages);
    match opt {
        Opt::Tag => {
            let mut tags = text(TAGS);
            tags["autocomplete"] = json!(true);
            tags
        }
        Opt::Title => title(command, languages),
        Opt::Reason => text(REASON),
    }
}

/// A title: completed over those of earlier questions.
fn title(command: &Command, languages: Languages<'_>) -> Value {
    let mut title = option(STRING, TITLE, command, languages);
    title["max_length"] = json!(TITLE_MOST);
    title["autocomplete"] = json!(true);
    title
}

fn option(kind: u8, name: &str, command: &Command, languages: Languages<'_>) -> Value {
    let option = json!({ "type": kind, "name": name });
    let id = format!("option-{name}");
    languages.localized(option, &id, |texts| words::option(texts, command, name))
}

/// A description: never empty, never too long.
fn described(text: &str) -> String {
    let text = cut_utf16(text.trim(), DESCRIPTION);
    match text.is_empty() {
        true => "…".to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests;
