//! From a command that somebody picked, and what they gave it, to what they want.

use bot_core::command::{AGREED, Command, Intent, ListOrder, Target, Union, Verb, code, named};
use bot_core::forum::Vote;

use super::{CLOSE, CODE, FORUM, JOIN, LEAVE, MEANT, OPEN, WHICH};
use crate::custom_id::{Dialog, Spot};
use crate::dialogs::{Prefill, tags};
use crate::words::{Word, Words};

/// The lists: their names as values of an option, what they are called, and which they are.
pub(super) const LISTS: [(&str, Word, ListOrder); 4] = [
    ("recent", Word::ListRecent, ListOrder::Recent),
    ("unanswered", Word::ListUnanswered, ListOrder::Unanswered),
    ("hot", Word::ListHot, ListOrder::Hot),
    ("votes", Word::ListVotes, ListOrder::Votes),
];

/// What an option was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OptionValue {
    /// A string.
    Text(String),
    /// An integer.
    Number(i64),
    /// A subcommand.
    Subcommand,
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// This.
    Intent(Intent),
    /// To fill in this dialog.
    Dialog(Dialog, Prefill),
    /// The channel to become a place of the forum, or to stop being one.
    Forum(Door),
    /// To say which forum a conversation is about.
    Which,
}

/// What becomes of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// The forum is there from now on.
    Open,
    /// No longer.
    Close,
}

/// What can be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Menu {
    /// It becomes a question.
    Question,
    /// It becomes an answer.
    Answer,
    /// The answer that it shows is accepted.
    Accept,
}

/// Why a command could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misread {
    /// There is none of this name: one of an earlier version, which Discord still shows.
    #[error("no command of that name")]
    NoSuchCommand,
    /// It lacks something, or something of it makes no sense.
    #[error("a command that lacks something")]
    Incomplete(&'static Command),
    /// What was to be a post's address is none.
    #[error("no address of a post")]
    NoAddress(&'static Command),
}

/// What can be done with a message, by the name that is shown in its menu.
pub(crate) fn menu(name: &str, words: Words<'_>) -> Option<Menu> {
    [
        (Word::MenuQuestion, Menu::Question),
        (Word::MenuAnswer, Menu::Answer),
        (Word::MenuAccept, Menu::Accept),
    ]
    .into_iter()
    .find(|(word, _)| words.say(*word) == name)
    .map(|(_, menu)| menu)
}

/// What somebody wants by a slash command.
pub(crate) fn intent(name: &str, options: &[(String, OptionValue)]) -> Result<Asked, Misread> {
    if name == FORUM {
        return on_forum(options).ok_or(Misread::NoSuchCommand);
    }
    let command = named(name)
        .filter(|command| command.name == name)
        .ok_or(Misread::NoSuchCommand)?;
    let given = Given { command, options };
    let lacking = Misread::Incomplete(command);
    Ok(Asked::Intent(match command.verb {
        Verb::Ask => {
            let prefill = Prefill {
                title: Some(given.text("title").unwrap_or_default()),
                tags: given.text("tags"),
                ..Prefill::default()
            };
            return Ok(Asked::Dialog(Dialog::Ask { from: None }, prefill));
        }
        Verb::Answer => {
            let dialog = Dialog::Answer { to: given.spot()? };
            return Ok(Asked::Dialog(dialog, Prefill::default()));
        }
        Verb::Comment => {
            let dialog = Dialog::Comment { on: given.spot()? };
            return Ok(Asked::Dialog(dialog, Prefill::default()));
        }
        Verb::Edit => return given.edit(),
        Verb::History => Intent::History {
            post: given.post()?,
            page: given.page(),
        },
        Verb::Delete => Intent::Delete {
            post: given.post()?,
        },
        Verb::Hide => Intent::Hide {
            post: given.post()?,
        },
        Verb::Unhide => Intent::Unhide {
            post: given.post()?,
        },
        Verb::RemoveMessage => Intent::RemoveMessage {
            post: given.post()?,
        },
        Verb::Up => Intent::SetVote {
            post: given.post()?,
            vote: Vote::Up,
        },
        Verb::Down => Intent::SetVote {
            post: given.post()?,
            vote: Vote::Down,
        },
        Verb::Unvote => Intent::Unvote {
            post: given.post()?,
        },
        Verb::Accept => Intent::Accept {
            answer: given.post()?,
        },
        Verb::Unaccept => Intent::Unaccept {
            question: given.post()?,
        },
        Verb::Search => Intent::Search {
            query: given.text("words").ok_or(lacking)?,
            page: given.page(),
        },
        Verb::Similar => Intent::Similar {
            text: given.text("words").ok_or(lacking)?,
        },
        Verb::Show => Intent::Show {
            post: given.post()?,
            page: given.page(),
        },
        Verb::Questions => Intent::Questions {
            order: given.order(),
            tag: given.text("tag").map(|tag| tag.to_lowercase()),
            page: given.page(),
        },
        Verb::Link => Intent::Link {
            code: given.code(),
            agrees: given.agrees(),
        },
        Verb::Unlink => Intent::Unlink,
        Verb::Forum => return Err(Misread::NoSuchCommand),
        Verb::Help => Intent::Help {
            topic: given.text("command").and_then(|name| named(&name)),
        },
    }))
}

/// What becomes of a channel, or of its forum.
fn on_forum(options: &[(String, OptionValue)]) -> Option<Asked> {
    let (sub, _) = options
        .iter()
        .find(|(_, value)| *value == OptionValue::Subcommand)?;
    let command = named(FORUM)?;
    let given = Given { command, options };
    let agrees = given.agrees();
    Some(match sub.as_str() {
        OPEN => Asked::Forum(Door::Open),
        CLOSE => Asked::Forum(Door::Close),
        MEANT => Asked::Which,
        CODE => Asked::Intent(Intent::Forum(Union::Code)),
        JOIN => {
            let code = given.code()?;
            Asked::Intent(Intent::Forum(Union::Join { code, agrees }))
        }
        LEAVE => {
            let which = given.text(WHICH);
            Asked::Intent(Intent::Forum(Union::Leave { which, agrees }))
        }
        _ => return None,
    })
}

/// What a command was given.
struct Given<'a> {
    command: &'static Command,
    options: &'a [(String, OptionValue)],
}

