//! Dumps as they come: whole, broken, twice, and in pieces.

use std::path::Path;

use insta::assert_snapshot;

use super::*;
use crate::forum::{Change, ForumId, PostId, Timestamp};
use crate::store::Reader;

/// A folder with a store, and one with a dump.
struct Desk {
    dir: tempfile::TempDir,
    store: Store,
}

const POSTS_XML: &str = r#"
    <row Id="1" PostTypeId="1" AcceptedAnswerId="3" CreationDate="2014-01-21T20:26:05.383" Score="2" Body="&lt;p&gt;It is &lt;em&gt;opened&lt;/em&gt;.&lt;/p&gt;" OwnerUserId="7" Title="How long does a keg last?" Tags="&lt;keg&gt;&lt;storage&gt;" ContentLicense="CC BY-SA 3.0" />
    <row Id="2" PostTypeId="1" CreationDate="2014-01-22T20:26:05.383" Score="0" Body="&lt;p&gt;Tell me.&lt;/p&gt;" OwnerDisplayName="gone" Title="How long do kegs last?" Tags="|keg|" ClosedDate="2014-02-01T00:00:00.000" />
    <row Id="3" PostTypeId="2" ParentId="1" CreationDate="2014-01-23T20:26:05.383" Score="1" Body="&lt;p&gt;Two weeks." CommunityOwnedDate="2014-03-01T00:00:00.000" />
    <row Id="4" PostTypeId="5" CreationDate="2014-01-24T20:26:05.383" Score="0" Body="About kegs." />"#;

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("dump")).expect("a folder");
        let store = Store::open(&dir.path().join("run")).expect("opens");
        Self { dir, store }
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let desk = Self::new();
        for (table, rows) in files {
            desk.write(table, rows);
        }
        desk
    }

    fn dump(&self) -> PathBuf {
        self.dir.path().join("dump")
    }

    /// Writes a file of the dump.
    fn write(&self, table: &str, rows: &str) {
        self.write_raw(table, &format!("<{table}>{rows}\n</{table}>"));
    }

    fn write_raw(&self, table: &str, text: &str) {
        let file = match table {
            "posts" => POSTS,
            "users" => USERS,
            "votes" => VOTES,
            "comments" => COMMENTS,
            "posthistory" => HISTORY,
            "postlinks" => LINKS,
            other => panic!("{other} is no table"),
        };
        std::fs::write(self.dump().join(file), text).expect("writes");
    }

    fn reader(&self) -> &Reader {
        self.store.reader()
    }

    fn import(&self) -> Result<Report, Fault> {
        self.import_as("beer", &mut |_| Flow::On)
    }

    fn import_as(
        &self,
        source: &str,
        on: &mut dyn FnMut(ImportProgress) -> Flow,
    ) -> Result<Report, Fault> {
        let options = Options {
            forum: "main".to_owned(),
            source: source.to_owned(),
            site: None,
            trust: false,
            now: Timestamp(1_700_000_000_000),
        };
        stack_exchange(&self.store, &self.dump(), &options, on)
    }

    /// What an import says of itself, but for missing files.
    fn says(&self) -> String {
        said(&self.import().expect("imports"))
    }

    /// The forum as its export has it.
    fn holds(&self) -> String {
        let forum = self
            .reader()
            .forum("main")
            .expect("reads")
            .expect("is there");
        let mut out = Vec::new();
        let written =
            crate::transfer::export(self.reader(), forum, &mut out, "test", &mut |_| Flow::On);
        assert!(written.expect("writes").is_some());
        let lines = String::from_utf8(out).expect("text");
        // Whose it is, is another in each store.
        let (head, rest) = lines.split_once('\n').expect("a head");
        let head = head.split(r#","store""#).next().expect("a head");
        format!("{head}}}\n{rest}")
    }

    /// Somebody here accepts an answer.
    fn accepts(&self, question: PostId, answer: PostId) {
        let done = self.store.begin(1, move |tx| {
            let accepted = Change::Accepted {
                question,
                answer,
                via: None,
                by: None,
            };
            tx.apply(ForumId(1), &[accepted], Timestamp(1_700_000_000_000))
        });
        done.expect("begins").wait().expect("accepts");
    }
}

