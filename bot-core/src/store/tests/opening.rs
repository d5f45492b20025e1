//! Databases that can be opened and those that can't, copies, and other programs' files.

use std::ops::ControlFlow;

use super::*;
use crate::store::record::Item;

#[test]
fn a_newer_a_foreign_and_a_missing_database_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    assert!(matches!(
        Reader::open(dir.path()),
        Err(Fault::Missing { .. })
    ));
    drop(open(dir.path()));
    let path = dir.path().join(DATABASE);
    let conn = Connection::open(&path).expect("opens");
    conn.execute_batch("PRAGMA user_version = 99")
        .expect("writes");
    drop(conn);
    assert!(matches!(Store::open(dir.path()), Err(Fault::Newer { .. })));
    assert!(matches!(Reader::open(dir.path()), Err(Fault::Newer { .. })));
    std::fs::remove_file(&path).expect("removes");
    std::fs::write(
        &path,
        "this is a letter to a friend, not a database ".repeat(50),
    )
    .expect("writes");
    assert!(matches!(
        Store::open(dir.path()),
        Err(Fault::Damaged { .. })
    ));
}

#[tokio::test]
async fn an_older_database_is_migrated_with_all_that_is_in_it_and_a_copy_is_kept() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(DATABASE);
    let old = Connection::open(&path).expect("opens");
    old.execute_batch(include_str!("../../../../data/migrations/0001_forum.sql"))
        .expect("the first version");
    old.execute_batch(
        "INSERT INTO store (one, id, epoch) VALUES (1, 'theforum', 3);
         INSERT INTO forum (id, name, at) VALUES (1, 'main', 5);
         INSERT INTO place (id, platform, key, forum, name, direct) VALUES (7, 'matrix', '!kitchen', 1, 'Kitchen', 0);
         INSERT INTO inbox (platform, key, person, outcome, at) VALUES ('matrix', '$e', '@mira:x', '{}', 5);
         INSERT INTO identity (id, platform, key, name) VALUES (2, 'matrix', '@mira:x', 'mira');
         INSERT INTO post (id, forum, kind, question, number, author, at, answers) VALUES (3, 1, 0, 3, 1, 2, 5, 1);
         INSERT INTO post (id, forum, kind, question, parent, number, author, at) VALUES (4, 1, 1, 3, 3, 1, 2, 6);
         UPDATE post SET accepted = 4 WHERE id = 3;
         INSERT INTO text (post, title, body, author, at) VALUES (3, 'Is it there still?', 'body', 2, 5), (4, NULL, 'Yes.', 2, 6);
         INSERT INTO tag (post, position, forum, name) VALUES (3, 0, 1, 'keg');
         INSERT INTO score (post, ups, downs) VALUES (3, 2, 1);
         INSERT INTO saying (id, post, identity, reaction, vote, standing) VALUES (7, 3, 2, '$up', 1, 1), (9, 3, 2, NULL, -1, 0), (8, 4, 2, '$down', -1, 1);
         PRAGMA user_version = 1;",
    )
    .expect("filled");
    drop(old);
    assert!(matches!(Reader::open(dir.path()), Err(Fault::Older { .. })));
    let store = open(dir.path());
    let kitchen = PlaceKey("!kitchen".to_owned());
    let place = store.reader().place(Platform::MATRIX, &kitchen);
    let place = place.expect("reads").expect("it is there still");
    assert_eq!((place.id, place.forum), (PlaceId(7), Some(ForumId(1))));
    let forums = store.reader().forums().expect("reads");
    assert_eq!(forums, ["main"]);
    let event = MessageKey("$e".to_owned());
    let heard = store.reader().heard(Platform::MATRIX, &event);
    let heard = heard.expect("reads").expect("it was heard");
    assert_eq!(heard.person.0, "@mira:x");
    let question = store.reader().question(PostId(3)).expect("reads");
    let question = question.expect("it is there still");
    assert_eq!(
        (question.post.condition, question.title.as_str()),
        (Condition::Visible, "Is it there still?")
    );
    assert_eq!((question.post.score.net(), &question.closing), (1, &None));
    assert_eq!(question.post.origin, None);
    let totals = store.reader().totals().expect("reads");
    assert_eq!(
        (totals.questions, totals.accepted, totals.answers),
        (1, 1, 1)
    );
    let tags = store.reader().tags_from(ForumId(1), "", 9).expect("reads");
    assert_eq!(tags, ["keg"]);
    let sayings = store.reader().with(|conn| {
        conn.prepare("SELECT post, nth, reaction, vote, standing, (SELECT said FROM score WHERE score.post = saying.post) FROM saying ORDER BY nth")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)))?
            .collect::<db::Result<Vec<(i64, i64, Option<String>, i64, i64, i64)>>>()
    });
    assert_eq!(
        sayings.expect("reads"),
        [
            (3, 7, Some("$up".to_owned()), 1, 1, 9),
            (4, 8, Some("$down".to_owned()), -1, 1, 8),
            (3, 9, None, -1, 0, 9)
        ],
        "and the numbers that were given last"
    );
    drop(store);
    let copy = dir.path().join("forum.before-v2.db");
    let copy = Connection::open(copy).expect("a copy is kept");
    let version: i64 = copy
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .expect("reads");
    assert_eq!(version, 1);
}

