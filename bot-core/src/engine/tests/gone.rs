//! What was taken back is in no file of the storage folder; what is hidden is in no index and no export.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, UNIX_EPOCH};

use super::super::restore;
use super::world::{ManualClock, SeededRng, World, place};
use crate::forum::{Role, Seq, Timestamp};
use crate::platform::{Actor, Incoming, IncomingEvent, MessageKey, PersonKey, Platform};
use crate::remains;
use crate::store::tests::older::{WITHDRAWN, version_10};
use crate::store::{ERASED, ReceivedEvent, Store, erased_flaw};

/// The files in a folder that have a word. An index that is just being written can't be looked into: then a moment later.
async fn stands(world: &World, folder: &Path, word: &str) -> Vec<PathBuf> {
    for _ in 0..50 {
        if let Ok(files) = remains::of(folder, word) {
            return files;
        }
        world.core.kept_house().await.expect("the thread works");
    }
    remains::of(folder, word).expect("the folder is read")
}

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

impl World {
    /// All of these words stand somewhere.
    async fn all_stand(&self, words: &[&str]) {
        for word in words {
            let files = stands(self, self.dir.path(), word).await;
            assert!(!files.is_empty(), "{word}");
        }
    }

    /// What is to be forgotten is, and none of these words stands anywhere.
    async fn none_stands(&self, words: &[&str]) {
        self.core.kept_house().await.expect("the thread works");
        for word in words {
            let files = stands(self, self.dir.path(), word).await;
            assert_eq!(files, [] as [PathBuf; 0], "{word}");
        }
    }

    /// None of these words stands in the search index.
    async fn none_in_index(&self, words: &[&str]) {
        self.core.kept_house().await.expect("the thread works");
        for word in words {
            let files = stands(self, &self.dir.path().join("index"), word).await;
            assert_eq!(files, [] as [PathBuf; 0], "{word}");
        }
    }

    async fn vanishes_unseen(&self, gone: &MessageKey) {
        let incoming = Incoming {
            platform: Platform::MATRIX,
            id: None,
            actor: Actor {
                key: PersonKey("@stoa:x".to_owned()),
                name: String::new(),
                account: None,
                role: Role::Member,
            },
            place: place(),
            at: Timestamp(i64::MAX),
            what: IncomingEvent::MessageGone { gone: gone.clone() },
        };
        self.core.hear(incoming).await.expect("the store works");
        self.core.settled(Platform::MATRIX).await.expect("settles");
    }

    /// The event by which a message is changed.
    async fn changes(&self, who: &str, message: &MessageKey, text: &str) -> MessageKey {
        let event = self.event();
        let what = IncomingEvent::Rewrote {
            message: message.clone(),
            text: text.to_owned(),
        };
        self.does(who, event.clone(), what).await;
        event
    }
}

/// The words of [`asked`].
const WORDS: [&str; 5] = [
    "qvarktitle",
    "qvarkbody",
    "qvarktag",
    "qvarkedit",
    "qvarkwhy",
];

/// A question that was edited, with an answer and a comment that stay; gives its message.
async fn asked(world: &World) -> MessageKey {
    let ask = "!ask How long does qvarktitle last? --tag qvarktag\nIt is a qvarkbody.";
    let (message, _) = world.writes("mira", ask, None).await;
    world.says("sol", "!answer #1 Two weeks.").await;
    world.says("ivo", "!comment #1.1 How cold?").await;
    let edit =
        "!edit #1 How long does qvarktitle last? --tag qvarktag --reason qvarkwhy\nqvarkedit";
    world.says("mira", edit).await;
    world.all_stand(&WORDS[..4]).await;
    message
}

#[tokio::test]
async fn a_withdrawn_post_stands_in_no_file() {
    let world = World::new().await;
    asked(&world).await;
    world.says("mira", "!delete #1").await;
    world.none_stands(&WORDS).await;
    // What hangs on it is still found.
    world.all_stand(&["weeks"]).await;
}

#[tokio::test]
async fn a_post_whose_message_its_author_removes_stands_in_no_file() {
    let world = World::new().await;
    let message = asked(&world).await;
    world.removes("mira", &message).await;
    world.none_stands(&WORDS).await;
}

