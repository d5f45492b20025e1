//! Cutting a document: what fits, and the rest as a document of its own.

use unicode_segmentation::UnicodeSegmentation;

use super::super::{Block, Inline};
use super::weigh;

/// Whether something has to be taken, fitting or not, so that each page has something on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Take {
    /// What fits.
    Fitting,
    /// What fits, and at least a character.
    Some,
}

impl Take {
    /// What has to be taken of a part, where `before` is what was taken of the parts before it.
    fn after<T>(self, before: &[T]) -> Self {
        if before.is_empty() {
            self
        } else {
            Self::Fitting
        }
    }
}

/// The beginning of a document that weighs at most `most`, and whether anything was cut off.
#[must_use]
pub fn fold(blocks: Vec<Block>, most: usize) -> (Vec<Block>, bool) {
    let (head, rest) = cut_blocks(blocks, most, 0, Take::Some);
    (head, !rest.is_empty())
}

/// The document in pages that each weigh at most `most`; a page that could not hold a single character holds one.
/// An empty document has no page.
#[must_use]
pub fn pages(blocks: Vec<Block>, most: usize) -> Vec<Vec<Block>> {
    let mut pages = Vec::new();
    let mut rest = blocks;
    while !rest.is_empty() {
        let (page, left) = cut_blocks(rest, most, 0, Take::Some);
        if !page.is_empty() {
            pages.push(page);
        }
        rest = left;
    }
    pages
}

/// Cuts between blocks; inside one only where more than half of the room would be left empty.
fn cut_blocks(
    blocks: Vec<Block>,
    room: usize,
    indent: usize,
    take: Take,
) -> (Vec<Block>, Vec<Block>) {
    let mut head = Vec::new();
    let mut left = room;
    let mut blocks = blocks.into_iter();
    while let Some(block) = blocks.next() {
        let weight = weigh::of_block(&block, indent);
        if weight <= left {
            left -= weight;
            head.push(block);
            continue;
        }
        let (taken, rest) = if head.is_empty() || left > room / 2 {
            cut_block(block, left, indent, take.after(&head))
        } else {
            (None, Some(block))
        };
        head.extend(taken);
        return (head, rest.into_iter().chain(blocks).collect());
    }
    (head, Vec::new())
}

/// Cuts inside a block. Both parts are of its kind; code goes on as code.
fn cut_block(
    block: Block,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<Block>, Option<Block>) {
    let room = room.saturating_sub(weigh::own(&block, indent));
    let of_parts = |parts, kind: fn(Vec<Inline>) -> Block| {
        let (head, rest) = cut_parts(parts, room, indent, take);
        (unless_empty(head, kind), unless_empty(rest, kind))
    };
    match block {
        Block::Title(parts) => of_parts(parts, Block::Title),
        Block::Heading(parts) => of_parts(parts, Block::Heading),
        Block::Paragraph(parts) => of_parts(parts, Block::Paragraph),
        Block::Small(parts) => of_parts(parts, Block::Small),
        Block::Code { language, text } => {
            let (head, rest) = cut_code(&text, room, indent, take);
            let code = |text| Block::Code {
                language: language.clone(),
                text,
            };
            (head.map(code), rest.map(code))
        }
        Block::Quote(blocks) => {
            let (head, rest) = cut_blocks(blocks, room, indent + weigh::INDENT, take);
            (
                unless_empty(head, Block::Quote),
                unless_empty(rest, Block::Quote),
            )
        }
        Block::List { first, items } => cut_list(first, items, room, indent, take),
        Block::Rule => whole(Block::Rule, take),
    }
}

/// Cuts a list; an item that is cut goes on under its own number.
fn cut_list(
    first: Option<u64>,
    items: Vec<Vec<Block>>,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<Block>, Option<Block>) {
    let marker = weigh::marker(first, items.len());
    let mut head = Vec::new();
    let mut left = room;
    let mut rest = Vec::new();
    let mut next = first;
    let mut items = items.into_iter();
    while let Some(item) = items.next() {
        let weight = weigh::of_item(&item, indent, marker);
        if weight <= left {
            left -= weight;
            head.push(item);
            next = next.map(|number| number.saturating_add(1));
            continue;
        }
        let (taken, more) = if head.is_empty() || left > room / 2 {
            let room = left.saturating_sub(weigh::of_item(&[], indent, marker));
            cut_blocks(item, room, indent + marker, take.after(&head))
        } else {
            (Vec::new(), item)
        };
        head.extend(unless_empty(taken, |taken| taken));
        rest.extend(unless_empty(more, |more| more));
        rest.extend(items);
        break;
    }
    (
        unless_empty(head, |items| Block::List { first, items }),
        unless_empty(rest, |items| Block::List { first: next, items }),
    )
}

