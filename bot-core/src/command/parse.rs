//! From what somebody wrote to what they want.

use std::borrow::Cow;

use super::act::Act;
use super::declaration::{Command, Opt, Param, Subcommand};
use super::emoji::ReactionMeaning;
use super::given::Given;
use super::list::{Intent, build, named};
use super::options::{WrongOption, option_at_start, take_options};
use super::suggest::nearest;
use super::target::{ListOrder, Target};
use super::words::{AGREED, CODE, OwnWords, first_word};
use crate::forum::Address;

/// Where something was said, as far as reading it needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speech<'a> {
    /// What commands begin with.
    pub prefix: &'a str,
    /// What it is without the prefix.
    pub bare: Bare,
    /// Whether it was said in a thread of a post, or in reply to one: then an address may be left out, and needs its `#`.
    pub hangs: bool,
    /// What the language spoken there has for words behind commands; none where it is English.
    pub own: Option<&'a OwnWords>,
}

impl<'a> Speech<'a> {
    /// What follows the prefix that commands begin with; none where it is not there. A `！` is what some keyboards make of `!`.
    #[must_use]
    pub fn behind_prefix(self, text: &'a str) -> Option<&'a str> {
        let text = text.trim_start();
        let wide = || text.strip_prefix('！').filter(|_| self.prefix == "!");
        text.strip_prefix(self.prefix).or_else(wide)
    }

    fn agrees(self, word: &str) -> bool {
        let english = || word.eq_ignore_ascii_case(AGREED);
        self.own.map_or_else(english, |own| own.agrees(word))
    }

    /// The list that a word means.
    fn ordered(self, word: &str) -> Option<ListOrder> {
        let english = || ListOrder::named(&word.to_lowercase());
        self.own.map_or_else(english, |own| own.ordered(word))
    }

    /// Whether a word says what is listed.
    fn is_list_word(self, word: &str) -> bool {
        self.ordered(word).is_some() || word.to_lowercase().starts_with("tag:")
    }

    /// What stands before the word by which it is agreed to, and whether that word is there.
    fn and_agreement(self, text: &str) -> (&str, bool) {
        let text = text.trim();
        let (before, last) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
        match self.agrees(last) {
            true => (before.trim(), true),
            false => (text, false),
        }
    }
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
    /// Several commands, of which the first takes no text: nothing says that all of them are meant.
    Several,
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
        /// What was said, as it was typed.
        said: String,
        /// What may have been meant.
        near: &'static Command,
    },
}

/// Reads what somebody wrote.
#[must_use]
pub fn parse(text: &str, speech: Speech<'_>) -> Parsed {
    let text = text.trim_start();
    let (command_text, prefixed) = match speech.behind_prefix(text) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let alone = speech.bare != Bare::Talk;
    if let Some(near) = slashed(text).filter(|_| !prefixed) {
        let (said, _) = first_word(text);
        let said = said.to_owned();
        return Parsed::Unknown { said, near };
    }
    if !prefixed && !alone {
        return Parsed::Nothing;
    }
    // A space behind the prefix is a slip where a command's full name follows.
    let spaced = command_text.trim_start_matches([' ', '\t']);
    let spelled =
        |word: &str| named(word).is_some_and(|command| Strictness::Strict.may_name(command, word));
    let command_text = match first_word(spaced) {
        (word, _) if prefixed && spelled(word) => spaced,
        _ => command_text,
    };
    let how = match speech.bare {
        Bare::Spelled if !prefixed => Strictness::Strict,
        Bare::Talk | Bare::Spelled | Bare::Command => Strictness::Lenient,
    };
    let (word, rest) = first_word(command_text);
    let word = match prefixed {
        true => word.trim_end_matches([':', ',']),
        false => word,
    };
    if let Some(command) = named(word).filter(|command| how.may_name(command, word)) {
        if !command.takes_text() && is_several(rest, speech) {
            return Parsed::Several;
        }
        let mut wrong = None;
        let intent = read(command, rest, speech, how, &mut wrong);
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
            said: format!("{}{word}", speech.prefix),
            near,
        },
        _ if alone && !text.is_empty() => Parsed::Talk,
        _ => Parsed::Nothing,
    }
}

