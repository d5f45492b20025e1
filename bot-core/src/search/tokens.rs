//! Texts become words: where a word begins and ends, and the stem by which it is found. The index, the queries and the
//! excerpts all cut texts here, so that what is written alike is found alike. Knows only tantivy's tokeniser port.
//!
//! Words are those of Unicode's word boundaries (UAX #29). A word held together by `_` or `.` (`foo_bar`, `Cargo.toml`,
//! `1.95`) is found whole and by its parts; a colon separates. Case, accents and English endings don't count.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, Stemmer, TextAnalyzer, Token,
    TokenStream, Tokenizer,
};
use unicode_segmentation::{UnicodeSegmentation, UnicodeWordIndices};

use crate::panics::{self, Step};

/// The most bytes of a stem: what is longer is found by its beginning.
pub(super) const STEM_BYTES: usize = 64;
/// How many stems are remembered; a forum's whole active vocabulary, about 2 MB.
const REMEMBERED: usize = 20_000;

/// What a span of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// Several words held together; its parts follow, the first at the same position.
    Whole,
}

/// A word's place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span<'a> {
    /// The word as it is written.
    pub word: &'a str,
    /// Its first byte.
    pub from: usize,
    /// How many words come before it.
    pub position: usize,
    /// What it is.
    pub kind: Kind,
}

impl Span<'_> {
    /// The byte after its last one.
    pub fn to(&self) -> usize {
        self.from + self.word.len()
    }
}

/// The words of a text, in order.
pub(super) struct Spans<'a> {
    words: UnicodeWordIndices<'a>,
    /// What is left of a word that is given in parts, and its first byte.
    rest: Option<(usize, &'a str)>,
    position: usize,
}

/// Finds the words of a text.
pub(super) fn spans(text: &str) -> Spans<'_> {
    Spans {
        words: text.unicode_word_indices(),
        rest: None,
        position: 0,
    }
}

impl<'a> Iterator for Spans<'a> {
    type Item = Span<'a>;

    fn next(&mut self) -> Option<Span<'a>> {
        if let Some(part) = self.next_part() {
            return Some(part);
        }
        let (from, word) = self.words.next()?;
        if !is_joined(word) {
            return Some(self.advanced(from, word));
        }
        self.rest = Some((from, word));
        if word.contains(':') {
            return self.next_part();
        }
        Some(Span {
            word,
            from,
            position: self.position,
            kind: Kind::Whole,
        })
    }
}

impl<'a> Spans<'a> {
    /// The next part of the word that is being given in parts.
    fn next_part(&mut self) -> Option<Span<'a>> {
        let (from, rest) = self.rest.take()?;
        let begin = rest.find(|c: char| !is_joint(c))?;
        let (_, rest) = rest.split_at(begin);
        let end = rest.find(is_joint).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = Some((from + begin + end, rest));
        Some(self.advanced(from + begin, word))
    }

    fn advanced(&mut self, from: usize, word: &'a str) -> Span<'a> {
        let position = self.position;
        self.position += 1;
        Span {
            word,
            from,
            position,
            kind: Kind::Word,
        }
    }
}

/// Whether a word is made of parts. Numbers (`3.14`) are not.
fn is_joined(word: &str) -> bool {
    word.contains(is_joint) && word.contains(char::is_alphabetic)
}

/// Whether the character holds words together.
fn is_joint(c: char) -> bool {
    matches!(c, '_' | '.' | ':')
}

/// Turns words into stems, and remembers them: stemming is most of the work of indexing.
pub(super) struct Stems {
    analyzer: TextAnalyzer,
    known: HashMap<Box<str>, Box<str>>,
    last: String,
}

impl Stems {
    /// Stems English.
    pub fn new() -> Self {
        Self {
            analyzer: TextAnalyzer::builder(RawTokenizer::default())
                .filter(LowerCaser)
                .filter(AsciiFoldingFilter)
                .filter(Stemmer::new(Language::English))
                .build(),
            known: HashMap::new(),
            last: String::new(),
        }
    }

    /// The word's stem: lower case, without accents, apostrophes and English endings.
    pub fn stem(&mut self, word: &str) -> &str {
        if let Some(stem) = self.known.get(word) {
            self.last.clear();
            self.last.push_str(stem);
            return &self.last;
        }
        self.last = self.stem_anew(word);
        if word.len() <= STEM_BYTES {
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            self.known.insert(word.into(), self.last.as_str().into());
        }
        &self.last
    }

