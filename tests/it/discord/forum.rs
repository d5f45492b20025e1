//! A forum in a channel, as people use it.

use insta::assert_snapshot;

use super::scene::{Scene, seen, timeless};

#[tokio::test]
async fn a_question_is_asked_answered_voted_for_and_accepted() {
    let scene = Scene::new().await;
    let title = "How long does an opened keg keep?";
    let card = scene.asks(&scene.mira, title, "It is a *pilsner*.").await;
    assert_snapshot!(timeless(&card.shown()));
    let text = "About six weeks, if it is kept cold.";
    let answer = scene.answers(&scene.sol, &card, text).await;
    scene.mira.react(&answer, "👍").await;
    scene.shows(&answer, "+1 vote").await;
    // What a button does is shown by its card; nothing is said besides.
    let accepted = scene.mira.click(&answer, "Accept").await;
    accepted.response().await;
    scene.shows(&answer, "Accepted answer").await;
    scene.shows(&card, "Answered").await;
    assert_snapshot!(seen(&scene.help));
    scene.over().await;
}
