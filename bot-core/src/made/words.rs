//! A language of made-up words: how often each is said follows Zipf's law, the most frequent ones are English stop words, and
//! words have English endings.

use super::rng::SeededRng;

/// The most frequent words, as in English text.
pub const STOP_WORDS: [&str; 64] = [
    "the", "to", "a", "I", "is", "of", "and", "in", "it", "that", "for", "how", "do", "on", "this",
    "with", "what", "my", "can", "be", "you", "are", "not", "have", "if", "but", "or", "as",
    "from", "an", "at", "when", "there", "so", "will", "by", "which", "does", "any", "was",
    "would", "no", "should", "has", "me", "about", "some", "then", "them", "why", "where", "your",
    "its", "than", "all", "other", "up", "who", "they", "we", "could", "am", "been", "because",
];
const SOUNDS: [&str; 16] = [
    "ba", "ke", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "zu", "shi",
];
const ENDINGS: [&str; 8] = ["", "", "", "", "s", "ing", "ed", "er"];
/// How a vocabulary grows with the posts (Heaps' law).
const GROWTH: f64 = 0.5;
const WORDS_PER_ROOT: f64 = 60.0;

/// How often words are said.
#[derive(Debug)]
pub(super) struct Language {
    /// The chance of a word or one before it, by rank.
    up_to: Vec<f64>,
}

impl Language {
    /// One as rich as a forum of so many posts is.
    pub fn new(posts: u64) -> Self {
        let words = (posts as f64).powf(GROWTH) * WORDS_PER_ROOT;
        let words = (words as usize).clamp(5_000, 200_000);
        let mut sum = 0.0;
        let up_to = (1..=words)
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                sum
            })
            .collect();
        Self { up_to }
    }

    fn rank(&self, rng: &mut SeededRng) -> usize {
        let most = self.up_to.last().copied().unwrap_or(1.0);
        let at = rng.fraction() * most;
        self.up_to.partition_point(|&up_to| up_to < at)
    }

    fn word(&self, rng: &mut SeededRng) -> String {
        let rank = self.rank(rng);
        match STOP_WORDS.get(rank) {
            Some(word) => (*word).to_owned(),
            None => root(rank),
        }
    }

    /// A word that is no stop word.
    pub fn content(&self, rng: &mut SeededRng) -> String {
        loop {
            let rank = self.rank(rng);
            if rank >= STOP_WORDS.len() {
                return root(rank);
            }
        }
    }

    /// A tag of so many.
    pub fn tag(&self, rng: &mut SeededRng, many: usize) -> String {
        let place = (rng.fraction().powi(3) * many as f64) as usize;
        root(STOP_WORDS.len() + place)
    }

    /// Words in a row, every fourth one of the subject.
    pub fn sentence(&self, rng: &mut SeededRng, subject: &[String], words: usize) -> String {
        let mut said = String::new();
        for place in 0..words {
            if place > 0 {
                said.push(' ');
            }
            let about = match subject.len() {
                0 => None,
                many => subject.get(rng.below(many as u64) as usize),
            };
            match about.filter(|_| rng.below(4) == 0) {
                Some(word) => {
                    said.push_str(word);
                    let ending = ENDINGS.get(rng.below(ENDINGS.len() as u64) as usize);
                    said.push_str(ending.copied().unwrap_or_default());
                }
                None => said.push_str(&self.word(rng)),
            }
        }
        said
    }

    /// A question in one line.
    pub fn title(&self, rng: &mut SeededRng, subject: &[String], words: usize) -> String {
        let mut title = capital(&self.sentence(rng, subject, words));
        title.push('?');
        title
    }

    /// Sentences in paragraphs.
    pub fn text(&self, rng: &mut SeededRng, subject: &[String], words: usize) -> String {
        let (mut text, mut left) = (String::new(), words);
        while left > 0 {
            let many = (5 + rng.below(16) as usize).min(left);
            left -= many;
            if !text.is_empty() {
                text.push_str(if rng.below(4) == 0 { "\n\n" } else { " " });
            }
            text.push_str(&capital(&self.sentence(rng, subject, many)));
            text.push('.');
        }
        text
    }
}

/// A word that can be said, a different one for each number.
fn root(number: usize) -> String {
    let mut word = String::new();
    let mut left = number;
    loop {
        word.push_str(SOUNDS.get(left % SOUNDS.len()).copied().unwrap_or_default());
        left /= SOUNDS.len();
        if left == 0 {
            return word;
        }
    }
}

/// The same with a capital letter first.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
