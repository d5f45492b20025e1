//! The ways to Discord, and what is said where there is none.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use discord::{Discord, Fault, Options};
use insta::assert_snapshot;

use super::context::TestContext;
use crate::world::Bot;

/// Somebody opens the forum and asks once; the bot stops as it should.
async fn serves(discord: Discord, mut bot: Bot) {
    bot.start();
    let context = TestContext::of(discord, bot).await;
    context.discord.wait_connected(1).await;
    let help = context.help.clone();
    context.opens(&help).await;
    // Too many requests: all ways wait it out, and send once.
    let soon = Duration::from_millis(200);
    context
        .discord
        .fail(Fault::too_many("POST", "/messages", soon));
    context
        .discord
        .fail(Fault::too_many_globally("POST", "/callback", soon));
    context
        .discord
        .fail(Fault::too_many_shared("POST", "/threads", soon));
    let card = context.asks(&context.sol, "Is this the way?", "").await;
    let pressed = context.mira.click(&card, "👍").await;
    pressed.response().await;
    context.shows(&card, "+1 vote").await;
    assert_eq!(context.help.messages().len(), 1);
    context.over().await;
}

#[tokio::test]
async fn straight_to_discord() {
    let discord = Discord::start().await;
    // The certificate and the way are the fake's; the bot itself knows only discord.com.
    let lines = format!(
        "[discord]\ntoken = {:?}\nca_file = \"ca.pem\"",
        discord.token()
    );
    let mut bot = Bot::set_up(&lines);
    bot.write("ca.pem", &discord.ca_pem());
    bot.environment("HTTPS_PROXY", &discord.connect_proxy());
    serves(discord, bot).await;
}

#[tokio::test]
async fn by_a_proxy_that_keeps_to_the_limits() {
    let discord = Discord::start().await;
    let bot = Bot::on_discord(&discord);
    serves(discord, bot).await;
}

#[tokio::test]
async fn to_a_server_of_one_s_own() {
    let discord = Discord::start().await;
    let lines = format!(
        "[discord]\ntoken = {:?}\nproxy = {:?}\nca_file = \"ca.pem\"\ngateway_url = {:?}",
        discord.token(),
        discord.tls_url(),
        discord.gateway_url(),
    );
    let bot = Bot::set_up(&lines);
    bot.write("ca.pem", &discord.ca_pem());
    serves(discord, bot).await;
}

#[tokio::test]
async fn where_there_is_no_way_one_sentence_says_so() {
    let discord = Discord::start().await;
    let port = discord.tls_port().to_string();
    // The first sentence of the log, or the last of all: what may pass is waited for, what does not ends it.
    let said = async |lines: String| {
        let said = tokio::task::spawn_blocking(move || {
            let bot = Bot::set_up(&format!(
                "{lines}\n[log]\nlevel = \"discord_adapter::run=warn\""
            ));
            let mut run = bot.command(&["run"]);
            let mut run = run.stderr(Stdio::piped()).spawn().expect("starts");
            let stderr = BufReader::new(run.stderr.take().expect("piped"));
            let first = stderr.lines().next().expect("it speaks").expect("reads");
            let _ = run.kill();
            run.wait().expect("ends");
            first
        })
        .await
        .expect("no panic");
        let at = said.find("stoa: Discord").or_else(|| said.find("Discord"));
        let said = &said[at.unwrap_or_else(|| panic!("{said}"))..];
        // What the system says of nobody listening has another number elsewhere.
        said.replace(&port, "PORT")
            .replace("(os error 61)", "(os error 111)")
    };
    let token = format!("[discord]\ntoken = {:?}\n", discord.token());
    // Nobody listens there.
    assert_snapshot!(said(format!("{token}proxy = \"http://127.0.0.1:1\"")).await, @"Discord can’t be reached at http://127.0.0.1:1 (error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)); check the network, `discord.proxy` and `discord.ca_file`; it is tried again in 1 s");
    // Nobody vouches for it.
    assert_snapshot!(said(format!("{token}proxy = {:?}", discord.tls_url())).await, @"Discord can’t be reached at https://127.0.0.1:PORT (error sending request: client error (Connect): invalid peer certificate: UnknownIssuer); check the network, `discord.proxy` and `discord.ca_file`; it is tried again in 1 s");
    let wrong = format!(
        "[discord]\ntoken = \"MTIz.no.such\"\nproxy = {:?}",
        discord.rest_url()
    );
    assert_snapshot!(said(wrong).await, @"stoa: Discord refused the token; make a new one on the bot’s page of the developer portal and set `discord.token`");
    discord.fail(Fault::html("GET", "/gateway/bot", 502));
    assert_snapshot!(said(format!("{token}proxy = {:?}", discord.rest_url())).await.replace(&discord.rest_url(), "PROXY"), @"Discord can’t be reached at PROXY (Discord answers 502); check the network, `discord.proxy` and `discord.ca_file`; it is tried again in 1 s");
    let nowhere = format!(
        "{token}proxy = {:?}\ngateway_url = \"ws://127.0.0.1:1\"",
        discord.rest_url()
    );
    assert_snapshot!(said(nowhere).await, @"Discord’s gateway can’t be reached at ws://127.0.0.1:1 (Connection refused (os error 111)); check the network and `discord.gateway_url`; it is tried again in 1 s");
    // It never tried another address than the one that it was given.
    assert_eq!(discord.identifies(), 0);
}

