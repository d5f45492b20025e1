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
