//! Chance that is the same in each run: SplitMix64, by Sebastiano Vigna.

/// Dice of a seed.
#[derive(Debug, Clone)]
pub(crate) struct SeededRng(u64);

impl SeededRng {
    /// Dice of a seed and of what they are for, so that what happens to one thing does not hang on how often another is thrown for.
    pub(crate) fn of(seed: u64, what: &str) -> Self {
        // FNV-1a: any mix would do, but it must be the same in each run and release.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(what.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, mix))
    }

    /// A number below so many.
    pub(crate) fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides.max(1)
    }

    /// Whether something of so many in a thousand happens.
    pub(crate) fn falls(&mut self, in_a_thousand: u64) -> bool {
        self.throw(1_000) < in_a_thousand
    }
}

#[cfg(test)]
mod tests {
    use super::SeededRng;

    #[test]
    fn a_seed_and_a_purpose_give_the_same_throws_in_each_run() {
        let throws = |seed, what| {
            let mut rng = SeededRng::of(seed, what);
            (0..6).map(|_| rng.throw(100)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7, "events"), throws(7, "events"));
        assert_ne!(throws(7, "events"), throws(8, "events"));
        assert_ne!(throws(7, "events"), throws(7, "requests"));
    }
}
