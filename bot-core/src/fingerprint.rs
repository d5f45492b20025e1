//! Numbers by which equal texts are found, or it is known whether something is still the same: 64-bit FNV-1a. They are
//! stored, so they never change. Whoever chooses a text can have two get the same number: where that does harm, it is no
//! use.

/// The number of a text.
#[must_use]
pub fn of_text(text: &str) -> i64 {
    let mut hash = Fnv::default();
    hash.add(text.as_bytes());
    hash.number()
}

/// The number of bytes that are added piece by piece.
#[derive(Clone, Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Goes on with these bytes: the number is that of all of them, however they were parted.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    }

    /// The number of what was added.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.0.cast_signed()
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
