//! The console as somebody at a terminal has it: what is typed, pasted and completed there.

#![cfg(unix)]

use super::{Said, Shell};
use crate::world::STOA;

/// Talks with a program on a terminal of this width: waits for each text, then types what follows it. Prints all that was shown.
const TALKS: &str = r#"
import fcntl, json, os, pty, struct, sys, termios
steps, width, command = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
shown, seen = b"", 0
def more():
    global shown
    try:
        part = os.read(terminal, 4096)
    except OSError:
        part = b""
    shown += part
    return part
for wanted, said in steps:
    wanted = wanted.encode()
    while wanted not in shown[seen:]:
        if not more():
            sys.stdout.buffer.write(shown)
            sys.exit("it ended before it said " + repr(wanted))
    seen = shown.index(wanted, seen) + len(wanted)
    os.write(terminal, said.encode())
while more():
    pass
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;

impl Shell {
    /// A talk at a terminal: what is waited for, and what is typed then.
    fn talks(&self, steps: &[(&str, &str)], width: u16, variable: (&str, &str)) -> Said {
        let steps = serde_json::to_string(steps).expect("texts");
        let mut python = self.command("python3");
        python
            .args(["-c", TALKS, &steps, &width.to_string(), STOA, "console"])
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .env(variable.0, variable.1);
        let output = python.output().expect("Python 3 is needed for a terminal");
        // Dates stay: they may be wrapped.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

/// A text without the escape sequences of a terminal.
fn without_looks(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece
            .find(|c: char| c.is_ascii_alphabetic())
            .map_or(0, |at| at + 1);
        plain.push_str(piece.get(end..).unwrap_or_default());
    }
    plain.replace('\r', "")
}

#[test]
fn what_is_pasted_is_heard_line_by_line_and_nothing_is_lost() {
    let readme = "!ask How long does an opened keg last? --tag beer\n!answer #1 About six weeks with CO₂.\n!search kegs\n!help\n";
    for (bracketed, begin, end) in [(true, "\u{1b}[200~", "\u{1b}[201~\r"), (false, "", "")] {
        let shell = Shell::new();
        let pasted = match bracketed {
            true => format!("{begin}{readme}{end}"),
            false => readme.replace('\n', "\r"),
        };
        let said = shell.talks(
            &[("stoa> ", &pasted), ("What you can say", "exit\r")],
            100,
            ("LANG", "C.UTF-8"),
        );
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        let stats = shell.does(&["stats", "--json"]);
        assert!(
            stats.contains("\"questions\":1,") && stats.contains("\"answers\":1,"),
            "{bracketed}: {stats}"
        );
        let shown = without_looks(&said.out);
        assert!(
            shown.contains("One question found for “kegs”"),
            "{bracketed}: {shown}"
        );
    }
}

#[test]
fn tab_completes_commands_numbers_and_tags() {
    let shell = Shell::with_demo();
    let steps = [
        ("stoa> ", "!sh\t"),
        ("!show ", "sourdough\t"),
        ("#2 ", "\r"),
        ("Sourdough is dense", "!search tag:sourd\t"),
        ("tag:sourdough", "\r"),
        ("question", "exit\r"),
    ];
    let said = shell.talks(&steps, 100, ("LANG", "C.UTF-8"));
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn what_can_not_be_undone_asks_first_at_a_terminal() {
    let shell = Shell::new();
    let steps = [
        ("stoa> ", "!ask Is this gone for good?\r"),
        ("#1 Is this gone for good?", "!delete #1\r"),
        ("can’t be undone", "no\r"),
        ("Nothing was done.", "!delete #1\r"),
        ("can’t be undone", "!search gone\r"),
        ("Nothing was done.", ""),
        // Each by itself: what is said instead of an answer is asked about too, and an empty line or Ctrl-C is no answer.
        ("One question found", "!ask Does this stay?\r"),
        ("#2 Does this stay?", "!delete #2\r"),
        ("can’t be undone", "!delete #2\r"),
        ("can’t be undone", "\r"),
        ("Nothing was done.", "!delete #2\r"),
        // A terminal that is not read from at that moment would end the program.
        ("can’t be undone", ""),
        ("stoa> ", "\u{3}"),
        ("Nothing was done.", "yes\r"),
        ("stoa> ", "!delete #1\r"),
        ("can’t be undone", "yes\r"),
        ("is withdrawn", "exit\r"),
    ];
    let said = shell.talks(&steps, 100, ("LANG", "C.UTF-8"));
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(
        shell
            .does(&["search", "gone"])
            .contains("Nothing was found")
    );
    assert!(shell.does(&["search", "stay"]).contains("One question"));
}

#[test]
fn words_wrap_and_no_escapes_are_where_none_are_wanted() {
    let shell = Shell::with_demo();
    let steps = [("stoa> ", "!questions\r"), ("the next", "exit\r")];
    let said = shell.talks(&steps, 40, ("LANG", "C.UTF-8"));
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("\u{1b}[1m"), "{}", said.out);
    let shown = without_looks(&said.out);
    let listed = shown.lines().skip_while(|line| !line.starts_with("- #13"));
    let listed: Vec<_> = listed
        .take_while(|line| !line.starts_with("Page 1"))
        .collect();
    assert!(listed.len() > 20, "{shown}");
    for line in listed {
        assert!(line.chars().count() <= 40, "{line}");
        let hangs = line.is_empty() || line.starts_with("- #") || line.starts_with("  ");
        assert!(hangs, "{line}");
    }
    let none = shell.talks(&steps, 40, ("NO_COLOR", "1")).out;
    assert!(
        !none.contains("\u{1b}[1m") && !none.contains("\u{1b}[2m"),
        "{none}"
    );
    let dumb = shell.talks(&steps, 40, ("TERM", "dumb")).out;
    assert!(!dumb.contains('\u{1b}'), "{dumb}");
}

#[test]
fn colour_tells_what_is_accepted_the_score_what_waits_for_answers_and_what_was_searched_for() {
    let steps = [
        ("stoa> ", "!ask How long does a keg last?\r"),
        ("no answers yet", "!answer #1 Six weeks a keg.\r"),
        ("Answer by", "!accept #1.1\r"),
        ("accepted answer now", "!show #1\r"),
        ("Accepted answer by", "!search keg\r"),
        ("One question found", "exit\r"),
    ];
    let told = [
        "\u{1b}[22;33mno answers yet\u{1b}[0m",
        "\u{1b}[22;35m0 votes\u{1b}[0m",
        "\u{1b}[22;1;32m✅ #1.1 Accepted answer by",
        "\u{1b}[22;1;32m✅ Answered: #1.1\u{1b}[0m",
        "\u{1b}[22;1;31mkeg\u{1b}[0m",
    ];
    let said = Shell::new().talks(&steps, 100, ("LANG", "C.UTF-8"));
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    for told in told {
        assert!(said.out.contains(told), "{told:?}: {}", said.out);
    }
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let said = Shell::new().talks(&steps, 100, variable);
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        for colour in ["\u{1b}[22;", "\u{1b}[3"] {
            assert!(!said.out.contains(colour), "{variable:?}: {}", said.out);
        }
    }
    let shell = Shell::with_demo();
    assert!(!shell.does(&["search", "sourdough"]).contains('\u{1b}'));
}
