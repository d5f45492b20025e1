//! One question in both chats, as both sides see it: what `both.sh` prints, docs/using.md shows and the README's picture
//! is drawn of.

use synapse::Shown;

use super::context::Both;
use super::picture;
use crate::discord::page::plain;
use crate::pages;

const BEGIN: &str = "<!-- One forum in both chats: what `both.sh` prints. -->\n```text\n";
const END: &str = "```\n<!-- End of both. -->";

#[tokio::test]
async fn the_picture_is_what_both_sides_see() {
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
    let seen = words(&both.transcripts().await);
    both.over().await;

    if let Some(file) = std::env::var_os("STOA_SHOW_BOTH") {
        std::fs::write(file, &seen).expect("writes");
    }
    pages::hold("docs/using.md", BEGIN, END, &seen);
    picture::hold(&seen);
}

/// Without a homeserver: the picture is drawn of what the page shows.
#[test]
fn the_picture_is_drawn_of_the_words_on_the_page() {
    let page = pages::read("docs/using.md");
    picture::hold(pages::between(&page, BEGIN, END));
}

/// Both sides as people see them.
fn words(transcripts: &str) -> String {
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
