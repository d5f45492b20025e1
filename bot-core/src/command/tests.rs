//! What people write, and what is made of it.

use super::view::{Questions, Search, Show};
use super::*;
use crate::forum::{Address, Vote};

mod hostile;
mod options;
mod suggestions;

const ROOM: Speech<'static> = Speech {
    prefix: "!",
    bare: Bare::Talk,
    hangs: false,
    own: None,
};
const THREAD: Speech<'static> = Speech {
    hangs: true,
    ..ROOM
};
const DIRECT: Speech<'static> = Speech {
    bare: Bare::Spelled,
    ..ROOM
};
const TERMINAL: Speech<'static> = Speech {
    bare: Bare::Command,
    ..ROOM
};

fn at(text: &str) -> Target {
    Target::At(text.parse::<Address>().expect("an address"))
}

fn intent(text: &str, speech: Speech<'_>) -> Intent {
    match parse(text, speech) {
        Parsed::Intent(intent) => intent,
        other => panic!("{text:?} is {other:?}"),
    }
}

fn act(text: &str, speech: Speech<'_>) -> Act {
    match intent(text, speech) {
        Intent::Act(act) => act,
        other => panic!("{text:?} is {other:?}"),
    }
}

fn looks(text: &str, speech: Speech<'_>) -> View {
    match intent(text, speech) {
        Intent::View(view) => view,
        other => panic!("{text:?} is {other:?}"),
    }
}

#[test]
fn a_question_is_a_title_and_the_lines_below_it() {
    assert_eq!(
        act(
            "!ask How long does it keep? --tag keg,beer\n\n    code first\nthen words",
            ROOM
        ),
        Act::Ask {
            title: "How long does it keep?".to_owned(),
            body: "    code first\nthen words".to_owned(),
            tags: vec!["keg".to_owned(), "beer".to_owned()],
        }
    );
    assert_eq!(
        parse("!ask", ROOM),
        Parsed::Incomplete(named("ask").expect("a command"))
    );
    for text in [
        "!ask\nHow long?\nIt is cold.",
        "!ask  \n\nHow long?\nIt is cold.",
        "! ask How long?\nIt is cold.",
        "！ask How long?\nIt is cold.",
        "!ask: How long?\nIt is cold.",
    ] {
        let asked = Act::Ask {
            title: "How long?".to_owned(),
            body: "It is cold.".to_owned(),
            tags: Vec::new(),
        };
        assert_eq!(act(text, ROOM), asked, "{text:?}");
    }
}

#[test]
fn dashes_that_are_no_option_stay_in_the_title() {
    let Act::Ask { title, tags, .. } = act("!ask What does git --amend do --tags git", ROOM) else {
        panic!("a question");
    };
    assert_eq!(
        (title.as_str(), tags.as_slice()),
        ("What does git --amend do", &["git".to_owned()][..])
    );
}

#[test]
fn an_address_may_be_left_out_where_the_message_hangs_on_a_post() {
    let answer = |question, body: &str| Act::Answer {
        question,
        body: body.to_owned(),
    };
    assert_eq!(
        act("!answer #42 Two weeks.", ROOM),
        answer(at("42"), "Two weeks.")
    );
    assert_eq!(
        act("!answer 42 Two weeks.", ROOM),
        answer(at("42"), "Two weeks.")
    );
    assert_eq!(
        act("!answer Two weeks.", THREAD),
        answer(Target::Here, "Two weeks.")
    );
    assert_eq!(
        act("!answer 42 is the answer", THREAD),
        answer(Target::Here, "42 is the answer")
    );
    assert_eq!(
        act("!answer #42 Two weeks.", THREAD),
        answer(at("42"), "Two weeks.")
    );
    assert_eq!(
        parse("!answer Two weeks.", ROOM),
        Parsed::Incomplete(named("answer").expect("a command"))
    );
    assert_eq!(
        act("!up", THREAD),
        Act::SetVote {
            post: Target::Here,
            vote: Vote::Up
        }
    );
    assert_eq!(
        act("!answer\nTwo\nlines", THREAD),
        answer(Target::Here, "Two\nlines")
    );
}

#[test]
fn a_post_is_hidden_and_shown_again_by_its_address() {
    assert_eq!(act("!hide #42.1", ROOM), Act::Hide { post: at("42.1") });
    assert_eq!(act("!unhide 42", ROOM), Act::Unhide { post: at("42") });
    assert_eq!(
        act("!remove #42.1", ROOM),
        Act::RemoveMessage { post: at("42.1") }
    );
    assert_eq!(act("!hide", THREAD), Act::Hide { post: Target::Here });
    assert_eq!(
        parse("!unhide", ROOM),
        Parsed::Incomplete(named("unhide").expect("a command"))
    );
}

