//! One row of what a statement gives.

use rusqlite::types::ValueRef;

use super::error::{Error, Result};
use super::value::{FromValue, Value};

/// A row.
pub struct Row<'r>(pub(super) &'r rusqlite::Row<'r>);

/// Which column: a number from 0, or a name, which is looked for in each row.
pub trait Position {
    /// The number.
    fn number(self, row: &Row<'_>) -> Result<usize>;
}

impl Position for usize {
    fn number(self, _: &Row<'_>) -> Result<usize> {
        Ok(self)
    }
}

impl Position for &str {
    fn number(self, row: &Row<'_>) -> Result<usize> {
        row.0.as_ref().column_index(self).map_err(Error::from)
    }
}

impl Row<'_> {
    /// The value of a column.
    ///
    /// # Errors
    /// When it holds another kind of value.
    pub fn get<P: Position, T: FromValue>(&self, at: P) -> Result<T> {
        let at = at.number(self)?;
        let held = self.0.get_ref(at)?;
        value(held)
            .and_then(T::from_value)
            .ok_or_else(|| Error::of_column(at, held.data_type()))
    }

    /// The text of a column.
    ///
    /// # Errors
    /// When it holds no text.
    pub fn text(&self, at: usize) -> Result<&str> {
        let held = self.0.get_ref(at)?;
        match value(held) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(Error::of_column(at, held.data_type())),
        }
    }

    /// What a column holds, in words.
    #[cfg(test)]
    pub fn shown(&self, at: usize) -> Result<String> {
        Ok(format!("{:?}", self.0.get_ref(at)?))
    }
}

fn value(held: ValueRef<'_>) -> Option<Value<'_>> {
    match held {
        ValueRef::Null => Some(Value::Null),
        ValueRef::Integer(number) => Some(Value::Integer(number)),
        ValueRef::Text(text) => str::from_utf8(text).ok().map(Value::Text),
        ValueRef::Blob(bytes) => Some(Value::Bytes(bytes)),
        // The store keeps no such number.
        ValueRef::Real(_) => None,
    }
}
