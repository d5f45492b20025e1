//! A room on a real Synapse with both bots' commands, one at a time.

use std::time::{Duration, Instant};

use serde_json::Value;
use synapse::{Account, Person, RoomId, RoomOptions, Synapse};

use crate::bot::{Bot, Folder, Memory};
use crate::forums::{self, Made, Words};
use crate::goals::Goals;
use crate::meter::{Meter, Reply};
use crate::process::{self, Python};
use crate::{milliseconds, percentile, shown};

const REQUIREMENTS: &str = include_str!("matrix-requirements.txt");
/// How many people there are, so that none of them votes too often.
const PEOPLE: usize = 4;
/// Commands of each kind that are not counted.
const WARM_UP: usize = 10;

/// What people say.
#[derive(Clone, Copy, Debug)]
enum UserAction {
    Search,
    Show,
    Vote,
}

/// How one command was replied to.
struct Done {
    /// From the person's request to the sync response in which they see the reply.
    seen: Duration,
    /// The bot's own share.
    own: Duration,
    /// What the homeserver took for the request with the reply.
    server: Duration,
}

/// One bot's room.
struct Room {
    room: RoomId,
    account: Account,
    people: Vec<Speaker>,
    meter: Meter,
}

/// A person and how far they have read.
struct Speaker {
    person: Person,
    since: String,
}

/// What a bot needed for commands of one kind.
struct Row {
    done: Vec<Done>,
    processor: f64,
}

pub async fn measure(made: &Made, commands: u64, goals: &mut Goals) {
    let commands = usize::try_from(commands).expect("a number of commands");
    let (server, words, folder) = (
        Synapse::start().await,
        Words::of(made),
        Folder::configured(""),
    );
    made.give(&folder);
    let mut ours = Room::open(&server, "stoa").await;
    let mut theirs = Room::open(&server, "plain").await;
    forums::settle(
        &folder,
        &format!(
            "[matrix]\nhomeserver = {:?}\nuser = {:?}\npassword = {:?}\nrooms = [{:?}]",
            ours.meter.url(),
            ours.account.user_id.as_str(),
            ours.account.password,
            ours.room.as_str(),
        ),
    );
    let mut stoa = Bot::start(&folder);
    let peer = Python::start(
        "peer-matrix",
        REQUIREMENTS,
        include_str!("matrix_bot.py"),
        &[
            made.database(&folder),
            theirs.meter.url().to_owned(),
            theirs.account.user_id.as_str().to_owned(),
            theirs.account.password.clone(),
        ],
    );
    for room in [&mut ours, &mut theirs] {
        room.joined().await;
        for action in [UserAction::Search, UserAction::Show, UserAction::Vote] {
            room.play(action, WARM_UP, &words).await;
        }
    }
    let before = [stoa.memory(), Memory::of(peer.id())];
    println!(
        "\n| Matrix, one at a time | | seen after ms, p50 · p99 | own share ms, p50 · p99 | the server for the reply ms, p50 · p99 | processor ms each |"
    );
    println!("|---|---|---|---|---|---|");
    let mut all = [Row::new(), Row::new()];
    for action in [UserAction::Search, UserAction::Show, UserAction::Vote] {
        let our_row = Row::measure(&mut ours, stoa.child.id(), action, commands, &words).await;
        let their_row = Row::measure(&mut theirs, peer.id(), action, commands, &words).await;
        our_row.print(&format!("{action:?}"), "Stoa");
        their_row.print("", "the plain bot");
        all[0].add(our_row);
        all[1].add(their_row);
    }
    let [our_row, their_row] = all;
    our_row.print("all", "Stoa");
    their_row.print("", "the plain bot");
    let memory = |name, before, process| {
        println!(
            "memory of {name} (of it not file-backed): {before} → {}",
            Memory::of(process)
        )
    };
    memory("Stoa", before[0], stoa.child.id());
    memory("the plain bot", before[1], peer.id());
    goals.in_matrix(
        made.questions,
        [our_row.seen(50), their_row.seen(50)],
        [our_row.processor, their_row.processor],
    );
    stoa.stop();
}

