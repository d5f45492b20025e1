//! A forum in a channel, as people use it.

use insta::assert_snapshot;

use super::context::{TestContext, seen, timeless};

#[tokio::test]
async fn a_question_is_asked_answered_voted_for_and_accepted() {
    let context = TestContext::new().await;
    let title = "How long does an opened keg keep?";
    let card = context
        .asks(&context.mira, title, "It is a *pilsner*.")
        .await;
    assert_snapshot!(timeless(&card.shown()));
    let text = "About six weeks, if it is kept cold.";
    let answer = context.answers(&context.sol, &card, text).await;
    context.mira.react(&answer, "👍").await;
    context.shows(&answer, "+1 vote").await;
    // What a button does is shown by its card; nothing is said besides.
    let accepted = context.mira.click(&answer, "Accept").await;
    accepted.response().await;
    context.shows(&answer, "Accepted answer").await;
    context.shows(&card, "Answered").await;
    assert_snapshot!(seen(&context.help));
    context.over().await;
}
