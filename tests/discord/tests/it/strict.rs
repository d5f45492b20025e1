//! What is refused, and what is noted although Discord lets it pass.

use std::time::Duration;

use discord::{Channel, Discord, Guild, permissions as may};
use serde_json::{Value, json};

use crate::{
    bot::Bot,
    rest::{ask, silent},
};

async fn place() -> (Discord, Guild, Channel) {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    (discord, guild, help)
}

/// What a message leads to: the code, and where the troubles are.
async fn check(message: Value) -> String {
    let (discord, _, help) = place().await;
    let (_, answer) = ask(
        &discord,
        "POST",
        &format!("/channels/{}/messages", help.id()),
        message,
    )
    .await;
    let mut lines = vec![answer["code"].to_string()];
    gather(&answer["errors"], "", &mut lines);
    let violations = discord.take_violations();
    lines.extend(
        violations
            .iter()
            .filter(|it| it.kind != "body")
            .map(|it| it.to_string()),
    );
    lines.join("\n")
}

fn gather(errors: &Value, at: &str, lines: &mut Vec<String>) {
    for (key, value) in errors.as_object().into_iter().flatten() {
        match value {
            Value::Array(here) => lines.extend(
                here.iter()
                    .map(|it| format!("{at} {}", it["code"].as_str().unwrap())),
            ),
            _ => gather(value, &format!("{at}/{key}"), lines),
        }
    }
}

fn with(key: &str, value: Value) -> Value {
    let mut message = silent("text");
    message[key] = value;
    message
}

fn row(parts: Value) -> Value {
    with("components", json!([{ "type": 1, "components": parts }]))
}

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "Go", "custom_id": id })
}

#[tokio::test]
async fn messages_are_checked() {
    assert_eq!(check(silent("fine")).await, "null");
    assert_eq!(check(silent(&"x".repeat(2000))).await, "null");
    assert_eq!(
        check(silent(&"x".repeat(2001))).await,
        "50035\n/content BASE_TYPE_MAX_LENGTH"
    );
    assert_eq!(check(silent("  ")).await, "50006");
    assert_eq!(
        check(with("content", json!(1))).await,
        "50035\n/content STRING_TYPE_CONVERT"
    );
    assert_eq!(
        check(with("colour", json!(1))).await,
        "null\nunknown field: colour in a message"
    );
    assert_eq!(
        check(with("nonce", json!("x".repeat(26)))).await,
        "50035\n/nonce BASE_TYPE_MAX_LENGTH"
    );
    assert_eq!(
        check(json!({ "content": "x" })).await,
        "null\nmention: no allowed_mentions in a message"
    );
}

#[tokio::test]
async fn embeds_are_checked() {
    let embed = |embed: Value| check(with("embeds", json!([embed])));
    assert_eq!(
        embed(json!({ "title": "x".repeat(256), "description": "y".repeat(4096) })).await,
        "null"
    );
    assert_eq!(
        embed(json!({ "title": "x".repeat(257) })).await,
        "50035\n/embeds/0/title BASE_TYPE_MAX_LENGTH"
    );
    assert_eq!(
        embed(json!({ "description": "x".repeat(4097) })).await,
        "50035\n/embeds/0/description BASE_TYPE_MAX_LENGTH"
    );
    assert_eq!(
        embed(json!({ "fields": [{ "name": "", "value": "v" }] })).await,
        "50035\n/embeds/0/fields/0/name BASE_TYPE_MIN_LENGTH"
    );
    assert_eq!(
        embed(json!({ "title": "x", "url": "javascript:1" })).await,
        "50035\n/embeds/0/url URL_TYPE_INVALID_URL"
    );
    let large = json!({ "description": "x".repeat(3001) });
    assert_eq!(
        check(with("embeds", json!([large, large]))).await,
        "50035\n/embeds MAX_EMBED_SIZE_EXCEEDED"
    );
    let small = json!({ "title": "x" });
    assert_eq!(
        check(with("embeds", json!(vec![small; 11]))).await,
        "50035\n/embeds BASE_TYPE_MAX_LENGTH"
    );
}

