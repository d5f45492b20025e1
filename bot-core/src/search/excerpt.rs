//! Why something was found: the passage of a text that has most of the words searched for, with these marked.
//! Pure; knows neither tantivy nor the store.

use std::collections::HashMap;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::query::Query;
use super::tokens::{Stems, spans};
use crate::forum::Piece;

/// Stands where text was left out.
const CUT: &str = "…";
/// How much of the room to spare stands before the first marked word: a third.
const LEAD: usize = 3;

/// The best passage of `plain_text` (markup taken out) for a query, at most `most_chars` characters as people see them,
/// not counting the `…` where it was cut.
///
/// Empty where none of the words is in the text. White space becomes single spaces.
#[must_use]
pub fn excerpt(query: &Query, plain_text: &str, most_chars: usize) -> Vec<Piece> {
    let text = plain_text.split_whitespace().collect::<Vec<_>>().join(" ");
    let marks = marks(query, &text);
    let bounds: Vec<usize> = text
        .grapheme_indices(true)
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    match best_run(&marks, &bounds, most_chars) {
        Some(run) => pieces(&text, &marks, window(&text, &bounds, &run, most_chars)),
        None => Vec::new(),
    }
}

/// A word of the text that was searched for.
struct Mark {
    bytes: Range<usize>,
    /// Which of the query's words it is.
    word: usize,
}

/// The words of the text that were searched for, in order, none inside another.
fn marks(query: &Query, text: &str) -> Vec<Mark> {
    let sought: HashMap<&str, usize> = query
        .marked_stems()
        .into_iter()
        .enumerate()
        .map(|(word, stem)| (stem, word))
        .collect();
    let mut stems = Stems::new();
    let mut found: Vec<Mark> = Vec::new();
    for span in spans(text) {
        let inside = found.last().is_some_and(|last| span.from < last.bytes.end);
        if inside {
            continue;
        }
        if let Some(&word) = sought.get(stems.stem(span.word)) {
            found.push(Mark {
                bytes: span.from..span.to(),
                word,
            });
        }
    }
    found
}

/// The characters from the first to the last mark of the run that fits and has the most different words, then the most
/// words, then comes first.
fn best_run(marks: &[Mark], bounds: &[usize], most: usize) -> Option<Range<usize>> {
    let char_at = |byte: usize| bounds.partition_point(|&bound| bound < byte);
    let runs: Vec<Range<usize>> = marks
        .iter()
        .map(|mark| char_at(mark.bytes.start)..char_at(mark.bytes.end))
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
fn window(text: &str, bounds: &[usize], run: &Range<usize>, most: usize) -> Range<usize> {
    let chars = bounds.len() - 1;
    let byte_at = |at: usize| bounds.get(at).copied().unwrap_or(text.len());
    let run = run.start..run.end.min(run.start + most);
    let spare = most - (run.end - run.start);
    let behind = spare.min(chars - run.end);
    let before = (spare / LEAD).max(spare - behind).min(run.start);
    let (begin, end) = (run.start - before, (run.start - before + most).min(chars));
    let from = match begin {
        0 => 0,
        _ => begin_of_word(text, byte_at(begin), byte_at(run.start)),
    };
    let to = if end == chars {
        text.len()
    } else {
        end_of_word(text, byte_at(run.end), byte_at(end))
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
fn pieces(text: &str, marks: &[Mark], window: Range<usize>) -> Vec<Piece> {
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
