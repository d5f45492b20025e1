//! The store under trouble: failing actions, a full disk, other programs, other versions.

use std::path::Path;

use super::*;
use crate::forum::{
    Address, Author, Body, By, Change, Condition, ForumId, NewPost, PlaceId, PostId, PostKind,
    Role, Source, Tags, Timestamp, Title, Vote, vote,
};
use crate::platform::{MessageKey, PersonKey, PlaceKey, Platform, SendKey};
use crate::store::db::Connection;

mod counters;
mod hiding;
pub(crate) mod older;
mod opening;
mod paged_views;
mod plans;
mod portable;
pub(crate) mod recount;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Makes a forum with a place and a person.
fn settle(tx: &Tx<'_>) -> Result<(ForumId, Author), Fault> {
    let forum = tx.forum("main", NOW)?;
    tx.set_place(
        Platform::MATRIX,
        &PlaceKey("!room".to_owned()),
        Some(forum),
        None,
        false,
    )?;
    let author = tx.person(
        forum,
        Platform::MATRIX,
        &PersonKey("@mira:x".to_owned()),
        "mira",
        NOW,
    )?;
    Ok((forum, author))
}

fn question(author: Author, title: &str) -> Change {
    Change::Posted {
        author,
        at: NOW,
        post: NewPost::Question {
            title: Title::new(title).expect("a good title"),
            body: Body::new(PostKind::Question, "body").expect("a good body"),
            tags: Tags::new(["keg"]).expect("good tags"),
        },
    }
}

async fn ask(store: &Store, title: &'static str) -> Result<PostId, Fault> {
    let added = store.act(move |tx| {
        let (forum, author) = settle(tx)?;
        tx.apply(forum, &[question(author, title)], NOW)
    });
    Ok(added.await?.expect("a question was added"))
}

fn open(dir: &Path) -> Store {
    Store::open(dir).expect("opens")
}

fn counted(store: &Store) -> (u64, u64) {
    let totals = store.reader().totals().expect("reads");
    (totals.questions, totals.outbox)
}

#[tokio::test]
async fn who_does_something_that_comes_without_their_name_keeps_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let asked = ask(&store, "Who asked this?").await;
    let asked = asked.expect("the store works");
    let heard = store.act(|tx| {
        let (forum, _) = settle(tx)?;
        let mira = PersonKey("@mira:x".to_owned());
        tx.person(forum, Platform::MATRIX, &mira, "", NOW)
    });
    heard.await.expect("the store works");
    let view = store.reader().question(asked).expect("reads");
    assert_eq!(view.expect("is there").post.author, "mira".into());
}

#[tokio::test]
async fn an_action_that_fails_undoes_itself_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let fails = store.act(|tx| {
        let (forum, author) = settle(tx)?;
        tx.apply(forum, &[question(author, "Is this one undone?")], NOW)?;
        tx.fail_for_test()
    });
    let (good, bad, also) = tokio::join!(
        ask(&store, "Is this one kept?"),
        fails,
        ask(&store, "And this one too?")
    );
    assert!(good.is_ok() && bad.is_err() && also.is_ok());
    assert_eq!(counted(&store), (2, 2));
}

#[tokio::test]
async fn what_was_done_is_there_after_opening_again_and_told_of_once_committed() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let mut announced = store.announced();
    let first = ask(&store, "Is it still there?")
        .await
        .expect("the store works");
    assert!(announced.has_changed().expect("the store runs"));
    let seq = *announced.borrow_and_update();
    drop(store);
    let store = open(dir.path());
    assert_eq!(*store.announced().borrow(), seq);
    let view = store
        .reader()
        .question(first)
        .expect("reads")
        .expect("is there");
    assert_eq!(
        (view.title.as_str(), view.tags.as_slice()),
        ("Is it still there?", &["keg".to_owned()][..])
    );
    assert_eq!(view.post.address, Address::question(1));
}

#[tokio::test]
async fn a_full_disk_fails_the_batch_and_loses_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let kept = ask(&store, "Is this kept whatever comes?")
        .await
        .expect("the store works");
    store
        .act(|tx| tx.fill_disk_for_test())
        .await
        .expect("the store works");
    let mut full = None;
    for _ in 0..200 {
        if let Err(fault) = ask(&store, "Is there room for this?").await {
            full = Some(fault);
            break;
        }
    }
    let full = full.expect("the disk is full");
    assert!(
        matches!(full, Fault::Full { .. }) && full.is_fatal(),
        "{full}"
    );
    let questions = counted(&store).0;
    drop(store);
    let store = open(dir.path());
    assert_eq!(counted(&store).0, questions);
    assert!(store.reader().question(kept).expect("reads").is_some());
    assert!(ask(&store, "Is there room again?").await.is_ok());
}

