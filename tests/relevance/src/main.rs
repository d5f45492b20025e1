//! Measures runs: `stoa search --batch queries.tsv | relevance score qrels.tsv -`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use relevance::{
    Judgements, MEASURES, Order, Queries, Run, calibration, difference, left_out, measure,
};

/// How well runs in the TREC format find what people judged
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    what: Measure,
}

#[derive(Subcommand)]
enum Measure {
    /// Measure runs
    Score {
        #[command(flatten)]
        set: Set,
        /// Runs, in the TREC format
        #[arg(required = true)]
        runs: Vec<PathBuf>,
    },
    /// Measure two runs, and whether they differ
    Compare {
        #[command(flatten)]
        set: Set,
        /// The run before
        before: PathBuf,
        /// The run after
        after: PathBuf,
    },
    /// Hold the scores of a run of `stoa search --similar --batch` to what they say: that the first answers
    Calibration {
        #[command(flatten)]
        set: Set,
        /// Lines `query<TAB>text`: all queries, also those without an answer
        queries: PathBuf,
        /// The run
        run: PathBuf,
        /// The least grade of an answer
        #[arg(long, default_value_t = 1)]
        least: u32,
    },
    /// Write a corpus without the answers to about half of the queries
    Halve {
        /// Lines `query document grade`
        qrels: PathBuf,
        /// Lines of JSON with an `id`
        corpus: PathBuf,
    },
}

#[derive(clap::Args)]
struct Set {
    /// Lines `query document grade`, or as TREC has them
    qrels: PathBuf,
    /// Leave out what each query is itself: document 29 of query q29, where this is q
    #[arg(long, value_name = "PREFIX")]
    own: Option<String>,
}

fn main() -> Result<()> {
    match Args::parse().what {
        Measure::Score { set, runs } => {
            head();
            for path in &runs {
                let judged = Judgements::read(&set.qrels)?;
                let measured = measure(&judged, &set.run(path)?);
                line(&path.display().to_string(), measured.each());
            }
        }
        Measure::Compare { set, before, after } => {
            let judged = Judgements::read(&set.qrels)?;
            let first = measure(&judged, &set.run(&before)?);
            let second = measure(&judged, &set.run(&after)?);
            head();
            line(&before.display().to_string(), first.each());
            line(&after.display().to_string(), second.each());
            println!(
                "\n{:8} {:>8} {:>7} {:>7} {:>8}",
                "", "change", "better", "worse", "p"
            );
            for (at, name) in MEASURES.iter().enumerate() {
                let found = difference(&first.of(at), &second.of(at));
                println!(
                    "{name:8} {:+8.4} {:7} {:7} {:8.4}",
                    found.mean, found.better, found.worse, found.p
                );
            }
        }
        Measure::Calibration {
            set,
            queries,
            run,
            least,
        } => {
            let queries: Vec<String> = Queries::read(&queries)?
                .0
                .into_iter()
                .map(|q| q.0)
                .collect();
            let judged = Judgements::read(&set.qrels)?;
            let run = set.own(Run::read(&run, Order::Rank)?);
            let found = calibration(&judged, &run, &queries, least);
            println!("{:>8} {:>6} {:>6}", "queries", "said", "so");
            for (many, said, so) in &found.parts {
                println!("{many:8} {said:6.2} {so:6.2}");
            }
            println!(
                "calibration error {:.3}, Brier's score {:.3}",
                found.error, found.brier
            );
        }
        Measure::Halve { qrels, corpus } => {
            let out = left_out(&Judgements::read(&qrels)?);
            let text = std::fs::read_to_string(&corpus)
                .with_context(|| format!("reading {}", corpus.display()))?;
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let row: serde_json::Value =
                    serde_json::from_str(line).context("a line of the corpus")?;
                if !row["id"].as_str().is_some_and(|id| out.contains(id)) {
                    println!("{line}");
                }
            }
        }
    }
    Ok(())
}

impl Set {
    fn run(&self, path: &Path) -> Result<Run> {
        Ok(self.own(Run::read(path, Order::Score)?))
    }

    fn own(&self, run: Run) -> Run {
        match &self.own {
            Some(prefix) => run.without_own(prefix),
            None => run,
        }
    }
}

fn head() {
    let names: Vec<String> = MEASURES.iter().map(|name| format!("{name:>8}")).collect();
    println!("{:30} {}", "", names.join(" "));
}

fn line(name: &str, values: [f64; 5]) {
    let values: Vec<String> = values.iter().map(|value| format!("{value:8.4}")).collect();
    println!("{name:30} {}", values.join(" "));
}
