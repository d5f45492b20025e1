//! Where a post's words still stand in a room when it was hidden or withdrawn: in none of the server's own events.

use bot_core::remains;
use synapse::{Person, RoomId, Synapse, UserId};

use super::{card, notice};
use crate::trap;
use crate::world::Bot;

/// The word that is looked for.
const WORD: &str = "xyzzy";

/// Who sent the events of the room in whose content the word still stands, as the server keeps them: edits, replies, anything.
async fn holders(person: &Person, room: &RoomId, word: &str) -> Vec<String> {
    let events = person.events(room).await;
    let holds = events
        .iter()
        .filter(|event| event["content"].to_string().contains(word));
    holds
        .map(|event| event["sender"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Waits until none of these people's messages with the word in it is shown.
async fn gone(person: &Person, room: &RoomId, of: &[&UserId], word: &str) {
    let what = format!("{word} to go");
    person
        .wait_for(room, &what, |shown| {
            let stands = shown
                .iter()
                .any(|shown| of.contains(&&shown.sender) && shown.body.contains(word));
            (!stands).then_some(())
        })
        .await;
}

/// Looks at the room until the word stands in no event of it.
async fn emptied(person: &Person, room: &RoomId, word: &str) {
    let mut left = Vec::new();
    for _ in 0..500 {
        left = holders(person, room, word).await;
        if left.is_empty() {
            return;
        }
    }
    panic!("{word} still stands in events of {left:?}");
}

/// A question and an answer with the word in them, edited, and said in replies.
async fn said(bot: &Bot, room: &RoomId, mira: &Person, sol: &Person) {
    let asked = mira.send(room, "!ask Where is the xyzy?").await;
    card(mira, room, bot.user(), "#1", |_| true).await;
    mira.edit(room, &asked, "!ask Where is the xyzzy?").await;
    card(mira, room, bot.user(), "#1", |shown| {
        shown.body.contains("xyzzy?")
    })
    .await;
    sol.send(room, "!answer #1 Behind the door.").await;
    card(sol, room, bot.user(), "#1.1", |_| true).await;
    card(mira, room, bot.user(), "#1", |shown| {
        shown.body.contains("1 answer")
    })
    .await;
    sol.send(room, "!show #1").await;
    notice(sol, room, bot.user(), "Behind the door").await;
    sol.send(room, "!history #1").await;
    notice(sol, room, bot.user(), "xyzy?").await;
    sol.send(room, "!questions").await;
    notice(sol, room, bot.user(), "1 answer").await;
}

#[tokio::test]
async fn what_is_hidden_stands_in_no_event_of_the_bot_s_and_comes_back() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join(&room).await;
    said(&bot, &room, &mira, &sol).await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    sol.react(&room, &question.id, "👍").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("+1 vote")
    })
    .await;
    assert!(
        holders(&mira, &room, WORD)
            .await
            .contains(&bot.user().to_string())
    );

    mira.send(&room, "!hide #1").await;
    let hidden = card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("is hidden by its author")
    })
    .await;
    gone(&mira, &room, &[bot.user()], "xyz").await;
    assert_ne!(hidden.id, question.id, "an edit erases nothing");
    // What mira wrote herself is hers: it stands until she withdraws it.
    let author = mira.user_id().to_string();
    let left = holders(&mira, &room, "xyz").await;
    assert!(left.iter().all(|sender| *sender == author), "{left:?}");
    assert!(!left.is_empty());

    mira.send(&room, "!unhide #1").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("xyzzy?") && shown.body.contains("+1 vote")
    })
    .await;
    mira.set_power(&room, bot.user(), 50).await;
    mira.send(&room, "!delete #1").await;
    gone(&mira, &room, &[bot.user(), mira.user_id()], "xyz").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("#1 was withdrawn")
    })
    .await;
    // The change of her message is an event of its own.
    emptied(&mira, &room, "xyz").await;
}

#[tokio::test]
async fn whoever_redacts_their_message_leaves_none_of_its_changes_and_no_copy() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.set_power(&room, bot.user(), 50).await;
    sol.join(&room).await;
    let answered = {
        mira.send(&room, "!ask Where is it?").await;
        card(&mira, &room, bot.user(), "#1", |_| true).await;
        let answered = sol.send(&room, "!answer #1 In the xyzy.").await;
        card(&sol, &room, bot.user(), "#1.1", |_| true).await;
        sol.edit(&room, &answered, "!answer #1 In the xyzzy.").await;
        answered
    };
    card(&sol, &room, bot.user(), "#1.1", |shown| {
        shown.body.contains(WORD)
    })
    .await;
    sol.send(&room, "!show #1").await;
    notice(&sol, &room, bot.user(), WORD).await;
    sol.redact(&room, &answered).await;
    gone(&mira, &room, &[bot.user(), sol.user_id()], "xyz").await;
    emptied(&mira, &room, "xyz").await;
    // Nothing hangs on it: not even a tombstone is left.
    let shown = mira.shown(&room).await;
    assert!(shown.iter().all(|shown| !shown.body.contains("#1.1 was")));
}

