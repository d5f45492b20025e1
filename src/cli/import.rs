//! `stoa import`: what a community has elsewhere, brought into a forum.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bot_core::chance::{Clock as _, System};
use bot_core::engine::{self, Source, Step};
use bot_core::transfer::{Flow, Options, Progress, Report};
use indicatif::{ProgressBar, ProgressStyle};

use super::Context;
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

/// Import questions and answers
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
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
        What::StackExchange { dir, name, site } => (dir, name, site.as_deref(), false),
        What::Jsonl {
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
    let path = path.clone();
    let is_dump = matches!(args.what, What::StackExchange { .. });
    take(context, options, move |taking| {
        if is_dump {
            taking(Source::StackExchange(&path))
        } else {
            taking(lines(&path)?)
        }
    })
}

/// Imports a source, which `open` hands on, shows how far that is, and says what came of it.
pub(super) fn take(
    context: &Context,
    options: Options,
    open: impl FnOnce(&mut Taking<'_>) -> Result<Report> + Send + 'static,
) -> Result<()> {
    let dir = context.dir.clone();
    let taken = super::runtime()?.block_on(signals::guard(|stop| {
        tokio::task::spawn_blocking(move || {
            let mut shown = Shown::new();
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
            anyhow::Ok((report?, options))
        })
    }));
    let (report, options) = taken
        .context("listening for Ctrl-C")?
        .context("the import ended before it was done")??;
    say(&report, &options)
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
    let total = file.metadata().with_context(reading)?.len();
    Ok(Source::Lines {
        from: Box::new(BufReader::with_capacity(1 << 18, file)),
        total,
        name: path.display().to_string(),
    })
}

/// How far it is, on a terminal as a bar, elsewhere in lines.
enum Shown {
    Bar(ProgressBar),
    Lines { next: u64 },
}

impl Shown {
    fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines { next: STEP };
        }
        let bar = ProgressBar::new(0);
        bar.set_style(style("{bar:30} {bytes}/{total_bytes}, {msg}, {eta} left"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self::Bar(bar)
    }

    fn show(&mut self, step: Step) {
        match (self, step) {
            (Self::Bar(bar), Step::Taking(at)) => {
                bar.set_length(at.total);
                bar.set_position(at.read);
                bar.set_message(rate(at, bar.elapsed()));
            }
            (Self::Bar(bar), Step::Indexing(read)) => {
                if bar.length().is_some() {
                    bar.unset_length();
                    bar.set_style(style("{spinner} search index: {human_pos} questions read"));
                }
                bar.set_position(read);
            }
            (Self::Lines { next }, Step::Taking(at)) => {
                if at.posts >= *next {
                    // Progress that nobody can read is no reason to stop.
                    let _ = writeln!(io::stderr(), "{} posts, {}", at.posts, percent(at));
                    *next = at.posts - at.posts % STEP + STEP;
                }
            }
            (Self::Lines { .. }, Step::Indexing(_)) => {}
        }
    }

    fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is well formed")
}

fn rate(at: Progress, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs().max(1);
    format!("{} posts, {}/s", at.posts, at.posts / seconds)
}

fn percent(at: Progress) -> String {
    match (at.read * 100).checked_div(at.total) {
        Some(percent) => format!("{percent} % of what is to be read"),
        None => format!("{} bytes read", at.read),
    }
}

/// Says what came of it.
fn say(report: &Report, options: &Options) -> Result<()> {
    let mut out = io::stdout().lock();
    let taken = &report.taken;
    let source = &options.source;
    if report.posts() > 0 {
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
        bail!("stopped before the end; the same command goes on from here");
    }
    Ok(())
}

fn many(count: u64, one: &str) -> String {
    match count {
        1 => format!("one {one}"),
        many => format!("{many} {one}s"),
    }
}
