//! Cutting a document: what fits, and the rest as a document of its own. Linear: each page looks at what is on it, and not
//! at all that is left.

use std::collections::VecDeque;

use unicode_segmentation::UnicodeSegmentation;

use super::left::{self, FoldedBlock, LeftPart, LeftText, TextKind, left_of};
use super::weigh;
use crate::document::{Block, Inline};

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
    let mut rest = left_of(blocks);
    let head = cut_blocks(&mut rest, most, 0, Take::Some);
    (head, !rest.is_empty())
}

/// The document in pages that each weigh at most `most`; a page that could not hold a single character holds one.
/// An empty document has no page.
#[must_use]
pub fn pages(blocks: Vec<Block>, most: usize) -> Vec<Vec<Block>> {
    let mut pages = Vec::new();
    let mut rest = left_of(blocks);
    while !rest.is_empty() {
        let page = cut_blocks(&mut rest, most, 0, Take::Some);
        if !page.is_empty() {
            pages.push(page);
        }
    }
    pages
}

/// Cuts between blocks; inside one only where more than half of the room would be left empty. Takes what it gives off the
/// blocks.
fn cut_blocks(
    blocks: &mut VecDeque<FoldedBlock>,
    room: usize,
    indent: usize,
    take: Take,
) -> Vec<Block> {
    let mut head = Vec::new();
    let mut left = room;
    while let Some(block) = blocks.pop_front() {
        if let Some(more) = block.taken_from(left, indent) {
            left = more;
            head.push(block.block());
            continue;
        }
        let (taken, rest) = if head.is_empty() || left > room / 2 {
            cut_block(block, left, indent, take.after(&head))
        } else {
            (None, Some(block))
        };
        head.extend(taken);
        if let Some(rest) = rest {
            blocks.push_front(rest);
        }
        break;
    }
    head
}

/// Cuts inside a block. Both parts are of its kind; code goes on as code.
fn cut_block(
    block: FoldedBlock,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<Block>, Option<FoldedBlock>) {
    let room = room.saturating_sub(block.own(indent));
    match block.opened() {
        FoldedBlock::Line(kind, mut parts) => {
            let head = cut_parts(&mut parts, room, indent, take);
            (
                unless_empty(head, |head| kind.block(head)),
                unless_empty(parts, |parts| FoldedBlock::Line(kind, parts)),
            )
        }
        FoldedBlock::Code { language, text } => {
            let (head, rest) = cut_code(text, room, indent, take);
            let head = head.map(|text| Block::Code {
                language: language.clone(),
                text,
            });
            (head, rest.map(|text| FoldedBlock::Code { language, text }))
        }
        FoldedBlock::Quote(mut blocks) => {
            let head = cut_blocks(&mut blocks, room, indent + weigh::INDENT, take);
            (
                unless_empty(head, Block::Quote),
                unless_empty(blocks, FoldedBlock::Quote),
            )
        }
        FoldedBlock::List { first, items } => cut_list(first, items, room, indent, take),
        FoldedBlock::Whole(block) => whole(block, take, FoldedBlock::Whole),
    }
}

/// Cuts a list; an item that is cut goes on under its own number.
fn cut_list(
    first: Option<u64>,
    mut items: VecDeque<VecDeque<FoldedBlock>>,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<Block>, Option<FoldedBlock>) {
    let marker = weigh::marker(first, items.len());
    let mut head: Vec<Vec<Block>> = Vec::new();
    let mut left = room;
    let mut next = first;
    while let Some(mut item) = items.pop_front() {
        if let Some(more) = left::item_taken_from(left, &item, indent, marker) {
            left = more;
            head.push(item.into_iter().map(FoldedBlock::block).collect());
            next = next.map(|number| number.saturating_add(1));
            continue;
        }
        if head.is_empty() || left > room / 2 {
            let room = left.saturating_sub(weigh::of_item(&[], indent, marker));
            let taken = cut_blocks(&mut item, room, indent + marker, take.after(&head));
            head.extend(unless_empty(taken, |taken| taken));
        }
        if !item.is_empty() {
            items.push_front(item);
        }
        break;
    }
    (
        unless_empty(head, |items| Block::List { first, items }),
        unless_empty(items, |items| FoldedBlock::List { first: next, items }),
    )
}

