//! Conversations with the bot alone: which rooms are some, what is told and published there, and where private answers go.

use std::time::Duration;

use serde_json::json;
use synapse::{Person, RoomId, RoomOptions, Shown, Synapse};

use super::{card, notice};
use crate::people::{Keyed, Lock};
use crate::world::Bot;

/// A private room without a name, as "Start chat" with several people makes it.
async fn group(person: &Person, bot: &Bot, others: &[&Person]) -> RoomId {
    let mut options = RoomOptions::private()
        .set("is_direct", json!(true))
        .invite(bot.user());
    for other in others {
        options = options.invite(other.user_id());
    }
    let room = person.create_room("", options).await;
    person.wait_joined(&room, bot.user().as_str()).await;
    room
}

/// The bot's cards in a room.
async fn cards(person: &Person, room: &RoomId, bot: &Bot) -> Vec<Shown> {
    let mut shown = person.shown(room).await;
    shown.retain(|shown| shown.sender == *bot.user() && shown.msgtype == "m.text");
    shown
}

/// A conversation that a person began with the bot.
async fn conversation(person: &Person, bot: &Bot) -> RoomId {
    let room = person.create_direct(bot.user()).await;
    person.wait_joined(&room, bot.user().as_str()).await;
    room
}

#[tokio::test]
async fn a_group_that_shrinks_is_no_conversation_and_publishes_nowhere_else() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let (mira, sol, ivo) = (
        server.person("mira").await,
        server.person("sol").await,
        server.person("ivo").await,
    );
    let fixture = bot.room_of(&mira, "Kitchen").await;
    let (begun, new) = (
        group(&mira, &bot, &[&sol, &ivo]).await,
        group(&mira, &bot, &[&sol]).await,
    );
    let named = mira
        .create_room("Vault", RoomOptions::private().invite(bot.user()))
        .await;
    mira.wait_joined(&named, bot.user().as_str()).await;
    sol.join(&begun).await;
    let asked = mira.send(&begun, "!ask What is secret here?").await;
    let first = card(&mira, &begun, bot.user(), "#1", |_| true).await;
    mira.send(&named, "!ask What is in the vault?").await;
    card(&mira, &named, bot.user(), "#1", |_| true).await;
    // One leaves, one declines, one never came, and a name is taken away.
    sol.leave(&begun).await;
    ivo.leave(&begun).await;
    sol.leave(&new).await;
    mira.set_room_name(&named, "").await;
    for (room, number) in [(&begun, "#2"), (&new, "#1"), (&named, "#2")] {
        mira.send(room, "ask Is this said to the bot?").await;
        mira.send(room, "!ask Is this published elsewhere?").await;
        card(&mira, room, bot.user(), number, |shown| {
            shown.body.contains("published elsewhere?")
        })
        .await;
    }
    // What was asked there is reached, voted on, changed and deleted as before.
    mira.edit(&begun, &asked, "!ask What was secret here?")
        .await;
    card(&mira, &begun, bot.user(), "#1", |shown| {
        shown.body.contains("was secret")
    })
    .await;
    mira.send(&begun, "!answer #1 This.").await;
    let answer = card(&mira, &begun, bot.user(), "#1.1", |_| true).await;
    assert_eq!(answer.thread.as_ref(), Some(&first.id));
    bot.stop().await;
    bot.start();
    mira.redact(&begun, &asked).await;
    card(&mira, &begun, bot.user(), "#1", |shown| {
        shown.body.contains("withdrawn")
    })
    .await;
    mira.invite(&begun, ivo.user_id()).await;
    ivo.join(&begun).await;
    ivo.send(&begun, "!questions").await;
    let list = notice(&ivo, &begun, bot.user(), "#2 Is this published elsewhere?").await;
    assert!(!list.body.contains("secret"), "{}", list.body);
    let elsewhere = cards(&mira, &fixture, &bot).await;
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
}

