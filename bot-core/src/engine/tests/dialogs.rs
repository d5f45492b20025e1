//! What dialogs begin with.

use std::time::Duration;

use super::world::{World, place};
use crate::command::Target;
use crate::engine::EditableText;
use crate::forum::{Address, PostKind};
use crate::platform::{MessageKey, PersonKey, Place, PlaceKey, PlaceKind, Platform, Seclusion};

/// A place with a forum of its own.
fn elsewhere() -> Place {
    Place {
        key: PlaceKey("!other".to_owned()),
        name: None,
        kind: PlaceKind::Shared,
        seclusion: Seclusion::default(),
    }
}

impl World {
    pub(super) async fn in_place(&self, place: Place, who: &str, text: &str) {
        let message = self.event();
        let what = crate::platform::IncomingEvent::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: None,
            thread: None,
        };
        self.does_in(place, who, message, what).await;
    }

    pub(super) fn all_is_found(&self) {
        let reading = self.core.reading();
        let seq = reading.store.last_seq().expect("reads");
        assert!(reading.search.caught_up(seq, Duration::from_secs(20)));
    }

    pub(super) async fn titles(&self, place: &PlaceKey, typed: &str, most: usize) -> Vec<String> {
        let titles = self
            .core
            .complete_titles(Platform::MATRIX, place, typed, most)
            .await
            .expect("reads");
        let titles = titles.into_iter();
        titles
            .map(|(address, title)| format!("{address} {title}"))
            .collect()
    }

    pub(super) async fn tags(&self, place: &PlaceKey, typed: &str, most: usize) -> Vec<String> {
        let tags = self
            .core
            .complete_tags(Platform::MATRIX, place, typed, most);
        tags.await.expect("reads")
    }

    pub(super) async fn text(
        &self,
        place: &PlaceKey,
        who: &str,
        target: Target,
        here: Option<&str>,
    ) -> Option<EditableText> {
        let (who, here) = (
            PersonKey(format!("@{who}:x")),
            here.map(|here| MessageKey(here.to_owned())),
        );
        self.core
            .text_of(Platform::MATRIX, place, &who, target, here.as_ref())
            .await
            .expect("reads")
    }
}

#[tokio::test]
async fn titles_are_completed_from_the_forum_of_the_place() {
    let world = World::new().await;
    for title in [
        "How long does an opened keg last?",
        "How do I clean a tap?",
        "Which  KEGS are made of steel?",
        "May I take this one back?",
    ] {
        world.says("mira", &format!("!ask {title}")).await;
    }
    world.says("mira", "!delete #4").await;
    world
        .in_place(elsewhere(), "sol", "!ask Is a keg heavy here?")
        .await;
    world.all_is_found();
    let (keg, tap, kegs) = (
        "#1 How long does an opened keg last?",
        "#2 How do I clean a tap?",
        "#3 Which KEGS are made of steel?",
    );
    for (typed, found) in [
        ("", &[kegs, tap, keg][..]),
        ("  ", &[kegs, tap, keg]),
        ("#", &[kegs, tap, keg]),
        // What is being typed ends within a word.
        ("ke", &[kegs, keg]),
        ("how", &[tap, keg]),
        ("HOW  do", &[tap, keg]),
        ("which kegs a", &[kegs]),
        ("kegs", &[kegs, keg]),
        ("cleaning taps", &[tap]),
        ("take this one", &[]),
        ("heavy", &[]),
        ("#2", &[tap]),
        (" #2 ", &[tap]),
        ("#4", &[]),
        ("#0", &[]),
        ("zymurgy", &[]),
        ("%", &[]),
    ] {
        assert_eq!(
            world.titles(&place().key, typed, 25).await,
            found,
            "{typed}"
        );
    }
    assert_eq!(world.titles(&place().key, "", 1).await, [kegs]);
    assert_eq!(world.titles(&place().key, "keg", 1).await, [kegs]);
    assert_eq!(world.titles(&place().key, "", 0).await, [""; 0]);
    assert_eq!(
        world.titles(&elsewhere().key, "keg", 25).await,
        ["#1 Is a keg heavy here?"]
    );
    let unknown = PlaceKey("!unknown".to_owned());
    assert_eq!(world.titles(&unknown, "", 25).await, [""; 0]);
}

#[tokio::test]
async fn titles_are_completed_with_typing_errors_and_those_first_that_begin_so() {
    let world = World::new().await;
    for title in [
        "How do I brew stout in a café?",
        "I brew stout, so how do I cool it?",
        "How do I hide a bottle of stout?",
    ] {
        world.says("mira", &format!("!ask {title}")).await;
    }
    let (brew, cool, bottle) = (
        "#1 How do I brew stout in a café?",
        "#2 I brew stout, so how do I cool it?",
        "#3 How do I hide a bottle of stout?",
    );
    // Before the index knows them and after.
    for _ in 0..2 {
        for (typed, found) in [
            ("how do i", &[bottle, brew, cool][..]),
            ("i brew", &[cool, brew]),
            ("stuot caf", &[brew]),
            ("botlte sto", &[bottle]),
            ("CAFÉ", &[brew]),
            ("cafes ", &[brew]),
            ("\0", &[]),
            ("porter", &[]),
        ] {
            let titles = world.titles(&place().key, typed, 25).await;
            assert_eq!(titles, found, "{typed}");
        }
        world.all_is_found();
    }
    world.says("mira", "!hide #3").await;
    for _ in 0..2 {
        let titles = world.titles(&place().key, "how do i", 25).await;
        assert_eq!(titles, [brew, cool]);
        assert_eq!(world.titles(&place().key, "bottle", 25).await, [""; 0]);
        world.all_is_found();
    }
}

