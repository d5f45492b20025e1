//! Builds the tree from what the tags say: what opens, what ends, what stands between. Nothing is ever out of order for it.

use super::tree::{Block, Document, Link, List, Part, Row, Run, Style, join};

/// The most quotes and lists inside each other, as Stoa shows them; what is nested deeper stands at this level.
const DEPTH: usize = 12;

/// What a block stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Quote,
    Spoiler,
    List(Option<u32>),
}

/// A line that is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Paragraph,
    Heading(usize),
}

/// A holder that is open, with the blocks in it.
struct Open {
    holder: Holder,
    /// The blocks of the quote, or of the item that is open.
    blocks: Vec<Block>,
    /// The items before that.
    items: Vec<Vec<Block>>,
    loose: bool,
}

/// A block of code that is open.
struct Code {
    language: String,
    text: String,
}

/// A table that is open.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    /// Tables inside it: their cells are words of the cell that they are in.
    inner: usize,
}

/// Builds a document.
#[derive(Default)]
pub(super) struct Builder {
    document: Document,
    open: Vec<Open>,
    /// Quotes and lists begun too deep, which are only counted.
    deep: usize,
    line: Option<Line>,
    runs: Vec<Run>,
    code: Option<Code>,
    /// Code in the line.
    span: Option<String>,
    table: Option<Table>,
    strong: usize,
    emphasis: usize,
    strike: usize,
    covered: usize,
    link: Option<usize>,
}

/// A mark that text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Strong,
    Emphasis,
    Strike,
    /// Covered until somebody uncovers it.
    Spoiler,
}

impl Builder {
    /// Adds text as HTML has it: any space is one space, but in a block of code.
    pub(super) fn text(&mut self, text: &str) {
        let text = text.chars().filter(|&c| !is_odd(c));
        if let Some(code) = &mut self.code {
            return code.text.extend(text);
        }
        if let Some(span) = &mut self.span {
            span.extend(text.map(|c| if c == '\n' { ' ' } else { c }));
            return;
        }
        let mut spaced = match self.runs.last() {
            None => true,
            Some(run) => match &run.part {
                Part::Text(before) => before.ends_with(' '),
                Part::Break => true,
                Part::Code(_) | Part::Image { .. } => false,
            },
        };
        let mut words = String::new();
        for c in text {
            let space = matches!(c, ' ' | '\t' | '\n');
            if !(space && spaced) {
                words.push(if space { ' ' } else { c });
            }
            spaced = space;
        }
        if !words.is_empty() {
            self.part(Part::Text(words));
        }
    }

    /// Ends a line in the text.
    pub(super) fn line_break(&mut self) {
        if let Some(code) = &mut self.code {
            return code.text.push('\n');
        }
        self.end_span();
        match self.runs.last() {
            None => {}
            // Two of them are the end of a paragraph.
            Some(run) if matches!(run.part, Part::Break) && self.table.is_none() => {
                self.end_line();
            }
            Some(_) => self.part(Part::Break),
        }
    }

    /// Whether what comes is covered: all of it is in one paragraph.
    pub(super) fn covers(&self) -> bool {
        self.covered > 0
    }

    /// Ends a line of what is covered, if it has words.
    pub(super) fn covered_break(&mut self) {
        self.end_span();
        match self.runs.last() {
            None => {}
            Some(run) if matches!(run.part, Part::Break) => {}
            Some(_) => self.part(Part::Break),
        }
    }

    /// Begins a mark.
    pub(super) fn mark(&mut self, mark: Mark) {
        let count = self.count(mark);
        *count = count.saturating_add(1);
    }

    /// Ends a mark, if it is open.
    pub(super) fn end_mark(&mut self, mark: Mark) {
        let count = self.count(mark);
        *count = count.saturating_sub(1);
    }

    fn count(&mut self, mark: Mark) -> &mut usize {
        match mark {
            Mark::Strong => &mut self.strong,
            Mark::Emphasis => &mut self.emphasis,
            Mark::Strike => &mut self.strike,
            Mark::Spoiler => &mut self.covered,
        }
    }

    /// Begins a link; another one ends by that.
    pub(super) fn link(&mut self, to: String, title: String) {
        self.end_link();
        self.link = Some(self.known(to, title));
    }

