//! What is left of a document while pages are cut off it: what was begun is kept so that its beginning is taken off without
//! touching the rest.

use std::collections::VecDeque;

use super::weigh;
use crate::document::{Block, Fact, Inline};

/// A block, or what is left of one.
pub(super) enum FoldedBlock {
    /// One that was not begun, or can't be cut.
    Whole(Block),
    Line(LineKind, VecDeque<LeftPart>),
    Code {
        language: Option<String>,
        text: LeftText,
    },
    Quote(VecDeque<FoldedBlock>),
    List {
        /// The number of the first item that is left.
        first: Option<u64>,
        items: VecDeque<VecDeque<FoldedBlock>>,
    },
}

/// A block that is a line.
#[derive(Clone, Copy)]
pub(super) enum LineKind {
    Title,
    Heading,
    Paragraph,
    Small,
}

/// A part of a line, or what is left of one.
pub(super) enum LeftPart {
    /// One that was not begun, or can't be cut.
    Whole(Inline),
    Text(TextKind, LeftText),
    Marked(MarkKind, VecDeque<LeftPart>),
    /// A link, and where it leads.
    Link(String, VecDeque<LeftPart>),
}

/// A part that is text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Plain,
    Code,
    Mark,
}

/// A part that marks others.
#[derive(Clone, Copy)]
pub(super) enum MarkKind {
    Emphasis,
    Strong,
    Strike,
    Spoiler,
    Fact(Fact),
}

/// A text of which the beginning is gone.
pub(super) struct LeftText {
    text: String,
    gone: usize,
}

/// A document of which nothing is cut off yet.
pub(super) fn left_of(blocks: Vec<Block>) -> VecDeque<FoldedBlock> {
    blocks.into_iter().map(FoldedBlock::Whole).collect()
}

fn parts_of(parts: Vec<Inline>) -> VecDeque<LeftPart> {
    parts.into_iter().map(LeftPart::Whole).collect()
}

impl FoldedBlock {
    /// The same, begun: what was whole is taken apart, one level deep.
    pub fn opened(self) -> Self {
        let line = |kind, parts| Self::Line(kind, parts_of(parts));
        match self {
            Self::Whole(Block::Title(parts)) => line(LineKind::Title, parts),
            Self::Whole(Block::Heading(parts)) => line(LineKind::Heading, parts),
            Self::Whole(Block::Paragraph(parts)) => line(LineKind::Paragraph, parts),
            Self::Whole(Block::Small(parts)) => line(LineKind::Small, parts),
            Self::Whole(Block::Code { language, text }) => Self::Code {
                language,
                text: text.into(),
            },
            Self::Whole(Block::Quote(blocks)) => Self::Quote(left_of(blocks)),
            Self::Whole(Block::List { first, items }) => Self::List {
                first,
                items: items.into_iter().map(left_of).collect(),
            },
            left => left,
        }
    }

    /// As a block.
    pub fn block(self) -> Block {
        match self {
            Self::Whole(block) => block,
            Self::Line(kind, parts) => kind.block(parts.into_iter().map(LeftPart::part).collect()),
            Self::Code { language, text } => Block::Code {
                language,
                text: text.into(),
            },
            Self::Quote(blocks) => Block::Quote(blocks.into_iter().map(Self::block).collect()),
            Self::List { first, items } => {
                let item = |item: VecDeque<Self>| item.into_iter().map(Self::block).collect();
                Block::List {
                    first,
                    items: items.into_iter().map(item).collect(),
                }
            }
        }
    }

    /// What it weighs without what is in it.
    pub fn own(&self, indent: usize) -> usize {
        match self {
            Self::Whole(block) => weigh::own(block, indent),
            Self::Code { language, .. } => weigh::of_fences(language.as_deref(), indent),
            Self::Line(..) | Self::Quote(_) | Self::List { .. } => weigh::of_tags(indent),
        }
    }

    /// How much room there is still when it has taken its own; none where that is not enough.
    pub fn taken_from(&self, room: usize, indent: usize) -> Option<usize> {
        let left = match self {
            Self::Whole(block) => return weigh::taken_from(room, block, indent),
            _ => room.checked_sub(self.own(indent))?,
        };
        match self {
            Self::Whole(_) => Some(left),
            Self::Line(_, parts) => parts
                .iter()
                .try_fold(left, |left, part| part.taken_from(left, indent)),
            Self::Code { text, .. } => weigh::text_taken_from(left, text.as_str(), indent),
            Self::Quote(blocks) => {
                let indent = indent + weigh::INDENT;
                blocks
                    .iter()
                    .try_fold(left, |left, block| block.taken_from(left, indent))
            }
            Self::List { first, items } => {
                let marker = weigh::marker(*first, items.len());
                let item = |left, item| item_taken_from(left, item, indent, marker);
                items.iter().try_fold(left, item)
            }
        }
    }
}

