//! The HTML of a message as Markdown, for clients whose plain text has no marks. Pure, without recursion, linear in the text.
//!
//! Tags that are not known are left out, never what is between them. A mention is its words.

/// The most marks, quotes and lists that are open at once; what is nested deeper stays without its own.
const DEPTH: usize = 12;

/// The HTML as Markdown; none where it marks nothing.
pub(super) fn markdown(html: &str) -> Option<String> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some((text, behind)) = rest.split_once('<') {
        reader.text(text);
        match behind.split_once('>') {
            Some((tag, after)) if is_tag(tag) => {
                reader.tag(tag);
                rest = after;
            }
            _ => {
                reader.text("<");
                rest = behind;
            }
        }
    }
    reader.text(rest);
    reader.finish()
}

fn is_tag(tag: &str) -> bool {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    name.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Something that is open.
struct Open {
    name: String,
    /// What ends it.
    end: String,
    /// What each of its lines begins with.
    indent: &'static str,
    /// The number of a list's next item.
    number: Option<u64>,
}

#[derive(Default)]
struct Reader {
    out: String,
    open: Vec<Open>,
    /// Line ends that come before the next text.
    lines: usize,
    /// Right behind the sign of a quote or an item.
    fresh: bool,
    /// Inside of `pre`.
    code: bool,
    /// Inside of what a reply quotes.
    skipped: bool,
    marks: bool,
}

impl Reader {
    fn tag(&mut self, tag: &str) {
        let (name, attributes) = tag
            .split_once(|c: char| c.is_whitespace())
            .unwrap_or((tag.trim_end_matches('/'), ""));
        let name = name.to_ascii_lowercase();
        if name == "mx-reply" || name == "/mx-reply" {
            self.skipped = name == "mx-reply";
            return;
        }
        match name.strip_prefix('/') {
            _ if self.skipped => {}
            Some(name) => self.close(name),
            None => self.begin(&name, attributes),
        }
    }

    fn begin(&mut self, name: &str, attributes: &str) {
        let deep = self.open.len() >= DEPTH;
        match name {
            // What is covered is covered in one paragraph.
            "br" | "hr" | "p" | "div" | "pre" | "blockquote" | "ul" | "ol" | "li" | "h1" | "h2"
            | "h3" | "h4" | "h5" | "h6"
                if self.covers() =>
            {
                self.lines = 1;
            }
            "br" => self.lines = (self.lines + 1).min(2),
            "hr" => self.alone("---"),
            "p" | "div" => self.apart(),
            "code" if self.code && self.out.ends_with("```") => {
                self.out.push_str(&language(attributes).unwrap_or_default());
            }
            _ if self.code => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.apart();
                self.mark("## ");
            }
            "pre" => {
                self.apart();
                self.mark("```");
                self.lines = 1;
                self.code = true;
            }
            "blockquote" | "ul" | "ol" if !deep => {
                match self.open.iter().any(|open| open.name == "li") {
                    true => self.lines = self.lines.max(1),
                    false => self.apart(),
                }
                if name == "blockquote" {
                    self.mark("");
                }
                self.marks = true;
                let number = attribute(attributes, "start").and_then(|start| start.parse().ok());
                let indent = if name == "blockquote" { "> " } else { "" };
                let number = (name == "ol").then(|| number.unwrap_or(1));
                self.push(name, "", indent, number);
                if name == "blockquote" {
                    self.out.push_str(indent);
                    self.fresh = true;
                }
            }
            "li" if !deep => {
                self.lines = self.lines.max(1);
                let marker = match self.open.last_mut().and_then(|list| list.number.as_mut()) {
                    Some(number) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    None => "- ".to_owned(),
                };
                self.mark(&marker);
                self.push(name, "", "   ", None);
                self.fresh = true;
            }
            "strong" | "b" if !deep => self.marked(name, "**"),
            "em" | "i" if !deep => self.marked(name, "*"),
            "del" | "s" | "strike" if !deep => self.marked(name, "~~"),
            "code" if !deep => self.marked(name, "`"),
            "span" if !deep && attributes.contains("data-mx-spoiler") => {
                // Why it is covered is not.
                if let Some(why) = attribute(attributes, "data-mx-spoiler") {
                    self.text_of(why.trim(), ": ");
                }
                self.marked(name, "||");
            }
            "span" if !deep => self.push(name, "", "", None),
            "a" if !deep => match attribute(attributes, "href").filter(|to| !is_mention(to)) {
                Some(to) => {
                    self.mark("[");
                    self.push(
                        name,
                        &format!("](<{}>)", to.replace(['<', '>'], "")),
                        "",
                        None,
                    );
                }
                None => self.push(name, "", "", None),
            },
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "blockquote" | "ul"
            | "ol" | "li"
                if self.covers() =>
            {
                self.lines = 1;
                return;
            }
            "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => return self.apart(),
            "pre" if self.code => {
                self.code = false;
                if !self.out.ends_with('\n') {
                    self.lines = 1;
                    self.new_line();
                }
                self.out.push_str("```");
                return self.apart();
            }
            _ if self.code => return,
            _ => {}
        }
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            return;
        };
        for open in self.open.drain(at..).rev().collect::<Vec<_>>() {
            self.out.push_str(&open.end);
            if matches!(open.name.as_str(), "blockquote" | "ul" | "ol") {
                self.apart();
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped || text.is_empty() {
            return;
        }
        let text = decoded(text);
        if self.code {
            if self.lines > 0 {
                self.new_line();
            }
            let indent = self.indent();
            self.out
                .push_str(&text.replace('\n', &format!("\n{indent}")));
            return;
        }
        let spaced = text.replace(['\n', '\t'], " ");
        let starts = self.out.is_empty() || self.lines > 0 || self.out.ends_with('\n');
        let spaced = if starts { spaced.trim_start() } else { &spaced };
        if spaced.is_empty() {
            return;
        }
        self.new_line();
        let in_code = self.open.last().is_some_and(|open| open.name == "code");
        match in_code {
            true => self.out.push_str(&spaced.replace('`', "'")),
            false => escape(spaced, &mut self.out),
        }
    }

    /// Whether what comes now is covered.
    fn covers(&self) -> bool {
        self.open.iter().any(|open| open.end == "||")
    }

    /// Writes text and what comes behind it, if there is any text.
    fn text_of(&mut self, text: &str, behind: &str) {
        if !text.is_empty() {
            self.new_line();
            escape(text, &mut self.out);
            self.out.push_str(behind);
        }
    }

    /// Writes the line ends that are due.
    fn new_line(&mut self) {
        self.fresh = false;
        if self.out.is_empty() {
            self.lines = 0;
            let indent = self.indent();
            self.out.push_str(&indent);
            return;
        }
        for _ in 0..std::mem::take(&mut self.lines) {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\n');
            let indent = self.indent();
            self.out.push_str(&indent);
        }
    }

    fn indent(&self) -> String {
        self.open.iter().map(|open| open.indent).collect()
    }

    /// A blank line comes before what follows.
    fn apart(&mut self) {
        if self.fresh {
            return;
        }
        let in_item = self.open.iter().any(|open| open.name == "li");
        self.lines = self.lines.max(if in_item { 1 } else { 2 });
    }

    fn alone(&mut self, line: &str) {
        self.apart();
        self.mark(line);
        self.apart();
    }

    fn mark(&mut self, mark: &str) {
        self.new_line();
        self.marks = true;
        self.out.push_str(mark);
    }

    fn marked(&mut self, name: &str, mark: &str) {
        self.mark(mark);
        self.push(name, mark, "", None);
    }

    fn push(&mut self, name: &str, end: &str, indent: &'static str, number: Option<u64>) {
        self.open.push(Open {
            name: name.to_owned(),
            end: end.to_owned(),
            indent,
            number,
        });
    }

    fn finish(mut self) -> Option<String> {
        if self.code {
            self.close("pre");
        }
        for open in self.open.drain(..).rev() {
            self.out.push_str(&open.end);
        }
        self.marks.then(|| self.out.trim_end().to_owned())
    }
}

/// Writes text that means nothing in Markdown; a line's beginning and single signs among words are left as they are.
fn escape(text: &str, out: &mut String) {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let inside = before.is_alphanumeric() && next.is_alphanumeric();
        let alone = before.is_whitespace() && next.is_whitespace();
        let means = match c {
            '\\' | '`' | '[' | '<' => true,
            '*' => !alone,
            '_' => !alone && !inside,
            '~' | '|' => next == c || before == c,
            _ => false,
        };
        if means {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
}

/// The value of an attribute.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let (_, rest) = attributes.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, _) = rest.get(1..)?.split_once(quote)?;
    Some(decoded(value))
}

fn language(attributes: &str) -> Option<String> {
    let class = attribute(attributes, "class")?;
    let name = class.strip_prefix("language-")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-#".contains(c);
    name.chars().all(plain).then(|| name.to_owned())
}

fn is_mention(to: &str) -> bool {
    let to = to.to_ascii_lowercase().replace("%40", "@");
    to.contains("matrix.to/#/@") || to.starts_with("matrix:u/")
}

/// Text with its entities as the signs that they stand for.
fn decoded(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let read = part.split_once(';').and_then(|(name, rest)| {
            let code = name.strip_prefix('#').and_then(|number| {
                let hex = number.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
                char::from_u32(code.ok()?)
            });
            let c = match name {
                "lt" => Some('<'),
                "gt" => Some('>'),
                "amp" => Some('&'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some(' '),
                _ => code,
            };
            c.map(|c| (c, rest))
        });
        match read {
            Some((c, rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_through() {
        for (html, said) in [
            (
                "!answer <b>Six</b> <i>weeks</i>, <del>two</del>",
                "!answer **Six** *weeks*, ~~two~~",
            ),
            (
                "It was <span data-mx-spoiler>the <em>butler</em></span>",
                "It was ||the *butler*||",
            ),
            (
                "It was <span data-mx-spoiler=\"who\">the<br><br>butler<ul><li>so</li></ul></span> then",
                "It was who: ||the\nbutler\nso||\nthen",
            ),
            (
                "<p>!ask Why?</p><p>See <a href=\"https://x.org/?a&amp;b\">there</a></p>",
                "!ask Why?\n\nSee [there](<https://x.org/?a&b>)",
            ),
            (
                "!answer Do<br><pre><code class=\"language-rust\">fn x() {\n    y &lt; 1\n}\n</code></pre>so",
                "!answer Do\n\n```rust\nfn x() {\n    y < 1\n}\n```\n\nso",
            ),
            (
                "!answer<ul><li>a</li><li>b<ol start=\"3\"><li>c</li><li>d</li></ol></li></ul>e",
                "!answer\n\n- a\n- b\n   3. c\n   4. d\n\ne",
            ),
            (
                "!answer<blockquote><p>said</p><p>so</p></blockquote>yes",
                "!answer\n\n> said\n>\n> so\n\nyes",
            ),
            (
                "<mx-reply>old <b>words</b></mx-reply>!answer <code>a_*b</code> 2*3 a_b *x*",
                "!answer `a_*b` 2\\*3 a_b \\*x\\*",
            ),
            ("a < b <b>c", "a \\< b **c**"),
        ] {
            assert_eq!(markdown(html).as_deref(), Some(said), "{html}");
        }
    }

    #[test]
    fn what_marks_nothing_is_none() {
        for html in [
            "!answer so<br>and so",
            "<p>a</p><p>b</p>",
            "<a href=\"https://matrix.to/#/@mira:localhost\">mira</a>: yes",
            "<font color=\"red\">a</font> <img src=\"mxc://x/y\">",
            "",
        ] {
            assert_eq!(markdown(html), None, "{html}");
        }
    }

    #[test]
    fn what_is_broken_or_deep_ends() {
        for html in [
            "<b>".repeat(10_000),
            "</li>".repeat(10_000),
            "<ol><li>".repeat(5_000),
            "<pre>".repeat(99),
            "<".repeat(10_000),
        ] {
            let read = markdown(&html).unwrap_or_default();
            assert!(read.len() <= html.len() * 8 + 100);
        }
    }
}
