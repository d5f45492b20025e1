//! The language that is made of English: each letter with a mark, each text a third longer, each message in brackets. What is
//! typed as it stands (`/forum open`, `--tag`, `tag:`) stays as it is.

use std::borrow::Cow;

/// The letters from a to z with marks, each one character.
const SMALL: [char; 26] = [
    'á', 'ƀ', 'ç', 'ð', 'é', 'ƒ', 'ğ', 'ħ', 'í', 'ĵ', 'ķ', 'ł', 'ɱ', 'ñ', 'ó', 'þ', 'ɋ', 'ŕ', 'š',
    'ţ', 'ú', 'ṽ', 'ŵ', 'ẋ', 'ý', 'ž',
];
/// The same of A to Z.
const LARGE: [char; 26] = [
    'Á', 'Ɓ', 'Ç', 'Ð', 'É', 'Ƒ', 'Ğ', 'Ħ', 'Í', 'Ĵ', 'Ķ', 'Ł', 'Ɱ', 'Ñ', 'Ó', 'Þ', 'Ɋ', 'Ŕ', 'Š',
    'Ţ', 'Ú', 'Ṽ', 'Ŵ', 'Ẋ', 'Ý', 'Ž',
];
/// Of so many letters, the first is said twice.
const AGAIN: usize = 3;

/// A piece of a text: its letters with marks, the first of three twice.
pub(super) fn lengthened(text: &str) -> Cow<'_, str> {
    let mut made = String::with_capacity(text.len() * 2);
    let mut letters = 0;
    let mut typed = false;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim();
        // A command's second word belongs to it: `/forum open`.
        typed = is_typed(bare) || (typed && is_part(bare));
        if typed {
            made.push_str(word);
            continue;
        }
        for c in word.chars() {
            let marked = marked(c);
            made.push(marked);
            if marked != c {
                letters += 1;
                if letters % AGAIN == 1 {
                    made.push(marked);
                }
            }
        }
    }
    Cow::Owned(made)
}

/// A message, in brackets where it says anything.
pub(super) fn bracketed(message: &str) -> String {
    match message.chars().any(char::is_alphabetic) {
        true => format!("[{message}]"),
        false => message.to_owned(),
    }
}

fn marked(c: char) -> char {
    let at = |from: char| usize::try_from(u32::from(c) - u32::from(from)).ok();
    let found = match c {
        'a'..='z' => at('a').and_then(|at| SMALL.get(at)),
        'A'..='Z' => at('A').and_then(|at| LARGE.get(at)),
        _ => None,
    };
    found.copied().unwrap_or(c)
}

/// Whether a word is typed as it stands: a command, an option, a filter, a link.
fn is_typed(word: &str) -> bool {
    let command = word.strip_prefix(['/', '!']);
    command.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        || word.starts_with("--")
        || word.contains("://")
        || word.split_once(':').is_some_and(|(key, value)| {
            key.chars().all(|c| c.is_ascii_lowercase()) && !key.is_empty() && !value.is_empty()
        })
}

/// Whether a word is the name of a command's part.
fn is_part(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    ["open", "close", "code", "join", "leave", "which", "forget"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_get_marks_and_length_and_what_is_typed_stays() {
        for (text, made) in [
            ("Answer", "ÁÁñšŵŵéŕ"),
            ("say /forum open there", "ššáý /forum open ţţħéŕŕé"),
            ("+1 · 👍", "+1 · 👍"),
        ] {
            assert_eq!(lengthened(text), made);
        }
        assert_eq!(bracketed("Áñ"), "[Áñ]");
        assert_eq!(bracketed(" · "), " · ");
    }
}
