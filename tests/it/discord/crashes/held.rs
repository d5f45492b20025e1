//! The bot is killed while Discord holds one of its requests: before it is done, and when it is done and the bot does not know.

use futures_util::future::join_all;

use super::hour::Step;
use super::play::{Death, Held, Kind};
use super::{calm, run};

/// The requests that are held, and the step that leads to the first of each.
const TEXT: [(&str, &str, Step); 9] = [
    ("POST", "/callback", Step::Ask),
    ("POST", "/messages", Step::Ask),
    ("POST", "/threads", Step::Ask),
    ("POST", "/messages", Step::Answer),
    ("POST", "/callback", Step::Press),
    ("PATCH", "/messages/", Step::Accept),
    ("POST", "/messages", Step::OwnVote),
    ("DELETE", "/reactions/", Step::OwnVote),
    ("DELETE", "/messages/", Step::Delete),
];
const FORUM: [(&str, &str, Step); 4] = [
    ("POST", "/threads", Step::Ask),
    ("POST", "/messages", Step::Answer),
    ("PATCH", "/messages/", Step::Accept),
    ("PATCH", "/channels/", Step::Edit),
];

async fn killed(kind: Kind, requests: &[(&'static str, &'static str, Step)]) {
    let calm = calm(kind).await;
    let lanes =
        [Held::Before, Held::Done].map(|when| requests.chunks(3).map(move |some| (when, some)));
    let lanes = lanes.into_iter().flatten().map(|(when, requests)| {
        let calm = &calm;
        async move {
            for (method, path, step) in requests {
                let death = (Death::Held(method, path, when), *step);
                let left = run(kind, Some(death)).await;
                assert_eq!(left, *calm, "killed at {death:?}, and undisturbed");
            }
        }
    });
    join_all(lanes).await;
}

#[tokio::test]
async fn a_bot_that_is_killed_while_a_request_is_on_its_way_repeats_nothing_in_a_text_channel() {
    killed(Kind::Text, &TEXT).await;
}

#[tokio::test]
async fn a_bot_that_is_killed_while_a_request_is_on_its_way_repeats_nothing_in_a_forum_channel() {
    killed(Kind::Forum, &FORUM).await;
}
