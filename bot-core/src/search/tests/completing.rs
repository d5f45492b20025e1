//! Titles and tags while they are typed.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::forum::{Hider, Hiding};
use crate::search::blocks;

impl World {
    /// The titles of a forum that are completed, best first.
    fn completed_in(&self, running: &Running, forum: ForumId, typed: &str) -> Vec<String> {
        self.settle(running);
        let draft = Draft::parse(typed);
        let found = running.search.complete_titles(forum, &draft, 20).unwrap();
        let mut fitting = draft.fitting();
        let titles = found.iter().map(|question| {
            let documents = self.store.reader().documents(&[*question]).unwrap();
            documents.first().unwrap().title.clone()
        });
        let mut titles: Vec<String> = titles.collect();
        titles.sort_by_key(|title| fitting.fit(title));
        titles
    }

    fn completed(&self, running: &Running, typed: &str) -> Vec<String> {
        self.completed_in(running, self.forum, typed)
    }

    fn tags(&self, running: &Running, typed: &str) -> String {
        self.settle(running);
        let tags = running.search.complete_tags(self.forum, typed, 20).unwrap();
        tags.join(" ")
    }
}

/// A forum of these titles, each in a segment of its own.
fn asked(titles: &[&str]) -> (World, Running) {
    let world = World::new();
    let running = world.open();
    for title in titles {
        world.ask(title, "A text in which kegs are.");
        world.settle(&running);
    }
    (world, running)
}

#[test]
fn a_word_is_completed_from_its_first_letter_on() {
    let (world, running) = asked(&["Brewing in a café", "How do I brew stout?"]);
    let (brewing, brew) = ("Brewing in a café", "How do I brew stout?");
    for typed in ["b", "br", "bre", "brew", "BREW"] {
        let completed = world.completed(&running, typed);
        assert_eq!(completed, [brewing, brew], "{typed}");
    }
    assert_eq!(world.completed(&running, "brewi"), [brewing]);
    // A word that stands there whole is also found by its stem.
    assert_eq!(world.completed(&running, "brewing"), [brewing, brew]);
    assert_eq!(world.completed(&running, "how do i brewed "), [brew]);
    for typed in [
        "cafe",
        "CAFÉ",
        "caf",
        "cafe\u{301}",
        "brewing caf",
        "café br",
    ] {
        assert_eq!(world.completed(&running, typed), [brewing], "{typed}");
    }
    for typed in ["ewing", "brxwx", "stout café", "keg", "x", "t"] {
        assert_eq!(world.completed(&running, typed), [""; 0], "{typed}");
    }
}

#[test]
fn typing_errors_are_forgiven_where_nothing_is_found_otherwise() {
    let (world, running) = asked(&[
        "Which bottle for stout?",
        "Battle of the fermenters",
        "Fermentation at 18 degrees",
    ]);
    let [bottle, battle, degrees] = [
        "Which bottle for stout?",
        "Battle of the fermenters",
        "Fermentation at 18 degrees",
    ];
    for (typed, found) in [
        ("bott", &[bottle][..]),
        ("batt", &[battle]),
        ("bttle", &[battle, bottle]),
        ("obttle", &[bottle]),
        ("botlte", &[bottle]),
        ("xottle", &[bottle]),
        ("whihc bottl", &[bottle]),
        ("bottle stuot", &[bottle]),
        ("bottel stout ", &[bottle]),
        ("femrentx", &[degrees, battle]),
        ("fremetnat", &[degrees]),
        ("fermenatoin degr", &[degrees]),
        // Too short, a number, or too much.
        ("btl", &[]),
        ("fermentation at 19", &[]),
        ("bxttxe", &[]),
        ("fxrmxntxtion", &[]),
    ] {
        let mut completed = world.completed(&running, typed);
        completed.sort_by_key(|title| found.iter().position(|known| known == title));
        assert_eq!(completed, found, "{typed}");
    }
}

