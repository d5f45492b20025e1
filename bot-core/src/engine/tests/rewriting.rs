//! Messages that posts were made from, changed after their posts were changed otherwise.

use insta::assert_snapshot;

use super::world::World;

impl World {
    /// What a question shows now.
    async fn present(&self, address: &str) -> String {
        self.says("mira", &format!("!show {address}")).await
    }
}

#[tokio::test]
async fn a_change_of_a_message_undoes_no_later_edit_of_its_post() {
    let world = World::new().await;
    let (asked, _) = world
        .writes("mira", "!ask Why is my keg flat?\nIt lost its gas.", None)
        .await;
    world
        .says("mod", "!edit #1 It lost its gas on Monday.")
        .await;
    let told = world
        .rewrites(
            "mira",
            &asked,
            "!ask Why is my keg flat?\nIt lost all its gas.",
        )
        .await;
    assert_snapshot!(told, @"
    #1 was changed otherwise after you wrote this message, in the same part, so it stays as it is. So does your message. To change what #1 says now: `!edit #1 …`

    It says now:

    #1 Why is my keg flat?

    It lost its gas on Monday.

    0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira · edited by mod
    Answer with `!answer #1 …` · 👍 👎 vote
    ");
    assert!(world.card("$card1").contains("It lost its gas on Monday."));
    // However often it is changed: what it says is older than what the post says.
    let told = world
        .rewrites("mira", &asked, "!ask Why is my keg flat?\nNo gas.")
        .await;
    assert!(told.contains("!edit #1"), "{told}");
    // The same in the message as in the post.
    let both = "!ask Why is my keg flat?\nIt lost its gas on Monday.";
    assert_eq!(world.rewrites("mira", &asked, both).await, "");
    let more = "!ask Why is my keg flat?\nIt lost its gas on Monday, again.";
    assert_eq!(world.rewrites("mira", &asked, more).await, "");
    assert!(world.card("$card1").contains("on Monday, again."));
    // Who says so changes what it says now.
    world.says("mod", "!edit #1 It lost gas.").await;
    world.says("mira", "!edit #1 It lost some gas.").await;
    assert!(world.card("$card1").contains("It lost some gas."));
}

#[tokio::test]
async fn a_change_of_a_message_changes_only_what_it_changed_there() {
    let world = World::new().await;
    let (asked, _) = world
        .writes("mira", "!ask Why is it flat?\nIt lost its gas.", None)
        .await;
    world
        .says("mod", "!edit #1 --title Why is my keg flat? --tag keg")
        .await;
    for gas in ["all its gas", "all the gas"] {
        let text = format!("!ask Why is it flat?\nIt lost {gas}.");
        assert_eq!(world.rewrites("mira", &asked, &text).await, "");
        let card = world.present("#1").await;
        for part in ["Why is my keg flat?", "keg", gas] {
            assert!(card.contains(part), "{part}: {card}");
        }
    }
    let told = world
        .rewrites(
            "mira",
            &asked,
            "!ask Why is it so flat?\nIt lost all the gas.",
        )
        .await;
    assert!(told.contains("Why is my keg flat?"), "{told}");
}

#[tokio::test]
async fn ones_own_edit_by_a_command_is_not_undone_by_a_change_of_the_older_message() {
    let world = World::new().await;
    world.says("mira", "!ask Why is my keg flat?").await;
    let (answered, _) = world.writes("sol", "!answer #1 It leaks.", None).await;
    world.says("sol", "!edit #1.1 It leaks at the tap.").await;
    let told = world
        .rewrites("sol", &answered, "!answer #1 It leaked.")
        .await;
    assert!(told.contains("!edit #1.1"), "{told}");
    assert!(world.present("#1").await.contains("It leaks at the tap."));
}

#[tokio::test]
async fn a_change_that_is_taken_back_leaves_the_message_as_it_was_before() {
    let world = World::new().await;
    let (asked, _) = world
        .writes("mira", "!ask Why is my keg flat?\nIt lost its gas.", None)
        .await;
    let change = world.event();
    let what = crate::platform::IncomingEvent::Rewrote {
        message: asked.clone(),
        text: "!ask Why is my keg flat?\nIt lost all its gas.".to_owned(),
    };
    world.does("mira", change.clone(), what).await;
    world.removes("mira", &change).await;
    assert!(world.present("#1").await.contains("It lost its gas."));
    let again = "!ask Why is my keg flat?\nIt lost most of its gas.";
    assert_eq!(world.rewrites("mira", &asked, again).await, "");
    // A moderator's edit after a change that is taken back is still not undone.
    world.says("mod", "!edit #1 It lost gas.").await;
    let told = world
        .rewrites("mira", &asked, "!ask Why is my keg flat?\nGas!")
        .await;
    assert!(told.contains("!edit #1"), "{told}");
}

#[tokio::test]
async fn what_a_moderator_made_of_a_message_is_not_undone_by_its_change_over_a_restart() {
    let world = World::new().await;
    let (asked, _) = world
        .writes("mira", "!ask Why is my keg flat?\nIt lost its gas.", None)
        .await;
    world
        .says("mod", "!edit #1 It lost its gas on Monday.")
        .await;
    let world = world.restarted().await;
    let told = world
        .rewrites("mira", &asked, "!ask Why is my keg flat?\nIt lost all.")
        .await;
    assert!(told.contains("on Monday"), "{told}");
}

#[tokio::test]
async fn an_edit_with_an_option_that_can_not_be_meant_changes_nothing() {
    let world = World::new().await;
    world
        .says("mira", "!ask Why is my keg flat? --tag keg\nIt is new.")
        .await;
    let told = world.says("mira", "!edit #1 --foo z").await;
    assert!(told.contains("there is no option `--foo`"), "{told}");
    let told = world.says("mira", "!edit #1 --tag").await;
    assert!(told.contains("nothing stands behind `--tag`"), "{told}");
    let shown = world.says("mira", "!show #1").await;
    assert!(shown.contains("It is new."), "{shown}");
    assert!(
        shown.contains("keg\n") || shown.contains("`keg`"),
        "{shown}"
    );
    assert!(!shown.contains("edited"), "{shown}");
}

#[tokio::test]
async fn a_message_that_is_changed_into_a_command_that_is_misread_changes_nothing() {
    let world = World::new().await;
    let (asked, _) = world
        .writes("mira", "!ask Why is my keg flat? --tag keg", None)
        .await;
    let told = world
        .rewrites("mira", &asked, "!ask Why is my keg flat? --tag")
        .await;
    assert!(told.contains("nothing stands behind `--tag`"), "{told}");
}

#[tokio::test]
async fn a_command_that_was_misread_is_mended_by_changing_its_message() {
    let world = World::new().await;
    let (asked, told) = world
        .writes("mira", "!ask Why is my keg flat? --tag", None)
        .await;
    assert!(told.contains("nothing stands behind `--tag`"), "{told}");
    world
        .rewrites("mira", &asked, "!ask Why is my keg flat? --tag keg")
        .await;
    let shown = world.says("mira", "!show #1").await;
    assert!(shown.contains("Why is my keg flat?"), "{shown}");
}
