//! Reads HTML as strictly as nobody else does: our few tags, properly inside each other, with the few attributes that they
//! have, and text. Whatever else comes is an error.

/// The deepest that tags are inside each other: twelve levels of lists, each with its items, and what a card adds.
const DEPTH: usize = 32;
/// What stands on lines of its own.
const BLOCKS: &[&str] = &["h3", "h4", "p", "pre", "blockquote", "ul", "ol", "hr"];
/// What stands inside a line.
const INLINES: &[&str] = &["em", "strong", "del", "span", "code", "a", "br"];
/// What has no end.
const VOID: &[&str] = &["hr", "br"];
/// What is written of characters that mean something.
const ENTITIES: &[(&str, char)] = &[
    ("amp;", '&'),
    ("lt;", '<'),
    ("gt;", '>'),
    ("quot;", '"'),
    ("#39;", '\''),
];

/// What a reader of the HTML sees.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The text of all tags; a line end for each `br`.
    pub text: String,
    /// Where links lead.
    pub links: Vec<String>,
}

/// Reads a message's HTML.
pub(super) fn read(html: &str) -> Result<Seen, String> {
    let mut seen = Seen::default();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((text, tagged)) = rest.split_once('<') {
        place_text(text, &open, &mut seen.text)?;
        let (tag, after) = tagged.split_once('>').ok_or("a tag without an end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{tag}> ends what is not open"));
            }
            continue;
        }
        let (name, attributes) = tag
            .split_once(' ')
            .map_or((tag, None), |(n, a)| (n, Some(a)));
        may_stand(name, &open)?;
        attribute(name, attributes, &open, &mut seen.links)?;
        if name == "br" {
            seen.text.push('\n');
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
        if open.len() > DEPTH {
            return Err("too deep".to_owned());
        }
    }
    place_text(rest, &open, &mut seen.text)?;
    match open.last() {
        None => Ok(seen),
        Some(tag) => Err(format!("<{tag}> is not ended")),
    }
}

/// Whether a tag may be inside of those that are open.
fn may_stand(name: &str, open: &[&str]) -> Result<(), String> {
    let block = BLOCKS.contains(&name);
    let line = INLINES.contains(&name) && !(name == "a" && open.contains(&"a"));
    let fits = match open.last().copied() {
        None | Some("blockquote") => block,
        Some("ul" | "ol") => name == "li",
        Some("li") => block || line,
        Some("pre") => name == "code",
        Some("code") => false,
        Some(_) => line,
    };
    match fits {
        true => Ok(()),
        false => Err(format!("<{name}> inside of {open:?}")),
    }
}

/// Checks what stands in a tag beside its name.
fn attribute(
    name: &str,
    attributes: Option<&str>,
    open: &[&str],
    links: &mut Vec<String>,
) -> Result<(), String> {
    let Some(attributes) = attributes else {
        return match name {
            "a" => Err("a link that leads nowhere".to_owned()),
            _ => Ok(()),
        };
    };
    if (name, attributes) == ("span", "data-mx-spoiler") {
        return Ok(());
    }
    let wrong = || format!("<{name} {attributes}>");
    let (key, value) = attributes.split_once("=\"").ok_or_else(wrong)?;
    let mut decoded = String::new();
    decode(value.strip_suffix('"').ok_or_else(wrong)?, &mut decoded)?;
    let fine = match (name, key) {
        ("a", "href") => {
            let scheme = decoded.split(':').next().unwrap_or_default().to_lowercase();
            let leads = ["http", "https", "mailto", "matrix"].contains(&scheme.as_str());
            links.push(decoded.clone());
            leads && !decoded.chars().any(|c| c.is_whitespace() || c.is_control())
        }
        ("code", "class") => decoded.strip_prefix("language-").is_some_and(|language| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "+-#".contains(c);
            open.last() == Some(&"pre") && !language.is_empty() && language.chars().all(plain)
        }),
        ("ol", "start") => decoded.parse::<u64>().is_ok(),
        _ => false,
    };
    if fine { Ok(()) } else { Err(wrong()) }
}

/// Reads text where text may be.
fn place_text(text: &str, open: &[&str], into: &mut String) -> Result<(), String> {
    let outside = matches!(
        open.last(),
        None | Some(&("blockquote" | "ul" | "ol" | "pre"))
    );
    if outside && !text.is_empty() {
        return Err(format!("text inside of {open:?}: {text}"));
    }
    decode(text, into)
}

/// Reads text with its entities; no character that means something may come without one.
fn decode(text: &str, into: &mut String) -> Result<(), String> {
    let mut parts = text.split('&');
    let plain = |text: &str, into: &mut String| match text.contains(['<', '>', '"', '\'']) {
        true => Err(format!("unescaped: {text}")),
        false => {
            into.push_str(text);
            Ok(())
        }
    };
    plain(parts.next().unwrap_or_default(), into)?;
    for part in parts {
        let (c, rest) = ENTITIES
            .iter()
            .find_map(|(entity, c)| Some((*c, part.strip_prefix(entity)?)))
            .ok_or_else(|| format!("no entity of ours: &{part}"))?;
        into.push(c);
        plain(rest, into)?;
    }
    Ok(())
}

#[test]
fn the_reader_itself_takes_nothing_else() {
    for html in [
        "text",
        "<img>",
        "<p>",
        "</p>",
        "<p><p>x</p></p>",
        "<p>a > b</p>",
        "<p>a & b</p>",
        "<p>&#60;</p>",
        "<p>\"</p>",
        "<p onclick=\"x\">y</p>",
        "<p><a>x</a></p>",
        "<p><a href=\"javascript:x\">y</a></p>",
        "<p><a href='https://x'>y</a></p>",
        "<p><a href=\"https://x\" onclick=\"y\">z</a></p>",
        "<p><a href=\"https://x\"><a href=\"https://y\">z</a></a></p>",
        "<p><em>x</p></em>",
        "<p><ul><li>x</li></ul></p>",
        "<ul>x</ul>",
        "<ul><p>x</p></ul>",
        "<pre>x</pre>",
        "<pre><code class=\"x\">y</code></pre>",
        "<ol start=\"x\"><li>y</li></ol>",
        "<br/>",
        "<P>x</P>",
        "<!-- x -->",
    ] {
        assert!(read(html).is_err(), "{html}");
    }
    let html = "<p>a &lt; <a href=\"https://x?a&amp;b\">y</a><br></p><ol start=\"2\"><li>z<p>w</p></li></ol><hr>";
    let seen = Seen {
        text: "a < y\nzw".to_owned(),
        links: vec!["https://x?a&b".to_owned()],
    };
    assert_eq!(read(html), Ok(seen));
}
