//! What may have been meant by a word that is no command.

use super::declaration::Command;
use super::list::COMMANDS;

/// What turns a word into its opposite, and slips of the first of them.
const NEGATIONS: &[&str] = &["un", "nu", "u", "de", "dis", "no", "non"];

/// The command that a word is closest to, if it is close: at most a third of its letters are wrong. Never the opposite of what was meant,
/// and what can't be undone only where one letter is wrong.
pub(super) fn nearest(word: &str) -> Option<&'static Command> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    if length <= 2 {
        return None;
    }
    let mut commands = COMMANDS.iter().copied();
    if let Some(tried) = commands.find(|command| command.tried.contains(&word.as_str())) {
        return Some(tried);
    }
    COMMANDS
        .iter()
        .filter_map(|command| {
            let wrong = (command.name.len() / 3).max(1);
            // A word of thousands of letters is not compared with each.
            let is_as_long = command.name.len().abs_diff(length) <= wrong;
            let distance = is_as_long.then(|| strsim::osa_distance(&word, command.name))?;
            let wrong = if command.is_final { 1 } else { wrong };
            // Of `hide` and `unhide`, both as near, the one that undoes.
            let rank = (distance, !command.name.starts_with("un"));
            (distance <= wrong && !is_opposite(&word, command.name, distance))
                .then_some((rank, *command))
        })
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, command)| command)
}

/// Whether a word is a command's name, or almost, behind a prefix that turns it round.
fn is_opposite(word: &str, name: &str, distance: usize) -> bool {
    NEGATIONS
        .iter()
        .filter_map(|negation| word.strip_prefix(negation))
        .any(|rest| strsim::osa_distance(rest, name) < distance)
}
