//! What is taken back leaves every file of the storage folder, wherever the process ends on the way there.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};

use bot_core::crash::{CrashRoute, Point};
use futures_util::future::join_all;

use super::Shell;
use crate::trap::{self, SIGABRT, Trap};

/// The table's only column behind the first two.
const COLUMN: &str = "files that have it";

impl Shell {
    /// A terminal at which somebody sits as long as its input is open.
    fn console(&self, points: &Path) -> Child {
        let mut command = self.stoa(&["console"]);
        command.env("STOA_CRASH_AT", points).stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("starts")
    }

    /// In how many files of the storage folder any of these words stands.
    fn holders(&self, words: &[&str]) -> usize {
        let storage = self.storage();
        let holders = words.iter().map(|word| trap::holders(&storage, word).len());
        holders.sum()
    }
}

/// What is typed ends where the next command begins.
fn types(console: &mut Child, lines: &str) {
    let input = console.stdin.as_mut().expect("it is piped");
    writeln!(input, "{lines}!help").expect("it reads");
    input.flush().expect("it reads");
}

/// Waits until it has ended by itself, or because its person has gone.
async fn ends(mut console: Child, gone: bool) -> ExitStatus {
    let input = console.stdin.take().filter(|_| !gone);
    let waiting = tokio::task::spawn_blocking(move || console.wait());
    let ended = waiting.await.expect("no panic").expect("it ends");
    drop(input);
    ended
}

/// The process ends at this point, twice if it comes by once more; gives how many files have what was taken back when the next one is done.
async fn killed_at(point: Point) -> usize {
    let shell = Shell::new();
    let points = tempfile::tempdir().expect("a folder");
    let asked = "!ask What is a qvarktitle? --tag qvarktag\nIt is a qvarkbody.\n\
         !edit #1 It is a qvarkedit.\n!answer #1 It is nothing.\n";
    assert_eq!(shell.pipe(&["console"], asked).code, Some(0));
    let words = ["qvarktitle", "qvarktag", "qvarkbody", "qvarkedit"];
    assert!(shell.holders(&words) >= words.len());
    let death = Trap::new(point, points.path());
    death.set_death();
    let mut console = shell.console(points.path());
    types(&mut console, "!delete #1\n");
    let died = ends(console, false).await;
    assert_eq!(died.signal(), Some(SIGABRT), "{point:?}");
    if point != Point::FilesClean {
        death.set_death();
        let console = shell.console(points.path());
        let died = ends(console, false).await;
        assert_eq!(died.signal(), Some(SIGABRT), "{point:?} once more");
    }
    // The next one is done with it when it is with what comes after it.
    let done = Trap::new(Point::FilesClean, points.path());
    done.set_pipe();
    let mut console = shell.console(points.path());
    types(&mut console, "!ask What is asked last?\n!delete #2\n");
    let held = done.held().await;
    let left = shell.holders(&words);
    drop(held);
    assert!(ends(console, true).await.success());
    left
}

#[tokio::test]
async fn what_is_taken_back_is_gone_wherever_the_process_ends_on_the_way() {
    let points: Vec<Point> = Point::on(CrashRoute::Files).collect();
    let left = join_all(points.iter().map(|point| killed_at(*point))).await;
    assert_eq!(left, vec![0; points.len()]);
    let column: BTreeMap<usize, String> = left
        .into_iter()
        .map(|left| left.to_string())
        .enumerate()
        .collect();
    let rows = points
        .iter()
        .map(|point| [point.says(), "a question is deleted"]);
    crate::crash_table::written(
        "cli::forgetting",
        &[COLUMN],
        rows.collect(),
        (COLUMN, column),
    );
}
