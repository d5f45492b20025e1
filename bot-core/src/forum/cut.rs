//! Texts that are too long for where they are to stand.

use unicode_segmentation::UnicodeSegmentation;

/// What stands where a text was cut off.
const CUT: &str = "…";

/// The text where it `fits`; else as much of its beginning as fits with `…` behind it, cut off between characters as people see
/// them. What fits must fit with less of it, too.
#[must_use]
pub fn cut(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let mut kept = CUT.to_owned();
    let mut end = 0;
    for grapheme in text.graphemes(true) {
        end += grapheme.len();
        let head = text.get(..end).unwrap_or_default().trim_end();
        let longer = format!("{head}{CUT}");
        if !fits(&longer) {
            break;
        }
        kept = longer;
    }
    kept
}

/// The same in bytes of UTF-8.
#[must_use]
pub fn cut_bytes(text: &str, most: usize) -> String {
    cut(text, |text| text.len() <= most)
}

/// The same in code units of UTF-16, as Discord counts.
#[must_use]
pub fn cut_utf16(text: &str, most: usize) -> String {
    cut(text, |text| text.encode_utf16().count() <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_the_characters_that_people_see() {
        assert_eq!(cut_bytes("keg", 3), "keg");
        assert_eq!(cut_bytes("kegs and so", 8), "kegs…");
        assert_eq!(cut_bytes("kegs", 2), "…");
        // Two code units, four bytes.
        assert_eq!(cut_utf16("🍺🍺", 4), "🍺🍺");
        assert_eq!(cut_utf16("🍺🍺", 3), "🍺…");
        assert_eq!(cut_bytes("👨‍👩‍👧👨‍👩‍👧", 35), "👨‍👩‍👧…");
    }
}
