//! Channels that become places of the forum, and stop being ones; forum channels.

use discord::{Channel, Discord, Person, permissions};
use insta::assert_snapshot;

use super::context::{TEXT, TestContext, seen, timeless};

#[tokio::test]
async fn only_who_manages_the_server_opens_the_forum() {
    let context = TestContext::closed("").await;
    let mut bot = context.bot;
    bot.start();
    context.discord.wait_connected(1).await;
    let (mira, sol, help) = (&context.mira, &context.sol, &context.help);
    let early = sol.command(help, "search", &[("words", "keg")]).await;
    assert_snapshot!(early.message().await.shown(), @"bot (only sol sees this): | This channel is not a place of the forum yet. Whoever manages the server opens it with /forum open.");
    // Discord itself hides the command from others, unless the server shows it to them.
    let opened = mira.command(help, "forum open", &[]).await;
    assert_snapshot!(opened.message().await.shown(), @"bot (only mira sees this): | This channel is a place of the forum now. /ask asks the first question, /help says what else there is.");
    let found = sol.command(help, "search", &[("words", "keg")]).await;
    assert_snapshot!(found.message().await.shown(), @"bot (only sol sees this): | Nothing was found for “keg”. Other or fewer words may help; `/ask` asks it anew.");
    let closed = mira.command(help, "forum close", &[]).await;
    assert_snapshot!(closed.message().await.shown(), @"bot (only mira sees this): | This channel is an ordinary one again. What was asked here stays in the forum.");
    let late = sol.command(help, "search", &[("words", "keg")]).await;
    assert!(late.message().await.shown().contains("not a place"));
    assert!(help.messages().is_empty(), "all of that is between two");
    assert!(bot.stop().await.success());
    assert!(context.discord.violations().is_empty());
}

#[tokio::test]
async fn a_channel_in_which_nothing_can_work_is_not_opened_and_it_is_said_why() {
    let context = TestContext::new().await;
    let bench = context.guild.text_channel("bench").await;
    let opened = async |channel: &Channel| {
        let opened = context.mira.command(channel, "forum open", &[]).await;
        opened.message().await.shown()
    };
    let lacking = [
        permissions::SEND_MESSAGES,
        permissions::EMBED_LINKS,
        permissions::CREATE_PUBLIC_THREADS,
    ];
    bench.forbid_bot(lacking.iter().sum()).await;
    let said = opened(&bench).await;
    let named = "Send Messages, Create Public Threads, Embed Links";
    assert!(said.contains(named), "{said}");
    let asked = context.sol.command(&bench, "search", &[("words", "keg")]);
    let asked = asked.await.message().await.shown();
    assert!(asked.contains("not a place of the forum yet"), "{asked}");
    // Where the bot sees nothing, nobody is sent to open it.
    bench.forbid_bot(permissions::VIEW_CHANNEL).await;
    let asked = context.sol.command(&bench, "search", &[("words", "keg")]);
    let asked = asked.await.message().await.shown();
    for said in [opened(&bench).await, asked] {
        assert!(said.contains("can’t see this channel"), "{said}");
        assert!(said.contains("View Channel"), "{said}");
    }
    let forum = context.guild.forum_channel("questions", &[]).await;
    let hello = context.mira.posts(&forum, "Welcome", "Ask.", &[]).await;
    forum.forbid_bot(permissions::SEND_MESSAGES).await;
    let said = opened(&hello).await;
    assert!(said.contains("Create Posts"), "{said}");
    let media = context.guild.media_channel("pictures").await;
    for channel in [
        context.guild.voice_channel("voice").await,
        context.guild.stage_channel("stage").await,
        context.mira.posts(&media, "Look", "A keg.", &[]).await,
    ] {
        let said = opened(&channel).await;
        assert!(said.contains("a channel of this kind"), "{said}");
    }
    bench.forbid_bot(0).await;
    context.opens(&bench).await;
    context.over().await;
}

