//! Questions from elsewhere, as an operator brings them: a dump, a file, one that breaks off, and the forum taken elsewhere.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use insta::assert_snapshot;

use super::Shell;
use crate::world::STOA;

/// A dump of ten questions, written for these tests.
fn dump() -> String {
    let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cli/dump");
    dump.display().to_string()
}

/// Data that is not part of the project; says what is skipped where it is not there.
pub(super) fn shared(what: &str) -> Option<String> {
    let shared = std::env::var_os("STOA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = shared.join(what);
    if !path.exists() {
        eprintln!(
            "skipped: {} is not there (STOA_SHARED names another folder)",
            path.display()
        );
        return None;
    }
    Some(path.display().to_string())
}

impl Shell {
    /// What a command that works says.
    pub(super) fn does(&self, arguments: &[&str]) -> String {
        let said = self.says(arguments);
        assert_eq!(
            said.code,
            Some(0),
            "{arguments:?}: {}{}",
            said.out,
            said.err
        );
        said.out
    }

    fn exported(&self) -> String {
        self.does(&["export", "-"])
    }
}

#[test]
fn a_dump_is_imported_and_found() {
    let shell = Shell::new();
    let site = "https://baking.example.org";
    assert_snapshot!(
        shell.does(&["import", "stackexchange", &dump(), "--source", "baking", "--site", site]),
        @r"
        ok 10 questions with 9 answers and 2 comments are in the forum main, from baking
        skipped posts, 1: they describe tags (Posts.xml row 8)
        skipped votes, 1: their post is not in the dump (Votes.xml, of post 99)
        "
    );
    assert_snapshot!(shell.does(&["search", "starter in the fridge", "--limit", "2"]), @r"
    - #6 How long can a starter stay in the fridge?
      0 votes · no answers yet · asked DATE by dan
    - #1 How do I keep a sourdough starter alive in the fridge?
      ✅ #1.1 by ben, +3 votes: Once a week is enough at 4 °C.
      +4 votes · 1 answer · asked DATE by ada
    ");
    let asked = "!show #1\n!show #6\n!show #8\n!history #3\n!search is:closed\n!answer #8 The one in Mill Lane.\n";
    let shown = shell.pipe(&["console"], asked).out;
    for part in [
        // The cards that old questions get now come in between, whenever they do.
        "Tags: sourdough, storage\n+4 votes · 1 answer · asked DATE by ada\n\n✅ Answered: #1.1\n\n\
         from baking.example.org (https://baking.example.org/q/1) · CC BY-SA 4.0\n\n---\n\n\
         ✅ #1.1 Accepted answer by ben\n\nOnce a week is enough at 4 °C (https://example.org/cold).\n\n\
         +3 votes · DATE\nfrom baking.example.org (https://baking.example.org/q/2) · CC BY-SA 4.0\n\n\
         > #1.1/c1 cleo · +2 votes · DATE · CC BY-SA 4.0\n>\n> I do it *every two weeks* and it lives.\n",
        "🔒 Closed DATE: it asks the same as #1\n",
        "🔒 Closed DATE: answers would be opinions\n",
        "> #8/c1 user15 · DATE · CC BY-SA 4.0\n",
        "Revision 1 by cleo, DATE\n\n**Bread flour or plain?**\n\nThe shop has only plain.\n\n\
         Revision 2 by ben, DATE\n\nReason: a title that says it\n",
        "2 questions found for “is:closed”\n",
        "#8 is closed, so it takes no answers. `!comment #8 …` comments on it",
    ] {
        assert!(shown.contains(part), "{part}\nis not in\n{shown}");
    }
    shell.write("queries.tsv", "q1\tflat loaf\nq2\toverhead\n");
    let run = shell.does(&["search", "--batch", "queries.tsv", "--limit", "1"]);
    assert!(run.starts_with("q1 Q0 3 1 "), "the dump’s own id: {run}");
    assert_snapshot!(shell.does(&["import", "stackexchange", &dump(), "--source", "baking"]), @r"
    ok nothing new in baking
    21 posts were there already and stay as they are
    skipped posts, 1: they describe tags (Posts.xml row 8)
    skipped votes, 1: their post is not in the dump (Votes.xml, of post 99)
    ");
}

#[test]
fn lines_are_imported_and_what_is_wrong_with_others_is_said() {
    let shell = Shell::new();
    shell.write(
        "faq.jsonl",
        "{\"id\":\"a1\",\"title\":\"How do I reset it?\",\"body\":\"\",\"tags\":\"reset, setup\",\"answer\":\"Hold the button.\"}\n\
         \n\
         {\"id\":\"a2\",\"titel\":\"Where is the manual?\"}\n\
         {\"id\":\"a3\",\"title\":\"Where is\n\
         {\"title\":\"What has no id?\"}\n\
         {\"id\":\"a1\",\"title\":\"How do I reset it again?\"}\n\
         {\"id\":\"a4\",\"title\":\"Is it waterproof?\",\"tags\":[\"Water\"],\"answer\":\"\"}\n",
    );
    assert_snapshot!(shell.does(&["import", "jsonl", "faq.jsonl"]), @r"
    ok 2 questions with one answer and 0 comments are in the forum main, from faq
    skipped lines, 1: a line before has the same `id` (line 6)
    skipped lines, 1: there is no field `titel`; is it `title`? (line 3)
    skipped lines, 1: they are no JSON (line 4: it ends in the middle, at character 28)
    skipped lines, 1: they have no `id` (line 5)
    ");
    assert_snapshot!(shell.does(&["search", "reset"]), @r"
    One question found for “reset”

    - #1 How do I reset it?
      #1.1 by someone, 0 votes: Hold the button.
      0 votes · 1 answer · asked DATE by someone
    ");
    let line = "{\"id\":\"b1\",\"title\":\"From a pipe?\",\"answer\":\"Yes.\"}\n";
    let said = shell.pipe(
        &[
            "import", "jsonl", "-", "--source", "pipe", "--forum", "other",
        ],
        line,
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        shell
            .does(&["search", "pipe", "--forum", "other"])
            .contains("Yes.")
    );
    assert_eq!(
        super::sentence(&shell.pipe(&["import", "jsonl", "-"], line)),
        "this import needs a name by which it is known again: --source NAME"
    );
}

#[test]
fn a_forum_is_taken_elsewhere_and_comes_back_the_same() {
    let shell = Shell::with_demo();
    shell.does(&["import", "stackexchange", &dump(), "--source", "baking"]);
    assert_snapshot!(shell.does(&["export", "forum.jsonl"]), @"ok 23 questions written to forum.jsonl");
    let lines = fs::read_to_string(shell.path("forum.jsonl")).expect("reads");
    assert_eq!(shell.exported(), lines);
    let other = Shell::new();
    other.write("forum.jsonl", &lines);
    other.does(&["import", "jsonl", "forum.jsonl"]);
    assert!(
        below_head(&other.exported()) == below_head(&lines),
        "what came back is another"
    );
    assert_eq!(
        other.does(&["search", "starter"]),
        shell.does(&["search", "starter"])
    );
    // Into a forum that is not empty, new numbers come behind.
    let third = Shell::with_demo();
    third.write("forum.jsonl", &lines);
    let said = third.does(&["import", "jsonl", "forum.jsonl"]);
    assert!(said.starts_with("ok 23 questions"), "{said}");
}

#[test]
fn what_can_not_be_imported_or_exported_is_said_in_a_sentence() {
    let shell = Shell::new();
    shell.write("empty/notes.txt", "");
    assert_snapshot!(shell.fails(&["import", "stackexchange", "empty"]), @"empty holds no Posts.xml; name the folder that a site’s dump was unpacked into");
    assert_snapshot!(shell.fails(&["import", "stackexchange", "nowhere"]), @"nowhere holds no Posts.xml; name the folder that a site’s dump was unpacked into");
    assert_snapshot!(shell.fails(&["import", "jsonl", "nowhere.jsonl"]), @"nowhere.jsonl can’t be read: No such file or directory");
    assert_snapshot!(shell.fails(&["import", "stackexchange", &dump(), "--site", "x.org"]), @"--site is to be the site’s whole address, such as https://x.org");
    shell.write("packed/Posts.xml", "7z");
    assert_snapshot!(shell.fails(&["import", "stackexchange", "packed"]), @"packed/Posts.xml is no XML file of a Stack Exchange dump; if it is an archive, unpack it first");
    assert_snapshot!(shell.fails(&["export", "forum.jsonl"]), @"there is nothing to export yet");
    shell.does(&["import", "stackexchange", &dump()]);
    assert_snapshot!(shell.fails(&["export", "forum.jsonl", "--forum", "mian"]), @"there is no forum called mian, only main");
    assert_snapshot!(shell.fails(&["export", "no/such/forum.jsonl"]), @"no/such/forum.jsonl can’t be written: No such file or directory");
    for arguments in [
        &["import"][..],
        &["import", "csv", "x"],
        &["import", "jsonl"],
        &["export"],
    ] {
        assert_eq!(shell.says(arguments).code, Some(2), "{arguments:?}");
    }
}

/// What a file looks like that is none of lines of JSON.
const OTHERS: [(&str, &[u8], &str); 13] = [
    (
        "a.sql",
        b"-- a dump\nCREATE TABLE post (id INTEGER);\nINSERT INTO post VALUES (1);\n",
        "SQL",
    ),
    (
        "a.jsonl.gz",
        b"\x1F\x8B\x08\x00\x00\x00\n\x00",
        "an archive (gzip)",
    ),
    ("a.7z", b"7z\xBC\xAF\x27\x1C\x00\x04\n", "an archive (7z)"),
    ("a.zip", b"PK\x03\x04\x14\x00\n", "an archive (zip)"),
    ("a.db", b"SQLite format 3\x00\x10\x00", "a database"),
    (
        "a.csv",
        b"id,title,answer\n1,How?,So.\n2,Why?,Because.\n",
        "a table (CSV)",
    ),
    ("a.md", b"# Questions\n\n## How?\n\nSo.\n", "Markdown"),
    (
        "a.json",
        b"[{\"id\": \"1\", \"title\": \"How?\"}, {\"id\": \"2\", \"title\": \"Why?\"}]\n",
        "one list of JSON",
    ),
    (
        "chat.json",
        b"{\n  \"guild\": {\"id\": \"1\"},\n  \"messages\": [\n    {\"id\": \"2\"}\n  ]\n}\n",
        "a chat’s messages",
    ),
    (
        "pretty.json",
        b"{\n  \"id\": \"1\",\n  \"title\": \"How?\"\n}\n",
        "one piece of JSON on several lines",
    ),
    ("a.html", b"<!DOCTYPE html>\n<p>How?\n", "a web page"),
    (
        "a.xml",
        b"<?xml version=\"1.0\"?>\n<posts></posts>\n",
        "XML",
    ),
    ("a.txt", b"How does it go?\nSo.\n", "plain text"),
];

#[test]
fn a_file_of_another_kind_is_refused_with_what_it_looks_like_and_what_is_taken() {
    let shell = Shell::new();
    for (name, bytes, looks) in OTHERS {
        fs::write(shell.path(name), bytes).expect("writes");
        let said = shell.fails(&["import", "jsonl", name, "--forum", "other"]);
        let begin = format!(
            "{name} looks like {looks}, but lines of JSON are taken, each an object such as {{\"id\": "
        );
        assert!(said.starts_with(&begin), "{said}");
        assert!(said.contains("; "), "it says what to do: {said}");
    }
    shell.write("blank.jsonl", "\n\n");
    let said = shell.fails(&["import", "jsonl", "blank.jsonl"]);
    assert!(
        said.starts_with("blank.jsonl is empty, but lines of JSON are taken"),
        "{said}"
    );
    assert_eq!(
        shell.does(&["forum", "list"]),
        "",
        "what can't be taken leaves no forum behind"
    );
    let said = shell.pipe(
        &["import", "jsonl", "-", "--source", "x"],
        "id,title\n1,How?\n",
    );
    assert!(
        super::sentence(&said).starts_with("standard input looks like a table (CSV), but"),
        "{}",
        said.err
    );
    fs::create_dir(shell.path("folder")).expect("makes");
    assert_snapshot!(shell.fails(&["import", "jsonl", "folder"]), @"folder is a folder; name a file in it, or say `stoa import stackexchange` if it is a dump’s");
    assert_snapshot!(shell.fails(&["import", "stackexchange", "a.7z"]), @"a.7z looks like an archive (7z), but the folder that a site’s dump was unpacked into is taken; unpack it into a folder first, and name that");
    assert_snapshot!(shell.fails(&["import", "stackexchange", "a.xml"]), @"a.xml looks like XML, but the folder that a site’s dump was unpacked into is taken; name the folder that it is in");
}

#[test]
fn a_file_of_which_nothing_can_be_taken_fails_and_says_why() {
    let shell = Shell::new();
    let mut lines = String::new();
    for id in 1..=815 {
        let _ = writeln!(
            lines,
            "{{\"id\":{id},\"question\":\"How is it number {id}?\"}}"
        );
    }
    shell.write("faq.jsonl", &lines);
    let said = shell.says(&["import", "jsonl", "faq.jsonl"]);
    assert_eq!(said.code, Some(1));
    assert_snapshot!([said.out, said.err].concat(), @r"
    skipped lines, 815: there is no field `question`; is it `title`? (line 1, line 2, line 3, …)
    stoa: nothing in faq can be taken; `stoa import --help` and docs/import.md say how it is to look
    ");
    shell.write("faq.jsonl", &lines.replace("question", "title"));
    shell.does(&["import", "jsonl", "faq.jsonl"]);
    // Under the same name, another forum's questions are none of these.
    shell.write(
        "dump/Posts.xml",
        "<posts>\n<row Id=\"x\" PostTypeId=\"1\" />\n</posts>\n",
    );
    let said = shell.says(&["import", "stackexchange", "dump"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(
        said.err.starts_with("stoa: nothing in dump can be taken; "),
        "{}",
        said.err
    );
}

#[test]
fn a_file_that_was_cut_off_fails_and_goes_on_when_it_is_whole() {
    let shell = Shell::new();
    let whole = "{\"id\":1,\"title\":\"Is it whole?\"}\n{\"id\":2,\"title\":\"Is it half?\",\"answer\":\"No.\"}\n";
    shell.write("faq.jsonl", &whole[..whole.len() - 20]);
    let said = shell.says(&["import", "jsonl", "faq.jsonl"]);
    assert_eq!(said.code, Some(1));
    assert_snapshot!([said.out, said.err].concat(), @r"
    ok one question with 0 answers and 0 comments are in the forum main, from faq
    stoa: faq.jsonl was cut off: it ends in the middle of line 2; what came before is in the forum, and the same command goes on when the file is whole
    ");
    shell.write("faq.jsonl", whole);
    assert_snapshot!(shell.does(&["import", "jsonl", "faq.jsonl"]), @r"
    ok one question with one answer and 0 comments are in the forum main, from faq
    one post was there already and stays as it is
    ");
    shell.write("half.jsonl", &whole[..20]);
    assert_snapshot!(shell.fails(&["import", "jsonl", "half.jsonl"]), @"half.jsonl was cut off: it ends in the middle of line 1, and nothing before that can be taken; get the whole file");
    write_dump(&shell, 20, 5);
    let dump = fs::read_to_string(shell.path("dump/Posts.xml")).expect("reads");
    let rows = dump.strip_suffix("</posts>\n").expect("whole");
    shell.write("dump/Posts.xml", rows);
    let said = shell.says(&["import", "stackexchange", "dump"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert_snapshot!(said.err, @"stoa: dump/Posts.xml was cut off: it ends after row 20, without its closing tag; what came before is in the forum, and the same command goes on when the file is whole");
    shell.write("dump/Posts.xml", &rows[..rows.len() - 30]);
    let said = shell.says(&["import", "stackexchange", "dump"]);
    assert!(
        said.err
            .contains("it ends in the middle of row 20 (Id 20); what came before"),
        "{}",
        said.err
    );
    shell.write("dump/Posts.xml", &dump);
    shell.does(&["import", "stackexchange", "dump"]);
}

/// Writes a dump of so many questions.
pub(super) fn write_dump(shell: &Shell, questions: usize, words: usize) {
    let mut rows = String::from("<posts>\n");
    for id in 1..=questions {
        let text = format!("word{} ", id % 997).repeat(words);
        let _ = writeln!(
            rows,
            r#"<row Id="{id}" PostTypeId="1" CreationDate="2021-03-01T10:00:00.000" Score="{}" Body="{text}" Title="Question {id}" Tags="" />"#,
            id % 50
        );
    }
    rows.push_str("</posts>\n");
    shell.write("dump/Posts.xml", &rows);
}

fn importing(shell: &Shell) -> Child {
    shell
        .stoa(&["import", "stackexchange", "dump"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts")
}

/// An export without what it says of itself, and of the stores where its posts were first written.
fn below_head(lines: &str) -> String {
    let (_, posts) = lines.split_once('\n').expect("a head");
    let mut pieces = posts.split(r#","written_in":{"#);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |posts, piece| {
        let (_, behind) = piece.split_once('}').expect("an end");
        posts + behind
    })
}

/// How many questions the store has, if it is there.
fn questions(shell: &Shell) -> usize {
    let said = shell.says(&["stats"]);
    let line = said.out.lines().find(|line| line.starts_with("questions"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}

#[test]
fn an_import_that_is_killed_goes_on_when_it_is_run_again() {
    const ALL: usize = 4_000;
    let shell = Shell::new();
    write_dump(&shell, ALL, 20);
    let mut killed = 0;
    for least in [1, 1_000, 2_000] {
        let mut child = importing(&shell);
        let ended = loop {
            if child.try_wait().expect("waits").is_some() {
                break true;
            }
            if questions(&shell) >= least {
                break false;
            }
        };
        if !ended {
            child.kill().expect("kills");
            child.wait().expect("ends");
            killed += 1;
        }
    }
    assert!(killed > 0, "it was never killed in the middle");
    let before = questions(&shell);
    let said = shell.does(&["import", "stackexchange", "dump"]);
    assert!(
        said.contains(&format!("{before} posts were there already")) || before == 0,
        "{said}"
    );
    assert_eq!(questions(&shell), ALL);
    assert!(
        shell
            .does(&["search", "\"question 3999\""])
            .contains("#3999")
    );
    let whole = Shell::new();
    write_dump(&whole, ALL, 20);
    whole.does(&["import", "stackexchange", "dump"]);
    // The head names the store.
    assert!(
        below_head(&shell.exported()) == below_head(&whole.exported()),
        "a kill left a trace"
    );
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_an_import_between_two_commits_and_says_how_to_go_on() {
    let shell = Shell::new();
    write_dump(&shell, 4_000, 20);
    let child = shell
        .stoa(&["import", "stackexchange", "dump"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    while questions(&shell) == 0 {}
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("signals");
    let said = shell.said(child.wait_with_output().expect("ends"));
    assert_eq!(said.code, Some(1), "{}", said.err);
    let last = "stoa: stopped before the end; the same command goes on from here\n";
    assert!(said.err.ends_with(last), "{}", said.err);
    // What was taken is found.
    let found = shell.does(&["search", "\"question 1\""]);
    assert!(found.contains("#1 Question 1"), "{found}");
    shell.does(&["import", "stackexchange", "dump"]);
    assert_eq!(questions(&shell), 4_000);
}

/// The most memory that an import held, in KiB, as the system counted it.
fn peak(questions: usize) -> u64 {
    const COUNTED: &str = "
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
";
    let shell = Shell::new();
    write_dump(&shell, questions, 300);
    let import = ["import", "stackexchange", "dump"];
    let said = shell.said(
        shell
            .command("python3")
            .args(["-c", COUNTED, STOA])
            .args(import)
            .output()
            .expect("runs"),
    );
    let counted = said.out.trim().parse();
    counted.unwrap_or_else(|_| panic!("no number: {}{}", said.out, said.err))
}

/// A fifth of what is asked for: `cargo bench -p bot-core --bench import` looks at 200 MB.
#[test]
#[cfg(target_os = "linux")]
fn a_large_dump_takes_no_more_memory_than_a_small_one() {
    let (small, large) = (peak(2_000), peak(16_000));
    assert!(small > 0 && large < 150 << 10, "{large} KiB");
    // 4 and 40 MB of text; the index's files are memory that can be taken away at any time.
    assert!(large < small + (36 << 10), "{small} KiB, {large} KiB");
}

#[test]
fn the_beer_forum_goes_in_and_answers() {
    let Some(beer) = shared("data/stackexchange-beer") else {
        return;
    };
    let shell = Shell::new();
    let said = shell.does(&["import", "stackexchange", &beer, "--source", "beer"]);
    assert!(
        said.starts_with("ok 1029 questions with 2277 answers and 3509 comments are in the forum main, from beer\n"),
        "{said}"
    );
    let found = shell.does(&["search", "how long does an opened keg last"]);
    assert!(found.contains("keg") && found.contains("last"), "{found}");
    let again = shell.does(&["import", "stackexchange", &beer, "--source", "beer"]);
    assert!(
        again.starts_with("ok nothing new in beer\n6815 posts were there already"),
        "{again}"
    );
}

#[test]
fn the_judged_questions_go_in_under_their_ids() {
    let Some(corpus) = shared("data/judged/stackfaq/corpus.jsonl") else {
        return;
    };
    let shell = Shell::new();
    let said = shell.does(&["import", "jsonl", &corpus]);
    assert_eq!(
        said,
        "ok 719 questions with 719 answers and 0 comments are in the forum main, from corpus\n"
    );
    shell.write("queries.tsv", "q\tstrikethrough github markdown\n");
    let run = shell.does(&["search", "--batch", "queries.tsv", "--limit", "1"]);
    assert!(run.starts_with("q Q0 T0A"), "{run}");
}
