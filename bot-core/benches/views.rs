//! What people look at, from the message that is heard to the reply, in a made-up forum with its questions, answers and people.
//!
//! `cargo bench -p bot-core --bench views` prints p50 and p99 of a search, of similar questions, of a question shown, and of the first
//! ten pages of each list; the search index, the store and the drawing of the card are all in it, a chat is not. One is asked
//! for after the other. `STOA_BENCH_POSTS` (51000) sets how many posts there are, several with commas between them: a third are questions, and
//! there are as many people as a real forum has.

#[path = "shared/hearing.rs"]
mod hearing;

use std::io::BufReader;
use std::time::{Duration, Instant};

use bot_core::made::{Forum, Lines};

use hearing::Hearing;

/// How many times each is asked for, in other words where it has words.
const TIMES: usize = 500;
/// How many pages of a list are looked at.
const PAGES: usize = 10;
/// The longest that a search may take, for 99 of 100, in ms: in a forum of up to so many posts, and in any.
const SMALL: u64 = 100_000;
const SEARCH: (f64, f64) = (2.0, 30.0);
/// The same for similar questions and for lists.
const SIMILAR: f64 = 30.0;
const LIST: f64 = 20.0;

fn main() {
    let sizes = std::env::var("STOA_BENCH_POSTS").unwrap_or_else(|_| "51000".to_owned());
    for posts in sizes.split(',') {
        measure(posts.trim().parse().expect("STOA_BENCH_POSTS has numbers"));
    }
}

fn measure(posts: u64) {
    let dir = tempfile::tempdir().expect("a folder");
    let made = || Forum::new(posts, 1);
    let people = made().people();
    let queries: Vec<_> = made().queries(TIMES).collect();
    let questions = made().count();
    println!("\n{questions} questions in {posts} posts, {people} people\n");
    let mut views = Views(Hearing::of(dir.path(), BufReader::new(Lines::of(made()))));
    let search = views.time("search", |nth| format!("!search {}", queries[nth]));
    let similar = views.time("similar", |nth| format!("!similar {}", queries[nth]));
    views.time("show", |nth| {
        format!("!show #{}", nth * 7_919 % questions + 1)
    });
    let mut worst = Duration::ZERO;
    for list in ["recent", "unanswered", "hot", "votes"] {
        let page = |nth: usize| nth % PAGES + 1;
        let took = views.time(list, |nth| format!("!questions {list} {}", page(nth)));
        worst = worst.max(took);
    }
    let budget = |what: &str, took: Duration, most: f64| {
        println!(
            "budget: {what}, {posts} posts, p99: {:.2} ms (at most {most})",
            took.as_secs_f64() * 1e3
        );
    };
    let (small, any) = SEARCH;
    budget("search", search, if posts <= SMALL { small } else { any });
    budget("similar", similar, SIMILAR);
    budget("the slowest list", worst, LIST);
    views.0.ends();
}

/// What is asked for.
struct Views(Hearing);

impl Views {
    /// Prints how long it takes; gives its p99.
    fn time(&mut self, what: &str, say: impl Fn(usize) -> String) -> Duration {
        // Once around, so that what is used for the first time is not counted.
        for nth in 0..TIMES {
            self.0.hears(&say(nth));
        }
        let times = (0..TIMES).map(|nth| {
            let text = say(nth);
            let begun = Instant::now();
            self.0.hears(&text);
            begun.elapsed()
        });
        let mut times: Vec<_> = times.collect();
        times.sort_unstable();
        let (p50, p99) = (times[TIMES / 2], times[TIMES * 99 / 100]);
        println!(
            "{what:12} p50 {:8.3} ms   p99 {:8.3} ms",
            p50.as_secs_f64() * 1e3,
            p99.as_secs_f64() * 1e3
        );
        p99
    }
}
