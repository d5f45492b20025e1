//! What people do every day: asking, answering, voting, editing, taking back, looking things up.

use synapse::{RoomOptions, Synapse};

use super::{card, notice};
use crate::world::Bot;

#[tokio::test]
async fn people_edit_and_take_back_their_own_messages_and_the_cards_follow() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol) = (server.person("mira").await, server.person("sol").await);
    let room = bot.room_of(&mira, "Kitchen").await;
    sol.join(&room).await;

    let asked = mira.send(&room, "!ask How long does a keg kep?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    mira.edit(&room, &asked, "!ask How long does a keg keep?")
        .await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("keep?")
    })
    .await;

    sol.edit(&room, &asked, "!ask Is this sol's question now?")
        .await;
    let answered = sol.send(&room, "!answer 1 Six weeks.").await;
    let answer = card(&sol, &room, bot.user(), "#1.1", |_| true).await;
    let question = card(&sol, &room, bot.user(), "#1", |shown| {
        shown.body.contains("1 answer")
    })
    .await;
    assert!(
        question.body.contains("keep?"),
        "another's edit changes nothing: {}",
        question.body
    );
    assert_eq!(
        answer.thread.as_ref(),
        Some(&question.id),
        "an answer goes into its question's thread"
    );

    sol.redact(&room, &answered).await;
    mira.wait_for(&room, "the answer's card to go", |shown| {
        shown
            .iter()
            .all(|shown| shown.id != answer.id)
            .then_some(())
    })
    .await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("no answers")
    })
    .await;
    mira.send(&room, "!show #1.1").await;
    let shown = notice(&mira, &room, bot.user(), "How long does a keg keep?").await;
    assert!(!shown.body.contains("Six weeks"), "{}", shown.body);
}

#[tokio::test]
async fn reactions_are_votes_in_every_skin_tone_and_their_redactions_take_them_back() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let people = server.people(4, "voter").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    let asked = mira.send(&room, "!ask Is this a good question?").await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    for (person, key) in people.iter().zip(["👍", "👍\u{FE0F}", "👍🏿", "👎🏽"]) {
        person.join(&room).await;
        // The asker's own message counts as the question too.
        let on = if key == "👍🏿" {
            &asked
        } else {
            &question.id
        };
        person.react(&room, on, key).await;
    }
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("+2 votes")
    })
    .await;
    let again = people[3].react(&room, &question.id, "👍").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("+4 votes")
    })
    .await;
    people[3].redact(&room, &again).await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("+2 votes")
    })
    .await;
    people[0].send(&room, "!unvote #1").await;
    card(&mira, &room, bot.user(), "#1", |shown| {
        shown.body.contains("+1 vote ")
    })
    .await;
    people[0].react(&room, &question.id, "🎉").await;
    people[0]
        .react(&room, &room_message(&mira, &room).await, "👍")
        .await;
    people[1].send(&room, "!up #1").await;
    let told = notice(&people[1], &room, bot.user(), "You voted for #1").await;
    assert!(
        told.body.contains("+1 vote "),
        "what is no vote counted: {}",
        told.body
    );
}

/// Something somebody says that is none of the forum's business.
async fn room_message(person: &synapse::Person, room: &synapse::RoomId) -> synapse::EventId {
    person.send(room, "Good morning!").await
}

#[tokio::test]
async fn a_vote_on_ones_own_post_is_taken_away_and_said_in_private() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.set_power(&room, bot.user(), 50).await;
    mira.send(&room, "!ask May I vote for myself?").await;
    let question = card(&mira, &room, bot.user(), "#1", |_| true).await;
    mira.react(&room, &question.id, "👍").await;
    mira.wait_for(&room, "the reaction to be taken away", |shown| {
        shown
            .iter()
            .find(|shown| shown.id == question.id)
            .filter(|shown| shown.count("👍") == 0)
            .map(drop)
    })
    .await;
    let direct = mira.wait_invite(bot.user().as_str()).await;
    mira.join(&direct).await;
    notice(
        &mira,
        &direct,
        bot.user(),
        "nobody votes on their own posts",
    )
    .await;
}

#[tokio::test]
async fn alone_with_the_bot_no_prefix_is_needed_and_the_forum_is_the_rooms() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!ask How long does a keg keep?").await;
    card(&mira, &room, bot.user(), "#1", |_| true).await;
    let direct = mira.create_direct(bot.user()).await;
    mira.wait_joined(&direct, bot.user().as_str()).await;
    mira.send(&direct, "search kegs").await;
    notice(&mira, &direct, bot.user(), "#1 How long does a keg keep?").await;
    mira.send(&direct, "ask What is asked in private?").await;
    notice(&mira, &direct, bot.user(), "published in Kitchen").await;
    mira.send(&direct, "yes").await;
    notice(&mira, &direct, bot.user(), "#2 is asked").await;
    card(&mira, &room, bot.user(), "#2", |_| true).await;
    mira.send(&direct, "good morning").await;
    notice(&mira, &direct, bot.user(), "!help").await;
}

#[tokio::test]
async fn moderators_and_askers_decide_by_the_rooms_power_levels() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let (mira, sol, ivo) = (
        server.person("mira").await,
        server.person("sol").await,
        server.person("ivo").await,
    );
    let room = mira
        .create_room("Kitchen", RoomOptions::public().invite(bot.user()))
        .await;
    mira.wait_joined(&room, bot.user().as_str()).await;
    sol.join(&room).await;
    ivo.join(&room).await;
    mira.set_power(&room, ivo.user_id(), 50).await;

    sol.send(&room, "!ask Whose answer is accepted?").await;
    let question = card(&sol, &room, bot.user(), "#1", |_| true).await;
    ivo.reply(&room, &question.id, "!answer Mine.").await;
    card(&ivo, &room, bot.user(), "#1.1", |_| true).await;
    mira.send(&room, "!accept #1.1").await;
    notice(&mira, &room, bot.user(), "#1.1 is the accepted answer").await;
    sol.send(&room, "!delete #1.1").await;
    notice(&sol, &room, bot.user(), "#1.1 is not yours").await;
    ivo.send(
        &room,
        "!edit #1 --reason clearer --title Whose answer is accepted here?",
    )
    .await;
    card(&sol, &room, bot.user(), "#1", |shown| {
        shown.body.contains("accepted here?") && shown.body.contains("edited by ivo")
    })
    .await;
    sol.send(&room, "!history #1").await;
    let history = notice(&sol, &room, bot.user(), "Reason: clearer").await;
    assert!(
        history.body.contains("Whose answer is accepted?"),
        "{}",
        history.body
    );
}

#[tokio::test]
async fn near_misses_are_noticed_and_help_is_given() {
    let server = Synapse::shared().await;
    let bot = Bot::running(server).await;
    let mira = server.person("mira").await;
    let room = bot.room_of(&mira, "Kitchen").await;
    mira.send(&room, "!serach kegs").await;
    notice(&mira, &room, bot.user(), "Did you mean `!search`?").await;
    mira.send(&room, "!answer").await;
    notice(&mira, &room, bot.user(), "!answer [#42] text").await;
    mira.send(&room, "!help").await;
    notice(&mira, &room, bot.user(), "!help all").await;
    mira.send(&room, "!help all").await;
    notice(&mira, &room, bot.user(), "!unaccept").await;
    mira.send(&room, "!questions unanswered").await;
    notice(
        &mira,
        &room,
        bot.user(),
        "every question here has an answer",
    )
    .await;
}
