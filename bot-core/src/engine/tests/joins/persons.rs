//! Accounts that become one person, and part again.

use super::*;

#[tokio::test]
async fn two_accounts_are_one_person_and_have_one_vote() {
    let world = World::new().await;
    let here = named_channel();
    world.says("mira", "!ask How long does a keg last?").await;
    world.says("sol", "!up #1").await;
    world.types("sol99", &here, "!down #1").await;
    assert_eq!(world.votes("#1").await, "0 votes");

    assert_snapshot!(world.links(&here, "sol99", "sol").await, @"sol (@sol:x on Matrix) and you are one person now. `/unlink` undoes it.");
    assert_eq!(world.votes("#1").await, "–1 vote", "the later one counts");
    world.types("sol99", &here, "!unvote #1").await;
    assert_eq!(world.votes("#1").await, "0 votes");
    world.says("sol", "!up #1").await;
    world.types("sol99", &here, "!up #1").await;
    assert_eq!(world.votes("#1").await, "+1 vote");
    assert!(
        world
            .types("sol99", &here, "!unlink")
            .await
            .contains("of its own")
    );
    assert_eq!(world.votes("#1").await, "+2 votes", "each their own saying");
}

#[tokio::test]
async fn votes_on_what_becomes_ones_own_post_drop_out() {
    let world = World::new().await;
    let here = named_channel();
    world.says("mira", "!ask How long does a keg last?").await;
    world.types("mira99", &here, "!up #1").await;
    world.says("sol", "!up #1").await;
    assert_eq!(world.votes("#1").await, "+2 votes");
    world.links(&here, "mira99", "mira").await;
    assert_eq!(world.votes("#1").await, "+1 vote");
    assert!(
        world
            .types("mira99", &here, "!down #1")
            .await
            .contains("your own")
    );
    // Taking back what does not count changes nothing.
    world.types("mira99", &here, "!unvote #1").await;
    assert_eq!(world.votes("#1").await, "+1 vote");
    // What the asker says on either side is the asker's.
    world.says("sol", "!answer #1 Two weeks.").await;
    assert!(
        world
            .types("mira99", &here, "!accept #1.1")
            .await
            .contains("accepted")
    );
    world.says("mira", "!unlink").await;
    assert_eq!(
        world.votes("#1").await,
        "+1 vote",
        "the vote was taken back meanwhile"
    );
}

