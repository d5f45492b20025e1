//! Rows of buttons and menus under a message.

use std::collections::HashSet;

use serde_json::{Value, json};
use twilight_model::channel::message::Component;

use super::{Object, Problems};

/// Checks all rows of a message, and gives them as Discord keeps them: with an id for each part.
pub(crate) fn read(problems: &mut Problems, body: &Object) -> Vec<Value> {
    let rows = problems.objects("", body, "components", 5);
    let before = problems.errors.len();
    let mut ids = HashSet::new();
    for (at, row) in &rows {
        problems.only(at, row, &["type", "id", "components"]);
        if row.get("type") != Some(&json!(1)) {
            problems.bad(
                &format!("{at}.type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
            continue;
        }
        let parts = problems.objects(at, row, "components", 5);
        if parts.is_empty() {
            let text = "Must be between 1 and 5 in length.";
            problems.bad(&format!("{at}.components"), "BASE_TYPE_BAD_LENGTH", text);
        }
        for (at, part) in &parts {
            let kind = part.get("type").and_then(Value::as_u64);
            match kind {
                Some(2) => button(problems, at, part),
                Some(3 | 5..=8) => menu(problems, at, part, kind == Some(3)),
                _ => problems.bad(
                    &format!("{at}.type"),
                    "UNION_TYPE_CHOICES",
                    "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).",
                ),
            }
            let takes_row = kind != Some(2);
            if takes_row && parts.len() > 1 {
                problems.bad(
                    at,
                    "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                    "The specified component exceeds the maximum width",
                );
            }
            let id = part.get("custom_id").and_then(Value::as_str);
            if id.is_some_and(|id| !ids.insert(id.to_owned())) {
                let text = "Component custom id cannot be duplicated";
                problems.bad(
                    &format!("{at}.custom_id"),
                    "COMPONENT_CUSTOM_ID_DUPLICATED",
                    text,
                );
            }
        }
    }
    let mut number = 0;
    let kept = rows
        .iter()
        .map(|(_, row)| numbered(row, &mut number))
        .collect();
    if problems.errors.len() == before {
        rows.iter()
            .for_each(|(at, row)| second_look(problems, at, row));
    }
    kept
}

fn button(problems: &mut Problems, at: &str, part: &Object) {
    let known = [
        "type",
        "id",
        "style",
        "label",
        "emoji",
        "custom_id",
        "url",
        "disabled",
        "sku_id",
    ];
    problems.only(at, part, &known);
    problems.text(at, part, "label", 1..=80);
    problems.flag(at, part, "disabled");
    emoji(problems, at, part);
    let has = |key: &str| part.get(key).is_some_and(|value| !value.is_null());
    match problems.number(at, part, "style", 1..=6) {
        Some(5) => {
            problems.url(at, part, "url", &["http://", "https://", "discord://"]);
            if !has("url") || has("custom_id") {
                let text = "A url button must have a url, and no custom id";
                problems.bad(at, "BUTTON_COMPONENT_URL_REQUIRED", text);
            }
        }
        Some(_) => {
            problems.need(at, part, "custom_id", 1..=100);
            if has("url") {
                let text = "A custom id and url cannot both be specified";
                problems.bad(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE", text);
            }
        }
        None => problems.required(&format!("{at}.style")),
    }
    if !has("label") && !has("emoji") {
        let text = "A button must have a label or an emoji";
        problems.bad(at, "BUTTON_COMPONENT_LABEL_REQUIRED", text);
    }
}

fn menu(problems: &mut Problems, at: &str, part: &Object, has_options: bool) {
    let known = [
        "type",
        "id",
        "custom_id",
        "options",
        "placeholder",
        "min_values",
        "max_values",
        "disabled",
        "channel_types",
        "default_values",
        "required",
    ];
    problems.only(at, part, &known);
    problems.need(at, part, "custom_id", 1..=100);
    problems.text(at, part, "placeholder", 0..=150);
    problems.flag(at, part, "disabled");
    let least = problems.number(at, part, "min_values", 0..=25).unwrap_or(1);
    let most = problems.number(at, part, "max_values", 1..=25).unwrap_or(1);
    if least > most {
        problems.bad(
            at,
            "SELECT_COMPONENT_RANGE",
            "min_values is larger than max_values",
        );
    }
    if !has_options {
        return;
    }
    let options = problems.objects(at, part, "options", 25);
    if options.is_empty() {
        problems.required(&format!("{at}.options"));
    }
    let mut values = HashSet::new();
    for (at, option) in options {
        problems.only(
            &at,
            option,
            &["label", "value", "description", "emoji", "default"],
        );
        problems.need(&at, option, "label", 1..=100);
        problems.text(&at, option, "description", 0..=100);
        emoji(problems, &at, option);
        let value = problems.need(&at, option, "value", 1..=100);
        if value.is_some_and(|value| !values.insert(value)) {
            let text = "The specified option value is already used";
            problems.bad(
                &format!("{at}.value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                text,
            );
        }
    }
}

fn emoji(problems: &mut Problems, at: &str, part: &Object) {
    let Some(emoji) = problems.object(at, part, "emoji") else {
        return;
    };
    let at = format!("{at}.emoji");
    problems.only(&at, emoji, &["id", "name", "animated"]);
    let name = emoji.get("name").and_then(Value::as_str);
    let is_own = emoji.get("id").is_some_and(|id| !id.is_null());
    let is_emoji = name.is_some_and(|name| crate::world::reactions::Emoji::read(name).is_some());
    if !is_own && !is_emoji {
        problems.bad(
            &format!("{at}.name"),
            "BUTTON_COMPONENT_INVALID_EMOJI",
            "Invalid emoji",
        );
    }
}

fn numbered(row: &Object, number: &mut u64) -> Value {
    let mut kept = row.clone();
    kept.retain(|_, value| !value.is_null());
    *number += 1;
    kept.insert("id".to_owned(), json!(*number));
    if let Some(Value::Array(parts)) = kept.get_mut("components") {
        *parts = parts
            .iter()
            .map(|part| {
                part.as_object()
                    .map_or(Value::Null, |part| numbered(part, number))
            })
            .collect();
    }
    Value::Object(kept)
}

fn second_look(problems: &mut Problems, at: &str, row: &Object) {
    match serde_json::from_value::<Component>(Value::Object(row.clone())) {
        Err(error) => problems.bad(at, "TWILIGHT_MODEL", error.to_string()),
        Ok(component) => {
            if let Err(error) = twilight_validate::component::component_v1(&component) {
                problems.bad(at, "TWILIGHT_VALIDATE", error.to_string());
            }
        }
    }
}