#[tokio::test]
async fn a_post_that_is_withdrawn_after_a_day_stands_in_no_file() {
    let world = World::new().await;
    let message = asked(&world).await;
    world.vanishes_unseen(&message).await;
    world.clock.0.fetch_add(DAY, Ordering::SeqCst);
    world.core.inner.woken.send_replace(());
    let withdrawn = |world: &World| world.shown().contains("#1 was withdrawn");
    world.sees("the question to be withdrawn", withdrawn).await;
    world.none_stands(&WORDS).await;
}

#[tokio::test]
async fn what_was_hidden_and_then_withdrawn_stands_in_no_file() {
    let world = World::new().await;
    asked(&world).await;
    world.says("mod", "!hide #1").await;
    world.core.kept_house().await.expect("the thread works");
    world.says("mira", "!delete #1").await;
    world.none_stands(&WORDS).await;
}

#[tokio::test]
async fn a_hidden_post_stands_in_no_index_and_its_answer_is_found_no_more() {
    let world = World::new().await;
    asked(&world).await;
    world.says("sol", "!answer #1 Ask the zwergwort.").await;
    world.says("sol", "!hide #1.2").await;
    world.none_in_index(&["zwergwort"]).await;
    world.says("mod", "!hide #1").await;
    world.none_in_index(&WORDS).await;
    world.all_stand(&WORDS).await;
    world.says("mod", "!unhide #1").await;
    assert!(world.says("ivo", "!search qvarktitle").await.contains("#1"));
}

#[tokio::test]
async fn a_refused_tag_stands_in_no_file_and_is_said_again_all_the_same() {
    let world = World::new().await;
    let message = world.event();
    let what = IncomingEvent::Said {
        message: message.clone(),
        text: "!ask Which tags are good ones? --tag qvark/tag\nIs this?".to_owned(),
        reply_to: None,
        thread: None,
    };
    let said = |response| super::world::said(&response);
    let first = said(world.does("mira", message.clone(), what.clone()).await);
    assert!(first.contains("qvark/tag"), "{first}");
    let again = said(world.does("mira", message, what).await);
    assert_eq!(again, first);
    world.none_stands(&["qvark/tag"]).await;
}

#[tokio::test]
async fn a_removed_edit_is_gone_and_the_text_before_it_is_shown() {
    let world = World::new().await;
    let ask = "!ask How long does a keg last? --tag keg\nIt is a pilsner.";
    let (message, _) = world.writes("mira", ask, None).await;
    let edit = "!ask How long does qvarktitle last? --tag qvarktag\nIt is a qvarkbody.";
    let event = world.changes("mira", &message, edit).await;
    let words = ["qvarktitle", "qvarkbody", "qvarktag"];
    world.all_stand(&words).await;
    // Others can't.
    world.removes("ivo", &event).await;
    assert!(world.card("$card1").contains("qvarktitle"));
    world.removes("mira", &event).await;
    // What a card said before an edit can be read in the room: another one took its place.
    assert_eq!(world.card("$card1"), "");
    let card = world.card("$card2");
    assert!(
        card.contains("How long does a keg last?") && card.contains("pilsner"),
        "{card}"
    );
    assert!(!card.contains("edited"), "{card}");
    assert!(!world.says("ivo", "!history #1").await.contains("qvark"));
    assert!(!world.says("ivo", "!search qvarkbody").await.contains("#1"));
    world.none_stands(&words).await;
}

#[tokio::test]
async fn an_edit_in_the_middle_is_removed_with_what_later_ones_took_over_from_it() {
    let world = World::new().await;
    let ask = "!ask How long does a keg last? --tag keg\nIt is a pilsner.";
    let (message, _) = world.writes("mira", ask, None).await;
    let edit = "!ask How long does a keg last? --tag keg\nIt is a qvarkbody.";
    let event = world.changes("mira", &message, edit).await;
    world
        .says("mira", "!edit #1 --title \"How long does a barrel last?\"")
        .await;
    world.removes("mira", &event).await;
    let card = world.card("$card2");
    assert!(
        card.contains("barrel") && card.contains("pilsner"),
        "{card}"
    );
    world.none_stands(&["qvarkbody"]).await;
    let history = world.says("ivo", "!history #1").await;
    assert!(
        history.contains("a keg last") && history.contains("barrel"),
        "{history}"
    );
}