#[tokio::test]
async fn discord_is_waited_for_at_the_very_first_start_too() {
    let discord = Discord::start().await;
    let bot = Bot::on_discord(&discord);
    discord.fail(Fault::html("GET", "/gateway/bot", 503).times(2));
    serves(discord, bot).await;
}

#[tokio::test]
async fn a_bot_that_served_before_waits_for_discord() {
    let mut context = TestContext::new().await;
    assert!(context.bot.stop().await.success());
    context
        .discord
        .fail(Fault::html("GET", "/gateway/bot", 502).times(2));
    context.bot.start();
    context.discord.wait_connected(1).await;
    context.asks(&context.mira, "Is it there again?", "").await;
    assert!(
        context.bot.log().contains("it is tried again in 2 s"),
        "{}",
        context.bot.log()
    );
    context.over().await;
}

#[tokio::test]
async fn over_as_many_connections_as_discord_recommends() {
    let options = Options {
        shards: 2,
        ..Options::default()
    };
    let discord = Discord::start_with(options).await;
    let mut bot = Bot::on_discord(&discord);
    let mut places = Vec::new();
    for name in ["Kitchen", "Cellar"] {
        let guild = discord.guild(name).await;
        let help = guild.text_channel("help").await;
        let mira = guild.person("mira").await.admin().await;
        places.push((guild.shard_of(2), help, mira));
    }
    assert_ne!(places[0].0, places[1].0, "one server is on each");
    bot.start();
    discord.wait_connected(2).await;
    for (_, help, mira) in &places {
        let opened = mira.command(help, "forum open", &[]).await;
        opened.message().await;
        let asked = mira
            .command(help, "ask", &[("title", "Which shard is this?")])
            .await;
        let said = mira.submit(&asked.modal().await, &[]).await;
        assert!(said.message().await.shown().contains("is asked"));
    }
    assert!(bot.stop().await.success());
    assert!(
        discord.violations().is_empty(),
        "{:?}",
        discord.violations()
    );
}

#[tokio::test]
async fn commands_are_registered_once_and_again_where_that_failed() {
    let mut context = TestContext::closed("").await;
    let registered = |context: &TestContext| {
        let puts = context
            .discord
            .requests_that(|request| request.to_string().starts_with("PUT "));
        puts.len()
    };
    context.discord.fail(Fault::html("PUT", "/commands", 500));
    context.bot.start();
    context.discord.wait_connected(1).await;
    assert!(context.discord.commands().is_empty());
    for _ in 0..2 {
        assert!(context.bot.stop().await.success());
        context.discord.wait_connected(0).await;
        context.bot.start();
        context.discord.wait_connected(1).await;
    }
    let help = context.help.clone();
    context.opens(&help).await;
    assert_eq!(registered(&context), 2);
    context.over().await;
}
