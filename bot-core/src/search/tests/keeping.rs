//! How the index is kept: it follows, survives, and is built anew where it can't be trusted.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::*;

/// Opens the index and says why it was built anew, once it is.
fn reopened(world: &World) -> (Running, Option<RebuildReason>) {
    let running = world.open();
    world.settle(&running);
    let rebuilt = running.search.rebuilt();
    if let Some(rebuilt) = rebuilt {
        assert_eq!(rebuilt.progress, BuildProgress::Done);
        assert_eq!(rebuilt.documents, running.search.documents());
    }
    (running, rebuilt.map(|rebuilt| rebuilt.why))
}

/// A store with two questions and an index that was left in peace.
fn left_in_peace() -> World {
    let world = World::new();
    let running = world.open();
    let question = world.ask("Keeping hops fresh", "In the freezer, or not?");
    world.answer(question, "In the freezer.");
    world.ask("Keeping malt dry", "");
    assert_eq!(world.found(&running, "keeping").len(), 2);
    running.indexer.stop();
    world
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            !name.starts_with('.')
        })
        .collect();
    files.sort();
    files
}

/// One of the index's files that ends like this.
fn one_of(world: &World, kind: &str) -> PathBuf {
    let mut files = files(&world.index()).into_iter();
    files
        .find(|path| path.extension().is_some_and(|extension| extension == kind))
        .unwrap()
}

fn flip_a_byte(path: &Path) {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    let middle = file.metadata().unwrap().len() / 3;
    let mut byte = [0];
    file.seek(SeekFrom::Start(middle)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(middle)).unwrap();
    file.write_all(&[!byte[0]]).unwrap();
}

#[test]
fn an_index_goes_on_where_it_was_left() {
    let world = left_in_peace();
    world.ask("Keeping water clean", "");
    let (running, why) = reopened(&world);
    assert_eq!(why, None);
    assert_eq!(world.found(&running, "keeping").len(), 3);
    assert_eq!(
        running.search.cursor(),
        world.store.reader().last_seq().unwrap()
    );
    assert_eq!(running.search.documents(), 3);
}

#[test]
fn votes_alone_are_remembered_as_read() {
    let world = left_in_peace();
    let running = world.open();
    world.vote(PostId(1), None, Some(Vote::Up));
    assert_eq!(world.found(&running, "score:1"), ["Keeping hops fresh"]);
    running.indexer.stop();
    let beside = Search::open_beside(&world.index(), world.store.reader().clone()).unwrap();
    assert_eq!(beside.cursor(), world.store.reader().last_seq().unwrap());
}

#[test]
fn an_index_that_is_gone_is_built_anew() {
    let world = left_in_peace();
    fs::remove_dir_all(world.index()).unwrap();
    let (running, why) = reopened(&world);
    assert_eq!(why, Some(RebuildReason::Missing));
    assert_eq!(world.found(&running, "freezer"), ["Keeping hops fresh"]);
}

#[test]
fn an_index_with_any_file_cut_off_or_gone_is_built_anew() {
    let damages: [fn(&Path); 3] = [
        |path| fs::remove_file(path).unwrap(),
        |path| File::create(path).map(drop).unwrap(),
        |path| {
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.set_len(file.metadata().unwrap().len() / 2).unwrap();
        },
    ];
    for damage in damages {
        for kind in ["json", "idx", "pos", "term", "fast", "fieldnorm", "store"] {
            let world = left_in_peace();
            let path = one_of(&world, kind);
            damage(&path);
            let (running, why) = reopened(&world);
            assert!(why.is_some(), "{}", path.display());
            assert_eq!(world.found(&running, "freezer"), ["Keeping hops fresh"]);
        }
    }
}

#[test]
fn an_index_with_a_changed_byte_is_built_anew() {
    let world = left_in_peace();
    for kind in ["idx", "pos", "term", "fast", "fieldnorm", "store"] {
        let path = one_of(&world, kind);
        flip_a_byte(&path);
        let (running, why) = reopened(&world);
        assert_eq!(why, Some(RebuildReason::Damaged), "{}", path.display());
        assert_eq!(world.found(&running, "freezer"), ["Keeping hops fresh"]);
    }
}

#[test]
fn an_index_of_another_store_is_built_anew() {
    let (world, other) = (left_in_peace(), left_in_peace());
    fs::remove_dir_all(world.index()).unwrap();
    fs::rename(other.index(), world.index()).unwrap();
    let (_running, why) = reopened(&world);
    assert_eq!(why, Some(RebuildReason::OtherStore));
}

