//! Numbers by which equal values are found, or it is known whether one is still the same: 64-bit FNV-1a. Whoever chooses a value can have
//! two get the same number: where that does harm, it is no use.

use std::hash::{Hash, Hasher};

/// The number of a text. It is stored, so it never changes.
#[must_use]
pub fn of_text(text: &str) -> i64 {
    let mut hash = Fnv::default();
    hash.write(text.as_bytes());
    hash.finish().cast_signed()
}

/// The number of a value. Another version may give another.
#[must_use]
pub fn of(value: &impl Hash) -> i64 {
    let mut hash = Fnv::default();
    value.hash(&mut hash);
    hash.finish().cast_signed()
}

struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_text_is_what_it_was_in_every_version() {
        for (text, number) in [
            ("", 0xcbf2_9ce4_8422_2325_u64),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            assert_eq!(of_text(text), number.cast_signed(), "{text}");
        }
    }
}
