//! The table of commands in docs/using.md, from what `!help all` says and what the commands declare.

use bot_core::command::{COMMANDS, Command, Who};

use super::Shell;
use crate::pages;

const BEGIN: &str =
    "<!-- Every command, as `!help` says it; written by the test `cli::commands`. -->\n";
const END: &str = "<!-- End of the commands. -->";

#[test]
fn the_page_lists_every_command_as_the_help_does() {
    let said = Shell::new().pipe(&["console"], "!help all\n").out;
    let mut lines = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "));
    let mut table = "| | | |\n|---|---|---|\n".to_owned();
    for command in COMMANDS {
        let line = lines.next().and_then(|line| line.split_once(" – "));
        let (usage, summary) = line.unwrap_or_else(|| panic!("{}: {said}", command.name));
        let usage = usage.trim_matches('`').replace('|', "\\|");
        table.push_str(&format!("| `{usage}` | {summary} | {} |\n", who(command)));
    }
    pages::hold("docs/using.md", BEGIN, END, &table);
}

/// Who may use a command, and how else it is called.
fn who(command: &Command) -> String {
    let who = match command.who {
        Who::Everyone => "",
        Who::Author => "its author, moderators",
        Who::Asker => "who asked, moderators",
        Who::Moderators => "moderators",
        Who::Admins => "admins",
    };
    let aliases = command.aliases.iter().map(|alias| format!("`!{alias}`"));
    let aliases: Vec<_> = aliases.collect();
    match (who, aliases.as_slice()) {
        (who, []) => who.to_owned(),
        ("", aliases) => format!("also {}", aliases.join(", ")),
        (who, aliases) => format!("{who}; also {}", aliases.join(", ")),
    }
}
