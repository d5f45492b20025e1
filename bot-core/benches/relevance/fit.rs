//! A logistic regression, fitted by Newton's method.

use std::fmt;

use crate::PARTS;

/// The weights and what there is without any evidence.
const SIZE: usize = PARTS + 1;
/// How often it is improved; a few times are enough.
const STEPS: usize = 30;
/// What keeps weights small that nothing speaks for.
const RIDGE: f64 = 1.0;

/// What is known of one question that was found.
#[derive(Clone)]
pub struct Row {
    /// For which query.
    pub query: String,
    /// Whether it answers.
    pub so: bool,
    /// How likely that was said to be.
    pub said: f32,
    pub parts: [f32; PARTS],
}

impl Row {
    fn known(&self) -> [f64; SIZE] {
        let mut known = [1.0; SIZE];
        for (known, part) in known.iter_mut().zip(self.parts) {
            *known = f64::from(part);
        }
        known
    }
}

/// What each part counts; the last is what there is without any.
pub struct Weights([f64; SIZE]);

impl Weights {
    /// Those by which the sets are most likely, each as much as the other, however many rows it has.
    pub fn fit(sets: &[&[Row]]) -> Self {
        let mut weights = Self([0.0; SIZE]);
        let most = sets.iter().map(|rows| rows.len()).max().unwrap_or_default() as f64;
        for _ in 0..STEPS {
            let mut slope = [0.0; SIZE];
            let mut bend = [[0.0; SIZE]; SIZE];
            for (at, weight) in weights.0.iter().enumerate().take(PARTS) {
                slope[at] = -RIDGE * weight;
                bend[at][at] = RIDGE;
            }
            for (rows, row) in sets
                .iter()
                .flat_map(|rows| rows.iter().map(|row| (rows.len(), row)))
            {
                let counts = most / rows as f64;
                let said = weights.certainty(row);
                let off = f64::from(u8::from(row.so)) - said;
                let known = row.known();
                for at in 0..SIZE {
                    slope[at] += counts * off * known[at];
                    for other in 0..SIZE {
                        bend[at][other] += counts * said * (1.0 - said) * known[at] * known[other];
                    }
                }
            }
            let step = solved(bend, slope);
            for (weight, step) in weights.0.iter_mut().zip(step) {
                *weight += step;
            }
        }
        weights
    }

    /// How likely it is that a question answers.
    pub fn certainty(&self, row: &Row) -> f64 {
        let sum: f64 = row
            .known()
            .iter()
            .zip(self.0)
            .map(|(part, w)| part * w)
            .sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (weights, bias) = self.0.split_at(PARTS);
        let weights: Vec<String> = weights.iter().map(|w| format!("{w:.3}")).collect();
        write!(
            f,
            "weights {}, without any {:.3}",
            weights.join(", "),
            bias[0]
        )
    }
}

/// Solves a system of equations by elimination, the greatest first.
fn solved(mut rows: [[f64; SIZE]; SIZE], mut right: [f64; SIZE]) -> [f64; SIZE] {
    for at in 0..SIZE {
        let greatest = (at..SIZE)
            .max_by(|one, other| rows[*one][at].abs().total_cmp(&rows[*other][at].abs()))
            .unwrap_or(at);
        rows.swap(at, greatest);
        right.swap(at, greatest);
        let (upper, value) = (rows[at], right[at]);
        for (row, right) in rows.iter_mut().zip(&mut right).skip(at + 1) {
            let times = row[at] / upper[at];
            for (cell, above) in row.iter_mut().zip(upper).skip(at) {
                *cell -= times * above;
            }
            *right -= times * value;
        }
    }
    let mut found = [0.0; SIZE];
    for at in (0..SIZE).rev() {
        let known: f64 = (at + 1..SIZE)
            .map(|column| rows[at][column] * found[column])
            .sum();
        found[at] = (right[at] - known) / rows[at][at];
    }
    found
}
