//! Cards as Discord messages: one embed, whose names and mentions never ping, and buttons. Pure.
//!
//! This is the one place where what people wrote meets Discord's Markdown: every string goes through [`escape`].

mod blocks;
mod buttons;
mod escape;
mod line;
mod place;
mod prepare;

use bot_core::card::fold;
use bot_core::document::{Block, Card, Inline, Subject};
use bot_core::forum::PostKind;
use bot_core::platform::{MessageKey, SendKey};
use bot_core::text::Texts;

use crate::body::{Embed, MessageBody};

use buttons::Button;
pub(crate) use buttons::{asked, draft, more, sharing};

pub(crate) use place::{TAGS, applied_tags, is_solved, post_name};

/// The most of an embed's title, in UTF-16 units; Discord's number. An embed may have 6,000 in all, which both together keep.
const TITLE: usize = 256;
/// The most of an embed's description, in UTF-16 units; Discord's number.
const DESCRIPTION: usize = 4_096;
/// The most that a card's last lines take where the rest is cut off before them.
const TAIL: usize = 1_500;
/// How finely it is searched for the most that fits, in [`fold::weight`].
const FINE: usize = 48;

/// What a drawing needs to know beside the card.
pub(crate) struct Frame<'a> {
    /// The name under which the message is sent, if it is a post's card: it goes into the buttons.
    pub key: Option<&'a SendKey>,
    /// The page that a reply shows, if it has pages or can be shared.
    pub pages: Option<Pages>,
    /// The labels.
    pub texts: &'a Texts,
}

/// Which page is shown, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pages {
    /// The page, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
    /// The adapter's own name for what is shown; see [`crate::custom_id::fits`].
    pub id: String,
    /// Whether it can be shown to others.
    pub can_share: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RenderedMessage {
    title: Option<String>,
    /// Where the title leads.
    url: Option<String>,
    description: Option<String>,
    colour: u32,
    rows: Vec<Vec<Button>>,
}

impl RenderedMessage {
    /// What Discord takes for a message, new or changed. It mentions nobody.
    pub(crate) fn body(&self) -> MessageBody {
        let embed = Embed {
            title: self.title.clone(),
            url: self.url.clone(),
            description: self.description.clone(),
            color: self.colour,
        };
        let rows = self.rows.iter().map(|row| buttons::row(row));
        MessageBody::new(embed, rows.collect())
    }
}

/// Draws a card. `link` gives the address of a message of the place that it goes to. A card that is too large for a message
/// loses what is before its last lines.
pub(crate) fn draw(
    card: &Card,
    link: &dyn Fn(&MessageKey) -> Option<String>,
    frame: &Frame<'_>,
) -> RenderedMessage {
    let blocks = prepare::prepared(&card.blocks);
    let (title, below) = match blocks.split_first() {
        Some((Block::Title(parts), below)) => (Some(parts.as_slice()), below),
        _ => (None, blocks.as_slice()),
    };
    let post = |address: &_| {
        let message = card.links.get(address)?;
        escape::address(&link(message)?)
    };
    let url = title.and_then(|parts| parts.iter().find_map(|part| leads(part, &post)));
    let title = title
        .map(|parts| escape::title(&line::words(parts), TITLE))
        .filter(|title| !title.is_empty());
    let description = Some(described(below, &post)).filter(|text| !text.trim().is_empty());
    RenderedMessage {
        // Discord refuses a message with nothing in it.
        description: description.or_else(|| title.is_none().then(|| "…".to_owned())),
        title,
        url,
        colour: colour(card.subject.as_ref()),
        rows: buttons::rows(card, frame),
    }
}

/// Where a part of a title leads.
fn leads(part: &Inline, post: line::Post<'_>) -> Option<String> {
    match part {
        Inline::Address(address) => post(address),
        Inline::Fact(_, parts) => parts.iter().find_map(|part| leads(part, post)),
        Inline::Text(_)
        | Inline::Emphasis(_)
        | Inline::Strong(_)
        | Inline::Strike(_)
        | Inline::Spoiler(_)
        | Inline::Code(_)
        | Inline::Mark(_)
        | Inline::Link { .. }
        | Inline::Place { .. }
        | Inline::Time { .. }
        | Inline::Break => None,
    }
}

/// The description: all of it, or its beginning and its last lines.
fn described(below: &[Block], post: line::Post<'_>) -> String {
    let whole = blocks::draw(below, post);
    if size(&whole) <= DESCRIPTION {
        return whole;
    }
    let at = below.len() - tail(below);
    let (body, last) = below.split_at_checked(at).unwrap_or((below, &[]));
    let last = match size(&blocks::draw(last, post)) <= TAIL {
        true => last,
        false => &[],
    };
    beginning(body, last, post)
        .or_else(|| beginning(body, &[], post))
        .unwrap_or_else(|| "…".to_owned())
}

/// The longest beginning of `body` that fits together with `last`.
fn beginning(body: &[Block], last: &[Block], post: line::Post<'_>) -> Option<String> {
    let (mut fits, mut too_much) = (None, fold::weight(body));
    let mut least = 0;
    while least + FINE < too_much {
        let most = least + (too_much - least) / 2;
        let (mut blocks, _) = fold::fold(body.to_vec(), most);
        blocks.push(Block::Paragraph(vec![Inline::Text("…".to_owned())]));
        blocks.extend_from_slice(last);
        let drawn = blocks::draw(&blocks, post);
        if size(&drawn) <= DESCRIPTION {
            least = most;
            fits = Some(drawn);
        } else {
            too_much = most;
        }
    }
    fits
}

/// How many blocks at the end say what is never left out: votes, dates, the accepted answer, how to read on.
fn tail(blocks: &[Block]) -> usize {
    let small = |block: &Block| matches!(block, Block::Small(_));
    let mut tail = 0;
    for (at, block) in blocks.iter().enumerate().rev() {
        let before = at.checked_sub(1).and_then(|before| blocks.get(before));
        let told = matches!(block, Block::Paragraph(_)) && before.is_some_and(small);
        if !small(block) && !told {
            break;
        }
        tail += 1;
    }
    tail
}

/// How long Discord takes a text to be, at most: it counts UTF-16 units in some places, characters in others.
fn size(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The colour at an embed's edge: what a card is of, at a glance.
fn colour(subject: Option<&Subject>) -> u32 {
    match subject.map(|subject| (subject.kind, subject.accepted)) {
        Some((PostKind::Question, false)) => 0x58_65_F2,
        Some((PostKind::Question, true)) => 0x57_F2_87,
        Some((PostKind::Answer, false)) => 0x3B_A5_C4,
        Some((PostKind::Answer, true)) => 0x2D_7D_46,
        Some((PostKind::Comment, _)) => 0x99_AA_B5,
        None => 0x4F_54_5C,
    }
}

#[cfg(test)]
mod tests;
