//! A number by which it is known whether what a card shows is another than it was. It is stored, so it is made of what
//! is shown and of tags that never change, not of how this version names or orders it.

use super::{Block, Fact, Inline};
use crate::fingerprint::Fnv;
use crate::forum::Address;

/// The number of these blocks: the same in every version, on every machine.
#[must_use]
pub fn content_hash(blocks: &[Block]) -> i64 {
    let mut hash = ContentHash(Fnv::default());
    hash.blocks(blocks);
    hash.0.number()
}

/// What was hashed so far. Each part adds its tag, and how much of it follows: no two documents add the same bytes.
struct ContentHash(Fnv);

impl ContentHash {
    fn tag(&mut self, tag: u8) {
        self.0.add(&[tag]);
    }

    fn number(&mut self, number: u64) {
        self.0.add(&number.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.number(u64::try_from(count).unwrap_or(u64::MAX));
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.add(text.as_bytes());
    }

    fn blocks(&mut self, blocks: &[Block]) {
        self.count(blocks.len());
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(line) => self.line(1, line),
            Block::Heading(line) => self.line(2, line),
            Block::Paragraph(line) => self.line(3, line),
            Block::Small(line) => self.line(4, line),
            Block::Code { language, text } => {
                self.tag(5);
                self.text(language.as_deref().unwrap_or_default());
                self.text(text);
            }
            Block::Quote(blocks) => {
                self.tag(6);
                self.blocks(blocks);
            }
            Block::List { first, items } => {
                match first {
                    None => self.tag(7),
                    Some(first) => {
                        self.tag(8);
                        self.number(*first);
                    }
                }
                self.count(items.len());
                for item in items {
                    self.blocks(item);
                }
            }
            Block::Rule => self.tag(9),
        }
    }

    fn line(&mut self, tag: u8, line: &[Inline]) {
        self.tag(tag);
        self.count(line.len());
        for part in line {
            self.part(part);
        }
    }

    fn part(&mut self, part: &Inline) {
        match part {
            Inline::Text(text) => self.words(1, text),
            Inline::Emphasis(parts) => self.line(2, parts),
            Inline::Strong(parts) => self.line(3, parts),
            Inline::Strike(parts) => self.line(4, parts),
            Inline::Spoiler(parts) => self.line(5, parts),
            Inline::Code(text) => self.words(6, text),
            Inline::Mark(text) => self.words(7, text),
            Inline::Fact(Fact::Accepted, parts) => self.line(8, parts),
            Inline::Fact(Fact::Score, parts) => self.line(9, parts),
            Inline::Fact(Fact::Unanswered, parts) => self.line(10, parts),
            Inline::Link { to, text } => {
                self.line(11, text);
                self.text(to);
            }
            Inline::Address(address) => self.address(*address),
            Inline::Place { key, name } => {
                self.words(13, &key.0);
                self.text(name);
            }
            Inline::Time { at, words } => {
                self.words(14, words);
                self.number(at.0.cast_unsigned());
            }
            Inline::Break => self.tag(15),
        }
    }

    fn words(&mut self, tag: u8, text: &str) {
        self.tag(tag);
        self.text(text);
    }

    fn address(&mut self, address: Address) {
        self.tag(12);
        // Posts are counted from 1.
        let below = [address.answer, address.comment].map(Option::unwrap_or_default);
        for number in [address.question].into_iter().chain(below) {
            self.number(u64::from(number));
        }
    }
}
