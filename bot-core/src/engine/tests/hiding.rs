//! Posts that are hidden, by whom, and what is left to be seen of them.

use insta::assert_snapshot;

use super::world::{World, place};
use crate::command::Target;
use crate::forum::Address;
use crate::platform::{MessageKey, Platform};

impl World {
    /// A question about kegs with two answers; the first is liked and accepted, and has a comment.
    async fn about_kegs() -> Self {
        let world = Self::new().await;
        world
            .says(
                "mira",
                "!ask How long does a keg last? --tag keg,beer\nIt is a pilsner.",
            )
            .await;
        world.says("sol", "!answer #1 Two weeks, if cold.").await;
        world.says("ivo", "!answer #1 Drink it at once.").await;
        world.says("ivo", "!comment #1.1 How cold?").await;
        world.says("ivo", "!up #1.1").await;
        world.says("mira", "!accept #1.1").await;
        world
    }

    /// What is shown of the questions: in a list, of a search, of what is typed.
    async fn findable(&self) -> String {
        self.all_is_found();
        let room = place().key;
        let lists = [
            self.says("ivo", "!questions").await,
            self.says("ivo", "!questions tag:keg").await,
            self.says("ivo", "!questions hot").await,
            self.says("ivo", "!search keg").await,
            self.says("ivo", "!search cold").await,
            self.titles(&room, "", 9).await.join("\n"),
            self.titles(&room, "#1", 9).await.join("\n"),
            self.titles(&room, "keg", 9).await.join("\n"),
            self.tags(&room, "", 9).await.join(" "),
            self.tags(&room, "k", 9).await.join(" "),
        ];
        lists.join("\n--\n")
    }
}

#[tokio::test]
async fn a_hidden_question_is_nowhere_until_it_is_shown_again() {
    let world = World::about_kegs().await;
    let (shown, found) = (world.shown(), world.findable().await);
    assert_snapshot!(world.says("sol", "!hide #1").await, @"#1 is not yours: only its author or a moderator can do that.");
    assert_snapshot!(world.says("mira", "!hide #1").await, @"#1 is hidden. `!unhide #1` shows it again.");
    assert_snapshot!(world.card("$card1"), @"#1 is hidden by its author.");
    assert_snapshot!(world.findable().await);
    assert_snapshot!(world.says("ivo", "!show #1").await);
    for (said, refusal) in [
        ("!history #1", "#1 is hidden: until"),
        ("!answer #1 It lasts.", "#1 is hidden: until"),
        ("!comment #1 Does it?", "#1 is hidden: until"),
        ("!up #1", "#1 is hidden: until"),
        ("!accept #1.2", "#1 is hidden: until"),
        ("!unhide #1", "#1 is not yours"),
    ] {
        let reply = world.says("ivo", said).await;
        assert!(reply.contains(refusal), "{said}: {reply}");
    }
    let (reaction, response) = world.reacts("ivo", "$card1", "👍").await;
    assert_eq!(response.unreact, Some(reaction));
    let room = place().key;
    let text = world.text(&room, "mira", Target::At(Address::question(1)), None);
    assert_eq!(text.await, None);
    let totals = world.core.reading().totals().expect("reads");
    assert_eq!((totals.questions, totals.accepted), (0, 0));

    assert_snapshot!(world.says("mira", "!unhide #1").await, @"#1 is shown again.");
    assert_eq!(world.findable().await, found);
    assert_eq!(world.shown(), shown);
    assert_snapshot!(world.says("mira", "!unhide #1").await, @"#1 is not hidden.");
}

#[tokio::test]
async fn a_hidden_answer_counts_for_nothing_until_it_is_shown_again() {
    let world = World::about_kegs().await;
    let (shown, found) = (world.shown(), world.findable().await);
    let thread = world.says("ivo", "!show #1").await;
    world.says("sol", "!hide #1.1").await;
    assert_snapshot!(world.shown());
    assert!(!world.findable().await.contains("Two weeks"));
    let answered = world.says("ivo", "!search keg is:answered").await;
    assert!(answered.contains("Nothing was found"), "{answered}");
    let hidden = world.says("ivo", "!show #1").await;
    assert!(
        hidden.contains("#1.1 is hidden by its author.") && hidden.contains("How cold?"),
        "something hangs on it: {hidden}"
    );
    for (who, said) in [
        ("ivo", "!down #1.1"),
        ("mira", "!accept #1.1"),
        ("ivo", "!comment #1.1 And how warm?"),
    ] {
        let reply = world.says(who, said).await;
        assert!(reply.contains("#1.1 is hidden"), "{said}: {reply}");
    }
    world.says("ivo", "!hide #1.1/c1").await;
    let hidden = world.says("ivo", "!show #1").await;
    assert!(!hidden.contains("#1.1"), "nothing is left of it: {hidden}");

    world.says("ivo", "!unhide #1.1/c1").await;
    world.says("sol", "!unhide #1.1").await;
    assert_eq!(world.says("ivo", "!show #1").await, thread);
    assert_eq!(world.findable().await, found);
    assert_eq!(world.shown(), shown);
}

#[tokio::test]
async fn what_a_moderator_hid_only_a_moderator_shows_again() {
    let world = World::about_kegs().await;
    world.says("sol", "!hide #1.1").await;
    assert_snapshot!(world.says("sol", "!hide #1.1").await, @"#1.1 is hidden already. `!unhide #1.1` shows it again.");
    world.says("mod", "!hide #1.1").await;
    assert_snapshot!(world.card("$card2"), @"#1.1 is hidden by a moderator.");
    assert_snapshot!(world.says("sol", "!unhide #1.1").await, @"#1.1 was hidden by a moderator, and only a moderator can show it again.");
    // Its author mends it meanwhile.
    assert_snapshot!(world.says("sol", "!edit #1.1 Two weeks at five degrees.").await, @"#1.1 is changed.");
    assert_snapshot!(world.card("$card2"), @"#1.1 is hidden by a moderator.");
    world.says("mod", "!unhide #1.1").await;
    assert!(world.card("$card2").contains("Two weeks at five degrees."));
    // What is hidden can still be taken back.
    world.says("mod", "!hide #1.2").await;
    assert_snapshot!(world.says("ivo", "!delete #1.2").await, @"#1.2 is withdrawn; its text is gone.");
    assert_eq!(world.card("$card3"), "");
    assert!(world.card("$card1").contains("1 answer"));
    assert_snapshot!(world.says("mod", "!unhide #1.2").await, @"#1.2 was withdrawn, so nothing more can be done with it.");
}

#[tokio::test]
async fn a_hidden_question_may_be_asked_again() {
    let world = World::new().await;
    world.says("mira", "!ask Is this asked once?").await;
    world.says("mira", "!hide #1").await;
    assert_eq!(world.says("sol", "!ask Is this asked once?").await, "");
    assert!(world.card("$card2").contains("#2 Is this asked once?"));
}

#[tokio::test]
async fn reactions_on_what_is_hidden_are_not_compared() {
    let world = World::new().await;
    world.says("mira", "!ask Is this compared?").await;
    world.says("mira", "!hide #1").await;
    let recent = world.core.recent_surfaces(Platform::Matrix, 9).await;
    assert_eq!(recent.expect("reads"), []);
    world.says("mira", "!unhide #1").await;
    let recent = world.core.recent_surfaces(Platform::Matrix, 9).await;
    let card = (place().key, MessageKey("$card1".to_owned()));
    assert!(recent.expect("reads").contains(&card));
}
