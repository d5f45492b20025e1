//! Crashes and absences: nothing is lost, nothing is done twice.

use futures_util::future::join_all;
use synapse::{EventId, Synapse};

use super::{card, notice};
use crate::proxy::{Proxy, When};
use crate::world::Bot;

/// How often the bot's messages show the card of an address.
fn cards(shown: &[synapse::Shown], bot: &Bot, address: &str) -> usize {
    let beginning = format!("{address} ");
    shown
        .iter()
        .filter(|shown| shown.sender == *bot.user() && shown.body.starts_with(&beginning))
        .count()
}

#[tokio::test]
async fn a_kill_between_a_message_and_its_card_leaves_one_question_with_one_card() {
    let server = Synapse::shared().await;
    for when in [When::Before, When::After] {
        let proxy = Proxy::start(server.url()).await;
        let mut bot = Bot::new(server, proxy.url()).await;
        bot.start();
        let mira = server.person("mira").await;
        let room = bot.room_of(&mira, "Kitchen").await;
        let held = proxy.hold("PUT", "/send/m.room.message/p", when);
        mira.send(&room, "!ask Is this asked once?").await;
        held.await.expect("the bot sends a card");
        bot.kill();
        bot.start();
        card(&mira, &room, bot.user(), "#1", |_| true).await;
        mira.send(&room, "!questions").await;
        let list = notice(&mira, &room, bot.user(), "Is this asked once?").await;
        assert!(!list.body.contains("#2"), "{when:?}: {}", list.body);
        assert_eq!(cards(&mira.shown(&room).await, &bot, "#1"), 1, "{when:?}");
        assert!(bot.stop().await.success(), "{}", bot.log());
    }
}

#[tokio::test]
async fn a_kill_between_a_command_and_its_reply_leaves_one_reply() {
    let server = Synapse::shared().await;
    for when in [When::Before, When::After] {
        let proxy = Proxy::start(server.url()).await;
        let mut bot = Bot::new(server, proxy.url()).await;
        bot.start();
        let (mira, sol) = (server.person("mira").await, server.person("sol").await);
        let room = bot.room_of(&mira, "Kitchen").await;
        sol.join(&room).await;
        mira.send(&room, "!ask Is this vote counted once?").await;
        card(&mira, &room, bot.user(), "#1", |_| true).await;
        let held = proxy.hold("PUT", "/send/m.room.message/r", when);
        sol.send(&room, "!up #1").await;
        held.await.expect("the bot replies");
        bot.kill();
        bot.start();
        let told = notice(&sol, &room, bot.user(), "You voted for #1").await;
        assert!(told.body.contains("+1 vote "), "{}", told.body);
        sol.send(&room, "!down #1").await;
        notice(&sol, &room, bot.user(), "You voted against #1").await;
        let replies = sol
            .shown(&room)
            .await
            .iter()
            .filter(|shown| shown.body.contains("You voted for #1"))
            .count();
        assert_eq!(replies, 1, "{when:?}");
    }
}

#[tokio::test]
async fn two_hundred_reactions_by_fifty_people_while_the_bot_is_down_all_count() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let people = server.people(50, "voter").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    join_all(people.iter().map(|person| person.join(&room))).await;
    mira.send(&room, "!ask How is this counted?").await;
    let mut posts: Vec<EventId> = vec![card(&mira, &room, bot.user(), "#1", |_| true).await.id];
    for number in 1..=3 {
        mira.send(&room, &format!("!answer #1 Answer number {number}."))
            .await;
        posts.push(
            card(&mira, &room, bot.user(), &format!("#1.{number}"), |_| true)
                .await
                .id,
        );
    }
    assert!(bot.stop().await.success(), "{}", bot.log());

    // Everybody reacts to each of the four; some say down; some take it back; one says both.
    let keys = ["👍", "👍\u{FE0F}", "👍🏽", "👎", "👎🏿"];
    join_all(people.iter().enumerate().map(|(nth, person)| {
        let (posts, room) = (&posts, &room);
        async move {
            for (at, post) in posts.iter().enumerate() {
                let reaction = person
                    .react(room, post, keys[(nth + at) % keys.len()])
                    .await;
                if (nth + at) % 10 == 9 {
                    person.redact(room, &reaction).await;
                }
            }
        }
    }))
    .await;
    bot.start();

    let mut expected = Vec::new();
    for at in 0..posts.len() {
        let votes = (0..people.len())
            .filter(|nth| (nth + at) % 10 != 9)
            .map(|nth| if (nth + at) % keys.len() < 3 { 1 } else { -1 });
        expected.push(votes.sum::<i32>());
    }
    for (at, votes) in expected.iter().enumerate() {
        let address = if at == 0 {
            "#1".to_owned()
        } else {
            format!("#1.{at}")
        };
        let said = format!("+{votes} votes");
        card(&mira, &room, bot.user(), &address, |shown| {
            shown.body.contains(&said)
        })
        .await;
    }
}

#[tokio::test]
async fn what_was_asked_while_the_bot_was_down_is_answered_in_order() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask Is the bot up now?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    for number in 2..=40 {
        mira.send(&room, &format!("!ask Question number {number}, please?"))
            .await;
    }
    bot.start();
    let last = card(&mira, &room, bot.user(), "#40", |_| true).await;
    assert!(last.body.contains("Question number 40"), "{}", last.body);
    let shown = mira.shown(&room).await;
    for number in 1..=40 {
        assert_eq!(cards(&shown, &bot, &format!("#{number}")), 1, "#{number}");
    }
}

#[tokio::test]
async fn a_lost_index_is_said_and_built_anew() {
    let server = Synapse::shared().await;
    let mut bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask Is a lost index found again?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    assert!(bot.stop().await.success(), "{}", bot.log());
    std::fs::remove_dir_all(bot.storage().join("index")).expect("there is an index");
    bot.start();
    mira.send(&room, "!ask Is the bot back again?").await;
    card(&mira, &room, bot.user(), "#2", |_| true).await;
    mira.send(&room, "!search lost index").await;
    notice(&mira, &room, bot.user(), "#1 Is a lost index found again?").await;
    assert!(
        bot.log().contains("the search index is built anew"),
        "{}",
        bot.log()
    );
}
