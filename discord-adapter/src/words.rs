//! What the adapter's commands say of themselves: messages of the core that are named by a rule after the command.

use bot_core::command::Command;
use bot_core::text::Texts;

/// What a command says of itself: as a slash command where that has words of its own, else as the help does.
pub(crate) fn command(texts: &Texts, command: &Command) -> String {
    let name = command.name;
    first(texts, &[&format!("slash-{name}"), &format!("help-{name}")])
}

/// What a subcommand says of itself.
pub(crate) fn subcommand(texts: &Texts, command: &Command, name: &str) -> String {
    first(texts, &[&format!("slash-{}-{name}", command.name)])
}

/// What an option of a command is for: of that command's own where that has words of its own, else of any's.
pub(crate) fn option(texts: &Texts, command: &Command, name: &str) -> String {
    let own = format!("option-{}-{name}", command.name);
    first(texts, &[&own, &format!("option-{name}")])
}

/// What a command, a subcommand or an option is called where Discord itself is in this language; none where that is its English
/// name.
pub(crate) fn name(texts: &Texts, id: &str, english: &str) -> Option<String> {
    let name = texts.find(&format!("name-{id}"))?;
    (name != english).then_some(name)
}

/// The words of the first of these messages that there is; a test holds that one is there.
fn first(texts: &Texts, ids: &[&str]) -> String {
    let mut found = ids.iter().filter_map(|id| texts.find(id));
    found.next().unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Calls with the English texts.
    pub(crate) fn with_english<T>(call: impl FnOnce(&Texts) -> T) -> T {
        call(&Texts::new("en"))
    }

    /// The texts in a language whose words are a third longer than English ones.
    pub(crate) fn longer() -> Texts {
        Texts::new(bot_core::text::PSEUDO)
    }
}
