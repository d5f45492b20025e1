//! Discord waits three seconds for an answer: what is slow is put off and filled in, what is lost on the way is sent again, and what
//! comes too late does no harm.

use std::time::Duration;

use bot_core::crash::Point;
use discord::{Discord, Fault, Interaction, Message, Modal, Response};

use super::context::{TEXT, TestContext};
use crate::trap::Trap;

const TITLE: &str = "How long does a keg keep?";

/// A scene, and a trap in which the writer stands still when it is set.
async fn with_trap() -> (TestContext, Trap, tempfile::TempDir) {
    let mut context = TestContext::closed("").await;
    let points = tempfile::tempdir().expect("a folder");
    context.bot.stops_at(points.path());
    context.bot.start();
    context.discord.wait_connected(1).await;
    let help = context.help.clone();
    context.opens(&help).await;
    let trap = Trap::new(Point::BeforeBegin, points.path());
    (context, trap, points)
}

async fn dialog(context: &TestContext, title: &str) -> Modal {
    let title = [("title", title)];
    let asked = context.mira.command(&context.help, "ask", &title).await;
    asked.modal().await
}

async fn submits(context: &TestContext, dialog: &Modal) -> Interaction {
    context.mira.submit(dialog, &[(TEXT, "A pilsner.")]).await
}

/// Waits for the card number `count` in the channel; there is no other behind it.
async fn card(context: &TestContext, count: usize) -> Message {
    let help = context.help.clone();
    let there = move |_: &Discord| {
        let opened = help.threads().len() == count;
        help.messages().get(count - 1).filter(|_| opened).cloned()
    };
    let card = context
        .discord
        .wait_until("the question's card", there)
        .await;
    assert_eq!(context.help.messages().len(), count);
    card
}

fn count(context: &TestContext, what: &str) -> u64 {
    let (fine, said) = context.bot.says(&["stats", "--json"]);
    assert!(fine, "{said}");
    let stats: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    stats[what].as_u64().expect("a number")
}

/// The message that says in private that the bot is thinking.
async fn thinking(asked: &Interaction) -> Message {
    let response = asked.response().await;
    let Response::Deferred(thinking) = response else {
        panic!("not put off: {}", response.shown());
    };
    assert!(thinking.is_loading() && thinking.is_ephemeral());
    thinking
}

#[tokio::test]
async fn a_dialog_that_takes_long_is_put_off_in_private_and_filled_in_later() {
    let (context, trap, _points) = with_trap().await;
    let dialog = dialog(&context, TITLE).await;
    trap.set_pipe();
    let asked = submits(&context, &dialog).await;
    let pipe = trap.held().await;
    let thinking = thinking(&asked).await;
    assert!(context.help.messages().is_empty());
    drop(pipe);
    let said = asked.message().await;
    assert_eq!(said.id(), thinking.id());
    assert!(said.is_ephemeral());
    assert!(said.shown().contains("#1"), "{}", said.shown());
    card(&context, 1).await;
    context.over().await;
}

#[tokio::test]
async fn a_button_that_takes_long_is_put_off_in_private_and_its_card_is_edited() {
    let (context, trap, _points) = with_trap().await;
    let question = dialog(&context, TITLE).await;
    submits(&context, &question).await.message().await;
    let card = card(&context, 1).await;
    trap.set_pipe();
    let pressed = context.sol.click(&card, "👍").await;
    let pipe = trap.held().await;
    thinking(&pressed).await;
    drop(pipe);
    assert!(pressed.message().await.is_ephemeral());
    context.shows(&card, "+1 vote ").await;
    assert_eq!(count(&context, "votes"), 1);
    context.over().await;
}

#[tokio::test]
async fn what_is_shared_late_is_for_all_and_begins_as_nothing() {
    let (context, trap, _points) = with_trap().await;
    let question = dialog(&context, TITLE).await;
    let more = question.inputs()[3].custom_id.clone();
    let long = "All of this is about kegs. ".repeat(140);
    let texts = [(TEXT, long.as_str()), (more.as_str(), long.as_str())];
    context.mira.submit(&question, &texts).await.message().await;
    card(&context, 1).await;
    // Where no card can be posted, each look has it posted once more, and so waits for the writer.
    let quiet = context.guild.text_channel("quiet").await;
    context.opens(&quiet).await;
    quiet.forbid_bot(discord::permissions::SEND_MESSAGES).await;
    let shown = context.sol.command(&quiet, "show", &[("post", "#1")]).await;
    let shown = shown.message().await;
    trap.set_pipe();
    let shared = context.sol.click(&shown, "Share").await;
    let pipe = trap.held().await;
    let response = shared.response().await;
    assert!(
        matches!(response, Response::DeferredUpdate),
        "{}",
        response.shown()
    );
    assert!(quiet.messages().is_empty());
    drop(pipe);
    let copy = shared.followup().await;
    assert!(!copy.is_ephemeral());
    assert!(copy.shown().contains("Shared by sol"), "{}", copy.shown());
    context.over().await;
}

