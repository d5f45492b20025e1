//! A question whose text is huge, as only imports bring them: how long `!show` and `!search` take, from the message that is heard
//! to the reply.
//!
//! `cargo bench -p bot-core --bench bodies` does it with 3 and 30 MB (`STOA_BENCH_MB` says otherwise): one paragraph, many, a list,
//! and code. Ten times the text may take little more than ten times as long.

#[path = "shared/hearing.rs"]
mod hearing;

use std::io::Cursor;
use std::time::{Duration, Instant};

use hearing::Hearing;

/// What a text is made of, over and over, by what that makes.
const SHAPES: [(&str, &str, &str); 4] = [
    ("one paragraph", "", "A sentence about kegs, taps & hoses. "),
    ("many paragraphs", "", "A sentence about *kegs*.\n\n"),
    ("a list", "", "- An item about kegs.\n"),
    ("code", "```\n", "let kegs = taps(7);\n"),
];
/// How many times longer the longer text may take, for each time that it is longer.
const TIMES: f64 = 1.5;
/// How many times each is asked for; the shortest time counts.
const ASKED: usize = 3;

fn main() {
    let sizes = std::env::var("STOA_BENCH_MB").unwrap_or_else(|_| "3,30".to_owned());
    let sizes: Vec<usize> = sizes
        .split(',')
        .map(|size| size.trim().parse().expect("STOA_BENCH_MB has numbers"))
        .collect();
    println!("{:18} {:>6} {:>10} {:>10}", "", "MB", "show", "search");
    for (shape, begin, part) in SHAPES {
        let mut before: Option<(usize, Duration)> = None;
        for &size in &sizes {
            let text = begin.to_owned() + &part.repeat((size << 20) / part.len());
            let [show, search] = times(&text);
            println!(
                "{shape:18} {size:6} {:7.0} ms {:7.0} ms",
                show.as_secs_f64() * 1e3,
                search.as_secs_f64() * 1e3
            );
            if let Some((smaller, took)) = before {
                let times = show.as_secs_f64() / took.as_secs_f64();
                let most = TIMES * size as f64 / smaller as f64;
                println!(
                    "budget: {shape}, {size} MB beside {smaller}: {times:.1} times (at most {most:.1})"
                );
            }
            before = Some((size, show));
        }
    }
}

/// How long a question with this text takes to be shown, and to be found.
fn times(text: &str) -> [Duration; 2] {
    let dir = tempfile::tempdir().expect("a folder");
    let line = serde_json::json!({"id": "1", "title": "What is huge?", "body": text});
    let mut forum = Hearing::of(dir.path(), Cursor::new(line.to_string().into_bytes()));
    let times = ["!show #1 2", "!search kegs"].map(|said| {
        let times = (0..ASKED).map(|_| {
            let begun = Instant::now();
            forum.hears(said);
            begun.elapsed()
        });
        times.min().expect("it was asked for")
    });
    forum.ends();
    times
}