#[tokio::test]
async fn an_edit_that_made_a_refused_message_a_post_withdraws_it_when_it_is_removed() {
    let world = World::new().await;
    let (message, refused) = world.writes("mira", "!ask Why?", None).await;
    assert!(!refused.is_empty());
    let edit = "!ask Why is qvarktitle so?\nTell me.";
    let event = world.changes("mira", &message, edit).await;
    assert!(world.card("$card1").contains("qvarktitle"));
    world.removes("mira", &event).await;
    assert_eq!(world.card("$card1"), "");
    world.none_stands(&["qvarktitle"]).await;
}

#[tokio::test]
async fn a_moderator_who_removes_somebodys_edit_hides_the_post() {
    let world = World::new().await;
    let (message, _) = world
        .writes("mira", "!ask How long does a keg last?", None)
        .await;
    let event = world
        .changes("mira", &message, "!ask How long does an insult last?")
        .await;
    world.removes("mod", &event).await;
    assert_eq!(world.shown(), "", "nothing hangs on it");
    let history = world.says("ivo", "!history #1").await;
    assert!(history.contains("hidden"), "{history}");
}

#[tokio::test]
async fn what_was_under_way_when_the_process_ended_is_done_by_the_next() {
    let world = World::new().await;
    asked(&world).await;
    // The thread is gone before it begins.
    let thread = world
        .core
        .inner
        .housekeeping
        .lock()
        .expect("no panic")
        .take();
    drop(thread);
    world.says("mira", "!delete #1").await;
    let world = world.restarted().await;
    world.none_stands(&WORDS).await;
}

#[tokio::test]
async fn of_many_posts_that_come_change_and_go_only_those_that_are_there_stand_anywhere() {
    let world = World::new().await;
    let mut rng = SeededRng(11);
    let mut there: Vec<(usize, MessageKey)> = Vec::new();
    let word = |number: usize, text: usize| format!("qv{number}x{text}z");
    let mut gone: Vec<String> = Vec::new();
    let mut texts: Vec<Vec<String>> = Vec::new();
    for round in 0..160 {
        let number = texts.len();
        let first = word(number, 0);
        let filler = "malt and hops ".repeat(rng.roll(60));
        let ask = format!("!ask What is {first} of?\n{filler}");
        let (message, _) = world.writes("mira", &ask, None).await;
        there.push((number, message));
        texts.push(vec![first]);
        if rng.roll(3) == 0 {
            let at = rng.roll(there.len());
            let (number, message) = there[at].clone();
            let next = word(number, texts[number].len());
            let filler = "water and yeast ".repeat(rng.roll(90));
            world
                .changes(
                    "mira",
                    &message,
                    &format!("!ask What is {next} of?\n{filler}"),
                )
                .await;
            texts[number].push(next);
        }
        if rng.roll(2) == 0 {
            let (number, message) = there.swap_remove(rng.roll(there.len()));
            world.removes("mira", &message).await;
            gone.append(&mut texts[number]);
        }
        if round % 40 == 39 {
            let words: Vec<&str> = gone.iter().map(String::as_str).collect();
            world.none_stands(&words).await;
        }
    }
}

#[tokio::test]
async fn a_restored_backup_brings_back_nothing_that_was_taken_back_since() {
    let world = World::new().await;
    asked(&world).await;
    let ask = "!ask How long does a keg last?\nIt is a pilsner.";
    let (message, _) = world.writes("mira", ask, None).await;
    let edit = "!ask How long does a keg last?\nIt is a qvarkstout.";
    let event = world.changes("mira", &message, edit).await;
    let kept = tempfile::tempdir().expect("a folder");
    let backup = kept.path().join("backup.db");
    world.core.reading().backup(&backup).expect("copies");
    world.says("mira", "!delete #1").await;
    world.removes("mira", &event).await;
    let later = "!ask What was asked after the backup?";
    world.says("ivo", later).await;
    world.core.kept_house().await.expect("the thread works");

    let world = world.restarted_after(|folder| {
        let aside = restore(folder, &backup, &ManualClock::default()).expect("restores");
        assert!(aside.kept.is_some());
        assert_eq!(aside.problems, [] as [String; 0]);
    });
    let world = world.await;
    world.none_stands(&["qvarkstout"]).await;
    world.none_stands(&WORDS).await;
    assert!(world.says("ivo", "!search pilsner").await.contains("#2"));

    // A copy that somebody puts there by hand, too.
    let world = world.restarted_after(|folder| {
        for part in ["forum.db-wal", "forum.db-shm"] {
            std::fs::remove_file(folder.join(part)).ok();
        }
        std::fs::copy(&backup, folder.join("forum.db")).expect("copies");
    });
    let world = world.await;
    world.none_stands(&WORDS).await;
    world.none_stands(&["qvarkstout"]).await;
    // What comes under the number of something that was erased is none of that.
    world.says("ivo", later).await;
    let world = world.restarted().await;
    let found = world.says("ivo", "!search backup").await;
    assert!(found.contains("after the backup"), "{found}");
}

