//! What breaks over one event ends that event alone: who waits is told a code, and the bot lives on.

use discord::Person;

use super::context::TestContext;

/// A scene whose bot panics over some words.
async fn brittle(settings: &str) -> TestContext {
    let mut context = TestContext::closed(settings).await;
    context.bot.environment("STOA_PANICS", "1");
    context.bot.start();
    context.discord.wait_connected(1).await;
    let help = context.help.clone();
    context.opens(&help).await;
    context
}

/// Somebody looks for words over which the bot breaks; what they are told has a code that is in the log.
async fn breaks(context: &TestContext, who: &Person, words: &str) {
    let searched = who
        .command(&context.help, "search", &[("words", words)])
        .await;
    let said = searched.message().await;
    assert!(said.is_ephemeral());
    let shown = said.shown();
    let code = shown.split('`').nth(1).expect("a code");
    let log = context.bot.log();
    let told = log.lines().find(|line| line.contains(code));
    let told = told.unwrap_or_else(|| panic!("{code} is not in\n{log}"));
    assert!(told.contains("a panic at"), "{told}");
}

#[tokio::test]
async fn whoever_uses_what_the_adapter_breaks_over_is_told_a_code() {
    let context = brittle("").await;
    // Before it is known what they want, and when they are to be told.
    breaks(&context, &context.sol, "panic-at-event").await;
    breaks(&context, &context.sol, "panic-at-message").await;
    let card = context.asks(&context.mira, "Is anybody there?", "").await;
    context.answers(&context.sol, &card, "Still.").await;
    context.over().await;
}

#[tokio::test]
async fn a_reaction_that_the_adapter_breaks_over_holds_up_no_other() {
    let context = brittle("read_again_after = 1").await;
    let card = context.asks(&context.mira, "Who votes here?", "").await;
    let tom = context.guild.person("tom").await;
    tom.nick("panic-at-event").await;
    tom.react(&card, "👍").await;
    context.sol.react(&card, "👍").await;
    // What it broke over is found hanging there, by its account alone.
    context.shows(&card, "+2 votes").await;
    let log = context.bot.log();
    assert!(log.contains("a panic at"), "{log}");
    context.over().await;
}
