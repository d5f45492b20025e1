//! A dialog, as it opens before somebody.

use serde_json::{Value, json};

use crate::Id;

/// A dialog.
#[derive(Debug, Clone)]
pub struct Modal {
    pub(crate) channel: Id,
    pub(crate) user: Id,
    pub(crate) source: Option<Id>,
    data: Value,
}

/// A field of a dialog.
#[derive(Debug, Clone)]
pub struct Input {
    /// What the bot knows it by.
    pub custom_id: String,
    /// What stands above it.
    pub label: String,
    /// What stands in it when it opens.
    pub value: String,
    /// Whether it must be filled.
    pub is_required: bool,
    least: usize,
    most: usize,
}

impl Modal {
    pub(crate) const fn new(channel: Id, user: Id, source: Option<Id>, data: Value) -> Self {
        Self {
            channel,
            user,
            source,
            data,
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.data["title"].as_str().unwrap_or_default()
    }

    /// What the bot knows it by.
    #[must_use]
    pub fn custom_id(&self) -> &str {
        self.data["custom_id"].as_str().unwrap_or_default()
    }

    /// The same dialog as a client sends it that has put something else in the place of its id.
    #[must_use]
    pub fn forged(&self, custom_id: &str) -> Self {
        let mut forged = self.clone();
        forged.data["custom_id"] = json!(custom_id);
        forged
    }

    /// Its fields, in order.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        let rows = self.data["components"].as_array();
        rows.into_iter()
            .flatten()
            .map(|row| Input::read(&row["components"][0]))
            .collect()
    }

    /// It as readable text.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = format!("┌ {}", self.title());
        for input in self.inputs() {
            let star = if input.is_required { "*" } else { "" };
            text.push_str(&format!("\n│ {}{star}: {}", input.label, input.value));
        }
        text
    }

    /// What is sent when it is filled with these texts, by custom id or label. Fields that are not named stay as they opened.
    pub(crate) fn filled(&self, texts: &[(&str, &str)], who: &str) -> Value {
        let inputs = self.inputs();
        for (name, _) in texts {
            let known = inputs.iter().any(|input| input.is_called(name));
            assert!(known, "the dialog has no field {name:?}:\n{}", self.shown());
        }
        let row = |input: &Input| {
            let text = texts.iter().find(|(name, _)| input.is_called(name));
            let text = text.map_or(input.value.as_str(), |(_, text)| text);
            let count = text.chars().count();
            let is_left_out = count == 0 && !input.is_required;
            let fits = is_left_out
                || (input.least.max(usize::from(input.is_required))..=input.most).contains(&count);
            assert!(
                fits,
                "{who} cannot send {count} characters in {:?}",
                input.label
            );
            let field = json!({ "type": 4, "id": 2, "custom_id": input.custom_id, "value": text });
            json!({ "type": 1, "id": 1, "components": [field] })
        };
        let rows: Vec<Value> = inputs.iter().map(row).collect();
        json!({ "custom_id": self.custom_id(), "components": rows })
    }
}

impl Input {
    fn read(input: &Value) -> Self {
        let text = |key: &str| input[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| input[key].as_u64().and_then(|it| usize::try_from(it).ok());
        Self {
            custom_id: text("custom_id"),
            label: text("label"),
            value: text("value"),
            is_required: input["required"] != json!(false),
            least: number("min_length").unwrap_or(0),
            most: number("max_length").unwrap_or(4000),
        }
    }

    fn is_called(&self, name: &str) -> bool {
        self.custom_id == name || self.label == name
    }
}
