//! Conversations with the bot: which forum is meant there, and that nothing is published from one before its person agreed.

use discord::{Channel, Discord, Message, Person, permissions as may};

use super::context::{TEXT, TestContext};

/// Somebody fills in the dialog of `/ask`; gives what they are told.
async fn asks(who: &Person, there: &Channel, title: &str) -> Message {
    let dialog = who.command(there, "ask", &[("title", title)]).await;
    let dialog = dialog.modal().await;
    let asked = who.submit(&dialog, &[(TEXT, "Please.")]).await;
    asked.message().await
}

/// Waits for the newest message of a channel, of so many.
async fn card(context: &TestContext, channel: &Channel, count: usize) -> Message {
    let there = channel.clone();
    let look = move |_: &Discord| there.messages().get(count - 1).cloned();
    context.discord.wait_until("a card", look).await
}

#[tokio::test]
async fn nothing_is_published_from_a_conversation_before_its_person_agreed() {
    let context = TestContext::new().await;
    let alone = context.sol.direct().await;
    let told = asks(&context.sol, &alone, "Who may know this?").await;
    let shown = told.shown();
    assert!(shown.contains("This would be published in"), "{shown}");
    assert!(shown.contains("under the name **sol**"), "{shown}");
    assert!(shown.contains("press the button below"), "{shown}");
    assert_eq!(told.buttons(), ["Publish", "Don’t publish"]);
    assert!(context.help.messages().is_empty());
    let dropped = context.sol.click(&told, "Don’t publish").await;
    let shown = dropped.message().await.shown();
    assert!(shown.contains("nothing was published"), "{shown}");
    // What was forgotten is asked for again.
    let told = asks(&context.sol, &alone, "Who may know this?").await;
    let published = context.sol.click(&told, "Publish").await.message().await;
    assert!(
        published.shown().contains("is asked."),
        "{}",
        published.shown()
    );
    assert!(published.buttons().is_empty());
    let question = card(&context, &context.help, 1).await;
    assert!(question.shown().contains("by sol"), "{}", question.shown());
    // It is asked once for each conversation and forum.
    let told = asks(&context.sol, &alone, "And who this?").await;
    assert!(told.shown().contains("is asked."), "{}", told.shown());
    card(&context, &context.help, 2).await;
    // Edits and deletions are answered with what was done.
    let edited = [("post", "#2"), ("title", "And who knows this?")];
    let edited = context.sol.command(&alone, "edit", &edited).await;
    let shown = edited.message().await.shown();
    assert!(shown.contains("is changed."), "{shown}");
    let deleted = context
        .sol
        .command(&alone, "delete", &[("post", "#2")])
        .await;
    let shown = deleted.message().await.shown();
    assert!(shown.contains("is withdrawn"), "{shown}");
    let one = context.help.clone();
    let look = move |_: &Discord| (one.messages().len() == 1).then_some(());
    context.discord.wait_until("the card to go", look).await;
    context.over().await;
}

#[tokio::test]
async fn views_are_answered_in_a_conversation_with_links_and_pages() {
    let context = TestContext::new().await;
    for number in 1..=6 {
        let title = format!("Which keg is number {number}?");
        context.asks(&context.mira, &title, "This one.").await;
    }
    let alone = context.sol.direct().await;
    // The index follows within a moment.
    let listed = loop {
        let words = [("words", "keg number")];
        let asked = context.sol.command(&alone, "search", &words).await;
        let found = asked.message().await;
        if found.shown().contains("6 questions") {
            break found;
        }
    };
    let shown = listed.shown();
    assert!(
        shown.contains("](https://discord.com/channels/Kitchen/help/"),
        "{shown}"
    );
    // There is nobody to share it with.
    assert_eq!(listed.buttons(), ["◀️", "▶️"]);
    let next = context.sol.click(&listed, "▶️").await.message().await;
    assert!(next.shown().contains("number 1?"), "{}", next.shown());
    let forged = context.sol.forges_click(&next, "1.share.1.x").await;
    assert!(forged.message().await.shown().contains("earlier time"));
    let choices = context.sol.complete(&alone, "show", "post", "#1").await;
    let choices = choices.choices().await;
    assert_eq!(choices.len(), 1, "{choices:?}");
    let shown = context.sol.command(&alone, "show", &[("post", "#1")]).await;
    assert!(shown.message().await.shown().contains("This one."));
    let voted = context.sol.command(&alone, "up", &[("post", "#1")]).await;
    assert!(voted.message().await.shown().contains("+1 vote"));
    assert!(alone.messages().is_empty(), "all of that is for one person");
    context.over().await;
}

