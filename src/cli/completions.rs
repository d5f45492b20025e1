//! `stoa completions`: what a shell needs to complete our command line.

use std::io::{self, Write};

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::{Shell, generate};

/// What a shell runs to complete a forum's name.
const NAMES: &str = "stoa forum names 2>/dev/null";

const EXAMPLES: &str = "\
Examples:
  stoa completions bash > ~/.local/share/bash-completion/completions/stoa
  stoa completions zsh  > ~/.zfunc/_stoa
  stoa completions fish > ~/.config/fish/completions/stoa.fish";

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which shell
    shell: Shell,
}

/// Prints them.
pub fn run(args: &Args) -> Result<()> {
    let mut script = Vec::new();
    generate(args.shell, &mut super::Cli::command(), "stoa", &mut script);
    let script = String::from_utf8_lossy(&script);
    io::stdout().write_all(with_forums(args.shell, &script).as_bytes())?;
    Ok(())
}

/// The script with the names of the forums that there are behind `--forum`, where a shell's script can ask for them.
fn with_forums(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Bash => {
            let mut parts = script.split("--forum)\n");
            let mut offered = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let named = format!("compgen -W \"$({NAMES})\" -- \"${{cur}}\"");
                offered.push_str("--forum)\n");
                offered.push_str(&part.replacen("compgen -f \"${cur}\"", &named, 1));
            }
            offered
        }
        Shell::Zsh => {
            let named = format!(":NAME:{{compadd -- ${{(f)\"$({NAMES})\"}}}}'");
            changed(script, "'--forum=", |line| {
                line.replacen(":NAME:_default'", &named, 1)
            })
        }
        Shell::Fish => {
            let named = format!("-f -a \"({NAMES})\"");
            changed(script, " -l forum ", |line| format!("{line} {named}"))
        }
        _ => script.to_owned(),
    }
}

/// A text with those of its lines changed that have `mark` in them.
fn changed(text: &str, mark: &str, change: impl Fn(&str) -> String) -> String {
    let lines = text.lines().map(|line| match line.contains(mark) {
        true => change(line),
        false => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}
