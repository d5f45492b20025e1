//! Reads merged values into serde structs without guessing: a number is no text, an unknown key is a mistake, and each
//! mistake knows its key and where it stands. (`config`'s own deserializer turns numbers into texts and forgets origins.)

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use config::{Value, ValueKind};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::fault::{SettingOrigin, SettingsFault};
use super::layers::origin;

/// A value with its key: `section.key`, empty for all of the settings.
pub(super) struct Node {
    key: String,
    value: Value,
}

/// The name of an entry.
struct EntryName {
    name: String,
    spot: KeyPosition,
}

/// A key and where it stands.
#[derive(Clone, Debug)]
struct KeyPosition {
    key: String,
    origin: SettingOrigin,
}

/// What is wrong with a value.
#[derive(Debug)]
pub(super) struct Mistake {
    spot: Option<KeyPosition>,
    what: EntryKind,
}

#[derive(Debug)]
enum EntryKind {
    Unknown { known: &'static [&'static str] },
    Kind { found: String, expected: String },
    Said(String),
}

impl Node {
    pub(super) fn root(value: Value) -> Self {
        Self {
            key: String::new(),
            value,
        }
    }

    fn spot(&self) -> KeyPosition {
        KeyPosition {
            key: self.key.clone(),
            origin: origin(&self.value),
        }
    }

    /// An entry of this table.
    fn under(&self, name: &str, value: Value) -> Self {
        let key = match self.key.as_str() {
            "" => name.to_owned(),
            above => format!("{above}.{name}"),
        };
        Self { key, value }
    }
}

