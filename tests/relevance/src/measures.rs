//! The usual measures of a ranking. Each is from 0 to 1, for each query that has an answer at all.

use crate::judged::{Judgements, Run};

/// What is measured, by name and in the order of [`Measured::each`].
pub const MEASURES: [&str; 5] = ["MAP", "MRR", "P@1", "P@5", "NDCG@10"];
/// How many results NDCG looks at.
const DEEP: usize = 10;

/// A run's measures.
#[derive(Clone, Debug)]
pub struct Measured {
    /// For each query, in the order of the judgements: average precision, reciprocal rank, precision at 1 and 5, and
    /// NDCG at 10 with linear gains.
    pub queries: Vec<[f64; 5]>,
}

impl Measured {
    /// The mean of each measure over all queries.
    #[must_use]
    pub fn each(&self) -> [f64; 5] {
        let count = self.queries.len().max(1) as f64;
        let mut sums = [0.0; 5];
        for query in &self.queries {
            for (sum, value) in sums.iter_mut().zip(query) {
                *sum += value / count;
            }
        }
        sums
    }

    /// One measure of each query.
    #[must_use]
    pub fn of(&self, measure: usize) -> Vec<f64> {
        let value = |query: &[f64; 5]| query.get(measure).copied().unwrap_or(0.0);
        self.queries.iter().map(value).collect()
    }
}

/// Measures a run. A query for which nothing was found counts as 0.
#[must_use]
pub fn measure(judged: &Judgements, run: &Run) -> Measured {
    let queries = judged.queries.iter().map(|query| {
        let grades: Vec<u32> = run
            .found(query)
            .map(|document| judged.grade(query, document))
            .collect();
        of_query(&grades, &judged.ideal(query))
    });
    Measured {
        queries: queries.collect(),
    }
}

/// The measures of one ranking by its documents' grades, and by those of all that should be found, best first.
fn of_query(grades: &[u32], ideal: &[u32]) -> [f64; 5] {
    let (mut hits, mut precisions, mut first) = (0.0, 0.0, 0.0);
    for (grade, rank) in grades.iter().zip(1_u32..) {
        if *grade > 0 {
            hits += 1.0;
            precisions += hits / f64::from(rank);
            if first == 0.0 {
                first = 1.0 / f64::from(rank);
            }
        }
    }
    let precision = |at: usize| {
        let good = grades.iter().take(at).filter(|grade| **grade > 0).count();
        good as f64 / at as f64
    };
    let best = gain(ideal);
    [
        precisions / ideal.len().max(1) as f64,
        first,
        precision(1),
        precision(5),
        if best > 0.0 { gain(grades) / best } else { 0.0 },
    ]
}

/// The discounted gain of the first ten.
fn gain(grades: &[u32]) -> f64 {
    let ranked = grades.iter().take(DEEP).zip(2_u32..);
    ranked
        .map(|(grade, place)| f64::from(*grade) / f64::from(place).log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checked against trec_eval's definitions by hand.
    #[test]
    fn a_ranking_is_measured_as_the_books_say() {
        let [map, mrr, one, five, ndcg] = of_query(&[0, 2, 0, 1], &[2, 1, 1]);
        assert!((map - (1.0 / 2.0 + 2.0 / 4.0) / 3.0).abs() < 1e-9);
        assert!((mrr - 0.5).abs() < 1e-9);
        assert!((one, five) == (0.0, 0.4));
        let log = f64::log2;
        let best = 2.0 + 1.0 / log(3.0) + 0.5;
        assert!((ndcg - (2.0 / log(3.0) + 1.0 / log(5.0)) / best).abs() < 1e-9);
    }

    #[test]
    fn nothing_found_is_nothing_and_all_found_is_all() {
        assert_eq!(of_query(&[], &[1]), [0.0; 5]);
        assert_eq!(of_query(&[2, 1], &[2, 1]), [1.0, 1.0, 1.0, 0.4, 1.0]);
    }

    #[test]
    fn a_query_that_found_nothing_counts() {
        let mut judged = Judgements::default();
        judged.add("q1", "a", 1);
        judged.add("q2", "b", 1);
        let mut run = Run::default();
        run.add(
            "q1".to_owned(),
            vec![("a".to_owned(), 2.0), ("a".to_owned(), 1.0)],
        );
        let [map, ..] = measure(&judged, &run).each();
        assert!((map - 0.5).abs() < 1e-9);
    }
}
