//! What is typed or piped in, cut into messages. Reading blocks, so it has a thread of its own, which reads when it is asked.

use std::collections::VecDeque;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, StdinLock};
use std::path::{Path, PathBuf};
use std::sync::mpsc as blocking;
use std::thread;

use anyhow::{Context, Result};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor};
use tokio::sync::mpsc;

use super::complete::Completing;

/// The prompt for a message, and for the lines that continue it.
const FIRST: &str = "stoa> ";
const NEXT: &str = "    > ";

/// What came of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Somebody said so.
    Message(String),
    /// A person at a terminal pressed Enter or Ctrl-C, and said nothing.
    Nothing,
    /// Nothing more will come.
    End,
}

/// Messages, one at a time.
pub struct Input {
    ask: blocking::SyncSender<()>,
    said: mpsc::Receiver<Result<Read>>,
    asked: bool,
}

/// Where messages come from.
pub enum Source {
    /// A person at a terminal.
    Prompt(Box<Prompt>),
    /// A pipe or file.
    Pipe(Pipe<BufStdin>),
}

impl Source {
    /// The terminal, with what was typed before.
    pub fn prompt(history: &Path, prefix: &str, completing: Completing) -> Result<Self> {
        let prompt = Prompt::new(history, prefix, completing)?;
        Ok(Self::Prompt(Box::new(prompt)))
    }

    /// Standard input.
    pub fn pipe(prefix: &str) -> Self {
        Self::Pipe(Pipe::new(BufStdin, prefix))
    }

    fn read(&mut self) -> Result<Read> {
        match self {
            Self::Prompt(prompt) => prompt.read(),
            Self::Pipe(pipe) => pipe.read().context("reading what was said"),
        }
    }
}

impl Input {
    /// Starts the thread. It ends with the input; where the program ends first, it ends with the program.
    pub fn start(mut source: Source) -> Result<Self> {
        let (ask, asked) = blocking::sync_channel(1);
        let (say, said) = mpsc::channel(1);
        thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || {
                while asked.recv().is_ok() {
                    if say.blocking_send(source.read()).is_err() {
                        return;
                    }
                }
            })
            .context("starting the thread that reads")?;
        Ok(Self {
            ask,
            said,
            asked: false,
        })
    }

    /// The next message. Safe to give up on and to call again.
    pub async fn next(&mut self) -> Result<Read> {
        if !self.asked {
            // The thread is at rest and takes this at once, or it is gone, which shows below.
            self.asked = self.ask.try_send(()).is_ok();
        }
        let read = self.said.recv().await;
        self.asked = false;
        read.unwrap_or(Ok(Read::End))
    }
}

/// Standard input, locked for each line only.
pub struct BufStdin;

/// Something that gives lines.
pub trait Lines {
    /// Appends the next line to `line`; 0 at the end.
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<usize>;
}

impl Lines for BufStdin {
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<usize> {
        let mut stdin: StdinLock<'_> = io::stdin().lock();
        stdin.read_until(b'\n', line)
    }
}

impl Lines for &[u8] {
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<usize> {
        self.read_until(b'\n', line)
    }
}

/// Messages from a pipe: one begins with each line that is a command or a reaction; other lines continue it.
pub struct Pipe<L> {
    lines: L,
    prefix: String,
    /// The line that begins the next message.
    kept: Option<String>,
}

impl<L: Lines> Pipe<L> {
    fn new(lines: L, prefix: &str) -> Self {
        Self {
            lines,
            prefix: prefix.to_owned(),
            kept: None,
        }
    }