#[test]
fn a_database_that_another_program_holds_is_said_to_be_locked() {
    let locked = Fault::Sql {
        what: "beginning a transaction",
        source: std::sync::Arc::new(db::Error::of_code(5)),
    };
    assert!(matches!(
        locked.about(Path::new("forum.db")),
        Fault::Locked { .. }
    ));
}

#[test]
fn a_disk_without_room_is_full_however_sqlite_says_it() {
    let failed = |extended| Fault::Sql {
        what: "committing",
        source: std::sync::Arc::new(db::Error::of_code(extended)),
    };
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(DATABASE);
    for extended in [
        // SQLITE_FULL and SQLITE_IOERR_SHMSIZE.
        13, 4874,
    ] {
        assert!(matches!(failed(extended).about(&path), Fault::Full { .. }));
    }
    // SQLITE_IOERR_READ.
    assert!(matches!(failed(266).about(&path), Fault::Disk { .. }));
}

#[tokio::test]
async fn a_backup_is_whole_and_opens() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir.path().join("live"));
    ask(&store, "Is this in the copy?")
        .await
        .expect("the store works");
    let copy = dir.path().join("copy").join(DATABASE);
    std::fs::create_dir(dir.path().join("copy")).expect("a folder");
    store.reader().backup(&copy).expect("copies");
    store
        .reader()
        .backup(&copy)
        .expect("replaces an earlier copy");
    let copied = open(&dir.path().join("copy"));
    assert_eq!(counted(&copied), (1, 1));
    assert_eq!(copied.reader().integrity().expect("reads"), None);
}

#[test]
fn another_program_s_database_is_no_backup() {
    let dir = tempfile::tempdir().expect("a folder");
    let odd = dir.path().join("odd.db");
    let letters = "CREATE TABLE letters (text TEXT); PRAGMA user_version = 1;";
    Connection::open(&odd)
        .and_then(|conn| conn.execute_batch(letters))
        .expect("writes");
    let live = dir.path().join("live");
    let restored = restore(&live, &odd);
    assert!(
        matches!(restored, Err(Fault::Damaged { .. })),
        "{restored:?}"
    );
    assert!(!live.join(DATABASE).exists());
}

#[test]
fn the_names_of_an_older_database_are_folded_when_it_is_opened() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(DATABASE);
    let old = Connection::open(&path).expect("opens");
    for migration in [
        include_str!("../../../../data/migrations/0001_forum.sql"),
        include_str!("../../../../data/migrations/0002_successor.sql"),
        include_str!("../../../../data/migrations/0003_edits.sql"),
        include_str!("../../../../data/migrations/0004_hidden.sql"),
        include_str!("../../../../data/migrations/0005_spent.sql"),
        include_str!("../../../../data/migrations/0006_joined.sql"),
        include_str!("../../../../data/migrations/0007_imported.sql"),
    ] {
        old.execute_batch(migration).expect("the seventh version");
    }
    old.execute_batch(
        "INSERT INTO store (one, id, epoch) VALUES (1, 'theforum', 3);
         INSERT INTO identity (id, platform, key, name) VALUES (1, 'matrix', '@mira:x', 'mira'), (2, 'discord', '7', 'ＭＩＲＡ'),
             (3, 'matrix', '@ghost:x', ''), (4, 'imported', 'beer/7', 'mira');
         PRAGMA user_version = 7;",
    )
    .expect("filled");
    drop(old);
    let skeletons = || -> Vec<Option<String>> {
        drop(open(dir.path()));
        let conn = Connection::open(&path).expect("opens");
        let mut read = conn
            .prepare("SELECT skeleton FROM identity ORDER BY id")
            .expect("reads");
        let rows = read.query_map([], |row| row.get(0)).expect("reads");
        rows.collect::<db::Result<_>>().expect("reads")
    };
    let folded = skeletons();
    assert_eq!(folded[0], folded[1]);
    assert!(folded[0].is_some() && folded[2].is_some() && folded[3].is_none());
    // What another version made is made anew.
    let conn = Connection::open(&path).expect("opens");
    conn.execute_batch("UPDATE identity SET skeleton = 'x'; UPDATE ledger SET value = '0' WHERE platform = 'store'")
        .expect("writes");
    drop(conn);
    assert_eq!(skeletons(), folded);
}

