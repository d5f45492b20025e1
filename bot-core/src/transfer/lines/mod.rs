//! JSON Lines: a forum as a file, a line a question. `docs/import.md` describes the format.

mod read;
mod seen;
mod strangers;
#[cfg(test)]
mod tests;
mod words;
mod write;

use std::io::BufRead;

pub use write::export;

use super::feed::{Feed, ItemPosition};
use super::report::{Cut, Report};
use super::{Fault, Flow, ImportProgress, Looks, Options, Takes};
use crate::store::Store;
use crate::store::record::Item;
use read::Wrong;
use seen::SeenQuestions;
use strangers::Strangers;

/// After how many lines progress is told.
const STEP: u64 = 100;
/// The longest line that is read, in bytes.
const LINE: u64 = 256 << 20;

/// What is said where accounts of a file are not those of people who are here.
const STRANGERS: &str = "The forum is in use, so the accounts in the file were taken as those of another site: nobody can act as them, \
    and their votes count without a name. If the file is an export of your own, --trust-accounts takes them as they are.";

/// Takes lines into the store; `total` is how many bytes they have, if that is known, and `name` what they are called. Where no line
/// can be taken, nothing is written.
pub fn lines(
    store: &Store,
    mut from: impl BufRead,
    total: u64,
    name: &str,
    options: &Options,
    progress: &mut dyn FnMut(ImportProgress) -> Flow,
) -> Result<Report, Fault> {
    let looks = looks(&mut from, name)?;
    if let Some(looks) = looks.filter(|looks| looks.is_no_text()) {
        return Err(other(name, looks));
    }
    let mut lines = Lines::new(from, name);
    let seen = SeenQuestions::new()?;
    let mut taking: Option<Taking<'_>> = None;
    let mut left_out = Report::default();
    while let Some(line) = lines.next()? {
        let says = match line.says {
            Ok(item) => seen.first(item)?,
            Err(why) => Err(why),
        };
        match says {
            Ok(Some(item)) => {
                let taking = match &mut taking {
                    Some(taking) => taking,
                    None => taking.insert(Taking::begin(store, options, &item)?),
                };
                taking.take(item, line.spot)?;
            }
            Ok(None) => {}
            Err(why) if why.is_cut && line.is_last => {
                left_out.cut = Some(Cut {
                    file: name.to_owned(),
                    how: format!("it ends in the middle of {}", line.spot.which),
                });
            }
            Err(why) => left_out.skip("lines", why.reason, || match why.detail {
                Some(detail) => format!("{}: {detail}", line.spot.which),
                None => line.spot.which,
            }),
        }
        if lines.count.is_multiple_of(STEP) {
            let at = progress_of(&lines, total, taking.as_ref());
            if progress(at) == Flow::Stop {
                left_out.stopped = true;
                break;
            }
        }
    }
    if lines.is_empty() && !left_out.stopped {
        return Err(Fault::Empty {
            name: name.to_owned(),
            takes: Takes::Lines,
        });
    }
    let report = match taking {
        Some(taking) => taking.end(left_out)?,
        None => match looks.filter(|_| left_out.cut.is_none() && !left_out.stopped) {
            Some(looks) => return Err(other(name, looks)),
            None => left_out,
        },
    };
    progress(ImportProgress {
        read: lines.read,
        total,
        posts: report.posts() + report.taken.known,
    });
    Ok(report)
}

/// What the lines look like, if not like lines of JSON.
fn looks(from: &mut impl BufRead, name: &str) -> Result<Option<Looks>, Fault> {
    match from.fill_buf() {
        Ok(head) => Ok(Looks::of(head)),
        Err(source) => Err(unreadable(name, source)),
    }
}

fn other(name: &str, looks: Looks) -> Fault {
    Fault::Other {
        name: name.to_owned(),
        looks,
        takes: Takes::Lines,
    }
}

fn unreadable(name: &str, source: std::io::Error) -> Fault {
    Fault::Read {
        name: name.to_owned(),
        source,
    }
}

