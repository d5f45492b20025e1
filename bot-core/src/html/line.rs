//! Writes the runs of a paragraph, heading or cell: with its marks, if it is then read as it was meant.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::escape::{Place, escaped};
use super::link;
use super::tree::{Link, Part, Run, Style, join};

/// The longest line, in bytes, that is read again to see that it says what it should; a longer one is written without marks.
/// A whole post has at most 30,000 characters.
const READ_BYTES: usize = 64 << 10;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    Paragraph,
    Heading(usize),
    Cell,
}

/// How the end of a line in a paragraph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaks {
    /// As the end of a line that every reader of Markdown shows.
    Hard,
    /// As one that somebody typed.
    Soft,
}

/// How much of Markdown a line is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// All that is there.
    Marked,
    /// Strong text and the like is plain; links and code are there.
    Plain,
    /// And whatever could be a mark is escaped.
    Guarded,
}

/// The line as Markdown. Only a paragraph has more than one line.
pub(super) fn line(runs: &[Run], links: &[Link], kind: LineKind, breaks: Breaks) -> String {
    let bytes: usize = runs.iter().map(|run| words_of(run).len() + 1).sum();
    if bytes <= READ_BYTES {
        for care in [Care::Marked, Care::Plain] {
            let text = Writer::write(runs, links, (kind, breaks), care);
            if says(&text, runs, links) {
                return text;
            }
        }
    }
    Writer::write(runs, links, (kind, breaks), Care::Guarded)
}

/// What a run shows.
fn words_of(run: &Run) -> &str {
    match &run.part {
        Part::Text(text) | Part::Code(text) | Part::Image { alt: text, .. } => text,
        Part::Break => " ",
    }
}

/// Whether the Markdown is read as these runs: the same words, code and addresses.
fn says(text: &str, runs: &[Run], links: &[Link]) -> bool {
    let (mut words, mut code, mut to) = (String::new(), Vec::new(), Vec::new());
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) => words.push_str(&text),
            Event::Code(text) => {
                words.push_str(&text);
                code.push(text);
            }
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                to.push(dest_url);
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough,
            )
            | Event::End(_) => {}
            _ => return false,
        }
    }
    let mut meant: String = runs.iter().map(words_of).collect();
    if runs.iter().any(|run| run.style.covered) {
        // The bars around what is covered are read as text here.
        (meant, words) = (meant.replace('|', ""), words.replace('|', ""));
    }
    if !meant.split_whitespace().eq(words.split_whitespace()) {
        return false;
    }
    let mut meant_code: Vec<String> = Vec::new();
    let mut meant_to = Vec::new();
    let mut last = None;
    for run in runs {
        if let Part::Code(text) = &run.part {
            meant_code.push(text.clone());
        }
        if run.style.link != last {
            meant_to.extend(run.style.link);
        }
        if let Part::Image { link, .. } = run.part {
            meant_to.push(link);
        }
        last = run.style.link;
    }
    let meant_to = meant_to.iter().filter_map(|&link| links.get(link));
    // Code of two styles side by side may be joined when these are left out.
    code.iter().map(AsRef::as_ref).collect::<String>() == meant_code.concat()
        && to
            .iter()
            .map(AsRef::as_ref)
            .eq(meant_to.map(|link| link.to.as_str()))
}

/// A mark that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OpenMark {
    Spoiler,
    Link(usize),
    Strong,
    Strike,
    Emphasis,
}

/// The marks of a style, the outermost first, if nothing else says which is.
fn marks(style: Style) -> impl Iterator<Item = OpenMark> {
    let spoiler = style.covered.then_some(OpenMark::Spoiler);
    let link = style.link.map(OpenMark::Link);
    let strong = style.strong.then_some(OpenMark::Strong);
    let strike = style.strike.then_some(OpenMark::Strike);
    let emphasis = style.emphasis.then_some(OpenMark::Emphasis);
    [spoiler, link, strong, strike, emphasis]
        .into_iter()
        .flatten()
}

struct Writer<'a> {
    links: &'a [Link],
    kind: LineKind,
    breaks: Breaks,
    care: Care,
    out: String,
    open: Vec<OpenMark>,
    /// The mark of the emphasis that is open.
    emphasis: &'static str,
    /// Space, or the end of a line, that comes after the marks that end before it.
    pending: String,
    /// Where the line begins in `out`.
    began: usize,
}

