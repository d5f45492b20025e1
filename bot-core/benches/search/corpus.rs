//! Documents and queries to search with.

use std::path::PathBuf;

use bot_core::made::Forum;
pub use bot_core::made::STOP_WORDS;

/// A question with its answer.
pub struct Text {
    pub title: String,
    pub body: String,
    pub answers: Vec<String>,
}

/// Documents and what is searched in them.
pub struct Corpus {
    pub name: &'static str,
    pub documents: Vec<Text>,
    /// How many people are in the forum.
    pub people: u64,
    pub queries: Vec<String>,
}

impl Corpus {
    /// So many questions of a made-up forum, with their answers, and what might be searched for there.
    pub fn made(count: usize) -> Self {
        // More posts than are needed, since about two of three are answers.
        let forum = Forum::new(count as u64 * 4, 42);
        let queries = forum.queries(300).collect();
        let people = forum.people();
        let documents = forum.take(count).map(|question| Text {
            title: question.title,
            body: question.post.body,
            answers: question.answers.into_iter().map(|post| post.body).collect(),
        });
        Self {
            name: "made documents",
            documents: documents.collect(),
            people,
            queries,
        }
    }

    /// The judged set of that name; none where it is not there.
    pub fn stackfaq() -> Option<Self> {
        let shared = std::env::var_os("STOA_SHARED").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
            PathBuf::from,
        );
        let folder = shared.join("data/judged/stackfaq");
        let corpus = std::fs::read_to_string(folder.join("corpus.jsonl")).ok()?;
        let queries = std::fs::read_to_string(folder.join("queries.tsv")).ok()?;
        let documents = corpus.lines().filter_map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).ok()?;
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            Some(Text {
                title: text("title"),
                body: text("body"),
                answers: vec![text("answer")],
            })
        });
        Some(Self {
            name: "judged/stackfaq",
            documents: documents.collect(),
            // No matter how few there are.
            people: 1,
            queries: queries
                .lines()
                .filter_map(|line| Some(line.split_once('\t')?.1.to_owned()))
                .collect(),
        })
    }
}