fn progress_of<R>(lines: &Lines<'_, R>, total: u64, taking: Option<&Taking<'_>>) -> ImportProgress {
    ImportProgress {
        read: lines.read,
        total,
        posts: taking.map_or(0, Taking::posts),
    }
}

/// One line.
struct Line {
    spot: ItemPosition,
    says: Result<Option<Item>, Wrong>,
    /// Whether the file ends with it, without the end of a line.
    is_last: bool,
}

/// The lines of a file.
struct Lines<'n, R> {
    from: R,
    name: &'n str,
    line: Vec<u8>,
    /// How many were read.
    count: u64,
    /// How many bytes they had.
    read: u64,
    /// Whether all of them were blank.
    is_blank: bool,
}

impl<'n, R> Lines<'n, R> {
    fn new(from: R, name: &'n str) -> Self {
        Self {
            from,
            name,
            line: Vec::new(),
            count: 0,
            read: 0,
            is_blank: true,
        }
    }

    /// Whether nothing stands in them.
    fn is_empty(&self) -> bool {
        self.is_blank
    }
}

impl<R: BufRead> Lines<'_, R> {
    fn next(&mut self) -> Result<Option<Line>, Fault> {
        self.line.clear();
        let read = std::io::Read::take(&mut self.from, LINE).read_until(b'\n', &mut self.line);
        let read = read.map_err(|source| unreadable(self.name, source))? as u64;
        if read == 0 {
            return Ok(None);
        }
        self.count += 1;
        self.read += read;
        let ends = self.line.ends_with(b"\n");
        let is_too_long = !ends && read == LINE;
        let says = match is_too_long {
            true => Err(Wrong::new("they are too long")),
            false => read::item(&self.line),
        };
        self.is_blank &= says == Ok(None);
        if is_too_long {
            skip_line(&mut self.from).map_err(|source| unreadable(self.name, source))?;
        }
        Ok(Some(Line {
            spot: ItemPosition {
                what: "lines",
                which: format!("line {}", self.count),
            },
            says,
            is_last: !ends,
        }))
    }
}

/// An import that has begun: something was to be taken.
struct Taking<'s> {
    feed: Feed<'s>,
    strangers: Option<Strangers>,
}

impl<'s> Taking<'s> {
    /// Begins with the first item: an export's says whose it is.
    fn begin(store: &'s Store, options: &Options, first: &Item) -> Result<Self, Fault> {
        let head = match first {
            Item::Head(head) => Some(head.clone()),
            _ => None,
        };
        let feed = Feed::begin(store, options, head)?;
        let strangers = (!feed.is_trusted()).then(|| Strangers::new(feed.prefix()));
        Ok(Self { feed, strangers })
    }

    fn take(&mut self, item: Item, spot: ItemPosition) -> Result<(), Fault> {
        self.feed.report.is_export |= matches!(item, Item::Head(_));
        let item = match &mut self.strangers {
            Some(strangers) => strangers.item(item),
            None => Some(item),
        };
        match item {
            Some(item) => self.feed.push(item, spot),
            None => Ok(()),
        }
    }

    fn posts(&self) -> u64 {
        self.feed.report.posts() + self.feed.report.taken.known
    }

    /// All of it is on disk when this returns.
    fn end(self, left_out: Report) -> Result<Report, Fault> {
        let mut feed = self.feed;
        feed.report.stopped = left_out.stopped;
        feed.report.cut.clone_from(&left_out.cut);
        feed.finish()?;
        // Where all was there already, nobody's account was taken as anybody's.
        let met_some = self.strangers.is_some_and(|strangers| strangers.met_some());
        if met_some && feed.report.posts() > 0 {
            feed.report.notes.push(STRANGERS.to_owned());
        }
        feed.report.add_skipped(left_out);
        Ok(feed.report)
    }
}

/// Reads past the rest of a line that is too long.
fn skip_line(from: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let (length, found) = {
            let held = from.fill_buf()?;
            match held.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (held.len(), held.is_empty()),
            }
        };
        from.consume(length);
        if found {
            return Ok(());
        }
    }
}
