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

    assert_snapshot!(world.links(&here, "sol99", "sol").await, @"sol on Matrix and you are one person now. `/unlink` undoes it.");
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
    world.core.settled(Platform::Matrix).await.expect("settles");
    let shown = world.says("reader", "!show #1").await;
    assert!(shown.contains("by ada (Matrix)"), "{shown}");
    assert!(shown.contains("Answer by ada (Discord)"), "{shown}");
    assert!(shown.contains("Answer by sol\n"), "{shown}");
    // One person's two accounts may be called the same.
    world.links(&here, "ada", "ada").await;
    let shown = world.says("reader", "!show #1").await;
    assert!(
        !shown.contains("(Matrix)") && !shown.contains("(Discord)"),
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
            .says("sol", &format!("!link {}", code.to_lowercase()))
            .await,
    );
    talk.push(world.says("eve", &format!("!link {code} yes")).await);
    talk.push(world.says("sol", &format!("!link {code} yes")).await);
    talk.push(world.types("sol99", &here, &format!("!link {code}")).await);
    talk.push(
        world
            .types("sol99", &here, &format!("!link {code} yes"))
            .await,
    );
    talk.push(world.says("sol", &format!("!link {code} yes")).await);
    let again = code_in(&world.says("sol", "!link").await);
    talk.push(world.types("sol99", &here, &format!("!link {again}")).await);
    world.clock.0.fetch_add(31 * 60 * 1000, Ordering::SeqCst);
    talk.push(world.says("eve", &format!("!link {again}")).await);
    talk.push(world.says("eve", "!unlink").await);
    assert_snapshot!(talk.join("\n---\n"), @r#"
    To let your other account count as yours too, say `link WRCZ-QB2X` with it, alone with me, within half an hour. I then tell each of the two of the other, and both have to agree.
    ---
    That code was made on this side. Say it on the other side first.
    ---
    That code was made on this side. Say it on the other side first.
    ---
    I know no such code. Look whether it is typed as it was given, or get a new one.
    ---
    sol99 on Discord and you would be one person in every forum here: one vote, and none on the other’s posts. If that account is yours, say `!link WRCZ-QB2X yes`. If it is not, say nothing.
    ---
    Somebody else has said that code first, so it is no good here. Get a new one.
    ---
    You agree. Now say `link WRCZ-QB2X` with sol99 on Discord to agree there too.
    ---
    sol on Matrix and you would be one person in every forum here: one vote, and none on the other’s posts. If that account is yours, say `/link code:WRCZ-QB2X agree:yes`. If it is not, say nothing.
    ---
    sol on Matrix and you are one person now. `/unlink` undoes it.
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
        let mut dice = Dice(seed);
        let mut roll = |sides| dice.roll(sides);
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
