//! A forum in a room that only exists in memory: people say things, the room shows what comes of it.

mod adopting;
mod bounds;
mod breaking;
mod changes;
mod conversations;
mod copies;
mod dialogs;
mod gone;
mod hashes;
mod hiding;
mod hints;
mod importing;
mod joins;
mod languages;
mod limits;
mod lists;
mod looking;
mod names;
mod paging;
mod platforms;
mod rewriting;
mod status;
mod surfaces;
mod tags;
mod world;

use std::sync::atomic::Ordering;
use std::time::Duration;

use insta::assert_snapshot;

use self::world::{World, place, said};
use super::*;
use crate::platform::{Audience, IncomingEvent, MessageKey, Response, SendError};

#[tokio::test]
async fn a_question_is_asked_answered_voted_on_accepted_and_found() {
    let world = World::new().await;
    assert_eq!(
        world
            .says(
                "mira",
                "!ask How long does an opened keg last?\nIt is a **pilsner**. --tag"
            )
            .await,
        ""
    );
    assert_eq!(
        world
            .says("sol", "!answer #1 About two weeks, if it stays cold.")
            .await,
        ""
    );
    world.reacts("ivo", "$card2", "👍🏽").await;
    world.reacts("mira", "$card2", "✅").await;
    world.says("sol", "!comment #1 What beer?").await;
    assert_snapshot!(world.shown());
    assert_snapshot!(world.says("ivo", "!search opened kegs").await);
    assert_snapshot!(world.says("ivo", "!show 1").await);
}

#[tokio::test]
async fn the_same_event_twice_is_one_action_with_the_same_reply() {
    let world = World::new().await;
    let message = world.event();
    let what = IncomingEvent::Said {
        message: message.clone(),
        text: "!ask Is this asked once?".to_owned(),
        reply_to: None,
        thread: None,
    };
    let first = world.does("mira", message.clone(), what.clone()).await;
    assert_eq!(world.does("mira", message, what).await, first);
    let (refused, reply) = world.writes("mira", "!up #1", None).await;
    let again = IncomingEvent::Said {
        message: refused.clone(),
        text: "!up #1".to_owned(),
        reply_to: None,
        thread: None,
    };
    assert_eq!(said(&world.does("mira", refused, again).await), reply);
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 1);
}

