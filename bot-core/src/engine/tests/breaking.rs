//! Mistakes in the program: what panics is undone, said with a code, and not tried again; nothing else ends with it.

use std::sync::atomic::Ordering;

use super::super::restore;
use super::world::{World, said};
use crate::forum::PostId;
use crate::platform::{IncomingEvent, Platform};
use crate::store::{Store, Tx};

const BROKE: &str = "broke on our side";

async fn says_again(world: &World, text: &str) -> (String, String) {
    let message = world.event();
    let what = IncomingEvent::Said {
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

#[tokio::test]
async fn a_hidden_post_that_can_not_be_withdrawn_keeps_no_other_waiting_and_is_tried_again() {
    let world = World::new().await;
    let store = world.core.inner.store.clone();
    for title in ["Where is the xyzzy?", "Where is the plugh?"] {
        let (asked, _) = world.writes("mira", &format!("!ask {title}"), None).await;
        let number = if title.contains("xyzzy") { 1 } else { 2 };
        world
            .says("sol", &format!("!comment #{number} Is it?"))
            .await;
        let gone = IncomingEvent::MessageGone { gone: asked };
        world.does("nobody", world.event(), gone).await;
    }
    store
        .act(|tx| tx.keep_text_for_test(PostId(1), true))
        .await
        .expect("the store works");
    let passes = |world: &World, hours: i64| {
        let passed = hours * 60 * 60 * 1000;
        world.clock.0.fetch_add(passed, Ordering::SeqCst);
        world.core.inner.woken.send_replace(());
    };
    passes(&world, 24);
    let second = |world: &World| world.shown().contains("#2 was withdrawn");
    world.sees("the second to be withdrawn", second).await;
    assert!(world.shown().contains("#1 is hidden"), "{}", world.shown());
    store
        .act(|tx| tx.keep_text_for_test(PostId(1), false))
        .await
        .expect("the store works");
    passes(&world, 1);
    let first = |world: &World| world.shown().contains("#1 was withdrawn");
    world.sees("the first to be withdrawn", first).await;
}

#[tokio::test]
async fn a_question_that_can_not_be_read_keeps_no_other_from_being_found() {
    let world = World::new().await;
    world.says("mira", "!ask Where is the xyzzy?").await;
    world.says("mira", "!ask Where is the plugh?").await;
    let spoiled = world
        .core
        .inner
        .store
        .act(|tx| tx.misnumber_for_test(PostId(1)));
    spoiled.await.expect("the store works");
    let world = world.restarted_after(|folder| {
        std::fs::remove_dir_all(folder.join("index")).expect("is there");
    });
    let world = world.await;
    world.all_is_found();
    let found = world.says("ivo", "!search plugh").await;
    assert!(found.contains("#2"), "{found}");
    // What is asked from now on, too.
    world.says("mira", "!ask Where is the grue?").await;
    let found = world.says("ivo", "!search grue").await;
    assert!(found.contains("#3"), "{found}");
}

#[tokio::test]
async fn what_a_backup_brought_back_is_erased_though_one_post_of_it_can_not_be() {
    let world = World::new().await;
    world.says("mira", "!ask Where is the xyzzy?").await;
    world.says("mira", "!ask Where is the plugh?").await;
    let store = world.core.inner.store.clone();
    store
        .act(|tx| tx.keep_text_for_test(PostId(1), true))
        .await
        .expect("the store works");
    let kept = tempfile::tempdir().expect("a folder");
    let backup = kept.path().join("backup.db");
    world.core.reading().backup(&backup).expect("copies");
    store
        .act(|tx| tx.keep_text_for_test(PostId(1), false))
        .await
        .expect("the store works");
    drop(store);
    world.says("mira", "!delete #1").await;
    world.says("mira", "!delete #2").await;
    world.core.kept_house().await.expect("the thread works");
    world.stopper.request();
    world
        .served
        .await
        .expect("no panic")
        .expect("the store works");
    world.core.close().await;
    let folder = world.dir.path();
    // Nothing is served as long as it is not erased.
    restore(folder, &backup, &*world.clock).expect_err("one can't be");
    let texts = Store::open(folder).expect("opens");
    let left = texts.act(|tx| tx.texts_for_test()).await;
    assert_eq!(left.expect("reads"), ["Where is the xyzzy?"]);
}

#[tokio::test]
async fn an_event_of_which_nothing_can_be_read_any_more_does_nothing_when_it_comes_again() {
    let world = World::new().await;
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    let (refused, _) = world.writes("sol", "!up #7", None).await;
    for event in [&asked, &refused] {
        let event = event.clone();
        let of_another_version =
            move |tx: &Tx<'_>| tx.mend(Platform::MATRIX, &event, "{\"someday\":1}");
        let kept = world.core.inner.store.act(of_another_version);
        kept.await.expect("the store works");
    }
    let again = IncomingEvent::Said {
        message: asked.clone(),
        text: "!ask Where is the xyzzy?".to_owned(),
        reply_to: None,
        thread: None,
    };
    let response = world.does("mira", asked, again).await;
    assert_eq!(said(&response), "");
    assert!(!world.shown().contains("#2"), "{}", world.shown());
    // Nor is it known that the other could be mended.
    assert_eq!(
        world
            .rewrites("sol", &refused, "!ask Where is the plugh?")
            .await,
        ""
    );
    assert!(!world.shown().contains("plugh"), "{}", world.shown());
}
