//! Names of people: what is shown of the name that somebody gave themselves, and which names look the same.
//!
//! The rules are in *Names* of the forum's rules. Which characters look alike is Unicode's (UTS 39, `confusables.txt`).

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton as prototypes;

use super::cut::cut_bytes;
use super::post::{is_blank, one_line};

/// The most bytes of a name that are shown; what is cut off tells nobody apart.
const MOST: usize = 240;

/// Signs that the bot sets on cards, and those that are drawn like them: accepted, closed, flagged, a warning, votes.
const SIGNS: &[char] = &[
    '✅', '☑', '✔', '✓', '🗸', '🗹', '🔒', '🔓', '🔏', '🔐', '🚩', '⚠', '👍', '👎',
];

/// Words that the bot alone puts in brackets behind a name: platforms and roles.
const IN_BRACKETS: &[&str] = &[
    "discord",
    "matrix",
    "terminal",
    "mod",
    "mods",
    "moderator",
    "admin",
    "administrator",
    "owner",
    "helper",
    "staff",
    "bot",
    "app",
    "official",
    "verified",
];

/// Brackets as they are drawn, opened and closed, once width and look-alikes are folded.
const BRACKETS: &[(char, char)] = &[
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('⟨', '⟩'),
    ('«', '»'),
    ('‹', '›'),
    ('「', '」'),
    ('『', '』'),
    ('【', '】'),
    ('〖', '〗'),
    ('〘', '〙'),
    ('〚', '〛'),
    ('《', '》'),
];

/// What a person is called where something of theirs is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// The name as [`own_name`] leaves it; empty where nobody knows it. Written by people: escape it.
    pub name: String,
    /// The account, where the name alone does not say who is meant: somebody else in the forum looks the same.
    pub account: Option<AccountName>,
}

impl From<&str> for PersonName {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            account: None,
        }
    }
}

/// An account under the name that only one account of its platform has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountName {
    /// A Matrix id, a Discord username. Written by people: escape it.
    pub account: String,
    /// The platform's name.
    pub platform: String,
}

/// What is shown of a name that somebody gave themselves: on one line, without the marks that the bot sets (its signs, its
/// separator, a platform or role in brackets), round brackets as square ones, since an account stands in round ones. Empty where
/// nothing of it is to be seen.
#[must_use]
pub fn own_name(name: &str) -> String {
    match is_plain(name) {
        true => name.to_owned(),
        false => without_marks(name),
    }
}

fn without_marks(name: &str) -> String {
    let name = without_brackets(&without_signs(&one_line(name)));
    let words: Vec<&str> = name
        .split_whitespace()
        .filter(|word| !is_separator(word))
        .collect();
    let shown = cut_bytes(&words.join(" "), MOST);
    if shown.chars().all(is_blank) {
        return String::new();
    }
    shown
}

/// A text that is equal for names that look the same: case, width and look-alikes folded, invisible signs left out. It is for comparing
/// only. Some names that look different have the same (`Ali`, `AIi` and `alj` are not all told apart from `ali`); never the other way
/// round, as far as Unicode's list of look-alikes goes.
#[must_use]
pub fn skeleton(shown: &str) -> String {
    let visible: String = shown
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| c == ' ' || !is_blank(c))
        .collect();
    // Look-alikes come before case and after it: `I` looks like `l` and is an `i`; `M` looks like nothing else, `m` like `rn`.
    let folded: String = visible.nfkc().collect();
    let folded: String = prototypes(&folded).collect::<String>().to_lowercase();
    let folded: String = prototypes(&folded)
        .map(|c| if c == 'i' { 'l' } else { c })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The skeleton of what a person is shown as: their own name, or their account where that shows nothing.
#[must_use]
pub fn person_skeleton(name: &str, account: &str) -> String {
    let shown = own_name(name);
    skeleton(if shown.is_empty() { account } else { &shown })
}

/// Whether a name is words of ASCII letters and digits with one space between them, of which nothing has to go: most are.
fn is_plain(name: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    name.len() <= MOST && name.split(' ').all(is_word)
}

/// The name without the bot's signs, and without what says whether those are drawn in colour.
fn without_signs(name: &str) -> String {
    let mut kept = String::new();
    let mut dropped = false;
    for c in name.chars() {
        dropped = SIGNS.contains(&c) || dropped && matches!(c, '\u{FE0E}' | '\u{FE0F}');
        if !dropped {
            kept.push(c);
        }
    }
    kept
}

/// Whether a word is but the dots that stand between the facts of a card.
fn is_separator(word: &str) -> bool {
    let dot = prototypes("·").next();
    prototypes(word).all(|c| Some(c) == dot)
}

/// The name without what stands in brackets and is the bot's to say; other round brackets become square.
fn without_brackets(name: &str) -> String {
    let mut kept = String::new();
    let mut rest = name;
    while let Some((at, bracket, kind)) = opened(rest) {
        let (before, behind) = rest.split_at(at);
        let behind = behind.get(bracket.len_utf8()..).unwrap_or_default();
        let (inside, ending, after) = closed(behind, kind);
        kept.extend(before.chars().map(unclosed));
        if says_who(inside) {
            kept.push(' ');
        } else {
            let round = kind == ('(', ')');
            kept.push(if round { '[' } else { bracket });
            kept.push_str(&without_brackets(inside));
            kept.extend(ending.map(|ending| if round { ']' } else { ending }));
        }
        rest = after;
    }
    kept.extend(rest.chars().map(unclosed));
    kept
}

