//! People's Markdown, read into the neutral tree: CommonMark with strikethrough and spoilers (`||like this||`). Nothing of it is ever markup of ours:
//! HTML is shown as it was typed, links lead only where a reader may be led, and no nesting is deeper than [`DEPTH`].
//!
//! Pure, without recursion, and linear in the text: people send a thousand nested quotes.

mod bound;
mod spoiler;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::clean::{kept, kept_line};
use super::plain::COVER;
use crate::document::{Block, Inline};

/// The most levels of quotes, lists and marks inside each other; what is nested deeper is shown at this level.
pub const DEPTH: usize = 12;
/// The longest address, in bytes, that becomes a link; a longer one is shown as text, which can be cut.
const LINK_BYTES: usize = 2_048;
/// The longest name of a language at a block of code, in bytes.
const LANGUAGE_BYTES: usize = 32;

/// Reads people's Markdown.
#[must_use]
pub fn markdown(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(&bound::bounded(text), Options::ENABLE_STRIKETHROUGH) {
        reader.event(event);
    }
    reader.finish()
}

/// The words of people's Markdown: markup and the addresses of links left out, code kept, a line for each block.
#[must_use]
pub fn plain_text(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for event in Parser::new_ext(&bound::bounded(text), Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                words.push_str(&kept(&text));
            }
            Event::SoftBreak | Event::HardBreak | Event::Rule => end_line(&mut words),
            Event::Start(tag) if !is_inline(&tag.to_end()) => end_line(&mut words),
            Event::End(tag) if !is_inline(&tag) => end_line(&mut words),
            _ => {}
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// The words of people's Markdown for where nothing can be uncovered, as in a list or a title: like [`plain_text`], with a sign in place
/// of what its author covered.
#[must_use]
pub fn covered_text(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    words_of(&markdown(text), &mut words);
    words.truncate(words.trim_end().len());
    words
}

/// Adds the words of blocks, a line for each; no tree of [`markdown`] is deep.
fn words_of(blocks: &[Block], words: &mut String) {
    for block in blocks {
        end_line(words);
        match block {
            Block::Title(parts)
            | Block::Heading(parts)
            | Block::Paragraph(parts)
            | Block::Small(parts) => words_in(parts, words),
            Block::Code { text, .. } => words.push_str(text),
            Block::Quote(inner) => words_of(inner, words),
            Block::List { items, .. } => items.iter().for_each(|item| words_of(item, words)),
            Block::Rule => {}
        }
    }
}

/// Adds the words of a line.
fn words_in(parts: &[Inline], words: &mut String) {
    for part in parts {
        match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Mark(text) => words.push_str(text),
            Inline::Emphasis(parts) | Inline::Strong(parts) | Inline::Strike(parts) => {
                words_in(parts, words);
            }
            Inline::Link { text, .. } | Inline::Fact(_, text) => words_in(text, words),
            Inline::Spoiler(_) => words.push_str(COVER),
            Inline::Break => end_line(words),
            // Only cards have these.
            Inline::Address(_) | Inline::Time { .. } | Inline::Place { .. } => {}
        }
    }
}

/// Begins a new line, if one is begun already.
fn end_line(words: &mut String) {
    if !words.is_empty() && !words.ends_with('\n') {
        words.push('\n');
    }
}

/// Whether a tag stands inside a line.
fn is_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

