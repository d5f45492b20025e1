//! One bot on a real Synapse and on the fake Discord at once: how soon what is done on one side is asked to be shown on the other.
//!
//! `cargo bench --bench both` prints
//!
//! - the bot's own share of the way of a vote from one side to the other (budget: p99 of 30 ms): from the moment it goes out on Discord's
//!   gateway to the moment the request comes to the homeserver that edits the card there; and from the moment the sync response
//!   that holds it is handed to the bot to the moment the edited card is seen on Discord;
//! - of a burst of votes on one question, how many edits the homeserver was asked for, and how many the merging allows in that time;
//! - the bot's memory.
//!
//! All of it is on one machine: the people's and the servers' work is in the figures.

#![recursion_limit = "256"]

#[path = "../shared/bot.rs"]
mod bot;
#[path = "../shared/fixture.rs"]
mod fixture;
#[path = "../shared/made.rs"]
mod made;
mod meter;
#[path = "../shared/wire.rs"]
mod wire;

use std::time::{Duration, Instant};

use discord::{Discord, Message};
use futures_util::future::join_all;
use synapse::EventId;

use bot::{Bot, Folder, Memory};
use fixture::Fixture;
use meter::Meter;

/// How many questions are voted on from each side.
const QUESTIONS: usize = 100;
/// How many votes a burst has.
const BURST: usize = 500;
/// The longest that the way across may take by the budget, for 99 of 100.
const BUDGET: Duration = Duration::from_millis(30);
/// The pauses between edits of one card while changes keep coming: the least and the most, on Discord and on Matrix.
const DISCORD: (u64, u64) = (2, 30);
const MATRIX: (u64, u64) = (2, 60);

/// A question's cards.
struct Cards {
    here: Message,
    there: EventId,
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(measure());
}

async fn measure() {
    let fixture = Fixture::open().await;
    let Fixture {
        server,
        account,
        uma,
        room,
        discord,
        guild,
        help,
    } = &fixture;
    discord.keep_requests(100);
    let meter = Meter::start(server.url()).await;
    let folder = Folder::configured(&fixture.settings(meter.url()));
    let made = made::fill(&folder);
    let mut bot = Bot::start(&folder);
    fixture.joined().await;

    let mut cards = Vec::new();
    for number in 1..=QUESTIONS * 2 + 1 {
        let title = format!("How long does keg number{number} keep?");
        uma.send(room, &format!("!ask {title}")).await;
        let look = |_: &Discord| {
            let messages = help.messages().into_iter();
            messages
                .rev()
                .find(|message| message.shown().contains(&title))
        };
        let here = discord.wait_until("a card", look).await;
        let begins = format!("#{} ", made + number);
        let is_it = |shown: &synapse::Shown| {
            shown.sender == account.user_id && shown.body.starts_with(&begins)
        };
        let there = uma.wait_message(room, "a card", is_it).await.id;
        cards.push(Cards { here, there });
    }
    let sol = guild.person("sol").await;
    let ivo = server.person("ivo").await;
    ivo.join(room).await;

    let mut sizes = vec![bot.memory()];
    let mut from_discord = Vec::new();
    for card in &cards[..QUESTIONS] {
        let pressed = sol.click(&card.here, "👍").await;
        pressed.answered().await;
        let told = pressed.told_at().expect("it was told");
        let edited = meter.edited_after(card.there.as_str(), told).await;
        from_discord.push(edited.saturating_duration_since(told));
    }
    let mut from_matrix = Vec::new();
    for card in &cards[QUESTIONS..QUESTIONS * 2] {
        let shown = card.here.clone();
        ivo.react(room, &card.there, "👍").await;
        let look = |_: &Discord| shown.shown().contains("+1 vote").then(Instant::now);
        let edited = discord.wait_until("the edit", look).await;
        let told = meter.reacted(card.there.as_str()).expect("it was told");
        from_matrix.push(edited.saturating_duration_since(told));
    }
    sizes.push(bot.memory());
    println!("own share of the way across, {QUESTIONS} votes each | p50 | p99 | most");
    let p99 = [
        line("Discord to Matrix", from_discord),
        line("Matrix to Discord", from_matrix),
    ];
    let worst = p99.into_iter().max().unwrap_or_default();
    println!(
        "budget: one side's vote to the other side's edit request, p99: {:.2} ms (at most {})",
        worst.as_secs_f64() * 1e3,
        BUDGET.as_millis()
    );

    let last = cards.last().expect("a card");
    let mut people = Vec::new();
    for number in 0..BURST {
        people.push(guild.person(&format!("person{number}")).await);
    }
    let begun = Instant::now();
    join_all(people.iter().map(|one| one.react(&last.here, "👍"))).await;
    let whole = format!("+{BURST} votes");
    let look = |_: &Discord| last.here.shown().contains(&whole).then_some(());
    discord.wait_until("all votes", look).await;
    let is_it = |shown: &synapse::Shown| shown.body.contains(&whole);
    uma.wait_message(room, "all votes", is_it).await;
    let took = begun.elapsed();
    let edits = meter.edited(last.there.as_str()).len();
    println!(
        "a burst of {BURST} votes, shown whole after {:.1} s: {edits} edits on Matrix of {} that the merging allows ({} on Discord)",
        took.as_secs_f64(),
        allowed(MATRIX, took),
        allowed(DISCORD, took),
    );
    assert!(edits <= allowed(MATRIX, took), "the merging was kept to");
    let after = bot.memory();
    sizes.push(after);
    println!(
        "memory (of it not file-backed): {} before, {after} after, {:+.0} KiB a step",
        sizes[0],
        Memory::growth(&sizes)
    );
    bot.stop();
}

/// How many edits the merging allows in a time: the first at once, each next after a pause that grows.
fn allowed((least, most): (u64, u64), time: Duration) -> usize {
    let (mut edits, mut at, mut pause) = (1, 0, least);
    while at + pause <= time.as_secs() {
        at += pause;
        pause = (pause * 2).min(most);
        edits += 1;
    }
    edits
}

/// Prints a line; gives the p99.
fn line(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let at = |hundredths: usize| {
        let at = (times.len() * hundredths).div_ceil(100).max(1) - 1;
        times.get(at).copied().unwrap_or_default()
    };
    let shown = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
    println!(
        "{what} | {} | {} | {}",
        shown(at(50)),
        shown(at(99)),
        shown(at(100))
    );
    at(99)
}
