//! The text of messages: of replies, before which older clients put what is replied to; and of those whose marks are only
//! in their HTML.

use bot_core::card::plain_text;

use super::html;

/// The text as Markdown: the body, which most clients send as it was typed; what its HTML says where only that has marks.
pub(super) fn marked(body: String, html: Option<&str>) -> String {
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let Some(html) = html.filter(|_| words(&plain_text(&body)) == words(&body)) else {
        return body;
    };
    match html::markdown(html) {
        // A command is one without marks.
        Some(marked) if first_word(&marked) == first_word(&body) => marked,
        Some(_) | None => body,
    }
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
