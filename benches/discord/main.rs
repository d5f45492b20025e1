//! The bot on the strict fake of Discord that the tests have, with a made-up forum and its people: two hundred interactions a second
//! for a minute.
//!
//! `cargo bench --bench discord` prints, for searches, votes by button, what `/show` shows, and all of them,
//!
//! - the time from the moment the interaction goes out on the gateway's socket to the moment the request that answers it has come
//!   (budget: p99 of 5 ms);
//! - how many were answered at once, put off, and not at all;
//! - the bot's memory before, after and each ten seconds between.
//!
//! Interactions come at fixed moments, whatever is still unanswered. The fake, its people and the bot share the machine, so what they
//! take is in the figures; `cargo run --release -p discord --example load` says what a bot is measured at that does nothing.
//! `STOA_BENCH_RATE` and `STOA_BENCH_SECONDS` set another rate and length.

#[path = "../shared/bot.rs"]
mod bot;
#[path = "../shared/made.rs"]
mod made;

use std::time::Duration;

use discord::{Channel, Discord, Guild, Interaction, Message, Person};
use tokio::task::JoinSet;
use tokio::time;

use bot::{Bot, Folder, Memory};

/// How many questions have cards, and how many people act. Few of them ask or vote more than once an hour.
const QUESTIONS: usize = 300;
const PEOPLE: usize = 1_000;
/// The longest that an interaction may take by the budget, for 99 of 100.
const BUDGET: Duration = Duration::from_millis(5);
/// Of what the questions are made.
const WORDS: [&str; 16] = [
    "keg", "yeast", "hops", "malt", "bottle", "foam", "cold", "warm", "sugar", "valve", "hose",
    "tap", "lager", "stout", "cleaning", "pressure",
];

/// What people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UserAction {
    Search,
    Vote,
    Show,
}

const ACTIONS: [UserAction; 3] = [UserAction::Search, UserAction::Vote, UserAction::Show];

fn main() {
    let number = |name: &str, otherwise: u64| {
        let given = std::env::var(name).ok();
        given.map_or(otherwise, |given| given.parse().expect("a number"))
    };
    let rate = number("STOA_BENCH_RATE", 200);
    let seconds = number("STOA_BENCH_SECONDS", 60);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(measure(rate, seconds));
}