#[tokio::test]
async fn a_tag_that_only_moderators_give_is_given_to_no_question_and_taken_from_none() {
    let context = TestContext::new().await;
    let tags = ["rust", "official", "solved"];
    let forum = context.guild.forum_channel("questions", &tags).await;
    forum.moderate_tag("official").await;
    let hello = context.mira.posts(&forum, "Welcome", "Ask.", &[]).await;
    context.opens(&hello).await;
    let title = "Is this official?";
    let asked = (&forum, &hello);
    let post = post_of(&context, asked, &context.sol, title, "official, rust").await;
    assert_eq!(post.tags(), ["rust"]);
    // A moderator gives it.
    post.retag(&["rust", "official"]).await;
    let card = post.messages().first().cloned().expect("its first message");
    let dialog = context.mira.click(&card, "Answer").await.modal().await;
    let answered = context.mira.submit(&dialog, &[(TEXT, "It is.")]).await;
    answered.message().await;
    let accept = [("post", "#1.1")];
    let accepted = context.sol.command(&hello, "accept", &accept).await;
    accepted.message().await;
    let tagged = post.clone();
    let look = move |_: &Discord| (tagged.tags() == tags).then_some(());
    context.discord.wait_until("all three tags", look).await;
    context.over().await;
}

#[tokio::test]
async fn the_channels_of_a_server_share_a_forum() {
    let context = TestContext::new().await;
    let other = context.guild.text_channel("other").await;
    context.opens(&other).await;
    context
        .asks(&context.mira, "Is one forum enough?", "")
        .await;
    let shown = context.sol.command(&other, "show", &[("post", "#1")]).await;
    let shown = timeless(&shown.message().await.shown());
    assert!(shown.contains("Is one forum enough?"), "{shown}");
    // Another server's is another one.
    let cellar = context.discord.guild("Cellar").await;
    let talk = cellar.text_channel("talk").await;
    let ada = cellar.person("ada").await.admin().await;
    ada.command(&talk, "forum open", &[]).await.message().await;
    let shown = ada.command(&talk, "show", &[("post", "#1")]).await;
    assert_snapshot!(shown.message().await.shown(), @"bot (only ada sees this): | There is no #1. `/search` finds questions, `/questions` lists them.");
    context.over().await;
}

/// The post of a question in a forum channel.
async fn post_of(
    context: &TestContext,
    (forum, asked_in): (&Channel, &Channel),
    who: &Person,
    title: &str,
    tags: &str,
) -> Channel {
    let before = forum.threads().len();
    let given = [("title", title), ("tags", tags)];
    let given = if tags.is_empty() { &given[..1] } else { &given };
    let asked = who.command(asked_in, "ask", given).await;
    let dialog = asked.modal().await;
    who.submit(&dialog, &[(TEXT, "Please.")])
        .await
        .message()
        .await;
    let posts = forum.clone();
    let look = move |_: &Discord| posts.threads().get(before).cloned();
    context
        .discord
        .wait_until("the question's post", look)
        .await
}

#[tokio::test]
async fn in_a_forum_channel_a_question_is_a_post_with_tags() {
    let context = TestContext::new().await;
    let forum = context
        .guild
        .forum_channel("questions", &["rust", "setup", "solved"])
        .await;
    let bench = context.guild.text_channel("bench").await;
    context.opens(&bench).await;
    // In a forum channel itself nothing can be typed: it is opened from one of its posts, or by its id in the settings.
    let hello = context
        .mira
        .posts(&forum, "Welcome", "Here you ask.", &[])
        .await;
    context.opens(&hello).await;
    let post = post_of(
        &context,
        (&forum, &hello),
        &context.sol,
        "Why does it not compile?",
        "rust, borrowck",
    )
    .await;
    assert_eq!(post.name(), "#1 Why does it not compile?");
    assert_eq!(post.tags(), ["rust"]);
    let card = post.messages().first().cloned().expect("its first message");
    let dialog = context.mira.click(&card, "Answer").await.modal().await;
    context
        .mira
        .submit(&dialog, &[(TEXT, "Borrow it.")])
        .await
        .message()
        .await;
    context.shows(&card, "1 answer").await;
    let answer = context.message_in(&post, 1).await;
    context.sol.react(&answer, "✅").await;
    context.shows(&answer, "Accepted answer").await;
    let tagged = post.clone();
    let look = move |_: &Discord| (tagged.tags().len() == 2).then_some(());
    context
        .discord
        .wait_until("the tag for what is solved", look)
        .await;
    context.shows(&card, "Answered").await;
    assert_snapshot!(seen(&post));

    // A post that sleeps is woken for an answer, and not for a vote.
    post.archive().await;
    context
        .mira
        .command(&bench, "up", &[("post", "#1")])
        .await
        .message()
        .await;
    context.shows(&card, "+1 vote").await;
    let asleep = post.clone();
    let look = move |_: &Discord| asleep.is_archived().then_some(());
    context
        .discord
        .wait_until("the post to go on sleeping", look)
        .await;
    let dialog = context
        .mira
        .command(&bench, "answer", &[("post", "#1")])
        .await
        .modal()
        .await;
    context
        .mira
        .submit(&dialog, &[(TEXT, "Or clone it.")])
        .await
        .message()
        .await;
    context.shows(&card, "2 answers").await;
    let awake = post.clone();
    let look =
        move |_: &Discord| (!awake.is_archived() && awake.messages().len() == 3).then_some(());
    context.discord.wait_until("the second answer", look).await;
    context.over().await;
}

