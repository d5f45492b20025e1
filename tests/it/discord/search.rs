//! Search, private until it is shared, and what does not fit into one message.

use insta::assert_snapshot;

use super::context::{TestContext, has_next, seen, timeless};

#[tokio::test]
async fn a_search_is_private_turned_by_buttons_and_shared() {
    let mut context = TestContext::new().await;
    for number in 1..=7 {
        let title = format!("How is keg number {number} cleaned?");
        context.asks(&context.mira, &title, "With water.").await;
    }
    let tom = context.guild.person("tom").await;
    // The index follows within a moment.
    let found = loop {
        let asked = tom
            .command(&context.help, "search", &[("words", "keg cleaned")])
            .await;
        let found = asked.message().await;
        if found.shown().contains("7 questions") {
            break found;
        }
    };
    assert!(found.is_ephemeral());
    assert_snapshot!(timeless(&found.shown()));
    assert_eq!(found.shown().matches("?) How is keg number").count(), 5);
    assert_snapshot!(found.buttons().join(" "), @"◀️ ▶️ Share");
    // The bot may have been restarted since.
    assert!(context.bot.stop().await.success());
    context.bot.start();
    context.discord.wait_connected(1).await;
    let next = tom.click(&found, "▶️").await;
    let next = next.message().await;
    assert!(next.is_ephemeral());
    assert_eq!(next.shown().matches("?) How is keg number").count(), 2);
    // What is shared is the page that is seen, and it says by whom, without telling them.
    let before = context.help.messages().len();
    let shared = tom.click(&next, "Share").await.message().await;
    assert!(!shared.is_ephemeral());
    assert_eq!(context.help.messages().len(), before + 1);
    assert_eq!(shared.shown().matches("?) How is keg number").count(), 2);
    assert!(shared.shown().contains("Shared by tom"));
    assert!(shared.buttons().is_empty());
    context.over().await;
}

#[tokio::test]
async fn nothing_but_a_view_can_be_shared_or_turned() {
    let context = TestContext::new().await;
    let card = context.asks(&context.mira, "What can be shared?", "").await;
    context.answers(&context.sol, &card, "Pages.").await;
    let (mira, sol, help) = (&context.mira, &context.sol, &context.help);
    for (who, command, options) in [
        (sol, "up", vec![("post", "#1")]),
        (sol, "unvote", vec![("post", "#1")]),
        (sol, "up", vec![("post", "#1.1")]),
        (mira, "accept", vec![("post", "#1.1")]),
        (mira, "unaccept", vec![("post", "#1")]),
        (mira, "edit", vec![("post", "#1"), ("title", "What is it?")]),
        (sol, "edit", vec![("post", "#1"), ("title", "Not mine")]),
        (mira, "hide", vec![("post", "#1.1")]),
        (mira, "unhide", vec![("post", "#1.1")]),
        (sol, "delete", vec![("post", "#1.1")]),
        (mira, "forum code", vec![]),
        (mira, "link", vec![]),
    ] {
        let done = who.command(help, command, &options).await.message().await;
        let shown = done.shown();
        assert!(done.is_ephemeral() && done.buttons().is_empty(), "{shown}");
    }
    let shown = sol.command(help, "show", &[("post", "#1")]).await;
    assert_eq!(shown.message().await.buttons(), ["Share"]);
    context.over().await;
}

#[tokio::test]
async fn pages_can_be_turned_however_many_others_use_commands() {
    let context = TestContext::new().await;
    for number in 1..=11 {
        let title = format!("Which list is number {number} in?");
        context.says(&context.mira, &context.help, &title, "").await;
    }
    let listed = context.sol.command(&context.help, "questions", &[]).await;
    let listed = listed.message().await;
    let mut others = Vec::new();
    for _ in 0..40 {
        let other = context.mira.command(&context.help, "questions", &[]).await;
        others.push(other.message().await);
    }
    let next = context.sol.click(&listed, "▶️").await.message().await;
    assert!(next.shown().contains("number 1 in"), "{}", next.shown());
    let first = context.mira.click(&others[0], "▶️").await.message().await;
    assert!(first.shown().contains("number 1 in"), "{}", first.shown());
    context.over().await;
}

#[tokio::test]
async fn who_may_not_write_shares_nothing() {
    let context = TestContext::new().await;
    context.asks(&context.mira, "Who shows this?", "").await;
    let shown = context
        .sol
        .command(&context.help, "show", &[("post", "#1")]);
    let shown = shown.await.message().await;
    context
        .help
        .forbid(&context.sol, discord::permissions::SEND_MESSAGES)
        .await;
    let before = context.help.messages().len();
    let refused = context.sol.click(&shown, "Share").await.message().await;
    assert_snapshot!(refused.shown(), @"bot (only sol sees this): | You may not write here, so you can’t show this to all.");
    assert!(refused.is_ephemeral());
    assert_eq!(context.help.messages().len(), before);
    // Nor does who is timed out.
    let tom = context.guild.person("tom").await;
    let shown = tom.command(&context.help, "show", &[("post", "#1")]).await;
    let shown = shown.message().await;
    tom.is_timed_out().await;
    let refused = tom.click(&shown, "Share").await.message().await.shown();
    assert!(refused.contains("can’t show this to all"), "{refused}");
    assert_eq!(context.help.messages().len(), before);
    context.over().await;
}

