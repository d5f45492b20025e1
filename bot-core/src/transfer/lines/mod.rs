//! JSON Lines: a forum as a file, a line a question. `docs/import.md` describes the format.

mod read;
mod strangers;
#[cfg(test)]
mod tests;
mod write;

use std::io::{BufRead, Cursor};

pub use write::export;

use super::feed::{Feed, Spot};
use super::report::Report;
use super::{Fault, Flow, Options, Progress};
use crate::store::Store;
use strangers::Strangers;

/// After how many lines progress is told.
const STEP: u64 = 100;
/// The longest line that is read, in bytes.
const LINE: u64 = 256 << 20;

/// What is said where accounts of a file are not those of people who are here.
const STRANGERS: &str = "The forum is in use, so the accounts in the file were taken as those of another site: nobody can act as them, \
    and their votes count without a name. If the file is an export of your own, --trust-accounts takes them as they are.";

/// Takes lines into the store; `total` is how many bytes they have, if that is known, and `name` what they are called.
pub fn lines(
    store: &Store,
    mut from: impl BufRead,
    total: u64,
    name: &str,
    options: &Options,
    progress: &mut dyn FnMut(Progress) -> Flow,
) -> Result<Report, Fault> {
    let unreadable = |source| Fault::Read {
        name: name.to_owned(),
        source,
    };
    // The first line says whose export it is.
    let mut first = Vec::new();
    let read = std::io::Read::take(&mut from, LINE).read_until(b'\n', &mut first);
    read.map_err(unreadable)?;
    let mut feed = Feed::begin(store, options, read::head(&first))?;
    let mut from = std::io::Read::chain(Cursor::new(first), from);
    let mut strangers = (!feed.is_trusted()).then(|| Strangers::new(feed.prefix()));
    let mut at = Progress {
        total,
        ..Progress::default()
    };
    let mut line = Vec::new();
    let mut count = 0_u64;
    loop {
        line.clear();
        let read = std::io::Read::take(&mut from, LINE).read_until(b'\n', &mut line);
        let read = read.map_err(unreadable)?;
        if read == 0 {
            break;
        }
        count += 1;
        at.read += read as u64;
        let spot = Spot {
            what: "lines",
            which: format!("line {count}"),
        };
        let ends = line.ends_with(b"\n");
        match read::item(&line) {
            Ok(Some(item)) => {
                let item = match &mut strangers {
                    Some(strangers) => strangers.item(item),
                    None => Some(item),
                };
                if let Some(item) = item {
                    feed.push(item, spot)?;
                }
            }
            Ok(None) => {}
            Err(why) => feed.report.skip("lines", why.reason, || match why.detail {
                Some(detail) => format!("{}: {detail}", spot.which),
                None => spot.which,
            }),
        }
        if !ends && read as u64 == LINE {
            let _ = skip_line(&mut from);
        }
        if count.is_multiple_of(STEP) {
            at.posts = feed.report.posts() + feed.report.taken.known;
            if progress(at) == Flow::Stop {
                feed.report.stopped = true;
                break;
            }
        }
    }
    if strangers.is_some_and(|strangers| strangers.met_some()) {
        feed.report.notes.push(STRANGERS.to_owned());
    }
    feed.finish()?;
    at.posts = feed.report.posts() + feed.report.taken.known;
    progress(at);
    Ok(feed.report)
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
