//! What a file looks like that holds nothing an import takes, by its first bytes.

use std::fmt;

use serde::de::IgnoredAny;

/// How many bytes are looked at.
const HEAD: usize = 4 << 10;

/// What formats begin with that are no text, and what they are called.
const SIGNATURES: [(&[u8], Looks); 10] = [
    (b"\x1F\x8B", Looks::Archive("gzip")),
    (b"PK\x03\x04", Looks::Archive("zip")),
    (b"7z\xBC\xAF\x27\x1C", Looks::Archive("7z")),
    (b"BZh", Looks::Archive("bzip2")),
    (b"\xFD7zXZ\x00", Looks::Archive("xz")),
    (b"\x28\xB5\x2F\xFD", Looks::Archive("zstd")),
    (b"Rar!\x1A\x07", Looks::Archive("rar")),
    (b"SQLite format 3\x00", Looks::Database),
    (b"\xFF\xFE", Looks::Utf16),
    (b"\xFE\xFF", Looks::Utf16),
];
/// What a statement of SQL begins with.
const STATEMENTS: [&str; 11] = [
    "alter", "begin", "copy", "create", "drop", "insert", "lock", "pragma", "select", "set", "use",
];

/// Something that people have instead of what an import takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Packed, in this format.
    Archive(&'static str),
    /// A database.
    Database,
    /// Text in an encoding of two bytes a sign.
    Utf16,
    /// Bytes that are no text.
    Bytes,
    /// One list of JSON.
    JsonArray,
    /// The messages of a chat as JSON.
    Chat,
    /// One thing of JSON on several lines.
    JsonDocument,
    /// Statements.
    Sql,
    /// A table as text.
    Csv,
    /// A web page.
    Html,
    /// XML.
    Xml,
    /// Markdown.
    Markdown,
    /// Any other text.
    Text,
}

/// What an import takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Lines of JSON.
    Lines,
    /// The folder of a dump.
    Dump,
}

impl Looks {
    /// What a file looks like that begins so; none where it begins with a whole line of JSON, or with nothing.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = head.get(..HEAD).unwrap_or(head);
        let known = SIGNATURES.iter().find(|(begin, _)| head.starts_with(begin));
        if let Some((_, looks)) = known {
            return Some(*looks);
        }
        if head.get(257..262) == Some(b"ustar".as_slice()) {
            return Some(Self::Archive("tar"));
        }
        if head.contains(&0) || !is_text(head) {
            return Some(Self::Bytes);
        }
        let text = String::from_utf8_lossy(head);
        Self::of_text(text.trim_start_matches('\u{FEFF}').trim_start())
    }

    fn of_text(text: &str) -> Option<Self> {
        let first = text.lines().next()?;
        let small = text.to_lowercase();
        Some(if text.starts_with('{') {
            if serde_json::from_str::<IgnoredAny>(first).is_ok() {
                return None;
            }
            if small.contains("\"messages\"") {
                Self::Chat
            } else if text.lines().nth(1).is_some() {
                Self::JsonDocument
            } else {
                return None;
            }
        } else if text.starts_with('[') {
            Self::JsonArray
        } else if small.starts_with("<!doctype html") || small.starts_with("<html") {
            Self::Html
        } else if text.starts_with('<') {
            Self::Xml
        } else if is_sql(&small) {
            Self::Sql
        } else if is_markdown(text) {
            Self::Markdown
        } else if is_table(text) {
            Self::Csv
        } else {
            Self::Text
        })
    }

    /// Whether no line of it can be one of JSON, so that it need not be read on.
    #[must_use]
    pub fn is_no_text(self) -> bool {
        match self {
            Self::Archive(_) | Self::Database | Self::Utf16 | Self::Bytes => true,
            Self::JsonArray
            | Self::Chat
            | Self::JsonDocument
            | Self::Sql
            | Self::Csv
            | Self::Html
            | Self::Xml
            | Self::Markdown
            | Self::Text => false,
        }
    }

    /// What to do with it.
    #[must_use]
    pub fn remedy(self, takes: Takes) -> &'static str {
        match (self, takes) {
            (Self::Archive(_), Takes::Lines) => "unpack it first",
            (Self::Archive(_), Takes::Dump) => "unpack it into a folder first, and name that",
            (Self::Xml, Takes::Dump) => "name the folder that it is in",
            (_, Takes::Dump) => "name that folder",
            (Self::Database, Takes::Lines) => {
                "if it is a backup of Stoa’s, `stoa restore` puts it back"
            }
            (Self::Utf16, Takes::Lines) => "write it as UTF-8 first",
            (Self::JsonArray, Takes::Lines) => {
                "put each of its elements on a line of its own, as `jq -c '.[]'` does"
            }
            (Self::JsonDocument, Takes::Lines) => {
                "put each question on a line of its own, as `jq -c` does"
            }
            (Self::Xml, Takes::Lines) => {
                "if it is a Stack Exchange dump, `stoa import stackexchange` takes its folder"
            }
            (
                Self::Bytes
                | Self::Chat
                | Self::Sql
                | Self::Csv
                | Self::Html
                | Self::Markdown
                | Self::Text,
                Takes::Lines,
            ) => "write each question that is in it as such a line",
        }
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Archive(format) => return write!(f, "an archive ({format})"),
            Self::Database => "a database",
            Self::Utf16 => "text in UTF-16",
            Self::Bytes => "bytes that are no UTF-8",
            Self::JsonArray => "one list of JSON",
            Self::Chat => "a chat’s messages",
            Self::JsonDocument => "one piece of JSON on several lines",
            Self::Sql => "SQL",
            Self::Csv => "a table (CSV)",
            Self::Html => "a web page",
            Self::Xml => "XML",
            Self::Markdown => "Markdown",
            Self::Text => "plain text",
        })
    }
}

