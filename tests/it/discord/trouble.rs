//! What is taken away, lost or missed, and that the truth comes out of it.

use discord::{Discord, Fault, Message, Person, permissions};
use insta::assert_snapshot;

use super::scene::{Scene, TEXT, timeless};

/// Waits until a message has just these reactions.
async fn hangs(discord: &Discord, message: &Message, reactions: &[&str]) {
    let (message, wanted) = (message.clone(), reactions.to_vec());
    let look = move |_: &Discord| {
        let hanging = message.reactions();
        let hanging: Vec<&str> = hanging.iter().map(|(emoji, _)| emoji.as_str()).collect();
        (hanging == wanted).then_some(())
    };
    discord.wait_until("the reactions", look).await;
}

#[tokio::test]
async fn what_was_missed_is_read_from_the_reactions_that_hang() {
    let mut scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "Who saw this?", "").await;
    let answer = scene.answers(&scene.sol, &card, "I did.").await;
    scene.sol.react(&card, "👍").await;
    scene.shows(&card, "+1 vote").await;
    // The line goes dead, the session with it, and what happens meanwhile is never told.
    let identified = scene.discord.identifies();
    scene.discord.hold_events();
    scene.sol.unreact(&card, "👍").await;
    scene.mira.react(&answer, "👍").await;
    scene.mira.react(&answer, "✅").await;
    scene.discord.lose_events();
    scene.discord.invalidate_sessions(false);
    let again = move |discord: &Discord| (discord.identifies() > identified).then_some(());
    scene.discord.wait_until("another session", again).await;
    scene.shows(&card, "0 votes").await;
    scene.shows(&answer, "+1 vote").await;
    scene.shows(&answer, "Accepted answer").await;
    // A hundred and more vote while the bot does not run at all.
    assert!(scene.bot.stop().await.success());
    let mut voters = Vec::new();
    for number in 0..120 {
        let voter = scene.guild.person(&format!("voter{number}")).await;
        voter
            .react(&card, if number % 3 == 0 { "👎🏽" } else { "👍" })
            .await;
        voters.push(voter);
    }
    // Both at once, and nobody knows which came later: neither counts.
    let both = scene.guild.person("both").await;
    both.react(&card, "👍").await;
    both.react(&card, "👎").await;
    scene.bot.start();
    scene.shows(&card, "+40 votes").await;
    scene.over().await;
}

#[tokio::test]
async fn a_super_reaction_counts_as_long_as_it_hangs() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "Is this super?", "").await;
    scene.sol.super_react(&card, "👍").await;
    scene.shows(&card, "+1 vote").await;
    // What hangs there is read: others voted so, and it was never told.
    let tom = scene.guild.person("tom").await;
    let ada = scene.guild.person("ada").await;
    scene.discord.hold_events();
    tom.super_react(&card, "👍").await;
    ada.react(&card, "👍").await;
    scene.discord.lose_events();
    scene.discord.invalidate_sessions(false);
    scene.shows(&card, "+3 votes").await;
    // Taken back, it counts no more.
    scene.sol.unreact(&card, "👍").await;
    scene.shows(&card, "+2 votes").await;
    scene.over().await;
}

#[tokio::test]
async fn an_edit_whose_answer_is_lost_is_undone_with_the_vote() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "Is this still so?", "").await;
    let lost = Fault::html("PATCH", "/messages", 502).but_done();
    scene.discord.fail(lost);
    scene.sol.react(&card, "👍").await;
    scene.shows(&card, "+1 vote").await;
    scene.sol.unreact(&card, "👍").await;
    scene.shows(&card, " 0 votes").await;
    scene.over().await;
}

#[tokio::test]
async fn reactions_that_a_moderator_clears_count_no_more() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "Is this voted on?", "").await;
    let tom = scene.guild.person("tom").await;
    scene.sol.react(&card, "👍").await;
    tom.react(&card, "👎").await;
    scene.shows(&card, "0 votes").await;
    scene.mira.clears_reactions(&card, Some("👎")).await;
    scene.shows(&card, "+1 vote").await;
    scene.mira.clears_reactions(&card, None).await;
    scene.shows(&card, "0 votes").await;
    scene.over().await;
}

#[tokio::test]
async fn a_vote_on_one_s_own_post_is_taken_away_and_explained_in_private() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "May I like this?", "").await;
    scene.mira.react(&card, "👍").await;
    hangs(&scene.discord, &card, &[]).await;
    let direct = scene.mira.direct().await;
    let told = move |_: &Discord| direct.messages().last().map(Message::shown);
    let told = scene.discord.wait_until("a word in private", told).await;
    assert_snapshot!(told, @"bot: | [#1](https://discord.com/channels/Kitchen/help/#1 May I like this?) is your own, and nobody votes on their own posts.");
    // Where the bot may not take it away, it counts no more than that.
    scene.help.forbid_bot(permissions::MANAGE_MESSAGES).await;
    scene.mira.react(&card, "👎").await;
    scene.sol.react(&card, "👍").await;
    scene.shows(&card, "+1 vote").await;
    hangs(&scene.discord, &card, &["👎", "👍"]).await;
    scene.over().await;
}

