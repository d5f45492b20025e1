//! What can be said besides on a command's first line: `--tag a,b`.
//!
//! An option is a word that begins with `--` and a known name, in any case; or with a dash, which some keyboards make of `--`. Its value
//! stands behind a space or `=`.

use super::declaration::Opt;
use super::given::Given;
use super::words::first_word;

/// What is wrong with an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongOption {
    /// The command has none of this name.
    Unknown {
        /// The one that may have been meant.
        near: Option<Opt>,
    },
    /// Nothing stands behind it.
    Empty,
}

/// Names that people give to an option that has another.
const MEANT: &[(&str, Opt)] = &[
    ("label", Opt::Tag),
    ("labels", Opt::Tag),
    ("topic", Opt::Tag),
    ("category", Opt::Tag),
    ("headline", Opt::Title),
    ("subject", Opt::Title),
    ("why", Opt::Reason),
    ("because", Opt::Reason),
    ("summary", Opt::Reason),
];

/// How many letters the name of an option has at most that a mistyped one is compared with.
const LONGEST: usize = 8;

/// Takes the options that a command knows out of its first line; what stands before and behind one stays apart. What is wrong with the
/// first that can't be meant so is said in `wrong`; what looks like an option and is like none that is known stays where it is.
pub(super) fn take_options(
    known: &[Opt],
    line: &str,
    given: &mut Given,
    wrong: &mut Option<(String, WrongOption)>,
) -> String {
    let mut kept = String::new();
    let mut left = line;
    let mut quotes = Quotes::default();
    while let Some(found) = next_option(left) {
        let (before, value) = (found.before, found.value);
        let Some(option) = found.among(known) else {
            if let Some(near) = found.near(known) {
                let near = Some(near);
                wrong.get_or_insert_with(|| (found.said(), WrongOption::Unknown { near }));
            }
            let end = left.len() - found.behind.len();
            let (unknown, rest) = left.split_at_checked(end).unwrap_or((left, ""));
            kept.push_str(unknown);
            left = rest;
            continue;
        };
        kept.push_str(before);
        let value = value.trim_start();
        if value.is_empty() || at_option(value).is_some() {
            wrong.get_or_insert_with(|| (found.said(), WrongOption::Empty));
        }
        left = match option {
            Opt::Tag => tags(value, &mut quotes, given.tags.get_or_insert_default()),
            Opt::Title => text_value(value, &mut quotes, &mut given.title),
            Opt::Reason => text_value(value, &mut quotes, &mut given.reason),
        };
        let is_apart = kept.ends_with(char::is_whitespace) || left.starts_with(char::is_whitespace);
        if !kept.is_empty() && !left.is_empty() && !is_apart {
            kept.push(' ');
        }
    }
    kept.push_str(left);
    kept
}

/// What looks like an option at the beginning of the first line.
pub(super) fn option_at_start(text: &str, known: &[Opt]) -> Option<(String, WrongOption)> {
    let text = text.trim_start_matches([' ', '\t']);
    let found = at_option(text).or_else(|| behind_dash(text))?;
    let is_named = found.name.starts_with(char::is_alphanumeric);
    let near = found.near(known);
    is_named.then(|| (found.said(), WrongOption::Unknown { near }))
}

/// Something that looks like an option.
struct Found<'a> {
    /// What stands before it.
    before: &'a str,
    /// Its dashes.
    dashes: &'a str,
    /// Its name.
    name: &'a str,
    /// What stands behind its dashes.
    behind: &'a str,
    /// What stands behind its name.
    value: &'a str,
}

impl Found<'_> {
    /// As it was said, without its value.
    fn said(&self) -> String {
        format!("{}{}", self.dashes, self.name)
    }

    /// The option of this name.
    fn among(&self, known: &[Opt]) -> Option<Opt> {
        let is = |name: &str| self.name.eq_ignore_ascii_case(name);
        let named = |option: &Opt| is(option.name()) || *option == Opt::Tag && is("tags");
        known.iter().copied().find(named)
    }

    /// The option that may have been meant by another name.
    fn near(&self, known: &[Opt]) -> Option<Opt> {
        if self.dashes != "--" || self.name.len() > LONGEST {
            return None;
        }
        let name = self.name.to_lowercase();
        let meant = MEANT.iter().find(|(other, _)| *other == name);
        let meant = meant.map(|(_, option)| *option);
        let is_near = |option: &Opt| {
            let known = option.name();
            let wrong = (known.len() / 3).max(1);
            let letters = |word: &str| {
                let mut letters: Vec<char> = word.chars().collect();
                letters.sort_unstable();
                letters
            };
            // Many words are like a short one: one letter too many, or in another order.
            let is_like =
                known.len() > 4 || name.len() > known.len() || letters(&name) == letters(known);
            is_like && strsim::osa_distance(&name, known) <= wrong
        };
        let mut near = known.iter().copied().filter(is_near);
        meant
            .filter(|option| known.contains(option))
            .or_else(|| near.next())
    }
}

