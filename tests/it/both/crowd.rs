//! Twenty people on both sides do by chance what they may, under faults: in the end every card in both places, and the store, say
//! what was done. `STOA_ACTS` sets another number of acts.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use discord::{Chaos, Discord, Interaction, Message, Response};
use synapse::{EventId, Shown, Synapse};

use super::context::Both;
use super::plan::{At, EACH, Plan, SeededRng, UserAction, Who};
use crate::discord::context::TEXT;
use crate::proxy::{Proxy, When};

/// The longest pause between two edits of a busy card on Discord, 30 s, and some more.
const EDITED: Duration = Duration::from_secs(60);
/// The people, and what they need to find again.
struct Crowd {
    both: Both,
    proxy: Proxy,
    here: Vec<discord::Person>,
    there: Vec<synapse::Person>,
    /// The cards in the room.
    cards: BTreeMap<At, EventId>,
    /// The messages that answers on Matrix were made from.
    said: BTreeMap<At, EventId>,
    reactions: BTreeMap<(Who, At), EventId>,
}

impl Crowd {
    async fn new() -> Self {
        let server = Synapse::shared().await;
        let proxy = Proxy::start(server.url()).await;
        let mut both = Both::still(server, proxy.url(), "read_again_after = 1").await;
        both.here.bot.start();
        both.ready().await;
        let mut here = Vec::new();
        for number in 0..EACH {
            here.push(both.here.guild.person(&format!("here{number}")).await);
        }
        let there = server.people(EACH, "there").await;
        for person in &there {
            person.join(&both.room).await;
        }
        Self {
            both,
            proxy,
            here,
            there,
            cards: BTreeMap::new(),
            said: BTreeMap::new(),
            reactions: BTreeMap::new(),
        }
    }

    /// Something goes wrong between the bot and the homeserver.
    fn trouble(&self, rng: &mut SeededRng) {
        let limited = r#"{"errcode":"M_LIMIT_EXCEEDED","error":"slow down","retry_after_ms":50}"#;
        match rng.throw(20) {
            0 => self.proxy.cut("PUT", "/send/", 1, When::Before),
            1 => self.proxy.cut("PUT", "/send/", 1, When::After),
            2 => self.proxy.late("PUT", "/send/", 1),
            3 => self.proxy.answer("PUT", "/send/", 1, 429, limited),
            4 => self.proxy.answer("PUT", "/send/", 1, 502, "<html>"),
            5 => self.proxy.cut("GET", "/sync", 1, When::After),
            _ => {}
        }
    }

    async fn does(&mut self, who: Who, action: &UserAction) {
        match who.is_on_discord() {
            true => self.does_here(who, action).await,
            false => self.does_there(who, action).await,
        }
        if let UserAction::Ask { at, .. } | UserAction::Answer { at, .. } = action {
            let card = self.both.in_room(&at.to_string(), "").await;
            self.cards.insert(*at, card.id);
            self.both.in_channel(&at.to_string(), "").await;
        }
    }

    async fn does_here(&mut self, who: Who, action: &UserAction) {
        let person = &self.here[who.0];
        match action {
            UserAction::Ask { title, .. } => {
                let help = &self.both.here.help;
                let title = [("title", title.as_str())];
                self.fills(person, "It is so.", async || {
                    person.command(help, "ask", &title).await
                })
                .await;
            }
            UserAction::Answer { at, text } => {
                let question = self.card_here(At(at.0, None));
                self.fills(person, text, async || {
                    person.click(&question, "Answer").await
                })
                .await;
            }
            UserAction::Accept { at } => person.react(&self.card_here(*at), "✅").await,
            UserAction::React { at, emoji } => person.react(&self.card_here(*at), emoji).await,
            UserAction::TakeBack { at, emoji } => person.unreact(&self.card_here(*at), emoji).await,
            UserAction::Edit { .. } | UserAction::Withdraw { .. } => {
                panic!("the plan has none on Discord")
            }
        }
    }

    fn card_here(&self, at: At) -> Message {
        let cards = self.both.cards(&at.to_string());
        cards
            .first()
            .cloned()
            .unwrap_or_else(|| panic!("{at} has a card"))
    }

    /// Fills in a dialog; anew, where it takes the bot too long to open it.
    async fn fills(
        &self,
        person: &discord::Person,
        text: &str,
        opens: impl AsyncFn() -> Interaction,
    ) {
        loop {
            if let Response::Modal(modal) = opens().await.response().await {
                let sent = person.submit(&modal, &[(TEXT, text)]).await;
                sent.response().await;
                return;
            }
        }
    }

