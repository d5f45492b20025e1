//! What no text on a card may hold. Posts are cleaned when they are written; this catches what comes in by other ways:
//! Markdown's entities (`&#x202E;`), imports, names that platforms hand over.

use crate::forum::may_hold;

/// The text without what may not be shown.
pub(super) fn kept(text: &str) -> String {
    text.chars().filter(|&c| may_hold(c)).collect()
}

/// The same on one line: line ends and tabs become spaces.
pub(super) fn kept_line(text: &str) -> String {
    let spaced = |c| if c == '\n' || c == '\t' { ' ' } else { c };
    text.chars().filter(|&c| may_hold(c)).map(spaced).collect()
}
