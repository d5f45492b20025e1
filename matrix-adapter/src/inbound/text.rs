//! The text of messages: of replies, before which older clients put what is replied to; and of those whose marks are only
//! in their HTML.

use bot_core::card::{covered_text, plain_text};
use bot_core::html;

/// The text as Markdown: the body, which most clients send as it was typed; what its HTML says where only that has marks.
pub(super) fn marked(body: String, html: Option<&str>) -> String {
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let only_there =
        |html: &&str| lacks_spoilers(&body, html) || words(&plain_text(&body)) == words(&body);
    let Some(html) = html.filter(only_there) else {
        return body;
    };
    match html::of_message(html) {
        // A command is one without marks.
        Some(marked) if first_word(&marked) == first_word(&body) => in_title(marked),
        Some(_) | None => body,
    }
}

/// The text without marks in a question's title, where they would be seen as they are: links to rooms, formulas, what is
/// emphasised. What is covered is left out, since in a title nothing can be uncovered.
fn in_title(text: String) -> String {
    let asks = first_word(&text).is_some_and(|word| word.trim_start_matches(is_sign) == "ask");
    if !asks {
        return text;
    }
    let (title, below) = text.split_once('\n').unwrap_or((&text, ""));
    let title = covered_text(title);
    match below {
        "" => title,
        below => format!("{title}\n{below}"),
    }
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Whether what is covered is only in the HTML: the specification has a link to media stand for it in the body.
fn lacks_spoilers(body: &str, html: &str) -> bool {
    html.contains("data-mx-spoiler") && body.contains("](mxc://")
}

fn first_word(text: &str) -> Option<&str> {
    text.split_whitespace().next()
}

/// The text without the quotation of what it replies to: the lines `> <@who:where> …` at its start and the blank line
/// below them.
pub(super) fn without_fallback(body: &str) -> String {
    let quoted = ["> <@", "> * <@"];
    if !quoted.iter().any(|begin| body.starts_with(begin)) {
        return body.to_owned();
    }
    let mut rest = body;
    while rest.starts_with("> ") || rest.starts_with(">\n") {
        rest = rest.split_once('\n').map_or("", |(_, below)| below);
    }
    rest.strip_prefix('\n').unwrap_or(rest).to_owned()
}
