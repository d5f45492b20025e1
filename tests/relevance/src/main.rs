//! Measures runs: `stoa search --batch queries.tsv | relevance score qrels.tsv -`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use relevance::{Judgements, MEASURES, Run, difference, measure};

/// How well runs in the TREC format find what people judged
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
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
        What::Score { set, runs } => {
            head();
            for path in &runs {
                let judged = Judgements::read(&set.qrels)?;
                let measured = measure(&judged, &set.run(path)?);
                line(&path.display().to_string(), measured.each());
            }
        }
        What::Compare { set, before, after } => {
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
    }
    Ok(())
}

impl Set {
    fn run(&self, path: &std::path::Path) -> Result<Run> {
        let run = Run::read(path)?;
        Ok(match &self.own {
            Some(prefix) => run.without_own(prefix),
            None => run,
        })
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
