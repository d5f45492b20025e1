//! Text that is nothing but text in Discord's Markdown, and addresses that end where they should.
//!
//! Discord's parser takes a backslash before any sign that is not a letter or digit, everywhere but in code and in
//! addresses. So each sign that can begin markup gets one, wherever it stands; those that only mean something where a line
//! begins get theirs in [`line_start`].

use bot_core::forum::cut as cut_text;
use bot_core::panics::{self, PanicPoint};

/// Shows nothing, and parts what would be one sign of markup.
pub(super) const NOTHING: char = '\u{200B}';
/// The longest address that becomes a link, as it is sent: more than half of an embed is no address.
const ADDRESS: usize = 2_000;

/// People's text.
pub(super) fn text(text: &str) -> String {
    panics::here(PanicPoint::Message, text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (at, c) in text.char_indices() {
        let behind = text.get(at + c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' | '*' | '_' | '~' | '|' | '`' | '<' | '>' | '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            ':' if names_emoji(behind) || behind.starts_with("//") => out.push_str("\\:"),
            '@' if calls_all(behind) => {
                out.push(c);
                out.push(NOTHING);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Whether `:` and this would be an emoji, as `:smile:` is.
fn names_emoji(behind: &str) -> bool {
    let end = behind.find(|c: char| c == ':' || c.is_whitespace());
    end.and_then(|end| behind.get(end..))
        .is_some_and(|rest| rest.starts_with(':') && rest.len() < behind.len())
}

/// Whether `@` and this would call everybody.
fn calls_all(behind: &str) -> bool {
    ["everyone", "here"].iter().any(|all| {
        let begin = behind.as_bytes().get(..all.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(all.as_bytes()))
    })
}

/// A drawn line that begins no heading, list or small print: its own beginning, where it is text, is told to be text.
pub(super) fn line_start(line: &str) -> String {
    let line = line.trim_start();
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace);
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = line.split_at_checked(digits).unwrap_or(("", line));
    let begins = match rest.chars().next() {
        Some('#') => digits == 0 && ends(rest.trim_start_matches('#')),
        Some('-') => {
            let marked = rest.get(1..).unwrap_or_default();
            digits == 0 && (ends(marked) || marked.starts_with('#'))
        }
        Some('+') => digits == 0 && ends(rest.get(1..).unwrap_or_default()),
        Some('.' | ')') => digits > 0 && ends(rest.get(1..).unwrap_or_default()),
        _ => false,
    };
    match begins {
        true => format!("{number}\\{rest}"),
        false => line.to_owned(),
    }
}

/// An embed's title of plain text, at most `most` UTF-16 units long.
pub(super) fn title(plain: &str, most: usize) -> String {
    cut(plain, most, text)
}

/// The text as `drawn` draws it, cut off between graphemes where it is longer than `most` UTF-16 units.
pub(super) fn cut(plain: &str, most: usize, drawn: impl Fn(&str) -> String) -> String {
    let kept = cut_text(plain.trim(), |text| super::size(&drawn(text)) <= most);
    drawn(&kept)
}

/// A web address as it may stand between the parentheses of a link, or bare; none if it is another kind of address, or too
/// long. What would end it, or be markup, is percent-encoded.
pub(super) fn address(to: &str) -> Option<String> {
    encoded(to, true)
}

/// A web address with parentheses in it as it may stand bare, seen as it is: between brackets that are not seen. None if it has
/// none, or may not stand there.
pub(super) fn bracketed(to: &str) -> Option<String> {
    let parenthesis = |c| matches!(c, '(' | ')');
    // Of parentheses alone no address is made.
    let (_, rest) = to.split_once("://")?;
    let has = rest.contains(parenthesis) && !rest.chars().all(parenthesis);
    let address = has.then(|| encoded(to, false)).flatten()?;
    Some(format!("<{address}>"))
}

/// A web address in which what would end it, or be markup, is percent-encoded.
fn encoded(to: &str, parentheses: bool) -> Option<String> {
    let (scheme, rest) = to.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !web || rest.is_empty() {
        return None;
    }
    let mut out = format!("{}://", scheme.to_ascii_lowercase());
    for (at, c) in rest.char_indices() {
        let behind = rest.get(at + c.len_utf8()..).unwrap_or_default();
        let encoded = match c {
            '(' | ')' => parentheses,
            '<' | '>' | '[' | ']' | '"' | '\'' | '`' | '*' | '|' | '\\' => true,
            '~' => behind.starts_with('~') || out.ends_with("%7E"),
            '@' => calls_all(behind),
            // Where an address ends in text, these are left out of it.
            '.' | ',' | ':' | ';' => behind.is_empty(),
            _ => c.is_whitespace() || c.is_control() || c == '\u{FEFF}',
        };
        if encoded {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    (super::size(&out) <= ADDRESS).then_some(out)
}

/// Code in a line; nothing where there is none. Rows of backticks are parted: three would begin a block.
pub(super) fn code(text: &str) -> String {
    let text = parted(text, 1);
    if text.trim().is_empty() {
        return String::new();
    }
    if !text.contains('`') {
        return format!("`{text}`");
    }
    let space = |edge: bool| if edge { " " } else { "" };
    let (before, after) = (space(text.starts_with('`')), space(text.ends_with('`')));
    format!("``{before}{text}{after}``")
}

/// Code in a spoiler, which two bars would end.
pub(super) fn covered_code(text: &str) -> String {
    let mut parted = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '|' && parted.ends_with('|') {
            parted.push(NOTHING);
        }
        parted.push(c);
    }
    code(&parted)
}

/// The inside of a block of code. Discord knows fences of three backticks and no longer ones, so rows of three are parted.
pub(super) fn block_code(text: &str) -> String {
    let text = parted(text, 2);
    match text.trim_matches('\n').is_empty() {
        true => " ".to_owned(),
        false => text,
    }
}

/// The text with no row of backticks longer than `most`.
fn parted(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut row = 0;
    for c in text.chars() {
        row = if c == '`' { row + 1 } else { 0 };
        if row > most {
            out.push(NOTHING);
            row = 1;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lines_beginning_is_text() {
        for (line, drawn) in [
            ("# a", "\\# a"),
            ("### a", "\\### a"),
            ("#", "\\#"),
            ("#42 a", "#42 a"),
            ("-# a", "\\-# a"),
            ("  - a", "\\- a"),
            ("-a", "-a"),
            ("+ a", "\\+ a"),
            ("1. a", "1\\. a"),
            ("12) a", "12\\) a"),
            ("1.5 a", "1.5 a"),
            (". a", ". a"),
            ("", ""),
        ] {
            assert_eq!(line_start(line), drawn, "{line}");
        }
    }

    #[test]
    fn signs_are_text() {
        for (said, drawn) in [
            ("a_b*c~d|e`f\\g", "a\\_b\\*c\\~d\\|e\\`f\\\\g"),
            ("<@1> <#2> <:a:3>", "\\<@1\\> \\<#2\\> \\<\\:a:3\\>"),
            (
                "@everyone @HERE @you",
                "@\u{200B}everyone @\u{200B}HERE @you",
            ),
            ("a: b :x: 11:40 c::d::e", "a: b \\:x: 11:40 c:\\:d::e"),
            ("[a](b)", "\\[a\\](b)"),
        ] {
            assert_eq!(text(said), drawn, "{said}");
        }
    }

    #[test]
    fn an_address_ends_where_it_should() {
        for (to, drawn) in [
            ("https://x.org/a_(b)", Some("https://x.org/a_%28b%29")),
            ("HTTP://x.org/a b>", Some("http://x.org/a%20b%3E")),
            ("https://x.org/~a/~~b", Some("https://x.org/~a/%7E%7Eb")),
            (
                "https://x.org/@everyone/@me",
                Some("https://x.org/%40everyone/@me"),
            ),
            ("https://x.org.", Some("https://x.org%2E")),
            ("https://", None),
            ("javascript://x", None),
            ("mailto:a@b", None),
            (&format!("https://x.org/{}", "(".repeat(700)), None),
        ] {
            assert_eq!(address(to).as_deref(), drawn, "{to}");
        }
    }

    #[test]
    fn a_bare_address_keeps_its_parentheses() {
        let said = "https://x.org/a_(b)>";
        assert_eq!(bracketed(said).as_deref(), Some("<https://x.org/a_(b)%3E>"));
        assert_eq!(bracketed("https://x.org/a"), None);
        assert_eq!(bracketed("mailto:(a)@b"), None);
        assert_eq!(bracketed("http://("), None);
    }

    #[test]
    fn code_holds_what_is_in_it() {
        for (said, drawn) in [
            ("a", "`a`"),
            ("a`b", "``a`b``"),
            ("`a`", "`` `a` ``"),
            ("```", "`` `\u{200B}`\u{200B}` ``"),
            (" ", ""),
        ] {
            assert_eq!(code(said), drawn, "{said}");
        }
        assert_eq!(block_code("a```b``"), "a``\u{200B}`b``");
        assert_eq!(block_code("\n"), " ");
    }
}
