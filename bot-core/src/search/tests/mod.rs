//! Searches over a real store.

mod completing;
mod every_query;
mod finding;
mod keeping;
mod nearness;
mod ranking;
mod similarity;

use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::wait::block_on;
use super::*;
use crate::forum::{
    Author, Body, Change, NewPost, PostId, PostKind, Tags, Text, Timestamp, Title, Vote,
};
use crate::platform::{PersonKey, Platform};
use crate::store::{Store, Tx};

/// Long enough for any machine; reached only when something hangs.
const PATIENCE: Duration = Duration::from_secs(60);
/// When everything happens.
const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A store in a folder of its own, and a forum in it.
struct World {
    dir: TempDir,
    store: Store,
    forum: ForumId,
}

impl World {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let forum = act(&store, |tx| tx.forum("main", NOW));
        Self { dir, store, forum }
    }

    /// Where the index is.
    fn index(&self) -> PathBuf {
        self.dir.path().join("index")
    }

    fn other_forum(&self, name: &'static str) -> ForumId {
        act(&self.store, move |tx| tx.forum(name, NOW))
    }

    fn ask(&self, title: &str, body: &str) -> PostId {
        self.ask_in(self.forum, "mira", title, body, &[])
    }

    fn ask_in(&self, forum: ForumId, who: &str, title: &str, body: &str, tags: &[&str]) -> PostId {
        let question = NewPost::Question {
            title: Title::new(title).unwrap(),
            body: Body::new(PostKind::Question, body).unwrap(),
            tags: Tags::new(tags.iter().copied()).unwrap(),
        };
        self.post(forum, who, question)
    }

    fn answer(&self, question: PostId, body: &str) -> PostId {
        let body = Body::new(PostKind::Answer, body).unwrap();
        self.post(self.forum, "sol", NewPost::Answer { question, body })
    }

    fn post(&self, forum: ForumId, who: &str, post: NewPost) -> PostId {
        let who = who.to_owned();
        act(&self.store, move |tx| {
            let author = person(tx, forum, &who)?;
            let posted = Change::Posted {
                author,
                at: NOW,
                post: post.clone(),
            };
            tx.apply(forum, &[posted], NOW)
        })
        .unwrap()
    }

    fn accept(&self, question: PostId, answer: PostId) {
        self.change(Change::Accepted {
            question,
            answer,
            via: None,
            by: None,
        });
    }

    fn vote(&self, post: PostId, before: Option<Vote>, after: Option<Vote>) {
        self.change(Change::Scored {
            post,
            before,
            after,
        });
    }

    fn retitle(&self, post: PostId, title: &str) {
        let by = act(&self.store, |tx| person(tx, ForumId(1), "mira")).identity;
        let text = Text {
            title: Some(Title::new(title).unwrap()),
            body: Body::new(PostKind::Question, "").unwrap(),
            tags: Tags::default(),
        };
        self.change(Change::Edited {
            post,
            text,
            by,
            at: NOW,
            reason: None,
        });
    }

    fn withdraw(&self, post: PostId) {
        let by = act(&self.store, |tx| person(tx, ForumId(1), "mira")).identity;
        self.change(Change::Withdrawn {
            post,
            by: Some(by),
            at: NOW,
        });
    }

    fn change(&self, change: Change) {
        let forum = self.forum;
        act(&self.store, move |tx| {
            tx.apply(forum, std::slice::from_ref(&change), NOW)
        });
    }

    fn open(&self) -> Running {
        let reader = self.store.reader().clone();
        let announced = self.store.announced();
        let (search, indexer) = Search::open(&self.index(), reader, announced).unwrap();
        Running { search, indexer }
    }

    /// Waits until all that was done can be found.
    fn settle(&self, running: &Running) {
        let last = self.store.reader().last_seq().unwrap();
        assert!(running.search.caught_up(last, PATIENCE));
    }

    /// The titles of what is found, best first.
    fn found(&self, running: &Running, query: &str) -> Vec<String> {
        self.settle(running);
        self.found_by(&running.search, query)
    }

    fn found_by(&self, search: &Search, query: &str) -> Vec<String> {
        let query = Query::parse(query);
        let found = search.find(self.forum, &query, 0, 100).unwrap();
        assert_eq!(found.total, found.hits.len());
        let titles = found.hits.iter().map(|(question, _)| {
            let documents = self.store.reader().documents(&[*question]).unwrap();
            documents.first().unwrap().title.clone()
        });
        titles.collect()
    }
}

/// An open index with its thread.
struct Running {
    search: Search,
    indexer: Indexer,
}

fn act<T: Send + 'static>(
    store: &Store,
    work: impl FnMut(&Tx<'_>) -> Result<T, crate::store::Fault> + Send + 'static,
) -> T {
    block_on(store.act(work), None).unwrap().unwrap()
}

fn person(tx: &Tx<'_>, forum: ForumId, name: &str) -> Result<Author, crate::store::Fault> {
    let key = PersonKey(name.to_lowercase());
    tx.person(forum, Platform::TERMINAL, &key, name, NOW)
}
