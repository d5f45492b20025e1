//! Several shards: who is told of what, and when each may come in.

use discord::{Discord, Options};
use serde_json::{Value, json};

use crate::{gateway::Socket, rest::ask};

async fn start(shards: u64, max_concurrency: u64) -> Discord {
    let options = Options {
        shards,
        max_concurrency,
        ..Options::default()
    };
    Discord::start_with(options).await
}

#[tokio::test]
async fn each_guild_is_told_of_on_its_shard() {
    let discord = start(3, 3).await;
    let (_, told) = ask(&discord, "GET", "/gateway/bot", Value::Null).await;
    assert_eq!(told["shards"], 3);
    assert_eq!(told["session_start_limit"]["max_concurrency"], 3);

    let mut guilds = Vec::new();
    for name in ["Kitchen", "Garden", "Cellar", "Attic"] {
        guilds.push(discord.guild(name).await);
    }
    let shards: Vec<u64> = guilds.iter().map(|guild| guild.shard_of(3)).collect();
    assert_eq!(shards, [0, 1, 2, 0]);

    let mut sockets = Vec::new();
    for shard in 0..3 {
        sockets.push(Socket::ready(&discord, shard, 3).await);
    }
    discord.wait_connected(3).await;
    for guild in &guilds {
        guild.text_channel("help").await;
    }
    let mira = guilds[1].person("mira").await;
    let direct = mira.direct().await;
    mira.says(&direct, "psst").await;
    discord.ask_reconnect();

    let mut heard = Vec::new();
    for socket in &mut sockets {
        let mut names = Vec::new();
        loop {
            let frame = socket.frame().await;
            match frame["t"].as_str() {
                Some("GUILD_CREATE") => {
                    names.push(frame["d"]["name"].as_str().unwrap().to_owned());
                }
                Some(kind) => names.push(kind.to_owned()),
                None => break,
            }
        }
        heard.push(names);
    }
    let made = "CHANNEL_CREATE";
    assert_eq!(
        heard,
        [
            vec!["Kitchen", "Attic", made, made, "MESSAGE_CREATE"],
            vec!["Garden", made],
            vec!["Cellar", made],
        ]
    );
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_shard_that_there_is_not_is_refused() {
    let discord = start(2, 2).await;
    for (shard, code) in [
        (json!([2, 2]), 4010),
        (json!([0, 1]), 4010),
        (json!([0, 3]), 4010),
        (json!(["x"]), 4011),
        (Value::Null, 4011),
    ] {
        let mut socket = Socket::open(&discord).await;
        socket.identify(&discord, &shard).await;
        assert_eq!(socket.closed().await, Some(code), "{shard}");
        assert_eq!(discord.take_violations().len(), 1);
    }
    assert_eq!(discord.identifies(), 0);
}

#[tokio::test]
async fn shards_of_one_turn_wait_for_each_other() {
    let discord = start(4, 2).await;
    let _first = Socket::ready(&discord, 0, 4).await;
    let _other_turn = Socket::ready(&discord, 1, 4).await;
    let _again = Socket::ready(&discord, 0, 4).await;
    assert_eq!(discord.violations(), []);
    let mut hasty = Socket::open(&discord).await;
    hasty.identify(&discord, &json!([2, 4])).await;
    let told = hasty.frame().await;
    assert_eq!((&told["op"], &told["d"]), (&json!(9), &json!(false)));
    let violations = discord.take_violations();
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert!(
        violations[0]
            .text
            .contains("after shard 0 of the same turn")
    );
}