/// A world with a backup of [`asked`], of which the question was deleted a moment ago.
async fn deleted_just_now() -> (World, tempfile::TempDir, PathBuf) {
    let world = World::new().await;
    asked(&world).await;
    let kept = tempfile::tempdir().expect("a folder");
    let backup = kept.path().join("backup.db");
    world.core.reading().backup(&backup).expect("copies");
    world.says("mira", "!delete #1").await;
    (world, kept, backup)
}

/// Puts a backup in the place of the database as somebody does who knows of no `stoa restore`.
fn copied_by_hand(backup: &Path, folder: &Path) {
    for part in ["forum.db-wal", "forum.db-shm"] {
        std::fs::remove_file(folder.join(part)).ok();
    }
    std::fs::copy(backup, folder.join("forum.db")).expect("copies");
}

#[tokio::test]
async fn what_was_deleted_just_before_the_end_no_backup_brings_back() {
    let (world, _kept, backup) = deleted_just_now().await;
    let world = world.restarted_after(|folder| copied_by_hand(&backup, folder));
    world.await.none_stands(&WORDS).await;
}

#[tokio::test]
async fn what_was_deleted_just_before_a_power_cut_is_remembered_by_the_next_start() {
    let (world, _kept, backup) = deleted_just_now().await;
    // The files as a power cut leaves them.
    let cut = tempfile::tempdir().expect("a folder");
    for name in ["forum.db", "forum.db-wal"] {
        std::fs::copy(world.dir.path().join(name), cut.path().join(name)).expect("copies");
    }
    let store = Store::open(cut.path()).expect("opens");
    let list = std::fs::read_to_string(cut.path().join(ERASED)).expect("is there");
    assert_eq!(list.matches("\npost ").count(), 1, "{list}");
    drop(store);
    copied_by_hand(&backup, cut.path());
    let world = World::on(cut, Arc::default(), Arc::default()).await;
    world.none_stands(&WORDS).await;
}

#[tokio::test]
async fn a_restore_asks_the_database_that_it_replaces_what_was_deleted() {
    let (world, _kept, backup) = deleted_just_now().await;
    world.core.kept_house().await.expect("the thread works");
    let world = world.restarted_after(|folder| {
        std::fs::remove_file(folder.join(ERASED)).expect("is there");
        let restored = restore(folder, &backup, &ManualClock::default()).expect("restores");
        let said = restored.problems.join("");
        assert!(said.contains("erased.list is missing"), "{said}");
    });
    let world = world.await;
    world.none_stands(&WORDS).await;
    let flaw = erased_flaw(world.dir.path(), &world.core.inner.reading.store);
    assert_eq!(flaw.expect("reads"), None);
}

#[tokio::test]
async fn a_damaged_database_is_replaced_all_the_same_and_that_it_was_not_asked_is_said() {
    let (world, _kept, backup) = deleted_just_now().await;
    let world = world.restarted_after(|folder| {
        std::fs::write(folder.join("forum.db"), "not a database").expect("writes");
        let restored = restore(folder, &backup, &ManualClock::default()).expect("restores");
        let said = restored.problems.join("");
        assert!(said.contains("knew as deleted can’t be read"), "{said}");
    });
    // The end had noted it.
    world.await.none_stands(&WORDS).await;
}

