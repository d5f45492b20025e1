//! The parts of a line as Discord's Markdown.
//!
//! Marks inside marks confuse Discord's parser easily, so a line is first laid flat: pieces that each know their whole style.
//! Neighbours of one style share their marks; code stands outside of all marks but a
//! spoiler's, for a mark's end is looked for in it, too.

use bot_core::document::Inline;
use bot_core::forum::{Address, Timestamp};

use super::escape;

/// The address of the message that shows a post, ready to be put into a link.
pub(super) type Post<'a> = &'a dyn Fn(&Address) -> Option<String>;

/// The last moment that JavaScript knows, and so Discord's clients: seconds either side of 1970.
const LAST_SECOND: i64 = 8_640_000_000_000;

/// How a piece looks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    strong: bool,
    emphasis: bool,
    strike: bool,
    spoiler: bool,
}

impl Style {
    /// Bold.
    pub(super) const STRONG: Self = Self {
        strong: true,
        emphasis: false,
        strike: false,
        spoiler: false,
    };

    /// The marks before and after.
    fn marks(self) -> (String, String) {
        let marks = [
            (self.spoiler, "||"),
            (self.strike, "~~"),
            (self.strong, "**"),
            (self.emphasis, "*"),
        ];
        let mut on = marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark);
        let before: String = on.clone().collect();
        (before, on.by_ref().rev().collect())
    }
}

/// A piece of a line.
enum Piece {
    /// Text, not escaped yet.
    Text(String),
    /// A bare address.
    Bare(String),
    /// Code, drawn.
    Code(String),
    /// Anything else, drawn.
    Drawn(String),
    /// A line's end.
    Break,
}

/// The lines that the parts make, each such that nothing at its beginning is taken for the beginning of a block.
pub(super) fn lines(parts: &[Inline], style: Style, post: Post<'_>) -> Vec<String> {
    let mut flat = Flat {
        pieces: Vec::new(),
        post,
    };
    flat.parts(parts, style);
    flat.pieces
        .split(|(_, piece)| matches!(piece, Piece::Break))
        .map(|line| escape::line_start(LineWriter::default().line(line).trim_end()))
        .collect()
}

/// The words of the parts, without any marks.
pub(super) fn words(parts: &[Inline]) -> String {
    let mut words = String::new();
    add_words(parts, &mut words);
    words
}

fn add_words(parts: &[Inline], words: &mut String) {
    for part in parts {
        match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Mark(text) => words.push_str(text),
            Inline::Emphasis(parts)
            | Inline::Strong(parts)
            | Inline::Strike(parts)
            | Inline::Spoiler(parts)
            | Inline::Fact(_, parts)
            | Inline::Link { text: parts, .. } => add_words(parts, words),
            Inline::Address(address) => words.push_str(&address.to_string()),
            Inline::Place { name, .. } => words.push_str(name),
            Inline::Time { words: said, .. } => words.push_str(said),
            Inline::Break => words.push(' '),
        }
    }
}

/// Lays a line flat.
struct Flat<'a> {
    pieces: Vec<(Style, Piece)>,
    post: Post<'a>,
}

impl Flat<'_> {
    fn parts(&mut self, parts: &[Inline], style: Style) {
        for part in parts {
            self.part(part, style);
        }
    }

    fn part(&mut self, part: &Inline, style: Style) {
        let strong = Style {
            strong: true,
            ..style
        };
        match part {
            Inline::Text(text) => self.text(text, style),
            Inline::Emphasis(parts) => self.parts(
                parts,
                Style {
                    emphasis: true,
                    ..style
                },
            ),
            Inline::Strong(parts) => self.parts(parts, strong),
            Inline::Strike(parts) => self.parts(
                parts,
                Style {
                    strike: true,
                    ..style
                },
            ),
            Inline::Spoiler(parts) => self.parts(
                parts,
                Style {
                    spoiler: true,
                    ..style
                },
            ),
            Inline::Code(text) if style.spoiler => {
                let covered = Style {
                    spoiler: true,
                    ..Style::default()
                };
                self.add(covered, Piece::Code(escape::covered_code(text)));
            }
            Inline::Code(text) => self.add(Style::default(), Piece::Code(escape::code(text))),
            Inline::Mark(text) => self.text(text, strong),
            Inline::Fact(_, parts) => self.parts(parts, style),
            Inline::Link { to, text } => self.link(to, text, style),
            Inline::Address(address) => {
                let shown = address.to_string();
                match (self.post)(address) {
                    Some(to) => self.add(style, Piece::Drawn(format!("[{shown}]({to})"))),
                    None => self.text(&shown, style),
                }
            }
            // Discord shows a channel's name, as a link, to those who can see it.
            Inline::Place { key, name } => match key.0.parse::<u64>() {
                Ok(id) => self.add(style, Piece::Drawn(format!("<#{id}>"))),
                Err(_) => self.text(name, style),
            },
            Inline::Time { at, .. } => self.add(style, Piece::Drawn(ages(*at))),
            Inline::Break => self.add(style, Piece::Break),
        }
    }

    /// Adds text; beside text of the same style, it is one with it, so that nothing that only both are goes through.
    fn text(&mut self, text: &str, style: Style) {
        match self.pieces.last_mut() {
            Some((before, Piece::Text(said))) if *before == style => said.push_str(text),
            _ => self.add(style, Piece::Text(text.to_owned())),
        }
    }

    fn add(&mut self, style: Style, piece: Piece) {
        self.pieces.push((style, piece));
    }

    /// A link that shows something else than where it leads, if Discord makes one of it: not where the shown words have
    /// brackets, nor where they look like an address. Else the words, and the address behind them.
    fn link(&mut self, to: &str, text: &[Inline], style: Style) {
        let words = words(text);
        let said = words == to || to.strip_prefix("mailto:") == Some(words.as_str());
        match escape::address(to) {
            Some(shown) if said => self.add(style, bare(to, shown)),
            Some(to) if shows(&words) => {
                let shown = escape::text(words.trim());
                self.add(style, Piece::Drawn(format!("[{shown}]({to})")));
            }
            None if said => self.text(&words, style),
            address => {
                self.parts(text, style);
                let spaced = !words.trim().is_empty();
                self.text(if spaced { " (" } else { "(" }, style);
                match address {
                    Some(shown) => self.add(style, bare(to, shown)),
                    None => self.text(to, style),
                }
                self.text(")", style);
            }
        }
    }
}

