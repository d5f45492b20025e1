//! Channels and people take turns: what many do in one place holds up nobody elsewhere.

use bot_core::crash::Point;
use discord::{Channel, Interaction, Message};

use super::scene::Scene;
use crate::trap::Trap;

/// How many can wait in one place where nobody waits elsewhere.
const ROOM: usize = 2_000;

/// The forum is open in `#bench` too, and a question is asked; gives the channel and the question's cards in both.
async fn with_bench(scene: &Scene) -> (Channel, Message, Message) {
    let bench = scene.guild.text_channel("bench").await;
    scene.opens(&bench).await;
    let card = scene.asks(&scene.mira, "Who is heard first?", "").await;
    let there = scene.message_in(&bench, 0).await;
    (bench, card, there)
}

/// A scene, and a trap in which the writer stands still when it is set.
async fn with_trap() -> (Scene, Trap, tempfile::TempDir) {
    let mut scene = Scene::closed("").await;
    let points = tempfile::tempdir().expect("a folder");
    scene.bot.stops_at(points.path());
    scene.bot.start();
    scene.discord.wait_connected(1).await;
    let help = scene.help.clone();
    scene.opens(&help).await;
    let trap = Trap::new(Point::BeforeBegin, points.path());
    (scene, trap, points)
}

async fn up(scene: &Scene) -> Interaction {
    let post = [("post", "#1")];
    scene.sol.command(&scene.help, "up", &post).await
}

#[tokio::test]
async fn a_flood_in_one_channel_holds_up_no_other() {
    let scene = Scene::new().await;
    let (bench, card, there) = with_bench(&scene).await;
    // A refused reaction is taken away, which Discord does not answer just now: what else happens in #help waits for that.
    let of_help = format!("/channels/{}/messages/", scene.help.id());
    let held = scene.discord.hold("DELETE", &of_help);
    scene.mira.react(&card, "👍").await;
    held.reached().await;
    for number in 0..30 {
        let voter = scene.guild.person(&format!("voter{number}")).await;
        voter.react(&card, "👍").await;
    }
    scene.sol.react(&there, "👍").await;
    scene.shows(&there, "+1 vote").await;
    for channel in [&bench, &scene.help] {
        let shown = scene.sol.command(channel, "show", &[("post", "#1")]).await;
        let shown = shown.message().await.shown();
        assert!(shown.contains("+1 vote"), "{shown}");
    }
    held.release();
    scene.shows(&there, "+31 votes").await;
    scene.over().await;
}

#[tokio::test]
async fn who_only_looks_waits_for_nobody_who_does_much_and_all_are_answered_in_the_end() {
    let (scene, trap, _points) = with_trap().await;
    let (bench, _, there) = with_bench(&scene).await;
    trap.set_pipe();
    let mut asked = vec![up(&scene).await];
    let pipe = trap.held().await;
    for _ in 0..100 {
        asked.push(up(&scene).await);
    }
    for channel in [&bench, &scene.help] {
        let typed = scene.sol.complete(channel, "show", "post", "Who").await;
        typed.choices().await;
    }
    drop(pipe);
    for asked in asked {
        asked.message().await;
    }
    scene.shows(&there, "+1 vote").await;
    scene.over().await;
}

#[tokio::test]
async fn where_too_much_waits_the_next_are_told_so_and_other_places_go_on() {
    let (mut scene, trap, _points) = with_trap().await;
    let (bench, _, _) = with_bench(&scene).await;
    trap.set_pipe();
    up(&scene).await;
    let pipe = trap.held().await;
    for _ in 1..ROOM {
        up(&scene).await;
    }
    let refused = up(&scene).await.message().await.shown();
    assert!(refused.contains("Too much is asked at once"), "{refused}");
    let typed = scene.sol.complete(&bench, "show", "post", "Who").await;
    typed.choices().await;
    scene.bot.kill();
    drop(pipe);
    scene.over().await;
}
