//! A question whose text is huge, as only imports bring them: how long `!show` and `!search` take, from the message that is heard
//! to the reply.
//!
//! `cargo bench -p bot-core --bench bodies` does it with 3 and 30 MB (`STOA_BENCH_MB` says otherwise): one paragraph, many, a list,
//! and code. Ten times the text may take little more than ten times as long.

use std::hint::black_box;
use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bot_core::chance::System;
use bot_core::engine::{self, Core, MAIN, Options, Source};
use bot_core::forum::{Claims, InTen, Limits, Power, Retention, Timestamp};
use bot_core::platform::{
    Actor, Incoming, MessageKey, PersonKey, Place, PlaceKey, PlaceKind, Platform, Seclusion, What,
};
use bot_core::transfer::{self, Flow};
use tokio::runtime::Runtime;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
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
    let source = Source::Lines {
        from: Box::new(Cursor::new(line.to_string().into_bytes())),
        total: 0,
        name: "a huge text".to_owned(),
    };
    let taking = transfer::Options {
        forum: MAIN.to_owned(),
        source: "huge".to_owned(),
        site: None,
        trust: false,
        now: NOW,
    };
    engine::import(dir.path(), source, &taking, &mut |_| Flow::On).expect("imports");
    let runtime = Runtime::new().expect("a runtime starts");
    let options = Options {
        dir: dir.path().to_owned(),
        prefix: "!".to_owned(),
        language: "en".to_owned(),
        similar: InTen::default(),
        limits: Limits::default(),
        retention: Retention::default(),
    };
    let core = Core::open(options, Arc::new(System), Box::new(System)).expect("opens");
    let mut heard = 0;
    let times = ["!show #1 2", "!search kegs"].map(|said| {
        let times = (0..ASKED).map(|_| {
            heard += 1;
            let begun = Instant::now();
            hear(&core, &runtime, heard, said);
            begun.elapsed()
        });
        times.min().expect("it was asked for")
    });
    runtime.block_on(core.close());
    times
}

fn hear(core: &Core, runtime: &Runtime, number: usize, text: &str) {
    let message = MessageKey(format!("$event{number}"));
    let incoming = Incoming {
        platform: Platform::Matrix,
        id: Some(message.clone()),
        actor: Actor {
            key: PersonKey("@mira:example.org".to_owned()),
            name: "mira".to_owned(),
            account: None,
            claims: Claims::Matrix(Power::Level(0)),
        },
        place: Place {
            key: PlaceKey("!room".to_owned()),
            name: Some("Room".to_owned()),
            kind: PlaceKind::Named,
            seclusion: Seclusion::default(),
        },
        at: NOW,
        what: What::Said {
            message,
            text: text.to_owned(),
            reply_to: None,
            thread: None,
        },
    };
    let response = runtime.block_on(core.hear(incoming));
    let response = black_box(response).expect("the store works");
    assert!(response.reply.is_some(), "{text} is replied to");
}
