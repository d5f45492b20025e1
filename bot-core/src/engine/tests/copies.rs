//! Where a post's text still stands when it is hidden, withdrawn, or lost a text: in no message of the bot's.

use std::sync::atomic::Ordering;

use super::super::serve::Served;
use super::world::{Message, World, place, said};
use super::*;
use crate::card::{Style, plain};
use crate::forum::{Address, Timestamp};
use crate::platform::{IncomingEvent, MessageKey, SendError, SendKey};

impl World {
    /// Somebody says something, and the bot's reply is sent to the room as adapters do it.
    async fn aloud(&self, who: &str, text: &str) -> MessageKey {
        let (key, message) = self.on_its_way(who, text).await;
        let sent = self.core.sent(Platform::MATRIX, &key, &message);
        sent.await.expect("the store works");
        self.core.settled(Platform::MATRIX).await.expect("settles");
        message
    }

    /// The same, but that it was sent is not told yet.
    async fn on_its_way(&self, who: &str, text: &str) -> (SendKey, MessageKey) {
        let event = self.event();
        let what = IncomingEvent::Said {
            message: event.clone(),
            text: text.to_owned(),
            reply_to: None,
            thread: None,
        };
        let response = self.does(who, event.clone(), what).await;
        let reply = response.reply.expect("the bot replies");
        let room = place().key;
        let kept = self
            .core
            .will_send(Platform::MATRIX, &room, None, &reply.key, &reply.card);
        kept.await.expect("the store works");
        let message = MessageKey(format!("$reply-{event}"));
        let shown = Message {
            key: reply.key.clone(),
            thread: None,
            text: plain(&reply.card, Style::Plain),
            edits: 0,
            before: Vec::new(),
        };
        let mut messages = self.room.messages.lock().expect("no panic");
        messages.insert(message.0.clone(), shown);
        (reply.key, message)
    }

    /// Nothing is posted, edited or taken away any more until a restart.
    async fn stopped(&self) {
        self.stopper.request();
        let mut served = self.core.inner.served(Platform::MATRIX).subscribe();
        let ended = served.wait_for(|served| matches!(served, Served::Ended(_)));
        ended.await.expect("is told");
    }

    /// The people's messages that were taken away.
    fn taken(&self) -> Vec<MessageKey> {
        self.room.taken.lock().expect("no panic").clone()
    }

    /// What people were told alone.
    fn told_alone(&self) -> Vec<String> {
        self.room.told.lock().expect("no panic").clone()
    }

    /// The messages in which a word stands, or stood before an edit.
    fn stands(&self, word: &str) -> Vec<String> {
        let messages = self.room.messages.lock().expect("no panic");
        let holds = |message: &Message| {
            let texts = message.before.iter().chain([&message.text]);
            texts.into_iter().any(|text| text.contains(word))
        };
        let found = messages.iter().filter(|(_, message)| holds(message));
        found.map(|(name, _)| name.clone()).collect()
    }

    /// A question with a secret word in each part, said in every kind of reply.
    async fn with_secrets() -> Self {
        let world = Self::new().await;
        world
            .says("mira", "!ask Where is the xyzzy now?\nIn the plugh.")
            .await;
        world.says("mira", "!edit #1 In the plover.").await;
        world.says("sol", "!answer #1 Behind the fnord.").await;
        world.says("ivo", "!ask What else is there?").await;
        world.all_is_found();
        for view in [
            "!show #1",
            "!search xyzzy",
            "!search there",
            "!similar where is the xyzzy now",
            "!questions",
            "!history #1",
        ] {
            world.aloud("ivo", view).await;
        }
        world
    }
}

const WORDS: [&str; 3] = ["xyzzy", "plugh", "plover"];

#[tokio::test]
async fn what_is_hidden_stands_in_no_message_and_comes_back_with_a_new_card() {
    let world = World::with_secrets().await;
    world.reacts("ivo", "$card1", "👍").await;
    let before = world.card("$card1");
    assert!(before.contains("+1 vote"), "{before}");
    for word in WORDS {
        assert!(!world.stands(word).is_empty(), "{word}");
    }
    world.says("mira", "!hide #1").await;
    for word in WORDS {
        assert_eq!(world.stands(word), [""; 0], "{word}");
    }
    // An answer hangs on it, and says what it said.
    assert!(world.shown().contains("#1 is hidden by its author."));
    assert_eq!(world.stands("fnord"), ["$card2"]);
    world.says("mira", "!unhide #1").await;
    assert_eq!(world.stands("xyzzy"), ["$card4"]);
    assert_eq!(world.card("$card4"), before);
    // Hidden once more, the edit by which it came back goes as well.
    world.says("mod", "!hide #1").await;
    assert_eq!(world.stands("xyzzy"), [""; 0]);
}

