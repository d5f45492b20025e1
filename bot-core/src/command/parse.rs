//! From what somebody wrote to what they want.

use super::emoji::Reaction;
use super::intent::{Intent, ListOrder, Target, Union};
use super::table::{COMMANDS, Command, Opt, Param, Verb, named};
use crate::forum::{Address, Vote};

/// The word by which something is agreed to.
pub const AGREED: &str = "yes";
/// The word by which something that was asked is declined.
pub const DECLINED: &str = "no";

/// A code as it is kept, however it was typed.
#[must_use]
pub fn code(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// Where something was said, as far as reading it needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speech<'a> {
    /// What commands begin with.
    pub prefix: &'a str,
    /// Whether the prefix may be left out: a conversation with the bot alone, or the terminal.
    pub bare: bool,
    /// Whether it was said in a thread of a post, or in reply to one: then an address may be left out, and needs its `#`.
    pub hangs: bool,
}

/// What came of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// Nothing that is said to the bot.
    Nothing,
    /// Something said to the bot alone that is no command.
    Talk,
    /// A command.
    Intent(Intent),
    /// A command that lacks something.
    Incomplete(&'static Command),
    /// No command, but it may have been meant as one.
    Unknown {
        /// What was said, without the prefix.
        said: String,
        /// What may have been meant.
        near: &'static Command,
    },
}

/// Reads what somebody wrote.
#[must_use]
pub fn parse(text: &str, speech: Speech<'_>) -> Parsed {
    let text = text.trim_start();
    let (command_text, prefixed) = match text.strip_prefix(speech.prefix) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    if !prefixed && !speech.bare {
        return Parsed::Nothing;
    }
    let (word, rest) = first_word(command_text);
    if let Some(command) = named(word) {
        return read(command, rest, speech.hangs)
            .map_or(Parsed::Incomplete(command), Parsed::Intent);
    }
    if let Some(intent) = speech.bare.then(|| reaction(command_text)).flatten() {
        return Parsed::Intent(intent);
    }
    match nearest(word) {
        Some(near) if prefixed => Parsed::Unknown {
            said: word.to_owned(),
            near,
        },
        _ if speech.bare && !text.is_empty() => Parsed::Talk,
        _ => Parsed::Nothing,
    }
}

/// A reaction in words: an emoji and the address of what it is about.
fn reaction(text: &str) -> Option<Intent> {
    let (emoji, rest) = first_word(text);
    let at = Target::At(rest.trim().parse().ok()?);
    Some(match Reaction::read(emoji)? {
        Reaction::Vote(vote) => Intent::SetVote { post: at, vote },
        Reaction::Accept => Intent::Accept { answer: at },
    })
}

/// The command that a word is closest to, if it is close: at most a third of its letters are wrong.
fn nearest(word: &str) -> Option<&'static Command> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    if length <= 2 {
        return None;
    }
    COMMANDS
        .iter()
        .filter_map(|command| {
            let wrong = (command.name.len() / 3).max(1);
            // A word of thousands of letters is not compared with each.
            let is_as_long = command.name.len().abs_diff(length) <= wrong;
            let distance = is_as_long.then(|| strsim::osa_distance(&word, command.name))?;
            (distance <= wrong).then_some((distance, command))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, command)| command)
}

/// What follows a command's name, taken apart.
#[derive(Default)]
struct Given {
    post: Option<Target>,
    title: Option<String>,
    text: Option<String>,
    page: Option<u32>,
    order: ListOrder,
    list_tag: Option<String>,
    topic: Option<&'static Command>,
    tags: Option<Vec<String>>,
    title_option: Option<String>,
    reason: Option<String>,
    code: Option<String>,
    agrees: bool,
    union: Option<Union>,
}

