//! What is set for the bot on its way: its own end, the homeserver's, or a full disk.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::time::Duration;

use bot_core::crash::Point;
use synapse::OwnSynapse;

use super::context::Step;
use crate::trap::{DEATHS, SIGABRT, Trap};
use crate::world::Bot;

/// How large a file may be while the disk is full: a few lines of log, and next to nothing of a database.
const FULL: u64 = 12 * 1024;

/// How long the bot may take to a point that lies behind what people see.
const A_WHILE: Duration = Duration::from_secs(20);

/// When the trap is set: before a step that leads by the point. Edits may wait for seconds and meet what people do then.
/// So they come when no direct room is being made: that is the one request that a homeserver may do twice.
pub const fn begins(point: Point) -> Step {
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
        Point::ReplyKept
        | Point::BeforeReplacement
        | Point::ReplacementKept
        | Point::BeforeRemoval
        | Point::HalfRemoved
        | Point::AfterRemoval
        | Point::RemovalKept
        | Point::AfterCursor => Step::Delete,
        Point::InteractionCame
        | Point::BeforeThread
        | Point::AfterThread
        | Point::BeforeRename
        | Point::AfterRename
        | Point::BeforeErased
        | Point::ErasedKept
        | Point::IndexPurged
        | Point::LogCut
        | Point::PagesCleaned
        | Point::FilesClean => {
            panic!("Matrix's way does not lead by it")
        }
    }
}

/// What happens, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// The bot dies at this point.
    Death(Point),
    /// The homeserver is killed while the bot is at this point, and comes back.
    ServerKilled(Point),
    /// The disk takes nothing more from this step on, until the bot has ended and is started again.
    DiskFull(Step),
}

/// Starts the bot again when it dies at the point, until what people do is done.
pub async fn dying<T, P: Future<Output = T>>(
    bot: &mut Bot,
    point: Point,
    folder: &Path,
    play: impl FnOnce(Box<dyn Fn(Step)>) -> P,
) -> T {
    let trap = std::rc::Rc::new(Trap::new(point, folder));
    let setting = std::rc::Rc::clone(&trap);
    let before = move |step| {
        if begins(point) == step {
            setting.set_death();
        }
    };
    let mut play = std::pin::pin!(play(Box::new(before)));
    let mut deaths = 0;
    let done = loop {
        tokio::select! {
            done = &mut play => break done,
            status = bot.ended() => {
                assert_eq!(status.signal(), Some(SIGABRT), "{point:?}: {status}");
                deaths += 1;
                if deaths < DEATHS {
                    trap.set_death();
                }
                bot.start();
            }
        }
    };
    // What people see last may come a moment before the point.
    let late = deaths == 0 && tokio::time::timeout(A_WHILE, bot.ended()).await.is_ok();
    if late {
        deaths += 1;
        bot.start();
    }
    if trap.is_set() > deaths && !trap.take_away() {
        bot.ended().await;
        deaths += 1;
        bot.start();
    }
    assert!(deaths > 0, "the bot never came by {point:?}");
    done
}

/// Kills the homeserver while the bot is at the point, and brings it back while the bot goes on.
pub async fn without_server<T, P: Future<Output = T>>(
    server: &OwnSynapse,
    point: Point,
    folder: &Path,
    play: impl FnOnce(Box<dyn Fn(Step)>) -> P,
) -> T {
    let (set, mut is_set) = tokio::sync::mpsc::unbounded_channel();
    let trap = std::rc::Rc::new(Trap::new(point, folder));
    let setting = std::rc::Rc::clone(&trap);
    let before = move |step| {
        if begins(point) == step {
            setting.set_pipe();
            // Nobody hears where the play is over.
            let _ = set.send(());
        }
    };
    let mut play = std::pin::pin!(play(Box::new(before)));
    let reached = async {
        is_set.recv().await.expect("the trap is set");
        trap.held().await
    };
    let mut reached = std::pin::pin!(reached);
    let (pipe, played) = tokio::select! {
        pipe = &mut reached => (pipe, None),
        played = &mut play => {
            // What people see last may come a moment before the point.
            let Ok(pipe) = tokio::time::timeout(A_WHILE, reached).await else {
                trap.let_go();
                panic!("the bot never came by {point:?}")
            };
            (pipe, Some(played))
        }
    };
    // Meanwhile people look on.
    server.kill().await;
    drop(pipe);
    server.restart().await;
    match played {
        Some(played) => played,
        None => play.await,
    }
}

/// Lets the disk take nothing more from the step on, until the bot has ended of it.
pub async fn with_full_disk<T, P: Future<Output = T>>(
    bot: &mut Bot,
    step: Step,
    play: impl FnOnce(Box<dyn Fn(Step)>) -> P,
) -> T {
    let process = bot.process();
    let before = move |begun| {
        if begun == step {
            limit_files(process, FULL);
        }
    };
    let mut play = std::pin::pin!(play(Box::new(before)));
    let status = tokio::select! {
        _ = &mut play => panic!("the full disk is not noticed: {step:?}"),
        status = bot.ended() => status,
    };
    assert_eq!(status.code(), Some(1), "{step:?}: {}", bot.log());
    bot.start();
    play.await
}

/// No file of the process may grow beyond this many bytes from now on.
fn limit_files(process: u32, bytes: u64) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let process = Pid::from_raw(process.try_into().expect("a process id"));
    let limit = Rlimit {
        current: Some(bytes),
        maximum: None,
    };
    prlimit(process, Resource::Fsize, limit).expect("sets a limit");
}
