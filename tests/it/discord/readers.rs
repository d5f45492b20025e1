//! Who can read what: channels that fewer can view, private threads, and permissions that change.

use discord::{Channel, Discord, Id, Message, permissions as may};
use insta::assert_snapshot;

use super::context::TestContext;
use super::operator::checked;

/// A channel that only a role views, and the bot.
async fn hidden(context: &TestContext, name: &str, role: Id) -> Channel {
    let channel = context.guild.text_channel(name).await;
    hide(&channel, role).await;
    channel
}

/// Hides a channel from all but a role and the bot.
async fn hide(channel: &Channel, role: Id) {
    channel.allow_bot(may::VIEW_CHANNEL).await;
    channel.allow_role(role, may::VIEW_CHANNEL).await;
    channel.forbid_everyone(may::VIEW_CHANNEL).await;
}

/// Mira says `/forum open` there; gives what she is told.
async fn open(context: &TestContext, channel: &Channel) -> Message {
    let opened = context.mira.command(channel, "forum open", &[]).await;
    opened.message().await
}

/// Mira asks in a channel; gives the card once it is there.
async fn asks(context: &TestContext, channel: &Channel, title: &str) -> Message {
    let before = channel.messages().len();
    context.says(&context.mira, channel, title, "").await;
    let there = channel.clone();
    let look = move |_: &Discord| there.messages().get(before).cloned();
    context
        .discord
        .wait_until("the question's card", look)
        .await
}

/// What sol is told there of question 1.
async fn shown(context: &TestContext, channel: &Channel) -> String {
    let shown = context
        .sol
        .command(channel, "show", &[("post", "#1")])
        .await;
    shown.message().await.shown()
}