fn said(report: &Report) -> String {
    let taken = &report.taken;
    let mut lines = vec![format!(
        "{} questions, {} answers, {} comments, {} earlier texts, {} links; {} known, {} recounted",
        taken.questions,
        taken.answers,
        taken.comments,
        taken.revisions,
        taken.links,
        taken.known,
        taken.recounted
    )];
    if taken.accepted + taken.closed + taken.decided > 0 {
        lines.push(format!(
            "{} accepted, {} closed, {} decided",
            taken.accepted, taken.closed, taken.decided
        ));
    }
    for ((what, why), skips) in &report.skipped {
        lines.push(format!(
            "{} {what}: {why} ({})",
            skips.count,
            skips.examples.join(", ")
        ));
    }
    if let Some(cut) = &report.cut {
        lines.push(format!("{}: {}", cut.file, cut.how));
    }
    lines.join("\n")
}

/// A whole small dump.
fn whole() -> Desk {
    Desk::with(&[
        ("posts", POSTS_XML),
        (
            "users",
            r#"<row Id="7" DisplayName="mira" /><row Id="8" DisplayName="sol" />"#,
        ),
        (
            "votes",
            r#"<row Id="1" PostId="1" VoteTypeId="2" CreationDate="2014-01-21T00:00:00.000" />
            <row Id="2" PostId="1" VoteTypeId="2" CreationDate="2014-01-21T00:00:00.000" />
            <row Id="3" PostId="1" VoteTypeId="3" CreationDate="2014-01-21T00:00:00.000" />
            <row Id="4" PostId="3" VoteTypeId="1" CreationDate="2014-01-21T00:00:00.000" />
            <row Id="5" PostId="1" VoteTypeId="8" CreationDate="2014-01-21T00:00:00.000" />"#,
        ),
        (
            "comments",
            r#"<row Id="1" PostId="3" Score="2" Text="Cold, I *hope*." CreationDate="2014-01-24T00:00:00.000" UserId="8" />
            <row Id="2" PostId="3" Score="0" Text="It was." CreationDate="2014-01-25T00:00:00.000" />"#,
        ),
        (
            "posthistory",
            r#"<row Id="1" PostHistoryTypeId="2" PostId="1" RevisionGUID="a" CreationDate="2014-01-21T20:26:05.383" UserId="7" Text="It is open." />
            <row Id="2" PostHistoryTypeId="1" PostId="1" RevisionGUID="a" CreationDate="2014-01-21T20:26:05.383" UserId="7" Text="Keg?" />
            <row Id="3" PostHistoryTypeId="3" PostId="1" RevisionGUID="a" CreationDate="2014-01-21T20:26:05.383" UserId="7" Text="&lt;keg&gt;" />
            <row Id="4" PostHistoryTypeId="4" PostId="1" RevisionGUID="b" CreationDate="2014-01-21T21:00:00.000" UserId="8" Comment="say it" Text="How long does a keg last?" />
            <row Id="5" PostHistoryTypeId="5" PostId="1" RevisionGUID="c" CreationDate="2014-01-21T22:00:00.000" UserId="7" Text="It is *opened*." />
            <row Id="6" PostHistoryTypeId="10" PostId="2" RevisionGUID="d" CreationDate="2014-02-01T00:00:00.000" UserId="8" Comment="101" Text="{&quot;OriginalQuestionIds&quot;:[1]}" />"#,
        ),
        (
            "postlinks",
            r#"<row Id="1" CreationDate="2014-02-01T00:00:00.000" PostId="2" RelatedPostId="1" LinkTypeId="3" />
            <row Id="2" CreationDate="2014-02-01T00:00:00.000" PostId="1" RelatedPostId="99" LinkTypeId="1" />"#,
        ),
    ])
}