/// The same of an item, where its list's markers are `marker` wide.
pub(super) fn item_taken_from(
    room: usize,
    item: &VecDeque<FoldedBlock>,
    indent: usize,
    marker: usize,
) -> Option<usize> {
    let left = room.checked_sub(weigh::of_item(&[], indent, marker))?;
    let mut blocks = item.iter();
    blocks.try_fold(left, |left, block| block.taken_from(left, indent + marker))
}

impl LeftPart {
    /// The same, begun.
    pub fn opened(self) -> Self {
        let marked = |kind, parts| Self::Marked(kind, parts_of(parts));
        match self {
            Self::Whole(Inline::Text(text)) => Self::Text(TextKind::Plain, text.into()),
            Self::Whole(Inline::Code(text)) => Self::Text(TextKind::Code, text.into()),
            Self::Whole(Inline::Mark(text)) => Self::Text(TextKind::Mark, text.into()),
            Self::Whole(Inline::Emphasis(parts)) => marked(MarkKind::Emphasis, parts),
            Self::Whole(Inline::Strong(parts)) => marked(MarkKind::Strong, parts),
            Self::Whole(Inline::Strike(parts)) => marked(MarkKind::Strike, parts),
            Self::Whole(Inline::Spoiler(parts)) => marked(MarkKind::Spoiler, parts),
            Self::Whole(Inline::Fact(fact, parts)) => marked(MarkKind::Fact(fact), parts),
            Self::Whole(Inline::Link { to, text }) => Self::Link(to, parts_of(text)),
            left => left,
        }
    }

    /// As a part of a line.
    pub fn part(self) -> Inline {
        let parts = |parts: VecDeque<Self>| parts.into_iter().map(Self::part).collect();
        match self {
            Self::Whole(part) => part,
            Self::Text(kind, text) => kind.part(text.into()),
            Self::Marked(kind, inside) => kind.part(parts(inside)),
            Self::Link(to, text) => Inline::Link {
                to,
                text: parts(text),
            },
        }
    }

    /// How much room there is still when it has taken its own; none where that is not enough.
    pub fn taken_from(&self, room: usize, indent: usize) -> Option<usize> {
        let inside = |room: usize, own: usize, parts: &VecDeque<Self>| {
            let left = room.checked_sub(own)?;
            let mut parts = parts.iter();
            parts.try_fold(left, |left, part| part.taken_from(left, indent))
        };
        match self {
            Self::Whole(part) => weigh::part_taken_from(room, part, indent),
            Self::Text(kind, text) => {
                let left = room.checked_sub(kind.own())?;
                weigh::text_taken_from(left, text.as_str(), indent)
            }
            Self::Marked(kind, parts) => inside(room, kind.own(), parts),
            Self::Link(to, parts) => inside(room, weigh::link(to), parts),
        }
    }
}

impl LineKind {
    /// The line as a block.
    pub fn block(self, parts: Vec<Inline>) -> Block {
        match self {
            Self::Title => Block::Title(parts),
            Self::Heading => Block::Heading(parts),
            Self::Paragraph => Block::Paragraph(parts),
            Self::Small => Block::Small(parts),
        }
    }
}

impl TextKind {
    /// The text as a part of a line.
    pub fn part(self, text: String) -> Inline {
        match self {
            Self::Plain => Inline::Text(text),
            Self::Code => Inline::Code(text),
            Self::Mark => Inline::Mark(text),
        }
    }

    fn own(self) -> usize {
        match self {
            Self::Plain => 0,
            Self::Code | Self::Mark => weigh::MARK,
        }
    }
}

impl MarkKind {
    /// The marked parts as a part of a line.
    pub fn part(self, parts: Vec<Inline>) -> Inline {
        match self {
            Self::Emphasis => Inline::Emphasis(parts),
            Self::Strong => Inline::Strong(parts),
            Self::Strike => Inline::Strike(parts),
            Self::Spoiler => Inline::Spoiler(parts),
            Self::Fact(fact) => Inline::Fact(fact, parts),
        }
    }

    const fn own(self) -> usize {
        match self {
            Self::Emphasis | Self::Strong | Self::Strike => weigh::MARK,
            Self::Spoiler => weigh::SPOILER,
            Self::Fact(_) => 0,
        }
    }
}

impl LeftText {
    /// What is left.
    pub fn as_str(&self) -> &str {
        self.text.get(self.gone..).unwrap_or_default()
    }

    /// The text before `at`, and what is left from `skipped` bytes after it; none where there is no text.
    pub fn parted(mut self, at: usize, skipped: usize) -> (Option<String>, Option<Self>) {
        let head = self.as_str().get(..at).unwrap_or_default().to_owned();
        self.gone += at + skipped;
        let is_left = !self.as_str().is_empty();
        ((!head.is_empty()).then_some(head), is_left.then_some(self))
    }
}

impl From<String> for LeftText {
    fn from(text: String) -> Self {
        Self { text, gone: 0 }
    }
}

impl From<LeftText> for String {
    fn from(mut left: LeftText) -> Self {
        left.text.split_off(left.gone)
    }
}
