//! REST and the gateway by hand, for what serenity does not let one do.

use discord::{Discord, Id};
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};

/// A request as a bot sends it: the status and the body of the answer.
pub async fn ask(discord: &Discord, method: &str, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/api/v10{path}", discord.rest_url());
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = reqwest::Client::new()
        .request(method, url)
        .header("user-agent", "DiscordBot (https://example.org, 1)")
        .header("authorization", format!("Bot {}", discord.token()));
    if !body.is_null() {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    assert!(status >= 500 || answer.headers().contains_key("x-ratelimit-limit"));
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// A message that pings nobody.
pub fn silent(content: &str) -> Value {
    json!({ "content": content, "allowed_mentions": { "parse": [] } })
}

fn contents(page: &Value) -> Vec<&str> {
    let messages = page.as_array().unwrap();
    messages
        .iter()
        .map(|it| it["content"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn messages_come_in_pages() {
    let discord = Discord::start().await;
    let help = discord.guild("Kitchen").await.text_channel("help").await;
    let messages = format!("/channels/{}/messages", help.id());
    for number in 0..6 {
        ask(&discord, "POST", &messages, silent(&number.to_string())).await;
    }
    let page = async |query: &str| {
        ask(&discord, "GET", &format!("{messages}?{query}"), Value::Null)
            .await
            .1
    };
    let ids: Vec<Id> = help.messages().iter().map(discord::Message::id).collect();
    assert_eq!(contents(&page("limit=2").await), ["5", "4"]);
    assert_eq!(
        contents(&page(&format!("limit=2&before={}", ids[4])).await),
        ["3", "2"]
    );
    assert_eq!(
        contents(&page(&format!("limit=2&after={}", ids[1])).await),
        ["3", "2"]
    );
    assert_eq!(
        contents(&page(&format!("limit=3&around={}", ids[3])).await),
        ["4", "3", "2"]
    );
    assert_eq!(
        ask(
            &discord,
            "GET",
            &format!("{messages}?limit=101"),
            Value::Null
        )
        .await
        .0,
        400
    );
}

#[tokio::test]
async fn who_reacted_comes_in_pages() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let card = guild.person("mira").await.says(&help, "hello").await;
    for number in 0..150 {
        guild
            .person(&format!("person{number}"))
            .await
            .react(&card, "👍")
            .await;
    }
    let path = format!(
        "/channels/{}/messages/{}/reactions/%F0%9F%91%8D",
        help.id(),
        card.id()
    );
    let (_, first) = ask(&discord, "GET", &format!("{path}?limit=100"), Value::Null).await;
    assert_eq!(first.as_array().unwrap().len(), 100);
    let last = first[99]["id"].as_str().unwrap();
    let (_, second) = ask(
        &discord,
        "GET",
        &format!("{path}?limit=100&after={last}"),
        Value::Null,
    )
    .await;
    assert_eq!(second.as_array().unwrap().len(), 50);
    assert_eq!(second[49]["username"], "person149");
}

#[tokio::test]
async fn the_same_nonce_gives_the_same_message() {
    let discord = Discord::start().await;
    let help = discord.guild("Kitchen").await.text_channel("help").await;
    let messages = format!("/channels/{}/messages", help.id());
    let mut body = silent("once");
    body["nonce"] = json!("stoa-1");
    body["enforce_nonce"] = json!(true);
    let (_, first) = ask(&discord, "POST", &messages, body.clone()).await;
    let (_, second) = ask(&discord, "POST", &messages, body.clone()).await;
    assert_eq!(first["id"], second["id"]);
    body["enforce_nonce"] = json!(false);
    ask(&discord, "POST", &messages, body).await;
    assert_eq!(help.messages().len(), 2);
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn threads_and_posts_have_the_ids_of_their_messages() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let forum = guild.forum_channel("questions", &["setup"]).await;
    let said = guild.person("mira").await.says(&help, "hello").await;
    let threads = format!("/channels/{}/messages/{}/threads", help.id(), said.id());
    let (status, thread) = ask(&discord, "POST", &threads, json!({ "name": "aside" })).await;
    assert_eq!(
        (status, thread["id"].as_str().unwrap()),
        (201, &*said.id().to_string())
    );
    assert_eq!(
        ask(&discord, "POST", &threads, json!({ "name": "aside" }))
            .await
            .1["code"],
        160_004
    );

    let body = json!({ "name": "A post", "message": silent("The first") });
    let (status, post) = ask(
        &discord,
        "POST",
        &format!("/channels/{}/threads", forum.id()),
        body,
    )
    .await;
    assert_eq!(status, 201);
    assert_eq!(post["id"], post["message"]["id"]);
    assert_eq!(post["id"], post["message"]["channel_id"]);

    let path = format!("/channels/{}", said.id());
    let (_, changed) = ask(
        &discord,
        "PATCH",
        &path,
        json!({ "archived": true, "locked": true }),
    )
    .await;
    assert_eq!(changed["thread_metadata"]["archived"], true);
    let (_, refused) = ask(
        &discord,
        "POST",
        &format!("{path}/messages"),
        silent("late"),
    )
    .await;
    assert_eq!(refused["code"], 50_083);
    let (_, archived) = ask(
        &discord,
        "GET",
        &format!("/channels/{}/threads/archived/public", help.id()),
        Value::Null,
    )
    .await;
    assert_eq!(archived["threads"][0]["name"], "aside");
    let (_, active) = ask(
        &discord,
        "GET",
        &format!("/guilds/{}/threads/active", guild.id()),
        Value::Null,
    )
    .await;
    assert_eq!(active["threads"].as_array().unwrap().len(), 1);
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_gateway_client_is_held_to_the_protocol() {
    let discord = Discord::start().await;
    let closes_with = async |frames: &[Value]| {
        let (mut socket, _) = tokio_tungstenite::connect_async(discord.gateway_url())
            .await
            .unwrap();
        for frame in frames {
            socket.send(frame.to_string().into()).await.unwrap();
        }
        loop {
            if let Some(Ok(tokio_tungstenite::tungstenite::Message::Close(Some(frame)))) =
                socket.next().await
            {
                return u16::from(frame.code);
            }
        }
    };
    let identify = |token: &str, intents: u64| json!({ "op": 2, "d": { "token": token, "intents": intents, "properties": {} } });
    assert_eq!(closes_with(&[identify("wrong", 1)]).await, 4004);
    assert_eq!(
        closes_with(&[identify(discord.token(), 1 << 15)]).await,
        4014
    );
    assert_eq!(
        closes_with(&[identify(discord.token(), 1 << 40)]).await,
        4013
    );
    let twice = identify(discord.token(), 1);
    assert_eq!(closes_with(&[twice.clone(), twice]).await, 4005);
    assert_eq!(closes_with(&[json!({ "op": 3, "d": {} })]).await, 4003);
    assert_eq!(closes_with(&[json!({ "op": 99 })]).await, 4001);
    let kinds: Vec<_> = discord.take_violations().iter().map(|it| it.kind).collect();
    assert_eq!(kinds, ["gateway"; 3]);
}

#[tokio::test]
async fn what_is_done_may_still_go_unanswered() {
    let discord = Discord::start().await;
    let help = discord.guild("Kitchen").await.text_channel("help").await;
    let messages = format!("/channels/{}/messages", help.id());
    discord.fail(discord::Fault::html("POST", "/messages", 500).but_done());
    assert_eq!(ask(&discord, "POST", &messages, silent("one")).await.0, 500);
    assert_eq!(help.last().content(), "one");

    // A client that goes away while its request is held: before it is done, and after.
    for (held, count) in [
        (discord.hold("POST", "/messages"), 1),
        (discord.hold_answer("POST", "/messages"), 2),
    ] {
        tokio::select! {
            _ = ask(&discord, "POST", &messages, silent("two")) => panic!("it is held"),
            () = held.reached() => {}
        }
        held.abandoned().await;
        held.release();
        assert_eq!(help.messages().len(), count);
    }
    assert_eq!(discord.violations(), []);
}
