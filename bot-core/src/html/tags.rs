//! Tells the builder what the tags mean: the tags that Stack Exchange lets a post have, and those that mean the same.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use super::build::{Builder, Holder, Mark};
use super::link::{is_mention, resolved};
use super::tree::Document;

/// The longest name of a language, in bytes.
const LANGUAGE_BYTES: usize = 32;

/// What tells how to draw that something is covered, in a message.
const SPOILER: &str = "data-mx-spoiler";

/// Where HTML is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// A page of another site, whose relative links lead there.
    Page(Option<&'a str>),
    /// A message of a chat.
    Message,
}

/// Reads HTML; gives whether it marks anything, too.
pub(super) fn read(html: &str, source: Source<'_>) -> (Document, bool) {
    let mut emitter = DefaultEmitter::default();
    // What is in `script` and `style` is no HTML.
    emitter.naively_switch_states(true);
    let mut reader = Reader {
        builder: Builder::default(),
        source,
        marked: false,
        spans: Vec::new(),
        next_language: None,
        languages: String::new(),
        unshown: false,
        raised: 0,
        fresh: false,
    };
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Ok(token) => reader.token(token),
            Err(never) => match never {},
        }
    }
    (reader.builder.finish(), reader.marked)
}

struct Reader<'a> {
    builder: Builder,
    source: Source<'a>,
    /// Whether anything was marked.
    marked: bool,
    /// The spans that are open, and whether each covers what is in it.
    spans: Vec<bool>,
    /// The language that a comment named for the next block of code.
    next_language: Option<String>,
    /// The language that a comment named for all blocks of code.
    languages: String,
    /// Whether what comes is not shown to anybody.
    unshown: bool,
    /// How many `sup` are open.
    raised: usize,
    /// Whether a block of code was begun just now: a line end there is none of its text.
    fresh: bool,
}

