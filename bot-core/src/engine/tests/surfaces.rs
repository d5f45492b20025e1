//! What adapters ask when they compare their chat with the forum.

use super::world::{World, place};
use crate::engine::Surfaced;
use crate::forum::{Address, PostKind, Role};
use crate::platform::{
    Actor, Incoming, IncomingEvent, MessageKey, PersonKey, Place, PlaceKey, PlaceKind, Platform,
    Seclusion,
};

fn key(name: &str) -> MessageKey {
    MessageKey(name.to_owned())
}

/// A channel of the same forum.
fn channel() -> Place {
    Place {
        key: PlaceKey("700".to_owned()),
        name: Some("help".to_owned()),
        kind: PlaceKind::Named,
        seclusion: Seclusion::default(),
    }
}

impl World {
    /// Somebody does something in the channel, under a name of its own or, as reactions there, none.
    async fn on_discord(&self, who: &str, id: Option<&str>, what: IncomingEvent) {
        let incoming = Incoming {
            platform: Platform::DISCORD,
            id: id.map(key),
            actor: Actor {
                key: PersonKey(who.to_owned()),
                name: who.to_owned(),
                account: None,
                role: Role::Member,
            },
            place: channel(),
            at: self.core.inner.clock.now(),
            what,
        };
        self.core.hear(incoming).await.expect("the store works");
    }

    async fn writes_on_discord(&self, who: &str, message: &str, text: &str) {
        let what = IncomingEvent::Said {
            message: key(message),
            text: text.to_owned(),
            reply_to: None,
            thread: None,
        };
        self.on_discord(who, Some(message), what).await;
    }

    async fn reacts_on_discord(&self, who: &str, on: &str, emoji: &str) {
        let what = IncomingEvent::Reacted {
            reaction: key(&format!("{on}/{who}/{emoji}")),
            on: key(on),
            emoji: emoji.to_owned(),
        };
        self.on_discord(who, None, what).await;
    }

    async fn unreacts_on_discord(&self, who: &str, on: &str, emoji: &str) {
        let gone = key(&format!("{on}/{who}/{emoji}"));
        self.on_discord(who, None, IncomingEvent::Removed { gone })
            .await;
    }

    async fn check_reactions(&self, platform: Platform, message: &str, expected: &[&str]) {
        let place = match platform == Platform::DISCORD {
            true => channel().key,
            false => place().key,
        };
        let reactions = self
            .core
            .reactions_on(platform, &place, &key(message))
            .await
            .expect("reads");
        let reactions: Vec<_> = reactions
            .iter()
            .map(|reaction| reaction.0.as_str())
            .collect();
        assert_eq!(reactions, expected, "{message}");
    }

    /// The message that shows the answer in the room.
    fn answer_card(&self) -> String {
        let messages = self.room.messages.lock().expect("no panic");
        let found = messages
            .iter()
            .find(|(_, message)| message.text.contains("Yes, it is."));
        found.expect("the answer has a card").0.clone()
    }

    async fn recent(&self, platform: Platform, most: u32) -> Vec<String> {
        let surfaces = self.core.recent_surfaces(platform, most).await;
        let surfaces = surfaces.expect("reads").into_iter();
        surfaces
            .map(|(place, message)| format!("{place} {message}"))
            .collect()
    }
}

