//! What is typed: parts of titles and tags that are there.

use crate::corpus::STOP_WORDS;
use crate::forum::Forum;

/// What is completed, and what was typed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The beginning of a title.
    Title,
    /// One word of a title.
    Word,
    /// Two other words of the title, and then that.
    Words,
    /// One word with as many typing errors as it may have.
    WordWithErrors,
    /// Three words, the last one with as many typing errors as it may have.
    WordsWithErrors,
    /// A tag.
    Tag,
    /// A tag with as many typing errors as it may have.
    TagWithErrors,
}

/// All kinds.
pub const KINDS: [Kind; 7] = [
    Kind::Title,
    Kind::Word,
    Kind::Words,
    Kind::WordWithErrors,
    Kind::WordsWithErrors,
    Kind::Tag,
    Kind::TagWithErrors,
];

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Word => "word",
            Self::Words => "words",
            Self::WordWithErrors => "word, errors",
            Self::WordsWithErrors => "words, errors",
            Self::Tag => "tag",
            Self::TagWithErrors => "tag, errors",
        }
    }
}

/// Titles and tags to type.
pub struct Asked {
    titles: Vec<String>,
    tags: Vec<String>,
}

impl Asked {
    /// Some of a forum's, spread over all of its age.
    pub fn of(forum: &Forum, count: usize) -> Self {
        let step = (forum.questions() / count).max(1);
        let numbers = (1..=forum.questions()).step_by(step).take(count);
        let (titles, tags): (Vec<String>, Vec<Vec<String>>) =
            numbers.map(|number| forum.question(number)).unzip();
        Self {
            titles,
            tags: tags.concat(),
        }
    }

    /// What is typed, so many letters of the last word; only what is that long.
    pub fn typed(&self, kind: Kind, letters: usize) -> Vec<String> {
        let titles = self.titles.iter();
        let words = titles.clone().filter_map(|title| {
            let mut words: Vec<&str> = title.split_whitespace().collect();
            let at = words
                .iter()
                .position(|word| word.len() >= letters && !STOP_WORDS.contains(word))?;
            let last = words.remove(at);
            let others = [words.pop()?, words.first().copied()?];
            Some((others, begun(last, letters)?))
        });
        let of_three = |([one, other], last): ([&str; 2], String)| format!("{one} {other} {last}");
        match kind {
            Kind::Title => titles.filter_map(|title| begun(title, letters)).collect(),
            Kind::Word => words.map(|(_, last)| last).collect(),
            Kind::Words => words.map(of_three).collect(),
            Kind::WordWithErrors => words.filter_map(|(_, last)| wrong(&last)).collect(),
            Kind::WordsWithErrors => words
                .filter_map(|(others, last)| Some((others, wrong(&last)?)))
                .map(of_three)
                .collect(),
            Kind::Tag => self
                .tags
                .iter()
                .filter_map(|tag| begun(tag, letters))
                .collect(),
            Kind::TagWithErrors => self
                .tags
                .iter()
                .filter_map(|tag| wrong(&begun(tag, letters)?))
                .collect(),
        }
    }
}

/// The first letters of a text that has so many.
fn begun(text: &str, letters: usize) -> Option<String> {
    Some(text.get(..letters)?.to_owned())
}

/// A word with two letters swapped, a long one with another one wrong besides; none where a word may have no error.
fn wrong(word: &str) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return None;
    }
    letters.swap(1, 2);
    if letters.len() >= 8 {
        letters[5] = 'q';
    }
    Some(letters.into_iter().collect())
}
