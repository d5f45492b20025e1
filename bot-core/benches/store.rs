//! What a durable vote costs, beside what the disk and bare SQLite cost in the same run.
//!
//! `cargo bench -p bot-core --bench store` prints the times that criterion measures and then, from rounds in which the two
//! sides take turns, the ratios that the budgets are about:
//!
//! - one vote, alone, p50: at most 1.7 × a raw 4 KiB fdatasync on the same disk;
//! - votes from 64 at once: at least 85 % of bare rusqlite executing the same statements, 64 a transaction.
//!
//! Both sides have the same past: a server of a hundred thousand of whom few vote, and as many votes as `STOA_BENCH_PAST` says (100,000) before
//! anything is measured. Bare rusqlite works on a copy of the store's database as that is then, with the store's settings.
//!
//! The votes are 👍 and 👎 by many people on many questions that have cards, through the store's writer as the engine uses it: whether it was
//! heard before, facts, the rule, its changes. The files are in the target folder's disk (set `STOA_BENCH_DIR` for another).

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bot_core::conventions::Conventions;
use bot_core::forum::{
    Author, Body, By, Change, ForumId, NewPost, PostId, PostKind, Role, Source, Tags, Timestamp,
    Title, Vote, vote,
};
use bot_core::platform::{MessageKey, PersonKey, PlaceKey, Platform};
use bot_core::store::{DATABASE, Fault, Store, Tx};
use criterion::Criterion;
use rusqlite::{Connection, params};
use tokio::runtime::Runtime;

/// The chat that is measured.
const CHAT: Platform = Platform::new(&Conventions::of_chat("matrix"));

const NOW: Timestamp = Timestamp(1_700_000_000_000);
/// How many people vote: as many as the dump of beer.stackexchange.com has for its 1,029 questions.
const PEOPLE: u64 = 6_863;
/// How many members never do.
const SILENT: u64 = 100_000;
/// How many questions they vote on: each person once on each, so that no ballot grows.
const QUESTIONS: u64 = 1_029;
/// How many votes were cast before, by each side.
const PAST: u64 = 100_000;
/// How many at once.
const CROWD: u64 = 64;
/// How often each of them votes in a round.
const TURNS: u64 = 8;

/// The store with questions that have cards, and how many votes were cast.
struct Votes {
    dir: PathBuf,
    store: Store,
    forum: ForumId,
    questions: Vec<PostId>,
    cast: u64,
}

impl Votes {
    fn new(dir: &Path, runtime: &Runtime) -> Self {
        let store = Store::open(dir).expect("opens");
        let mut questions = Vec::new();
        let mut forum = ForumId(0);
        for thousand in 0..SILENT / 1000 {
            let settled = store.act(move |tx| {
                let forum = tx.forum("main", NOW)?;
                for nth in 0..1000 {
                    person(tx, forum, PEOPLE + 1 + thousand * 1000 + nth)?;
                }
                Ok(())
            });
            runtime.block_on(settled).expect("the store works");
        }
        for number in 0..QUESTIONS {
            let asked = store.act(move |tx| {
                let forum = tx.forum("main", NOW)?;
                tx.set_place(
                    CHAT,
                    &PlaceKey("!room".to_owned()),
                    Some(forum),
                    None,
                    false,
                )?;
                let author = person(tx, forum, PEOPLE)?;
                let post = NewPost::Question {
                    title: Title::new(&format!("How fast is a vote on question {number}?"))
                        .expect("a good title"),
                    body: Body::new(PostKind::Question, "As fast as the disk.")
                        .expect("a good body"),
                    tags: Tags::default(),
                };
                let asked = tx.apply(
                    forum,
                    &[Change::Posted {
                        author,
                        at: NOW,
                        post,
                    }],
                    NOW,
                )?;
                Ok((forum, asked.expect("a question was added")))
            });
            let (in_forum, question) = runtime.block_on(asked).expect("the store works");
            forum = in_forum;
            questions.push(question);
            let due = store.reader().due(CHAT).expect("reads").remove(0);
            let card = MessageKey(format!("$card{number}"));
            let posted = store.act(move |tx| tx.posted(&due.key, &card, None));
            runtime.block_on(posted).expect("the store works");
        }
        Self {
            dir: dir.to_owned(),
            store,
            forum,
            questions,
            cast: 0,
        }
    }

