//! A server with a channel in which the forum is open, and people in it.

use discord::{Channel, Discord, Guild, Message, Modal, Person};

use crate::world::Bot;

/// The first input for a text in a dialog.
pub const TEXT: &str = "text.0.line";

/// The server Kitchen: mira manages it, sol is a member.
pub struct TestContext {
    pub discord: Discord,
    pub guild: Guild,
    pub help: Channel,
    pub mira: Person,
    pub sol: Person,
    pub bot: Bot,
}

impl TestContext {
    /// The forum is open in `#help`.
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// With more lines in the section `[discord]`.
    pub async fn with(settings: &str) -> Self {
        Self::on(Discord::start().await, settings).await
    }

    /// On a Discord that was started otherwise.
    pub async fn on(discord: Discord, settings: &str) -> Self {
        let mut context = Self::closed_on(discord, settings).await;
        context.bot.start();
        context.discord.wait_connected(1).await;
        let help = context.help.clone();
        context.opens(&help).await;
        context
    }

    /// The bot is there, but does not run, and no channel is open.
    pub async fn closed(settings: &str) -> Self {
        Self::closed_on(Discord::start().await, settings).await
    }

    async fn closed_on(discord: Discord, settings: &str) -> Self {
        let mut bot = Bot::on_discord(&discord);
        bot.set(settings);
        Self::of(discord, bot).await
    }

    /// The server and its people, on this Discord and with this bot.
    pub async fn of(discord: Discord, bot: Bot) -> Self {
        let guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        let mira = guild.person("mira").await.admin().await;
        let sol = guild.person("sol").await;
        Self {
            discord,
            guild,
            help,
            mira,
            sol,
            bot,
        }
    }

    /// Mira opens a channel.
    pub async fn opens(&self, channel: &Channel) {
        let opened = self.mira.command(channel, "forum open", &[]).await;
        let said = opened.message().await.shown();
        assert!(said.contains("a place of the forum now"), "{said}");
    }

    /// Somebody asks there; gives what they alone are told.
    pub async fn says(&self, who: &Person, channel: &Channel, title: &str, text: &str) -> String {
        let asked = who.command(channel, "ask", &[("title", title)]).await;
        let dialog = asked.modal().await;
        let said = who.submit(&dialog, &[(TEXT, text)]).await;
        said.message().await.shown()
    }

    /// Somebody asks in `#help`; gives the question's card, which has its thread then.
    pub async fn asks(&self, who: &Person, title: &str, text: &str) -> Message {
        let help = self.help.clone();
        let (before, threads) = (help.messages().len(), help.threads().len());
        self.says(who, &help, title, text).await;
        let look = move |_: &Discord| {
            let card = help.messages().get(before).cloned()?;
            (help.threads().len() > threads).then_some(card)
        };
        self.discord.wait_until("the question's card", look).await
    }

    /// Somebody makes a question of a message in `#help`; gives the question's card, which has its thread then.
    pub async fn asks_with(&self, who: &Person, written: &Message) -> Message {
        let help = self.help.clone();
        let threads = help.threads().len();
        let dialog = who.menu(written, "Make this a question").await;
        let asked = who.submit(&dialog.modal().await, &[]).await;
        asked.message().await;
        let look = move |_: &Discord| (help.threads().len() > threads).then(|| help.last());
        self.discord.wait_until("the question's card", look).await
    }

    /// Somebody presses *Answer* below a question's card; gives the answer's card.
    pub async fn answers(&self, who: &Person, question: &Message, text: &str) -> Message {
        let thread = question.thread();
        let before = thread.messages().len();
        let dialog = who.click(question, "Answer").await.modal().await;
        who.submit(&dialog, &[(TEXT, text)]).await.message().await;
        let look = move |_: &Discord| thread.messages().get(before).cloned();
        self.discord.wait_until("the answer's card", look).await
    }

    /// The dialog in which somebody changes a post.
    pub async fn edits(&self, who: &Person, post: &str) -> Modal {
        let edit = who.command(&self.help, "edit", &[("post", post)]).await;
        edit.modal().await
    }

    /// A message of a thread or channel, counted from 0, once it is there: the question's card can tell of it before.
    pub async fn message_in(&self, place: &Channel, at: usize) -> Message {
        let place = place.clone();
        let look = move |_: &Discord| place.messages().get(at).cloned();
        self.discord.wait_until("the message", look).await
    }

    /// Waits until a message says so.
    pub async fn shows(&self, message: &Message, what: &str) {
        let (message, says) = (message.clone(), what.to_owned());
        let waited = format!("{what:?} on a card");
        let look = move |_: &Discord| message.shown().contains(&says).then_some(());
        self.discord.wait_until(&waited, look).await;
    }

    /// The bot stops as it should, and did nothing that it must not.
    pub async fn over(mut self) {
        if self.bot.runs() {
            assert!(self.bot.stop().await.success());
        }
        let violations = self.discord.violations();
        assert!(violations.is_empty(), "{violations:#?}");
        let log = self.bot.log();
        let secret = [self.discord.token(), "interaction-token"];
        assert!(!secret.iter().any(|secret| log.contains(secret)), "{log}");
    }
}

/// What all can see in a channel and its threads, without the moments in it.
pub fn seen(channel: &Channel) -> String {
    let (mut seen, mut private) = (String::new(), None);
    for line in channel.transcript().lines() {
        let depth = line.len() - line.trim_start().len();
        if private.is_some_and(|begun| depth > begun) {
            continue;
        }
        private = line.contains(" sees this): ").then_some(depth);
        if private.is_none() {
            seen.push_str(&timeless(line));
            seen.push('\n');
        }
    }
    seen
}

/// What is shown, without the moments in it.
pub fn timeless(shown: &str) -> String {
    let mut parts = shown.split("<t:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        text.push_str("<t:…");
        text.push_str(rest);
    }
    text
}

/// Whether a page has one after it.
pub fn has_next(page: &Message) -> bool {
    let rows = page.components();
    let buttons = rows.iter().filter_map(|row| row["components"].as_array());
    buttons
        .flatten()
        .any(|button| button["emoji"]["name"] == "▶️" && button["disabled"] != true)
}