/// The votes that the first card tells of.
fn votes(world: &World) -> String {
    let card = world.card("$card1");
    card.lines()
        .find(|line| line.contains("vote"))
        .unwrap_or_default()
        .split(" · ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn votes_are_taken_back_and_the_one_before_stands_again() {
    let world = World::new().await;
    world.says("mira", "!ask Is this question good?").await;
    let (up, _) = world.reacts("sol", "$card1", "👍").await;
    let (down, _) = world.reacts("sol", "$card1", "👎").await;
    assert_eq!(votes(&world), "–1 vote");
    world.removes("sol", &down).await;
    assert_eq!(votes(&world), "+1 vote");
    world.removes("sol", &up).await;
    assert_eq!(votes(&world), "0 votes");
    world.reacts("sol", "$card1", "👍").await;
    world.says("ivo", "!down #1").await;
    world.says("ivo", "!up #1").await;
    assert_eq!(votes(&world), "+2 votes");
    world.says("ivo", "!unvote #1").await;
    assert_eq!(votes(&world), "+1 vote");
}

#[tokio::test]
async fn a_reaction_that_comes_again_counts_once_and_never_after_it_was_taken_back() {
    let world = World::new().await;
    world.says("mira", "!ask Is this question good?").await;
    let (up, first) = world.reacts("sol", "$card1", "👍").await;
    let comes_again = async |up: &MessageKey| {
        let what = IncomingEvent::Reacted {
            reaction: up.clone(),
            on: MessageKey("$card1".to_owned()),
            emoji: "👍".to_owned(),
        };
        world.does("sol", up.clone(), what).await
    };
    assert_eq!(comes_again(&up).await, first);
    assert_eq!(votes(&world), "+1 vote");
    world.says("sol", "!unvote #1").await;
    comes_again(&up).await;
    assert_eq!(votes(&world), "0 votes");
    world.removes("sol", &up).await;
    comes_again(&up).await;
    assert_eq!(votes(&world), "0 votes");
    let (up, _) = world.reacts("sol", "$card1", "👍").await;
    assert_eq!(votes(&world), "+1 vote");
    world.removes("sol", &up).await;
    assert_eq!(comes_again(&up).await, Response::default());
    assert_eq!(votes(&world), "0 votes");
}

#[tokio::test]
async fn a_refused_reaction_is_taken_away_and_said_once_an_hour() {
    let world = World::new().await;
    world.says("mira", "!ask May I vote for this?").await;
    let (reaction, response) = world.reacts("mira", "$card1", "👍").await;
    assert_eq!(response.unreact, Some(reaction));
    assert_eq!(
        response.reply.as_ref().map(|reply| reply.audience),
        Some(Audience::Person)
    );
    let (_, again) = world.reacts("mira", "$card1", "👍").await;
    assert_eq!((again.reply, again.unreact.is_some()), (None, true));
    world.clock.0.fetch_add(3_600_000, Ordering::SeqCst);
    assert!(world.reacts("mira", "$card1", "👎").await.1.reply.is_some());
    let (_, nothing) = world.reacts("sol", "$no-surface", "👍").await;
    assert_eq!(nothing, Response::default());
    assert_eq!(
        world.reacts("sol", "$card1", "✅").await.1,
        Response::default()
    );
}

#[tokio::test]
async fn editing_and_removing_ones_own_message_edits_and_withdraws_the_post() {
    let world = World::new().await;
    let (question, _) = world
        .writes("mira", "!ask How long does it kep?\nbody", None)
        .await;
    let (answer, _) = world.writes("sol", "!answer #1 Long.", None).await;
    assert_eq!(
        world
            .rewrites("mira", &question, "!ask How long does it keep?\nbody")
            .await,
        ""
    );
    assert!(world.card("$card1").contains("How long does it keep?"));
    world
        .rewrites("ivo", &question, "!ask Somebody else's words?")
        .await;
    assert!(world.card("$card1").contains("How long does it keep?"));
    assert_snapshot!(world.says("ivo", "!history #1").await);
    world.removes("ivo", &answer).await;
    assert!(
        world.card("$card2").contains("Long."),
        "somebody else's redaction withdraws nothing"
    );
    world.removes("mira", &question).await;
    assert_snapshot!(world.shown());
    assert!(
        world
            .says("ivo", "!search keep")
            .await
            .contains("Nothing was found")
    );
}

#[tokio::test]
async fn a_withdrawn_answer_is_gone_from_the_room_and_no_longer_accepted() {
    let world = World::new().await;
    world.says("mira", "!ask Who takes this back?").await;
    world.says("sol", "!answer #1 I do.").await;
    world.says("mira", "!accept #1.1").await;
    assert!(world.card("$card1").contains("#1.1"));
    assert_snapshot!(world.says("sol", "!delete #1.1").await, @"#1.1 is withdrawn; its text is gone.");
    assert!(!world.card("$card1").contains("#1.1"));
    assert_eq!(world.card("$card2"), "");
    assert_snapshot!(world.says("ivo", "!up #1.1").await, @"#1.1 was withdrawn, so nothing more can be done with it.");
}

#[tokio::test]
async fn what_was_taken_back_goes_at_once_however_busy_its_card_was() {
    let world = World::resting().await;
    world.says("mira", "!ask Who takes this secret back?").await;
    world.says("sol", "!answer #1 I know a secret.").await;
    assert!(world.card("$card1").contains("1 answer"), "edited once");
    world
        .mutters("sol", "!edit #1.1 Once I knew a secret.")
        .await;
    let once = |world: &World| world.card("$card2").contains("Once");
    world.sees("the first edit", once).await;
    for text in ["Twice", "Thrice"] {
        let said = format!("!edit #1.1 {text} I knew a secret.");
        world.mutters("sol", &said).await;
    }
    world.mutters("ivo", "!comment #1.1 Which secret?").await;
    world.mutters("sol", "!delete #1.1").await;
    let buried = |world: &World| {
        world.card("$card2").is_empty() && world.shown().contains("#1.1 was withdrawn")
    };
    world.sees("the answer's text to go", buried).await;
    world.mutters("ivo", "!delete #1.1/c1").await;
    let alone = |world: &World| !world.shown().contains("#1.1");
    world.sees("what is left of the answer to go", alone).await;
    assert!(
        world.card("$card1").contains("1 answer"),
        "the question's own card rests"
    );
    world.mutters("mira", "!delete #1").await;
    let gone = |world: &World| world.shown().is_empty();
    world.sees("the question to go", gone).await;
}

#[tokio::test]
async fn a_removal_that_failed_waits_like_any_other() {
    let world = World::new().await;
    world.says("mira", "!ask Who takes this back?").await;
    let refuse = |after| {
        let why = "busy".to_owned();
        *world.room.refuse.lock().expect("no panic") = Some(SendError::Later { after, why });
    };
    refuse(Some(Duration::from_secs(3_600)));
    world.mutters("mira", "!delete #1").await;
    // The second card is posted when the first was looked at after the failure, the third after that.
    for number in 2..=4 {
        world
            .mutters("sol", &format!("!ask Is this question {number}?"))
            .await;
        let card = format!("question {number}?");
        world
            .sees("a card", |world| world.shown().contains(&card))
            .await;
    }
    // What mira wrote herself waits; the card does not wait for that.
    assert_eq!(world.room.removals.load(Ordering::SeqCst), 2);
    assert_eq!(*world.room.taken.lock().expect("no panic"), []);
    assert_eq!(world.card("$card1"), "");
}

#[tokio::test]
async fn a_refused_question_can_be_mended_by_editing_the_message() {
    let world = World::new().await;
    let (message, reply) = world.writes("mira", "!ask Hm?", None).await;
    assert_snapshot!(reply, @"A title needs at least 5 characters, this one has 3. Say in a few words what you want to know.");
    assert_eq!(
        world
            .rewrites("mira", &message, "!ask Hm, what is a title?")
            .await,
        ""
    );
    assert!(world.card("$card1").contains("Hm, what is a title?"));
}

#[tokio::test]
async fn in_reply_to_a_card_the_address_is_left_out() {
    let world = World::new().await;
    world.says("mira", "!ask Who is meant here?").await;
    world
        .writes("sol", "!answer The one replied to.", Some("$card1"))
        .await;
    world.writes("ivo", "!comment Right.", Some("$card2")).await;
    world.writes("mira", "!accept", Some("$card2")).await;
    assert!(
        world
            .writes("ivo", "!up", Some("$card2"))
            .await
            .1
            .contains("+1 vote")
    );
    assert_snapshot!(world.shown());
    assert_snapshot!(world.says("sol", "!answer The one replied to.").await);
}

#[tokio::test]
async fn a_card_that_was_on_its_way_at_a_crash_is_found_and_not_sent_again() {
    let world = World::new().await;
    world.says("mira", "!ask Is there one card?").await;
    // As if the process had died between sending and keeping that it was sent.
    let row = world
        .core
        .inner
        .store
        .act(|tx| tx.undo_posting_for_test())
        .await
        .expect("the store works");
    assert!(row);
    let world = world.restarted().await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    world.reacts("sol", "$card1", "👍").await;
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 1);
    assert!(world.card("$card1").contains("+1 vote"));
}