impl<'de> Deserializer<'de> for Node {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Mistake> {
        let spot = self.spot();
        let kind = std::mem::take(&mut self.value.kind);
        let read = match kind {
            ValueKind::Nil => visitor.visit_unit(),
            ValueKind::Boolean(value) => visitor.visit_bool(value),
            ValueKind::I64(value) => visitor.visit_i64(value),
            ValueKind::I128(value) => visitor.visit_i128(value),
            ValueKind::U64(value) => visitor.visit_u64(value),
            ValueKind::U128(value) => visitor.visit_u128(value),
            ValueKind::Float(value) => visitor.visit_f64(value),
            ValueKind::String(text) => visitor.visit_string(text),
            ValueKind::Array(items) => {
                let key = format!("a part of {}", self.key);
                let items = items.into_iter().map(|value| Self {
                    key: key.clone(),
                    value,
                });
                visitor.visit_seq(SeqDeserializer::new(items))
            }
            ValueKind::Table(entries) => {
                // In the order of their names, so that of several mistakes always the same one is told.
                let entries: BTreeMap<_, _> = entries.into_iter().collect();
                let entries = entries.into_iter().map(|(name, value)| {
                    let node = self.under(&name, value);
                    let spot = node.spot();
                    (EntryName { name, spot }, node)
                });
                visitor.visit_map(MapDeserializer::new(entries))
            }
        };
        read.map_err(|mistake| mistake.at(spot))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Mistake> {
        if let (ValueKind::String(text), SettingOrigin::Variable(_)) =
            (&self.value.kind, origin(&self.value))
        {
            let parts = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            let parts: Vec<_> = parts
                .map(|part| Value::new(self.value.origin().map(str::to_owned).as_ref(), part))
                .collect();
            self.value.kind = ValueKind::Array(parts);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let spot = self.spot();
        let read = match self.value.kind {
            ValueKind::String(text) => IntoDeserializer::<Mistake>::into_deserializer(text)
                .deserialize_enum(name, variants, visitor),
            _ => return self.deserialize_any(visitor),
        };
        read.map_err(|mistake| mistake.at(spot))
    }

    /// A variable is a text, whatever it says.
    fn deserialize_i64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Mistake> {
        if let (ValueKind::String(text), SettingOrigin::Variable(_)) =
            (&self.value.kind, origin(&self.value))
            && let Ok(number) = text.trim().parse()
        {
            self.value.kind = ValueKind::I64(number);
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct tuple tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, Mistake> for Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for EntryName {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor
            .visit_string(self.name)
            .map_err(|mistake: Mistake| mistake.at(self.spot))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl IntoDeserializer<'_, Mistake> for EntryName {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Mistake {
    /// The innermost spot that is known is the right one.
    fn at(mut self, spot: KeyPosition) -> Self {
        self.spot.get_or_insert(spot);
        self
    }

    fn of(what: EntryKind) -> Self {
        Self { spot: None, what }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            EntryKind::Unknown { .. } => f.write_str("unknown"),
            EntryKind::Kind { found, expected } => write!(f, "{found} instead of {expected}"),
            EntryKind::Said(said) => f.write_str(said),
        }
    }
}

impl std::error::Error for Mistake {}

impl serde::de::Error for Mistake {
    fn custom<T: fmt::Display>(said: T) -> Self {
        Self::of(EntryKind::Said(said.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(_) => "true or false",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a number",
            Unexpected::Float(_) => "a number with a point",
            Unexpected::Other(said) if said.contains("integer") => "a number",
            Unexpected::Str(_) => "a text",
            Unexpected::Seq => "a list",
            Unexpected::Map => "a section",
            _ => "something else",
        };
        let expected = match expected.to_string().as_str() {
            "a string" => "a text in quotes, such as \"text\"".to_owned(),
            "a sequence" => "a list of texts, such as [\"one\", \"two\"]".to_owned(),
            "a boolean" => "true or false".to_owned(),
            "i64" | "u64" | "i32" | "u32" => "a whole number".to_owned(),
            said if said.starts_with("enum") || said.starts_with("variant") => {
                "a text in quotes, such as \"text\"".to_owned()
            }
            said => said.to_owned(),
        };
        Self::of(EntryKind::Kind {
            found: found.to_owned(),
            expected,
        })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::invalid_type(Unexpected::Seq, expected)
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        Self::of(EntryKind::Unknown { known })
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        let known: Vec<_> = known.iter().map(|name| format!("\"{name}\"")).collect();
        Self::of(EntryKind::Kind {
            found: format!("\"{found}\""),
            expected: known.join(" or "),
        })
    }
}

impl SettingsFault {
    /// Tells of a mistake. `file` is where it stands if the values don't say: an empty section.
    pub(super) fn of(mistake: Mistake, file: Option<&Path>) -> Self {
        let Some(KeyPosition { key, origin }) = mistake.spot else {
            return Self::Layers {
                why: mistake.to_string(),
            };
        };
        let origin = match (origin, file) {
            (SettingOrigin::Defaults, Some(file)) => SettingOrigin::File(file.to_owned()),
            (origin, _) => origin,
        };
        match mistake.what {
            EntryKind::Unknown { known } => match key.split_once('.') {
                Some((section, name)) => Self::UnknownKey {
                    hint: hint(name, known, |known| format!("{section}.{known}")),
                    key,
                    origin,
                },
                None => Self::UnknownSection {
                    hint: hint(&key, known, |known| format!("[{known}]")),
                    name: key,
                    origin,
                },
            },
            EntryKind::Kind { found, expected } => Self::WrongKind {
                key,
                origin,
                found,
                expected,
            },
            EntryKind::Said(expected) => Self::WrongKind {
                key,
                origin,
                found: "something else".to_owned(),
                expected,
            },
        }
    }
}

/// "did you mean X?", or where nothing is near, what there is.
fn hint(said: &str, known: &[&str], written: impl Fn(&str) -> String) -> String {
    let distance = |known: &&&str| strsim::damerau_levenshtein(said, known);
    let part = |known: &&&str| said.len() > 3 && (known.contains(said) || said.contains(**known));
    let nearest = known
        .iter()
        .min_by_key(distance)
        .filter(|known| distance(known) <= 1 + said.chars().count() / 3)
        .or_else(|| known.iter().find(part));
    match nearest {
        Some(nearest) => format!("did you mean {}?", written(nearest)),
        None => {
            let known: Vec<_> = known.iter().map(|known| written(known)).collect();
            format!("there are {}", known.join(", "))
        }
    }
}