    fn stem_anew(&mut self, word: &str) -> String {
        let bare = bare(word);
        let mut stream = self.analyzer.token_stream(&bare);
        let mut stem = stream
            .next()
            .map_or_else(String::new, |token| token.text.clone());
        if stem.len() > STEM_BYTES {
            stem.truncate(stem.floor_char_boundary(STEM_BYTES));
        }
        stem
    }
}

/// The word without its `'s`, apostrophes and combining accents.
pub(super) fn bare(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return word.to_owned();
    }
    let word = ["'s", "’s", "'S", "’S"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    word.chars()
        .filter(|&c| !matches!(c, '\'' | '’' | '\u{300}'..='\u{36F}'))
        .collect()
}

/// The words of a text as tantivy asks for them. Clones share what they remember.
#[derive(Clone)]
pub(super) struct Words {
    stems: Arc<Mutex<Stems>>,
}

impl Words {
    /// The name under which the schema refers to it.
    pub const NAME: &'static str = "words";

    /// A tokeniser that remembers nothing yet.
    pub fn new() -> Self {
        Self {
            stems: Arc::new(Mutex::new(Stems::new())),
        }
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream {
            spans: spans(text),
            stems: self.stems.lock().unwrap_or_else(PoisonError::into_inner),
            token: Token::default(),
        }
    }
}

/// The stems of one text.
pub(super) struct WordStream<'a> {
    spans: Spans<'a>,
    stems: MutexGuard<'a, Stems>,
    token: Token,
}

impl TokenStream for WordStream<'_> {
    /// A text at which this panics is indexed as far as it came: tantivy asks on a thread that must not die of it.
    fn advance(&mut self) -> bool {
        panics::caught(|| self.step()).unwrap_or_else(|panicked| {
            let error = &panicked as &dyn std::error::Error;
            tracing::error!(error, "a text is not indexed to its end: it broke");
            false
        })
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl WordStream<'_> {
    /// Goes on to the next word; false at the end.
    fn step(&mut self) -> bool {
        let Some(span) = self.spans.next() else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push_str(self.stems.stem(span.word));
        self.token.offset_from = span.from;
        self.token.offset_to = span.to();
        self.token.position = span.position;
        panics::here(Step::Token, span.word);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems_of(text: &str) -> Vec<String> {
        let mut stems = Stems::new();
        spans(text)
            .map(|span| stems.stem(span.word).to_owned())
            .collect()
    }

    #[test]
    fn endings_case_and_accents_do_not_count() {
        assert_eq!(stems_of("Brewing brewed BREWS"), ["brew", "brew", "brew"]);
        assert_eq!(stems_of("Café cafe\u{301} CAFE"), ["cafe", "cafe", "cafe"]);
        assert_eq!(
            stems_of("don't GitHub's github’s"),
            ["dont", "github", "github"]
        );
    }

    #[test]
    fn identifiers_are_found_whole_and_in_parts() {
        assert_eq!(stems_of("foo_bar"), ["foo_bar", "foo", "bar"]);
        assert_eq!(
            stems_of("see Cargo.toml."),
            ["see", "cargo.toml", "cargo", "toml"]
        );
        assert_eq!(stems_of("__init__"), ["__init__", "init"]);
        assert_eq!(
            stems_of("std::vec E0382 1.95.0"),
            ["std", "vec", "e0382", "1.95.0"]
        );
        assert_eq!(
            stems_of("note:this a:foo_bar"),
            ["note", "this", "a", "foo", "bar"]
        );
    }

    #[test]
    fn parts_take_the_positions_and_the_whole_stands_where_they_begin() {
        let found: Vec<_> = spans("a foo_bar b")
            .map(|span| (span.word, span.position, span.kind))
            .collect();
        assert_eq!(
            found,
            [
                ("a", 0, Kind::Word),
                ("foo_bar", 1, Kind::Whole),
                ("foo", 1, Kind::Word),
                ("bar", 2, Kind::Word),
                ("b", 3, Kind::Word),
            ]
        );
        for span in spans("größer: foo_bar…") {
            assert_eq!(
                "größer: foo_bar…".get(span.from..span.to()),
                Some(span.word)
            );
        }
    }

    #[test]
    fn scripts_without_spaces_give_their_characters() {
        assert_eq!(stems_of("啤酒 beer"), ["啤", "酒", "beer"]);
    }

    #[test]
    fn a_word_without_end_is_found_by_its_beginning() {
        let long = "ä".repeat(10_000);
        let stems = stems_of(&long);
        assert_eq!(stems.len(), 1);
        assert!(stems.iter().all(|stem| stem.len() <= STEM_BYTES));
    }
}
