//! Made-up forums of any size, the same from the same seed: for trying Stoa out, and for measuring it. Word frequencies,
//! lengths, votes and how many answer follow the laws that real forums follow; the words are made up, with English stop words
//! and endings. Pure; knows nothing else.

mod lines;
mod rng;
mod words;

pub use lines::Lines;
use rng::SeededRng;
use words::Language;
pub use words::STOP_WORDS;

/// How many people a forum has for so many questions: as in the dump of beer.stackexchange.com. Most of them never post.
const PEOPLE: u64 = 6_863;
const QUESTIONS: u64 = 1_029;
/// How many different tags there are.
const TAGS: usize = 800;
/// When the first question was asked: the beginning of 2015, in milliseconds since 1970 in UTC.
const FIRST: i64 = 1_420_070_400_000;
/// When the last one was: ten years later.
const SPAN: i64 = 315_576_000_000;
const HOUR: i64 = 3_600_000;

/// A question with its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its title.
    pub title: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The question itself.
    pub post: MadePost,
    /// Its answers, oldest first.
    pub answers: Vec<MadePost>,
    /// The place of the accepted answer.
    pub accepted: Option<usize>,
}

/// What all posts have.
#[derive(Clone, Debug, PartialEq)]
pub struct MadePost {
    /// Its text: Markdown.
    pub body: String,
    /// Its author's number.
    pub author: u64,
    /// When it was posted: milliseconds since 1970 in UTC.
    pub at: i64,
    /// Votes for it.
    pub ups: u32,
    /// Votes against it.
    pub downs: u32,
    /// Comments on it, oldest first.
    pub comments: Vec<(u64, i64, String)>,
}

/// A forum that is made while it is read; memory does not grow with it.
#[derive(Debug)]
pub struct Forum {
    language: Language,
    seed: u64,
    next: u64,
    posts_left: u64,
    posts: u64,
}

impl Forum {
    /// One of so many questions and answers; the same `seed` gives the same.
    #[must_use]
    pub fn new(posts: u64, seed: u64) -> Self {
        Self {
            language: Language::new(posts),
            seed,
            next: 0,
            posts_left: posts,
            posts,
        }
    }

    /// How many people are in it, those included who never post. Their numbers begin at 0.
    #[must_use]
    pub fn people(&self) -> u64 {
        // About one post in three is a question.
        (self.posts * PEOPLE).div_ceil(QUESTIONS * 3)
    }

    /// What somebody might search for: the same things that some question is about, in other words.
    pub fn queries(&self, count: usize) -> impl Iterator<Item = String> + '_ {
        // About one post in three is a question.
        let questions = (self.posts / 3).max(1);
        (0..count as u64).map(move |number| {
            let mut rng = SeededRng::new(self.seed ^ 0xA5A5, number);
            let about = rng.below(questions);
            let subject = self.subject(about);
            let words = 4 + rng.below(9) as usize;
            self.language.sentence(&mut rng, &subject, words)
        })
    }

    /// What a question is about, by its number from 0.
    fn subject(&self, number: u64) -> Vec<String> {
        let mut rng = SeededRng::new(self.seed, number);
        (0..8).map(|_| self.language.content(&mut rng)).collect()
    }

    /// Who writes something: a few people write most.
    fn somebody(&self, rng: &mut SeededRng) -> u64 {
        (rng.fraction().powi(3) * self.people() as f64) as u64
    }

    fn post(
        &self,
        rng: &mut SeededRng,
        subject: &[String],
        at: i64,
        (words, votes): (f64, f64),
    ) -> MadePost {
        let words = (rng.log_normal(words, 0.8) as usize).clamp(4, 2_000);
        let ups = rng.log_normal(votes, 1.2) as u32;
        let downs = rng.log_normal(0.3, 0.9) as u32;
        let mut comments = Vec::new();
        let mut later = at;
        while rng.fraction() < 0.4 {
            later += rng.log_normal(3.0, 1.5) as i64 * HOUR / 4;
            let words = (rng.log_normal(18.0, 0.6) as usize).clamp(3, 90);
            let said = self.language.sentence(rng, subject, words);
            comments.push((self.somebody(rng), later, said));
        }
        MadePost {
            body: self.language.text(rng, subject, words),
            author: self.somebody(rng),
            at,
            ups,
            downs,
            comments,
        }
    }
}

impl Iterator for Forum {
    type Item = Question;

    fn next(&mut self) -> Option<Question> {
        if self.posts_left == 0 {
            return None;
        }
        let number = self.next;
        self.next += 1;
        self.posts_left -= 1;
        let subject = self.subject(number);
        let mut rng = SeededRng::new(self.seed ^ 0x51, number);
        let questions = (self.posts / 3).max(1) as f64;
        let asked = FIRST + (SPAN as f64 * (number as f64 / questions).min(1.0)) as i64;
        let words = (rng.log_normal(8.5, 0.35) as usize).clamp(3, 18);
        let title = self.language.title(&mut rng, &subject, words);
        let post = self.post(&mut rng, &subject, asked, (70.0, 2.0));
        let mut answers = Vec::new();
        let mut at = asked;
        while self.posts_left > 0 && rng.fraction() < 0.67 {
            self.posts_left -= 1;
            at += rng.log_normal(6.0, 1.5) as i64 * HOUR;
            answers.push(self.post(&mut rng, &subject, at, (75.0, 2.5)));
        }
        let accepted = match answers.len() {
            0 => None,
            many => (rng.fraction() < 0.55).then(|| rng.below(many as u64) as usize),
        };
        let tags = 1 + rng.below(4) as usize;
        let mut tags: Vec<String> = (0..tags)
            .map(|_| self.language.tag(&mut rng, TAGS))
            .collect();
        tags.sort();
        tags.dedup();
        Some(Question {
            title,
            tags,
            post,
            answers,
            accepted,
        })
    }
}

#[cfg(test)]
mod tests;
