//! A room on a real Synapse and a channel on the fake Discord, for one bot in both.

use discord::{Channel, Discord, Guild};
use synapse::{Account, OwnSynapse, Person, RoomId, RoomOptions, Synapse};

/// Both, with who is there.
pub struct Fixture {
    pub server: OwnSynapse,
    /// The bot's.
    pub account: Account,
    pub uma: Person,
    pub room: RoomId,
    pub discord: Discord,
    pub guild: Guild,
    pub help: Channel,
}

impl Fixture {
    /// Starts both servers; the bot is invited.
    pub async fn open() -> Self {
        let server = Synapse::start().await;
        let account = server.account("stoa").await;
        let uma = server.person("uma").await;
        let options = RoomOptions::public().invite(&account.user_id);
        let room = uma.create_room("Kitchen", options).await;
        let discord = Discord::start().await;
        let guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        Self {
            server,
            account,
            uma,
            room,
            discord,
            guild,
            help,
        }
    }

    /// What is in the bot's settings, where it finds the homeserver at this address.
    pub fn settings(&self, homeserver: &str) -> String {
        format!(
            "[matrix]\nhomeserver = {homeserver:?}\nuser = {:?}\npassword = {:?}\nrooms = [{:?}]\n
             [discord]\ntoken = {:?}\nproxy = {:?}\nchannels = [{:?}]",
            self.account.user_id.as_str(),
            self.account.password,
            self.room.as_str(),
            self.discord.token(),
            self.discord.rest_url(),
            self.help.id().to_string(),
        )
    }

    /// Waits for the bot to be there in both.
    pub async fn joined(&self) {
        self.discord.wait_connected(1).await;
        let bot = self.account.user_id.as_str();
        self.uma.wait_joined(&self.room, bot).await;
    }
}
