//! The process is ended at each of its crash points and started again: the room and the store are then as if nothing had been.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use bot_core::crash::Point;
use futures_util::future::join_all;
use serde_json::Value;
use synapse::{Person, RoomId, RoomOptions, Shown, Synapse, UserId};

use super::session::stable;
use super::{card, notice};
use crate::world::Bot;

/// How many bots are tried at once; they share the points.
const LANES: usize = 6;
/// How often each dies: the second time it is on its way back.
const DEATHS: u32 = 2;
/// What a process that aborts itself ends by.
const SIGABRT: i32 = 6;
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

/// What people do, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Ask,
    Answer,
    Vote,
    Edit,
    Accept,
    Command,
    OwnVote,
    Unvote,
    Delete,
}

impl Step {
    const fn says(self) -> &'static str {
        match self {
            Self::Ask => "a question is asked",
            Self::Answer => "it is answered, twice",
            Self::Vote => "people react with 👍",
            Self::Edit => "the question is edited",
            Self::Accept => "an answer is accepted with ✅",
            Self::Command => "a vote is said by `!up`",
            Self::OwnVote => "a vote is refused",
            Self::Unvote => "a 👍 is taken back",
            Self::Delete => "an answer is deleted",
        }
    }
}

/// When the trap is set: before a step that leads by the point. Edits may wait for seconds and meet what people do then.
/// So they come when no direct room is being made: that is the one request that a homeserver may do twice.
const fn begins(point: Point) -> Step {
    match point {
        Point::SyncReceived
        | Point::AfterCommit
        | Point::BeforeAttempt
        | Point::AfterPost
        | Point::BeforeEcho => Step::Ask,
        Point::BeforeBegin
        | Point::AfterAttempt
        | Point::BeforePost
        | Point::PostKept
        | Point::AfterEcho => Step::Answer,
        Point::BeforeHearing | Point::ActionApplied => Step::Vote,
        Point::AfterBegin => Step::Edit,
        Point::BeforeCommit => Step::Accept,
        Point::AfterHearing | Point::BeforeReply | Point::AfterReply => Step::Command,
        Point::BeforePrivateReply
        | Point::AfterPrivateReply
        | Point::BeforeUnreact
        | Point::AfterUnreact => Step::OwnVote,
        Point::BeforeCursor | Point::BeforeEdit | Point::AfterEdit | Point::EditKept => {
            Step::Unvote
        }
        Point::BeforeRemoval
        | Point::HalfRemoved
        | Point::AfterRemoval
        | Point::RemovalKept
        | Point::AfterCursor => Step::Delete,
    }
}

/// A point at which the bot is to die.
struct Trap<'a> {
    point: Point,
    folder: &'a Path,
    set: Cell<u32>,
}

impl Trap<'_> {
    /// The step begins.
    fn before(&self, step: Step) {
        if begins(self.point) == step {
            self.set();
        }
    }

    fn set(&self) {
        fs::write(self.folder.join(format!("{:?}", self.point)), "").expect("writes");
        self.set.set(self.set.get() + 1);
    }

    /// Takes the trap away; false where the bot did so first, and dies of it.
    fn take_away(&self) -> bool {
        fs::remove_file(self.folder.join(format!("{:?}", self.point))).is_ok()
    }
}

/// The people of a room. The one who is told something in private is in no other.
struct Scene<'a> {
    mira: Person,
    sol: &'a Person,
    ivo: &'a Person,
    room: RoomId,
    bot: UserId,
}

