//! What a post is made of, between HTML and Markdown.

/// A whole post.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) blocks: Vec<Block>,
    /// The links, by their place in here.
    pub(super) links: Vec<Link>,
}

/// Something that stands on lines of its own.
#[derive(Debug)]
pub(super) enum Block {
    Paragraph(Vec<Run>),
    Heading(usize, Vec<Run>),
    Code { language: String, text: String },
    Quote(Vec<Block>),
    Spoiler(Vec<Block>),
    List(List),
    Table(Vec<Row>),
    Rule,
}

#[derive(Debug)]
pub(super) struct List {
    /// The first number; none for bullets.
    pub(super) first: Option<u32>,
    /// Whether its items are paragraphs, with room between them.
    pub(super) loose: bool,
    pub(super) items: Vec<Vec<Block>>,
}

/// The cells of a table's row.
pub(super) type Row = Vec<Vec<Run>>;

/// A part of a line in one style. Marks are kept flat: none of them is ever inside itself.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) part: Part,
    pub(super) style: Style,
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Code(String),
    Image { alt: String, link: usize },
    Break,
}

/// The marks on a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) strong: bool,
    pub(super) emphasis: bool,
    pub(super) strike: bool,
    pub(super) covered: bool,
    pub(super) link: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) to: String,
    pub(super) title: String,
}

/// Adds a run; one that goes on with the last joins it.
pub(super) fn join(runs: &mut Vec<Run>, run: Run) {
    if let Some(last) = runs.last_mut()
        && last.style == run.style
    {
        match (&mut last.part, &run.part) {
            (Part::Text(before), Part::Text(text)) | (Part::Code(before), Part::Code(text)) => {
                before.push_str(text);
                return;
            }
            _ => {}
        }
    }
    runs.push(run);
}
