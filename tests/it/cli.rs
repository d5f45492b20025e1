//! The command line as an operator meets it: the real executable in a folder of its own, without any chat.

mod commands;
mod console;
mod control;
mod demo;
mod faults;
mod files;
mod forgetting;
mod forum;
mod import;
mod relevance;
mod settings;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::world::STOA;

/// An operator's folder: current folder, home and storage are in it.
struct Shell {
    folder: TempDir,
}

/// What a command said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Shell {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// A folder with the demo forum in it.
    fn with_demo() -> Self {
        let shell = Self::new();
        assert_eq!(shell.pipe(&["console", "--demo"], "").code, Some(0));
        shell
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("writes");
    }

    fn storage(&self) -> PathBuf {
        self.path("run")
    }

    /// The executable, told of nothing but this folder.
    fn stoa(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(STOA);
        command.args(arguments);
        command
    }

    /// A program that is told of nothing but this folder.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("STOA__")) {
            command.env_remove(name);
        }
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", self.folder.path()).env("USER", "mira");
        command.env("STOA__STORAGE__DIR", self.storage());
        command
    }

    fn says(&self, arguments: &[&str]) -> Said {
        self.said(self.stoa(arguments).output().expect("runs"))
    }

    /// Says `text` to a command and ends its input.
    fn pipe(&self, arguments: &[&str], text: &str) -> Said {
        let mut child = self
            .stoa(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stdin = child.stdin.take().expect("piped");
        // A command that ends before it has read all of it shows in what it says.
        let _ = stdin.write_all(text.as_bytes());
        drop(stdin);
        self.said(child.wait_with_output().expect("ends"))
    }

    fn said(&self, output: Output) -> Said {
        let text = |bytes: &[u8]| self.tidy(&String::from_utf8_lossy(bytes));
        Said {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// The one sentence with which a command fails.
    fn fails(&self, arguments: &[&str]) -> String {
        sentence(&self.says(arguments))
    }

    /// A text without what is different each time: this folder and the dates.
    fn tidy(&self, text: &str) -> String {
        undated(&text.replace(&self.folder.path().display().to_string(), "~"))
    }
}

/// The sentence that a failed command said, alone, on stderr.
fn sentence(said: &Said) -> String {
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert_eq!(said.out, "", "a command that fails says so on stderr only");
    let said = said.err.strip_suffix('\n').expect("a line");
    assert!(!said.contains('\n'), "more than one line: {said}");
    said.strip_prefix("stoa: ")
        .expect("it says who speaks")
        .to_owned()
}

/// Replaces moments such as `23 Nov 2026, 12:56 UTC` by `DATE`.
fn undated(text: &str) -> String {
    let parts: Vec<_> = text.split(" UTC").collect();
    let Some((last, dated)) = parts.split_last() else {
        return String::new();
    };
    let mut clean = String::new();
    for part in dated {
        let before = part.rmatch_indices([' ', '\n']).nth(3);
        let kept = before.map_or(0, |(at, _)| at + 1);
        clean.push_str(&part[..kept]);
        clean.push_str("DATE");
    }
    clean + *last
}

/// The largest file of a folder.
fn largest(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    files
        .max_by_key(|file| fs::metadata(file).map_or(0, |file| file.len()))
        .expect("a file")
}

#[test]
fn what_is_misused_ends_with_2_and_says_how_it_goes() {
    let shell = Shell::new();
    for arguments in [
        &["serch", "x"][..],
        &["search"],
        &["search", "x", "--batch", "y"],
        &["search", "x", "--limit", "0"],
        &["backup"],
        &["restore"],
        &["console", "--as"],
        &["completions", "tcsh"],
        &["--no-such-option"],
    ] {
        let said = shell.says(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(
            said.err.contains("--help") && said.out.is_empty(),
            "{arguments:?}: {}",
            said.err
        );
    }
    assert!(!shell.storage().exists(), "misuse leaves nothing behind");
}

#[test]
fn help_teaches_by_examples() {
    let shell = Shell::new();
    let all = shell.says(&["--help"]);
    assert_eq!(all.code, Some(0));
    for command in [
        "run", "console", "search", "import", "export", "reindex", "check", "backup", "restore",
        "stats",
    ] {
        assert!(
            all.out.contains(&format!("\n  {command} ")),
            "{command} is not in the help"
        );
        let said = shell.says(&[command, "--help"]);
        assert_eq!(said.code, Some(0), "{command}");
        assert!(
            said.out.contains(command) && said.out.len() > 200,
            "{command} says nothing: {}",
            said.out
        );
        let long = said.out.lines().find(|line| line.chars().count() > 100);
        assert_eq!(long, None, "{command}");
    }
}

#[test]
fn shells_are_given_completions() {
    let shell = Shell::new();
    for (name, part) in [
        ("bash", "_stoa()"),
        ("zsh", "#compdef stoa"),
        ("fish", "complete -c stoa"),
    ] {
        let said = shell.says(&["completions", name]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
        assert!(said.out.contains(part), "{name}");
    }
}

#[test]
fn a_shell_offers_forums_and_files() {
    let shell = Shell::with_demo();
    shell.write("forum-copy.db", "");
    let folder = Path::new(STOA).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let complete = |words: &str, before: &str| {
        let ask = format!(
            "source <(stoa completions bash); COMP_WORDS=({words} ''); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _stoa stoa '' {before}; echo \"${{COMPREPLY[@]}}\""
        );
        let mut bash = shell.command("bash");
        bash.args(["-c", &ask]);
        bash.env("PATH", format!("{}:{path}", folder.display()));
        let said = shell.said(bash.output().expect("runs"));
        assert_eq!(said.err, "");
        said.out
    };
    assert_eq!(complete("stoa search --forum", "--forum"), "main\n");
    assert!(complete("stoa --config", "--config").contains("forum-copy.db"));
    // Where a script offers nothing itself, bash offers files.
    let script = shell.says(&["completions", "bash"]).out;
    assert!(script.contains("-o default"), "{script}");
    let zsh = shell.says(&["completions", "zsh"]).out;
    assert!(zsh.contains(":NAME:{compadd -- ${(f)\"$(stoa forum names 2>/dev/null)\"}}'"));
    let fish = shell.says(&["completions", "fish"]).out;
    let offered = fish.lines().filter(|line| line.contains(" -l forum "));
    for line in offered {
        assert!(
            line.ends_with("-r -f -a \"(stoa forum names 2>/dev/null)\""),
            "{line}"
        );
    }
}
