//! Judged sets: a forum, what is asked in it, and which questions answer.

use std::collections::{BTreeSet, HashMap};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use bot_core::engine::{self, Source};
use bot_core::forum::{ForumId, PostId, Timestamp};
use bot_core::search::Search;
use bot_core::store::{QuestionDocument, Reader};
use bot_core::transfer::{Flow, Options};
use relevance::{Judgements, Queries};
use serde_json::json;
use tempfile::TempDir;

/// The fewest and the most words of a sentence by which its question is searched for.
const SENTENCE: [usize; 2] = [6, 40];

/// A judged set.
pub struct Set {
    pub name: &'static str,
    pub search: Search,
    pub forum: ForumId,
    pub queries: Vec<(String, String)>,
    pub judged: Judgements,
    /// The least grade of an answer.
    pub least: u32,
    /// Whether its queries are what people would ask.
    pub is_asked: bool,
    /// What stands before a document's name in the name of the query that it is.
    own: Option<&'static str>,
    names: HashMap<PostId, String>,
    _dir: TempDir,
}

impl Set {
    /// All of them; none where the shared data is not there.
    pub fn all() -> Option<Vec<Self>> {
        let shared = std::env::var_os("STOA_SHARED").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
            PathBuf::from,
        );
        let data = shared.join("data");
        let (faq, links) = (data.join("judged/stackfaq"), data.join("judged/beer-links"));
        let corpus = std::fs::read(faq.join("corpus.jsonl")).ok()?;
        let dump = data.join("stackexchange-beer");
        let mut stackfaq = Self::of("stackfaq", Kind::Lines(corpus), &faq);
        stackfaq.is_asked = true;
        let mut titles = Self::of("beer-links", Kind::Dump(&dump), &links);
        titles.own = Some("q");
        titles.is_asked = true;
        titles.least = 2;
        let documents = titles.documents();
        let mut long = Self::of("beer-links, long", Kind::Dump(&dump), &links);
        long.own = Some("q");
        long.lengthen(&documents);
        let sentences = Self::sentences(&documents);
        let retitled = Self::retitled(&dump, &documents);
        Some(vec![stackfaq, titles, long, sentences, retitled])
    }

    fn of(name: &'static str, kind: Kind<'_>, judged: &Path) -> Self {
        let queries = Queries::read(&judged.join("queries.tsv")).expect("queries");
        let judged = Judgements::read(&judged.join("qrels.tsv")).expect("judgements");
        Self::new(name, kind, queries.0, judged)
    }

    fn new(
        name: &'static str,
        kind: Kind<'_>,
        queries: Vec<(String, String)>,
        judged: Judgements,
    ) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let options = Options {
            forum: "main".to_owned(),
            source: name.to_owned(),
            site: None,
            trust: false,
            now: Timestamp(1_800_000_000_000),
        };
        let source = match kind {
            Kind::Dump(folder) => Source::StackExchange(folder),
            Kind::Lines(lines) => Source::Lines {
                from: Box::new(Cursor::new(lines)),
                total: 0,
                name: name.to_owned(),
            },
        };
        engine::import(dir.path(), source, &options, &mut |_| Flow::On).expect("imports");
        let reader = Reader::open(dir.path()).expect("a store");
        let forum = reader.forum("main").expect("reads").expect("a forum");
        let search =
            Search::open_beside(&dir.path().join("index"), reader.clone()).expect("an index");
        let mut set = Self {
            name,
            search,
            forum,
            queries,
            judged,
            least: 1,
            is_asked: false,
            own: None,
            names: HashMap::new(),
            _dir: dir,
        };
        for document in set.read(&reader) {
            let key = reader.key_of(document.question).expect("reads");
            set.names.extend(key.map(|key| (document.question, key)));
        }
        set
    }

    /// What a question is called where it was imported from.
    pub fn name_of(&self, question: PostId) -> String {
        self.names.get(&question).cloned().unwrap_or_default()
    }

    /// Whether a question is the query itself.
    pub fn is_own(&self, query: &str, name: &str) -> bool {
        self.own
            .is_some_and(|before| query.strip_prefix(before) == Some(name))
    }

    fn read(&self, reader: &Reader) -> Vec<QuestionDocument> {
        reader
            .documents_after(PostId(0), usize::MAX)
            .expect("reads")
    }

    fn documents(&self) -> Vec<(String, QuestionDocument)> {
        let reader = Reader::open(self._dir.path()).expect("a store");
        let documents = self.read(&reader).into_iter();
        documents
            .map(|document| (self.name_of(document.question), document))
            .collect()
    }

    /// Makes whole questions of titles.
    fn lengthen(&mut self, documents: &[(String, QuestionDocument)]) {
        let bodies: HashMap<&str, &str> = documents
            .iter()
            .map(|(name, document)| (name.as_str(), document.body.as_str()))
            .collect();
        for (id, text) in &mut self.queries {
            if let Some(body) = bodies.get(id.trim_start_matches('q')) {
                text.push('\n');
                text.push_str(body);
            }
        }
    }

    /// The same forum, searched for by titles that its questions had before.
    fn retitled(dump: &Path, documents: &[(String, QuestionDocument)]) -> Self {
        let mut set = Self::new(
            "beer, retitled",
            Kind::Dump(dump),
            Vec::new(),
            Judgements::default(),
        );
        let reader = Reader::open(set._dir.path()).expect("a store");
        let letters = |title: &str| {
            title
                .to_lowercase()
                .replace(|c: char| !c.is_alphanumeric(), "")
        };
        for (name, document) in documents {
            let history = reader
                .history(document.question)
                .expect("reads")
                .into_iter();
            let titles: BTreeSet<String> = history
                .filter_map(|revision| revision.title)
                .filter(|title| letters(title) != letters(&document.title))
                .collect();
            for (number, title) in titles.into_iter().enumerate() {
                let id = format!("h{name}-{number}");
                set.judged.add(&id, name, 1);
                set.queries.push((id, title));
            }
        }
        set.is_asked = true;
        set
    }

    /// The same forum without a sentence of each question, which is what it is searched for by.
    fn sentences(documents: &[(String, QuestionDocument)]) -> Self {
        let (mut lines, mut queries, mut judged) = (Vec::new(), Vec::new(), Judgements::default());
        for (name, document) in documents {
            let mut body = document.body.clone();
            if let Some(sentence) = longest(&document.body) {
                let id = format!("s{name}");
                body = body.replacen(&sentence, "", 1);
                judged.add(&id, name, 1);
                queries.push((id, sentence));
            }
            let answers = document
                .answers
                .iter()
                .map(|answer| json!({"body": answer.body}));
            let line = json!({
                "id": name,
                "title": document.title,
                "body": body,
                "tags": document.tags,
                "answers": answers.collect::<Vec<_>>(),
            });
            lines.extend(line.to_string().bytes().chain([b'\n']));
        }
        let mut set = Self::new("beer, sentences", Kind::Lines(lines), queries, judged);
        set.is_asked = true;
        set
    }
}

/// Where a forum comes from.
enum Kind<'p> {
    Dump(&'p Path),
    Lines(Vec<u8>),
}

/// The longest sentence of a text of several that is neither very long nor code.
fn longest(text: &str) -> Option<String> {
    let sentences: Vec<&str> = text
        .split_inclusive(['.', '?', '!', '\n'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect();
    let words = |sentence: &str| sentence.split_whitespace().count();
    let fits = |sentence: &&&str| {
        (SENTENCE[0]..=SENTENCE[1]).contains(&words(sentence))
            && !sentence.contains(['`', '<', '[', '>'])
    };
    let found = sentences
        .iter()
        .filter(fits)
        .max_by_key(|sentence| words(sentence))?;
    (sentences.len() > 1).then(|| (*found).to_owned())
}
