//! The store and the search as they are used.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bot_core::conventions::Conventions;
use bot_core::forum::{Author, Body, Change, ForumId, NewPost, PostKind, Tags, Timestamp, Title};
use bot_core::platform::{PersonKey, Platform};
use bot_core::search::{Indexer, Query, Search};
use bot_core::store::{Fault, Store, Tx};
use tokio::runtime::Runtime;

use crate::corpus::{Corpus, Text};

/// The chat that is measured.
const CHAT: Platform = Platform::new(&Conventions::of_chat("terminal"));

/// Longer than any of it takes.
const PATIENCE: Duration = Duration::from_secs(7_200);
/// How many people come, or questions are posted, at a time.
const AT_ONCE: usize = 500;
/// When everything is posted.
const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A store with its index.
pub struct Ours {
    dir: PathBuf,
    runtime: Runtime,
    search: Search,
    _indexer: Indexer,
    store: Store,
    forum: ForumId,
}

impl Ours {
    pub fn build(dir: &Path, corpus: &Corpus) -> Self {
        let runtime = Runtime::new().expect("a runtime can start");
        let store = Store::open(dir).expect("a store can be made");
        let made = store.act(|tx| tx.forum("main", NOW));
        let forum = runtime.block_on(made).expect("a forum can be made");
        for begun in (0..corpus.people).step_by(AT_ONCE) {
            let some = begun..corpus.people.min(begun + AT_ONCE as u64);
            let joined = store.act(move |tx| {
                for number in some.clone() {
                    person(tx, forum, number)?;
                }
                Ok(())
            });
            runtime.block_on(joined).expect("people can come");
        }
        for (chunk, texts) in corpus.documents.chunks(AT_ONCE).enumerate() {
            let questions: Vec<_> = texts.iter().map(posts).collect();
            let (first, people) = ((chunk * AT_ONCE) as u64, corpus.people);
            let posted = store.act(move |tx| {
                for (number, (question, answers)) in (first..).zip(&questions) {
                    post(tx, forum, number % people, question, answers)?;
                }
                Ok(())
            });
            runtime.block_on(posted).expect("questions can be posted");
        }
        let begun = Instant::now();
        let opened = Search::open(
            &dir.join("index"),
            store.reader().clone(),
            store.announced(),
        );
        let (search, indexer) = opened.expect("an index can be made");
        let last = store.reader().last_seq().expect("the store can be read");
        assert!(search.caught_up(last, PATIENCE));
        println!(
            "\n{} questions indexed in {:.1} s",
            search.documents(),
            begun.elapsed().as_secs_f64()
        );
        Self {
            dir: dir.to_owned(),
            runtime,
            search,
            _indexer: indexer,
            store,
            forum,
        }
    }

    pub fn search(&self, query: &str, top: usize) -> usize {
        let query = Query::parse(query);
        let found = self.search.find(self.forum, &query, 0, top);
        found.expect("the index is sound").hits.len()
    }

    pub fn similar(&self, text: &str) -> usize {
        let found = self.search.similar(self.forum, text, 5);
        found.expect("the index is sound").len()
    }

    /// Prints how large the store and its index are.
    pub fn tell_sizes(&self) {
        let size = |dir: &Path| -> u64 {
            let files = std::fs::read_dir(dir).expect("the folder can be read");
            let sizes = files.filter_map(|file| Some(file.ok()?.metadata().ok()?.len()));
            sizes.sum()
        };
        println!(
            "on disk: {} MB of store, {} MB of index",
            size(&self.dir) / 1_000_000,
            size(&self.dir.join("index")) / 1_000_000
        );
    }

    /// Posts one question after another and waits for each to be found.
    pub fn times_to_be_found(&self, count: usize) -> Vec<Duration> {
        let forum = self.forum;
        (0..count)
            .map(|number| {
                let question = question(&format!("Posted as number {number}"), "Just now.");
                let posted = self.store.act(move |tx| post(tx, forum, 0, &question, &[]));
                self.runtime
                    .block_on(posted)
                    .expect("a question can be posted");
                let begun = Instant::now();
                let last = self
                    .store
                    .reader()
                    .last_seq()
                    .expect("the store can be read");
                assert!(self.search.caught_up(last, PATIENCE));
                begun.elapsed()
            })
            .collect()
    }
}

impl Ours {
    /// Takes the newest questions back one after another and waits for each to be found no more.
    pub fn times_to_be_gone(&self, count: usize) -> Vec<Duration> {
        let forum = self.forum;
        let newest = self
            .search
            .find(forum, &Query::parse("posted number"), 0, count);
        let newest = newest.expect("the index is sound").hits;
        newest
            .into_iter()
            .map(|(post, _)| {
                let withdrawn = self.store.act(move |tx| {
                    let gone = Change::Withdrawn {
                        post,
                        by: None,
                        at: NOW,
                    };
                    tx.apply(forum, &[gone], NOW)
                });
                self.runtime
                    .block_on(withdrawn)
                    .expect("a question can be taken back");
                let begun = Instant::now();
                let last = self.store.reader().last_seq();
                let last = last.expect("the store can be read");
                assert!(self.search.caught_up(last, PATIENCE));
                begun.elapsed()
            })
            .collect()
    }
}

fn posts(text: &Text) -> (NewPost, Vec<Body>) {
    let answers = text
        .answers
        .iter()
        .filter_map(|answer| Body::new(PostKind::Answer, answer).ok())
        .collect();
    (question(&text.title, &text.body), answers)
}

fn question(title: &str, body: &str) -> NewPost {
    // A judged title may be longer than people's may.
    let title: String = format!("{title}?????").chars().take(120).collect();
    NewPost::Question {
        title: Title::new(&title).expect("it has from 5 to 120 characters"),
        body: Body::new(PostKind::Question, body).unwrap_or_else(|_| empty()),
        tags: Tags::default(),
    }
}

fn empty() -> Body {
    Body::new(PostKind::Question, "").expect("a question's text may be empty")
}

fn person(tx: &Tx<'_>, forum: ForumId, number: u64) -> Result<Author, Fault> {
    let name = format!("person {number}");
    tx.person(forum, CHAT, &PersonKey(name.clone()), &name, NOW)
}

fn post(
    tx: &Tx<'_>,
    forum: ForumId,
    by: u64,
    question: &NewPost,
    answers: &[Body],
) -> Result<(), Fault> {
    let author = person(tx, forum, by)?;
    let add = |post| {
        let posted = Change::Posted {
            author,
            at: NOW,
            post,
        };
        tx.apply(forum, &[posted], NOW)
    };
    let Some(question) = add(question.clone())? else {
        return Ok(());
    };
    for body in answers {
        add(NewPost::Answer {
            question,
            body: body.clone(),
        })?;
    }
    Ok(())
}