#[tokio::test]
async fn what_cannot_be_sent_now_is_sent_later_and_a_closed_place_gets_nothing() {
    let world = World::new().await;
    let later = SendError::Later {
        after: Some(Duration::ZERO),
        why: "busy".to_owned(),
    };
    *world.room.refuse.lock().expect("no panic") = Some(later);
    let message = world.event();
    let what = IncomingEvent::Said {
        message: message.clone(),
        text: "!ask Is it sent later?".to_owned(),
        reply_to: None,
        thread: None,
    };
    let incoming = world.does("mira", message, what);
    let moved = async {
        loop {
            world.clock.0.fetch_add(1000, Ordering::SeqCst);
            world.core.inner.woken.send_replace(());
            tokio::task::yield_now().await;
            if !world.room.messages.lock().expect("no panic").is_empty() {
                break;
            }
        }
    };
    tokio::join!(incoming, moved);
    assert!(world.card("$card1").contains("Is it sent later?"));
    world
        .core
        .place_closed(Platform::MATRIX, &place().key)
        .await
        .expect("the store works");
    world
        .says("mira", "!ask Does a closed place hear of it?")
        .await;
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn what_show_prints_takes_votes_and_replies_like_a_card() {
    let world = World::new().await;
    world.says("mira", "!ask How long does a keg last?").await;
    let message = world.event();
    let what = IncomingEvent::Said {
        message: message.clone(),
        text: "!show #1".to_owned(),
        reply_to: None,
        thread: None,
    };
    let reply = world
        .does("ivo", message, what)
        .await
        .reply
        .expect("it is shown");
    let (core, here) = (&world.core, place().key);
    let kept = core.will_send(Platform::MATRIX, &here, None, &reply.key, &reply.card);
    kept.await.expect("the store works");
    let shown = MessageKey("$shown".to_owned());
    let sent = core.sent(Platform::MATRIX, &reply.key, &shown).await;
    sent.expect("the store works");
    assert!(
        core.matters(Platform::MATRIX, &shown)
            .await
            .expect("the store works")
    );
    let (vote, _) = world.reacts("sol", "$shown", "👍").await;
    assert!(
        world.card("$card1").contains("+1 vote"),
        "{}",
        world.shown()
    );
    world.removes("sol", &vote).await;
    assert!(
        world.card("$card1").contains("0 votes"),
        "{}",
        world.shown()
    );
    let (_, told) = world
        .writes("sol", "!answer Two weeks.", Some("$shown"))
        .await;
    assert_eq!(told, "");
    assert!(
        world.card("$card2").contains("Two weeks."),
        "{}",
        world.shown()
    );
    // A list shows several: a reaction to it is about none of them.
    let (_, told) = world.writes("sol", "!up", Some("$none")).await;
    assert!(told.contains("!up"), "{told}");
}

#[tokio::test]
async fn whatever_was_wrong_about_a_message_is_mended_by_changing_it() {
    let world = World::new().await;
    world.says("mira", "!ask How long does a keg last?").await;
    // Mistyped, incomplete, of a post that is not there, refused: each by its person alone.
    for (wrong, hint, right, done) in [
        ("!aks Who is it then?", "!ask", "!ask Who is it then?", "#2"),
        ("!answer #1", "!answer", "!answer #1 Two weeks.", "#1.1"),
        ("!ask Who?", "5", "!ask Who is it now?", "#3"),
        ("!up #17", "#17", "!up #1", ""),
    ] {
        let (message, told) = world.writes("sol", wrong, None).await;
        assert!(told.contains(hint), "{wrong}: {told}");
        assert_eq!(world.rewrites("ivo", &message, right).await, "", "{wrong}");
        let told = world.rewrites("sol", &message, right).await;
        assert!(
            !told.contains("such") && !told.contains("mean"),
            "{right}: {told}"
        );
        assert!(world.shown().contains(done), "{right}: {}", world.shown());
    }
    assert!(
        world.card("$card1").contains("+1 vote"),
        "{}",
        world.shown()
    );
    let (message, told) = world.writes("sol", "!show #99", None).await;
    assert!(told.contains("no #99"), "{told}");
    let told = world.rewrites("sol", &message, "!show #1").await;
    assert!(told.contains("How long does a keg last?"), "{told}");
    // What was nothing to the bot stays nothing, whatever it becomes.
    let (message, _) = world.writes("sol", "good morning", None).await;
    assert_eq!(
        world.rewrites("sol", &message, "!ask Is this asked?").await,
        ""
    );
    assert_eq!(world.core.reading().totals().expect("reads").questions, 3);
}

#[tokio::test]
async fn a_mended_message_hangs_on_what_it_hung_on() {
    let world = World::new().await;
    world.says("mira", "!ask How long does a keg last?").await;
    for wrong in ["!answer x", "!answer", "!answr Two weeks."] {
        let (message, told) = world.writes("sol", wrong, Some("$card1")).await;
        assert_ne!(told, "", "{wrong}");
        let world = &world;
        let told = world.rewrites("sol", &message, "!answer Two weeks.").await;
        assert_eq!(told, "", "{wrong}");
    }
    assert_eq!(world.core.reading().totals().expect("reads").answers, 3);
}

#[tokio::test]
async fn a_post_is_changed_by_leaving_nothing_but_its_text_in_the_message() {
    let world = World::new().await;
    let (question, _) = world
        .writes("mira", "!ask Who is it? --tag keg", None)
        .await;
    let (answer, _) = world.writes("sol", "!answer #1 Me.", None).await;
    let (comment, _) = world.writes("sol", "!comment #1 Why?", None).await;
    assert_eq!(
        world
            .rewrites("mira", &question, "Who is it then?\nI ask.")
            .await,
        ""
    );
    assert_eq!(world.rewrites("sol", &answer, "It is me.").await, "");
    assert_eq!(world.rewrites("sol", &comment, "Why do you ask?").await, "");
    // Others' changes of it are none, and what is another command is no text.
    assert_eq!(world.rewrites("ivo", &answer, "It is ivo.").await, "");
    let told = world.rewrites("sol", &answer, "!up #1").await;
    assert!(told.contains("became #1.1"), "{told}");
    let told = world.rewrites("mira", &question, "!ask").await;
    assert!(told.contains("!ask"), "{told}");
    let told = world.rewrites("mira", &question, "Who?").await;
    assert!(told.contains('5'), "{told}");
    assert_snapshot!(world.says("ivo", "!show #1").await);
}

#[tokio::test]
async fn nobody_changes_a_post_by_changing_its_card() {
    let world = World::new().await;
    world.says("mira", "!ask Whose card is this?").await;
    let what = IncomingEvent::Rewrote {
        message: crate::platform::MessageKey("$card1".to_owned()),
        text: "!ask Is it mine to change?".to_owned(),
    };
    world.does("mira", world.event(), what).await;
    assert!(world.card("$card1").contains("Whose card is this?"));
}

#[tokio::test]
async fn what_was_asked_before_is_found_as_it_would_be_asked() {
    let world = World::new().await;
    world
        .says("mira", "!ask How long does an opened keg last?")
        .await;
    world
        .says("sol", "!answer #1 About three weeks, under gas.")
        .await;
    for topic in ["hops", "malt", "yeast", "water", "glass", "corks"] {
        let ask = format!("!ask Where do you buy {topic} for a first batch?");
        world.says("mira", &ask).await;
    }
    assert_snapshot!(
        world
            .says("ivo", "!similar how long will a keg last once it is opened")
            .await
    );
    assert_snapshot!(
        world
            .says("ivo", "!similar can I brew sour ale in a keg")
            .await
    );
}

#[tokio::test]
async fn what_a_misspelt_word_was_taken_for_is_marked_where_it_was_found() {
    let world = World::new().await;
    world
        .says(
            "mira",
            "!ask What do I need to begin?\nDo I need a hydrometer?",
        )
        .await;
    assert_snapshot!(world.says("ivo", "!search hydrometre").await);
}