/// The command whose full name stands behind a `/` where that is not what commands begin with.
fn slashed(text: &str) -> Option<&'static Command> {
    let (word, _) = first_word(text);
    let command = named(word.strip_prefix('/')?)?;
    Some(command).filter(|command| word.len() == command.name.len() + 1)
}

/// Whether another command stands on a line below.
fn is_several(rest: &str, speech: Speech<'_>) -> bool {
    let mut below = rest.lines().skip(1);
    below.any(|line| {
        let behind = speech.behind_prefix(line);
        behind.is_some_and(|behind| named(first_word(behind).0).is_some())
    })
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
        let word = bare_address(word);
        let marked = Address::parse_marked(&word).ok();
        match (self, &*word) {
            // There is no such post, and that is what is to be said.
            (Self::Lenient, "#0" | "0") => Some(Address::question(0)),
            (Self::Lenient, _) => marked.or_else(|| word.parse().ok()),
            (Self::Strict, _) => marked,
        }
    }
}

/// An address without what people write around it: brackets, a sentence's end; with the mark that is typed on other keyboards.
fn bare_address(word: &str) -> Cow<'_, str> {
    let word = word.trim_start_matches(['(', '[']);
    let word = word.trim_end_matches([')', ']', ':', ',', ';', '.', '?', '!']);
    match word.strip_prefix('＃') {
        Some(number) => Cow::Owned(format!("#{number}")),
        None => Cow::Borrowed(word),
    }
}

/// Whether what follows a command's name is nothing, or begins as it should: whoever says so is helped to the rest of it.
fn begins_with_address_or_ends(rest: &str) -> bool {
    let (word, _) = first_word(rest.trim_start());
    word.is_empty() || Address::parse_marked(&bare_address(word)).is_ok()
}

/// A reaction in words: an emoji and the address of what it is about.
fn reaction(text: &str, how: Strictness) -> Option<Intent> {
    let (emoji, rest) = first_word(text);
    let at = Target::At(how.address(rest.trim())?);
    Some(Intent::Act(match ReactionMeaning::read(emoji)? {
        ReactionMeaning::Vote(vote) => Act::SetVote { post: at, vote },
        ReactionMeaning::Accept => Act::Accept { answer: at },
    }))
}

/// Reads what a command takes; none where something that it needs is missing, or where there is more than may be.
fn read(
    command: &'static Command,
    rest: &str,
    speech: Speech<'_>,
    how: Strictness,
    wrong: &mut Option<(String, WrongOption)>,
) -> Option<Intent> {
    let mut given = Given::default();
    // A title may begin on the next line.
    let rest = match command.params.first() {
        Some(Param::Title) => rest.trim_start(),
        _ => rest,
    };
    let (first_line, below) = rest.split_once('\n').unwrap_or((rest, ""));
    let line = take_options(command.options, first_line, &mut given, wrong);
    let left = if below.is_empty() {
        line
    } else {
        format!("{line}\n{below}")
    };
    // In an edit, the text would take the place of all that was there.
    let replaces = command.options.contains(&Opt::Title);
    let mut left = left.as_str();
    let mut params = command.params;
    if !command.parts.is_empty() {
        let (part, rest) = part(command.parts, left)?;
        given.part = Some(part.name);
        (params, left) = (part.params, rest);
    }
    for param in params {
        // What somebody says to a post without its address could be talk about it.
        let may_hang = speech.hangs && (how == Strictness::Lenient || !command.takes_text());
        if replaces && matches!(param, Param::Text { .. }) && wrong.is_none() {
            *wrong = option_at_start(left, command.options);
        }
        left = take(*param, left, speech, (may_hang, how), &mut given)?;
    }
    let is_code = |code: &String| code.len() == CODE;
    let is_talk = !left.trim().is_empty() || !given.code.as_ref().is_none_or(is_code);
    if how == Strictness::Strict && is_talk {
        return None;
    }
    build(command, given)
}

