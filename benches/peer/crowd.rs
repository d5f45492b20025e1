//! People on the fake Discord, and what they do.

use std::time::Duration;

use discord::{Channel, Discord, Guild, Interaction, Message, Person};
use tokio::task::JoinSet;
use tokio::time;

use crate::forums::Words;

/// After how long Discord has forgotten an interaction.
pub const LATE: Duration = Duration::from_secs(3);
/// How long an answer is waited for; what has none by then counts as so late.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many people act. Few votes an hour for each of them.
const PEOPLE: usize = 1_000;
/// How many questions have cards.
const CARDS: usize = 200;

/// How much is to be done.
#[derive(Clone, Copy)]
pub struct Load {
    pub rate: u64,
    pub seconds: u64,
}

/// What people do; `ORDER` has each as often as it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UserAction {
    Search,
    Press,
    Vote,
    Show,
    Complete,
}

/// 30 % searches, 25 % buttons, 15 % of each of the others, mixed.
const ORDER: [UserAction; 20] = {
    use UserAction::{Complete, Press, Search, Show, Vote};
    [
        Search, Press, Vote, Search, Show, Press, Complete, Search, Press, Vote, Show, Search,
        Press, Complete, Search, Vote, Press, Show, Search, Complete,
    ]
};

/// What came of one thing that was done.
pub struct Done {
    pub took: Duration,
    pub put_off: bool,
}

/// The people on one fake, and the cards that they see.
pub struct Crowd {
    pub help: Channel,
    people: Vec<Person>,
    cards: Vec<Message>,
}

impl Load {
    pub const fn warm_up() -> Self {
        Self {
            rate: 50,
            seconds: 4,
        }
    }
}

impl Crowd {
    pub async fn of(discord: &Discord) -> Self {
        discord.keep_requests(100);
        let guild: Guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(guild.person(&format!("person{number}")).await);
        }
        Self {
            help,
            people,
            cards: Vec::new(),
        }
    }

    /// Has questions asked, each by another person; `field` is the dialog's.
    pub async fn ask(&mut self, discord: &Discord, field: &str) {
        let registered = |discord: &Discord| {
            let commands = discord.commands();
            commands.iter().any(|name| name == "ask").then_some(())
        };
        discord.wait_until("the commands", registered).await;
        for (number, person) in self.people.iter().take(CARDS).enumerate() {
            let title = format!("How does keg number {number} bear the cold?");
            let asked = person
                .command(&self.help, "ask", &[("title", &title)])
                .await;
            let dialog = asked.modal().await;
            let text = format!("It is about number {number}.");
            person
                .submit(&dialog, &[(field, &text)])
                .await
                .message()
                .await;
        }
        let help = &self.help;
        let cards = |_: &Discord| {
            let cards = help.messages().into_iter();
            let cards: Vec<_> = cards.filter(|card| card.shown().contains("👍")).collect();
            (cards.len() == CARDS).then_some(cards)
        };
        self.cards = discord.wait_until("the cards", cards).await;
    }

    /// Has things done at fixed moments, whatever is still unanswered; gives what came of them.
    pub async fn play(&self, load: Load, words: &Words) -> Vec<Done> {
        let mut beat = time::interval(Duration::from_micros(1_000_000 / load.rate));
        let mut waiting: JoinSet<Interaction> = JoinSet::new();
        for number in 0..load.rate * load.seconds {
            beat.tick().await;
            let at = usize::try_from(number).expect("a number of an interaction");
            let interaction = self.act(at, words).await;
            waiting.spawn(async move {
                interaction.answered_within(PATIENCE).await;
                interaction
            });
        }
        let done = waiting.join_all().await;
        let done = done.into_iter().map(|interaction| Done {
            took: interaction.took().unwrap_or(PATIENCE),
            put_off: interaction.was_put_off(),
        });
        done.collect()
    }

    /// One interaction: numbers decide who does what.
    async fn act(&self, number: usize, words: &Words) -> Interaction {
        let (who, help) = (&self.people[mixed(number, 1) % PEOPLE], &self.help);
        let post = || format!("#{}", mixed(number, 2) as u64 % words.questions + 1);
        let is_down = number.is_multiple_of(4);
        match ORDER[number % ORDER.len()] {
            UserAction::Search => {
                let query = &words.searches[mixed(number, 3) % words.searches.len()];
                who.command(help, "search", &[("words", query)]).await
            }
            UserAction::Press => {
                let button = if is_down { "👎" } else { "👍" };
                who.click(&self.cards[mixed(number, 3) % CARDS], button)
                    .await
            }
            UserAction::Vote => {
                let way = if is_down { "down" } else { "up" };
                who.command(help, way, &[("post", &post())]).await
            }
            UserAction::Show => who.command(help, "show", &[("post", &post())]).await,
            UserAction::Complete => {
                let typed = &words.titles[mixed(number, 3) % words.titles.len()];
                who.complete(help, "show", "post", typed).await
            }
        }
    }
}

/// A number of a number, as if by chance: for each `turn` another.
fn mixed(number: usize, turn: u64) -> usize {
    let mixed = (number as u64 ^ (turn << 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 34)
        .expect("30 bits")
}
