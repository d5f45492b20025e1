//! Stoa: a question-and-answer forum inside chats. This is the executable: it reads the command line and the settings and
//! wires core and adapters together; it decides nothing about the forum.

mod cli;
mod console;
mod control;
mod demo;
mod folders;
mod log;
mod memory;
mod output;
mod privacy;
mod say;
mod signals;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    privacy::keep();
    memory::be_frugal();
    bot_core::panics::report();
    let ended = cli::run(cli::Cli::parse());
    ended.unwrap_or_else(|error| say::failed(&error))
}
