//! Whether two runs really differ: a paired randomisation test. Were both equally good, which of the two did better on a
//! query would be chance; how often does chance alone make as large a difference as was measured?

/// How often chance is asked.
const TRIALS: u32 = 10_000;

/// How two runs differ in one measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The mean of the second less that of the first.
    pub mean: f64,
    /// How likely as large a difference would be by chance: the two-sided p value.
    pub p: f64,
    /// On how many queries the second did better.
    pub better: usize,
    /// On how many it did worse.
    pub worse: usize,
}

/// Compares two runs query by query. The same values give the same answer.
#[must_use]
pub fn difference(first: &[f64], second: &[f64]) -> Difference {
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| b - a).collect();
    let count = differences.len().max(1) as f64;
    let measured: f64 = differences.iter().sum();
    let mut dice = Dice(0x5EED);
    let as_large = (0..TRIALS)
        .filter(|_| {
            let by_chance: f64 = differences
                .iter()
                .map(|d| if dice.toss() { *d } else { -d })
                .sum();
            by_chance.abs() >= measured.abs() - 1e-12
        })
        .count();
    Difference {
        mean: measured / count,
        // What was measured is one of the possible outcomes.
        p: (as_large as f64 + 1.0) / (f64::from(TRIALS) + 1.0),
        better: differences.iter().filter(|d| **d > 0.0).count(),
        worse: differences.iter().filter(|d| **d < 0.0).count(),
    }
}

/// SplitMix64, the same from the same seed.
struct Dice(u64);

impl Dice {
    fn toss(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_runs_do_not_differ() {
        let run = [0.5, 0.2, 1.0];
        let found = difference(&run, &run);
        assert_eq!((found.better, found.worse), (0, 0));
        assert!(found.p > 0.99);
    }

    #[test]
    fn many_small_gains_are_no_chance_and_one_large_one_may_be() {
        let (low, high) = (vec![0.4; 40], vec![0.5; 40]);
        let found = difference(&low, &high);
        assert!((found.mean - 0.1).abs() < 1e-9);
        assert!(found.p < 0.001, "{}", found.p);
        let mut one = low.clone();
        one[7] = 1.0;
        assert!(difference(&low, &one).p > 0.4);
    }
}
