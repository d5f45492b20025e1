//! What people search for: words, `"exact words"`, `-not`, and filters. Reading a query never fails: what can't be
//! understood is searched as words. Knows neither tantivy nor the store.

use std::collections::{HashMap, HashSet};

use super::called::{Called, called};
use super::found::Found;
use super::spans::{SpanKind, spans};
use super::stop::is_stop;
use super::tokens::{Stems, folded_name};

/// The most different words that are looked at; a query of a whole page is cut there.
const WORDS_MAX: usize = 256;
/// The most words that are read; those of a longer text are counted up to there.
const READ_MAX: usize = 4_000;
/// The most names of questions that are looked up.
const CALLED_MAX: usize = 8;
/// The most conditions (exact words, exclusions, filters) that are kept, in their order.
const CONDITIONS_MAX: usize = 64;
/// The most words of `"exact words"`; longer ones are searched by their beginning.
const EXACT_MAX: usize = 32;

/// A search as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Stems, each once, in the order they were written; those of wanted exact words too.
    pub(super) words: Vec<Word>,
    /// What was written but for conditions.
    pub(super) said: String,
    pub(super) conditions: Vec<QueryCondition>,
    /// Questions called by their number: `#42`.
    pub(super) numbers: Vec<u32>,
}

/// A word to search for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub stem: String,
    pub weight: Weight,
    /// Whether its parts are words of the query too.
    pub kind: SpanKind,
    /// How often it was said.
    pub times: u16,
}

/// What a word tells about what is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// What it is about.
    Content,
    /// How it is said.
    Stop,
}

/// Something that every result must be, or must not be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct QueryCondition {
    pub sense: Sense,
    pub what: ConditionKind,
}

/// Which way a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sense {
    Wanted,
    Unwanted,
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ConditionKind {
    /// These stems one after another; at least one.
    Exact(Vec<String>),
    /// A tag of the question, in lower case.
    Tag(String),
    /// The asker's folded name.
    By(String),
    /// What has become of the question.
    Is(State),
    /// The question's net votes are at least so many.
    Score(i64),
}

/// What has become of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    /// It has an accepted answer.
    Answered,
    /// It has no answer that can be seen.
    Unanswered,
    /// It takes no answers.
    Closed,
}

impl Query {
    /// Reads what somebody typed.
    ///
    /// `tag:rust`, `by:mira` (`by:@mira`, `by:"mira sol"`), `is:answered|unanswered|closed` and `score:5` are filters;
    /// all of them hold together. A leading `-` turns a word, exact words or a filter around.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::parse_knowing(text, &HashMap::new())
    }

    /// The same, where the numbers of questions that are called by something else than words are known: that is then none of
    /// the words.
    pub(super) fn parse_knowing(text: &str, numbers: &HashMap<String, u32>) -> Self {
        let mut reading = Reading {
            numbers: Some(numbers),
            ..Reading::default()
        };
        for piece in pieces(&straight_quotes(text)) {
            reading.take(&piece);
        }
        reading.query
    }

    /// Reads a text in which nothing is a filter: all of it is words.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut reading = Reading::default();
        reading.add_words(text);
        reading.query
    }

    /// The same with what its misspelt words were taken for, so that excerpts mark it.
    #[must_use]
    pub fn as_found(mut self, found: &Found) -> Self {
        let meant = found.meant.iter().filter(|stem| !is_stop(stem));
        self.words.extend(meant.map(|stem| Word {
            stem: stem.clone(),
            weight: Weight::Content,
            kind: SpanKind::Word,
            times: 1,
        }));
        self
    }

    /// Whether nothing is left to search for: no words and no conditions.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.words.is_empty() && self.conditions.is_empty() && self.numbers.is_empty()
    }

    /// The stems that excerpts mark: those of content, or all of them where there are no others.
    pub(super) fn marked_stems(&self) -> HashSet<&str> {
        let content: HashSet<&str> = self.stems(Weight::Content).collect();
        if content.is_empty() {
            return self.stems(Weight::Stop).collect();
        }
        content
    }

    /// What is wanted, or what isn't.
    pub(super) fn whats(&self, sense: Sense) -> impl Iterator<Item = &ConditionKind> {
        self.conditions
            .iter()
            .filter(move |condition| condition.sense == sense)
            .map(|condition| &condition.what)
    }

    /// The stems of the words of one weight.
    pub(super) fn stems(&self, weight: Weight) -> impl Iterator<Item = &str> {
        self.weighing(weight).map(|word| word.stem.as_str())
    }

    /// The words of one weight.
    pub(super) fn weighing(&self, weight: Weight) -> impl Iterator<Item = &Word> {
        let words = self.words.iter();
        words.filter(move |word| word.weight == weight)
    }
}

/// What in a query may call a question by its address or by that of its original.
pub(super) fn names(text: &str) -> Vec<(String, Called)> {
    let text = straight_quotes(text);
    let pieces = pieces(&text).into_iter();
    let bare = pieces.filter(|piece| piece.is_bare());
    let named = bare.filter_map(|piece| Some((piece.value.to_owned(), called(piece.value)?)));
    named.take(CALLED_MAX).collect()
}

/// A part of a query between white space; quotes keep white space in.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'a> {
    sense: Sense,
    /// The filter's name, where one stands before a colon.
    key: Option<&'a str>,
    /// What is meant, without its quotes.
    value: &'a str,
    quoted: bool,
    /// All of it as it was written.
    written: &'a str,
}

impl Piece<'_> {
    /// Whether it is nothing but what is searched for.
    fn is_bare(&self) -> bool {
        self.sense == Sense::Wanted && self.key.is_none() && !self.quoted
    }
}

