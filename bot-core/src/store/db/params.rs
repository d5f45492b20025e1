//! What stands for `?1`, `?2` … in a statement.

use super::value::{ToValue, Value};

/// The values of a statement's parameters: an array of what can be a value, or what [`params!`] makes of different ones.
pub trait Params {
    /// Each value, in order.
    fn values(&self) -> impl Iterator<Item = Value<'_>>;
}

/// Values of different types as a statement's parameters.
macro_rules! params {
    ($($value:expr),+ $(,)?) => {
        [$($crate::store::db::ToValue::to_value(&$value)),+]
    };
}
pub(crate) use params;

impl Params for [Value<'_>; 0] {
    fn values(&self) -> impl Iterator<Item = Value<'_>> {
        std::iter::empty()
    }
}

// One for each length, so that an empty array needs no type.
macro_rules! arrays {
    ($($length:literal)+) => {$(
        impl<T: ToValue> Params for [T; $length] {
            fn values(&self) -> impl Iterator<Item = Value<'_>> {
                self.iter().map(T::to_value)
            }
        }
    )+};
}
arrays!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