#[tokio::test]
async fn components_are_checked() {
    assert_eq!(check(row(json!([button("a"), button("b")]))).await, "null");
    assert_eq!(
        check(row(json!([button("a"), button("a")]))).await,
        "50035\n/components/0/components/1/custom_id COMPONENT_CUSTOM_ID_DUPLICATED"
    );
    assert_eq!(
        check(row(json!([button(&"x".repeat(101))]))).await,
        "50035\n/components/0/components/0/custom_id BASE_TYPE_MAX_LENGTH"
    );
    let six: Vec<_> = ["a", "b", "c", "d", "e", "f"].map(button).into();
    assert_eq!(
        check(row(json!(six))).await,
        "50035\n/components/0/components BASE_TYPE_MAX_LENGTH"
    );
    let rows: Vec<_> = ["a", "b", "c", "d", "e", "f"]
        .map(|id| json!({ "type": 1, "components": [button(id)] }))
        .into();
    assert_eq!(
        check(with("components", json!(rows))).await,
        "50035\n/components BASE_TYPE_MAX_LENGTH"
    );
    let mut long = button("a");
    long["label"] = json!("x".repeat(81));
    assert_eq!(
        check(row(json!([long]))).await,
        "50035\n/components/0/components/0/label BASE_TYPE_MAX_LENGTH"
    );
}

#[tokio::test]
async fn pings_are_noted() {
    let (discord, guild, help) = place().await;
    let mira = guild.person("mira").await;
    let messages = format!("/channels/{}/messages", help.id());
    let text = format!("@everyone {} hi", mira.mention());
    let send = async |allowed: Value| {
        let body = json!({ "content": text, "allowed_mentions": allowed });
        assert_eq!(ask(&discord, "POST", &messages, body).await.0, 200);
        let violations = discord.take_violations();
        violations
            .iter()
            .map(|it| it.text.clone())
            .collect::<Vec<_>>()
    };
    assert!(send(json!({ "parse": [] })).await.is_empty());
    assert!(discord.pings().is_empty());
    assert!(send(json!({ "users": [mira.id()] })).await.is_empty());
    assert_eq!(discord.pings()[0].1, "@mira");
    assert_eq!(
        send(json!({ "parse": ["users"] })).await,
        ["a message pings @mira"]
    );
    assert_eq!(
        send(json!({ "parse": ["everyone"] })).await,
        ["a message pings @everyone"]
    );
}

#[tokio::test]
async fn commands_are_checked() {
    let discord = Discord::start().await;
    let path = format!("/applications/{}/commands", discord.application_id());
    let register = async |command: Value| {
        let (_, answer) = ask(&discord, "PUT", &path, json!([command])).await;
        let mut lines = Vec::new();
        gather(&answer["errors"], "", &mut lines);
        lines.join("\n")
    };
    let option = |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "d", "required": required });
    assert_eq!(
        register(json!({ "name": "ask", "description": "Ask" })).await,
        ""
    );
    assert_eq!(
        register(json!({ "name": "Ask", "description": "Ask" })).await,
        "/0/name APPLICATION_COMMAND_INVALID_NAME"
    );
    assert_eq!(
        register(json!({ "name": "ask" })).await,
        "/0/description BASE_TYPE_REQUIRED"
    );
    assert_eq!(
        register(json!({ "name": "ask", "description": "d", "options": [option("a", false), option("b", true)] })).await,
        "/0/options/1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
    );
    let many: Vec<_> = (0..26)
        .map(|number| option(&format!("o{number}"), false))
        .collect();
    assert_eq!(
        register(json!({ "name": "ask", "description": "d", "options": many })).await,
        "/0/options BASE_TYPE_MAX_LENGTH"
    );
    let called =
        |names: Value| json!({ "name": "ask", "description": "d", "name_localizations": names });
    assert_eq!(
        register(called(json!({ "de": "Fragen", "fr": "de mander" }))).await,
        "/0/name_localizations/de APPLICATION_COMMAND_INVALID_NAME\n/0/name_localizations/fr APPLICATION_COMMAND_INVALID_NAME"
    );
    assert_eq!(
        register(called(json!({ "en-XA": "fragen" }))).await,
        "/0/name_localizations/en-XA ENUM_TYPE_COERCE"
    );
    assert_eq!(register(called(json!({ "de": "frágen" }))).await, "");
    let seen = |name: &str| vec![(name.to_owned(), "d".to_owned())];
    assert_eq!(discord.commands_in("de"), seen("frágen"));
    assert_eq!(discord.commands_in("fr"), seen("ask"));
    assert_eq!(discord.commands(), ["ask"]);
}

