//! A forum as it is used, with many questions.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bot_core::chance;
use bot_core::command::Target;
use bot_core::conventions::Conventions;
use bot_core::engine::{Core, Options};
use bot_core::forum::{
    Address, Author, Body, Change, ForumId, InTen, Limits, NewPost, PostKind, Retention, Tags,
    Timestamp, Title,
};
use bot_core::platform::{PersonKey, PlaceKey, Platform};
use bot_core::store::{Fault, Store, Tx};
use tokio::runtime::Runtime;

use crate::asked::Kind;
use crate::corpus::{Corpus, STOP_WORDS};

/// The chat that is measured.
const CHAT: Platform = Platform::new(&Conventions::of_chat("terminal"));

/// When everything is posted.
const NOW: Timestamp = Timestamp(1_700_000_000_000);
/// How many questions are posted at a time.
const AT_ONCE: usize = 1_000;
/// How often before the store is closed and opened again.
const BEFORE_CLOSING: usize = 20;
/// How many words of the text a question has as its body.
const BODY: usize = 8;
/// How many different rare words there are.
const RARE: usize = 300_000;

/// A forum whose questions can all be found.
pub struct Forum {
    runtime: Runtime,
    core: Core,
    questions: usize,
}

impl Forum {
    /// Opens the forum in a folder, and fills it where it is new.
    pub fn open(dir: &Path, questions: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime can start");
        if !dir.join("forum.db").exists() {
            fs::create_dir_all(dir).expect("a folder can be made");
            fill(dir, questions, &runtime);
        }
        let before = own_memory();
        let begun = Instant::now();
        let options = Options {
            dir: dir.to_owned(),
            prefix: "!".to_owned(),
            language: "en".to_owned(),
            similar: InTen::default(),
            limits: Limits::default(),
            retention: Retention::default(),
        };
        let clock = Arc::new(chance::System);
        let core =
            Core::open(options, clock, Box::new(chance::System)).expect("a forum can be opened");
        while core.reading().documents() < questions as u64 {
            std::thread::sleep(Duration::from_millis(20));
        }
        let forum = Self {
            runtime,
            core,
            questions,
        };
        // The last commit is that of the whole.
        while forum.core.reading().indexed().0 == 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
        println!(
            "{questions} questions indexed in {:.1} s, {} MB on disk; {} MB of memory more",
            begun.elapsed().as_secs_f64(),
            size(&dir.join("index")) / 1_000_000,
            own_memory().saturating_sub(before) / 1_000,
        );
        forum
    }

    pub fn questions(&self) -> usize {
        self.questions
    }

    /// The title and the tags of a question.
    pub fn question(&self, number: usize) -> (String, Vec<String>) {
        let number = u32::try_from(number).expect("there are not so many");
        let target = Target::At(Address::question(number));
        let (key, place) = (PersonKey("mira".to_owned()), place());
        let text = self.core.text_of(CHAT, &place, &key, target, None);
        let text = self.runtime.block_on(text).expect("the store is sound");
        let text = text.expect("every number was given");
        (text.title.unwrap_or_default(), text.tags)
    }

    /// How many completions there are.
    pub fn complete(&self, kind: Kind, typed: &str, most: usize) -> usize {
        let (platform, place) = (CHAT, place());
        self.runtime.block_on(async {
            match kind {
                Kind::Tag | Kind::TagWithErrors => {
                    let tags = self.core.complete_tags(platform, &place, typed, most);
                    tags.await.expect("the index is sound").len()
                }
                Kind::Title
                | Kind::Word
                | Kind::Words
                | Kind::WordWithErrors
                | Kind::WordsWithErrors => {
                    let titles = self.core.complete_titles(platform, &place, typed, most);
                    titles.await.expect("the index is sound").len()
                }
            }
        })
    }

    pub fn close(self) {
        println!("{} MB of own memory in the end", own_memory() / 1_000);
        self.runtime.block_on(self.core.close());
    }
}

fn place() -> PlaceKey {
    PlaceKey("here".to_owned())
}

fn fill(dir: &Path, questions: usize, runtime: &Runtime) {
    let begun = Instant::now();
    let Corpus {
        documents, people, ..
    } = Corpus::made(questions);
    let mut texts = documents.into_iter().enumerate();
    // Each question brings its author and others along.
    let mut coming = 0..people;
    let each = usize::try_from(people.div_ceil(questions as u64)).expect("a few people");
    loop {
        // The log is moved by how many actions there were, and these are large: closing the store moves it too.
        let store = Store::open(dir).expect("a store can be made");
        let made = store.act(|tx| {
            let forum = tx.forum("main", NOW)?;
            tx.set_place(CHAT, &place(), Some(forum), None, false)?;
            Ok(forum)
        });
        let forum = runtime.block_on(made).expect("a forum can be made");
        for _ in 0..BEFORE_CLOSING {
            let asked: Vec<NewPost> = texts
                .by_ref()
                .take(AT_ONCE)
                .map(|(number, text)| question(number, &text.title, &text.body))
                .collect();
            if asked.is_empty() {
                println!(
                    "{questions} questions posted in {:.1} s",
                    begun.elapsed().as_secs_f64()
                );
                return;
            }
            let come: Vec<u64> = coming.by_ref().take(asked.len() * each).collect();
            let posted = store.act(move |tx| post(tx, forum, &come, &asked));
            runtime.block_on(posted).expect("questions can be posted");
        }
    }
}

/// A question; every third title has a rare word.
fn question(number: usize, title: &str, body: &str) -> NewPost {
    let rare = number.wrapping_mul(2_654_435_761) % RARE;
    let title = match number % 3 {
        0 => format!("{title} {}", rare_word(rare)),
        _ => title.to_owned(),
    };
    let title: String = format!("{title}?????").chars().take(120).collect();
    let tags = body
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty() && !STOP_WORDS.contains(word))
        .take(3);
    let body: Vec<&str> = body.split_whitespace().take(BODY).collect();
    NewPost::Question {
        title: Title::new(&title).expect("it has from 5 to 120 characters"),
        body: Body::new(PostKind::Question, &body.join(" ")).expect("it is short"),
        tags: Tags::new(tags).expect("they are words"),
    }
}

/// A word unlike the others, a different one for each number.
fn rare_word(number: usize) -> String {
    const LETTERS: &[u8; 26] = b"etaoinshrdlcumwfgypbvkjxqz";
    let mut left = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let length = 5 + left % 8;
    let mut word = String::new();
    for _ in 0..length {
        left = left.rotate_left(9).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        // The first letters of the row come more often.
        let place = ((left >> 40) % 26).min((left >> 20) % 26);
        word.push(char::from(LETTERS[place]));
    }
    word
}

fn post(tx: &Tx<'_>, forum: ForumId, come: &[u64], asked: &[NewPost]) -> Result<(), Fault> {
    let mut authors: Vec<Author> = Vec::new();
    for number in come {
        let name = format!("person {number}");
        let key = PersonKey(name.clone());
        authors.push(tx.person(forum, CHAT, &key, &name, NOW)?);
    }
    for (post, author) in asked.iter().zip(authors) {
        let posted = Change::Posted {
            author,
            at: NOW,
            post: post.clone(),
        };
        tx.apply(forum, &[posted], NOW)?;
    }
    Ok(())
}

/// How much memory the process has that is no file's, in kB; 0 where that isn't told.
fn own_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or(0)
}

fn size(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    files
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum()
}
