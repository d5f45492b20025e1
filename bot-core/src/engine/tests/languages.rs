//! Whatever the bot says is said in the forum's language: with one that is made of English, no English word is left.

use super::joins::code_in;
use super::world::World;
use crate::command::{AGREED, DECLINED, ListOrder};
use crate::text::PSEUDO;

/// What stays as it is: commands with their parts, options, orders and what people and platforms are called.
const TYPED: &[&str] = &[
    "accept",
    "all",
    "answered",
    "answre",
    "by",
    "is",
    "name",
    "score",
    "ask",
    "answer",
    "code",
    "comment",
    "delete",
    "edit",
    "example",
    "forum",
    "help",
    "hide",
    "history",
    "ivo",
    "join",
    "keg",
    "leave",
    "link",
    "matrix",
    "mira",
    "mod",
    "page",
    "questions",
    "reason",
    "remove",
    "room",
    "search",
    "show",
    "similar",
    "sol",
    "tag",
    "tags",
    "title",
    "unaccept",
    "unhide",
    "unlink",
    "unvote",
    "up",
    "down",
    "which",
];

/// The words of English letters that are nobody's name for anything.
fn english(screen: &str) -> Vec<String> {
    screen
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic()))
        .map(str::to_lowercase)
        .filter(|word| !TYPED.contains(&word.as_str()))
        .collect()
}

#[tokio::test]
async fn no_screen_has_an_english_word_where_the_bot_speaks_another_language() {
    let world = World::in_language(PSEUDO).await;
    let mut screens = Vec::new();
    for (who, said) in [
        ("mira", "!ask Что это?\nНичего не понимаю. --tag пиво"),
        ("mira", "!ask Что это?\nНичего не понимаю."),
        ("sol", "!answer #1 Это пиво, и больше ничего."),
        ("ivo", "!comment #1.1 Да, это так и есть."),
        ("ivo", "!up #1.1"),
        ("ivo", "!down #1"),
        ("ivo", "!unvote #1"),
        ("sol", "!up #1.1"),
        ("mira", "!accept #1.1"),
        ("mira", "!edit #1 Совсем ничего не понимаю."),
        ("mira", "!history #1"),
        ("mira", "!show #1"),
        ("mira", "!questions"),
        ("mira", "!questions unanswered"),
        ("mira", "!questions hot"),
        ("mira", "!help questions"),
        ("mira", "!search qqq"),
        ("mira", "!similar qqq"),
        ("mira", "!unaccept #1"),
        ("mod", "!hide #1.1"),
        ("sol", "!unhide #1.1"),
        ("mod", "!unhide #1.1"),
        ("mira", "!answer"),
        ("mira", "!show #99"),
        ("mira", "!help"),
        ("mira", "!help ask"),
        ("mira", "!answre #1 Да"),
        ("mira", "!forum code"),
        ("sol", "!delete #1.1"),
    ] {
        screens.push((said, world.says(who, said).await));
    }
    let cards: Vec<String> = {
        let messages = world.room.messages.lock().expect("no panic");
        messages.values().map(|card| card.text.clone()).collect()
    };
    screens.extend(cards.into_iter().map(|card| ("a card", card)));
    let asked = world.whispers("mira", "!link", &["!room"], None).await;
    let told = format!("!link {}", code_in(&asked));
    screens.push(("!link", asked.replace(&code_in(&asked), "")));
    let agreed = world.whispers("sol", &told, &["!room"], None).await;
    screens.push(("!link code", agreed.replace(&code_in(&agreed), "")));
    screens.push((
        "talk",
        world.whispers("mira", "qqq", &["!room"], None).await,
    ));
    for (said, screen) in screens {
        let left: Vec<String> = english(&screen)
            .into_iter()
            .filter(|word| word != "qqq")
            .collect();
        assert_eq!(left, [""; 0], "{said}: {screen}");
    }
}

#[tokio::test]
async fn a_languages_own_words_are_taught_and_understood_besides_the_english_ones() {
    let world = World::in_language(PSEUDO).await;
    let words = world.core.inner.words.clone();
    let (yes, no) = (words.agreed(), words.declined());
    assert_ne!((yes, no), (AGREED, DECLINED));
    for number in 1..=4 {
        let asked = format!("!ask Что это {number}?\nНичего не понимаю.");
        world.says("mira", &asked).await;
    }
    // A deletion waits for a word of the language, or an English one.
    let mut after = Vec::new();
    for (number, word) in [(1, no), (1, yes), (2, DECLINED), (2, AGREED)] {
        let said = format!("delete #{number}");
        let asked = world.whispers("mira", &said, &["!room"], None).await;
        assert!(asked.contains(yes) && asked.contains(no), "{asked}");
        let said = word.to_uppercase();
        after.push(world.whispers("mira", &said, &["!room"], None).await);
    }
    assert_ne!(after[0], after[1]);
    assert_eq!(after[0], after[2]);
    assert_eq!(after[1].replace("#1", "#2"), after[3]);
    let list = async |word: &str| world.says("mira", &format!("!questions {word}")).await;
    for order in ListOrder::ALL {
        let own = words.order(order);
        assert_ne!(own, order.name());
        assert_eq!(list(own).await, list(order.name()).await);
    }
    assert_ne!(
        list(words.order(ListOrder::Votes)).await,
        list(words.order(ListOrder::Unanswered)).await
    );
}
