//! `stoa import`: what a community has elsewhere, brought into a forum.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bot_core::chance::{Clock as _, System};
use bot_core::engine::{self, ImportStep, Source};
use bot_core::transfer::{Cut, Flow, ImportProgress, Options, Report};
use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressStyle};

use super::Context;
use crate::log::draws;
use crate::signals;

const EXAMPLES: &str = "\
Examples:
  stoa import stackexchange beer.stackexchange.com/
  stoa import stackexchange beer/ --site https://beer.stackexchange.com
  stoa import stackexchange beer/ --forum brewing
  stoa import jsonl questions.jsonl
  stoa import jsonl - --source faq < questions.jsonl

`stoa run` and `stoa console` must be stopped first. Nothing is posted and
nobody is told: an old question gets a card when it is shown or answered.

An import can be broken off at any time and be begun again: what is there
already stays as it is, and nothing comes twice. A newer dump adds what is new.";

/// How many posts lie between two lines of progress where there is no terminal.
const STEP: u64 = 10_000;

/// After how long it is said how long an import still takes.
const TELLING: Duration = Duration::from_secs(2);

/// Import questions and answers
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: ImportCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ImportCommand {
    /// The dump of a Stack Exchange site, unpacked into a folder
    #[command(name = "stackexchange")]
    StackExchange {
        /// The folder with Posts.xml
        dir: PathBuf,
        #[command(flatten)]
        name: Name,
        /// The site that it comes from, so that posts lead to their originals
        #[arg(long, value_name = "URL")]
        site: Option<String>,
    },
    /// A file of lines of JSON: what `stoa export` wrote, or lines with id, title, body, tags and answer
    Jsonl {
        /// The file; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        name: Name,
        /// Take the file's accounts for the people of the chats themselves: they can edit and withdraw what is by them, their votes are theirs, and accounts
        /// that the file says are one person become one. Only for an export of your own. In a store that nobody has used yet that is so anyway
        #[arg(long)]
        trust_accounts: bool,
    },
}

/// What the import is called.
#[derive(Debug, clap::Args)]
struct Name {
    /// What the import is called; else as the folder or file. Under the same name, what came before is known again
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

/// Imports.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let (path, name, site, trust) = match &args.what {
        ImportCommand::StackExchange { dir, name, site } => (dir, name, site.as_deref(), false),
        ImportCommand::Jsonl {
            file,
            name,
            trust_accounts,
        } => (file, name, None, *trust_accounts),
    };
    let options = Options {
        forum: context.forum.clone(),
        source: source(path, name)?,
        site: address(site)?,
        trust,
        now: System.now(),
    };
    let telling = Telling {
        posts: None,
        stopped: match path == Path::new("-") {
            false => "stopped before the end; the same command goes on from here".to_owned(),
            true => "stopped before the end; the same input again goes on from here".to_owned(),
        },
    };
    let path = path.clone();
    let is_dump = matches!(args.what, ImportCommand::StackExchange { .. });
    take(context, options, telling, move |taking| {
        if is_dump {
            taking(Source::StackExchange(&path))
        } else {
            taking(lines(&path)?)
        }
    })
}

/// What is told of an import while it goes on, and when it is left.
pub(super) struct Telling {
    /// How many posts it has, where that is known before.
    pub posts: Option<u64>,
    /// What is said where it was stopped.
    pub stopped: String,
}

/// Imports a source, which `open` hands on, shows how far that is, and says what came of it.
pub(super) fn take(
    context: &Context,
    options: Options,
    telling: Telling,
    open: impl FnOnce(&mut Taking<'_>) -> Result<Report> + Send + 'static,
) -> Result<()> {
    let dir = context.dir.clone();
    let (report, options, stopped) = signals::blocking(move |stop| {
        let mut shown = Shown::new(telling.posts);
        let report = open(&mut |source| {
            let on = &mut |step| {
                shown.show(step);
                match stop.is_requested() {
                    true => Flow::Stop,
                    false => Flow::On,
                }
            };
            Ok(engine::import(&dir, source, &options, on)?)
        });
        shown.end();
        anyhow::Ok((report?, options, telling.stopped))
    })??;
    say(&report, &options, stopped)
}

/// What imports a source.
pub(super) type Taking<'t> = dyn FnMut(Source<'_>) -> Result<Report> + 't;