#[tokio::test]
async fn a_channel_that_fewer_can_view_has_questions_of_its_own() {
    let context = TestContext::new().await;
    let role = context.guild.role("mods", 0).await;
    let mods = hidden(&context, "mods", role).await;
    let opened = open(&context, &mods).await;
    assert_snapshot!(opened.shown(), @"
    bot (only mira sees this): | [#mods](https://discord.com/channels/Kitchen/mods) is a place of the forum now, with questions of its own: not everybody who can view [#help](https://discord.com/channels/Kitchen/help) can view it, so what is asked here is neither shown nor found there. You can have both share one forum instead. Then whatever is asked here is posted in [#help](https://discord.com/channels/Kitchen/help) too, and all who can view that can read it.
      [Share one forum]
    ");
    asks(&context, &mods, "Whom do we ban today?").await;
    assert!(context.help.messages().is_empty());
    let told = shown(&context, &context.help).await;
    assert!(told.contains("There is no #1"), "{told}");
    // One that just the same people view shares with it, and nothing is asked.
    let staff = hidden(&context, "staff", role).await;
    let opened_too = open(&context, &staff).await;
    assert!(opened_too.buttons().is_empty(), "{}", opened_too.shown());
    context.sol.gets_role(role).await;
    assert!(
        shown(&context, &staff)
            .await
            .contains("Whom do we ban today?")
    );
    // What was asked already is not published by one press.
    let late = context.mira.click(&opened, "Share one forum").await;
    assert_snapshot!(late.message().await.shown(), @"bot (only mira sees this): | Questions were asked in [#mods](https://discord.com/channels/Kitchen/mods) already, so that it can’t just share the forum of [#help](https://discord.com/channels/Kitchen/help). To bring them along, say /forum code in [#help](https://discord.com/channels/Kitchen/help), then /forum join with that code in [#mods](https://discord.com/channels/Kitchen/mods).");
    let told = shown(&context, &context.help).await;
    assert!(told.contains("There is no #1"), "{told}");
    context.over().await;
}

#[tokio::test]
async fn it_shares_the_forum_once_its_admin_was_told_what_that_means_and_agreed() {
    let context = TestContext::new().await;
    let role = context.guild.role("mods", 0).await;
    let mods = hidden(&context, "mods", role).await;
    let opened = open(&context, &mods).await;
    // Nobody else agrees for them, whatever their client sends.
    context.sol.gets_role(role).await;
    let own = context
        .sol
        .command(&mods, "help", &[])
        .await
        .message()
        .await;
    let forged = context.sol.forges_click(&own, "1.open.shared").await;
    let told = forged.message().await.shown();
    assert!(told.contains("Only who manages the server"), "{told}");
    let shared = context.mira.click(&opened, "Share one forum").await;
    assert_snapshot!(shared.message().await.shown(), @"bot (only mira sees this): | [#mods](https://discord.com/channels/Kitchen/mods) and [#help](https://discord.com/channels/Kitchen/help) share one forum: whatever is asked in one is posted in both, and all who can view either can read it.");
    asks(&context, &mods, "What do we serve today?").await;
    assert!(
        shown(&context, &context.help)
            .await
            .contains("What do we serve today?")
    );
    // To that they agreed, so nobody is warned, after a restart neither.
    let owner = context.guild.owner().direct().await;
    let mut context = context;
    assert!(context.bot.stop().await.success());
    context.bot.start();
    context.discord.wait_connected(1).await;
    assert!(open(&context, &mods).await.buttons().is_empty());
    assert!(owner.messages().is_empty());
    context.over().await;
}

#[tokio::test]
async fn a_channel_that_more_can_view_shows_nothing_of_one_that_was_there_before() {
    let context = TestContext::closed("").await;
    let role = context.guild.role("mods", 0).await;
    let mods = hidden(&context, "mods", role).await;
    let mut context = context;
    context.bot.start();
    context.discord.wait_connected(1).await;
    assert!(
        open(&context, &mods).await.buttons().is_empty(),
        "it is the first"
    );
    asks(&context, &mods, "Whom do we ban today?").await;
    let help = context.help.clone();
    assert_snapshot!(open(&context, &help).await.shown(), @"
    bot (only mira sees this): | [#help](https://discord.com/channels/Kitchen/help) is a place of the forum now, with questions of its own: some can view it who can’t view [#mods](https://discord.com/channels/Kitchen/mods), so what is asked there is neither shown nor found here. You can have both share one forum instead. Then whatever is asked in [#mods](https://discord.com/channels/Kitchen/mods) is posted here too, and all who can view [#help](https://discord.com/channels/Kitchen/help) can read it.
      [Share one forum]
    ");
    let told = shown(&context, &help).await;
    assert!(told.contains("There is no #1"), "{told}");
    context.over().await;
}

#[tokio::test]
async fn a_server_that_hides_everything_until_people_are_verified_is_asked_nothing() {
    let context = TestContext::closed("").await;
    let hidden = may::EVERYONE & !may::VIEW_CHANNEL;
    context.guild.set_everyone_permissions(hidden).await;
    let verified = context.guild.role("verified", may::VIEW_CHANNEL).await;
    context.sol.gets_role(verified).await;
    let other = context.guild.text_channel("other").await;
    let mut context = context;
    context.bot.start();
    context.discord.wait_connected(1).await;
    let help = context.help.clone();
    for channel in [&help, &other] {
        let opened = open(&context, channel).await;
        assert!(opened.buttons().is_empty(), "{}", opened.shown());
    }
    asks(&context, &help, "Who can read this?").await;
    assert!(shown(&context, &other).await.contains("Who can read this?"));
    context.over().await;
}

#[tokio::test]
async fn nothing_is_published_from_a_private_thread_and_views_are_answered_there() {
    let context = TestContext::new().await;
    let card = asks(&context, &context.help, "What is secret?").await;
    let thread = context
        .sol
        .opens_private_thread(&context.help, "between us")
        .await;
    let written = context.sol.says(&thread, "She has left him.").await;
    let asked = [("title", "Has she left him?")];
    let ask = context.sol.command(&thread, "ask", &asked).await;
    assert_snapshot!(ask.message().await.shown(), @"bot (only sol sees this): | This thread is private, and what is asked, answered or changed here would be shown to all who can view the forum. Do it in the channel itself. You can search and read here.");
    for refused in [
        context
            .sol
            .command(&thread, "answer", &[("post", "#1")])
            .await,
        context
            .sol
            .command(&thread, "comment", &[("post", "#1")])
            .await,
        context.sol.menu(&written, "Make this a question").await,
        context.sol.menu(&written, "Make this an answer").await,
    ] {
        let told = refused.message().await.shown();
        assert!(told.contains("This thread is private"), "{told}");
    }
    // Even where the bot is not told of the thread, as long as nobody lets it look.
    context.help.forbid_bot(may::MANAGE_THREADS).await;
    let other = context
        .sol
        .opens_private_thread(&context.help, "more")
        .await;
    assert!(shown(&context, &other).await.contains("What is secret?"));
    let ask = context.sol.command(&other, "ask", &asked).await;
    let told = ask.message().await.shown();
    assert!(told.contains("This thread is private"), "{told}");
    let voted = context.sol.command(&other, "up", &[("post", "#1")]).await;
    voted.message().await;
    context.shows(&card, "+1 vote").await;
    assert_eq!(context.help.messages().len(), 1);
    context.over().await;
}

#[tokio::test]
async fn a_place_that_becomes_narrower_is_warned_of_to_who_owns_the_server() {
    let context = TestContext::new().await;
    let other = context.guild.text_channel("other").await;
    let third = context.guild.text_channel("third").await;
    assert!(open(&context, &other).await.buttons().is_empty());
    assert!(open(&context, &third).await.buttons().is_empty());
    let owner = context.guild.owner().direct().await;
    let role = context.guild.role("mods", may::VIEW_CHANNEL).await;
    assert!(owner.messages().is_empty());
    hide(&other, role).await;
    let warned = owner.clone();
    let look = move |_: &Discord| warned.messages().first().cloned();
    let warning = context.discord.wait_until("a warning", look).await;
    assert_snapshot!(warning.shown(), @"bot: | Not everybody who can view [#help](https://discord.com/channels/Kitchen/help) can view [#other](https://discord.com/channels/Kitchen/other), and the two share one forum: what is asked in [#other](https://discord.com/channels/Kitchen/other) is posted in [#help](https://discord.com/channels/Kitchen/help) too, and found there. To give [#other](https://discord.com/channels/Kitchen/other) questions of its own, or to leave it so, say /forum open there.");
    // A role that is changed does the same; what was said is not said again.
    let muted = context.guild.role("muted", 0).await;
    third.forbid_role(muted, may::VIEW_CHANNEL).await;
    let warned = owner.clone();
    let look = move |_: &Discord| warned.messages().get(1).cloned();
    let second = context.discord.wait_until("another warning", look).await;
    assert!(second.shown().contains("#third"), "{}", second.shown());
    third.rename("a third").await;
    // Whoever manages it has the choice.
    let still = open(&context, &other).await;
    assert_snapshot!(still.shown(), @"
    bot (only mira sees this): | [#other](https://discord.com/channels/Kitchen/other) and [#help](https://discord.com/channels/Kitchen/help) share one forum, though not everybody can view both: whatever is asked in one is posted in the other too. You can leave it so, or give [#other](https://discord.com/channels/Kitchen/other) questions of its own; what was asked until now then stays in the forum of [#help](https://discord.com/channels/Kitchen/help).
      [Share one forum] [Questions of its own]
    ");
    let apart = context.mira.click(&still, "Questions of its own").await;
    let told = apart.message().await.shown();
    assert!(told.contains("with questions of its own"), "{told}");
    asks(&context, &other, "Whom do we ban today?").await;
    assert!(context.help.messages().is_empty());
    assert_eq!(owner.messages().len(), 2);
    context.over().await;
}

#[tokio::test]
async fn an_owner_who_takes_no_messages_is_told_by_the_log_and_by_check() {
    let context = TestContext::new().await;
    let other = context.guild.text_channel("other").await;
    assert!(open(&context, &other).await.buttons().is_empty());
    context.guild.owner().takes_direct_messages(false).await;
    let role = context.guild.role("mods", may::VIEW_CHANNEL).await;
    hide(&other, role).await;
    let help = context.help.clone();
    // What comes after it is dealt with after it.
    context
        .sol
        .react(&asks(&context, &help, "Is it said?").await, "👍")
        .await;
    context.shows(&help.last(), "+1 vote").await;
    let log = context.bot.log();
    assert!(
        log.contains("not everybody who can view one place"),
        "{log}"
    );
    let (_, all) = checked(&context.bot, &context.discord).await;
    let said: Vec<_> = all
        .lines()
        .filter(|line| line.contains("they share a forum"))
        .collect();
    assert_eq!(said.len(), 1, "{all}");
    assert!(
        said[0].starts_with("advice discord: the channel \"other\""),
        "{all}"
    );
    assert!(said[0].contains("→ say `/forum open` there"), "{all}");
    context.over().await;
}