impl<'a> Scene<'a> {
    async fn new(
        server: &Synapse,
        bot: &Bot,
        options: RoomOptions,
        [sol, ivo]: [&'a Person; 2],
    ) -> Self {
        let mira = server.person("mira").await;
        let room = mira
            .create_room("Kitchen", options.invite(bot.user()))
            .await;
        mira.wait_joined(&room, bot.user().as_str()).await;
        mira.set_power(&room, bot.user(), 50).await;
        tokio::join!(sol.join(&room), ivo.join(&room));
        let bot = bot.user().clone();
        Self {
            mira,
            sol,
            ivo,
            room,
            bot,
        }
    }

    async fn card(&self, address: &str, is_it: impl Fn(&Shown) -> bool) -> Shown {
        card(&self.mira, &self.room, &self.bot, address, is_it).await
    }

    /// What people do; gives the direct room in which one of them is told something.
    async fn play(&self, before: impl Fn(Step)) -> RoomId {
        let (mira, sol, ivo, room) = (&self.mira, self.sol, self.ivo, &self.room);
        before(Step::Ask);
        let asked = mira
            .send(room, "!ask How long does a keg kep?\nIt is a pilsner.")
            .await;
        let question = self.card("#1", |_| true).await.id;
        before(Step::Answer);
        sol.in_thread(room, &question, "!answer Six weeks.").await;
        let answer = self.card("#1.1", |_| true).await.id;
        let second = ivo.send(room, "!answer #1 Two days.").await;
        let deleted = self.card("#1.2", |_| true).await.id;
        before(Step::Vote);
        ivo.react(room, &answer, "👍").await;
        let vote = sol.react(room, &asked, "👍").await;
        sol.react(room, &deleted, "👎").await;
        before(Step::Edit);
        mira.edit(
            room,
            &asked,
            "!ask How long does a keg keep?\nIt is a pilsner.",
        )
        .await;
        before(Step::Accept);
        mira.react(room, &answer, "✅").await;
        before(Step::Command);
        ivo.send(room, "!up #1").await;
        notice(ivo, room, &self.bot, "You voted for #1").await;
        before(Step::OwnVote);
        mira.react(room, &question, "👍").await;
        mira.wait_for(room, "the reaction to be taken away", |shown| {
            let card = shown.iter().find(|shown| shown.id == question)?;
            (card.count("👍") == 0).then_some(())
        })
        .await;
        let direct = mira.wait_invite(self.bot.as_str()).await;
        mira.join(&direct).await;
        notice(mira, &direct, &self.bot, "nobody votes on their own posts").await;
        before(Step::Unvote);
        sol.redact(room, &vote).await;
        before(Step::Delete);
        ivo.redact(room, &second).await;
        mira.wait_for(room, "the answer's card to go", |shown| {
            shown.iter().all(|shown| shown.id != deleted).then_some(())
        })
        .await;
        self.card("#1", |card| {
            ["keep?", "1 answer", "✅", "+1 vote "]
                .iter()
                .all(|part| card.body.contains(part))
        })
        .await;
        self.card("#1.1", |card| {
            card.body.contains('✅') && card.body.contains("+1 vote")
        })
        .await;
        mira.send(room, "!show #1").await;
        notice(mira, room, &self.bot, "Six weeks").await;
        direct
    }

    /// All that is to be seen, in both rooms, the same in each run.
    async fn seen(&self, direct: &RoomId) -> Seen {
        let shown = self.mira.shown(&self.room).await;
        let direct = self.mira.shown(direct).await;
        let invited = self.mira.get("/_matrix/client/v3/sync").await;
        let invited = invited.expect("syncs")["rooms"]["invite"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        let own = |kind: &str| {
            let all = shown.iter().chain(&direct);
            all.filter(|shown| shown.sender == self.bot && shown.msgtype == kind)
                .count()
        };
        let (cards, replies) = (own("m.text"), own("m.notice"));
        let bodies: BTreeMap<_, _> = shown
            .iter()
            .map(|shown| (&shown.id, shown.body.as_str()))
            .collect();
        let line = |shown: &Shown| {
            let hangs = [&shown.thread, &shown.reply_to].map(|on| {
                on.as_ref()
                    .map(|on| *bodies.get(on).unwrap_or(&"what is gone"))
            });
            let reactions: Vec<String> = shown
                .reactions
                .iter()
                .map(|(key, by)| format!("{key} {}", by.len()))
                .collect();
            let (name, kind, body) = (&shown.name, &shown.msgtype, &shown.body);
            stable(&format!("{name} {kind} {hangs:?} {reactions:?}\n{body}"))
        };
        let mut lines: Vec<String> = shown.iter().chain(&direct).map(line).collect();
        lines.sort();
        lines.push(format!("{invited} more invitations"));
        Seen {
            cards,
            replies,
            lines,
        }
    }
}

/// What is to be seen in a room.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// How many cards there are.
    cards: usize,
    /// How many replies were given.
    replies: usize,
    /// Every message, sorted.
    lines: Vec<String>,
}

/// What is left of a room's hour.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    seen: Seen,
    /// What a search in the forum finds.
    found: Vec<Value>,
}

