//! Text that stays text: what would be a mark is escaped, and no more than that.

/// Where a piece of text stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// What is written before it; none at the start of a line.
    pub(super) before: Option<char>,
    /// What follows it; none where that may be anything. Space at the end.
    pub(super) after: Option<char>,
    /// Whether it is shown for a link.
    pub(super) in_link: bool,
    /// Whether it is a cell of a table.
    pub(super) in_cell: bool,
    /// Whether whatever could be a mark is escaped.
    pub(super) guarded: bool,
}

/// Adds a text without line ends.
pub(super) fn escaped(text: &str, place: Place, out: &mut String) {
    let opener = match place.before {
        None => opener(text, place.after),
        Some(_) => None,
    };
    let mut before = place.before;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|&(_, next)| next).or(place.after);
        let rest = text.get(at..).unwrap_or_default();
        if opener == Some(at) || is_mark(c, before, after, rest, place) {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
}

/// Whether a character would be read as a mark.
fn is_mark(c: char, before: Option<char>, after: Option<char>, rest: &str, place: Place) -> bool {
    if !c.is_ascii_punctuation() {
        return false;
    }
    let is = |side: Option<char>, what: fn(char) -> bool| side.is_some_and(what);
    let apart = is(before, char::is_whitespace) && is(after, char::is_whitespace);
    let inside = is(before, char::is_alphanumeric) && is(after, char::is_alphanumeric);
    match c {
        _ if place.guarded => true,
        '\\' => after.is_none_or(|c| c.is_ascii_punctuation() || c == '\n'),
        '`' => true,
        '*' => !apart,
        '_' => !apart && !inside,
        // One that follows a space can only open; if none can close, none does anything.
        '~' => is(before, |c| !c.is_whitespace()),
        '<' => after.is_none_or(|c| c.is_ascii_alphabetic() || "/!?".contains(c)),
        '&' => is_reference(rest),
        '[' => place.in_link,
        ']' => place.in_link || after.is_none_or(|c| "([:".contains(c)),
        '!' => after.is_none_or(|c| c == '['),
        '|' => place.in_cell || before == Some('|') || after == Some('|'),
        _ => false,
    }
}

/// Whether a text begins with what could be a character reference.
pub(super) fn is_reference(text: &str) -> bool {
    let mut name = text.chars().skip(1).take(33);
    let mut named = false;
    name.find(|&c| {
        let part = c.is_ascii_alphanumeric() || c == '#';
        named |= part;
        !part
    }) == Some(';')
        && named
}

/// Which character makes a heading, list, quote or rule of the line that a text begins.
fn opener(text: &str, after: Option<char>) -> Option<usize> {
    let first = text.chars().next()?;
    // What follows the first characters that are alike.
    let run = text.trim_start_matches(first);
    let count = text.len() - run.len();
    let ends = |rest: &str| {
        let next = rest.chars().next().or(after);
        next.is_none_or(char::is_whitespace)
    };
    let second = text.get(first.len_utf8()..).unwrap_or_default();
    match first {
        '#' => (count <= 6 && ends(run)).then_some(0),
        '>' => Some(0),
        '+' => ends(second).then_some(0),
        '-' => (ends(second) || run.trim().is_empty()).then_some(0),
        '=' => run.trim().is_empty().then_some(0),
        '0'..='9' => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = text.len() - rest.len();
            let dot = rest.strip_prefix(['.', ')'])?;
            (digits <= 9 && ends(dot)).then_some(digits)
        }
        _ => None,
    }
}