/// What the import is called: as it is said, else as its folder or file.
fn source(path: &Path, name: &Name) -> Result<String> {
    let named = match &name.source {
        Some(name) => Some(name.trim().to_owned()),
        None if path == Path::new("-") => None,
        None => {
            let path = std::path::absolute(path)?;
            let name = if path.is_dir() {
                path.file_name()
            } else {
                path.file_stem()
            };
            name.map(|name| name.to_string_lossy().into_owned())
        }
    };
    match named {
        Some(name) if !name.is_empty() => Ok(name),
        _ => bail!("this import needs a name by which it is known again: --source NAME"),
    }
}

fn address(site: Option<&str>) -> Result<Option<String>> {
    match site {
        Some(site) if !site.starts_with("https://") && !site.starts_with("http://") => {
            bail!("--site is to be the site’s whole address, such as https://{site}")
        }
        site => Ok(site.map(str::to_owned)),
    }
}

fn lines(path: &Path) -> Result<Source<'static>> {
    if path == Path::new("-") {
        return Ok(Source::Lines {
            from: Box::new(io::stdin().lock()),
            total: 0,
            name: "standard input".to_owned(),
        });
    }
    let reading = || format!("{} can’t be read", path.display());
    let file = File::open(path).with_context(reading)?;
    let metadata = file.metadata().with_context(reading)?;
    if metadata.is_dir() {
        bail!(
            "{} is a folder; name a file in it, or say `stoa import stackexchange` if it is a dump’s",
            path.display()
        );
    }
    // What comes through a pipe has no length.
    let total = metadata.len();
    Ok(Source::Lines {
        from: Box::new(BufReader::with_capacity(1 << 18, file)),
        total,
        name: path.display().to_string(),
    })
}

/// How far it is, on a terminal as a bar, elsewhere in lines.
enum Shown {
    Bar {
        bar: ProgressBar,
        /// How many posts there are, where that is known before.
        posts: Option<u64>,
    },
    Lines {
        next: u64,
    },
}

/// What can be said of how far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// So many bytes of so many.
    Bytes(u64, u64),
    /// So many posts of so many.
    Posts(u64, u64),
    /// So many bytes, of nobody knows how many.
    Open(u64),
}

impl Extent {
    fn of(at: ImportProgress, posts: Option<u64>) -> Self {
        match (at.total, posts) {
            (0, Some(posts)) => Self::Posts(at.posts.min(posts), posts),
            (0, None) => Self::Open(at.read),
            (total, _) => Self::Bytes(at.read.min(total), total),
        }
    }

    /// How long it goes on, as far as that can be told from what is done.
    fn left(self, elapsed: Duration) -> Option<Duration> {
        let (Self::Bytes(done, all) | Self::Posts(done, all)) = self else {
            return None;
        };
        if done == 0 || elapsed < TELLING {
            return None;
        }
        let left = elapsed.as_millis() * u128::from(all - done) / u128::from(done);
        let seconds = u64::try_from(left / 1_000)
            .ok()
            .filter(|seconds| *seconds > 0);
        seconds.map(Duration::from_secs)
    }

    /// How a bar shows it.
    fn template(self) -> &'static str {
        match self {
            Self::Bytes(..) => "{bar:30} {bytes}/{total_bytes}, {msg}",
            Self::Posts(..) => "{bar:30} {human_pos}/{human_len} posts, {msg}",
            Self::Open(_) => "{spinner} {bytes} read, {msg}",
        }
    }
}

