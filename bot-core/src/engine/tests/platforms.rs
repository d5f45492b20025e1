//! Platforms that describe themselves: one that nobody ships, and prefixes that look like another platform's commands.

use insta::assert_snapshot;

use super::joins::code_in;
use super::world::World;
use crate::conventions::{Commands, Conventions, Reactions, Replies, Threads};
use crate::names::Platform;

/// A chat that the core has never heard of: commands of its own, short pages, threads without names.
const CARRIER: Platform = Platform::new(&Conventions {
    commands: Commands::Own,
    replies: Replies::Pass,
    reactions: Reactions::ByMessage,
    threads: Threads::Nameless,
    hits_per_page: 2,
    ..Conventions::of_chat("carrier")
});

#[tokio::test]
async fn a_platform_that_the_core_has_never_heard_of_is_served_by_what_it_says_of_itself() {
    let world = World::of(CARRIER).await;
    for question in ["first", "second", "third"] {
        world
            .says("mira", &format!("!ask Is this the {question}?"))
            .await;
    }
    world.reacts("ivo", "$card1", "👍").await;
    assert_snapshot!(world.card("$card1"), @"
    #1 Is this the first?

    +1 vote · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira
    Answer with `/answer #1 …` · 👍 👎 vote
    ");
    // Links and codes are said in its own way.
    assert_snapshot!(world.says("mira", "!questions").await, @"
    Newest questions

    - #3 Is this the third?
      0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira
    - #2 Is this the second?
      0 votes · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira
    - #1 Is this the first?
      +1 vote · no answers yet · asked 14 Nov 2023, 22:13 UTC by mira
    ");
    let asked = world.whispers("mira", "link", &["!room"], None).await;
    let code = code_in(&asked);
    let agreed = world
        .whispers("ivo", &format!("link {code}"), &["!room"], None)
        .await;
    assert!(agreed.contains("on carrier"), "{agreed}");
    assert!(
        agreed.contains(&format!("`/link code:{code} agree:yes`")),
        "{agreed}"
    );
}

#[tokio::test]
async fn where_commands_are_typed_behind_a_slash_what_is_taught_is_what_works() {
    let world = World::with_prefix("/").await;
    world
        .says("mira", "/ask Is this typed behind a slash?")
        .await;
    assert!(world.card("$card1").contains("`/answer #1 …`"));
    let asked = world.whispers("mira", "/link", &["!room"], None).await;
    let code = code_in(&asked);
    let told = world
        .whispers("sol", &format!("/link {code}"), &["!room"], None)
        .await;
    let (_, taught) = told.split_once("say `").expect("a command");
    let (taught, _) = taught.split_once('`').expect("its end");
    assert_eq!(taught, format!("/link {code} yes"));
    let told = world.whispers("sol", taught, &["!room"], None).await;
    assert!(told.starts_with("You agree."), "{told}");
}
