//! Conversations with the bot alone: which forum they are about, what is told there, and what is published from there.

use std::sync::atomic::Ordering;
use std::time::Duration;

use insta::assert_snapshot;

use super::world::{World, common_place, place, said};
use crate::document::Inline;
use crate::forum::ForumId;
use crate::platform::{
    Asks, Decision, IncomingEvent, MessageKey, Place, PlaceKey, PlaceKind, Platform, Response,
    Seclusion,
};

/// The conversation of somebody with the bot.
fn alone(who: &str, common: &[&str]) -> Place {
    let common = common.iter().map(|room| common_place(room));
    Place {
        key: PlaceKey(format!("!{who}")),
        name: None,
        kind: PlaceKind::Direct {
            common: common.collect(),
        },
        seclusion: Seclusion::default(),
    }
}

/// A room that several people share.
fn room(key: &str, name: Option<&str>, encrypted: bool) -> Place {
    Place {
        key: PlaceKey(key.to_owned()),
        name: name.map(str::to_owned),
        kind: PlaceKind::Shared,
        seclusion: Seclusion {
            encrypted,
            private: true,
        },
    }
}

impl World {
    /// Somebody says something somewhere; gives the message and what comes of it.
    async fn utters(&self, place: &Place, who: &str, text: &str) -> (MessageKey, Response) {
        let message = self.event();
        let what = IncomingEvent::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: None,
            thread: None,
        };
        let response = self
            .does_in(place.clone(), who, message.clone(), what)
            .await;
        (message, response)
    }

    async fn told(&self, place: &Place, who: &str, text: &str) -> String {
        said(&self.utters(place, who, text).await.1)
    }

    async fn opens(&self, place: &Place) {
        let opened = self.core.place_opened(Platform::MATRIX, place).await;
        opened.expect("the store works");
    }

    fn cards(&self) -> usize {
        self.room.messages.lock().expect("no panic").len()
    }
}