#[tokio::test]
async fn numbers_are_completed_by_their_first_digits() {
    let world = World::new().await;
    for number in 1..=12 {
        let asker = if number <= 6 { "mira" } else { "sol" };
        world
            .in_place(elsewhere(), asker, &format!("!ask The question {number}?"))
            .await;
    }
    let room = elsewhere().key;
    assert_eq!(
        world.titles(&room, "#1", 25).await,
        [
            "#1 The question 1?",
            "#10 The question 10?",
            "#11 The question 11?",
            "#12 The question 12?"
        ]
    );
    assert_eq!(
        world.titles(&room, "#1", 2).await,
        ["#1 The question 1?", "#10 The question 10?"]
    );
    assert_eq!(
        world.titles(&room, "#12", 25).await,
        ["#12 The question 12?"]
    );
    assert_eq!(world.titles(&room, "#4294967295", 25).await, [""; 0]);
}

#[tokio::test]
async fn tags_are_completed_with_those_first_that_are_used_much() {
    let world = World::new().await;
    for ask in [
        "!ask What is the first? --tag rust,regex",
        "!ask What is the second? --tag rust,c++",
        "!ask What is the third? --tag rye",
        "!ask What is taken back? --tag ruby",
    ] {
        world.says("mira", ask).await;
    }
    world.says("mira", "!delete #4").await;
    world
        .in_place(elsewhere(), "sol", "!ask What is elsewhere? --tag rum")
        .await;
    let room = place().key;
    for (typed, found) in [
        ("", &["rust", "c++", "regex", "rye"][..]),
        ("r", &["rust", "regex", "rye"]),
        (" RE", &["regex"]),
        ("c+", &["c++"]),
        ("ru", &["rust"]),
        ("rusty", &["rust"]),
        ("rgeex", &["regex"]),
        ("rusted", &[]),
        ("%", &[]),
    ] {
        assert_eq!(world.tags(&room, typed, 25).await, found, "{typed}");
    }
    assert_eq!(world.tags(&room, "r", 1).await, ["rust"]);
    assert_eq!(world.tags(&elsewhere().key, "r", 25).await, ["rum"]);
}

#[tokio::test]
async fn a_conversation_completes_nothing_of_a_forum_that_may_have_been_left() {
    let world = World::new().await;
    world
        .says("mira", "!ask What is the secret? --tag hidden")
        .await;
    world.whispers("sol", "show #1", &["!room"], None).await;
    let alone = PlaceKey("!sol".to_owned());
    assert_eq!(world.titles(&alone, "", 25).await, [""; 0]);
    assert_eq!(world.titles(&alone, "#1", 25).await, [""; 0]);
    assert_eq!(world.tags(&alone, "", 25).await, [""; 0]);
}

#[tokio::test]
async fn the_text_to_edit_is_that_of_the_post_that_is_meant() {
    let world = World::new().await;
    world
        .says(
            "mira",
            "!ask How is **this** written? --tag text\nWith *stars*.",
        )
        .await;
    world.says("sol", "!answer #1 With `ticks`.").await;
    world.says("sol", "!comment #1.1 Or not.").await;
    let room = place().key;
    let one = Address::question(1);
    let question = EditableText {
        address: one,
        kind: PostKind::Question,
        title: Some("How is **this** written?".to_owned()),
        body: "With *stars*.".to_owned(),
        tags: vec!["text".to_owned()],
        revision: 1,
    };
    let answer = EditableText {
        address: one.with_answer(1),
        kind: PostKind::Answer,
        title: None,
        body: "With `ticks`.".to_owned(),
        tags: Vec::new(),
        revision: 1,
    };
    let comment = EditableText {
        address: one.with_answer(1).with_comment(1),
        kind: PostKind::Comment,
        body: "Or not.".to_owned(),
        ..answer.clone()
    };
    for (target, here, text) in [
        (Target::At(one), None, Some(&question)),
        (Target::At(comment.address), None, Some(&comment)),
        (Target::Here, Some("$card2"), Some(&answer)),
        (Target::At(one), Some("$card2"), Some(&question)),
        (Target::Here, None, None),
        (Target::Here, Some("$none"), None),
        (Target::At(Address::question(2)), None, None),
    ] {
        let read = world.text(&room, "ivo", target, here).await;
        assert_eq!(read.as_ref(), text, "{target:?} {here:?}");
    }
    // It is no post of another forum.
    world.in_place(elsewhere(), "sol", "!help").await;
    let other = elsewhere().key;
    for target in [Target::At(one), Target::Here] {
        let read = world.text(&other, "mira", target, Some("$card1")).await;
        assert_eq!(read, None, "{target:?}");
    }
    world.says("sol", "!delete #1.1").await;
    let read = world.text(&room, "sol", Target::At(answer.address), None);
    assert_eq!(read.await, None);
}

#[tokio::test]
async fn in_a_conversation_only_ones_own_text_is_edited() {
    let world = World::new().await;
    world.says("mira", "!ask What is the secret?").await;
    world.says("sol", "!answer #1 It is not this.").await;
    world.whispers("sol", "show #1", &["!room"], None).await;
    let alone = PlaceKey("!sol".to_owned());
    let one = Address::question(1);
    let own = world.text(&alone, "sol", Target::At(one.with_answer(1)), None);
    assert_eq!(
        own.await.map(|text| text.body).as_deref(),
        Some("It is not this.")
    );
    let others = world.text(&alone, "sol", Target::At(one), None);
    assert_eq!(others.await, None);
    let unknown = world.text(&alone, "ivo", Target::At(one), None);
    assert_eq!(unknown.await, None);
}