/// The next word that looks like an option: at the beginning of the line, or behind white space.
fn next_option(line: &str) -> Option<Found<'_>> {
    if let Some(found) = at_option(line) {
        return Some(found);
    }
    let dashes = line.match_indices([' ', '\t']);
    dashes
        .filter_map(|(at, space)| {
            let (before, word) = line.split_at_checked(at + space.len())?;
            let before = before.strip_suffix(space)?;
            Some(Found {
                before,
                ..at_option(word)?
            })
        })
        .next()
}

/// The option that a text begins with: two hyphens and whatever follows, or a dash and a name that an option has.
fn at_option(text: &str) -> Option<Found<'_>> {
    match text.strip_prefix("--") {
        Some(behind) => found(text, behind),
        None => behind_dash(text).filter(|found| found.among(&Opt::ALL).is_some()),
    }
}

/// What looks like an option behind a dash.
fn behind_dash(text: &str) -> Option<Found<'_>> {
    found(text, text.strip_prefix(['—', '–'])?)
}

/// What looks like an option at the beginning of a text; `behind` is what follows its dashes.
fn found<'a>(text: &'a str, behind: &'a str) -> Option<Found<'a>> {
    let (dashes, _) = text.split_at_checked(text.len() - behind.len())?;
    let (word, _) = first_word(behind);
    let name = word.split('=').next().unwrap_or(word);
    let value = behind.strip_prefix(name).unwrap_or_default();
    Some(Found {
        before: "",
        dashes,
        name,
        behind,
        value: value.strip_prefix('=').unwrap_or(value),
    })
}

/// Whether a closing quote is still to come: where one was not found, none is looked for again.
#[derive(Default)]
struct Quotes {
    unclosed: bool,
}

impl Quotes {
    /// What stands between quotes at the beginning, and what follows.
    fn split<'a>(&mut self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let (rest, closing): (&str, &[char]) = match text.chars().next()? {
            '"' => (text.strip_prefix('"')?, &['"', '”']),
            '“' => (text.strip_prefix('“')?, &['”', '"']),
            '„' => (text.strip_prefix('„')?, &['“', '”', '"']),
            '«' => (text.strip_prefix('«')?, &['»']),
            _ => return None,
        };
        if self.unclosed {
            return None;
        }
        let split = rest.split_once(closing);
        self.unclosed = split.is_none();
        split
    }
}

/// Tags with commas between them, which may have a space behind them, and their `#` before them: in quotes, or up to a word without a comma.
fn tags<'a>(text: &'a str, quotes: &mut Quotes, tags: &mut Vec<String>) -> &'a str {
    let is_between = |c: char| c == ',' || c.is_whitespace();
    let (words, rest) = quotes.split(text).unwrap_or_else(|| {
        let mut rest = text;
        loop {
            let (word, behind) = first_word(rest);
            let goes_on = word.ends_with(',') || behind.starts_with(',');
            if !goes_on || behind.is_empty() || at_option(behind).is_some() {
                let rest = rest.strip_prefix(word).unwrap_or(behind);
                let end = text.len() - rest.len();
                return text.split_at_checked(end).unwrap_or((text, ""));
            }
            rest = behind;
        }
    });
    let words = words
        .split(is_between)
        .map(|tag| tag.trim_start_matches('#'));
    let words = words.filter(|tag| !tag.is_empty());
    tags.extend(words.map(str::to_owned));
    rest.trim_start_matches([' ', '\t'])
}

/// An option's value that may have spaces: in quotes, or up to the next option.
fn text_value<'a>(text: &'a str, quotes: &mut Quotes, value: &mut Option<String>) -> &'a str {
    if let Some((quoted, rest)) = quotes.split(text) {
        *value = Some(quoted.to_owned());
        return rest;
    }
    let words = next_option(text).map_or(text, |found| found.before);
    *value = Some(words.trim().to_owned());
    text.strip_prefix(words).unwrap_or_default()
}
