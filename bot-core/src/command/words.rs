//! Words: the first of a text, those by which something is agreed to, those of a language, one-time codes.

use super::target::ListOrder;

/// The word by which something is agreed to.
pub const AGREED: &str = "yes";
/// The topic of the help under which all commands are.
pub const ALL_COMMANDS: &str = "all";
/// The word by which something that was asked is declined.
pub const DECLINED: &str = "no";
/// How many letters and digits a one-time code has: about 39 bits, good for half an hour.
pub const CODE: usize = 8;

/// What a language has for the words that are typed behind commands. The English ones are understood besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWords {
    agreed: String,
    declined: String,
    /// In the order of [`ListOrder::ALL`].
    orders: [String; 4],
}

impl OwnWords {
    /// By what there is for each English word.
    pub fn new(of: impl Fn(&str) -> String) -> Self {
        Self {
            agreed: of(AGREED),
            declined: of(DECLINED),
            orders: ListOrder::ALL.map(|order| of(order.name())),
        }
    }

    /// The word by which something is agreed to.
    #[must_use]
    pub fn agreed(&self) -> &str {
        &self.agreed
    }

    /// The word by which something that was asked is declined.
    #[must_use]
    pub fn declined(&self) -> &str {
        &self.declined
    }

    /// The word for a list.
    #[must_use]
    pub fn order(&self, order: ListOrder) -> &str {
        let mut all = ListOrder::ALL.iter().zip(&self.orders);
        let found = all.find(|(one, _)| **one == order);
        found.map_or(order.name(), |(_, word)| word)
    }

    /// Whether something is agreed to by a word, in any case.
    #[must_use]
    pub fn agrees(&self, word: &str) -> bool {
        is(word, AGREED) || is(word, &self.agreed)
    }

    /// Whether something is declined by a word, in any case.
    #[must_use]
    pub fn declines(&self, word: &str) -> bool {
        is(word, DECLINED) || is(word, &self.declined)
    }

    /// The list that a word means, in any case.
    #[must_use]
    pub fn ordered(&self, word: &str) -> Option<ListOrder> {
        let mut own = ListOrder::ALL.iter().zip(&self.orders);
        let own = own.find(|(_, own)| is(word, own));
        let own = own.map(|(order, _)| *order);
        own.or_else(|| ListOrder::named(&word.to_lowercase()))
    }
}

/// Whether a word is this one, in any case.
fn is(word: &str, this: &str) -> bool {
    let small = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    word.eq_ignore_ascii_case(this) || small(word) == small(this)
}

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