/// Reads what a command takes; none where something that it needs is missing.
fn read(command: &'static Command, rest: &str, hangs: bool) -> Option<Intent> {
    let mut given = Given::default();
    let (first_line, below) = rest.split_once('\n').unwrap_or((rest, ""));
    let line = take_options(command.options, first_line, &mut given);
    let mut left = if below.is_empty() {
        line
    } else {
        format!("{line}\n{below}")
    };
    for param in command.params {
        match param {
            Param::Post => {
                let (target, rest) = post(&left, hangs)?;
                given.post = Some(target);
                left = rest;
            }
            Param::Title => {
                let (title, rest) = left.split_once('\n').unwrap_or((&left, ""));
                given.title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
                left = rest.to_owned();
            }
            Param::Text { needed } => {
                let text = left
                    .trim_start_matches([' ', '\t'])
                    .trim_start_matches('\n');
                given.text = Some(text.to_owned()).filter(|text| !text.trim().is_empty());
                if *needed {
                    given.text.as_ref()?;
                }
                left = String::new();
            }
            Param::Words => {
                let words = left.split_whitespace().collect::<Vec<_>>().join(" ");
                let (words, page) = page_at_end(&words);
                given.page = page;
                given.text = Some(words).filter(|words| !words.is_empty());
                left = String::new();
            }
            Param::Page => given.page = given.page.or_else(|| left.trim().parse().ok()),
            Param::List => {
                for word in left.split_whitespace() {
                    list_word(word, &mut given);
                }
            }
            Param::Topic => given.topic = named(left.trim()),
            Param::Code => (given.code, given.agrees) = code_and_word(&left),
            Param::Union => given.union = union(&left),
        }
    }
    intent(command.verb, given)
}

/// The intent of what was given; none where something is missing.
fn intent(verb: Verb, given: Given) -> Option<Intent> {
    let page = given.page.unwrap_or(1).max(1);
    Some(match verb {
        Verb::Ask => Intent::Ask {
            title: given.title?,
            body: given.text.unwrap_or_default(),
            tags: given.tags.unwrap_or_default(),
        },
        Verb::Answer => Intent::Answer {
            question: given.post?,
            body: given.text?,
        },
        Verb::Comment => Intent::Comment {
            on: given.post?,
            body: given.text?,
        },
        Verb::Edit => {
            let Given {
                post,
                text: body,
                title_option: title,
                tags,
                reason,
                ..
            } = given;
            if body.is_none() && title.is_none() && tags.is_none() {
                return None;
            }
            Intent::Edit {
                post: post?,
                title,
                body,
                tags,
                reason,
                seen: None,
            }
        }
        Verb::History => Intent::History {
            post: given.post?,
            page,
        },
        Verb::Delete => Intent::Delete { post: given.post? },
        Verb::Hide => Intent::Hide { post: given.post? },
        Verb::Unhide => Intent::Unhide { post: given.post? },
        Verb::RemoveMessage => Intent::RemoveMessage { post: given.post? },
        Verb::Up => Intent::SetVote {
            post: given.post?,
            vote: Vote::Up,
        },
        Verb::Down => Intent::SetVote {
            post: given.post?,
            vote: Vote::Down,
        },
        Verb::Unvote => Intent::Unvote { post: given.post? },
        Verb::Accept => Intent::Accept {
            answer: given.post?,
        },
        Verb::Unaccept => Intent::Unaccept {
            question: given.post?,
        },
        Verb::Search => Intent::Search {
            query: given.text?,
            page,
        },
        Verb::Similar => Intent::Similar { text: given.text? },
        Verb::Show => Intent::Show {
            post: given.post?,
            page,
        },
        Verb::Questions => Intent::Questions {
            order: given.order,
            tag: given.list_tag,
            page,
        },
        Verb::Link => Intent::Link {
            code: given.code,
            agrees: given.agrees,
        },
        Verb::Unlink => Intent::Unlink,
        Verb::Forum => Intent::Forum(given.union?),
        Verb::Help => Intent::Help { topic: given.topic },
    })
}

