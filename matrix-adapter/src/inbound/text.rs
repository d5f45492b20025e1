//! The text of replies: older clients put what is replied to before what is said.

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
