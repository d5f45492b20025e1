//! Where the words of a text are, those first by which all of several parts are found. Pure.
//!
//! Words are those of Unicode's word boundaries (UAX #29), but for what people write in more ways than one:
//!
//! - What is held together by `_` or `.` (`foo_bar`, `Cargo.toml`), by a hyphen (`Wi-Fi`) or by capital letters
//!   (`getElementById`), a number with its unit (`5GHz`), and what begins with a point (`.NET`) is found whole and by its
//!   parts; a colon separates.
//! - An article or the like that was cut short before a vowel (`l'eau`, `dell'anno`) is no part of its word.
//! - `C#` and `C++` are words.

use std::collections::VecDeque;

use unicode_segmentation::{UnicodeSegmentation, UnicodeWordIndices};

/// The most bytes of a name that is cut at its capital letters.
const NAME: usize = 256;
/// The most words between hyphens that are a word together: longer rows are phrases, or lists.
const HYPHENATED: usize = 3;
/// How many parts a name of several words has at least that begins with a capital letter: `JavaScript` is one word.
const CAPITALS: usize = 3;
/// What French and Italian cut short before a vowel.
const ELIDED: &[&str] = &[
    "c", "d", "j", "l", "m", "n", "s", "t", "v", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "un",
    "gl", "all", "coll", "dall", "dell", "nell", "sull", "quell", "quest", "bell", "tutt",
];
/// English endings behind an apostrophe.
const ENDINGS: &[&str] = &["s", "d", "t", "m", "re", "ve", "ll"];
/// What stands behind numbers and is no unit: `1st`, `90s`, `3D`.
const NO_UNITS: &[&str] = &["st", "nd", "rd", "th", "s", "d"];

/// What a span of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpanKind {
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
    pub kind: SpanKind,
}

impl Span<'_> {
    /// The byte after its last one.
    pub fn to(&self) -> usize {
        self.from + self.word.len()
    }
}

/// The words of a text, in order.
pub(super) struct Spans<'a> {
    text: &'a str,
    words: UnicodeWordIndices<'a>,
    /// What a word was cut into that is still to be given.
    cut: VecDeque<Span<'a>>,
    /// What is left of a word that is cut at its joints, and its first byte.
    joined: Option<(usize, &'a str)>,
    /// Up to where words between hyphens were looked at.
    hyphenated: usize,
    position: usize,
}

/// Finds the words of a text.
pub(super) fn spans(text: &str) -> Spans<'_> {
    Spans {
        text,
        words: text.unicode_word_indices(),
        cut: VecDeque::new(),
        joined: None,
        hyphenated: 0,
        position: 0,
    }
}

impl<'a> Iterator for Spans<'a> {
    type Item = Span<'a>;

    fn next(&mut self) -> Option<Span<'a>> {
        loop {
            if let Some(span) = self.cut.pop_front() {
                return Some(span);
            }
            if let Some((from, joined)) = self.joined.take() {
                self.cut_part(from, joined);
                continue;
            }
            let (from, word) = self.words.next()?;
            if is_simple(word) && self.is_alone(from, from + word.len()) {
                return Some(self.word(from, word));
            }
            let (from, word) = without_article(from, word);
            self.cut_hyphens(from, word);
            self.cut_signs(from, word);
            self.cut_joints(from, word);
        }
    }
}

impl<'a> Spans<'a> {
    fn word(&mut self, from: usize, word: &'a str) -> Span<'a> {
        let position = self.position;
        self.position += 1;
        Span {
            word,
            from,
            position,
            kind: SpanKind::Word,
        }
    }

    fn push_word(&mut self, from: usize, word: &'a str) {
        let span = self.word(from, word);
        self.cut.push_back(span);
    }

    /// Gives a text that is made of the words that follow.
    fn push_whole(&mut self, from: usize, to: usize) {
        let word = self.text.get(from..to).unwrap_or_default();
        self.cut.push_back(Span {
            word,
            from,
            position: self.position,
            kind: SpanKind::Whole,
        });
    }

    fn before(&self, from: usize) -> &'a str {
        self.text.get(..from).unwrap_or_default()
    }