/// Does something to the list after a question was deleted; then deletes another, and puts a backup of both in place.
async fn damaged(damage: impl FnOnce(String) -> String) -> (World, String) {
    let (world, kept, _) = deleted_just_now().await;
    world.core.kept_house().await.expect("the thread works");
    let list = world.dir.path().join(ERASED);
    let text = std::fs::read_to_string(&list).expect("is there");
    std::fs::write(&list, damage(text)).expect("writes");
    let flaw = erased_flaw(world.dir.path(), &world.core.inner.reading.store);
    let said = flaw.expect("reads").map(|flaw| flaw.to_string());
    let ask = "!ask How old is the qvarksecond?";
    world.writes("mira", ask, None).await;
    let backup = kept.path().join("second.db");
    world.core.reading().backup(&backup).expect("copies");
    world.says("mira", "!delete #2").await;
    world.core.kept_house().await.expect("the thread works");
    let first = kept.path().join("backup.db");
    let world = world.restarted_after(|folder| copied_by_hand(&backup, folder));
    let world = world.await;
    world.none_stands(&["qvarksecond"]).await;
    let world = world.restarted_after(|folder| copied_by_hand(&first, folder));
    let world = world.await;
    world.none_stands(&WORDS).await;
    let flaw = erased_flaw(world.dir.path(), &world.core.inner.reading.store);
    assert_eq!(flaw.expect("reads"), None);
    (world, said.unwrap_or_default())
}

/// What lists were kept aside.
fn aside(world: &World) -> usize {
    let files = std::fs::read_dir(world.dir.path()).expect("reads");
    let names = files.map(|file| file.expect("reads").file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with("erased.damaged-"))
        .count()
}

#[tokio::test]
async fn a_list_of_what_was_erased_that_is_torn_takes_the_next_line_and_is_mended() {
    let (world, said) = damaged(|list| list[..list.len() - 9].to_owned()).await;
    assert!(said.contains("can’t be read: 1;"), "{said}");
    assert_eq!(aside(&world), 1);
}

#[tokio::test]
async fn a_list_of_what_was_erased_whose_head_is_damaged_is_kept_aside_and_begun_anew() {
    let (world, said) = damaged(|list| list.replacen("stoa", "st\0a", 1)).await;
    assert!(said.contains("first line"), "{said}");
    assert_eq!(aside(&world), 1);
}

#[tokio::test]
async fn a_list_of_what_was_erased_that_is_lost_is_written_anew_from_the_database() {
    let (world, said) = damaged(|_| String::new()).await;
    assert!(said.contains("missing or empty"), "{said}");
    assert_eq!(aside(&world), 0);
}

#[tokio::test]
async fn what_an_older_version_withdrew_is_gone_when_this_one_has_started() {
    let dir = tempfile::tempdir().expect("a folder");
    version_10(dir.path());
    for word in WITHDRAWN {
        let files = remains::of(dir.path(), word).expect("the folder is read");
        assert_eq!(files.len(), 1, "{word}: {files:?}");
    }
    let world = World::on(dir, Arc::default(), Arc::default()).await;
    world.all_is_found();
    world.core.kept_house().await.expect("the thread works");
    // What the migration keeps for seven days is as it was before.
    let copy = world.dir.path().join("forum.before-v11.db");
    let mut old = std::fs::File::options();
    let old = old.write(true).open(&copy).expect("is kept");
    let made = world.core.inner.clock.now().0 - 7 * DAY;
    let made = Duration::from_millis(u64::try_from(made).expect("after 1970"));
    old.set_modified(UNIX_EPOCH + made).expect("writes");
    world.none_stands(&WITHDRAWN).await;
    assert!(!copy.exists());
    world.all_stand(&["stout", "weeks", "cellar"]).await;
    let found = world.says("ivo", "!search stout").await;
    assert!(found.contains("#1"), "{found}");
    let found = world.says("ivo", "!show #3").await;
    assert!(found.contains("#3 was withdrawn"), "{found}");
}

#[tokio::test]
async fn copies_of_before_end_after_seven_days() {
    let world = World::new().await;
    let now = world.core.inner.clock.now().0;
    let made = |days: i64| {
        let millis = u64::try_from(now - days * DAY).expect("after 1970");
        std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis)
    };
    let names = [
        "forum.before-v3.db",
        "forum.before-restore-1.db-wal",
        "forum.before-v9.db",
        "else.db",
    ];
    for (name, days) in names.into_iter().zip([8, 7, 6, 30]) {
        let file = std::fs::File::create(world.dir.path().join(name)).expect("writes");
        file.set_modified(made(days)).expect("writes");
    }
    world.core.kept_house().await.expect("the thread works");
    let there = names.map(|name| world.dir.path().join(name).exists());
    assert_eq!(there, [false, false, true, true]);
}

