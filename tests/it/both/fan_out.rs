//! A question goes to ten places, and the bot is killed on the way: each has its card once.

use std::time::Duration;

use discord::{Channel, Discord, Fault};
use synapse::{RoomId, RoomOptions, Shown, Synapse};

use super::context::{Both, cards_in};
use crate::proxy::{Proxy, When};

/// How many rooms and how many channels there are.
const EACH: usize = 5;

/// A forum in five rooms and five channels.
struct Wide {
    both: Both,
    rooms: Vec<RoomId>,
    channels: Vec<Channel>,
}

impl Wide {
    async fn new(server: &Synapse, homeserver: &str) -> Self {
        let mut both = Both::still(server, homeserver, "").await;
        let mut rooms = vec![both.room.clone()];
        let mut channels = vec![both.here.help.clone()];
        for number in 1..EACH {
            let invited = RoomOptions::public().invite(both.here.bot.user());
            let name = format!("Kitchen {number}");
            rooms.push(both.ivo.create_room(&name, invited).await);
            channels.push(both.here.guild.text_channel(&name).await);
        }
        let list = |ids: Vec<String>| format!("{ids:?}");
        let ids = |rooms: &[RoomId]| list(rooms.iter().map(ToString::to_string).collect());
        let numbers = |all: &[Channel]| list(all.iter().map(|it| it.id().to_string()).collect());
        let bot = &mut both.here.bot;
        bot.replace(&ids(&rooms[..1]), &ids(&rooms));
        bot.replace(&numbers(&channels[..1]), &numbers(&channels));
        bot.start();
        both.here.discord.wait_connected(1).await;
        for room in &rooms {
            both.hears_in(room).await;
        }
        Self {
            both,
            rooms,
            channels,
        }
    }

    /// Waits until a question is everywhere.
    async fn everywhere(&self, address: &str) {
        let there = |_: &Discord| {
            let has = |channel: &Channel| !cards_in(channel, address).is_empty();
            self.channels.iter().all(has).then_some(())
        };
        let discord = &self.both.here.discord;
        discord.wait_until("the cards on Discord", there).await;
        for room in &self.rooms {
            let look = |shown: &[Shown]| (self.both.count(shown, address) > 0).then_some(());
            self.both
                .ivo
                .wait_for(room, "the card in a room", look)
                .await;
        }
    }

    /// Each place has just one card of each of these.
    async fn once(&self, addresses: &[&str]) {
        for address in addresses {
            for channel in &self.channels {
                let cards = cards_in(channel, address);
                assert_eq!(cards.len(), 1, "{address} in {}", channel.name());
            }
            for room in &self.rooms {
                let shown = self.both.ivo.shown(room).await;
                assert_eq!(self.both.count(&shown, address), 1, "{address} in {room}");
            }
        }
    }

    async fn asks(&self, title: &str) {
        let here = &self.both.here;
        let said = here.says(&here.mira, &here.help, title, "").await;
        assert!(said.contains("is asked"), "{said}");
    }

    /// The bot is killed, and comes again.
    async fn again(&mut self) {
        let before = self.both.here.discord.identifies();
        let bot = &mut self.both.here.bot;
        bot.kill();
        bot.start();
        let back = move |discord: &Discord| (discord.identifies() > before).then_some(());
        let discord = &self.both.here.discord;
        discord.wait_until("the bot to come back", back).await;
    }
}

#[tokio::test]
async fn a_question_in_ten_places_has_one_card_in_each_though_the_bot_is_killed_on_the_way() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut wide = Wide::new(server, proxy.url()).await;

    // On Discord the third card is sent, and the bot never hears of it.
    let posts = Fault::slow("POST", "/messages", Duration::ZERO).times(2);
    wide.both.here.discord.fail(posts);
    let held = wide.both.here.discord.hold_answer("POST", "/messages");
    wide.asks("Is this everywhere?").await;
    held.reached().await;
    wide.again().await;
    wide.everywhere("#1").await;

    // On Matrix a card is on its way, once not there yet and once already.
    for (when, address) in [(When::Before, "#2"), (When::After, "#3")] {
        let held = proxy.hold("PUT", "/send/m.room.message/p", when);
        wide.asks(&format!("Is {address} everywhere, too?")).await;
        held.await.expect("the bot sends a card");
        wide.again().await;
        wide.everywhere(address).await;
    }

    // What follows comes behind whatever was still to be posted.
    wide.asks("Is this the last?").await;
    wide.everywhere("#4").await;
    wide.once(&["#1", "#2", "#3", "#4"]).await;
    wide.both.over().await;
}