#[tokio::test]
async fn reactions_are_known_by_the_message_they_hang_on() {
    let world = World::new().await;
    world
        .writes_on_discord("1", "100", "!ask Is this heard of on Discord?")
        .await;
    world
        .writes_on_discord("2", "200", "!answer #1 Yes, it is.")
        .await;
    // A second message that shows the answer there.
    let shows = world.core.inner.store.act(|tx| {
        let row = tx.place(Platform::DISCORD, &PlaceKey("700".to_owned()))?;
        let forum = tx.forum(crate::engine::MAIN, crate::forum::Timestamp(0))?;
        let answer = tx.post_at(forum, Address::question(1).with_answer(1))?;
        let (row, answer) = (row.expect("is known"), answer.expect("is there"));
        tx.keep_source(row.id, &MessageKey("201".to_owned()), answer.id)
    });
    shows.await.expect("the store works");
    world.core.settled(Platform::MATRIX).await.expect("settles");
    world.reacts_on_discord("3", "200", "👍").await;
    world.reacts_on_discord("4", "201", "👎").await;
    world.reacts_on_discord("1", "200", "✅").await;
    // Nobody's but the asker's accepts, and nobody votes for their own.
    world.reacts_on_discord("3", "200", "✅").await;
    world.reacts_on_discord("2", "200", "👍").await;
    let card = world.answer_card();
    let (matrix, _) = world.reacts("ivo", &card, "👍").await;

    let (discord, on_matrix) = (Platform::DISCORD, Platform::MATRIX);
    // Of whoever was told that theirs accepts nothing that is known; what was refused may have yet to be taken away, as after a crash.
    world
        .check_reactions(discord, "200", &["200/1/✅", "200/3/✅", "200/3/👍"])
        .await;
    let refused = key("200/2/👍");
    let stays = world.core.stays_refused(&refused);
    stays.await.expect("the store works");
    world
        .check_reactions(
            discord,
            "200",
            &["200/1/✅", "200/2/👍", "200/3/✅", "200/3/👍"],
        )
        .await;
    world.check_reactions(discord, "201", &["201/4/👎"]).await;
    world.check_reactions(on_matrix, &card, &[&matrix.0]).await;
    for nothing in ["100", "20", "none"] {
        world.check_reactions(discord, nothing, &[]).await;
    }
    let elsewhere = PlaceKey("701".to_owned());
    let message = key("200");
    let elsewhere = world.core.reactions_on(discord, &elsewhere, &message);
    assert_eq!(elsewhere.await.expect("reads"), []);

    world.unreacts_on_discord("1", "200", "✅").await;
    world.unreacts_on_discord("3", "200", "👍").await;
    // The refused one hangs on, and is not to be heard anew.
    world
        .check_reactions(discord, "200", &["200/2/👍", "200/3/✅"])
        .await;
    world.unreacts_on_discord("3", "200", "✅").await;
    world.unreacts_on_discord("2", "200", "👍").await;
    world.check_reactions(discord, "200", &[]).await;
}

#[tokio::test]
async fn the_reaction_that_accepted_is_known_on_its_own_platform() {
    let world = World::new().await;
    world.says("mira", "!ask Which one is accepted?").await;
    world.says("sol", "!answer #1 This one is.").await;
    let (accepts, _) = world.reacts("mira", "$card2", "✅").await;
    world.writes_on_discord("1", "100", "!show #1").await;
    world
        .check_reactions(Platform::MATRIX, "$card2", &[&accepts.0])
        .await;
    world.says("mira", "!unaccept #1").await;
    world.check_reactions(Platform::MATRIX, "$card2", &[]).await;
}

#[tokio::test]
async fn a_tick_whose_acceptance_was_taken_back_accepts_no_more_until_it_is_made_anew() {
    let world = World::new().await;
    world
        .writes_on_discord("1", "100", "!ask Which one is accepted?")
        .await;
    world
        .writes_on_discord("2", "200", "!answer #1 This one is.")
        .await;
    world.reacts_on_discord("1", "200", "✅").await;
    world.writes_on_discord("1", "101", "!unaccept #1").await;
    let accepted = async || {
        let accepted = world.core.inner.store.act(|tx| {
            let forum = tx.forum(crate::engine::MAIN, crate::forum::Timestamp(0))?;
            let question = tx.post_at(forum, Address::question(1))?;
            tx.accepted(question.expect("is there").id)
        });
        accepted.await.expect("the store works").is_some()
    };
    // It hangs still, and may be told of again.
    world.reacts_on_discord("1", "200", "✅").await;
    assert!(!accepted().await);
    world
        .check_reactions(Platform::DISCORD, "200", &["200/1/✅"])
        .await;
    world.unreacts_on_discord("1", "200", "✅").await;
    world.check_reactions(Platform::DISCORD, "200", &[]).await;
    world.reacts_on_discord("1", "200", "✅").await;
    assert!(accepted().await);
}

#[tokio::test]
async fn a_reaction_whose_vote_was_taken_back_is_known_until_it_goes() {
    let world = World::new().await;
    world
        .writes_on_discord("1", "100", "!ask Is this still liked?")
        .await;
    world.reacts_on_discord("2", "100", "👍").await;
    world.writes_on_discord("2", "101", "!unvote #1").await;
    world
        .check_reactions(Platform::DISCORD, "100", &["100/2/👍"])
        .await;
    world.unreacts_on_discord("2", "100", "👍").await;
    world.check_reactions(Platform::DISCORD, "100", &[]).await;
    world.reacts_on_discord("2", "100", "👍").await;
    world
        .check_reactions(Platform::DISCORD, "100", &["100/2/👍"])
        .await;
    let thread = world.core.reading().totals().expect("reads");
    assert_eq!(thread.votes, 1);
}

