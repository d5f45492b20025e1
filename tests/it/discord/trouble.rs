//! What is taken away, lost or missed, and that the truth comes out of it.

use discord::{Discord, Fault, Message, Person, permissions};
use insta::assert_snapshot;

use super::context::{TEXT, TestContext, timeless};

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
    let mut context = TestContext::new().await;
    let card = context.asks(&context.mira, "Who saw this?", "").await;
    let answer = context.answers(&context.sol, &card, "I did.").await;
    context.sol.react(&card, "👍").await;
    context.shows(&card, "+1 vote").await;
    // The line goes dead, the session with it, and what happens meanwhile is never told.
    let identified = context.discord.identifies();
    context.discord.hold_events();
    context.sol.unreact(&card, "👍").await;
    context.mira.react(&answer, "👍").await;
    context.mira.react(&answer, "✅").await;
    context.discord.lose_events();
    context.discord.invalidate_sessions(false);
    let again = move |discord: &Discord| (discord.identifies() > identified).then_some(());
    context.discord.wait_until("another session", again).await;
    context.shows(&card, "0 votes").await;
    context.shows(&answer, "+1 vote").await;
    context.shows(&answer, "Accepted answer").await;
    // A hundred and more vote while the bot does not run at all.
    assert!(context.bot.stop().await.success());
    let mut voters = Vec::new();
    for number in 0..120 {
        let voter = context.guild.person(&format!("voter{number}")).await;
        voter
            .react(&card, if number % 3 == 0 { "👎🏽" } else { "👍" })
            .await;
        voters.push(voter);
    }
    // Both at once, and nobody knows which came later: neither counts.
    let both = context.guild.person("both").await;
    both.react(&card, "👍").await;
    both.react(&card, "👎").await;
    context.bot.start();
    context.shows(&card, "+40 votes").await;
    context.over().await;
}

#[tokio::test]
async fn a_super_reaction_counts_as_long_as_it_hangs() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Is this super?", "").await;
    context.sol.super_react(&card, "👍").await;
    context.shows(&card, "+1 vote").await;
    // What hangs there is read: others voted so, and it was never told.
    let tom = context.guild.person("tom").await;
    let ada = context.guild.person("ada").await;
    context.discord.hold_events();
    tom.super_react(&card, "👍").await;
    ada.react(&card, "👍").await;
    context.discord.lose_events();
    context.discord.invalidate_sessions(false);
    context.shows(&card, "+3 votes").await;
    // Taken back, it counts no more.
    context.sol.unreact(&card, "👍").await;
    context.shows(&card, "+2 votes").await;
    context.over().await;
}

#[tokio::test]
async fn an_edit_whose_answer_is_lost_is_undone_with_the_vote() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Is this still so?", "").await;
    let lost = Fault::html("PATCH", "/messages", 502).but_done();
    context.discord.fail(lost);
    context.sol.react(&card, "👍").await;
    context.shows(&card, "+1 vote").await;
    context.sol.unreact(&card, "👍").await;
    context.shows(&card, " 0 votes").await;
    context.over().await;
}

#[tokio::test]
async fn reactions_that_a_moderator_clears_count_no_more() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Is this voted on?", "").await;
    let tom = context.guild.person("tom").await;
    context.sol.react(&card, "👍").await;
    tom.react(&card, "👎").await;
    context.shows(&card, "0 votes").await;
    context.mira.clears_reactions(&card, Some("👎")).await;
    context.shows(&card, "+1 vote").await;
    context.mira.clears_reactions(&card, None).await;
    context.shows(&card, "0 votes").await;
    context.over().await;
}

#[tokio::test]
async fn a_vote_on_one_s_own_post_is_taken_away_and_explained_in_private() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "May I like this?", "").await;
    context.mira.react(&card, "👍").await;
    hangs(&context.discord, &card, &[]).await;
    let direct = context.mira.direct().await;
    let told = move |_: &Discord| direct.messages().last().map(Message::shown);
    let told = context.discord.wait_until("a word in private", told).await;
    assert_snapshot!(told, @"bot: | [#1](https://discord.com/channels/Kitchen/help/#1 May I like this?) is your own, and nobody votes on their own posts.");
    // Where the bot may not take it away, it counts no more than that.
    context.help.forbid_bot(permissions::MANAGE_MESSAGES).await;
    context.mira.react(&card, "👎").await;
    context.sol.react(&card, "👍").await;
    context.shows(&card, "+1 vote").await;
    hangs(&context.discord, &card, &["👎", "👍"]).await;
    context.over().await;
}