    /// The next vote, durable when the future is done.
    fn next(&mut self) -> impl Future<Output = Result<(), Fault>> + use<'_> {
        self.cast += 1;
        let (nth, forum, question) = (
            self.cast,
            self.forum,
            question_of(&self.questions, self.cast),
        );
        let store = &self.store;
        async move { store.act(move |tx| one(tx, forum, question, nth)).await }
    }

    /// A crowd, of whom each votes [`TURNS`] times, the next time when the last vote is on disk.
    async fn crowd(&mut self) {
        let (first, forum) = (self.cast, self.forum);
        self.cast += CROWD * TURNS;
        let (store, questions) = (&self.store, &self.questions);
        let people = (0..CROWD).map(|of| async move {
            for turn in 0..TURNS {
                let nth = first + turn * CROWD + of;
                let question = question_of(questions, nth);
                store.act(move |tx| one(tx, forum, question, nth)).await?;
            }
            Ok::<(), Fault>(())
        });
        futures_util::future::try_join_all(people)
            .await
            .expect("the store works");
    }
}

/// The question that the nth vote is on: each person votes on another than the person before, and then on the next.
fn question_of(questions: &[PostId], nth: u64) -> PostId {
    let at = usize::try_from(nth / PEOPLE + nth % PEOPLE * 31).unwrap_or(0) % questions.len();
    questions[at]
}

/// The name of the nth vote's event: as a platform's, it says nothing of the order.
fn event_of(nth: u64) -> String {
    format!(
        "${:016x}:example.org",
        nth.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    )
}

fn person(tx: &Tx<'_>, forum: ForumId, nth: u64) -> Result<Author, Fault> {
    tx.person(
        forum,
        CHAT,
        &PersonKey(format!("@person{nth}:example.org")),
        &format!("somebody {nth}"),
        NOW,
    )
}

/// One vote as the engine does it.
fn one(tx: &Tx<'_>, forum: ForumId, question: PostId, nth: u64) -> Result<(), Fault> {
    let event = MessageKey(event_of(nth));
    if tx.heard(CHAT, &event)?.is_some() || tx.voted_by(&event)?.is_some() {
        return Ok(());
    }
    tx.place(CHAT, &PlaceKey("!room".to_owned()))?;
    let author = person(tx, forum, nth % PEOPLE)?;
    let by = By {
        identity: author.identity,
        member: author.member,
        role: Role::Member,
        side: forum,
    };
    let post = tx.post(question)?.expect("it was asked");
    let ballot = tx.ballot(forum, author.member, question)?;
    let way = if (nth / PEOPLE).is_multiple_of(2) {
        Vote::Up
    } else {
        Vote::Down
    };
    let changes =
        vote::cast(&post, &by, &ballot, Source::Reaction(event.0.clone()), way).expect("may vote");
    tx.apply(forum, &changes, NOW)?;
    tx.score(question).map(drop)
}

/// Bare rusqlite on a copy of the same database: the same statements, with nothing around them.
struct Bare {
    conn: Connection,
    forum: ForumId,
    questions: Vec<PostId>,
    cast: u64,
}

