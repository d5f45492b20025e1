//! Time and randomness, which come in from outside: the rules and the engine are handed them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::forum::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Gives random numbers.
pub trait Rng: Send + 'static {
    /// The next 64 random bits.
    fn next(&mut self) -> u64;
}

/// The machine's own clock and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Clock for System {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the machine's clock comes in"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Rng for System {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the machine's randomness comes in"
    )]
    fn next(&mut self) -> u64 {
        getrandom::u64().expect("the operating system gives random numbers")
    }
}

/// A name that nothing else has: 32 hexadecimal digits.
pub fn token(rng: &mut dyn Rng) -> String {
    format!("{:016x}{:016x}", rng.next(), rng.next())
}

/// A number below `bound`; 0 where `bound` is 0.
pub fn below(rng: &mut dyn Rng, bound: u64) -> u64 {
    if bound == 0 { 0 } else { rng.next() % bound }
}

/// So many letters and digits that look like no others, for codes that people type.
pub fn letters(rng: &mut dyn Rng, many: usize) -> String {
    const LETTERS: &[u8; 30] = b"ABCDEFGHJKLMNPQRSTUVWXYZ234567";
    (0..many)
        .map(|_| {
            let at = usize::try_from(below(rng, LETTERS.len() as u64)).unwrap_or(0);
            char::from(LETTERS.get(at).copied().unwrap_or(b'A'))
        })
        .collect()
}