#[test]
fn an_edit_says_what_changes() {
    assert_eq!(
        act(
            "!edit #1 --title \"A better title\" --reason typo in the title",
            ROOM
        ),
        Act::Edit {
            post: at("1"),
            title: Some("A better title".to_owned()),
            body: None,
            tags: None,
            reason: Some("typo in the title".to_owned()),
            seen: None,
        }
    );
    assert_eq!(
        act("!edit #1.1 new text\nmore", ROOM),
        Act::Edit {
            post: at("1.1"),
            title: None,
            body: Some("new text\nmore".to_owned()),
            tags: None,
            reason: None,
            seen: None,
        }
    );
    assert_eq!(
        parse("!edit #1", ROOM),
        Parsed::Incomplete(named("edit").expect("a command"))
    );
}

#[test]
fn lists_and_searches_have_pages() {
    assert_eq!(
        looks("!questions unanswered tag:rust 2", ROOM),
        View::Questions(Questions {
            order: ListOrder::Unanswered,
            tag: Some("rust".to_owned()),
            page: 2
        })
    );
    assert_eq!(
        looks("!search keg \"two weeks\" -wine page:3", ROOM),
        View::Search(Search {
            query: "keg \"two weeks\" -wine".to_owned(),
            page: 3
        })
    );
    assert_eq!(
        looks("!show #4 2", ROOM),
        View::Show(Show {
            post: at("4"),
            page: 2
        })
    );
}

#[test]
fn a_near_miss_is_noticed_and_other_bots_commands_are_not() {
    for (text, name) in [
        ("!serach keg", "search"),
        ("!anser #1 x", "answer"),
        ("!Qestions", "questions"),
    ] {
        assert!(
            matches!(parse(text, ROOM), Parsed::Unknown { near, .. } if near.name == name),
            "{text}"
        );
    }
    for text in [
        "!weather Bern",
        "!",
        "! a",
        "! of",
        "!!",
        "hello",
        "ask me",
        "!x",
        "",
        "!1",
    ] {
        assert_eq!(parse(text, ROOM), Parsed::Nothing, "{text}");
    }
}

#[test]
fn alone_with_the_bot_no_prefix_is_needed() {
    assert_eq!(intent("search keg", DIRECT), intent("!search keg", DIRECT));
    assert_eq!(
        act("👍🏽 #4.1", DIRECT),
        Act::SetVote {
            post: at("4.1"),
            vote: Vote::Up
        }
    );
    assert_eq!(act("✅ 4.1", TERMINAL), Act::Accept { answer: at("4.1") });
    assert_eq!(parse("good morning", DIRECT), Parsed::Talk);
    assert_eq!(parse("👍 #4", ROOM), Parsed::Nothing);
}

#[test]
fn a_languages_own_words_are_understood_besides_the_english_ones() {
    let own = OwnWords::new(|english| format!("Ü{english}"));
    let speech = Speech {
        own: Some(&own),
        ..ROOM
    };
    for (said, english) in [
        ("!questions ühot tag:a", "!questions hot tag:a"),
        ("!questions ÜVOTES", "!questions votes"),
        ("!forum join k7qd-m2xa üYes", "!forum join k7qd-m2xa yes"),
        (
            "!forum leave Stammtisch üyes",
            "!forum leave Stammtisch yes",
        ),
    ] {
        assert_eq!(intent(said, speech), intent(english, ROOM), "{said}");
        assert_eq!(intent(english, speech), intent(english, ROOM), "{english}");
        assert_ne!(parse(said, ROOM), parse(english, ROOM), "{said}");
    }
    assert!(own.agrees("üyes") && own.agrees("YES") && !own.agrees("üno"));
    assert!(own.declines("ÜNO") && own.declines("No") && !own.declines("yes"));
}

#[test]
fn plain_talk_alone_with_the_bot_is_no_command() {
    let hanging = Speech {
        hangs: true,
        ..DIRECT
    };
    for talk in [
        "delete 3 of these please",
        "a 1 day trip is nice",
        "s it again",
        "c 1 yourself",
        "h m",
        "find me a keg",
        "up 2 you",
        "up #2 you go",
        "down the drain",
        "show 3 things",
        "accept 1.1",
        "accept that",
        "hide and seek",
        "history 1 is boring",
        "answer me",
        "comment below",
        "edit this",
        "remove it",
        "unlink the chain",
        "link me to the page",
        "forum join the others",
        "✅ 4.1",
        "👍 2",
    ] {
        for speech in [DIRECT, hanging] {
            let parsed = parse(talk, speech);
            let begun = matches!(parsed, Parsed::Incomplete(_)) && talk.contains('#');
            assert!(parsed == Parsed::Talk || begun, "{talk:?} is {parsed:?}");
        }
    }
    assert_eq!(act("Delete #3", DIRECT), Act::Delete { post: at("3") });
    assert_eq!(act("delete", hanging), Act::Delete { post: Target::Here });
    assert_eq!(
        parse("answer #3", DIRECT),
        Parsed::Incomplete(named("answer").expect("a command"))
    );
    // With the prefix, and where nobody else is talked to, it is said as short as it can be.
    assert_eq!(act("!delete 3", DIRECT), Act::Delete { post: at("3") });
    assert_eq!(act("delete 3", TERMINAL), Act::Delete { post: at("3") });
}

#[test]
fn names_are_unique() {
    let mut names: Vec<_> = COMMANDS
        .iter()
        .flat_map(|c| c.aliases.iter().chain([&c.name]))
        .collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
