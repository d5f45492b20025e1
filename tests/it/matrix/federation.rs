//! The bot in rooms that several homeservers share, and what becomes of these while one is cut off.

use synapse::{Person, RoomId, RoomOptions, Shown, Synapse, UserId};

use super::{card, notice};
use crate::proxy::Proxy;
use crate::world::Bot;

/// The bot's cards as somebody sees them, with the question's votes: sorted, as each server has an order of its own.
async fn cards(person: &Person, room: &RoomId, bot: &UserId) -> Vec<String> {
    let shown = person.shown(room).await;
    let own = shown.into_iter();
    let own = own.filter(|shown| shown.sender == *bot && shown.msgtype == "m.text");
    let mut cards: Vec<String> = own.map(|shown| shown.body).collect();
    cards.sort();
    cards
}

#[tokio::test]
async fn a_cut_between_two_homeservers_loses_nothing_and_counts_nothing_twice() {
    let [here, there] = Synapse::federating().await;
    let bot = Bot::running(&here).await;
    let (mira, sol, ivo) = tokio::join!(
        here.person("mira"),
        there.person("sol"),
        there.person("ivo")
    );
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join_via(&room, &[here.name()]).await;
    ivo.join_via(&room, &[here.name()]).await;
    mira.wait_joined(&room, ivo.user_id().as_str()).await;

    // Together.
    mira.send(&room, "!ask Does this reach everybody?").await;
    let asked = card(&sol, &room, bot.user(), "#1", |_| true).await;
    sol.in_thread(&room, &asked.id, "!answer It reached me.")
        .await;
    let answer = card(&ivo, &room, bot.user(), "#1.1", |_| true).await;
    ivo.react(&room, &answer.id, "👍").await;
    ivo.react(&room, &asked.id, "👍").await;
    let voted = |shown: &Shown| shown.body.contains("+1 vote ");
    for person in [&mira, &sol] {
        for address in ["#1", "#1.1"] {
            card(person, &room, bot.user(), address, voted).await;
        }
    }

    // Apart: each side goes on by itself.
    here.cut_off().await;
    sol.react(&room, &asked.id, "👍").await;
    let taken_back = sol.react(&room, &asked.id, "👍🏽").await;
    sol.redact(&room, &taken_back).await;
    sol.send(&room, "!answer #1 I am cut off.").await;
    ivo.send(&room, "!up #1").await;
    ivo.send(&room, "!ask Is anybody there?").await;
    mira.react(&room, &answer.id, "👍").await;
    mira.send(&room, "!ask Are they gone?").await;
    card(&mira, &room, bot.user(), "#2", |_| true).await;
    card(&mira, &room, bot.user(), "#1.1", |shown| {
        shown.body.contains("+2 votes ")
    })
    .await;
    mira.send(&room, "!questions").await;
    let list = notice(&mira, &room, bot.user(), "Are they gone?").await;
    assert!(!list.body.contains("anybody there"), "{}", list.body);

    // Together again: what was said there is heard here, once.
    there.reconnect().await;
    for person in [&mira, &sol, &ivo] {
        card(person, &room, bot.user(), "#1", |shown| {
            shown.body.contains("+2 votes ") && shown.body.contains("2 answers")
        })
        .await;
        card(person, &room, bot.user(), "#1.1", |shown| {
            shown.body.contains("+2 votes ")
        })
        .await;
        for address in ["#1.2", "#2", "#3"] {
            card(person, &room, bot.user(), address, |_| true).await;
        }
    }
    ivo.send(&room, "!show #3").await;
    notice(&ivo, &room, bot.user(), "Is anybody there?").await;
    let shown = cards(&mira, &room, bot.user()).await;
    assert_eq!(shown.len(), 5, "{shown:#?}");
    assert_eq!(cards(&sol, &room, bot.user()).await, shown);
    let told = mira.shown(&room).await;
    let told = told.iter().filter(|shown| shown.body.contains("You voted"));
    assert_eq!(told.count(), 1, "ivo's vote is answered once");
}

#[tokio::test]
async fn an_invitation_by_another_homeserver_is_followed_though_the_first_tries_fail() {
    let [here, there] = Synapse::federating().await;
    let proxy = Proxy::start(here.url()).await;
    let mut bot = Bot::new(&here, proxy.url()).await;
    // Else only people on its own server may invite it.
    bot.set("allow_invites_from = [\"*\"]");
    bot.start();
    let sol = there.person("sol").await;
    let refused = r#"{"errcode":"M_FORBIDDEN","error":"You are not invited to this room."}"#;
    proxy.answer("POST", "/join", 1, 403, refused);
    let room = sol
        .create_room("Cellar", RoomOptions::private().invite(bot.user()))
        .await;
    sol.wait_joined(&room, bot.user().as_str()).await;
    assert_eq!(proxy.left(), 0, "it was refused once");
    sol.send(&room, "!ask Is the bot here?").await;
    let asked = card(&sol, &room, bot.user(), "#1", |_| true).await;
    sol.send(&room, "!answer #1 It is.").await;
    card(&sol, &room, bot.user(), "#1.1", |_| true).await;

    // What is said while the links are cut is answered when they are whole.
    here.cut_off().await;
    sol.send(&room, "!up #1").await;
    there.reconnect().await;
    notice(&sol, &room, bot.user(), "nobody votes on their own").await;
    sol.react(&room, &asked.id, "🎉").await;
    sol.send(&room, "!questions").await;
    notice(&sol, &room, bot.user(), "#1 Is the bot here?").await;
}
