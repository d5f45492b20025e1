//! Posts that are hidden, by whom, and what is left to be seen of them.

use std::sync::atomic::Ordering;

use insta::assert_snapshot;

use super::world::{World, place};
use crate::card::{Style, plain};
use crate::command::Target;
use crate::engine::GoneSource;
use crate::forum::{Address, Role, Timestamp};
use crate::platform::{
    Actor, Audience, Incoming, IncomingEvent, MessageKey, PersonKey, Place, PlaceKey, Platform,
};

/// A day and an hour, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
const HOUR: i64 = DAY / 24;

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

    /// Something happened by nobody's hand: the platform names nobody, so that it is the bot's own.
    async fn happens(&self, what: IncomingEvent) {
        let incoming = Incoming {
            platform: Platform::MATRIX,
            id: None,
            actor: Actor {
                key: PersonKey("@stoa:x".to_owned()),
                name: String::new(),
                account: None,
                role: Role::Member,
            },
            place: place(),
            at: Timestamp(i64::MAX),
            what,
        };
        let response = self.core.hear(incoming).await.expect("the store works");
        assert_eq!((response.reply, response.unreact), (None, None));
        self.core.settled(Platform::MATRIX).await.expect("settles");
    }

    async fn vanishes(&self, gone: &MessageKey) {
        self.happens(IncomingEvent::MessageGone { gone: gone.clone() })
            .await;
    }

    /// The post of somebody's that is hidden since its message is gone.
    async fn gone_source(&self, who: &str, post: &str) -> Option<GoneSource> {
        let who = PersonKey(format!("@{who}:x"));
        let target = Target::At(post.parse().expect("an address"));
        let room = place().key;
        let gone = self
            .core
            .gone_source(Platform::MATRIX, &room, &who, target, None);
        gone.await.expect("reads")
    }

    /// Time passes, in milliseconds.
    fn waits(&self, passed: i64) {
        self.clock.0.fetch_add(passed, Ordering::SeqCst);
        self.core.inner.woken.send_replace(());
    }

    /// What stands in the room, whatever messages say it.
    fn texts(&self) -> Vec<String> {
        let messages = self.room.messages.lock().expect("no panic");
        let mut texts: Vec<String> = messages.values().map(|one| one.text.clone()).collect();
        texts.sort();
        texts
    }

    /// Waits until this is said of a post of which no card tells.
    async fn becomes(&self, post: &str, what: &str) {
        while !self
            .says("ivo", &format!("!history {post}"))
            .await
            .contains(what)
        {}
    }

    fn members(&self) -> u64 {
        self.core.reading().totals().expect("reads").members
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
    let (shown, found) = (world.texts(), world.findable().await);
    assert_snapshot!(world.says("sol", "!hide #1").await, @"#1 is not yours: only its author or a moderator can do that.");
    assert_snapshot!(world.says("mira", "!hide #1").await, @"#1 is hidden. `!unhide #1` shows it again.");
    assert_eq!(world.card("$card1"), "");
    assert_snapshot!(world.card("$card5"), @"#1 is hidden by its author.");
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
    assert_eq!(world.texts(), shown);
    assert_snapshot!(world.says("mira", "!unhide #1").await, @"#1 is not hidden.");
}

#[tokio::test]
async fn a_hidden_answer_counts_for_nothing_until_it_is_shown_again() {
    let world = World::about_kegs().await;
    let (shown, found) = (world.texts(), world.findable().await);
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
    assert_eq!(world.texts(), shown);
}

