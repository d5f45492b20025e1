//! Why something was found: the passage of a text that has most of the words searched for, with these marked.
//! Pure; knows neither tantivy nor the store.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::query::Query;
use super::spans::spans;
use super::tokens::{BorrowedStems, SharedStems};
use crate::forum::Piece;

/// How much of a stem a word must begin with to be stemmed at all: endings are what stemming changes.
const BEGINNING: usize = 3;
/// Shorter stems can differ from their words earlier (`dying`, `die`): their first letter has to do.
const SHORT: usize = 5;

/// So many words can be found or not without much being said by that.
const FEW: usize = 3;

/// Stands where text was left out.
const CUT: &str = "…";
/// How much of the room to spare stands before the first marked word: a third.
const LEAD: usize = 3;

/// Finds the passages of several texts that fit one query.
pub struct Excerpts<'q> {
    /// Each of the query's words that are marked, by its stem.
    sought: HashMap<&'q str, usize>,
    /// How words begin that can have one of these stems.
    beginnings: Vec<&'q str>,
    stems: BorrowedStems,
    /// Which of them were in the texts since the last question began.
    seen: HashSet<usize>,
}

/// A word of the text that was searched for.
struct MatchedWord {
    bytes: Range<usize>,
    /// Which of the query's words it is.
    word: usize,
}

/// Where each character of a text begins, as people see characters, and where the text ends.
enum Bounds {
    /// Each byte is one.
    Ascii(usize),
    /// Where each begins, and the end.
    Graphemes(Vec<usize>),
}

impl<'q> Excerpts<'q> {
    /// What is marked is what a query looks for.
    #[must_use]
    pub(super) fn new(query: &'q Query, stems: &SharedStems) -> Self {
        let sought: HashMap<&str, usize> = query
            .marked_stems()
            .into_iter()
            .enumerate()
            .map(|(word, stem)| (stem, word))
            .collect();
        let beginning = |stem: &&'q str| match stem.len() {
            0..SHORT => stem.get(..1),
            _ => stem.get(..BEGINNING),
        };
        let ascii = sought.keys().filter(|stem| stem.is_ascii());
        Self {
            beginnings: ascii.filter_map(beginning).collect(),
            sought,
            stems: stems.borrow(),
            seen: HashSet::new(),
        }
    }

    /// Begins the texts of another question, of which the title is one.
    pub fn begin(&mut self, title: &str) {
        self.seen.clear();
        self.marks(title);
    }

    /// Whether the texts since the question began have at least half of the query's words; of one or two words nothing is said.
    #[must_use]
    pub fn fit_well(&self) -> bool {
        self.sought.len() < FEW || self.seen.len() * 2 >= self.sought.len()
    }

    /// The best passage of `plain_text` (markup taken out), at most `most_chars` characters as people see them, not counting
    /// the `…` where it was cut.
    ///
    /// Empty where none of the words is in the text. White space becomes single spaces.
    pub fn of(&mut self, plain_text: &str, most_chars: usize) -> Vec<Piece> {
        let text = on_one_line(plain_text);
        let marks = self.marks(&text);
        if marks.is_empty() {
            return Vec::new();
        }
        let bounds = Bounds::of(&text);
        match best_run(&marks, &bounds, most_chars) {
            Some(run) => pieces(&text, &marks, window(&text, &bounds, &run, most_chars)),
            None => Vec::new(),
        }
    }

    /// The words of the text that were searched for, in order, none inside another.
    fn marks(&mut self, text: &str) -> Vec<MatchedWord> {
        let mut found: Vec<MatchedWord> = Vec::new();
        for span in spans(text) {
            let inside = found.last().is_some_and(|last| span.from < last.bytes.end);
            if inside || !self.may_be_sought(span.word) {
                continue;
            }
            if let Some(&word) = self.sought.get(self.stems.stem(span.word)) {
                self.seen.insert(word);
                found.push(MatchedWord {
                    bytes: span.from..span.to(),
                    word,
                });
            }
        }
        found
    }

    /// Whether a word can have one of the stems: false for most, which need not be stemmed.
    fn may_be_sought(&self, word: &str) -> bool {
        let begins_with = |beginning: &&str| {
            let begin = word.get(..beginning.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(beginning))
        };
        // Accents, apostrophes and what holds words together are left out before a word is stemmed.
        let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        !is_plain || self.beginnings.iter().any(begins_with)
    }
}

/// A text with single spaces where it has white space, and none at its ends.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    // Bytes are looked at faster than characters; a vertical tab is white space to Unicode alone.
    match text.is_ascii() && !text.as_bytes().contains(&b'\x0b') {
        true => with_single_spaces(text.split_ascii_whitespace(), text.len()),
        false => with_single_spaces(text.split_whitespace(), text.len()),
    }
}