impl Bare {
    fn new(path: PathBuf, like: &Votes) -> Self {
        // Page by page: with the same gaps.
        let store = Connection::open(like.dir.join(DATABASE)).expect("opens");
        store.backup("main", &path, None).expect("copies");
        let conn = Connection::open(path).expect("opens");
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -8000;",
        )
        .expect("sets");
        conn.set_prepared_statement_cache_capacity(256);
        Self {
            conn,
            forum: like.forum,
            questions: like.questions.clone(),
            cast: like.cast,
        }
    }

    fn crowd(&mut self) {
        for _ in 0..TURNS {
            self.run("BEGIN IMMEDIATE", []);
            for _ in 0..CROWD {
                self.cast += 1;
                self.one(self.cast);
            }
            self.run("COMMIT", []);
        }
    }

    fn run(&self, sql: &str, params: impl rusqlite::Params) {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .expect(sql);
    }

    fn read(&self, sql: &str, params: impl rusqlite::Params) -> Option<i64> {
        let mut statement = self.conn.prepare_cached(sql).expect(sql);
        let mut rows = statement.query(params).expect(sql);
        let mut first = None;
        while let Some(row) = rows.next().expect(sql) {
            first = first.or_else(|| row.get::<_, Option<i64>>(0).ok().flatten());
        }
        first
    }

    fn one(&self, nth: u64) {
        let (forum, question) = (self.forum.0, question_of(&self.questions, nth).0);
        let event = event_of(nth);
        self.run("SAVEPOINT action", []);
        self.read(
            "SELECT 1 FROM inbox WHERE platform = ?1 AND key = ?2",
            params!["matrix", event],
        );
        self.read("SELECT post FROM saying WHERE reaction = ?1", [&event]);
        self.read(
            "SELECT id, forum FROM place WHERE platform = ?1 AND key = ?2",
            params!["matrix", "!room"],
        );
        let name = format!("@person{}:example.org", nth % PEOPLE);
        let identity = self
            .read(
                "SELECT id, name FROM identity WHERE platform = ?1 AND key = ?2",
                params!["matrix", name],
            )
            .unwrap_or_else(|| {
                self.run(
                    "INSERT INTO identity (platform, key, name) VALUES (?1, ?2, ?3)",
                    params!["matrix", name, format!("somebody {}", nth % PEOPLE)],
                );
                self.conn.last_insert_rowid()
            });
        let member = "SELECT member FROM membership WHERE forum = ?1 AND identity = ?2";
        let member_of = self
            .read(member, params![forum, identity])
            .unwrap_or_else(|| {
                self.run(
                    "INSERT INTO member (forum, at) VALUES (?1, ?2)",
                    params![forum, NOW.0],
                );
                let id = self.conn.last_insert_rowid();
                self.run(
                    "INSERT INTO membership (forum, identity, member) VALUES (?1, ?2, ?3)",
                    params![forum, identity, id],
                );
                id
            });
        self.read(
            "SELECT post.id, post.question, post.kind, post.forum, post.author, post.at,
             post.withdrawn_at IS NOT NULL, post.number, question.number, parent.kind, parent.number, post.hidden_as, post.withdraw_at,
             question.closed_at IS NOT NULL, coalesce(post.side, post.forum),
             coalesce((SELECT member FROM membership WHERE membership.forum = post.forum AND membership.identity = post.author), 0)
             FROM post JOIN post AS question ON question.id = post.question LEFT JOIN post AS parent ON parent.id = post.parent
             WHERE post.id = ?1",
            [question],
        );
        self.read(
            "SELECT saying.nth, saying.identity, saying.reaction, saying.vote FROM membership
             JOIN saying ON saying.identity = membership.identity AND saying.post = ?3
             WHERE membership.member = ?2 AND membership.forum = ?1 AND saying.standing = 1 ORDER BY saying.nth",
            params![forum, member_of, question],
        );
        let way = if (nth / PEOPLE).is_multiple_of(2) {
            1
        } else {
            -1
        };
        self.run(
            "UPDATE score SET said = said + 1 WHERE post = ?1",
            [question],
        );
        self.run(
            "INSERT INTO saying (post, identity, nth, reaction, vote) SELECT post, ?2, said, ?3, ?4 FROM score WHERE post = ?1",
            params![question, identity, event, way],
        );
        self.run(
            "UPDATE score SET ups = CASE WHEN ups + ?2 > 0 THEN ups + ?2 ELSE 0 END,
                 downs = CASE WHEN downs + ?3 > 0 THEN downs + ?3 ELSE 0 END WHERE post = ?1",
            params![question, i64::from(way > 0), i64::from(way < 0)],
        );
        self.run(
            "INSERT INTO change_log (forum, question, post, touch, what, at) SELECT ?1, question, id, ?3, ?4, ?5 FROM post WHERE id = ?2",
            params![forum, question, 1, "voted", NOW.0],
        );
        let seq = self.conn.last_insert_rowid();
        self.run(
            "UPDATE surface SET stale = ?2 WHERE post = ?1 AND kind = 0 AND (stale IS NULL OR stale > ?2)",
            params![question, seq],
        );
        self.read("SELECT ups, downs FROM score WHERE post = ?1", [question]);
        self.run("RELEASE action", []);
    }
}

