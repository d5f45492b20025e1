//! How sure the bot has to be before it says that something was asked before.

/// Similar questions are shown when, of ten times that it looks like this, the first of them would answer at least so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InTen(u8);

impl InTen {
    /// From 1 (shows much, and often in vain) to 9 (shows only what is nearly certain).
    #[must_use]
    pub fn new(times: u8) -> Option<Self> {
        matches!(times, 1..=9).then_some(Self(times))
    }

    /// Whether a question that answers with this probability is worth showing.
    #[must_use]
    pub fn is_met_by(self, probability: f32) -> bool {
        probability * 10.0 >= f32::from(self.0)
    }

    /// Whether it is at least half as likely: what may stand behind one that is worth showing.
    #[must_use]
    pub fn is_half_met_by(self, probability: f32) -> bool {
        self.is_met_by(probability * 2.0)
    }
}

impl Default for InTen {
    fn default() -> Self {
        Self(5)
    }
}

/// How many times in ten a probability is, as people are told: never 0 and never 10, since nothing is certain.
#[must_use]
pub fn in_ten(probability: f32) -> u8 {
    (probability * 10.0).round().clamp(1.0, 9.0) as u8
}