/// Every kind of double quote as the straight one.
fn straight_quotes(text: &str) -> String {
    text.replace(['“', '”', '„', '«', '»', '\u{FF02}'], "\"")
}

/// Cuts a query into its pieces.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (piece, left) = next_piece(rest);
        found.push(piece);
        rest = left.trim_start();
    }
    found
}

/// The first piece of a text that doesn't begin with white space, and what follows it.
fn next_piece(text: &str) -> (Piece<'_>, &str) {
    let (sense, bare) = match text.strip_prefix('-') {
        Some(bare) if !bare.starts_with(['-', ' ']) && !bare.is_empty() => (Sense::Unwanted, bare),
        _ => (Sense::Wanted, text),
    };
    let word_end = bare.find(char::is_whitespace).unwrap_or(bare.len());
    let (word, _) = bare.split_at(word_end);
    let (key, after_key) = match word.split_once(':') {
        Some((key, value)) if is_key(key) && !value.is_empty() => {
            (Some(key), bare.split_at(key.len() + 1).1)
        }
        _ => (None, bare),
    };
    if let Some((value, left)) = quoted(after_key) {
        let written = text.split_at(text.len() - left.len()).0;
        let piece = Piece {
            sense,
            key,
            value,
            quoted: true,
            written,
        };
        return (piece, left);
    }
    let (written, left) = text.split_at(text.len() - bare.len() + word_end);
    let value = match key {
        Some(key) => word.split_at(key.len() + 1).1,
        None => word,
    };
    let piece = Piece {
        sense,
        key,
        value,
        quoted: false,
        written,
    };
    (piece, left)
}

/// The text in the quotes that `text` begins with, and what follows them; none where they never close.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

/// Whether a filter has this name.
fn is_key(key: &str) -> bool {
    ["tag", "by", "is", "score"]
        .iter()
        .any(|known| key.eq_ignore_ascii_case(known))
}

/// A query while it is being read.
struct Reading<'n> {
    query: Query,
    stems: Stems,
    /// Where each stem stands among the words.
    seen: HashMap<String, usize>,
    held: HashSet<QueryCondition>,
    numbers: Option<&'n HashMap<String, u32>>,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Self {
            query: Query::default(),
            stems: Stems::new(),
            seen: HashMap::new(),
            held: HashSet::new(),
            numbers: None,
        }
    }
}

impl Reading<'_> {
    fn take(&mut self, piece: &Piece<'_>) {
        if let Some(key) = piece.key {
            match filter(key, piece.value) {
                Some(what) => self.hold(piece.sense, what),
                None => self.add_words(piece.written),
            }
            return;
        }
        match piece.sense {
            Sense::Unwanted => self.hold_exact(Sense::Unwanted, piece.value),
            Sense::Wanted if piece.quoted => {
                self.hold_exact(Sense::Wanted, piece.value);
                self.add_words(piece.value);
            }
            Sense::Wanted => {
                let known = self.numbers.and_then(|known| known.get(piece.value));
                if let Some(&number) = known {
                    self.add_number(number);
                    return;
                }
                if let Some(number) = piece.value.strip_prefix('#')
                    && let Ok(number) = number.parse()
                {
                    self.add_number(number);
                }
                self.add_words(piece.value);
            }
        }
    }

    fn add_number(&mut self, number: u32) {
        if self.query.numbers.len() < CONDITIONS_MAX && !self.query.numbers.contains(&number) {
            self.query.numbers.push(number);
        }
    }

    fn add_words(&mut self, text: &str) {
        if !self.query.said.is_empty() {
            self.query.said.push(' ');
        }
        self.query.said.push_str(text);
        for span in spans(text).take(READ_MAX) {
            let stem = self.stems.stem(span.word);
            if let Some(word) = self.seen.get(stem)
                && let Some(word) = self.query.words.get_mut(*word)
            {
                word.times = word.times.saturating_add(1);
                continue;
            }
            if stem.is_empty() || self.query.words.len() >= WORDS_MAX {
                continue;
            }
            self.seen.insert(stem.to_owned(), self.query.words.len());
            let weight = if is_stop(stem) {
                Weight::Stop
            } else {
                Weight::Content
            };
            self.query.words.push(Word {
                stem: stem.to_owned(),
                weight,
                kind: span.kind,
                times: 1,
            });
        }
    }

    fn hold_exact(&mut self, sense: Sense, text: &str) {
        let mut exact = Vec::new();
        for span in spans(text).filter(|span| span.kind == SpanKind::Word) {
            exact.push(self.stems.stem(span.word).to_owned());
            if exact.len() == EXACT_MAX {
                break;
            }
        }
        if !exact.is_empty() {
            self.hold(sense, ConditionKind::Exact(exact));
        }
    }

    fn hold(&mut self, sense: Sense, what: ConditionKind) {
        let condition = QueryCondition { sense, what };
        if self.query.conditions.len() < CONDITIONS_MAX && self.held.insert(condition.clone()) {
            self.query.conditions.push(condition);
        }
    }
}

/// What a filter means; none where its value makes no sense.
fn filter(key: &str, value: &str) -> Option<ConditionKind> {
    let value = value.trim();
    match key.to_ascii_lowercase().as_str() {
        "tag" => kept(value.trim_start_matches('#').to_lowercase()).map(ConditionKind::Tag),
        "by" => kept(folded_name(value.trim_start_matches('@'))).map(ConditionKind::By),
        "is" => state(value).map(ConditionKind::Is),
        "score" => value.parse().ok().map(ConditionKind::Score),
        _ => None,
    }
}

fn kept(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn state(value: &str) -> Option<State> {
    match value.to_ascii_lowercase().as_str() {
        "answered" => Some(State::Answered),
        "unanswered" => Some(State::Unanswered),
        "closed" => Some(State::Closed),
        _ => None,
    }
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
