//! Cards as Matrix messages: a plain body, and HTML of the few tags that every client shows. Pure.
//!
//! This is the one place where what people wrote meets Matrix' markup: every string goes through [`html`]'s escaping.

mod html;

use bot_core::card::{Style, plain};
use bot_core::document::{Block, Card, Inline};
use bot_core::platform::MessageKey;

/// The most that both forms may take, in bytes of JSON. An event has 64 KiB; encrypted, and an edit, need much of that.
const MOST: usize = 32 * 1024;

/// A message's two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RenderedMessage {
    /// The plain form.
    pub body: String,
    /// The HTML form.
    pub html: String,
}

/// Draws a card. `link` gives the address of a message of the place that it goes to. Cards are folded before they come
/// here; one that is too large all the same loses its end.
pub(crate) fn draw(card: &Card, link: &dyn Fn(&MessageKey) -> Option<String>) -> RenderedMessage {
    let drawn = forms(card, link);
    if drawn.size() <= MOST {
        return drawn;
    }
    let mut shorter = card.clone();
    while shorter.blocks.pop().is_some() && !shorter.blocks.is_empty() {
        let more = Block::Paragraph(vec![Inline::Text("…".to_owned())]);
        shorter.blocks.push(more);
        let drawn = forms(&shorter, link);
        if drawn.size() <= MOST {
            return drawn;
        }
        shorter.blocks.pop();
    }
    // One block alone is too large.
    drawn.beginning()
}

fn forms(card: &Card, link: &dyn Fn(&MessageKey) -> Option<String>) -> RenderedMessage {
    RenderedMessage {
        body: plain(card, Style::Covered),
        html: html::draw(card, link),
    }
}

impl RenderedMessage {
    /// The same, or its beginning where a message that has it twice would be too large.
    pub(crate) fn half(&self) -> Self {
        match self.size() <= MOST / 2 {
            true => self.clone(),
            false => self.beginning(),
        }
    }

    /// Its beginning, as text.
    fn beginning(&self) -> Self {
        let mut start: String = self.body.chars().take(MOST / 32).collect();
        start.push('…');
        Self {
            html: html::text(&start),
            body: start,
        }
    }

    /// How much both forms take as JSON, in bytes.
    fn size(&self) -> usize {
        [&self.body, &self.html]
            .map(|text| as_json(text))
            .iter()
            .sum()
    }
}

/// How much a text takes as JSON, in bytes.
fn as_json(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..=31 => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum()
}

#[cfg(test)]
pub(crate) mod tests;
