//! The forum from the shell: a talk through a pipe, search, copies, counts.

use std::fs;

use serde_json::Value;

use super::Shell;

#[test]
fn a_talk_through_a_pipe_reads_like_a_chat() {
    let shell = Shell::new();
    let said = shell.pipe(
        &["console", "--as", "mira"],
        "!ask How do I sharpen a kitchen knife? --tag knives,kitchen\n\
         It tears tomatoes.\n\
         \n\
         - I have a *whetstone*.\n\
         !answer #1\n\
         Soak it, then **20°**.\n\
         👍 #1.1\n\
         ✅ #1.1\n\
         !comment #1.1 Which side first?\n\
         !search knives\n\
         !edit #1 --title \"How do I sharpen a chef's knife?\"\n\
         !show 1\n\
         !srch knife\n\
         !answer #7 no such thing\n",
    );
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.out, @r"
    #1 How do I sharpen a kitchen knife?

    It tears tomatoes.

    - I have a *whetstone*.

    Tags: knives, kitchen
    0 votes · no answers yet · asked DATE by mira
    Answer with `!answer #1 …` · 👍 👎 vote

    #1.1 Answer by mira

    Soak it, then **20°**.

    0 votes · DATE

    #1.1 is your own, and nobody votes on their own posts.

    #1.1 is the accepted answer now.

    #1.1/c1 Comment by mira

    Which side first?

    DATE

    One question found for “knives”

    - #1 How do I sharpen a kitchen knife?
      ✅ #1.1 by mira, 0 votes: Soak it, then 20°.
      0 votes · 1 answer · asked DATE by mira

    #1 is changed.

    #1 How do I sharpen a chef's knife?

    It tears tomatoes.

    - I have a *whetstone*.

    Tags: knives, kitchen
    0 votes · 1 answer · asked DATE by mira

    ✅ Answered: #1.1

    ---

    ✅ #1.1 Accepted answer by mira

    Soak it, then **20°**.

    0 votes · DATE

    > #1.1/c1 mira · DATE
    >
    > Which side first?

    There is no `!srch`. Did you mean `!search`?

    There is no #7. `!search` finds questions, `!questions` lists them.
    ");

    let said = shell.pipe(
        &["console", "--as", "sol"],
        "\nhello\n👍 #1.1\n!down #1\n!unvote #1\n!delete #1.1/c1\n",
    );
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.out, @r"
    I serve a forum: questions, answers and votes. `!ask` asks a question, `!search` finds what was answered before, `!help` shows the rest.

    👍 You voted for #1.1. It has +1 vote now.

    👎 You voted against #1. It has –1 vote now.

    Your vote on #1 is taken back. It has 0 votes now.

    #1.1/c1 is withdrawn; its text is gone.
    ");
}

