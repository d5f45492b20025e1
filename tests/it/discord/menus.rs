//! Messages that become posts, dialogs, and what is told to whom alone.

use insta::assert_snapshot;

use super::context::{TEXT, TestContext, seen};

#[tokio::test]
async fn a_message_becomes_a_question_and_another_its_answer() {
    let context = TestContext::new().await;
    let text = "Does beer freeze?\nMine stands on the *balcony*.";
    let written = context.sol.says(&context.help, text).await;
    let dialog = context.sol.menu(&written, "Make this a question").await;
    let dialog = dialog.modal().await;
    assert_snapshot!(dialog.shown(), @"
    ┌ Ask a question
    │ Title*: Does beer freeze?
    │ Tags: 
    │ Text: Does beer freeze?
    Mine stands on the *balcony*.
    │ More text, if it is long: 
    │ More text, if it is long:
    ");
    let asked = context.sol.submit(&dialog, &[("tags", "cold, beer")]).await;
    assert!(asked.message().await.shown().contains("is asked."));
    let help = context.help.clone();
    let look = move |_: &discord::Discord| help.threads().first().cloned();
    let thread = context.discord.wait_until("the thread", look).await;
    let card = context.help.last();

    let written = context.mira.says(&thread, "Below -2 °C it does.").await;
    let answered = context.mira.menu(&written, "Make this an answer").await;
    assert!(answered.message().await.shown().contains("is posted."));
    context.shows(&card, "1 answer").await;
    let answer = context.message_in(&thread, 1).await;
    // Whoever did not ask accepts nothing, whichever way they try.
    let tom = context.guild.person("tom").await;
    let refused = tom.menu(&answer, "Accept this answer").await;
    assert_snapshot!(refused.message().await.shown(), @"bot (only tom sees this): | Only the person who asked [#1](https://discord.com/channels/Kitchen/help/#1 Does beer freeze?), or a moderator, can decide which answer is accepted. You can vote for the answer that helped: 👍");
    let accepted = context.sol.menu(&answer, "Accept this answer").await;
    accepted.message().await;
    context.shows(&answer, "Accepted answer").await;
    assert_snapshot!(seen(&context.help));
    context.over().await;
}

#[tokio::test]
async fn commands_are_named_and_described_in_the_language_of_ones_discord() {
    let discord = discord::Discord::start().await;
    let mut bot = crate::world::Bot::on_discord(&discord);
    bot.replace("[storage]", "[forum]\nlanguage = \"en-XA\"\n\n[storage]");
    bot.start();
    discord.wait_connected(1).await;
    let (english, german) = (discord.commands_in("fr"), discord.commands_in("de"));
    let names = |seen: &[(String, String)]| {
        let names: Vec<_> = seen.iter().map(|(name, _)| name.clone()).collect();
        names.join(" ")
    };
    assert!(names(&english).starts_with("ask title tags answer post"));
    assert!(names(&german).starts_with("áášķ ţţíţłłé ţţáğšš ááñšŵŵéŕ þþóšţţ"));
    assert_eq!(english.len(), german.len());
    for ((name, _), (own, description)) in english.iter().zip(&german) {
        assert_ne!(name, own);
        assert!(description.starts_with('['), "{own}: {description}");
    }
    assert!(bot.stop().await.success());
    assert_eq!(discord.violations(), []);
}

#[tokio::test]
async fn only_an_author_or_a_moderator_makes_a_post_of_a_message() {
    let context = TestContext::new().await;
    let tom = context.guild.person("tom").await;
    let written = context
        .sol
        .says(&context.help, "How is a keg cleaned?")
        .await;
    let refused = tom.menu(&written, "Make this a question").await;
    assert_snapshot!(refused.message().await.shown(), @"bot (only tom sees this): | Only its author or a moderator makes a post of a message.");
    // Mira moderates: it is sol's question all the same.
    let card = context.asks_with(&context.mira, &written).await;
    context.shows(&card, "by sol").await;
    // What is no question's thread has no answers.
    let stray = tom.says(&context.help, "With hot water.").await;
    let refused = tom.menu(&stray, "Make this an answer").await;
    assert_snapshot!(refused.message().await.shown(), @"bot (only tom sees this): | This message hangs on no question. Use this in a question’s thread.");
    context.over().await;
}

#[tokio::test]
async fn what_a_moderator_changes_on_the_way_is_not_put_into_the_authors_mouth() {
    let context = TestContext::new().await;
    let text = "my keg is flat, it was ||the butler||\nwhat now";
    let written = context.sol.says(&context.help, text).await;
    let dialog = context.mira.menu(&written, "Make this a question").await;
    let dialog = dialog.modal().await;
    // Nothing can be uncovered in a title.
    assert_eq!(dialog.inputs()[0].value, "my keg is flat, it was ▇▇▇");
    let changed = [
        ("title", "I drank it all, why is my keg flat?"),
        (TEXT, "I did."),
    ];
    let asked = context.mira.submit(&dialog, &changed).await;
    assert!(asked.message().await.shown().contains("is asked."));
    let history = [("post", "#1")];
    let history = context
        .mira
        .command(&context.help, "history", &history)
        .await;
    let shown = history.message().await.shown();
    let (first, second) = shown.split_once("Revision 2").expect("two texts");
    assert!(
        first.contains("by sol") && first.contains("what now"),
        "{shown}"
    );
    assert!(!first.contains("I did."), "{shown}");
    assert!(
        second.contains("by mira") && second.contains("I did."),
        "{shown}"
    );
    // Sent again, the words are not there any more: nothing is made of what comes back alone.
    let again = context.mira.submit(&dialog, &changed).await;
    let said = again.message().await.shown();
    assert!(!said.contains("is asked."), "{said}");
    context.over().await;
}

#[tokio::test]
async fn an_id_that_names_a_message_of_another_server_is_not_believed() {
    let context = TestContext::new().await;
    let elsewhere = context.discord.guild("Secret").await;
    let plans = elsewhere.text_channel("plans").await;
    let eve = elsewhere.person("eve").await;
    let theirs = eve.says(&plans, "We move on Friday, tell nobody.").await;
    let other = context.guild.text_channel("other").await;
    let aside = context
        .sol
        .says(&other, "This is said in no place of the forum.")
        .await;
    let written = context
        .sol
        .says(&context.help, "How is a keg cleaned?")
        .await;
    let dialog = context.mira.menu(&written, "Make this a question").await;
    let dialog = dialog.modal().await;
    for (channel, message) in [(&plans, &theirs), (&other, &aside)] {
        let id = format!("{}/{}", channel.id(), message.id());
        for of in [
            format!("1.ask.{id}"),
            format!("1.answerto.on.{id}"),
            format!("1.commenton.on.{id}"),
            format!("1.edit.on.{id}"),
        ] {
            let forged = context.mira.submit(&dialog.forged(&of), &[]).await;
            let said = forged.message().await.shown();
            let refused = !said.contains("is asked") && !said.contains("is posted");
            assert!(refused && !said.contains("is changed"), "{of}: {said}");
            assert!(!said.contains("Friday"), "{said}");
        }
    }
    let list = context.mira.command(&context.help, "questions", &[]).await;
    let shown = list.message().await.shown();
    assert!(shown.contains("none yet"), "{shown}");
    context.over().await;
}

#[tokio::test]
async fn a_long_text_is_edited_in_a_dialog_and_nothing_of_it_is_lost() {
    let context = TestContext::new().await;
    let line = "All of this is one long text about kegs, 漢字 and 👨‍👩‍👧.\n";
    let long = line.repeat(7_000 / line.encode_utf16().count());
    let asked = context
        .sol
        .command(&context.help, "ask", &[("title", "Who reads all this?")]);
    let dialog = asked.await.modal().await;
    let (first, second) = long.split_at(long.len() / 2);
    let second_id = dialog.inputs()[3].custom_id.clone();
    let texts = [(TEXT, first), (second_id.as_str(), second)];
    context.sol.submit(&dialog, &texts).await.message().await;
    let help = context.help.clone();
    let look = move |_: &discord::Discord| help.threads().first().cloned();
    let thread = context.discord.wait_until("the thread", look).await;
    let edit = context
        .sol
        .command(&context.help, "edit", &[("post", "#1")])
        .await;
    let dialog = edit.modal().await;
    let held: String = dialog
        .inputs()
        .iter()
        .map(|input| input.value.clone())
        .collect();
    assert_eq!(held.matches("漢字").count(), long.matches("漢字").count());
    let reason = dialog.inputs().last().expect("a reason").custom_id.clone();
    // Nothing is changed but the title: the text is what it was.
    let changed = [
        ("title", "Who reads all of this?"),
        (reason.as_str(), "grammar"),
    ];
    let done = context.sol.submit(&dialog, &changed).await.message().await;
    context.is_named(&thread, "#1 Who reads all of this?").await;
    assert_snapshot!(done.shown(), @"bot (only sol sees this): | [#1](https://discord.com/channels/Kitchen/help/#1 Who reads all of this?) is changed.");
    let history = context
        .sol
        .command(&context.help, "history", &[("post", "#1")])
        .await
        .message()
        .await;
    assert!(history.shown().contains("Who reads all this?"));
    // The reason is with the later text, which is pages on.
    let mut page = history;
    while !page.shown().contains("grammar") {
        page = context.sol.click(&page, "▶️").await.message().await;
    }
    // Whoever did not write it changes nothing.
    let tom = context.guild.person("tom").await;
    let done = tom.command(&context.help, "edit", &[("post", "#1")]).await;
    assert_snapshot!(done.message().await.shown(), @"bot (only tom sees this): | [#1](https://discord.com/channels/Kitchen/help/#1 Who reads all of this?) is not yours: only its author or a moderator can do that.");
    context.over().await;
}

#[tokio::test]
async fn a_dialog_that_was_opened_before_an_edit_undoes_nothing_of_it() {
    let context = TestContext::new().await;
    let card = context
        .asks(&context.sol, "Why is it flat?", "It is.")
        .await;
    let (first, second, third) = (
        context.edits(&context.sol, "#1").await,
        context.edits(&context.mira, "#1").await,
        context.edits(&context.mira, "#1").await,
    );
    let done = context
        .sol
        .submit(&first, &[(TEXT, "It is, since Monday.")]);
    assert!(done.await.message().await.shown().contains("is changed"));
    // What is changed besides stands, too.
    let done = context
        .mira
        .submit(&second, &[("title", "Why is my keg flat?")]);
    assert!(done.await.message().await.shown().contains("is changed"));
    context.shows(&card, "Why is my keg flat?").await;
    context.shows(&card, "since Monday").await;
    // What was changed already is not changed unseen.
    let refused = context.mira.submit(&third, &[(TEXT, "It was.")]).await;
    let refused = refused.message().await.shown();
    assert!(refused.contains("was changed while you"), "{refused}");
    assert!(refused.contains("since Monday"), "{refused}");
    context.shows(&card, "since Monday").await;
    context.over().await;
}

#[tokio::test]
async fn an_empty_or_too_long_text_is_refused_with_a_plain_sentence() {
    let context = TestContext::new().await;
    let card = context
        .asks(&context.mira, "Is silence an answer?", "")
        .await;
    let dialog = context.sol.click(&card, "Answer").await.modal().await;
    let said = context.sol.submit(&dialog, &[(TEXT, " \u{200b}\n")]).await;
    let said = said.message().await.shown();
    let short = "That is too short: at least 2 characters are needed.";
    assert!(said.contains(short), "{said}");
    let dialog = context.sol.click(&card, "Comment").await.modal().await;
    let said = context
        .sol
        .submit(&dialog, &[(TEXT, &"x".repeat(1_001))])
        .await;
    let said = said.message().await.shown();
    let long = "That is too long: 1001 characters of at most 1000. Shorten it, or put a part of it elsewhere and link to it.";
    assert!(said.contains(long), "{said}");
    let twice = context
        .says(&context.sol, &context.help, "is  SILENCE an answer?", "")
        .await;
    let before = "The same question was asked before: [#1](https://discord.com/channels/Kitchen/help/#1 Is silence an answer?). See there, or say what is different about yours.";
    assert!(twice.contains(before), "{twice}");
    assert!(card.thread().messages().is_empty());
    context.over().await;
}

#[tokio::test]
async fn a_button_pressed_again_takes_the_vote_back() {
    let context = TestContext::new().await;
    let card = context
        .asks(&context.mira, "Which glass is right?", "")
        .await;
    for (button, votes) in [
        ("👍", "+1 vote"),
        ("👎", "–1 vote"),
        ("👎", "0 votes"),
        ("👍", "+1 vote"),
    ] {
        // The card changes with the answer itself.
        let pressed = context.sol.click(&card, button).await;
        pressed.response().await;
        let shown = card.shown();
        assert!(shown.contains(votes), "{votes}: {shown}");
    }
    // A refusal is for one person's eyes.
    let refused = context.mira.click(&card, "👍").await;
    assert_snapshot!(refused.message().await.shown(), @"bot (only mira sees this): | [#1](https://discord.com/channels/Kitchen/help/#1 Which glass is right?) is your own, and nobody votes on their own posts.");
    assert!(card.shown().contains("+1 vote"));
    context.over().await;
}

#[tokio::test]
async fn what_else_can_be_done_with_a_post_is_behind_a_button() {
    let context = TestContext::new().await;
    let card = context
        .asks(&context.sol, "What else is there?", "Much.")
        .await;
    let more = context.sol.click(&card, "…").await.message().await;
    assert_snapshot!(more.shown(), @r#"
    bot (only sol sees this): | With this post you can also do this:
      [Edit] [History] [Whole text]
    "#);
    let dialog = context.sol.click(&more, "Edit").await.modal().await;
    let done = context.sol.submit(&dialog, &[(TEXT, "Little.")]).await;
    assert!(done.message().await.shown().contains("is changed"));
    context.shows(&card, "Little.").await;
    let history = context.mira.click(&card, "…").await.message().await;
    let history = context
        .mira
        .click(&history, "History")
        .await
        .message()
        .await;
    let shown = history.shown();
    assert!(history.is_ephemeral() && shown.contains("Much."), "{shown}");
    let whole = context.mira.click(&card, "…").await.message().await;
    let whole = context
        .mira
        .click(&whole, "Whole text")
        .await
        .message()
        .await;
    assert!(whole.is_ephemeral() && whole.shown().contains("Little."));
    context.over().await;
}
