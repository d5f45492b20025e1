//! What somebody has typed so far of a title or of words to find one by. Reading it never fails. Pure.

use super::begun::Folding;
use super::near::{EDITS_MAX, Typed};
use super::spans::{SpanKind, spans};
use super::tokens::Stems;

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

/// How a title fits what was typed; what fits better is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TitleFit {
    /// It begins with the words, in their order.
    Opens,
    /// It begins with the first of them.
    Begins,
    /// It has each of them somewhere.
    Holds,
}

/// Holds titles against a draft.
pub struct Fitting<'a> {
    draft: &'a Draft,
    cutter: Cutter,
}

impl Draft {
    /// Reads what was typed so far.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let is_open = typed.ends_with(|c: char| !c.is_whitespace());
        let mut words = Cutter::new().words(typed);
        if let Some(last) = words.last_mut()
            && is_open
        {
            last.typed = Typed::Begun;
        }
        if words.len() > WORDS_MAX {
            let last = words.pop();
            words.truncate(WORDS_MAX - 1);
            words.extend(last);
        }
        Self { words }
    }

    /// Whether there is no word in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.words.is_empty()
    }

    /// Holds titles against it.
    #[must_use]
    pub fn fitting(&self) -> Fitting<'_> {
        Fitting {
            draft: self,
            cutter: Cutter::new(),
        }
    }
}

impl Fitting<'_> {
    /// How a title fits: none where it lacks one of the words, with the typing errors that this may have.
    pub fn fit(&mut self, title: &str) -> Option<TitleFit> {
        let known = self.cutter.words(title);
        let wholes = self.cutter.wholes(title);
        let words = &self.draft.words;
        let is_known = |word: &DraftWord| {
            let mut known = known.iter().chain(wholes.iter().map(|(_, whole)| whole));
            known.any(|known| word.is_near(known))
        };
        let opens = known.len() >= words.len()
            && words
                .iter()
                .zip(&known)
                .all(|(word, known)| word.is_near(known));
        if opens {
            return Some(TitleFit::Opens);
        }
        if !words.iter().all(is_known) {
            return None;
        }
        let at_first = wholes.iter().filter(|(position, _)| *position == 0);
        let mut first = known.iter().take(1).chain(at_first.map(|(_, whole)| whole));
        match words.first() {
            Some(word) if first.any(|known| word.is_near(known)) => Some(TitleFit::Begins),
            _ => Some(TitleFit::Holds),
        }
    }
}

/// Cuts texts into words.
struct Cutter {
    folding: Folding,
    stems: Stems,
}

impl Cutter {
    fn new() -> Self {
        Self {
            folding: Folding::default(),
            stems: Stems::new(),
        }
    }

    /// The words of a text, each whole.
    fn words(&mut self, text: &str) -> Vec<DraftWord> {
        let words = self.spans(text, SpanKind::Word).into_iter();
        words.map(|(_, word)| word).collect()
    }

    /// What is made of several words, with how many come before it.
    fn wholes(&mut self, text: &str) -> Vec<(usize, DraftWord)> {
        self.spans(text, SpanKind::Whole)
    }

    fn spans(&mut self, text: &str, kind: SpanKind) -> Vec<(usize, DraftWord)> {
        let begin = text.floor_char_boundary(LOOKED_AT);
        spans(text.get(..begin).unwrap_or_default())
            .filter(|span| span.kind == kind)
            .map(|span| {
                let word = DraftWord {
                    folded: self.folding.word(span.word),
                    stem: self.stems.stem(span.word).to_owned(),
                    typed: Typed::Whole,
                };
                (span.position, word)
            })
            .filter(|(_, word)| !word.folded.is_empty())
            .collect()
    }
}

impl DraftWord {
    /// How many typing errors it may have.
    pub fn errors(&self) -> u8 {
        errors_in(&self.folded)
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

/// How many typing errors a word may have: none with a number in it, which another number is near to.
pub(super) fn errors_in(word: &str) -> u8 {
    if word.contains(char::is_numeric) {
        return 0;
    }
    match word.chars().count() {
        TWO_ERRORS.. => EDITS_MAX,
        ONE_ERROR.. => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(typed: &str, title: &str) -> Option<TitleFit> {
        Draft::parse(typed).fitting().fit(title)
    }

    fn fits(typed: &str, title: &str) -> bool {
        fit(typed, title).is_some()
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
    fn what_is_typed_in_one_fits_what_is_written_with_a_hyphen() {
        for typed in ["wifi", "wif", "my wi", "slow wifi ", "l'eau", "c#"] {
            let title = "My Wi-Fi is slow in l'eau, says C#";
            assert!(fits(typed, title), "{typed}");
        }
        assert_eq!(fit("wif", "Wi-Fi at home"), Some(TitleFit::Begins));
        assert!(!fits("c++", "My C# code"));
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
        for typed in ["how", "how do", "how do i cl", "how do i claen", "h"] {
            assert_eq!(fit(typed, title), Some(TitleFit::Opens), "{typed}");
        }
        for typed in ["how clean", "how tap do "] {
            assert_eq!(fit(typed, title), Some(TitleFit::Begins), "{typed}");
        }
        for typed in ["do how", "clean", "tap how"] {
            assert_eq!(fit(typed, title), Some(TitleFit::Holds), "{typed}");
        }
        for typed in ["hwo", "how do i clean a tap that leaks"] {
            assert_eq!(fit(typed, title), None, "{typed}");
        }
    }
}
