//! Blocks as Discord's Markdown: quotes, lists, code, small print, each on lines of their own.
//!
//! What Discord does not do is drawn so that it still reads: in a list, only lines and lists stand (the rest goes to the
//! margin and ends the list); a quote in a quote has a bar before its lines.

use bot_core::document::{Block, Inline};

use super::escape;
use super::line::{self, Post, Style};

/// A drawn line.
struct DrawnLine {
    kind: LinePosition,
    text: String,
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LinePosition {
    /// Where it is put: indented in lists.
    Flow,
    /// At the margin.
    Margin,
    /// At the margin, and nothing before it but a quote's mark.
    Code,
}

/// Draws blocks below each other. Their texts are escaped here; `post` gives a post's address as it may stand in a link.
pub(super) fn draw(blocks: &[Block], post: Post<'_>) -> String {
    let pen = BlockWriter { post, quotes: 0 };
    let lines = pen.blocks(blocks, Spacing::Loose);
    let lines: Vec<_> = lines.into_iter().map(|line| line.text).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// What is between blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// A blank line.
    Loose,
    /// Nothing: in the items of a list.
    Tight,
}

#[derive(Clone, Copy)]
struct BlockWriter<'a> {
    post: Post<'a>,
    /// How many quotes this is in.
    quotes: usize,
}

impl BlockWriter<'_> {
    fn blocks(self, blocks: &[Block], spacing: Spacing) -> Vec<DrawnLine> {
        let mut lines = Vec::new();
        let mut before = None;
        for block in blocks {
            let drawn = self.block(block);
            if drawn.is_empty() {
                continue;
            }
            if before.is_some_and(|before| spacing == Spacing::Loose && apart(before, block)) {
                lines.push(DrawnLine {
                    kind: LinePosition::Flow,
                    text: String::new(),
                });
            }
            lines.extend(drawn);
            before = Some(block);
        }
        lines
    }

    fn block(self, block: &Block) -> Vec<DrawnLine> {
        match block {
            Block::Title(parts) | Block::Heading(parts) => self.text(parts, Style::STRONG),
            Block::Paragraph(parts) => self.text(parts, Style::default()),
            Block::Small(parts) => self.small(parts),
            Block::Code { language, text } => code(language.as_deref(), text),
            Block::Quote(blocks) => self.quote(blocks),
            Block::List { first, items } => self.list(*first, items),
            Block::Rule => vec![DrawnLine {
                kind: LinePosition::Margin,
                text: "───".to_owned(),
            }],
        }
    }

    fn text(self, parts: &[Inline], style: Style) -> Vec<DrawnLine> {
        let lines = line::lines(parts, style, self.post);
        let blank = lines.iter().all(String::is_empty);
        let lines = lines.into_iter().filter(|_| !blank);
        lines
            .map(|text| DrawnLine {
                kind: LinePosition::Flow,
                text,
            })
            .collect()
    }

    /// Small print begins where a line does; in a quote inside a quote that is nowhere.
    fn small(self, parts: &[Inline]) -> Vec<DrawnLine> {
        let mark = if self.quotes < 2 { "-# " } else { "" };
        let lines = line::lines(parts, Style::default(), self.post).into_iter();
        lines
            .filter(|text| !text.is_empty())
            .map(|text| DrawnLine {
                kind: LinePosition::Margin,
                text: format!("{mark}{text}"),
            })
            .collect()
    }

    fn quote(self, blocks: &[Block]) -> Vec<DrawnLine> {
        let inner = Self {
            quotes: self.quotes + 1,
            ..self
        };
        let quoted = |line: DrawnLine| match (self.quotes, line.kind) {
            (0, LinePosition::Code) => DrawnLine {
                text: format!("> {}", line.text),
                ..line
            },
            (0, _) => DrawnLine {
                kind: LinePosition::Margin,
                text: format!("> {}", line.text),
            },
            (_, LinePosition::Code) => line,
            (_, _) => DrawnLine {
                kind: LinePosition::Margin,
                text: format!("│ {}", line.text),
            },
        };
        let lines = inner.blocks(blocks, Spacing::Loose);
        lines.into_iter().map(quoted).collect()
    }

    fn list(self, first: Option<u64>, items: &[Vec<Block>]) -> Vec<DrawnLine> {
        let mut number = first;
        let mut lines = Vec::new();
        for item in items {
            let marker = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            number = number.map(|number| number.saturating_add(1));
            let drawn = self.blocks(item, Spacing::Tight);
            // Without a line to stand before, the marker stands alone.
            if !matches!(drawn.first(), Some(line) if line.kind == LinePosition::Flow) {
                lines.push(DrawnLine {
                    kind: LinePosition::Flow,
                    text: marker.trim_end().to_owned(),
                });
                lines.extend(drawn);
                continue;
            }
            let indent = " ".repeat(marker.len());
            for (at, line) in drawn.into_iter().enumerate() {
                let before = match (at, line.kind) {
                    (0, _) => marker.as_str(),
                    (_, LinePosition::Flow) => indent.as_str(),
                    (_, LinePosition::Margin | LinePosition::Code) => "",
                };
                lines.push(DrawnLine {
                    kind: line.kind,
                    text: format!("{before}{}", line.text),
                });
            }
        }
        lines
    }
}

/// Whether a blank line parts two blocks: not where Discord leaves room by itself.
fn apart(before: &Block, block: &Block) -> bool {
    !matches!(
        (before, block),
        (Block::Small(_), Block::Small(_))
            | (Block::Code { .. }, _)
            | (_, Block::Code { .. })
            | (Block::Rule, _)
            | (_, Block::Rule)
    )
}

/// A block of code. Its lines are kept as they are.
fn code(language: Option<&str>, text: &str) -> Vec<DrawnLine> {
    let text = escape::block_code(text);
    let open = format!("```{}", language.unwrap_or_default());
    std::iter::once(open.as_str())
        .chain(text.split('\n'))
        .chain(std::iter::once("```"))
        .map(|text| DrawnLine {
            kind: LinePosition::Code,
            text: text.to_owned(),
        })
        .collect()
}