    async fn does_there(&mut self, who: Who, action: &UserAction) {
        let (person, room) = (&self.there[who.0 - EACH], &self.both.room);
        match action {
            UserAction::Ask { title, .. } => {
                person.send(room, &format!("!ask {title}\nIt is so.")).await;
            }
            UserAction::Answer { at, text } => {
                let written = format!("!answer #{} {text}", at.0);
                self.said.insert(*at, person.send(room, &written).await);
            }
            UserAction::Edit { at, text } => {
                let written = format!("!answer #{} {text}", at.0);
                person.edit(room, &self.said[at], &written).await;
            }
            UserAction::Withdraw { at } => drop(person.redact(room, &self.said[at]).await),
            UserAction::Accept { at } => drop(person.react(room, &self.cards[at], "✅").await),
            UserAction::React { at, emoji } => {
                let reaction = person.react(room, &self.cards[at], emoji).await;
                self.reactions.insert((who, *at), reaction);
            }
            UserAction::TakeBack { at, .. } => {
                let reaction = self.reactions.remove(&(who, *at));
                let reaction = reaction.expect("the plan has it hang");
                person.redact(room, &reaction).await;
            }
        }
    }

    /// Waits until every card says what it must, and nothing shows what was taken back.
    async fn settles(&self, plan: &Plan) {
        for (at, post) in &plan.posts {
            let address = at.to_string();
            if post.withdrawn {
                self.both.gone(&address).await;
                continue;
            }
            let right = |shown: &str| is_right(shown, plan, *at);
            let bot = self.both.here.bot.user();
            let is_it = |shown: &Shown| right(&shown.body);
            crate::matrix::card(&self.both.ivo, &self.both.room, bot, &address, is_it).await;
            let look = |_: &Discord| {
                let cards = self.both.cards(&address);
                cards.iter().any(|card| right(&card.shown())).then_some(())
            };
            let waited = format!("{address} to be right");
            let discord = &self.both.here.discord;
            discord.wait_within(EDITED, &waited, look).await;
        }
        let shown = self.both.ivo.shown(&self.both.room).await;
        for at in plan.living(|_, _| true) {
            let address = at.to_string();
            assert_eq!(self.both.cards(&address).len(), 1, "{address}");
            assert_eq!(self.both.count(&shown, &address), 1, "{address}");
        }
    }

    /// What the store says, by the terminal, once the bot has stopped.
    fn stored(&self, commands: &str) -> String {
        let mut console = self.both.here.bot.command(&["console", "--as", "looker"]);
        let piped = console.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut console = piped.spawn().expect("starts");
        let mut input = console.stdin.take().expect("it is piped");
        input.write_all(commands.as_bytes()).expect("writes");
        drop(input);
        let said = console.wait_with_output().expect("ends");
        String::from_utf8(said.stdout).expect("text")
    }
}

/// Whether a card says what it must.
fn is_right(shown: &str, plan: &Plan, at: At) -> bool {
    vote_lines(shown).any(|line| line.starts_with(&plan.votes(at)))
        && plan.says(at).iter().all(|says| shown.contains(says))
        && shown.contains("Answered: ") == plan.says(at).contains(&"Answered: ".to_owned())
}

/// The lines that may be those with votes.
fn vote_lines(shown: &str) -> impl Iterator<Item = &str> {
    let lines = shown.lines();
    lines.map(|line| line.trim_start_matches([' ', '|', '-', '#', '>']))
}

/// Plays so many acts, or as many as `STOA_ACTS` says.
async fn acts(seed: u64, many: usize) {
    let said = std::env::var("STOA_ACTS").ok();
    let many = said.map_or(many, |said| said.parse().expect("a number"));
    let plan = Plan::new(seed, many);
    let mut crowd = Crowd::new().await;
    let chaos = Chaos::seeded(seed).strength(15).without_sockets();
    crowd.both.here.discord.chaos(chaos);
    let mut rng = SeededRng(seed ^ 0xbad);
    for (who, action) in &plan.actions {
        crowd.trouble(&mut rng);
        crowd.does(*who, action).await;
    }
    crowd.both.here.discord.calm();
    crowd.settles(&plan).await;

    assert!(crowd.both.here.bot.stop().await.success());
    let (fine, stats) = crowd.both.here.bot.says(&["stats", "--json"]);
    assert!(fine, "{stats}");
    let stats: serde_json::Value = serde_json::from_str(&stats).expect("JSON");
    let count = |is_question: bool| plan.living(|at, _| at.1.is_none() == is_question).len();
    assert_eq!(stats["questions"], count(true), "{stats}");
    assert_eq!(stats["answers"], count(false), "{stats}");
    assert_eq!(stats["outbox"], 0, "{stats}");
    for question in plan.living(|at, _| at.1.is_none()) {
        let shown = crowd.stored(&format!("!show {question}\n"));
        let posts = plan.living(|at, _| at.0 == question.0);
        for at in &posts {
            let (_, below) = shown.split_once(&plan.posts[at].text).expect("its text");
            let votes = vote_lines(below).find(|line| line.contains(" vote"));
            let votes = votes.unwrap_or_default();
            assert!(votes.starts_with(&plan.votes(*at)), "{at}: {shown}");
        }
    }
    crowd.both.over().await;
}

#[tokio::test]
async fn what_a_crowd_of_seed_1_did_is_what_both_sides_show() {
    acts(1, 1_000).await;
}

#[tokio::test]
async fn what_a_crowd_of_seed_2_did_is_what_both_sides_show() {
    acts(2, 200).await;
}