    fn read(&mut self) -> io::Result<Read> {
        let mut message = self.kept.take();
        loop {
            let Some(line) = self.line()? else {
                return Ok(message.map_or(Read::End, said));
            };
            match &mut message {
                None if line.trim().is_empty() => {}
                None => message = Some(line),
                Some(message) if begins(&line, &self.prefix) => {
                    self.kept = Some(line);
                    return Ok(said(std::mem::take(message)));
                }
                Some(message) => {
                    message.push('\n');
                    message.push_str(&line);
                }
            }
        }
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        if self.lines.line(&mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// The message without the empty lines that part it from the next.
fn said(message: String) -> Read {
    Read::Message(message.trim_end().to_owned())
}

/// Whether a line begins a message: the prefix and then a word (`![picture](…)` is none), or a reaction to a post.
fn begins(line: &str, prefix: &str) -> bool {
    if let Some(rest) = line.strip_prefix(prefix) {
        return rest.starts_with(char::is_alphanumeric);
    }
    let mut words = line.split_whitespace();
    let (first, second, third) = (words.next(), words.next(), words.next());
    let emoji = first.is_some_and(|word| word.starts_with(['👍', '👎', '✅']));
    let post = second.is_some_and(|word| word.starts_with('#'));
    emoji && post && third.is_none()
}

/// Messages from a person at a terminal: a line each; a `\` at its end continues it. Of lines that are pasted together, each that begins
/// a message is one, and the others continue it.
pub struct Prompt {
    editor: Editor<Completing, FileHistory>,
    history: PathBuf,
    typed: Typed,
}

impl Prompt {
    fn new(history: &Path, prefix: &str, completing: Completing) -> Result<Self> {
        let config = Config::builder()
            .history_ignore_space(true)
            .max_history_size(1_000)
            .context("setting up the line editor")?
            .completion_type(CompletionType::List)
            .build();
        let mut editor = Editor::with_history(config, FileHistory::new())
            .context("setting up the line editor")?;
        editor.set_helper(Some(completing));
        // What was typed before is a comfort; the talk goes on without it.
        if let Err(error) = private(history)
            .map_err(ReadlineError::from)
            .and_then(|()| editor.load_history(history))
        {
            tracing::warn!(path = %history.display(), %error, "the history can't be read");
        }
        Ok(Self {
            editor,
            history: history.to_owned(),
            typed: Typed::new(prefix),
        })
    }

    fn read(&mut self) -> Result<Read> {
        loop {
            match self.typed.next() {
                Some(message) if ["exit", "quit"].contains(&message.trim()) => {
                    return Ok(Read::End);
                }
                Some(message) => return Ok(Read::Message(message)),
                None => {}
            }
            let prompt = match self.typed.goes_on {
                true => NEXT,
                false => FIRST,
            };
            match self.editor.readline(prompt) {
                Ok(lines) => {
                    self.remember(&lines);
                    let is_nothing = lines.trim().is_empty() && self.typed.is_empty();
                    self.typed.add(&lines);
                    if is_nothing {
                        return Ok(Read::Nothing);
                    }
                }
                // Ctrl-C drops what was begun.
                Err(ReadlineError::Interrupted) => {
                    self.typed.drop_begun();
                    return Ok(Read::Nothing);
                }
                Err(ReadlineError::Eof) if self.typed.goes_on => self.typed.end(),
                Err(ReadlineError::Eof) => return Ok(Read::End),
                Err(error) => return Err(error).context("reading from the terminal"),
            }
        }
    }

    fn remember(&mut self, line: &str) {
        let added = self.editor.add_history_entry(line);
        if let Err(error) = added.and_then(|_| self.editor.append_history(&self.history)) {
            tracing::debug!(%error, "the history can't be kept");
        }
    }
}

/// What was typed or pasted, as messages.
struct Typed {
    prefix: String,
    whole: VecDeque<String>,
    begun: Option<String>,
    /// Whether the next line continues what was begun, whatever it is.
    goes_on: bool,
}

impl Typed {
    fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            whole: VecDeque::new(),
            begun: None,
            goes_on: false,
        }
    }

    /// Adds a line, or several that came together.
    fn add(&mut self, lines: &str) {
        for line in lines.split('\n') {
            let (text, goes_on) = match line.strip_suffix('\\') {
                Some(text) => (text, true),
                None => (line, false),
            };
            match &mut self.begun {
                Some(message) if self.goes_on || !begins(line, &self.prefix) => {
                    message.push('\n');
                    message.push_str(text);
                }
                begun => self.whole.extend(begun.replace(text.to_owned())),
            }
            self.goes_on = goes_on;
        }
        if !self.goes_on {
            self.end();
        }
    }

    /// Whether nothing was begun, and nothing waits.
    fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.begun.is_none()
    }

