//! What is said of two that become one: a person's accounts, and forums.

use super::parts::{command, count, named, sentence};
use super::{Block, Card, Inline};
use crate::forum::Address;
use crate::text::{Arg, Key, Texts};

/// An account as another is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherAccount<'a> {
    /// What it is called. People's text.
    pub name: &'a str,
    /// The platform's name, as the texts know it.
    pub platform: &'static str,
}

/// A forum as the admins of another are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherForum<'a> {
    /// What it is called. People's text.
    pub name: &'a str,
    /// How many questions it has.
    pub questions: u64,
}

/// A sentence in which there is a command to say, prefix and all.
#[must_use]
pub fn to_say(texts: &Texts, key: Key, said: &str) -> Card {
    sentence(texts, key, &[("command", command("", said))])
}

/// A sentence about another account; `said` is the command in it.
#[must_use]
pub fn on_account(texts: &Texts, key: Key, other: OtherAccount<'_>, said: &str) -> Card {
    let name = named(other.name);
    let args = [
        ("name", Arg::Text(&name)),
        ("platform", Arg::Choice(other.platform)),
        ("command", command("", said)),
    ];
    sentence(texts, key, &args)
}

/// A sentence about another forum; `said` is the command in it, `moved` how many questions get other numbers by it.
#[must_use]
pub fn on_forum(texts: &Texts, key: Key, other: OtherForum<'_>, said: &str, moved: u64) -> Card {
    let name = named(other.name);
    let args = [
        ("name", Arg::Text(&name)),
        ("questions", count(other.questions)),
        ("moved", count(moved)),
        ("command", command("", said)),
    ];
    sentence(texts, key, &args)
}

/// That a question had another number here before: `#42 here was #107`.
#[must_use]
pub fn former(texts: &Texts, now: Address, before: u32) -> Block {
    let before = format!("#{before}");
    let args = [
        ("address", Arg::Node(Inline::Address(now))),
        ("before", Arg::Text(&before)),
    ];
    Block::Small(texts.line(Key::Former, &args))
}
