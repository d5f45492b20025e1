//! A long text in parts that each fit into an input, and whole again.

use unicode_segmentation::UnicodeSegmentation;

/// How a part is joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seam {
    /// A line's end is between them.
    Line,
    /// Nothing is: a line was too long.
    None,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextPart {
    /// How it is joined to the part before it; the first to nothing.
    pub seam: Seam,
    /// What it says.
    pub text: String,
}

/// How long Discord takes a text to be, at most.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text in at most `most` parts of at most `size` UTF-16 units: split at lines' ends, or between graphemes where it would
/// not fit otherwise. None where it does not fit at all.
pub(super) fn split(text: &str, size: usize, most: usize) -> Option<Vec<TextPart>> {
    let parts = |cut: fn(&str, usize) -> Option<(usize, Seam)>| {
        let mut parts = Vec::new();
        let (mut rest, mut seam) = (text, Seam::Line);
        while units(rest) > size {
            if parts.len() + 1 >= most {
                return None;
            }
            let (at, next) = cut(rest, size)?;
            let (head, behind) = rest.split_at_checked(at)?;
            parts.push(TextPart {
                seam,
                text: head.to_owned(),
            });
            (rest, seam) = match next {
                Seam::Line => (behind.strip_prefix('\n')?, next),
                Seam::None => (behind, next),
            };
        }
        parts.push(TextPart {
            seam,
            text: rest.to_owned(),
        });
        Some(parts)
    };
    parts(at_line).or_else(|| parts(at_grapheme))
}

/// The parts' text. An empty part at the end is one that nobody filled in; between others it is an empty line.
pub(super) fn join(parts: impl Iterator<Item = TextPart>) -> String {
    let mut parts: Vec<_> = parts.collect();
    while parts.len() > 1 && parts.last().is_some_and(|part| part.text.is_empty()) {
        parts.pop();
    }
    let mut text = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 && part.seam == Seam::Line {
            text.push('\n');
        }
        text.push_str(&part.text);
    }
    text
}

/// Where to cut: at the last line's end that fits, best where no blank line is lost should a client take blank ends away.
fn at_line(text: &str, size: usize) -> Option<(usize, Seam)> {
    let fits = fitting(text, size);
    let ends: Vec<_> = text
        .char_indices()
        .take_while(|(at, _)| *at <= fits)
        .filter(|(at, c)| *c == '\n' && *at > 0 && at + 1 < text.len())
        .map(|(at, _)| at)
        .collect();
    let between_words = |at: &&usize| {
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let before = text.get(..**at).and_then(|head| head.chars().next_back());
        let behind = text.get(**at + 1..).and_then(|rest| rest.chars().next());
        !blank(before) && !blank(behind)
    };
    let late = ends.iter().rev().filter(|at| **at > fits / 2);
    let at = late.clone().find(between_words).or(ends.last())?;
    Some((*at, Seam::Line))
}

/// Where to cut: after the last grapheme that fits.
fn at_grapheme(text: &str, size: usize) -> Option<(usize, Seam)> {
    let at = fitting(text, size);
    (at > 0).then_some((at, Seam::None))
}

/// How many bytes fit, in whole graphemes.
fn fitting(text: &str, size: usize) -> usize {
    let mut left = size;
    let mut fits = 0;
    for grapheme in text.graphemes(true) {
        let Some(less) = left.checked_sub(units(grapheme)) else {
            break;
        };
        left = less;
        fits += grapheme.len();
    }
    fits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(parts: &[TextPart]) -> Vec<&str> {
        parts.iter().map(|part| part.text.as_str()).collect()
    }

    #[test]
    fn a_text_is_split_at_lines_where_it_can_be() {
        let parts = split("ab\ncd\nef", 5, 2).expect("fits");
        assert_eq!(texts(&parts), ["ab\ncd", "ef"]);
        let parts = split("abcdef\ngh", 5, 2).expect("fits");
        assert_eq!(texts(&parts), ["abcde", "f\ngh"]);
        let parts = split("ab\ncdef\ngh", 5, 2).expect("fits");
        assert_eq!(texts(&parts), ["ab\ncd", "ef\ngh"]);
        assert_eq!(split("abcdefghijk", 5, 2), None);
        assert_eq!(split("e\u{301}\u{301}\u{301}", 3, 2), None);
        assert_eq!(texts(&split("", 5, 2).expect("fits")), [""]);
    }

    proptest! {
        #[test]
        fn what_is_split_is_joined_again(
            text in "[a\\n e\u{301}👨\u{200D}]{0,60}",
            size in 1_usize..20,
            most in 1_usize..5,
        ) {
            if let Some(parts) = split(&text, size, most) {
                prop_assert!(!parts.is_empty() && parts.len() <= most);
                for part in &parts {
                    prop_assert!(units(&part.text) <= size);
                }
                prop_assert_eq!(join(parts.into_iter()), text);
            } else {
                prop_assert!(units(&text) > size);
            }
        }

        #[test]
        fn no_grapheme_is_split(text in "[a\\ne\u{301}👨\u{200D}👩]{0,60}", size in 8_usize..20) {
            if let Some(parts) = split(&text, size, 9) {
                let mut at = 0;
                let edges: Vec<_> = text.grapheme_indices(true).map(|(at, _)| at).collect();
                for (number, part) in parts.iter().enumerate() {
                    if number > 0 {
                        at += usize::from(part.seam == Seam::Line);
                        prop_assert!(edges.contains(&at), "{at} in {text:?}");
                    }
                    at += part.text.len();
                }
            }
        }
    }
}
