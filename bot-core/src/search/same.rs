//! Titles that are equal but for what people don't see as a difference: case, accents, punctuation and white space. Pure.

use super::begun::Folding;
use super::spans::spans;

/// A title as it is compared.
pub(super) fn folded(title: &str) -> String {
    let mut folding = Folding::default();
    let words: Vec<String> = spans(title).map(|span| folding.word(span.word)).collect();
    if words.is_empty() {
        // Of signs alone.
        return title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    words.join(" ")
}

/// A number that equal titles have, and hardly any two others.
pub(super) fn number(title: &str) -> u64 {
    let hash = blake3::hash(folded(title).as_bytes());
    let first = hash.as_bytes().first_chunk().copied();
    u64::from_le_bytes(first.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_punctuation_and_white_space_are_no_difference() {
        for title in [
            "What is a café?",
            "what is  a CAFE",
            "What is a Cafe\u{301}…",
            "Ｗｈａｔ is a café",
        ] {
            assert_eq!(folded(title), "what is a cafe");
            assert_eq!(number(title), number("What is a café?"));
        }
        for [one, other] in [["C++ or C?", "C or C#?"], ["???", "!!"], ["a b", "ab"]] {
            assert_ne!(number(one), number(other));
        }
    }
}
