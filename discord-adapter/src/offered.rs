//! The question that a message offers to become: a title that is one, and what stands below it. Pure.

use bot_core::card::covered_text;
use bot_core::forum::{TAGS_MAX, TITLE, cut, may_hold};

use crate::render::is_solved;

/// The most words of a line that is only a greeting.
const GREETING: usize = 4;
/// How people greet.
const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "heya",
    "hiya",
    "yo",
    "greetings",
    "howdy",
    "morning",
    "dear",
    "hallo",
    "moin",
    "servus",
    "salut",
    "bonjour",
    "hola",
    "ciao",
    "hej",
    "ahoj",
];

/// What a message offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    /// The title; empty where no line is one.
    pub(crate) title: String,
    /// The text below it.
    pub(crate) body: String,
}

/// What a text offers. A line that is the whole title, and a paragraph, is not said twice.
pub(crate) fn offered(text: &str) -> Offered {
    let mut fence = None;
    let mut before = 0;
    for line in text.split_inclusive('\n') {
        let begin = before;
        before += line.len();
        let line = line.trim();
        if let Some(mark) = fenced(line) {
            fence = match fence {
                None => Some(mark),
                Some(open) if open == mark => None,
                Some(open) => Some(open),
            };
            continue;
        }
        let words = words(line);
        if fence.is_some() || words.is_empty() || is_greeting(&words) {
            continue;
        }
        let title = cut(&words, |title| title.chars().count() <= TITLE.1);
        let (above, below) = (text.get(..begin), text.get(before..));
        let below = below.unwrap_or_default();
        let is_whole = title == line
            && (below.trim().is_empty() || below.starts_with('\n') || below.starts_with("\r\n"));
        let above = above.unwrap_or_default().trim();
        let body = match (is_whole, above.is_empty()) {
            (true, true) => below.trim_start_matches(['\r', '\n']).trim_end().to_owned(),
            _ => text.to_owned(),
        };
        return Offered { title, body };
    }
    Offered {
        title: String::new(),
        body: text.to_owned(),
    }
}

/// A forum channel's tags as a question has them, without those that say that it is answered.
pub(crate) fn tags<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let may = |c: char| c.is_alphanumeric() || "+-#.".contains(c);
    let tags = names.filter(|name| !is_solved(name)).map(|name| {
        let tag: String = name
            .trim_matches(|c| !may(c))
            .chars()
            .map(|c| if may(c) { c } else { '-' })
            .collect();
        tag.trim_start_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    });
    tags.filter(|tag| !tag.is_empty()).take(TAGS_MAX).collect()
}

/// The mark of a line that begins or ends a block of code.
fn fenced(line: &str) -> Option<&'static str> {
    ["```", "~~~"]
        .into_iter()
        .find(|mark| line.starts_with(mark))
        // One that ends on its own line is no block.
        .filter(|mark| {
            !line
                .get(mark.len()..)
                .is_some_and(|rest| rest.contains(mark))
        })
}

/// The words of a line, without the marks of quotes, headings and lists before them. Nothing can be uncovered in a title.
fn words(line: &str) -> String {
    let line = line.trim_start_matches(['>', '#', '-', '*', ' ']);
    let line = match line.contains("||") {
        true => covered_text(line),
        false => line.to_owned(),
    };
    let kept = line.chars().filter(|c| may_hold(*c) || c.is_whitespace());
    kept.collect::<String>().trim().to_owned()
}

/// Whether a line only greets.
fn is_greeting(line: &str) -> bool {
    let words: Vec<_> = line.split_whitespace().collect();
    let first = words.first().map(|word| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    });
    let greets = first.is_some_and(|first| GREETINGS.contains(&first.as_str()));
    let greets = greets || is_time_of_day(&words);
    greets && words.len() <= GREETING && !line.contains('?')
}

/// Whether words begin with "good morning" or the like.
fn is_time_of_day(words: &[&str]) -> bool {
    let [good, time, ..] = words else {
        return false;
    };
    let time = time.trim_matches(|c: char| !c.is_alphanumeric());
    let times = ["morning", "day", "afternoon", "evening"];
    good.eq_ignore_ascii_case("good") && times.iter().any(|of| time.eq_ignore_ascii_case(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> (String, String) {
        let Offered { title, body } = offered(text);
        (title, body)
    }

    fn titled(text: &str) -> String {
        offered(text).title
    }

    #[test]
    fn one_line_is_a_title_only() {
        let title = "Does beer freeze?";
        assert_eq!(said(title), (title.to_owned(), String::new()));
        assert_eq!(
            said("Does beer freeze?\n\nMine does.\n"),
            (title.to_owned(), "Mine does.".to_owned())
        );
        // A line that the text goes on from stays in it.
        let flows = "Does beer freeze?\nMine does.";
        assert_eq!(said(flows), (title.to_owned(), flows.to_owned()));
        let greeted = "Hello\nDoes beer freeze?";
        assert_eq!(said(greeted), (title.to_owned(), greeted.to_owned()));
    }

    #[test]
    fn no_fence_quote_or_greeting_is_a_title() {
        let title = "Why is it flat?";
        for text in [
            "```\nlet x = 1;\n```\nWhy is it flat?",
            "> Why is it flat?",
            "## Why is it flat?",
            "Hi all,\n\nWhy is it flat?",
            "Good morning everybody!\nWhy is it flat?",
            "\n\n- Why is it flat?",
        ] {
            assert_eq!(titled(text), title, "{text}");
        }
        assert_eq!(titled("Hi, why is it flat?"), "Hi, why is it flat?");
        assert_eq!(titled("Good beer is rare"), "Good beer is rare");
        assert_eq!(titled("```\nonly code\n```"), "");
        assert_eq!(titled("||It was me||, why?"), "▇▇▇, why?");
    }

    #[test]
    fn a_long_line_is_cut() {
        let title = titled(&"x".repeat(300));
        assert_eq!(title.chars().count(), 120);
        assert!(title.ends_with('…'));
    }

    #[test]
    fn a_forums_tags_become_tags() {
        let names = ["Wheat Beer", "solved", "C++", "🍺 kegs", "!"];
        assert_eq!(tags(names.into_iter()), ["wheat-beer", "c++", "kegs"]);
    }
}
