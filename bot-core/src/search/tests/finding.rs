//! What is found, and in what order.

use super::*;

#[test]
fn a_question_is_found_by_all_that_belongs_to_it() {
    let world = World::new();
    let running = world.open();
    let keg = world.ask_in(
        world.forum,
        "mira",
        "Keeping an opened keg",
        "It tastes of cardboard.",
        &["storage"],
    );
    let answer = world.answer(keg, "Purge it with nitrogen.");
    world.answer(keg, "Drink faster, says my uncle.");
    world.accept(keg, answer);
    world.ask("Which glass for stout", "");
    for words in [
        "kegs",
        "CARDBOARD",
        "storage",
        "nitrogen",
        "uncle",
        "#1",
        "opening cardboard boxes",
    ] {
        assert_eq!(
            world.found(&running, words),
            ["Keeping an opened keg"],
            "{words}"
        );
    }
    assert_eq!(world.found(&running, "lager"), [] as [&str; 0]);
}

#[test]
fn titles_count_most_and_other_answers_least() {
    let world = World::new();
    let running = world.open();
    let elsewhere = world.ask("Something about brewing here", "Nothing in particular.");
    let best = world.answer(elsewhere, "Patience is what it takes.");
    world.answer(elsewhere, "Rice hulls help, they say.");
    world.accept(elsewhere, best);
    world.ask("Another one about brewing", "A matter of rice hulls.");
    world.ask("When to add rice hulls", "Nothing in particular.");
    assert_eq!(
        world.found(&running, "rice hulls"),
        [
            "When to add rice hulls",
            "Another one about brewing",
            "Something about brewing here"
        ]
    );
}

#[test]
fn stop_words_help_titles_but_find_nothing_by_themselves() {
    let world = World::new();
    let running = world.open();
    world.ask("Yeast and what to do with it", "");
    world.ask("How do I pitch yeast", "");
    world.ask("How do I get a job", "");
    assert_eq!(
        world.found(&running, "how do I pitch the yeast"),
        ["How do I pitch yeast", "Yeast and what to do with it"]
    );
    assert_eq!(world.found(&running, "how do I unicycle"), [] as [&str; 0]);
    assert_eq!(
        world.found(&running, "how do I"),
        [
            "How do I pitch yeast",
            "How do I get a job",
            "Yeast and what to do with it"
        ],
        "a search of nothing else has nothing else to go by"
    );
}

#[test]
fn every_filter_narrows() {
    let world = World::new();
    let running = world.open();
    let ask = |who, title, tags: &[&str]| world.ask_in(world.forum, who, title, "", tags);
    let lager = ask("Mira", "Cold lager", &["cold", "lager"]);
    let stout = ask("Sol Luna", "Warm stout", &["stout"]);
    ask("mira", "Cold stout", &["cold", "stout"]);
    let answer = world.answer(lager, "Ice.");
    world.answer(stout, "Fire.");
    world.accept(lager, answer);
    world.vote(lager, None, Some(Vote::Up));
    world.vote(stout, None, Some(Vote::Down));
    let cases: &[(&str, &[&str])] = &[
        ("tag:cold", &["Cold lager", "Cold stout"]),
        ("tag:COLD tag:stout", &["Cold stout"]),
        ("-tag:cold", &["Warm stout"]),
        ("by:@mira", &["Cold lager", "Cold stout"]),
        ("by:\"sol luna\"", &["Warm stout"]),
        ("stout -by:mira", &["Warm stout"]),
        ("is:answered", &["Cold lager"]),
        ("-is:answered", &["Cold stout", "Warm stout"]),
        ("is:unanswered", &["Cold stout"]),
        ("stout is:unanswered", &["Cold stout"]),
        ("is:closed", &[]),
        ("score:1", &["Cold lager"]),
        ("score:0", &["Cold lager", "Cold stout"]),
        ("score:-1", &["Cold lager", "Cold stout", "Warm stout"]),
        ("-score:0", &["Warm stout"]),
        ("tag:stout warm", &["Warm stout"]),
        ("by:nobody", &[]),
    ];
    for (query, titles) in cases {
        assert_eq!(world.found(&running, query), *titles, "{query}");
    }
    world.vote(stout, Some(Vote::Down), Some(Vote::Up));
    world.vote(stout, None, Some(Vote::Up));
    assert_eq!(
        world.found(&running, "score:1"),
        ["Warm stout", "Cold lager"]
    );
}