#[tokio::test]
async fn surfaces_come_in_the_order_of_the_latest_change() {
    let world = World::new().await;
    let (first, _) = world.writes("mira", "!ask What came first?", None).await;
    let (second, _) = world.writes("mira", "!ask What came second?", None).await;
    world
        .writes_on_discord("1", "100", "!ask What came from Discord?")
        .await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    let recent = world.recent(Platform::MATRIX, 10).await;
    let shown = [
        "!room $card3".to_owned(),
        "!room $card2".to_owned(),
        format!("!room {second}"),
        "!room $card1".to_owned(),
        format!("!room {first}"),
    ];
    assert_eq!(recent, shown);
    assert_eq!(world.recent(Platform::DISCORD, 10).await, ["700 100"]);
    assert_eq!(world.recent(Platform::TERMINAL, 10).await, [""; 0]);

    // A vote is a change; what was withdrawn or is in a closed place is left out.
    world.reacts("sol", "$card1", "👍").await;
    assert_eq!(
        world.recent(Platform::MATRIX, 2).await,
        ["!room $card1".to_owned(), format!("!room {first}")]
    );
    world.says("mira", "!delete #1").await;
    assert_eq!(world.recent(Platform::MATRIX, 9).await, shown[..3]);
    assert_eq!(world.recent(Platform::MATRIX, 0).await, [""; 0]);
    let place = channel().key;
    let closed = world.core.place_closed(Platform::DISCORD, &place);
    closed.await.expect("the store works");
    assert_eq!(world.recent(Platform::DISCORD, 10).await, [""; 0]);
}

#[tokio::test]
async fn a_message_shows_a_post_in_its_place_alone() {
    let world = World::new().await;
    let (asked, _) = world.writes("mira", "!ask What is shown here?", None).await;
    world.says("sol", "!answer #1 This, and a comment.").await;
    let (talk, _) = world.writes("sol", "!help", None).await;
    let question = Surfaced {
        address: Address::question(1),
        kind: PostKind::Question,
    };
    let answer = Surfaced {
        address: Address::question(1).with_answer(1),
        kind: PostKind::Answer,
    };
    let room = place().key;
    for (message, shows) in [
        (key("$card1"), Some(question)),
        (asked, Some(question)),
        (key("$card2"), Some(answer)),
        (talk, None),
    ] {
        let shown = world.core.surface_of(Platform::MATRIX, &room, &message);
        assert_eq!(shown.await.expect("reads"), shows, "{message}");
    }
    let card = key("$card1");
    for (platform, place) in [
        (Platform::MATRIX, channel().key),
        (Platform::DISCORD, place().key),
    ] {
        let shown = world.core.surface_of(platform, &place, &card);
        assert_eq!(shown.await.expect("reads"), None);
    }
}

#[tokio::test]
async fn a_place_is_one_while_it_is_open() {
    let world = World::new().await;
    let (core, room) = (&world.core, place());
    let is_place = async |platform| core.is_place(platform, &room.key).await.expect("reads");
    assert!(is_place(Platform::MATRIX).await);
    assert!(!is_place(Platform::DISCORD).await);
    let closed = core.place_closed(Platform::MATRIX, &room.key);
    closed.await.expect("the store works");
    assert!(!is_place(Platform::MATRIX).await);
    let opened = core.place_opened(Platform::MATRIX, &room);
    opened.await.expect("the store works");
    assert!(is_place(Platform::MATRIX).await);
}

#[tokio::test]
async fn a_card_of_another_place_is_not_believed_to_be_posted_here() {
    let world = World::new().await;
    let channel = channel();
    let opened = world.core.place_opened(Platform::DISCORD, &channel);
    opened.await.expect("the store works");
    world.says("mira", "!ask Is this shown on Discord?").await;
    let due = world.core.inner.store.reader().due(Platform::DISCORD);
    let due = due.expect("reads").pop().expect("a card to be posted");
    let (elsewhere, message) = (PlaceKey("999".to_owned()), key("999/1"));
    let core = &world.core;
    // A forged button: a card of `700` is said to hang in `999`.
    let seen = core.seen(Platform::DISCORD, &elsewhere, &due.key, &message);
    seen.await.expect("the store works");
    let still = core.inner.store.reader().due(Platform::DISCORD);
    assert_eq!(still.expect("reads").pop(), Some(due.clone()));
    let (here, message) = (channel.key, key("700/1"));
    let seen = core.seen(Platform::DISCORD, &here, &due.key, &message);
    seen.await.expect("the store works");
    let shown = core.surface_of(Platform::DISCORD, &here, &message).await;
    assert!(shown.expect("reads").is_some());
}
