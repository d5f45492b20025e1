//! The README's picture, drawn of what both sides see: docs/session.svg. Pure but for the file.

use unicode_width::UnicodeWidthStr as _;

use crate::pages;

const FILE: &str = "docs/session.svg";

/// A chat's width, in pixels.
const PANEL: usize = 500;
/// Around and between the chats.
const GAP: usize = 12;
/// From one line to the next.
const LINE: usize = 19;
/// A letter's width.
const LETTER: usize = 7;

const STYLE: &str = "\
text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1f2328;white-space:pre}\
.chat{fill:#fff;stroke:#d0d7de}.card{fill:#f6f8fa;stroke:#d0d7de}.bar{fill:#5865f2}\
.button{fill:#e7ebf0;stroke:#d0d7de}.head,.who,.b{font-weight:bold}.who{fill:#5865f2}.i{font-style:italic}\
.quiet{fill:#656d76}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.chat{fill:#0d1117;stroke:#30363d}\
.card{fill:#161b22;stroke:#30363d}.button{fill:#21262d;stroke:#30363d}.who{fill:#9aa4ff}.quiet{fill:#8d96a0}}";

/// Holds the picture against the words that it is drawn of.
pub fn hold(words: &str) {
    pages::hold_file(FILE, &drawn(words));
}

/// One chat: its name, and its lines with how far in they stand.
struct Chat<'w> {
    name: &'w str,
    lines: Vec<(usize, &'w str)>,
}

/// A line of a chat, taken apart.
struct Parts<'l> {
    /// Who said what begins here.
    who: Option<&'l str>,
    text: &'l str,
    /// What stands in square brackets at its end: buttons and reactions.
    buttons: Vec<&'l str>,
}

fn chats(words: &str) -> Vec<Chat<'_>> {
    let mut chats: Vec<Chat<'_>> = Vec::new();
    for line in words.lines() {
        let text = line.trim_start();
        if !line.is_empty() && text.len() == line.len() {
            let lines = Vec::new();
            chats.push(Chat { name: line, lines });
        } else if let Some(chat) = chats.last_mut() {
            chat.lines.push((line.len() - text.len(), text));
        }
    }
    for chat in &mut chats {
        while chat.lines.last().is_some_and(|(_, text)| text.is_empty()) {
            chat.lines.pop();
        }
    }
    chats
}

fn parts(line: &str) -> Parts<'_> {
    let (who, mut text) = match line.split_once(':') {
        Some((name, rest)) if !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase()) => {
            (Some(name), rest.trim_start())
        }
        _ => (None, line),
    };
    let mut buttons = Vec::new();
    while let Some((before, button)) = text
        .strip_suffix(']')
        .and_then(|before| before.rsplit_once('['))
    {
        buttons.insert(0, button);
        text = before.trim_end();
    }
    Parts { who, text, buttons }
}

/// The picture.
fn drawn(words: &str) -> String {
    let chats = chats(words);
    let mut body = String::new();
    let mut height = 0;
    for (at, chat) in chats.iter().enumerate() {
        let (shapes, tall) = chat_drawn(chat, GAP + at * (PANEL + GAP));
        body.push_str(&shapes);
        height = height.max(tall);
    }
    let frames: String = (0..chats.len())
        .map(|at| {
            let x = GAP + at * (PANEL + GAP);
            format!("<rect class=\"chat\" x=\"{x}\" y=\"{GAP}\" width=\"{PANEL}\" height=\"{height}\" rx=\"8\"/>\n")
        })
        .collect();
    let width = GAP + chats.len() * (PANEL + GAP);
    let height = height + 2 * GAP;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>One question in both chats</title>\n<style>{STYLE}</style>\n{frames}{body}</svg>\n"
    )
}

/// A chat's cards and words, and how tall it is.
fn chat_drawn(chat: &Chat<'_>, left: usize) -> (String, usize) {
    let (mut shapes, mut words) = (String::new(), String::new());
    let mut y = GAP + 26;
    words.push_str(&text_drawn("head", left + 14, y, chat.name));
    // Where the card that is being drawn begins, and how far in.
    let mut card: Option<(usize, usize)> = None;
    for (deep, line) in &chat.lines {
        let Parts { who, text, buttons } = parts(line);
        let x = left + 6 + deep * LETTER;
        let is_thread = text.starts_with("# ");
        if who.is_some() || is_thread {
            let ended = card_drawn(card.take(), left, y);
            y += if ended.is_empty() { 0 } else { 8 };
            shapes.push_str(&ended);
        }
        if who.is_some() || is_thread || !line.is_empty() {
            y += LINE;
        } else {
            y += LINE / 2;
        }
        if let Some(name) = who {
            y += LINE / 3;
            words.push_str(&text_drawn("who", x, y, name));
            let is_bot = matches!(name, "bot" | "stoa");
            let beside = x + (name.len() + 1) * LETTER + 4;
            if !is_bot || text == "(edited)" {
                let class = if is_bot { "quiet" } else { "said" };
                words.push_str(&text_drawn(class, beside, y, text));
            }
            if is_bot {
                card = Some((x, y + 7));
                y += 5;
                if !text.is_empty() && text != "(edited)" {
                    y += LINE;
                    words.push_str(&text_drawn("b", x + 2 * LETTER, y, text));
                }
            }
        } else if !text.is_empty() {
            let is_first = text.starts_with('#') || text.starts_with("✅ #");
            let is_quiet = is_thread || text.contains(" · ");
            let class = match (is_quiet, is_first) {
                (true, _) => "quiet",
                (false, true) => "b",
                (false, false) => "said",
            };
            words.push_str(&text_drawn(class, x, y, text));
        }
        if !buttons.is_empty() {
            if !text.is_empty() {
                y += LINE;
            }
            y += 5;
            let mut x = x;
            for button in buttons {
                let wide = button.width() * LETTER + 14;
                words.push_str(&format!(
                    "<rect class=\"button\" x=\"{x}\" y=\"{}\" width=\"{wide}\" height=\"20\" rx=\"5\"/>\n",
                    y - 14
                ));
                words.push_str(&text_drawn("said", x + 7, y, button));
                x += wide + 6;
            }
            y += 4;
        }
    }
    shapes.push_str(&card_drawn(card, left, y));
    (format!("{shapes}{words}"), y + 22 - GAP)
}

/// The card that ends here, if one does.
fn card_drawn(card: Option<(usize, usize)>, left: usize, end: usize) -> String {
    let Some((x, top)) = card else {
        return String::new();
    };
    let wide = left + PANEL - 12 - x;
    let tall = end + 9 - top;
    format!(
        "<rect class=\"card\" x=\"{x}\" y=\"{top}\" width=\"{wide}\" height=\"{tall}\" rx=\"4\"/>\n\
         <rect class=\"bar\" x=\"{x}\" y=\"{top}\" width=\"3\" height=\"{tall}\"/>\n"
    )
}

fn text_drawn(class: &str, x: usize, y: usize, text: &str) -> String {
    format!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>\n",
        marked(text)
    )
}

/// The text with its bold and slanted parts.
fn marked(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let mut drawn = String::new();
    for (at, part) in escaped.split("**").enumerate() {
        if at % 2 == 1 {
            drawn.push_str(&format!("<tspan class=\"b\">{part}</tspan>"));
            continue;
        }
        for (at, part) in part.split('*').enumerate() {
            match at % 2 {
                1 => drawn.push_str(&format!("<tspan class=\"i\">{part}</tspan>")),
                _ => drawn.push_str(part),
            }
        }
    }
    drawn
}