impl Reader<'_> {
    fn token(&mut self, token: Token) {
        match token {
            Token::StartTag(tag) => {
                if !self.is_of_messages(&tag) {
                    self.start(&tag);
                }
            }
            Token::EndTag(tag) => {
                if !self.ends_of_messages(&tag.name) {
                    self.end(&tag.name);
                }
            }
            Token::String(text) => self.text(&String::from_utf8_lossy(&text.value)),
            Token::Comment(text) => self.comment(&String::from_utf8_lossy(&text.value)),
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    /// Where relative links lead.
    fn site(&self) -> Option<&str> {
        match self.source {
            Source::Page(site) => site,
            Source::Message => None,
        }
    }

    /// Whether a tag means something else in messages than on pages: what it means is done.
    fn is_of_messages(&mut self, tag: &StartTag<()>) -> bool {
        if self.source != Source::Message {
            return false;
        }
        match &tag.name[..] {
            b"mx-reply" => self.unshown = true,
            _ if self.unshown => {}
            b"span" => {
                let why = attribute(tag, SPOILER);
                self.spans.push(why.is_some());
                let Some(why) = why else { return true };
                // Why it is covered is not.
                let why = one_line(&why);
                if !why.is_empty() {
                    self.text(&format!("{why}: "));
                }
                self.marked = true;
                self.builder.mark(Mark::Spoiler);
            }
            b"img" => {}
            b"a" if attribute(tag, "href").is_none_or(|to| is_mention(&to)) => {
                self.builder.end_link();
            }
            name if self.builder.covers() && is_line(name) => self.builder.covered_break(),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.marked = true;
                self.builder.heading(2);
            }
            name => {
                self.marked |= marks_something(name);
                return false;
            }
        }
        true
    }

    /// The same of what ends.
    fn ends_of_messages(&mut self, name: &[u8]) -> bool {
        if self.source != Source::Message {
            return false;
        }
        match name {
            b"mx-reply" => self.unshown = false,
            _ if self.unshown => {}
            b"span" => {
                if self.spans.pop() == Some(true) {
                    self.builder.end_mark(Mark::Spoiler);
                }
            }
            name if self.builder.covers() && is_line(name) => self.builder.covered_break(),
            _ => return false,
        }
        true
    }

    fn text(&mut self, text: &str) {
        let fresh = std::mem::take(&mut self.fresh);
        if self.unshown {
            return;
        }
        if fresh && let Some(text) = text.strip_prefix('\n') {
            return self.builder.text(text);
        }
        match self.raised > 0 && !self.builder.in_code() {
            true => self.builder.text(&raised(text)),
            false => self.builder.text(text),
        }
    }

    /// A comment may name languages: `language: lang-rust`, `language-all: lang-rust`.
    fn comment(&mut self, text: &str) {
        let Some((what, name)) = text.split_once(':') else {
            return;
        };
        match what.trim() {
            "language" => self.next_language = Some(language(name)),
            "language-all" => self.languages = language(name),
            _ => {}
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        if self.builder.in_code() {
            match &tag.name[..] {
                b"br" => self.builder.line_break(),
                b"code" => self.builder.language(&class_language(tag)),
                _ => {}
            }
            return;
        }
        if let Some(mark) = mark(&tag.name) {
            return self.builder.mark(mark);
        }
        match &tag.name[..] {
            b"p" => self.builder.paragraph(),
            b"br" => self.builder.line_break(),
            b"hr" => self.builder.rule(),
            b"h1" => self.builder.heading(1),
            b"h2" => self.builder.heading(2),
            b"h3" => self.builder.heading(3),
            b"h4" => self.builder.heading(4),
            b"h5" => self.builder.heading(5),
            b"h6" => self.builder.heading(6),
            b"a" => match attribute(tag, "href") {
                Some(to) => {
                    let to = resolved(&to, self.site());
                    self.builder.link(to, title(tag));
                }
                None => self.builder.end_link(),
            },
            b"img" => {
                if let Some(to) = attribute(tag, "src") {
                    let alt = attribute(tag, "alt").unwrap_or_default();
                    let to = resolved(&to, self.site());
                    self.builder.image(one_line(&alt), to, title(tag));
                }
            }
            b"code" | b"kbd" | b"samp" | b"tt" => self.builder.span(),
            b"pre" => {
                let named = class_language(tag);
                let next = self.next_language.take();
                let next = next.unwrap_or_else(|| self.languages.clone());
                self.builder
                    .code(if named.is_empty() { next } else { named });
                self.fresh = true;
            }
            b"ul" | b"menu" | b"dir" => self.builder.hold(Holder::List(None)),
            b"ol" => self.builder.hold(Holder::List(Some(first(tag)))),
            b"li" => self.builder.item(),
            b"blockquote" => {
                let class = attribute(tag, "class").unwrap_or_default();
                let covered = class.split_whitespace().any(|class| class == "spoiler");
                self.builder.hold(match covered {
                    true => Holder::Spoiler,
                    false => Holder::Quote,
                });
            }
            b"table" => self.builder.table(),
            b"tr" => self.builder.row(),
            b"td" | b"th" => self.builder.cell(),
            b"sup" => self.raised = self.raised.saturating_add(1),
            b"script" | b"style" => self.unshown = true,
            name if is_block(name) => self.builder.end_line(),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        self.fresh = false;
        if self.builder.in_code() {
            if name == b"pre" {
                self.builder.end_code();
            }
            return;
        }
        if let Some(mark) = mark(name) {
            return self.builder.end_mark(mark);
        }
        match name {
            b"a" => self.builder.end_link(),
            b"code" | b"kbd" | b"samp" | b"tt" => self.builder.end_span(),
            b"pre" => self.builder.end_code(),
            b"ul" | b"ol" | b"menu" | b"dir" => {
                self.builder
                    .end_hold(|holder| matches!(holder, Holder::List(_)));
            }
            b"blockquote" => self
                .builder
                .end_hold(|holder| matches!(holder, Holder::Quote | Holder::Spoiler)),
            b"table" => self.builder.end_table(),
            b"sup" => self.raised = self.raised.saturating_sub(1),
            b"script" | b"style" => self.unshown = false,
            b"p" | b"li" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.builder.end_line();
            }
            name if is_block(name) => self.builder.end_line(),
            _ => {}
        }
    }
}

/// The mark of a tag, if it is one's.
fn mark(name: &[u8]) -> Option<Mark> {
    match name {
        b"strong" | b"b" => Some(Mark::Strong),
        b"em" | b"i" | b"var" | b"cite" | b"dfn" => Some(Mark::Emphasis),
        b"del" | b"s" | b"strike" => Some(Mark::Strike),
        _ => None,
    }
}

/// Whether a tag of a message begins or ends a line.
fn is_line(name: &[u8]) -> bool {
    let others: [&[u8]; 15] = [
        b"br",
        b"hr",
        b"p",
        b"pre",
        b"blockquote",
        b"ul",
        b"ol",
        b"li",
        b"h1",
        b"h2",
        b"h3",
        b"h4",
        b"h5",
        b"h6",
        b"table",
    ];
    others.contains(&name) || is_block(name)
}

/// Whether a tag of a message says something that its words alone don't.
fn marks_something(name: &[u8]) -> bool {
    let others: [&[u8]; 10] = [
        b"a",
        b"hr",
        b"pre",
        b"code",
        b"kbd",
        b"blockquote",
        b"ul",
        b"ol",
        b"li",
        b"table",
    ];
    others.contains(&name) || mark(name).is_some()
}

/// Whether a tag stands on lines of its own and says nothing else here.
fn is_block(name: &[u8]) -> bool {
    const BLOCKS: [&[u8]; 22] = [
        b"address",
        b"article",
        b"aside",
        b"caption",
        b"center",
        b"dd",
        b"details",
        b"div",
        b"dl",
        b"dt",
        b"fieldset",
        b"figcaption",
        b"figure",
        b"footer",
        b"form",
        b"header",
        b"hgroup",
        b"main",
        b"nav",
        b"section",
        b"summary",
        b"tfoot",
    ];
    BLOCKS.contains(&name)
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(&value.value).into_owned())
}

