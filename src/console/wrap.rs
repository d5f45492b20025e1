//! Text fitted to a terminal's width: lines end between words, and what is in a list or a quote stays there.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::iter;

use textwrap::core::{Word, display_width};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthChar;

/// Less room than this is not wrapped into: a word a line reads worse than a line that the terminal breaks.
const LEAST: usize = 12;

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
            (None, None) if !is_code(rest) => {
                add(&mut lines, line, (first, &next, rest), width);
                continue;
            }
            _ => {}
        }
        lines.push(line.to_owned());
    }
    lines.join("\n")
}

/// Whether a line is drawn as code, all of it.
fn is_code(text: &str) -> bool {
    let code = text.strip_prefix(bot_core::card::CODE);
    let end = code.and_then(|code| code.split_once('\u{1b}'));
    end.is_some_and(|(_, end)| end == "[0m")
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
fn add(lines: &mut Vec<String>, line: &str, (first, next, text): (&str, &str, &str), width: usize) {
    let room = width.saturating_sub(display_width(next));
    if room < LEAST || display_width(line) <= width {
        lines.push(line.to_owned());
        return;
    }
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(next)
        // Addresses are left whole.
        .break_words(false)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    lines.extend(
        textwrap::wrap(text, options)
            .into_iter()
            .map(Cow::into_owned),
    );
}

/// What a line may end between: words with the blanks behind them, and the wide letters of scripts that have no blanks.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let is_wide = |c: char| c.is_alphanumeric() && c.width() == Some(2);
    let mut rest = line;
    Box::new(iter::from_fn(move || {
        let behind = rest.char_indices().skip(1);
        let end = rest
            .chars()
            .zip(behind)
            .find(|(c, (_, next))| *c == ' ' && *next != ' ' || is_wide(*next))
            .map_or(rest.len(), |(_, (at, _))| at);
        let (word, behind) = rest.split_at_checked(end)?;
        rest = behind;
        (!word.is_empty()).then(|| Word::from(word))
    }))
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
            let widest = wrapped.lines().map(display_width).max();
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
        // A line that only begins with code is one like any other.
        let begun = format!(
            "- {}!ask{}[0m asks a question",
            bot_core::card::CODE,
            '\u{1b}'
        );
        assert!(wrapped(&begun, 14).ends_with(" asks a\n  question"));
        let address = "https://example.org/a/long/address";
        assert_eq!(
            wrapped(&format!("see {address} there"), 20),
            format!("see\n{address}\nthere")
        );
        assert_eq!(
            wrapped("日本語の質問です。日本語", 12),
            "日本語の質問\nです。日本語"
        );
        // A sign that ends a sentence begins no line.
        assert_eq!(
            wrapped("これは質問です。はい", 14),
            "これは質問で\nす。はい"
        );
    }
}
