//! What is said of two that become one: a person's accounts, and forums.

use super::parts::{command, count, named, sentence};
use crate::document::{Block, Card, Inline};
use crate::forum::Address;
use crate::text::{Arg, Key, Texts};

/// An account as another is told of it: never by the name alone, which anybody can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherAccount<'a> {
    /// What it is called. People's text.
    pub name: &'a str,
    /// The platform's name.
    pub platform: &'a str,
    /// The name that no other account there has.
    pub account: &'a str,
    /// The platform's name for it.
    pub id: &'a str,
}

/// A place as the admins of another are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherPlace<'a> {
    /// The platform's name for it, or for the server that it is of.
    pub id: &'a str,
    /// Whether it is the server's.
    pub server: bool,
}

/// A forum as the admins of another are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherForum<'a> {
    /// What it is called. People's text.
    pub name: &'a str,
    /// How many questions it has.
    pub questions: u64,
    /// Where it is, if it has a place.
    pub place: Option<OtherPlace<'a>>,
}

/// A sentence in which there is a command to say, prefix and all.
#[must_use]
pub fn to_say(texts: &Texts, key: Key, said: &str) -> Card {
    sentence(texts, key, &[("command", command("", said))])
}

/// A sentence about another account; `said` is the command in it.
#[must_use]
pub fn on_account(texts: &Texts, key: Key, other: OtherAccount<'_>, said: &str) -> Card {
    let args = [
        ("account", Arg::Text(&account(texts, other))),
        ("command", command("", said)),
    ];
    sentence(texts, key, &args)
}

/// A sentence about who speaks for the other side, and from where.
#[must_use]
pub fn by_account(
    texts: &Texts,
    key: Key,
    by: OtherAccount<'_>,
    place: Option<OtherPlace<'_>>,
) -> Card {
    let args = [
        ("account", Arg::Text(&account(texts, by))),
        ("place", Arg::Text(&whereabouts(texts, place))),
    ];
    sentence(texts, key, &args)
}

/// A sentence about another forum; `said` is the command in it, `moved` how many questions get other numbers by it.
#[must_use]
pub fn on_forum(texts: &Texts, key: Key, other: OtherForum<'_>, said: &str, moved: u64) -> Card {
    let name = named(other.name);
    let args = [
        ("name", Arg::Text(&name)),
        ("place", Arg::Text(&whereabouts(texts, other.place))),
        ("questions", count(other.questions)),
        ("moved", count(moved)),
        ("command", command("", said)),
    ];
    sentence(texts, key, &args)
}

/// An account by its name, and by what nobody else has.
fn account(texts: &Texts, other: OtherAccount<'_>) -> String {
    let (name, account, id) = (named(other.name), named(other.account), named(other.id));
    let args = [
        ("name", Arg::Text(&name)),
        ("account", Arg::Text(&account)),
        ("id", Arg::Text(&id)),
        ("platform", Arg::Choice(other.platform)),
    ];
    texts.say(Key::AccountInFull, &args)
}

/// Where a place is.
fn whereabouts(texts: &Texts, place: Option<OtherPlace<'_>>) -> String {
    let (key, id) = match place {
        Some(OtherPlace { id, server: true }) => (Key::WhereServer, named(id)),
        Some(OtherPlace { id, server: false }) => (Key::WherePlace, named(id)),
        None => (Key::WhereNowhere, String::new()),
    };
    texts.say(key, &[("id", Arg::Text(&id))])
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
