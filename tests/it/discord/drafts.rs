//! What somebody wrote and was refused comes back whole, and opens again as it was.

use discord::{Discord, Message};

use super::context::{TEXT, TestContext};

/// The texts in a dialog.
fn held(dialog: &discord::Modal) -> Vec<String> {
    let inputs = dialog.inputs().into_iter();
    inputs.map(|input| input.value).collect()
}

#[tokio::test]
async fn what_is_refused_comes_back_and_opens_again_after_a_restart() {
    let mut context = TestContext::new().await;
    let title = [("title", "Why is my keg flat?")];
    let asked = context.sol.command(&context.help, "ask", &title).await;
    let dialog = asked.modal().await;
    let more = dialog.inputs()[3].custom_id.clone();
    let (first, second) = ("It was full. ".repeat(130), "And then? ".repeat(170));
    let texts = [
        ("tags", "keg, flat beer, what?"),
        (TEXT, first.trim()),
        (more.as_str(), second.trim()),
    ];
    let refused = context.sol.submit(&dialog, &texts).await;
    let said = refused.message().await;
    let shown = said.shown();
    assert!(shown.contains("can’t be a tag"), "{shown}");
    assert!(said.is_ephemeral());
    // All of it stands there, in as many messages as it takes.
    let follow = refused.followup().await;
    assert!(follow.is_ephemeral());
    let all = format!("{shown}{}", follow.shown());
    let counted = |what: &str| all.matches(what).count();
    assert_eq!((counted("It was full."), counted("And then?")), (130, 170));
    // A restart changes nothing.
    assert!(context.bot.stop().await.success());
    context.bot.start();
    context.discord.wait_connected(1).await;
    let again = context.sol.click(&said, "Correct it").await.modal().await;
    assert_eq!(
        held(&again),
        [title[0].1, texts[0].1, texts[1].1, texts[2].1, ""]
    );
    let asked = context.sol.submit(&again, &[("tags", "keg")]).await;
    let asked = asked.message().await.shown();
    assert!(asked.contains("is asked."), "{asked}");
    // It is a question now, and no draft.
    let again = context.sol.click(&said, "Correct it").await;
    let outdated = again.message().await.shown();
    assert!(outdated.contains("from an earlier time"), "{outdated}");
    context.over().await;
}

#[tokio::test]
async fn whoever_was_not_told_in_time_finds_what_they_wrote_in_the_same_dialog() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Who answers this?", "").await;
    let dialog = context.sol.click(&card, "Comment").await.modal().await;
    let long = "x".repeat(1_001);
    // Discord takes no answer to it any more.
    context.discord.hold_events();
    let late = context.sol.submit(&dialog, &[(TEXT, &long)]).await;
    context.discord.advance(std::time::Duration::from_secs(4));
    context.discord.release_events();
    let refused = |discord: &Discord| {
        let mut requests = discord.requests().into_iter();
        requests.find(|request| request.code == 10_062)
    };
    context
        .discord
        .wait_until("nobody to be told", refused)
        .await;
    assert!(!late.is_answered());
    let comment = [("post", "#1")];
    let opened = context
        .sol
        .command(&context.help, "comment", &comment)
        .await;
    let dialog = opened.modal().await;
    assert_eq!(held(&dialog), [long]);
    // Somebody else finds nothing of it.
    let other = context.mira.click(&card, "Comment").await.modal().await;
    assert_eq!(held(&other), [""]);
    let said = context.sol.submit(&dialog, &[(TEXT, "Nobody.")]).await;
    said.message().await;
    let opened = context.sol.click(&card, "Comment").await.modal().await;
    assert_eq!(held(&opened), [""], "it is posted");
    context.over().await;
}

