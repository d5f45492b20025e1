//! A forum on Discord whose bot dies and is started again while people wait for it.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use bot_core::crash::Point;
use discord::{Channel, Discord, Interaction, Modal, Person};

use super::hour::Step;
use crate::discord::context::TestContext;
use crate::trap::{DEATHS, SIGABRT, Trap};

/// What the store has of everything.
pub type Stats = BTreeMap<String, u64>;

/// Where the forum is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In a channel with messages.
    Text,
    /// In a forum channel.
    Forum,
}

/// How the bot dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// When it comes by this point, and once more if it does so again.
    At(Point),
    /// While Discord holds a request of this method and path: before it is done, or when it is done and before it is answered.
    Held(&'static str, &'static str, Held),
}

/// When a request is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Before,
    Done,
}

/// A server with a forum in one channel.
pub struct Play {
    pub context: TestContext,
    pub kind: Kind,
    pub ivo: Person,
    /// The forum's place.
    pub place: Channel,
    /// Where commands are typed: in a forum channel there is nothing but posts.
    pub desk: Channel,
    /// How the bot dies, and from which step on.
    death: Option<(Death, Step)>,
    trap: Option<Trap>,
    held: Option<discord::Held>,
    deaths: u32,
    points: tempfile::TempDir,
}

impl Play {
    /// The forum is open; from the step on, the bot dies.
    pub async fn new(kind: Kind, death: Option<(Death, Step)>) -> Self {
        let mut context = TestContext::closed("read_again_after = 1").await;
        let ivo = context.guild.person("ivo").await;
        let place = match kind {
            Kind::Text => context.help.clone(),
            Kind::Forum => {
                context
                    .guild
                    .forum_channel("questions", &["Answered"])
                    .await
            }
        };
        let desk = match kind {
            Kind::Text => place.clone(),
            Kind::Forum => {
                context
                    .mira
                    .posts(&place, "Read this", "Ask here.", &[])
                    .await
            }
        };
        let points = tempfile::tempdir().expect("a folder");
        context.bot.stops_at(points.path());
        context.bot.start();
        context.discord.wait_connected(1).await;
        context.opens(&desk).await;
        Self {
            context,
            kind,
            ivo,
            place,
            desk,
            death,
            trap: None,
            held: None,
            deaths: 0,
            points,
        }
    }

    pub fn before(&mut self, step: Step) {
        let death = self.death.filter(|(_, begins)| *begins == step);
        let discord = &self.context.discord;
        match death {
            None => {}
            Some((Death::At(point), _)) => {
                let trap = Trap::new(point, self.points.path());
                trap.set_death();
                self.trap = Some(trap);
            }
            Some((Death::Held(method, path, Held::Before), _)) => {
                self.held = Some(discord.hold(method, path));
            }
            Some((Death::Held(method, path, Held::Done), _)) => {
                self.held = Some(discord.hold_answer(method, path));
            }
        }
    }

    fn died(&mut self, status: ExitStatus) {
        let log = self.context.bot.log();
        assert_eq!(status.signal(), Some(SIGABRT), "{status}: {log}");
        self.deaths += 1;
        let trap = self.trap.as_ref().expect("it dies only where it must");
        if self.deaths < DEATHS {
            trap.set_death();
        }
    }

    async fn starts_again(&mut self) {
        loop {
            let TestContext { discord, bot, .. } = &mut self.context;
            let before = discord.identifies();
            bot.start();
            let comes = move |discord: &Discord| (discord.identifies() > before).then_some(());
            let status = tokio::select! {
                () = discord.wait_until("the bot to come back", comes) => return,
                status = bot.ended() => status,
            };
            self.died(status);
        }
    }

    /// Waits for something; none where the bot died before, and was started again.
    async fn until<T>(&mut self, what: &str, look: impl FnMut(&Discord) -> Option<T>) -> Option<T> {
        let TestContext { discord, bot, .. } = &mut self.context;
        let reached = async {
            match &self.held {
                Some(held) => held.reached().await,
                None => std::future::pending().await,
            }
        };
        let status = tokio::select! {
            biased;
            found = discord.wait_until(what, look) => return Some(found),
            status = bot.ended() => Some(status),
            () = reached => None,
        };
        match (status, self.held.take()) {
            (Some(status), _) => self.died(status),
            (None, held) => {
                let held = held.expect("it was reached");
                self.context.bot.kill();
                held.abandoned().await;
                held.release();
                self.deaths += 1;
            }
        }
        self.starts_again().await;
        None
    }

    /// Waits for something that a death only puts off.
    pub async fn comes<T>(&mut self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(found) = self.until(what, |_| look()).await {
                return found;
            }
        }
    }

    /// What the store has.
    pub fn stats(&self) -> Stats {
        let (fine, said) = self.context.bot.says(&["stats", "--json"]);
        assert!(fine, "{said}");
        serde_json::from_str(&said).expect("JSON")
    }

    /// Somebody does something. Who is not told that it is done looks whether there are so many of something now, and does it again
    /// if not.
    pub async fn done(
        &mut self,
        (what, count): (&str, u64),
        action: impl AsyncFn(&Self) -> Interaction,
    ) {
        loop {
            let before = self.context.discord.identifies();
            let asked = action(self).await;
            if self.is_answered("an answer", &asked, before).await {
                return;
            }
            let is_told = asked.is_answered();
            let is_done = match what {
                "" => is_told,
                what => self.stats()[what] == count,
            };
            assert!(is_done || !is_told, "what was told is done");
            if is_done {
                return;
            }
        }
    }

    pub async fn dialog(&mut self, action: impl AsyncFn(&Self) -> Interaction) -> Modal {
        loop {
            let before = self.context.discord.identifies();
            let asked = action(self).await;
            if self.is_answered("a dialog", &asked, before).await {
                return asked.modal().await;
            }
        }
    }

    /// Waits until somebody is answered; false where the bot died before, or was never told: what a bot sends as it dies can reach
    /// Discord when the next is there already, and whatever happens then is told to the one that is dead.
    async fn is_answered(&mut self, what: &str, asked: &Interaction, before: u64) -> bool {
        let ended = |discord: &Discord| {
            let is_lost = !asked.is_told() && discord.identifies() > before;
            (is_lost || asked.is_answered()).then(|| asked.is_answered())
        };
        self.until(what, ended).await.unwrap_or_default()
    }

    /// Takes away a trap that the bot will not come by any more, and looks that it came by it.
    pub async fn survived(&mut self) {
        while let Some(trap) = &self.trap
            && trap.is_set() > self.deaths
            && !trap.take_away()
        {
            let status = self.context.bot.ended().await;
            self.died(status);
            self.starts_again().await;
        }
        assert!(
            self.death.is_none() || self.deaths > 0,
            "the bot never died"
        );
    }
}
