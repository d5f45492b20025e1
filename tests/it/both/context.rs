//! A channel and a room that share one forum, and people who are in one of them.

use discord::{Discord, Message};
use synapse::{Person, RoomId, Shown, Synapse};

use crate::discord::context::{TestContext, seen};
use crate::matrix::session::stable;
use crate::matrix::{card, notice};
use crate::world::Bot;

/// Mira and sol are on Discord, in `#help` of the server Kitchen; ivo and uma on Matrix, in the room Kitchen.
pub struct Both {
    pub here: TestContext,
    pub room: RoomId,
    pub ivo: Person,
    pub uma: Person,
}

impl Both {
    /// The bot runs, and both are places of the forum `main`.
    pub async fn new() -> Self {
        Self::on(Synapse::shared().await, "").await
    }

    /// On this homeserver, with more lines in the section `[discord]`.
    pub async fn on(server: &Synapse, settings: &str) -> Self {
        let mut both = Self::still(server, server.url(), settings).await;
        both.here.bot.start();
        both.ready().await;
        both
    }

    /// The bot does not run yet; `homeserver` is how it reaches the server.
    pub async fn still(server: &Synapse, homeserver: &str, settings: &str) -> Self {
        Self::of(Discord::start().await, server, homeserver, settings).await
    }

    /// The same on this Discord.
    pub async fn of(discord: Discord, server: &Synapse, homeserver: &str, settings: &str) -> Self {
        let mut bot = Bot::new(server, homeserver).await;
        let (ivo, uma) = (server.person("ivo").await, server.person("uma").await);
        let options = synapse::RoomOptions::public().invite(bot.user());
        let room = ivo.create_room("Kitchen", options).await;
        uma.join(&room).await;
        bot.set(&format!("rooms = [{:?}]\n", room.as_str()));
        bot.joins_discord(&discord);
        let mut here = TestContext::of(discord, bot).await;
        let channel = here.help.id().to_string();
        here.bot
            .set(&format!("channels = [{channel:?}]\n{settings}"));
        Self {
            here,
            room,
            ivo,
            uma,
        }
    }

    /// Waits until the bot is in both, and hears what is said there.
    pub async fn ready(&self) {
        self.here.discord.wait_connected(1).await;
        self.hears_in(&self.room).await;
    }

    /// Waits until the bot hears what is said in a room.
    pub async fn hears_in(&self, room: &RoomId) {
        let bot = self.here.bot.user();
        self.ivo.wait_joined(room, bot.as_str()).await;
        self.ivo.send(room, "!questions").await;
        notice(&self.ivo, room, bot, "There are none yet").await;
    }

    /// Waits for a post's card in the room, once it says so.
    pub async fn in_room(&self, address: &str, says: &str) -> Shown {
        let bot = self.here.bot.user();
        let is_it = |shown: &Shown| shown.body.contains(says);
        card(&self.ivo, &self.room, bot, address, is_it).await
    }

    /// Waits for a post's card on Discord, once it says so.
    pub async fn in_channel(&self, address: &str, says: &str) -> Message {
        let waited = format!("the card of {address} to say {says:?}");
        let look = |_: &Discord| {
            let mut cards = self.cards(address).into_iter();
            cards.find(|card| card.shown().contains(says))
        };
        self.here.discord.wait_until(&waited, look).await
    }

    /// Waits for a question's card on Discord that has its thread.
    pub async fn with_thread(&self, address: &str, says: &str) -> Message {
        let card = self.in_channel(address, says).await;
        let (help, title) = (self.here.help.clone(), format!("{address} "));
        let look = move |_: &Discord| {
            let threads = help.threads();
            let mut names = threads.iter().map(discord::Channel::name);
            names.any(|name| name.starts_with(&title)).then_some(())
        };
        self.here.discord.wait_until("its thread", look).await;
        card
    }

    /// The cards of a post in `#help` and its threads.
    pub fn cards(&self, address: &str) -> Vec<Message> {
        cards_in(&self.here.help, address)
    }

    /// How many cards a post has among these messages of a room.
    pub fn count(&self, shown: &[Shown], address: &str) -> usize {
        let bot = self.here.bot.user();
        let cards = shown.iter().filter(|shown| is_card(shown, bot, address));
        cards.count()
    }

    /// Waits until nothing shows a post any more, in neither place.
    pub async fn gone(&self, address: &str) {
        let look = |_: &Discord| self.cards(address).is_empty().then_some(());
        self.here.discord.wait_until("the card to go", look).await;
        let bot = self.here.bot.user();
        let look = |shown: &[Shown]| {
            let gone = !shown.iter().any(|shown| is_card(shown, bot, address));
            gone.then_some(())
        };
        self.ivo.wait_for(&self.room, "the card to go", look).await;
    }

    /// Both places as text, without the moments in it.
    pub async fn transcripts(&self) -> String {
        let room = stable(&self.ivo.transcript(&self.room).await);
        format!("#help\n\n{}\nRoom\n\n{room}", seen(&self.here.help))
    }

    /// The bot stops as it should, and did nothing that it must not.
    pub async fn over(self) {
        self.here.over().await;
    }
}

/// Whether a message of a room is the bot's card of a post.
fn is_card(shown: &Shown, bot: &synapse::UserId, address: &str) -> bool {
    let body = shown.body.trim_start_matches("✅ ");
    let of_it = body
        .strip_prefix(address)
        .is_some_and(|rest| rest.starts_with(' '));
    shown.sender == *bot && shown.msgtype == "m.text" && of_it
}

/// The cards of a post in a channel and its threads.
pub fn cards_in(channel: &discord::Channel, address: &str) -> Vec<Message> {
    let begins = format!("{address} ");
    let threads = channel.threads();
    let threads = threads.iter().flat_map(discord::Channel::messages);
    let all = channel.messages().into_iter().chain(threads);
    all.filter(|message| {
        message.embeds().iter().any(|embed| {
            let title = embed["title"].as_str().unwrap_or_default();
            let title = title.trim_start_matches("✅ ");
            title.starts_with(&begins)
        })
    })
    .collect()
}
