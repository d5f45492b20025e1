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

/// Runs a command on a terminal and prints what it shows there.
const ON_A_TERMINAL: &str = "
import pty, sys
sys.exit(pty.spawn(sys.argv[1:]) >> 8)
";

#[test]
#[cfg(unix)]
fn on_a_terminal_nothing_is_said_of_how_far_it_is_that_nobody_knows() {
    let shell = Shell::new();
    shell.does(&["demo", "--posts", "2000", "--to", "made.jsonl"]);
    let shown = |command: &str| {
        let mut python = shell.command("python3");
        python.args(["-c", ON_A_TERMINAL, "sh", "-c", command]);
        let said = shell.said(python.output().expect("runs"));
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        said.out
    };
    let stoa = crate::world::STOA;
    let piped = shown(&format!(
        "cat made.jsonl | {stoa} import jsonl - --source made"
    ));
    let made = shown(&format!("{stoa} demo --posts 2000 --forum made"));
    for shown in [&piped, &made] {
        assert!(
            !shown.contains(" 0 B") && !shown.contains(" 0 seconds left"),
            "{shown}"
        );
        assert!(
            !shown.contains(&"█".repeat(30)) || shown.contains("2,000/2,000"),
            "{shown}"
        );
    }
    assert!(piped.contains(" read, "), "{piped}");
    assert!(made.contains("/2,000 posts"), "{made}");
}

#[test]
#[cfg(unix)]
fn what_is_stopped_promises_nothing_that_is_not_so() {
    let shell = Shell::new();
    let mut child = shell
        .stoa(&["demo", "--posts", "20000"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("starts");
    let begun = || {
        let said = shell.says(&["stats", "--json"]).out;
        !said.is_empty() && !said.contains("\"members\":0")
    };
    while !begun() {
        assert!(child.try_wait().expect("waits").is_none(), "it ended");
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("signals");
    let said = shell.said(child.wait_with_output().expect("ends"));
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(
        said.err.ends_with("stoa: stopped before the end; what was made so far stays in the forum main, and --forum NAME makes it anew in another\n"),
        "{}",
        said.err
    );
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
