//! A forum in a room that only exists in memory: people say things, the room shows what comes of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use insta::assert_snapshot;

use super::*;
use crate::card::{Style, plain};
use crate::chance;
use crate::forum::{Claims, Power, Timestamp};
use crate::platform::{
    Actor, Audience, ChatPlatform, Editing, Incoming, MessageKey, Pace, Place, PlaceKey, PlaceKind,
    Posting, Removing, Response, SendError, SendKey, What,
};

/// A clock that tests move.
#[derive(Default)]
struct Hands(AtomicI64);

impl chance::Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The same numbers each time.
struct Dice(u64);

impl chance::Rng for Dice {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0
    }
}

/// A message of the bot in the room.
#[derive(Clone)]
struct Message {
    key: SendKey,
    thread: Option<MessageKey>,
    text: String,
    edits: u32,
}

/// A chat with one room.
#[derive(Default)]
struct Room {
    messages: Mutex<BTreeMap<String, Message>>,
    refuse: Mutex<Option<SendError>>,
}

impl Room {
    fn trouble(&self) -> Result<(), SendError> {
        self.refuse
            .lock()
            .expect("no panic")
            .take()
            .map_or(Ok(()), Err)
    }
}

impl ChatPlatform for Room {
    fn platform(&self) -> Platform {
        Platform::Matrix
    }

    fn pace(&self) -> Pace {
        Pace {
            least: Duration::ZERO,
            most: Duration::ZERO,
        }
    }

    async fn post(&self, posting: &Posting) -> Result<MessageKey, SendError> {
        self.trouble()?;
        let mut messages = self.messages.lock().expect("no panic");
        let name = format!("$card{}", messages.len() + 1);
        let text = plain(&posting.card, Style::Plain);
        messages.insert(
            name.clone(),
            Message {
                key: posting.key.clone(),
                thread: posting.thread.clone(),
                text,
                edits: 0,
            },
        );
        Ok(MessageKey(name))
    }

    async fn find(
        &self,
        _place: &PlaceKey,
        key: &SendKey,
    ) -> Result<Option<MessageKey>, SendError> {
        let messages = self.messages.lock().expect("no panic");
        Ok(messages
            .iter()
            .find(|(_, message)| message.key == *key)
            .map(|(name, _)| MessageKey(name.clone())))
    }

    async fn edit(&self, editing: &Editing) -> Result<(), SendError> {
        self.trouble()?;
        let mut messages = self.messages.lock().expect("no panic");
        let message = messages
            .get_mut(&editing.message.0)
            .expect("only sent messages are edited");
        message.text = plain(&editing.card, Style::Plain);
        message.edits += 1;
        Ok(())
    }

    async fn remove(&self, removing: &Removing) -> Result<(), SendError> {
        self.messages
            .lock()
            .expect("no panic")
            .remove(&removing.message.0);
        Ok(())
    }
}

