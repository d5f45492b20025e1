//! What search finds of the judged sets, held to floors: what SQLite's own full-text search would find, and well above it.
//! They are skipped where the shared data is not there; `STOA_SHARED` says where it is.

use std::path::Path;

use relevance::{Judgements, MEASURES, Order, Run, measure};

use super::Shell;
use super::import::shared;

/// Imports, searches for each query, and holds MAP and P@1 to their floors.
fn holds(set: &str, import: &[&str], own: Option<&str>, [map, first]: [f64; 2]) {
    let Some(judged) = shared(&format!("data/judged/{set}")) else {
        return;
    };
    let shell = Shell::new();
    let imported = shell.says(import);
    assert_eq!(imported.code, Some(0), "{}", imported.err);
    let queries = format!("{judged}/queries.tsv");
    let found = shell.says(&["search", "--batch", &queries, "--limit", "100"]);
    assert_eq!(found.code, Some(0), "{}", found.err);
    shell.write("run.txt", &found.out);
    let mut run = Run::read(&shell.path("run.txt"), Order::Score).expect("a run");
    if let Some(prefix) = own {
        run = run.without_own(prefix);
    }
    let judged = Judgements::read(Path::new(&format!("{judged}/qrels.tsv"))).expect("judgements");
    let measured = measure(&judged, &run).each();
    println!("{set}: {MEASURES:?} {measured:.4?}");
    let [found_map, _, found_first, ..] = measured;
    assert!(
        found_map >= map,
        "{set}: MAP {found_map:.4}, at least {map}"
    );
    assert!(
        found_first >= first,
        "{set}: P@1 {found_first:.4}, at least {first}"
    );
}

#[test]
fn paraphrases_find_the_answers_of_stackfaq() {
    if let Some(corpus) = shared("data/judged/stackfaq/corpus.jsonl") {
        holds(
            "stackfaq",
            &["import", "jsonl", &corpus],
            None,
            [0.81, 0.80],
        );
    }
}

#[test]
fn titles_find_the_questions_that_beer_drinkers_linked_to_them() {
    if let Some(dump) = shared("data/stackexchange-beer") {
        holds(
            "beer-links",
            &["import", "stackexchange", &dump],
            Some("q"),
            [0.43, 0.34],
        );
    }
}