#[tokio::test]
async fn a_hidden_post_on_which_nothing_hangs_leaves_no_card_and_gets_one_when_it_is_shown_again() {
    let world = World::with_secrets().await;
    world.reacts("ivo", "$card2", "👍").await;
    world.says("sol", "!hide #1.1").await;
    assert_eq!(world.stands("fnord"), [""; 0]);
    assert!(!world.shown().contains("#1.1"), "{}", world.shown());
    // Nothing but its question is left of what was said.
    let world = world.restarted().await;
    world.says("sol", "!unhide #1.1").await;
    let cards = world.stands("fnord");
    assert_eq!(cards, ["$card4"]);
    assert!(world.card("$card4").contains("+1 vote"));
    // A reply to the card that is gone, or in its thread, still means the post.
    let (_, reply) = world.writes("ivo", "!comment Is it?", Some("$card2")).await;
    assert_eq!(reply, "");
    assert!(world.shown().contains("Is it?"));
}

#[tokio::test]
async fn what_is_withdrawn_stands_in_no_message() {
    let world = World::with_secrets().await;
    world.says("sol", "!delete #1.1").await;
    assert_eq!(world.stands("fnord"), [""; 0]);
    world.says("mira", "!delete #1").await;
    for word in WORDS {
        assert_eq!(world.stands(word), [""; 0], "{word}");
    }
    assert_eq!(world.stands("#1"), [""; 0], "nothing hangs on it");
}

#[tokio::test]
async fn a_reply_that_says_that_a_post_is_hidden_or_withdrawn_stays() {
    let world = World::with_secrets().await;
    world.says("ivo", "!answer #1 In the cupboard.").await;
    world.says("ivo", "!comment #1.1 Is it?").await;
    world.says("sol", "!delete #1.1").await;
    world.says("mira", "!hide #1").await;
    let reply = world.aloud("ivo", "!show #1").await;
    let shown = world.card(&reply.0);
    assert!(shown.contains("#1 is hidden by its author"), "{shown}");
    assert!(shown.contains("#1.1 was withdrawn") && shown.contains("cupboard"));
    world.says("ivo", "!delete #1.2").await;
    assert_eq!(world.card(&reply.0), "");
}

#[tokio::test]
async fn a_reply_that_is_on_its_way_while_its_post_is_hidden_goes_when_it_is_there() {
    let world = World::with_secrets().await;
    let (key, message) = world.on_its_way("ivo", "!show #1").await;
    world.says("mira", "!hide #1").await;
    assert_eq!(world.stands("xyzzy"), std::slice::from_ref(&message.0));
    let sent = world.core.sent(Platform::MATRIX, &key, &message);
    sent.await.expect("the store works");
    let gone = |world: &World| world.stands("xyzzy").is_empty();
    world.sees("the reply to go", gone).await;
}

#[tokio::test]
async fn a_reply_of_which_only_a_crash_knows_is_looked_for_and_taken_away() {
    let world = World::with_secrets().await;
    world.on_its_way("ivo", "!show #1").await;
    let world = world.restarted().await;
    world.says("mira", "!hide #1").await;
    assert_eq!(world.stands("xyzzy").len(), 1);
    world.clock.0.fetch_add(60_000, Ordering::SeqCst);
    world.core.inner.woken.send_replace(());
    let gone = |world: &World| world.stands("xyzzy").is_empty();
    world.sees("the reply to go", gone).await;
}

#[tokio::test]
async fn a_removal_that_has_to_wait_is_not_lost_over_a_restart() {
    let world = World::with_secrets().await;
    *world.room.refuse.lock().expect("no panic") = Some(SendError::Later {
        after: Some(Duration::from_secs(3_600)),
        why: "busy".to_owned(),
    });
    world.mutters("mira", "!hide #1").await;
    let rest = |world: &World| world.stands("xyzzy").len() == 1;
    world.sees("all but one to go", rest).await;
    world.clock.0.fetch_add(3_600_000, Ordering::SeqCst);
    let world = world.restarted().await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(world.stands("xyzzy"), [""; 0]);
}