/// A code, which may have spaces in it, and whether the word stands behind it by which it is agreed to.
fn code_and_word(text: &str) -> (Option<String>, bool) {
    let text = text.trim();
    let (before, last) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
    let agrees = last.eq_ignore_ascii_case(AGREED);
    let code = code(if agrees { before } else { text });
    (Some(code).filter(|code| !code.is_empty()), agrees)
}

/// The name of a forum, if there is one, and whether the word behind it agrees.
fn name_and_word(text: &str) -> (Option<String>, bool) {
    let text = text.trim();
    let (before, last) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
    let agrees = last.eq_ignore_ascii_case(AGREED);
    let name = if agrees { before.trim() } else { text };
    (
        Some(name.to_owned()).filter(|name| !name.is_empty()),
        agrees,
    )
}

/// What becomes of a forum.
fn union(text: &str) -> Option<Union> {
    let (word, rest) = first_word(text.trim());
    match word.to_lowercase().as_str() {
        "code" => Some(Union::Code),
        "join" => {
            let (code, agrees) = code_and_word(rest);
            code.map(|code| Union::Join { code, agrees })
        }
        "leave" => {
            let (which, agrees) = name_and_word(rest);
            Some(Union::Leave { which, agrees })
        }
        _ => None,
    }
}

/// A post's address at the beginning, or the post that the message hangs on.
fn post(text: &str, hangs: bool) -> Option<(Target, String)> {
    let (word, rest) = first_word(text.trim_start());
    let word = word.trim_end_matches([':', ',']);
    let marked = Address::parse_marked(word).ok();
    let found = if hangs {
        marked
    } else {
        marked.or_else(|| word.parse().ok())
    };
    match found {
        Some(address) => Some((Target::At(address), rest.to_owned())),
        None if hangs => Some((Target::Here, text.to_owned())),
        None => None,
    }
}

/// Takes the options that a command knows out of its first line; `--` ends them.
fn take_options(known: &[Opt], line: &str, given: &mut Given) -> String {
    let mut kept = String::new();
    let mut left = line;
    while let Some((before, behind)) = split_option(left) {
        let (name, value) = first_word(behind);
        let option = known
            .iter()
            .find(|option| option.name() == name || (**option == Opt::Tag && name == "tags"));
        let Some(option) = option else {
            let end = before.len() + 2;
            let (unknown, rest) = left.split_at_checked(end).unwrap_or((left, ""));
            kept.push_str(unknown);
            left = rest;
            continue;
        };
        kept.push_str(before);
        left = match option {
            Opt::Tag => {
                let (words, rest) = first_word(value.trim_start());
                let tags = words
                    .split(',')
                    .filter(|tag| !tag.is_empty())
                    .map(str::to_owned)
                    .collect();
                given.tags = Some(tags);
                rest
            }
            Opt::Title => text_value(value, &mut given.title_option),
            Opt::Reason => text_value(value, &mut given.reason),
        };
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

/// `page:2` at the end of a search.
fn page_at_end(words: &str) -> (String, Option<u32>) {
    let (before, last) = words.rsplit_once(' ').unwrap_or(("", words));
    match last
        .strip_prefix("page:")
        .and_then(|number| number.parse().ok())
    {
        Some(page) => (before.to_owned(), Some(page)),
        None => (words.to_owned(), None),
    }
}

/// One word of what is to be listed; what is not understood is passed over.
fn list_word(word: &str, given: &mut Given) {
    let word = word.to_lowercase();
    if let Some(tag) = word.strip_prefix("tag:") {
        given.list_tag = Some(tag.to_owned());
        return;
    }
    match word.as_str() {
        "recent" | "new" | "newest" => given.order = ListOrder::Recent,
        "unanswered" | "open" => given.order = ListOrder::Unanswered,
        "hot" => given.order = ListOrder::Hot,
        "votes" | "top" | "best" => given.order = ListOrder::Votes,
        _ => given.page = word.parse().ok().or(given.page),
    }
}

/// The first word and what follows it, the white space between them dropped but for a line's end.
fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (word, rest.trim_start_matches([' ', '\t']))
}