#[tokio::test]
async fn a_button_that_is_pressed_meanwhile_keeps_no_tag_from_a_post() {
    let context = TestContext::new().await;
    let forum = context.guild.forum_channel("questions", &["solved"]).await;
    let hello = context.mira.posts(&forum, "Welcome", "Ask.", &[]).await;
    context.opens(&hello).await;
    let title = "Is it solved?";
    let post = post_of(&context, (&forum, &hello), &context.sol, title, "").await;
    let card = post.messages().first().cloned().expect("its first message");
    let dialog = context.mira.click(&card, "Answer").await.modal().await;
    let answered = context.mira.submit(&dialog, &[(TEXT, "It is.")]).await;
    answered.message().await;
    context.shows(&card, "1 answer").await;
    // The card was changed just now, so its next edit waits; the press brings it up to date before that.
    let accept = [("post", "#1.1")];
    let accepted = context.sol.command(&hello, "accept", &accept).await;
    accepted.message().await;
    let tom = context.guild.person("tom").await;
    tom.click(&card, "👍").await.response().await;
    context.shows(&card, "+1 vote").await;
    let tagged = post.clone();
    let look = move |_: &Discord| (tagged.tags() == ["solved"]).then_some(());
    context.discord.wait_until("the tag", look).await;
    // What is not accepted any more is not solved.
    let hidden = context.mira.command(&hello, "hide", &[("post", "#1.1")]);
    hidden.await.message().await;
    tom.click(&card, "👍").await.response().await;
    let untagged = post.clone();
    let look = move |_: &Discord| untagged.tags().is_empty().then_some(());
    context.discord.wait_until("no tag", look).await;
    context.over().await;
}

#[tokio::test]
async fn whom_discord_keeps_from_writing_the_bot_does_not_write_or_vote_for() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Who may say this?", "").await;
    let answer = context.answers(&context.mira, &card, "I may.").await;
    let (tom, ada) = (
        context.guild.person("tom").await,
        context.guild.person("ada").await,
    );
    let dialog = context.sol.click(&card, "Answer").await.modal().await;
    context.help.forbid(&tom, permissions::SEND_MESSAGES).await;
    context.sol.is_timed_out().await;
    for who in [&tom, &context.sol] {
        for button in ["👍", "👎", "Answer", "Comment"] {
            let pressed = who.click(&card, button).await.message().await;
            let said = pressed.shown();
            assert!(said.contains("may not write here now"), "{said}");
        }
    }
    let sent = context.sol.submit(&dialog, &[(TEXT, "So do I.")]).await;
    let said = sent.message().await.shown();
    assert!(said.contains("may not write here now"), "{said}");
    assert!(said.contains("So do I."), "{said}");
    // Who may not write may look.
    let shown = tom.command(&context.help, "show", &[("post", "#1")]).await;
    let shown = shown.message().await.shown();
    assert!(shown.contains("0 votes"), "{shown}");
    // Nor is anything said in their conversation that they may not say there.
    let alone = context.sol.direct().await;
    let title = [("title", "May I ask elsewhere?")];
    let asked = context.sol.command(&alone, "ask", &title).await;
    let said = asked.message().await.shown();
    assert!(said.contains("may not write now"), "{said}");
    assert!(
        said.contains(title[0].1),
        "what was typed comes back: {said}"
    );
    // A locked thread is the moderators'.
    card.thread().lock().await;
    let pressed = ada.click(&answer, "👍").await.message().await.shown();
    assert!(pressed.contains("This thread is locked"), "{pressed}");
    context.over().await;
}

