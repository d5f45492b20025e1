//! Cards as text: what the terminal prints, and the plain half of a Matrix message. Pure.
//!
//! The marks are Markdown's, as people type them: `> ` before quotes, fences around code, `- ` before items. This is also
//! where nothing that could steer a terminal gets through, wherever the text came from.

use super::clean::{kept, kept_line};
use crate::document::{Block, Card, Fact, Inline};

/// How a card is drawn as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Nothing but text, whole: for pipes.
    Plain,
    /// Nothing but text, with what is covered left out: for Matrix, whose clients show it in notices and lists.
    Covered,
    /// With a terminal's bold, dim and underlined, and in colours: code, words that were searched for, and [`Fact`]s; by ANSI escape
    /// sequences.
    Ansi,
}

/// The card as text, without a line end at its end.
#[must_use]
pub fn plain(card: &Card, style: Style) -> String {
    blocks(&card.blocks, style, Spacing::Loose)
}

/// A terminal's way to set off text.
#[derive(Clone, Copy)]
enum Look {
    Bold,
    Dim,
    Underlined,
    Code,
    Match,
    Accepted,
    Score,
    Unanswered,
}

/// What code is drawn with on a terminal: nothing in it is wrapped.
pub const CODE: &str = "\u{1b}[36m";

impl Look {
    /// The escape sequence that begins it.
    const fn begin(self) -> &'static str {
        match self {
            Self::Bold => "\u{1b}[1m",
            Self::Dim => "\u{1b}[2m",
            Self::Underlined => "\u{1b}[4m",
            Self::Code => CODE,
            // Colours that tell something are as bright in small print as elsewhere.
            Self::Match => "\u{1b}[22;1;31m",
            Self::Accepted => "\u{1b}[22;1;32m",
            Self::Score => "\u{1b}[22;35m",
            Self::Unanswered => "\u{1b}[22;33m",
        }
    }
}

/// Stands for what its author covered, where nothing can be uncovered: however long that is.
pub const COVER: &str = "▇▇▇";

/// Ends every look.
const END: &str = "\u{1b}[0m";

/// What is between blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// A blank line.
    Loose,
    /// A line end: in the items of a list.
    Tight,
}

/// Draws blocks below each other.
fn blocks(all: &[Block], style: Style, spacing: Spacing) -> String {
    let mut drawn = String::new();
    for (at, block) in all.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        if let Some(before) = before {
            drawn.push_str(between(before, block, spacing));
        }
        drawn.push_str(&draw(block, style));
    }
    drawn
}

/// What is between two blocks: small print stays close to small print.
fn between(before: &Block, block: &Block, spacing: Spacing) -> &'static str {
    let close = matches!((before, block), (Block::Small(_), Block::Small(_)));
    match spacing {
        Spacing::Tight => "\n",
        Spacing::Loose if close => "\n",
        Spacing::Loose => "\n\n",
    }
}

/// Draws a block.
fn draw(block: &Block, style: Style) -> String {
    match block {
        Block::Title(parts) | Block::Heading(parts) => line(parts, style, Some(Look::Bold)),
        Block::Paragraph(parts) => line(parts, style, None),
        Block::Small(parts) => line(parts, style, Some(Look::Dim)),
        Block::Code { text, .. } if style == Style::Ansi => coloured_code(text),
        Block::Code { language, text } => code(language.as_deref().unwrap_or_default(), text),
        Block::Quote(inner) => prefixed(&blocks(inner, style, Spacing::Loose), "> ", "> "),
        Block::List { first, items } => list(*first, items, style),
        Block::Rule => "---".to_owned(),
    }
}

/// Draws a list. Its items are close together, but for those that hold more than lines and lists.
fn list(first: Option<u64>, items: &[Vec<Block>], style: Style) -> String {
    let lines = |block: &Block| {
        matches!(
            block,
            Block::Paragraph(_) | Block::Small(_) | Block::Heading(_) | Block::List { .. }
        )
    };
    let simple = |item: &Vec<Block>| {
        let paragraphs = item
            .iter()
            .filter(|block| matches!(block, Block::Paragraph(_)));
        item.iter().all(lines) && paragraphs.count() <= 1
    };
    let (spacing, gap) = if items.iter().all(simple) {
        (Spacing::Tight, "\n")
    } else {
        (Spacing::Loose, "\n\n")
    };
    let mut number = first;
    let mut drawn = Vec::with_capacity(items.len());
    for item in items {
        let marker = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
        let indent = " ".repeat(marker.len());
        drawn.push(prefixed(&blocks(item, style, spacing), &marker, &indent));
        number = number.map(|number| number.saturating_add(1));
    }
    drawn.join(gap)
}

/// Sets `first` before the first line and `next` before the others, without blanks where a line is empty.
fn prefixed(text: &str, first: &str, next: &str) -> String {
    let mut drawn = String::with_capacity(text.len() + first.len());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            drawn.push('\n');
        }
        let prefix = if at == 0 { first } else { next };
        drawn.push_str(if line.is_empty() {
            prefix.trim_end()
        } else {
            prefix
        });
        drawn.push_str(line);
    }
    drawn
}