#[tokio::test]
async fn what_a_moderator_hid_only_a_moderator_shows_again() {
    let world = World::about_kegs().await;
    world.says("sol", "!hide #1.1").await;
    assert_snapshot!(world.says("sol", "!hide #1.1").await, @"#1.1 is hidden already. `!unhide #1.1` shows it again.");
    world.says("mod", "!hide #1.1").await;
    assert_snapshot!(world.card("$card5"), @"#1.1 is hidden by a moderator.");
    assert_snapshot!(world.says("sol", "!unhide #1.1").await, @"#1.1 was hidden by a moderator, and only a moderator can show it again.");
    // Its author mends it meanwhile.
    assert_snapshot!(world.says("sol", "!edit #1.1 Two weeks at five degrees.").await, @"#1.1 is changed.");
    assert_snapshot!(world.card("$card5"), @"#1.1 is hidden by a moderator.");
    world.says("mod", "!unhide #1.1").await;
    assert!(world.card("$card5").contains("Two weeks at five degrees."));
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
async fn a_hidden_question_gets_no_card_where_it_has_none() {
    let world = World::new().await;
    world.says("mira", "!ask Who shows this elsewhere?").await;
    world.says("mira", "!hide #1").await;
    let elsewhere = || Place {
        key: PlaceKey("!elsewhere".to_owned()),
        ..place()
    };
    let cards = |world: &World| world.room.messages.lock().expect("no panic").len();
    world.in_place(elsewhere(), "ivo", "!show #1").await;
    world.in_place(elsewhere(), "ivo", "!show #1").await;
    world.says("mira", "!unhide #1").await;
    assert_eq!(cards(&world), 1);
    world.in_place(elsewhere(), "ivo", "!show #1").await;
    world.sees("a second card", |world| cards(world) == 2).await;
}

#[tokio::test]
async fn reactions_on_what_is_hidden_are_not_compared() {
    let world = World::new().await;
    world.says("mira", "!ask Is this compared?").await;
    world.says("mira", "!hide #1").await;
    let recent = world.core.recent_surfaces(Platform::MATRIX, 9).await;
    assert_eq!(recent.expect("reads"), []);
    world.says("mira", "!unhide #1").await;
    let recent = world.core.recent_surfaces(Platform::MATRIX, 9).await;
    let card = (place().key, MessageKey("$card2".to_owned()));
    assert!(recent.expect("reads").contains(&card));
}

#[tokio::test]
async fn a_post_whose_message_is_gone_is_hidden_and_withdrawn_a_day_later() {
    let world = World::new().await;
    let (question, _) = world
        .writes("mira", "!ask Who deletes this? --tag keg\nSecretly.", None)
        .await;
    world.says("mira", "!edit #1 Openly.").await;
    world.vanishes(&question).await;
    assert_eq!(world.shown(), "", "nothing hangs on it");
    assert_snapshot!(world.says("ivo", "!show #1").await, @"#1 is hidden, because the message it was made from was deleted. It is withdrawn for good 15 Nov 2023, 22:13 UTC, unless `!unhide #1` shows it again.");
    assert_eq!(world.members(), 1, "the bot is no member");
    world.waits(DAY - 1);
    assert!(world.says("ivo", "!show #1").await.contains("is hidden"));
    // The message can't be gone twice.
    world.vanishes(&question).await;
    world.waits(1);
    world.becomes("#1", "was withdrawn").await;
    assert_snapshot!(world.says("mira", "!unhide #1").await, @"#1 was withdrawn, so nothing more can be done with it.");
    assert_snapshot!(world.says("mira", "!history #1").await, @"#1 was withdrawn, so nothing more can be done with it.");
    let kept = world.core.inner.store.act(|tx| tx.texts_for_test());
    assert_eq!(kept.await.expect("reads"), [""; 0]);
    world.all_is_found();
    assert_eq!(world.core.reading().documents(), 0);
    assert_eq!(world.tags(&place().key, "", 9).await, [""; 0]);
}

#[tokio::test]
async fn what_is_shown_again_in_between_is_not_withdrawn() {
    for by_author in [true, false] {
        let world = World::about_kegs().await;
        let (answer, _) = world.writes("sol", "!answer #1 Three weeks.", None).await;
        let shown = world.texts();
        world.vanishes(&answer).await;
        assert!(world.card("$card1").contains("2 answers"));
        world.waits(DAY - HOUR);
        let refused = world.says("ivo", "!unhide #1.3").await;
        assert!(refused.contains("is not yours"), "{refused}");
        // Whoever took it away, its author does not decide that alone.
        let refused = world.says("sol", "!unhide #1.3").await;
        assert!(refused.contains("can’t tell by whom"), "{refused}");
        let who = match by_author {
            true => {
                let gone = world.gone_source("sol", "#1.3").await;
                let gone = gone.expect("it is theirs, and nobody knows who took it away");
                let told = world.core.gone_by_author(gone);
                told.await.expect("the store works");
                "sol"
            }
            false => "mod",
        };
        assert_eq!(world.gone_source("ivo", "#1.3").await, None);
        assert_eq!(
            world.says(who, "!unhide #1.3").await,
            "#1.3 is shown again."
        );
        assert_eq!(world.gone_source("sol", "#1.3").await, None);
        assert_eq!(world.texts(), shown);
        world.waits(DAY);
        world.says("ivo", "!help").await;
        assert_eq!(world.texts(), shown);
    }
}

#[tokio::test]
async fn a_restart_in_between_changes_nothing_and_one_after_it_withdraws() {
    let world = World::about_kegs().await;
    let (answer, _) = world.writes("sol", "!answer #1 Three weeks.", None).await;
    let (comment, _) = world.writes("ivo", "!comment #1 Really?", None).await;
    world.says("mira", "!accept #1.3").await;
    world.vanishes(&answer).await;
    world.waits(2 * HOUR);
    world.vanishes(&comment).await;
    let world = world.restarted().await;
    world.becomes("#1.3", "is hidden").await;
    world.stopper.request();
    world.waits(DAY - HOUR);
    let world = world.restarted().await;
    world.becomes("#1.3", "was withdrawn").await;
    world.becomes("#1/c1", "is hidden").await;
    world.waits(HOUR);
    world.becomes("#1/c1", "was withdrawn").await;
    assert_snapshot!(world.card("$card1"));
    let text = world.says("mira", "!unaccept #1").await;
    assert!(text.contains("no accepted answer"), "{text}");
}

#[tokio::test]
async fn what_is_gone_in_bulk_hides_nothing() {
    let world = World::new().await;
    let (question, _) = world
        .writes("mira", "!ask Who clears this room?", None)
        .await;
    let (answer, _) = world.writes("sol", "!answer #1 The keeper.", None).await;
    let shown = world.shown();
    let others = (1..90).map(|number| MessageKey(format!("$other{number}")));
    let mut gone: Vec<_> = others.collect();
    world
        .happens(IncomingEvent::SurfacesGone { gone: gone.clone() })
        .await;
    gone.extend([question.clone(), MessageKey("$card2".to_owned())]);
    world.happens(IncomingEvent::SurfacesGone { gone }).await;
    assert_eq!(world.shown(), shown);
    world.waits(2 * DAY);
    // The card that went with them is neither edited nor posted again; what was made from a message goes on without it.
    world.reacts("ivo", "$card1", "👍").await;
    world.says("ivo", "!up #1.1").await;
    world.vanishes(&question).await;
    assert!(world.card("$card1").contains("+1 vote"));
    assert!(world.card("$card2").contains("0 votes"));
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 2);
    let rewritten = world
        .rewrites("mira", &question, "!ask Is this heard?")
        .await;
    assert_eq!(rewritten, "");
    assert!(world.card("$card1").contains("Who clears this room?"));
    // Its other messages stay what they were.
    world.removes("sol", &answer).await;
    assert!(!world.card("$card1").contains("1 answer"));
    assert_eq!(world.members(), 3);
}