    /// Ends a link, if one is open.
    pub(super) fn end_link(&mut self) {
        self.split_span();
        self.link = None;
    }

    /// Adds a picture.
    pub(super) fn image(&mut self, alt: String, to: String, title: String) {
        if self.code.is_some() {
            return;
        }
        self.split_span();
        let link = self.known(to, title);
        self.part(Part::Image { alt, link });
    }

    fn known(&mut self, to: String, title: String) -> usize {
        self.document.links.push(Link { to, title });
        self.document.links.len() - 1
    }

    /// Begins code in the line.
    pub(super) fn span(&mut self) {
        if self.code.is_none() && self.span.is_none() {
            self.span = Some(String::new());
        }
    }

    /// Ends code in the line, if it is open.
    pub(super) fn end_span(&mut self) {
        if let Some(text) = self.span.take()
            && !text.is_empty()
        {
            self.part(Part::Code(text));
        }
    }

    /// Ends code in the line and goes on with it.
    fn split_span(&mut self) {
        if self.span.is_some() {
            self.end_span();
            self.span();
        }
    }

    /// Begins a block of code. In a table it is code in a cell.
    pub(super) fn code(&mut self, language: String) {
        self.end_line();
        if self.table.is_some() {
            return self.span();
        }
        if self.code.is_none() {
            let text = String::new();
            self.code = Some(Code { language, text });
        }
    }

    /// Names the language of a block of code whose language is not known yet.
    pub(super) fn language(&mut self, language: &str) {
        if let Some(code) = &mut self.code
            && code.language.is_empty()
            && code.text.trim().is_empty()
        {
            language.clone_into(&mut code.language);
        }
    }

    /// Whether a block of code is open.
    pub(super) fn in_code(&self) -> bool {
        self.code.is_some()
    }

    /// Ends the block of code, if one is open.
    pub(super) fn end_code(&mut self) {
        self.end_span();
        if let Some(Code { language, text }) = self.code.take()
            && !text.trim().is_empty()
        {
            self.block(Block::Code { language, text });
        }
    }

    /// Begins a heading of this level.
    pub(super) fn heading(&mut self, level: usize) {
        self.end_line();
        self.line = Some(Line::Heading(level));
    }

    /// Begins a paragraph; a list in which one is has room between its items.
    pub(super) fn paragraph(&mut self) {
        self.end_line();
        if let Some(Open { loose, .. }) = self.open.last_mut() {
            *loose = true;
        }
    }

    /// Ends the paragraph or heading that is open. In a table, a cell goes on.
    pub(super) fn end_line(&mut self) {
        self.end_span();
        if self.table.is_some() {
            if !self.runs.is_empty() {
                self.text(" ");
            }
            return;
        }
        let kind = self.line.take().unwrap_or(Line::Paragraph);
        let mut runs = std::mem::take(&mut self.runs);
        trim(&mut runs);
        if runs.is_empty() {
            return;
        }
        self.block(match kind {
            Line::Paragraph => Block::Paragraph(runs),
            Line::Heading(level) => Block::Heading(level, runs),
        });
    }

    /// Adds a rule.
    pub(super) fn rule(&mut self) {
        self.end_line();
        if self.table.is_none() {
            self.block(Block::Rule);
        }
    }

    /// Begins a quote or list.
    pub(super) fn hold(&mut self, holder: Holder) {
        self.end_line();
        if self.table.is_some() {
            return;
        }
        if self.open.len() >= DEPTH {
            self.deep = self.deep.saturating_add(1);
            return;
        }
        self.open.push(Open {
            holder,
            blocks: Vec::new(),
            items: Vec::new(),
            loose: false,
        });
    }

    /// Ends the innermost quote or list for which this is true, and all in it.
    pub(super) fn end_hold(&mut self, ends: fn(Holder) -> bool) {
        self.end_line();
        if self.table.is_some() {
            return;
        }
        if self.deep > 0 {
            self.deep -= 1;
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| ends(open.holder)) else {
            return;
        };
        while self.open.len() > at {
            self.close();
        }
    }