#[tokio::test]
async fn a_locked_thread_is_neither_woken_nor_posted_into_and_that_is_said() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Is this settled?", "").await;
    let thread = card.thread();
    thread.lock().await;
    let answer = [("post", "#1")];
    let opened = context.sol.command(&context.help, "answer", &answer).await;
    let dialog = opened.modal().await;
    let sent = context.sol.submit(&dialog, &[(TEXT, "It is.")]).await;
    let said = sent.message().await.shown();
    assert!(said.contains("is posted"), "{said}");
    assert!(said.contains("thread of its question is locked"), "{said}");
    context.shows(&card, "1 answer").await;
    context.asks(&context.sol, "And is this?", "").await;
    assert!(thread.is_archived() && thread.is_locked());
    assert!(thread.messages().is_empty());
    // It waits, and is shown when the thread is open again.
    thread.unlock().await;
    let below = thread.clone();
    let look = move |_: &discord::Discord| {
        let mut messages = below.messages().into_iter();
        messages.find(|message| message.shown().contains("It is."))
    };
    context.discord.wait_until("the answer below", look).await;
    context.over().await;
}

#[tokio::test]
async fn where_no_card_can_be_shown_that_is_said() {
    let context = TestContext::new().await;
    context.help.forbid_bot(permissions::SEND_MESSAGES).await;
    let title = "Is anybody there?";
    let said = context.says(&context.sol, &context.help, title, "").await;
    assert!(said.contains("is asked."), "{said}");
    assert!(said.contains("can’t be shown in this channel"), "{said}");
    context.help.forbid_bot(0).await;
    let title = "And now?";
    let said = context.says(&context.sol, &context.help, title, "").await;
    assert!(!said.contains("can’t be shown"), "{said}");
    context.over().await;
}

#[tokio::test]
async fn a_question_whose_card_or_post_was_deleted_comes_along_with_the_next_answer() {
    let context = TestContext::new().await;
    let forum = context.guild.forum_channel("questions", &[]).await;
    let hello = context.mira.posts(&forum, "Welcome", "Ask.", &[]).await;
    context.opens(&hello).await;
    let card = context.asks(&context.sol, "Where is the card?", "").await;
    let posts = forum.clone();
    let look = move |_: &Discord| posts.threads().get(1).cloned();
    let post = context.discord.wait_until("the post", look).await;
    context.mira.deletes(&card).await;
    post.delete().await;
    // What is used there is heard after that.
    let answer = [("post", "#1")];
    let shown = context.sol.command(&context.help, "show", &answer).await;
    shown.message().await;
    let opened = context.mira.command(&hello, "answer", &answer).await;
    let dialog = opened.modal().await;
    let sent = context.mira.submit(&dialog, &[(TEXT, "Here again.")]).await;
    sent.message().await;
    // In both places the question is there, with the answer below it.
    let again = context.message_in(&context.help, 0).await;
    assert!(again.shown().contains("Where is the card?"));
    let posts = forum.clone();
    let look = move |_: &Discord| {
        let post = posts.threads().get(1).cloned()?;
        (post.messages().len() == 2).then_some(post)
    };
    let post = context.discord.wait_until("the answer there", look).await;
    assert_eq!(post.name(), "#1 Where is the card?");
    let there = again.clone();
    let look = move |_: &Discord| {
        let thread = there.thread();
        (thread.exists() && thread.messages().len() == 1).then_some(())
    };
    context.discord.wait_until("the answer here", look).await;
    context.over().await;
}

#[tokio::test]
async fn a_locked_post_keeps_nobody_else_waiting() {
    let context = TestContext::new().await;
    let bench = context.guild.text_channel("bench").await;
    context.opens(&bench).await;
    let card = context.asks(&context.mira, "Is this settled?", "").await;
    context.help.forbid_bot(permissions::MANAGE_THREADS).await;
    card.thread().lock().await;
    let dialog = context
        .sol
        .command(&bench, "answer", &[("post", "#1")])
        .await
        .modal()
        .await;
    context
        .sol
        .submit(&dialog, &[(TEXT, "It is.")])
        .await
        .message()
        .await;
    // Its answer is in the forum, though it can't be shown there; the next question comes all the same.
    context.asks(&context.sol, "And is this?", "").await;
    let shown = context
        .sol
        .command(&context.help, "show", &[("post", "#1")])
        .await;
    assert!(shown.message().await.shown().contains("It is."));
    context.over().await;
}
