//! Rooms that come and go: invitations, kicks, bans, several forums.

use synapse::{RoomOptions, Synapse};

use super::{card, notice};
use crate::world::Bot;

#[tokio::test]
async fn only_those_on_the_list_can_invite_the_bot() {
    let server = Synapse::shared().await;
    let (mira, stranger) = (server.person("mira").await, server.person("stranger").await);
    let mut bot = Bot::new(server, server.url()).await;
    bot.set(&format!("allow_invites_from = [\"{}\"]", mira.user_id()));
    bot.start();
    let closed = stranger
        .create_room("Closed", RoomOptions::public().invite(bot.user()))
        .await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask Is the bot here?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    let member = stranger
        .state(&closed, "m.room.member", bot.user().as_str())
        .await
        .expect("it was invited");
    assert_ne!(member["membership"], "join");
}

#[tokio::test]
async fn a_kick_and_a_ban_are_survived_and_an_invitation_brings_the_bot_back() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let (kitchen, cellar) = (
        bot.room_of(&mira, "Kitchen").await,
        bot.room_of(&mira, "Cellar").await,
    );
    mira.send(&kitchen, "!ask Is the bot in the kitchen?").await;
    card(&mira, &kitchen, bot.user(), "#1", |_| true).await;
    mira.kick(&kitchen, bot.user()).await;
    mira.ban(&cellar, bot.user()).await;
    let hall = bot.room_of(&mira, "Hall").await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    bot.start();
    mira.send(&hall, "!ask Is the bot in the hall?").await;
    card(&mira, &hall, bot.user(), "#1", |_| true).await;
    mira.invite(&kitchen, bot.user()).await;
    mira.wait_joined(&kitchen, bot.user().as_str()).await;
    mira.send(&kitchen, "!questions").await;
    notice(&mira, &kitchen, bot.user(), "#1 Is the bot in the kitchen?").await;
}

#[tokio::test]
async fn a_room_has_a_forum_of_its_own_and_those_in_the_settings_share_one() {
    let server = Synapse::shared().await;
    let mira = server.person("mira").await;
    let mut bot = Bot::new(server, server.url()).await;
    let mut named = Vec::new();
    for name in ["Kitchen", "Cellar"] {
        named.push(mira.create_room(name, RoomOptions::public()).await);
    }
    bot.set(&format!("rooms = [\"{}\", \"{}\"]", named[0], named[1]));
    bot.start();
    for room in &named {
        mira.wait_joined(room, bot.user().as_str()).await;
    }
    let other = bot.room_of(&mira, "Elsewhere").await;
    mira.send(&other, "!ask Is this asked elsewhere?").await;
    card(&mira, &other, bot.user(), "#1", |_| true).await;
    mira.send(&named[0], "!ask Is this asked in both?").await;
    for room in &named {
        card(&mira, room, bot.user(), "#1", |shown| {
            shown.body.contains("in both?")
        })
        .await;
    }
    mira.send(&named[1], "!answer #1 It is.").await;
    for room in &named {
        card(&mira, room, bot.user(), "#1.1", |shown| {
            shown.thread.is_some()
        })
        .await;
    }
    let (good, forums) = bot.says(&["search", "asked", "--json"]);
    assert!(
        good && forums.contains("in both?") && !forums.contains("elsewhere"),
        "{forums}"
    );
}

#[tokio::test]
async fn where_the_bot_may_not_take_its_cards_away_they_say_that_the_post_is_gone() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let strict = serde_json::json!({"events": {"m.room.redaction": 50}});
    let options = RoomOptions::public().invite(bot.user()).power(strict);
    let room = mira.create_room("Kitchen", options).await;
    mira.wait_joined(&room, bot.user().as_str()).await;
    mira.send(&room, "!ask Is this taken back again?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    mira.send(&room, "!delete #1").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("was withdrawn")
    })
    .await;
    mira.send(&room, "!ask Does the bot still speak?").await;
    card(&mira, &room, bot.user(), "#2", |_| true).await;
}
