//! What is kept of a card's content, by which it is known whether it is to be edited.

use super::world::World;
use crate::names::Platform;

impl World {
    /// How often each card of the room was edited.
    fn edits(&self) -> Vec<u32> {
        let messages = self.room.messages.lock().expect("no panic");
        messages.values().map(|message| message.edits).collect()
    }
}

#[tokio::test]
async fn what_an_older_version_kept_of_cards_edits_none_at_the_start() {
    let world = World::new().await;
    world.says("mira", "!ask Is this the first?").await;
    world.says("mira", "!ask Is this the second?").await;
    assert_eq!(world.edits(), [0, 0]);
    let store = &world.core.inner.store;
    let changed = store.act(|tx| tx.number_contents_otherwise()).await;
    changed.expect("the store works");

    let world = world.restarted().await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(world.edits(), [0, 0]);

    // One that is looked at is edited, and then known again.
    world.reacts("ivo", "$card1", "👍").await;
    assert_eq!(world.edits(), [1, 0]);
}
