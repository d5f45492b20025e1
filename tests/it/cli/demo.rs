//! A made-up forum, as somebody makes it who wants to try things out.

use super::Shell;

#[test]
fn a_made_up_forum_of_any_size_can_be_searched_and_is_the_same_from_the_same_seed() {
    let shell = Shell::new();
    let made = shell.says(&["demo", "--posts", "300"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert!(made.out.contains("from demo 300 1"), "{}", made.out);
    let found = shell.says(&["search", "the", "foba", "--json"]);
    assert_eq!(found.code, Some(0), "{}", found.err);
    assert!(found.out.contains("\"address\""), "{}", found.out);

    let refused = shell.says(&["demo", "--posts", "3"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("--forum NAME"), "{}", refused.err);
    let again = shell.says(&["--forum", "other", "demo", "--posts", "300"]);
    assert_eq!(again.code, Some(0), "{}", again.err);

    let lines = |seed| {
        shell
            .says(&["demo", "--posts", "50", "--seed", seed, "--to", "-"])
            .out
    };
    assert_eq!(lines("1"), lines("1"));
    assert_ne!(lines("1"), lines("2"));
}

#[test]
fn what_was_asked_before_is_shown_if_it_is_certain_enough() {
    let shell = Shell::with_demo();
    let similar = |text: &str| shell.says(&["search", "--similar", text]).out;
    assert!(
        similar("How do I back up a SQLite database while the service keeps writing to it?")
            .contains("times in 10")
    );
    assert!(similar("Who painted the ceiling of that chapel?").contains("Nothing so similar"));
    shell.write("stoa.toml", "[search]\nsimilar = 10\n");
    let wrong = shell.says(&["search", "--similar", "kegs"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("search.similar"), "{}", wrong.err);
}
