//! The picture in the README: one question in both chats, as both sides see it. `both.sh` prints it.

use std::path::Path;

use synapse::Shown;

use super::scene::Both;
use crate::discord::readme::plain;

const BEGIN: &str = "<!-- One forum in both chats: what `both.sh` prints. -->\n```text\n";
const END: &str = "```\n<!-- End of both. -->";

#[tokio::test]
async fn the_picture_in_the_readme_is_what_both_sides_see() {
    let both = Both::new().await;
    let here = &both.here;
    let title = "How long does an opened keg keep?";
    here.asks(&here.mira, title, "It is a *pilsner*.").await;
    let there = both.in_room("#1", title).await;
    let text = "!answer About **six weeks**, if it is kept cold.";
    both.uma.in_thread(&both.room, &there.id, text).await;
    let answer = both.in_channel("#1.1", "six weeks").await;
    both.in_room("#1.1", "six weeks").await;
    both.ivo.react(&both.room, &there.id, "👍").await;
    both.in_channel("#1", "+1 vote").await;
    here.sol.react(&answer, "👍").await;
    both.in_channel("#1.1", "+1 vote").await;
    here.mira.click(&answer, "Accept").await.response().await;
    for address in ["#1", "#1.1"] {
        let decided = if address == "#1" {
            "Answered"
        } else {
            "Accepted"
        };
        both.in_channel(address, decided).await;
        let is_it = |shown: &Shown| shown.body.contains(decided) && shown.body.contains("+1 vote");
        let bot = here.bot.user();
        crate::matrix::card(&both.ivo, &both.room, bot, address, is_it).await;
    }
    let seen = picture(&both.transcripts().await);
    both.over().await;

    if let Some(file) = std::env::var_os("STOA_SHOW_BOTH") {
        std::fs::write(file, &seen).expect("writes");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).expect("the README");
    let (before, rest) = text.split_once(BEGIN).expect("the README has a place");
    let (shown, after) = rest.split_once(END).expect("it ends");
    if std::env::var_os("STOA_WRITE_README").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{seen}{END}{after}")).expect("writes");
        return;
    }
    assert_eq!(shown, seen, "write it anew with STOA_WRITE_README=1");
}

/// Both sides as people see them.
fn picture(transcripts: &str) -> String {
    let (channel, room) = transcripts.split_once("\nRoom\n\n").expect("both sides");
    let channel = channel.trim_start_matches("#help\n\n");
    let channel: Vec<_> = channel
        .lines()
        .map(|line| format!("  {}", plain(line)))
        .collect();
    // Where the forum is still empty, nobody looks.
    let (_, room) = room
        .split_once("asks the first.\n")
        .expect("it was looked at");
    let room: Vec<_> = room.lines().map(|line| format!("  {line}")).collect();
    let lines = ["Discord, #help"]
        .into_iter()
        .chain(channel.iter().map(String::as_str))
        .chain(["", "Matrix, Kitchen"])
        .chain(room.iter().map(String::as_str));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
}