/// The part of a command that a word names, and what follows.
fn part<'a>(parts: &'static [Subcommand], text: &'a str) -> Option<(&'static Subcommand, &'a str)> {
    let (word, rest) = first_word(text.trim());
    let part = parts
        .iter()
        .find(|part| part.name.eq_ignore_ascii_case(word));
    part.map(|part| (part, rest))
}

/// Takes what a command takes off the beginning of what is left, and gives the rest; none where it needs something that is missing.
fn take<'a>(
    param: Param,
    left: &'a str,
    speech: Speech<'_>,
    (may_hang, how): (bool, Strictness),
    given: &mut Given,
) -> Option<&'a str> {
    match param {
        Param::Post => {
            let (target, rest) = post(left, may_hang, how)?;
            given.post = Some(target);
            return Some(rest);
        }
        Param::Title => {
            let left = left.trim_start();
            let (title, rest) = left.split_once('\n').unwrap_or((left, ""));
            given.title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
            return Some(rest);
        }
        Param::Text { needed } => {
            let text = left
                .trim_start_matches([' ', '\t'])
                .trim_start_matches('\n');
            given.text = Some(text.to_owned()).filter(|text| !text.trim().is_empty());
            if needed {
                given.text.as_ref()?;
            }
        }
        Param::Words => {
            let words = left.split_whitespace().collect::<Vec<_>>().join(" ");
            let (words, page) = page_at_end(&words);
            given.page = page;
            given.text = Some(words).filter(|words| !words.is_empty());
        }
        // These are told apart by what they look like, in any order; what is not understood is passed over.
        Param::Order => {
            let words = left.split_whitespace();
            let mut orders = words.filter_map(|word| speech.ordered(word));
            given.order = orders.next_back();
            return Some(left);
        }
        Param::Tag { marked: false } => {
            let (word, rest) = first_word(left.trim_start());
            if page(word).is_some() || word.is_empty() {
                return Some(left);
            }
            let tag = word.trim_start_matches("tag:").trim_start_matches('#');
            given.tag = Some(tag.to_lowercase()).filter(|tag| !tag.is_empty());
            return Some(rest);
        }
        Param::Tag { marked: true } => {
            let words = left.split_whitespace().map(str::to_lowercase);
            let tag = |word: String| word.strip_prefix("tag:").map(str::to_owned);
            given.tag = words.filter_map(tag).next_back();
            return Some(left);
        }
        Param::Page => {
            let mut words = left.split_whitespace();
            let mut pages = words.clone().filter_map(page);
            given.page = given.page.or_else(|| pages.next_back());
            let is_read = |word: &str| page(word).is_some() || speech.is_list_word(word);
            return Some(if words.all(is_read) { "" } else { left });
        }
        Param::Topic => {
            let topic = left.trim();
            let is_meant = |topic: &&str| how == Strictness::Lenient || named(topic).is_some();
            given.topic = Some(topic.to_owned())
                .filter(|topic| !topic.is_empty() && is_meant(&topic.as_str()));
        }
        Param::Code { needed } => {
            let (code, agrees) = speech.and_agreement(left);
            given.agrees = agrees;
            given.set_code(code);
            if needed {
                given.code.as_ref()?;
            }
        }
        Param::Which => {
            let (which, agrees) = speech.and_agreement(left);
            given.agrees = agrees;
            given.which = Some(which.to_owned()).filter(|which| !which.is_empty());
        }
    }
    Some("")
}

/// A post's address at the beginning, or the post that the message hangs on.
fn post(text: &str, hangs: bool, how: Strictness) -> Option<(Target, &str)> {
    let (word, rest) = first_word(text.trim_start());
    let how = if hangs { Strictness::Strict } else { how };
    match how.address(word) {
        Some(address) => Some((Target::At(address), rest)),
        None if hangs => Some((Target::Here, text)),
        None => None,
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