#[test]
fn an_index_ahead_of_its_store_unfinished_or_of_another_version_is_built_anew() {
    let swaps = [
        (
            "\\\"seq\\\":3",
            "\\\"seq\\\":9",
            RebuildReason::AheadOfStore,
        ),
        (
            "\\\"epoch\\\":",
            "\\\"epoch\\\":1",
            RebuildReason::OtherStore,
        ),
        ("whole", "partly", RebuildReason::Unfinished),
        (
            "\\\"schema\\\":",
            "\\\"schema\\\":9",
            RebuildReason::OtherVersion,
        ),
    ];
    for (from, to, reason) in swaps {
        let world = left_in_peace();
        let meta = world.index().join("meta.json");
        let text = fs::read_to_string(&meta).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(&meta, text.replace(from, to)).unwrap();
        let (running, why) = reopened(&world);
        assert_eq!(why, Some(reason));
        assert_eq!(world.found(&running, "keeping").len(), 2);
    }
}

#[test]
fn damage_that_shows_while_searching_has_the_index_built_anew() {
    let world = left_in_peace();
    let (running, why) = reopened(&world);
    assert_eq!(why, None);
    let path = one_of(&world, "idx");
    flip_a_byte(&path);
    running.search.shared.distrust();
    let mut rebuilding = running.search.rebuilding();
    let done = rebuilding
        .wait_for(|rebuilt| rebuilt.is_some_and(|rebuilt| rebuilt.progress == BuildProgress::Done));
    let rebuilt = block_on(done, None).unwrap().unwrap().unwrap();
    assert_eq!(rebuilt.why, RebuildReason::Damaged);
    assert_eq!(world.found(&running, "freezer"), ["Keeping hops fresh"]);
}

#[test]
fn an_index_removed_under_a_running_process_comes_back() {
    let world = left_in_peace();
    let (running, _) = reopened(&world);
    fs::remove_dir_all(world.index()).unwrap();
    world.ask("Keeping yeast alive", "");
    assert_eq!(world.found(&running, "keeping").len(), 3);
    assert_eq!(
        running.search.rebuilt().map(|rebuilt| rebuilt.why),
        Some(RebuildReason::Missing)
    );
}

#[test]
fn one_process_keeps_the_index_and_others_read_it() {
    let world = left_in_peace();
    let reader = || world.store.reader().clone();
    let (running, _) = reopened(&world);
    let beside = Search::open_beside(&world.index(), reader()).unwrap();
    assert_eq!(world.found_by(&beside, "freezer"), ["Keeping hops fresh"]);
    assert_eq!(
        world.found_by(&beside, "is:unanswered"),
        ["Keeping malt dry"]
    );
    let second = Search::open(&world.index(), reader(), world.store.announced());
    assert!(matches!(second, Err(SearchFault::Busy { .. })));
    let rebuilt = Search::reindex(&world.index(), reader(), |_| ControlFlow::Continue(()));
    assert!(matches!(rebuilt, Err(SearchFault::Busy { .. })));
    running.indexer.stop();
    let mut heard = 0;
    let count = Search::reindex(&world.index(), reader(), |done| {
        heard = done;
        ControlFlow::Continue(())
    });
    assert_eq!((count.unwrap(), heard), (Some(2), 2));
    assert_eq!(world.found_by(&beside, "freezer"), ["Keeping hops fresh"]);
}

#[test]
fn without_an_index_there_is_nothing_to_read() {
    let world = World::new();
    let beside = Search::open_beside(&world.index(), world.store.reader().clone());
    assert!(matches!(
        beside,
        Err(SearchFault::Unusable {
            why: RebuildReason::Missing
        })
    ));
}

#[test]
fn many_questions_are_built_in_parts_and_found_meanwhile() {
    let world = World::new();
    let long = "malt and hops and yeast ".repeat(450);
    for number in 0..900 {
        world.ask(&format!("Question number {number}"), &long);
    }
    let (running, why) = reopened(&world);
    assert_eq!(why, Some(RebuildReason::Missing));
    assert_eq!(running.search.documents(), 900);
    assert_eq!(
        world.found(&running, "number 877").first().unwrap(),
        "Question number 877"
    );
}

#[test]
fn a_build_that_was_broken_off_is_begun_anew() {
    let world = World::new();
    for number in 0..300 {
        world.ask(&format!("Question number {number}"), "");
    }
    let (dir, reader) = (world.index(), world.store.reader());
    let keeper = Keeper::new(
        home::create(&dir).unwrap(),
        &dir,
        reader,
        WriterPurpose::Fill,
    )
    .unwrap();
    let (keeper, flow) = keeper
        .fill(&dir, reader, |_| BuildFlow::Stop, |_| {})
        .unwrap();
    assert_eq!(flow, BuildFlow::Stop);
    drop(keeper);
    let (running, why) = reopened(&world);
    assert_eq!(why, Some(RebuildReason::Unfinished));
    assert_eq!(running.search.documents(), 300);
}
