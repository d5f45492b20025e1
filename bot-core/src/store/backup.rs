//! A copy of the whole database in one file, made beside a running process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::db::{Connection, ErrorKind};
use super::fault::{During, Fault};
use super::part::PartialFile;
use crate::chance::{Rng, System};

/// Writes a consistent copy of the database to `to`, which appears whole or not at all. An existing file is replaced.
pub(super) fn copy(conn: &Connection, to: &Path) -> Result<(), Fault> {
    let unwritable = |source| Fault::Unwritable {
        path: to.to_owned(),
        source: Arc::new(source),
    };
    let part = PartialFile::make(to).map_err(unwritable)?;
    let name = part.path().to_string_lossy().into_owned();
    conn.execute("VACUUM INTO ?1", [name])
        .during("copying the database")
        .map_err(|fault| whose(fault, conn, to))?;
    // The copy goes its own way from here.
    let epoch = i64::try_from(System.next() % 1_000_000_000).unwrap_or(0);
    Connection::open(part.path())
        .and_then(|copy| copy.execute("UPDATE store SET epoch = ?1", [epoch]))
        .during("naming the copy")
        .map_err(|fault| fault.about(to))?;
    part.finish().map_err(unwritable)
}

/// Whether it was the database that can't be read, or the copy that can't be written.
fn whose(fault: Fault, conn: &Connection, to: &Path) -> Fault {
    let Fault::Sql { source, .. } = &fault else {
        return fault;
    };
    let is_read = matches!(source.kind(), ErrorKind::Damaged | ErrorKind::Unreadable);
    match (is_read, conn.path().map(PathBuf::from)) {
        (true, Some(from)) => fault.about(&from),
        _ => fault.about(to),
    }
}
