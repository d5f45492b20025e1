//! Snowflakes: one type for all of them, since Discord itself lets kinds share a number (a thread has the id of its message, a
//! guild that of its everyone role).

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// The first moment that a snowflake can tell of, in Unix milliseconds.
pub(crate) const EPOCH: i64 = 1_420_070_400_000;

/// A snowflake. Given out by a counter and the fake's clock, so that each run gives the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(crate) u64);

impl Id {
    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The smallest snowflake of a moment, given in Unix milliseconds.
    pub(crate) fn at(now: i64) -> Self {
        Self(u64::try_from(now - EPOCH).unwrap_or_default() << 22)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