fn with_single_spaces<'t>(words: impl Iterator<Item = &'t str>, most_bytes: usize) -> String {
    let mut line = String::with_capacity(most_bytes);
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

impl Bounds {
    /// Those of a text on one line.
    fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Ascii(text.len());
        }
        let begins = text.grapheme_indices(true).map(|(at, _)| at);
        Self::Graphemes(begins.chain([text.len()]).collect())
    }

    /// How many characters there are.
    fn count(&self) -> usize {
        match self {
            Self::Ascii(length) => *length,
            Self::Graphemes(bounds) => bounds.len() - 1,
        }
    }

    /// The first character that begins at a byte or behind it.
    fn char_at(&self, byte: usize) -> usize {
        match self {
            Self::Ascii(length) => byte.min(*length),
            Self::Graphemes(bounds) => bounds.partition_point(|&bound| bound < byte),
        }
    }

    /// Where a character begins.
    fn byte_at(&self, at: usize) -> usize {
        match self {
            Self::Ascii(length) => at.min(*length),
            Self::Graphemes(bounds) => {
                let end = bounds.last().copied().unwrap_or_default();
                bounds.get(at).copied().unwrap_or(end)
            }
        }
    }
}

/// The characters from the first to the last mark of the run that fits and has the most different words, then the most
/// words, then comes first.
fn best_run(marks: &[MatchedWord], bounds: &Bounds, most: usize) -> Option<Range<usize>> {
    let runs: Vec<Range<usize>> = marks
        .iter()
        .map(|mark| bounds.char_at(mark.bytes.start)..bounds.char_at(mark.bytes.end))
        .collect();
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let mut best: Option<((usize, usize), Range<usize>)> = None;
    let mut next = 0;
    for (first, begin) in runs.iter().enumerate() {
        while let (Some(run), Some(mark)) = (runs.get(next), marks.get(next)) {
            if next > first && run.end > begin.start + most {
                break;
            }
            *counts.entry(mark.word).or_default() += 1;
            next += 1;
        }
        let worth = (counts.len(), next - first);
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            let end = runs.get(next - 1).map_or(begin.end, |run| run.end);
            best = Some((worth, begin.start..end));
        }
        if let Some(mark) = marks.get(first)
            && let Some(count) = counts.get_mut(&mark.word)
        {
            *count -= 1;
            if *count == 0 {
                counts.remove(&mark.word);
            }
        }
    }
    best.map(|(_, run)| run)
}

/// The bytes to show: the run and, where there is room, words around it.
fn window(text: &str, bounds: &Bounds, run: &Range<usize>, most: usize) -> Range<usize> {
    let chars = bounds.count();
    let run = run.start..run.end.min(run.start + most);
    let spare = most - (run.end - run.start);
    let behind = spare.min(chars - run.end);
    let before = (spare / LEAD).max(spare - behind).min(run.start);
    let (begin, end) = (run.start - before, (run.start - before + most).min(chars));
    let from = match begin {
        0 => 0,
        _ => begin_of_word(text, bounds.byte_at(begin), bounds.byte_at(run.start)),
    };
    let to = if end == chars {
        text.len()
    } else {
        end_of_word(text, bounds.byte_at(run.end), bounds.byte_at(end))
    };
    from..to
}

/// Where the first whole word between two bytes begins; the first byte itself where the text has no spaces there.
fn begin_of_word(text: &str, from: usize, to: usize) -> usize {
    let after_space = text.get(..from).is_some_and(|before| before.ends_with(' '));
    if after_space {
        return from;
    }
    text.get(from..to)
        .and_then(|part| part.find(' '))
        .map_or(from, |space| from + space + 1)
}

/// Where the last whole word between two bytes ends; the last byte itself where the text has no spaces there.
fn end_of_word(text: &str, from: usize, to: usize) -> usize {
    let before_space = text.get(to..).is_some_and(|after| after.starts_with(' '));
    if before_space {
        return to;
    }
    text.get(from..to)
        .and_then(|part| part.rfind(' '))
        .map_or(to, |space| from + space)
}

/// The window's text, marked and unmarked by turns.
fn pieces(text: &str, marks: &[MatchedWord], window: Range<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = if window.start > 0 { CUT } else { "" }.to_owned();
    let mut at = window.start;
    let inside = marks
        .iter()
        .filter(|mark| mark.bytes.start >= window.start && mark.bytes.start < window.end);
    for mark in inside {
        plain.push_str(text.get(at..mark.bytes.start).unwrap_or_default());
        at = mark.bytes.end.min(window.end);
        let marked = text.get(mark.bytes.start..at).unwrap_or_default();
        push(&mut pieces, std::mem::take(&mut plain), false);
        push(&mut pieces, marked.to_owned(), true);
    }
    plain.push_str(text.get(at..window.end).unwrap_or_default());
    if window.end < text.len() {
        plain.push_str(CUT);
    }
    push(&mut pieces, plain, false);
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: String, marked: bool) {
    if !text.is_empty() {
        pieces.push(Piece { text, marked });
    }
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