#[tokio::test]
async fn titles_tags_and_addresses_are_completed() {
    let context = TestContext::new().await;
    let help = context.help.clone();
    for (title, tags) in [
        ("Why is my beer flat?", "carbonation, keg"),
        ("Which keg coupler fits?", "keg, parts"),
    ] {
        let asked = context
            .mira
            .command(&help, "ask", &[("title", title), ("tags", tags)])
            .await;
        context
            .mira
            .submit(&asked.modal().await, &[])
            .await
            .message()
            .await;
    }
    let complete = async |command: &str, option: &str, typed: &str| {
        let choices = context.sol.complete(&help, command, option, typed).await;
        let choices = choices.choices().await;
        let choices = choices
            .iter()
            .map(|choice| format!("{} = {}", choice.name, choice.value));
        choices.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(complete("ask", "title", "keg").await, @"#2 Which keg coupler fits? = #2");
    assert_snapshot!(complete("show", "post", "flat").await, @"#1 Why is my beer flat? = #1");
    assert_snapshot!(complete("show", "post", "#1").await, @"#1 Why is my beer flat? = #1");
    assert_snapshot!(complete("ask", "tags", "parts, k").await, @"parts, keg = parts, keg");
    assert_snapshot!(complete("search", "words", "coupler").await, @"#2 Which keg coupler fits? = Which keg coupler fits?");
    assert_snapshot!(complete("questions", "tag", "ca").await, @"carbonation = carbonation");
    assert_snapshot!(complete("show", "post", "@everyone \u{202E} \u{0}").await, @"");
    context.over().await;
}

#[tokio::test]
async fn a_long_answer_is_folded_and_shown_whole_in_pages() {
    let context = TestContext::new().await;
    let code = "let keg = tap();\n".repeat(150);
    let lines = "Wash it with *hot* water, see <https://example.org/a?b=c>, then [rinse](https://example.org/rinse).\n\n".repeat(12);
    let text = format!("First:\n\n```rust\n{code}```\n\n{lines}");
    let card = context
        .asks(&context.mira, "How is it done in full?", "")
        .await;
    let dialog = context.sol.click(&card, "Answer").await.modal().await;
    let inputs = dialog.inputs();
    let (first, second) = text.split_at(text[..2_400].rfind('\n').expect("a line"));
    let texts = [
        (inputs[0].custom_id.as_str(), first),
        (inputs[1].custom_id.as_str(), &second[1..]),
    ];
    context.sol.submit(&dialog, &texts).await.message().await;
    context.shows(&card, "1 answer").await;
    let answer = context.message_in(&card.thread(), 0).await;
    // The fake refuses whatever is over a limit of Discord's; a fence that was opened is closed.
    let shown = answer.shown();
    assert_eq!(shown.matches("```").count() % 2, 0, "{shown}");
    let asked = context
        .mira
        .command(&context.help, "show", &[("post", "#1.1")])
        .await;
    let mut page = asked.message().await;
    let (mut kegs, mut rinses) = (0, 0);
    loop {
        let shown = page.shown();
        assert_eq!(shown.matches("```").count() % 2, 0, "{shown}");
        kegs += shown.matches("let keg = tap();").count();
        rinses += shown.matches("[rinse](https://example.org/rinse)").count();
        if !has_next(&page) {
            break;
        }
        page = context.mira.click(&page, "▶️").await.message().await;
    }
    assert_eq!((kegs, rinses), (150, 12));
    context.over().await;
}

#[tokio::test]
async fn lists_history_and_help_are_for_one_person_s_eyes() {
    let context = TestContext::new().await;
    context
        .asks(&context.mira, "Which list is this in?", "")
        .await;
    let before = seen(&context.help);
    for (command, options) in [
        ("questions", vec![("list", "unanswered")]),
        ("history", vec![("post", "#1")]),
        ("help", vec![]),
        ("help", vec![("command", "ask")]),
        ("show", vec![("post", "#7")]),
        ("show", vec![("post", "forty-two")]),
        ("search", vec![("words", "nothing of the kind")]),
    ] {
        let answer = context
            .sol
            .command(&context.help, command, &options)
            .await
            .message()
            .await;
        assert!(answer.is_ephemeral());
        if command == "show" || command == "questions" {
            assert_snapshot!(timeless(&answer.shown()));
        }
    }
    assert_eq!(seen(&context.help), before);
    context.over().await;
}
