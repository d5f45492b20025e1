//! What people can say.

use super::notice::DecidedBy;
use super::parts::{card, command};
use crate::document::{Block, Card};
use crate::text::{Arg, Key, Texts};

/// A command in the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpLine {
    /// How it is typed, prefix and all: `!answer [#42] text`.
    pub usage: String,
    /// What it does.
    pub summary: String,
    /// One that could be typed as it stands.
    pub example: Option<String>,
}

/// What shows the rest, where only a part of the commands is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpMore {
    /// What shows all commands, as it is typed.
    pub all: String,
    /// What shows one of them, as it is typed.
    pub one: String,
}

/// The help: each command with what it does, then how to do without commands `by` words or buttons, how to speak of posts, and
/// what shows `more`.
#[must_use]
pub fn help(texts: &Texts, by: DecidedBy, lines: &[HelpLine], more: Option<&HelpMore>) -> Card {
    let address = |address| command("", address);
    let addresses = [
        ("question", address("#42")),
        ("answer", address("#42.1")),
        ("comment", address("#42/c1")),
    ];
    let mut blocks = vec![
        Block::Title(texts.line(Key::HelpTitle, &[])),
        Block::List {
            first: None,
            items: lines.iter().map(|line| item(texts, line)).collect(),
        },
        Block::Paragraph(texts.line(
            match by {
                DecidedBy::Words => Key::HelpReactions,
                DecidedBy::Buttons => Key::HelpButtons,
            },
            &[],
        )),
        Block::Paragraph(texts.line(Key::HelpAddresses, &addresses)),
    ];
    if let Some(more) = more {
        let args = [
            ("all", command("", &more.all)),
            ("one", command("", &more.one)),
        ];
        blocks.push(Block::Paragraph(texts.line(Key::HelpMore, &args)));
    }
    card(blocks)
}

/// A command.
fn item(texts: &Texts, line: &HelpLine) -> Vec<Block> {
    let what = texts.line(
        Key::HelpLine,
        &[
            ("usage", command("", &line.usage)),
            ("summary", Arg::Text(&line.summary)),
        ],
    );
    let mut blocks = vec![Block::Paragraph(what)];
    if let Some(example) = &line.example {
        blocks.push(Block::Small(
            texts.line(Key::HelpExample, &[("command", command("", example))]),
        ));
    }
    blocks
}