#[test]
fn the_demo_fills_an_empty_forum_once_and_floods_nobody() {
    let shell = Shell::new();
    let said = shell.pipe(&["console", "--demo"], "");
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert_eq!(
        said.err,
        "stoa: the forum has 13 questions of the demo now\n"
    );
    let stats = shell.says(&["stats"]).out;
    let said = shell.pipe(&["console", "--demo"], "");
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert_eq!(
        said.err,
        "stoa: the forum is not empty, and the demo only fills an empty one: nothing was added\n"
    );
    assert_eq!(shell.says(&["stats"]).out, stats);
    insta::assert_snapshot!(stats, @r"
    forums              1
    places              0
    members             8
    questions          13
    accepted           11
    unanswered          1
    answers            26
    comments           13
    votes             138
    outbox              0
    stale               0
    ");
}

#[test]
fn search_answers_in_text_and_in_json() {
    let shell = Shell::with_demo();
    let said = shell.says(&["search", "--limit", "1", "sourdough", "starter"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(
        said.out.starts_with("- #2 Sourdough is dense and gummy"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("✅ #2.1 by mira, +5 votes: "),
        "{}",
        said.out
    );
    let said = shell.says(&["search", "tag:sourdough"]);
    assert!(
        said.out
            .starts_with("One question found for “tag:sourdough”\n\n- #2 "),
        "{}",
        said.out
    );
    let said = shell.says(&["search", "xyzzy"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(
        said.out.starts_with("Nothing was found for “xyzzy”."),
        "{}",
        said.out
    );

    let said = shell.says(&["search", "--json", "--limit", "2", "backup sqlite"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let found: Value = serde_json::from_str(&said.out).expect("JSON");
    let addresses: Vec<_> = found
        .as_array()
        .expect("a list")
        .iter()
        .map(|hit| hit["address"].as_str())
        .collect();
    assert_eq!(addresses, [Some("#1"), Some("#9")]);
    let first = &found[0];
    assert_eq!(first["votes"], 4);
    assert_eq!(first["answers"], 2);
    assert_eq!(first["author"], "tamsin");
    assert_eq!(first["accepted"], "#1.1");
    assert_eq!(first["answer"]["accepted"], true);
    assert_eq!(
        first["tags"],
        serde_json::json!(["sqlite", "backup", "self-hosting"])
    );
    assert!(first["score"].as_f64() > found[1]["score"].as_f64());
    assert!(
        first["asked"]
            .as_str()
            .is_some_and(|asked| asked.ends_with('Z'))
    );

    let said = shell.says(&["search", "--json", "--", "-qwertz", "\"", "is:", "tag:("]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), ""),
        "a query is never an error"
    );
}

#[test]
fn what_a_search_prints_for_programs_is_what_the_page_says() {
    let shell = Shell::with_demo();
    let said = shell.says(&["search", "--json", "--limit", "1", "backup sqlite"]);
    let found: Value = serde_json::from_str(&said.out).expect("JSON");
    let mut types = Vec::new();
    let mut open = vec![(String::new(), &found[0])];
    while let Some((above, value)) = open.pop() {
        for (name, value) in value.as_object().expect("an object") {
            let name = format!("{above}{name}");
            let kind = match value {
                Value::Null => "null",
                Value::Bool(_) => "bool",
                Value::Number(_) => "number",
                Value::String(_) => "string",
                Value::Array(_) => "list",
                Value::Object(_) => {
                    open.push((format!("{name}."), value));
                    "object"
                }
            };
            types.push(format!("{name}: {kind}"));
        }
    }
    types.sort();
    insta::assert_snapshot!(types.join("\n"), @r"
    accepted: string
    address: string
    answer.accepted: bool
    answer.address: string
    answer.author: string
    answer.excerpt: string
    answer.votes: number
    answer: object
    answers: number
    asked: string
    author: string
    excerpt: string
    score: number
    tags: list
    title: string
    votes: number
    ");
    let page = crate::pages::read("docs/operating.md");
    let (_, table) = page
        .split_once("`stoa search --json` prints")
        .expect("a section");
    let (table, _) = table.split_once("\n## ").expect("another section");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut named: Vec<_> = rows.filter_map(|row| row.split('`').next()).collect();
    named.sort_unstable();
    let mut known: Vec<_> = types.iter().filter_map(|of| of.split(':').next()).collect();
    known.sort_unstable();
    assert_eq!(named, known);
}

#[test]
fn a_batch_of_queries_makes_a_trec_run() {
    let shell = Shell::with_demo();
    shell.write(
        "queries.tsv",
        "q1\tbackup sqlite\n\nq2\tsourdough starter\nq3\txyzzy\n",
    );
    let said = shell.says(&["search", "--batch", "queries.tsv", "--limit", "2"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let mut ranks = Vec::new();
    for line in said.out.lines() {
        let fields: Vec<_> = line.split(' ').collect();
        let [id, "Q0", document, rank, score, "stoa"] = fields[..] else {
            panic!("no line of a run: {line}");
        };
        assert!(
            score.parse::<f32>().is_ok_and(|score| score > 0.0),
            "{line}"
        );
        ranks.push(format!("{id} {document} {rank}"));
    }
    assert_eq!(ranks[..2], ["q1 #1 1", "q1 #9 2"]);
    assert_eq!(ranks[2], "q2 #2 1");
    assert!(ranks.iter().all(|rank| !rank.starts_with("q3")));

    let piped = shell.pipe(
        &["search", "--batch", "-", "--limit", "2"],
        "q1\tbackup sqlite\n",
    );
    assert!(said.out.starts_with(&piped.out) && !piped.out.is_empty());
    let said = shell.pipe(&["search", "--batch", "-"], "q1 backup\n");
    assert_eq!(
        super::sentence(&said),
        "line 1 of - has no tab; write each as id<TAB>query"
    );
    assert!(
        shell
            .fails(&["search", "--batch", "none.tsv"])
            .starts_with("none.tsv can’t be read; ")
    );
}

#[test]
fn a_forum_that_is_not_there_is_told_with_those_that_are() {
    let shell = Shell::with_demo();
    let sentence = "there is no forum called nope, only main";
    assert_eq!(shell.fails(&["--forum", "nope", "search", "x"]), sentence);
    assert_eq!(shell.fails(&["console", "--forum", "nope"]), sentence);
}

#[test]
fn a_command_that_is_about_all_forums_counts_none_for_one() {
    let shell = Shell::with_demo();
    assert_eq!(
        shell.fails(&["stats", "--forum", "nope"]),
        "there is no forum called nope, only main"
    );
    assert_eq!(
        shell.does(&["stats", "--forum", "main"]),
        shell.does(&["stats"])
    );
    shell.does(&["demo", "--posts", "20", "--forum", "other"]);
    assert_eq!(
        shell.fails(&["stats", "--forum", "main"]),
        "`stoa stats` counts all forums together, and there are main, other; `stoa forum list` says how many questions each has"
    );
    for arguments in [
        &["backup", "copy.db"][..],
        &["restore", "copy.db"],
        &["reindex"],
        &["check"],
        &["forum", "list"],
        &["run"],
    ] {
        let said = shell.fails(&[&["--forum", "main"], arguments].concat());
        assert!(
            said.ends_with(" is about all forums together; leave --forum out"),
            "{said}"
        );
    }
    assert!(!shell.path("copy.db").exists());
}

#[test]
fn what_is_not_counted_to_its_end_is_not_said_to_be() {
    let shell = Shell::new();
    super::import::write_dump(&shell, 143, 5);
    shell.does(&["import", "stackexchange", "dump"]);
    let said = shell
        .pipe(&["console"], "!search question\n!search question page:15\n")
        .out;
    assert!(
        said.contains("100 or more questions found for “question”\n"),
        "{said}"
    );
    assert!(!said.contains("of 10"), "{said}");
    assert!(
        said.contains("143 questions found for “question”\n"),
        "{said}"
    );
    assert!(said.contains("Page 15 of 15"), "{said}");
}

#[test]
fn a_backup_is_the_whole_forum() {
    let shell = Shell::with_demo();
    let said = shell.says(&["backup", "copy.db"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(said.out.starts_with("ok copy.db ("), "{}", said.out);
    let stats = shell.says(&["stats", "--json"]).out;

    fs::remove_dir_all(shell.storage()).expect("removes");
    let said = shell.says(&["restore", "copy.db"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(said.out, "ok copy.db is the forum now (13 questions)\n");
    // The index that is built anew by itself is no problem.
    let said = shell.says(&["check"]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert_eq!(shell.says(&["stats", "--json"]).out, stats);
    let said = shell.pipe(&["console"], "!search sourdough\n");
    assert!(said.out.contains("#2 Sourdough is dense"), "{}", said.out);

    let said = shell.fails(&["backup", "run/forum.db"]);
    assert_eq!(
        said,
        "run/forum.db is in the storage folder itself; name a file in another folder, best on another disk"
    );
    assert_eq!(shell.says(&["stats", "--json"]).out, stats);
}

#[test]
fn what_a_restored_backup_replaces_is_kept() {
    let shell = Shell::with_demo();
    shell.says(&["backup", "copy.db"]);
    let stats = shell.says(&["stats", "--json"]).out;
    shell.pipe(&["console"], "!ask Is this asked after the backup?\n");
    let later = shell.says(&["stats", "--json"]).out;
    assert_ne!(later, stats);
    let said = shell.says(&["restore", "copy.db"]).out;
    let kept = "run/forum.before-restore-1.db";
    assert_eq!(
        said,
        format!(
            "ok copy.db is the forum now (13 questions)\nwhat it replaced is kept for 7 days: ~/{kept}\n"
        )
    );
    assert_eq!(shell.says(&["stats", "--json"]).out, stats);
    // It is searched at once, and what it replaced is not found.
    let found = shell.does(&["search", "sourdough"]);
    assert!(found.contains("#2 Sourdough is dense"), "{found}");
    assert!(
        !shell
            .does(&["search", "asked after the backup"])
            .contains("#14")
    );
    let said = shell.pipe(
        &["console"],
        "!search sourdough\n!search asked after the backup\n",
    );
    assert!(said.out.contains("#2 Sourdough is dense"), "{}", said.out);
    assert!(!said.out.contains("#14"), "{}", said.out);
    // Back again, by the same way.
    let said = shell.says(&["restore", kept]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(shell.says(&["stats", "--json"]).out, later);
}

#[test]
fn what_is_no_backup_is_not_restored_and_nothing_is_changed() {
    let shell = Shell::with_demo();
    let stats = shell.says(&["stats", "--json"]).out;
    fs::write(shell.path("letter.txt"), "Dear Mira, ".repeat(1_000)).expect("writes");
    fs::write(shell.path("empty.db"), "").expect("writes");
    shell.says(&["backup", "copy.db"]);
    let mut cut = fs::read(shell.path("copy.db")).expect("reads");
    cut.truncate(cut.len() / 2);
    fs::write(shell.path("cut.db"), cut).expect("writes");
    for file in ["letter.txt", "empty.db", "cut.db"] {
        let sentence = format!("{file} is damaged or not Stoa's database; restore a backup");
        assert_eq!(shell.fails(&["restore", file]), sentence);
    }
    let said = shell.fails(&["restore", "nowhere.db"]);
    assert!(
        said.starts_with("the backup nowhere.db can't be read"),
        "{said}"
    );
    let forum = shell.storage().join("forum.db");
    let forum = forum.to_str().expect("plain");
    for (file, why) in [
        ("-", "a backup is restored from a file"),
        (".", ". is a folder"),
        ("/dev/null", "/dev/null is no file"),
        (forum, "is the forum itself"),
    ] {
        let said = shell.fails(&["restore", file]);
        assert!(said.contains(why), "{file}: {said}");
    }
    assert_eq!(shell.says(&["stats", "--json"]).out, stats);
}

#[test]
fn stats_in_json_are_the_same_numbers() {
    let shell = Shell::with_demo();
    let numbers: Value = serde_json::from_str(&shell.says(&["stats", "--json"]).out).expect("JSON");
    let mut lines = 0;
    for line in shell.says(&["stats"]).out.lines() {
        let (name, number) = line.split_once(' ').expect("two columns");
        assert_eq!(numbers[name].to_string(), number.trim(), "{name}");
        lines += 1;
    }
    assert_eq!(numbers.as_object().map(serde_json::Map::len), Some(lines));
    assert_eq!(numbers["questions"], 13);
}

#[test]
fn whoever_runs_the_bot_lists_the_forums_and_invites_another_by_a_code() {
    let shell = Shell::with_demo();
    let said = shell.says(&["forum", "list"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.out, @r#"
    main: 13 questions
      terminal  console (closed)
    "#);
    let said = shell.says(&["forum", "code"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let code = said.out.trim().strip_prefix("forum join ");
    let code = code.unwrap_or_else(|| panic!("{}", said.out)).to_owned();
    // Said in the same forum, it is of no use.
    let own = shell.pipe(&["console"], &format!("!forum join {code}\n"));
    assert!(
        own.out.contains("That code was made on this side."),
        "{}",
        own.out
    );
    let said = shell.says(&["forum", "code", "--forum", "brewing"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.err
            .contains("there is no forum called brewing, only main"),
        "{}",
        said.err
    );
    assert_eq!(shell.says(&["forum"]).code, Some(2));
}