/// Draws code between fences longer than any row of backticks in it.
fn code(language: &str, text: &str) -> String {
    let fence = "`".repeat(backticks(text).max(2) + 1);
    format!("{fence}{}\n{}\n{fence}", kept_line(language), kept(text))
}

/// Draws code as a terminal can: set apart by its colour, without fences.
fn coloured_code(text: &str) -> String {
    let text = kept(text);
    let lines = text.split('\n').map(|line| match line {
        "" => String::new(),
        line => format!("    {CODE}{line}{END}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The longest row of backticks in a text.
fn backticks(text: &str) -> usize {
    let rows = text.split(|c| c != '`').map(str::len);
    rows.max().unwrap_or(0)
}

/// Draws a line.
fn line(parts: &[Inline], style: Style, look: Option<Look>) -> String {
    let mut pen = LineWriter {
        style,
        looks: Vec::new(),
        drawn: String::new(),
    };
    match look {
        Some(look) => pen.with(look, |pen| pen.parts(parts)),
        None => pen.parts(parts),
    }
    pen.drawn
}

/// Draws the parts of a line and knows which looks are on.
struct LineWriter {
    style: Style,
    looks: Vec<Look>,
    drawn: String,
}

impl LineWriter {
    fn parts(&mut self, parts: &[Inline]) {
        for part in parts {
            self.part(part);
        }
    }

    fn part(&mut self, part: &Inline) {
        match part {
            Inline::Text(text) => self.drawn.push_str(&kept_line(text)),
            Inline::Emphasis(parts) => self.marked("*", Look::Underlined, parts),
            Inline::Strong(parts) => self.marked("**", Look::Bold, parts),
            Inline::Strike(parts) => {
                self.drawn.push_str("~~");
                self.parts(parts);
                self.drawn.push_str("~~");
            }
            Inline::Spoiler(_) if self.style == Style::Covered => self.drawn.push_str(COVER),
            Inline::Spoiler(parts) => {
                self.drawn.push_str("||");
                self.parts(parts);
                self.drawn.push_str("||");
            }
            Inline::Code(text) => self.code(text),
            Inline::Mark(text) => self.with(Look::Match, |pen| {
                pen.drawn.push_str(&kept_line(text));
            }),
            Inline::Fact(fact, parts) => {
                let look = match fact {
                    Fact::Accepted => Look::Accepted,
                    Fact::Score => Look::Score,
                    Fact::Unanswered => Look::Unanswered,
                };
                self.with(look, |pen| pen.parts(parts));
            }
            Inline::Link { to, text } => self.link(to, text),
            Inline::Address(address) => self.drawn.push_str(&address.to_string()),
            Inline::Place { name, .. } => self.drawn.push_str(&kept_line(name)),
            Inline::Time { words, .. } => self.drawn.push_str(&kept_line(words)),
            Inline::Break => self.drawn.push('\n'),
        }
    }

    /// Draws a mark: by Markdown's sign, or by a look.
    fn marked(&mut self, sign: &str, look: Look, parts: &[Inline]) {
        match self.style {
            Style::Plain | Style::Covered => {
                self.drawn.push_str(sign);
                self.parts(parts);
                self.drawn.push_str(sign);
            }
            Style::Ansi => self.with(look, |pen| pen.parts(parts)),
        }
    }

    /// Draws code between as many backticks as keep it apart.
    fn code(&mut self, text: &str) {
        let text = kept_line(text);
        if self.style == Style::Ansi {
            return self.with(Look::Code, |pen| pen.drawn.push_str(&text));
        }
        let fence = "`".repeat(backticks(&text) + 1);
        let space = if text.starts_with('`') || text.ends_with('`') {
            " "
        } else {
            ""
        };
        self.drawn
            .push_str(&format!("{fence}{space}{text}{space}{fence}"));
    }

    /// Draws a link: its text, and where it leads if the text does not say that already.
    fn link(&mut self, to: &str, text: &[Inline]) {
        let to = kept_line(to);
        let said = matches!(text, [Inline::Text(text)] if to == *text || to.strip_prefix("mailto:") == Some(text));
        self.with(Look::Underlined, |pen| pen.parts(text));
        if !said {
            self.drawn.push_str(" (");
            self.drawn.push_str(&to);
            self.drawn.push(')');
        }
    }

    /// Draws with a look, where looks are drawn.
    fn with(&mut self, look: Look, draw: impl FnOnce(&mut Self)) {
        if self.style != Style::Ansi {
            return draw(self);
        }
        self.looks.push(look);
        self.drawn.push_str(look.begin());
        draw(self);
        self.looks.pop();
        self.drawn.push_str(END);
        for look in &self.looks {
            self.drawn.push_str(look.begin());
        }
    }
}

#[cfg(test)]
mod tests;