/// Cuts a line. Links and code in it are cut only where they alone don't fit.
fn cut_parts(
    parts: Vec<Inline>,
    room: usize,
    indent: usize,
    take: Take,
) -> (Vec<Inline>, Vec<Inline>) {
    let mut head = Vec::new();
    let mut left = room;
    let mut parts = parts.into_iter();
    while let Some(part) = parts.next() {
        let weight = weigh::of_part(&part, indent);
        if weight <= left {
            left -= weight;
            head.push(part);
            continue;
        }
        let (taken, rest) = cut_part(part, left, indent, take.after(&head));
        head.extend(taken);
        return (head, rest.into_iter().chain(parts).collect());
    }
    (head, Vec::new())
}

/// Cuts inside a part of a line.
fn cut_part(
    part: Inline,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<Inline>, Option<Inline>) {
    let marked = room.saturating_sub(weigh::MARK);
    let of_parts = |parts, kind: fn(Vec<Inline>) -> Inline| {
        let (head, rest) = cut_parts(parts, marked, indent, take);
        (unless_empty(head, kind), unless_empty(rest, kind))
    };
    let of_text = |text: &str, room, kind: fn(String) -> Inline| {
        let (head, rest) = cut_text(text, room, indent, take);
        (head.map(kind), rest.map(kind))
    };
    match part {
        Inline::Text(text) => of_text(&text, room, Inline::Text),
        Inline::Emphasis(parts) => of_parts(parts, Inline::Emphasis),
        Inline::Strong(parts) => of_parts(parts, Inline::Strong),
        Inline::Strike(parts) => of_parts(parts, Inline::Strike),
        Inline::Spoiler(parts) => of_parts(parts, Inline::Spoiler),
        Inline::Code(text) if take == Take::Some => of_text(&text, marked, Inline::Code),
        Inline::Mark(text) if take == Take::Some => of_text(&text, marked, Inline::Mark),
        Inline::Link { to, text } if take == Take::Some => {
            let room = room.saturating_sub(weigh::link(&to));
            let (head, rest) = cut_parts(text, room, indent, take);
            let link = |text| Inline::Link {
                to: to.clone(),
                text,
            };
            (unless_empty(head, link), unless_empty(rest, link))
        }
        Inline::Code(_)
        | Inline::Mark(_)
        | Inline::Link { .. }
        | Inline::Address(_)
        | Inline::Place { .. }
        | Inline::Time(_)
        | Inline::Break => whole(part, take),
    }
}

/// What can't be cut: taken where something must be.
fn whole<T>(what: T, take: Take) -> (Option<T>, Option<T>) {
    match take {
        Take::Fitting => (None, Some(what)),
        Take::Some => (Some(what), None),
    }
}

/// Cuts text after a space in the later half of what fits, else between graphemes; a grapheme that alone doesn't fit,
/// between characters.
fn cut_text(
    text: &str,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<String>, Option<String>) {
    let fits = fitting(text, room, indent, take);
    let spaced = text
        .get(..fits)
        .and_then(|head| head.rfind(char::is_whitespace).map(|at| (head, at)))
        .and_then(|(head, at)| Some(at + head.get(at..)?.chars().next()?.len_utf8()))
        .filter(|&at| at > fits / 2 && fits < text.len());
    parted(text, spaced.unwrap_or(fits), 0)
}

/// Cuts code at a line end, which is lost; a line that alone doesn't fit, as text.
fn cut_code(
    text: &str,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<String>, Option<String>) {
    let fits = fitting(text, room, indent, take);
    let line_end = match text.get(fits..) {
        Some(rest) if rest.starts_with('\n') => Some(fits),
        _ => text.get(..fits).and_then(|head| head.rfind('\n')),
    };
    match (line_end.filter(|&at| at > 0), take) {
        (Some(at), _) => parted(text, at, 1),
        (None, Take::Fitting) => (None, Some(text.to_owned())),
        (None, Take::Some) => parted(text, fits, 0),
    }
}

/// How many bytes of the text fit, in whole graphemes.
fn fitting(text: &str, room: usize, indent: usize, take: Take) -> usize {
    let mut left = room;
    let mut fits = 0;
    for grapheme in text.graphemes(true) {
        let weight = weigh::of_text(grapheme, indent);
        if weight > left {
            break;
        }
        left -= weight;
        fits += grapheme.len();
    }
    if fits > 0 || take == Take::Fitting {
        return fits;
    }
    for c in text.chars() {
        let weight = weigh::of_char(c, indent);
        if weight > left && fits > 0 {
            break;
        }
        left = left.saturating_sub(weight);
        fits += c.len_utf8();
    }
    fits
}

/// The text before `at`, and that from `skipped` bytes after it; none where there is no text.
fn parted(text: &str, at: usize, skipped: usize) -> (Option<String>, Option<String>) {
    let part = |part: Option<&str>| part.filter(|part| !part.is_empty()).map(str::to_owned);
    (part(text.get(..at)), part(text.get(at + skipped..)))
}

/// What `kind` makes of the parts, if there are any.
fn unless_empty<T, U>(parts: Vec<T>, kind: impl FnOnce(Vec<T>) -> U) -> Option<U> {
    (!parts.is_empty()).then(|| kind(parts))
}
