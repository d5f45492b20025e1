//! What cards are made of: names, commands and lines of small print, the same on every card.

use std::fmt::Display;

use super::clean::kept_line;
use super::fold;
use crate::document::{Block, Card, Fact, Inline, PageNumber, Subject};
use crate::forum::{
    AccountName, Address, Hider, Hiding, Ownership, PersonName, Piece, PostView, QuestionView,
    Score, cut_bytes,
};
use crate::text::{Arg, Key, Texts};

/// The most bytes of a title on a card; the rules allow 120 characters, imports any number.
const TITLE: usize = 600;
/// The most bytes of a person's or forum's name.
const NAME: usize = 250;
/// The most bytes of what somebody said, where it is said back to them.
const SAID: usize = 500;
/// The most bytes of a tag; the rules allow 35 characters.
const TAG: usize = 150;
/// The most bytes of an excerpt, so that ten questions with two each fit into a message.
const EXCERPT: usize = 400;
/// What is kept free for a card's last line.
const LAST_LINE: usize = 1_000;

/// A card of these blocks. Whatever they hold, it fits into a message.
pub(super) fn card(blocks: Vec<Block>) -> Card {
    let (blocks, _) = fold::fold(blocks, fold::CARD);
    Card {
        blocks,
        ..Card::default()
    }
}

/// The same with a last line that is there however long the rest is.
fn card_ending(blocks: Vec<Block>, last: Option<Block>) -> Card {
    let (mut blocks, _) = fold::fold(blocks, fold::CARD - LAST_LINE);
    blocks.extend(last);
    card(blocks)
}

/// A card of one sentence.
pub(super) fn sentence(texts: &Texts, key: Key, args: &[(&str, Arg<'_>)]) -> Card {
    card(vec![Block::Paragraph(texts.line(key, args))])
}

/// A post's address, to be put into a message.
pub(super) fn at(address: Address) -> Arg<'static> {
    Arg::Node(Inline::Address(address))
}

/// What people can type, to be put into a message.
pub(super) fn command(prefix: &str, rest: impl Display) -> Arg<'static> {
    Arg::Node(Inline::Code(format!("{prefix}{rest}")))
}

/// A count, to be put into a message.
pub(super) fn count(number: impl TryInto<i64>) -> Arg<'static> {
    Arg::Number(number.try_into().unwrap_or(i64::MAX))
}

/// A person's name; one who has none is someone. With the account, where others in the forum look the same.
pub(super) fn person(texts: &Texts, person: &PersonName) -> String {
    let name = clipped(&person.name, NAME);
    let name = if name.is_empty() {
        texts.say(Key::Someone, &[])
    } else {
        name
    };
    let Some(AccountName { account, platform }) = &person.account else {
        return name;
    };
    let account = clipped(account, NAME);
    let args = [
        ("name", Arg::Text(&name)),
        ("account", Arg::Text(&account)),
        ("platform", Arg::Choice(platform)),
    ];
    texts.say(Key::NameWithAccount, &args)
}

/// The name of a post's author; one whose account is gone where the post comes from may have none.
pub(super) fn author(texts: &Texts, post: &PostView) -> String {
    let deleted = post
        .origin
        .as_ref()
        .is_some_and(|origin| origin.ownership == Ownership::Deleted);
    if deleted && post.author.name.is_empty() {
        return texts.say(Key::DeletedUser, &[]);
    }
    person(texts, &post.author)
}

/// A forum's name, on one line.
pub(super) fn named(name: &str) -> String {
    clipped(name, NAME)
}

/// A tag, on one line.
pub(super) fn tag(tag: &str) -> String {
    clipped(tag, TAG)
}

/// What somebody said, on one line.
pub(super) fn said(text: &str) -> String {
    clipped(text, SAID)
}

/// A question's address and title.
pub(super) fn title(texts: &Texts, question: &QuestionView) -> Vec<Inline> {
    texts.line(
        Key::QuestionTitle,
        &[
            ("address", at(question.post.address)),
            ("title", Arg::Text(&clipped(&question.title, TITLE))),
        ],
    )
}

/// A title alone.
pub(super) fn title_text(title: &str) -> String {
    clipped(title, TITLE)
}

/// What is left of a post that was taken back.
pub(super) fn tombstone(texts: &Texts, address: Address) -> Block {
    Block::Small(texts.line(Key::Withdrawn, &[("address", at(address))]))
}

/// What stands in place of a hidden post: that it is, by whom, and when it goes. `prefix` stands before commands.
pub(super) fn screen(texts: &Texts, prefix: &str, address: Address, hiding: Hiding) -> Block {
    let key = match hiding.by {
        Hider::Author => Key::HiddenByAuthor,
        Hider::Moderator => Key::HiddenByModerator,
        Hider::Unknown => Key::HiddenSourceGone,
    };
    let mut line = texts.line(key, &[("address", at(address))]);
    if let Some(due) = hiding.withdrawal {
        let unhide = command(prefix, format_args!("unhide {address}"));
        let args = [("at", Arg::Node(texts.time(due))), ("command", unhide)];
        line.push(Inline::Text(" ".to_owned()));
        line.extend(texts.line(Key::HiddenUntil, &args));
    }
    Block::Small(line)
}