impl fmt::Display for Takes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lines => {
                "lines of JSON are taken, each an object such as {\"id\": \"1\", \"title\": \"How …?\", \"answer\": \"…\"}"
            }
            Self::Dump => "the folder that a site’s dump was unpacked into is taken",
        })
    }
}

/// Whether the bytes are UTF-8, but for a sign that is cut at their end.
fn is_text(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

fn is_sql(small: &str) -> bool {
    let mut lines = small.lines().map(str::trim_start);
    let begins = lines.find(|line| !line.is_empty() && !line.starts_with("--"));
    let Some(line) = begins else {
        return small.starts_with("--");
    };
    let word: String = line.chars().take_while(char::is_ascii_lowercase).collect();
    let is_statement = STATEMENTS.contains(&word.as_str());
    line.starts_with("/*!") || is_statement && small.contains(';')
}

fn is_markdown(text: &str) -> bool {
    text.lines().any(|line| {
        ["# ", "## ", "### ", "- ", "* ", "```", "> "]
            .iter()
            .any(|mark| line.starts_with(mark))
    })
}

/// Whether its first two lines are parted in the same way.
fn is_table(text: &str) -> bool {
    let mut lines = text.lines();
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    [',', ';', '\t'].iter().any(|part| {
        let count = first.matches(*part).count();
        count > 0 && second.matches(*part).count() >= count
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_lines_of_json_is_known_by_its_beginning() {
        for (head, looks) in [
            (&b"\x1F\x8B\x08\x00"[..], Looks::Archive("gzip")),
            (b"PK\x03\x04rest", Looks::Archive("zip")),
            (b"7z\xBC\xAF\x27\x1C", Looks::Archive("7z")),
            (b"SQLite format 3\x00", Looks::Database),
            (b"\xFF\xFE{\x00", Looks::Utf16),
            (b"\x00\x01\x02", Looks::Bytes),
            (b"caf\xE9 au lait\n", Looks::Bytes),
            (b"[{\"id\": 1}]", Looks::JsonArray),
            (b"\n [\n{\"id\": 1}]", Looks::JsonArray),
            (b"{\"guild\": {\"id\": 1}, \"messages\": [\n{", Looks::Chat),
            (b"{\n  \"name\": \"x\",\n", Looks::JsonDocument),
            (b"-- a dump\nCREATE TABLE post (id);\n", Looks::Sql),
            (b"INSERT INTO post VALUES (1);", Looks::Sql),
            (b"id,title\n1,\"What, then?\"\n", Looks::Csv),
            (b"id\ttitle\n1\tx\n", Looks::Csv),
            (b"<!DOCTYPE html>\n<p>", Looks::Html),
            (b"\xEF\xBB\xBF<?xml version=\"1.0\"?><posts>", Looks::Xml),
            (b"# Questions\n\nHow?\n", Looks::Markdown),
            (b"Use this, or that.\nHow?\n", Looks::Text),
        ] {
            assert_eq!(
                Looks::of(head),
                Some(looks),
                "{}",
                String::from_utf8_lossy(head)
            );
        }
        for head in [&b""[..], b" \n", b"{\"id\": 1}\n{\"id\": 2}", b"{\"id\": "] {
            assert_eq!(Looks::of(head), None, "{}", String::from_utf8_lossy(head));
        }
        // A sign that the head cuts in two is no reason to take it for bytes.
        let long = "é".repeat(HEAD);
        let head = long.as_bytes().get(1..).expect("long enough");
        assert_eq!(Looks::of(head), Some(Looks::Bytes));
        assert_eq!(Looks::of(format!("x{long}").as_bytes()), Some(Looks::Text));
    }
}
