//! A real client against the fake, over the wire.

use std::time::Duration;

use discord::{Discord, Fault, Options, Response};
use serenity::all::GatewayIntents;

use crate::bot::{Bot, INTENTS};

#[tokio::test]
async fn a_bot_answers_a_command_and_a_click() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let _bot = Bot::start(&discord).await;

    let asked = mira
        .command(
            &help,
            "ask",
            &[("title", "How long?"), ("who", "mira"), ("count", "3")],
        )
        .await;
    let card = asked.message().await;
    mira.react(&card, "👍").await;
    insta::assert_snapshot!(help.transcript(), @"
    bot: | **How long?**
      | by /ask
      [Close]
      [👍 mira]
    ");
    let clicked = mira.click(&card, "Close").await;
    assert!(matches!(clicked.response().await, Response::Updated(_)));
    insta::assert_snapshot!(help.transcript(), @"
    bot: mira closed it (edited)
      [👍 mira]
    ");
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_bot_thinks_completes_and_opens_dialogs() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let _bot = Bot::start(&discord).await;

    let slow = mira.command(&help, "slow", &[]).await;
    let thought = slow.message().await;
    assert!(thought.is_ephemeral());
    assert_eq!(thought.content(), "thought");
    assert_eq!(slow.followup().await.content(), "and more");

    let choices = mira
        .complete(&help, "ask", "title", "how lo")
        .await
        .choices()
        .await;
    assert_eq!(choices[0].name, "how long");

    let modal = mira.command(&help, "form", &[]).await.modal().await;
    insta::assert_snapshot!(modal.shown(), @"
    ┌ Tell us
    │ Your text*: 
    ");
    let answer = mira
        .submit(&modal, &[("text", "soft ones")])
        .await
        .message()
        .await;
    assert_eq!(
        answer.shown(),
        "bot (only mira sees this): You wrote: soft ones"
    );

    let said = mira.says(&help, "is this a question?").await;
    mira.menu(&said, "Make this a question")
        .await
        .message()
        .await;
    mira.command(&help, "question close", &[("why", "Done")])
        .await
        .message()
        .await;
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_bot_replies_and_posts_in_a_forum() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let questions = guild.forum_channel("questions", &["setup", "rust"]).await;
    let mira = guild.person("mira").await;
    let bot = Bot::start(&discord).await;

    mira.says(&help, "hello").await;
    discord
        .wait_until("a reply", |_| (help.messages().len() == 2).then_some(()))
        .await;
    mira.says(&help, &format!("<@{}> post it", discord.bot_id()))
        .await;
    discord
        .wait_until("a post", |_| questions.threads().pop())
        .await;
    insta::assert_snapshot!(questions.transcript(), @"
    # A post [setup]
        bot: The first
    ");
    insta::assert_snapshot!(help.transcript(), @"
    mira: hello
    bot (to mira): I heard you
    mira: <@bot> post it
    ");
    let contents = bot.seen.lock().unwrap().contents.clone();
    assert!(
        contents[0].is_empty(),
        "without the intent, what people write is not told: {contents:?}"
    );
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_bot_resumes_and_misses_nothing() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let bot = Bot::start(&discord).await;
    let card = mira
        .command(&help, "ask", &[("title", "How long?")])
        .await
        .message()
        .await;

    assert_eq!(discord.close_sockets(Some(4000)), 1);
    mira.react(&card, "👍").await;
    discord
        .wait_until("a resume", |discord| (discord.resumes() == 1).then_some(()))
        .await;
    mira.click(&card, "Close").await.message().await;
    assert_eq!(bot.seen.lock().unwrap().reactions, 1);
    assert_eq!(discord.identifies(), 1);
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_bot_identifies_anew_when_it_may_not_resume() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let _bot = Bot::start(&discord).await;

    discord.ask_reconnect();
    discord
        .wait_until("a resume", |discord| (discord.resumes() == 1).then_some(()))
        .await;
    discord.refuse_resume(true);
    discord.close_sockets(Some(4000));
    discord
        .wait_until("an identify", |discord| {
            (discord.identifies() == 2).then_some(())
        })
        .await;
    mira.command(&help, "ask", &[("title", "How long?")])
        .await
        .message()
        .await;
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn dispatches_are_doubled_repeated_held_and_released() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    let bot = Bot::start(&discord).await;
    let card = mira
        .command(&help, "ask", &[("title", "How long?")])
        .await
        .message()
        .await;
    let reactions = || bot.seen.lock().unwrap().reactions;

    discord.duplicate_next("MESSAGE_REACTION_ADD");
    mira.react(&card, "👍").await;
    discord.repeat_last("MESSAGE_REACTION_ADD");
    discord.hold_events();
    mira.react(&card, "👎").await;
    let clicked = mira.click(&card, "Close").await;
    assert!(!clicked.is_answered());
    discord.release_events();
    clicked.message().await;
    assert_eq!(reactions(), 4);
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn requests_fail_as_asked() {
    let discord = Discord::start().await;
    let http = serenity::all::HttpBuilder::new(discord.token())
        .proxy(discord.rest_url())
        .ratelimiter_disabled(true)
        .build();
    let me = || async { http.get_current_user().await.map(|user| user.name.clone()) };

    discord.fail(Fault::too_many(
        "GET",
        "/users/@me",
        Duration::from_millis(1500),
    ));
    discord.fail(Fault::html("GET", "/users/@me", 502));
    discord.fail(Fault::hang_up("GET", "/users/@me"));
    assert!(me().await.is_err());
    assert!(me().await.is_err());
    assert!(me().await.is_err());
    assert_eq!(me().await.unwrap(), "bot");
    let statuses: Vec<u16> = discord.requests().iter().map(|it| it.status).collect();
    assert_eq!(statuses, [429, 502, 0, 200]);

    let held = discord.hold("GET", "/users/@me");
    let (name, ()) = tokio::join!(me(), async {
        held.reached().await;
        assert_eq!(discord.requests().len(), 4, "what is held is not done");
        held.release();
    });
    assert_eq!(name.unwrap(), "bot");
    assert_eq!(discord.violations(), []);
}

/// Every kind of event that the fake has, decoded by twilight-model on its way out and by serenity where it arrives.
#[tokio::test]
async fn serenity_decodes_every_event() {
    let privileged = GatewayIntents::GUILD_MEMBERS | GatewayIntents::MESSAGE_CONTENT;
    let all = INTENTS | GatewayIntents::DIRECT_MESSAGE_REACTIONS | privileged;
    let options = Options {
        privileged_intents: privileged.bits(),
        ..Options::default()
    };
    let discord = Discord::start_with(options).await;
    let guild = discord.guild("Kitchen").await;
    let bot = Bot::start_with(&discord, all, false).await;
    let help = guild.text_channel("help").await;
    let questions = guild.forum_channel("questions", &["setup"]).await;
    let mira = guild.person("mira").await.admin().await;
    let first = mira.says(&help, "hello <@&1> @everyone").await;
    let second = mira.replies(&first, "again").await;
    mira.edits(&second, "again!").await;
    for emoji in ["👍", "❤️", "party:123456789012345678"] {
        mira.react(&first, emoji).await;
    }
    mira.unreact(&first, "❤️").await;
    mira.clears_reactions(&first, Some("👍")).await;
    mira.clears_reactions(&first, None).await;
    let thread = mira.opens_thread(&first, "aside").await;
    mira.says(&thread, "in it").await;
    thread.archive().await;
    thread.delete().await;
    let post = mira.posts(&questions, "How?", "So?", &["setup"]).await;
    post.lock().await;
    mira.deletes(&second).await;
    let (one, two) = (mira.says(&help, "one").await, mira.says(&help, "two").await);
    mira.purges(&[&one, &two]).await;
    let direct = mira.direct().await;
    let said = mira.says(&direct, "psst").await;
    mira.react(&said, "👍").await;
    guild.set_bot_permissions(discord::permissions::BOT).await;
    help.rename("helping").await;
    let card = mira
        .command(&help, "ask", &[("title", "How?"), ("who", "mira")])
        .await
        .message()
        .await;
    mira.click(&card, "Close").await.message().await;
    mira.complete(&help, "ask", "title", "x")
        .await
        .choices()
        .await;
    let modal = mira.command(&help, "form", &[]).await.modal().await;
    mira.submit(&modal, &[("text", "some")])
        .await
        .message()
        .await;
    mira.command(&direct, "slow", &[]).await.message().await;
    let sol = guild.person("sol").await;
    sol.nick("Sol").await;
    let cooks = guild.role("cooks", 0).await;
    sol.gets_role(cooks).await;
    guild.delete_role(cooks).await;
    guild.rename("Galley").await;
    sol.leaves().await;
    help.delete().await;
    guild.goes_down().await;
    guild.comes_back().await;
    guild.kick_bot().await;
    guild.invite_bot().await;
    discord
        .wait_until("all requests", |discord| {
            (discord.connected() == 1).then_some(())
        })
        .await;
    discord.close_sockets(Some(4000));
    discord
        .wait_until("a resume", |discord| (discord.resumes() == 1).then_some(()))
        .await;
    let last = guild.text_channel("last").await;
    let aside = mira
        .opens_thread(&mira.says(&last, "hm").await, "aside")
        .await;
    discord.advance(Duration::from_secs(24 * 3600));
    assert!(aside.is_archived());
    mira.command(&last, "slow", &[]).await.message().await;
    let seen = bot.seen.lock().unwrap();
    let unknown: Vec<_> = seen
        .unknown
        .iter()
        .filter(|it| !it.contains("MESSAGE_REACTION_REMOVE_EMOJI"))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let mut known: Vec<_> = seen.known.iter().map(String::as_str).collect();
    known.sort_unstable();
    insta::assert_snapshot!(known.join("\n"));
    assert_eq!(discord.violations(), []);
}
