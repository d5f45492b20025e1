//! Pages of what people look at: how one is named, and what is beyond the last.

use std::sync::atomic::Ordering;

use super::world::World;

impl World {
    async fn asks_many(&self, many: u32) {
        for number in 1..=many {
            self.clock.0.fetch_add(86_400_000, Ordering::SeqCst);
            let asked = format!("!ask What is number {number} of the kegs? --tag kegs");
            self.says("mira", &asked).await;
        }
        self.all_is_found();
    }

    async fn views(&self, command: &str) -> String {
        self.says("sol", command).await
    }
}

#[tokio::test]
async fn beyond_the_last_page_is_the_last() {
    let world = World::new().await;
    world.asks_many(12).await;
    for view in ["!questions recent", "!questions tag:kegs", "!search kegs"] {
        let first = world.views(view).await;
        assert!(first.contains("Page 1 of 2 · `!"), "{first}");
        let last = world.views(&format!("{view} page:2")).await;
        assert!(
            last.contains("Page 2 of 2") && last.contains("number"),
            "{last}"
        );
        assert_eq!(world.views(&format!("{view} page:99")).await, last);
        // The command that the first names is the one that leads there.
        let (_, command) = first.split_once("Page 1 of 2 · `").expect("a command");
        let (command, _) = command.split_once('`').expect("it ends");
        assert_eq!(world.views(command).await, last);
    }
}

#[tokio::test]
async fn an_answer_is_shown_alone_with_its_comments() {
    let world = World::new().await;
    world
        .says("mira", "!ask How long does a keg keep?\nIt is open.")
        .await;
    world.says("sol", "!answer #1 About six weeks.").await;
    world.says("ivo", "!answer #1 Not long.").await;
    world.says("mira", "!comment #1.1 Even in summer?").await;
    let shown = world.views("!show #1.1").await;
    for part in [
        "How long does a keg keep?",
        "About six weeks.",
        "Even in summer?",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    assert!(
        !shown.contains("Not long.") && !shown.contains("It is open."),
        "{shown}"
    );
    // A comment is shown with what it is about.
    let shown = world.views("!show #1.1/c1").await;
    assert!(
        shown.contains("About six weeks.") && !shown.contains("Not long."),
        "{shown}"
    );
    let shown = world.views("!show #1").await;
    assert!(
        shown.contains("Not long.") && shown.contains("It is open."),
        "{shown}"
    );
}

#[tokio::test]
async fn a_page_says_when_nothing_on_it_fits_well() {
    let world = World::new().await;
    world.asks_many(2).await;
    let badly = "None of these fits well";
    let said = world.views("!search purple kegs orbit slowly").await;
    assert!(said.contains(badly) && said.contains("#1"), "{said}");
    for query in ["number kegs", "purple kegs", "kegs", "what is the number"] {
        let said = world.views(&format!("!search {query}")).await;
        assert!(!said.contains(badly) && said.contains("#1"), "{said}");
    }
}

#[tokio::test]
async fn the_help_is_short_first() {
    let world = World::new().await;
    let short = world.views("!help").await;
    assert!(
        short.contains("`!ask Title [--tag a,b] [⏎ text]`"),
        "{short}"
    );
    assert!(!short.contains("!unlink"), "{short}");
    // What leads to the rest works as it is said.
    let (_, more) = short.rsplit_once("\n\n").expect("a last paragraph");
    let said: Vec<_> = more.split('`').collect();
    assert_eq!([said[1], said[3]], ["!help all", "!help ask"]);
    let all = world.views(said[1]).await;
    assert!(all.contains("`!unlink`") && !all.contains(said[1]), "{all}");
    let one = world.views(said[3]).await;
    assert!(
        one.contains("For example: `!ask ") && !one.contains("!answer"),
        "{one}"
    );
}
