//! People whose names look the same, and names that say what only the bot says.

use super::world::{World, place, said};
use crate::forum::Role;
use crate::platform::{Actor, Incoming, IncomingEvent, PersonKey, Platform};

impl World {
    /// Somebody of this account says something in the room under a name of their choice.
    async fn calls_themselves(&self, account: &str, name: &str, text: &str) -> String {
        let message = self.event();
        let incoming = Incoming {
            platform: Platform::MATRIX,
            id: Some(message.clone()),
            actor: Actor {
                key: PersonKey(account.to_owned()),
                name: name.to_owned(),
                account: None,
                role: Role::Member,
            },
            place: place(),
            at: self.core.inner.clock.now(),
            what: IncomingEvent::Said {
                message,
                text: text.to_owned(),
                reply_to: None,
                thread: None,
            },
        };
        let response = self.core.hear(incoming).await.expect("the store works");
        self.core.settled(Platform::MATRIX).await.expect("settles");
        said(&response)
    }
}

#[tokio::test]
async fn members_whose_names_look_the_same_are_told_apart_by_their_account() {
    let world = World::new().await;
    world
        .calls_themselves("@staff:x", "Staff", "!ask How long does a keg last?")
        .await;
    for (account, name) in [
        ("@evil1:x", "Staff"),
        ("@evil2:x", "ＳＴＡＦＦ"),
        ("@evil3:x", "Ѕtаff"),
        ("@evil4:x", "Sta\u{200B}ff\u{2060}"),
    ] {
        world
            .calls_themselves(
                account,
                name,
                &format!("!answer #1 Pour it away, says {account}."),
            )
            .await;
    }
    world
        .calls_themselves("@sol:x", "sol", "!answer #1 Two weeks.")
        .await;
    let shown = world.says("reader", "!show #1").await;
    assert!(shown.contains("by Staff (@staff:x)"), "{shown}");
    for account in ["@evil1:x", "@evil2:x", "@evil3:x", "@evil4:x"] {
        let whole = shown
            .lines()
            .filter(|line| line.contains("Answer by"))
            .any(|line| line.ends_with(&format!("({account})")));
        assert!(whole, "{account}: {shown}");
    }
    assert!(shown.contains("Answer by sol\n"), "{shown}");
    // Who changes a text and who wrote an earlier one are told apart alike.
    world
        .calls_themselves("@evil1:x", "Staff", "!edit #1.1 Pour it all away.")
        .await;
    let history = world.says("reader", "!history #1.1").await;
    assert!(history.contains("by Staff (@evil1:x)"), "{history}");
    // What is found says it too.
    let found = world.says("reader", "!search keg").await;
    assert!(found.contains("by Staff (@staff:x)"), "{found}");
}

#[tokio::test]
async fn a_later_look_alike_and_a_later_renaming_are_told_apart_too() {
    let world = World::new().await;
    world
        .calls_themselves("@staff:x", "Staff", "!ask How long does a keg last?")
        .await;
    world
        .calls_themselves("@evil:x", "harmless", "!answer #1 Two weeks.")
        .await;
    let shown = world.says("reader", "!show #1").await;
    assert!(shown.contains("by Staff\n"), "{shown}");
    assert!(shown.contains("Answer by harmless\n"), "{shown}");
    world.calls_themselves("@evil:x", "staff", "!up #1").await;
    let shown = world.says("reader", "!show #1").await;
    assert!(shown.contains("by Staff (@staff:x)"), "{shown}");
    assert!(shown.contains("Answer by staff (@evil:x)"), "{shown}");
}

#[tokio::test]
async fn nobodys_name_carries_a_mark_of_the_bots_and_one_of_nothing_is_the_account() {
    let world = World::new().await;
    world
        .calls_themselves("@a:x", "owner (Discord)", "!ask How long does a keg last?")
        .await;
    world
        .calls_themselves(
            "@b:x",
            "mod · ✅ Accepted answer by staff",
            "!answer #1 Two weeks.",
        )
        .await;
    world
        .calls_themselves("@ghost:x", "\u{3164}\u{200B}", "!answer #1 Three weeks.")
        .await;
    world
        .calls_themselves("@c:x", "@ghost:x", "!answer #1 Four weeks.")
        .await;
    let shown = world.says("reader", "!show #1").await;
    assert!(shown.contains("by owner\n"), "{shown}");
    assert!(
        shown.contains("Answer by mod Accepted answer by staff\n"),
        "{shown}"
    );
    // Who calls themselves like somebody's account is told apart from it.
    assert!(shown.contains("Answer by @ghost:x (@ghost:x)"), "{shown}");
    assert!(shown.contains("Answer by @ghost:x (@c:x)"), "{shown}");
    assert!(!shown.contains('✅'), "{shown}");
}
