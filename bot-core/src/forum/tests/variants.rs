//! The names of an enum's variants as they are serialised, asked of the enum itself.

use std::collections::BTreeSet;

use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// The names of the variants of `T`.
pub(crate) fn variants<T: for<'de> Deserialize<'de>>() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let read = T::deserialize(Variants(&mut names));
    assert!(read.is_err(), "there is nothing to read");
    assert!(!names.is_empty(), "it is no enum");
    names
}

/// Gives nothing to read: it notes which variants are known to who asks for one.
struct Variants<'n>(&'n mut BTreeSet<String>);

impl<'de> Deserializer<'de> for Variants<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        self.0
            .extend(variants.iter().map(|name| (*name).to_owned()));
        Err(Error::custom("there is nothing to read"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("it is no enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
