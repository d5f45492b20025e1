//! The core's table of commands as Discord's application commands, and back: what somebody picked, as what they want. Pure.
//!
//! Texts are no options: they have lines, and options have none. What takes one opens a dialog instead.

mod languages;
mod read;

use std::collections::HashMap;

use bot_core::command::{AGREED, ALL_COMMANDS, COMMANDS, Command, ListOrder, Opt, Param, Who};
use bot_core::fingerprint;
use bot_core::forum::cut_utf16;
use bot_core::text::{Key, Texts};
use serde::Serialize;
use serde_json::Value;
use twilight_model::application::command::{
    CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::oauth::ApplicationIntegrationType;

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
const WORDS_MOST: u16 = 300;
/// The most characters of a code that is typed in.
const CODE_MOST: u16 = 20;

/// A command as it is registered: twilight's own type has a version too, which only Discord gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ApplicationCommand {
    #[serde(rename = "type")]
    kind: CommandType,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_localizations: Option<HashMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description_localizations: Option<HashMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<CommandOption>>,
    contexts: Vec<InteractionContextType>,
    integration_types: Vec<ApplicationIntegrationType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_member_permissions: Option<u64>,
}

/// All commands, as a bulk overwrite of an application's commands takes them: in the forum's language, and for people whose
/// Discord is in one of `locales` in that.
pub(crate) fn all(texts: &Texts, locales: &[Locale]) -> Vec<ApplicationCommand> {
    let languages = Languages { texts, locales };
    let slash = COMMANDS.iter().map(|command| slash(command, languages));
    let menus = [
        Key::DiscordMenuQuestion,
        Key::DiscordMenuAnswer,
        Key::DiscordMenuAccept,
    ];
    let menus = menus.into_iter().map(|word| ApplicationCommand {
        kind: CommandType::Message,
        name: texts.say(word, &[]),
        name_localizations: languages.localized(|texts| Some(texts.say(word, &[]))),
        description: None,
        description_localizations: None,
        options: None,
        contexts: vec![InteractionContextType::Guild],
        integration_types: vec![ApplicationIntegrationType::GuildInstall],
        default_member_permissions: None,
    });
    slash.chain(menus).collect()
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
fn slash(command: &Command, languages: Languages<'_>) -> ApplicationCommand {
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
    let (description, described) = languages.described(|texts| words::command(texts, command));
    ApplicationCommand {
        kind: CommandType::ChatInput,
        name: command.name.to_owned(),
        name_localizations: languages
            .localized(|texts| words::name(texts, command.name, command.name)),
        description: Some(description),
        description_localizations: described,
        options: Some(options),
        // In servers, and in the bot's direct messages.
        contexts: vec![InteractionContextType::Guild, InteractionContextType::BotDm],
        integration_types: vec![ApplicationIntegrationType::GuildInstall],
        default_member_permissions: (command.who == Who::Admins).then_some(MANAGE_GUILD),
    }
}

/// The subcommands of a command that consists of several; those for a channel and a conversation besides.
fn subcommands(command: &Command, languages: Languages<'_>) -> Vec<CommandOption> {
    let sub = |name: &str| {
        let id = format!("{}-{name}", command.name);
        let says = |texts: &Texts| words::subcommand(texts, command, name);
        localized(CommandOptionType::SubCommand, (name, &id), languages, says)
    };
    let parts = command.parts.iter().map(|part| {
        let params = part.params.iter();
        let options: Vec<_> = params
            .flat_map(|param| of(*param, command, languages))
            .collect();
        CommandOption {
            options: (!options.is_empty()).then_some(options),
            ..sub(part.name)
        }
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
fn of(param: Param, command: &Command, languages: Languages<'_>) -> Vec<CommandOption> {
    let text = |name: &str| option(CommandOptionType::String, name, command, languages);
    let chosen = |name: &str, choices: Vec<CommandOptionChoice>| CommandOption {
        choices: Some(choices),
        ..text(name)
    };
    let choices = |name, names: &[&str]| {
        let choices = names.iter().map(|name| CommandOptionChoice {
            name_localizations: languages.localized(|texts| words::name(texts, name, name)),
            ..choice((*name).to_owned(), name)
        });
        chosen(name, choices.collect())
    };
    let agrees = || {
        let yes = CommandOptionChoice {
            name_localizations: languages.localized(|texts| words::name(texts, AGREED, AGREED)),
            ..choice(languages.texts.word(AGREED), AGREED)
        };
        chosen(AGREE, vec![yes])
    };
    match param {
        Param::Post => vec![completed(text(POST))],
        Param::Title => vec![title(command, languages)],
        Param::Text { .. } => Vec::new(),
        Param::Code { needed } => {
            let code = CommandOption {
                max_length: Some(CODE_MOST),
                required: needed.then_some(true),
                ..text(CODE)
            };
            vec![code, agrees()]
        }
        Param::Which => vec![text(WHICH), agrees()],
        Param::Words => vec![CommandOption {
            max_length: Some(WORDS_MOST),
            required: Some(true),
            ..completed(text(WORDS))
        }],
        Param::Page => vec![CommandOption {
            min_value: Some(CommandOptionValue::Integer(1)),
            ..option(CommandOptionType::Integer, PAGE, command, languages)
        }],
        Param::Order => {
            let orders = ListOrder::ALL.iter().map(|order| {
                let name = |texts: &Texts| cut_utf16(&texts.say(list(*order), &[]), DESCRIPTION);
                CommandOptionChoice {
                    name_localizations: languages.localized(|texts| Some(name(texts))),
                    ..choice(name(languages.texts), order.name())
                }
            });
            vec![chosen(LIST, orders.collect())]
        }
        Param::Tag { .. } => vec![completed(text(TAG))],
        Param::Topic => {
            let names = COMMANDS.iter().map(|command| command.name);
            let names: Vec<_> = names.chain([ALL_COMMANDS]).collect();
            vec![choices(COMMAND, &names)]
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
fn also(opt: Opt, command: &Command, languages: Languages<'_>) -> CommandOption {
    let text = |name| option(CommandOptionType::String, name, command, languages);
    match opt {
        Opt::Tag => completed(text(TAGS)),
        Opt::Title => title(command, languages),
        Opt::Reason => text(REASON),
    }
}

/// A title: completed over those of earlier questions.
fn title(command: &Command, languages: Languages<'_>) -> CommandOption {
    CommandOption {
        max_length: u16::try_from(TITLE_MOST).ok(),
        ..completed(option(CommandOptionType::String, TITLE, command, languages))
    }
}

/// The same option, whose values the bot suggests.
fn completed(option: CommandOption) -> CommandOption {
    CommandOption {
        autocomplete: Some(true),
        ..option
    }
}

/// One of the values that an option may have.
pub(crate) fn choice(name: String, value: &str) -> CommandOptionChoice {
    CommandOptionChoice {
        name,
        name_localizations: None,
        value: CommandOptionChoiceValue::String(value.to_owned()),
    }
}

fn option(
    kind: CommandOptionType,
    name: &str,
    command: &Command,
    languages: Languages<'_>,
) -> CommandOption {
    let id = format!("option-{name}");
    let says = |texts: &Texts| words::option(texts, command, name);
    localized(kind, (name, &id), languages, says)
}

/// An option or a subcommand, described, and in the other languages described and named; `id` is what the names are found by.
fn localized(
    kind: CommandOptionType,
    (name, id): (&str, &str),
    languages: Languages<'_>,
    says: impl Fn(&Texts) -> String,
) -> CommandOption {
    let (description, description_localizations) = languages.described(says);
    CommandOption {
        autocomplete: None,
        channel_types: None,
        choices: None,
        description,
        description_localizations,
        file_types: None,
        kind,
        max_length: None,
        max_value: None,
        min_length: None,
        min_value: None,
        name: name.to_owned(),
        name_localizations: languages.localized(|texts| words::name(texts, id, name)),
        options: None,
        required: None,
    }
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