impl<'a> Writer<'a> {
    fn write(
        runs: &[Run],
        links: &'a [Link],
        (kind, breaks): (LineKind, Breaks),
        care: Care,
    ) -> String {
        let mut joined = Vec::with_capacity(runs.len());
        for run in runs {
            let mut run = run.clone();
            if care != Care::Marked {
                run.style = Style {
                    link: run.style.link,
                    covered: run.style.covered,
                    ..Style::default()
                };
            }
            join(&mut joined, run);
        }
        let runs = loosened(joined);
        let mut writer = Self {
            links,
            kind,
            breaks,
            care,
            out: String::new(),
            open: Vec::new(),
            emphasis: "*",
            pending: String::new(),
            began: 0,
        };
        if let LineKind::Heading(level) = kind {
            writer.out.extend(std::iter::repeat_n('#', level));
            writer.out.push(' ');
        }
        writer.began = writer.out.len();
        let ends = ends(&runs);
        for (at, run) in runs.iter().enumerate() {
            let next = runs.get(at + 1);
            let ends = ends.get(at).copied().unwrap_or_default();
            writer.run(run, next, at, ends);
        }
        writer.close_to(0);
        writer.out
    }

    fn run(&mut self, run: &Run, next: Option<&Run>, at: usize, ends: [usize; 5]) {
        match &run.part {
            Part::Text(text) => self.text(text, run.style, next, at, ends),
            Part::Code(text) => {
                self.style(run.style, ends);
                code(text, &mut self.out);
            }
            Part::Image { alt, link } => {
                self.style(run.style, ends);
                self.out.push_str("![");
                self.escaped(alt.trim(), None, true);
                self.close_link(*link);
            }
            Part::Break if self.kind == LineKind::Paragraph => {
                if self.out.len() > self.began {
                    self.pending = match self.breaks {
                        Breaks::Hard => "\\\n".to_owned(),
                        Breaks::Soft => "\n".to_owned(),
                    };
                }
            }
            Part::Break => self.pending = " ".to_owned(),
        }
    }

    fn text(&mut self, text: &str, style: Style, next: Option<&Run>, at: usize, ends: [usize; 5]) {
        let core = text.trim();
        let lead = text.len() - text.trim_start().len();
        let lead = text.get(..lead).unwrap_or_default();
        if !self.pending.ends_with('\n') {
            self.pending.push_str(lead);
        }
        if core.is_empty() {
            return;
        }
        let trail = text.trim_start().get(core.len()..).unwrap_or_default();
        // An address that is shown as it is.
        let alone = style.link.filter(|&link| {
            let starts = !self.open.contains(&OpenMark::Link(link));
            let whole = starts && ends.first() == Some(&(at + 1));
            let link = self.links.get(link);
            whole && link.is_some_and(|link| link.to == core && link.title.is_empty())
        });
        if alone.is_some() && link::stands_alone(core) {
            let link = None;
            self.style(Style { link, ..style }, ends);
            self.out.push('<');
            self.out.push_str(core);
            self.out.push('>');
        } else {
            self.style(style, ends);
            let after = match (trail.is_empty(), next) {
                (false, _) | (true, None) => Some(' '),
                (true, Some(next)) => match next.part {
                    Part::Break if self.kind == LineKind::Paragraph => Some('\n'),
                    Part::Break => Some(' '),
                    Part::Text(_) | Part::Code(_) | Part::Image { .. } => None,
                },
            };
            self.escaped(core, after, style.link.is_some());
        }
        self.pending.push_str(trail);
    }

    fn escaped(&mut self, text: &str, after: Option<char>, in_link: bool) {
        let starts = self.out.len() == self.began && self.kind == LineKind::Paragraph;
        let before = self.out.chars().next_back().filter(|_| !starts);
        let place = Place {
            before,
            after,
            in_link,
            in_cell: self.kind == LineKind::Cell,
            guarded: self.care == Care::Guarded,
        };
        escaped(text, place, &mut self.out);
    }

