//! A homeserver in trouble, something on the way to it that is, and answers that get lost: what people did comes through in the
//! end, once each and in order.

mod timelines;

use std::time::Duration;

use serde_json::json;
use synapse::{Person, RoomId, Shown, Synapse};

use super::{card, notice};
use crate::people::Keyed;
use crate::proxy::{Proxy, When};
use crate::world::Bot;

/// What may be answered instead of what was asked for: by the homeserver, by what stands before it, by what thinks it is one.
const TROUBLES: [(u16, &str); 8] = [
    (
        429,
        r#"{"errcode":"M_LIMIT_EXCEEDED","error":"Too many","retry_after_ms":300}"#,
    ),
    (429, r#"{"errcode":"M_LIMIT_EXCEEDED","error":"Too many"}"#),
    (429, "<html>Slow down</html>"),
    (500, r#"{"errcode":"M_UNKNOWN","error":"Internal error"}"#),
    (500, "<html>Internal error</html>"),
    (502, "<html>Bad gateway</html>"),
    (503, r#"{"errcode":"M_UNKNOWN","error":"Starting up"}"#),
    (200, "<html>Welcome to this hotel</html>"),
];

/// A room with people and a bot, which reaches its homeserver only by a way on which a test can interfere.
struct TestContext {
    proxy: Proxy,
    bot: Bot,
    mira: Person,
    sol: Person,
    room: RoomId,
}

impl TestContext {
    async fn new(server: &Synapse) -> Self {
        let proxy = Proxy::start(server.url()).await;
        let mut bot = Bot::new(server, proxy.url()).await;
        bot.start();
        let (mira, sol) = (server.person("mira").await, server.person("sol").await);
        let room = bot.room_of(&mira, "Kitchen").await;
        sol.join(&room).await;
        Self {
            proxy,
            bot,
            mira,
            sol,
            room,
        }
    }

    /// The next requests of this kind meet one trouble after the other.
    fn troubled(&self, method: &'static str, part: &str) {
        for (status, body) in TROUBLES {
            self.proxy.answer(method, part, 1, status, body);
        }
    }

    /// Mira asks questions with these numbers, and each has its card.
    async fn ask(&self, numbers: std::ops::RangeInclusive<usize>) {
        for number in numbers.clone() {
            let text = format!("!ask Is this asked as number {number}?");
            self.mira.send(&self.room, &text).await;
        }
        self.card(*numbers.end(), |_| true).await;
    }

    /// Waits for a question's card.
    async fn card(&self, number: usize, is_it: impl Fn(&Shown) -> bool) -> Shown {
        let address = format!("#{number}");
        card(&self.mira, &self.room, self.bot.user(), &address, is_it).await
    }

    /// What the bot shows now in messages of this type: the first words.
    async fn said(&self, msgtype: &str, words: usize) -> Vec<String> {
        let shown = self.mira.shown(&self.room).await;
        let own = shown
            .iter()
            .filter(|shown| shown.sender == *self.bot.user() && shown.msgtype == msgtype);
        own.map(|shown| {
            let words: Vec<_> = shown.body.split_whitespace().take(words).collect();
            words.join(" ")
        })
        .collect()
    }

    /// How many events of this type the bot has sent to the room, gone ones too.
    async fn sent(&self, kind: &str) -> usize {
        let events = self.mira.events(&self.room).await;
        let own = events
            .iter()
            .filter(|event| event["type"] == kind && event["sender"] == self.bot.user().as_str());
        own.count()
    }
}

/// The addresses of questions with these numbers.
fn addresses(numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    numbers.map(|number| format!("#{number}")).collect()
}

#[tokio::test]
async fn cards_that_meet_trouble_are_there_in_the_end_once_each_and_in_order() {
    let context = TestContext::new(Synapse::shared().await).await;
    for (nth, (status, body)) in TROUBLES.into_iter().enumerate() {
        let path = "/send/m.room.message/p";
        context.proxy.answer("PUT", path, 1, status, body);
        // The second is not held up, and comes second all the same.
        context.ask(nth * 2 + 1..=nth * 2 + 2).await;
    }
    assert_eq!(context.proxy.left(), 0);
    assert_eq!(context.said("m.text", 1).await, addresses(1..=16));
    assert_eq!(context.sent("m.room.message").await, 16);
}

#[tokio::test]
async fn replies_that_meet_trouble_are_there_in_the_end_once_each_and_in_order() {
    let context = TestContext::new(Synapse::shared().await).await;
    let mut expected = Vec::new();
    for (nth, (status, body)) in TROUBLES.into_iter().enumerate() {
        let path = "/send/m.room.message/r";
        context.proxy.answer("PUT", path, 1, status, body);
        for word in [format!("first{nth}"), format!("second{nth}")] {
            let asks = format!("!search {word}");
            context.sol.send(&context.room, &asks).await;
            expected.push(format!("Nothing was found for “{word}”."));
        }
        let last = format!("second{nth}");
        notice(&context.sol, &context.room, context.bot.user(), &last).await;
    }
    assert_eq!(context.proxy.left(), 0);
    assert_eq!(context.said("m.notice", 5).await, expected);
    assert_eq!(context.sent("m.room.message").await, expected.len());
}

#[tokio::test]
async fn edits_and_removals_that_meet_trouble_are_made_in_the_end() {
    let context = TestContext::new(Synapse::shared().await).await;
    context.ask(1..=8).await;
    context.troubled("PUT", "/send/m.room.message/e");
    for number in 1..=8 {
        let card = context.card(number, |_| true).await;
        context.sol.react(&context.room, &card.id, "👍").await;
    }
    for number in 1..=8 {
        let voted = |shown: &Shown| shown.body.contains("+1 vote ");
        assert_eq!(context.card(number, voted).await.edits, 1, "#{number}");
    }
    assert_eq!(context.proxy.left(), 0);
    context.troubled("PUT", "/redact/");
    for number in 1..=8 {
        let takes_back = format!("!delete #{number}");
        context.mira.send(&context.room, &takes_back).await;
    }
    let gone = |shown: &[Shown]| {
        let cards =
            |shown: &&Shown| shown.sender == *context.bot.user() && shown.msgtype == "m.text";
        shown.iter().all(|shown| !cards(&shown)).then_some(())
    };
    context
        .mira
        .wait_for(&context.room, "all cards to go", gone)
        .await;
    assert_eq!(context.proxy.left(), 0);
    // Each card and its edit.
    assert_eq!(context.sent("m.room.redaction").await, 16);
}

#[tokio::test]
async fn a_sync_that_meets_trouble_loses_and_repeats_nothing() {
    let mut context = TestContext::new(Synapse::shared().await).await;
    context.troubled("GET", "/sync");
    context.ask(1..=3).await;
    context.ask(4..=6).await;
    assert_eq!(context.proxy.left(), 0);

    // Rubbish that is no JSON, or not all of it, or not a response, or one of which a part is wrong.
    let mut asked = 6;
    for body in [
        "",
        "{",
        "[]",
        "{}",
        "null",
        "{\"next_batch\": 7}",
        "{\"next_batch\": \"s1\", \"rooms\": {\"join\": ",
    ] {
        context.proxy.answer("GET", "/sync", 1, 200, body);
        asked += 1;
        context.ask(asked..=asked).await;
    }
    for part in [
        "next_batch",
        "rooms",
        "to_device",
        "account_data",
        "presence",
        "device_lists",
        "device_one_time_keys_count",
    ] {
        for wrong in [json!(7), json!(["7"])] {
            context.proxy.rewrite("GET", "/sync", 1, move |response| {
                response[part] = wrong.clone();
            });
            asked += 1;
            context.ask(asked..=asked).await;
        }
    }
    assert_eq!(context.proxy.left(), 0);
    assert!(context.bot.stop().await.success(), "{}", context.bot.log());
    assert_eq!(context.said("m.text", 1).await, addresses(1..=asked));
}

#[tokio::test]
async fn what_was_missed_is_read_though_reading_it_meets_trouble() {
    let mut context = TestContext::new(Synapse::shared().await).await;
    context.ask(1..=1).await;
    assert!(context.bot.stop().await.success(), "{}", context.bot.log());
    let missed = "!ask Is this asked as number 2?";
    context.mira.send(&context.room, missed).await;
    for number in 0..110 {
        let chat = format!("Some talk, part {number}.");
        context.sol.send(&context.room, &chat).await;
    }
    context.troubled("GET", "/messages");
    context.bot.start();
    context.card(2, |_| true).await;
    assert_eq!(context.proxy.left(), 0);
    context.ask(3..=3).await;
    assert_eq!(context.said("m.text", 1).await, addresses(1..=3));
}

#[tokio::test]
async fn who_is_in_a_room_may_take_long_to_find_out() {
    let server = Synapse::shared().await;
    let proxy = Proxy::start(server.url()).await;
    let mut bot = Bot::new(server, proxy.url()).await;
    for (status, body) in TROUBLES {
        proxy.answer("GET", "/members", 1, status, body);
    }
    bot.start();
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join(&room).await;
    mira.send(&room, "!ask Does the bot know me?").await;
    let asked = card(&mira, &room, bot.user(), "#1", |_| true).await;
    sol.react(&room, &asked.id, "👍").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("+1 vote ") && shown.body.contains("by mira")
    })
    .await;
}

#[tokio::test]
async fn what_the_homeserver_did_is_not_done_again_when_its_answer_is_lost() {
    let server = Synapse::shared().await;
    for lost in ["the connection ends", "a gateway has had enough"] {
        let context = TestContext::new(server).await;
        let (mira, sol, room) = (&context.mira, &context.sol, &context.room);
        let lose = |method, part: &str, times| match lost {
            "the connection ends" => context.proxy.cut(method, part, times, When::After),
            _ => context.proxy.late(method, part, times),
        };
        // A card, a reply, an edit, what is new.
        lose("PUT", "/send/m.room.message/p", 1);
        context.ask(1..=1).await;
        lose("PUT", "/send/m.room.message/r", 1);
        lose("PUT", "/send/m.room.message/e", 1);
        sol.send(room, "!up #1").await;
        notice(sol, room, context.bot.user(), "You voted for #1").await;
        let voted = |shown: &Shown| shown.body.contains("+1 vote ");
        // What a card shows whose answer was lost is not known: it may be brought up to date before the vote comes, or with it.
        let edits = context.card(1, voted).await.edits;
        assert!((1..=2).contains(&edits), "{lost}: {edits}");
        lose("GET", "/sync", 2);
        context.ask(2..=2).await;

        // A direct room, a reply there, and a reaction that is taken away.
        mira.set_power(room, context.bot.user(), 50).await;
        lose("POST", "/createRoom", 1);
        lose("PUT", "/send/m.room.message/r", 1);
        lose("PUT", "/redact/", 1);
        let own = context.card(2, |_| true).await;
        mira.react(room, &own.id, "👍").await;
        let direct = mira.wait_invite(context.bot.user().as_str()).await;
        mira.join(&direct).await;
        notice(
            mira,
            &direct,
            context.bot.user(),
            "nobody votes on their own",
        )
        .await;
        context.card(2, |shown| shown.count("👍") == 0).await;
        let now = mira.get("/_matrix/client/v3/sync").await.expect("syncs");
        let invites = now["rooms"]["invite"].as_object();
        assert_eq!(invites.map_or(0, serde_json::Map::len), 0, "{lost}");
        assert_eq!(context.proxy.count("POST", "/createRoom"), 1, "{lost}");

        // A card with its edit.
        lose("PUT", "/redact/", 2);
        mira.send(room, "!delete #1").await;
        let gone = |shown: &[Shown]| {
            let mut cards = shown.iter().filter(|shown| shown.msgtype == "m.text");
            cards
                .all(|shown| !shown.body.starts_with("#1 "))
                .then_some(())
        };
        mira.wait_for(room, "the card to go", gone).await;
        context.ask(3..=3).await;
        assert_eq!(context.proxy.left(), 0, "{lost}");
        assert_eq!(context.said("m.text", 1).await, ["#2", "#3"], "{lost}");
        // Three cards, the edits of one, two replies; a reaction, a card, its edits and the message it was made from gone.
        assert_eq!(context.sent("m.room.message").await, 5 + edits, "{lost}");
        assert_eq!(context.sent("m.room.redaction").await, 3 + edits, "{lost}");
    }
}

#[tokio::test]
async fn the_longest_texts_fit_into_encrypted_cards_and_their_edits() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = Keyed::log_in(server.url(), &server.account("mira").await).await;
    let sol = Keyed::log_in(server.url(), &server.account("sol").await).await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    sol.join(&room).await;
    let longest = [
        "word ".repeat(2_400),
        "<&> ".repeat(3_000),
        "\\\" ".repeat(4_000),
        "* a\n".repeat(3_000),
        "🦀 ".repeat(6_000),
    ];
    for (nth, text) in longest.iter().enumerate() {
        let address = format!("#{}", nth + 1);
        let asks = format!("!ask Is text number {nth} short enough?\n{}", text.trim());
        mira.send(&room, &asks).await;
        let beginning = format!("{address} ");
        let is_card = |read: &crate::people::Read| {
            read.sender == bot.user().as_str()
                && read.msgtype == "m.text"
                && read.body.starts_with(&beginning)
        };
        let asked = sol.wait_message(&room, &address, is_card).await;
        sol.react(&room, &asked.id, "👍").await;
        sol.wait_message(&room, &format!("{address}'s vote"), |read| {
            is_card(read) && read.body.contains("+1 vote")
        })
        .await;
    }
    sol.sync(Duration::ZERO).await;
    assert!(!bot.log().contains("refused"), "{}", bot.log());
}

#[tokio::test]
async fn a_homeserver_that_doubts_the_session_for_a_moment_is_asked_again() {
    let context = TestContext::new(Synapse::shared().await).await;
    let doubts = r#"{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token"}"#;
    for (nth, body) in [doubts, "<html>Who are you?</html>"]
        .into_iter()
        .enumerate()
    {
        for (method, part) in [
            ("PUT", "/send/m.room.message/r"),
            ("PUT", "/send/m.room.message/p"),
            ("GET", "/sync"),
        ] {
            context.proxy.answer(method, part, 1, 401, body);
        }
        let word = format!("doubt{nth}");
        context
            .sol
            .send(&context.room, &format!("!search {word}"))
            .await;
        notice(&context.sol, &context.room, context.bot.user(), &word).await;
        context.ask(nth + 1..=nth + 1).await;
        context.sol.send(&context.room, "!questions").await;
        let last = format!("as number {}?", nth + 1);
        notice(&context.sol, &context.room, context.bot.user(), &last).await;
        assert_eq!(context.proxy.left(), 0);
    }
    assert_eq!(context.said("m.text", 1).await, addresses(1..=2));
    assert_eq!(context.said("m.notice", 0).await.len(), 4);
}
