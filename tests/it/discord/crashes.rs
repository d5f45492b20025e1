//! The process is ended at each of the crash points that lie on Discord's way, and started again: channels and the store are then
//! as if nothing had been.

mod held;
mod hour;
mod play;

use std::collections::BTreeMap;

use bot_core::crash::{CrashRoute, Point};
use futures_util::future::join_all;
use serde_json::Value;

use super::context::seen;
use hour::Step;
use play::{Death, Kind, Play, Stats};

/// How many bots are tried at once.
const LANES: usize = 5;
/// What is the same however often the bot dies. A card that is true may still be to be looked at once more.
const KEPT: [&str; 7] = [
    "questions",
    "accepted",
    "unanswered",
    "answers",
    "comments",
    "votes",
    "outbox",
];

/// When the trap is set: before a step that leads by the point. Edits may wait for seconds and meet what people do then.
const fn begins(point: Point) -> Step {
    match point {
        Point::InteractionCame
        | Point::AfterCommit
        | Point::BeforeAttempt
        | Point::BeforeThread
        | Point::AfterThread
        | Point::AfterPost
        | Point::BeforeEcho => Step::Ask,
        Point::BeforeBegin
        | Point::BeforeReply
        | Point::AfterAttempt
        | Point::BeforePost
        | Point::PostKept
        | Point::AfterEcho => Step::Answer,
        Point::AfterReply => Step::Press,
        Point::BeforeHearing | Point::ActionApplied => Step::Vote,
        Point::AfterHearing | Point::BeforeCommit | Point::AfterEdit => Step::Accept,
        Point::BeforePrivateReply
        | Point::AfterPrivateReply
        | Point::BeforeUnreact
        | Point::AfterUnreact => Step::OwnVote,
        Point::AfterBegin | Point::BeforeRename | Point::AfterRename => Step::Edit,
        Point::BeforeEdit | Point::EditKept => Step::Unvote,
        Point::BeforeReplacement
        | Point::ReplacementKept
        | Point::BeforeRemoval
        | Point::AfterRemoval
        | Point::RemovalKept => Step::Delete,
        Point::SyncReceived
        | Point::ReplyKept
        | Point::HalfRemoved
        | Point::BeforeCursor
        | Point::AfterCursor
        | Point::BeforeErased
        | Point::ErasedKept
        | Point::IndexPurged
        | Point::LogCut
        | Point::PagesCleaned
        | Point::FilesClean => {
            panic!("Discord's way does not lead by it")
        }
    }
}

/// Whether the way in such a place leads by the point.
fn is_passed(point: Point, kind: Kind) -> bool {
    match kind {
        Kind::Text => true,
        // A post is its own thread.
        Kind::Forum => point != Point::BeforeThread && point != Point::AfterThread,
    }
}

/// What is left of a forum's hour.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    /// The channel, its threads, and what was said to one person.
    seen: Vec<String>,
    /// How many cards stand there, and how many private words.
    cards: usize,
    words: usize,
    kept: [u64; 7],
    /// What a search finds.
    found: Vec<Value>,
}

/// Plays it, and looks at what is left.
async fn run(kind: Kind, death: Option<(Death, Step)>) -> Left {
    let mut play = Play::new(kind, death).await;
    let direct = play.hour().await;
    assert!(play.context.bot.stop().await.success());
    let stats: Stats = play.stats();
    let place = format!("discord:{}", play.context.guild.id());
    let arguments = ["search", "--json", "keg", "--forum", &place];
    let (fine, found) = play.context.bot.says(&arguments);
    assert!(fine, "{found}");
    let mut found: Vec<Value> = serde_json::from_str(&found).expect("JSON");
    for question in found.iter_mut().filter_map(Value::as_object_mut) {
        question.retain(|key, _| key != "asked");
    }
    let mut shown = vec![seen(&play.place), seen(&direct)];
    let mut cards = play.place.messages().len();
    for thread in play.place.threads() {
        shown.push(format!("{} {:?}", thread.name(), thread.tags()));
        shown.push(seen(&thread));
        let own = |message: &discord::Message| !message.buttons().is_empty();
        cards += thread.messages().iter().filter(|it| own(it)).count();
    }
    let left = Left {
        seen: shown,
        cards,
        words: direct.messages().len(),
        kept: KEPT.map(|what| stats[what]),
        found,
    };
    play.context.over().await;
    left
}

/// What is left of an hour in which nothing happens.
async fn calm(kind: Kind) -> Left {
    let calm = run(kind, None).await;
    assert_eq!((calm.cards, calm.words), (2, 1), "{calm:#?}");
    // The vote against the answer that was deleted is still kept.
    assert_eq!(calm.kept, [1, 1, 0, 1, 0, 3, 0]);
    assert_eq!(calm.found.len(), 1, "{calm:#?}");
    calm
}

/// Lets the bot die at each point that the way in such a place leads by; gives the table's column.
async fn deaths(kind: Kind) -> BTreeMap<usize, String> {
    let calm = calm(kind).await;
    let points: Vec<(usize, Point)> = Point::on(CrashRoute::Discord).enumerate().collect();
    let lanes = (0..LANES).map(|lane| {
        let (points, calm) = (&points, &calm);
        async move {
            let mut cells = Vec::new();
            for (at, point) in points.iter().skip(lane).step_by(LANES) {
                let cell = if is_passed(*point, kind) {
                    let death = (Death::At(*point), begins(*point));
                    let left = run(kind, Some(death)).await;
                    assert_eq!(left, *calm, "died at {point:?}, and undisturbed");
                    format!("{} + {}", left.cards, left.words)
                } else {
                    "–".to_owned()
                };
                cells.push((*at, cell));
            }
            cells
        }
    });
    join_all(lanes).await.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_crash_at_any_point_loses_nothing_and_repeats_nothing_in_a_text_channel() {
    written("in a text channel", deaths(Kind::Text).await);
}

#[tokio::test]
async fn a_crash_at_any_point_loses_nothing_and_repeats_nothing_in_a_forum_channel() {
    written("in a forum channel", deaths(Kind::Forum).await);
}

fn written(name: &str, column: BTreeMap<usize, String>) {
    let rows = Point::on(CrashRoute::Discord).map(|point| [point.says(), begins(point).says()]);
    let columns = ["in a text channel", "in a forum channel"];
    crate::crash_table::written("discord::crashes", &columns, rows.collect(), (name, column));
}
