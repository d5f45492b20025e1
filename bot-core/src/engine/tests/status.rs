//! What an operator sees of the forum from outside.

use super::*;

#[tokio::test]
async fn the_status_says_what_works_and_what_waits() {
    let world = World::new().await;
    world.says("mira", "!ask How long does a keg last?").await;
    let status = world.core.status().await.expect("the store works");
    assert_eq!((status.writer, status.index), (Alive::Yes, Alive::Yes));
    assert_eq!(status.index_behind, 0);
    let platform = |cards, serving| PlatformStatus {
        platform: "matrix".to_owned(),
        serving,
        cards,
        stale: 0,
        removals: 0,
    };
    assert_eq!(status.platforms, [platform(0, Serving::Behind(0))]);
    // The room takes nothing for an hour.
    *world.room.refuse.lock().expect("no panic") = Some(SendError::Later {
        after: Some(Duration::from_secs(3_600)),
        why: "busy".to_owned(),
    });
    world.mutters("mira", "!ask How cold is it?").await;
    let refused = |world: &World| world.room.refuse.lock().expect("no panic").is_none();
    while !refused(&world) {
        tokio::task::yield_now().await;
    }
    let status = world.core.status().await.expect("the store works");
    assert_eq!(status.platforms, [platform(1, Serving::Behind(1))]);
    world.stopper.request();
    world.served.await.expect("no panic").expect("works");
    let status = world.core.status().await.expect("the store works");
    assert_eq!(status.platforms, [platform(1, Serving::No)]);
    let core = world.core.clone();
    core.close().await;
    let status = world.core.status().await.expect("it can be read");
    assert_eq!(status.writer, Alive::No);
}
