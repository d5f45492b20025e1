//! Writes blocks: each line with what it stands in before it.

use super::line::{Breaks, LineKind, line, longest};
use super::tree::{Block, Document, Link, List, Part, Row, Run, Style};

/// The document as Markdown.
pub(super) fn written(document: &Document, breaks: Breaks) -> String {
    let mut writer = Writer {
        links: &document.links,
        breaks,
        out: String::new(),
        prefix: String::new(),
        lead: None,
        covered: false,
    };
    writer.blocks(&document.blocks, false);
    writer.out.truncate(writer.out.trim_end_matches('\n').len());
    writer.out
}

struct Writer<'a> {
    links: &'a [Link],
    breaks: Breaks,
    out: String,
    /// What each line begins with: the quotes and lists that it is in.
    prefix: String,
    /// What the next line begins with instead: it opens an item.
    lead: Option<String>,
    /// Whether everything is to be covered.
    covered: bool,
}

impl Writer<'_> {
    /// Writes blocks that are in the same; `tight` where a list follows its text without room.
    ///
    /// The depth is bounded by who builds the tree, so this may call itself.
    fn blocks(&mut self, blocks: &[Block], tight: bool) {
        // Two lists side by side are one, unless their marks differ.
        let mut other = false;
        let mut before: Option<&Block> = None;
        for block in blocks {
            if let Some(before) = before {
                let close = match (before, block) {
                    (Block::Paragraph(_), Block::List(list)) => {
                        tight && list.first.unwrap_or(1) == 1
                    }
                    _ => false,
                };
                if !close {
                    self.line("");
                }
            }
            other = match (before, block) {
                (Some(Block::List(a)), Block::List(b)) => {
                    a.first.is_some() == b.first.is_some() && !other
                }
                _ => false,
            };
            self.block(block, other);
            before = Some(block);
        }
    }

    fn block(&mut self, block: &Block, other: bool) {
        match block {
            Block::Paragraph(runs) => self.runs(runs, LineKind::Paragraph),
            Block::Heading(level, runs) => self.runs(runs, LineKind::Heading(*level)),
            Block::Code { text, .. } if self.covered => {
                self.runs(&lines(text), LineKind::Paragraph);
            }
            Block::Code { language, text } => self.code(language, text),
            Block::Quote(blocks) => self.quote(blocks),
            Block::Spoiler(blocks) => {
                let before = std::mem::replace(&mut self.covered, true);
                self.quote(blocks);
                self.covered = before;
            }
            Block::List(list) => self.list(list, other),
            Block::Table(rows) if self.covered => {
                let cells: Vec<Run> = rows.iter().flat_map(spaced).collect();
                self.runs(&cells, LineKind::Paragraph);
            }
            Block::Table(rows) => self.table(rows),
            // After a bullet, dashes would be one rule with it.
            Block::Rule if self.lead.is_some() => self.line("___"),
            Block::Rule => self.line("---"),
        }
    }

    fn runs(&mut self, runs: &[Run], kind: LineKind) {
        let mut text = line(runs, self.links, kind, self.breaks);
        if self.covered {
            let marks = text.len() - text.trim_start_matches('#').len();
            let at = match kind {
                LineKind::Heading(_) => marks + 1,
                LineKind::Paragraph | LineKind::Cell => 0,
            };
            text.insert_str(at, "||");
            text.push_str("||");
        }
        for line in text.split('\n') {
            self.line(line);
        }
    }

    fn code(&mut self, language: &str, text: &str) {
        let fence = "`".repeat((longest(text) + 1).max(3));
        self.line(&format!("{fence}{language}"));
        let text = text.strip_suffix('\n').unwrap_or(text);
        if !text.is_empty() {
            for line in text.split('\n') {
                self.line(line);
            }
        }
        self.line(&fence);
    }

    fn quote(&mut self, blocks: &[Block]) {
        self.inside("> ", "> ", |writer| writer.blocks(blocks, false));
    }

    fn list(&mut self, list: &List, other: bool) {
        for (at, item) in (0_u32..).zip(&list.items) {
            if at > 0 && list.loose {
                self.line("");
            }
            let marker = match (list.first, other) {
                (None, false) => "- ".to_owned(),
                (None, true) => "* ".to_owned(),
                (Some(first), false) => format!("{}. ", first.saturating_add(at)),
                (Some(first), true) => format!("{}) ", first.saturating_add(at)),
            };
            let indent = " ".repeat(marker.len());
            self.inside(&marker, &indent, |writer| writer.blocks(item, !list.loose));
        }
    }

    /// The first row has as many cells as any; others end where theirs do.
    fn table(&mut self, rows: &[Row]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        for (at, row) in rows.iter().enumerate() {
            let mut text = "|".to_owned();
            for runs in row {
                text.push(' ');
                text.push_str(&line(runs, self.links, LineKind::Cell, self.breaks));
                text.push_str(" |");
            }
            if at == 0 {
                text.push_str(&"  |".repeat(columns.saturating_sub(row.len())));
                self.line(&text);
                text = format!("|{}", " --- |".repeat(columns));
            }
            self.line(&text);
        }
    }

    /// Writes what stands in a quote or an item.
    fn inside(&mut self, first: &str, then: &str, write: impl FnOnce(&mut Self)) {
        let before = self.prefix.len();
        let lead = self.lead.take();
        self.lead = Some(lead.unwrap_or_else(|| self.prefix.clone()) + first);
        self.prefix.push_str(then);
        write(self);
        if self.lead.is_some() {
            self.line("");
        }
        self.prefix.truncate(before);
    }

    fn line(&mut self, text: &str) {
        let lead = self.lead.take();
        let prefix = lead.as_deref().unwrap_or(&self.prefix);
        if text.is_empty() {
            self.out.push_str(prefix.trim_end());
        } else {
            self.out.push_str(prefix);
            self.out.push_str(text);
        }
        self.out.push('\n');
    }
}

/// Code as parts of a line, which unlike a block of its own can be covered.
fn lines(code: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for line in code.lines().filter(|line| !line.trim().is_empty()) {
        if !runs.is_empty() {
            runs.push(plain(Part::Break));
        }
        runs.push(plain(Part::Code(line.to_owned())));
    }
    runs
}

/// The cells of a row as parts of a line.
fn spaced(row: &Row) -> Vec<Run> {
    let mut runs = Vec::new();
    for cell in row {
        runs.extend(cell.iter().cloned());
        runs.push(plain(Part::Text(" ".to_owned())));
    }
    runs
}

fn plain(part: Part) -> Run {
    Run {
        part,
        style: Style::default(),
    }
}
