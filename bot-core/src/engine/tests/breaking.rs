//! Mistakes in the program: what panics is undone, said with a code, and not tried again; nothing else ends with it.

use super::world::{World, said};
use crate::platform::What;

const BROKE: &str = "broke on our side";

async fn says_again(world: &World, text: &str) -> (String, String) {
    let message = world.event();
    let what = What::Said {
        message: message.clone(),
        text: text.to_owned(),
        reply_to: None,
        thread: None,
    };
    let first = world.does("mira", message.clone(), what.clone()).await;
    let again = world.does("mira", message, what).await;
    (said(&first), said(&again))
}

#[tokio::test]
async fn an_action_that_panics_is_undone_said_with_a_code_and_not_done_again() {
    let world = World::new().await;
    let (first, again) = says_again(&world, "!ask Is this panic-at-action undone?").await;
    assert!(first.contains(BROKE), "{first}");
    assert_eq!(first, again, "the same code: it was not tried again");
    assert!(!world.says("mira", "!questions").await.contains("undone"));
    // What comes after it is done, with the number that was free.
    world.says("mira", "!ask Is the next question asked?").await;
    assert!(world.card("$card1").contains("#1"), "{}", world.shown());
    let world = world.restarted().await;
    assert!(world.says("mira", "!show #1").await.contains("the next"));
}

#[tokio::test]
async fn an_edit_mends_what_broke() {
    let world = World::new().await;
    let (message, reply) = world
        .writes("mira", "!ask Does this panic-at-action break?", None)
        .await;
    assert!(reply.contains(BROKE), "{reply}");
    world
        .rewrites("mira", &message, "!ask Does this break no more?")
        .await;
    assert!(
        world.card("$card1").contains("no more"),
        "{}",
        world.shown()
    );
}

#[tokio::test]
async fn what_panics_before_or_beside_the_writer_is_said_with_a_code() {
    let world = World::new().await;
    for text in ["!search panic-at-view", "!ask Is it panic-at-event here?"] {
        let (first, again) = says_again(&world, text).await;
        assert!(
            first.contains(BROKE) && again.contains(BROKE),
            "{text}: {first}"
        );
    }
    // Each reading connection of the pool is whole still.
    for _ in 0..8 {
        world.says("mira", "!search panic-at-view").await;
    }
    world.says("mira", "!ask Is it here still?").await;
    assert!(world.says("mira", "!search still").await.contains("#1"));
}

#[tokio::test]
async fn a_card_that_panics_holds_up_no_other_card() {
    let world = World::new().await;
    world.says("mira", "!ask Is panic-at-card shown?").await;
    world.says("mira", "!ask Is the card after it shown?").await;
    assert!(world.shown().contains("after it"), "{}", world.shown());
    world
        .mutters("mira", "!edit #2 Is panic-at-card shown when edited?")
        .await;
    world.mutters("mira", "!ask Is the third shown?").await;
    world
        .sees("the third", |world| world.shown().contains("third"))
        .await;
    world.mutters("sol", "!up #3").await;
    world
        .sees("its vote", |world| world.shown().contains("+1 vote"))
        .await;
}

#[tokio::test]
async fn a_question_that_panics_in_the_indexer_ends_no_search() {
    let world = World::new().await;
    world.says("mira", "!ask Is panic-at-index found?").await;
    world
        .says("mira", "!ask Is a word found\nhalf panic-at-token-way?")
        .await;
    world.says("mira", "!ask Is the lager found?").await;
    assert!(world.says("sol", "!search lager").await.contains("#3"));
    let world = world.restarted().await;
    assert!(world.says("sol", "!search lager").await.contains("#3"));
}
