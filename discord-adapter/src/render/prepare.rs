//! A document made ready to be drawn: cleaned of what no text may hold, web addresses in its text made links.
//!
//! Most texts on a card are clean already, but not all (what somebody searched for, in the command that shows the next page),
//! so each is cleaned here, and only here. Addresses become links before anything is cut, so that none is cut apart.

use bot_core::document::{Block, Inline};
use bot_core::forum::may_hold;

/// The longest address that becomes a link, in bytes.
const ADDRESS: usize = 2_048;

/// The document, ready to be drawn.
pub(super) fn prepared(blocks: &[Block]) -> Vec<Block> {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> Block {
    match block {
        Block::Title(parts) => Block::Title(line(parts)),
        Block::Heading(parts) => Block::Heading(line(parts)),
        Block::Paragraph(parts) => Block::Paragraph(line(parts)),
        Block::Small(parts) => Block::Small(line(parts)),
        Block::Code { language, text } => Block::Code {
            language: language.as_deref().map(named),
            text: text.chars().filter(|&c| may_hold(c)).collect(),
        },
        Block::Quote(blocks) => Block::Quote(prepared(blocks)),
        Block::List { first, items } => Block::List {
            first: *first,
            items: items.iter().map(|item| prepared(item)).collect(),
        },
        Block::Rule => Block::Rule,
    }
}

/// The name of a language as a fence may have it.
fn named(language: &str) -> String {
    let fine = |c: &char| c.is_ascii_alphanumeric() || "+-#".contains(*c);
    language.chars().filter(fine).take(32).collect()
}

/// A line's parts; texts beside each other become one.
fn line(parts: &[Inline]) -> Vec<Inline> {
    let mut out = Vec::with_capacity(parts.len());
    let mut said = String::new();
    add_parts(parts, &mut said, &mut out);
    split(&said, &mut out);
    out
}

/// Adds parts to a line that ends in the text `said` so far. What they tell is drawn by nothing here.
fn add_parts(parts: &[Inline], said: &mut String, out: &mut Vec<Inline>) {
    for part in parts {
        let drawn = match part {
            Inline::Text(text) => {
                said.push_str(&kept(text));
                continue;
            }
            Inline::Fact(_, parts) => {
                add_parts(parts, said, out);
                continue;
            }
            Inline::Break | Inline::Address(_) | Inline::Time { .. } => part.clone(),
            Inline::Place { key, name } => Inline::Place {
                key: key.clone(),
                name: kept(name),
            },
            Inline::Emphasis(parts) => Inline::Emphasis(line(parts)),
            Inline::Strong(parts) => Inline::Strong(line(parts)),
            Inline::Strike(parts) => Inline::Strike(line(parts)),
            Inline::Spoiler(parts) => Inline::Spoiler(line(parts)),
            Inline::Code(text) => Inline::Code(kept(text)),
            Inline::Mark(text) => Inline::Mark(kept(text)),
            Inline::Link { to, text } => Inline::Link {
                to: kept(to),
                text: text.iter().map(in_link).collect(),
            },
        };
        split(&std::mem::take(said), out);
        out.push(drawn);
    }
}

/// A part of a link's text: there is no link in it.
fn in_link(part: &Inline) -> Inline {
    let all = |parts: &[Inline]| parts.iter().map(in_link).collect();
    match part {
        Inline::Text(text) => Inline::Text(kept(text)),
        Inline::Code(text) => Inline::Code(kept(text)),
        Inline::Mark(text) => Inline::Mark(kept(text)),
        Inline::Emphasis(parts) => Inline::Emphasis(all(parts)),
        Inline::Strong(parts) => Inline::Strong(all(parts)),
        Inline::Strike(parts) => Inline::Strike(all(parts)),
        Inline::Spoiler(parts) => Inline::Spoiler(all(parts)),
        Inline::Fact(fact, parts) => Inline::Fact(*fact, all(parts)),
        Inline::Link { text, .. } => Inline::Emphasis(all(text)),
        Inline::Place { name, .. } => Inline::Text(kept(name)),
        Inline::Address(_) | Inline::Time { .. } | Inline::Break => part.clone(),
    }
}

/// Text on one line, without what no text may hold.
fn kept(text: &str) -> String {
    let spaced = |c| if c == '\n' || c == '\t' { ' ' } else { c };
    text.chars().filter(|&c| may_hold(c)).map(spaced).collect()
}

/// Adds text, its web addresses as links.
fn split(text: &str, out: &mut Vec<Inline>) {
    let mut rest = text;
    let mut searched = 0;
    while let Some((start, end)) = address(rest, searched) {
        let parts = rest
            .split_at_checked(end)
            .and_then(|(head, behind)| Some((head.split_at_checked(start)?, behind)));
        let Some(((before, to), behind)) = parts else {
            break;
        };
        if to.len() > ADDRESS {
            searched = end;
            continue;
        }
        if !before.is_empty() {
            out.push(Inline::Text(before.to_owned()));
        }
        out.push(Inline::Link {
            to: to.to_owned(),
            text: vec![Inline::Text(to.to_owned())],
        });
        (rest, searched) = (behind, 0);
    }
    if !rest.is_empty() {
        out.push(Inline::Text(rest.to_owned()));
    }
}

/// Where the first web address from `from` on begins and ends.
fn address(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut from = from;
    loop {
        let colon = from + text.get(from..)?.find("://")?;
        from = colon + "://".len();
        let before = text.as_bytes().get(..colon)?;
        let scheme = ["https", "http"].into_iter().find(|scheme| {
            let begin = colon.checked_sub(scheme.len());
            let said = begin.and_then(|begin| before.get(begin..));
            said.is_some_and(|said| said.eq_ignore_ascii_case(scheme.as_bytes()))
        });
        let Some(scheme) = scheme else { continue };
        let stops = |c: char| c.is_whitespace() || "<>\"\u{FEFF}".contains(c);
        let rest = text.get(from..)?;
        let reaches = rest
            .split(stops)
            .next()
            .map(|rest| ended(rest).len())
            .filter(|reaches| *reaches > 0);
        if let Some(reaches) = reaches {
            return Some((colon - scheme.len(), from + reaches));
        }
    }
}

/// An address without the signs of the sentence that it stands in; a parenthesis that it opened is its own.
fn ended(address: &str) -> &str {
    let mut address = address;
    let mut open = address.matches(')').count() > address.matches('(').count();
    loop {
        let shorter =
            address.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', ']', '*', '`', '|']);
        let shorter = match open {
            true => shorter.strip_suffix(')').unwrap_or(shorter),
            false => shorter,
        };
        if shorter.len() == address.len() {
            return address;
        }
        open = shorter.matches(')').count() > shorter.matches('(').count();
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_text() {
        for (said, found) in [
            ("see https://x.org.", Some("https://x.org")),
            ("(https://x.org/a_(b))", Some("https://x.org/a_(b)")),
            ("(https://x.org),", Some("https://x.org")),
            ("aHTTP://x.org<b", Some("HTTP://x.org")),
            ("ftp://x http:// https://y", Some("https://y")),
            ("https://", None),
            ("://", None),
            ("none", None),
        ] {
            let at = address(said, 0).map(|(start, end)| &said[start..end]);
            assert_eq!(at, found, "{said}");
        }
    }

    #[test]
    fn text_is_joined_and_split_at_addresses() {
        let text = |text: &str| Inline::Text(text.to_owned());
        let long = format!("https://x.org/{}", "x".repeat(ADDRESS));
        assert_eq!(
            line(&[text("a ht\u{202E}t"), text("ps://x.org b"), text("\n")]),
            [
                text("a "),
                Inline::Link {
                    to: "https://x.org".to_owned(),
                    text: vec![text("https://x.org")],
                },
                text(" b "),
            ]
        );
        assert_eq!(line(&[text(&long)]), [text(&long)]);
    }
}