#[test]
fn all_that_a_dump_says_is_there() {
    let desk = whole();
    assert_snapshot!(desk.says(), @r"
    2 questions, 1 answers, 2 comments, 2 earlier texts, 1 links; 0 known, 0 recounted
    1 links: a question that it names is not there (PostLinks.xml row 2)
    1 posts: they describe tags (Posts.xml row 4)
    1 votes: they are neither for nor against a post: bounties, favourites, closing (Votes.xml row 5)
    ");
    assert_snapshot!(desk.holds(), @r##"
    {"stoa":1,"forum":"main","questions":2}
    {"number":1,"title":"How long does a keg last?","tags":["keg","storage"],"body":"It is *opened*.","author":{"platform":"imported","key":"main/beer/7","name":"mira"},"at":"2014-01-21T20:26:05.383Z","edited":{"by":{"platform":"imported","key":"main/beer/7","name":"mira"},"at":"2014-01-21T22:00:00.000Z"},"revisions":[{"title":"Keg?","body":"It is open.","tags":["keg"],"by":{"platform":"imported","key":"main/beer/7","name":"mira"},"at":"2014-01-21T20:26:05.383Z"},{"title":"How long does a keg last?","body":"It is open.","tags":["keg"],"by":{"platform":"imported","key":"main/beer/8","name":"sol"},"at":"2014-01-21T21:00:00.000Z","reason":"say it"}],"carried":{"ups":2,"downs":1},"origin":{"source":"beer","id":"1","licence":"CC BY-SA 3.0"},"accepted":{"answer":1},"answers":[{"number":1,"body":"Two weeks.","author":{"platform":"deleted","key":"main/beer/"},"at":"2014-01-23T20:26:05.383Z","origin":{"source":"beer","id":"3","wiki":true},"comments":[{"number":1,"body":"Cold, I *hope*.","author":{"platform":"imported","key":"main/beer/8","name":"sol"},"at":"2014-01-24T00:00:00.000Z","carried":{"ups":2},"origin":{"source":"beer","id":"c1"}},{"number":2,"body":"It was.","author":{"platform":"deleted","key":"main/beer/"},"at":"2014-01-25T00:00:00.000Z","origin":{"source":"beer","id":"c2"}}]}]}
    {"number":2,"title":"How long do kegs last?","tags":["keg"],"body":"Tell me.","author":{"platform":"deleted","key":"main/beer/gone","name":"gone"},"at":"2014-01-22T20:26:05.383Z","origin":{"source":"beer","id":"2"},"closed":{"at":"2014-02-01T00:00:00.000Z","why":"duplicate"}}
    {"link":{"from":"#2","to":"#1","kind":"duplicate"}}
    "##);
    let totals = desk.reader().totals().expect("reads");
    assert_eq!((totals.outbox, totals.members, totals.accepted), (0, 0, 1));
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let desk = whole();
    desk.says();
    let (before, seq) = (desk.holds(), desk.reader().last_seq().expect("reads"));
    let again = desk.import().expect("imports");
    assert!(!again.changed(), "{}", said(&again));
    assert_eq!(again.taken.known, 5);
    assert_eq!(desk.holds(), before);
    assert_eq!(desk.reader().last_seq().expect("reads"), seq);
}

#[test]
fn a_newer_dump_adds_what_is_new_and_counts_votes_anew() {
    let desk = whole();
    desk.says();
    let newer = POSTS_XML.to_owned()
        + r#"<row Id="5" PostTypeId="2" ParentId="2" CreationDate="2014-05-01T00:00:00.000" Score="0" Body="Long." />"#;
    desk.write("posts", &newer.replace("It is", "Another text:"));
    desk.write(
        "votes",
        r#"<row Id="1" PostId="3" VoteTypeId="2" CreationDate="2014-01-21T00:00:00.000" />"#,
    );
    assert_snapshot!(desk.says(), @r"
    0 questions, 1 answers, 0 comments, 0 earlier texts, 0 links; 5 known, 2 recounted
    1 links: a question that it names is not there (PostLinks.xml row 2)
    1 posts: they describe tags (Posts.xml row 4)
    ");
    assert!(
        desk.holds().contains("It is *opened*."),
        "what is there stays as it is"
    );
}

/// The posts of a newer dump: another answer of the first question is accepted, the second is open again.
fn newer_posts() -> String {
    let newer = POSTS_XML.to_owned()
        + r#"<row Id="5" PostTypeId="2" ParentId="1" CreationDate="2014-05-01T00:00:00.000" Score="0" Body="Three." />"#;
    newer
        .replace(r#"AcceptedAnswerId="3""#, r#"AcceptedAnswerId="5""#)
        .replace(r#" ClosedDate="2014-02-01T00:00:00.000""#, "")
}

#[test]
fn a_newer_dump_brings_what_was_accepted_closed_and_opened_since() {
    let desk = whole();
    desk.says();
    desk.write("posts", &newer_posts());
    assert_snapshot!(desk.says(), @r"
    0 questions, 1 answers, 0 comments, 0 earlier texts, 0 links; 5 known, 0 recounted
    1 accepted, 1 closed, 0 decided
    1 links: a question that it names is not there (PostLinks.xml row 2)
    1 posts: they describe tags (Posts.xml row 4)
    1 votes: they are neither for nor against a post: bounties, favourites, closing (Votes.xml row 5)
    ");
    let holds = desk.holds();
    assert!(holds.contains(r#""accepted":{"answer":2}"#), "{holds}");
    assert!(!holds.contains(r#""closed""#), "{holds}");
    assert!(!desk.import().expect("imports").changed());
    // And back, with an answer that is there.
    desk.write("posts", POSTS_XML);
    let report = desk.import().expect("imports");
    assert_eq!((report.taken.accepted, report.taken.closed), (1, 1));
    assert!(desk.holds().contains(r#""accepted":{"answer":1}"#));
    // Nothing is accepted any more.
    desk.write("posts", &POSTS_XML.replace(r#" AcceptedAnswerId="3""#, ""));
    assert_eq!(desk.import().expect("imports").taken.accepted, 1);
    assert!(!desk.holds().contains(r#""accepted""#));
    assert_eq!(desk.reader().totals().expect("reads").accepted, 0);
}

#[test]
fn what_was_accepted_here_stays_and_is_counted() {
    let desk = whole();
    desk.says();
    let with_another = newer_posts().replace(r#"AcceptedAnswerId="5""#, r#"AcceptedAnswerId="3""#);
    desk.write("posts", &with_another);
    desk.says();
    let (question, other) = (PostId(1), PostId(6));
    desk.accepts(question, other);
    let holds = desk.holds();
    assert!(holds.contains(r#""accepted":{"answer":2}"#), "{holds}");
    // What the dump says is what it said before.
    let same = desk.import().expect("imports");
    assert_eq!((same.changed(), same.taken.decided), (false, 0));
    let none = with_another.replace(r#" AcceptedAnswerId="3""#, "");
    desk.write("posts", &none);
    let report = desk.import().expect("imports");
    assert_eq!((report.taken.accepted, report.taken.decided), (0, 1));
    assert_eq!(desk.holds(), holds);
}

#[test]
fn a_dump_that_is_cut_off_gives_what_is_whole() {
    let desk = whole();
    let end = POSTS_XML.find("Two weeks").expect("is there");
    desk.write_raw("posts", &format!("<posts>{}", &POSTS_XML[..end]));
    let says = desk.says();
    assert!(says.starts_with("2 questions, 0 answers"), "{says}");
    assert!(
        says.ends_with("Posts.xml: it ends in the middle of row 3 (Id 3)"),
        "{says}"
    );
    // What was cut off comes with the whole.
    desk.write("posts", POSTS_XML);
    let says = desk.says();
    assert!(
        says.starts_with("0 questions, 1 answers, 2 comments"),
        "{says}"
    );
    assert_eq!(desk.reader().totals().expect("reads").accepted, 1);
}

#[test]
fn a_row_without_an_id_and_an_id_twice_are_left_out() {
    let desk = Desk::with(&[(
        "posts",
        r#"<row PostTypeId="1" CreationDate="2014-01-21T20:26:05.383" Body="x" Title="Which one?" Tags="" />
        <row Id="1" PostTypeId="1" CreationDate="2014-01-21T20:26:05.383" Score="1" Body="first" Title="Which one?" Tags="" />
        <row Id="1" PostTypeId="1" CreationDate="2014-01-21T20:26:05.383" Score="1" Body="second" Title="Which one?" Tags="" />"#,
    )]);
    assert_snapshot!(desk.says(), @r"
    1 questions, 0 answers, 0 comments, 0 earlier texts, 0 links; 0 known, 0 recounted
    1 posts: another before it has the same id (Posts.xml row 3)
    1 posts: it has no `Id` (Posts.xml row 1)
    ");
    assert!(desk.holds().contains("first"));
}

#[test]
fn what_belongs_to_nothing_is_left_out() {
    let desk = Desk::with(&[
        (
            "posts",
            r#"<row Id="2" PostTypeId="2" ParentId="1" CreationDate="2014-01-21T20:26:05.383" Score="1" Body="An answer." />"#,
        ),
        (
            "votes",
            r#"<row Id="1" PostId="9" VoteTypeId="2" CreationDate="2014-01-21T00:00:00.000" />"#,
        ),
        (
            "comments",
            r#"<row Id="1" PostId="9" Score="0" Text="Lost." CreationDate="2014-01-24T00:00:00.000" />"#,
        ),
    ]);
    assert_snapshot!(desk.says(), @r"
    0 questions, 0 answers, 0 comments, 0 earlier texts, 0 links; 0 known, 0 recounted
    1 comments: their post is not in the dump (Comments.xml, of post 9)
    1 posts: its question is not there (Posts.xml row 1)
    1 votes: their post is not in the dump (Votes.xml, of post 9)
    ");
}

#[test]
fn an_answer_may_come_before_its_question() {
    let desk = Desk::with(&[(
        "posts",
        r#"<row Id="1" PostTypeId="2" ParentId="2" CreationDate="2014-01-21T20:26:05.383" Score="1" Body="An answer." />
        <row Id="2" PostTypeId="1" AcceptedAnswerId="1" CreationDate="2014-01-21T20:26:05.383" Score="1" Body="" Title="Which one?" Tags="" />"#,
    )]);
    let says = desk.says();
    assert!(says.starts_with("1 questions, 1 answers"), "{says}");
    assert!(desk.holds().contains(r#""accepted":{"answer":1}"#));
}

#[test]
fn html_that_never_closes_is_read_as_far_as_it_goes() {
    let deep = "&lt;blockquote&gt;&lt;b&gt;&lt;ul&gt;&lt;li&gt;".repeat(5_000);
    let desk = Desk::with(&[(
        "posts",
        &format!(
            r#"<row Id="1" PostTypeId="1" CreationDate="2014-01-21T20:26:05.383" Score="1" Body="&lt;p&gt;Before &lt;a href=&quot;{deep}deep inside" Title="Which one?" Tags="" />
            <row Id="2" PostTypeId="1" CreationDate="2014-01-21T20:26:05.383" Score="1" Body="{deep}deep inside" Title="Which other?" Tags="" />"#
        ),
    )]);
    let says = desk.says();
    assert!(says.starts_with("2 questions"), "{says}");
    assert!(desk.holds().contains("deep inside"));
}

#[test]
fn two_dumps_go_into_one_forum_and_never_for_one_another() {
    let desk = whole();
    desk.says();
    let other = POSTS_XML.replace("2014-01", "2015-01");
    desk.write("posts", &other);
    let mistaken = said(&desk.import().expect("imports"));
    assert!(
        mistaken.contains("give this import one of its own with --source"),
        "{mistaken}"
    );
    assert!(
        mistaken.starts_with("0 questions, 0 answers, 0 comments"),
        "{mistaken}"
    );
    let named = desk
        .import_as("cooking", &mut |_| Flow::On)
        .expect("imports");
    assert_eq!((named.taken.questions, named.taken.known), (2, 0));
    let forum = desk
        .reader()
        .forum("main")
        .expect("reads")
        .expect("is there");
    assert!(
        desk.reader()
            .resolve(forum, crate::forum::Address::question(4))
            .expect("reads")
            .is_some()
    );
}

#[test]
fn one_that_is_stopped_goes_on_where_it_was() {
    let rows: String = (1..=3_000)
        .map(|id| {
            format!(
                r#"<row Id="{id}" PostTypeId="1" CreationDate="2014-01-21T20:26:05.383" Score="{id}" Body="Text." Title="Question {id}" Tags="" />"#
            )
        })
        .collect();
    let desk = Desk::with(&[("posts", &rows)]);
    let mut runs = 0;
    loop {
        let mut told = 0;
        let known = |at: ImportProgress| at.posts;
        let before = desk.reader().totals().expect("reads").questions;
        let report = desk.import_as("beer", &mut |at| {
            told += 1;
            if known(at) > before + 900 {
                Flow::Stop
            } else {
                Flow::On
            }
        });
        let report = report.expect("imports");
        runs += 1;
        if !report.stopped {
            break;
        }
        assert!(runs < 10 && told > 0);
    }
    assert!(runs > 1, "it was never stopped");
    let whole = Desk::with(&[("posts", &rows)]);
    whole.says();
    assert_eq!(desk.holds(), whole.holds());
}

#[test]
fn what_is_no_dump_is_refused_before_anything_is_written() {
    let desk = Desk::new();
    assert!(matches!(desk.import(), Err(Fault::NoDump { .. })));
    desk.write_raw("posts", "7z\u{1}no xml");
    assert!(matches!(
        desk.import(),
        Err(Fault::Dump(dump::Fault::NoXml { .. }))
    ));
    assert_eq!(desk.reader().forums().expect("reads"), Vec::<String>::new());
}

#[test]
fn the_real_dump_goes_in_and_comes_out_the_same() {
    let shared = std::env::var_os("STOA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let dump = shared.join("data/stackexchange-beer");
    if !dump.exists() {
        eprintln!(
            "skipped: {} is not there (STOA_SHARED names another)",
            dump.display()
        );
        return;
    }
    let (desk, copy) = (Desk::new(), Desk::new());
    let options = Options {
        forum: "main".to_owned(),
        source: "beer".to_owned(),
        site: None,
        trust: false,
        now: Timestamp(1_700_000_000_000),
    };
    let report = stack_exchange(&desk.store, &dump, &options, &mut |_| Flow::On).expect("imports");
    let taken = &report.taken;
    assert_eq!(
        (taken.questions, taken.answers, taken.comments),
        (1_029, 2_277, 3_509)
    );
    let (totals, lines) = (desk.reader().totals().expect("reads"), desk.holds());
    let lines_options = Options {
        source: "export".to_owned(),
        ..options
    };
    let again = crate::transfer::lines(
        &copy.store,
        lines.as_bytes(),
        0,
        "test",
        &lines_options,
        &mut |_| Flow::On,
    );
    assert!(again.expect("imports").skipped.is_empty());
    assert!(copy.holds() == lines, "what came back is another");
    let copied = copy.reader().totals().expect("reads");
    assert_eq!(
        (copied.votes, copied.unanswered),
        (totals.votes, totals.unanswered)
    );
}
