//! What people do, without a bot.

use discord::{Discord, permissions as may};

#[tokio::test]
async fn a_transcript_shows_what_stands_there() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let (mira, sol) = (
        guild.person("mira").await,
        guild.person("sol").await.admin().await,
    );
    let first = mira.says(&help, "How long do\neggs take?").await;
    let second = sol
        .replies(&first, &format!("{}: 7 minutes", mira.mention()))
        .await;
    sol.edits(&second, "8 minutes").await;
    mira.react(&second, "👍").await;
    sol.react(&second, "👍").await;
    mira.react(&second, "🎉").await;
    let aside = mira.opens_thread(&first, "aside").await;
    sol.says(&aside, "which eggs?").await;
    aside.archive().await;
    let gone = mira.says(&help, "never mind").await;
    sol.deletes(&gone).await;
    insta::assert_snapshot!(help.transcript(), @"
    mira: How long do
      eggs take?
        # aside (archived)
        sol: which eggs?
    sol (to mira): 8 minutes (edited)
      [👍 mira, sol; 🎉 mira]
    ");
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn a_forum_shows_its_posts() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let forum = guild.forum_channel("questions", &["setup", "rust"]).await;
    let mira = guild.person("mira").await;
    let post = mira
        .posts(&forum, "Which pot?", "For eggs.", &["setup"])
        .await;
    mira.says(&post, "Anybody?").await;
    post.lock().await;
    assert_eq!(post.tags(), ["setup"]);
    insta::assert_snapshot!(forum.transcript(), @"
    # Which pot? [setup] (locked)
        mira: For eggs.
        mira: Anybody?
    ");
}

#[tokio::test]
#[should_panic(expected = "mira may not write there")]
async fn people_do_only_what_they_may() {
    let discord = Discord::start().await;
    let guild = discord.guild("Kitchen").await;
    let help = guild.text_channel("help").await;
    let mira = guild.person("mira").await;
    help.forbid(&mira, may::SEND_MESSAGES).await;
    mira.says(&help, "but").await;
}

#[tokio::test]
async fn each_run_gives_the_same_ids() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let discord = Discord::start().await;
        let guild = discord.guild("Kitchen").await;
        let help = guild.text_channel("help").await;
        ids.push(guild.person("mira").await.says(&help, "x").await.id());
    }
    assert_eq!(ids[0], ids[1]);
}
