//! From what somebody wrote to what they want.

use super::emoji::Reaction;
use super::intent::{Intent, ListOrder, Target, Union};
use super::table::{COMMANDS, Command, Opt, Param, Verb, named};
use crate::forum::{Address, Vote};

/// The word by which something is agreed to.
pub const AGREED: &str = "yes";
/// The word by which something that was asked is declined.
pub const DECLINED: &str = "no";
/// How many letters and digits a one-time code has: about 39 bits, good for half an hour.
pub const CODE: usize = 8;

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
    /// What it is without the prefix.
    pub bare: Bare,
    /// Whether it was said in a thread of a post, or in reply to one: then an address may be left out, and needs its `#`.
    pub hangs: bool,
}

/// What words without the prefix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// Said to others: nothing of it is for the bot.
    Talk,
    /// Said to the bot alone, which may be talk too: a command is one that is spelled out, by its full name, an address with its `#`,
    /// and nothing behind it that it does not take.
    Spelled,
    /// Typed for the bot and nobody else.
    Command,
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
    /// A command with an option that can't be meant so.
    Misread {
        /// Which command.
        command: &'static Command,
        /// Its option, dashes and all.
        option: String,
        /// What is wrong with it.
        why: WrongOption,
    },
    /// No command, but it may have been meant as one.
    Unknown {
        /// What was said, without the prefix.
        said: String,
        /// What may have been meant.
        near: &'static Command,
    },
}

/// What is wrong with an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongOption {
    /// The command has none of this name.
    Unknown,
    /// Nothing stands behind it.
    Empty,
}

/// Reads what somebody wrote.
#[must_use]
pub fn parse(text: &str, speech: Speech<'_>) -> Parsed {
    let text = text.trim_start();
    let (command_text, prefixed) = match text.strip_prefix(speech.prefix) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let alone = speech.bare != Bare::Talk;
    if !prefixed && !alone {
        return Parsed::Nothing;
    }
    let how = match speech.bare {
        Bare::Spelled if !prefixed => Strictness::Strict,
        Bare::Talk | Bare::Spelled | Bare::Command => Strictness::Lenient,
    };
    let (word, rest) = first_word(command_text);
    if let Some(command) = named(word).filter(|command| how.may_name(command, word)) {
        let mut wrong = None;
        let intent = read(command, rest, speech.hangs, how, &mut wrong);
        let is_talk =
            intent.is_none() && how == Strictness::Strict && !begins_with_address_or_ends(rest);
        return match (wrong, intent) {
            _ if is_talk => Parsed::Talk,
            (Some((option, why)), _) => Parsed::Misread {
                command,
                option,
                why,
            },
            (None, Some(intent)) => Parsed::Intent(intent),
            (None, None) => Parsed::Incomplete(command),
        };
    }
    if let Some(intent) = alone.then(|| reaction(command_text, how)).flatten() {
        return Parsed::Intent(intent);
    }
    match nearest(word) {
        Some(near) if prefixed => Parsed::Unknown {
            said: word.to_owned(),
            near,
        },
        _ if alone && !text.is_empty() => Parsed::Talk,
        _ => Parsed::Nothing,
    }
}

/// How strictly words are read as a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strictness {
    /// By any of its names, and with more behind it than it takes.
    Lenient,
    /// Only so that it can't be talk.
    Strict,
}

impl Strictness {
    fn may_name(self, command: &Command, word: &str) -> bool {
        match self {
            Self::Lenient => true,
            Self::Strict => word.eq_ignore_ascii_case(command.name),
        }
    }

    fn address(self, word: &str) -> Option<Address> {
        let marked = Address::parse_marked(word).ok();
        match self {
            Self::Lenient => marked.or_else(|| word.parse().ok()),
            Self::Strict => marked,
        }
    }
}

/// Whether what follows a command's name is nothing, or begins as it should: whoever says so is helped to the rest of it.
fn begins_with_address_or_ends(rest: &str) -> bool {
    let (word, _) = first_word(rest.trim_start());
    word.is_empty() || Address::parse_marked(word.trim_end_matches([':', ','])).is_ok()
}

/// A reaction in words: an emoji and the address of what it is about.
fn reaction(text: &str, how: Strictness) -> Option<Intent> {
    let (emoji, rest) = first_word(text);
    let at = Target::At(how.address(rest.trim())?);
    Some(match Reaction::read(emoji)? {
        Reaction::Vote(vote) => Intent::SetVote { post: at, vote },
        Reaction::Accept => Intent::Accept { answer: at },
    })
}

