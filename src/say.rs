//! How the command line speaks of failure: one sentence on stderr.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// Says why a command failed, and gives the exit code.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    // Whoever read the output has heard enough, as `stoa search … | head` does.
    let closed = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    };
    if error.chain().any(closed) {
        return ExitCode::SUCCESS;
    }
    // Where not even stderr takes it, there is nobody to tell.
    let _ = writeln!(io::stderr(), "stoa: {}", sentence(error));
    ExitCode::FAILURE
}

/// The error and what caused it, joined by colons; causes that only repeat what was said are left out.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = without_number(&text);
        if text.is_empty() || said.contains(text) {
            continue;
        }
        if !said.is_empty() {
            said.push_str(": ");
        }
        said.push_str(text);
    }
    said
}

/// What the system said, without the number that Rust puts behind it.
pub fn without_number(text: &str) -> &str {
    match text.rsplit_once(" (os error ") {
        Some((said, number)) if number.ends_with(')') && !number.contains(' ') => said,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn the_systems_words_are_told_without_their_number() {
        let error = anyhow::Error::from(io::Error::from_raw_os_error(2)).context("x can’t be read");
        assert!(
            !sentence(&error).contains("os error"),
            "{}",
            sentence(&error)
        );
        assert_eq!(
            without_number("no way (os error 2) (x)"),
            "no way (os error 2) (x)"
        );
    }

    #[test]
    fn causes_are_told_once_and_on_one_line() {
        let error = anyhow!("no such file\nor folder")
            .context("reading x: no such file or folder")
            .context("starting");
        assert_eq!(
            sentence(&error),
            "starting: reading x: no such file or folder"
        );
    }
}
