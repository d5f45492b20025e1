//! A made-up forum under what a bench does: with the questions, answers and people that a real one has.

use bot_core::made::Forum;

use crate::bot::Folder;

/// How many posts there are: a third of them are questions.
const POSTS: u64 = 51_000;
/// What `stoa demo` makes if it is not told otherwise.
const SEED: u64 = 1;

/// Fills the forum of the places that the settings name, before the bot is started; gives how many questions there are.
pub fn fill(folder: &Folder) -> usize {
    let mut demo = folder.stoa(&["demo", "--posts", &POSTS.to_string()]);
    let made = demo.output().expect("runs");
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{said}");
    Forum::new(POSTS, SEED).count()
}