/// An address that is seen, as it may stand in text.
fn bare(to: &str, encoded: String) -> Piece {
    escape::bracketed(to).map_or(Piece::Bare(encoded), Piece::Drawn)
}

/// Whether words can be shown for an address.
fn shows(words: &str) -> bool {
    let visible = |c: char| {
        !c.is_whitespace() && !"\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}\u{AD}".contains(c)
    };
    words.contains(visible)
        && !words.contains(['[', ']', '\n'])
        && !words.contains("://")
        && !words.contains("www.")
}

/// A moment that ages by itself on the screen.
fn ages(at: Timestamp) -> String {
    let seconds = at.0.div_euclid(1_000).clamp(-LAST_SECOND, LAST_SECOND);
    format!("<t:{seconds}:R>")
}

/// What was drawn last.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Text,
    Mark,
    Code,
    /// A bare address that begins here.
    Bare(usize),
}

/// Draws one line.
#[derive(Default)]
struct LineWriter {
    out: String,
    last: Last,
    /// Whether marks come around it.
    inside: bool,
}

impl LineWriter {
    fn line(mut self, pieces: &[(Style, Piece)]) -> String {
        for run in pieces.chunk_by(|(one, _), (next, _)| one == next) {
            let style = run.first().map(|(style, _)| *style).unwrap_or_default();
            self.run(style, run);
        }
        self.out
    }

    /// Draws neighbours of one style. White space at their edges stands outside of the marks, as it must.
    fn run(&mut self, style: Style, run: &[(Style, Piece)]) {
        let (before, after) = style.marks();
        if before.is_empty() {
            for (_, piece) in run {
                self.piece(piece);
            }
            return;
        }
        let mut inner = Self {
            inside: true,
            ..Self::default()
        };
        for (_, piece) in run {
            inner.piece(piece);
        }
        let drawn = inner.out;
        let start = drawn.len() - drawn.trim_start().len();
        let (space, rest) = drawn.split_at_checked(start).unwrap_or(("", &drawn));
        let text = rest.trim_end();
        self.push(space, Last::Text);
        if text.is_empty() {
            return;
        }
        if self.last == Last::Mark {
            self.push(&escape::NOTHING.to_string(), Last::Text);
        }
        // A bar before the mark's own two would be taken for one of them.
        let bar = after == "||" && text.ends_with('|');
        let apart = if bar {
            escape::NOTHING.to_string()
        } else {
            String::new()
        };
        self.push(&format!("{before}{text}{apart}{after}"), Last::Mark);
        self.push(rest.strip_prefix(text).unwrap_or_default(), Last::Text);
    }

    fn piece(&mut self, piece: &Piece) {
        match piece {
            Piece::Text(text) => self.push(&escape::text(text), Last::Text),
            Piece::Drawn(drawn) => self.push(drawn, Last::Text),
            Piece::Code(code) => {
                if self.last == Last::Code && !code.is_empty() {
                    self.push(&escape::NOTHING.to_string(), Last::Text);
                }
                self.push(code, Last::Code);
            }
            Piece::Bare(to) if self.inside => self.push(&format!("<{to}>"), Last::Text),
            Piece::Bare(to) => {
                self.bracket();
                let at = self.out.len();
                self.push(to, Last::Bare(at));
            }
            Piece::Break => {}
        }
    }

    /// Adds what is drawn. A bare address takes everything up to the next white space for its own, so where something else
    /// follows, it is set between angle brackets.
    fn push(&mut self, drawn: &str, what: Last) {
        if drawn.is_empty() {
            return;
        }
        if !drawn.starts_with(char::is_whitespace) {
            self.bracket();
        }
        self.out.push_str(drawn);
        self.last = what;
    }

    fn bracket(&mut self) {
        if let Last::Bare(at) = self.last {
            self.out.insert(at, '<');
            self.out.push('>');
            self.last = Last::Text;
        }
    }
}
