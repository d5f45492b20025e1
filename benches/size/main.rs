//! The bot on a made-up forum of any size, served on a real Synapse and on the fake Discord at once: start, memory and disk.
//!
//! `cargo bench --bench size` prints, for a nearly empty forum and for one of 17,000 posts, or of as many as `STOA_BENCH_POSTS` says (several
//! numbers with commas show how all grows),
//!
//! - how long `stoa demo` took to make it, and how much of the disk it takes;
//! - the start, network aside (budget: 1 s): from the start of `stoa console`'s process to its answer to a search;
//! - the bot's memory while nobody does anything, after a search in each chat (budget: 40 MB that are not a mapped file's).

#[path = "../shared/bot.rs"]
mod bot;
#[path = "../shared/fixture.rs"]
mod fixture;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use bot_core::made::Forum;
use tokio::time;

use bot::{Bot, Folder, Memory};
use fixture::Fixture;

/// What a nearly empty forum has.
const NEARLY_NONE: u64 = 10;
/// How many starts are timed.
const STARTS: usize = 20;
/// How many seconds the bot's memory is looked at while it idles.
const IDLE: usize = 10;
/// The longest that a start may take by the budget.
const START: Duration = Duration::from_secs(1);
/// What the bot may hold by the budget, in MB.
const HELD: f64 = 40.0;

fn main() {
    let sizes = std::env::var("STOA_BENCH_POSTS").unwrap_or_else(|_| "17000".to_owned());
    let sizes = sizes
        .split(',')
        .map(|size| size.trim().parse().expect("STOA_BENCH_POSTS has numbers"));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let empty = runtime.block_on(measure(NEARLY_NONE));
    for size in sizes {
        let start = runtime.block_on(measure(size));
        println!(
            "start: {:.1} times that of {NEARLY_NONE} posts",
            start.as_secs_f64() / empty.as_secs_f64()
        );
        println!(
            "budget: start to the first answer, {size} posts: {:.0} ms (at most {})",
            start.as_secs_f64() * 1e3,
            START.as_millis()
        );
    }
}

/// Prints all of a forum of so many posts; gives its start, in the median.
async fn measure(posts: u64) -> Duration {
    let fixture = Fixture::open().await;
    let folder = Folder::configured(&fixture.settings(fixture.server.url()));
    let dir = folder.dir.path();
    let queries: Vec<_> = Forum::new(posts, 1).queries(STARTS).collect();

    let begun = Instant::now();
    let mut demo = folder.stoa(&["demo", "--posts", &posts.to_string()]);
    let made = demo.output().expect("runs");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let disk = size(&dir.join("run"));
    println!(
        "\n{posts} posts, made in {:.1} s: {:.1} MB on disk, {:.1} of it the search index",
        begun.elapsed().as_secs_f64(),
        disk,
        size(&dir.join("run/index"))
    );
    let mut starts: Vec<_> = queries.iter().map(|query| start(&folder, query)).collect();
    starts.sort_unstable();
    let median = starts[STARTS / 2];
    println!(
        "start to the answer to a search: p50 {:.1} ms, most {:.1} ms, of {} ms",
        median.as_secs_f64() * 1e3,
        starts[STARTS - 1].as_secs_f64() * 1e3,
        START.as_millis()
    );

    let mut bot = Bot::start(&folder);
    fixture.joined().await;
    let query = &queries[0];
    let sol = fixture.guild.person("sol").await;
    let words = [("words", query.as_str())];
    let asked = sol.command(&fixture.help, "search", &words).await;
    asked.answered().await;
    let Fixture { uma, room, .. } = &fixture;
    uma.send(room, &format!("!search {query}")).await;
    let is_it = |shown: &synapse::Shown| shown.sender == fixture.account.user_id;
    uma.wait_message(room, "an answer", is_it).await;
    let mut sizes = Vec::new();
    for _ in 0..IDLE {
        time::sleep(Duration::from_secs(1)).await;
        sizes.push(bot.memory());
    }
    let last = sizes[IDLE - 1];
    println!(
        "memory (of it not file-backed): {last}, {:+.0} KiB a second",
        Memory::growth(&sizes)
    );
    println!(
        "budget: memory idle in both chats, {posts} posts: {:.1} MB (at most {HELD})",
        last.own as f64 * 1.024e-3
    );
    bot.stop();
    median
}

/// Opens the forum for one search; gives the time from the process's start to the first line of the answer.
fn start(folder: &Folder, query: &str) -> Duration {
    let begun = Instant::now();
    let mut console = folder
        .stoa(&["console"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut asks = console.stdin.take().expect("piped");
    writeln!(asks, "!search {query}").expect("it reads");
    // A message may go on in a next line.
    drop(asks);
    let lines = BufReader::new(console.stdout.take().expect("piped")).lines();
    let answered = |line: &String| !line.is_empty();
    let answer = lines.map_while(Result::ok).find(answered);
    let took = begun.elapsed();
    assert!(answer.is_some(), "an answer");
    assert!(console.wait().expect("ends").success(), "it ends well");
    took
}

/// The files of a folder and its folders, in MB.
fn size(dir: &Path) -> f64 {
    let entries = fs::read_dir(dir).expect("the folder can be read").flatten();
    let sizes = entries.map(|entry| {
        let of = entry.metadata().expect("it is there");
        if of.is_dir() {
            size(&entry.path())
        } else {
            of.len() as f64 / 1e6
        }
    });
    sizes.sum()
}
