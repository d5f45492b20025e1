//! One room floods the bot, and somebody asks it something in another, on a real Synapse.
//!
//! `cargo bench --bench fair` says 1,500 commands in a room while the bot is away, starts it, and searches in another room while
//! they wait, one search after the other. It prints how long a search takes from the request that says it to the moment its person
//! sees the reply: quiet, and beside the flood (budget: p99 at most twice as long). Everything is on one machine, so what the homeserver
//! takes for the flood is in the figures too.

#[path = "../shared/bot.rs"]
mod bot;
#[path = "../shared/made.rs"]
mod made;

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use synapse::{Person, RoomId, RoomOptions, Shown, Synapse, UserId};

use bot::{Bot, Folder, Memory};

/// How many commands wait in one room.
const FLOOD: usize = 1_500;
/// How many of them are said at the same time.
const AT_ONCE: usize = 20;
/// How many searches are measured, quiet and beside the flood.
const SEARCHES: usize = 100;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(measure());
}

async fn measure() {
    let server = Synapse::start().await;
    let account = server.account("stoa").await;
    let folder = Folder::configured(&format!(
        "[matrix]\nhomeserver = {:?}\nuser = {:?}\npassword = {:?}",
        server.url(),
        account.user_id.as_str(),
        account.password,
    ));
    let made = made::fill(&folder);
    let mut bot = Bot::start(&folder);
    let (loud, quiet) = (server.person("loud").await, server.person("quiet").await);
    let noise = room_of(&loud, "Noise", &account.user_id).await;
    // One each, so that none has more in it than the other.
    let mut libraries = Vec::new();
    for name in ["Library", "Reading room"] {
        libraries.push(room_of(&quiet, name, &account.user_id).await);
    }
    let search = async |library: &RoomId| search(&quiet, library, &account.user_id).await;
    // The first of all open what is opened once.
    for library in &libraries {
        for _ in 0..10 {
            search(library).await;
        }
    }
    let mut alone = Vec::new();
    for _ in 0..SEARCHES {
        alone.push(search(&libraries[0]).await);
    }
    bot.stop();
    for begun in (0..FLOOD).step_by(AT_ONCE) {
        let said = (begun..FLOOD.min(begun + AT_ONCE))
            .map(async |nth| loud.send(&noise, &format!("!search keg {nth}")).await);
        join_all(said).await;
    }
    let mut bot = Bot::start(&folder);
    // It is there when it answers the first; what it takes to start is no part of it.
    search(&libraries[1]).await;
    let begun = Instant::now();
    let mut beside = Vec::new();
    let mut sizes = Vec::new();
    for nth in 0..SEARCHES {
        beside.push(search(&libraries[1]).await);
        if nth % 10 == 9 {
            sizes.push(bot.memory());
        }
    }
    let took = begun.elapsed();
    let waiting = FLOOD.saturating_sub(replies(&loud, &noise, &account.user_id).await);
    assert!(waiting > 0, "the flood was over before the searches were");
    println!("a search in one room, {FLOOD} commands in another, a forum of {made} questions");
    println!(
        "alone   p50 {} p99 {}",
        shown(&alone, 50),
        shown(&alone, 99)
    );
    println!(
        "beside  p50 {} p99 {}",
        shown(&beside, 50),
        shown(&beside, 99)
    );
    println!(
        "{} searches in {:.1} s; {waiting} commands still waited then",
        beside.len(),
        took.as_secs_f64(),
    );
    if let (Some(first), Some(last)) = (sizes.first(), sizes.last()) {
        println!(
            "memory (of it not file-backed) {first} → {last}, {:+.0} KiB every ten searches",
            Memory::growth(&sizes),
        );
    }
    let ratio = percentile(&beside, 99).as_secs_f64() / percentile(&alone, 99).as_secs_f64();
    println!(
        "budget: a search beside {FLOOD} commands that wait in another room of Matrix, p99, of its quiet time: {ratio:.2} × (at most 2)"
    );
    bot.stop();
}

/// A room of somebody's that the bot has joined.
async fn room_of(person: &Person, name: &str, bot: &UserId) -> RoomId {
    let room = person
        .create_room(name, RoomOptions::public().invite(bot))
        .await;
    person.wait_joined(&room, bot.as_str()).await;
    room
}

/// Searches, and sees the reply; gives how long that took.
async fn search(person: &Person, room: &RoomId, bot: &UserId) -> Duration {
    let begun = Instant::now();
    let asked = person
        .send(room, "!search how long do opened kegs keep")
        .await;
    let is_reply = |shown: &Shown| shown.sender == *bot && shown.reply_to.as_ref() == Some(&asked);
    person.wait_message(room, "the reply", is_reply).await;
    begun.elapsed()
}

/// How many replies there are in a room.
async fn replies(person: &Person, room: &RoomId, bot: &UserId) -> usize {
    let events = person.events(room).await;
    let own = events
        .iter()
        .filter(|event| event["sender"] == bot.as_str() && event["type"] == "m.room.message");
    own.count()
}

/// What `hundredths` of the times do not exceed.
fn percentile(times: &[Duration], hundredths: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
    sorted.get(at).copied().unwrap_or_default()
}

fn shown(times: &[Duration], hundredths: usize) -> String {
    format!(
        "{:.1} ms",
        percentile(times, hundredths).as_secs_f64() * 1e3
    )
}
