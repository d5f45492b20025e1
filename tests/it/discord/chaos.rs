//! Chaos: requests fail, events come twice, late or never, sockets break. When it is over all is as people left it.

use std::time::Duration;

use discord::{Chaos, Discord, Interaction, Message, Modal, Options, Person, Response};

use super::context::{TEXT, TestContext};

const TITLES: [&str; 3] = [
    "How long does a keg keep?",
    "Does a bottle age?",
    "Why is it flat?",
];
const ANSWERS: [&str; 3] = ["Six weeks.", "Some of them do.", "It is warm."];

/// What somebody does with a card, one after the other.
const HABITS: [&[UserAction]; 6] = [
    &[UserAction::Up],
    &[UserAction::Up, UserAction::NotUp, UserAction::Down],
    &[UserAction::Down, UserAction::NotDown],
    &[UserAction::Down, UserAction::NotDown, UserAction::Up],
    &[UserAction::Up, UserAction::NotUp, UserAction::Up],
    &[UserAction::Down],
];

#[derive(Clone, Copy)]
enum UserAction {
    Up,
    NotUp,
    Down,
    NotDown,
}

/// People, and what they asked of the bot.
struct Storm {
    context: TestContext,
    asked: Vec<Interaction>,
}

impl Storm {
    async fn new(seed: u64) -> Self {
        // A close frame that has no code is noticed by serenity only when it is time for a heartbeat.
        let options = Options {
            heartbeat: Duration::from_secs(2),
            ..Options::default()
        };
        let discord = Discord::start_with(options).await;
        let context = TestContext::on(discord, "read_again_after = 1").await;
        context.discord.chaos(Chaos::seeded(seed).strength(25));
        let asked = Vec::new();
        Self { context, asked }
    }

    /// Somebody uses something of the bot's; again, where the bot is never told since its session is lost.
    async fn used(&mut self, action: impl AsyncFn(&TestContext) -> Interaction) -> Response {
        loop {
            self.context.discord.wait_connected(1).await;
            let before = self.context.discord.identifies();
            let asked = action(&self.context).await;
            let ended = |discord: &Discord| {
                let is_lost = !asked.is_told() && discord.identifies() > before;
                (is_lost || asked.is_answered()).then_some(())
            };
            self.context.discord.wait_until("an answer", ended).await;
            if asked.is_answered() {
                let response = asked.response().await;
                self.asked.push(asked);
                return response;
            }
        }
    }

    /// A dialog; again, where it takes the bot too long to open it.
    async fn dialog(&mut self, action: impl AsyncFn(&TestContext) -> Interaction) -> Modal {
        loop {
            if let Response::Modal(modal) = self.used(&action).await {
                return modal;
            }
        }
    }

    async fn asks(&mut self, title: &str) -> Message {
        let title = [("title", title)];
        let modal =
            self.dialog(async |context| context.mira.command(&context.help, "ask", &title).await);
        let modal = modal.await;
        let text = [(TEXT, "It is a pilsner.")];
        self.used(async |context| context.mira.submit(&modal, &text).await)
            .await;
        self.post(title[0].1).await
    }

    async fn answers(&mut self, card: &Message, text: &str) -> Message {
        let modal = self.dialog(async |context| context.sol.click(card, "Answer").await);
        let modal = modal.await;
        let texts = [(TEXT, text)];
        self.used(async |context| context.sol.submit(&modal, &texts).await)
            .await;
        self.post(text).await
    }

    /// The post's card, when it is there.
    async fn post(&self, says: &str) -> Message {
        let help = self.context.help.clone();
        let says = says.to_owned();
        let there = move |_: &Discord| posts(&help, &says).into_iter().next();
        self.context.discord.wait_until("a card", there).await
    }
}

/// The cards in a channel and its threads that begin with something.
fn posts(channel: &discord::Channel, says: &str) -> Vec<Message> {
    let threads = channel.threads();
    let threads = threads.iter().flat_map(discord::Channel::messages);
    let all = channel.messages().into_iter().chain(threads);
    let is_it = |card: &Message| !card.buttons().is_empty() && card.shown().contains(says);
    all.filter(is_it).collect()
}

