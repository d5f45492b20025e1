//! One platform is down while people act on the other: when it is back, both show the same, each post once.

use discord::{Discord, Fault};
use synapse::Synapse;

use super::context::Both;

const KEG: &str = "How long does a keg keep?";

/// What is the same on both sides: each post has one card, and all of them say so.
async fn same(both: &Both, posts: &[(&str, &[&str])]) {
    for (address, says) in posts {
        for say in *says {
            both.in_room(address, say).await;
            both.in_channel(address, say).await;
        }
        assert_eq!(both.cards(address).len(), 1, "{address}");
        let shown = both.ivo.shown(&both.room).await;
        assert_eq!(both.count(&shown, address), 1, "{address}");
    }
}

#[tokio::test]
async fn while_the_homeserver_is_down_discord_goes_on_and_the_room_catches_up() {
    let server = Synapse::start().await;
    let both = Both::on(&server, "").await;
    let here = &both.here;
    let keg = here.asks(&here.mira, KEG, "").await;
    let there = both.in_room("#1", KEG).await;
    let vote = both.uma.react(&both.room, &there.id, "👍").await;
    here.shows(&keg, "+1 vote ").await;

    server.kill().await;
    let bottle = here.asks(&here.sol, "Does a bottle age?", "").await;
    here.answers(&here.sol, &keg, "Six weeks.").await;
    let answer = both.in_channel("#1.1", "Six").await;
    here.mira.click(&answer, "Accept").await.response().await;
    here.sol.react(&keg, "👍").await;
    here.shows(&keg, "+2 votes").await;
    here.answers(&here.mira, &bottle, "Some of them do.").await;
    let gone = here.asks(&here.sol, "Is this asked for long?", "").await;
    here.sol
        .command(&here.help, "delete", &[("post", "#3")])
        .await
        .message()
        .await;
    let look = |_: &Discord| (!gone.exists()).then_some(());
    here.discord.wait_until("the card to go", look).await;
    server.restart().await;

    both.uma.redact(&both.room, &vote).await;
    same(
        &both,
        &[
            ("#1", &["+1 vote ", "Answered"]),
            ("#1.1", &["Accepted answer", "Six weeks."]),
            ("#2", &["0 votes", "1 answer"]),
            ("#2.1", &["Some of them do."]),
        ],
    )
    .await;
    both.gone("#3").await;
    both.over().await;
}

#[tokio::test]
async fn while_discord_is_down_the_room_goes_on_and_discord_catches_up() {
    let both = Both::new().await;
    let here = &both.here;
    let keg = here.asks(&here.mira, KEG, "").await;
    let there = both.in_room("#1", KEG).await;
    here.sol.react(&keg, "👍").await;
    both.in_room("#1", "+1 vote ").await;

    // The gateway is gone with its session, and so is the REST interface.
    let before = here.discord.identifies();
    here.discord
        .fail(Fault::html("*", "", 503).times(usize::MAX));
    here.discord.hold_events();
    here.discord.invalidate_sessions(false);
    both.ivo.send(&both.room, "!ask Does a bottle age?").await;
    let bottle = both.in_room("#2", "bottle").await;
    both.uma.react(&both.room, &there.id, "👍").await;
    both.in_room("#1", "+2 votes").await;
    let six = "!answer Six weeks.";
    both.uma.in_thread(&both.room, &there.id, six).await;
    both.in_room("#1.1", "Six").await;
    let some = "!answer Some of them do.";
    let answered = both.uma.in_thread(&both.room, &bottle.id, some).await;
    let answer = both.in_room("#2.1", "Some").await;
    both.ivo.react(&both.room, &answer.id, "✅").await;
    both.in_room("#2.1", "Accepted").await;
    both.uma
        .edit(&both.room, &answered, "!answer All of them do.")
        .await;
    both.in_room("#2.1", "All of them").await;
    // Nobody is told of it.
    here.sol.unreact(&keg, "👍").await;
    here.discord.lose_events();
    here.discord.heal();

    let back = move |discord: &Discord| (discord.identifies() > before).then_some(());
    here.discord.wait_until("the bot to come back", back).await;
    same(
        &both,
        &[
            ("#1", &["+1 vote ", "1 answer"]),
            ("#1.1", &["Six weeks."]),
            ("#2", &["Answered"]),
            ("#2.1", &["Accepted answer", "All of them do."]),
        ],
    )
    .await;
    both.over().await;
}