/// A file that is written 4 KiB at a time and synced each time, as a log is.
struct Disk {
    file: File,
    block: Vec<u8>,
}

impl Disk {
    fn new(path: &Path) -> Self {
        let mut file = File::create(path).expect("creates");
        let block = vec![7; 4096];
        for _ in 0..256 {
            file.write_all(&block).expect("writes");
        }
        file.sync_all().expect("syncs");
        file.seek(SeekFrom::Start(0)).expect("seeks");
        Self { file, block }
    }

    fn sync(&mut self) {
        if self.file.stream_position().expect("tells") >= 256 * 4096 {
            self.file.seek(SeekFrom::Start(0)).expect("seeks");
        }
        self.file.write_all(&self.block).expect("writes");
        self.file.sync_data().expect("syncs");
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times[(last as f64 * share) as usize]
}

/// The two sides in turn, so that a slow moment of the machine meets both.
fn in_turn(
    rounds: usize,
    mut ours: impl FnMut(),
    mut theirs: impl FnMut(),
) -> (Vec<Duration>, Vec<Duration>) {
    (0..rounds)
        .map(|_| (timed(&mut ours), timed(&mut theirs)))
        .unzip()
}

fn main() {
    let folder = std::env::var_os("STOA_BENCH_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let dir = tempfile::tempdir_in(folder).expect("a folder");
    let runtime = Runtime::new().expect("a runtime");
    let mut votes = Votes::new(&dir.path().join("store"), &runtime);
    let mut disk = Disk::new(&dir.path().join("raw"));
    // Everybody has voted once: what is measured is not the making of members.
    let past = std::env::var("STOA_BENCH_PAST").ok();
    let past = past.and_then(|past| past.parse().ok()).unwrap_or(PAST);
    while votes.cast < past.max(PEOPLE) {
        runtime.block_on(votes.crowd());
    }
    let mut bare = Bare::new(dir.path().join("bare.db"), &votes);

    let mut criterion = Criterion::default().configure_from_args().sample_size(50);
    criterion.bench_function("fdatasync of 4 KiB", |bench| bench.iter(|| disk.sync()));
    criterion.bench_function("one durable vote", |bench| {
        bench.iter(|| runtime.block_on(votes.next()).expect("the store works"));
    });
    criterion.bench_function("512 votes, 64 in a bare transaction", |bench| {
        bench.iter(|| bare.crowd())
    });
    criterion.bench_function("512 durable votes from 64 at once", |bench| {
        bench.iter(|| runtime.block_on(votes.crowd()))
    });
    criterion.final_summary();

    let (mut one, mut raw) = in_turn(
        600,
        || runtime.block_on(votes.next()).expect("the store works"),
        || disk.sync(),
    );
    let mut alone = 0.0;
    for share in [0.5, 0.99] {
        let (one, raw) = (quantile(&mut one, share), quantile(&mut raw, share));
        let ratio = one.as_secs_f64() / raw.as_secs_f64();
        if share < 0.9 {
            alone = ratio;
        }
        println!(
            "one durable vote p{:<3} {one:>10.1?}   fdatasync {raw:>10.1?}   {ratio:.2} x",
            share * 100.0
        );
    }
    let (mut ours, mut theirs) = in_turn(60, || runtime.block_on(votes.crowd()), || bare.crowd());
    let (ours, theirs) = (quantile(&mut ours, 0.5), quantile(&mut theirs, 0.5));
    let rate = |time: Duration| (CROWD * TURNS) as f64 / time.as_secs_f64();
    println!(
        "votes from 64 at once p50 {:>8.0} a second   bare {:>8.0} a second   after {} votes\n",
        rate(ours),
        rate(theirs),
        votes.cast
    );
    println!("budget: one durable vote alone, of an fdatasync, p50: {alone:.2} x (at most 1.7)");
    println!(
        "budget: durable votes from 64 at once, of bare rusqlite, p50: {:.0} % (at least 85)",
        100.0 * rate(ours) / rate(theirs)
    );
}