impl Room {
    /// A room with people in it, where a bot is invited.
    async fn open(server: &Synapse, bot: &str) -> Self {
        let meter = Meter::start(server.url()).await;
        let account = server.account(bot).await;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(server.person(&format!("{bot} person {number}")).await);
        }
        let options = RoomOptions::public().invite(&account.user_id);
        let room = people[0].create_room("Kitchen", options).await;
        for person in &people[1..] {
            person.join(&room).await;
        }
        let speaker = |person| Speaker {
            person,
            since: String::new(),
        };
        Self {
            room,
            account,
            people: people.into_iter().map(speaker).collect(),
            meter,
        }
    }

    /// Waits for the bot to be there, and has everybody read what was said so far.
    async fn joined(&mut self) {
        let bot = self.account.user_id.as_str();
        self.people[0].person.wait_joined(&self.room, bot).await;
        for speaker in &mut self.people {
            speaker.read(0).await;
        }
    }

    async fn play(&mut self, action: UserAction, commands: usize, words: &Words) -> Vec<Done> {
        let mut done = Vec::new();
        for number in 0..commands {
            let post = number as u64 * 7_919 % words.questions + 1;
            let text = match action {
                UserAction::Search => {
                    let query = &words.searches[number % words.searches.len()];
                    format!("!search {query}")
                }
                UserAction::Show => format!("!show #{post}"),
                UserAction::Vote if number.is_multiple_of(4) => format!("!down #{post}"),
                UserAction::Vote => format!("!up #{post}"),
            };
            let (room, bot) = (&self.room, self.account.user_id.as_str());
            let speaker = &mut self.people[number % PEOPLE];
            speaker.read(0).await;
            let reply = self
                .meter
                .expect(room.as_str(), speaker.person.user_id().as_str());
            let begun = Instant::now();
            speaker.person.send(room, &text).await;
            speaker.reply_of(room, bot).await;
            let seen = begun.elapsed();
            let Reply { own, server } = reply.await.expect("the bot replies");
            done.push(Done { seen, own, server });
        }
        done
    }
}

impl Speaker {
    /// What is new to them; waits for it so many milliseconds.
    async fn read(&mut self, wait: u64) -> Value {
        let since = match self.since.as_str() {
            "" => String::new(),
            since => format!("&since={since}"),
        };
        let path = format!("/_matrix/client/v3/sync?timeout={wait}{since}");
        let news = self.person.get(&path).await.expect("the server syncs");
        self.since = news["next_batch"].as_str().unwrap_or_default().to_owned();
        news
    }

    /// Reads on until the bot has said something.
    async fn reply_of(&mut self, room: &RoomId, bot: &str) {
        let is_reply = |event: &Value| {
            event["sender"] == bot
                && event["type"] == "m.room.message"
                && event["content"]["m.relates_to"]["rel_type"] != "m.replace"
        };
        loop {
            let news = self.read(30_000).await;
            let events = news["rooms"]["join"][room.as_str()]["timeline"]["events"].as_array();
            if events.into_iter().flatten().any(is_reply) {
                return;
            }
        }
    }
}

impl Row {
    fn new() -> Self {
        Self {
            done: Vec::new(),
            processor: 0.0,
        }
    }

    async fn measure(
        room: &mut Room,
        process: u32,
        action: UserAction,
        commands: usize,
        words: &Words,
    ) -> Self {
        let busy = process::processor(process);
        let done = room.play(action, commands, words).await;
        let busy = process::processor(process).saturating_sub(busy);
        Self {
            processor: milliseconds(busy) / done.len() as f64,
            done,
        }
    }

    fn add(&mut self, other: Self) {
        let (own, more) = (self.done.len() as f64, other.done.len() as f64);
        self.processor = (self.processor * own + other.processor * more) / (own + more);
        self.done.extend(other.done);
    }

    fn seen(&self, hundredths: usize) -> Duration {
        self.part(hundredths, |done| done.seen)
    }

    fn part(&self, hundredths: usize, which: fn(&Done) -> Duration) -> Duration {
        let mut times: Vec<_> = self.done.iter().map(which).collect();
        times.sort_unstable();
        percentile(&times, hundredths)
    }

    fn print(&self, what: &str, who: &str) {
        let of = |which| {
            let at = |hundredths| shown(self.part(hundredths, which));
            format!("{} · {}", at(50), at(99))
        };
        println!(
            "| {what} | {who} | {} | {} | {} | {:.1} |",
            of(|done| done.seen),
            of(|done| done.own),
            of(|done| done.server),
            self.processor
        );
    }
}