    fn behind(&self, to: usize) -> &'a str {
        self.text.get(to..).unwrap_or_default()
    }

    /// Whether nothing stands beside a word that may belong to it.
    fn is_alone(&self, from: usize, to: usize) -> bool {
        let holds = |c: char| is_hyphen(c) || is_sharp(c) || is_plus(c);
        !self.before(from).ends_with('.') && !self.behind(to).starts_with(holds)
    }

    /// Gives the word that a few words between hyphens are together.
    fn cut_hyphens(&mut self, from: usize, word: &'a str) {
        if from < self.hyphenated {
            return;
        }
        let (mut to, mut parts) = (from + word.len(), 1);
        let mut letters = word.contains(char::is_alphabetic);
        let mut plain = is_plain(word);
        while let Some(next) = hyphenated(self.behind(to)) {
            to += next.len();
            parts += 1;
            letters |= next.contains(char::is_alphabetic);
            plain &= next.chars().skip(1).all(char::is_alphanumeric);
        }
        self.hyphenated = to;
        if (2..=HYPHENATED).contains(&parts) && letters && plain {
            self.push_whole(from, to);
        }
    }

    /// Gives a word with the signs beside it that make another word of it, and whose parts follow.
    fn cut_signs(&mut self, from: usize, word: &'a str) {
        let to = from + word.len();
        if !is_letter(word)
            && let Some(signs) = signs(word, self.behind(to))
        {
            self.push_whole(from, to + signs);
        }
        if let Some(before) = self.before(from).strip_suffix('.')
            && word.chars().all(char::is_alphabetic)
            && before
                .chars()
                .next_back()
                .is_none_or(|c| c.is_whitespace() || c == '(')
        {
            self.push_whole(from - 1, to);
        }
    }

    /// Gives a word that may have parts, and them.
    fn cut_joints(&mut self, from: usize, word: &'a str) {
        let to = from + word.len();
        if is_letter(word)
            && let Some(signs) = signs(word, self.behind(to))
        {
            // `C` is another word than `C#`.
            let signed = self.text.get(from..to + signs).unwrap_or(word);
            return self.push_word(from, signed);
        }
        if !is_joined(word) || unit_of(word).is_some() {
            return self.cut_capitals(from, word);
        }
        if !word.contains(':') {
            self.push_whole(from, to);
        }
        self.joined = Some((from, word));
    }

    /// Gives the next part of a word that is cut at its joints.
    fn cut_part(&mut self, from: usize, joined: &'a str) {
        let rest = joined.trim_start_matches(is_joint);
        let from = from + joined.len() - rest.len();
        let (part, rest) = rest.split_at(rest.find(is_joint).unwrap_or(rest.len()));
        if !part.is_empty() {
            self.cut_capitals(from, part);
            self.joined = Some((from + part.len(), rest));
        }
    }

    /// Gives a word without joints, and its parts where it has any.
    fn cut_capitals(&mut self, from: usize, word: &'a str) {
        let cuts = match unit_of(word) {
            Some(unit) => vec![word.len() - unit.len()],
            None => humps(word),
        };
        if !cuts.is_empty() {
            self.push_whole(from, from + word.len());
        }
        let ends = cuts.iter().copied().chain([word.len()]);
        let begins = [0].into_iter().chain(cuts.iter().copied());
        for (begin, end) in begins.zip(ends) {
            self.push_word(from + begin, word.get(begin..end).unwrap_or_default());
        }
    }
}

/// Whether a word is only of small letters behind the first, or only of digits: most are.
fn is_simple(word: &str) -> bool {
    let mut bytes = word.bytes();
    match bytes.next() {
        Some(b'a'..=b'z' | b'A'..=b'Z') => bytes.all(|byte| byte.is_ascii_lowercase()),
        Some(b'0'..=b'9') => bytes.all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// Whether a word is a single letter.
fn is_letter(word: &str) -> bool {
    word.chars().nth(1).is_none()
}

/// Whether a word has nothing in it but letters and digits.
fn is_plain(word: &str) -> bool {
    word.chars().all(char::is_alphanumeric)
}

/// Whether a word is made of parts. Numbers (`3.14`) are not.
fn is_joined(word: &str) -> bool {
    word.contains(is_joint) && word.contains(char::is_alphabetic)
}

/// Whether the character holds words together.
fn is_joint(c: char) -> bool {
    matches!(c, '_' | '.' | ':')
}

/// Whether the character is a hyphen.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '－')
}

/// Whether the character is an apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '＇')
}

fn is_sharp(c: char) -> bool {
    matches!(c, '#' | '＃')
}

fn is_plus(c: char) -> bool {
    matches!(c, '+' | '＋')
}

/// A word without the article that was cut short before it.
fn without_article(from: usize, word: &str) -> (usize, &str) {
    let Some((article, rest)) = word.split_once(is_apostrophe) else {
        return (from, word);
    };
    let is_one_of = |all: &[&str], text: &str| all.iter().any(|one| text.eq_ignore_ascii_case(one));
    if rest.is_empty() || !is_one_of(ELIDED, article) || is_one_of(ENDINGS, rest) {
        return (from, word);
    }
    (from + word.len() - rest.len(), rest)
}

/// The hyphen and the word that a text begins with.
fn hyphenated(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(is_hyphen)?;
    let begin = text.len() - rest.len();
    // Not all of the text is looked at for its next word.
    let word = rest.split_word_bounds().next()?;
    let is_word = word.starts_with(char::is_alphanumeric);
    text.get(..begin + word.len()).filter(|_| is_word)
}

/// How many bytes the signs have that make another word of the one before: `C#`, `C++`, `C++17`.
fn signs(word: &str, behind: &str) -> Option<usize> {
    if !word.ends_with(char::is_alphabetic) {
        return None;
    }
    let rest = behind.strip_prefix(is_sharp).or_else(|| {
        let rest = behind.strip_prefix(is_plus)?.strip_prefix(is_plus)?;
        // A version is not a part of it.
        Some(rest.trim_start_matches(|c: char| c.is_ascii_digit()))
    })?;
    let goes_on = |c: char| c.is_alphanumeric() || is_sharp(c) || is_plus(c) || c == '_';
    if rest.starts_with(goes_on) {
        return None;
    }
    let signs = behind.chars().take_while(|&c| is_sharp(c) || is_plus(c));
    Some(signs.map(char::len_utf8).sum())
}