#[tokio::test]
async fn after_31_days_an_event_has_no_person_and_comes_again_in_vain() {
    let world = World::new().await;
    let (asked, _) = world
        .writes("mira", "!ask How long does a keg last?", None)
        .await;
    world.says("sol", "!answer #1 Two weeks.").await;
    world.says("ivo", "!answer #1 Three weeks.").await;
    let (accepted, _) = world.reacts("mira", "$card2", "✅").await;
    world.says("mira", "!accept #1.2").await;
    let shown = world.shown();
    let kept = |key: &MessageKey| {
        let reader = world.core.inner.store.reader();
        reader
            .heard(Platform::MATRIX, key)
            .expect("reads")
            .expect("it was heard")
    };
    world.clock.0.fetch_add(29 * DAY, Ordering::SeqCst);
    world.core.kept_house().await.expect("the thread works");
    assert_eq!(kept(&asked).person.0, "@mira:x");
    world.clock.0.fetch_add(2 * DAY, Ordering::SeqCst);
    world.core.kept_house().await.expect("the thread works");
    let nothing = ReceivedEvent {
        person: PersonKey(String::new()),
        outcome: String::new(),
        here: None,
    };
    assert_eq!(kept(&asked), nothing);

    let again = IncomingEvent::Said {
        message: asked.clone(),
        text: "!ask How long does a keg last?".to_owned(),
        reply_to: None,
        thread: None,
    };
    let reaction = IncomingEvent::Reacted {
        reaction: accepted.clone(),
        on: MessageKey("$card2".to_owned()),
        emoji: "✅".to_owned(),
    };
    let response = world.does("mira", asked, again).await;
    assert_eq!(response.reply, None);
    world.does("mira", accepted, reaction).await;
    assert_eq!(world.shown(), shown);
}

#[tokio::test]
async fn the_change_log_is_kept_as_long_as_anything_follows_it() {
    let world = World::new().await;
    world.says("mira", "!ask How long does a keg last?").await;
    for _ in 0..30 {
        world.says("ivo", "!up #1").await;
        world.says("ivo", "!down #1").await;
    }
    let store = world.core.inner.store.clone();
    let newest = store.reader().last_seq().expect("reads");
    let committed = world.core.inner.reading.search.committed();
    assert!(
        committed < newest,
        "votes alone are not committed to the index"
    );
    // All but the newest ten may go, and what the index has not on disk yet.
    let upto = store.reader().prunable(10).expect("reads").min(committed);
    store
        .act(move |tx| tx.prune_changes(upto, 1_000))
        .await
        .expect("the store works");
    let left = store.reader().changes_after(upto, 1_000).expect("reads");
    assert_eq!(left.len(), usize::try_from(newest.0 - upto.0).expect("few"));
    // An index that is older than what is left is built anew.
    let later = newest;
    store
        .act(move |tx| tx.prune_changes(Seq(later.0 - 1), 1_000))
        .await
        .expect("the store works");
    drop(store);
    let world = world.restarted().await;
    assert!(world.says("ivo", "!search keg").await.contains("#1"));
    assert_eq!(
        world.core.inner.store.reader().last_seq().expect("reads"),
        newest
    );
    let vote = world.says("ivo", "!up #1").await;
    assert!(vote.contains("+1"), "{vote}");
}

#[tokio::test]
async fn what_is_hidden_or_withdrawn_is_not_in_the_export() {
    let world = World::new().await;
    asked(&world).await;
    world.says("sol", "!answer #1 Ask the zwergwort.").await;
    world.says("sol", "!answer #1 Ask the zwergkraut.").await;
    world.says("sol", "!hide #1.2").await;
    world.says("sol", "!delete #1.3").await;
    let exported = || {
        let mut lines = Vec::new();
        let written =
            super::super::export(world.dir.path(), "main", &mut lines, "test", &mut |_| {
                crate::transfer::Flow::On
            });
        assert_eq!(written.expect("exports"), Some(1));
        String::from_utf8(lines).expect("text")
    };
    let lines = exported();
    assert!(
        lines.contains("qvarkbody") && lines.contains("weeks"),
        "{lines}"
    );
    assert!(!lines.contains("zwerg"), "{lines}");
    world.says("mod", "!hide #1").await;
    let lines = exported();
    assert!(
        !lines.contains("qvark") && lines.contains("weeks"),
        "{lines}"
    );
}