#[tokio::test]
async fn a_text_that_is_removed_from_a_post_goes_with_its_card_and_the_votes_stand() {
    let world = World::with_secrets().await;
    world.reacts("ivo", "$card1", "👍").await;
    let removed = world.core.inner.store.act(|tx| {
        let forum = tx.forum(MAIN, Timestamp(0))?;
        let question = tx.post_at(forum, Address::question(1))?;
        let question = question.expect("is there");
        tx.text_removed_for_test(question.forum, question.id)
    });
    removed.await.expect("the store works");
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(world.card("$card1"), "", "its past could be read");
    assert_eq!(world.stands("xyzzy"), ["$card4"]);
    assert!(world.card("$card4").contains("+1 vote"));
    assert_eq!(world.stands("plugh"), [""; 0]);
    // It is the card from now on, and the old one was taken away by nobody else.
    world.says("sol", "!up #1").await;
    assert!(world.card("$card4").contains("+2 votes"));
    world.removes("mod", &MessageKey("$card1".to_owned())).await;
    world.says("ivo", "!unvote #1").await;
    assert!(world.card("$card4").contains("+1 vote"));
}

#[tokio::test]
async fn what_people_wrote_goes_when_the_post_is_withdrawn_and_not_before() {
    let world = World::new().await;
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    let (edited, _) = world.writes("mira", "!edit #1 In the plugh.", None).await;
    let change = world.event();
    let what = IncomingEvent::Rewrote {
        message: asked.clone(),
        text: "!ask Where is the xyzzy now?".to_owned(),
    };
    world.does("mira", change.clone(), what.clone()).await;
    let forged = world.event();
    world.does("sol", forged, what).await;
    world.says("mod", "!hide #1").await;
    assert_eq!(*world.room.taken.lock().expect("no panic"), []);
    world.says("mira", "!delete #1").await;
    let mut taken = world.room.taken.lock().expect("no panic").clone();
    taken.sort();
    let mut all = vec![asked, edited, change];
    all.sort();
    assert_eq!(taken, all);
    assert_eq!(*world.room.told.lock().expect("no panic"), [""; 0]);
}