#[tokio::test]
async fn a_response_is_sent_again_where_only_its_answer_was_lost_or_all_of_it() {
    let context = TestContext::new().await;
    let (post, path) = ("POST", "/callback");
    let faults = [
        (Fault::html(post, path, 500), 204),
        (Fault::html(post, path, 502), 204),
        (Fault::html(post, path, 500).but_done(), 400),
        (Fault::html(post, path, 502).but_done(), 400),
        (Fault::hang_up(post, path), 204),
        (Fault::hang_up(post, path).but_done(), 400),
        (Fault::too_many(post, path, Duration::from_millis(50)), 204),
    ];
    for (number, (fault, last)) in faults.into_iter().enumerate() {
        let dialog = dialog(&context, &format!("{number}: {TITLE}")).await;
        context.discord.fail(fault.clone());
        let asked = submits(&context, &dialog).await;
        let own = format!("/interactions/{}/", asked.id());
        let ended = move |discord: &Discord| {
            let requests = discord.requests().into_iter();
            let mut sent = requests.filter(|request| request.path.starts_with(&own));
            let (_, again) = (sent.next()?, sent.next()?);
            Some((again.status, again.code))
        };
        let again = context.discord.wait_until("a second try", ended).await;
        let code = if last == 400 { 40_060 } else { 0 };
        assert_eq!(again, (last, code), "{fault:?}");
        assert!(asked.message().await.is_ephemeral());
        card(&context, number + 1).await;
        assert_eq!(count(&context, "questions"), number as u64 + 1, "{fault:?}");
    }
    context.over().await;
}

#[tokio::test]
async fn who_waits_is_answered_while_all_else_has_to_wait_for_discord() {
    let context = TestContext::new().await;
    let question = dialog(&context, TITLE).await;
    submits(&context, &question).await.message().await;
    let card = card(&context, 1).await;
    // An edit of the card was one request too many, of all that the bot sends.
    let limit = Duration::from_secs(5);
    let too_many = Fault::too_many_globally("PATCH", "/messages", limit);
    context.discord.fail(too_many);
    context.sol.react(&card, "👍").await;
    let told = |discord: &Discord| {
        let mut requests = discord.requests().into_iter();
        requests.find(|request| request.status == 429)
    };
    context.discord.wait_until("too many requests", told).await;
    for button in ["👍", "Answer", "…"] {
        let pressed = context.guild.person("tom").await.click(&card, button).await;
        let in_time = pressed.answered_within(Duration::from_secs(3)).await;
        assert!(in_time, "{button}");
    }
    context.shows(&card, "+2 votes").await;
    context.over().await;
}

#[tokio::test]
async fn what_comes_too_late_to_be_answered_is_done_once_and_harms_nothing() {
    let context = TestContext::new().await;
    let question = dialog(&context, TITLE).await;
    context.discord.hold_events();
    let late = submits(&context, &question).await;
    context.discord.advance(Duration::from_secs(4));
    context.discord.release_events();
    let card = card(&context, 1).await;
    assert!(!late.is_answered());
    context.discord.hold_events();
    let late = context.sol.click(&card, "👍").await;
    context.discord.advance(Duration::from_secs(4));
    context.discord.release_events();
    context.shows(&card, "+1 vote ").await;
    assert!(!late.is_answered());
    let refused = |discord: &Discord| {
        let requests = discord.requests().into_iter();
        let late = requests.filter(|request| request.code == 10_062).count();
        (late >= 2).then_some(late)
    };
    let refused = context
        .discord
        .wait_until("both to be refused", refused)
        .await;
    assert_eq!(refused, 2, "who is too late does not try again");
    assert_eq!(
        (count(&context, "questions"), count(&context, "votes")),
        (1, 1)
    );
    // Whoever comes after that is served.
    context.answers(&context.sol, &card, "Six weeks.").await;
    context.over().await;
}

#[tokio::test]
async fn an_interaction_that_is_told_twice_is_done_and_answered_once() {
    let context = TestContext::new().await;
    context.discord.duplicate_next("INTERACTION_CREATE");
    let question = dialog(&context, TITLE).await;
    context.discord.duplicate_next("INTERACTION_CREATE");
    let asked = submits(&context, &question).await;
    assert!(asked.message().await.is_ephemeral());
    let card = card(&context, 1).await;
    context.discord.duplicate_next("INTERACTION_CREATE");
    let pressed = context.sol.click(&card, "👍").await;
    pressed.response().await;
    context.shows(&card, "+1 vote ").await;
    // What comes after it comes after its double, too.
    context.answers(&context.sol, &card, "Six weeks.").await;
    context.discord.repeat_last("INTERACTION_CREATE");
    let shown = context
        .mira
        .command(&context.help, "show", &[("post", "#1")]);
    shown.await.message().await;
    assert_eq!(
        (count(&context, "questions"), count(&context, "votes")),
        (1, 1)
    );
    assert_eq!(
        (count(&context, "answers"), card.thread().messages().len()),
        (1, 1)
    );
    context.over().await;
}