#[tokio::test]
async fn before_anything_is_published_from_a_conversation_its_person_is_told_where_and_agrees() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let fixture = bot.room_of(&mira, "Kitchen").await;
    sol.join(&fixture).await;
    let (alone, his) = (
        conversation(&mira, &bot).await,
        conversation(&sol, &bot).await,
    );
    mira.send(&alone, "ask What is asked in private?").await;
    let asked = notice(&mira, &alone, bot.user(), "published in Kitchen").await;
    assert!(
        asked.body.contains("under the name **mira"),
        "{}",
        asked.body
    );
    let link = format!("<a href=\"https://matrix.to/#/{fixture}\">Kitchen</a>");
    let html = asked.formatted_body.unwrap_or_default();
    assert!(html.contains(&link), "{html}");
    // What waits outlives the process.
    bot.kill();
    bot.start();
    mira.react(&alone, &asked.id, "✅").await;
    notice(&mira, &alone, bot.user(), "#1 is asked").await;
    card(&mira, &fixture, bot.user(), "#1", |_| true).await;
    mira.send(&alone, "answer #1 This is at once.").await;
    notice(&mira, &alone, bot.user(), "#1.1 is posted").await;
    // Somebody else is asked for themselves, and says it in words.
    sol.send(&his, "ask Is this asked in words?").await;
    let asked = notice(&sol, &his, bot.user(), "under the name **sol").await;
    sol.reply(&his, &asked.id, "yes").await;
    notice(&sol, &his, bot.user(), "#2 is asked").await;
    card(&sol, &fixture, bot.user(), "#2", |_| true).await;
    // Who may not write in the room has nothing written there for them, but may look.
    mira.set_power(&fixture, sol.user_id(), -1).await;
    for said in ["ask Is this heard still?", "up #1"] {
        sol.send(&his, said).await;
        notice(&sol, &his, bot.user(), "may not write now").await;
    }
    sol.send(&his, "show #1").await;
    notice(&sol, &his, bot.user(), "0 votes").await;
    mira.set_power(&fixture, sol.user_id(), 0).await;
    sol.send(&his, "up #1").await;
    notice(&sol, &his, bot.user(), "You voted for #1").await;
    let numbers = cards(&mira, &fixture, &bot).await;
    assert_eq!(numbers.len(), 3, "{numbers:#?}");
}

#[tokio::test]
async fn what_a_conversation_is_about_follows_who_joins_and_leaves() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let (fixture, cellar) = (
        bot.room_of(&sol, "Kitchen").await,
        bot.room_of(&sol, "Cellar").await,
    );
    sol.send(&fixture, "!ask What is in the kitchen?").await;
    sol.send(&cellar, "!ask What is in the cellar?").await;
    for room in [&fixture, &cellar] {
        card(&sol, room, bot.user(), "#1", |_| true).await;
    }
    let alone = conversation(&mira, &bot).await;
    mira.send(&alone, "questions").await;
    notice(&mira, &alone, bot.user(), "There are none yet").await;
    mira.join(&fixture).await;
    mira.send(&alone, "questions recent").await;
    notice(&mira, &alone, bot.user(), "#1 What is in the kitchen?").await;
    mira.join(&cellar).await;
    mira.send(&alone, "show #1").await;
    let which = notice(&mira, &alone, bot.user(), "Which one is meant here?").await;
    assert!(
        which.body.contains("1. Kitchen") && which.body.contains("2. Cellar"),
        "{}",
        which.body
    );
    mira.send(&alone, "!help all").await;
    notice(&mira, &alone, bot.user(), "!unaccept").await;
    mira.send(&alone, "2").await;
    notice(&mira, &alone, bot.user(), "is about the forum of Cellar").await;
    mira.send(&alone, "show #1").await;
    notice(&mira, &alone, bot.user(), "#1 What is in the cellar?").await;
    sol.kick(&cellar, mira.user_id()).await;
    mira.send(&alone, "search cellar").await;
    notice(&mira, &alone, bot.user(), "Nothing was found").await;
}