#[test]
fn what_came_with_an_export_before_is_known_by_where_it_was_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let old = Connection::open(dir.path().join(DATABASE)).expect("opens");
    for migration in &open::MIGRATIONS[..20] {
        old.execute_batch(migration).expect("the twentieth version");
    }
    old.execute_batch(
        "INSERT INTO store (one, id, epoch) VALUES (1, 'theforum', 3);
         INSERT INTO forum (id, name, questions, at) VALUES (1, 'main', 3, 5);
         INSERT INTO identity (id, platform, key, name) VALUES (1, 'matrix', '@mira:x', 'mira');
         INSERT INTO post (id, forum, kind, question, number, author, at) VALUES
             (1, 1, 0, 1, 1, 1, 10), (2, 1, 0, 2, 2, 1, 11), (3, 1, 0, 3, 3, 1, 12);
         INSERT INTO origin (id, forum, name, base, store) VALUES (1, 1, 'own', 0, 'theforum'), (2, 1, 'a', 1, 'another'), (3, 1, 'b', 2, NULL);
         INSERT INTO received (origin, key, post) VALUES (1, '#1', 1), (1, '#1@10', 1), (2, '#7', 2), (2, '#7@11', 2), (3, '#1@12', 3);
         PRAGMA user_version = 20;",
    )
    .expect("filled");
    drop(old);
    let store = open(dir.path());
    let mut said = Vec::new();
    let given = store.reader().export(ForumId(1), &mut |item| {
        if let Item::Question(question) = item {
            let written = question.written_in;
            said.push(written.map(|written| (written.store, written.address)));
        }
        ControlFlow::Continue(())
    });
    assert!(given.expect("reads").is_continue());
    let another = ("another".to_owned(), "#7".to_owned());
    assert_eq!(said, [None, Some(another), None]);
}

#[test]
fn each_connection_has_a_page_cache_of_its_own_and_commits_wait_for_data_alone() {
    let conn = Connection::open_in_memory().expect("opens");
    let options = conn.prepare("SELECT compile_options FROM pragma_compile_options");
    let options: Vec<String> = options
        .expect("prepares")
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .expect("reads");
    assert!(
        !options.contains(&"ENABLE_MEMORY_MANAGEMENT".to_owned()),
        "build with the settings of .cargo/config.toml: {options:?}"
    );
    // SQLite does not tell of this one; it is in the same variable.
    assert!(
        option_env!("LIBSQLITE3_FLAGS").is_some_and(|flags| flags.contains("-DHAVE_FDATASYNC=1"))
    );
}