/// The card of a hidden post, without its text, title or tags; nothing can be done with it there.
pub(super) fn hidden_card(texts: &Texts, prefix: &str, post: &PostView, hiding: Hiding) -> Card {
    Card {
        subject: Some(Subject {
            address: post.address,
            kind: post.kind,
            title: None,
            tags: Vec::new(),
            accepted: false,
        }),
        ..card(vec![screen(texts, prefix, post.address, hiding)])
    }
}

/// "asked 23 Nov 2026, 11:40 UTC by mira"
pub(super) fn asked(texts: &Texts, post: &PostView) -> Vec<Inline> {
    texts.line(
        Key::Asked,
        &[
            ("at", Arg::Node(texts.time(post.at))),
            ("author", Arg::Text(&author(texts, post))),
        ],
    )
}

/// "edited by sol", where readers are told.
pub(super) fn edited(texts: &Texts, post: &PostView) -> Option<Vec<Inline>> {
    let by = person(texts, &post.edited.as_ref()?.name);
    Some(texts.line(Key::EditedBy, &[("name", Arg::Text(&by))]))
}

/// An excerpt on one line, its words marked.
pub(super) fn excerpt(pieces: &[Piece]) -> Vec<Inline> {
    let mut line = Vec::new();
    let mut left = EXCERPT;
    for piece in pieces {
        let whole = kept_line(&piece.text);
        let text = cut_bytes(&whole, left);
        left = left.saturating_sub(whole.len());
        line.push(if piece.marked {
            Inline::Mark(text)
        } else {
            Inline::Text(text)
        });
        if left == 0 {
            break;
        }
    }
    line
}

/// Lines put together as one, with the message `key` between them.
pub(super) fn joined(texts: &Texts, key: Key, lines: Vec<Vec<Inline>>) -> Vec<Inline> {
    let between = texts.line(key, &[]);
    let mut all = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            all.extend(between.iter().cloned());
        }
        all.extend(line);
    }
    all
}

/// A line of small print of several facts.
pub(super) fn facts(texts: &Texts, facts: Vec<Vec<Inline>>) -> Block {
    Block::Small(joined(texts, Key::Between, facts))
}

/// A line of plain text.
pub(super) fn text(text: String) -> Vec<Inline> {
    vec![Inline::Text(text)]
}

/// "Page 1 of 3", with the command that shows the next; nothing where there is but one.
fn page_line(texts: &Texts, number: u32, pages: u32, next: Option<&str>) -> Option<Block> {
    if pages <= 1 {
        return None;
    }
    let mut args = vec![("number", count(number)), ("pages", count(pages))];
    let key = match next.filter(|_| number < pages) {
        Some(next) => {
            args.push(("command", command("", next)));
            Key::PageNext
        }
        None => Key::Page,
    };
    Some(Block::Small(texts.line(key, &args)))
}

/// One page of a long document, the nearest to the `number` asked for, with a line that says how to read on: `command`
/// and the next page's number. `head` goes before each page, whose weight is `most`.
pub(super) fn paged(
    texts: &Texts,
    head: Vec<Block>,
    blocks: Vec<Block>,
    most: usize,
    number: u32,
    command: &str,
) -> Card {
    let mut pages = fold::pages(blocks, most);
    let last = u32::try_from(pages.len()).unwrap_or(u32::MAX).max(1);
    let number = number.clamp(1, last);
    let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
    let mut shown = head;
    if at < pages.len() {
        shown.extend(pages.swap_remove(at));
    }
    let next = format!("{command} page:{}", number + 1);
    page(texts, shown, (number, last), Some(&next))
}

/// A page of several: `number` of `of`. `next` is the command that shows the next.
pub(super) fn page(
    texts: &Texts,
    blocks: Vec<Block>,
    (number, of): (u32, u32),
    next: Option<&str>,
) -> Card {
    Card {
        page: (of > 1).then_some(PageNumber { number, of }),
        ..card_ending(blocks, page_line(texts, number, of, next))
    }
}

/// A page of several, of which nobody knows how many there are: more than `number`, and at least `of`.
pub(super) fn open_page(
    texts: &Texts,
    blocks: Vec<Block>,
    (number, of): (u32, u32),
    next: Option<&str>,
) -> Card {
    let mut args = vec![("number", count(number))];
    let key = match next {
        Some(next) => {
            args.push(("command", command("", next)));
            Key::PageOpenNext
        }
        None => Key::PageOpen,
    };
    Card {
        page: Some(PageNumber { number, of }),
        ..card_ending(blocks, Some(Block::Small(texts.line(key, &args))))
    }
}

/// The votes on a post: "+84 votes".
pub(super) fn votes(texts: &Texts, score: Score) -> Inline {
    Inline::Fact(Fact::Score, text(texts.votes(score)))
}

/// How many answers a question has.
pub(super) fn answers(texts: &Texts, count: u32) -> Vec<Inline> {
    let line = text(texts.answers(count));
    match count {
        0 => vec![Inline::Fact(Fact::Unanswered, line)],
        _ => line,
    }
}

/// A line that says that an answer is accepted.
pub(super) fn accepted(line: Vec<Inline>) -> Vec<Inline> {
    vec![Inline::Fact(Fact::Accepted, line)]
}

/// People's text on one line, without blank ends, cut off where it is longer than `most` bytes.
fn clipped(text: &str, most: usize) -> String {
    cut_bytes(kept_line(text).trim(), most)
}