/// Plays it all in rooms of one bot, one after the other. Gives what is left in each, and what the store has all in all.
async fn run(
    server: &Synapse,
    options: &RoomOptions,
    points: &[Option<Point>],
) -> (Vec<Left>, BTreeMap<String, u64>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bot = Bot::new(server, server.url()).await;
    bot.dies_at(folder.path());
    bot.start();
    let (sol, ivo) = tokio::join!(server.person("sol"), server.person("ivo"));
    let mut played = Vec::new();
    for point in points {
        let scene = Scene::new(server, &bot, options.clone(), [&sol, &ivo]).await;
        let direct = match *point {
            None => scene.play(|_| ()).await,
            Some(point) => {
                let trap = Trap {
                    point,
                    folder: folder.path(),
                    set: Cell::new(0),
                };
                dying(&mut bot, &trap, scene.play(|step| trap.before(step))).await
            }
        };
        played.push((scene, direct));
    }
    assert!(bot.stop().await.success(), "{points:?}: {}", bot.log());
    let said = |arguments: &[&str]| {
        let (fine, said) = bot.says(arguments);
        assert!(fine, "{points:?}: {said}");
        said
    };
    let mut left = Vec::new();
    for (scene, direct) in played {
        let seen = scene.seen(&direct).await;
        let found = said(&["search", "--json", "keg", "--forum", scene.room.as_str()]);
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

/// Starts the bot again when it dies, until what people do is done.
async fn dying<T>(bot: &mut Bot, trap: &Trap<'_>, play: impl Future<Output = T>) -> T {
    let mut play = std::pin::pin!(play);
    let mut deaths = 0;
    let done = loop {
        tokio::select! {
            done = &mut play => break done,
            status = bot.ended() => {
                assert_eq!(status.signal(), Some(SIGABRT), "{:?}: {status}", trap.point);
                deaths += 1;
                if deaths < DEATHS {
                    trap.set();
                }
                bot.start();
            }
        }
    };
    if trap.set.get() > deaths && !trap.take_away() {
        bot.ended().await;
        deaths += 1;
        bot.start();
    }
    assert!(deaths > 0, "the bot never came by {:?}", trap.point);
    done
}

#[tokio::test]
async fn a_crash_at_any_point_loses_nothing_and_repeats_nothing() {
    let server = Synapse::shared().await;
    let options = RoomOptions::public();
    let lanes: Vec<Vec<Option<Point>>> = std::iter::once(vec![None])
        .chain((0..LANES).map(|lane| {
            let points = Point::ALL.iter().skip(lane).step_by(LANES);
            points.copied().map(Some).collect()
        }))
        .collect();
    let tried = join_all(lanes.iter().map(|points| run(server, &options, points))).await;

    let ([calm], once) = (&tried[0].0[..], &tried[0].1) else {
        panic!("nothing was played");
    };
    // The question and one answer; what was said to !up, !show and the vote on one's own post.
    assert_eq!((calm.seen.cards, calm.seen.replies), (2, 3), "{calm:#?}");
    assert_eq!(calm.found.len(), 1, "{calm:#?}");
    assert_eq!(calm.found[0]["title"], "How long does a keg keep?");
    // The vote against the answer that was deleted is still kept.
    assert_eq!(KEPT.map(|what| once[what]), [1, 1, 0, 1, 0, 3, 0]);

    let mut table = BTreeMap::new();
    for (points, (left, totals)) in lanes.iter().zip(&tried).skip(1) {
        for (point, left) in points.iter().flatten().zip(left) {
            assert_eq!(left, calm, "{point:?}, and undisturbed");
            let order = Point::ALL.iter().position(|one| one == point);
            let Seen { cards, replies, .. } = &left.seen;
            let (ends, first) = (point.says(), begins(*point).says());
            table.insert(
                order,
                format!("| {ends} | {first} | {cards} | {replies} |\n"),
            );
        }
        let rooms = points.len() as u64;
        let expected = KEPT.map(|what| once[what] * rooms);
        assert_eq!(KEPT.map(|what| totals[what]), expected, "{points:?}");
    }
    written(&table.into_values().collect::<String>());
}

const BEGIN: &str = "<!-- Written by the test `matrix::crashes`. -->\n";
const END: &str = "<!-- End of the table. -->";

/// Holds the table against the document, or writes it there.
fn written(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/crash-points.md");
    let document = fs::read_to_string(&path).expect("the document");
    let (before, rest) = document.split_once(BEGIN).expect("the table begins");
    let (shown, after) = rest.split_once(END).expect("the table ends");
    let head = "| The process ends when | first while | cards | replies |\n|---|---|---:|---:|\n";
    let table = format!("{head}{table}");
    if std::env::var_os("STOA_WRITE_README").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).expect("writes");
        return;
    }
    assert_eq!(shown, table, "write it anew with STOA_WRITE_README=1");
}
