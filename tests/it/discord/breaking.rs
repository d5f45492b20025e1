//! What breaks over one event ends that event alone: who waits is told a code, and the bot lives on.

use discord::Person;

use super::scene::Scene;

/// A scene whose bot panics over some words.
async fn brittle(settings: &str) -> Scene {
    let mut scene = Scene::closed(settings).await;
    scene.bot.environment("STOA_PANICS", "1");
    scene.bot.start();
    scene.discord.wait_connected(1).await;
    let help = scene.help.clone();
    scene.opens(&help).await;
    scene
}

/// Somebody looks for words over which the bot breaks; what they are told has a code that is in the log.
async fn breaks(scene: &Scene, who: &Person, words: &str) {
    let searched = who
        .command(&scene.help, "search", &[("words", words)])
        .await;
    let said = searched.message().await;
    assert!(said.is_ephemeral());
    let shown = said.shown();
    let code = shown.split('`').nth(1).expect("a code");
    let log = scene.bot.log();
    let told = log.lines().find(|line| line.contains(code));
    let told = told.unwrap_or_else(|| panic!("{code} is not in\n{log}"));
    assert!(told.contains("a panic at"), "{told}");
}

#[tokio::test]
async fn whoever_uses_what_the_adapter_breaks_over_is_told_a_code() {
    let scene = brittle("").await;
    // Before it is known what they want, and when they are to be told.
    breaks(&scene, &scene.sol, "panic-at-event").await;
    breaks(&scene, &scene.sol, "panic-at-message").await;
    let card = scene.asks(&scene.mira, "Is anybody there?", "").await;
    scene.answers(&scene.sol, &card, "Still.").await;
    scene.over().await;
}

#[tokio::test]
async fn a_reaction_that_the_adapter_breaks_over_holds_up_no_other() {
    let scene = brittle("read_again_after = 1").await;
    let card = scene.asks(&scene.mira, "Who votes here?", "").await;
    let tom = scene.guild.person("tom").await;
    tom.nick("panic-at-event").await;
    tom.react(&card, "👍").await;
    scene.sol.react(&card, "👍").await;
    // What it broke over is found hanging there, by its account alone.
    scene.shows(&card, "+2 votes").await;
    let log = scene.bot.log();
    assert!(log.contains("a panic at"), "{log}");
    scene.over().await;
}
