//! From a command that somebody picked, and what they gave it, to what they want.

use bot_core::command::{Act, Command, Given, Intent, ListOrder, Opt, Param, Target, build, named};
use bot_core::text::{Key, Texts};

use super::{AGREE, CODE};
use super::{
    CLOSE, COMMAND, FORUM, LIST, MEANT, OPEN, PAGE, POST, REASON, TAG, TAGS, TITLE, WHICH, WORDS,
};
use crate::custom_id::{Dialog, PostRef};
use crate::dialogs::{Prefill, tags};

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
pub(crate) fn menu(name: &str, texts: &Texts) -> Option<Menu> {
    [
        (Key::DiscordMenuQuestion, Menu::Question),
        (Key::DiscordMenuAnswer, Menu::Answer),
        (Key::DiscordMenuAccept, Menu::Accept),
    ]
    .into_iter()
    .find(|(word, _)| texts.say(*word, &[]) == name)
    .map(|(_, menu)| menu)
}

/// What somebody wants by a slash command.
pub(crate) fn intent(name: &str, options: &[(String, OptionValue)]) -> Result<Asked, Misread> {
    let command = named(name)
        .filter(|command| command.name == name)
        .ok_or(Misread::NoSuchCommand)?;
    let options = Options { command, options };
    if let Some(asked) = of_place(&options) {
        return Ok(asked);
    }
    let mut given = Given::default();
    if command.parts.is_empty() {
        options.take(command.params, &mut given)?;
    } else {
        let part = command.parts.iter().find(|part| options.names(part.name));
        let part = part.ok_or(Misread::NoSuchCommand)?;
        given.part = Some(part.name);
        options.take(part.params, &mut given)?;
    }
    options.take_besides(command.options, &mut given);
    // What takes a text opens a dialog, unless something else of a post is changed.
    let needs_title = command.params.contains(&Param::Title);
    let changes_rest = given.title.is_some() || given.tags.is_some();
    let is_dialog = command.takes_text() && (needs_title || !changes_rest);
    if is_dialog {
        given.text = Some(String::new());
        given.title = given.title.or_else(|| needs_title.then(String::new));
    }
    let built = build(command, given).ok_or(match command.parts.is_empty() {
        true => Misread::Incomplete(command),
        false => Misread::NoSuchCommand,
    })?;
    Ok(match built {
        Intent::Act(act) if is_dialog => dialog(act, options.text(TAGS)),
        intent => Asked::Intent(intent),
    })
}

/// The dialog that takes the text of what somebody wants to write, with what was given already.
fn dialog(act: Act, tags: Option<String>) -> Asked {
    let location = |post| match post {
        Target::At(address) => PostRef::At(address),
        Target::Here => PostRef::Here,
    };
    let (dialog, prefill) = match act {
        Act::Ask { title, .. } => (
            Dialog::Ask { from: None },
            Prefill {
                title: Some(title),
                tags,
                ..Prefill::default()
            },
        ),
        Act::Answer { question, .. } => {
            let to = location(question);
            (Dialog::Answer { to }, Prefill::default())
        }
        Act::Comment { on, .. } => (Dialog::Comment { on: location(on) }, Prefill::default()),
        Act::Edit { post, reason, .. } => (
            Dialog::Edit {
                post: location(post),
                seen: None,
            },
            Prefill {
                reason,
                ..Prefill::default()
            },
        ),
        act @ (Act::Delete { .. }
        | Act::Hide { .. }
        | Act::Unhide { .. }
        | Act::RemoveMessage { .. }
        | Act::SetVote { .. }
        | Act::PressVote { .. }
        | Act::Unvote { .. }
        | Act::Accept { .. }
        | Act::Unaccept { .. }) => return Asked::Intent(Intent::Act(act)),
    };
    Asked::Dialog(dialog, prefill)
}

/// What only a platform with channels has: what becomes of a channel, and which forum a conversation is about.
fn of_place(options: &Options<'_>) -> Option<Asked> {
    Some(match options.command.name {
        FORUM if options.names(OPEN) => Asked::Forum(Door::Open),
        FORUM if options.names(CLOSE) => Asked::Forum(Door::Close),
        FORUM if options.names(MEANT) => Asked::Which,
        _ => return None,
    })
}

/// What a command was given.
struct Options<'a> {
    command: &'static Command,
    options: &'a [(String, OptionValue)],
}

impl Options<'_> {
    /// Takes what a command takes, as far as it was given.
    fn take(&self, params: &[Param], given: &mut Given) -> Result<(), Misread> {
        for param in params {
            match param {
                Param::Post => given.post = Some(self.post()?),
                Param::Title => given.title = self.text(TITLE),
                // A dialog takes it.
                Param::Text { .. } => {}
                Param::Words => {
                    given.text = self.text(WORDS);
                    given.page = self.page();
                }
                Param::Order => {
                    given.order = self.text(LIST).and_then(|list| ListOrder::named(&list));
                }
                Param::Tag { .. } => given.tag = self.text(TAG).map(|tag| tag.to_lowercase()),
                Param::Page => given.page = self.page(),
                Param::Topic => given.topic = self.text(COMMAND),
                Param::Code { .. } => {
                    given.set_code(&self.text(CODE).unwrap_or_default());
                    given.set_agrees(&self.text(AGREE).unwrap_or_default());
                }
                Param::Which => {
                    given.which = self.text(WHICH);
                    given.set_agrees(&self.text(AGREE).unwrap_or_default());
                }
            }
        }
        Ok(())
    }

    /// Takes what can be given besides.
    fn take_besides(&self, options: &[Opt], given: &mut Given) {
        for option in options {
            match option {
                Opt::Tag => given.tags = self.text(TAGS).map(|texts| tags(&texts)),
                Opt::Title => given.title = self.text(TITLE),
                Opt::Reason => given.reason = self.text(REASON),
            }
        }
    }

    fn value(&self, name: &str) -> Option<&OptionValue> {
        let given = self.options.iter().find(|(given, _)| given == name);
        given.map(|(_, value)| value)
    }

    /// Whether a subcommand was picked.
    fn names(&self, subcommand: &str) -> bool {
        self.value(subcommand) == Some(&OptionValue::Subcommand)
    }

    /// A text, on one line, unless it is blank.
    fn text(&self, name: &str) -> Option<String> {
        let OptionValue::Text(text) = self.value(name)? else {
            return None;
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }

    fn page(&self) -> Option<u32> {
        match self.value(PAGE)? {
            OptionValue::Number(page) => Some(u32::try_from((*page).max(1)).unwrap_or(u32::MAX)),
            OptionValue::Text(_) | OptionValue::Subcommand => None,
        }
    }

    /// The post that is meant: its address may have its title behind it, as completion shows it.
    fn post(&self) -> Result<Target, Misread> {
        let Some(text) = self.text(POST) else {
            return Ok(Target::Here);
        };
        text.split(' ')
            .next()
            .and_then(|word| word.trim_end_matches([':', ',']).parse().ok())
            .map(Target::At)
            .ok_or(Misread::NoAddress(self.command))
    }
}
