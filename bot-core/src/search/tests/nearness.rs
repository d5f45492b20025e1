//! Words near what was typed.

use super::*;
use crate::search::near::{Near, Reach, Typed, near};

/// `word/edits/documents` of each word near one that was typed, nearest first.
fn near_in(running: &Running, word: &str, edits: u8, typed: Typed) -> String {
    let snapshot = running.search.shared.snapshot();
    let reach = Reach {
        edits,
        typed,
        most: 8,
    };
    let found = near(&snapshot, running.search.fields.title, word, reach).unwrap();
    let shown = found.iter().map(
        |Near {
             stem,
             edits,
             documents,
         }| format!("{stem}/{edits}/{documents}"),
    );
    shown.collect::<Vec<_>>().join(" ")
}

/// Titles over several segments.
fn cellar() -> (World, Running) {
    let world = World::new();
    let running = world.open();
    for titles in [
        ["A bottle of stout", "A bottle of porter"],
        ["The bottel that broke", "Battle of the stouts"],
        ["Ein größerer Keller", "啤酒 in cans"],
    ] {
        for title in titles {
            world.ask(title, "");
        }
        world.settle(&running);
    }
    (world, running)
}

#[test]
fn words_are_near_by_their_edits_and_then_by_their_use() {
    let (_world, running) = cellar();
    let whole = |word, edits| near_in(&running, word, edits, Typed::Whole);
    assert_eq!(whole("bottl", 0), "bottl/0/2");
    assert_eq!(whole("bottl", 1), "bottl/0/2 battl/1/1 bottel/1/1");
    assert_eq!(whole("bottle", 1), "bottl/1/2 bottel/1/1");
    assert_eq!(whole("sotut", 0), "");
    assert_eq!(whole("sotut", 1), "stout/1/2");
    assert_eq!(whole("sotuz", 2), "stout/2/2");
    assert_eq!(whole("tsout", 1), "stout/1/2");
    assert_eq!(whole("grosserer", 2), "grosser/2/1");
    assert_eq!(whole("啤", 0), "啤/0/1");
}

#[test]
fn the_beginning_of_a_word_is_enough() {
    let (_world, running) = cellar();
    let begun = |word, edits| near_in(&running, word, edits, Typed::Begun);
    assert_eq!(begun("bo", 0), "bottl/0/2 bottel/0/1");
    assert_eq!(begun("batt", 1), "battl/0/1 bottl/1/2 bottel/1/1");
    assert_eq!(begun("xorte", 1), "porter/1/1");
    assert_eq!(begun("zzz", 1), "");
}

#[test]
fn no_word_is_too_strange_to_look_for() {
    let (_world, running) = cellar();
    for typed in [Typed::Whole, Typed::Begun] {
        let long = "ä".repeat(12_000);
        for word in ["", "\0", "\u{10FFFF}", "...", " ", &long] {
            assert_eq!(near_in(&running, word, 0, typed), "", "{word:.20}");
            near_in(&running, word, 9, typed);
        }
        assert_eq!(near_in(&running, &long, 9, typed), "");
    }
}
