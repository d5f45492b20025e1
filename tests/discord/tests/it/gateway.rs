//! A gateway client by hand, for what serenity does not let one do.

use discord::Discord;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

/// A socket at the gateway.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What came.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Frame(Value),
    /// The socket was closed, with a code or none, or went dead.
    Closed(Option<u16>),
}

impl Socket {
    /// A socket that was greeted.
    pub async fn open(discord: &Discord) -> Self {
        let (socket, _) = tokio_tungstenite::connect_async(discord.gateway_url())
            .await
            .unwrap();
        let mut socket = Self(socket);
        assert_eq!(socket.frame().await["op"], 10);
        socket
    }

    /// A socket of a shard that was let in, past its READY.
    pub async fn ready(discord: &Discord, shard: u64, count: u64) -> Self {
        let mut socket = Self::open(discord).await;
        socket.identify(discord, &json!([shard, count])).await;
        assert_eq!(socket.frame().await["t"], "READY");
        socket
    }

    pub async fn say(&mut self, frame: Value) {
        self.0.send(frame.to_string().into()).await.unwrap();
    }

    pub async fn identify(&mut self, discord: &Discord, shard: &Value) {
        let mut data = json!({
            "token": discord.token(),
            "intents": crate::bot::INTENTS.bits(),
            "properties": {},
        });
        if !shard.is_null() {
            data["shard"] = shard.clone();
        }
        self.say(json!({ "op": 2, "d": data })).await;
    }

    pub async fn next(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Frame(serde_json::from_str(&text).unwrap());
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map(|it| it.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(None),
            }
        }
    }

    pub async fn frame(&mut self) -> Value {
        match self.next().await {
            Heard::Frame(frame) => frame,
            Heard::Closed(code) => panic!("the socket is closed with {code:?}"),
        }
    }

    /// The code that it is closed with.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            if let Heard::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// The dispatches up to the first of this kind.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.frame().await;
            let is_it = frame["t"] == kind;
            frames.push(frame);
            if is_it {
                return frames;
            }
        }
    }
}

#[tokio::test]
async fn members_come_in_a_chunk() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    guild.person("mira").await;
    let mut socket = Socket::ready(&discord, 0, 1).await;
    let data = json!({ "guild_id": guild.id().to_string(), "query": "", "limit": 0 });
    socket.say(json!({ "op": 8, "d": data })).await;
    let chunk = socket.until("GUILD_MEMBERS_CHUNK").await.pop().unwrap();
    let members = chunk["d"]["members"].as_array().unwrap();
    let names: Vec<_> = members.iter().map(|it| &it["user"]["username"]).collect();
    assert_eq!(names, ["bot", "owner", "mira"]);
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_heartbeat_is_as_short_as_a_test_needs_it() {
    let options = discord::Options {
        heartbeat: std::time::Duration::from_millis(50),
        ..Default::default()
    };
    let discord = Discord::start_with(options).await;
    let _bot = crate::bot::Bot::start(&discord).await;
    let beats = |discord: &Discord| (discord.heartbeats() > 2).then_some(());
    discord.wait_until("heartbeats", beats).await;
    discord.mute_heartbeats(true);
    // Serenity gives such a session up and identifies anew.
    let anew = |discord: &Discord| (discord.identifies() + discord.resumes() > 1).then_some(());
    discord.wait_until("another try", anew).await;
    discord.mute_heartbeats(false);
    assert_eq!(discord.violations(), []);
}