impl Shown {
    fn new(posts: Option<u64>) -> Self {
        if !draws(&io::stderr()) {
            return Self::Lines { next: STEP };
        }
        let bar = ProgressBar::no_length();
        bar.set_style(style("{spinner} reading"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self::Bar { bar, posts }
    }

    fn show(&mut self, step: ImportStep) {
        match (self, step) {
            (Self::Bar { bar, posts }, ImportStep::Taking(at)) => {
                let extent = Extent::of(at, *posts);
                bar.set_style(style(extent.template()));
                match extent {
                    Extent::Bytes(done, all) | Extent::Posts(done, all) => {
                        bar.set_length(all);
                        bar.set_position(done);
                    }
                    Extent::Open(done) => bar.set_position(done),
                }
                bar.set_message(rate(at, extent, bar.elapsed()));
            }
            (Self::Bar { bar, .. }, ImportStep::Indexing(read)) => {
                bar.unset_length();
                bar.set_style(style("{spinner} search index: {human_pos} questions read"));
                bar.set_position(read);
            }
            (Self::Lines { next }, ImportStep::Taking(at)) => {
                if at.posts >= *next {
                    // Progress that nobody can read is no reason to stop.
                    let _ = writeln!(io::stderr(), "{} posts, {}", at.posts, percent(at));
                    *next = at.posts - at.posts % STEP + STEP;
                }
            }
            (Self::Lines { .. }, ImportStep::Indexing(_)) => {}
        }
    }

    fn end(&self) {
        if let Self::Bar { bar, .. } = self {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is well formed")
}

fn rate(at: ImportProgress, extent: Extent, elapsed: Duration) -> String {
    let a_second = at.posts / elapsed.as_secs().max(1);
    let rate = match extent {
        Extent::Bytes(..) | Extent::Open(_) => format!("{} posts, {a_second}/s", at.posts),
        Extent::Posts(..) => format!("{a_second}/s"),
    };
    match extent.left(elapsed) {
        Some(left) => format!("{rate}, {} left", HumanDuration(left)),
        None => rate,
    }
}

fn percent(at: ImportProgress) -> String {
    match (at.read * 100).checked_div(at.total) {
        Some(percent) => format!("{percent} % of what is to be read"),
        None => format!("{} read", HumanBytes(at.read)),
    }
}

/// Says what came of it. Fails where nothing did, and where there is more that is to come.
fn say(report: &Report, options: &Options, stopped: String) -> Result<()> {
    let mut out = io::stdout().lock();
    let taken = &report.taken;
    let source = &options.source;
    if report.is_useless() {
        // What was left out says why.
    } else if report.posts() > 0 {
        writeln!(
            out,
            "ok {} with {} and {} are in the forum {}, from {source}",
            super::questions(taken.questions),
            many(taken.answers, "answer"),
            many(taken.comments, "comment"),
            options.forum
        )?;
    } else if report.changed() {
        writeln!(out, "ok no new posts in {source}")?;
    } else {
        writeln!(out, "ok nothing new in {source}")?;
    }
    if taken.known > 0 {
        let stay = match taken.known {
            1 => "was there already and stays as it is",
            _ => "were there already and stay as they are",
        };
        writeln!(out, "{} {stay}", many(taken.known, "post"))?;
    }
    if taken.recounted > 0 {
        writeln!(out, "other votes now: {}", many(taken.recounted, "post"))?;
    }
    for (what, count) in [
        ("another accepted answer now", taken.accepted),
        ("closed or open again now", taken.closed),
        ("decided otherwise here, which stays", taken.decided),
    ] {
        if count > 0 {
            writeln!(out, "{what}: {}", many(count, "question"))?;
        }
    }
    for note in &report.notes {
        writeln!(out, "note: {note}")?;
    }
    for ((what, why), skips) in &report.skipped {
        let more = if skips.count > skips.examples.len() as u64 {
            ", …"
        } else {
            ""
        };
        writeln!(
            out,
            "skipped {what}, {}: {why} ({}{more})",
            skips.count,
            skips.examples.join(", ")
        )?;
    }
    if report.stopped {
        bail!(stopped);
    }
    match (&report.cut, report.is_useless()) {
        (Some(Cut { file, how }), true) => {
            bail!(
                "{file} was cut off: {how}, and nothing before that can be taken; get the whole file"
            )
        }
        (Some(Cut { file, how }), false) => bail!(
            "{file} was cut off: {how}; what came before is in the forum, and the same command goes on when the file is whole"
        ),
        (None, true) => bail!(
            "nothing in {source} can be taken; `stoa import --help` and docs/import.md say how it is to look"
        ),
        (None, false) if !report.is_indexed => bail!(
            "stopped before the search index was done; the next `stoa run`, `console` or `reindex` builds it"
        ),
        (None, false) => Ok(()),
    }
}

fn many(count: u64, one: &str) -> String {
    match count {
        1 => format!("one {one}"),
        many => format!("{many} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_an_import_is_is_said_of_what_is_known_only() {
        let at = |read, total, posts| ImportProgress { read, total, posts };
        assert_eq!(Extent::of(at(5, 10, 2), None), Extent::Bytes(5, 10));
        assert_eq!(Extent::of(at(5, 0, 2), Some(8)), Extent::Posts(2, 8));
        let open = Extent::of(at(5, 0, 2), None);
        assert_eq!(open, Extent::Open(5));
        let (soon, later) = (Duration::from_millis(10), Duration::from_secs(4));
        assert_eq!(open.left(later), None);
        assert_eq!(Extent::Bytes(0, 10).left(later), None);
        assert_eq!(Extent::Bytes(5, 10).left(soon), None);
        assert_eq!(
            Extent::Bytes(2, 10).left(later),
            Some(Duration::from_secs(16))
        );
        for false_word in ["{bar", "{eta", "{total", "{len"] {
            assert!(!open.template().contains(false_word), "{false_word}");
        }
        for extent in [open, Extent::Bytes(0, 1), Extent::Posts(0, 1)] {
            style(extent.template());
        }
    }
}
