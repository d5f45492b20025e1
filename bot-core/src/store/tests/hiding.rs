//! What is counted while posts are hidden and shown again.

use super::*;
use crate::forum::{Hider, Hiding};

#[tokio::test]
async fn answers_are_counted_as_a_recount_of_those_that_can_be_seen() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let asked = ask(&store, "How many answers are seen?")
        .await
        .expect("the store works");
    let answered = store.act(move |tx| {
        let (forum, author) = settle(tx)?;
        let mut answers = Vec::new();
        for _ in 0..4 {
            let body = Body::new(PostKind::Answer, "One of them.").expect("a good body");
            let post = NewPost::Answer {
                question: asked,
                body,
            };
            let at = NOW;
            answers.extend(tx.apply(forum, &[Change::Posted { author, at, post }], NOW)?);
        }
        Ok((forum, author, answers))
    });
    let (forum, author, answers) = answered.await.expect("the store works");
    let hidden = |post, by, withdrawal| Change::Hidden {
        post,
        hiding: Hiding { by, withdrawal },
        by: None,
        at: NOW,
    };
    let shown = |post| Change::Unhidden {
        post,
        by: author.identity,
    };
    let withdrawn = |post| Change::Withdrawn {
        post,
        by: Some(author.identity),
        at: NOW,
    };
    let [one, two, three, _] = answers.as_slice() else {
        panic!("four answers, not {answers:?}");
    };
    for (change, left) in [
        (hidden(*one, Hider::Author, None), 3),
        (hidden(*one, Hider::Moderator, None), 3),
        (hidden(*two, Hider::Unknown, Some(NOW)), 2),
        (shown(*one), 3),
        (withdrawn(*two), 3),
        (withdrawn(*three), 2),
        (hidden(*one, Hider::Unknown, Some(NOW)), 1),
        (shown(*one), 2),
        (hidden(asked, Hider::Author, None), 2),
    ] {
        let what = format!("{change:?}");
        let done = store.act(move |tx| tx.apply(forum, std::slice::from_ref(&change), NOW));
        done.await.expect("the store works");
        let counts = store.reader().with(|conn| {
            conn.query_row(
                "SELECT answers, (SELECT count(*) FROM post WHERE kind = 1 AND withdrawn_at IS NULL AND hidden_at IS NULL)
                 FROM post WHERE kind = 0",
                [],
                |row| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?)),
            )
        });
        assert_eq!(counts.expect("reads"), (left, left), "{what}");
    }
}