#[tokio::test]
async fn a_filled_database_of_version_10_is_opened_with_all_that_is_in_it() {
    let dir = tempfile::tempdir().expect("a folder");
    older::version_10(dir.path());
    let store = open(dir.path());
    let reader = store.reader();
    assert_eq!(reader.integrity().expect("reads"), None);
    let question = reader
        .question(PostId(1))
        .expect("reads")
        .expect("is there");
    assert_eq!(
        (question.title.as_str(), question.post.score.net()),
        ("How long does a keg last?", 0)
    );
    assert_eq!(question.tags, ["keg"]);
    let titles = reader.titles(&[1, 4, 5, 6].map(PostId)).expect("reads");
    let mut titles: Vec<_> = titles.into_iter().collect();
    titles.sort();
    assert_eq!(
        titles,
        [
            (PostId(1), "How long does a keg last?".to_owned()),
            (PostId(4), "Where is the hidden cellar?".to_owned()),
            (PostId(6), "What is asked last?".to_owned()),
        ]
    );
    let totals = reader.totals().expect("reads");
    assert_eq!(
        (totals.questions, totals.accepted, totals.answers),
        (2, 1, 1)
    );
    let heard = |event: &str| {
        let event = MessageKey(event.to_owned());
        let heard = reader.heard(Platform::MATRIX, &event).expect("reads");
        heard.map(|heard| (heard.person.0, heard.outcome))
    };
    let posted = r#"{"posted":[1,null,null]}"#;
    assert_eq!(
        heard("$ask"),
        Some(("@mira:x".to_owned(), posted.to_owned()))
    );
    assert_eq!(heard("$bad"), Some(("@sol:x".to_owned(), String::new())));
    let owner = PersonKey("7".to_owned());
    let view = reader.paged_view(Platform::DISCORD, &owner, "page", NOW);
    assert_eq!(view.expect("reads").as_deref(), Some("search for kegs"));
    assert_eq!(reader.forgetting(9).expect("reads"), []);
    assert_eq!(reader.pruned().expect("reads"), crate::forum::Seq(0));
    // Two of them look the same: that is seen anew.
    let rows = |sql: &str| -> Vec<String> {
        let conn = Connection::open(dir.path().join(DATABASE)).expect("opens");
        let mut found = conn.prepare(sql).expect("prepares");
        let rows = found.query_map([], |row| row.get(0)).expect("reads");
        rows.collect::<db::Result<_>>().expect("reads")
    };
    let alike = "SELECT group_concat(key, ' ') FROM identity GROUP BY skeleton HAVING count(*) > 1";
    assert_eq!(rows(alike), ["@mira:x 7"]);
    let texts = "SELECT body FROM text UNION ALL SELECT body FROM revision ORDER BY 1";
    assert_eq!(
        rows(texts),
        [
            "",
            "Below.",
            "How cold?",
            "It is a pilsner.",
            "It is a stout.",
            "Two weeks."
        ]
    );
    // Who made the changes of before, and why, is not known.
    let changes = "SELECT what || ' ' || at FROM change_log WHERE actor IS NULL AND reason IS NULL ORDER BY seq";
    assert_eq!(
        rows(changes),
        [
            "posted 10",
            "posted 11",
            "posted 12",
            "hidden 14",
            "posted 16",
            "withdrawn 16"
        ]
    );
    // Cards of what was hidden or withdrawn are to lose what was only covered, and threads the names of before.
    let tainted = "SELECT message FROM surface WHERE tainted = 1 AND stale IS NOT NULL ORDER BY id";
    assert_eq!(rows(tainted), ["$card4", "100 5"]);
    let named = "SELECT message FROM thread_name ORDER BY message";
    assert_eq!(rows(named), ["100 1", "100 5"]);
    assert_eq!(rows("SELECT message FROM surface WHERE kind = 1"), ["$ask"]);
    assert_eq!(
        rows("SELECT value FROM ledger WHERE key = 'cursor'"),
        ["s1"]
    );
    assert_eq!(rows("SELECT text FROM words"), ["Is this one too?"]);
    let counts = "SELECT (SELECT count(*) FROM saying) || (SELECT count(*) FROM agreed)
        || (SELECT count(*) FROM text_copy) || (SELECT unclean FROM store) || (SELECT sum(trusted) FROM origin)";
    assert_eq!(rows(counts), ["21000"]);
}

#[tokio::test]
async fn statistics_keep_nothing_that_people_wrote() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    for number in 0..200 {
        let asked = store.act(move |tx| {
            let (forum, author) = settle(tx)?;
            let tag = format!("qvark{number}");
            let post = NewPost::Question {
                title: Title::new(&format!("Is this number {number}?")).expect("a good title"),
                body: Body::new(PostKind::Question, "body").expect("a good body"),
                tags: Tags::new([tag.as_str()]).expect("good tags"),
            };
            let change = Change::Posted {
                author,
                at: NOW,
                post,
            };
            tx.apply(forum, &[change], NOW)
        });
        asked.await.expect("the store works");
    }
    let kept = || {
        let conn = Connection::open(dir.path().join(DATABASE)).expect("opens");
        let rows = |table: &str| -> Vec<String> {
            let mut found = conn
                .prepare(&format!("SELECT * FROM {table}"))
                .expect("prepares");
            let columns = found.column_count();
            let rows = found.query_map([], |row| {
                let values = (0..columns).map(|at| row.shown(at));
                Ok(values.collect::<db::Result<Vec<_>>>()?.join(" "))
            });
            let rows = rows.expect("reads").collect::<db::Result<_>>();
            rows.expect("reads")
        };
        let tables = "SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%' ORDER BY name";
        let mut tables = conn.prepare(tables).expect("prepares");
        let tables = tables.query_map([], |row| row.get::<_, String>(0));
        let tables = tables.expect("reads").map(|table| table.expect("reads"));
        let kept = tables.map(|table| (rows(&table), table));
        kept.collect::<Vec<_>>()
    };
    drop(store);
    // When the store was closed, and when it was opened again.
    for _ in 0..2 {
        let kept = kept();
        assert!(
            kept.iter()
                .any(|(rows, table)| table == "sqlite_stat1" && !rows.is_empty())
        );
        for (rows, table) in kept.iter().filter(|(_, table)| table != "sqlite_stat1") {
            assert_eq!(rows, &[""; 0], "{table} keeps values of rows");
        }
        drop(open(dir.path()));
    }
}
