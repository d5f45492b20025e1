//! Rooms that come and go: invitations, kicks, bans, several forums.

use synapse::{RoomOptions, Shown, Synapse};

use super::{card, notice};
use crate::proxy::Proxy;
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
    let (fixture, cellar) = (
        bot.room_of(&mira, "Kitchen").await,
        bot.room_of(&mira, "Cellar").await,
    );
    mira.send(&fixture, "!ask Is the bot in the kitchen?").await;
    card(&mira, &fixture, bot.user(), "#1", |_| true).await;
    mira.kick(&fixture, bot.user()).await;
    mira.ban(&cellar, bot.user()).await;
    let hall = bot.room_of(&mira, "Hall").await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    bot.start();
    mira.send(&hall, "!ask Is the bot in the hall?").await;
    card(&mira, &hall, bot.user(), "#1", |_| true).await;
    mira.invite(&fixture, bot.user()).await;
    mira.wait_joined(&fixture, bot.user().as_str()).await;
    mira.send(&fixture, "!questions").await;
    notice(&mira, &fixture, bot.user(), "#1 Is the bot in the kitchen?").await;
}

#[tokio::test]
async fn a_question_that_is_asked_while_the_bot_may_not_write_gets_its_card_when_it_may() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.set_power(&room, bot.user(), -1).await;
    mira.send(&room, "!ask Does the bot hear this?").await;
    // It is in the forum, and its card was tried.
    let asked = || {
        let stats: Result<serde_json::Value, _> =
            serde_json::from_str(&bot.says(&["stats", "--json"]).1);
        stats.is_ok_and(|stats| stats["questions"] == 1)
    };
    while !asked() {
        tokio::task::yield_now().await;
    }
    mira.set_power(&room, bot.user(), 0).await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
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
    let says_so = |shown: &[Shown]| {
        let mut cards = shown.iter();
        let said = |shown: &Shown| shown.body.contains("#1 is not shown any more");
        cards.any(said).then_some(())
    };
    mira.wait_for(&room, "the card to say so", says_so).await;
    mira.send(&room, "!ask Does the bot still speak?").await;
    card(&mira, &room, bot.user(), "#2", |_| true).await;
}

#[tokio::test]
async fn an_upgraded_room_is_followed_with_its_questions_and_their_numbers() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let options = RoomOptions::public().version("10").invite(bot.user());
    let old = mira.create_room("Kitchen", options).await;
    mira.wait_joined(&old, bot.user().as_str()).await;
    sol.join(&old).await;
    mira.send(&old, "!ask Does an upgrade lose this?").await;
    let before = card(&mira, &old, bot.user(), "#1", |_| true).await;
    mira.send(&old, "!answer #1 It does not.").await;
    card(&mira, &old, bot.user(), "#1.1", |_| true).await;
    sol.react(&old, &before.id, "👍").await;
    card(&mira, &old, bot.user(), "#1", |shown| {
        shown.body.contains("+1 vote ")
    })
    .await;

    let new = mira.upgrade_room(&old, "11").await;
    mira.wait_joined(&new, bot.user().as_str()).await;
    sol.join(&new).await;
    sol.send(&new, "!ask Is this asked in the new room?").await;
    card(&sol, &new, bot.user(), "#2", |_| true).await;
    sol.send(&new, "!show #1").await;
    notice(&sol, &new, bot.user(), "It does not.").await;
    // Shown, it has a card here too, on which people vote.
    let after = card(&sol, &new, bot.user(), "#1", |shown| {
        shown.body.contains("+1 vote ")
    })
    .await;
    mira.send(&new, "!answer #1 Not even the votes.").await;
    let answer = card(&mira, &new, bot.user(), "#1.2", |_| true).await;
    assert_eq!(answer.thread.as_ref(), Some(&after.id));
    sol.react(&new, &after.id, "👎").await;
    card(&sol, &new, bot.user(), "#1", |shown| {
        shown.body.contains("–1 vote") || shown.body.contains("-1 vote")
    })
    .await;
    let shown = mira.shown(&old).await;
    assert!(
        shown.iter().all(|shown| !shown.body.starts_with("#2")),
        "{shown:#?}"
    );
}

#[tokio::test]
async fn a_room_that_was_upgraded_while_the_bot_was_down_is_followed_once_somebody_lets_it_in() {
    let server = Synapse::shared().await;
    let mira = server.person("mira").await;
    let mut bot = Bot::new(server, server.url()).await;
    let old = mira
        .create_room("Kitchen", RoomOptions::private().invite(bot.user()))
        .await;
    // The settings name it, and nobody's invitations are followed.
    bot.set(&format!("rooms = [\"{old}\"]\nallow_invites_from = []"));
    bot.start();
    mira.wait_joined(&old, bot.user().as_str()).await;
    mira.send(&old, "!ask Does the forum main go along?").await;
    card(&mira, &old, bot.user(), "#1", |_| true).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    let new = mira.upgrade_room(&old, "11").await;
    bot.start();
    mira.invite(&new, bot.user()).await;
    mira.wait_joined(&new, bot.user().as_str()).await;
    mira.send(&new, "!ask Are numbers kept?").await;
    card(&mira, &new, bot.user(), "#2", |_| true).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    bot.start();
    mira.send(&new, "!questions").await;
    notice(&mira, &new, bot.user(), "#1 Does the forum main go along?").await;
    let (good, found) = bot.says(&["search", "along", "--forum", "main"]);
    assert!(good && found.contains("#1"), "{found}");
}

#[tokio::test]
async fn a_first_join_that_is_refused_is_tried_again_beside_everything_else() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    bot.start();
    let mira = server.person("mira").await;
    let hall = bot.room_of(&mira, "Hall").await;
    let refused = r#"{"errcode":"M_FORBIDDEN","error":"You are not invited to this room."}"#;
    proxy.answer("POST", "/join", 2, 403, refused);
    let fixture = mira
        .create_room("Kitchen", RoomOptions::public().invite(bot.user()))
        .await;
    mira.send(&hall, "!ask Is anybody held up?").await;
    card(&mira, &hall, bot.user(), "#1", |_| true).await;
    mira.wait_joined(&fixture, bot.user().as_str()).await;
    assert_eq!(proxy.left(), 0, "it was refused twice");
    mira.send(&fixture, "!ask Is the bot in?").await;
    card(&mira, &fixture, bot.user(), "#1", |_| true).await;
}

#[tokio::test]
async fn a_bridge_s_ghosts_are_not_heard_and_do_not_vote() {
    let server = Synapse::shared().await;
    let mut bot = Bot::new(server, server.url()).await;
    bot.set("ignore = [\"@ghost*\"]");
    bot.start();
    let (mira, ghost) = (server.person("mira").await, server.person("ghost").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    ghost.join(&room).await;
    ghost.send(&room, "!ask Is a ghost heard at all?").await;
    mira.send(&room, "!ask Who is heard here?").await;
    let asked = card(&mira, &room, bot.user(), "#1", |_| true).await;
    assert!(asked.body.contains("Who is heard"), "{}", asked.body);
    ghost.react(&room, &asked.id, "👍").await;
    ghost.send(&room, "!up #1").await;
    mira.send(&room, "!show #1").await;
    let shown = notice(&mira, &room, bot.user(), "Who is heard").await;
    assert!(shown.body.contains("0 votes"), "{}", shown.body);
}