struct World {
    core: Core,
    room: Arc<Room>,
    clock: Arc<Hands>,
    stopper: Stopper,
    served: tokio::task::JoinHandle<Result<(), Fault>>,
    events: Mutex<u64>,
    dir: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        Self::on(
            tempfile::tempdir().expect("a folder"),
            Arc::default(),
            Arc::default(),
        )
        .await
    }

    async fn on(dir: tempfile::TempDir, room: Arc<Room>, clock: Arc<Hands>) -> Self {
        clock.0.fetch_add(1_700_000_000_000, Ordering::SeqCst);
        let options = Options {
            dir: dir.path().to_owned(),
            prefix: "!".to_owned(),
            language: "en".to_owned(),
        };
        let core = Core::open(options, clock.clone(), Box::new(Dice(7))).expect("opens");
        core.place_opened(Platform::Matrix, &place())
            .await
            .expect("opens");
        let (stopper, stop) = stop();
        let served = tokio::spawn({
            let (core, room) = (core.clone(), room.clone());
            async move { core.serve(room, stop).await }
        });
        Self {
            core,
            room,
            clock,
            stopper,
            served,
            events: Mutex::default(),
            dir,
        }
    }

    fn event(&self) -> MessageKey {
        let mut events = self.events.lock().expect("no panic");
        *events += 1;
        MessageKey(format!("$e{events}-{}", self.core.inner.clock.now().0))
    }

    async fn does(&self, who: &str, id: MessageKey, what: What) -> Response {
        self.does_in(place(), who, id, what).await
    }

    async fn does_in(&self, place: Place, who: &str, id: MessageKey, what: What) -> Response {
        let alone = matches!(place.kind, PlaceKind::Direct { .. });
        let level = match who {
            "mod" => 50,
            // Whoever makes a conversation has all power in it.
            _ if alone => 100,
            _ => 0,
        };
        let incoming = Incoming {
            platform: Platform::Matrix,
            id: Some(id),
            actor: Actor {
                key: crate::platform::PersonKey(format!("@{who}:x")),
                name: who.to_owned(),
                claims: Claims::Matrix(Power::Level(level)),
            },
            place,
            at: self.core.inner.clock.now(),
            what,
        };
        let response = self.core.hear(incoming).await.expect("the store works");
        self.core.settled(Platform::Matrix).await.expect("settles");
        response
    }

    /// Somebody writes; gives the message and what the bot replied.
    async fn writes(&self, who: &str, text: &str, reply_to: Option<&str>) -> (MessageKey, String) {
        let message = self.event();
        let what = What::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: reply_to.map(|to| MessageKey(to.to_owned())),
            thread: None,
        };
        let response = self.does(who, message.clone(), what).await;
        (message, said(&response))
    }

    /// Somebody writes to the bot alone, in a room of theirs; `common` is what both are in besides.
    async fn whispers(
        &self,
        who: &str,
        text: &str,
        common: &[&str],
        reply_to: Option<&str>,
    ) -> String {
        let message = self.event();
        let what = What::Said {
            message: message.clone(),
            text: text.to_owned(),
            reply_to: reply_to.map(|to| MessageKey(to.to_owned())),
            thread: None,
        };
        let common = common
            .iter()
            .map(|room| PlaceKey((*room).to_owned()))
            .collect();
        let place = Place {
            key: PlaceKey(format!("!{who}")),
            name: None,
            kind: PlaceKind::Direct { common },
        };
        said(&self.does_in(place, who, message, what).await)
    }

    async fn says(&self, who: &str, text: &str) -> String {
        self.writes(who, text, None).await.1
    }

    async fn reacts(&self, who: &str, on: &str, emoji: &str) -> (MessageKey, Response) {
        let reaction = self.event();
        let what = What::Reacted {
            reaction: reaction.clone(),
            on: MessageKey(on.to_owned()),
            emoji: emoji.to_owned(),
        };
        let response = self.does(who, reaction.clone(), what).await;
        (reaction, response)
    }

    async fn removes(&self, who: &str, gone: &MessageKey) {
        self.does(who, self.event(), What::Removed { gone: gone.clone() })
            .await;
    }

    async fn rewrites(&self, who: &str, message: &MessageKey, text: &str) -> String {
        let what = What::Rewrote {
            message: message.clone(),
            text: text.to_owned(),
        };
        said(&self.does(who, self.event(), what).await)
    }

    fn shown(&self) -> String {
        let messages = self.room.messages.lock().expect("no panic");
        let mut lines = Vec::new();
        for (name, message) in messages.iter() {
            let thread = message
                .thread
                .as_ref()
                .map(|root| format!(" in {root}"))
                .unwrap_or_default();
            lines.push(format!("[{name}{thread}]\n{}", message.text.trim_end()));
        }
        lines.join("\n")
    }

    fn card(&self, name: &str) -> String {
        self.room
            .messages
            .lock()
            .expect("no panic")
            .get(name)
            .map(|message| message.text.clone())
            .unwrap_or_default()
    }

    async fn restarted(self) -> Self {
        self.stopper.request();
        self.served
            .await
            .expect("no panic")
            .expect("the store works");
        self.core.close().await;
        Self::on(self.dir, self.room, self.clock).await
    }
}

fn place() -> Place {
    Place {
        key: PlaceKey("!room".to_owned()),
        name: Some("Room".to_owned()),
        kind: PlaceKind::Named,
    }
}

