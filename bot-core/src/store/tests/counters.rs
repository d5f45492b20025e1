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

#[tokio::test]
async fn numbers_go_on_below_one_that_was_imported_at_their_end() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    ask(&store, "Which is the first?").await.expect("asks");
    let last = ask(&store, "Which is the last?").await.expect("asks");
    let spoilt = store.act(move |tx| {
        for (what, sql) in [
            (
                "giving the last number",
                "UPDATE post SET number = 4294967295, last_answer = 4294967295, last_comment = 4294967295 WHERE id = ?1",
            ),
            (
                "counting it",
                "UPDATE forum SET questions = 4294967295 WHERE ?1 > 0",
            ),
        ] {
            tx.run(what, sql, [last.0])?;
        }
        Ok(())
    });
    spoilt.await.expect("spoils");
    let address = |post| {
        store
            .reader()
            .address(post)
            .expect("reads")
            .expect("is there")
    };
    for number in [2, 3] {
        let asked = ask(&store, "Which comes then?").await.expect("asks");
        assert_eq!(address(asked), Address::question(number));
    }
    for number in [1, 2] {
        let added = store.act(move |tx| {
            let (forum, author) = settle(tx)?;
            let body = |kind| Body::new(kind, "body").expect("a good body");
            let posts = [
                NewPost::Answer {
                    question: last,
                    body: body(PostKind::Answer),
                },
                NewPost::Comment {
                    on: last,
                    question: last,
                    body: body(PostKind::Comment),
                },
            ];
            posts
                .into_iter()
                .map(|post| {
                    let at = NOW;
                    tx.apply(forum, &[Change::Posted { author, at, post }], NOW)
                })
                .collect::<Result<Vec<_>, _>>()
        });
        let added = added.await.expect("posts");
        let [answer, comment] = [0, 1].map(|at| added[at].expect("was added"));
        let question = Address::question(u32::MAX);
        assert_eq!(address(answer), question.with_answer(number));
        assert_eq!(address(comment), question.with_comment(number));
    }
}

#[tokio::test]
async fn a_forum_joins_one_whose_numbers_are_at_their_end() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    ask(&store, "Which is the first?").await.expect("asks");
    let joined = store.act(|tx| {
        let (main, author) = settle(tx)?;
        tx.run(
            "counting a great number",
            "UPDATE forum SET questions = ?2 WHERE id = ?1",
            crate::store::db::params![main.0, u32::MAX],
        )?;
        let other = tx.forum("other", NOW)?;
        let asked = tx.apply(other, &[question(author, "Where am I?")], NOW)?;
        tx.join(other, main, NOW)?;
        Ok(asked)
    });
    let asked = joined.await.expect("joins").expect("was added");
    let address = store.reader().address(asked).expect("reads");
    assert_eq!(address, Some(Address::question(3)));
}
