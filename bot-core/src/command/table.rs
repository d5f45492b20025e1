//! The commands, each declared once: name, what it takes, its help.

use crate::text::Key;

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Asks a question.
    Ask,
    /// Answers one.
    Answer,
    /// Comments on a question or answer.
    Comment,
    /// Changes a post.
    Edit,
    /// Shows a post's earlier texts.
    History,
    /// Takes a post back.
    Delete,
    /// Hides a post.
    Hide,
    /// Shows a hidden post again.
    Unhide,
    /// Takes the messages away that a hidden post was made from.
    RemoveMessage,
    /// Votes for a post.
    Up,
    /// Votes against a post.
    Down,
    /// Takes a vote back.
    Unvote,
    /// Accepts an answer.
    Accept,
    /// Takes the accepting back.
    Unaccept,
    /// Finds questions.
    Search,
    /// Finds questions that may be the same.
    Similar,
    /// Shows a question with all that hangs on it.
    Show,
    /// Lists questions.
    Questions,
    /// Makes two accounts one person.
    Link,
    /// Makes an account a person of its own again.
    Unlink,
    /// Has a forum join another, or leave it.
    Forum,
    /// Shows what can be said.
    Help,
}

/// What a command takes, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// A post's address; may be left out where the message hangs on a post.
    Post,
    /// The rest of the first line.
    Title,
    /// A text, over as many lines as it has; a question's may be missing.
    Text {
        /// Whether the command makes no sense without it.
        needed: bool,
    },
    /// Words to search for.
    Words,
    /// The number of a page.
    Page,
    /// Which list, and which tag.
    List,
    /// A one-time code, and whether what it is for is agreed to.
    Code,
    /// What becomes of a forum.
    Union,
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

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it does.
    pub verb: Verb,
    /// Its name, without the prefix.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub params: &'static [Param],
    /// What can be said besides.
    pub options: &'static [Opt],
    /// What it does, in the help.
    pub summary: Key,
    /// What follows its name in an example.
    pub example: Key,
}

const POST: &[Param] = &[Param::Post];
const TEXT: Param = Param::Text { needed: true };

/// Every command, in the order of the help.
pub const COMMANDS: &[Command] = &[
    Command {
        verb: Verb::Ask,
        name: "ask",
        aliases: &["question"],
        params: &[Param::Title, Param::Text { needed: false }],
        options: &[Opt::Tag],
        summary: Key::HelpAsk,
        example: Key::ExampleAsk,
    },
    Command {
        verb: Verb::Answer,
        name: "answer",
        aliases: &["a"],
        params: &[Param::Post, TEXT],
        options: &[],
        summary: Key::HelpAnswer,
        example: Key::ExampleAnswer,
    },
    Command {
        verb: Verb::Comment,
        name: "comment",
        aliases: &["c"],
        params: &[Param::Post, TEXT],
        options: &[],
        summary: Key::HelpComment,
        example: Key::ExampleComment,
    },
    Command {
        verb: Verb::Search,
        name: "search",
        aliases: &["find", "s"],
        params: &[Param::Words],
        options: &[],
        summary: Key::HelpSearch,
        example: Key::ExampleSearch,
    },
    Command {
        verb: Verb::Similar,
        name: "similar",
        aliases: &[],
        params: &[Param::Words],
        options: &[],
        summary: Key::HelpSimilar,
        example: Key::ExampleSimilar,
    },
    Command {
        verb: Verb::Show,
        name: "show",
        aliases: &[],
        params: &[Param::Post, Param::Page],
        options: &[],
        summary: Key::HelpShow,
        example: Key::ExamplePost,
    },
    Command {
        verb: Verb::Questions,
        name: "questions",
        aliases: &["list"],
        params: &[Param::List, Param::Page],
        options: &[],
        summary: Key::HelpQuestions,
        example: Key::ExampleQuestions,
    },
    Command {
        verb: Verb::Up,
        name: "up",
        aliases: &["upvote"],
        params: POST,
        options: &[],
        summary: Key::HelpUp,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Down,
        name: "down",
        aliases: &["downvote"],
        params: POST,
        options: &[],
        summary: Key::HelpDown,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Unvote,
        name: "unvote",
        aliases: &[],
        params: POST,
        options: &[],
        summary: Key::HelpUnvote,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Accept,
        name: "accept",
        aliases: &[],
        params: POST,
        options: &[],
        summary: Key::HelpAccept,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Unaccept,
        name: "unaccept",
        aliases: &[],
        params: POST,
        options: &[],
        summary: Key::HelpUnaccept,
        example: Key::ExamplePost,
    },
    Command {
        verb: Verb::Edit,
        name: "edit",
        aliases: &[],
        params: &[Param::Post, Param::Text { needed: false }],
        options: &[Opt::Title, Opt::Tag, Opt::Reason],
        summary: Key::HelpEdit,
        example: Key::ExampleEdit,
    },
    Command {
        verb: Verb::History,
        name: "history",
        aliases: &[],
        params: &[Param::Post, Param::Page],
        options: &[],
        summary: Key::HelpHistory,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Delete,
        name: "delete",
        aliases: &["withdraw"],
        params: POST,
        options: &[],
        summary: Key::HelpDelete,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Hide,
        name: "hide",
        aliases: &[],
        params: POST,
        options: &[],
        summary: Key::HelpHide,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Unhide,
        name: "unhide",
        aliases: &[],
        params: POST,
        options: &[],
        summary: Key::HelpUnhide,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::RemoveMessage,
        name: "remove",
        aliases: &[],
        params: POST,
        options: &[],
        summary: Key::HelpRemove,
        example: Key::ExampleAnswerAddress,
    },
    Command {
        verb: Verb::Link,
        name: "link",
        aliases: &[],
        params: &[Param::Code],
        options: &[],
        summary: Key::HelpLink,
        example: Key::ExampleLink,
    },
    Command {
        verb: Verb::Unlink,
        name: "unlink",
        aliases: &[],
        params: &[],
        options: &[],
        summary: Key::HelpUnlink,
        example: Key::ExampleNothing,
    },
    Command {
        verb: Verb::Forum,
        name: "forum",
        aliases: &[],
        params: &[Param::Union],
        options: &[],
        summary: Key::HelpForum,
        example: Key::ExampleForum,
    },
    Command {
        verb: Verb::Help,
        name: "help",
        aliases: &["h"],
        params: &[Param::Topic],
        options: &[],
        summary: Key::HelpHelp,
        example: Key::ExampleHelp,
    },
];

/// The command of a name or alias, in any case.
#[must_use]
pub fn named(name: &str) -> Option<&'static Command> {
    let name = name.to_lowercase();
    COMMANDS
        .iter()
        .find(|command| command.name == name || command.aliases.contains(&name.as_str()))
}