    /// What was begun is all that there is of it.
    fn end(&mut self) {
        self.whole.extend(self.begun.take());
        self.goes_on = false;
    }

    fn drop_begun(&mut self) {
        self.begun = None;
        self.goes_on = false;
    }

    /// The next message, if one is whole and says anything.
    fn next(&mut self) -> Option<String> {
        loop {
            let message = self.whole.pop_front()?;
            if !message.trim().is_empty() {
                return Some(message.trim_end().to_owned());
            }
        }
    }
}

/// Makes a file that only its owner can read, or makes it so.
fn private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(0o600);
        options.open(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of a pipe.
    fn messages(text: &str) -> Vec<String> {
        let mut pipe = Pipe::new(text.as_bytes(), "!");
        let mut messages = Vec::new();
        while let Read::Message(message) = pipe.read().expect("reads") {
            messages.push(message);
        }
        messages
    }

    /// The messages of what is typed, each piece by itself.
    fn typed(pieces: &[&str]) -> Vec<String> {
        let mut typed = Typed::new("!");
        for piece in pieces {
            typed.add(piece);
        }
        std::iter::from_fn(|| typed.next()).collect()
    }

    #[test]
    fn of_lines_that_are_pasted_each_that_begins_with_the_prefix_is_a_message() {
        let pasted = "!ask How long does a keg last? --tag beer\n!answer #1 Six weeks.\nOr so.\n\n![x](y)\n!search kegs\n👍 #1\n";
        assert_eq!(
            typed(&[pasted]),
            [
                "!ask How long does a keg last? --tag beer",
                "!answer #1 Six weeks.\nOr so.\n\n![x](y)",
                "!search kegs",
                "👍 #1"
            ]
        );
    }

    #[test]
    fn a_line_that_is_typed_is_a_message_and_a_backslash_goes_on() {
        assert_eq!(
            typed(&[
                "!ask How?",
                "",
                "talk",
                "!ask Why?\\",
                "!because\\",
                "of it",
                "!help"
            ]),
            ["!ask How?", "talk", "!ask Why?\n!because\nof it", "!help"]
        );
        // What is begun waits for its next line.
        assert_eq!(typed(&["!ask How?\\"]), [""; 0]);
    }

    #[test]
    fn lines_that_do_not_begin_with_the_prefix_continue_the_message() {
        assert_eq!(
            messages("\n!ask How?\nline\n\nline\r\n\n!search how\n!help"),
            ["!ask How?\nline\n\nline", "!search how", "!help"]
        );
    }

    #[test]
    fn a_reaction_is_a_message_and_a_picture_is_none() {
        assert_eq!(
            messages("!answer #1\n![x](y)\n! not\n👍 and so on\n👍 #1.1\n👍🏽 #1\nmore\n✅ #1.1\n"),
            [
                "!answer #1\n![x](y)\n! not\n👍 and so on",
                "👍 #1.1",
                "👍🏽 #1\nmore",
                "✅ #1.1"
            ]
        );
    }

    #[test]
    fn what_is_no_utf_8_is_read_all_the_same_and_nothing_is_the_end() {
        let mut pipe = Pipe::new(&b"a\xffb"[..], "!");
        assert_eq!(
            pipe.read().expect("reads"),
            Read::Message("a\u{fffd}b".to_owned())
        );
        assert_eq!(pipe.read().expect("reads"), Read::End);
        assert_eq!(messages("\n\n"), Vec::<String>::new());
    }
}
