//! The forum in Matrix rooms, on a real homeserver.

mod conversations;
mod copies;
mod crashes;
mod encrypted;
mod faults;
mod federation;
mod forum;
mod hostile;
mod nio;
mod operator;
mod rooms;
pub mod session;
mod sessions;
mod settings;
mod trouble;
mod turns;

use synapse::{Person, RoomId, Shown, UserId};

/// Waits for the bot's card that begins with `address`, and gives it once `is_it` holds.
pub async fn card(
    person: &Person,
    room: &RoomId,
    bot: &UserId,
    address: &str,
    is_it: impl Fn(&Shown) -> bool,
) -> Shown {
    let what = format!("the card of {address}");
    let beginning = format!("{address} ");
    person
        .wait_message(room, &what, |shown| {
            let body = shown.body.trim_start_matches("✅ ");
            shown.sender == *bot
                && shown.msgtype == "m.text"
                && body.starts_with(&beginning)
                && is_it(shown)
        })
        .await
}

/// Waits for the bot's notice that has these words in it.
pub async fn notice(person: &Person, room: &RoomId, bot: &UserId, words: &str) -> Shown {
    person
        .wait_message(room, &format!("the notice {words:?}"), |shown| {
            shown.sender == *bot && shown.msgtype == "m.notice" && shown.body.contains(words)
        })
        .await
}
