//! Texts become words: where a word begins and ends, and the stem by which it is found. The index, the queries and the
//! excerpts all cut texts with [`spans`], so that what is written alike is found alike. Knows only tantivy's tokeniser port.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, Stemmer, TextAnalyzer, Token,
    TokenStream, Tokenizer,
};
use unicode_normalization::UnicodeNormalization;

use super::spans::{Spans, is_apostrophe, is_hyphen, spans};
use crate::panics::{self, PanicPoint};

/// The most bytes of a stem: what is longer is found by its beginning.
pub(super) const STEM_BYTES: usize = 64;
/// How many stems are remembered; a forum's whole active vocabulary, about 2 MB.
const REMEMBERED: usize = 20_000;
/// How many stems are kept for later searches: more than that many seldom search at once.
const KEPT: usize = 2;

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

/// Stems that searches leave to those after them, so that what is stemmed for one need not be again.
#[derive(Clone, Default)]
pub(super) struct SharedStems {
    free: Arc<Mutex<Vec<Stems>>>,
}

/// Stems that are somebody's own for the moment.
pub(super) struct BorrowedStems {
    /// There until it is dropped.
    stems: Option<Stems>,
    of: SharedStems,
}

impl SharedStems {
    /// Some that nobody else uses.
    pub fn borrow(&self) -> BorrowedStems {
        BorrowedStems {
            stems: Some(self.lock().pop().unwrap_or_else(Stems::new)),
            of: self.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Stems>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BorrowedStems {
    /// The word's stem, as [`Stems::stem`] gives it.
    pub fn stem(&mut self, word: &str) -> &str {
        self.stems.get_or_insert_with(Stems::new).stem(word)
    }
}

impl Drop for BorrowedStems {
    fn drop(&mut self) {
        let mut free = self.of.lock();
        if free.len() < KEPT
            && let Some(stems) = self.stems.take()
        {
            free.push(stems);
        }
    }
}

/// The word without its `'s`, apostrophes, hyphens and combining accents; half and full width are one.
pub(super) fn bare(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return word.to_owned();
    }
    let word = ["'s", "’s", "'S", "’S"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    word.nfkc()
        .filter(|&c| !is_apostrophe(c) && !is_hyphen(c) && !is_combining(c))
        .collect()
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// A person's name as `by:` compares it: case and white space folded.
pub(super) fn folded_name(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The words of a text as tantivy asks for them. Clones share what they remember.
#[derive(Clone)]
pub(super) struct WordTokenizer {
    stems: Arc<Mutex<Stems>>,
}

impl WordTokenizer {
    /// The name under which the schema refers to it.
    pub const NAME: &'static str = "words";

    /// A tokeniser that remembers nothing yet.
    pub fn new() -> Self {
        Self {
            stems: Arc::new(Mutex::new(Stems::new())),
        }
    }
}

impl Tokenizer for WordTokenizer {
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
        panics::here(PanicPoint::Token, span.word);
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
    fn half_and_full_width_are_one() {
        assert_eq!(stems_of("ＵＳＢ ５ＧＨｚ"), stems_of("USB 5GHz"));
        assert_eq!(stems_of("ｶﾒﾗ ﾊﾟﾝ"), stems_of("カメラ パン"));
    }

    #[test]
    fn what_is_written_in_one_or_with_a_hyphen_is_found_in_one() {
        assert_eq!(stems_of("Wi-Fi"), ["wifi", "wi", "fi"]);
        assert_eq!(stems_of("wi‑fi"), ["wifi", "wi", "fi"]);
        assert_eq!(stems_of("C# C++ Ｃ＃"), ["c#", "c++", "c#"]);
        assert_eq!(
            stems_of("l'orthographe de l’eau"),
            ["orthograph", "de", "eau"]
        );
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
