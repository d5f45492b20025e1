//! What the operator is told: `stoa check --online` names what is wrong and what to do, beside a running bot too.

use discord::{Discord, permissions as may};
use insta::assert_snapshot;

use crate::world::Bot;

/// What `stoa check --online` says of Discord, without the fake's address; and whether it is content.
pub async fn checked(bot: &Bot, discord: &Discord) -> (bool, String) {
    let mut command = bot.command(&["check", "--online"]);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic")
        .expect("runs");
    let address = discord.rest_url().replace("http://", "");
    let said = String::from_utf8_lossy(&output.stdout).replace(&address, "discord");
    let of_discord = said.lines().filter(|line| line.contains(" discord: "));
    let lines: Vec<_> = of_discord.collect();
    (output.status.success(), lines.join("\n"))
}

fn violations(discord: &Discord) {
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn before_the_first_start_the_check_leads_to_it() {
    let discord = Discord::start().await;
    let mut bot = Bot::on_discord(&discord);
    let (content, said) = checked(&bot, &discord).await;
    assert!(!content);
    assert_snapshot!(said, @r#"
    ok discord: by way of http://discord
    ok discord: http://discord answers and knows the token
    ok discord: the gateway ws://discord/gateway can be reached
    ok discord: sessions: 1000 of 1000 are left until the next day; one shard is enough
    ok discord: the application "bot" needs no privileged intent
    problem discord: servers: the bot is in none → invite it with https://discord.com/oauth2/authorize?client_id=1477953611366400001&scope=bot+applications.commands&permissions=326417607680
    ok discord: commands: none yet; `stoa run` registers them
    "#);

    let guild = discord.guild("Kitchen").await;
    let (content, said) = checked(&bot, &discord).await;
    assert!(!content);
    assert!(said.contains("say `/forum open` in one"), "{said}");

    let help = guild.text_channel("help").await;
    bot.set(&format!("channels = [\"{}\"]", help.id()));
    let (content, said) = checked(&bot, &discord).await;
    assert!(content, "{said}");
    assert_snapshot!(said, @r#"
    ok discord: by way of http://discord
    ok discord: http://discord answers and knows the token
    ok discord: the gateway ws://discord/gateway can be reached
    ok discord: sessions: 1000 of 1000 are left until the next day; one shard is enough
    ok discord: the application "bot" needs no privileged intent
    ok discord: invitation: https://discord.com/oauth2/authorize?client_id=1477953611366400001&scope=bot+applications.commands&permissions=326417607680
    ok discord: commands: none yet; `stoa run` registers them
    ok discord: the channel "help" in "Kitchen" (1477953611366400005) of `discord.channels` lets the bot do what it must
    "#);
    violations(&discord);
}

#[tokio::test]
async fn a_token_that_is_refused_and_a_discord_that_is_not_there_are_said() {
    let discord = Discord::start().await;
    let mut bot = Bot::on_discord(&discord);
    bot.replace(discord.token(), "MTIz.another.token");
    let (content, said) = checked(&bot, &discord).await;
    assert!(!content);
    assert_snapshot!(said, @r#"
    ok discord: by way of http://discord
    problem discord: access: Discord refused the token → make a new one on the bot’s page of the developer portal and set `discord.token`
    "#);

    bot.replace(&discord.rest_url(), "http://127.0.0.1:9");
    let (content, said) = checked(&bot, &discord).await;
    assert!(!content);
    let (said, remedy) = said.split_once(" → ").expect("it is a problem");
    assert!(
        said.contains("can’t be reached at http://127.0.0.1:9"),
        "{said}"
    );
    assert_snapshot!(remedy, @"check the network, `discord.proxy` and `discord.ca_file`");

    let with_tls = discord.rest_url().replace("http://", "https://");
    bot.replace("http://127.0.0.1:9", &with_tls);
    let (content, said) = checked(&bot, &discord).await;
    assert!(!content);
    assert!(
        said.contains("What answers at https://discord does not speak TLS ("),
        "{said}"
    );
    let (_, remedy) = said.split_once(" → ").expect("it is a problem");
    assert_snapshot!(remedy, @"write `discord.proxy` with http://, or put TLS in front of it");
}

#[tokio::test]
async fn what_the_bot_may_not_do_in_a_place_is_named() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let hidden = guild.text_channel("hidden").await;
    let questions = guild.forum_channel("questions", &["setup"]).await;
    let mira = guild.person("mira").await.admin().await;
    let mut bot = Bot::on_discord(&discord);
    bot.set(&format!(
        "channels = [\"{}\", \"{}\", \"99\"]",
        questions.id(),
        hidden.id()
    ));
    bot.start();
    discord.wait_connected(1).await;
    let opened = mira.command(&help, "forum open", &[]).await;
    opened.message().await;

    help.forbid_bot(may::EMBED_LINKS | may::MANAGE_MESSAGES)
        .await;
    hidden.forbid_everyone(may::VIEW_CHANNEL).await;
    questions.require_tag(true).await;
    guild
        .set_bot_permissions(may::BOT & !may::MANAGE_THREADS)
        .await;
    let (content, said) = checked(&bot, &discord).await;
    assert!(!content);
    assert_snapshot!(said, @r#"
    ok discord: by way of http://discord
    ok discord: http://discord answers and knows the token
    ok discord: the gateway ws://discord/gateway can be reached
    ok discord: sessions: 999 of 1000 are left until the next day; one shard is enough
    ok discord: the application "bot" needs no privileged intent
    ok discord: invitation: https://discord.com/oauth2/authorize?client_id=1477953611366400001&scope=bot+applications.commands&permissions=326417607680
    ok discord: commands: 26 are registered
    ok discord: the channel "questions" in "Kitchen" (1477953611366400007) of `discord.channels` lets the bot do what it must
    advice discord: the channel "questions" in "Kitchen" (1477953611366400007) of `discord.channels`: posts of questions that were taken back stay, and cards in locked threads are not kept true → allow the bot’s role Manage Posts, in the channel’s permissions or the server’s
    advice discord: the channel "questions" in "Kitchen" (1477953611366400007) of `discord.channels`: posts need a tag there, so a question that has none of the channel’s gets the first of them → switch off “Require people to select tags when posting” in the channel’s settings
    advice discord: the channel "questions" in "Kitchen" (1477953611366400007) of `discord.channels`: no tag tells which questions are answered → make one called Solved in the channel’s settings
    problem discord: the channel 1477953611366400006 of `discord.channels`: the bot can’t see it → allow the bot’s role View Channel in the channel’s permissions, or invite the bot to the server again
    problem discord: the channel 99 of `discord.channels`: there is none with this number → see whether it is right: Discord’s developer mode has Copy Channel ID
    problem discord: the channel "help" in "Kitchen" (1477953611366400005): the bot may not: Embed Links → allow it to the bot’s role, in the channel’s permissions or the server’s
    advice discord: the channel "help" in "Kitchen" (1477953611366400005): reactions that don’t count, such as a vote on one’s own post, stay to be seen → allow the bot’s role Manage Messages, in the channel’s permissions or the server’s
    advice discord: the channel "help" in "Kitchen" (1477953611366400005): posts of questions that were taken back stay, and cards in locked threads are not kept true → allow the bot’s role Manage Threads, in the channel’s permissions or the server’s
    "#);

    // It only looked: the bot goes on.
    assert_eq!(discord.commands().len(), 26);
    assert!(bot.stop().await.success());
    violations(&discord);
}

#[tokio::test]
async fn a_place_that_the_bot_was_kept_from_posting_in_is_told_of_still() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await.admin().await;
    let mut bot = Bot::on_discord(&discord);
    bot.start();
    discord.wait_connected(1).await;
    let opened = mira.command(&help, "forum open", &[]).await;
    opened.message().await;
    help.forbid_bot(may::EMBED_LINKS).await;
    let title = "How long does an opened keg keep?";
    let asked = mira.command(&help, "ask", &[("title", title)]).await;
    let dialog = asked.modal().await;
    let said = mira
        .submit(&dialog, &[("text.0.line", "It is a pilsner.")])
        .await;
    said.message().await;
    discord
        .wait_until("the card to be refused", |discord| {
            let refused = |request: &discord::Request| request.code == 50_013;
            discord.requests().iter().any(refused).then_some(())
        })
        .await;
    assert!(bot.stop().await.success());
    let (content, said) = checked(&bot, &discord).await;
    assert!(!content);
    let of_help = said.lines().filter(|line| line.contains("\"help\""));
    assert_snapshot!(of_help.collect::<Vec<_>>().join("\n"), @r#"problem discord: the channel "help" in "Kitchen" (1477953611366400005): the bot may not: Embed Links → allow it to the bot’s role, in the channel’s permissions or the server’s"#);
}
