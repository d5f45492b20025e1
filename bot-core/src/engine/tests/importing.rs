//! What was imported, among people; and a forum that is taken elsewhere and back.

use insta::assert_snapshot;

use super::world::{SeededRng, World};
use crate::forum::{Address, Timestamp};
use crate::platform::Platform;
use crate::store::{Reader, Store};
use crate::transfer::{self, Flow, Options};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Three questions from elsewhere: one that is open, one that is closed as its duplicate, and one of which little is known.
const LINES: &str = r##"
{"id":"1","title":"How long does a keg last?","body":"It is opened.","tags":["keg"],"author":{"platform":"imported","key":"main/beer/7","name":"Otto"},"at":"2014-01-21T20:26:05.383Z","carried":{"ups":5,"downs":1},"origin":{"source":"beer","id":"1","licence":"CC BY-SA 3.0"},"answers":[{"id":"3","body":"Two weeks.","author":{"platform":"deleted","key":"main/beer/"},"at":"2014-01-23T20:26:05.383Z","origin":{"source":"beer","id":"3","licence":"CC BY-SA 4.0","wiki":false}}]}
{"id":"2","title":"How long do kegs last?","body":"","tags":"keg, storage","at":"2014-01-22T20:26:05.383Z","closed":{"at":"2014-02-01T00:00:00.000Z","why":"duplicate"}}
{"id":"9","title":"Which glass for a stout?","body":"","tags":"","answer":"Any."}
{"link":{"from":"2","to":"1","kind":"duplicate"}}
"##;

fn take(store: &Store, lines: &str, source: &str, site: Option<&str>) -> transfer::Report {
    take_into(store, "main", lines, source, site)
}

fn take_into(
    store: &Store,
    forum: &str,
    lines: &str,
    source: &str,
    site: Option<&str>,
) -> transfer::Report {
    let options = Options {
        forum: forum.to_owned(),
        source: source.to_owned(),
        site: site.map(str::to_owned),
        trust: false,
        now: NOW,
    };
    let report = transfer::lines(store, lines.as_bytes(), 0, "test", &options, &mut |_| {
        Flow::On
    });
    report.expect("imports")
}

/// A file that says that sol is mira, and that both of them wrote and voted.
const FORGED: &str = r##"
{"person": [{"platform":"matrix","key":"@mira:x","name":"mira"},{"platform":"matrix","key":"@sol:x","name":"sol"}]}
{"id":"1","title":"Whose words are these?","body":"Mine.","author":{"platform":"matrix","key":"@mira:x","name":"mira"},"votes":[{"by":{"platform":"matrix","key":"@sol:x","name":"sol"},"vote":"up"},{"by":{"platform":"matrix","key":"@ivo:x","name":"ivo"},"vote":"up","reaction":"$r"}],"formerly":[{"forum":"main","number":77}],"accepted":{"answer":1,"via":"$v"},"answers":[{"number":1,"body":"Theirs.","author":{"platform":"matrix","key":"@sol:x","name":"sol"}}]}
"##;

#[tokio::test]
async fn a_file_takes_no_accounts_over_in_a_forum_that_is_in_use() {
    let world = World::new().await;
    world.says("mira", "!ask Who am I?").await;
    world.says("sol", "!answer #1 You are not me.").await;
    world.imports(FORGED).await;
    // It is not hers to edit, and they are two people still, who vote on each other's posts.
    let edited = world.says("mira", "!edit #2 Not mine.").await;
    assert!(edited.contains("is not yours"), "{edited}");
    assert!(world.says("sol", "!up #1").await.contains("+1 vote"));
    // The file's votes count without a name: sol's would be the author's own, had the file its way.
    assert!(world.says("sol", "!show #2").await.contains("+1 vote"));
    assert!(world.says("ivo", "!up #2").await.contains("+2 votes"));
    assert!(
        world
            .says("sol", "!show #77")
            .await
            .contains("There is no #77")
    );
}

