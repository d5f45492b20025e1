//! The bot on a real Synapse: a thousand mixed commands by fifty people, again and again, in plain and in encrypted rooms.
//!
//! `cargo bench --bench matrix` prints, for each kind of room,
//!
//! - the bot's own share of a reply: from the moment the sync response that holds the command is handed to the bot to the
//!   moment its request with the reply comes, decrypting and encrypting included (budget: p99 of 10 ms, encrypted 20 ms);
//! - apart from it, what the homeserver took for that request, and before it for the keys that it needs;
//! - the bot's memory before, after each thousand, and its growth.
//!
//! Both are measured from outside, by a proxy between the two. Everything is on one machine, so the people's and the server's
//! work is in the bot's way. The first thousand come one at a time, so that little else goes on while the bot works: by them the
//! budget is judged. Then come ten times a thousand in five rooms at once, as fast as they are replied to: there the bot waits for
//! the processor as everybody does. `STOA_BENCH_ROUNDS` sets other than ten of these.

#![recursion_limit = "256"]

#[path = "../shared/bot.rs"]
mod bot;
mod crowd;
#[path = "../shared/made.rs"]
mod made;
mod meter;
#[path = "../shared/wire.rs"]
mod wire;

use std::time::{Duration, Instant};

use synapse::Synapse;

use bot::{Bot, Folder, Memory};
use crowd::{AtOnce, Crowd, Rooms};
use meter::{Meter, Reply};

/// How many commands a round has.
const COMMANDS: usize = 1_000;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let rounds = std::env::var("STOA_BENCH_ROUNDS").ok();
    let rounds = rounds.map_or(10, |rounds| rounds.parse().expect("a number of rounds"));
    runtime.block_on(async {
        for (kind, budget) in [(Rooms::Plain, 10), (Rooms::Encrypted, 20)] {
            measure(kind, Duration::from_millis(budget), rounds).await;
        }
    });
}

/// Plays the rounds in rooms of one kind, and prints what was measured.
async fn measure(kind: Rooms, budget: Duration, rounds: usize) {
    let server = Synapse::start().await;
    let meter = Meter::start(server.url()).await;
    let account = server.account("stoa").await;
    let folder = Folder::configured(&format!(
        "[matrix]\nhomeserver = {:?}\nuser = {:?}\npassword = {:?}",
        meter.url(),
        account.user_id.as_str(),
        account.password,
    ));
    let made = made::fill(&folder);
    let mut bot = Bot::start(&folder);
    let crowd = Crowd::gather(&server, &account.user_id, kind).await;
    println!(
        "\n{kind:?} rooms beside a forum of {made} questions, {} people, {COMMANDS} commands a round: one at a time, then one in each of {} rooms at once",
        crowd.people(),
        crowd.rooms()
    );
    println!(
        "round | own share p50 / p99 | server p50 / p99 | commands/s | memory (of it not file-backed)"
    );
    // The first commands open the rooms' key sessions and fill the forum a little.
    crowd.play(&meter, 100, 0, AtOnce::All).await;
    let before = bot.memory();
    println!("start |                     |                     |         | {before}");
    let begun = Instant::now();
    let calm = crowd.play(&meter, COMMANDS, 0, AtOnce::One).await;
    let rate = calm.len() as f64 / begun.elapsed().as_secs_f64();
    let memory = bot.memory();
    println!("  one | {} | {rate:7.0} | {memory}", line(&calm));
    let mut all = Vec::new();
    let mut sizes = vec![memory];
    for round in 1..=rounds {
        let begun = Instant::now();
        let replies = crowd.play(&meter, COMMANDS, round, AtOnce::All).await;
        let took = begun.elapsed();
        let memory = bot.memory();
        let rate = replies.len() as f64 / took.as_secs_f64();
        println!("{round:5} | {} | {rate:7.0} | {memory}", line(&replies));
        sizes.push(memory);
        all.extend(replies);
    }
    println!("  all | {} |         |", line(&all));
    let own = percentile(&calm, 99, |reply| reply.own);
    println!(
        "memory a round at once, from the second on: {:+.0} KiB",
        Memory::growth(&sizes[1..]),
    );
    println!(
        "budget: own share of a reply in {kind:?} rooms of Matrix, alone, p99: {:.2} ms (at most {})",
        own.as_secs_f64() * 1e3,
        budget.as_millis()
    );
    bot.stop();
}

fn line(replies: &[Reply]) -> String {
    let of = |part, which: fn(&Reply) -> Duration| shown(percentile(replies, part, which));
    format!(
        "{:>8} / {:>8} | {:>8} / {:>8}",
        of(50, |reply| reply.own),
        of(99, |reply| reply.own),
        of(50, |reply| reply.server),
        of(99, |reply| reply.server),
    )
}

/// What `hundredths` of the figures do not exceed.
fn percentile(replies: &[Reply], hundredths: usize, which: fn(&Reply) -> Duration) -> Duration {
    let mut sorted: Vec<Duration> = replies.iter().map(which).collect();
    sorted.sort_unstable();
    let at = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
    sorted.get(at).copied().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}