#[tokio::test]
async fn a_card_that_is_gone_by_itself_hides_nothing() {
    let world = World::new().await;
    world.says("mira", "!ask Who takes cards away?").await;
    let card = world.card("$card1");
    world.vanishes(&MessageKey("$card1".to_owned())).await;
    world.vanishes(&MessageKey("$no-surface".to_owned())).await;
    assert_eq!(world.card("$card1"), card);
    assert!(world.says("ivo", "!search cards").await.contains("#1"));
    assert_eq!(world.room.messages.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn a_ban_that_takes_away_what_somebody_wrote_hides_the_posts_made_from_it() {
    let world = World::new().await;
    world.writes("eve", "!ask What is this spam?", None).await;
    world.writes("mira", "!ask What is this?", None).await;
    world.writes("eve", "!answer #2 More spam.", None).await;
    let of = PersonKey("@eve:x".to_owned());
    for who in ["ivo", "mod"] {
        let what = IncomingEvent::WordsRemoved { of: of.clone() };
        world.does(who, world.event(), what).await;
        let shown = world.says("mira", "!show #1").await;
        assert_eq!(shown.contains("spam"), who == "ivo", "{who}: {shown}");
    }
    let shown = world.says("mira", "!show #2").await;
    assert!(shown.contains("What is this?"), "{shown}");
    assert!(!shown.contains("More spam"), "{shown}");
    // A moderator shows again what was none.
    world.says("mod", "!unhide #2.1").await;
    let shown = world.says("mira", "!show #2").await;
    assert!(shown.contains("More spam"), "{shown}");
}

#[tokio::test]
async fn who_takes_a_card_away_is_told_once_how_its_post_is_hidden() {
    let world = World::new().await;
    for title in ["Is this good?", "Or this?"] {
        world.says("mira", &format!("!ask {title}")).await;
    }
    let removes = async |who: &str, card: &str| {
        let gone = MessageKey(card.to_owned());
        let told = world
            .does(who, world.event(), IncomingEvent::Removed { gone })
            .await;
        told.reply.map(|reply| {
            assert_eq!(reply.audience, Audience::Person);
            plain(&reply.card, Style::Plain)
        })
    };
    assert_eq!(removes("ivo", "$card1").await, None);
    let hint = removes("mod", "$card2").await;
    assert_snapshot!(hint.expect("a hint"), @"You took away a message of mine that showed #2. The post itself is there still, and is found: `!hide #2` hides it.");
    world.says("sol", "!answer #2 Here.").await;
    assert_eq!(removes("mod", "$card3").await, None, "once is enough");
}

#[tokio::test]
async fn a_question_whose_card_is_gone_gets_another_with_the_next_answer() {
    let world = World::new().await;
    world.says("mira", "!ask Where is the card?").await;
    let card = MessageKey("$card1".to_owned());
    world.vanishes(&card).await;
    world.says("sol", "!up #1").await;
    let shown = |world: &World| world.room.messages.lock().expect("no panic").len();
    assert_eq!(shown(&world), 1, "a vote brings none");
    world.says("sol", "!answer #1 Here.").await;
    assert!(world.card("$card2").contains("Where is the card?"));
    assert!(world.card("$card3").contains("Here."));
    let thread = world.room.messages.lock().expect("no panic")["$card3"]
        .thread
        .clone();
    assert_eq!(thread, Some(MessageKey("$card2".to_owned())));
    // The next answer needs no other.
    world.says("ivo", "!comment #1 Or there.").await;
    assert_eq!(shown(&world), 4);
    // What hangs on the old one still means the question.
    let (_, told) = world
        .writes("ivo", "!answer Everywhere.", Some("$card1"))
        .await;
    assert!(told.is_empty(), "{told}");
    assert!(world.card("$card5").contains("Everywhere."));
}

#[tokio::test]
async fn a_moderator_s_redaction_hides_what_was_made_from_the_message() {
    let world = World::new().await;
    let (question, _) = world.writes("mira", "!ask What is this spam?", None).await;
    let (answer, _) = world.writes("sol", "!answer #1 It is none.", None).await;
    world.removes("ivo", &question).await;
    assert!(
        world.card("$card1").contains("What is this spam?"),
        "who is neither author nor moderator hides nothing"
    );
    world.removes("mod", &answer).await;
    assert_eq!(world.card("$card2"), "", "nothing hangs on it");
    let refused = world.says("sol", "!unhide #1.1").await;
    assert!(refused.contains("only a moderator"), "{refused}");
    world.waits(2 * DAY);
    world.says("mod", "!unhide #1.1").await;
    assert!(world.card("$card3").contains("It is none."));
}

#[tokio::test]
async fn what_is_hidden_goes_at_once_however_busy_its_card_was() {
    let world = World::resting().await;
    world.says("mira", "!ask Who hides this secret?").await;
    world.mutters("mira", "!edit #1 First.").await;
    let edited = |world: &World| world.card("$card1").contains("First");
    world.sees("the edit", edited).await;
    world.mutters("mira", "!edit #1 Second.").await;
    world.mutters("mod", "!hide #1").await;
    let hidden = |world: &World| world.shown().is_empty();
    world.sees("the question to be hidden", hidden).await;
}

#[tokio::test]
async fn it_is_withdrawn_while_nothing_else_happens() {
    let world = World::new().await;
    let (question, _) = world.writes("mira", "!ask Who waits for this?", None).await;
    world.vanishes(&question).await;
    world.clock.0.fetch_add(DAY - 500, Ordering::SeqCst);
    world.says("ivo", "!ask Who looks at the clock now?").await;
    // The clock goes on, and nobody says so.
    world.clock.0.fetch_add(500, Ordering::SeqCst);
    world.becomes("#1", "was withdrawn").await;
}