impl Given<'_> {
    fn value(&self, name: &str) -> Option<&OptionValue> {
        let given = self.options.iter().find(|(given, _)| given == name);
        given.map(|(_, value)| value)
    }

    /// A text, on one line, unless it is blank.
    fn text(&self, name: &str) -> Option<String> {
        let OptionValue::Text(text) = self.value(name)? else {
            return None;
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }

    /// A one-time code, however it was typed.
    fn code(&self) -> Option<String> {
        let code = code(&self.text("code")?);
        (!code.is_empty()).then_some(code)
    }

    /// Whether what was asked is agreed to.
    fn agrees(&self) -> bool {
        self.text("agree").as_deref() == Some(AGREED)
    }

    fn page(&self) -> u32 {
        match self.value("page") {
            Some(OptionValue::Number(page)) => u32::try_from((*page).max(1)).unwrap_or(u32::MAX),
            Some(OptionValue::Text(_) | OptionValue::Subcommand) | None => 1,
        }
    }

    fn order(&self) -> ListOrder {
        let list = self.text("list");
        LISTS
            .iter()
            .find(|(name, _, _)| list.as_deref() == Some(name))
            .map(|(_, _, order)| *order)
            .unwrap_or_default()
    }

    /// The post that is meant: its address may have its title behind it, as completion shows it.
    fn post(&self) -> Result<Target, Misread> {
        let Some(text) = self.text("post") else {
            return Ok(Target::Here);
        };
        text.split(' ')
            .next()
            .and_then(|word| word.trim_end_matches([':', ',']).parse().ok())
            .map(Target::At)
            .ok_or(Misread::NoAddress(self.command))
    }

    fn spot(&self) -> Result<Spot, Misread> {
        Ok(match self.post()? {
            Target::At(address) => Spot::At(address),
            Target::Here => Spot::Here,
        })
    }

    /// A title or tags are changed at once; a text needs its dialog.
    fn edit(&self) -> Result<Asked, Misread> {
        let (title, words) = (self.text("title"), self.text("tags"));
        let reason = self.text("reason");
        if title.is_none() && words.is_none() {
            let prefill = Prefill {
                reason,
                ..Prefill::default()
            };
            let dialog = Dialog::Edit {
                post: self.spot()?,
                seen: None,
            };
            return Ok(Asked::Dialog(dialog, prefill));
        }
        Ok(Asked::Intent(Intent::Edit {
            post: self.post()?,
            title,
            body: None,
            tags: words.map(|words| tags(&words)),
            reason,
            seen: None,
        }))
    }
}
