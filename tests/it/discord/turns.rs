//! Channels and people take turns: what many do in one place holds up nobody elsewhere.

use bot_core::crash::Point;
use discord::{Channel, Interaction, Message};

use super::context::TestContext;
use crate::trap::Trap;

/// How many can wait in one place where nobody waits elsewhere.
const ROOM: usize = 2_000;

/// The forum is open in `#bench` too, and a question is asked; gives the channel and the question's cards in both.
async fn with_bench(context: &TestContext) -> (Channel, Message, Message) {
    let bench = context.guild.text_channel("bench").await;
    context.opens(&bench).await;
    let card = context.asks(&context.mira, "Who is heard first?", "").await;
    let there = context.message_in(&bench, 0).await;
    (bench, card, there)
}

/// A scene, and a trap in which the writer stands still when it is set.
async fn with_trap() -> (TestContext, Trap, tempfile::TempDir) {
    let mut context = TestContext::closed("").await;
    let points = tempfile::tempdir().expect("a folder");
    context.bot.stops_at(points.path());
    context.bot.start();
    context.discord.wait_connected(1).await;
    let help = context.help.clone();
    context.opens(&help).await;
    let trap = Trap::new(Point::BeforeBegin, points.path());
    (context, trap, points)
}

async fn up(context: &TestContext) -> Interaction {
    let post = [("post", "#1")];
    context.sol.command(&context.help, "up", &post).await
}

#[tokio::test]
async fn a_flood_in_one_channel_holds_up_no_other() {
    let context = TestContext::new().await;
    let (bench, card, there) = with_bench(&context).await;
    // A refused reaction is taken away, which Discord does not answer just now: what else happens in #help waits for that.
    let of_help = format!("/channels/{}/messages/", context.help.id());
    let held = context.discord.hold("DELETE", &of_help);
    context.mira.react(&card, "👍").await;
    held.reached().await;
    for number in 0..30 {
        let voter = context.guild.person(&format!("voter{number}")).await;
        voter.react(&card, "👍").await;
    }
    context.sol.react(&there, "👍").await;
    context.shows(&there, "+1 vote").await;
    for channel in [&bench, &context.help] {
        let shown = context
            .sol
            .command(channel, "show", &[("post", "#1")])
            .await;
        let shown = shown.message().await.shown();
        assert!(shown.contains("+1 vote"), "{shown}");
    }
    held.release();
    context.shows(&there, "+31 votes").await;
    context.over().await;
}

#[tokio::test]
async fn who_only_looks_waits_for_nobody_who_does_much_and_all_are_answered_in_the_end() {
    let (context, trap, _points) = with_trap().await;
    let (bench, _, there) = with_bench(&context).await;
    trap.set_pipe();
    let mut asked = vec![up(&context).await];
    let pipe = trap.held().await;
    for _ in 0..100 {
        asked.push(up(&context).await);
    }
    for channel in [&bench, &context.help] {
        let typed = context.sol.complete(channel, "show", "post", "Who").await;
        typed.choices().await;
    }
    drop(pipe);
    for asked in asked {
        asked.message().await;
    }
    context.shows(&there, "+1 vote").await;
    context.over().await;
}

#[tokio::test]
async fn where_too_much_waits_the_next_are_told_so_and_other_places_go_on() {
    let (mut context, trap, _points) = with_trap().await;
    let (bench, _, _) = with_bench(&context).await;
    trap.set_pipe();
    up(&context).await;
    let pipe = trap.held().await;
    for _ in 1..ROOM {
        up(&context).await;
    }
    let refused = up(&context).await.message().await.shown();
    assert!(refused.contains("Too much is asked at once"), "{refused}");
    let typed = context.sol.complete(&bench, "show", "post", "Who").await;
    typed.choices().await;
    context.bot.kill();
    drop(pipe);
    context.over().await;
}
