//! What no text on a card may hold. Posts are cleaned when they are written; this catches what comes in by other ways:
//! Markdown's entities (`&#x202E;`), imports, names that platforms hand over.

/// Whether a character may be shown: no control character but tab and newline, none that turns the direction of the
/// text around it or marks an object that is not there, none for private use. The same that [`crate::forum::clean`] keeps.
pub(super) fn shown(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => false,
        '\u{E000}'..='\u{F8FF}' | '\u{FFF9}'..='\u{FFFC}' => false,
        _ => !c.is_control(),
    }
}

/// The text without what may not be shown.
pub(super) fn kept(text: &str) -> String {
    text.chars().filter(|&c| shown(c)).collect()
}

/// The same on one line: line ends and tabs become spaces.
pub(super) fn kept_line(text: &str) -> String {
    let spaced = |c| if c == '\n' || c == '\t' { ' ' } else { c };
    text.chars().filter(|&c| shown(c)).map(spaced).collect()
}
