//! Text fitted to a terminal's width: lines end between words, and what is in a list or a quote stays there.

use std::io::{self, IsTerminal};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Less room than this is not wrapped into: a word a line reads worse than a line that the terminal breaks.
const LEAST: usize = 12;
/// What ends a terminal's looks, and begins them.
const ESCAPE: char = '\u{1b}';

/// A text as standard output shows it best: as wide as the terminal, if it is one.
pub fn fitted(text: &str) -> String {
    if !io::stdout().is_terminal() {
        return text.to_owned();
    }
    match terminal_size::terminal_size() {
        Some((terminal_size::Width(width), _)) => wrapped(text, usize::from(width)),
        None => text.to_owned(),
    }
}

/// A text in lines of this width. Code keeps its lines.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.split('\n') {
        let (first, next, rest) = parted(line);
        let ticks = rest.get(..backticks(rest)).filter(|ticks| ticks.len() > 2);
        match (fence, ticks) {
            (None, Some(ticks)) => fence = Some(ticks),
            (Some(open), Some(ticks)) if ticks.len() >= open.len() => fence = None,
            (None, None) if !rest.starts_with(bot_core::card::CODE) => {
                wrap(&mut lines, (first, &next, rest), width);
                continue;
            }
            _ => {}
        }
        lines.push(line.to_owned());
    }
    lines.join("\n")
}

/// How many backticks a text begins with.
fn backticks(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// What a line begins with (quotes, indents, the mark of an item), what goes before its next lines, and the rest.
fn parted(line: &str) -> (&str, String, &str) {
    let mut next = String::new();
    let mut rest = line;
    loop {
        if let Some(behind) = rest.strip_prefix("> ") {
            next.push_str("> ");
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix(' ') {
            next.push(' ');
            rest = behind;
        } else {
            break;
        }
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = match rest.get(digits..) {
        _ if rest.starts_with("- ") => 2,
        Some(behind) if digits > 0 && behind.starts_with(". ") => digits + 2,
        _ => 0,
    };
    next.push_str(&" ".repeat(mark));
    rest = rest.get(mark..).unwrap_or_default();
    let first = line.get(..line.len() - rest.len()).unwrap_or_default();
    (first, next, rest)
}

/// Adds a line, as several where it is too wide for one.
fn wrap(lines: &mut Vec<String>, (first, next, text): (&str, &str, &str), width: usize) {
    let room = width.saturating_sub(next.width());
    let mut line = first.to_owned();
    let mut used = 0;
    if room >= LEAST {
        for word in text.split(' ') {
            let wide = shown_width(word);
            if used > 0 && used + 1 + wide > room {
                lines.push(std::mem::replace(&mut line, next.to_owned()));
                used = 0;
            } else if used > 0 {
                line.push(' ');
                used += 1;
            }
            used = put(lines, (&mut line, next), (word, used), room);
        }
    } else {
        line.push_str(text);
    }
    lines.push(line);
}

/// Adds a word to a line. One that is wider than all of it ends where the line does if its script has no blanks; others, such as
/// addresses, are left whole. Gives how much of the line is used.
fn put(
    lines: &mut Vec<String>,
    (line, next): (&mut String, &str),
    (word, mut used): (&str, usize),
    room: usize,
) -> usize {
    let breaks = word.chars().any(|c| c.width() == Some(2));
    if !breaks || used + shown_width(word) <= room {
        line.push_str(word);
        return used + shown_width(word);
    }
    let mut in_escape = false;
    for c in word.chars() {
        let wide = match in_escape || c == ESCAPE {
            true => 0,
            false => c.width().unwrap_or(0),
        };
        in_escape = (in_escape || c == ESCAPE) && c != 'm';
        if used + wide > room {
            lines.push(std::mem::replace(line, next.to_owned()));
            used = 0;
        }
        line.push(c);
        used += wide;
    }
    used
}

/// How wide a text is on a terminal, which draws no escape sequences.
fn shown_width(text: &str) -> usize {
    let mut pieces = text.split(ESCAPE);
    let plain = pieces.next().unwrap_or_default().width();
    let looks = pieces.map(|piece| piece.split_once('m').map_or(0, |(_, text)| text.width()));
    plain + looks.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_lists_and_quotes_hang() {
        let text = "A paragraph that is wider than the terminal.\n\n\
            - #1 An item that goes on and on\n  with a second line of its own that is long\n\
            10. A numbered item that goes on\n> > A quote in a quote that is long";
        assert_eq!(
            wrapped(text, 20),
            "A paragraph that is\nwider than the\nterminal.\n\n\
             - #1 An item that\n  goes on and on\n  with a second line\n  of its own that is\n  long\n\
             10. A numbered item\n    that goes on\n> > A quote in a\n> > quote that is\n> > long"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_where_words_are_not() {
        let text = "Some **words** of a \u{1b}[1mbold and\u{1b}[0m usual look, in a row that goes on.\n- and an item of them";
        for width in 16..100 {
            let wrapped = wrapped(text, width);
            let widest = wrapped.lines().map(shown_width).max();
            assert!(widest <= Some(width), "{width}: {wrapped}");
            let words = |text: &str| {
                text.split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            assert_eq!(words(&wrapped), words(text));
        }
        // So narrow that nothing is gained.
        assert_eq!(wrapped(text, 5), text);
    }

    #[test]
    fn code_and_addresses_stay_whole_and_scripts_without_blanks_do_not() {
        let code = "```sh\nls a folder with many files in it\n```";
        assert_eq!(wrapped(code, 12), code);
        let drawn = format!(
            "    {}ls a folder with many files\u{1b}[0m",
            bot_core::card::CODE
        );
        assert_eq!(wrapped(&drawn, 12), drawn);
        let address = "https://example.org/a/long/address";
        assert_eq!(
            wrapped(&format!("see {address} there"), 20),
            format!("see\n{address}\nthere")
        );
        assert_eq!(
            wrapped("日本語の質問です。日本語", 12),
            "日本語の質問\nです。日本語"
        );
    }
}
