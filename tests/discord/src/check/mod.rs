//! Whether a body is one that Discord takes: shapes, lengths, counts. By hand, with the path of each trouble, and then once more
//! by twilight-validate, and by Discord's own OpenAPI document where it is at hand.

pub(crate) mod commands;
pub(crate) mod components;
pub(crate) mod embeds;
pub(crate) mod mentions;
pub(crate) mod message;
pub(crate) mod modal;
pub(crate) mod schema;

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::{
    rest::refusal::{Refusal, Trouble},
    world::World,
};

/// An object of a body.
pub(crate) type Object = Map<String, Value>;

/// What is wrong with a body.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    errors: Vec<Trouble>,
    unknown: Vec<String>,
}

impl Problems {
    /// Notes fields that Discord does not know. It would skip them: somebody meant something else. Those that say nothing, as
    /// libraries send some everywhere, may pass.
    pub(crate) fn only(&mut self, at: &str, body: &Object, known: &[&str]) {
        let says = |value: &Value| {
            *value != Value::Null
                && *value != Value::Bool(false)
                && *value != Value::Array(Vec::new())
        };
        let unknown = body
            .iter()
            .filter(|(key, value)| !known.contains(&key.as_str()) && says(value));
        self.unknown.extend(unknown.map(|(key, _)| join(at, key)));
    }

    pub(crate) fn bad(&mut self, at: &str, code: &'static str, text: impl Into<String>) {
        self.errors.push(Trouble {
            at: at.to_owned(),
            code,
            text: text.into(),
        });
    }

    pub(crate) fn required(&mut self, at: &str) {
        self.bad(at, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// A text, if it is there and no `null`. Its length is counted in characters.
    pub(crate) fn text<'a>(
        &mut self,
        at: &str,
        body: &'a Object,
        key: &str,
        length: RangeInclusive<usize>,
    ) -> Option<&'a str> {
        let at = join(at, key);
        let text = match body.get(key) {
            None | Some(Value::Null) => return None,
            Some(Value::String(text)) => text,
            Some(_) => {
                self.bad(
                    &at,
                    "STRING_TYPE_CONVERT",
                    "Could not interpret the value as string.",
                );
                return None;
            }
        };
        let count = text.chars().count();
        if count > *length.end() {
            let text = format!("Must be {} or fewer in length.", length.end());
            self.bad(&at, "BASE_TYPE_MAX_LENGTH", text);
        }
        if count < *length.start() || (*length.start() > 0 && text.trim().is_empty()) {
            let text = format!("Must be {} or more in length.", length.start());
            self.bad(&at, "BASE_TYPE_MIN_LENGTH", text);
        }
        Some(text)
    }

    /// A text that must be there.
    pub(crate) fn need<'a>(
        &mut self,
        at: &str,
        body: &'a Object,
        key: &str,
        length: RangeInclusive<usize>,
    ) -> Option<&'a str> {
        if body.get(key).is_none_or(Value::is_null) {
            self.required(&join(at, key));
            return None;
        }
        self.text(at, body, key, length)
    }

    /// A list of at most so many, if it is there and no `null`.
    pub(crate) fn list<'a>(
        &mut self,
        at: &str,
        body: &'a Object,
        key: &str,
        most: usize,
    ) -> Option<&'a [Value]> {
        let at = join(at, key);
        match body.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Array(list)) => {
                if list.len() > most {
                    let text = format!("Must be {most} or fewer in length.");
                    self.bad(&at, "BASE_TYPE_MAX_LENGTH", text);
                }
                Some(list)
            }
            Some(_) => {
                self.bad(
                    &at,
                    "LIST_TYPE_CONVERT",
                    "Only iterables may be used in a ListType",
                );
                None
            }
        }
    }

    /// The objects of a list, each with its path.
    pub(crate) fn objects<'a>(
        &mut self,
        at: &str,
        body: &'a Object,
        key: &str,
        most: usize,
    ) -> Vec<(String, &'a Object)> {
        let list = self.list(at, body, key, most).unwrap_or_default();
        let mut objects = Vec::with_capacity(list.len());
        for (index, value) in list.iter().enumerate() {
            let at = format!("{}.{index}", join(at, key));
            match value {
                Value::Object(object) => objects.push((at, object)),
                _ => self.no_object(&at),
            }
        }
        objects
    }

    /// An object, if it is there and no `null`.
    pub(crate) fn object<'a>(
        &mut self,
        at: &str,
        body: &'a Object,
        key: &str,
    ) -> Option<&'a Object> {
        match body.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => Some(object),
            Some(_) => {
                self.no_object(&join(at, key));
                None
            }
        }
    }

    fn no_object(&mut self, at: &str) {
        let text = "Only dictionaries may be used in a DictType";
        self.bad(at, "DICT_TYPE_CONVERT", text);
    }

    pub(crate) fn flag(&mut self, at: &str, body: &Object, key: &str) -> Option<bool> {
        match body.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Bool(flag)) => Some(*flag),
            Some(_) => {
                self.bad(
                    &join(at, key),
                    "BOOLEAN_TYPE_CONVERT",
                    "Must be either true or false.",
                );
                None
            }
        }
    }

    pub(crate) fn number(
        &mut self,
        at: &str,
        body: &Object,
        key: &str,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        let value = body.get(key).filter(|value| !value.is_null())?;
        let number = value.as_u64();
        if number.is_none_or(|number| !range.contains(&number)) {
            let text = format!("int value should be in {range:?}.");
            self.bad(&join(at, key), "NUMBER_TYPE_COERCE", text);
        }
        number
    }

    /// A snowflake, as a text or a number.
    pub(crate) fn id(&mut self, at: &str, body: &Object, key: &str) -> Option<crate::Id> {
        let value = body.get(key).filter(|value| !value.is_null())?;
        let id = as_id(value);
        if id.is_none() {
            let text = format!("Value {value} is not snowflake.");
            self.bad(&join(at, key), "NUMBER_TYPE_COERCE", text);
        }
        id
    }

    /// An address on the web.
    pub(crate) fn url(&mut self, at: &str, body: &Object, key: &str, schemes: &[&str]) {
        let Some(url) = self.text(at, body, key, 0..=2048) else {
            return;
        };
        let is_fine = schemes.iter().any(|scheme| url.starts_with(scheme));
        if !is_fine || url.contains(char::is_whitespace) {
            self.bad(
                &join(at, key),
                "URL_TYPE_INVALID_URL",
                "Not a well formed URL.",
            );
        }
    }

    /// Refuses when anything is wrong.
    pub(crate) fn finish(self, world: &mut World, what: &str) -> Result<(), Refusal> {
        for field in self.unknown {
            world.violation("unknown field", format!("{field} in {what}"));
        }
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(Refusal::invalid(self.errors))
    }
}

pub(crate) fn as_id(value: &Value) -> Option<crate::Id> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64().map(crate::Id),
        _ => None,
    }
}

pub(crate) fn join(at: &str, key: &str) -> String {
    if at.is_empty() {
        return key.to_owned();
    }
    format!("{at}.{key}")
}
