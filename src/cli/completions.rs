//! `stoa completions`: what a shell needs to complete our command line.

use std::io::{self, Write};

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::{Shell, generate};

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
    io::stdout().write_all(&script)?;
    Ok(())
}
