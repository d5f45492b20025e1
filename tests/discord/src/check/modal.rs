//! Dialogs and lists of suggestions.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Object, Problems};

/// Checks a dialog.
pub(crate) fn read(problems: &mut Problems, data: &Object) {
    let at = "data";
    problems.only(at, data, &["custom_id", "title", "components"]);
    problems.need(at, data, "custom_id", 1..=100);
    problems.need(at, data, "title", 1..=45);
    let rows = problems.objects(at, data, "components", 5);
    if rows.is_empty() {
        problems.required("data.components");
    }
    let mut ids = HashSet::new();
    for (at, row) in rows {
        problems.only(&at, row, &["type", "id", "components"]);
        if row.get("type") != Some(&json!(1)) {
            problems.bad(
                &at,
                "UNION_TYPE_CHOICES",
                "the fake knows dialogs of rows only",
            );
        }
        let inputs = problems.objects(&at, row, "components", 1);
        if inputs.is_empty() {
            problems.required(&format!("{at}.components"));
        }
        for (at, input) in inputs {
            one(problems, &at, input);
            let id = input.get("custom_id").and_then(Value::as_str);
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
}

fn one(problems: &mut Problems, at: &str, input: &Object) {
    let known = [
        "type",
        "id",
        "custom_id",
        "style",
        "label",
        "min_length",
        "max_length",
        "required",
        "value",
        "placeholder",
    ];
    problems.only(at, input, &known);
    if input.get("type") != Some(&json!(4)) {
        problems.bad(
            &format!("{at}.type"),
            "UNION_TYPE_CHOICES",
            "Value of field \"type\" must be one of (4,).",
        );
    }
    problems.need(at, input, "custom_id", 1..=100);
    problems.need(at, input, "label", 1..=45);
    if problems.number(at, input, "style", 1..=2).is_none() {
        problems.required(&format!("{at}.style"));
    }
    let least = problems
        .number(at, input, "min_length", 0..=4000)
        .unwrap_or(0);
    let most = problems
        .number(at, input, "max_length", 1..=4000)
        .unwrap_or(4000);
    if least > most {
        problems.bad(
            at,
            "TEXT_INPUT_RANGE",
            "min_length is larger than max_length",
        );
    }
    problems.flag(at, input, "required");
    problems.text(at, input, "placeholder", 0..=100);
    let most = usize::try_from(most).unwrap_or(4000);
    problems.text(at, input, "value", 0..=most);
}

/// Checks suggestions.
pub(crate) fn choices(problems: &mut Problems, data: &Object) {
    problems.only("data", data, &["choices"]);
    if data.get("choices").is_none_or(Value::is_null) {
        problems.required("data.choices");
    }
    for (at, choice) in problems.objects("data", data, "choices", 25) {
        problems.only(&at, choice, &["name", "name_localizations", "value"]);
        problems.need(&at, choice, "name", 1..=100);
        match choice.get("value") {
            Some(Value::String(_)) => {
                problems.text(&at, choice, "value", 0..=100);
            }
            Some(Value::Number(_)) => {}
            _ => problems.required(&format!("{at}.value")),
        }
    }
}
