//! What the change log says of who did something, and why.

use super::*;
use crate::store::tests::recount::logged;

fn log(world: &World) -> Vec<String> {
    logged(world.core.inner.store.reader())
}

#[tokio::test]
async fn the_change_log_says_who_did_something_and_why() {
    let world = World::new().await;
    world
        .says("mira", "!ask How long does a keg last?\nIt is a stout.")
        .await;
    world.says("sol", "!answer #1 Two weeks.").await;
    world.says("mira", "!accept #1.1").await;
    world.says("ivo", "!up #1.1").await;
    world
        .says("mira", "!edit #1 --reason a typo\nIt is a pilsner.")
        .await;
    world.says("mira", "!unaccept #1").await;
    world.says("mod", "!hide #1.1").await;
    world.says("mod", "!unhide #1.1").await;
    // Who voted is with the vote alone.
    assert_eq!(
        log(&world),
        [
            "posted by mira",
            "posted by sol",
            "accepted by mira",
            "voted",
            "edited by mira: a typo",
            "unaccepted by mira",
            "hidden by mod",
            "unhidden by mod",
        ]
    );
}

#[tokio::test]
async fn a_reason_goes_with_the_text_that_it_was_given_for() {
    let world = World::new().await;
    let (_, _) = world
        .writes("mira", "!ask How long does a keg last?", None)
        .await;
    let (edit, _) = world
        .writes("mira", "!edit #1 --reason the first\nIt is a stout.", None)
        .await;
    world.says("mira", "!answer #1 Two weeks.").await;
    world
        .says("mira", "!edit #1.1 --reason the second\nThree weeks.")
        .await;
    world.removes("mira", &edit).await;
    assert_eq!(
        log(&world),
        [
            "posted by mira",
            "edited by mira",
            "posted by mira",
            "edited by mira: the second",
            "text removed by mira",
        ]
    );
    world.says("mira", "!accept #1.1").await;
    world.says("mira", "!delete #1.1").await;
    assert_eq!(
        log(&world)[3..],
        [
            "edited by mira",
            "text removed by mira",
            "accepted by mira",
            "unaccepted by mira",
            "withdrawn by mira",
        ]
    );
}

#[tokio::test]
async fn what_nobody_did_has_no_name() {
    let world = World::new().await;
    let (asked, _) = world
        .writes("mira", "!ask How long does a keg last?", None)
        .await;
    let gone = IncomingEvent::MessageGone { gone: asked };
    world.is_heard(place(), "mira", world.event(), gone).await;
    world.clock.0.fetch_add(25 * 3_600_000, Ordering::SeqCst);
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(log(&world), ["posted by mira", "hidden", "withdrawn"]);
}