#[tokio::test]
async fn a_name_that_another_has_elsewhere_says_which_is_meant() {
    let world = World::new().await;
    let here = named_channel();
    world.says("ada", "!ask How long does a keg last?").await;
    assert!(
        world.card("$card1").contains("by ada\n"),
        "{}",
        world.shown()
    );
    world.types("ada", &here, "!answer #1 Two weeks.").await;
    world.types("sol", &here, "!answer #1 Three.").await;
    world.core.settled(Platform::MATRIX).await.expect("settles");
    let shown = world.says("reader", "!show #1").await;
    assert!(shown.contains("by ada (@ada:x)"), "{shown}");
    assert!(
        shown.contains("Answer by ada (ada.x on Discord)"),
        "{shown}"
    );
    assert!(shown.contains("Answer by sol\n"), "{shown}");
    // One person's two accounts may be called the same.
    world.links(&here, "ada", "ada").await;
    let shown = world.says("reader", "!show #1").await;
    assert!(
        !shown.contains("(@ada:x)") && !shown.contains("(ada.x"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_code_is_for_one_use_by_two_in_time() {
    let world = World::new().await;
    let here = named_channel();
    let told = world.types("sol99", &here, "!link").await;
    let code = code_in(&told);
    let mut talk = vec![told];
    for text in [
        format!("!link {code}"),
        format!("!link {code} yes"),
        "!link ABCD-EFGH".to_owned(),
    ] {
        talk.push(world.types("sol99", &here, &text).await);
    }
    talk.push(
        world
            .alone("sol", &format!("link {}", code.to_lowercase()))
            .await,
    );
    talk.push(world.alone("eve", &format!("link {code} yes")).await);
    talk.push(world.alone("sol", &format!("link {code} yes")).await);
    talk.push(world.types("sol99", &here, &format!("!link {code}")).await);
    talk.push(
        world
            .types("sol99", &here, &format!("!link {code} yes"))
            .await,
    );
    talk.push(world.alone("sol", &format!("link {code} yes")).await);
    let again = code_in(&world.alone("sol", "link").await);
    talk.push(world.types("sol99", &here, &format!("!link {again}")).await);
    world.clock.0.fetch_add(31 * 60 * 1000, Ordering::SeqCst);
    talk.push(world.alone("eve", &format!("link {again}")).await);
    talk.push(world.alone("eve", "unlink").await);
    assert_snapshot!(talk.join("\n---\n"), @r#"
    To let your other account count as yours too, say `link WRCZ-QB2X` with it, alone with me, within half an hour. I then tell each of the two of the other, and both have to agree.
    ---
    That code was made on this side. Say it on the other side first.
    ---
    That code was made on this side. Say it on the other side first.
    ---
    I know no such code. Look whether it is typed as it was given, or get a new one.
    ---
    sol99 (sol99.x on Discord, id 9sol99) and you would be one person in every forum here: one vote, and none on the other’s posts. Anybody can take any name, so look at the account. If it is yours, say `!link WRCZ-QB2X yes`. If it is not, say nothing.
    ---
    Somebody else has said that code first, so it is no good here. Get a new one.
    ---
    You agree. Now say `link WRCZ-QB2X` as sol99 (sol99.x on Discord, id 9sol99) to agree there too.
    ---
    sol (@sol:x on Matrix) and you would be one person in every forum here: one vote, and none on the other’s posts. Anybody can take any name, so look at the account. If it is yours, say `/link code:WRCZ-QB2X agree:yes`. If it is not, say nothing.
    ---
    sol (@sol:x on Matrix) and you are one person now. `/unlink` undoes it.
    ---
    That code was used already; each is good for one time. Get a new one.
    ---
    The two are one already.
    ---
    That code is too old: it was good for half an hour. Get a new one.
    ---
    This account is not joined with another. `!link` joins them.
    "#);
}

#[tokio::test]
async fn a_code_said_where_others_read_is_refused_and_spent() {
    let world = World::new().await;
    let here = named_channel();
    let told = world.types("sol99", &here, "!link").await;
    let code = code_in(&told);
    let refused = world.says("sol", &format!("!link {code}")).await;
    assert!(refused.contains("Others can read here"), "{refused}");
    // Nobody learns by it what is a code.
    let none = world.says("eve", "!link ABCD-EFGH").await;
    assert_eq!(none, refused);
    for (who, text) in [("eve", "link"), ("sol", "link")] {
        let spent = world.alone(who, &format!("{text} {code}")).await;
        assert!(spent.contains("used already"), "{spent}");
    }
    // A code is said to its maker alone, wherever they ask for it.
    let message = world.event();
    let what = IncomingEvent::Said {
        message: message.clone(),
        text: "!link".to_owned(),
        reply_to: None,
        thread: None,
    };
    let response = world.does("mira", message, what).await;
    let reply = response.reply.expect("a code");
    assert_eq!(reply.audience, Audience::Person);
}

#[tokio::test]
async fn a_yes_said_before_the_other_account_was_shown_counts_for_nothing() {
    let world = World::new().await;
    let here = named_channel();
    let code = code_in(&world.types("sol99", &here, "!link").await);
    let asked = world.alone("sol", &format!("link {code} yes")).await;
    assert!(asked.contains("would be one person"), "{asked}");
    world.alone("sol", &format!("link {code} yes")).await;
    let yes = format!("!link {code} yes");
    let asked = world.types("sol99", &here, &yes).await;
    assert!(
        asked.contains("sol (@sol:x on Matrix) and you would be"),
        "{asked}"
    );
    let done = world.types("sol99", &here, &yes).await;
    assert!(done.contains("one person now"), "{done}");
}

#[tokio::test]
async fn wrong_codes_are_counted_by_person_whichever_account_says_them() {
    let world = World::new().await;
    let here = named_channel();
    world.links(&here, "eve99", "eve").await;
    for number in 0..5 {
        world.alone("eve", &format!("link AAAA-AAA{number}")).await;
        world
            .types("eve99", &here, &format!("!link AAAA-AAB{number}"))
            .await;
    }
    let waits = world.alone("eve", "link AAAA-AAAA").await;
    assert!(waits.contains("too many wrong codes"), "{waits}");
}

#[tokio::test]
async fn ten_wrong_codes_in_an_hour_and_the_person_waits() {
    let world = World::new().await;
    let here = named_channel();
    for minute in 0..10 {
        let refused = world.alone("eve", &format!("link AAAA-AAA{minute}")).await;
        assert!(refused.contains("no such code"), "{refused}");
        world.clock.0.fetch_add(60_000, Ordering::SeqCst);
    }
    let code = code_in(&world.types("sol99", &here, "!link").await);
    // It is kept, and the right one is refused too.
    let world = world.restarted().await;
    let waits = world.alone("eve", &format!("link {code}")).await;
    assert!(waits.contains("too many wrong codes"), "{waits}");
    assert!(waits.contains("23:13 UTC"), "{waits}");
    let told = world.alone("sol", &format!("link {code}")).await;
    assert!(told.contains("would be one person"), "{told}");
    // The first is an hour old.
    world.clock.0.fetch_add(50 * 60_000, Ordering::SeqCst);
    let code = code_in(&world.types("una99", &here, "!link").await);
    let told = world.alone("eve", &format!("link {code}")).await;
    assert!(told.contains("would be one person"), "{told}");
}

/// Whatever is said, joined and parted in any order: the votes are those that a count from nothing gives.
#[tokio::test]
async fn votes_are_as_counted_from_nothing_whoever_is_one() {
    const PEOPLE: [&str; 4] = ["mira", "sol", "ivo", "una"];
    for seed in [1, 2, 3] {
        let world = World::new().await;
        let here = named_channel();
        for who in PEOPLE {
            world.says(who, &format!("!ask What does {who} ask?")).await;
            world
                .types(who, &here, &format!("!answer #1 {who} answers."))
                .await;
        }
        let mut rng = SeededRng(seed);
        let mut roll = |sides| rng.roll(sides);
        for _ in 0..150 {
            let who = PEOPLE[roll(4)];
            let post = ["#1", "#2", "#3", "#4", "#1.1", "#1.2", "#1.3", "#1.4"][roll(8)];
            match roll(10) {
                0 => {
                    world.links(&here, who, PEOPLE[roll(4)]).await;
                }
                1 => {
                    world.types(who, &here, "!unlink").await;
                }
                2 => {
                    world.says(who, &format!("!unvote {post}")).await;
                }
                3 | 4 => {
                    world.says(who, &format!("!down {post}")).await;
                }
                5 | 6 => {
                    world.says(who, &format!("!up {post}")).await;
                }
                7 => {
                    world.types(who, &here, &format!("!down {post}")).await;
                }
                _ => {
                    world.types(who, &here, &format!("!up {post}")).await;
                }
            }
        }
        let counted = world.core.inner.store.act(|tx| {
            (1..=8)
                .map(|post| tx.recounted_for_test(PostId(post)))
                .collect::<Result<Vec<_>, _>>()
        });
        for (kept, counted) in counted.await.expect("the store works") {
            assert_eq!(kept, counted, "seed {seed}");
        }
    }
}

#[tokio::test]
async fn joining_and_parting_accounts_gives_no_fresh_hour() {
    let world = World::new().await;
    let here = named_channel();
    let votes = async |who: &str, number: usize| world.says(who, &format!("!up #{number}")).await;
    for number in 1..=41 {
        let asker = format!("asker{}", number / 3);
        world
            .says(&asker, &format!("!ask Is this number {number}?"))
            .await;
    }
    for number in 1..=20 {
        votes("sol", number).await;
    }
    for number in 21..=30 {
        world.types("sol99", &here, &format!("!up #{number}")).await;
    }
    world.links(&here, "sol99", "sol").await;
    let refused = votes("sol", 31).await;
    assert!(refused.contains("at most 30 votes"), "{refused}");
    let refused = world.types("sol99", &here, "!up #31").await;
    assert!(refused.contains("at most 30 votes"), "{refused}");
    // Each has what it did itself.
    world.types("sol99", &here, "!unlink").await;
    for number in 31..=40 {
        let reply = votes("sol", number).await;
        assert!(reply.contains("You voted for"), "{reply}");
    }
    let refused = votes("sol", 21).await;
    assert!(refused.contains("at most 30 votes"), "{refused}");
    world.links(&here, "sol99", "sol").await;
    let refused = world.types("sol99", &here, "!up #41").await;
    assert!(refused.contains("at most 30 votes"), "{refused}");
}
