//! Words: the first of a text, those by which something is agreed to, one-time codes.

/// The word by which something is agreed to.
pub const AGREED: &str = "yes";
/// The topic of the help under which all commands are.
pub const ALL_COMMANDS: &str = "all";
/// The word by which something that was asked is declined.
pub const DECLINED: &str = "no";
/// How many letters and digits a one-time code has: about 39 bits, good for half an hour.
pub const CODE: usize = 8;

/// A code as it is kept, however it was typed.
#[must_use]
pub fn code(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// The first word and what follows it, the white space between them dropped but for a line's end.
pub(super) fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (word, rest.trim_start_matches([' ', '\t']))
}
