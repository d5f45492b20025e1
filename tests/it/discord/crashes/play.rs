//! A forum's hour on Discord: what people do in it, one after the other, also while the bot dies and is started again.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use bot_core::crash::Point;
use discord::{Channel, Discord, Interaction, Message, Modal, Person};

use crate::discord::scene::{Scene, TEXT};
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

/// What people do, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Ask,
    Answer,
    Press,
    Vote,
    Accept,
    OwnVote,
    Edit,
    Unvote,
    Delete,
}

impl Step {
    pub const fn says(self) -> &'static str {
        match self {
            Self::Ask => "a question is asked",
            Self::Answer => "it is answered, twice",
            Self::Press => "somebody presses 👍",
            Self::Vote => "people react with 👍",
            Self::Accept => "an answer is accepted",
            Self::OwnVote => "a vote is refused",
            Self::Edit => "the question is edited",
            Self::Unvote => "a 👍 is taken back",
            Self::Delete => "an answer is deleted",
        }
    }
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
    pub scene: Scene,
    kind: Kind,
    ivo: Person,
    /// The forum's place.
    pub place: Channel,
    /// Where commands are typed: in a forum channel there is nothing but posts.
    desk: Channel,
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
        let mut scene = Scene::closed("read_again_after = 1").await;
        let ivo = scene.guild.person("ivo").await;
        let place = match kind {
            Kind::Text => scene.help.clone(),
            Kind::Forum => scene.guild.forum_channel("questions", &["Answered"]).await,
        };
        let desk = match kind {
            Kind::Text => place.clone(),
            Kind::Forum => {
                scene
                    .mira
                    .posts(&place, "Read this", "Ask here.", &[])
                    .await
            }
        };
        let points = tempfile::tempdir().expect("a folder");
        scene.bot.stops_at(points.path());
        scene.bot.start();
        scene.discord.wait_connected(1).await;
        scene.opens(&desk).await;
        Self {
            scene,
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

    fn before(&mut self, step: Step) {
        let death = self.death.filter(|(_, begins)| *begins == step);
        let discord = &self.scene.discord;
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
        let log = self.scene.bot.log();
        assert_eq!(status.signal(), Some(SIGABRT), "{status}: {log}");
        self.deaths += 1;
        let trap = self.trap.as_ref().expect("it dies only where it must");
        if self.deaths < DEATHS {
            trap.set_death();
        }
    }

    async fn starts_again(&mut self) {
        loop {
            let Scene { discord, bot, .. } = &mut self.scene;
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
        let Scene { discord, bot, .. } = &mut self.scene;
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
                self.scene.bot.kill();
                held.abandoned().await;
                held.release();
                self.deaths += 1;
            }
        }
        self.starts_again().await;
        None
    }

    /// Waits for something that a death only puts off.
    async fn comes<T>(&mut self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(found) = self.until(what, |_| look()).await {
                return found;
            }
        }
    }

    /// What the store has.
    pub fn stats(&self) -> Stats {
        let (fine, said) = self.scene.bot.says(&["stats", "--json"]);
        assert!(fine, "{said}");
        serde_json::from_str(&said).expect("JSON")
    }

    /// Somebody does something. Who is not told that it is done looks whether there are so many of something now, and does it again
    /// if not.
    async fn done(&mut self, (what, count): (&str, u64), deed: impl AsyncFn(&Self) -> Interaction) {
        loop {
            let asked = deed(self).await;
            let answered = |_: &Discord| asked.is_answered().then_some(());
            if self.until("an answer", answered).await.is_some() {
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

    async fn dialog(&mut self, deed: impl AsyncFn(&Self) -> Interaction) -> Modal {
        loop {
            let asked = deed(self).await;
            let answered = |_: &Discord| asked.is_answered().then_some(());
            if self.until("a dialog", answered).await.is_some() {
                return asked.modal().await;
            }
        }
    }

    /// The thread of the question.
    fn thread(place: &Channel, kind: Kind) -> Option<Channel> {
        let posts = match kind {
            Kind::Text => 0,
            Kind::Forum => 1,
        };
        place.threads().get(posts).cloned()
    }

    async fn question(&mut self) -> Message {
        let (place, kind) = (self.place.clone(), self.kind);
        let card = || match kind {
            Kind::Text => place.messages().first().cloned(),
            Kind::Forum => Self::thread(&place, kind)?.messages().first().cloned(),
        };
        self.comes("the question's card", card).await
    }

    /// Somebody presses *Answer*; gives the card.
    async fn answer(&mut self, who: &Person, card: &Message, text: &str, number: usize) -> Message {
        let dialog = self.dialog(async |_| who.click(card, "Answer").await);
        let dialog = dialog.await;
        if number == 1 {
            self.before(Step::Answer);
        }
        let texts = [(TEXT, text)];
        let sends = async |_: &Self| who.submit(&dialog, &texts).await;
        self.done(("answers", number as u64), sends).await;
        let (place, kind) = (self.place.clone(), self.kind);
        let at = match kind {
            Kind::Text => number - 1,
            Kind::Forum => number,
        };
        let card = || {
            let thread = Self::thread(&place, kind)?;
            thread.messages().get(at).cloned()
        };
        self.comes("the answer's card", card).await
    }

    async fn shows(&mut self, message: &Message, parts: &[&str]) {
        let says = || {
            let shown = message.shown();
            parts.iter().all(|part| shown.contains(part)).then_some(())
        };
        self.comes(&format!("{parts:?} on a card"), says).await;
    }

    /// What people do. Gives the conversation in which one of them is told something.
    pub async fn hour(&mut self) -> Channel {
        let (mira, sol) = (self.scene.mira.clone(), self.scene.sol.clone());
        let (ivo, desk) = (self.ivo.clone(), self.desk.clone());
        let title = [("title", "How long does a keg kep?")];
        let dialog = self.dialog(async |_| mira.command(&desk, "ask", &title).await);
        let dialog = dialog.await;
        self.before(Step::Ask);
        let text = [(TEXT, "It is a pilsner.")];
        self.done(("questions", 1), async |_| {
            mira.submit(&dialog, &text).await
        })
        .await;
        let card = self.question().await;
        let answer = self.answer(&sol, &card, "Six weeks.", 1).await;
        let deleted = self.answer(&ivo, &card, "Two days.", 2).await;
        self.before(Step::Press);
        self.done(("votes", 1), async |_| sol.click(&card, "👍").await)
            .await;
        self.before(Step::Vote);
        ivo.react(&answer, "👍").await;
        ivo.react(&card, "👍").await;
        sol.react(&deleted, "👎").await;
        self.shows(&answer, &["+1 vote"]).await;
        self.before(Step::Accept);
        self.done(("accepted", 1), async |_| {
            mira.click(&answer, "Accept").await
        })
        .await;
        let direct = mira.direct().await;
        self.before(Step::OwnVote);
        mira.react(&card, "👍").await;
        let refused = || {
            let ups = card.reactions();
            let is_gone = ups.iter().all(|(_, who)| !who.contains(&"mira".to_owned()));
            (is_gone && !direct.messages().is_empty()).then_some(())
        };
        self.comes("a refused vote to be taken away", refused).await;
        let post = [("post", "#1")];
        let dialog = self.dialog(async |_| mira.command(&desk, "edit", &post).await);
        let dialog = dialog.await;
        self.before(Step::Edit);
        let mended = [("title", "How long does a keg keep?")];
        // To edit it twice alike is to edit it once.
        self.done(("", 0), async |_| mira.submit(&dialog, &mended).await)
            .await;
        self.shows(&card, &["keep?"]).await;
        self.before(Step::Unvote);
        ivo.unreact(&card, "👍").await;
        self.shows(&card, &["+1 vote "]).await;
        self.before(Step::Delete);
        let second = [("post", "#1.2")];
        self.done(("answers", 1), async |_| {
            ivo.command(&desk, "delete", &second).await
        })
        .await;
        let gone = || (!deleted.exists()).then_some(());
        self.comes("the answer's card to go", gone).await;
        self.shows(&card, &["keep?", "1 answer", "+1 vote ", "Answered"])
            .await;
        self.shows(&answer, &["Accepted", "+1 vote "]).await;
        self.survived().await;
        let shown = mira.command(&desk, "show", &post).await;
        let shown = shown.message().await.shown();
        assert!(shown.contains("Six weeks"), "{shown}");
        direct
    }

    /// Takes away a trap that the bot will not come by any more, and looks that it came by it.
    async fn survived(&mut self) {
        if let Some(trap) = &self.trap
            && trap.is_set() > self.deaths
            && !trap.take_away()
        {
            let status = self.scene.bot.ended().await;
            self.died(status);
            self.starts_again().await;
        }
        assert!(
            self.death.is_none() || self.deaths > 0,
            "the bot never died"
        );
    }
}