#[tokio::test]
async fn rights_are_needed() {
    let (discord, guild, help) = place().await;
    let messages = format!("/channels/{}/messages", help.id());
    help.forbid_bot(may::SEND_MESSAGES).await;
    assert_eq!(
        ask(&discord, "POST", &messages, silent("x")).await.1["code"],
        50_013
    );
    help.forbid_bot(may::VIEW_CHANNEL).await;
    assert_eq!(
        ask(&discord, "POST", &messages, silent("x")).await.1["code"],
        50_001
    );
    help.forbid_bot(0).await;
    assert_eq!(ask(&discord, "POST", &messages, silent("x")).await.0, 200);
    let said = guild.person("mira").await.says(&help, "mine").await;
    let path = format!("{messages}/{}", said.id());
    assert_eq!(
        ask(&discord, "PATCH", &path, silent("x")).await.1["code"],
        50_005
    );
    assert_eq!(discord.take_violations().len(), 1);
    guild.set_bot_permissions(may::EVERYONE).await;
    assert_eq!(
        ask(&discord, "DELETE", &path, Value::Null).await.1["code"],
        50_013
    );
    guild.kick_bot().await;
    assert_eq!(
        ask(&discord, "POST", &messages, silent("x")).await.1["code"],
        50_001
    );
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn interactions_are_answered_once_and_in_time() {
    let (discord, guild, help) = place().await;
    let mira = guild.person("mira").await;
    let path = format!("/applications/{}/commands", discord.application_id());
    ask(
        &discord,
        "PUT",
        &path,
        json!([{ "name": "ask", "description": "Ask" }]),
    )
    .await;
    let answer = json!({ "type": 5 });

    let asked = mira.command(&help, "ask", &[]).await;
    let token = format!("interaction-token-{}", asked.id());
    let callback = format!("/interactions/{}/{token}/callback", asked.id());
    let original = format!(
        "/webhooks/{}/{token}/messages/@original",
        discord.application_id()
    );
    assert_eq!(
        ask(&discord, "PATCH", &original, silent("x")).await.1["code"],
        10_015
    );
    assert_eq!(
        ask(&discord, "POST", &callback, json!({ "type": 7 }))
            .await
            .1["code"],
        50_035
    );
    discord.take_violations();
    assert_eq!(
        ask(&discord, "POST", &callback, answer.clone()).await.0,
        204
    );
    assert_eq!(
        ask(&discord, "POST", &callback, answer.clone()).await.1["code"],
        40_060
    );
    assert_eq!(discord.take_violations()[0].kind, "twice");
    discord.advance(Duration::from_secs(14 * 60));
    assert_eq!(ask(&discord, "PATCH", &original, silent("x")).await.0, 200);
    discord.advance(Duration::from_secs(60));
    assert_eq!(
        ask(&discord, "PATCH", &original, silent("x")).await.1["code"],
        50_027
    );

    let late = mira.command(&help, "ask", &[]).await;
    discord.advance(Duration::from_millis(3001));
    let callback = format!(
        "/interactions/{0}/interaction-token-{0}/callback",
        late.id()
    );
    assert_eq!(
        ask(&discord, "POST", &callback, answer).await.1["code"],
        10_062
    );
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn unknown_routes_and_strangers_are_noted() {
    let discord = Discord::start().await;
    assert_eq!(
        ask(&discord, "GET", "/sticker-packs", Value::Null).await,
        (404, json!({ "code": 0, "message": "404: Not Found" }))
    );
    assert_eq!(discord.take_violations()[0].kind, "route");
    let url = format!("{}/api/v10/users/@me", discord.rest_url());
    assert_eq!(reqwest::get(url).await.unwrap().status(), 401);
    assert_eq!(discord.take_violations()[0].kind, "agent");
}

#[tokio::test]
#[should_panic(expected = "the bot has registered no \"sing\"")]
async fn people_send_only_commands_that_there_are() {
    let (discord, guild, help) = place().await;
    let _bot = Bot::start(&discord).await;
    guild.person("mira").await.command(&help, "sing", &[]).await;
}
