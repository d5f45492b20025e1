//! Until HTML is read well.

/// The text of HTML, nearly.
pub(super) fn markdown(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = behind.split_once('>').unwrap_or((behind, ""));
        if matches!(
            tag.trim_start_matches('/').split(' ').next(),
            Some("p" | "li" | "pre" | "br")
        ) {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, plain) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, plain);
    }
    text
}
