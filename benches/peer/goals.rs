//! What is to be reached, as lines that `benches/performance.py` reads.

use std::time::Duration;

use crate::{Row, milliseconds};

/// At a hundred interactions a second, the longest that 99 of 100 may take, and the processor time of each, in ms.
const P99: f64 = 8.0;
const PROCESSOR: f64 = 1.5;
/// The rate at which none may be late.
const BUSY: u64 = 300;
/// In Matrix, alone, the median, and the processor time of each command, in ms.
const MATRIX_P50: f64 = 25.0;
const MATRIX_PROCESSOR: f64 = 8.0;
/// By how much memory may grow from one rate to the next, in MiB.
const GROWTH: f64 = 2.0;

/// What was measured against a goal.
#[derive(Default)]
pub struct Goals {
    lines: Vec<String>,
}

impl Goals {
    pub fn on_discord(&mut self, questions: u64, rate: u64, ours: &Row, theirs: &Row) {
        let at = format!("Discord, {questions} questions, {rate}/s");
        if rate == 100 {
            self.add(&at, "p99", milliseconds(ours.p99), "ms", P99);
            self.add(&at, "processor time each", ours.processor, "ms", PROCESSOR);
        }
        if rate == BUSY {
            self.add(&at, "later than 3 s", ours.late as f64, "", 0.0);
        }
        let of = [
            ratio(ours.p50, theirs.p50),
            ratio(ours.p99, theirs.p99),
            ours.processor / theirs.processor,
        ];
        self.beside(&at, &of);
    }

    /// How much memory grew from one rate to the next, in MiB.
    pub fn memory(&mut self, questions: u64, growth: f64) {
        let at = format!("Discord, {questions} questions");
        self.add(&at, "memory grows a rate by", growth, "MiB", GROWTH);
    }

    /// Medians and processor times: Stoa's, and the plain bot's.
    pub fn in_matrix(&mut self, questions: u64, p50: [Duration; 2], processor: [f64; 2]) {
        let at = format!("Matrix alone, {questions} questions");
        self.add(&at, "p50", milliseconds(p50[0]), "ms", MATRIX_P50);
        self.add(
            &at,
            "processor time each",
            processor[0],
            "ms",
            MATRIX_PROCESSOR,
        );
        let of = [ratio(p50[0], p50[1]), processor[0] / processor[1]];
        self.beside(&at, &of);
    }

    /// The worst of several ratios.
    fn beside(&mut self, at: &str, of: &[f64]) {
        let worst = of.iter().copied().fold(0.0, f64::max);
        self.add(at, "the worst figure, of the plain bot's", worst, "x", 1.0);
    }

    fn add(&mut self, at: &str, what: &str, value: f64, unit: &str, limit: f64) {
        let value = format!("{value:.2} {unit}");
        self.lines.push(format!(
            "budget: {at}, {what}: {} (at most {limit})",
            value.trim()
        ));
    }

    pub fn print(&self) {
        println!("\n{}", self.lines.join("\n"));
    }
}

fn ratio(ours: Duration, theirs: Duration) -> f64 {
    ours.as_secs_f64() / theirs.as_secs_f64()
}