#[tokio::test]
async fn nothing_is_published_from_a_conversation_before_its_person_was_told_where_and_agreed() {
    let world = World::new().await;
    world.says("sol", "!ask Who is here already?").await;
    let mira = alone("mira", &["!room"]);
    let (_, asked) = world
        .utters(&mira, "mira", "ask What is asked in private?")
        .await;
    assert_snapshot!(said(&asked), @"This would be published in Room, for all who can read there, under the name **mira**. To agree, reply `yes` or react to this message with ✅; `no` forgets it. I ask this only once for this forum.");
    let reply = asked.reply.expect("it is asked");
    assert_eq!((reply.asks, asked.done), (Some(Asks::Publish), false));
    let linked = format!("{:?}", reply.card.blocks).contains(&format!(
        "{:?}",
        Inline::Place {
            key: PlaceKey("!room".to_owned()),
            name: "Room".to_owned(),
        }
    ));
    assert!(linked, "the place is a link");
    // Nor is an answer, a comment, or a change.
    for text in ["answer #1 I am.", "comment #1 And who else?"] {
        let told = world.told(&mira, "mira", text).await;
        assert!(told.starts_with("This would be published"), "{told}");
    }
    assert_eq!(world.cards(), 1);
    // What is refused is refused at once.
    let told = world.told(&mira, "mira", "edit #1 --title Who else?").await;
    assert!(told.contains("#1 is not yours"), "{told}");
    // What shows nothing that somebody wrote needs no word.
    assert_snapshot!(world.told(&mira, "mira", "up #1").await, @"👍 You voted for #1. It has +1 vote now.");
    assert_snapshot!(world.told(&mira, "mira", "Yes.").await, @"
    #2 is asked.

    #1.1 is posted.

    #1/c1 is posted.
    ");
    assert_eq!(world.cards(), 4);
    // It is asked once.
    assert_snapshot!(world.told(&mira, "mira", "ask Is it asked at once now?").await, @"#3 is asked.");
    assert_snapshot!(world.told(&mira, "mira", "yes").await, @"I serve a forum: questions, answers and votes. `!ask` asks a question, `!search` finds what was answered before, `!help` shows the rest.");
    // But each person is asked for themselves.
    let told = world
        .told(
            &alone("ivo", &["!room"]),
            "ivo",
            "ask May I ask this as well?",
        )
        .await;
    assert!(told.contains("under the name **ivo**"), "{told}");
}

#[tokio::test]
async fn a_tick_on_the_message_that_asks_publishes_and_any_other_does_not() {
    let world = World::new().await;
    let mira = alone("mira", &["!room"]);
    let (_, asked) = world
        .utters(&mira, "mira", "ask Is a tick enough to agree?")
        .await;
    let key = asked.reply.expect("it is asked").key;
    let prompt = MessageKey("$prompt".to_owned());
    let sent = world.core.sent(Platform::MATRIX, &key, &prompt).await;
    sent.expect("the store works");
    let matters = world.core.matters(Platform::MATRIX, &prompt).await;
    assert!(matters.expect("the store works"));
    let tick = |on: &str, emoji: &str| IncomingEvent::Reacted {
        reaction: MessageKey(format!("$reaction-{on}-{emoji}")),
        on: MessageKey(on.to_owned()),
        emoji: emoji.to_owned(),
    };
    for (on, emoji) in [("$another", "✅"), ("$prompt", "👍")] {
        let told = world
            .does_in(mira.clone(), "mira", world.event(), tick(on, emoji))
            .await;
        assert_eq!(
            (said(&told).as_str(), world.cards()),
            ("", 0),
            "{on} {emoji}"
        );
    }
    // Nor does one from anywhere else.
    let elsewhere = alone("sol", &["!room"]);
    world
        .does_in(elsewhere, "sol", world.event(), tick("$prompt", "✅"))
        .await;
    assert_eq!(world.cards(), 0);
    let event = world.event();
    for _ in 0..2 {
        let told = world
            .does_in(mira.clone(), "mira", event.clone(), tick("$prompt", "✅"))
            .await;
        assert_eq!(said(&told), "#1 is asked.");
        assert_eq!(world.cards(), 1);
    }
}

#[tokio::test]
async fn what_waits_to_be_agreed_to_outlives_a_restart_and_is_forgotten_after_a_day() {
    let world = World::new().await;
    let mira = alone("mira", &["!room"]);
    world
        .told(&mira, "mira", "ask Is this lost by a crash?")
        .await;
    let world = world.restarted().await;
    assert_snapshot!(world.told(&mira, "mira", "yes").await, @"#1 is asked.");
    let sol = alone("sol", &["!room"]);
    world
        .told(&sol, "sol", "ask Does this wait for ever?")
        .await;
    world.clock.0.fetch_add(24 * 3_600_000, Ordering::SeqCst);
    let told = world.told(&sol, "sol", "yes").await;
    assert!(told.starts_with("I serve a forum"), "{told}");
    let forgotten = async {
        let due = || world.core.inner.store.reader().next_withdrawal();
        while due().expect("the store works").is_some() {
            world.core.settled(Platform::MATRIX).await.expect("settles");
        }
    };
    let forgotten = tokio::time::timeout(Duration::from_secs(20), forgotten).await;
    assert!(forgotten.is_ok(), "its words are gone");
    assert_eq!(world.cards(), 1);
}

#[tokio::test]
async fn what_waits_is_what_its_message_says_last() {
    let world = World::new().await;
    let mira = alone("mira", &["!room"]);
    let (first, _) = world
        .utters(&mira, "mira", "ask Is this what I mean?")
        .await;
    let (second, _) = world.utters(&mira, "mira", "ask Is this gone?").await;
    let rewrote = |of: &MessageKey, text: &str| IncomingEvent::Rewrote {
        message: of.clone(),
        text: text.to_owned(),
    };
    let told = world
        .does_in(
            mira.clone(),
            "mira",
            world.event(),
            rewrote(&first, "ask Is this what I meant?"),
        )
        .await;
    assert!(said(&told).starts_with("This would be published"));
    let gone = IncomingEvent::Removed {
        gone: second.clone(),
    };
    world
        .does_in(mira.clone(), "mira", world.event(), gone)
        .await;
    assert_snapshot!(world.told(&mira, "mira", "yes").await, @"#1 is asked.");
    assert!(world.card("$card1").contains("what I meant?"));
    // The message is the question's from then on.
    world
        .does_in(
            mira.clone(),
            "mira",
            world.event(),
            rewrote(&first, "ask Is it changed with it?"),
        )
        .await;
    assert!(world.card("$card1").contains("Is it changed with it?"));
    let (_, asked) = world
        .utters(&alone("sol", &["!room"]), "sol", "ask Or not at all?")
        .await;
    assert!(asked.reply.is_some());
    assert_snapshot!(world.told(&alone("sol", &["!room"]), "sol", "no").await, @"It is forgotten; nothing was published.");
    assert_eq!(world.cards(), 1);
}

#[tokio::test]
async fn of_two_forums_in_common_the_one_that_is_chosen_is_kept_to() {
    let world = World::new().await;
    let hall = room("!hall", Some("Hall"), false);
    world.opens(&hall).await;
    world.says("sol", "!ask What is asked in the room?").await;
    world
        .told(&hall, "sol", "!ask What is asked in the hall?")
        .await;
    let both = ["!hall", "!room"];
    let mira = alone("mira", &both);
    let (_, asked) = world.utters(&mira, "mira", "search asked").await;
    assert_snapshot!(said(&asked), @"
    We share several forums. Which one is meant here? Answer with its number; I keep to it from then on, and `!forum` shows this list again.

    1. Room
    2. Hall
    ");
    let asks = asked.reply.expect("it is asked").asks;
    let Some(Asks::Forum(forums)) = asks else {
        panic!("{asks:?}");
    };
    assert_eq!(forums.len(), 2);
    assert!(world.told(&mira, "mira", "help").await.contains("!ask"));
    let told = world
        .told(&mira, "mira", "ask In which of the two is this?")
        .await;
    assert!(told.starts_with("We share several"), "{told}");
    let told = world.told(&mira, "mira", "2").await;
    assert!(
        told.starts_with("This would be published in Hall,"),
        "{told}"
    );
    assert_snapshot!(world.told(&mira, "mira", "yes").await, @"#2 is asked.");
    for _ in 0..2 {
        let told = world.told(&mira, "mira", "show #1").await;
        assert!(told.contains("asked in the hall?"), "{told}");
    }
    let told = world.told(&mira, "mira", "forum").await;
    assert!(told.contains("1. Room"), "{told}");
    // A button names the forum; one that is not shared is none.
    let decides = |forum| IncomingEvent::Decided {
        decision: Decision::Forum(forum),
    };
    let forged = world
        .does_in(mira.clone(), "mira", world.event(), decides(ForumId(99)))
        .await;
    assert!(said(&forged).starts_with("We share several"));
    let chosen = world
        .does_in(mira.clone(), "mira", world.event(), decides(forums[0].0))
        .await;
    assert_snapshot!(said(&chosen), @"This conversation is about the forum of Room from now on. `!forum` shows the others.");
    let told = world
        .told(&mira, "mira", "ask Is a yes for one a yes for both?")
        .await;
    assert!(
        told.starts_with("This would be published in Room,"),
        "{told}"
    );
    // What is shared can be another forum by the time of the answer.
    let told = world.told(&alone("mira", &["!hall"]), "mira", "yes").await;
    assert!(
        told.starts_with("This would be published in Hall,") || told == "#3 is asked.",
        "{told}"
    );
    // The room was left: what was asked there is read from there no more.
    let told = world
        .told(&alone("mira", &["!hall"]), "mira", "show #1")
        .await;
    assert!(told.contains("asked in the hall?"), "{told}");
}

#[tokio::test]
async fn a_yes_to_one_place_publishes_nothing_in_another() {
    let world = World::new().await;
    let hall = room("!hall", Some("Hall"), false);
    world.opens(&hall).await;
    world
        .told(
            &alone("mira", &["!room"]),
            "mira",
            "ask Where does this go?",
        )
        .await;
    // They left the room, and share another one now.
    let now = alone("mira", &["!hall"]);
    let told = world.told(&now, "mira", "yes").await;
    assert!(
        told.starts_with("This would be published in Hall,"),
        "{told}"
    );
    assert_eq!(world.cards(), 0);
    assert_snapshot!(world.told(&now, "mira", "yes").await, @"#1 is asked.");
}

#[tokio::test]
async fn what_is_withdrawn_in_a_conversation_is_withdrawn_whatever_is_shared_by_now() {
    let world = World::new().await;
    let hall = room("!hall", Some("Hall"), false);
    world.opens(&hall).await;
    let mira = alone("mira", &["!room"]);
    let (source, _) = world
        .utters(&mira, "mira", "ask Is this taken back again?")
        .await;
    world.told(&mira, "mira", "yes").await;
    assert_eq!(world.cards(), 1);
    for common in [&["!room", "!hall"][..], &[]] {
        let rewrote = IncomingEvent::Rewrote {
            message: source.clone(),
            text: format!("ask Is this changed among {}?", common.len()),
        };
        let there = alone("mira", common);
        world.does_in(there, "mira", world.event(), rewrote).await;
    }
    assert!(
        world.card("$card1").contains("changed among 2"),
        "{}",
        world.shown()
    );
    let gone = IncomingEvent::Removed { gone: source };
    world
        .does_in(alone("mira", &["!hall"]), "mira", world.event(), gone)
        .await;
    assert_eq!(world.cards(), 0, "{}", world.shown());
}

#[tokio::test]
async fn a_place_where_a_forum_has_begun_stays_that_place_however_few_are_left() {
    let world = World::new().await;
    let group = room("!mira", None, true);
    world.opens(&group).await;
    let (source, _) = world
        .utters(&group, "mira", "!ask What is secret in the group?")
        .await;
    assert_eq!(world.cards(), 1);
    // All but one have left, so that it looks like a conversation.
    let left = Place {
        seclusion: group.seclusion,
        ..alone("mira", &["!room"])
    };
    world.opens(&left).await;
    assert_eq!(world.told(&left, "mira", "show #1").await, "");
    let told = world.told(&left, "mira", "!show #1").await;
    assert!(told.contains("secret in the group"), "{told}");
    world
        .told(&left, "mira", "!ask Is this published in the room?")
        .await;
    let told = world.says("sol", "!questions").await;
    assert!(!told.contains("published in the room"), "{told}");
    // Votes, changes and deletions are heard as before, and what is deleted stays deleted when others come back.
    let rewrote = IncomingEvent::Rewrote {
        message: source.clone(),
        text: "!ask What is no secret in the group?".to_owned(),
    };
    world
        .does_in(left.clone(), "mira", world.event(), rewrote)
        .await;
    assert!(
        world.card("$card1").contains("no secret"),
        "{}",
        world.shown()
    );
    let vote = IncomingEvent::Reacted {
        reaction: MessageKey("$vote".to_owned()),
        on: MessageKey("$card1".to_owned()),
        emoji: "👍".to_owned(),
    };
    world
        .does_in(left.clone(), "sol", world.event(), vote)
        .await;
    assert!(
        world.card("$card1").contains("+1 vote"),
        "{}",
        world.shown()
    );
    let gone = IncomingEvent::Removed { gone: source };
    world
        .does_in(left.clone(), "mira", world.event(), gone)
        .await;
    world.opens(&group).await;
    let told = world.told(&group, "ivo", "!questions").await;
    assert!(
        told.contains("published in the room") && !told.contains("secret"),
        "{told}"
    );
    // An upgrade of the room changes nothing of that.
    let newer = Place {
        key: PlaceKey("!newer".to_owned()),
        ..left
    };
    let moved = world
        .core
        .place_moved(Platform::MATRIX, &group.key, &newer)
        .await;
    moved.expect("the store works");
    let told = world.told(&newer, "mira", "!questions").await;
    assert!(told.contains("published in the room"), "{told}");
}

#[tokio::test]
async fn what_only_encrypted_rooms_show_is_not_told_in_a_plain_conversation() {
    let world = World::new().await;
    let vault = room("!vault", Some("Vault"), true);
    world.opens(&vault).await;
    world
        .told(&vault, "sol", "!ask What is the secret of the vault?")
        .await;
    let plain = alone("mira", &["!vault"]);
    let encrypted = Place {
        seclusion: vault.seclusion,
        ..plain.clone()
    };
    for text in [
        "search secret",
        "similar what is the secret of the vault",
        "show #1",
        "history #1",
        "questions",
    ] {
        let told = world.told(&plain, "mira", text).await;
        assert!(
            told.starts_with("Only encrypted rooms show what is in this forum"),
            "{text}: {told}"
        );
        let told = world.told(&encrypted, "mira", text).await;
        assert!(told.contains("secret of the vault"), "{text}: {told}");
    }
    assert!(world.told(&plain, "mira", "help").await.contains("!ask"));
    let place = |place| world.core.shared_place(Platform::MATRIX, place);
    assert_eq!(place(&plain).await.expect("works"), None);
    let there = place(&encrypted).await.expect("works");
    assert_eq!(there, Some(vault.key.clone()));
    // Once a plain room shows it too, it is told.
    let hall = room("!hall", Some("Hall"), false);
    world.opens(&hall).await;
    let joins = world.core.inner.store.act(|tx| {
        let now = crate::forum::Timestamp(1);
        let (hall, vault) = (tx.forum("!hall", now)?, tx.forum("!vault", now)?);
        tx.join(hall, vault, now)
    });
    joins.await.expect("the store works");
    let told = world.told(&plain, "mira", "show #1").await;
    assert!(told.contains("secret of the vault"), "{told}");
}

#[tokio::test]
async fn a_conversation_is_shown_no_cards_of_a_forum_that_is_not_its_own() {
    let world = World::new().await;
    let mira = alone("mira", &["!room"]);
    world.told(&mira, "mira", "questions").await;
    let sol = alone("sol", &["!room"]);
    world.told(&sol, "sol", "ask Who is told of this?").await;
    let closed = world
        .core
        .place_closed(Platform::MATRIX, &place().key)
        .await;
    closed.expect("the store works");
    assert_snapshot!(world.told(&sol, "sol", "yes").await, @"#1 is asked.");
    assert_eq!(world.cards(), 0, "{}", world.shown());
    // What is asked where nothing is shared is shown there.
    let ivo = alone("ivo", &[]);
    assert_snapshot!(world.told(&ivo, "ivo", "ask Is anybody here at all?").await, @"#1 is asked.");
    assert_eq!(world.cards(), 1);
}

#[tokio::test]
async fn what_can_not_be_undone_is_asked_about_where_it_could_be_talk() {
    let world = World::new().await;
    let mira = alone("mira", &["!room"]);
    for text in ["ask Is this deleted by talk?", "yes", "ask Or is this one?"] {
        world.told(&mira, "mira", text).await;
    }
    assert_eq!(world.cards(), 2);
    for talk in ["delete 2 of these please", "a 1 day trip is nice"] {
        let told = world.told(&mira, "mira", talk).await;
        assert!(told.starts_with("I serve a forum"), "{talk}: {told}");
    }
    assert_snapshot!(world.told(&mira, "mira", "delete #1").await, @"This deletes #1 for good. To do it, reply `yes` or react to this message with ✅; `no` leaves it as it is.");
    assert_snapshot!(world.told(&mira, "mira", "no").await, @"Nothing was deleted.");
    // Whoever says something else meanwhile has not agreed to it.
    let (_, asked) = world.utters(&mira, "mira", "delete #1").await;
    let key = asked.reply.expect("it is asked").key;
    let prompt = MessageKey("$prompt".to_owned());
    let sent = world.core.sent(Platform::MATRIX, &key, &prompt).await;
    sent.expect("the store works");
    let tick = IncomingEvent::Reacted {
        reaction: MessageKey("$tick".to_owned()),
        on: prompt,
        emoji: "✅".to_owned(),
    };
    world
        .does_in(mira.clone(), "mira", MessageKey("$tick".to_owned()), tick)
        .await;
    assert_eq!(world.cards(), 1, "{}", world.shown());
    // What is refused is refused at once, and the prefix says that it is meant.
    let told = world.told(&mira, "mira", "delete #9").await;
    assert!(told.contains("#9"), "{told}");
    assert_snapshot!(world.told(&mira, "mira", "yes").await, @"I serve a forum: questions, answers and votes. `!ask` asks a question, `!search` finds what was answered before, `!help` shows the rest.");
    world.told(&mira, "mira", "!delete 2").await;
    assert_eq!(world.cards(), 0, "{}", world.shown());
}

#[tokio::test]
async fn a_yes_to_a_deletion_publishes_nothing_that_waits() {
    let world = World::new().await;
    let (mira, hall) = (
        alone("mira", &["!room"]),
        room("!hall", Some("Hall"), false),
    );
    for text in ["ask Is this deleted by a yes?", "yes"] {
        world.told(&mira, "mira", text).await;
    }
    world.opens(&hall).await;
    // In the hall she was not asked yet.
    let both = alone("mira", &["!room", "!hall"]);
    world.told(&both, "mira", "2").await;
    world
        .told(&both, "mira", "ask Is this published by a yes?")
        .await;
    let told = world.told(&both, "mira", "delete #1").await;
    assert!(told.contains("#1"), "there is none in the hall: {told}");
    let told = world.told(&both, "mira", "yes").await;
    assert_eq!(told, "#1 is asked.");
    world.told(&both, "mira", "ask Does this one wait?").await;
    let told = world.told(&both, "mira", "delete #1").await;
    assert!(told.starts_with("This deletes #1"), "{told}");
    world.told(&both, "mira", "yes").await;
    let told = world.told(&both, "mira", "questions").await;
    assert!(!told.contains("published by a yes"), "{told}");
}

#[tokio::test]
async fn for_whom_may_not_write_in_the_room_nothing_is_written_or_voted_from_a_conversation() {
    let world = World::new().await;
    world.says("mira", "!ask Who may write here?").await;
    world.says("mira", "!answer #1 I may.").await;
    let (sol, muted) = (alone("sol", &["!room"]), alone("sol", &["!room-"]));
    let own = "ask Is this of before?";
    world.utters(&sol, "sol", own).await;
    world.told(&sol, "sol", "yes").await;
    let (message, _) = world.utters(&sol, "sol", "comment #1 So am I.").await;
    world.told(&sol, "sol", "up #1.1").await;
    let before = world.shown();
    let refusal = "You may not write now where this would be shown";
    for text in [
        "ask May I ask from here?",
        "answer #1 I may, too.",
        "comment #1.1 Or not.",
        "edit #2 It is.",
        "up #1",
        "down #1.1",
        "accept #1.1",
    ] {
        let told = world.told(&muted, "sol", text).await;
        assert!(told.starts_with(refusal), "{text}: {told}");
    }
    let text = "comment #1 I am not.".to_owned();
    let change = IncomingEvent::Rewrote { message, text };
    let told = world
        .does_in(muted.clone(), "sol", world.event(), change)
        .await;
    assert!(said(&told).starts_with(refusal), "{}", said(&told));
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(world.shown(), before);
    // They may look, and take back what they said.
    let shown = world.told(&muted, "sol", "show #1").await;
    assert!(shown.contains("I may."), "{shown}");
    assert!(shown.contains("So am I."), "{shown}");
    for (text, done) in [
        ("unvote #1.1", "Your vote on #1.1 is taken back"),
        ("delete #2", "yes"),
        ("yes", "#2 is withdrawn"),
    ] {
        let told = world.told(&muted, "sol", text).await;
        assert!(told.contains(done), "{text}: {told}");
    }
    // In another room of the forum they may.
    let hall = Place {
        kind: PlaceKind::Named,
        ..room("!hall", None, false)
    };
    world.opens(&hall).await;
    let some = alone("sol", &["!room-", "!hall"]);
    let told = world.told(&some, "sol", "up #1").await;
    assert!(told.contains("You voted"), "{told}");
}

#[tokio::test]
async fn a_reaction_of_whom_may_not_write_in_the_room_counts_for_nothing_in_a_conversation() {
    let world = World::new().await;
    world.says("mira", "!ask Who may vote here?").await;
    world.says("mira", "!answer #1 I may.").await;
    let muted = alone("mira", &["!room-"]);
    let (_, shown) = world.utters(&muted, "mira", "show #1.1").await;
    let key = shown.reply.expect("it is shown").key;
    let message = MessageKey("$shown".to_owned());
    let sent = world.core.sent(Platform::MATRIX, &key, &message).await;
    sent.expect("the store works");
    for emoji in ["✅", "👍"] {
        let what = IncomingEvent::Reacted {
            reaction: MessageKey(format!("$reaction-{emoji}")),
            on: message.clone(),
            emoji: emoji.to_owned(),
        };
        let event = MessageKey(format!("$reaction-{emoji}"));
        world.does_in(muted.clone(), "mira", event, what).await;
    }
    let shown = world.says("mira", "!show #1").await;
    assert!(
        !shown.contains("✅") && shown.contains("0 votes"),
        "{shown}"
    );
}

#[tokio::test]
async fn what_waits_is_not_published_for_whom_was_silenced_meanwhile_and_waits_on() {
    let world = World::new().await;
    let (sol, muted) = (alone("sol", &["!room"]), alone("sol", &["!room-"]));
    world.utters(&sol, "sol", "ask Is this still heard?").await;
    let (_, refused) = world.utters(&muted, "sol", "yes").await;
    assert!(said(&refused).starts_with("You may not write now"));
    let asks = refused.reply.and_then(|reply| reply.asks);
    assert_eq!(asks, Some(Asks::Publish), "they may try again");
    assert_eq!(world.cards(), 0);
    assert_eq!(world.told(&sol, "sol", "yes").await, "#1 is asked.");
}

#[tokio::test]
async fn who_shares_no_room_any_more_writes_and_votes_in_its_forum_no_more() {
    let world = World::new().await;
    world.says("mira", "!ask Who is still here?").await;
    let (sol, gone) = (alone("sol", &["!room"]), alone("sol", &[]));
    world.utters(&sol, "sol", "answer #1 I am.").await;
    // Kicked or banned, before they agreed.
    world.told(&gone, "sol", "yes").await;
    for text in ["answer #1 I was.", "up #1", "comment #1 I was."] {
        let told = world.told(&gone, "sol", text).await;
        assert!(told.contains("There is no #1"), "{text}: {told}");
    }
    let shown = world.says("mira", "!show #1").await;
    assert!(
        shown.contains("0 votes") && !shown.contains("I am."),
        "{shown}"
    );
}

#[tokio::test]
async fn an_edit_that_waited_for_its_persons_word_undoes_nothing_that_was_changed_meanwhile() {
    let world = World::new().await;
    world.says("sol", "!ask What is changed?\nThis.").await;
    let sol = alone("sol", &["!room"]);
    world.utters(&sol, "sol", "edit #1 Only this.").await;
    world.says("mod", "!edit #1 That.").await;
    let told = world.told(&sol, "sol", "yes").await;
    assert!(
        told.contains("was changed while you were changing it"),
        "{told}"
    );
    assert!(world.says("sol", "!show #1").await.contains("That."));
}

#[tokio::test]
async fn a_slip_in_a_conversation_is_mended_by_changing_the_message() {
    let world = World::new().await;
    let mira = alone("mira", &["!room"]);
    let (message, told) = world.utters(&mira, "mira", "aks Does this keep?").await;
    assert!(said(&told).starts_with("I serve a forum"));
    let what = IncomingEvent::Rewrote {
        message,
        text: "ask Does this keep?".to_owned(),
    };
    let told = world.does_in(mira, "mira", world.event(), what).await;
    assert!(said(&told).contains("under the name"), "{}", said(&told));
}
