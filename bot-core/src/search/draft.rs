//! What somebody has typed so far of a title or of words to find one by. Reading it never fails. Pure.

use super::begun::Folding;
use super::near::{EDITS_MAX, Typed};
use super::tokens::{Kind, Stems, spans};

/// How many words are looked at: the first ones and the last.
const WORDS_MAX: usize = 12;
/// How many bytes of a text are looked at; a title has at most 120 characters.
const LOOKED_AT: usize = 2_000;
/// From so many characters on, a word may have one typing error.
const ONE_ERROR: usize = 4;
/// From so many on, two.
const TWO_ERRORS: usize = 8;

/// Words of a title that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub(super) words: Vec<DraftWord>,
}

/// One of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DraftWord {
    /// Lower case, without accents.
    pub folded: String,
    pub stem: String,
    /// The last one is still being typed, unless something stands behind it.
    pub typed: Typed,
}

impl Draft {
    /// Reads what was typed so far.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let typed = match typed.char_indices().nth(LOOKED_AT) {
            Some((end, _)) => typed.get(..end).unwrap_or_default(),
            None => typed,
        };
        let is_open = typed.ends_with(|c: char| !c.is_whitespace());
        let (mut folding, mut stems) = (Folding::new(), Stems::new());
        let mut words: Vec<DraftWord> = spans(typed)
            .filter(|span| span.kind == Kind::Word)
            .map(|span| DraftWord {
                folded: folding.word(span.word),
                stem: stems.stem(span.word).to_owned(),
                typed: Typed::Whole,
            })
            .filter(|word| !word.folded.is_empty())
            .collect();
        let last = words.pop();
        words.truncate(WORDS_MAX - 1);
        words.extend(last.map(|last| DraftWord {
            typed: if is_open { Typed::Begun } else { Typed::Whole },
            ..last
        }));
        Self { words }
    }

    /// Whether there is no word in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether each of the words, with the typing errors it may have, is in a title.
    #[must_use]
    pub fn fits(&self, title: &str) -> bool {
        let known = Self::parse(title).words;
        let is_known = |word: &DraftWord| known.iter().any(|known| word.is_near(known));
        self.words.iter().all(is_known)
    }

    /// Whether a title begins with the words, in their order.
    #[must_use]
    pub fn opens(&self, title: &str) -> bool {
        let known = Self::parse(title).words;
        known.len() >= self.words.len()
            && self
                .words
                .iter()
                .zip(&known)
                .all(|(word, known)| word.is_near(known))
    }

    /// The most typing errors that a word of it may have.
    pub(super) fn errors(&self) -> u8 {
        self.words.iter().map(DraftWord::errors).max().unwrap_or(0)
    }
}

impl DraftWord {
    /// How many typing errors it may have: none in a number, which another number is near to.
    pub fn errors(&self) -> u8 {
        if self.folded.contains(|c: char| c.is_numeric()) {
            return 0;
        }
        match self.folded.chars().count() {
            TWO_ERRORS.. => EDITS_MAX,
            ONE_ERROR.. => 1,
            _ => 0,
        }
    }

    /// Whether it may mean a word of a title.
    fn is_near(&self, known: &DraftWord) -> bool {
        if self.stem == known.stem {
            return true;
        }
        let errors = usize::from(self.errors());
        let is_within = |one: &str, other: &str| strsim::osa_distance(one, other) <= errors;
        match self.typed {
            Typed::Whole => {
                is_within(&self.stem, &known.stem) || is_within(&self.folded, &known.folded)
            }
            Typed::Begun if errors == 0 => known.folded.starts_with(&self.folded),
            Typed::Begun => {
                let length = self.folded.chars().count();
                let ends = known.folded.char_indices().map(|(at, c)| at + c.len_utf8());
                ends.skip(length.saturating_sub(errors + 1))
                    .take(2 * errors + 1)
                    .filter_map(|end| known.folded.get(..end))
                    .any(|begin| is_within(&self.folded, begin))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(typed: &str, title: &str) -> bool {
        Draft::parse(typed).fits(title)
    }

    #[test]
    fn words_fit_in_any_order_with_the_last_one_begun() {
        let title = "How long does an opened keg of Café Stout last?";
        for typed in [
            "",
            "?",
            "h",
            "how lo",
            "keg open",
            "opened keg ",
            "cafe",
            "stouts ",
            "LAST kE",
        ] {
            assert!(fits(typed, title), "{typed}");
        }
        for typed in ["ke ", "how long is", "ow", "egk", "x"] {
            assert!(!fits(typed, title), "{typed}");
        }
    }

    #[test]
    fn typing_errors_are_few_in_short_words_and_none_in_numbers() {
        let title = "Fermenting lager in 2024";
        for typed in [
            "lagre",
            "lager",
            "alger",
            "fermetning",
            "fremetning ",
            "ferx",
            "in 20",
        ] {
            assert!(fits(typed, title), "{typed}");
        }
        for typed in ["lxgxr", "on", "2025", "fxrmxntxng", "fxx"] {
            assert!(!fits(typed, title), "{typed}");
        }
    }

    #[test]
    fn a_title_is_opened_by_words_in_their_order() {
        let title = "How do I clean a tap?";
        for typed in ["how", "how do", "how do i cl", "hwo", "how do i claen"] {
            assert_eq!(Draft::parse(typed).opens(title), typed != "hwo", "{typed}");
        }
        for typed in ["do how", "clean", "how do i clean a tap that leaks"] {
            assert!(!Draft::parse(typed).opens(title), "{typed}");
        }
    }
}
