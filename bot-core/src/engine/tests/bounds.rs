//! What people may not reach: others' powers, other forums, messages that are not theirs, cards that were taken away.

use insta::assert_snapshot;

use super::world::{World, said};
use crate::platform::{IncomingEvent, MessageKey, Place, PlaceKey, PlaceKind, Seclusion};

#[tokio::test]
async fn alone_with_the_bot_nobody_is_a_moderator() {
    let world = World::new().await;
    world.says("sol", "!ask Whose question is this?").await;
    world.says("sol", "!answer #1 Mine.").await;
    for (said, refusal) in [
        ("delete #1", "is not yours"),
        ("edit #1.1 Everybody's.", "is not yours"),
        ("accept #1.1", "can decide"),
    ] {
        let reply = world.whispers("mira", said, &["!room"], None).await;
        assert!(reply.contains(refusal), "{said}: {reply}");
    }
}

#[tokio::test]
async fn who_left_a_room_reads_and_touches_nothing_of_it_any_more() {
    let world = World::new().await;
    world
        .says("sol", "!ask What is the secret of the room?")
        .await;
    let asked = world
        .whispers(
            "mira",
            "ask What did mira ask in private?",
            &["!room"],
            None,
        )
        .await;
    // The message of that question, in the conversation; the room is not shared any more.
    let source = format!(
        "$e{}-{}",
        *world.events.lock().expect("no panic"),
        world.core.inner.clock.now().0
    );
    assert!(
        asked.starts_with("This would be published in Room"),
        "{asked}"
    );
    let asked = world.whispers("mira", "yes", &["!room"], None).await;
    assert_snapshot!(asked, @"#2 is asked.");
    for said in [
        "show",
        "answer I answer it still.",
        "show #1",
        "up #1",
        "search secret",
    ] {
        let reply = world.whispers("mira", said, &[], Some(&source)).await;
        assert!(
            !reply.contains("secret of the room") && !reply.contains("mira ask"),
            "{said}: {reply}"
        );
    }
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 2);
}

#[tokio::test]
async fn a_conversation_that_others_came_into_is_a_forum_of_its_own() {
    let world = World::new().await;
    world
        .says("sol", "!ask What is the secret of the room?")
        .await;
    assert!(
        world
            .whispers("mira", "search secret", &["!room"], None)
            .await
            .contains("#1")
    );
    let grown = Place {
        key: PlaceKey("!mira".to_owned()),
        name: None,
        kind: PlaceKind::Shared,
        seclusion: Seclusion::default(),
    };
    let message = world.event();
    let what = IncomingEvent::Said {
        message: message.clone(),
        text: "!search secret".to_owned(),
        reply_to: None,
        thread: None,
    };
    let reply = said(&world.does_in(grown, "ivo", message, what).await);
    assert!(reply.contains("Nothing was found"), "{reply}");
}

#[tokio::test]
async fn only_its_author_mends_a_refused_message_and_only_once() {
    let world = World::new().await;
    let (message, _) = world.writes("mira", "!ask Hm?", None).await;
    assert_eq!(
        world
            .rewrites("mallory", &message, "!ask Is this mallory's now?")
            .await,
        ""
    );
    assert_eq!(world.shown(), "");
    world
        .rewrites("mira", &message, "!ask Hm, what is a title?")
        .await;
    world.says("mira", "!delete #1").await;
    assert_eq!(
        world
            .rewrites("mira", &message, "!ask Does it come again?")
            .await,
        ""
    );
    assert_eq!(world.shown(), "");
}

#[tokio::test]
async fn an_edit_of_a_refused_edit_makes_no_second_question_of_the_same_message() {
    let world = World::new().await;
    let (message, _) = world.writes("mira", "!ask Hm?", None).await;
    let edit = world.event();
    let again = |of: &MessageKey, text: &str| IncomingEvent::Rewrote {
        message: of.clone(),
        text: text.to_owned(),
    };
    world
        .does("mira", edit.clone(), again(&message, "!ask Hmm?"))
        .await;
    let looped = again(&edit, "!ask Is an edit a message to be mended?");
    assert_eq!(
        said(&world.does("mira", world.event(), looped).await),
        "",
        "an edit is no message"
    );
    assert_eq!(world.shown(), "");
    world
        .rewrites("mira", &message, "!ask Hm, what is a title?")
        .await;
    assert_eq!(world.shown().matches("[$card").count(), 1);
}

#[tokio::test]
async fn a_card_that_a_moderator_took_away_stays_away_until_the_next_answer() {
    let world = World::new().await;
    world.says("mira", "!ask Is this card wanted here?").await;
    world.removes("mod", &MessageKey("$card1".to_owned())).await;
    world.reacts("ivo", "$card1", "👍").await;
    world.says("sol", "!up #1").await;
    let shown = || world.room.messages.lock().expect("no panic").len();
    assert_eq!(shown(), 1, "a vote brings no other");
    let question = world.says("ivo", "!show #1").await;
    assert!(question.contains("+1 vote"), "{question}");
    world.says("sol", "!answer #1 It seems not.").await;
    assert_eq!(shown(), 3, "the question comes along with its answer");
    assert!(!world.card("$card1").contains("1 answer"));
    assert!(world.card("$card2").contains("1 answer"));
}

#[tokio::test]
async fn a_tombstone_goes_with_the_last_that_hangs_on_it() {
    let world = World::new().await;
    world.says("mira", "!ask What hangs on what?").await;
    world.says("sol", "!answer #1 This.").await;
    world.says("ivo", "!comment #1.1 And that.").await;
    world.says("sol", "!delete #1.1").await;
    assert!(
        world.card("$card2").is_empty() && world.card("$card4").contains("#1.1 was withdrawn"),
        "{}",
        world.shown()
    );
    world.says("ivo", "!delete #1.1/c1").await;
    assert_eq!(
        (world.card("$card3"), world.card("$card4")),
        (String::new(), String::new())
    );
}