#[tokio::test]
async fn one_store_has_one_process_and_readers_beside_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    assert!(matches!(Store::open(dir.path()), Err(Fault::InUse { .. })));
    ask(&store, "Is it read beside the writer?")
        .await
        .expect("the store works");
    let beside = Reader::open(dir.path()).expect("opens");
    assert_eq!(beside.totals().expect("reads").questions, 1);
    drop(store);
    assert!(Store::open(dir.path()).is_ok());
}

#[tokio::test]
async fn a_platform_s_open_places_are_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let room = PlaceKey("!room".to_owned());
    let places = |platform| store.reader().places(platform).expect("reads");
    assert_eq!(places(Platform::MATRIX), []);
    store.act(settle).await.expect("the store works");
    assert_eq!(places(Platform::MATRIX), [room]);
    store
        .act(|tx| tx.set_place_open(Platform::MATRIX, &PlaceKey("!room".to_owned()), false))
        .await
        .expect("the store works");
    assert_eq!(places(Platform::MATRIX), []);
    assert_eq!(places(Platform::DISCORD), []);
}

/// One of many people.
fn voter(tx: &Tx<'_>, nth: u32) -> Result<By, Fault> {
    let forum = tx.forum("main", NOW)?;
    let key = PersonKey(format!("@{nth}:x"));
    let author = tx.person(forum, Platform::MATRIX, &key, "somebody", NOW)?;
    Ok(By {
        identity: author.identity,
        member: author.member,
        role: Role::Member,
        side: forum,
    })
}

#[tokio::test]
async fn a_vote_writes_a_page_of_each_of_four_trees() {
    const VOTES: u32 = 400;
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let asked = ask(&store, "How much is a vote?").await;
    let asked = asked.expect("the store works");
    let settled = store.act(|tx| (0..VOTES).try_for_each(|nth| voter(tx, nth).map(drop)));
    settled.await.expect("the store works");
    let log = || std::fs::metadata(dir.path().join(format!("{DATABASE}-wal")));
    let before = log().expect("a log").len();
    for nth in 0..VOTES {
        let voted = store.act(move |tx| {
            let by = voter(tx, nth)?;
            let post = tx.post(asked)?.expect("it was asked");
            let ballot = tx.ballot(by.side, by.member, asked)?;
            let source = Source::Reaction(format!("$r{:08x}", nth.wrapping_mul(0x9E37_79B9)));
            let changes = vote::cast(&post, &by, &ballot, source, Vote::Up).expect("may vote");
            tx.apply(by.side, &changes, NOW)
        });
        voted.await.expect("the store works");
    }
    // A page and its header; a tree's page is parted now and then, which changes three.
    let pages = (log().expect("a log").len() - before) as f64 / (4096.0 + 24.0);
    let each = pages / f64::from(VOTES);
    assert!((4.0..4.5).contains(&each), "{each} pages a vote");
}

#[tokio::test]
async fn scores_are_what_a_recount_gives() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let asked = ask(&store, "How is this counted?")
        .await
        .expect("the store works");
    // Fifty people vote up and down and take back, by a fixed course.
    for turn in 0..400_u32 {
        let done = store.act(move |tx| {
            let by = voter(tx, turn * 7 % 50)?;
            let post = tx.post(asked)?.expect("is there");
            let ballot = tx.ballot(by.side, by.member, asked)?;
            let changes = match (turn % 5, ballot.0.last()) {
                (4, Some(last)) => vote::take_back(&post, by.member, &ballot, last.id),
                (3, _) => vote::unvote(&post, by.member, &ballot),
                (way, _) => {
                    let way = if way == 0 { Vote::Down } else { Vote::Up };
                    let source = Source::Reaction(format!("$r{turn}"));
                    vote::cast(&post, &by, &ballot, source, way).expect("may vote")
                }
            };
            tx.apply(by.side, &changes, NOW)
        });
        done.await.expect("the store works");
    }
    let recount = store.reader().with(|conn| {
        conn.query_row(
            "SELECT count(*) FILTER (WHERE vote = 1), count(*) FILTER (WHERE vote = -1) FROM saying
             WHERE standing = 1 AND nth IN (SELECT max(nth) FROM saying WHERE standing = 1 GROUP BY identity)",
            [],
            |row| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?)),
        )
    });
    let score = store
        .reader()
        .question(asked)
        .expect("reads")
        .expect("is there")
        .post
        .score;
    assert_eq!((score.ups, score.downs), recount.expect("reads"));
    assert!(score.ups > 0 && score.downs > 0);
}

