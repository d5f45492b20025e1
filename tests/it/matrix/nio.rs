//! An encrypted room of people whose client shares no code with the bot's.

use synapse::{RoomId, Synapse};

use crate::nio::{How, Nio};
use crate::people::{Lock, Read};
use crate::world::Bot;

/// Waits for the bot's card that begins with `address`, and gives it once `is_it` holds.
async fn card(
    person: &mut Nio,
    room: &RoomId,
    bot: &Bot,
    address: &str,
    is_it: impl Fn(&Read) -> bool,
) -> Read {
    let beginning = format!("{address} ");
    person
        .wait_message(room, &format!("the card of {address}"), |read| {
            read.sender == bot.user().as_str()
                && read.msgtype == "m.text"
                && read.body.starts_with(&beginning)
                && is_it(read)
        })
        .await
}

/// Checks that what the bot sent was encrypted for this person, but for reactions and redactions.
async fn check_all_locked(person: &mut Nio, room: &RoomId, bot: &Bot) {
    let mut wire = person.wire(room).await;
    wire.retain(|event| event.sender == bot.user().as_str());
    assert!(wire.iter().any(|event| event.how == How::Decrypted));
    for event in wire {
        let plain = matches!(event.kind.as_str(), "m.reaction" | "m.room.redaction");
        let fine = match event.how {
            How::Decrypted => true,
            How::Redacted => plain || event.kind == "m.room.encrypted",
            How::Open => plain,
            How::Sealed | How::Malformed => false,
        };
        assert!(fine, "{event:?}");
    }
}

#[tokio::test]
async fn a_client_that_is_not_the_sdks_asks_is_answered_edits_votes_and_takes_back() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mut mira = Nio::log_in(server.url(), &server.account("mira").await).await;
    let mut sol = Nio::log_in(server.url(), &server.account("sol").await).await;
    let room = mira.room_with("Kitchen", bot.user()).await;
    sol.join(&room).await;

    let asked = mira.send(&room, "!ask How long does a keg kep?").await;
    let question = card(&mut mira, &room, &bot, "#1", |_| true).await;
    assert!(
        question.body.starts_with("#1 How long does a keg kep?"),
        "{}",
        question.body
    );
    assert_eq!(question.lock, Lock::Encrypted);
    let answered = sol.send(&room, "!answer #1 Six weeks.").await;
    let answer = card(&mut mira, &room, &bot, "#1.1", |_| true).await;
    assert_eq!(answer.thread.as_deref(), Some(question.id.as_str()));
    sol.in_thread(&room, &question.id, "!answer Eight, if it is cold.")
        .await;
    let second = card(&mut mira, &room, &bot, "#1.2", |_| true).await;
    assert_eq!(second.thread.as_deref(), Some(question.id.as_str()));

    mira.edit(&room, &asked, "!ask How long does a keg keep?")
        .await;
    for person in [&mut mira, &mut sol] {
        card(person, &room, &bot, "#1", |read| {
            read.body.starts_with("#1 How long does a keg keep?")
        })
        .await;
    }
    let vote = mira.react(&room, &answer.id, "👍").await;
    card(&mut mira, &room, &bot, "#1.1", |read| {
        read.body.contains("+1 vote")
    })
    .await;
    mira.redact(&room, &vote).await;
    card(&mut mira, &room, &bot, "#1.1", |read| {
        read.body.contains("0 votes")
    })
    .await;

    mira.send(&room, "!search kegs").await;
    mira.wait_message(&room, "what was found", |read| {
        read.sender == bot.user().as_str()
            && read.msgtype == "m.notice"
            && read.body.contains("#1 How long does a keg keep?")
    })
    .await;

    sol.redact(&room, &answered).await;
    for person in [&mut mira, &mut sol] {
        person
            .wait(&room, "the answer's card to go", |read| {
                read.iter().all(|read| read.id != answer.id).then_some(())
            })
            .await;
        card(person, &room, &bot, "#1", |read| {
            read.body.contains("1 answer")
        })
        .await;
    }
    let left = mira.read(&room).await;
    assert!(
        left.iter().any(|read| read.id == second.id),
        "the other answer stays: {left:#?}"
    );
    for person in [&mut mira, &mut sol] {
        check_all_locked(person, &room, &bot).await;
    }
}
