//! How long completion takes, as adapters ask for it: titles and tags, by how many letters were typed of the last word,
//! with and without typing errors. Each time is held to the budget of 5 ms.
//!
//! 17,000 questions by default, or as many as `STOA_BENCH_POSTS` says, made from a seed: titles as in `benches/search`, a third
//! of them with a word that hardly any other has. Bodies are short: completion never looks at them. The store and its index
//! are in `STOA_BENCH_DIR`, where they are used again, or else in a folder that goes away.

mod asked;
#[expect(dead_code, reason = "only the texts are used here, not the queries")]
#[path = "../search/corpus.rs"]
mod corpus;
mod forum;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use asked::{Asked, KINDS, Kind};
use forum::Forum;

/// What each completion may take.
const BUDGET: Duration = Duration::from_millis(5);
/// How many letters are typed.
const LENGTHS: std::ops::RangeInclusive<usize> = 1..=12;
/// How many different texts are typed of each kind and length.
const TYPED: usize = 300;
/// How many choices are asked for: what Discord shows.
const MOST: usize = 25;

fn main() {
    let posts = std::env::var("STOA_BENCH_POSTS").ok();
    let posts = posts.map_or(17_000, |posts| {
        posts.parse().expect("STOA_BENCH_POSTS is a number")
    });
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let dir = std::env::var_os("STOA_BENCH_DIR").map_or_else(
        || temporary.path().to_owned(),
        |dir| PathBuf::from(dir).join(posts.to_string()),
    );
    let forum = Forum::open(&dir, posts);
    let asked = Asked::of(&forum, TYPED);
    println!(
        "\n{posts} questions, the {MOST} best; p50 and p99 in ms by the letters typed of the last word\n"
    );
    print!("{:>7}", "letters");
    for kind in KINDS {
        print!("{:>22}", kind.name());
    }
    println!();
    let mut worst = Duration::ZERO;
    let (mut typed_in_all, mut completed) = (0, 0);
    for letters in LENGTHS {
        print!("{letters:>7}");
        for kind in KINDS {
            let typed = asked.typed(kind, letters);
            typed_in_all += typed.len();
            let found = typed
                .iter()
                .filter(|typed| forum.complete(kind, typed, MOST) > 0);
            completed += found.count();
            let times = times(&forum, &typed, kind);
            let Some(p99) = percentile(&times, 99) else {
                print!("{:>22}", "-");
                continue;
            };
            worst = worst.max(p99);
            let p50 = percentile(&times, 50).unwrap_or_default();
            print!(
                "{:>14.3}{:>8.3}",
                p50.as_secs_f64() * 1e3,
                p99.as_secs_f64() * 1e3
            );
        }
        println!();
    }
    println!("\n{completed} of {typed_in_all} were completed");
    println!(
        "budget: the slowest completion, {posts} questions, p99: {:.2} ms (at most {})",
        worst.as_secs_f64() * 1e3,
        BUDGET.as_millis()
    );
    forum.close();
}

/// How long each takes, in order: the second of three times, so that what other processes take counts less.
fn times(forum: &Forum, typed: &[String], kind: Kind) -> Vec<Duration> {
    let mut times: Vec<Duration> = typed
        .iter()
        .map(|typed| {
            let mut times = [(); 3].map(|()| {
                let begun = Instant::now();
                forum.complete(kind, typed, MOST);
                begun.elapsed()
            });
            times.sort();
            let [_, second, _] = times;
            second
        })
        .collect();
    times.sort();
    times
}

fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
}