    /// Ends and begins marks, so that those of `style` are open.
    fn style(&mut self, style: Style, ends: [usize; 5]) {
        let keep = self
            .open
            .iter()
            .take_while(|&&mark| marks(style).any(|wanted| wanted == mark))
            .count();
        self.close_to(keep);
        let pending = std::mem::take(&mut self.pending);
        if !self.out.is_empty() {
            self.out.push_str(&pending);
        }
        if pending.ends_with('\n') {
            self.began = self.out.len();
        }
        let mut wanted: Vec<OpenMark> = marks(style)
            .filter(|mark| !self.open.contains(mark))
            .collect();
        // What lasts longer is outside.
        wanted.sort_by_key(|&mark| std::cmp::Reverse(ends.get(place(mark)).copied()));
        for mark in wanted {
            self.out.push_str(match mark {
                OpenMark::Spoiler => "||",
                OpenMark::Link(_) => "[",
                OpenMark::Strong => "**",
                OpenMark::Strike => "~~",
                // Two runs of stars side by side would be one.
                OpenMark::Emphasis => {
                    let beside = self.out.ends_with('*') && self.open.is_empty();
                    self.emphasis = if beside { "_" } else { "*" };
                    self.emphasis
                }
            });
            self.open.push(mark);
        }
    }

    fn close_to(&mut self, keep: usize) {
        while self.open.len() > keep {
            match self.open.pop() {
                Some(OpenMark::Spoiler) => self.out.push_str("||"),
                Some(OpenMark::Link(link)) => self.close_link(link),
                Some(OpenMark::Strong) => self.out.push_str("**"),
                Some(OpenMark::Strike) => self.out.push_str("~~"),
                Some(OpenMark::Emphasis) => self.out.push_str(self.emphasis),
                None => return,
            }
        }
    }

    fn close_link(&mut self, link: usize) {
        self.out.push_str("](");
        if let Some(link) = self.links.get(link) {
            link::write(link, &mut self.out);
        }
        self.out.push(')');
    }
}

/// A mark's place among those of [`ends`].
fn place(mark: OpenMark) -> usize {
    match mark {
        OpenMark::Link(_) => 0,
        OpenMark::Strong => 1,
        OpenMark::Strike => 2,
        OpenMark::Emphasis => 3,
        OpenMark::Spoiler => 4,
    }
}

/// For each run the first run after it that does not have its mark any more, for each kind of mark.
fn ends(runs: &[Run]) -> Vec<[usize; 5]> {
    let mut ends = vec![[0; 5]; runs.len()];
    let mut after: Option<(Style, [usize; 5])> = None;
    for (at, run) in runs.iter().enumerate().rev() {
        let mut here = [at + 1; 5];
        if let Some((style, until)) = after {
            for mark in marks(run.style).filter(|&mark| marks(style).any(|other| other == mark)) {
                if let (Some(here), Some(&until)) =
                    (here.get_mut(place(mark)), until.get(place(mark)))
                {
                    *here = until;
                }
            }
        }
        if let Some(end) = ends.get_mut(at) {
            *end = here;
        }
        after = Some((run.style, here));
    }
    ends
}

/// The runs with punctuation taken out of marks that could not end after it: `**a:**b` is no strong text.
fn loosened(mut runs: Vec<Run>) -> Vec<Run> {
    for at in 1..runs.len() {
        let (before, after) = runs.split_at_mut(at);
        let (Some(before), Some(after)) = (before.last_mut(), after.first_mut()) else {
            continue;
        };
        let ends = marks(before.style).any(|mark| marks(after.style).all(|other| other != mark));
        let (Part::Text(text), Part::Text(next)) = (&mut before.part, &mut after.part) else {
            continue;
        };
        let kept = text
            .trim_end_matches(|c: char| c.is_ascii_punctuation())
            .len();
        let same_link = before.style.link == after.style.link;
        if ends && same_link && kept > 0 && next.starts_with(char::is_alphanumeric) {
            let moved = text.split_off(kept);
            next.insert_str(0, &moved);
        }
    }
    runs
}

/// Adds code, between as many backticks as it takes.
fn code(text: &str, out: &mut String) {
    let fence = "`".repeat(longest(text) + 1);
    let spaced = text.starts_with(' ') && text.ends_with(' ') && !text.trim_matches(' ').is_empty();
    let pad = match spaced || text.starts_with('`') || text.ends_with('`') {
        true => " ",
        false => "",
    };
    for part in [fence.as_str(), pad, text, pad, fence.as_str()] {
        out.push_str(part);
    }
}

/// How many backticks stand side by side in a text at most.
pub(super) fn longest(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}
