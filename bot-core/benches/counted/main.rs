//! How many instructions the processor carries out for one act, counted under valgrind: figures that repeat on a noisy machine.
//!
//! `cargo bench -p bot-core --bench counted` makes a forum of 10,000 questions with its people, opens it under callgrind and has
//! each act done several times over; time, chance, and the order of what is done are fixed, and nothing is done before all that the
//! act before it set off is over. What is counted is all of the core on all its threads, from an event that is heard to the card that is
//! edited: rules, store, SQLite, search and cards, and no chat. Each time is counted by itself, and the three highest and lowest counts
//! of an act are left out.
//!
//! It prints a table, and fails where a figure is more than 3 % off that in `table.md` in this folder: that table is changed only in a
//! commit that says why. With `-- --write` it is written anew. Another version of rustc makes other code: then nothing is held against the
//! table, and that is said, as it is where no table is kept. Without valgrind, or on another processor than x86-64, nothing is counted, and that is said.

mod acts;
mod room;
mod table;
mod valgrind;

use std::path::Path;
use std::process::ExitCode;

use bot_core::engine::{self, MAIN, Source};
use bot_core::made::{Forum, Lines};
use bot_core::transfer::{Flow, Options};

use table::Table;

/// How many posts make 10,000 questions.
const POSTS: u64 = 30_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [counted, folder, ..] = arguments.as_slice()
        && counted == valgrind::COUNTED
    {
        acts::perform(Path::new(folder));
        return ExitCode::SUCCESS;
    }
    if let Some(why) = valgrind::missing() {
        println!("instructions are not counted: {why}");
        return ExitCode::SUCCESS;
    }
    let writes = arguments.iter().any(|argument| argument == "--write");
    let kept = Table::kept();
    if kept.is_none() && !writes {
        println!("no table is kept, so nothing is held: `-- --write` makes one");
        return ExitCode::SUCCESS;
    }
    let dir = tempfile::tempdir().expect("a folder");
    fill(dir.path());
    let counts = valgrind::count(dir.path());
    let table = Table::of(counts);
    print!("{table}");
    match kept {
        Some(kept) if !writes => table.hold(&kept),
        _ => {
            table.write();
            ExitCode::SUCCESS
        }
    }
}

/// A forum to act in.
fn fill(dir: &Path) {
    let source = Source::Lines {
        from: Box::new(std::io::BufReader::new(Lines::of(Forum::new(POSTS, 1)))),
        total: 0,
        name: "the made-up forum".to_owned(),
    };
    let options = Options {
        forum: MAIN.to_owned(),
        source: "made".to_owned(),
        site: None,
        trust: false,
        now: room::NOW,
    };
    engine::import(dir, source, &options, &mut |_| Flow::On).expect("an import into a new folder");
}
