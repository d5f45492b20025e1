//! Keeps the parser fast: for each line it looks at every quote and list that is open, so a single line that opens
//! thousands of them would cost a second. What a person writes opens a handful.

use std::borrow::Cow;

/// The most quotes and list items that one line may open; what follows them is text.
const MARKERS: usize = 32;

/// The Markdown with no line that opens more than [`MARKERS`] quotes and list items: the next marker is escaped.
pub(super) fn bounded(text: &str) -> Cow<'_, str> {
    if !text.split('\n').any(|line| excess(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut bounded = String::with_capacity(text.len() + text.len() / MARKERS);
    for line in text.split_inclusive('\n') {
        let (before, after) = excess(line)
            .and_then(|at| line.split_at_checked(at))
            .map_or((line, None), |(before, after)| (before, Some(after)));
        bounded.push_str(before);
        if let Some(after) = after {
            bounded.push('\\');
            bounded.push_str(after);
        }
    }
    Cow::Owned(bounded)
}

/// Where the first marker too many is to be escaped, if a line has one.
fn excess(line: &str) -> Option<usize> {
    if is_rule(line) {
        return None;
    }
    let mut rest = line;
    let mut markers = 0;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mut after = rest.chars().skip(digits);
        let marker = after.next()?;
        let spaced = after.next().is_none_or(char::is_whitespace);
        let opens = match marker {
            '>' => digits == 0,
            '-' | '+' | '*' => digits == 0 && spaced,
            '.' | ')' => (1..=9).contains(&digits) && spaced,
            _ => false,
        };
        if !opens {
            return None;
        }
        markers += 1;
        if markers > MARKERS {
            return Some(line.len() - rest.len() + digits);
        }
        rest = rest.get(digits + marker.len_utf8()..)?;
    }
}

/// Whether the line is a rule: only stars or only dashes, spaces between them.
fn is_rule(line: &str) -> bool {
    ['*', '-']
        .iter()
        .any(|&mark| line.chars().all(|c| c == mark || c.is_whitespace()) && line.contains(mark))
}