async fn does(who: &Person, card: &Message, action: UserAction) {
    match action {
        UserAction::Up => who.react(card, "👍").await,
        UserAction::NotUp => who.unreact(card, "👍").await,
        UserAction::Down => who.react(card, "👎").await,
        UserAction::NotDown => who.unreact(card, "👎").await,
    }
}

/// What a card is to show by what hangs on it and how often 👍 was pressed.
fn votes(card: &Message, pressed: i64) -> (String, i64) {
    let hanging = card.reactions();
    let count = |emoji| {
        let of = hanging.iter().filter(|(name, _)| name == emoji);
        of.map(|(_, who)| who.len() as i64).sum::<i64>()
    };
    let (up, down) = (count("👍") + pressed, count("👎"));
    let sum = up - down;
    let sign = match sum {
        0 => "",
        1.. => "+",
        ..0 => "–",
    };
    let s = if sum.abs() == 1 { "" } else { "s" };
    (format!("-# {sign}{} vote{s} ·", sum.abs()), up + down)
}

async fn chaoss(seed: u64) {
    let mut storm = Storm::new(seed).await;
    let (ivo, uma) = (
        storm.context.guild.person("ivo").await,
        storm.context.guild.person("uma").await,
    );
    let ada = storm.context.guild.person("ada").await;
    let mut cards = Vec::new();
    for (number, title) in TITLES.iter().enumerate() {
        let card = storm.asks(title).await;
        // What people do is spread among them by the seed.
        for (at, who) in [&ivo, &uma].into_iter().enumerate() {
            let habit = (usize::try_from(seed).expect("small") + number * 2 + at) % HABITS.len();
            for action in HABITS[habit] {
                does(who, &card, *action).await;
            }
        }
        let answer = storm.answers(&card, ANSWERS[number]).await;
        ivo.react(&answer, "👍").await;
        storm.used(async |_| ada.click(&card, "👍").await).await;
        cards.push((card, 1));
        cards.push((answer, 0));
    }
    let log = storm.context.discord.chaos_log();
    assert!(!log.is_empty());
    // The gateway goes down and the session with it: what is done meanwhile is told to nobody.
    let discord = &storm.context.discord;
    discord.refuse_resume(true);
    let before = discord.identifies();
    discord.close_sockets(None);
    for (number, (card, _)) in cards.iter().enumerate() {
        if number % 2 == 1 {
            ivo.unreact(card, "👍").await;
            ivo.react(card, "👎").await;
            uma.react(card, "👎").await;
        }
    }
    let back = move |discord: &Discord| (discord.identifies() > before).then_some(());
    discord.wait_until("the bot to come back", back).await;
    discord.refuse_resume(false);
    discord.calm();
    discord.wait_connected(1).await;
    let mut counted = 0;
    for (card, pressed) in &cards {
        let (votes, count) = votes(card, *pressed);
        counted += count;
        storm.context.shows(card, &votes).await;
    }
    for says in TITLES.iter().chain(&ANSWERS) {
        let own = posts(&storm.context.help, says);
        assert_eq!(own.len(), 1, "{says}\n{}", storm.context.help.transcript());
    }
    assert_eq!(storm.context.help.threads().len(), TITLES.len());
    for asked in &storm.asked {
        assert!(asked.is_answered());
    }
    assert_eq!(storm.context.discord.pings(), []);
    storm.context.bot.stop().await;
    let said = |arguments: &[&str]| {
        let (fine, said) = storm.context.bot.says(arguments);
        assert!(fine, "{said}");
        serde_json::from_str::<serde_json::Value>(&said).expect("JSON")
    };
    let stats = said(&["stats", "--json"]);
    let stats = ["questions", "answers", "votes", "outbox"].map(|what| stats[what].as_i64());
    assert_eq!(stats, [3, 3, counted, 0].map(Some));
    let place = format!("discord:{}", storm.context.guild.id());
    let found = said(&["search", "--json", "keg", "--forum", &place]);
    assert_eq!(found[0]["title"], TITLES[0]);
    storm.context.over().await;
}

#[tokio::test]
async fn all_is_as_people_left_it_after_chaos_of_seed_1() {
    chaoss(1).await;
}

#[tokio::test]
async fn all_is_as_people_left_it_after_chaos_of_seed_2() {
    chaoss(2).await;
}

#[tokio::test]
async fn all_is_as_people_left_it_after_chaos_of_seed_3() {
    chaoss(3).await;
}
