//! Which of several comes first, and what is found though it was said otherwise.

use super::*;
use crate::forum::{NewPost, PostKind};

fn comment(world: &World, question: PostId, on: PostId, body: &str) -> PostId {
    let body = Body::new(PostKind::Comment, body).unwrap();
    let comment = NewPost::Comment { on, question, body };
    world.post(world.forum, "ivo", comment)
}

#[test]
fn words_that_stand_together_as_in_the_search_come_first() {
    let world = World::new();
    world.ask(
        "A question about glass",
        "The beer bottle is green, the cap has a rim.",
    );
    world.ask(
        "A question about metal",
        "The bottle cap is green, the beer has a rim.",
    );
    let running = world.open();
    let found = world.found(&running, "bottle cap");
    assert_eq!(found, ["A question about metal", "A question about glass"]);
}

#[test]
fn a_title_that_is_the_search_comes_first() {
    let world = World::new();
    world.ask("How do I keep a keg cold outside in the summer", "");
    world.ask("How do I keep a keg cold", "");
    world.ask("Cold keg: how do I keep it", "");
    let running = world.open();
    let found = world.found(&running, "how do i keep a keg cold");
    assert_eq!(found[0], "How do I keep a keg cold");
}

#[test]
fn every_answer_and_comment_is_searched_while_it_can_be_seen() {
    let world = World::new();
    let question = world.ask("How long does an opened keg last", "");
    world.answer(question, "About three weeks.");
    let answer = world.answer(question, "Ask the landlord, he has a hydrometer.");
    let said = comment(&world, question, answer, "A refractometer does it too.");
    let running = world.open();
    let title = "How long does an opened keg last";
    assert_eq!(world.found(&running, "hydrometer"), [title]);
    assert_eq!(world.found(&running, "refractometer"), [title]);
    world.withdraw(said);
    assert!(world.found(&running, "refractometer").is_empty());
    assert_eq!(world.found(&running, "hydrometer"), [title]);
}

#[test]
fn a_word_that_nobody_wrote_is_taken_for_a_misspelt_one() {
    let world = World::new();
    world.ask("Which fermenter do you use", "");
    world.ask("Wine in a bottle", "");
    let running = world.open();
    for said in ["fermentor", "femrenter", "fermneter vessel", "fermentar"] {
        assert_eq!(
            world.found(&running, said),
            ["Which fermenter do you use"],
            "{said}"
        );
    }
    // A word that somebody wrote is what it is, short words and numbers are too.
    assert_eq!(world.found(&running, "win"), [] as [&str; 0]);
    world.ask("Error 10042 while brewing", "");
    assert!(world.found(&running, "10043").is_empty());
    assert_eq!(world.found(&running, "bottel"), ["Wine in a bottle"]);
    world.ask("Bottel or bottle", "");
    assert_eq!(world.found(&running, "bottel"), ["Bottel or bottle"]);
}

#[test]
fn words_in_one_and_apart_find_each_other() {
    let world = World::new();
    world.ask("My first homebrew", "");
    world.ask("Das Bier aus der Flasche", "");
    let running = world.open();
    assert_eq!(world.found(&running, "home brew"), ["My first homebrew"]);
    assert_eq!(
        world.found(&running, "Bierflasche"),
        ["Das Bier aus der Flasche"]
    );
}

#[test]
fn what_is_written_in_more_ways_than_one_is_found_by_each() {
    let world = World::new();
    world.ask("Réforme de l'orthographe", "");
    world.ask("L’isola dell'acqua", "");
    world.ask("My wifi is slow", "");
    world.ask("The Wi‑Fi at home", "");
    world.ask("An antenna for 5GHz", "");
    world.ask("The band at 5 GHz", "");
    world.ask("document.getElementById gives null", "");
    world.ask("ｶﾒﾗの選び方", "");
    let running = world.open();
    for (said, titles) in [
        ("orthographe", &["Réforme de l'orthographe"][..]),
        ("l'orthographe", &["Réforme de l'orthographe"]),
        ("d’orthographe", &["Réforme de l'orthographe"]),
        ("acqua", &["L’isola dell'acqua"]),
        ("wifi", &["The Wi‑Fi at home", "My wifi is slow"]),
        ("Wi-Fi", &["The Wi‑Fi at home", "My wifi is slow"]),
        ("5ghz", &["The band at 5 GHz", "An antenna for 5GHz"]),
        ("5 GHz", &["The band at 5 GHz", "An antenna for 5GHz"]),
        ("getElementById", &["document.getElementById gives null"]),
        ("element", &["document.getElementById gives null"]),
        ("カメラ", &["ｶﾒﾗの選び方"]),
        ("ｗｉｆｉ", &["The Wi‑Fi at home", "My wifi is slow"]),
    ] {
        let mut found = world.found(&running, said);
        let mut titles = titles.to_vec();
        found.sort();
        titles.sort_unstable();
        assert_eq!(found, titles, "{said}");
    }
}

#[test]
fn languages_of_one_letter_are_told_apart_by_their_signs() {
    let world = World::new();
    let titles = [
        "Pointers in C",
        "Events in C#",
        "Templates in C++",
        "Sockets in .NET",
    ];
    for title in titles {
        world.ask(title, "");
    }
    let running = world.open();
    for (said, title) in ["C", "c#", "C++", ".net"].into_iter().zip(titles) {
        assert_eq!(world.found(&running, said), [title], "{said}");
    }
    assert_eq!(world.found(&running, "net"), ["Sockets in .NET"]);
    let mut others = world.found(&running, "-C++ -C in");
    others.sort();
    assert_eq!(others, ["Events in C#", "Sockets in .NET"]);
}

#[test]
fn a_word_said_more_often_counts_more() {
    let world = World::new();
    world.ask("About kegs", "A keg, no more.");
    world.ask("About taps", "A tap, no more.");
    let running = world.open();
    for (said, title) in [("keg tap keg", "About kegs"), ("keg tap tap", "About taps")] {
        assert_eq!(world.found(&running, said)[0], title, "{said}");
    }
}