/// Something begun and not yet ended.
enum Open {
    Quote(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Item(Vec<Block>),
    Line(Line, Vec<Inline>),
    Code(Option<String>, String),
}

/// Something begun that holds parts of a line.
enum Line {
    Paragraph,
    Heading,
    Emphasis,
    Strong,
    Strike,
    Link { to: String, leads: bool },
}

/// Builds the tree from the parser's events. What lies below [`DEPTH`] is not begun, only counted, so that its end is known:
/// starts and ends nest properly, hence the uncounted ones lie outside the counted.
#[derive(Default)]
struct Reader {
    done: Vec<Block>,
    open: Vec<Open>,
    /// Open quotes, lists and marks.
    level: usize,
    /// Quotes and lists begun too deep.
    deep_blocks: usize,
    /// The lists among them, with their items.
    deep_items: usize,
    /// Marks begun too deep, of each kind alike.
    deep_marks: usize,
    /// Links and images begun inside a link.
    inner_links: usize,
    in_link: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.inline(Inline::Code(kept_line(&text))),
            Event::SoftBreak | Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => {
                self.end_line();
                self.block(Block::Rule);
            }
            // None of these is asked for.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(text) => self.text(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::BlockQuote(_) => {
                self.end_line();
                self.nest(|| Open::Quote(Vec::new()));
            }
            Tag::List(first) => {
                self.end_line();
                self.nest(|| Open::List(first, Vec::new()));
            }
            Tag::Item => {
                self.end_line();
                if self.deep_blocks > 0 {
                    self.deep_items += 1;
                } else {
                    self.open.push(Open::Item(Vec::new()));
                }
            }
            Tag::Heading { .. } => self.start_line(Line::Heading),
            Tag::Paragraph | Tag::HtmlBlock => self.start_line(Line::Paragraph),
            Tag::CodeBlock(kind) => {
                self.end_line();
                self.open.push(Open::Code(language(&kind), String::new()));
            }
            Tag::Emphasis => self.mark(Line::Emphasis),
            Tag::Strong => self.mark(Line::Strong),
            Tag::Strikethrough => self.mark(Line::Strike),
            Tag::Link {
                link_type,
                dest_url,
                ..
            }
            | Tag::Image {
                link_type,
                dest_url,
                ..
            } => self.link(link_type, &dest_url),
            // None of these is asked for.
            _ => self.start_line(Line::Paragraph),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.end_line();
                if self.deep_blocks > 0 {
                    self.deep_blocks -= 1;
                } else {
                    self.level -= 1;
                    self.close();
                }
            }
            TagEnd::Item => {
                self.end_line();
                if self.deep_items > 0 {
                    self.deep_items -= 1;
                } else {
                    self.close();
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                if self.deep_marks > 0 {
                    self.deep_marks -= 1;
                } else {
                    self.level -= 1;
                    self.close();
                }
            }
            TagEnd::Link | TagEnd::Image => {
                if self.inner_links > 0 {
                    self.inner_links -= 1;
                } else {
                    self.in_link = false;
                    self.level -= 1;
                    self.close();
                }
            }
            TagEnd::CodeBlock => self.close(),
            _ => self.end_line(),
        }
    }

    /// Begins a quote or list, if it is not too deep.
    fn nest(&mut self, open: impl FnOnce() -> Open) {
        if self.deep_blocks > 0 || self.level >= DEPTH {
            self.deep_blocks += 1;
        } else {
            self.level += 1;
            self.open.push(open());
        }
    }

    /// Begins a paragraph or heading.
    fn start_line(&mut self, kind: Line) {
        self.end_line();
        self.open.push(Open::Line(kind, Vec::new()));
    }

    /// Ends the paragraph or heading that is open, if one is: in a tight list none is begun.
    fn end_line(&mut self) {
        if let Some(Open::Line(Line::Paragraph | Line::Heading, _)) = self.open.last() {
            self.close();
        }
    }

    /// Begins a mark in a line, if it is not too deep.
    fn mark(&mut self, kind: Line) {
        self.need_line();
        if self.deep_marks > 0 || self.level >= DEPTH {
            self.deep_marks += 1;
        } else {
            self.level += 1;
            self.open.push(Open::Line(kind, Vec::new()));
        }
    }

    /// Begins a link; an image is a link too. One inside another shows its text only.
    fn link(&mut self, kind: LinkType, to: &str) {
        self.need_line();
        if self.in_link {
            self.inner_links += 1;
            return;
        }
        let to = match kind {
            LinkType::Email => format!("mailto:{to}"),
            _ => to.to_owned(),
        };
        let leads = self.level < DEPTH && may_lead(&to);
        self.in_link = true;
        self.level += 1;
        let to = kept_line(&to);
        self.open
            .push(Open::Line(Line::Link { to, leads }, Vec::new()));
    }

    /// Adds text to the line or the code that is open.
    fn text(&mut self, text: &str) {
        if let Some(Open::Code(_, code)) = self.open.last_mut() {
            code.push_str(&kept(text));
            return;
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.inline(Inline::Break);
            }
            let line = kept_line(line);
            if !line.is_empty() {
                self.inline(Inline::Text(spoiler::marked(line)));
            }
        }
    }

    /// Adds a part to the line that is open.
    fn inline(&mut self, part: Inline) {
        self.need_line();
        if let Some(Open::Line(_, parts)) = self.open.last_mut() {
            join(parts, part);
        }
    }

    /// Begins a paragraph where text comes without one.
    fn need_line(&mut self) {
        if !matches!(self.open.last(), Some(Open::Line(..))) {
            self.open.push(Open::Line(Line::Paragraph, Vec::new()));
        }
    }

    /// Adds a finished block to what it is in.
    fn block(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(Open::Quote(blocks) | Open::Item(blocks)) => blocks.push(block),
            Some(Open::List(..) | Open::Line(..) | Open::Code(..)) | None => self.done.push(block),
        }
    }

    /// Ends what was begun last.
    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::Quote(blocks)) => self.block(Block::Quote(blocks)),
            Some(Open::List(first, items)) => self.block(Block::List { first, items }),
            Some(Open::Item(blocks)) => match self.open.last_mut() {
                Some(Open::List(_, items)) => items.push(blocks),
                _ => self.done.extend(blocks),
            },
            Some(Open::Code(language, mut text)) => {
                text.truncate(text.trim_end_matches('\n').len());
                self.block(Block::Code { language, text });
            }
            Some(Open::Line(kind, parts)) => self.close_line(kind, parts),
            None => {}
        }
    }

    fn close_line(&mut self, kind: Line, parts: Vec<Inline>) {
        let mut parts = match kind {
            Line::Link { .. } => spoiler::none(parts),
            Line::Paragraph | Line::Heading => {
                spoiler::covered(parts, DEPTH.saturating_sub(self.level))
            }
            // The mark itself is a level.
            Line::Emphasis | Line::Strong | Line::Strike => {
                spoiler::covered(parts, DEPTH.saturating_sub(self.level + 1))
            }
        };
        match kind {
            Line::Paragraph | Line::Heading => {
                while parts.last() == Some(&Inline::Break) {
                    parts.pop();
                }
                if !parts.is_empty() {
                    self.block(match kind {
                        Line::Heading => Block::Heading(parts),
                        _ => Block::Paragraph(parts),
                    });
                }
            }
            Line::Emphasis => self.inline(Inline::Emphasis(parts)),
            Line::Strong => self.inline(Inline::Strong(parts)),
            Line::Strike => self.inline(Inline::Strike(parts)),
            Line::Link { to, leads: true } => {
                if parts.is_empty() {
                    parts.push(Inline::Text(to.clone()));
                }
                self.inline(Inline::Link { to, text: parts });
            }
            Line::Link { to, leads: false } => {
                let said = matches!(parts.as_slice(), [Inline::Text(text)] if *text == to);
                let spaced = !parts.is_empty();
                for part in parts {
                    self.inline(part);
                }
                if !said && !to.is_empty() {
                    let to = if spaced {
                        format!(" ({to})")
                    } else {
                        format!("({to})")
                    };
                    self.inline(Inline::Text(to));
                }
            }
        }
    }

    /// Ends all that is open and gives the tree.
    fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.close();
        }
        self.done
    }
}

/// Adds a part to a line; text joins the text before it.
fn join(parts: &mut Vec<Inline>, part: Inline) {
    match (parts.last_mut(), part) {
        (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
        (_, part) => parts.push(part),
    }
}

/// Whether a reader may be led there: by http, https, mailto or matrix, and not past where a link may reach.
pub(super) fn may_lead(to: &str) -> bool {
    const SCHEMES: [&str; 4] = ["http", "https", "mailto", "matrix"];
    let Some((scheme, rest)) = to.split_once(':') else {
        return false;
    };
    SCHEMES
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        && !rest.is_empty()
        && to.len() <= LINK_BYTES
        && !to.contains(|c: char| c.is_whitespace() || !crate::forum::may_hold(c))
}

/// The language named at a fence, if it looks like one.
fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    let CodeBlockKind::Fenced(info) = kind else {
        return None;
    };
    let name = info
        .split(|c: char| c.is_whitespace() || c == ',' || c == '{')
        .next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-#".contains(c);
    (!name.is_empty() && name.len() <= LANGUAGE_BYTES && name.chars().all(plain))
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests;
