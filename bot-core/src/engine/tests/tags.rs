//! The tags of a forum, as they are listed.

use super::world::World;

#[tokio::test]
async fn tags_are_listed_by_how_many_questions_have_them() {
    let world = World::new().await;
    let none = world.says("mira", "!tags").await;
    assert!(none.contains("There are none yet"), "{none}");
    for (title, tags) in [
        ("How long does it keep?", "keg,beer"),
        ("Which yeast is it?", "beer,yeast"),
        ("Where is the tap?", "keg,kettle,beer"),
    ] {
        world
            .says("mira", &format!("!ask {title} --tag {tags}"))
            .await;
    }
    let all = world.says("sol", "!tags").await;
    insta::assert_snapshot!(all, @"
    Tags

    - beer – 3 questions
    - keg – 2 questions
    - kettle – 1 question
    - yeast – 1 question
    ");
    let begun = world.says("sol", "!tags #KE").await;
    insta::assert_snapshot!(begun, @"
    Tags that begin with “ke”

    - keg – 2 questions
    - kettle – 1 question
    ");
    let none = world.says("sol", "!tags wine").await;
    insta::assert_snapshot!(none, @"
    Tags that begin with “wine”

    No question has a tag that begins so: “wine”.
    ");
    assert_eq!(world.says("sol", "!tags page:9").await, all);
    // What nobody can see has no tags.
    world.says("mira", "!hide #3").await;
    let begun = world.says("sol", "!tags ke").await;
    insta::assert_snapshot!(begun, @"
    Tags that begin with “ke”

    - keg – 1 question
    ");
}

#[tokio::test]
async fn ten_tags_are_on_a_page() {
    let world = World::new().await;
    for number in 10..13 {
        let tags: Vec<_> = ["a", "b", "c", "d"]
            .map(|tag| format!("{tag}{number}"))
            .into();
        let ask = format!("!ask What is number {number}? --tag {}", tags.join(","));
        world.says("mira", &ask).await;
    }
    let first = world.says("sol", "!tags").await;
    assert!(first.contains("page:2"), "{first}");
    let second = world.says("sol", "!tags page:2").await;
    insta::assert_snapshot!(second, @"
    Tags

    - d11 – 1 question
    - d12 – 1 question

    Page 2 of 2
    ");
}
