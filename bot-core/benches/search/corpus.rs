//! Documents and queries to search with.

use std::path::PathBuf;

/// The most frequent words, as in English text.
pub const STOP_WORDS: &[&str] = &[
    "the", "to", "a", "i", "is", "of", "and", "in", "it", "that", "for", "how", "do", "on", "this",
    "with", "what", "my", "can", "be", "you", "are", "not", "have", "if", "but", "or", "as",
    "from", "an", "at", "when", "there", "so", "will", "by", "which", "does", "any", "was",
    "would", "no", "should", "has", "me", "about", "some", "then", "them", "why", "where", "your",
    "its", "than", "all", "other", "up", "who", "they", "we", "could", "am", "been", "because",
];
/// How many words there are.
const VOCABULARY: usize = 60_000;

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
    pub queries: Vec<String>,
}

impl Corpus {
    /// Documents made from a seed: words by Zipf's law, the most frequent ones English stop words, lengths like those of
    /// questions and answers; queries are said in other words than the question's title.
    pub fn made(count: usize) -> Self {
        let mut dice = Dice(42);
        let zipf = Zipf::new(VOCABULARY);
        let documents: Vec<Text> = (0..count)
            .map(|_| {
                let subject: Vec<String> = (0..6).map(|_| zipf.content(&mut dice)).collect();
                let mut text = |words: usize| zipf.text(&mut dice, &subject, words);
                let (title, body) = (text(9), text(90));
                let answers = vec![text(120), text(60)];
                Text {
                    title,
                    body,
                    answers,
                }
            })
            .collect();
        let queries = (0..300)
            .map(|_| {
                let about = &documents[dice.below(documents.len())];
                let subject: Vec<String> = about.body.split(' ').map(str::to_owned).collect();
                let words = 4 + dice.below(9);
                zipf.text(&mut dice, &subject, words)
            })
            .collect();
        Self {
            name: "made documents",
            documents,
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
            queries: queries
                .lines()
                .filter_map(|line| Some(line.split_once('\t')?.1.to_owned()))
                .collect(),
        })
    }
}

/// Words by their frequency.
struct Zipf {
    words: Vec<String>,
    /// The chance of a word or one before it.
    up_to: Vec<f64>,
}

impl Zipf {
    fn new(count: usize) -> Self {
        let made = (STOP_WORDS.len()..count).map(made_word);
        let words: Vec<String> = STOP_WORDS
            .iter()
            .map(|&word| word.to_owned())
            .chain(made)
            .collect();
        let mut sum = 0.0;
        let up_to = (1..=words.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.0);
                sum
            })
            .collect();
        Self { words, up_to }
    }

    fn word(&self, dice: &mut Dice) -> &str {
        let most = self.up_to.last().copied().unwrap_or(1.0);
        let at = dice.fraction() * most;
        let place = self.up_to.partition_point(|&up_to| up_to < at);
        self.words.get(place).map_or("", String::as_str)
    }

    /// A word that is no stop word.
    fn content(&self, dice: &mut Dice) -> String {
        loop {
            let word = self.word(dice);
            if !STOP_WORDS.contains(&word) {
                return word.to_owned();
            }
        }
    }

    /// Words by their frequency, every fourth one of the subject.
    fn text(&self, dice: &mut Dice, subject: &[String], count: usize) -> String {
        let words: Vec<&str> = (0..count)
            .map(|_| match dice.below(4) {
                0 => subject[dice.below(subject.len())].as_str(),
                _ => self.word(dice),
            })
            .collect();
        words.join(" ")
    }
}

/// A word that can be said, a different one for each number.
fn made_word(number: usize) -> String {
    const SOUNDS: [&str; 16] = [
        "ba", "ke", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "zu",
        "shi",
    ];
    let mut word = String::new();
    let mut left = number;
    loop {
        word.push_str(SOUNDS[left % 16]);
        left /= 16;
        if left == 0 {
            return word;
        }
    }
}

/// SplitMix64: the same numbers from the same seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
