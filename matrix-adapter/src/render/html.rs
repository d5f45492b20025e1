//! The HTML form. Tags are written here and nowhere else; text only ever by [`escape`].

use bot_core::document::{Block, Card, Inline};
use bot_core::forum::may_hold;
use bot_core::platform::{MessageKey, PlaceKey};
use matrix_sdk::ruma::RoomId;

/// What links may begin with; whatever else comes is shown as text.
const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "matrix:"];

/// Draws a card.
pub(super) fn draw(card: &Card, link: &dyn Fn(&MessageKey) -> Option<String>) -> String {
    let mut pen = HtmlWriter {
        out: String::new(),
        card,
        link,
    };
    pen.blocks(&card.blocks);
    pen.out
}

/// Plain text as a paragraph.
pub(super) fn text(text: &str) -> String {
    let mut out = "<p>".to_owned();
    escape(text, &mut out);
    out.push_str("</p>");
    out
}

struct HtmlWriter<'a> {
    out: String,
    card: &'a Card,
    link: &'a dyn Fn(&MessageKey) -> Option<String>,
}

impl HtmlWriter<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(parts) => self.line("h3", parts),
            Block::Heading(parts) => self.line("h4", parts),
            Block::Paragraph(parts) => self.line("p", parts),
            // There is no small print on Matrix; set off like this, all clients show it.
            Block::Small(parts) => {
                self.out.push_str("<p><em>");
                self.parts(parts);
                self.out.push_str("</em></p>");
            }
            Block::Code { language, text } => self.code(language.as_deref(), text),
            Block::Quote(blocks) => {
                self.out.push_str("<blockquote>");
                self.blocks(blocks);
                self.out.push_str("</blockquote>");
            }
            Block::List { first, items } => self.list(*first, items),
            Block::Rule => self.out.push_str("<hr>"),
        }
    }

    fn line(&mut self, tag: &str, parts: &[Inline]) {
        self.out.push_str(&format!("<{tag}>"));
        self.parts(parts);
        self.out.push_str(&format!("</{tag}>"));
    }

    fn code(&mut self, language: Option<&str>, text: &str) {
        self.out.push_str("<pre><code");
        if let Some(language) = language {
            self.out.push_str(" class=\"language-");
            escape(language, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
        escape(text, &mut self.out);
        self.out.push_str("\n</code></pre>");
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>]) {
        let tag = match first {
            Some(1) => "ol".to_owned(),
            Some(first) => format!("ol start=\"{first}\""),
            None => "ul".to_owned(),
        };
        self.out.push_str(&format!("<{tag}>"));
        for item in items {
            self.out.push_str("<li>");
            self.item(item);
            self.out.push_str("</li>");
        }
        self.out
            .push_str(if first.is_some() { "</ol>" } else { "</ul>" });
    }

    /// A paragraph at the start of an item stands without its tag: else clients put the marker on a line of its own.
    fn item(&mut self, blocks: &[Block]) {
        match blocks.split_first() {
            Some((Block::Paragraph(parts), rest)) => {
                self.parts(parts);
                self.blocks(rest);
            }
            _ => self.blocks(blocks),
        }
    }

    fn parts(&mut self, parts: &[Inline]) {
        for part in parts {
            self.part(part);
        }
    }

    fn part(&mut self, part: &Inline) {
        match part {
            Inline::Text(text) => escape(text, &mut self.out),
            Inline::Emphasis(parts) => self.line("em", parts),
            Inline::Strong(parts) => self.line("strong", parts),
            Inline::Strike(parts) => self.line("del", parts),
            Inline::Spoiler(parts) => {
                self.out.push_str("<span data-mx-spoiler>");
                self.parts(parts);
                self.out.push_str("</span>");
            }
            Inline::Code(text) => self.word("code", text),
            Inline::Mark(text) => self.word("strong", text),
            Inline::Fact(_, parts) => self.parts(parts),
            Inline::Link { to, text } => self.anchor(to, |pen| pen.parts(text)),
            Inline::Address(address) => {
                let shown = address.to_string();
                let message = self.card.links.get(address);
                match message.and_then(|message| (self.link)(message)) {
                    Some(to) => self.anchor(&to, |pen| escape(&shown, &mut pen.out)),
                    None => escape(&shown, &mut self.out),
                }
            }
            Inline::Place { key, name } => match room(key) {
                Some(to) => self.anchor(&to, |pen| escape(name, &mut pen.out)),
                None => escape(name, &mut self.out),
            },
            Inline::Time { words, .. } => escape(words, &mut self.out),
            Inline::Break => self.out.push_str("<br>"),
        }
    }

    fn word(&mut self, tag: &str, text: &str) {
        self.out.push_str(&format!("<{tag}>"));
        escape(text, &mut self.out);
        self.out.push_str(&format!("</{tag}>"));
    }

    fn anchor(&mut self, to: &str, text: impl FnOnce(&mut Self)) {
        let leads = SCHEMES.iter().any(|scheme| {
            let begin = to.as_bytes().get(..scheme.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(scheme.as_bytes()))
        });
        if !leads || is_mention(to) {
            return text(self);
        }
        self.out.push_str("<a href=\"");
        escape(to, &mut self.out);
        self.out.push_str("\">");
        text(self);
        self.out.push_str("</a>");
    }
}

/// The address of a room, for those who are in it.
fn room(place: &PlaceKey) -> Option<String> {
    let id = RoomId::parse(&place.0).ok()?;
    Some(id.matrix_to_uri().to_string())
}

/// Writes text so that it is nothing but text, inside tags and inside their attributes.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What turns the direction of what follows, and what shows nothing.
            _ if !may_hold(c) => {}
            _ => out.push(c),
        }
    }
}

/// Whether clients show a link as a mention of a person: `https://matrix.to/#/@mira:localhost`, the same at a client on the
/// web, and `matrix:u/mira:localhost`. What people write mentions nobody, so such a link is its text.
fn is_mention(to: &str) -> bool {
    let to = percent_decoded(to).to_lowercase();
    let (scheme, rest) = to.split_once(':').unwrap_or(("", &to));
    if scheme != "matrix" {
        let inside = rest.split_once('#').map_or("", |(_, inside)| inside);
        return inside.starts_with("/@") || inside.starts_with("/user/@");
    }
    let path = match rest.strip_prefix("//") {
        Some(there) => there.split_once('/').map_or("", |(_, path)| path),
        None => rest,
    };
    path.starts_with("u/") || path.starts_with("user/")
}

/// An address with its `%40` and the like as the ASCII characters that they stand for.
fn percent_decoded(to: &str) -> String {
    let mut parts = to.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (code.filter(u8::is_ascii), part.get(2..)) {
            (Some(code), Some(rest)) => {
                decoded.push(char::from(code));
                decoded.push_str(rest);
            }
            _ => {
                decoded.push('%');
                decoded.push_str(part);
            }
        }
    }
    decoded
}