/// A round bracket that closes nothing becomes square too.
fn unclosed(c: char) -> char {
    if plain_bracket(c) == ')' { ']' } else { c }
}

/// The first bracket that opens: where, itself, and its kind.
fn opened(text: &str) -> Option<(usize, char, (char, char))> {
    text.char_indices().find_map(|(at, c)| {
        let plain = plain_bracket(c);
        let kind = BRACKETS.iter().find(|(open, _)| *open == plain)?;
        Some((at, c, *kind))
    })
}

/// What is inside a group that was opened, the bracket that closes it, and what comes behind; all is inside where none does.
fn closed(text: &str, (open, close): (char, char)) -> (&str, Option<char>, &str) {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        let plain = plain_bracket(c);
        if plain == open {
            depth += 1;
        } else if plain == close && depth == 0 {
            let (inside, behind) = text.split_at(at);
            return (
                inside,
                Some(c),
                behind.get(c.len_utf8()..).unwrap_or_default(),
            );
        } else if plain == close {
            depth -= 1;
        }
    }
    (text, None, "")
}

/// A bracket as its plain form: `（` is `(`, and so are the ornamental, small and raised ones.
fn plain_bracket(c: char) -> char {
    let folded = std::iter::once(c).nfkc().next().unwrap_or(c);
    match folded {
        '❨' | '❪' | '⟮' | '⦅' | '⸨' | '❲' | '〔' | '﴾' => '(',
        '❩' | '❫' | '⟯' | '⦆' | '⸩' | '❳' | '〕' | '﴿' => ')',
        '❴' => '{',
        '❵' => '}',
        '⟦' => '[',
        '⟧' => ']',
        '〈' | '❬' | '❮' | '❰' | '\u{2329}' => '⟨',
        '〉' | '❭' | '❯' | '❱' | '\u{232A}' => '⟩',
        _ => folded,
    }
}

/// Whether brackets say of a name what only the bot says: a platform, a role, an account.
fn says_who(inside: &str) -> bool {
    if inside.contains(['@', '\u{FF20}', '\u{FE6B}']) {
        return true;
    }
    let folded = skeleton(inside);
    folded
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| IN_BRACKETS.iter().any(|mark| skeleton(mark) == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_have_one_skeleton() {
        let plain = skeleton("mira");
        for same in [
            "Mira",
            "MIRA",
            "ｍｉｒａ",
            "mіra",
            "𝐦𝐢𝐫𝐚",
            "mi\u{200B}ra",
            "\u{2060}mira\u{FE0F}",
            "mi\u{AD}ra\u{E0041}",
            "rnira",
            "mlra",
            "m1ra",
            "mira\u{3164}",
            "  mira\u{A0}",
        ] {
            assert_eq!(skeleton(&own_name(same)), plain, "{same:?}");
        }
        assert_eq!(skeleton("ΑΒΒΟ"), skeleton("abbo"));
        assert_eq!(skeleton("IVY"), skeleton("lvy"));
        for other in ["mirra", "mir", "mora", "mira b", "sol"] {
            assert_ne!(skeleton(other), plain, "{other:?}");
        }
    }

    #[test]
    fn nobodys_own_name_carries_a_mark_of_the_bots() {
        for (given, shown) in [
            ("owner (Discord)", "owner"),
            ("owner （Dіscord）", "owner"),
            ("owner [MATRIX]", "owner"),
            ("owner 【moderator】 x", "owner x"),
            ("owner (ada on Discord", "owner"),
            ("mira (@mira:example.org)", "mira"),
            ("mira ((@mira:example.org))", "mira"),
            (
                "mod · ✅ Accepted answer by staff",
                "mod Accepted answer by staff",
            ),
            ("mod • x", "mod x"),
            ("✅✔️ sol", "sol"),
            ("mira (she/her)", "mira [she/her]"),
            ("mira ❨she/her❩", "mira [she/her]"),
            ("mira) x (", "mira] x ["),
            ("mira [she/her]", "mira [she/her]"),
            ("Marcel·lí", "Marcel·lí"),
            ("Ada Lovelace", "Ada Lovelace"),
        ] {
            assert_eq!(own_name(given), shown, "{given:?}");
        }
    }

    #[test]
    fn nothing_has_to_go_of_a_plain_name() {
        for given in [
            "a",
            "mira",
            "Ada Lovelace 2",
            "mod app bot",
            &"a".repeat(MOST),
        ] {
            assert!(is_plain(given), "{given:?}");
            assert_eq!(without_marks(given), given);
        }
        for given in [
            "",
            " a",
            "a ",
            "a  b",
            "a.b",
            "é",
            "a\tb",
            &"a".repeat(MOST + 1),
        ] {
            assert!(!is_plain(given), "{given:?}");
        }
    }

    #[test]
    fn a_name_of_nothing_visible_is_none() {
        for given in [
            "",
            " ",
            "\u{200B}\u{2060}",
            "\u{3164}",
            "⠀",
            "✅",
            "(Discord)",
            "·",
            "\u{202E}\u{E0020}",
        ] {
            assert_eq!(own_name(given), "", "{given:?}");
        }
        assert_eq!(
            person_skeleton("\u{3164}", "@mira:example.org"),
            person_skeleton("@mira:example.org", "@other:example.org")
        );
    }

    #[test]
    fn a_long_name_is_compared_as_far_as_it_is_shown() {
        let (one, other) = ("a".repeat(400), format!("{}b", "a".repeat(300)));
        assert_eq!(skeleton(&own_name(&one)), skeleton(&own_name(&other)));
        assert!(own_name(&one).len() < 250);
    }
}
