//! Where a bridge already joins channel and room, its ghosts are no people.

use synapse::Synapse;

use super::context::Both;
use crate::world::Bot;

const KEG: &str = "How long does a keg keep?";
const IGNORE: &str = "ignore = [\"@discord_*\"]\n";

/// What `stoa check --online` says.
async fn checked(bot: &Bot) -> String {
    let mut command = bot.command(&["check", "--online"]);
    // The fake answers it meanwhile.
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.expect("no panic").expect("runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_bridges_ghosts_neither_ask_nor_vote_and_check_tells_of_them() {
    let server = Synapse::shared().await;
    let mut both = Both::still(server, server.url(), "").await;
    both.here
        .bot
        .replace("rooms = ", &format!("{IGNORE}rooms = "));
    both.here.bot.start();
    both.ready().await;
    let here = &both.here;
    // The bridge says in the room what sol says on Discord, and reacts there as sol does.
    let ghost = server.person("discord_77").await;
    ghost.join(&both.room).await;
    let question = here.asks(&here.mira, KEG, "").await;
    let there = both.in_room("#1", KEG).await;
    ghost.send(&both.room, "!ask Is this asked twice?").await;
    ghost.react(&both.room, &there.id, "👍").await;
    here.sol.react(&question, "👍").await;
    both.in_room("#1", "+1 vote ").await;
    both.uma.react(&both.room, &there.id, "👍").await;
    here.shows(&question, "+2 votes").await;
    both.uma.send(&both.room, "!ask Is this the second?").await;
    both.in_channel("#2", "Is this the second?").await;

    let said = checked(&here.bot).await;
    assert!(!said.contains("a bridge is in it"), "{said}");
    both.here.bot.replace(IGNORE, "");
    let said = checked(&both.here.bot).await;
    let told = said.lines().find(|line| line.contains("a bridge is in it"));
    let told = told.unwrap_or_else(|| panic!("{said}"));
    assert!(
        told.contains("add \"@discord_*:localhost\" to `matrix.ignore`"),
        "{told}"
    );
    both.over().await;
}
