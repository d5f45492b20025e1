//! What somebody wrote and was refused comes back whole, and opens again as it was.

use discord::{Discord, Message};

use super::scene::{Scene, TEXT};

/// The texts in a dialog.
fn held(dialog: &discord::Modal) -> Vec<String> {
    let inputs = dialog.inputs().into_iter();
    inputs.map(|input| input.value).collect()
}

#[tokio::test]
async fn what_is_refused_comes_back_and_opens_again_after_a_restart() {
    let mut scene = Scene::new().await;
    let title = [("title", "Why is my keg flat?")];
    let asked = scene.sol.command(&scene.help, "ask", &title).await;
    let dialog = asked.modal().await;
    let more = dialog.inputs()[3].custom_id.clone();
    let (first, second) = ("It was full. ".repeat(130), "And then? ".repeat(170));
    let texts = [
        ("tags", "keg, flat beer, what?"),
        (TEXT, first.trim()),
        (more.as_str(), second.trim()),
    ];
    let refused = scene.sol.submit(&dialog, &texts).await;
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
    assert!(scene.bot.stop().await.success());
    scene.bot.start();
    scene.discord.wait_connected(1).await;
    let again = scene.sol.click(&said, "Correct it").await.modal().await;
    assert_eq!(
        held(&again),
        [title[0].1, texts[0].1, texts[1].1, texts[2].1, ""]
    );
    let asked = scene.sol.submit(&again, &[("tags", "keg")]).await;
    let asked = asked.message().await.shown();
    assert!(asked.contains("is asked."), "{asked}");
    // It is a question now, and no draft.
    let again = scene.sol.click(&said, "Correct it").await;
    let outdated = again.message().await.shown();
    assert!(outdated.contains("from an earlier time"), "{outdated}");
    scene.over().await;
}

#[tokio::test]
async fn whoever_was_not_told_in_time_finds_what_they_wrote_in_the_same_dialog() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "Who answers this?", "").await;
    let dialog = scene.sol.click(&card, "Comment").await.modal().await;
    let long = "x".repeat(1_001);
    // Discord takes no answer to it any more.
    scene.discord.hold_events();
    let late = scene.sol.submit(&dialog, &[(TEXT, &long)]).await;
    scene.discord.advance(std::time::Duration::from_secs(4));
    scene.discord.release_events();
    let refused = |discord: &Discord| {
        let mut requests = discord.requests().into_iter();
        requests.find(|request| request.code == 10_062)
    };
    scene.discord.wait_until("nobody to be told", refused).await;
    assert!(!late.is_answered());
    let comment = [("post", "#1")];
    let opened = scene.sol.command(&scene.help, "comment", &comment).await;
    let dialog = opened.modal().await;
    assert_eq!(held(&dialog), [long]);
    // Somebody else finds nothing of it.
    let other = scene.mira.click(&card, "Comment").await.modal().await;
    assert_eq!(held(&other), [""]);
    let said = scene.sol.submit(&dialog, &[(TEXT, "Nobody.")]).await;
    said.message().await;
    let opened = scene.sol.click(&card, "Comment").await.modal().await;
    assert_eq!(held(&opened), [""], "it is posted");
    scene.over().await;
}

#[tokio::test]
async fn what_can_be_known_is_said_before_anybody_writes() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.mira, "Who answers this?", "").await;
    let answer = scene.answers(&scene.mira, &card, "I do.").await;
    let commented = scene.mira.click(&answer, "Comment").await.modal().await;
    let commented = scene.mira.submit(&commented, &[(TEXT, "Do I?")]).await;
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
        let used = scene.sol.command(&scene.help, command, &post).await;
        let said = used.message().await.shown();
        assert!(said.contains(why), "{command}: {said}");
    }
    // Nor where no post is meant at all.
    let nowhere = scene.sol.command(&scene.help, "answer", &[]).await;
    assert!(nowhere.message().await.is_ephemeral());
    scene.over().await;
}

#[tokio::test]
async fn who_has_written_as_much_as_they_may_is_told_before_a_dialog_opens() {
    let mut scene = Scene::closed("").await;
    scene.bot.environment("STOA__LIMITS__QUESTIONS", "1");
    scene.bot.environment("STOA__LIMITS__ANSWERS", "1");
    scene.bot.start();
    scene.discord.wait_connected(1).await;
    let help = scene.help.clone();
    scene.opens(&help).await;
    let card = scene.asks(&scene.sol, "How many may I ask?", "").await;
    let title = [("title", "And one more than that?")];
    let said = scene.sol.command(&help, "ask", &title).await;
    let said = said.message().await;
    let shown = said.shown();
    assert!(shown.contains("an hour"), "{shown}");
    assert!(shown.contains(title[0].1), "it comes back: {shown}");
    let again = scene.sol.click(&said, "Correct it").await;
    let again = again.message().await.shown();
    assert!(again.contains("an hour"), "{again}");
    let dialog = scene.mira.command(&help, "ask", &title).await;
    dialog.modal().await;
    scene.answers(&scene.sol, &card, "One.").await;
    let pressed = scene.sol.click(&card, "Answer").await;
    let pressed = pressed.message().await.shown();
    assert!(pressed.contains("an hour"), "{pressed}");
    scene.sol.click(&card, "Comment").await.modal().await;
    scene.over().await;
}

#[tokio::test]
async fn a_title_or_tag_that_is_none_is_told_before_the_dialog_and_opens_to_be_corrected() {
    let scene = Scene::new().await;
    for (title, tags, why) in [
        ("Hm?", "keg", "at least 5 characters"),
        ("Why is my keg flat?", "keg, what?", "can’t be a tag"),
    ] {
        let options = [("title", title), ("tags", tags)];
        let asked = scene.sol.command(&scene.help, "ask", &options).await;
        let said = asked.message().await;
        assert!(said.shown().contains(why), "{}", said.shown());
        let dialog = scene.sol.click(&said, "Correct it").await.modal().await;
        assert_eq!(held(&dialog)[..2], [title, tags]);
    }
    scene.over().await;
}

#[tokio::test]
async fn an_edit_of_what_was_changed_meanwhile_comes_back_and_can_be_made_of_the_present_text() {
    let scene = Scene::new().await;
    let card = scene.asks(&scene.sol, "Why is it flat?", "It is.").await;
    let (first, second) = (
        scene.edits(&scene.sol, "#1").await,
        scene.edits(&scene.mira, "#1").await,
    );
    let done = scene.sol.submit(&first, &[(TEXT, "Since Monday.")]).await;
    done.message().await;
    let refused = scene.mira.submit(&second, &[(TEXT, "It was.")]).await;
    let said: Message = refused.message().await;
    let shown = said.shown();
    for text in ["was changed while you", "Since Monday.", "It was."] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    // Now it is known what it says: the change is made all the same.
    let again = scene.mira.click(&said, "Correct it").await.modal().await;
    assert_eq!(held(&again)[1], "It was.");
    let done = scene.mira.submit(&again, &[]).await;
    assert!(done.message().await.shown().contains("is changed"));
    scene.shows(&card, "It was.").await;
    scene.over().await;
}