#[tokio::test]
async fn a_message_that_is_gone_hides_its_post_until_a_moderator_shows_it_again() {
    let scene = Scene::new().await;
    let written = scene.sol.says(&scene.help, "Does this stay?").await;
    let card = scene.asks_with(&scene.sol, &written).await;
    scene.mira.deletes(&written).await;
    scene.shows(&card, "hidden").await;
    let thread = card.thread();
    scene.is_named(&thread, "#1").await;
    assert_snapshot!(timeless(&card.shown()), @r#"
    bot: (edited)
      | -# [#1](https://discord.com/channels/Kitchen/help/#1) is hidden, because the message it was made from was deleted. It is withdrawn for good <t:…:R>, unless `/unhide #1` shows it again.
      [… off]
    "#);
    // A moderator may have taken it away, and the bot reads no audit log, then one that says so.
    for rights in [permissions::BOT, MAY_READ_LOG] {
        scene.guild.set_bot_permissions(rights).await;
        let refused = unhides(&scene, &scene.sol).await;
        assert!(refused.contains("can’t tell by whom"), "{refused}");
    }
    let shown = unhides(&scene, &scene.mira).await;
    assert!(shown.contains("is shown again"), "{shown}");
    scene.is_named(&thread, "#1 Does this stay?").await;
    scene.shows(&card, "Does this stay?").await;
    scene.over().await;
}

#[tokio::test]
async fn what_its_author_took_away_they_show_again_where_the_audit_log_says_that_nobody_else_did() {
    let scene = Scene::new().await;
    scene.guild.set_bot_permissions(MAY_READ_LOG).await;
    let written = scene.sol.says(&scene.help, "Does this stay?").await;
    let card = scene.asks_with(&scene.sol, &written).await;
    // What others wrote is another matter.
    let tom = scene.guild.person("tom").await;
    let talk = tom.says(&scene.help, "Talk.").await;
    scene.mira.deletes(&talk).await;
    scene.sol.deletes(&written).await;
    scene.shows(&card, "hidden").await;
    let shown = unhides(&scene, &scene.sol).await;
    assert!(shown.contains("is shown again"), "{shown}");
    scene.shows(&card, "Does this stay?").await;
    scene.over().await;
}

#[tokio::test]
async fn who_takes_a_card_away_is_told_once_in_private_how_its_post_is_hidden() {
    let scene = Scene::new().await;
    scene.guild.set_bot_permissions(MAY_READ_LOG).await;
    let first = scene.asks(&scene.sol, "Does this go?", "").await;
    let second = scene.asks(&scene.sol, "And this?", "").await;
    scene.mira.deletes(&first).await;
    let direct = scene.mira.direct().await;
    let there = direct.clone();
    let told = move |_: &Discord| there.messages().last().map(Message::shown);
    let told = scene.discord.wait_until("a word in private", told).await;
    assert!(told.contains("/hide hides it"), "{told}");
    scene.mira.deletes(&second).await;
    // What comes after that was heard after it.
    scene.asks(&scene.mira, "What is left?", "").await;
    assert_eq!(direct.messages().len(), 1);
    scene.over().await;
}

/// What the bot may do that also reads a server's audit log.
const MAY_READ_LOG: u64 = permissions::BOT | permissions::VIEW_AUDIT_LOG;

/// Somebody has question 1 shown again; gives what they are told.
async fn unhides(scene: &Scene, who: &Person) -> String {
    let shown = who.command(&scene.help, "unhide", &[("post", "#1")]).await;
    shown.message().await.shown()
}

#[tokio::test]
async fn what_is_swept_away_ends_surfaces_and_nothing_else() {
    let scene = Scene::new().await;
    let bench = scene.guild.text_channel("bench").await;
    scene.opens(&bench).await;
    let first = scene.sol.says(&scene.help, "Is this swept away?").await;
    let card = scene.asks_with(&scene.sol, &first).await;
    let answer = scene.answers(&scene.mira, &card, "Perhaps.").await;
    let other = scene.sol.says(&scene.help, "Talk.").await;
    // The source and other talk go together, then the thread with the answer's card.
    scene.mira.purges(&[&first, &other]).await;
    card.thread().delete().await;
    let gone = answer.clone();
    scene
        .discord
        .wait_until("the answer's card to be gone", move |_| {
            (!gone.exists()).then_some(())
        })
        .await;
    // All of it is still in the forum, and nothing is posted again.
    let voted = scene.mira.command(&bench, "up", &[("post", "#1")]).await;
    voted.message().await;
    scene.shows(&card, "+1 vote").await;
    let shown = scene.sol.command(&bench, "show", &[("post", "#1")]).await;
    let shown = shown.message().await.shown();
    assert!(
        shown.contains("Is this swept away?") && shown.contains("Perhaps."),
        "{shown}"
    );
    // The card itself goes by a moderator's hand: it is not posted again there.
    scene.mira.deletes(&card).await;
    let voted = scene
        .mira
        .command(&bench, "unvote", &[("post", "#1")])
        .await;
    voted.message().await;
    assert!(scene.help.messages().is_empty());
    let question = scene.asks(&scene.sol, "Is the next one here?", "").await;
    assert!(question.exists());
    scene.over().await;
}

#[tokio::test]
async fn what_the_bot_may_not_post_waits_until_it_may() {
    let scene = Scene::new().await;
    scene.help.forbid_bot(permissions::SEND_MESSAGES).await;
    let said = scene
        .says(&scene.sol, &scene.help, "Is anybody there?", "")
        .await;
    assert!(said.contains("is asked"), "{said}");
    let tried = |discord: &Discord| {
        let refused =
            discord.requests_that(|request| request.to_string().contains("/messages -> 403"));
        (!refused.is_empty()).then_some(())
    };
    scene.discord.wait_until("a try", tried).await;
    assert!(scene.help.messages().is_empty());
    scene.help.forbid_bot(0).await;
    let help = scene.help.clone();
    let card = move |_: &Discord| help.messages().first().cloned();
    scene.discord.wait_until("the card", card).await;
    assert_eq!(scene.help.messages().len(), 1);
    let log = scene.bot.log();
    assert!(log.contains("can’t be posted until"), "{log}");
    scene.over().await;
}

#[tokio::test]
async fn what_is_refused_for_a_while_is_posted_when_that_has_passed() {
    let scene = Scene::new().await;
    // Something on the way says so, and not Discord.
    let blocked = Fault::html("POST", "/messages", 403).times(2);
    scene.discord.fail(blocked);
    let first = scene.asks(&scene.sol, "Is anybody there?", "").await;
    // There is no room for one more thread: an answer waits for that, and no question behind it.
    scene.guild.limit_threads(1).await;
    let second = "Is there room for this?";
    scene.says(&scene.sol, &scene.help, second, "").await;
    let card = scene.message_in(&scene.help, 1).await;
    let dialog = scene.mira.click(&card, "Answer").await.modal().await;
    let answered = scene.mira.submit(&dialog, &[(TEXT, "Not yet.")]).await;
    answered.message().await;
    let refused = |discord: &Discord| {
        let mut requests = discord.requests().into_iter();
        requests.find(|request| request.code == 160_006 && request.body["name"].is_string())
    };
    scene.discord.wait_until("no room", refused).await;
    scene
        .says(&scene.sol, &scene.help, "And for this?", "")
        .await;
    scene.message_in(&scene.help, 2).await;
    scene.guild.limit_threads(9).await;
    let help = scene.help.clone();
    let answer = move |_: &Discord| {
        let mut threads = help.threads().into_iter();
        threads.find(|thread| !thread.messages().is_empty())
    };
    scene.discord.wait_until("the answer's card", answer).await;
    assert!(first.exists());
    scene.over().await;
}

#[tokio::test]
async fn a_bot_that_was_thrown_out_comes_back_to_what_was_there() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "Will it come back?", "").await;
    scene.guild.kick_bot().await;
    scene.sol.react(&card, "👍").await;
    scene.guild.invite_bot().await;
    // Whoever manages the server decides anew whether the forum is open there.
    loop {
        let show = scene.sol.command(&scene.help, "show", &[("post", "#1")]);
        let said = show.await.message().await.shown();
        if said.contains("not a place of the forum yet") {
            break;
        }
    }
    let help = scene.help.clone();
    scene.opens(&help).await;
    scene.shows(&card, "+1 vote").await;
    assert_eq!(scene.help.messages().len(), 1, "nothing is posted again");
    scene.over().await;
}

#[tokio::test]
async fn a_channel_or_server_that_is_gone_holds_nothing_up() {
    let scene = Scene::new().await;
    let attic = scene.guild.text_channel("attic").await;
    scene.opens(&attic).await;
    let said = scene
        .says(&scene.sol, &attic, "Is the attic gone?", "")
        .await;
    assert!(said.contains("is asked"));
    attic.delete().await;
    let voted = scene
        .mira
        .command(&scene.help, "up", &[("post", "#1")])
        .await;
    voted.message().await;
    scene.asks(&scene.mira, "And what now?", "").await;
    // Discord itself is in trouble for a while: nothing ends by that.
    scene.guild.goes_down().await;
    scene.guild.comes_back().await;
    scene.asks(&scene.mira, "And what then?", "").await;
    scene.over().await;
}