#[tokio::test]
async fn a_conversation_knows_only_the_forums_of_channels_that_its_person_can_view() {
    let context = TestContext::new().await;
    context
        .asks(&context.mira, "What is kept here?", "Kegs.")
        .await;
    let cellar = context.discord.guild("Cellar").await;
    let stranger = cellar.person("stranger").await;
    let alone = stranger.direct().await;
    let told = stranger.command(&alone, "show", &[("post", "#1")]).await;
    let shown = told.message().await.shown();
    assert!(shown.contains("you and I share none"), "{shown}");
    let help = stranger.command(&alone, "help", &[]).await.message().await;
    assert!(help.shown().contains("/search"), "{}", help.shown());
    // Who can't view the channel any more is told nothing of it.
    let alone = context.sol.direct().await;
    let shown = context.sol.command(&alone, "show", &[("post", "#1")]).await;
    assert!(shown.message().await.shown().contains("Kegs."));
    context.help.forbid(&context.sol, may::VIEW_CHANNEL).await;
    let shown = context.sol.command(&alone, "show", &[("post", "#1")]).await;
    assert!(!shown.message().await.shown().contains("Kegs."));
    // Nor who has left the server.
    let tom = context.guild.person("tom").await;
    let alone = tom.direct().await;
    let shown = tom.command(&alone, "show", &[("post", "#1")]).await;
    assert!(shown.message().await.shown().contains("Kegs."));
    tom.leaves().await;
    let shown = tom.command(&alone, "show", &[("post", "#1")]).await;
    assert!(!shown.message().await.shown().contains("Kegs."));
    context.over().await;
}

#[tokio::test]
async fn of_several_forums_in_common_one_is_asked_for_once() {
    let context = TestContext::new().await;
    context
        .asks(&context.mira, "What is cooked?", "Soup.")
        .await;
    let cellar = context.discord.guild("Cellar").await;
    let wine = cellar.text_channel("wine").await;
    let ada = cellar.person("ada").await.admin().await;
    ada.command(&wine, "forum open", &[]).await.message().await;
    let sol_there = cellar.person("sol").await;
    assert_eq!(sol_there.id(), context.sol.id());
    let alone = context.sol.direct().await;
    let help = context
        .sol
        .command(&alone, "help", &[])
        .await
        .message()
        .await;
    assert!(help.shown().contains("/search"), "{}", help.shown());
    let which = context.sol.command(&alone, "show", &[("post", "#1")]).await;
    let which = which.message().await;
    let shown = which.shown();
    assert!(shown.contains("We share several forums"), "{shown}");
    assert_eq!(which.buttons(), ["Kitchen", "Cellar"]);
    let chosen = context.sol.click(&which, "Kitchen").await.message().await;
    let shown = chosen.shown();
    assert!(
        shown.contains("This conversation is about the forum of"),
        "{shown}"
    );
    let shown = context.sol.command(&alone, "show", &[("post", "#1")]).await;
    assert!(shown.message().await.shown().contains("Soup."));
    // They may mean another later.
    let again = context.sol.command(&alone, "forum which", &[]).await;
    let again = again.message().await;
    assert_eq!(again.buttons(), ["Kitchen", "Cellar"]);
    context.sol.click(&again, "Cellar").await.message().await;
    let shown = context.sol.command(&alone, "show", &[("post", "#1")]).await;
    assert!(shown.message().await.shown().contains("There is no #1"));
    context.over().await;
}

#[tokio::test]
async fn what_the_server_keeps_somebody_from_is_not_done_from_a_conversation() {
    let context = TestContext::new().await;
    let alone = context.sol.direct().await;
    let asked = [("title", "Is this heard?")];
    let dialog = context.sol.command(&alone, "ask", &asked).await;
    let dialog = dialog.modal().await;
    context
        .help
        .forbid(&context.sol, may::USE_APPLICATION_COMMANDS)
        .await;
    let refused = context.sol.submit(&dialog, &[(TEXT, "Please.")]).await;
    let told = refused.message().await.shown();
    assert!(told.contains("may not write now"), "{told}");
    assert!(told.contains("Please."), "{told}");
    // Reading is not kept from them.
    let list = context.sol.command(&alone, "questions", &[]).await;
    let told = list.message().await.shown();
    assert!(told.contains("There are none yet"), "{told}");
    context.over().await;
}