#[tokio::test]
async fn whoever_withdraws_is_told_what_of_their_own_still_stands() {
    let world = World::new().await;
    world.room.powerless.store(true, Ordering::SeqCst);
    world.writes("mira", "!ask Where is the xyzzy?", None).await;
    world.says("mira", "!delete #1").await;
    let told = world.room.told.lock().expect("no panic").clone();
    assert_eq!(
        told,
        [
            "@mira:x: #1 is withdrawn, but your own message with its text still stands, because I may not take messages away there. You can delete it yourself."
        ]
    );
    let world = world.restarted().await;
    world.says("ivo", "!help").await;
    assert_eq!(world.room.told.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn a_moderator_has_the_message_of_a_hidden_post_taken_away() {
    let world = World::new().await;
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    let (edited, _) = world.writes("mira", "!edit #1 In the plugh.", None).await;
    assert_eq!(
        world.says("mod", "!remove #1").await,
        "#1 is not hidden, so the message it was made from stays. `!hide #1` hides it."
    );
    assert_eq!(
        world.says("mod", "!hide #1").await,
        "#1 is hidden. `!unhide #1` shows it again. What its author wrote themselves still stands; `!remove #1` takes it away."
    );
    let refused = world.says("mira", "!remove #1").await;
    assert!(refused.starts_with("Only a moderator"), "{refused}");
    assert_eq!(world.taken(), [], "nobody pressed yet");
    let done = world.says("mod", "!remove #1").await;
    assert!(done.starts_with("I take away what the author of #1 wrote"));
    let mut taken = world.taken();
    taken.sort();
    assert_eq!(taken, [asked, edited]);
    assert_eq!(world.told_alone(), [""; 0]);
    let gone = world.says("mod", "!remove #1").await;
    assert!(gone.starts_with("I know no message that #1"), "{gone}");
    // The post is only hidden all the same.
    world.says("mod", "!unhide #1").await;
    assert_eq!(world.stands("plugh").len(), 1);
}

#[tokio::test]
async fn where_a_hidden_post_s_message_stays_its_author_and_the_moderator_are_told_each_time() {
    let world = World::new().await;
    world.room.powerless.store(true, Ordering::SeqCst);
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    world.says("mod", "!hide #1").await;
    let both = [
        "@mira:x: #1 is hidden, and a moderator wants your own message with its text to be taken away. I may not do that there. You can delete it yourself.",
        "@mod:x: What the author wrote of #1 still stands, because I may not take messages away there. Whoever may can delete it; or let me do that, and say so again.",
    ];
    world.says("mod", "!remove #1").await;
    assert_eq!(world.told_alone(), both);
    // It is what the post was made from still: its author's own deletion withdraws the post.
    let world = world.restarted().await;
    world.says("mod", "!remove #1").await;
    assert_eq!(world.told_alone(), [both, both].concat());
    world.room.powerless.store(false, Ordering::SeqCst);
    world.says("mod", "!remove #1").await;
    assert_eq!(world.taken(), std::slice::from_ref(&asked));
    world.removes("mira", &asked).await;
    let gone = world.says("mod", "!unhide #1").await;
    assert!(!gone.contains("was withdrawn"), "{gone}");
}

#[tokio::test]
async fn the_author_who_is_told_that_a_hidden_post_s_message_stands_withdraws_it_by_deleting_that()
{
    let world = World::new().await;
    world.room.powerless.store(true, Ordering::SeqCst);
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    world.says("mod", "!hide #1").await;
    world.says("mod", "!remove #1").await;
    world.removes("mira", &asked).await;
    let gone = world.says("mod", "!unhide #1").await;
    assert!(gone.contains("was withdrawn"), "{gone}");
}

#[tokio::test]
async fn a_message_that_is_being_taken_away_is_gone_by_nobody_else_s_hand() {
    let world = World::new().await;
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    world.says("mod", "!hide #1").await;
    *world.room.refuse.lock().expect("no panic") = Some(SendError::Later {
        after: Some(Duration::from_secs(3_600)),
        why: "the answer got lost".to_owned(),
    });
    world.mutters("mod", "!remove #1").await;
    let gone = IncomingEvent::MessageGone { gone: asked };
    world.is_heard(place(), "", world.event(), gone).await;
    world
        .clock
        .0
        .fetch_add(25 * 3_600 * 1_000, Ordering::SeqCst);
    let world = world.restarted().await;
    *world.room.refuse.lock().expect("no panic") = None;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    world.says("mod", "!unhide #1").await;
    assert_eq!(world.stands("xyzzy").len(), 1, "{}", world.shown());
}

#[tokio::test]
async fn what_waits_to_be_taken_away_stays_when_its_post_is_shown_again() {
    let world = World::new().await;
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    let (edited, _) = world.writes("mira", "!edit #1 In the plugh.", None).await;
    world.says("mod", "!hide #1").await;
    world.stopped().await;
    world.mutters("mod", "!remove #1").await;
    world.mutters("mod", "!unhide #1").await;
    let world = world.restarted().await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(world.taken(), []);
    world.says("mira", "!delete #1").await;
    let mut taken = world.taken();
    taken.sort();
    assert_eq!(taken, [asked, edited]);
}

#[tokio::test]
async fn what_the_author_takes_away_goes_with_its_changes() {
    let world = World::new().await;
    let (asked, _) = world.writes("mira", "!ask Where is the xyzzy?", None).await;
    let change = world.event();
    let what = IncomingEvent::Rewrote {
        message: asked.clone(),
        text: "!ask Where is the xyzzy now?".to_owned(),
    };
    assert_eq!(said(&world.does("mira", change.clone(), what).await), "");
    world.removes("mira", &asked).await;
    assert_eq!(world.stands("xyzzy"), [""; 0]);
    assert_eq!(*world.room.taken.lock().expect("no panic"), [change]);
}

#[tokio::test]
async fn a_card_that_was_hidden_before_it_was_posted_is_posted_when_its_post_is_shown() {
    let world = World::new().await;
    *world.room.refuse.lock().expect("no panic") = Some(SendError::Later {
        after: Some(Duration::from_secs(60)),
        why: "busy".to_owned(),
    });
    world.mutters("mira", "!ask Where is the xyzzy?").await;
    world.mutters("mira", "!hide #1").await;
    let world = world.restarted().await;
    *world.room.refuse.lock().expect("no panic") = None;
    world.clock.0.fetch_add(600_000, Ordering::SeqCst);
    world.core.settled(Platform::MATRIX).await.expect("settles");
    assert_eq!(world.stands("xyzzy"), [""; 0]);
    world.says("mira", "!unhide #1").await;
    assert_eq!(world.stands("xyzzy").len(), 1);
}