fn said(response: &Response) -> String {
    response
        .reply
        .as_ref()
        .map(|reply| plain(&reply.card, Style::Plain).trim_end().to_owned())
        .unwrap_or_default()
}

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
    let what = What::Said {
        message: message.clone(),
        text: "!ask Is this asked once?".to_owned(),
        reply_to: None,
        thread: None,
    };
    let first = world.does("mira", message.clone(), what.clone()).await;
    assert_eq!(world.does("mira", message, what).await, first);
    let (refused, reply) = world.writes("mira", "!up #1", None).await;
    let again = What::Said {
        message: refused.clone(),
        text: "!up #1".to_owned(),
        reply_to: None,
        thread: None,
    };
    assert_eq!(said(&world.does("mira", refused, again).await), reply);
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn votes_are_taken_back_and_the_one_before_stands_again() {
    let world = World::new().await;
    world.says("mira", "!ask Is this question good?").await;
    let votes = |world: &World| {
        let card = world.card("$card1");
        card.lines()
            .find(|line| line.contains("vote"))
            .unwrap_or_default()
            .split(" · ")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
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
    world.removes("mod", &answer).await;
    assert!(
        world.card("$card2").contains("Long."),
        "a moderator's redaction withdraws nothing"
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
    world.core.settled(Platform::Matrix).await.expect("settles");
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
    let what = What::Said {
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
        .place_closed(Platform::Matrix, &place().key)
        .await
        .expect("the store works");
    world
        .says("mira", "!ask Does a closed place hear of it?")
        .await;
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn alone_with_the_bot_nobody_is_a_moderator() {
    let world = World::new().await;
    world.says("sol", "!ask Whose question is this?").await;
    world.says("sol", "!answer #1 Mine.").await;
    for (said, refusal) in [
        ("delete #1", "is not yours"),
        ("edit #1.1 Everybody's.", "is not yours"),
        ("accept #1.1", "can decide"),
    ] {
        let reply = world.whispers("mira", said, &["!room"], None).await;
        assert!(reply.contains(refusal), "{said}: {reply}");
    }
}

#[tokio::test]
async fn who_left_a_room_reads_and_touches_nothing_of_it_any_more() {
    let world = World::new().await;
    world
        .says("sol", "!ask What is the secret of the room?")
        .await;
    let asked = world
        .whispers(
            "mira",
            "ask What did mira ask in private?",
            &["!room"],
            None,
        )
        .await;
    assert_snapshot!(asked, @"#2 is asked.");
    // The message of that question, in the conversation; the room is not shared any more.
    let source = format!(
        "$e{}-{}",
        *world.events.lock().expect("no panic"),
        world.core.inner.clock.now().0
    );
    for said in [
        "show",
        "answer I answer it still.",
        "show #1",
        "up #1",
        "search secret",
    ] {
        let reply = world.whispers("mira", said, &[], Some(&source)).await;
        assert!(
            !reply.contains("secret of the room") && !reply.contains("mira ask"),
            "{said}: {reply}"
        );
    }
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 2);
}

#[tokio::test]
async fn a_conversation_that_others_came_into_is_a_forum_of_its_own() {
    let world = World::new().await;
    world
        .says("sol", "!ask What is the secret of the room?")
        .await;
    assert!(
        world
            .whispers("mira", "search secret", &["!room"], None)
            .await
            .contains("#1")
    );
    let grown = Place {
        key: PlaceKey("!mira".to_owned()),
        name: None,
        kind: PlaceKind::Shared,
    };
    let message = world.event();
    let what = What::Said {
        message: message.clone(),
        text: "!search secret".to_owned(),
        reply_to: None,
        thread: None,
    };
    let reply = said(&world.does_in(grown, "ivo", message, what).await);
    assert!(reply.contains("Nothing was found"), "{reply}");
}

#[tokio::test]
async fn only_its_author_mends_a_refused_message_and_only_once() {
    let world = World::new().await;
    let (message, _) = world.writes("mira", "!ask Hm?", None).await;
    assert_eq!(
        world
            .rewrites("mallory", &message, "!ask Is this mallory's now?")
            .await,
        ""
    );
    assert_eq!(world.shown(), "");
    world
        .rewrites("mira", &message, "!ask Hm, what is a title?")
        .await;
    world.says("mira", "!delete #1").await;
    assert_eq!(
        world
            .rewrites("mira", &message, "!ask Does it come again?")
            .await,
        ""
    );
    assert_eq!(world.shown(), "");
}

#[tokio::test]
async fn a_card_that_a_moderator_took_away_stays_away() {
    let world = World::new().await;
    world.says("mira", "!ask Is this card wanted here?").await;
    world.removes("mod", &MessageKey("$card1".to_owned())).await;
    world.says("sol", "!answer #1 It seems not.").await;
    world.reacts("ivo", "$card1", "👍").await;
    assert_eq!(
        world.room.messages.lock().expect("no panic").len(),
        2,
        "the card is as it was, and the answer's is new"
    );
    assert!(!world.card("$card1").contains("1 answer"));
    assert!(
        world
            .says("ivo", "!show #1")
            .await
            .contains("0 votes · 1 answer")
    );
}

#[tokio::test]
async fn a_tombstone_goes_with_the_last_that_hangs_on_it() {
    let world = World::new().await;
    world.says("mira", "!ask What hangs on what?").await;
    world.says("sol", "!answer #1 This.").await;
    world.says("ivo", "!comment #1.1 And that.").await;
    world.says("sol", "!delete #1.1").await;
    assert!(
        world.card("$card2").contains("#1.1 was withdrawn"),
        "{}",
        world.shown()
    );
    world.says("ivo", "!delete #1.1/c1").await;
    assert_eq!(
        (world.card("$card2"), world.card("$card3")),
        (String::new(), String::new())
    );
}
