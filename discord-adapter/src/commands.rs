//! The core's table of commands as Discord's application commands, and back: what somebody picked, as what they want. Pure.
//!
//! Texts are no options: they have lines, and options have none. What takes one opens a dialog instead.

mod read;

use bot_core::command::{AGREED, COMMANDS, Command, Opt, Param, Verb};
use bot_core::fingerprint;
use bot_core::forum::cut_utf16;
use serde_json::{Value, json};

use crate::dialogs::TITLE_MOST;
use crate::words::{Word, Words};

pub(crate) use read::{Asked, Door, Menu, OptionValue, intent, menu};

/// The command by which a channel becomes a place of the forum, and stops being one.
pub(crate) const FORUM: &str = "forum";
/// Its subcommands for one channel.
const OPEN: &str = "open";
const CLOSE: &str = "close";
/// And those by which forums become one, or two again.
const CODE: &str = "code";
const JOIN: &str = "join";
const LEAVE: &str = "leave";
/// Which of the forums that joined, by its own name.
const WHICH: &str = "which";
/// The subcommand by which somebody says in a conversation which forum they mean.
const MEANT: &str = "which";
/// The permission to manage a server, as a bit.
const MANAGE_GUILD: u64 = 1 << 5;
/// The most characters of a description; Discord's number.
const DESCRIPTION: usize = 100;
/// The most characters of what is searched for.
const WORDS: u32 = 300;

/// The kinds of options, by Discord's numbers.
const SUBCOMMAND: u8 = 1;
const STRING: u8 = 3;
const INTEGER: u8 = 4;

/// All commands, as a bulk overwrite of an application's commands takes them.
pub(crate) fn all(words: Words<'_>) -> Value {
    let slash = COMMANDS
        .iter()
        .filter(|command| command.verb != Verb::Forum)
        .map(|command| slash(command, words));
    let menus = [Word::MenuQuestion, Word::MenuAnswer, Word::MenuAccept];
    let menus = menus.into_iter().map(|word| {
        json!({
            "type": 3,
            "name": words.say(word),
            "contexts": [0],
            "integration_types": [0],
        })
    });
    slash
        .chain([forum(words)])
        .chain(menus)
        .collect::<Vec<_>>()
        .into()
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

/// A command of the table.
fn slash(command: &Command, words: Words<'_>) -> Value {
    let params = command.params.iter().flat_map(|param| of(*param, words));
    let options = command.options.iter().map(|option| also(*option, words));
    json!({
        "type": 1,
        "name": command.name,
        "description": described(&words.summary(command)),
        "options": params.chain(options).collect::<Vec<_>>(),
        // In servers, and in the bot's direct messages.
        "contexts": [0, 1],
        "integration_types": [0],
    })
}

/// The command for those who run a server.
fn forum(words: Words<'_>) -> Value {
    let sub = |name, word| option(SUBCOMMAND, name, &words.say(word));
    let with = |mut sub: Value, options: Vec<Value>| {
        sub["options"] = options.into();
        sub
    };
    let required = |mut option: Value| {
        option["required"] = json!(true);
        option
    };
    json!({
        "type": 1,
        "name": FORUM,
        "description": described(&words.say(Word::Forum)),
        "options": [
            sub(OPEN, Word::ForumOpen),
            sub(CLOSE, Word::ForumClose),
            sub(CODE, Word::ForumCode),
            with(sub(JOIN, Word::ForumJoin), vec![required(code(words)), agrees(words)]),
            with(
                sub(LEAVE, Word::ForumLeave),
                vec![option(STRING, WHICH, &words.say(Word::OptionWhich)), agrees(words)],
            ),
            sub(MEANT, Word::ForumWhich),
        ],
        "default_member_permissions": MANAGE_GUILD,
        // In direct messages for the last of them.
        "contexts": [0, 1],
        "integration_types": [0],
    })
}

/// The options that take what a command takes.
fn of(param: Param, words: Words<'_>) -> Vec<Value> {
    let text = |name, word| option(STRING, name, &words.say(word));
    let with = |mut option: Value, name: &str, value: Value| {
        option[name] = value;
        option
    };
    let completed = |option| with(option, "autocomplete", json!(true));
    match param {
        Param::Post => vec![completed(text("post", Word::OptionPost))],
        Param::Title => vec![title(words)],
        Param::Text { .. } => Vec::new(),
        Param::Code => vec![code(words), agrees(words)],
        // The command for those who run a server has subcommands instead.
        Param::Union => Vec::new(),
        Param::Words => {
            let option = completed(text("words", Word::OptionWords));
            let option = with(option, "max_length", json!(WORDS));
            vec![with(option, "required", json!(true))]
        }
        Param::Page => {
            let option = option(INTEGER, "page", &words.say(Word::OptionPage));
            vec![with(option, "min_value", json!(1))]
        }
        Param::List => {
            let choices = read::LISTS.iter().map(|(value, word, _)| {
                let name = cut_utf16(&words.say(*word), DESCRIPTION);
                json!({ "name": name, "value": value })
            });
            let choices = choices.collect::<Vec<_>>();
            vec![
                with(text("list", Word::OptionList), "choices", json!(choices)),
                completed(text("tag", Word::OptionTag)),
            ]
        }
        Param::Topic => {
            let names = COMMANDS.iter().map(|command| command.name);
            let choices: Vec<_> = names
                .map(|name| json!({ "name": name, "value": name }))
                .collect();
            let option = text("command", Word::OptionCommand);
            vec![with(option, "choices", json!(choices))]
        }
    }
}

/// A one-time code.
fn code(words: Words<'_>) -> Value {
    let mut code = option(STRING, "code", &words.say(Word::OptionCode));
    code["max_length"] = json!(20);
    code
}

/// That what was asked is agreed to.
fn agrees(words: Words<'_>) -> Value {
    let mut agrees = option(STRING, "agree", &words.say(Word::OptionAgree));
    agrees["choices"] = json!([{ "name": AGREED, "value": AGREED }]);
    agrees
}

/// The option that takes what can be said besides.
fn also(opt: Opt, words: Words<'_>) -> Value {
    match opt {
        Opt::Tag => {
            let mut tags = option(STRING, "tags", &words.say(Word::OptionTags));
            tags["autocomplete"] = json!(true);
            tags
        }
        Opt::Title => title(words),
        Opt::Reason => option(STRING, "reason", &words.say(Word::OptionReason)),
    }
}

/// A title: completed over those of earlier questions.
fn title(words: Words<'_>) -> Value {
    let mut title = option(STRING, "title", &words.say(Word::OptionTitle));
    title["max_length"] = json!(TITLE_MOST);
    title["autocomplete"] = json!(true);
    title
}

fn option(kind: u8, name: &str, description: &str) -> Value {
    json!({ "type": kind, "name": name, "description": described(description) })
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
