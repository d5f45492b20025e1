//! What people can say.

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

/// The help: each command with what it does, then reactions and how to speak of posts.
#[must_use]
pub fn help(texts: &Texts, lines: &[HelpLine]) -> Card {
    let address = |address| command("", address);
    let addresses = [
        ("question", address("#42")),
        ("answer", address("#42.1")),
        ("comment", address("#42/c1")),
    ];
    card(vec![
        Block::Title(texts.line(Key::HelpTitle, &[])),
        Block::List {
            first: None,
            items: lines.iter().map(|line| item(texts, line)).collect(),
        },
        Block::Paragraph(texts.line(Key::HelpReactions, &[])),
        Block::Paragraph(texts.line(Key::HelpAddresses, &addresses)),
    ])
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