async fn measure(rate: u64, seconds: u64) {
    let discord = Discord::start().await;
    discord.keep_requests(100);
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let folder = Folder::configured(&format!(
        "[discord]\ntoken = {:?}\nproxy = {:?}\nchannels = [\"{}\"]",
        discord.token(),
        discord.rest_url(),
        help.id(),
    ));
    let made = made::fill(&folder);
    let mut bot = Bot::start(&folder);
    let crowd = Crowd::gather(&discord, &guild, help, made).await;
    println!(
        "{made} made-up questions and {QUESTIONS} with cards, {PEOPLE} people, {rate} interactions/s for {seconds} s; memory (of it not file-backed)"
    );
    // What is used for the first time is not counted.
    crowd.play(rate, 2, |_| {}).await;
    let before = bot.memory();
    let mut sizes = vec![before];
    println!("before | {before}");
    let done = crowd
        .play(rate, seconds, |second| {
            if second.is_multiple_of(10) {
                sizes.push(bot.memory());
            }
        })
        .await;
    let after = bot.memory();
    println!(
        "after  | {after}, {:+.0} KiB in ten seconds",
        Memory::growth(&sizes)
    );
    println!("         p50      | p90      | p99      | most     | at once, put off, never");
    for action in ACTIONS {
        let of: Vec<_> = done.iter().filter(|(done, _)| *done == action).collect();
        println!("{:6} | {}", format!("{action:?}"), line(&of));
    }
    let all: Vec<_> = done.iter().collect();
    println!("all    | {}", line(&all));
    let p99 = percentile(&times(&all), 99);
    println!(
        "budget: Discord's event to the answering request at {rate}/s, p99: {:.2} ms (at most {})",
        p99.as_secs_f64() * 1e3,
        BUDGET.as_millis()
    );
    bot.stop();
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

/// The people, and the cards of the questions.
struct Crowd {
    help: Channel,
    people: Vec<Person>,
    cards: Vec<Message>,
    /// How many questions there were before.
    made: usize,
}

impl Crowd {
    /// Has questions asked, each by another person.
    async fn gather(discord: &Discord, guild: &Guild, help: Channel, made: usize) -> Self {
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(guild.person(&format!("person{number}")).await);
        }
        discord.wait_connected(1).await;
        let registered = |discord: &Discord| (!discord.commands().is_empty()).then_some(());
        discord.wait_until("the commands", registered).await;
        for (number, person) in people.iter().take(QUESTIONS).enumerate() {
            let words = |step: usize| WORDS[number * step % WORDS.len()];
            let title = format!("How does {} number {number} bear {}?", words(1), words(7));
            let asked = person.command(&help, "ask", &[("title", &title)]).await;
            let dialog = asked.modal().await;
            let text = format!("It is about {}, {} and {}.", words(3), words(5), words(11));
            let said = person.submit(&dialog, &[("text.0.line", &text)]).await;
            said.message().await;
        }
        let look = |_: &Discord| (help.threads().len() == QUESTIONS).then(|| help.messages());
        let cards = discord.wait_until("the cards", look).await;
        Self {
            help,
            people,
            cards,
            made,
        }
    }

    /// Plays for so long, and tells of each second; gives what was done.
    async fn play(
        &self,
        rate: u64,
        seconds: u64,
        mut tell: impl FnMut(u64),
    ) -> Vec<(UserAction, Interaction)> {
        let mut beat = time::interval(Duration::from_micros(1_000_000 / rate));
        let mut waiting: JoinSet<(UserAction, Interaction)> = JoinSet::new();
        let mut done = Vec::new();
        for number in 0..rate * seconds {
            beat.tick().await;
            if number.is_multiple_of(rate) {
                tell(number / rate);
            }
            let at = usize::try_from(number).expect("a number of an interaction");
            let (action, interaction) = self.act(at).await;
            waiting.spawn(async move {
                interaction.answered().await;
                (action, interaction)
            });
            while let Some(ended) = waiting.try_join_next() {
                done.push(ended.expect("no panic"));
            }
        }
        done.extend(waiting.join_all().await);
        done
    }

    /// One interaction: numbers decide who does what.
    async fn act(&self, number: usize) -> (UserAction, Interaction) {
        let action = ACTIONS[number % ACTIONS.len()];
        let (who, card) = (&self.people[number * 7 % PEOPLE], number * 13 % QUESTIONS);
        let interaction = match action {
            UserAction::Search => {
                let words = format!("{} {}", WORDS[number % 16], WORDS[number * 5 % 16]);
                who.command(&self.help, "search", &[("words", &words)])
                    .await
            }
            UserAction::Vote => {
                let button = if number.is_multiple_of(4) {
                    "👎"
                } else {
                    "👍"
                };
                who.click(&self.cards[card], button).await
            }
            UserAction::Show => {
                let address = format!("#{}", self.made + card + 1);
                who.command(&self.help, "show", &[("post", &address)]).await
            }
        };
        (action, interaction)
    }
}

fn line(done: &[&(UserAction, Interaction)]) -> String {
    let times = times(done);
    let at = |hundredths| shown(percentile(&times, hundredths));
    let put_off = done
        .iter()
        .filter(|(_, interaction)| interaction.was_put_off())
        .count();
    format!(
        "{:>8} | {:>8} | {:>8} | {:>8} | {}, {put_off}, {}",
        at(50),
        at(90),
        at(99),
        at(100),
        times.len() - put_off,
        done.len() - times.len()
    )
}

fn times(done: &[&(UserAction, Interaction)]) -> Vec<Duration> {
    let mut times: Vec<_> = done
        .iter()
        .filter_map(|(_, interaction)| interaction.took())
        .collect();
    times.sort_unstable();
    times
}

/// What `hundredths` of the figures do not exceed.
fn percentile(sorted: &[Duration], hundredths: usize) -> Duration {
    let at = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
    sorted.get(at).copied().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}
