//! Who can read what: channels that fewer can view, private threads, and permissions that change.

use discord::{Channel, Discord, Id, Message, permissions as may};
use insta::assert_snapshot;

use super::operator::checked;
use super::scene::Scene;

/// A channel that only a role views, and the bot.
async fn hidden(scene: &Scene, name: &str, role: Id) -> Channel {
    let channel = scene.guild.text_channel(name).await;
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
async fn open(scene: &Scene, channel: &Channel) -> Message {
    let opened = scene.mira.command(channel, "forum open", &[]).await;
    opened.message().await
}

/// Mira asks in a channel; gives the card once it is there.
async fn asks(scene: &Scene, channel: &Channel, title: &str) -> Message {
    let before = channel.messages().len();
    scene.says(&scene.mira, channel, title, "").await;
    let there = channel.clone();
    let look = move |_: &Discord| there.messages().get(before).cloned();
    scene.discord.wait_until("the question's card", look).await
}

/// What sol is told there of question 1.
async fn shown(scene: &Scene, channel: &Channel) -> String {
    let shown = scene.sol.command(channel, "show", &[("post", "#1")]).await;
    shown.message().await.shown()
}

#[tokio::test]
async fn a_channel_that_fewer_can_view_has_questions_of_its_own() {
    let scene = Scene::new().await;
    let role = scene.guild.role("mods", 0).await;
    let mods = hidden(&scene, "mods", role).await;
    let opened = open(&scene, &mods).await;
    assert_snapshot!(opened.shown(), @"
    bot (only mira sees this): | [#mods](https://discord.com/channels/Kitchen/mods) is a place of the forum now, with questions of its own: not everybody who can view [#help](https://discord.com/channels/Kitchen/help) can view it, so what is asked here is neither shown nor found there. You can have both share one forum instead. Then whatever is asked here is posted in [#help](https://discord.com/channels/Kitchen/help) too, and all who can view that can read it.
      [Share one forum]
    ");
    asks(&scene, &mods, "Whom do we ban today?").await;
    assert!(scene.help.messages().is_empty());
    let told = shown(&scene, &scene.help).await;
    assert!(told.contains("There is no #1"), "{told}");
    // One that just the same people view shares with it, and nothing is asked.
    let staff = hidden(&scene, "staff", role).await;
    let opened_too = open(&scene, &staff).await;
    assert!(opened_too.buttons().is_empty(), "{}", opened_too.shown());
    scene.sol.gets_role(role).await;
    assert!(
        shown(&scene, &staff)
            .await
            .contains("Whom do we ban today?")
    );
    // What was asked already is not published by one press.
    let late = scene.mira.click(&opened, "Share one forum").await;
    assert_snapshot!(late.message().await.shown(), @"bot (only mira sees this): | Questions were asked in [#mods](https://discord.com/channels/Kitchen/mods) already, so that it can’t just share the forum of [#help](https://discord.com/channels/Kitchen/help). To bring them along, say /forum code in [#help](https://discord.com/channels/Kitchen/help), then /forum join with that code in [#mods](https://discord.com/channels/Kitchen/mods).");
    let told = shown(&scene, &scene.help).await;
    assert!(told.contains("There is no #1"), "{told}");
    scene.over().await;
}

#[tokio::test]
async fn it_shares_the_forum_once_its_admin_was_told_what_that_means_and_agreed() {
    let scene = Scene::new().await;
    let role = scene.guild.role("mods", 0).await;
    let mods = hidden(&scene, "mods", role).await;
    let opened = open(&scene, &mods).await;
    // Nobody else agrees for them, whatever their client sends.
    scene.sol.gets_role(role).await;
    let own = scene.sol.command(&mods, "help", &[]).await.message().await;
    let forged = scene.sol.forges_click(&own, "1.open.shared").await;
    let told = forged.message().await.shown();
    assert!(told.contains("Only who manages the server"), "{told}");
    let shared = scene.mira.click(&opened, "Share one forum").await;
    assert_snapshot!(shared.message().await.shown(), @"bot (only mira sees this): | [#mods](https://discord.com/channels/Kitchen/mods) and [#help](https://discord.com/channels/Kitchen/help) share one forum: whatever is asked in one is posted in both, and all who can view either can read it.");
    asks(&scene, &mods, "What do we serve today?").await;
    assert!(
        shown(&scene, &scene.help)
            .await
            .contains("What do we serve today?")
    );
    // To that they agreed, so nobody is warned, after a restart neither.
    let owner = scene.guild.owner().direct().await;
    let mut scene = scene;
    assert!(scene.bot.stop().await.success());
    scene.bot.start();
    scene.discord.wait_connected(1).await;
    assert!(open(&scene, &mods).await.buttons().is_empty());
    assert!(owner.messages().is_empty());
    scene.over().await;
}

#[tokio::test]
async fn a_channel_that_more_can_view_shows_nothing_of_one_that_was_there_before() {
    let scene = Scene::closed("").await;
    let role = scene.guild.role("mods", 0).await;
    let mods = hidden(&scene, "mods", role).await;
    let mut scene = scene;
    scene.bot.start();
    scene.discord.wait_connected(1).await;
    assert!(
        open(&scene, &mods).await.buttons().is_empty(),
        "it is the first"
    );
    asks(&scene, &mods, "Whom do we ban today?").await;
    let help = scene.help.clone();
    assert_snapshot!(open(&scene, &help).await.shown(), @"
    bot (only mira sees this): | [#help](https://discord.com/channels/Kitchen/help) is a place of the forum now, with questions of its own: some can view it who can’t view [#mods](https://discord.com/channels/Kitchen/mods), so what is asked there is neither shown nor found here. You can have both share one forum instead. Then whatever is asked in [#mods](https://discord.com/channels/Kitchen/mods) is posted here too, and all who can view [#help](https://discord.com/channels/Kitchen/help) can read it.
      [Share one forum]
    ");
    let told = shown(&scene, &help).await;
    assert!(told.contains("There is no #1"), "{told}");
    scene.over().await;
}

#[tokio::test]
async fn a_server_that_hides_everything_until_people_are_verified_is_asked_nothing() {
    let scene = Scene::closed("").await;
    let hidden = may::EVERYONE & !may::VIEW_CHANNEL;
    scene.guild.set_everyone_permissions(hidden).await;
    let verified = scene.guild.role("verified", may::VIEW_CHANNEL).await;
    scene.sol.gets_role(verified).await;
    let other = scene.guild.text_channel("other").await;
    let mut scene = scene;
    scene.bot.start();
    scene.discord.wait_connected(1).await;
    let help = scene.help.clone();
    for channel in [&help, &other] {
        let opened = open(&scene, channel).await;
        assert!(opened.buttons().is_empty(), "{}", opened.shown());
    }
    asks(&scene, &help, "Who can read this?").await;
    assert!(shown(&scene, &other).await.contains("Who can read this?"));
    scene.over().await;
}

#[tokio::test]
async fn nothing_is_published_from_a_private_thread_and_views_are_answered_there() {
    let scene = Scene::new().await;
    let card = asks(&scene, &scene.help, "What is secret?").await;
    let thread = scene
        .sol
        .opens_private_thread(&scene.help, "between us")
        .await;
    let written = scene.sol.says(&thread, "She has left him.").await;
    let asked = [("title", "Has she left him?")];
    let ask = scene.sol.command(&thread, "ask", &asked).await;
    assert_snapshot!(ask.message().await.shown(), @"bot (only sol sees this): | This thread is private, and what is asked, answered or changed here would be shown to all who can view the forum. Do it in the channel itself. You can search and read here.");
    for refused in [
        scene
            .sol
            .command(&thread, "answer", &[("post", "#1")])
            .await,
        scene
            .sol
            .command(&thread, "comment", &[("post", "#1")])
            .await,
        scene.sol.menu(&written, "Make this a question").await,
        scene.sol.menu(&written, "Make this an answer").await,
    ] {
        let told = refused.message().await.shown();
        assert!(told.contains("This thread is private"), "{told}");
    }
    // Even where the bot is not told of the thread, as long as nobody lets it look.
    scene.help.forbid_bot(may::MANAGE_THREADS).await;
    let other = scene.sol.opens_private_thread(&scene.help, "more").await;
    assert!(shown(&scene, &other).await.contains("What is secret?"));
    let ask = scene.sol.command(&other, "ask", &asked).await;
    let told = ask.message().await.shown();
    assert!(told.contains("This thread is private"), "{told}");
    let voted = scene.sol.command(&other, "up", &[("post", "#1")]).await;
    voted.message().await;
    scene.shows(&card, "+1 vote").await;
    assert_eq!(scene.help.messages().len(), 1);
    scene.over().await;
}

#[tokio::test]
async fn a_place_that_becomes_narrower_is_warned_of_to_who_owns_the_server() {
    let scene = Scene::new().await;
    let other = scene.guild.text_channel("other").await;
    let third = scene.guild.text_channel("third").await;
    assert!(open(&scene, &other).await.buttons().is_empty());
    assert!(open(&scene, &third).await.buttons().is_empty());
    let owner = scene.guild.owner().direct().await;
    let role = scene.guild.role("mods", may::VIEW_CHANNEL).await;
    assert!(owner.messages().is_empty());
    hide(&other, role).await;
    let warned = owner.clone();
    let look = move |_: &Discord| warned.messages().first().cloned();
    let warning = scene.discord.wait_until("a warning", look).await;
    assert_snapshot!(warning.shown(), @"bot: | Not everybody who can view [#help](https://discord.com/channels/Kitchen/help) can view [#other](https://discord.com/channels/Kitchen/other), and the two share one forum: what is asked in [#other](https://discord.com/channels/Kitchen/other) is posted in [#help](https://discord.com/channels/Kitchen/help) too, and found there. To give [#other](https://discord.com/channels/Kitchen/other) questions of its own, or to leave it so, say /forum open there.");
    // A role that is changed does the same; what was said is not said again.
    let muted = scene.guild.role("muted", 0).await;
    third.forbid_role(muted, may::VIEW_CHANNEL).await;
    let warned = owner.clone();
    let look = move |_: &Discord| warned.messages().get(1).cloned();
    let second = scene.discord.wait_until("another warning", look).await;
    assert!(second.shown().contains("#third"), "{}", second.shown());
    third.rename("a third").await;
    // Whoever manages it has the choice.
    let still = open(&scene, &other).await;
    assert_snapshot!(still.shown(), @"
    bot (only mira sees this): | [#other](https://discord.com/channels/Kitchen/other) and [#help](https://discord.com/channels/Kitchen/help) share one forum, though not everybody can view both: whatever is asked in one is posted in the other too. You can leave it so, or give [#other](https://discord.com/channels/Kitchen/other) questions of its own; what was asked until now then stays in the forum of [#help](https://discord.com/channels/Kitchen/help).
      [Share one forum] [Questions of its own]
    ");
    let apart = scene.mira.click(&still, "Questions of its own").await;
    let told = apart.message().await.shown();
    assert!(told.contains("with questions of its own"), "{told}");
    asks(&scene, &other, "Whom do we ban today?").await;
    assert!(scene.help.messages().is_empty());
    assert_eq!(owner.messages().len(), 2);
    scene.over().await;
}

#[tokio::test]
async fn an_owner_who_takes_no_messages_is_told_by_the_log_and_by_check() {
    let scene = Scene::new().await;
    let other = scene.guild.text_channel("other").await;
    assert!(open(&scene, &other).await.buttons().is_empty());
    scene.guild.owner().takes_direct_messages(false).await;
    let role = scene.guild.role("mods", may::VIEW_CHANNEL).await;
    hide(&other, role).await;
    let help = scene.help.clone();
    // What comes after it is dealt with after it.
    scene
        .sol
        .react(&asks(&scene, &help, "Is it said?").await, "👍")
        .await;
    scene.shows(&help.last(), "+1 vote").await;
    let log = scene.bot.log();
    assert!(
        log.contains("not everybody who can view one place"),
        "{log}"
    );
    let (_, all) = checked(&scene.bot, &scene.discord).await;
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
    scene.over().await;
}