/// The unit behind the number that a word begins with: `GHz` of `2.4GHz`.
fn unit_of(word: &str) -> Option<&str> {
    let unit = word.trim_start_matches(|c: char| c.is_numeric() || c == '.' || c == ',');
    let number = word.len() - unit.len();
    let is_unit = number > 0
        && word.starts_with(char::is_numeric)
        && !unit.is_empty()
        && unit.chars().all(char::is_alphabetic)
        && !NO_UNITS
            .iter()
            .any(|ending| unit.eq_ignore_ascii_case(ending));
    is_unit.then_some(unit)
}

/// Where the words begin, but for the first, of a name that is held together by its capital letters: `get|Element|By|Id`.
fn humps(word: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    if word.len() > NAME || word.chars().skip(1).all(|c| !c.is_uppercase()) {
        return cuts;
    }
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let is_small = |at: usize| letters.get(at).is_some_and(|(_, c)| c.is_lowercase());
    let mut begun = 0;
    for (place, &(at, c)) in letters.iter().enumerate().skip(1) {
        let before_small = is_small(place + 1) && is_small(place + 2);
        let begins = c.is_uppercase() && (is_small(place - 1) || before_small);
        if begins && place - begun >= 2 && letters.len() - place >= 2 {
            cuts.push(at);
            begun = place;
        }
    }
    if word.starts_with(char::is_uppercase) && cuts.len() + 1 < CAPITALS {
        cuts.clear();
    }
    cuts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words of a text, those of several parts in brackets.
    fn words(text: &str) -> String {
        let words = spans(text).map(|span| match span.kind {
            SpanKind::Word => span.word.to_owned(),
            SpanKind::Whole => format!("[{}]", span.word),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn parts_take_the_positions_and_the_whole_stands_where_they_begin() {
        let found: Vec<_> = spans("a foo_bar b Wi-Fi")
            .map(|span| (span.word, span.position, span.kind))
            .collect();
        assert_eq!(
            found,
            [
                ("a", 0, SpanKind::Word),
                ("foo_bar", 1, SpanKind::Whole),
                ("foo", 1, SpanKind::Word),
                ("bar", 2, SpanKind::Word),
                ("b", 3, SpanKind::Word),
                ("Wi-Fi", 4, SpanKind::Whole),
                ("Wi", 4, SpanKind::Word),
                ("Fi", 5, SpanKind::Word),
            ]
        );
    }

    #[test]
    fn an_article_cut_short_is_no_part_of_its_word() {
        assert_eq!(words("l'orthographe d’Aubigné"), "orthographe Aubigné");
        assert_eq!(words("Qu'est-ce que c'est ?"), "[est-ce] est ce que est");
        assert_eq!(words("L'acqua dell'isola"), "acqua isola");
        for kept in [
            "aujourd'hui",
            "don't",
            "o'clock",
            "all's",
            "O'Brien",
            "we'd",
        ] {
            assert_eq!(words(kept), kept);
        }
    }

    #[test]
    fn signs_make_words_of_letters() {
        assert_eq!(words("C, C# and C++."), "C C# and C++");
        assert_eq!(words("C++17, F#"), "C++ 17 F#");
        assert_eq!(words("notepad++"), "[notepad++] notepad");
        assert_eq!(words("page#top 1+1 a+b #c"), "page top 1 1 a b c");
        assert_eq!(words(".NET in ASP.NET"), "[.NET] NET in [ASP.NET] ASP NET");
    }

    #[test]
    fn hyphens_units_and_capitals_hold_words_together() {
        assert_eq!(words("Wi-Fi e-mail"), "[Wi-Fi] Wi Fi [e-mail] e mail");
        assert_eq!(words("state-of-the-art"), "state of the art");
        assert_eq!(words("2026-11-30 -- x"), "2026 11 30 x");
        assert_eq!(words("5GHz 5 GHz"), "[5GHz] 5 GHz 5 GHz");
        assert_eq!(words("2.4GHz 3D 1st 90s"), "[2.4GHz] 2.4 GHz 3D 1st 90s");
        assert_eq!(
            words("getElementById"),
            "[getElementById] get Element By Id"
        );
        assert_eq!(
            words("ArrayIndexOutOfBounds"),
            "[ArrayIndexOutOfBounds] Array Index Out Of Bounds"
        );
        for kept in ["JavaScript", "GHz", "iPhone", "PDFs", "USA", "E0382"] {
            assert_eq!(words(kept), kept);
        }
    }

    proptest! {
        #[test]
        fn every_word_stands_where_it_is_said_to(text in "\\PC*", held in "[aB1é .:_+#'’-]{0,40}") {
            for text in [text, held] {
                for span in spans(&text) {
                    prop_assert_eq!(text.get(span.from..span.to()), Some(span.word));
                    prop_assert!(!span.word.is_empty());
                }
            }
        }
    }
}
