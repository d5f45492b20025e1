//! The people and what they say.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::ruma::RoomId as SdkRoomId;
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::{Client, ruma::UserId as SdkUserId};
use serde_json::json;
use synapse::{Account, Synapse, UserId};

use crate::meter::{Meter, Reply};

/// How many people there are, and how many rooms they are spread over.
const PEOPLE: usize = 50;
const ROOMS: usize = 5;
/// How many log in at once.
const AT_ONCE: usize = 10;

/// What kind of rooms they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rooms {
    Plain,
    Encrypted,
}

/// In how many rooms commands are under way at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtOnce {
    /// One after the other, whichever the room.
    One,
    /// One in each room.
    All,
}

/// A room and those in it.
struct Group {
    room: String,
    people: Vec<Client>,
}

/// Everybody.
pub struct Crowd {
    groups: Vec<Arc<Group>>,
}

impl Crowd {
    /// People with rooms that the bot is in.
    pub async fn gather(server: &Synapse, bot: &UserId, kind: Rooms) -> Self {
        let mut clients = Vec::new();
        for begun in (0..PEOPLE).step_by(AT_ONCE) {
            let some = (begun..PEOPLE.min(begun + AT_ONCE)).map(|nth| async move {
                let account = server.account(&format!("person {nth}")).await;
                log_in(server.url(), &account).await
            });
            clients.extend(join_all(some).await);
        }
        let mut groups = Vec::new();
        for people in clients.chunks(PEOPLE / ROOMS) {
            groups.push(Arc::new(Group::meet(people.to_vec(), bot, kind).await));
        }
        Self { groups }
    }

    pub fn people(&self) -> usize {
        self.groups.iter().map(|group| group.people.len()).sum()
    }

    pub fn rooms(&self) -> usize {
        self.groups.len()
    }

    /// Has them say so many things all in all, in each room one after the other; gives how each was replied to.
    pub async fn play(
        &self,
        meter: &Meter,
        commands: usize,
        round: usize,
        at_once: AtOnce,
    ) -> Vec<Reply> {
        let each = commands / self.groups.len();
        if at_once == AtOnce::One {
            let mut replies = Vec::new();
            for nth in 0..each {
                for group in &self.groups {
                    replies.push(group.say(meter, round, commands + nth).await);
                }
            }
            return replies;
        }
        let playing = self.groups.iter().map(|group| {
            let (group, meter) = (Arc::clone(group), meter.clone());
            tokio::spawn(async move {
                let mut replies = Vec::new();
                for nth in 0..each {
                    replies.push(group.say(&meter, round, nth).await);
                }
                replies
            })
        });
        let played = join_all(playing).await;
        played
            .into_iter()
            .flat_map(|one| one.expect("plays"))
            .collect()
    }
}

impl Group {
    async fn meet(people: Vec<Client>, bot: &UserId, kind: Rooms) -> Self {
        let mut request = Request::new();
        request.preset = Some(RoomPreset::PublicChat);
        request.invite = vec![SdkUserId::parse(bot.as_str()).expect("a user")];
        if kind == Rooms::Encrypted {
            let encryption = json!({
                "type": "m.room.encryption",
                "state_key": "",
                "content": { "algorithm": "m.megolm.v1.aes-sha2" },
            });
            let raw = serde_json::value::to_raw_value(&encryption).expect("JSON");
            request.initial_state = vec![Raw::from_json(raw)];
        }
        let (first, others) = people.split_first().expect("there is somebody");
        let made = first.create_room(request).await.expect("makes a room");
        let room = made.room_id().to_owned();
        for person in others {
            person.join_room_by_id(&room).await.expect("joins");
        }
        let bot = SdkUserId::parse(bot.as_str()).expect("a user");
        for person in &people {
            loop {
                sync(person).await;
                let there = person.get_room(&room);
                let members = match &there {
                    Some(there) => there.get_member(&bot).await.expect("a store"),
                    None => None,
                };
                let is_in = |member: &matrix_sdk::room::RoomMember| {
                    member.membership()
                        == &matrix_sdk::ruma::events::room::member::MembershipState::Join
                };
                if members.as_ref().is_some_and(is_in) {
                    break;
                }
            }
        }
        Self {
            room: room.to_string(),
            people,
        }
    }

    /// The next command by the next person. The same rounds are the same words.
    async fn say(&self, meter: &Meter, round: usize, nth: usize) -> Reply {
        let person = &self.people[nth % self.people.len()];
        let id = SdkRoomId::parse(&self.room).expect("a room's id");
        let room = person.get_room(&id).expect("they are in it");
        let question = nth / 20 % 5 + 1;
        let command = match nth % 20 {
            0 => format!("!ask How long does keg number {round}-{nth} keep once it is opened?"),
            1 => format!("!answer #{question} Number {round}-{nth} keeps six weeks with **CO₂**."),
            2 => format!("!comment #{question} Do you mean number {round}-{nth}?"),
            3 | 9 | 15 => format!("!show #{question}"),
            4 | 10 | 16 => "!search how long do opened kegs keep".to_owned(),
            5 => "!questions".to_owned(),
            6 | 11 | 13 | 17 => format!("!up #{question}"),
            7 | 12 | 18 => format!("!down #{question}"),
            8 | 14 => format!("!unvote #{question}"),
            _ => "!help".to_owned(),
        };
        let reply = meter.expect(&self.room, person.user_id().expect("logged in").as_str());
        let content = json!({ "msgtype": "m.text", "body": command, "m.mentions": {} });
        room.send_raw("m.room.message", content)
            .await
            .expect("sends");
        reply.await.expect("the bot replies")
    }
}

async fn log_in(url: &str, account: &Account) -> Client {
    let client = Client::builder().homeserver_url(url).build().await;
    let client = client.expect("a client");
    let login = client
        .matrix_auth()
        .login_username(account.localpart.as_str(), &account.password);
    login.send().await.expect("logs in");
    sync(&client).await;
    client
}

async fn sync(client: &Client) {
    let settings = SyncSettings::default().timeout(Duration::ZERO);
    client.sync_once(settings).await.expect("syncs");
}
