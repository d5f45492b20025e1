//! Whether probabilities are true: of all the times that something was said to be so likely, how often was it so?

use std::collections::HashMap;

use crate::judged::{Judgements, Run};

/// Into how many parts the probabilities from 0 to 1 are put.
const PARTS: usize = 10;

/// How true a run's probabilities are.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// How many there are from each tenth to the next, what was said on average, and how often it was so.
    pub parts: Vec<(usize, f64, f64)>,
    /// How far off they are on average: the expected calibration error.
    pub error: f64,
    /// The mean of the squared differences to what was so: Brier's score.
    pub brier: f64,
}

/// Looks at the first document of each query: its score is the probability that it answers, to a grade of at least `least`.
/// Queries without any document are left out.
#[must_use]
pub fn calibration(judged: &Judgements, run: &Run, queries: &[String], least: u32) -> Calibration {
    let outcomes: Vec<(f64, f64)> = queries
        .iter()
        .filter_map(|query| {
            let (document, said) = run.first(query)?;
            let so = judged.grade(query, document) >= least;
            Some((said, f64::from(u8::from(so))))
        })
        .collect();
    let count = outcomes.len().max(1) as f64;
    let mut sums: HashMap<usize, (usize, f64, f64)> = HashMap::new();
    let mut brier = 0.0;
    for (said, so) in outcomes {
        let part = ((said * PARTS as f64) as usize).min(PARTS - 1);
        let sum = sums.entry(part).or_default();
        *sum = (sum.0 + 1, sum.1 + said, sum.2 + so);
        brier += (said - so).powi(2) / count;
    }
    let parts: Vec<(usize, f64, f64)> = (0..PARTS)
        .map(|part| {
            let (many, said, so) = sums.get(&part).copied().unwrap_or_default();
            let mean = |sum: f64| sum / many.max(1) as f64;
            (many, mean(said), mean(so))
        })
        .collect();
    let off = parts
        .iter()
        .map(|(many, said, so)| *many as f64 * (said - so).abs());
    let error = off.sum::<f64>() / count;
    Calibration {
        parts,
        error,
        brier,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_held_to_what_was_so() {
        let mut judged = Judgements::default();
        let mut run = Run::default();
        let mut queries = Vec::new();
        for number in 0..10 {
            let query = format!("q{number}");
            if number < 7 {
                judged.add(&query, "a", 2);
            }
            run.add(
                query.clone(),
                vec![("a".to_owned(), 0.75), ("b".to_owned(), 0.1)],
            );
            queries.push(query);
        }
        let found = calibration(&judged, &run, &queries, 1);
        assert_eq!(found.parts[7], (10, 0.75, 0.7));
        assert!((found.error - 0.05).abs() < 1e-9);
        assert!((found.brier - (7.0 * 0.0625 + 3.0 * 0.5625) / 10.0).abs() < 1e-9);
        let found = calibration(&judged, &run, &queries, 3);
        assert_eq!(found.parts[7].2, 0.0);
    }
}
