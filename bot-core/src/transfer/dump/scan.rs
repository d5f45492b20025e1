//! Finds the rows in a stream of bytes, and what is wrong between and inside them.
//!
//! XML allows no `<` in an attribute: one that comes before a row ends says that the row is broken, and where to go on. What
//! is in a row is not looked at here.

use std::io::{BufRead, ErrorKind};

use memchr::{memchr, memchr2, memchr3};

/// How much is kept of a row that is too long, in bytes: enough to hold its `Id`.
const HEAD: usize = 4 << 10;
/// How much room for a row is kept for the next, in bytes.
const ROOM: usize = 1 << 20;
/// The mark that some programs begin UTF-8 with.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What was found next.
#[derive(Debug)]
pub(super) enum ScanItem {
    /// A row, whole.
    Row,
    /// A row of which only the head was kept.
    TooLong,
    /// A row in which something else begins.
    Broken,
    /// A row in which the file ends.
    CutOff,
    /// Something that is no row.
    Stray,
    /// The end of the file, too early.
    Unclosed,
    /// The file can't be read on.
    Failed(std::io::Error),
    /// The end.
    End,
}

/// How a tag ended.
enum Ended {
    Closed,
    Broken,
    CutOff,
}

/// Finds rows in a stream.
#[derive(Debug)]
pub(super) struct Scanner<S> {
    source: S,
    /// The longest tag that is kept.
    most: usize,
    /// What is between the tag's `<` and `>`, or the head of it.
    tag: Vec<u8>,
    too_long: bool,
    read: u64,
    began: u64,
    /// The name of the outermost element.
    table: Vec<u8>,
    /// Whether something was broken since the last row: what follows it is told of no more.
    lost: bool,
    done: bool,
}

impl<S: BufRead> Scanner<S> {
    pub(super) fn new(source: S, most: usize) -> Self {
        Self {
            source,
            most,
            tag: Vec::new(),
            too_long: false,
            read: 0,
            began: 0,
            table: Vec::new(),
            lost: false,
            done: false,
        }
    }

    /// Bytes read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// Where what was found last begins.
    pub(super) fn began(&self) -> u64 {
        self.began
    }

    /// The row that was found last: its name and attributes.
    pub(super) fn row(&self) -> &[u8] {
        &self.tag
    }

    /// Reads up to the outermost element and gives its name; none where the stream does not begin as XML does.
    pub(super) fn table(&mut self) -> std::io::Result<Option<String>> {
        while self
            .chunk()?
            .first()
            .is_some_and(|byte| MARK.contains(byte))
        {
            self.pass(1);
        }
        loop {
            self.skip_space()?;
            if self.chunk()?.first() != Some(&b'<') {
                return Ok(None);
            }
            let Ended::Closed = self.tag()? else {
                return Ok(None);
            };
            if !self.tag.starts_with(b"?") && !self.tag.starts_with(b"!") {
                self.table = name(&self.tag).to_owned();
                self.done = self.tag.ends_with(b"/");
                let table = String::from_utf8_lossy(&self.table).to_ascii_lowercase();
                return Ok(Some(table));
            }
        }
    }

    /// Finds what is next. After [`ScanItem::End`] there is nothing more.
    pub(super) fn next(&mut self) -> ScanItem {
        if self.done {
            return ScanItem::End;
        }
        let found = self.find().unwrap_or_else(ScanItem::Failed);
        self.done |= matches!(
            found,
            ScanItem::CutOff | ScanItem::Unclosed | ScanItem::Failed(_)
        );
        found
    }

    fn find(&mut self) -> std::io::Result<ScanItem> {
        loop {
            self.skip_space()?;
            self.began = self.read;
            let Some(&first) = self.chunk()?.first() else {
                return Ok(ScanItem::Unclosed);
            };
            if first == b'<' {
                let ended = self.tag()?;
                if let Some(found) = self.is_row(&ended) {
                    self.lost = matches!(found, ScanItem::Broken);
                    return Ok(found);
                }
                match ended {
                    Ended::CutOff => return Ok(ScanItem::Unclosed),
                    Ended::Closed if self.is_table_end() => {
                        self.done = true;
                        return Ok(ScanItem::End);
                    }
                    Ended::Closed if self.is_nothing() => continue,
                    Ended::Closed | Ended::Broken => {}
                }
            } else {
                self.skip_to(b'<')?;
            }
            if !self.lost {
                self.lost = true;
                return Ok(ScanItem::Stray);
            }
        }
    }

    /// What the tag that was read last is, if it is a row's.
    fn is_row(&self, ended: &Ended) -> Option<ScanItem> {
        (name(&self.tag) == b"row").then_some(match ended {
            Ended::Closed if self.too_long => ScanItem::TooLong,
            Ended::Closed => ScanItem::Row,
            Ended::Broken => ScanItem::Broken,
            Ended::CutOff => ScanItem::CutOff,
        })
    }