#[test]
fn titles_that_begin_so_come_first_then_those_with_votes_then_the_newer() {
    let world = World::new();
    let running = world.open();
    let asked = ["Old kegs", "New kegs", "Good kegs", "Kegs of old"];
    let questions = asked.map(|title| world.ask(title, ""));
    let order = |typed| world.completed(&running, typed).join(", ");
    assert_eq!(order("keg"), "Kegs of old, Good kegs, New kegs, Old kegs");
    world.vote(questions[0], None, Some(Vote::Up));
    world.vote(questions[2], None, Some(Vote::Down));
    assert_eq!(order("k"), "Kegs of old, Old kegs, New kegs, Good kegs");
    assert_eq!(order("kegs ol"), "Kegs of old, Old kegs");
    assert_eq!(order("old keg"), "Old kegs, Kegs of old");
    let draft = Draft::parse("keg");
    let few = running.search.complete_titles(world.forum, &draft, 2);
    assert_eq!(few.unwrap(), [questions[3], questions[0]]);
}

#[test]
fn scripts_without_spaces_are_completed() {
    let (world, running) = asked(&["啤酒怎么保存", "Где хранить пиво?", "Größe des Kellers"]);
    for (typed, found) in [
        ("啤", "啤酒怎么保存"),
        ("啤酒", "啤酒怎么保存"),
        ("保存", "啤酒怎么保存"),
        ("пи", "Где хранить пиво?"),
        ("ПИВО где", "Где хранить пиво?"),
        ("хрнаить", "Где хранить пиво?"),
        ("grosse", "Größe des Kellers"),
        ("größe kel", "Größe des Kellers"),
    ] {
        assert_eq!(world.completed(&running, typed), [found], "{typed}");
    }
}

#[test]
fn what_is_hidden_or_elsewhere_is_not_completed() {
    let (world, running) = asked(&["A keg to keep", "A keg to hide", "A keg to withdraw"]);
    let other = world.other_forum("other");
    world.ask_in(other, "sol", "A keg elsewhere", "", &["keg"]);
    let find = |title: &str| {
        let mut all = world.store.reader().documents_after(PostId(0), 9).unwrap();
        all.retain(|document| document.title == title);
        all.first().unwrap().question
    };
    let by = act(&world.store, |tx| person(tx, ForumId(1), "mira")).identity;
    let (hidden, withdrawn) = (find("A keg to hide"), find("A keg to withdraw"));
    world.change(Change::Hidden {
        post: hidden,
        hiding: Hiding {
            by: Hider::Author,
            withdrawal: None,
        },
        by: Some(by),
        at: NOW,
    });
    world.withdraw(withdrawn);
    assert_eq!(world.completed(&running, "keg"), ["A keg to keep"]);
    assert_eq!(world.completed(&running, "hide"), [""; 0]);
    assert_eq!(
        world.completed_in(&running, other, "keg"),
        ["A keg elsewhere"]
    );
    assert_eq!(world.completed_in(&running, ForumId(99), "keg"), [""; 0]);
    world.retitle(find("A keg to keep"), "A barrel");
    assert_eq!(world.completed(&running, "keg"), [""; 0]);
    assert_eq!(world.completed(&running, "bar"), ["A barrel"]);
}

#[test]
fn tags_are_completed_by_use_and_in_the_forum() {
    let world = World::new();
    let running = world.open();
    let other = world.other_forum("other");
    for (forum, tags) in [
        (world.forum, &["rust", "regex"][..]),
        (world.forum, &["rust", "café"]),
        (world.forum, &["rye", "c++"]),
        (other, &["rum", "rust", "rye"]),
        (other, &["rye", "regular"]),
    ] {
        world.ask_in(forum, "mira", "Which one is it?", "", tags);
        world.settle(&running);
    }
    for (typed, found) in [
        ("r", "rust regex rye"),
        (" RE", "regex"),
        ("cafe", "café"),
        ("Caf", "café"),
        ("c+", "c++"),
        ("rsut", "rust"),
        ("xust", "rust"),
        ("rusty", "rust"),
        ("rum", ""),
        ("zz", ""),
        ("%", ""),
        (" ", ""),
    ] {
        assert_eq!(world.tags(&running, typed), found, "{typed}");
    }
}

