//! What somebody gave with a command, however they did.

use super::target::{ListOrder, Target};
use super::words::{AGREED, code};

/// What follows a command, taken apart: by the parser of text, or from the options of a platform's own commands. Texts are as they
/// were written; the rules check them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Which post.
    pub post: Option<Target>,
    /// A title.
    pub title: Option<String>,
    /// A text, or the words to search for.
    pub text: Option<String>,
    /// The number of a page.
    pub page: Option<u32>,
    /// Which questions are listed.
    pub order: Option<ListOrder>,
    /// Which tag, or how it begins; in lower case.
    pub tag: Option<String>,
    /// What help is wanted about.
    pub topic: Option<String>,
    /// A question's tags.
    pub tags: Option<Vec<String>>,
    /// Why something is changed.
    pub reason: Option<String>,
    /// Which part of a command of several.
    pub part: Option<&'static str>,
    /// A one-time code, as it is kept.
    pub code: Option<String>,
    /// Which forum, by its own name.
    pub which: Option<String>,
    /// Whether what was asked is agreed to.
    pub agrees: bool,
}

impl Given {
    /// The page, from 1.
    #[must_use]
    pub fn page(&self) -> u32 {
        self.page.unwrap_or(1).max(1)
    }

    /// Takes a code, however it was typed; one without letters and digits is none.
    pub fn set_code(&mut self, typed: &str) {
        self.code = Some(code(typed)).filter(|code| !code.is_empty());
    }

    /// Takes the word by which something is agreed to; gives whether it was that word.
    pub fn set_agrees(&mut self, word: &str) -> bool {
        let agrees = word.eq_ignore_ascii_case(AGREED);
        self.agrees |= agrees;
        agrees
    }
}
