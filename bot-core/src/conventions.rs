//! What a platform says of itself: how commands are said there, what fits, and what its messages and reactions are like.
//! Each adapter has one, and the core asks it instead of asking which platform it is. Knows nobody.

/// How things are done on a platform.
#[derive(Debug)]
pub struct Conventions {
    /// The platform's name in the store, in the log, and by which texts may choose their words: lower-case ASCII letters.
    pub name: &'static str,
    /// How commands are said.
    pub commands: Commands,
    /// What people write to the bot in.
    pub input: Input,
    /// What becomes of a reply that shows somebody a question.
    pub replies: Replies,
    /// How reactions are known.
    pub reactions: Reactions,
    /// What an edit of a message leaves behind.
    pub edits: Edits,
    /// Whether the thread of a question has a name of its own.
    pub threads: Threads,
    /// What a page of a long text weighs at most, as `card::fold` weighs it.
    pub page_weight: usize,
    /// How many questions are on a page of what a search found.
    pub hits_per_page: u32,
}

/// How commands are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commands {
    /// They are typed behind the forum's prefix, their arguments one after the other: `!link CODE yes`. What is asked is answered in
    /// words.
    Typed,
    /// The platform has commands of its own, behind `/`, whose arguments have names: `/link code:CODE agree:yes`. What is asked has
    /// buttons.
    Own,
}

/// What people write to the bot in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Messages, which others may read, and which can be changed later.
    Messages,
    /// Lines of one person's own, each meant for the bot.
    Lines,
}

/// What becomes of a reply that shows somebody a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replies {
    /// It stays among the messages of all, who react and reply to it.
    Stay,
    /// It is for one person's eyes, or passes.
    Pass,
}

/// How reactions are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reactions {
    /// Each has an id of its own.
    ById,
    /// By what they hang on, who reacted and how: their key begins with the message's and `/`.
    ByMessage,
}

/// What an edit of a message leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// What it said before can still be read: only taking the message away takes its text away.
    LeaveTraces,
    /// Nothing that anybody can reach.
    Replace,
}

/// Whether threads have names of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// They do, and what else the platform tells of a question beside its card, such as tags.
    Named,
    /// They don't.
    Nameless,
}

impl Conventions {
    /// Those of a chat of rooms in which everything is typed, and nothing goes away by being edited.
    #[must_use]
    pub const fn of_chat(name: &'static str) -> Self {
        Self {
            name,
            commands: Commands::Typed,
            input: Input::Messages,
            replies: Replies::Stay,
            reactions: Reactions::ById,
            edits: Edits::LeaveTraces,
            threads: Threads::Nameless,
            page_weight: 24_000,
            hits_per_page: 10,
        }
    }
}

/// How commands are written so that they can be said as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrasing<'a> {
    commands: Commands,
    prefix: &'a str,
}

/// What stands behind a command's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument<'a> {
    /// A word, wherever commands are said.
    Word(&'a str),
    /// What an option of this name is given, where options have names.
    Option(&'static str, &'a str),
}

impl<'a> Phrasing<'a> {
    /// As commands are said there; `prefix` is the forum's, which stands before those that are typed.
    #[must_use]
    pub const fn new(commands: Commands, prefix: &'a str) -> Self {
        let prefix = match commands {
            Commands::Typed => prefix,
            Commands::Own => "/",
        };
        Self { commands, prefix }
    }

    /// What stands before a command's name.
    #[must_use]
    pub const fn prefix(self) -> &'a str {
        self.prefix
    }

    /// How they are said.
    #[must_use]
    pub const fn commands(self) -> Commands {
        self.commands
    }

    /// A command with its arguments: `!link CODE yes` or `/link code:CODE agree:yes`.
    #[must_use]
    pub fn command(self, name: &str, arguments: &[Argument<'_>]) -> String {
        let mut said = format!("{}{name}", self.prefix);
        for argument in arguments {
            said.push(' ');
            match (self.commands, argument) {
                (Commands::Own, Argument::Option(name, value)) => {
                    said.push_str(&format!("{name}:{value}"));
                }
                (Commands::Typed, Argument::Option(_, word))
                | (Commands::Typed | Commands::Own, Argument::Word(word)) => said.push_str(word),
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_said_with_its_arguments_as_they_are_given_there() {
        let arguments = [
            Argument::Option("code", "ABCD-EFGH"),
            Argument::Option("agree", "yes"),
        ];
        for (commands, prefix, said) in [
            (Commands::Typed, "!", "!link ABCD-EFGH yes"),
            (Commands::Typed, "/", "/link ABCD-EFGH yes"),
            (Commands::Own, "!", "/link code:ABCD-EFGH agree:yes"),
            (Commands::Own, "/", "/link code:ABCD-EFGH agree:yes"),
        ] {
            let phrasing = Phrasing::new(commands, prefix);
            assert_eq!(phrasing.command("link", &arguments), said);
            let word = [Argument::Word("#42")];
            let hide = format!("{}hide #42", phrasing.prefix());
            assert_eq!(phrasing.command("hide", &word), hide);
        }
    }
}