#[tokio::test]
async fn a_card_that_is_put_last_lets_the_others_of_its_place_go_first() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    for title in ["Is this one stuck?", "Does this one go on?"] {
        ask(&store, title).await.expect("the store works");
    }
    let first = || {
        let due = store.reader().due(Platform::MATRIX).expect("reads");
        due.into_iter().next().expect("one is due")
    };
    let stuck = first();
    let id = stuck.id;
    let put_last = store.act(move |tx| tx.put_last(id, NOW));
    put_last.await.expect("the store works");
    let next = first();
    assert_ne!(next.post, stuck.post);
    let (id, place) = (next.id, next.place);
    let posted = store.act(move |tx| {
        tx.give_up(id)?;
        tx.try_now(place)
    });
    posted.await.expect("the store works");
    let again = first();
    assert_eq!((again.post, again.next_at), (stuck.post, Timestamp(0)));
}

#[tokio::test]
async fn a_card_is_stale_only_if_something_changed_while_it_was_on_its_way() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    ask(&store, "Is my card true?")
        .await
        .expect("the store works");
    let due = store
        .reader()
        .due(Platform::MATRIX)
        .expect("reads")
        .remove(0);
    let seq = store.reader().last_seq().expect("reads");
    let (key, message) = (due.key.clone(), MessageKey("$card".to_owned()));
    // The server's own word of it comes first, then our knowledge of what it shows.
    let (seen_key, seen) = (key.clone(), message.clone());
    store
        .act(move |tx| tx.posted(&seen_key, &seen, None))
        .await
        .expect("the store works");
    assert_eq!(
        store
            .reader()
            .stale(Platform::MATRIX, (0, 10), 10)
            .expect("reads")
            .len(),
        1
    );
    store
        .act(move |tx| tx.posted(&key, &message, Some((7, seq))))
        .await
        .expect("the store works");
    assert_eq!(
        store
            .reader()
            .stale(Platform::MATRIX, (0, 10), 10)
            .expect("reads"),
        Vec::new()
    );
    assert_eq!(counted(&store).1, 0);
    let unknown = store.act(|tx| {
        tx.posted(
            &SendKey("p0".to_owned()),
            &MessageKey("$other".to_owned()),
            None,
        )
    });
    unknown
        .await
        .expect("a message that nobody waits for is left alone");
}

#[test]
fn the_schema_refuses_what_makes_no_sense() {
    let dir = tempfile::tempdir().expect("a folder");
    drop(open(dir.path()));
    let conn = Connection::open(dir.path().join(DATABASE)).expect("opens");
    conn.execute_batch("PRAGMA foreign_keys = ON")
        .expect("sets");
    assert!(
        conn.execute(
            "INSERT INTO saying (post, identity, nth, vote) VALUES (9, 9, 1, 1)",
            []
        )
        .is_err()
    );
    assert!(
        conn.execute("INSERT INTO store (one, id, epoch) VALUES (2, 'x', 1)", [])
            .is_err()
    );
    // A post that is hidden is hidden by somebody, and only a hidden one waits to be withdrawn.
    conn.execute_batch(
        "INSERT INTO forum (id, name, at) VALUES (1, 'main', 5);
         INSERT INTO identity (id, platform, key, name) VALUES (1, 'matrix', '@mira:x', 'mira');
         INSERT INTO post (id, forum, kind, question, number, author, at) VALUES (1, 1, 0, 1, 1, 1, 5);",
    )
    .expect("filled");
    for hiding in [
        "hidden_at = 5",
        "hidden_as = 1",
        "hidden_at = 5, hidden_as = 3",
        "withdraw_at = 5",
    ] {
        let hidden = conn.execute(&format!("UPDATE post SET {hiding}"), []);
        assert!(hidden.is_err(), "{hiding}");
    }
}

#[tokio::test]
async fn tags_that_only_old_questions_have_come_after_those_of_new_ones_by_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path());
    let forum = store.act(|tx| {
        let (forum, author) = settle(tx)?;
        let ask = |number: usize, words: &[&str]| {
            let mut change = question(author, &format!("The question {number}?"));
            if let Change::Posted {
                post: NewPost::Question { tags, .. },
                ..
            } = &mut change
            {
                *tags = Tags::new(words.iter().copied()).expect("good tags");
            }
            tx.apply(forum, &[change], NOW)
        };
        ask(1, &["old", "aged", "keg", "kegel"])?;
        ask(2, &["older"])?;
        for number in 3..1_100 {
            ask(
                number,
                if number % 2 == 0 {
                    &["keg"]
                } else {
                    &["tap", "keg"]
                },
            )?;
        }
        Ok(forum)
    });
    let forum = forum.await.expect("the store works");
    let tags = |begin, most| store.reader().tags_from(forum, begin, most).expect("reads");
    assert_eq!(
        tags("", 25),
        ["keg", "tap", "aged", "kegel", "old", "older"]
    );
    assert_eq!(tags("", 3), ["keg", "tap", "aged"]);
    assert_eq!(tags("", 0), [""; 0]);
    assert_eq!(tags("ke", 25), ["keg", "kegel"]);
    assert_eq!(tags("old", 25), ["old", "older"]);
    assert_eq!(tags("oldest", 25), [""; 0]);
}
