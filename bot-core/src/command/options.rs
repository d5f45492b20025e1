//! What can be said besides on a command's first line: `--tag a,b`.

use super::declaration::Opt;
use super::given::Given;
use super::words::first_word;

/// What is wrong with an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongOption {
    /// The command has none of this name.
    Unknown,
    /// Nothing stands behind it.
    Empty,
}

/// Takes the options that a command knows out of its first line; what stands before and behind one stays apart. Of one that has no value,
/// says so in `wrong`.
pub(super) fn take_options(
    known: &[Opt],
    line: &str,
    given: &mut Given,
    wrong: &mut Option<(String, WrongOption)>,
) -> String {
    let mut kept = String::new();
    let mut left = line;
    while let Some((before, behind)) = split_option(left) {
        let (name, value) = first_word(behind);
        let option = known
            .iter()
            .find(|option| option.name() == name || (**option == Opt::Tag && name == "tags"));
        let Some(option) = option else {
            let end = left.len() - behind.len();
            let (unknown, rest) = left.split_at_checked(end).unwrap_or((left, ""));
            kept.push_str(unknown);
            left = rest;
            continue;
        };
        kept.push_str(before);
        let value = value.trim_start();
        if value.is_empty() || value.starts_with("--") {
            wrong.get_or_insert_with(|| (format!("--{name}"), WrongOption::Empty));
        }
        left = match option {
            Opt::Tag => {
                let (words, rest) = first_word(value);
                let tags = words
                    .split(',')
                    .filter(|tag| !tag.is_empty())
                    .map(str::to_owned)
                    .collect();
                given.tags = Some(tags);
                rest
            }
            Opt::Title => text_value(value, &mut given.title),
            Opt::Reason => text_value(value, &mut given.reason),
        };
        let is_apart = kept.ends_with(char::is_whitespace) || left.starts_with(char::is_whitespace);
        if !kept.is_empty() && !left.is_empty() && !is_apart {
            kept.push(' ');
        }
    }
    kept.push_str(left);
    kept
}

/// Splits at the next ` --`, or a `--` at the very beginning.
fn split_option(line: &str) -> Option<(&str, &str)> {
    match line.strip_prefix("--") {
        Some(behind) => Some(("", behind)),
        None => line.split_once(" --"),
    }
}

/// What looks like an option at the beginning of the first line: `--` and a name. A dash is what some keyboards make of `--`.
pub(super) fn option_at_start(text: &str) -> Option<String> {
    let (word, _) = first_word(text.trim_start_matches([' ', '\t']));
    let name = word
        .strip_prefix("--")
        .or_else(|| word.strip_prefix(['—', '–']))?;
    name.starts_with(char::is_alphanumeric)
        .then(|| word.to_owned())
}

/// An option's value that may have spaces: in quotes, or up to the next option.
fn text_value<'a>(text: &'a str, value: &mut Option<String>) -> &'a str {
    let text = text.trim_start();
    if let Some((quoted, rest)) = text.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        *value = Some(quoted.to_owned());
        return rest;
    }
    match text.split_once(" --") {
        Some((words, _)) => {
            *value = Some(words.trim().to_owned());
            text.strip_prefix(words).unwrap_or("")
        }
        None => {
            *value = Some(text.trim().to_owned());
            ""
        }
    }
}
