//! Commands that a bot registers.

use std::collections::HashSet;

use serde_json::{Value, json};
use twilight_model::application::command::Command;

use super::{Object, Problems, join};

/// The languages that Discord can be in.
const LOCALES: [&str; 32] = [
    "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr",
    "uk", "vi", "zh-CN", "zh-TW",
];

/// Checks all commands of a bulk registration.
pub(crate) fn read(problems: &mut Problems, commands: &[Value]) {
    let mut names = HashSet::new();
    let mut counts = [0; 4];
    for (index, command) in commands.iter().enumerate() {
        let at = index.to_string();
        let Value::Object(command) = command else {
            problems.bad(
                &at,
                "DICT_TYPE_CONVERT",
                "Only dictionaries may be used in a DictType",
            );
            continue;
        };
        let before = problems.errors.len();
        let kind = one(problems, &at, command);
        let name = command
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !names.insert((kind, name)) {
            let text = "Application command names must be unique";
            problems.bad(&at, "APPLICATION_COMMANDS_DUPLICATE_NAME", text);
        }
        if let Some(count) = counts.get_mut(kind as usize) {
            *count += 1;
        }
        if problems.errors.len() == before {
            second_look(problems, &at, command);
        }
    }
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        if counts[kind] > most {
            let text = format!("at most {most} commands of type {kind}");
            problems.bad("", "APPLICATION_COMMAND_TOO_MANY", text);
        }
    }
}

fn one(problems: &mut Problems, at: &str, command: &Object) -> u64 {
    let known = [
        "id",
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "options",
        "default_member_permissions",
        "dm_permission",
        "default_permission",
        "integration_types",
        "contexts",
        "nsfw",
        "handler",
    ];
    problems.only(at, command, &known);
    let kind = problems.number(at, command, "type", 1..=3).unwrap_or(1);
    let name = problems.need(at, command, "name", 1..=32);
    localized(problems, at, command, "name_localizations", 32);
    localized(problems, at, command, "description_localizations", 100);
    if kind == 1 {
        localized_names(problems, at, command);
    }
    if kind != 1 {
        if problems
            .text(at, command, "description", 0..=100)
            .is_some_and(|it| !it.is_empty())
        {
            let text = "Context menu commands cannot have description";
            problems.bad(
                &join(at, "description"),
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                text,
            );
        }
        return kind;
    }
    if name.is_some_and(|name| !is_name(name)) {
        problems.bad(
            &join(at, "name"),
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        );
    }
    problems.need(at, command, "description", 1..=100);
    options(problems, at, command, 0);
    kind
}

fn localized(problems: &mut Problems, at: &str, command: &Object, key: &str, most: usize) {
    let Some(texts) = problems.object(at, command, key) else {
        return;
    };
    let at = join(at, key);
    for language in texts.keys() {
        problems.text(&at, texts, language, 1..=most);
        if !LOCALES.contains(&language.as_str()) {
            let text = format!("Value {language:?} is no locale");
            problems.bad(&join(&at, language), "ENUM_TYPE_COERCE", text);
        }
    }
}

