//! The session that docs/using.md shows, played on a real homeserver and compared with it.

use synapse::Synapse;

use super::card;
use crate::pages;
use crate::world::Bot;

const BEGIN: &str = "<!-- A real session, written by the test `matrix::session`. -->\n```text\n";
const END: &str = "```\n<!-- End of the session. -->";

/// The transcript with every moment the same: `23 Nov 2026, 13:04 UTC` is what the cards say for one.
pub fn stable(transcript: &str) -> String {
    let mut pieces: Vec<&str> = transcript.split(" UTC").collect();
    let rest = pieces.pop().unwrap_or_default();
    let mut steady = String::new();
    for piece in pieces {
        // The day, the month, the year and the time are the last four words.
        let before = piece.rsplitn(5, [' ', '\n']).last().unwrap_or_default();
        let space = if piece.len() > before.len() {
            &piece[before.len()..=before.len()]
        } else {
            ""
        };
        steady.push_str(&format!("{before}{space}23 Nov 2026, 13:04 UTC"));
    }
    steady + rest
}

#[tokio::test]
async fn the_session_on_the_page_is_what_happens() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol, ivo) = (
        server.person("mira").await,
        server.person("sol").await,
        server.person("ivo").await,
    );
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join(&room).await;
    ivo.join(&room).await;

    mira.send(&room, "!ask How long does an opened keg stay good? --tag beer,keg\nIt is a *pilsner*, kept at 4 °C.").await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    sol.in_thread(
        &room,
        &question.id,
        "!answer About **six weeks** with CO₂, a day or two with a hand pump.",
    )
    .await;
    let answer = card(&sol, &room, bot.user(), "#1.1", |_| true).await;
    ivo.react(&room, &answer.id, "👍").await;
    card(&ivo, &room, bot.user(), "#1.1", |shown| {
        shown.body.contains("+1 vote")
    })
    .await;
    mira.react(&room, &answer.id, "✅").await;
    card(&mira, &room, bot.user(), "#1.1", |shown| {
        shown.body.contains("✅")
    })
    .await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("✅")
    })
    .await;
    ivo.send(&room, "!search how long do kegs keep once opened")
        .await;
    super::notice(&ivo, &room, bot.user(), "found for").await;

    let transcript = stable(&ivo.transcript(&room).await);
    pages::hold("docs/using.md", BEGIN, END, &transcript);
}