#[test]
fn nothing_that_is_typed_is_an_error() {
    let (world, running) = asked(&["How do I brew stout?", "Naïve 啤酒 of 2024"]);
    let long = "Ünï".repeat(4_000);
    let many = "brew ".repeat(3_000);
    let spaces = " ".repeat(12_000);
    for typed in [
        "",
        " \t\n",
        "?!…",
        "\0",
        "\u{1}",
        "w\u{1}brew",
        "\u{202E}",
        "'",
        "___",
        "👍🏽",
        "\u{10FFFF}",
        &"?".repeat(12_000),
        &"\0".repeat(12_000),
        &spaces,
        &long,
    ] {
        assert_eq!(world.completed(&running, typed), [""; 0], "{typed:.20}");
        assert_eq!(world.tags(&running, typed), "", "{typed:.20}");
    }
    assert_eq!(world.completed(&running, &many), ["How do I brew stout?"]);
    assert_eq!(
        world.completed(&running, "how\0do\0i\0br"),
        ["How do I brew stout?"]
    );
}

#[test]
fn in_many_blocks_the_newest_come_first_and_the_oldest_are_found() {
    let world = World::new();
    let blocks = 40;
    let count = blocks * blocks::BLOCK as usize;
    // Enough for several rounds; questions of few words, so that there may be many.
    let forum = world.forum;
    act(&world.store, move |tx| {
        let author = person(tx, forum, "mira")?;
        for number in 0..count {
            let title = match number {
                7 => "An only unicorn".to_owned(),
                _ => format!("Common word{}", number % 10),
            };
            let post = NewPost::Question {
                title: Title::new(&title).unwrap(),
                body: Body::new(PostKind::Question, "").unwrap(),
                tags: Tags::default(),
            };
            let posted = Change::Posted {
                author,
                at: NOW,
                post,
            };
            tx.apply(forum, &[posted], NOW)?;
        }
        Ok(())
    });
    let running = world.open();
    world.settle(&running);
    assert_eq!(world.completed(&running, "u"), ["An only unicorn"]);
    assert_eq!(
        world.completed(&running, "uniconr onl"),
        ["An only unicorn"]
    );
    let find = |typed| {
        let draft = Draft::parse(typed);
        let found = running.search.complete_titles(forum, &draft, 3).unwrap();
        found.iter().map(|question| question.0).collect::<Vec<_>>()
    };
    let newest = i64::try_from(count).unwrap();
    assert_eq!(find("c"), [newest, newest - 1, newest - 2]);
    assert_eq!(find("word5"), [newest - 4, newest - 14, newest - 24]);
}

const WORDS: [&str; 8] = [
    "red",
    "amber",
    "ambers",
    "violet",
    "violin",
    "fermenting",
    "fermented",
    "in",
];

/// Titles of a few words, over many segments.
fn many() -> (World, Running, Vec<String>) {
    let world = World::new();
    let running = world.open();
    let mut left = 11_usize;
    let titles: Vec<String> = (0..40)
        .map(|number| {
            let words = (0..2 + number % 3).map(|_| {
                left = left.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                WORDS[(left >> 40) % WORDS.len()]
            });
            words.collect::<Vec<_>>().join(" ")
        })
        .collect();
    for title in &titles {
        if let Ok(title) = Title::new(title) {
            world.ask(title.as_str(), "");
            world.settle(&running);
        }
    }
    (world, running, titles)
}

#[test]
fn what_is_completed_has_a_word_near_each_that_was_typed() {
    let (world, running, titles) = many();
    let one = proptest::sample::select(&WORDS[..]);
    let typed = (one, 1_usize..12, 0_usize..12, "[a-z]").prop_map(|(word, cut, at, letter)| {
        let mut typed: String = word.chars().take(cut).collect();
        if at < typed.len() {
            typed.replace_range(at..=at, &letter);
        }
        typed
    });
    let drafts = (proptest::collection::vec(typed, 1..4), "[ ]?")
        .prop_map(|(words, end)| words.join(" ") + &end);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(500));
    let outcome = runner.run(&drafts, |typed| {
        let draft = Draft::parse(&typed);
        let completed = world.completed(&running, &typed);
        for title in &completed {
            prop_assert!(
                draft.fitting().fit(title).is_some(),
                "{} is no {}",
                title,
                typed
            );
        }
        // A word that is there may mean another one with one error only.
        if draft.words.len() == 1 {
            let mut fitting = draft.fitting();
            let any = titles.iter().any(|title| fitting.fit(title).is_some());
            prop_assert_eq!(any, !completed.is_empty(), "{}", typed);
        }
        Ok(())
    });
    outcome.unwrap();
}
