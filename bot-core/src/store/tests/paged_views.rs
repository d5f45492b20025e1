//! What people asked to see: whose it is, and when it ends.

use super::*;

/// Keeps a view of mira's or sol's.
async fn keep(store: &Store, id: &str, person: &str, until: i64, most: u32) {
    let view = PagedView {
        id: id.to_owned(),
        platform: Platform::DISCORD,
        person: PersonKey(person.to_owned()),
        asked: format!("{person} asked {id}"),
        until: Timestamp(until),
    };
    let kept = store.act(move |tx| tx.keep_paged_view(&view, most));
    kept.await.expect("the store works");
}

/// What somebody finds under a name at a time.
fn found(store: &Store, id: &str, person: &str, now: i64) -> Option<String> {
    let person = PersonKey(person.to_owned());
    store
        .reader()
        .paged_view(Platform::DISCORD, &person, id, Timestamp(now))
        .expect("reads")
}

#[tokio::test]
async fn a_view_is_its_owner_s_until_its_end_however_many_others_ask() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    keep(&store, "one", "mira", 1_000, 50).await;
    for number in 0..60 {
        keep(&store, &format!("other{number}"), "sol", 900 + number, 50).await;
    }
    assert_eq!(
        found(&store, "one", "mira", 999).as_deref(),
        Some("mira asked one")
    );
    assert_eq!(found(&store, "one", "sol", 999), None, "it is mira's");
    assert_eq!(found(&store, "one", "mira", 1_000), None, "it is too old");
    // Of sol's the newest fifty are there.
    assert_eq!(found(&store, "other9", "sol", 0), None);
    assert!(found(&store, "other10", "sol", 0).is_some());
    let dropped = store.act(|tx| tx.drop_paged_views(Timestamp(1_000)));
    dropped.await.expect("the store works");
    let left = store.reader().with(|conn| {
        conn.query_row("SELECT count(*) FROM paged_view", [], |row| {
            row.get::<_, u32>(0)
        })
    });
    assert_eq!(left.expect("reads"), 0);
}

#[test]
fn options_that_an_older_version_kept_in_the_ledger_are_gone_from_the_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(DATABASE);
    let old = Connection::open(&path).expect("opens");
    old.execute_batch(include_str!("../../../../data/migrations/0001_forum.sql"))
        .expect("the first version");
    old.execute_batch(
        "INSERT INTO store (one, id, epoch) VALUES (1, 'theforum', 3);
         INSERT INTO ledger (platform, key, value) VALUES ('discord', 'page.77', 'my-secret-title'),
             ('discord', 'commands', 'a hash'), ('matrix', 'page.77', 'none of these');
         PRAGMA user_version = 1;",
    )
    .expect("filled");
    drop(old);
    let store = open(dir.path());
    let ledger = |platform, key| store.reader().ledger(platform, key).expect("reads");
    assert_eq!(ledger(Platform::DISCORD, "page.77"), None);
    assert_eq!(
        ledger(Platform::DISCORD, "commands").as_deref(),
        Some("a hash")
    );
    assert!(ledger(Platform::MATRIX, "page.77").is_some());
    drop(store);
    let bytes = std::fs::read(&path).expect("reads");
    let secret = b"my-secret-title";
    assert!(!bytes.windows(secret.len()).any(|part| part == secret));
}
