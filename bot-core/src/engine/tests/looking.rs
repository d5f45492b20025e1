//! What people look at is read beside what is being written.

use std::sync::mpsc;
use std::time::Duration;

use super::world::{World, place, said};
use crate::platform::IncomingEvent;

#[tokio::test]
async fn who_looks_in_a_place_that_the_settings_name_does_not_wait_for_the_writer() {
    let world = World::new().await;
    world.says("mira", "!ask How long does a keg keep?").await;
    let (release, released) = mpsc::channel::<()>();
    let (begin, begun) = tokio::sync::oneshot::channel();
    let mut begin = Some(begin);
    let writing = world.core.inner.store.act(move |_| {
        if let Some(begin) = begin.take() {
            begin.send(()).expect("the test waits for it");
        }
        // The writer is held until the test lets it go.
        let _ = released.recv();
        Ok(())
    });
    let looking = async {
        begun.await.expect("the writer runs");
        let message = world.event();
        let what = IncomingEvent::Said {
            message: message.clone(),
            text: "!search keg".to_owned(),
            reply_to: None,
            thread: None,
        };
        let looked = world.is_heard(place(), "sol", message, what);
        let looked = tokio::time::timeout(Duration::from_secs(20), looked).await;
        drop(release);
        looked
    };
    let (written, looked) = tokio::join!(writing, looking);
    written.expect("the store works");
    let found = said(&looked.expect("the search waits for the writer"));
    assert!(found.contains("How long does a keg keep?"), "{found}");
}