#[test]
fn a_file_into_an_unused_store_brings_its_accounts_until_it_is_done() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("opens");
    let report = take(&store, FORGED, "own", None);
    assert!(report.notes.is_empty(), "{report:?}");
    assert!(export(store.reader()).contains("@ivo:x"));
    // The same name again is no way in.
    let more = FORGED.replace("\"id\":\"1\"", "\"id\":\"2\"");
    let report = take(&store, &more, "own", None);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("--trust-accounts")),
        "{report:?}"
    );
    assert!(export(store.reader()).contains("main/own/matrix/@sol:x"));
    store.stop();
}

fn export(reader: &Reader) -> String {
    export_of(reader, "main")
}

fn export_of(reader: &Reader, forum: &str) -> String {
    let forum = reader.forum(forum).expect("reads").expect("is there");
    let mut out = Vec::new();
    let written = transfer::export(reader, forum, &mut out, "test", &mut |_| Flow::On);
    assert!(written.expect("writes").is_some());
    String::from_utf8(out).expect("text")
}

/// An export without the names of stores.
fn unnamed(lines: &str) -> String {
    let (head, rest) = lines.split_once('\n').expect("a head");
    let head = head.split(r#","store""#).next().expect("a head");
    let mut pieces = rest.split(r#","written_in":{"#);
    let first = pieces.next().expect("a piece").to_owned();
    let rest = pieces.fold(first, |rest, piece| {
        let (_, behind) = piece.split_once('}').expect("an end");
        rest + behind
    });
    format!("{head}}}\n{rest}")
}

impl World {
    /// An export is imported, called so.
    async fn takes_in(&self, lines: &str, called: &'static str) -> transfer::Report {
        let (core, lines) = (self.core.clone(), lines.to_owned());
        let taken =
            tokio::task::spawn_blocking(move || take(&core.inner.store, &lines, called, None));
        taken.await.expect("no panic")
    }

    fn exported(&self) -> String {
        export(self.core.inner.store.reader())
    }
}

#[tokio::test]
async fn a_forum_s_own_export_changes_nothing_whatever_it_is_called() {
    let world = World::new().await;
    world.imports(LINES).await;
    world.says("mira", "!ask Which hops for a stout?").await;
    world.says("sol", "!answer #4 Fuggles.").await;
    world.says("ivo", "!comment #4.1 Or Goldings.").await;
    world.says("mira", "!accept #4.1").await;
    let earlier = world.exported();
    world.says("mira", "!unaccept #4").await;
    world.says("ivo", "!answer #4 Goldings.").await;
    world.says("mira", "!accept #4.2").await;
    let now = world.exported();
    let seq = world.core.inner.store.reader().last_seq().expect("reads");
    for (lines, called) in [(&now, "monday"), (&now, "tuesday"), (&earlier, "beer")] {
        let report = world.takes_in(lines, called).await;
        assert!(!report.changed() && report.notes.is_empty(), "{report:?}");
        assert_eq!(report.taken.decided, 0);
        assert!(report.taken.known > 5, "{report:?}");
        assert_eq!(world.exported(), now);
        let reader = world.core.inner.store.reader();
        assert_eq!(reader.last_seq().expect("reads"), seq);
    }
    world.says("sol", "!ask Which malt for a stout?").await;
    assert!(world.exported().contains(r#"{"number":5,"#));
}

#[tokio::test]
async fn a_later_export_brings_what_is_new_and_comes_back_without_doubling_anything() {
    let world = World::new().await;
    world.says("mira", "!ask Which hops for a stout?").await;
    world.says("sol", "!answer #1 Fuggles.").await;
    let other = World::new().await;
    other.says("sol", "!ask What is here already?").await;
    let first = other.takes_in(&world.exported(), "monday").await;
    assert_eq!((first.taken.questions, first.taken.answers), (1, 1));
    world.says("ivo", "!answer #1 Goldings.").await;
    world.says("ivo", "!ask Which malt for a stout?").await;
    let second = other.takes_in(&world.exported(), "tuesday").await;
    assert_eq!(
        (
            second.taken.questions,
            second.taken.answers,
            second.taken.known
        ),
        (1, 1, 2)
    );
    // Into a store that was empty, and back.
    let before = world.exported();
    let lines = before.clone();
    let copied = tokio::task::spawn_blocking(move || {
        let dir = tempfile::tempdir().expect("a folder");
        let copy = Store::open(dir.path()).expect("opens");
        take(&copy, &lines, "copy", None);
        let lines = export(copy.reader());
        copy.stop();
        lines
    });
    let copied = copied.await.expect("no panic");
    let back = world.takes_in(&copied, "back").await;
    assert!(!back.changed(), "{back:?}");
    assert_eq!(unnamed(&world.exported()), unnamed(&before));
}

#[test]
fn what_has_no_id_of_its_own_comes_once_with_its_question() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("opens");
    let line = |more: &str| {
        format!(
            r#"{{"id":"reset","title":"How do I reset it?","comments":[{{"body":"Which?"}}],"answers":[{{"body":"Hold the button.","comments":[{{"body":"How long?"}},{{"body":"10 s."}}]}}{more}]}}"#
        )
    };
    let first = take(&store, &line(""), "faq", None);
    assert_eq!(counts(&first), (1, 1, 3, 0), "{first:?}");
    let again = take(&store, &line(""), "faq", None);
    assert_eq!(counts(&again), (0, 0, 0, 5), "{again:?}");
    let more = take(&store, &line(r#",{"body":"Pull the plug."}"#), "faq", None);
    assert_eq!(counts(&more), (0, 1, 0, 5), "{more:?}");
    store.stop();
}

/// What an import brought.
fn counts(report: &transfer::Report) -> (u64, u64, u64, u64) {
    let taken = &report.taken;
    (taken.questions, taken.answers, taken.comments, taken.known)
}

/// A forum with one question, its answer, a comment on that, and votes.
async fn hops() -> World {
    let world = World::new().await;
    world.says("mira", "!ask Which hops for a stout?").await;
    world.says("sol", "!answer #1 Fuggles.").await;
    world.says("ivo", "!comment #1.1 Or Goldings.").await;
    world.says("ivo", "!up #1").await;
    world.says("ivo", "!up #1.1").await;
    world.says("mira", "!up #1.1/c1").await;
    world
}

/// A forum with a question of its own, with an answer and a comment.
async fn busy(about: &str) -> World {
    let world = World::new().await;
    world
        .says("sol", &format!("!ask What of {about} here?"))
        .await;
    world.says("mira", "!answer #1 Nothing.").await;
    world.says("ivo", "!comment #1 Indeed.").await;
    world
}

#[tokio::test]
async fn an_export_that_went_through_forums_with_questions_of_their_own_doubles_nothing() {
    let (a, b, c) = (hops().await, busy("malt").await, busy("yeast").await);
    let first = b.takes_in(&a.exported(), "a").await;
    assert_eq!(counts(&first), (1, 1, 1, 0));
    // What is written there on what came is new where it came from, and that alone.
    b.says("mira", "!answer #2 Saaz.").await;
    b.says("sol", "!comment #2.2 Never.").await;
    b.says("sol", "!up #2.2").await;
    b.says("mira", "!up #2").await;
    c.takes_in(&b.exported(), "b").await;
    let back = a.takes_in(&c.exported(), "c").await;
    // Of all three, each question, answer and comment once; of the voters of others none is anybody here.
    assert_eq!(counts(&back), (2, 3, 3, 3), "{back:?}");
    let shown = a.says("mira", "!show #1").await;
    assert_eq!(shown.matches("Fuggles.").count(), 1, "{shown}");
    assert_eq!(shown.matches("Or Goldings.").count(), 1, "{shown}");
    assert!(
        shown.contains("Saaz.") && shown.contains("Never."),
        "{shown}"
    );
    assert_eq!(shown.matches("+1 vote").count(), 4, "{shown}");
    // Whatever goes wherever now, by whatever way, is there already.
    for _ in 0..2 {
        for (to, from) in [(&a, &b), (&b, &c), (&c, &a), (&b, &a), (&c, &b), (&a, &c)] {
            to.takes_in(&from.exported(), "any").await;
        }
        assert_eq!(
            a.core
                .inner
                .store
                .reader()
                .totals()
                .expect("reads")
                .questions,
            3
        );
    }
    let before = [a.exported(), b.exported(), c.exported()];
    for to in [&a, &b, &c] {
        for lines in &before {
            let again = to.takes_in(lines, "again").await;
            assert!(!again.changed(), "{again:?}");
            assert_eq!(again.taken.known, 3 + 3 + 3 + 2, "{again:?}");
        }
    }
    assert_eq!([a.exported(), b.exported(), c.exported()], before);
}

#[tokio::test]
async fn an_export_from_a_forum_with_questions_of_its_own_changes_nothing_where_its_posts_are_from()
{
    let (a, b, c) = (hops().await, busy("malt").await, busy("yeast").await);
    let before = a.exported();
    b.takes_in(&before, "a").await;
    let of_a = |lines: String| -> String {
        let kept = lines.lines().filter(|line| !line.contains(" here?"));
        kept.map(|line| format!("{line}\n")).collect()
    };
    let back = a.takes_in(&of_a(b.exported()), "b").await;
    assert!(!back.changed(), "{back:?}");
    assert_eq!(counts(&back), (0, 0, 0, 3));
    c.takes_in(&b.exported(), "b").await;
    let back = a.takes_in(&of_a(c.exported()), "c").await;
    assert!(!back.changed(), "{back:?}");
    assert_eq!(counts(&back), (0, 0, 0, 3));
    assert_eq!(a.exported(), before);
}

#[test]
fn a_forum_that_joined_another_since_is_known_again_and_knows_what_comes_back() {
    let asked = |about: &str, day: u32| {
        format!(
            r#"{{"number":1,"title":"What of {about}?","body":"","at":"2024-01-0{day}T00:00:00.000Z","answers":[{{"number":1,"body":"Much.","at":"2024-02-0{day}T00:00:00.000Z","comments":[{{"number":1,"body":"No.","at":"2024-03-0{day}T00:00:00.000Z"}}]}}]}}"#
        )
    };
    let dir = tempfile::tempdir().expect("a folder");
    let open = |name: &str| Store::open(&dir.path().join(name)).expect("opens");
    let (here, there) = (open("here"), open("there"));
    take_into(&here, "main", &asked("hops", 1), "hops", None);
    take_into(&here, "side", &asked("malt", 2), "malt", None);
    take(&there, &asked("yeast", 3), "yeast", None);
    take(&there, &export_of(here.reader(), "side"), "side", None);
    let of = |name: &str| here.reader().forum(name).expect("reads").expect("is there");
    let (side, main) = (of("side"), of("main"));
    let joined = here.begin(1, move |tx| tx.join(side, main, NOW));
    joined.and_then(|joined| joined.wait()).expect("joins");
    let joint = export(here.reader());
    let later = take(&there, &joint, "joint", None);
    assert_eq!(counts(&later), (1, 1, 1, 3), "{later:?}");
    let back = take(&here, &export(there.reader()), "back", None);
    assert_eq!(counts(&back), (1, 1, 1, 6), "{back:?}");
    let left = here.begin(1, move |tx| tx.leave(side, NOW));
    left.and_then(|left| left.wait()).expect("leaves");
    let again = take(&there, &export_of(here.reader(), "side"), "again", None);
    assert_eq!(counts(&again), (0, 0, 0, 3), "{again:?}");
    here.stop();
    there.stop();
}

#[tokio::test]
async fn two_copies_of_a_store_that_went_on_apart_keep_what_each_says() {
    let world = World::new().await;
    world.says("mira", "!ask Which hops for a stout?").await;
    world.says("mira", "!ask Which malt for a stout?").await;
    let lines = world.exported();
    let other = World::new().await;
    other.takes_in(&lines, "one").await;
    // The same store, brought back from before its second question, of which another came.
    let (before, second) = lines.split_once("{\"number\":2").expect("two");
    let at = second.split("\"at\":\"").nth(1).expect("a moment");
    let (year, _) = at.split_at(4);
    let apart = second.replace(&format!("\"at\":\"{year}"), "\"at\":\"2031");
    let apart = format!("{before}{{\"number\":2{}", apart.replace("malt", "yeast"));
    let report = other.takes_in(&apart, "two").await;
    assert_eq!(
        (report.taken.questions, report.taken.known),
        (1, 1),
        "{report:?}"
    );
    for lines in [&lines, &apart] {
        assert!(!other.takes_in(lines, "again").await.changed());
    }
    let found = other.exported();
    assert!(found.contains("malt") && found.contains("yeast"), "{found}");
}

impl World {
    /// Lines are imported while nobody says anything.
    async fn imports(&self, lines: &'static str) {
        let core = self.core.clone();
        let taken = tokio::task::spawn_blocking(move || {
            take(
                &core.inner.store,
                lines,
                "beer",
                Some("https://beer.example"),
            )
        });
        let report = taken.await.expect("no panic");
        assert!(report.skipped.is_empty(), "{report:?}");
        self.core.settled(Platform::MATRIX).await.expect("settles");
        self.all_is_found();
    }
}

#[tokio::test]
async fn what_was_imported_says_where_it_comes_from_and_is_posted_when_it_is_shown() {
    let world = World::new().await;
    world.imports(LINES).await;
    assert_eq!(world.shown(), "", "an import posts nothing");
    assert_snapshot!(world.says("mira", "!show #1").await, @r"
    #1 How long does a keg last?

    It is opened.

    Tags: keg
    +4 votes · 1 answer · asked 21 Jan 2014, 20:26 UTC by Otto
    from beer.example (https://beer.example/q/1) · CC BY-SA 3.0

    ---

    #1.1 Answer by a deleted user

    Two weeks.

    0 votes · 23 Jan 2014, 20:26 UTC
    from beer.example (https://beer.example/q/3) · CC BY-SA 4.0
    As of 14 Nov 2023, 22:13 UTC, and not kept up to date. Reactions and replies here are about #1.
    ");
    assert_snapshot!(world.says("mira", "!show #2").await, @r"
    #2 How long do kegs last?

    Tags: keg, storage
    0 votes · no answers yet · asked 22 Jan 2014, 20:26 UTC by someone

    🔒 Closed 1 Feb 2014, 00:00 UTC: it asks the same as #1

    from beer.example (https://beer.example/q/2)
    As of 14 Nov 2023, 22:13 UTC, and not kept up to date. Reactions and replies here are about #2.
    ");
    assert_snapshot!(world.says("mira", "!questions").await, @r"
    Newest questions

    - #3 Which glass for a stout?
      0 votes · 1 answer · asked 14 Nov 2023, 22:13 UTC by someone
    - #2 How long do kegs last?
      0 votes · no answers yet · 🔒 closed · asked 22 Jan 2014, 20:26 UTC by someone
    - #1 How long does a keg last?
      +4 votes · 1 answer · asked 21 Jan 2014, 20:26 UTC by Otto
    ");
    assert_snapshot!(world.says("mira", "!answer #2 Four weeks.").await, @r"
    #2 is closed, so it takes no answers. `!comment #2 …` comments on it; if yours is another question, ask it anew.
    ");
    for search in ["is:closed", "by:Otto keg", "-is:closed stout"] {
        let found = world.says("mira", &format!("!search {search}")).await;
        assert!(found.starts_with("One question found"), "{search}: {found}");
    }
    // Comments and votes are taken, and votes that nobody said stay.
    world.says("mira", "!comment #2 Is it the same?").await;
    assert!(
        world
            .says("sol", "!show #2")
            .await
            .contains("Is it the same?")
    );
    world.says("mira", "!up #1").await;
    world.says("sol", "!down #2").await;
    assert!(world.says("sol", "!show #1").await.contains("+5 votes"));
    assert!(world.says("sol", "!show #2").await.contains("–1 vote"));
    let counted = world.core.inner.store.act(|tx| {
        let posts = 1..=5;
        posts
            .map(|post| tx.recounted_for_test(crate::forum::PostId(post)))
            .collect::<Result<Vec<_>, _>>()
    });
    for (kept, counted) in counted.await.expect("the store works") {
        assert_eq!(kept, counted);
    }
    // Nobody is who wrote it, and a moderator takes it back with all its text.
    assert!(
        world
            .says("mira", "!edit #1 Mine.")
            .await
            .contains("not yours")
    );
    assert!(world.says("mod", "!delete #1").await.contains("withdrawn"));
    let left = export(world.core.inner.store.reader());
    assert!(!left.contains("It is opened."), "{left}");
    // It does not come again.
    world
        .imports(LINES.split("\n{\"link").next().expect("a part"))
        .await;
    assert!(!export(world.core.inner.store.reader()).contains("It is opened."));
}

#[tokio::test]
async fn an_imported_question_is_found_by_its_page() {
    let world = World::new().await;
    world.imports(LINES).await;
    world
        .says(
            "mira",
            "!ask Is 1 or 3 the number of questions in beer.example?",
        )
        .await;
    for page in [
        "https://beer.example/q/1",
        "https://beer.example/q/3",
        "beer.example/questions/1/how-long-does-a-keg-last",
        "#1.1",
    ] {
        let found = world.says("mira", &format!("!search {page}")).await;
        assert!(found.starts_with("One question found"), "{page}: {found}");
        assert!(
            found.contains("#1 How long does a keg last?"),
            "{page}: {found}"
        );
    }
    let words = world
        .says("mira", "!search https://beer.example/q/77")
        .await;
    assert!(words.contains("Is 1 or 3"), "{words}");
}

/// Whatever people do: what is exported and taken into another store is exported from there the same, to the byte.
#[tokio::test]
async fn a_forum_comes_back_the_same() {
    const PEOPLE: [&str; 4] = ["mira", "sol", "ivo", "mod"];
    for seed in [1, 2, 3, 4] {
        let world = World::new().await;
        if seed % 2 == 0 {
            world.imports(LINES).await;
        }
        let mut rng = SeededRng(seed);
        let mut roll = |sides| rng.roll(sides);
        for nth in 0..120 {
            let who = PEOPLE[roll(4)];
            let question = format!("#{}", 1 + roll(6));
            let answer = format!("{question}.{}", 1 + roll(3));
            let any = if roll(2) == 0 { &question } else { &answer };
            let said = match roll(14) {
                0 | 1 => format!(
                    "!ask What about {nth}? --tag keg,t{nth}\n*Tell* me \\ \"all\" 🍺\n\n    of it"
                ),
                2 | 3 => format!("!answer {question} Answer {nth}."),
                4 => format!("!comment {any} Comment {nth}."),
                5 => format!("!edit {any} Edited {nth}. --reason because {nth}"),
                6 | 7 => format!("!up {any}"),
                8 => format!("!down {any}"),
                9 => format!("!unvote {any}"),
                10 => format!("!accept {answer}"),
                11 => format!("!hide {any}"),
                12 => format!("!unhide {any}"),
                _ if roll(3) == 0 => format!("!delete {any}"),
                _ => {
                    world
                        .reacts(
                            who,
                            &format!("$card{}", 1 + roll(9)),
                            ["👍", "👎", "✅"][roll(3)],
                        )
                        .await;
                    continue;
                }
            };
            world.says(who, &said).await;
        }
        if seed > 2 {
            let ids = world.core.inner.store.act(|tx| {
                let of = |who: &str| {
                    tx.identity(
                        Platform::MATRIX,
                        &crate::platform::PersonKey(format!("@{who}:x")),
                        who,
                    )
                };
                let (one, other) = (of("mira")?, of("sol")?);
                tx.unite(one, other, NOW)
            });
            ids.await.expect("the store works");
        }
        let reader = world.core.inner.store.reader().clone();
        let compared = tokio::task::spawn_blocking(move || same_again(&reader));
        compared.await.expect("no panic");
    }
}

fn same_again(reader: &Reader) {
    let lines = export(reader);
    let dir = tempfile::tempdir().expect("a folder");
    let copy = Store::open(dir.path()).expect("opens");
    let report = take(&copy, &lines, "export", None);
    assert!(report.skipped.is_empty(), "{report:?}\n{lines}");
    assert_eq!(unnamed(&export(copy.reader())), unnamed(&lines));
    let (old, new) = (
        reader.totals().expect("reads"),
        copy.reader().totals().expect("reads"),
    );
    assert_eq!(
        (
            old.questions,
            old.accepted,
            old.unanswered,
            old.answers,
            old.comments,
            old.votes
        ),
        (
            new.questions,
            new.accepted,
            new.unanswered,
            new.answers,
            new.comments,
            new.votes
        )
    );
    // Votes are as they were, post by post.
    for number in 1..=u32::try_from(old.questions).unwrap_or(0) {
        let scores = |of: &Reader| {
            let forum = of.forum("main").expect("reads").expect("is there");
            let question = of.resolve(forum, Address::question(number)).expect("reads");
            let thread = question.and_then(|question| of.thread(question).expect("reads"));
            thread.map(|thread| {
                let answers = thread.answers.iter().map(|answer| answer.post.score);
                (thread.question.post.score, answers.collect::<Vec<_>>())
            })
        };
        assert_eq!(scores(reader), scores(copy.reader()), "#{number}");
    }
    // Taken again, nothing changes; into a forum that has questions, new numbers come behind.
    let again = take(&copy, &lines, "export", None);
    assert!(!again.changed(), "{again:?}");
    assert_eq!(unnamed(&export(copy.reader())), unnamed(&lines));
    // So of an export from before stores were named.
    let behind = take(
        &copy,
        &unnamed(&lines).replace(
            r#""origin":{"source":"beer""#,
            r#""origin":{"source":"other""#,
        ),
        "another",
        None,
    );
    assert_eq!(behind.taken.known, 0, "{behind:?}");
}

#[tokio::test]
async fn a_number_of_a_file_leaves_room_for_the_questions_that_are_asked_after_it() {
    let world = World::new().await;
    let lines = r##"
{"stoa":1,"forum":"main","questions":4294967295}
{"id":"z","number":4294967295,"title":"Number is big"}
{"id":"a","title":"Answer is big","answers":[{"number":4294967295,"body":"Big."}]}
{"id":"b","number":1000000000,"title":"Number is the greatest"}
"##;
    let report = world.takes_in(lines, "big").await;
    assert_eq!(report.posts(), 1, "{report:?}");
    assert_eq!(report.skipped.len(), 2, "{report:?}");
    world.says("mira", "!ask What comes behind it?").await;
    let shown = world.says("mira", "!show #1000000001").await;
    assert!(shown.contains("What comes behind it?"), "{shown}");
    // What another file numbers gets the next number, where its own would be too great behind those.
    let more = r#"{"id":"c","number":1000000000,"title":"Number is the greatest too"}"#;
    world.takes_in(more, "more").await;
    world.says("mira", "!ask And behind that?").await;
    let shown = world.says("mira", "!show #1000000003").await;
    assert!(shown.contains("And behind that?"), "{shown}");
}
