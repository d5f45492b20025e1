//! How much one person may do within an hour.

use std::sync::atomic::Ordering;

use insta::assert_snapshot;

use super::world::{World, place, said};
use crate::card::{Style, plain};
use crate::command::Target;
use crate::engine::Beginning;
use crate::forum::{Address, Role};
use crate::platform::{MessageKey, PersonKey, Platform};

impl World {
    fn minutes_pass(&self, minutes: i64) {
        let passed = minutes * 60_000;
        self.clock.0.fetch_add(passed, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn an_hour_has_room_for_so_many_questions_and_a_refusal_says_when_it_ends() {
    let world = World::new().await;
    for number in 1..=10 {
        let reply = world
            .says("mira", &format!("!ask Is this number {number}?"))
            .await;
        assert_eq!(reply, "", "question {number}");
        world.minutes_pass(1);
    }
    assert_snapshot!(world.says("mira", "!ask Is this one too many?").await, @"You can ask at most 10 questions an hour. Try again later: 14 Nov 2023, 23:13 UTC.");
    // Others may, and so may she do other things.
    assert_eq!(world.says("sol", "!ask Am I too late?").await, "");
    assert_eq!(world.says("mira", "!answer #11 You are not.").await, "");
    world.minutes_pass(49);
    assert!(
        world
            .says("mira", "!ask Is it too early?")
            .await
            .contains("at most 10")
    );
    world.minutes_pass(1);
    assert_eq!(world.says("mira", "!ask Is the hour over?").await, "");
    assert!(
        world
            .says("mira", "!ask And the next?")
            .await
            .contains("at most 10")
    );
}

#[tokio::test]
async fn a_newcomer_whose_posts_are_hidden_asks_three_questions_an_hour() {
    let world = World::new().await;
    for number in 1..=3 {
        world
            .says("spam", &format!("!ask Buy number {number}!"))
            .await;
        world.says("mod", &format!("!hide #{number}")).await;
    }
    assert!(
        world
            .says("spam", "!ask Buy number 4!")
            .await
            .contains("at most 3 questions")
    );
    // Who has been here for a day is none any more.
    world.minutes_pass(24 * 60);
    for number in 4..=7 {
        let reply = world
            .says("spam", &format!("!ask Buy number {number}!"))
            .await;
        assert_eq!(reply, "", "question {number}");
    }
}

#[tokio::test]
async fn comments_edits_and_votes_have_their_limits_and_taking_back_is_free() {
    let world = World::new().await;
    world.says("sol", "!ask Who talks too much?").await;
    for number in 1..=20 {
        assert_eq!(
            world
                .says("mira", &format!("!comment #1 Me, {number} times."))
                .await,
            ""
        );
    }
    assert!(
        world
            .says("mira", "!comment #1 And again.")
            .await
            .contains("at most 20 comments")
    );
    for number in 1..=20 {
        let reply = world
            .says("sol", &format!("!edit #1 It is {number}."))
            .await;
        assert!(reply.contains("#1"), "{reply}");
    }
    assert!(
        world
            .says("sol", "!edit #1 It is none.")
            .await
            .contains("at most 20 edits")
    );
    // A moderator mends as many as there are to mend.
    for number in 1..=21 {
        let reply = world
            .says("mod", &format!("!edit #1 It was {number}."))
            .await;
        assert!(!reply.contains("at most"), "{reply}");
    }
    for _ in 0..30 {
        world.says("ivo", "!up #1").await;
        world.says("ivo", "!down #1").await;
        world.says("ivo", "!unvote #1").await;
    }
    let (_, refused) = world.reacts("ivo", "$card1", "👍").await;
    assert!(
        said(&refused).contains("at most 30 votes"),
        "{}",
        said(&refused)
    );
    assert!(refused.unreact.is_some());
    assert!(world.says("ivo", "!unvote #1").await.contains("#1"));
}

#[tokio::test]
async fn a_restart_gives_no_fresh_hour_for_posts() {
    let world = World::new().await;
    for number in 1..=9 {
        world
            .says("mira", &format!("!ask Is this number {number}?"))
            .await;
        world.minutes_pass(1);
    }
    // What is taken back was asked all the same.
    world.says("mira", "!delete #9").await;
    let world = world.restarted().await;
    assert_eq!(world.says("mira", "!ask Is this the last?").await, "");
    let refused = world.says("mira", "!ask Is this one too many?").await;
    assert!(refused.contains("at most 10 questions"), "{refused}");
    // The hour slides as if nothing had happened.
    world.minutes_pass(51);
    assert_eq!(world.says("mira", "!ask Is the hour over?").await, "");
    let refused = world.says("mira", "!ask And the next?").await;
    assert!(refused.contains("at most 10 questions"), "{refused}");
}

impl World {
    /// What is said to somebody who is about to write something, if it is known that nothing would come of it.
    async fn begins(&self, who: &str, beginning: Beginning, on: Option<&MessageKey>) -> String {
        let role = match who {
            "mod" => Role::Moderator,
            _ => Role::Member,
        };
        let (person, room) = (PersonKey(format!("@{who}:x")), place().key);
        let may = self
            .core
            .may_begin(Platform::MATRIX, &room, (&person, role), beginning, on);
        match may.await.expect("the store works") {
            Ok(_) => String::new(),
            Err(card) => plain(&card, Style::Plain).trim_end().to_owned(),
        }
    }
}

#[tokio::test]
async fn who_has_written_as_much_as_they_may_is_told_before_they_write_more() {
    let world = World::new().await;
    world.says("sol", "!ask Who talks too much?").await;
    let one = || Target::At(Address::question(1));
    let all = [
        Beginning::Ask,
        Beginning::Answer(one()),
        Beginning::Comment(one()),
    ];
    for beginning in all {
        assert_eq!(world.begins("mira", beginning, None).await, "");
        assert_eq!(world.begins("nobody", beginning, None).await, "");
    }
    for number in 1..=25 {
        let told = [
            format!("!ask Is this number {number}?"),
            format!("!answer #1 This is number {number}."),
            format!("!comment #1 This is number {number}."),
        ];
        for text in told {
            world.says("mira", &text).await;
        }
    }
    for (beginning, most) in all
        .into_iter()
        .zip(["10 questions", "25 answers", "20 comments"])
    {
        let told = world.begins("mira", beginning, None).await;
        assert!(told.contains(&format!("at most {most}")), "{told}");
        assert_eq!(world.begins("sol", beginning, None).await, "");
    }
    // Of their own posts.
    let edits = Beginning::Edit(one());
    for number in 1..=20 {
        assert_eq!(world.begins("sol", edits, None).await, "", "edit {number}");
        world
            .says("sol", &format!("!edit #1 It is {number}."))
            .await;
    }
    let told = world.begins("sol", edits, None).await;
    assert!(told.contains("at most 20 edits"), "{told}");
    assert_eq!(world.begins("mod", edits, None).await, "");
    assert!(
        world
            .begins("mira", edits, None)
            .await
            .contains("not yours")
    );
    // What was written before counts after a restart, and the hour slides.
    let world = world.restarted().await;
    let told = world.begins("mira", Beginning::Ask, None).await;
    assert!(told.contains("at most 10 questions"), "{told}");
    world.minutes_pass(60);
    for beginning in all {
        assert_eq!(world.begins("mira", beginning, None).await, "");
    }
}

#[tokio::test]
async fn a_newcomers_limit_and_a_message_that_is_a_post_are_known_before_a_dialog_opens() {
    let world = World::new().await;
    for number in 1..=3 {
        world
            .says("spam", &format!("!ask Buy number {number}!"))
            .await;
        world.says("mod", &format!("!hide #{number}")).await;
    }
    let told = world.begins("spam", Beginning::Ask, None).await;
    assert!(told.contains("at most 3 questions"), "{told}");
    let (message, _) = world.writes("sol", "!ask Am I a post?", None).await;
    for beginning in [Beginning::Ask, Beginning::AskOfMessage] {
        let told = world.begins("sol", beginning, Some(&message)).await;
        assert_eq!(told, "That message is #4 already.");
    }
    let other = MessageKey("$other".to_owned());
    assert_eq!(world.begins("sol", Beginning::Ask, Some(&other)).await, "");
}
