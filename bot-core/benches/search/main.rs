//! Search beside SQLite FTS5 over the same documents with the same queries, in one run, and the time from a post's
//! commit to its being found.
//!
//! Documents: 17,000 made from a seed, or as many as `STOA_BENCH_POSTS` says (several numbers with commas show how all grows), and those of `judged/stackfaq` where the folder of shared data is there
//! (`STOA_SHARED`, by default `../shared` beside the workspace; it is said when it isn't).

mod corpus;
mod fts;
mod ours;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};

use corpus::Corpus;
use fts::{Form, Fts};
use ours::Ours;

/// How many results each search gives.
const TOP: usize = 10;
/// More documents than this take too long to be searched as often.
const LARGE: usize = 200_000;
/// After how long a change is in the search by the budget, for 99 of 100, in ms.
const FOUND: u32 = 250;
/// How many queries SQLite is then asked.
const FEW: usize = 30;

fn compare(c: &mut Criterion, corpus: &Corpus) {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let ours = Ours::build(&dir.path().join("ours"), corpus);
    let fts = Fts::build(&dir.path().join("fts.db"), corpus);
    let large = corpus.documents.len() > LARGE;
    if !large {
        criterion(c, corpus, &ours, &fts);
    }
    // SQLite takes seconds for each search of a large one.
    let few: Vec<String> = corpus.queries.iter().take(FEW).cloned().collect();
    let asked = if large { &few } else { &corpus.queries };
    let measured = [
        Spread::of(&corpus.queries, |query| ours.search(query, TOP)),
        Spread::of(asked, |query| fts.search(query, Form::AllWords, TOP)),
        Spread::of(asked, |query| fts.search(query, Form::NoStopWords, TOP)),
    ];
    print_table(corpus, &measured);
    Spread::of(&corpus.queries, |query| ours.similar(query)).print("similar questions");
    ours.tell_sizes();
    println!("FTS5: {} MB of index\n", fts.index_size() / 1_000_000);
    let found = Spread::over(ours.times_to_be_found(100));
    found.print("from a post's commit to its being found");
    let gone = Spread::over(ours.times_to_be_gone(100));
    gone.print("from a withdrawal's commit to its being gone");
    for (what, spread) in [("found", found), ("found no more", gone)] {
        println!(
            "budget: {what} after the commit, {} questions, p99: {:.2} ms (at most {FOUND})",
            corpus.documents.len(),
            spread.percentile(99)
        );
    }
}

fn criterion(c: &mut Criterion, corpus: &Corpus, ours: &Ours, fts: &Fts) {
    let mut group = c.benchmark_group(format!("top {TOP} of {}", corpus.name));
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(3));
    let mut next = corpus.queries.iter().cycle();
    let mut query = || next.next().expect("a corpus has queries");
    group.bench_function("stoa", |b| {
        b.iter(|| black_box(ours.search(query(), TOP)));
    });
    group.bench_function("fts5, OR of all words", |b| {
        b.iter(|| black_box(fts.search(query(), Form::AllWords, TOP)));
    });
    group.bench_function("fts5, without stop words", |b| {
        b.iter(|| black_box(fts.search(query(), Form::NoStopWords, TOP)));
    });
    group.finish();
}

/// How long something took, over many times.
struct Spread {
    sorted: Vec<Duration>,
}

impl Spread {
    /// Each query once to warm up and three times measured.
    fn of(queries: &[String], mut search: impl FnMut(&str) -> usize) -> Self {
        for query in queries {
            black_box(search(query));
        }
        let timed = (0..3).flat_map(|_| queries).map(|query| {
            let begun = Instant::now();
            black_box(search(query));
            begun.elapsed()
        });
        Self::over(timed.collect())
    }

    fn over(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self { sorted: times }
    }

    /// In milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let place = (self.sorted.len() * percent / 100).min(self.sorted.len() - 1);
        self.sorted[place].as_secs_f64() * 1e3
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: p50 {:.2} ms, p99 {:.2} ms\n",
            self.percentile(50),
            self.percentile(99)
        );
    }
}

fn print_table(corpus: &Corpus, measured: &[Spread; 3]) {
    let names = ["stoa", "fts5, OR of all words", "fts5, without stop words"];
    println!(
        "\n{}: {} documents, {} queries, top {TOP}",
        corpus.name,
        corpus.documents.len(),
        corpus.queries.len()
    );
    println!(
        "{:26} {:>9} {:>9} {:>9} {:>9}",
        "", "p50 ms", "p99 ms", "× p50", "× p99"
    );
    let [stoa, ..] = measured;
    for (name, spread) in names.iter().zip(measured) {
        let (p50, p99) = (spread.percentile(50), spread.percentile(99));
        println!(
            "{name:26} {p50:9.3} {p99:9.3} {:9.1} {:9.1}",
            p50 / stoa.percentile(50),
            p99 / stoa.percentile(99)
        );
    }
}

fn search(c: &mut Criterion) {
    let sizes = std::env::var("STOA_BENCH_POSTS").unwrap_or_else(|_| "17000".to_owned());
    for size in sizes.split(',') {
        let size = size.trim().parse().expect("STOA_BENCH_POSTS has numbers");
        compare(c, &Corpus::made(size));
    }
    match Corpus::stackfaq() {
        Some(corpus) => compare(c, &corpus),
        None => {
            println!("judged/stackfaq is not there: set STOA_SHARED to the folder of shared data")
        }
    }
}

criterion_group!(benches, search);
criterion_main!(benches);