#[tokio::test]
async fn a_message_that_is_gone_hides_its_post_until_a_moderator_shows_it_again() {
    let context = TestContext::new().await;
    let written = context.sol.says(&context.help, "Does this stay?").await;
    let card = context.asks_with(&context.sol, &written).await;
    context.mira.deletes(&written).await;
    context.shows(&card, "hidden").await;
    let thread = card.thread();
    context.is_named(&thread, "#1").await;
    assert_snapshot!(timeless(&card.shown()), @r#"
    bot: (edited)
      | -# [#1](https://discord.com/channels/Kitchen/help/#1) is hidden, because the message it was made from was deleted. It is withdrawn for good <t:…:R>, unless `/unhide #1` shows it again.
      [… off]
    "#);
    // A moderator may have taken it away, and the bot reads no audit log, then one that says so.
    for rights in [permissions::BOT, MAY_READ_LOG] {
        context.guild.set_bot_permissions(rights).await;
        let refused = unhides(&context, &context.sol).await;
        assert!(refused.contains("can’t tell by whom"), "{refused}");
    }
    let shown = unhides(&context, &context.mira).await;
    assert!(shown.contains("is shown again"), "{shown}");
    context.is_named(&thread, "#1 Does this stay?").await;
    context.shows(&card, "Does this stay?").await;
    context.over().await;
}

#[tokio::test]
async fn what_its_author_took_away_they_show_again_where_the_audit_log_says_that_nobody_else_did() {
    let context = TestContext::new().await;
    context.guild.set_bot_permissions(MAY_READ_LOG).await;
    let written = context.sol.says(&context.help, "Does this stay?").await;
    let card = context.asks_with(&context.sol, &written).await;
    // What others wrote is another matter.
    let tom = context.guild.person("tom").await;
    let talk = tom.says(&context.help, "Talk.").await;
    context.mira.deletes(&talk).await;
    context.sol.deletes(&written).await;
    context.shows(&card, "hidden").await;
    let shown = unhides(&context, &context.sol).await;
    assert!(shown.contains("is shown again"), "{shown}");
    context.shows(&card, "Does this stay?").await;
    context.over().await;
}

#[tokio::test]
async fn who_takes_a_card_away_is_told_once_in_private_how_its_post_is_hidden() {
    let context = TestContext::new().await;
    context.guild.set_bot_permissions(MAY_READ_LOG).await;
    let first = context.asks(&context.sol, "Does this go?", "").await;
    let second = context.asks(&context.sol, "And this?", "").await;
    context.mira.deletes(&first).await;
    let direct = context.mira.direct().await;
    let there = direct.clone();
    let told = move |_: &Discord| there.messages().last().map(Message::shown);
    let told = context.discord.wait_until("a word in private", told).await;
    assert!(told.contains("/hide hides it"), "{told}");
    context.mira.deletes(&second).await;
    // What comes after that was heard after it.
    context.asks(&context.mira, "What is left?", "").await;
    assert_eq!(direct.messages().len(), 1);
    context.over().await;
}

/// What the bot may do that also reads a server's audit log.
const MAY_READ_LOG: u64 = permissions::BOT | permissions::VIEW_AUDIT_LOG;

/// Somebody has question 1 shown again; gives what they are told.
async fn unhides(context: &TestContext, who: &Person) -> String {
    let shown = who
        .command(&context.help, "unhide", &[("post", "#1")])
        .await;
    shown.message().await.shown()
}

#[tokio::test]
async fn what_is_swept_away_ends_surfaces_and_nothing_else() {
    let context = TestContext::new().await;
    let bench = context.guild.text_channel("bench").await;
    context.opens(&bench).await;
    let first = context.sol.says(&context.help, "Is this swept away?").await;
    let card = context.asks_with(&context.sol, &first).await;
    let answer = context.answers(&context.mira, &card, "Perhaps.").await;
    let other = context.sol.says(&context.help, "Talk.").await;
    // The source and other talk go together, then the thread with the answer's card.
    context.mira.purges(&[&first, &other]).await;
    card.thread().delete().await;
    let gone = answer.clone();
    context
        .discord
        .wait_until("the answer's card to be gone", move |_| {
            (!gone.exists()).then_some(())
        })
        .await;
    // All of it is still in the forum, and nothing is posted again.
    let voted = context.mira.command(&bench, "up", &[("post", "#1")]).await;
    voted.message().await;
    context.shows(&card, "+1 vote").await;
    let shown = context.sol.command(&bench, "show", &[("post", "#1")]).await;
    let shown = shown.message().await.shown();
    assert!(
        shown.contains("Is this swept away?") && shown.contains("Perhaps."),
        "{shown}"
    );
    // The card itself goes by a moderator's hand: it is not posted again there.
    context.mira.deletes(&card).await;
    let voted = context
        .mira
        .command(&bench, "unvote", &[("post", "#1")])
        .await;
    voted.message().await;
    assert!(context.help.messages().is_empty());
    let question = context
        .asks(&context.sol, "Is the next one here?", "")
        .await;
    assert!(question.exists());
    context.over().await;
}

#[tokio::test]
async fn what_the_bot_may_not_post_waits_until_it_may() {
    let context = TestContext::new().await;
    context.help.forbid_bot(permissions::SEND_MESSAGES).await;
    let said = context
        .says(&context.sol, &context.help, "Is anybody there?", "")
        .await;
    assert!(said.contains("is asked"), "{said}");
    let tried = |discord: &Discord| {
        let refused =
            discord.requests_that(|request| request.to_string().contains("/messages -> 403"));
        (!refused.is_empty()).then_some(())
    };
    context.discord.wait_until("a try", tried).await;
    assert!(context.help.messages().is_empty());
    context.help.forbid_bot(0).await;
    let help = context.help.clone();
    let card = move |_: &Discord| help.messages().first().cloned();
    context.discord.wait_until("the card", card).await;
    assert_eq!(context.help.messages().len(), 1);
    let log = context.bot.log();
    assert!(log.contains("can’t be posted until"), "{log}");
    context.over().await;
}

#[tokio::test]
async fn what_is_refused_for_a_while_is_posted_when_that_has_passed() {
    let context = TestContext::new().await;
    // Something on the way says so, and not Discord.
    let blocked = Fault::html("POST", "/messages", 403).times(2);
    context.discord.fail(blocked);
    let first = context.asks(&context.sol, "Is anybody there?", "").await;
    // There is no room for one more thread: an answer waits for that, and no question behind it.
    context.guild.limit_threads(1).await;
    let second = "Is there room for this?";
    context.says(&context.sol, &context.help, second, "").await;
    let card = context.message_in(&context.help, 1).await;
    let dialog = context.mira.click(&card, "Answer").await.modal().await;
    let answered = context.mira.submit(&dialog, &[(TEXT, "Not yet.")]).await;
    answered.message().await;
    let refused = |discord: &Discord| {
        let mut requests = discord.requests().into_iter();
        requests.find(|request| request.code == 160_006 && request.body["name"].is_string())
    };
    context.discord.wait_until("no room", refused).await;
    context
        .says(&context.sol, &context.help, "And for this?", "")
        .await;
    context.message_in(&context.help, 2).await;
    context.guild.limit_threads(9).await;
    let help = context.help.clone();
    let answer = move |_: &Discord| {
        let mut threads = help.threads().into_iter();
        threads.find(|thread| !thread.messages().is_empty())
    };
    context
        .discord
        .wait_until("the answer's card", answer)
        .await;
    assert!(first.exists());
    context.over().await;
}

#[tokio::test]
async fn a_bot_that_was_thrown_out_comes_back_to_what_was_there() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Will it come back?", "").await;
    context.guild.kick_bot().await;
    context.sol.react(&card, "👍").await;
    context.guild.invite_bot().await;
    // Whoever manages the server decides anew whether the forum is open there.
    loop {
        let show = context
            .sol
            .command(&context.help, "show", &[("post", "#1")]);
        let said = show.await.message().await.shown();
        if said.contains("not a place of the forum yet") {
            break;
        }
    }
    let help = context.help.clone();
    context.opens(&help).await;
    context.shows(&card, "+1 vote").await;
    assert_eq!(context.help.messages().len(), 1, "nothing is posted again");
    context.over().await;
}

#[tokio::test]
async fn a_channel_or_server_that_is_gone_holds_nothing_up() {
    let context = TestContext::new().await;
    let attic = context.guild.text_channel("attic").await;
    context.opens(&attic).await;
    let said = context
        .says(&context.sol, &attic, "Is the attic gone?", "")
        .await;
    assert!(said.contains("is asked"));
    attic.delete().await;
    let voted = context
        .mira
        .command(&context.help, "up", &[("post", "#1")])
        .await;
    voted.message().await;
    context.asks(&context.mira, "And what now?", "").await;
    // Discord itself is in trouble for a while: nothing ends by that.
    context.guild.goes_down().await;
    context.guild.comes_back().await;
    context.asks(&context.mira, "And what then?", "").await;
    context.over().await;
}