fn title(tag: &StartTag<()>) -> String {
    one_line(&attribute(tag, "title").unwrap_or_default())
}

/// A text whose words have one space between them.
fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| c.is_whitespace() || !c.is_control())
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number that a list begins with: what Markdown can say of it.
fn first(tag: &StartTag<()>) -> u32 {
    let start = attribute(tag, "start").and_then(|start| start.trim().parse().ok());
    start.filter(|&start| start < 900_000_000).unwrap_or(1)
}

/// The language that a class names: `lang-rust`, `language-rust`.
fn class_language(tag: &StartTag<()>) -> String {
    let class = attribute(tag, "class").unwrap_or_default();
    let named = class
        .split_whitespace()
        .find(|class| class.starts_with("lang-") || class.starts_with("language-"));
    language(named.unwrap_or_default())
}

/// The name of a language, without what says that it is one; empty where there is none.
fn language(name: &str) -> String {
    let name = name.trim();
    let name = name
        .strip_prefix("language-")
        .or_else(|| name.strip_prefix("lang-"))
        .unwrap_or(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-#._".contains(c);
    let is_none = matches!(name, "none" | "default" | "auto");
    match !is_none && name.len() <= LANGUAGE_BYTES && name.chars().all(plain) {
        true => name.to_owned(),
        false => String::new(),
    }
}

/// Digits and signs as they are set high; other text as it is.
fn raised(text: &str) -> String {
    let high = |c: char| {
        Some(match c {
            '0' => '\u{2070}',
            '1' => '\u{b9}',
            '2' => '\u{b2}',
            '3' => '\u{b3}',
            '4'..='9' => char::from_u32(u32::from(c) - u32::from('4') + 0x2074)?,
            '+' => '\u{207a}',
            '-' | '\u{2212}' => '\u{207b}',
            _ => return None,
        })
    };
    let all: Option<String> = text.trim().chars().map(high).collect();
    all.filter(|all| !all.is_empty())
        .unwrap_or_else(|| text.to_owned())
}