/// What turns a word into its opposite, and slips of the first of them.
const NEGATIONS: &[&str] = &["un", "nu", "u", "de", "dis", "no", "non"];

/// The command that a word is closest to, if it is close: at most a third of its letters are wrong. Never the opposite of what was meant,
/// and what can't be undone only where one letter is wrong.
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
            let is_final = matches!(command.verb, Verb::Delete | Verb::RemoveMessage);
            let wrong = if is_final { 1 } else { wrong };
            // Of `hide` and `unhide`, both as near, the one that undoes.
            let rank = (distance, !command.name.starts_with("un"));
            (distance <= wrong && !is_opposite(&word, command.name, distance))
                .then_some((rank, command))
        })
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, command)| command)
}

/// Whether a word is a command's name, or almost, behind a prefix that turns it round.
fn is_opposite(word: &str, name: &str, distance: usize) -> bool {
    NEGATIONS
        .iter()
        .filter_map(|negation| word.strip_prefix(negation))
        .any(|rest| strsim::osa_distance(rest, name) < distance)
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

/// Reads what a command takes; none where something that it needs is missing, or where there is more than may be.
fn read(
    command: &'static Command,
    rest: &str,
    hangs: bool,
    how: Strictness,
    wrong: &mut Option<(String, WrongOption)>,
) -> Option<Intent> {
    let mut given = Given::default();
    let (first_line, below) = rest.split_once('\n').unwrap_or((rest, ""));
    let line = take_options(command.options, first_line, &mut given, wrong);
    let mut left = if below.is_empty() {
        line
    } else {
        format!("{line}\n{below}")
    };
    for param in command.params {
        match param {
            Param::Post => {
                let takes_text = command.params.len() > 1 && !command.params.contains(&Param::Page);
                // What somebody says to a post without its address could be talk about it.
                let may_hang = hangs && (how == Strictness::Lenient || !takes_text);
                let (target, rest) = post(&left, may_hang, how)?;
                given.post = Some(target);
                left = rest;
            }
            Param::Title => {
                let (title, rest) = left.split_once('\n').unwrap_or((&left, ""));
                given.title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
                left = rest.to_owned();
            }
            Param::Text { needed } => {
                // In an edit, the text would take the place of all that was there.
                if command.verb == Verb::Edit && wrong.is_none() {
                    *wrong = option_at_start(&left).map(|name| (name, WrongOption::Unknown));
                }
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
            Param::Page => {
                given.page = given.page.or_else(|| page(left.trim()));
                if given.page.is_some() {
                    left = String::new();
                }
            }
            Param::List => {
                for word in left.split_whitespace() {
                    list_word(word, &mut given);
                }
                left = String::new();
            }
            Param::Topic => {
                given.topic = named(left.trim());
                left = String::new();
            }
            Param::Code => {
                (given.code, given.agrees) = code_and_word(&left);
                left = String::new();
            }
            Param::Union => {
                given.union = union(&left);
                left = String::new();
            }
        }
    }
    let code = match (&given.code, &given.union) {
        (Some(code), _) | (None, Some(Union::Join { code, .. })) => Some(code),
        (None, Some(Union::Code | Union::Leave { .. }) | None) => None,
    };
    let is_talk = !left.trim().is_empty() || code.is_some_and(|code| code.len() != CODE);
    if how == Strictness::Strict && is_talk {
        return None;
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
fn post(text: &str, hangs: bool, how: Strictness) -> Option<(Target, String)> {
    let (word, rest) = first_word(text.trim_start());
    let word = word.trim_end_matches([':', ',']);
    let how = if hangs { Strictness::Strict } else { how };
    match how.address(word) {
        Some(address) => Some((Target::At(address), rest.to_owned())),
        None if hangs => Some((Target::Here, text.to_owned())),
        None => None,
    }
}

/// Takes the options that a command knows out of its first line; what stands before and behind one stays apart. Of one that has no value,
/// says so in `wrong`.
fn take_options(
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
            Opt::Title => text_value(value, &mut given.title_option),
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
fn option_at_start(text: &str) -> Option<String> {
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

/// A page by its number, as in `page:2` or alone.
fn page(word: &str) -> Option<u32> {
    word.strip_prefix("page:").unwrap_or(word).parse().ok()
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
        _ => given.page = page(&word).or(given.page),
    }
}

/// The first word and what follows it, the white space between them dropped but for a line's end.
fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (word, rest.trim_start_matches([' ', '\t']))
}