/// Checks that the names of a command or option in other languages are names.
fn localized_names(problems: &mut Problems, at: &str, of: &Object) {
    let texts = of.get("name_localizations").and_then(Value::as_object);
    for (language, name) in texts.into_iter().flatten() {
        if name.as_str().is_some_and(|name| !is_name(name)) {
            problems.bad(
                &join(&join(at, "name_localizations"), language),
                "APPLICATION_COMMAND_INVALID_NAME",
                "Command name is invalid",
            );
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_fine = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    name.chars().all(is_fine) && !name.chars().any(char::is_uppercase)
}

fn options(problems: &mut Problems, at: &str, command: &Object, depth: usize) {
    let mut names = HashSet::new();
    let (mut optional_seen, mut kinds) = (false, HashSet::new());
    for (at, option) in problems.objects(at, command, "options", 25) {
        let known = [
            "type",
            "name",
            "name_localizations",
            "description",
            "description_localizations",
            "required",
            "choices",
            "options",
            "channel_types",
            "min_value",
            "max_value",
            "min_length",
            "max_length",
            "autocomplete",
        ];
        problems.only(&at, option, &known);
        let name = problems.need(&at, option, "name", 1..=32);
        if name.is_some_and(|name| !is_name(name)) {
            problems.bad(
                &join(&at, "name"),
                "APPLICATION_COMMAND_INVALID_NAME",
                "Command name is invalid",
            );
        }
        if name.is_some_and(|name| !names.insert(name)) {
            problems.bad(
                &at,
                "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE",
                "Option names must be unique",
            );
        }
        problems.need(&at, option, "description", 1..=100);
        localized(problems, &at, option, "name_localizations", 32);
        localized_names(problems, &at, option);
        localized(problems, &at, option, "description_localizations", 100);
        let Some(kind) = problems.number(&at, option, "type", 1..=11) else {
            problems.required(&join(&at, "type"));
            continue;
        };
        kinds.insert(kind <= 2);
        if kind <= 2 {
            if depth >= usize::from(kind == 2) + usize::from(kind == 1) * 2 {
                problems.bad(
                    &at,
                    "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                    "groups and subcommands go no deeper",
                );
            }
            options(problems, &at, option, depth + if kind == 1 { 2 } else { 1 });
            continue;
        }
        let is_required = problems.flag(&at, option, "required") == Some(true);
        if is_required && optional_seen {
            let text = "Required options must be placed before non-required options";
            problems.bad(&at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text);
        }
        optional_seen |= !is_required;
        value_of(problems, &at, option, kind);
    }
    if kinds.len() > 1 {
        let text = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        problems.bad(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text);
    }
}

fn value_of(problems: &mut Problems, at: &str, option: &Object, kind: u64) {
    let mut names = HashSet::new();
    let choices = problems.objects(at, option, "choices", 25);
    let completes = problems.flag(at, option, "autocomplete") == Some(true);
    let may_choose = matches!(kind, 3 | 4 | 10);
    if completes && (!choices.is_empty() || !may_choose) {
        let text = "autocomplete goes with texts and numbers, and not with choices";
        problems.bad(at, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", text);
    }
    if !choices.is_empty() && !may_choose {
        problems.bad(
            at,
            "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID",
            "choices go with texts and numbers",
        );
    }
    for (at, choice) in choices {
        problems.only(&at, choice, &["name", "name_localizations", "value"]);
        localized(problems, &at, choice, "name_localizations", 100);
        let name = problems.need(&at, choice, "name", 1..=100);
        if name.is_some_and(|name| !names.insert(name)) {
            let text = "Option choice names must be unique";
            problems.bad(&at, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", text);
        }
        let fits = match choice.get("value") {
            Some(Value::String(text)) => kind == 3 && text.chars().count() <= 100,
            Some(Value::Number(number)) => kind == 10 || (kind == 4 && number.is_i64()),
            _ => false,
        };
        if !fits {
            problems.bad(
                &join(&at, "value"),
                "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE",
                "wrong type or over 100",
            );
        }
    }
    problems.number(at, option, "min_length", 0..=6000);
    problems.number(at, option, "max_length", 1..=6000);
    let has_length = ["min_length", "max_length"]
        .iter()
        .any(|key| option.get(*key).is_some_and(|it| !it.is_null()));
    if has_length && kind != 3 {
        problems.bad(
            at,
            "APPLICATION_COMMAND_OPTIONS_LENGTH",
            "lengths go with texts",
        );
    }
}

fn second_look(problems: &mut Problems, at: &str, command: &Object) {
    let mut command = command.clone();
    command.insert("version".to_owned(), json!("1"));
    command.entry("type").or_insert(json!(1));
    command.entry("description").or_insert(json!(""));
    match serde_json::from_value::<Command>(Value::Object(command)) {
        Err(error) => problems.bad(at, "TWILIGHT_MODEL", error.to_string()),
        Ok(command) => {
            if let Err(error) = twilight_validate::command::command(&command) {
                problems.bad(at, "TWILIGHT_VALIDATE", error.to_string());
            }
        }
    }
}
