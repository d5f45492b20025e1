//! Where links lead, and how that is written.

use super::escape::is_reference;
use super::tree::Link;

/// Where an address on a page of the site leads.
pub(super) fn resolved(to: &str, site: Option<&str>) -> String {
    let to: String = to.trim().chars().filter(|c| !c.is_control()).collect();
    let Some(site) = site.map(|site| site.trim_end_matches('/')) else {
        return to;
    };
    if let Some(host) = to.strip_prefix("//") {
        let scheme = site.split_once("://").map_or("https", |(scheme, _)| scheme);
        return format!("{scheme}://{host}");
    }
    if to.is_empty() || to.starts_with('#') || has_scheme(&to) {
        return to;
    }
    format!("{site}/{}", to.trim_start_matches('/'))
}

/// Whether a link of a message calls somebody by their account, so that its words say all of it.
pub(super) fn is_mention(to: &str) -> bool {
    let to = to.to_ascii_lowercase().replace("%40", "@");
    to.contains("matrix.to/#/@") || to.starts_with("matrix:u/")
}

/// Whether an address may stand between `<` and `>` as a link of its own.
pub(super) fn stands_alone(to: &str) -> bool {
    has_scheme(to)
        && !to.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '\\')
        })
}

/// Whether an address names its scheme.
fn has_scheme(to: &str) -> bool {
    let Some((scheme, _)) = to.split_once(':') else {
        return false;
    };
    (2..=32).contains(&scheme.len())
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Adds what stands between a link's round brackets.
pub(super) fn write(link: &Link, out: &mut String) {
    let bare = !link.to.is_empty()
        && !link
            .to
            .contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))
        && is_balanced(&link.to);
    if bare {
        quoted(&link.to, &[], out);
    } else {
        out.push('<');
        quoted(&link.to, &['<', '>'], out);
        out.push('>');
    }
    if !link.title.is_empty() {
        out.push_str(" \"");
        quoted(&link.title, &['"'], out);
        out.push('"');
    }
}

/// Adds a text in which backslashes, references and the `marks` stay what they are.
fn quoted(text: &str, marks: &[char], out: &mut String) {
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if c == '\\' || marks.contains(&c) || (c == '&' && is_reference(rest)) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Whether every round bracket has its other one, not too deep for readers of Markdown.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' if depth >= 16 => return false,
            '(' => depth += 1,
            ')' if depth == 0 => return false,
            ')' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}
