//! The numbers of changes and rows: each given once, in the order in which they are committed.

use super::*;
use crate::forum::Seq;

/// Asks so many questions more than a block of reserved numbers has.
const MANY: usize = 70;

fn changes(store: &Store) -> Vec<Seq> {
    let changes = store.reader().changes_after(Seq(0), 1_000);
    let changes = changes.expect("reads");
    changes.into_iter().map(|change| change.seq).collect()
}

#[tokio::test]
async fn changes_are_numbered_in_their_order_whatever_is_undone_in_between() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    for _ in 0..MANY {
        let undone = store.act(|tx| {
            let (forum, author) = settle(tx)?;
            tx.apply(forum, &[question(author, "Is this one undone?")], NOW)?;
            tx.fail_for_test()
        });
        assert!(undone.await.is_err());
        ask(&store, "Is this one kept?").await.expect("asks");
        let tried = store.act(|tx| {
            tx.tried(|tx| {
                let (forum, author) = settle(tx)?;
                tx.apply(forum, &[question(author, "Is this one tried?")], NOW)
            })
        });
        tried.await.expect("tries");
    }
    let whole: Vec<Seq> = (1..).map(Seq).take(MANY).collect();
    assert_eq!(changes(&store), whole, "without gaps, while it is open");
    drop(store);
    let store = open(dir.path());
    ask(&store, "And after it was opened again?")
        .await
        .expect("asks");
    let changes = changes(&store);
    assert_eq!(changes.len(), MANY + 1);
    assert!(changes.is_sorted_by(|one, next| one < next), "{changes:?}");
}

#[tokio::test]
async fn a_post_of_an_older_database_has_the_number_behind_those_of_before() {
    let dir = tempfile::tempdir().expect("a folder");
    older::version_10(dir.path());
    let store = open(dir.path());
    let before = store.reader().last_seq().expect("reads");
    assert_eq!(before, Seq(6));
    let asked = ask(&store, "Which number is it?").await.expect("asks");
    assert_eq!(asked, PostId(7));
    assert_eq!(store.reader().last_seq().expect("reads"), Seq(7));
}