/// Cuts a line. Links and code in it are cut only where they alone don't fit. Takes what it gives off the parts.
fn cut_parts(
    parts: &mut VecDeque<LeftPart>,
    room: usize,
    indent: usize,
    take: Take,
) -> Vec<Inline> {
    let mut head = Vec::new();
    let mut left = room;
    while let Some(part) = parts.pop_front() {
        if let Some(more) = part.taken_from(left, indent) {
            left = more;
            head.push(part.part());
            continue;
        }
        let (taken, rest) = cut_part(part, left, indent, take.after(&head));
        head.extend(taken);
        if let Some(rest) = rest {
            parts.push_front(rest);
        }
        break;
    }
    head
}

/// Cuts inside a part of a line.
fn cut_part(
    part: LeftPart,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<Inline>, Option<LeftPart>) {
    let marked = room.saturating_sub(weigh::MARK);
    match part.opened() {
        LeftPart::Text(kind, text) if kind == TextKind::Plain || take == Take::Some => {
            let room = match kind {
                TextKind::Plain => room,
                TextKind::Code | TextKind::Mark => marked,
            };
            let (head, rest) = cut_text(text, room, indent, take);
            (
                head.map(|text| kind.part(text)),
                rest.map(|text| LeftPart::Text(kind, text)),
            )
        }
        LeftPart::Marked(kind, mut parts) => {
            let head = cut_parts(&mut parts, marked, indent, take);
            (
                unless_empty(head, |head| kind.part(head)),
                unless_empty(parts, |parts| LeftPart::Marked(kind, parts)),
            )
        }
        LeftPart::Link(to, mut parts) if take == Take::Some => {
            let room = room.saturating_sub(weigh::link(&to));
            let head = cut_parts(&mut parts, room, indent, take);
            let link = |text| Inline::Link {
                to: to.clone(),
                text,
            };
            let head = unless_empty(head, link);
            (head, unless_empty(parts, |parts| LeftPart::Link(to, parts)))
        }
        // Only where something has to be taken are these cut.
        part @ (LeftPart::Text(..) | LeftPart::Link(..)) => (None, Some(part)),
        LeftPart::Whole(part) => whole(part, take, LeftPart::Whole),
    }
}

/// What can't be cut: taken where something must be.
fn whole<T, L>(what: T, take: Take, left: impl FnOnce(T) -> L) -> (Option<T>, Option<L>) {
    match take {
        Take::Fitting => (None, Some(left(what))),
        Take::Some => (Some(what), None),
    }
}

/// Cuts text after a space in the later half of what fits, else between graphemes; a grapheme that alone doesn't fit,
/// between characters.
fn cut_text(
    text: LeftText,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<String>, Option<LeftText>) {
    let here = text.as_str();
    let fits = fitting(here, room, indent, take);
    let spaced = here
        .get(..fits)
        .and_then(|head| head.rfind(char::is_whitespace).map(|at| (head, at)))
        .and_then(|(head, at)| Some(at + head.get(at..)?.chars().next()?.len_utf8()))
        .filter(|&at| at > fits / 2 && fits < here.len());
    let at = spaced.unwrap_or(fits);
    text.parted(at, 0)
}

/// Cuts code at a line end, which is lost; a line that alone doesn't fit, as text.
fn cut_code(
    text: LeftText,
    room: usize,
    indent: usize,
    take: Take,
) -> (Option<String>, Option<LeftText>) {
    let here = text.as_str();
    let fits = fitting(here, room, indent, take);
    let line_end = match here.get(fits..) {
        Some(rest) if rest.starts_with('\n') => Some(fits),
        _ => here.get(..fits).and_then(|head| head.rfind('\n')),
    };
    match (line_end.filter(|&at| at > 0), take) {
        (Some(at), _) => text.parted(at, 1),
        (None, Take::Fitting) => (None, Some(text)),
        (None, Take::Some) => text.parted(fits, 0),
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

/// What `kind` makes of the parts, if there are any.
fn unless_empty<P: Parts, U>(parts: P, kind: impl FnOnce(P) -> U) -> Option<U> {
    (!parts.is_none()).then(|| kind(parts))
}

/// Several things, or none.
trait Parts {
    fn is_none(&self) -> bool;
}

impl<T> Parts for Vec<T> {
    fn is_none(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Parts for VecDeque<T> {
    fn is_none(&self) -> bool {
        self.is_empty()
    }
}