    /// Whether the tag that was read last ends the outermost element.
    fn is_table_end(&self) -> bool {
        let closes = self.tag.strip_prefix(b"/");
        closes.is_some_and(|name| name.trim_ascii_end() == self.table)
    }

    /// Whether the tag that was read last says nothing: a comment, or the end of a row that has one.
    fn is_nothing(&self) -> bool {
        self.tag.starts_with(b"!--") || self.tag == b"/row"
    }

    /// Reads a tag from its `<` on, past its `>`, or up to the `<` that breaks it.
    fn tag(&mut self) -> std::io::Result<Ended> {
        self.tag.clear();
        self.tag.shrink_to(ROOM);
        self.too_long = false;
        self.pass(1);
        let mut quote = None;
        loop {
            let chunk = fill(&mut self.source)?;
            if chunk.is_empty() {
                return Ok(Ended::CutOff);
            }
            if self.tag.starts_with(b"!--") {
                return self.comment();
            }
            // The name is read byte by byte, so that a comment is known as one.
            let rest = match self.tag.len() {
                0..3 => chunk.get(..1).unwrap_or_default(),
                _ => chunk,
            };
            let at = match quote {
                Some(quote) => memchr2(quote, b'<', rest),
                None => {
                    let at = memchr3(b'"', b'\'', b'>', rest);
                    let before = at.and_then(|at| rest.get(..at)).unwrap_or(rest);
                    memchr(b'<', before).or(at)
                }
            };
            let (taken, mark) = match at {
                Some(at) => (at, rest.get(at).copied()),
                None => (rest.len(), None),
            };
            let part = rest.get(..taken).unwrap_or_default();
            keep(&mut self.tag, part, self.most, &mut self.too_long);
            self.pass(taken);
            let Some(mark) = mark else {
                continue;
            };
            if mark == b'<' {
                return Ok(Ended::Broken);
            }
            self.pass(1);
            match quote {
                None if mark == b'>' => return Ok(Ended::Closed),
                None => quote = Some(mark),
                Some(_) => quote = None,
            }
            keep(&mut self.tag, &[mark], self.most, &mut self.too_long);
        }
    }

    /// Reads a comment past its end.
    fn comment(&mut self) -> std::io::Result<Ended> {
        // The dashes seen last: those that begin it end nothing.
        let mut dashes = 0;
        loop {
            let Some(&byte) = self.chunk()?.first() else {
                return Ok(Ended::CutOff);
            };
            self.pass(1);
            match byte {
                b'-' => dashes += 1,
                b'>' if dashes >= 2 => return Ok(Ended::Closed),
                _ => dashes = 0,
            }
        }
    }

    fn skip_space(&mut self) -> std::io::Result<()> {
        loop {
            let chunk = self.chunk()?;
            let spaces = chunk.iter().take_while(|byte| byte.is_ascii_whitespace());
            let (spaces, all) = (spaces.count(), chunk.len());
            self.pass(spaces);
            if spaces < all || all == 0 {
                return Ok(());
            }
        }
    }

    fn skip_to(&mut self, wanted: u8) -> std::io::Result<()> {
        loop {
            let chunk = self.chunk()?;
            let all = chunk.len();
            let at = memchr(wanted, chunk);
            self.pass(at.unwrap_or(all));
            if at.is_some() || all == 0 {
                return Ok(());
            }
        }
    }

    /// The bytes that come next; empty at the end.
    fn chunk(&mut self) -> std::io::Result<&[u8]> {
        fill(&mut self.source)
    }

    fn pass(&mut self, bytes: usize) {
        self.source.consume(bytes);
        self.read += bytes as u64;
    }
}

/// The bytes that come next; empty at the end.
fn fill(source: &mut impl BufRead) -> std::io::Result<&[u8]> {
    loop {
        match source.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // Asked again, as the borrow may not leave the loop; what is there is not read again.
    source.fill_buf()
}

/// Adds a part of a tag, unless the tag gets too long by it.
fn keep(tag: &mut Vec<u8>, part: &[u8], most: usize, too_long: &mut bool) {
    if !*too_long && tag.len() + part.len() > most {
        *too_long = true;
        tag.truncate(HEAD.min(most));
        tag.shrink_to_fit();
    }
    if !*too_long {
        tag.extend_from_slice(part);
    }
}

/// The name that a tag begins with.
fn name(tag: &[u8]) -> &[u8] {
    let end = tag
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    end.and_then(|end| tag.get(..end)).unwrap_or(tag)
}
