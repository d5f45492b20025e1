//! The process is ended at each of its crash points and started again; the homeserver is killed at each of them and brought
//! back; the disk is full at each step: the room and the store are then as if nothing had been.

mod context;
mod trap;

use std::collections::BTreeMap;

use bot_core::crash::{CrashRoute, Point};
use futures_util::future::join_all;
use serde_json::Value;
use synapse::Synapse;

use crate::human::{Human, Kind};
use crate::world::Bot;
use context::{Seen, Step, TestContext};
use trap::Trouble;

/// How many bots are tried at once; they share the points.
const LANES: usize = 6;
/// How many homeservers are killed, each again and again.
const SERVERS: usize = 3;
/// What is the same for every room that this was played in. A card that is true may still be to be looked at once more.
const KEPT: [&str; 7] = [
    "questions",
    "accepted",
    "unanswered",
    "answers",
    "comments",
    "votes",
    "outbox",
];

/// What is left of a room's hour.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Left {
    seen: Seen,
    /// What a search in the forum finds.
    found: Vec<Value>,
}

/// What the store has of everything, all in all.
type Totals = BTreeMap<String, u64>;

/// A homeserver that all share, or one that may be killed.
#[derive(Clone, Copy)]
enum Server<'a> {
    Shared(&'a Synapse),
    Own(&'a synapse::OwnSynapse),
}

/// Plays it all in rooms of one bot, one after the other. Gives what is left in each, and what the store has all in all.
async fn run(server: Server<'_>, kind: Kind, troubles: &[Trouble]) -> (Vec<Left>, Totals) {
    let on: &Synapse = match server {
        Server::Shared(server) => server,
        Server::Own(server) => server,
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut bot = Bot::new(on, on.url()).await;
    bot.stops_at(folder.path());
    bot.start();
    let (sol, ivo) = tokio::join!(Human::new(on, "sol", kind), Human::new(on, "ivo", kind));
    let mut played = Vec::new();
    for trouble in troubles {
        let context = TestContext::new(on, &bot, kind, [&sol, &ivo]).await;
        let direct = match (*trouble, server) {
            (Trouble::None, _) => context.play(|_| ()).await,
            (Trouble::Death(point), _) => {
                trap::dying(&mut bot, point, folder.path(), |before| {
                    context.play(before)
                })
                .await
            }
            (Trouble::ServerKilled(point), Server::Own(own)) => {
                trap::without_server(own, point, folder.path(), |before| context.play(before)).await
            }
            (Trouble::ServerKilled(_), Server::Shared(_)) => panic!("others are on this server"),
            (Trouble::DiskFull(step), _) => {
                trap::with_full_disk(&mut bot, step, |before| context.play(before)).await
            }
        };
        played.push((context, direct));
    }
    assert!(bot.stop().await.success(), "{troubles:?}: {}", bot.log());
    let said = |arguments: &[&str]| {
        let (fine, said) = bot.says(arguments);
        assert!(fine, "{troubles:?}: {said}");
        said
    };
    let mut left = Vec::new();
    for (context, direct) in played {
        let seen = context.seen(&direct).await;
        let found = said(&["search", "--json", "keg", "--forum", context.room.as_str()]);
        let mut found: Vec<Value> = serde_json::from_str(&found).expect("JSON");
        for question in found.iter_mut().filter_map(Value::as_object_mut) {
            // When it was asked, and how well it fits beside those of the bot's other rooms.
            question.retain(|key, _| key != "asked" && key != "score");
        }
        left.push(Left { seen, found });
    }
    let totals = serde_json::from_str(&said(&["stats", "--json"])).expect("JSON");
    (left, totals)
}

/// What is left of a room's hour in which nothing happens.
async fn calm(server: &Synapse, kind: Kind) -> (Left, Totals) {
    let (mut left, totals) = run(Server::Shared(server), kind, &[Trouble::None]).await;
    let calm = left.pop().expect("it was played");
    // The question and one answer; what was said to !up, !show and the vote on one's own post.
    assert_eq!((calm.seen.cards, calm.seen.replies), (2, 3), "{calm:#?}");
    assert_eq!(calm.found.len(), 1, "{calm:#?}");
    assert_eq!(calm.found[0]["title"], "How long does a keg keep?");
    // The vote against the answer that was deleted is still kept.
    assert_eq!(KEPT.map(|what| totals[what]), [1, 1, 0, 1, 0, 3, 0]);
    (calm, totals)
}

/// Whether troubled rooms look as the calm one does; gives the counts for the table.
fn compare(
    (calm, once): &(Left, Totals),
    troubles: &[Trouble],
    (left, totals): &(Vec<Left>, Totals),
) -> Vec<String> {
    let rooms = troubles.len() as u64;
    for (trouble, left) in troubles.iter().zip(left) {
        assert_eq!(left, calm, "{trouble:?}, and undisturbed");
    }
    let expected = KEPT.map(|what| once[what] * rooms);
    assert_eq!(KEPT.map(|what| totals[what]), expected, "{troubles:?}");
    let counts = |left: &Left| format!("{} + {}", left.seen.cards, left.seen.replies);
    left.iter().map(counts).collect()
}

/// The points, dealt out to so many, with their places in the row.
fn lanes(of: usize) -> Vec<Vec<(usize, Point)>> {
    let points: Vec<(usize, Point)> = Point::on(CrashRoute::Matrix).enumerate().collect();
    let lane = |lane| points.iter().skip(lane).step_by(of).copied().collect();
    (0..of).map(lane).collect()
}

/// The table's column: by a point's place in the row, how many cards and replies there are.
type Column = BTreeMap<usize, String>;

async fn deaths(server: &Synapse, kind: Kind) -> Column {
    let tried = lanes(LANES);
    let tried = join_all(tried.iter().map(|points| async move {
        let troubles = points.iter().map(|(_, point)| Trouble::Death(*point));
        let troubles: Vec<Trouble> = troubles.collect();
        let left = run(Server::Shared(server), kind, &troubles).await;
        (points, troubles, left)
    }));
    let (calm, tried) = tokio::join!(calm(server, kind), tried);
    let mut column = Column::new();
    for (points, troubles, left) in tried {
        let counts = compare(&calm, &troubles, &left);
        column.extend(points.iter().map(|(at, _)| *at).zip(counts));
    }
    column
}

async fn killed_servers() -> Column {
    let tried = lanes(SERVERS);
    let tried = join_all(tried.iter().map(|points| async move {
        let server = Synapse::start().await;
        let calm = calm(&server, Kind::Plain).await;
        let troubles = points
            .iter()
            .map(|(_, point)| Trouble::ServerKilled(*point));
        let troubles: Vec<Trouble> = troubles.collect();
        let left = run(Server::Own(&server), Kind::Plain, &troubles).await;
        let counts = compare(&calm, &troubles, &left);
        points.iter().map(|(at, _)| *at).zip(counts)
    }));
    tried.await.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_crash_at_any_point_loses_nothing_and_repeats_nothing_in_plain_rooms() {
    let column = deaths(Synapse::shared().await, Kind::Plain).await;
    written("in a plain room", column);
}

#[tokio::test]
async fn a_crash_at_any_point_loses_nothing_and_repeats_nothing_in_encrypted_rooms() {
    let column = deaths(Synapse::shared().await, Kind::Encrypted).await;
    written("in an encrypted room", column);
}

#[tokio::test]
async fn a_homeserver_that_is_killed_at_any_point_and_comes_back_loses_nothing() {
    let column = killed_servers().await;
    written("the homeserver instead", column);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_is_full_at_any_step_ends_the_bot_and_loses_nothing() {
    let server = Synapse::shared().await;
    let troubles = Step::ALL.map(Trouble::DiskFull);
    let lanes = troubles.chunks(3);
    let tried = join_all(lanes.map(|troubles| async move {
        let left = run(Server::Shared(server), Kind::Plain, troubles).await;
        (troubles, left)
    }));
    let (calm, tried) = tokio::join!(calm(server, Kind::Plain), tried);
    for (troubles, left) in tried {
        compare(&calm, troubles, &left);
    }
}

/// The table's columns behind the first two.
const COLUMNS: [&str; 3] = [
    "in a plain room",
    "in an encrypted room",
    "the homeserver instead",
];

/// Holds a column against the document, or writes it there.
fn written(name: &str, column: Column) {
    let rows =
        Point::on(CrashRoute::Matrix).map(|point| [point.says(), trap::begins(point).says()]);
    crate::crash_table::written("matrix::crashes", &COLUMNS, rows.collect(), (name, column));
}
