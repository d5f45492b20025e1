//! Imports a dump that is made from a seed: how many posts a second, and how much memory at the most, whatever its size.
//!
//! `cargo bench -p bot-core --bench import` makes 200 MB; `STOA_DUMP_MB` says otherwise, `STOA_DUMP` names a folder with a real one.

mod dump;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bot_core::engine::{self, ImportStep, Source};
use bot_core::forum::Timestamp;
use bot_core::transfer::{Flow, Options};

/// What is asked of an import, in posts a second.
const RATE: f64 = 8_000.0;
/// What it may hold at the most, in MB.
const MEMORY: f64 = 200.0;

fn main() {
    let store = tempfile::tempdir().expect("a folder");
    let made = tempfile::tempdir().expect("a folder");
    let dump = std::env::var_os("STOA_DUMP").map_or_else(
        || {
            let size = std::env::var("STOA_DUMP_MB").ok();
            let size = size.map_or(200, |size| size.parse().expect("a number"));
            dump::make(made.path(), size << 20);
            made.path().to_owned()
        },
        PathBuf::from,
    );
    println!("{:.0} MB to read", megabytes(size(&dump)));
    let options = Options {
        forum: "main".to_owned(),
        source: "dump".to_owned(),
        site: None,
        trust: false,
        now: Timestamp(1_800_000_000_000),
    };
    for run in ["first", "second"] {
        let (begun, before) = (Instant::now(), worked());
        let mut taken = Duration::ZERO;
        let report = engine::import(
            store.path(),
            Source::StackExchange(&dump),
            &options,
            &mut |step| {
                if let ImportStep::Taking(_) = step {
                    taken = begun.elapsed();
                }
                Flow::On
            },
        );
        let report = report.expect("imports");
        let all = begun.elapsed();
        let worked = worked() - before;
        let posts = (report.posts() + report.taken.known) as f64;
        println!(
            "{run} run: {posts} posts in {:.1} s, {:.0} a second; with the search index {:.1} s, {:.0} a second",
            taken.as_secs_f64(),
            posts / taken.as_secs_f64(),
            all.as_secs_f64(),
            posts / all.as_secs_f64(),
        );
        println!(
            "  {worked:.1} s of the processors' time, {:.0} posts for each",
            posts / worked
        );
        for ((what, why), skips) in &report.skipped {
            println!("  skipped {} {what}: {why}", skips.count);
        }
        let (whole, own) = memory();
        println!("  memory at the most {whole:.0} MB, now {own:.0} MB of its own");
        if run == "first" {
            println!(
                "budget: posts of a dump taken in a second: {:.0} (at least {RATE})",
                posts / taken.as_secs_f64()
            );
            println!("budget: memory while a dump is imported: {whole:.1} MB (at most {MEMORY})");
        }
    }
    println!("  database {:.0} MB", megabytes(size(store.path())));
}

/// What the process held at the most, and what it holds now that is no file's, in MB.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kib.unwrap_or_default() / 1024.0
    };
    (of("VmHWM"), of("RssAnon"))
}

/// How many seconds the processors have worked for this process; hundredths, as Linux counts them.
fn worked() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let times = behind.split_whitespace().skip(11).take(2);
    times
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("a folder");
    files
        .filter_map(|file| file.ok()?.metadata().ok())
        .map(|file| file.len())
        .sum()
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
