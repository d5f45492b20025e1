//! What a command's file declares of it.

/// What a command takes, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// A post's address; may be left out where the message hangs on a post.
    Post,
    /// The rest of the first line.
    Title,
    /// A text, over as many lines as it has.
    Text {
        /// Whether the command makes no sense without it.
        needed: bool,
    },
    /// Words to search for.
    Words,
    /// Which questions are listed, by a word.
    Order,
    /// A tag, or the beginning of one.
    Tag {
        /// Whether `tag:` has to stand before it.
        marked: bool,
    },
    /// The number of a page.
    Page,
    /// A one-time code, and whether what it is for is agreed to.
    Code {
        /// Whether the command makes no sense without it.
        needed: bool,
    },
    /// A forum's own name, and whether what is asked of it is agreed to.
    Which,
    /// A command's name.
    Topic,
}

/// What can be said on the first line besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opt {
    /// `--tag a,b`
    Tag,
    /// `--title "…"`
    Title,
    /// `--reason "…"`
    Reason,
}

impl Opt {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tag, Self::Title, Self::Reason];

    /// How it is written, without its dashes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Title => "title",
            Self::Reason => "reason",
        }
    }
}

/// A command of a command, named by the word behind its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subcommand {
    /// The word.
    pub name: &'static str,
    /// What it takes, in order.
    pub params: &'static [Param],
}

/// Who may use a command. The rules decide it for each post; this is what is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever may write in the place.
    Everyone,
    /// A post's author, and moderators.
    Author,
    /// Who asked the question, and moderators.
    Asker,
    /// Moderators.
    Moderators,
    /// Who manages the place.
    Admins,
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Shows something.
    View,
    /// Changes the forum.
    Act,
    /// Joins or parts accounts or forums.
    Link,
}

/// A command.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Its name, without the prefix. Its texts are found by it: `help-<name>`, `example-<name>`.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// Names that people try which it has not: it is suggested to them.
    pub tried: &'static [&'static str],
    /// What it takes.
    pub params: &'static [Param],
    /// What can be said besides.
    pub options: &'static [Opt],
    /// The commands that it consists of, if it does; then it takes nothing itself.
    pub parts: &'static [Subcommand],
    /// What it does.
    pub does: Does,
    /// Who may use it.
    pub who: Who,
    /// Whether what it does can't be undone.
    pub is_final: bool,
    /// Whether it is among those that everybody needs first: the short help has these alone.
    pub is_common: bool,
}

impl Command {
    /// One that shows something.
    pub(super) const fn view(name: &'static str) -> Self {
        Self::new(name, Does::View)
    }

    /// One that changes the forum.
    pub(super) const fn act(name: &'static str) -> Self {
        Self::new(name, Does::Act)
    }

    /// One that joins or parts accounts or forums.
    pub(super) const fn link(name: &'static str) -> Self {
        Self::new(name, Does::Link)
    }

    const fn new(name: &'static str, does: Does) -> Self {
        Self {
            name,
            aliases: &[],
            tried: &[],
            params: &[],
            options: &[],
            parts: &[],
            does,
            who: Who::Everyone,
            is_final: false,
            is_common: false,
        }
    }

    /// Whether it takes a text, which has lines of its own.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        let is_text = |param: &Param| matches!(param, Param::Text { .. });
        self.params.iter().any(is_text)
    }
}

/// Commands are told apart by their names.
impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Command {}