#[test]
fn exact_words_and_exclusions_hold() {
    let world = World::new();
    let running = world.open();
    let first = world.ask("Cold crash in the fridge", "");
    world.ask("Crash after a cold night", "");
    let deep = world.ask("Clearing beer", "");
    world.answer(deep, "Gelatin.");
    world.answer(deep, "A cold crash, or `cold_crash()`.");
    // In which order is no matter of this test: how rare a word is depends on what the index has merged already.
    let found = |query: &str| {
        let mut titles = world.found(&running, query);
        titles.sort_unstable();
        titles
    };
    assert_eq!(
        found("\"cold crashes\""),
        ["Clearing beer", "Cold crash in the fridge"]
    );
    assert_eq!(
        world.found(&running, "cold -\"cold crash\""),
        ["Crash after a cold night"]
    );
    assert_eq!(world.found(&running, "cold_crash").len(), 3);
    assert_eq!(
        found("\"cold_crash\""),
        ["Clearing beer", "Cold crash in the fridge"]
    );
    assert_eq!(
        world.found(&running, "-fridge -gelatin"),
        ["Crash after a cold night"]
    );
    world.retitle(first, "Warm crash in the fridge");
    assert_eq!(world.found(&running, "\"cold crash\""), ["Clearing beer"]);
}

#[test]
fn a_forum_sees_its_own_questions_only() {
    let world = World::new();
    let running = world.open();
    let other = world.other_forum("other");
    let alone = world.ask_in(other, "mira", "Yeast for cider", "", &[]);
    for number in 0..9 {
        world.ask(&format!("Yeast number {number}"), "");
    }
    assert_eq!(world.found(&running, "yeast").len(), 9);
    for query in ["yeast", "by:mira", "yeast by:mira"] {
        let found = running
            .search
            .find(other, &Query::parse(query), 0, 10)
            .unwrap();
        assert_eq!(
            found.hits.iter().map(|hit| hit.0).collect::<Vec<_>>(),
            [alone]
        );
    }
}

#[test]
fn equals_are_ordered_by_votes_then_the_newer_first_and_paged() {
    let world = World::new();
    let running = world.open();
    let questions: Vec<PostId> = (0..5).map(|_| world.ask("Same words here", "")).collect();
    world.vote(questions[1], None, Some(Vote::Up));
    world.vote(questions[4], None, Some(Vote::Down));
    world.settle(&running);
    let best = [1, 3, 2, 0, 4].map(|place| questions[place]);
    for query in ["same words", "by:mira"] {
        let query = Query::parse(query);
        for skip in 0..6 {
            let page = running.search.find(world.forum, &query, skip, 2).unwrap();
            assert_eq!(page.total, 5);
            let ids: Vec<PostId> = page.hits.iter().map(|hit| hit.0).collect();
            assert_eq!(
                ids,
                best.iter().copied().skip(skip).take(2).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn what_is_taken_back_is_gone() {
    let world = World::new();
    let running = world.open();
    let question = world.ask("Sour ale at home", "");
    let answer = world.answer(question, "Use lactobacillus.");
    assert_eq!(world.found(&running, "lactobacillus"), ["Sour ale at home"]);
    world.withdraw(answer);
    assert_eq!(world.found(&running, "lactobacillus"), [] as [&str; 0]);
    assert_eq!(world.found(&running, "is:unanswered"), ["Sour ale at home"]);
    world.withdraw(question);
    assert_eq!(world.found(&running, "sour"), [] as [&str; 0]);
    assert_eq!(world.found(&running, "is:unanswered"), [] as [&str; 0]);
    assert_eq!(running.search.documents(), 0);
}

#[test]
fn a_query_of_any_size_or_shape_is_answered() {
    let world = World::new();
    let running = world.open();
    world.ask("Hops and malt", "All about the two of them.");
    let page = "hops and other words of no great use ".repeat(330);
    assert_eq!(world.found(&running, &page), ["Hops and malt"]);
    let filters =
        "tag:x ".repeat(500) + &(0..500).map(|n| format!("-tag:t{n} ")).collect::<String>();
    assert_eq!(world.found(&running, &filters), [] as [&str; 0]);
    assert_eq!(world.found(&running, "-lager"), ["Hops and malt"]);
    for nothing in ["", "?!", "\"\"", "\"", "-", "😀"] {
        assert_eq!(world.found(&running, nothing), [] as [&str; 0], "{nothing}");
    }
    let all_words = (0..2_000)
        .map(|n| format!("\"w{n} x{n}\" -y{n} "))
        .collect::<String>();
    assert_eq!(world.found(&running, &all_words), [] as [&str; 0]);
}

#[test]
fn a_question_is_found_by_the_address_of_any_of_its_posts_alone() {
    let world = World::new();
    let question = world.ask("Version 1.1 of the recipe", "It is for 1 of 1.");
    world.ask("Is 1.1 better than 1", "It is said that 1.1 is.");
    world.answer(question, "Yes.");
    let running = world.open();
    world.settle(&running);
    let found = |said: &str| {
        let query = running.search.query(world.forum, said).unwrap();
        let found = running.search.find(world.forum, &query, 0, 10).unwrap();
        found.hits.iter().map(|hit| hit.0).collect::<Vec<_>>()
    };
    for said in ["#1", "#1.1", "(#1.1)", "#1."] {
        assert_eq!(found(said), [question], "{said}");
    }
    // What is no address here is words.
    assert_eq!(found("#1.7"), [] as [PostId; 0]);
    assert_eq!(found("1.1").len(), 2);
}
