//! What may have been asked before, and how certain that is.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::forum::InTen;

fn certainty(world: &World, running: &Running, text: &str) -> f32 {
    world.settle(running);
    let found = running.search.similar(world.forum, text, 5).unwrap();
    found.first().map_or(0.0, |first| first.certainty)
}

fn forum() -> World {
    let world = World::new();
    let keg = world.ask("How long does an opened keg last?", "It is in a fridge.");
    world.answer(keg, "About three weeks under gas.");
    for number in 0..40 {
        world.ask(
            &format!("What is hop variety {number} good for?"),
            "I was given some and want to brew with it.",
        );
    }
    world
}

#[test]
fn the_same_question_is_certain_and_another_one_is_not() {
    let world = forum();
    let running = world.open();
    let certain = |text| certainty(&world, &running, text);
    let same = certain("How long does an opened keg last?");
    let near = certain("how long will a keg last once it is opened");
    let other = certain("Which yeast makes a beer sour in a keg?");
    assert!(same > 0.8, "{same}");
    assert!(near > 0.5, "{near}");
    assert!(other < 0.3, "{other}");
    assert!(certain("Quantum chromodynamics") < 0.1);
    assert!(certain("").abs() < f32::EPSILON);
}

#[test]
fn a_typing_error_takes_little_certainty() {
    let world = forum();
    let running = world.open();
    let right = certainty(&world, &running, "How long does an opened keg last?");
    let wrong = certainty(&world, &running, "How long does an opneed keg last?");
    assert!(wrong > right - 0.3, "{wrong} {right}");
}

#[test]
fn nothing_is_a_filter_in_what_would_be_asked() {
    let world = forum();
    let running = world.open();
    let text = "tag:nothing is:closed -keg how long does an opened keg last by:nobody";
    world.settle(&running);
    let found = running.search.similar(world.forum, text, 5).unwrap();
    assert!(!found.is_empty());
    assert!(
        found
            .iter()
            .all(|similar| (0.0..=1.0).contains(&similar.certainty))
    );
}

#[test]
fn other_forums_and_what_is_gone_are_not_similar() {
    let world = forum();
    let other = world.other_forum("other");
    let running = world.open();
    world.settle(&running);
    let text = "How long does an opened keg last?";
    assert!(running.search.similar(other, text, 5).unwrap().is_empty());
    world.withdraw(PostId(1));
    assert!(certainty(&world, &running, text) < 0.3);
}

/// What a forum of one topic is asked.
const QUBITS: [&str; 8] = [
    "What is a qubit?",
    "How is a qubit measured?",
    "Is a qubit real",
    "Why do qubits entangle?",
    "What is it?",
    "How many qubits are there in a quantum computer of today?",
    "Can a qubit be copied?",
    "?????",
];

/// What is said of them.
const SAID: [&str; 10] = [
    "qubit", "qubits", "what", "is", "a", "real", "Wi-Fi", "qubti", "#1", "C++",
];

fn of_one_topic() -> World {
    let world = World::new();
    for title in QUBITS {
        world.ask(title, "I read of qubits and wonder about this qubit.");
    }
    world
}

#[test]
fn in_a_forum_of_one_topic_every_question_is_as_similar_to_itself_as_can_be() {
    let world = of_one_topic();
    let running = world.open();
    world.settle(&running);
    for title in QUBITS {
        for said in [
            title,
            &title.to_uppercase(),
            &format!("  {title}\nI wonder."),
        ] {
            let found = running.search.similar(world.forum, said, 5).unwrap();
            let first = found.first().expect("the question");
            let titles = world.store.reader().titles(&[first.question]).unwrap();
            assert_eq!(titles[&first.question], title, "{said}");
            assert!(InTen::new(9).unwrap().is_met_by(first.certainty), "{said}");
        }
    }
}

#[test]
fn of_an_equal_title_all_questions_are_shown_the_newest_first() {
    let world = of_one_topic();
    let first = world.ask("Which qubit do I buy", "");
    let second = world.ask("Which qubit do I buy?", "Just one.");
    let gone = world.ask("Which qubit do I buy?", "Now.");
    let running = world.open();
    world.withdraw(gone);
    world.settle(&running);
    let found = running
        .search
        .similar(world.forum, "which qubit do I BUY", 5);
    let found: Vec<PostId> = found.unwrap().iter().map(|found| found.question).collect();
    assert_eq!(found[..2], [second, first]);
    let one = running
        .search
        .similar(world.forum, "which qubit do I BUY", 1);
    assert_eq!(one.unwrap().len(), 1);
}

#[test]
fn evidence_is_within_its_range_whatever_is_asked() {
    let world = of_one_topic();
    world.ask("qubit qubit qubit", &"qubit ".repeat(900));
    let running = world.open();
    world.settle(&running);
    let words = proptest::collection::vec(proptest::sample::select(&SAID[..]), 0..12);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    let outcome = runner.run(&words, |words| {
        let asked = words.join(" ");
        for found in running.search.similar(world.forum, &asked, 9).unwrap() {
            for part in found.evidence.parts() {
                prop_assert!((0.0..=1.0).contains(&part), "{asked}: {:?}", found.evidence);
            }
            prop_assert!((0.0..=1.0).contains(&found.certainty));
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn an_admin_says_how_certain_is_enough() {
    let [often, seldom] = [1, 9].map(|times| InTen::new(times).unwrap());
    assert!(often.is_met_by(0.1) && !often.is_met_by(0.09));
    assert!(seldom.is_met_by(0.9) && !seldom.is_met_by(0.89));
    assert!(seldom.is_half_met_by(0.45) && !seldom.is_half_met_by(0.44));
    assert_eq!([InTen::new(0), InTen::new(10)], [None, None]);
}
