//! What no text on a card may hold. Posts are cleaned when they are written; this catches what comes in by other ways:
//! Markdown's entities (`&#x202E;`), imports, names that platforms hand over.

use crate::forum::may_hold;

/// The text without what may not be shown.
pub(super) fn kept(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    text.chars().filter(|&c| may_hold(c)).collect()
}

/// The same on one line: line ends and tabs become spaces.
pub(super) fn kept_line(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let spaced = |c| if c == '\n' || c == '\t' { ' ' } else { c };
    text.chars().filter(|&c| may_hold(c)).map(spaced).collect()
}

/// Whether a text is of characters that ASCII prints, all of which may be shown: most are.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