#[tokio::test]
async fn what_only_an_encrypted_room_shows_is_told_only_in_an_encrypted_conversation() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let account = server.account("mira").await;
    let plain = server.log_in(&account).await;
    let mira = Keyed::log_in(server.url(), &account).await;
    let vault = mira.room_with("Vault", bot.user()).await;
    mira.send(&vault, "!ask What is the secret of the vault?")
        .await;
    let of_the_bot = |words: &'static str| {
        let bot = bot.user().as_str().to_owned();
        move |read: &crate::people::Read| read.sender == bot && read.body.contains(words)
    };
    mira.wait_message(&vault, "the card", of_the_bot("secret of the vault"))
        .await;
    let alone = conversation(&plain, &bot).await;
    for text in ["search secret", "show #1", "history #1", "questions"] {
        plain.send(&alone, text).await;
    }
    let refused = "Only encrypted rooms show what is in this forum";
    let all = |shown: &[Shown]| {
        let told = shown.iter().filter(|shown| shown.body.contains(refused));
        (told.count() == 4).then_some(())
    };
    plain.wait_for(&alone, "four refusals", all).await;
    let said = plain.transcript(&alone).await;
    assert!(!said.contains("secret of the vault"), "{said}");
}

#[tokio::test]
async fn private_answers_go_where_exactly_the_bot_and_that_person_are() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, eve) = (server.person("mira").await, server.person("eve").await);
    let fixture = bot.room_of(&mira, "Kitchen").await;
    // A room that says that the bot is a creator of it, too.
    let creators = json!({ "additional_creators": [bot.user()] });
    let options = RoomOptions::private()
        .version("12")
        .set("creation_content", creators)
        .set("is_direct", json!(true))
        .invite(bot.user())
        .invite(mira.user_id());
    let trap = eve.create_room("", options).await;
    eve.wait_joined(&trap, bot.user().as_str()).await;
    // One that the bot's account did make, in which mira may invite whom she likes, and did.
    let account = server.log_in(bot.account()).await;
    let old = account.create_direct(mira.user_id()).await;
    mira.join(&old).await;
    mira.invite(&old, eve.user_id()).await;
    mira.send(&fixture, "!link").await;
    let made = mira.wait_invite(bot.user().as_str()).await;
    mira.join(&made).await;
    notice(&mira, &made, bot.user(), "To let your other account").await;
    // There nobody else comes in.
    let path = format!("/_matrix/client/v3/rooms/{made}/invite");
    let invited = mira.post(&path, &json!({ "user_id": eve.user_id() })).await;
    let refused = invited.expect_err("a person may invite nobody");
    assert_eq!(refused.errcode(), "M_FORBIDDEN");
    // The next one goes there as well.
    mira.send(&fixture, "!unlink").await;
    notice(&mira, &made, bot.user(), "not joined with another").await;
    // Whoever left it gets another where they asked for something.
    mira.leave(&made).await;
    mira.send(&fixture, "!link").await;
    let again = mira.wait_invite(bot.user().as_str()).await;
    mira.join(&again).await;
    notice(&mira, &again, bot.user(), "To let your other account").await;
    for room in [&trap, &old] {
        let said = account.transcript(room).await;
        assert!(!said.contains("!link"), "{said}");
    }
}

#[tokio::test]
async fn a_private_answer_about_an_encrypted_room_is_encrypted_where_a_plain_conversation_is() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let account = server.account("mira").await;
    let plain = server.log_in(&account).await;
    let mira = Keyed::log_in(server.url(), &account).await;
    let fixture = bot.room_of(&plain, "Kitchen").await;
    plain.send(&fixture, "!link").await;
    let open = plain.wait_invite(bot.user().as_str()).await;
    plain.join(&open).await;
    notice(&plain, &open, bot.user(), "To let your other account").await;
    let vault = mira.room_with("Vault", bot.user()).await;
    mira.send(&vault, "!link").await;
    let secret = plain.wait_invite(bot.user().as_str()).await;
    mira.join(&secret).await;
    mira.sync(Duration::ZERO).await;
    let told = mira
        .wait_message(&secret, "the code", |read| {
            read.sender == bot.user().as_str() && read.body.contains("To let your other account")
        })
        .await;
    assert_eq!(told.lock, Lock::Encrypted);
}