#[tokio::test]
async fn a_moderator_has_the_message_of_a_hidden_post_taken_away_or_is_told() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join(&room).await;
    let asked = sol.send(&room, "!ask Where is the xyzy?").await;
    card(&sol, &room, bot.user(), "#1", |_| true).await;
    sol.edit(&room, &asked, "!ask Where is the xyzzy?").await;
    card(&sol, &room, bot.user(), "#1", |shown| {
        shown.body.contains("xyzzy?")
    })
    .await;
    mira.send(&room, "!hide #1").await;
    notice(&mira, &room, bot.user(), "takes it away").await;
    // Without the right to do that, both are told where it stands.
    mira.send(&room, "!remove #1").await;
    for (person, words) in [
        (&sol, "a moderator wants your own message"),
        (&mira, "still stands, because I may not"),
    ] {
        let direct = person.wait_invite(bot.user().as_str()).await;
        person.join(&direct).await;
        let told = notice(person, &direct, bot.user(), words).await;
        let link = told.formatted_body.unwrap_or_default();
        assert!(link.contains("https://matrix.to/"), "{link}");
    }
    assert!(!holders(&mira, &room, "xyz").await.is_empty());

    mira.set_power(&room, bot.user(), 50).await;
    mira.send(&room, "!remove #1").await;
    gone(&mira, &room, &[bot.user(), sol.user_id()], "xyz").await;
    emptied(&mira, &room, "xyz").await;
    // The post is only hidden.
    mira.send(&room, "!unhide #1").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("xyzzy?")
    })
    .await;
}

#[tokio::test]
async fn where_the_bot_has_no_power_the_author_is_told_what_still_stands() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    let asked = mira.send(&room, "!ask Where is the xyzzy?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    mira.send(&room, "!delete #1").await;
    let direct = mira.wait_invite(bot.user().as_str()).await;
    mira.join(&direct).await;
    let told = notice(&mira, &direct, bot.user(), "still stands").await;
    let link = told.formatted_body.unwrap_or_default();
    let name = asked.as_str().trim_start_matches('$');
    assert!(link.contains(name), "{link}");
    gone(&mira, &room, &[bot.user()], WORD).await;
    let left = holders(&mira, &room, WORD).await;
    assert_eq!(left, [mira.user_id().to_string()]);
}

#[tokio::test]
async fn what_is_taken_back_stands_in_no_file_of_a_running_bot_and_in_no_event() {
    let server = Synapse::shared().await;
    let points = tempfile::tempdir().expect("a folder");
    let mut bot = Bot::new(server, server.url()).await;
    bot.stops_at(points.path());
    bot.start();
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.set_power(&room, bot.user(), 50).await;
    sol.join(&room).await;
    let says = async |words: &str| {
        card(&mira, &room, bot.user(), "#1", |shown| {
            shown.body.contains(words)
        })
        .await;
    };
    let asked = mira
        .send(&room, "!ask Where is the qvarktitle? --tag qvarktag")
        .await;
    says("qvarktitle").await;
    let answered = sol.send(&room, "!answer #1 In the qvarkanswer.").await;
    card(&sol, &room, bot.user(), "#1.1", |_| true).await;
    mira.edit(&room, &asked, "!ask Where is the qvarkedit? --tag qvarktag")
        .await;
    says("qvarkedit").await;
    let mistake = mira
        .edit(&room, &asked, "!ask Where is the qvarkmistake?")
        .await;
    says("qvarkmistake").await;
    sol.send(&room, "!show #1").await;
    notice(&sol, &room, bot.user(), "qvarkmistake").await;
    let words = [
        "qvarktitle",
        "qvarktag",
        "qvarkanswer",
        "qvarkedit",
        "qvarkmistake",
    ];
    for word in words {
        let files = remains::of(&bot.storage(), word);
        assert!(files.is_ok_and(|files| !files.is_empty()), "{word}");
    }
    let storage = bot.storage();
    let removed = ["qvarkmistake"];
    trap::cleaned(&storage, points.path(), &removed, async {
        mira.redact(&room, &mistake).await;
        says("qvarkedit").await;
    })
    .await;
    trap::cleaned(&storage, points.path(), &words, async {
        sol.redact(&room, &answered).await;
        mira.send(&room, "!delete #1").await;
    })
    .await;
    emptied(&mira, &room, "qvark").await;
    assert!(bot.stop().await.success());
}