    /// Begins an item of the list that is open; without one, a line.
    pub(super) fn item(&mut self) {
        self.end_line();
        if self.table.is_some() || self.deep > 0 {
            return;
        }
        if let Some(open) = self.open.last_mut()
            && matches!(open.holder, Holder::List(_))
        {
            let item = std::mem::take(&mut open.blocks);
            open.items.push(item);
        }
    }

    /// Begins a table.
    pub(super) fn table(&mut self) {
        self.end_line();
        match &mut self.table {
            Some(table) => table.inner = table.inner.saturating_add(1),
            None => self.table = Some(Table::default()),
        }
    }

    /// Begins a row of a table.
    pub(super) fn row(&mut self) {
        self.end_cell();
        if let Some(table) = &mut self.table
            && table.inner == 0
        {
            table.rows.push(Row::new());
        }
    }

    /// Begins a cell of a table: what comes is in it.
    pub(super) fn cell(&mut self) {
        self.end_cell();
        if let Some(table) = &mut self.table
            && table.inner == 0
        {
            if table.rows.is_empty() {
                table.rows.push(Row::new());
            }
            if let Some(row) = table.rows.last_mut() {
                row.push(Vec::new());
            }
        }
    }

    /// Puts what came into the cell that is open. What stands before the first cell is one too.
    fn end_cell(&mut self) {
        self.end_line();
        let Some(table) = &mut self.table else {
            return;
        };
        if table.inner > 0 {
            return;
        }
        let mut runs = std::mem::take(&mut self.runs);
        trim(&mut runs);
        if runs.is_empty() {
            return;
        }
        match table.rows.last_mut().and_then(|row| row.last_mut()) {
            Some(cell) => cell.extend(runs),
            None => table.rows.push(vec![runs]),
        }
    }

    /// Ends a table.
    pub(super) fn end_table(&mut self) {
        self.end_cell();
        let Some(table) = &mut self.table else {
            return;
        };
        if table.inner > 0 {
            table.inner -= 1;
            return;
        }
        let mut rows = std::mem::take(&mut table.rows);
        self.table = None;
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        if !rows.is_empty() {
            self.block(Block::Table(rows));
        }
    }

    /// Ends all that is open and gives the document.
    pub(super) fn finish(mut self) -> Document {
        self.end_code();
        if let Some(table) = &mut self.table {
            table.inner = 0;
        }
        self.end_table();
        self.end_line();
        while !self.open.is_empty() {
            self.close();
        }
        self.document
    }

    /// Adds a part to the line.
    fn part(&mut self, part: Part) {
        let style = Style {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            strike: self.strike > 0,
            covered: self.covered > 0,
            link: self.link,
        };
        join(&mut self.runs, Run { part, style });
    }

    /// Adds a finished block to what it is in.
    fn block(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(open) => open.blocks.push(block),
            None => self.document.blocks.push(block),
        }
    }

    /// Ends the quote or list that was begun last.
    fn close(&mut self) {
        let Some(mut open) = self.open.pop() else {
            return;
        };
        let block = match open.holder {
            Holder::Quote => Block::Quote(open.blocks),
            Holder::Spoiler => Block::Spoiler(open.blocks),
            Holder::List(first) => {
                open.items.push(open.blocks);
                open.items.retain(|item| !item.is_empty());
                Block::List(List {
                    first,
                    loose: open.loose,
                    items: open.items,
                })
            }
        };
        let empty = match &block {
            Block::Quote(blocks) | Block::Spoiler(blocks) => blocks.is_empty(),
            Block::List(list) => list.items.is_empty(),
            _ => false,
        };
        if !empty {
            self.block(block);
        }
    }
}

/// Takes space and line ends from both ends of a line.
fn trim(runs: &mut Vec<Run>) {
    let is_space = |run: &Run| match &run.part {
        Part::Text(text) => text.trim().is_empty(),
        Part::Break => true,
        Part::Code(_) | Part::Image { .. } => false,
    };
    let ends = runs.iter().rposition(|run| !is_space(run));
    runs.truncate(ends.map_or(0, |at| at + 1));
    let starts = runs.iter().position(|run| !is_space(run)).unwrap_or(0);
    runs.drain(..starts);
}

/// Whether a character is none that text has.
fn is_odd(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
}
