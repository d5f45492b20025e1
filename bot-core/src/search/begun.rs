//! What the index keeps of titles and tags so that they are found while they are typed: words as they are written, folded
//! but not stemmed, and how words begin. Pure; the index and the lookups both take their terms from here.
//!
//! A word's first [`SHORT`] beginnings are kept as terms of their own: many thousands of words begin with one letter, and
//! going through all of them would take too long.

use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer, TokenStream};

use super::spans::spans;
use super::tokens::{STEM_BYTES, bare};
use crate::forum::ForumId;

/// Up to so many characters, a beginning is a term of its own.
pub(super) const SHORT: usize = 3;
/// What stands between a tag as it is compared and as it is.
const AS_IT_IS: char = '\u{1}';

/// Which term of the field of beginnings is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// A word of the title begins so.
    Word,
    /// The title's first word begins so.
    First,
    /// The title's first word is this.
    FirstWhole,
}

impl Start {
    /// The term.
    pub fn term(self, text: &str) -> String {
        let mark = match self {
            Self::Word => 'w',
            Self::First => 'f',
            Self::FirstWhole => 't',
        };
        let mut term = String::with_capacity(1 + text.len());
        term.push(mark);
        term.push_str(text);
        term
    }
}

/// Folds words: lower case, without accents and apostrophes.
#[derive(Default)]
pub(super) struct Folding {
    /// Made for the first text that isn't ASCII.
    analyzer: Option<TextAnalyzer>,
}

impl Folding {
    /// A word as it is compared; a very long one is cut.
    pub fn word(&mut self, word: &str) -> String {
        let mut folded = self.text(&bare(word));
        folded.truncate(folded.floor_char_boundary(STEM_BYTES));
        folded
    }

    fn text(&mut self, text: &str) -> String {
        if text.is_ascii() {
            return text.to_ascii_lowercase();
        }
        let analyzer = self.analyzer.get_or_insert_with(|| {
            TextAnalyzer::builder(RawTokenizer::default())
                .filter(LowerCaser)
                .filter(AsciiFoldingFilter)
                .build()
        });
        let mut stream = analyzer.token_stream(text);
        if stream.advance() {
            std::mem::take(&mut stream.token_mut().text)
        } else {
            String::new()
        }
    }
}

/// The terms by which a title is found while it is typed.
pub(super) struct Begun {
    /// Its words, each once.
    pub words: Vec<String>,
    /// How they and the title begin.
    pub starts: Vec<String>,
}

/// The terms of a title.
pub(super) fn begun(title: &str) -> Begun {
    let mut folding = Folding::default();
    let (mut words, mut starts) = (Vec::new(), Vec::new());
    for span in spans(title) {
        let word = folding.word(span.word);
        if word.is_empty() {
            continue;
        }
        starts.extend(beginnings(&word).map(|begin| Start::Word.term(begin)));
        if span.position == 0 {
            starts.extend(beginnings(&word).map(|begin| Start::First.term(begin)));
            starts.push(Start::FirstWhole.term(&word));
        }
        words.push(word);
    }
    for terms in [&mut words, &mut starts] {
        terms.sort_unstable();
        terms.dedup();
    }
    Begun { words, starts }
}

/// The first characters of a word: one, two and so on up to [`SHORT`].
fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take(SHORT).filter_map(|end| word.get(..end))
}

/// The term by which a tag of a forum is found.
pub(super) fn label(forum: ForumId, tag: &str) -> String {
    let tag = tag.to_lowercase();
    format!(
        "{}{}{AS_IT_IS}{tag}",
        of_forum(forum),
        Folding::default().text(&tag)
    )
}

/// What the terms of a forum's tags begin with.
pub(super) fn of_forum(forum: ForumId) -> String {
    format!("{} ", forum.0)
}

/// A tag as it is typed, as it is compared.
pub(super) fn folded_tag(typed: &str) -> String {
    Folding::default().text(&typed.trim().to_lowercase())
}

/// The tag whose term, behind its forum, is this.
pub(super) fn tag_of(term: &str) -> Option<&str> {
    term.split_once(AS_IT_IS).map(|(_, tag)| tag)
}
