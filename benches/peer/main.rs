//! Stoa beside a plain bot, on the same questions and with the same people: how fast, and for how much of the processor.
//!
//! The plain bots are in this folder: discord.py and matrix-nio with SQLite and FTS5, one commit a vote, as somebody writes them in
//! an afternoon. `cargo bench --bench peer` prints a table for each size of the forum:
//!
//! - on the fake Discord, at each rate, in turn: p50 and p99 of the time from the interaction on the gateway's socket to the request
//!   that answers it, how many were answered after more than 3 s or never (Discord has forgotten them then), how many were put off,
//!   the processor time that the process took for each, and its memory before and after;
//! - on a real Synapse, one command at a time: the time from the person's request to the reply in the person's sync response, the
//!   bot's own share of it (from the sync response with the command to the request with the reply), processor time and memory;
//! - how many times more the plain bot needs.
//!
//! Interactions come at fixed moments, whatever is still unanswered: 30 % searches, 25 % buttons, 15 % each of votes by command, shown
//! questions, and completions. Everything runs on one machine, so servers and people take their part of it.
//!
//! `STOA_BENCH_QUESTIONS` (17000,340000), `STOA_BENCH_RATES` (50,100,200,300), `STOA_BENCH_SECONDS` (20) and
//! `STOA_BENCH_COMMANDS` (100 of each kind in Matrix) set other sizes; no rates, or no commands, leave that chat out.
//! `STOA_BENCH_FORUMS` names a folder where forums that were made are kept for the next time.

#[path = "../shared/bot.rs"]
mod bot;
mod crowd;
mod forums;
mod goals;
mod matrix;
#[path = "../matrix/meter.rs"]
mod meter;
mod process;
#[path = "../shared/wire.rs"]
mod wire;

use std::time::Duration;

use discord::Discord;

use bot::{Bot, Folder, Memory};
use crowd::{Crowd, Load};
use forums::{Made, Words};
use goals::Goals;
use process::Python;

const REQUIREMENTS: &str = include_str!("discord-requirements.txt");

fn main() {
    let questions = numbers("STOA_BENCH_QUESTIONS", &[17_000, 340_000]);
    let rates = numbers("STOA_BENCH_RATES", &[50, 100, 200, 300]);
    let seconds = numbers("STOA_BENCH_SECONDS", &[20])[0];
    let commands = numbers("STOA_BENCH_COMMANDS", &[100]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let mut goals = Goals::default();
    for questions in questions {
        let made = Made::forum(questions);
        println!(
            "\n{} questions in {} posts, {} people",
            made.questions, made.posts, made.people
        );
        if !rates.is_empty() {
            runtime.block_on(on_discord(&made, &rates, seconds, &mut goals));
        }
        if let Some(commands) = commands.first() {
            runtime.block_on(matrix::measure(&made, *commands, &mut goals));
        }
    }
    goals.print();
}

/// Numbers with commas between them.
fn numbers(name: &str, otherwise: &[u64]) -> Vec<u64> {
    let Ok(given) = std::env::var(name) else {
        return otherwise.to_vec();
    };
    let numbers = given.split(',').filter(|number| !number.trim().is_empty());
    numbers
        .map(|number| number.trim().parse().expect("a number"))
        .collect()
}

/// What one bot needed at one rate.
struct Row {
    p50: Duration,
    p99: Duration,
    late: usize,
    put_off: usize,
    sent: usize,
    processor: f64,
    before: Memory,
    after: Memory,
}

async fn on_discord(made: &Made, rates: &[u64], seconds: u64, goals: &mut Goals) {
    let words = Words::of(made);
    let (ours, theirs) = (Discord::start().await, Discord::start().await);
    let folder = Folder::configured("");
    made.give(&folder);
    let (mut our_crowd, mut their_crowd) = (Crowd::of(&ours).await, Crowd::of(&theirs).await);
    forums::settle(
        &folder,
        &format!(
            "[discord]\ntoken = {:?}\nproxy = {:?}\nchannels = [\"{}\"]",
            ours.token(),
            ours.rest_url(),
            our_crowd.help.id()
        ),
    );
    let mut stoa = Bot::start(&folder);
    let peer = Python::start(
        "peer-discord",
        REQUIREMENTS,
        include_str!("discord_bot.py"),
        &[
            made.database(&folder),
            theirs.rest_url(),
            theirs.gateway_url(),
            theirs.token().to_owned(),
            their_crowd.help.id().to_string(),
        ],
    );
    ours.wait_connected(1).await;
    theirs.wait_connected(1).await;
    our_crowd.ask(&ours, "text.0.line").await;
    their_crowd.ask(&theirs, "text").await;
    for crowd in [&our_crowd, &their_crowd] {
        // What is used for the first time is not counted.
        crowd.play(Load::warm_up(), &words).await;
    }
    println!(
        "\n| a second | | p50 ms | p99 ms | late (> 3 s) | put off | processor ms each | memory MiB, of it not file-backed |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut sizes = Vec::new();
    for rate in rates {
        let load = Load {
            rate: *rate,
            seconds,
        };
        let our_row = Row::measure(&our_crowd, stoa.child.id(), load, &words).await;
        let their_row = Row::measure(&their_crowd, peer.id(), load, &words).await;
        our_row.print(&rate.to_string(), "Stoa");
        their_row.print("", "the plain bot");
        let (p50, p99, processor) = our_row.against(&their_row);
        println!("| | *the plain bot, times* | {p50:.1} | {p99:.1} | | | {processor:.1} | |");
        goals.on_discord(made.questions, *rate, &our_row, &their_row);
        sizes.push(our_row.after);
    }
    goals.memory(made.questions, Memory::growth(&sizes) / 1024.0);
    stoa.stop();
    let violations = ours.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

impl Row {
    async fn measure(crowd: &Crowd, process: u32, load: Load, words: &Words) -> Self {
        let (before, busy) = (Memory::of(process), process::processor(process));
        let done = crowd.play(load, words).await;
        // Cards of what was voted on by command are edited a little later.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let busy = process::processor(process).saturating_sub(busy);
        let mut times: Vec<_> = done.iter().map(|one| one.took).collect();
        times.sort_unstable();
        Self {
            p50: percentile(&times, 50),
            p99: percentile(&times, 99),
            late: done.iter().filter(|one| one.took > crowd::LATE).count(),
            put_off: done.iter().filter(|one| one.put_off).count(),
            sent: done.len(),
            processor: milliseconds(busy) / done.len() as f64,
            before,
            after: Memory::of(process),
        }
    }

    fn print(&self, rate: &str, who: &str) {
        println!(
            "| {rate} | {who} | {} | {} | {} of {} | {} | {:.2} | {} → {} |",
            shown(self.p50),
            shown(self.p99),
            self.late,
            self.sent,
            self.put_off,
            self.processor,
            self.before,
            self.after
        );
    }

    /// How many times more the other needs: p50, p99, processor time.
    fn against(&self, other: &Self) -> (f64, f64, f64) {
        (
            other.p50.as_secs_f64() / self.p50.as_secs_f64(),
            other.p99.as_secs_f64() / self.p99.as_secs_f64(),
            other.processor / self.processor,
        )
    }
}

/// What `hundredths` of the figures do not exceed.
fn percentile(sorted: &[Duration], hundredths: usize) -> Duration {
    let at = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
    sorted.get(at).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn shown(time: Duration) -> String {
    format!("{:.1}", milliseconds(time))
}