#[tokio::test]
async fn what_can_be_known_is_said_before_anybody_writes() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "Who answers this?", "").await;
    let answer = context.answers(&context.mira, &card, "I do.").await;
    let commented = context.mira.click(&answer, "Comment").await.modal().await;
    let commented = context.mira.submit(&commented, &[(TEXT, "Do I?")]).await;
    commented.message().await;
    for (command, post, why) in [
        ("answer", "#9", "There is no #9"),
        (
            "answer",
            "#1.1",
            "is not a question, so it can’t be answered",
        ),
        ("comment", "#1.1/c1", "is itself a comment"),
        ("edit", "#1", "is not yours"),
    ] {
        let post = [("post", post)];
        let used = context.sol.command(&context.help, command, &post).await;
        let said = used.message().await.shown();
        assert!(said.contains(why), "{command}: {said}");
    }
    // Nor where no post is meant at all.
    let nowhere = context.sol.command(&context.help, "answer", &[]).await;
    assert!(nowhere.message().await.is_ephemeral());
    context.over().await;
}

#[tokio::test]
async fn who_has_written_as_much_as_they_may_is_told_before_a_dialog_opens() {
    let mut context = TestContext::closed("").await;
    context.bot.environment("STOA__LIMITS__QUESTIONS", "1");
    context.bot.environment("STOA__LIMITS__ANSWERS", "1");
    context.bot.start();
    context.discord.wait_connected(1).await;
    let help = context.help.clone();
    context.opens(&help).await;
    let card = context.asks(&context.sol, "How many may I ask?", "").await;
    let title = [("title", "And one more than that?")];
    let said = context.sol.command(&help, "ask", &title).await;
    let said = said.message().await;
    let shown = said.shown();
    assert!(shown.contains("an hour"), "{shown}");
    assert!(shown.contains(title[0].1), "it comes back: {shown}");
    let again = context.sol.click(&said, "Correct it").await;
    let again = again.message().await.shown();
    assert!(again.contains("an hour"), "{again}");
    let dialog = context.mira.command(&help, "ask", &title).await;
    dialog.modal().await;
    context.answers(&context.sol, &card, "One.").await;
    let pressed = context.sol.click(&card, "Answer").await;
    let pressed = pressed.message().await.shown();
    assert!(pressed.contains("an hour"), "{pressed}");
    context.sol.click(&card, "Comment").await.modal().await;
    context.over().await;
}

#[tokio::test]
async fn a_title_or_tag_that_is_none_is_told_before_the_dialog_and_opens_to_be_corrected() {
    let context = TestContext::new().await;
    for (title, tags, why) in [
        ("Hm?", "keg", "at least 5 characters"),
        ("Why is my keg flat?", "keg, what?", "can’t be a tag"),
    ] {
        let options = [("title", title), ("tags", tags)];
        let asked = context.sol.command(&context.help, "ask", &options).await;
        let said = asked.message().await;
        assert!(said.shown().contains(why), "{}", said.shown());
        let dialog = context.sol.click(&said, "Correct it").await.modal().await;
        assert_eq!(held(&dialog)[..2], [title, tags]);
    }
    context.over().await;
}

#[tokio::test]
async fn an_edit_of_what_was_changed_meanwhile_comes_back_and_can_be_made_of_the_present_text() {
    let context = TestContext::new().await;
    let card = context
        .asks(&context.sol, "Why is it flat?", "It is.")
        .await;
    let (first, second) = (
        context.edits(&context.sol, "#1").await,
        context.edits(&context.mira, "#1").await,
    );
    let done = context.sol.submit(&first, &[(TEXT, "Since Monday.")]).await;
    done.message().await;
    let refused = context.mira.submit(&second, &[(TEXT, "It was.")]).await;
    let said: Message = refused.message().await;
    let shown = said.shown();
    for text in ["was changed while you", "Since Monday.", "It was."] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    // Now it is known what it says: the change is made all the same.
    let again = context.mira.click(&said, "Correct it").await.modal().await;
    assert_eq!(held(&again)[1], "It was.");
    let done = context.mira.submit(&again, &[]).await;
    assert!(done.message().await.shown().contains("is changed"));
    context.shows(&card, "It was.").await;
    context.over().await;
}
